"""The README's form and the finding it shows are what `trefoil check` really says."""

from __future__ import annotations

import re
from pathlib import Path

from engine.packs import inspect_texts

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
FORM = re.search(r"```yaml\n(.*?)```", README, re.DOTALL)
FILE = "form_definitions/core/forms/place_visit.yaml"


def texts() -> dict[str, str]:
    folders = (ROOT / "form_definitions" / "core", ROOT / "workflows" / "core")
    return {
        str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
        for folder in folders
        for path in sorted(folder.rglob("*.yaml"))
    }


def test_the_form_checks_clean_in_about_twenty_lines() -> None:
    assert FORM is not None
    report = inspect_texts({**texts(), FILE: FORM[1]})
    assert [one.message for one in report.diagnostics if one.place.file == FILE] == []
    assert len(FORM[1].splitlines()) <= 20


def test_the_finding_is_what_check_says_of_that_slip() -> None:
    assert FORM is not None
    broken = FORM[1].replace("show_if: young_people_there", "show_if: young_people_their")
    found = [one for one in inspect_texts({**texts(), FILE: broken}).diagnostics if one.place.file == FILE]
    assert len(found) == 1
    said = f"{found[0].place}: {found[0].severity} {found[0].code}: {found[0].message}"
    assert said in README, said
    assert (found[0].help or "") in README, found[0].help


def test_every_picture_and_page_it_names_is_there() -> None:
    linked = re.findall(r"\]\(((?!http)[^)#]+)\)", README)
    assert linked and [one for one in linked if not (ROOT / one).exists()] == []
