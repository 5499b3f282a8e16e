"""Whoever takes the seat after somebody signed out, and presses Back, is shown nothing of theirs."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.browser import browsing
from tests.support.hostile_visit import Visit, served
from tests.webapp.conftest import Place, built, place

__all__ = ["built", "place"]
CANARY = "Zqcanaryxq"


def looked(place: Place, browser: Any, javascript: bool, app: Any) -> list[str]:
    """What Back shows, page after page, once Alice has signed out."""
    record = place.child(last=CANARY)
    found = []
    with served(app) as base, browsing(browser, javascript=javascript) as context:
        page = Visit(context, base).page
        for url in (f"/records/{record}", f"/records/{record}/notes", "/told"):
            page.goto(base + url)
        page.locator("form[action='/sign-out'] button").first.click()
        page.wait_for_url("**/sign-in*")
        for _ in range(4):
            page.go_back()
            found.append(page.inner_text("body"))
    return found


@pytest.mark.timeout(120)
@pytest.mark.parametrize("javascript", [True, False])
def test_back_shows_nothing_of_whoever_signed_out(place: Place, browser: Any, javascript: bool) -> None:
    found = looked(place, browser, javascript, place.app)
    assert len(found) == 4 and all("Sign in" in one for one in found)
    assert not [one for one in found if CANARY in one or "Alice Ames" in one]


def kept_by_browsers(app: Any) -> Any:
    """The same application, whose pages a browser may keep."""

    def answer(environ: Any, start: Any) -> Any:
        def begin(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            told = [one for one in headers if one[0] not in ("Cache-Control", "Clear-Site-Data", "Vary")]
            return start(status, [*told, ("Cache-Control", "max-age=600")], *more)

        return app(environ, begin)

    return answer


@pytest.mark.timeout(120)
def test_pages_that_browsers_keep_are_noticed(place: Place, browser: Any) -> None:
    """The control: where a page may be kept, Back shows it to whoever comes next."""
    found = looked(place, browser, True, kept_by_browsers(place.app))
    assert [one for one in found if CANARY in one]
