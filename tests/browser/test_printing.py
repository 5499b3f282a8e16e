"""Printing from a real browser: what is pressed is not printed, every sheet says whose it is; copies are asked for."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pikepdf
import pytest

from tests.support.journeys import PASSWORD, Person
from tests.support.paper_text import pdf_text

pytestmark = [pytest.mark.timeout(200), pytest.mark.parametrize("script", ["script on"], indirect=True)]
PRESSED = "nav, button, .govuk-button, .govuk-skip-link, .govuk-back-link, header, footer"


def first(page: Any, part: str) -> str:
    found: str = page.locator(f"main a[href^='/{part}/']").first.get_attribute("href")
    return found


@pytest.mark.ux("print")
def test_main_pages_print_without_what_is_pressed(person: Callable[[str], Person]) -> None:
    priya = person("priya")
    page = priya.page
    record, case = first(page, "records"), first(page, "cases")
    for path in ("/", record, case, "/paper"):
        page.goto(priya.base + path)
        page.emulate_media(media="print")
        pressed = page.locator(PRESSED).evaluate_all("all => all.filter(one => one.checkVisibility()).length")
        assert pressed == 0, path
        head = page.locator(".trefoil-printed")
        assert head.is_visible() and "OFFICIAL-SENSITIVE" in head.inner_text()
        assert "Printed from the screen by Priya Penrose" in head.inner_text()
        after = "getComputedStyle(one, '::after').content"
        said = page.locator("main a[href]").evaluate_all(f"all => all.map(one => {after})")
        assert not [one for one in said if "/" in one or "http" in one], path
        page.emulate_media(media="screen")
        assert not head.is_visible()
    page.goto(priya.base + record)
    page.emulate_media(media="print")
    sheets = page.pdf(prefer_css_page_size=True)
    with pikepdf.open(BytesIO(sheets)) as found:
        # A browser sets letters down in pieces.
        assert "".join(pdf_text(sheets).split()).count("OFFICIAL-SENSITIVE") == len(found.pages) > 1


def test_a_copy_is_made_and_its_text_copied_by_one_press(person: Callable[[str], Person]) -> None:
    priya = person("priya")
    page = priya.page
    priya.open(first(page, "records"))
    priya.follow("Print or give a copy of the chronology")
    page.get_by_label("Our own file").check()
    page.get_by_role("button", name="Go on").click()
    priya.look()
    page.get_by_label("Plain text, to paste into another system").check()
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Make the copy").click()
    page.get_by_label("The text, for: Our own file").wait_for()
    priya.look()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy the text").click()
    page.get_by_text("Copied", exact=True).wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("Chronology") and "OFFICIAL-SENSITIVE" in copied
