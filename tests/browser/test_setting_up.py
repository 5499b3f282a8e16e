"""Business support change a form through the pages: a mistake is shown, the mended file compared, tried in a training
copy, and made live by a second person; new work shows it and work under way stays as it was begun.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.journeys import Person
from tests.support.servers import Server, running

ROOT = Path(__file__).resolve().parents[2]
FORM = "form_definitions/core/forms/referral.yaml"
CHILD = {"first_name": "Ashling", "last_name": "Pinned", "date_of_birth": ("1", "5", "2011")}
OLD, NEW = "What are you worried about?", "What worries you most?"


@pytest.fixture
def server(planted: Path, tmp_path: Path) -> Iterator[Server]:
    """The demonstration over definitions that nobody else edits meanwhile."""
    root = tmp_path / "workspace"
    for folder in ("form_definitions", "workflows"):
        shutil.copytree(ROOT / folder, root / folder)
    command = [sys.executable, "-m", "webapp.cli", "demo", "--port", "{port}", "--root", str(root)]
    data = {"TREFOIL_DATA": str(shutil.copytree(planted, tmp_path / "data"))}
    with running(command, ready="/sign-in", seconds=90, env=data, cwd=ROOT) as found:
        yield found


@pytest.fixture
def changed(tmp_path: Path) -> dict[str, Path]:
    """The referral as bella edited it: with a slip of the hand, and mended."""
    text = (ROOT / FORM).read_text(encoding="utf-8")
    assert text.count(f"label: {OLD}") == 1 and "      - {id: going_well," in text
    mended = text.replace(f"label: {OLD}", f"label: {NEW}").replace(
        "      - {id: going_well,",
        "      - {id: who_saw_it, type: text, label: Who saw the danger?, show_if: danger_now}\n"
        "      - {id: going_well,",
    )
    files = {}
    for name, content in (
        ("broken", mended.replace("show_if: danger_now}\n", "show_if: dangr_now}\n")),
        ("mended", mended),
    ):
        files[name] = tmp_path / name / "referral.yaml"
        files[name].parent.mkdir()
        files[name].write_text(content, encoding="utf-8")
    return files


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("script", [True, False], ids=["script on", "script off"])
def test_a_form_is_changed_by_two_people(
    server: Server, changed: dict[str, Path], visitor: Callable[..., Any], script: bool
) -> None:
    met: set[tuple[str, str]] = set()

    def person(name: str) -> Person:
        return Person(visitor(javascript=script), server.url, name, met, script=script)

    worker = person("priya")
    worker.begin("child_referral", "Young person", CHILD)
    worker.open_form("Referral")
    draft = worker.page.url

    bella = person("bella")
    bella.open("/definitions/")
    bella.press("Load changed files")
    bella.press("Load and check")
    bella.expect("Say in a few words what this change is for.", "Choose the files to load.")
    bella.page.get_by_label("What is this change for?").fill("Ask who saw the danger")
    bella.page.get_by_label("Files").set_input_files(changed["broken"])
    bella.press("Load and check")
    bella.expect("1 thing has to be put right", "Nothing here is called ‘dangr_now’", "show_if: dangr_now}")
    assert bella.page.locator("main").get_by_role("button", name="Propose this change").count() == 0

    bella.page.get_by_label("Files").set_input_files(changed["mended"])
    bella.press("Load and check")
    bella.expect(
        f"was ‘{OLD}’ and is now ‘{NEW}’",
        "Question ‘Who saw the danger?’ is added",
        "was reworded since it was translated",
    )
    bella.expect("pinned to the earlier version")
    change = bella.page.url
    if script:
        bella.press("Make a training copy")
        training_copy(bella)
        bella.open(change)
    bella.press("Propose this change")
    bella.expect("Waiting for a second person", "Rhian Vale")
    assert bella.page.locator("main").get_by_role("button", name="Make this live").count() == 0

    rhian = person("rhian")
    rhian.open("/definitions/")
    rhian.follow("Change 1")
    rhian.expect("Ask who saw the danger", f"was ‘{OLD}’ and is now ‘{NEW}’")
    rhian.press("Make this live")
    rhian.expect("Change 1 is live")

    worker.open(draft)
    worker.follow("What you are worried about")
    worker.expect(OLD)
    assert not worker.says(NEW)
    worker.begin("child_referral", "Young person", {**CHILD, "first_name": "Rowan", "last_name": "Newer"})
    worker.open_form("Referral")
    worker.follow("What you are worried about")
    worker.expect(NEW)
    assert worker.page.locator('[name="a.who_saw_it"]').count() == 1


def training_copy(bella: Person) -> None:
    """As an invented practitioner in the copy: every page says what it is, and the change is there."""
    bella.follow("Open the training copy")
    inside = bella.page.url
    assert "/training/" in inside
    bella.expect("Training.", "This copy tries change 1", "priya")
    bella.page.get_by_label("Name to sign in with").fill("priya")
    bella.page.get_by_label("Password", exact=True).fill("plum kettle orbit")
    bella.page.get_by_role("button", name="Sign in").click()
    bella.look()
    assert bella.page.url.startswith(inside.partition("sign-in")[0])
    real, bella.base = bella.base, inside.partition("/sign-in")[0]
    bella.begin("child_referral", "Young person", {**CHILD, "last_name": "Tried"})
    bella.open_form("Referral")
    bella.follow("What you are worried about")
    bella.expect("Training.", NEW)
    bella.answer_section({"what_worries": "A trial", "danger_now": "no"})
    bella.expect("Training.")
    assert "/training/" in bella.page.url
    bella.base = real
