"""What the locks install works together: every library imports beside the others, with warnings as errors."""

from __future__ import annotations

import importlib
import importlib.metadata
import re
from pathlib import Path

import pytest
from packaging.markers import Marker

ROOT = Path(__file__).resolve().parents[2]
# Where the name to import is not the name to install.
IMPORTED_AS = {
    "argon2-cffi": "argon2",
    "google-re2": "re2",
    "markdown-it-py": "markdown_it",
    "python-docx": "docx",
    "govuk-bank-holidays": "govuk_bank_holidays",
    "pyyaml": "yaml",
    "ruamel-yaml": "ruamel.yaml",
    "z3-solver": "z3",
}


def asked_for() -> list[str]:
    text = (ROOT / "requirements" / "runtime.in").read_text(encoding="utf-8")
    names = re.findall(r"(?m)^([A-Za-z0-9][\w.-]*)", text)
    return sorted(re.sub(r"[-_.]+", "-", name).lower() for name in names)


@pytest.mark.parametrize("name", asked_for())
def test_a_library_imports(name: str) -> None:
    assert importlib.import_module(IMPORTED_AS.get(name, name.replace("-", "_")))


def test_what_is_installed_is_what_the_lock_pins() -> None:
    lock = (ROOT / "requirements" / "runtime.txt").read_text(encoding="utf-8")
    lines = re.findall(r"(?m)^([a-z0-9][\w.-]*)(?:\[[^\]]*\])?==([^\s;]+)(?: ; ([^\\\n]+))?", lock)
    # What another interpreter or system needs is in the lock, and not here.
    pinned = {name: version for name, version, only in lines if not only or Marker(only).evaluate()}
    assert len(pinned) > len(lines) / 2
    installed = {name: importlib.metadata.version(name) for name in pinned}
    assert installed == pinned


def test_the_embedded_database_is_encrypted_and_safe_with_many_writers() -> None:
    from sqlcipher3 import dbapi2

    # Before 3.51.3 a checkpoint could meet a reset of the write-ahead log and corrupt the file.
    assert dbapi2.sqlite_version_info >= (3, 51, 3)
    connection = dbapi2.connect(":memory:")
    assert connection.execute("PRAGMA cipher_version").fetchone()
    connection.close()


def test_definitions_are_read_by_the_fast_parser() -> None:
    import yaml

    assert yaml.__with_libyaml__
