"""People and papers are added to a form in a real browser, with script on and off; a grid's added row is followed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.support.journeys import Person

pytestmark = pytest.mark.timeout(300)

PAPER = {"name": "Letter from school.txt", "mimeType": "text/plain", "buffer": b"She left at noon."}
FORGED = {"name": "Letter.pdf", "mimeType": "application/pdf", "buffer": b"MZ this is a program"}


@pytest.mark.ux("script-off")
def test_a_person_and_a_paper_are_added_to_a_referral(person: Callable[[str], Person], script: str) -> None:
    first_name = "Linnet" if script == "script on" else "Siskin"
    worker = person("priya")
    worker.begin(
        "child_referral",
        "Young person",
        {"first_name": first_name, "last_name": "Testly", "date_of_birth": ("1", "5", "2011")},
    )
    worker.open_form("Referral")
    worker.follow("Who can tell us more")
    worker.press("Add: Person – People who know the young person well")
    page = worker.page
    page.get_by_label("Name").fill("Dana Sample")
    page.get_by_label("How to reach them").fill("Through the youth club")
    chooser = page.get_by_label("Add a file – Papers that came with this referral")
    chooser.set_input_files([FORGED])
    worker.press("Add – Papers that came with this referral")
    worker.expect("There is a problem", "not a kind of file that is taken here, or not what its name says")
    chooser.set_input_files([PAPER])
    worker.press("Add – Papers that came with this referral")
    worker.expect("Letter from school.txt")
    assert page.get_by_label("Name").input_value() == "Dana Sample"
    with page.expect_download() as started:
        page.get_by_role("link", name="Letter from school.txt").click()
    assert started.value.suggested_filename == "Letter from school.txt"
    assert started.value.path().read_bytes() == PAPER["buffer"]
    worker.press("Save and continue")
    worker.open(page.url)
    worker.expect("Dana Sample", "How to reach them: Through the youth club", "Letter from school.txt")
