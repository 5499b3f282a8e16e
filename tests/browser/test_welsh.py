"""A practitioner works in Welsh: every page they meet says so, holds at 320 px, and nothing is lost by switching."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import axe, holds_at_320
from tests.support.journeys import PASSWORD
from tests.support.servers import Server

WORDS = "Dywedodd wrthyf ei bod yn ofni'r bont.\nShe said so twice."


def looked_at(page: Page, title: str) -> None:
    page.wait_for_load_state()
    assert page.locator("html").get_attribute("lang") == "cy", page.url
    assert title in page.title(), page.title()
    axe(page)
    holds_at_320(page)


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_a_practitioner_works_in_welsh(demo: Server, visitor: Callable[..., Any]) -> None:
    page = visitor()
    page.goto(f"{demo.url}/sign-in")
    page.get_by_role("button", name="Cymraeg").click()
    looked_at(page, "Mewngofnodi")
    page.get_by_label("Enw i fewngofnodi ag ef").fill("ravi")
    page.get_by_label("Cyfrinair", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Mewngofnodi").click()
    looked_at(page, "Fy ngwaith")
    page.get_by_role("link", name="Dechrau rhywbeth").click()
    looked_at(page, "Dechrau rhywbeth")
    page.goto(f"{demo.url}/records/new/child")
    page.locator("[name='a.first_name']").fill("Mali")
    page.locator("[name='a.last_name']").fill("Bont")
    page.locator("main button.govuk-button").first.click()
    looked_at(page, "Mali Bont")
    page.get_by_role("link", name="Ychwanegu nodyn").first.click()
    looked_at(page, "Ychwanegu nodyn")
    # What is typed goes along, into English and back.
    page.locator("textarea[name='text']").fill(WORDS)
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert page.locator("textarea[name='text']").input_value() == WORDS
    page.get_by_role("button", name="Cymraeg").click()
    expect(page.locator("html")).to_have_attribute("lang", "cy")
    assert page.locator("textarea[name='text']").input_value() == WORDS
    page.get_by_role("button", name="Cadw'r nodyn").click()
    looked_at(page, "Mali Bont")
    assert "She said so twice." in page.inner_text("main")
    # Whoever signs in as the same person next is spoken to as before.
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
