"""docs/ux-checks.md lists what is marked as proof, every row has some, and no mark names a row that is not there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from tools import ux_checks
from tools.ux_checks import PAGE, ROOT, marked, page, passed, rows
from webapp.views.accessibility import TESTED, WITH

ROW = [{"id": "calm", "expects": "Calm.", "proof": "Looked at."}]


def test_every_row_has_a_test_and_every_mark_a_row() -> None:
    ids = [row["id"] for row in rows()]
    assert len(ids) == len(set(ids))
    assert set(marked()) == set(ids), set(marked()) ^ set(ids)


def test_the_statement_on_accessibility_tells_of_just_these_rows() -> None:
    assert set(TESTED) == {row["id"] for row in rows()}
    named = re.match(r"/\*! axe v([0-9.]+)", Axe().axe_script)
    assert named is not None and f"axe-core {named[1]}," in WITH


def test_the_page_lists_the_marked_tests_and_no_others() -> None:
    marks = marked()
    everything = {test for tests in marks.values() for test in tests}
    assert (ROOT / PAGE).read_text(encoding="utf-8") == page(rows(), marks, everything), (
        "run the whole of the tests, or python -m tools.ux_checks with what a run noted"
    )


def test_what_was_skipped_in_one_way_counts_and_what_failed_in_one_does_not() -> None:
    lines = ["passed\ta", "skipped\ta", "passed\tb", "failed\tb", "skipped\tc"]
    assert passed(lines) == {"a"}


def test_a_row_that_nothing_shows_and_one_that_failed_are_said_plainly() -> None:
    assert "**Nothing shows this yet.**" in page(ROW, {}, set())
    said = page(ROW, {"calm": ["a", "b"]}, {"a"})
    assert "1 test passed." in said and "- `a`" in said and "`b`" not in said
    assert "**1 more did not pass" in said


def test_a_run_notes_how_its_marked_tests_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This very file is run again with one test of it, and what it notes is read."""
    (tmp_path / "test_one.py").write_text(
        "import pytest\n\n"
        "@pytest.mark.ux('calm')\n@pytest.mark.parametrize('one', [1, 2])\n"
        "def test_counts(one):\n    assert one == 1\n\ndef test_unmarked():\n    pass\n"
    )
    (tmp_path / "conftest.py").write_text("from tests.conftest import pytest_runtest_makereport\n")
    monkeypatch.setenv("TREFOIL_UX_RESULTS", str(tmp_path / "shown"))
    command = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", str(ROOT / "pyproject.toml"),
               "--rootdir", str(tmp_path), str(tmp_path / "test_one.py"))  # fmt: skip
    subprocess.run(command, cwd=ROOT, check=False, timeout=60, stdout=subprocess.DEVNULL)
    lines = (tmp_path / "shown").read_text().splitlines()
    assert lines == ["passed\ttest_one.py::test_counts", "failed\ttest_one.py::test_counts"]


def test_the_command_writes_the_page(tmp_path: Path) -> None:
    for folder in ("docs", "tests/spec"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / ux_checks.ROWS).write_text("rows:\n  - {id: calm, expects: Calm., proof: Looked at.}\n")
    mark = "@pytest.mark." + "ux('calm')"
    (tmp_path / "tests/test_one.py").write_text(f"import pytest\n\n{mark}\ndef test_it() -> None: ...\n")
    (tmp_path / "shown").write_text("passed\ttests/test_one.py::test_it\n")
    assert ux_checks.main([str(tmp_path / "shown")], tmp_path) == 0
    assert "`tests/test_one.py::test_it`" in (tmp_path / PAGE).read_text()
    assert ux_checks.main([], tmp_path) == 2
