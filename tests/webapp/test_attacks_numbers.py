"""What a hostile browser puts where a page carries a number: never more than a plain answer."""

from __future__ import annotations

import pytest

from tests.webapp.conftest import Place

FORGED = ["²", "٣", "9" * 30, "9" * 5000, "-1", "1e3", "0x1", " 1", "\x00", ""]


def token(browser: object) -> str:
    page = browser.get("/")  # type: ignore[attr-defined]
    found: str = page.root.all("input", name="csrf_token")[0].attributes["value"]
    return found


@pytest.mark.parametrize("revision", FORGED, ids=ascii)
def test_a_forged_revision_is_no_failure(place: Place, revision: str) -> None:
    record, case, draft = place.started()
    alice, adam = place.browser("alice"), place.browser("adam")
    with alice.client:
        urls = [
            f"/records/{record}/edit",
            f"/cases/{case}/do/withdraw",
            f"/forms/{draft}/what",
            f"/forms/{draft}/submit",
            f"/forms/{draft}/choose/{draft}",
        ]
        for url in urls:
            data = {
                "csrf_token": token(alice),
                "revision": revision,
                "reason": "No longer",
                "a.first_name": "C",
            }
            assert alice.post(url, data, status=None).status < 500, url
    named = f"/people/{place.ids['bob']}/name"
    page = adam.post(named, {"csrf_token": token(adam), "revision": revision, "name": "Robert"}, status=None)
    assert page.status < 500


@pytest.mark.parametrize("revision", [one for one in FORGED if len(one) < 100], ids=ascii)
def test_a_forged_revision_to_read_is_no_failure(place: Place, revision: str) -> None:
    _, _, draft = place.started()
    page = place.browser("alice").client.get(f"/forms/{draft}/read", query_string={"revision": revision})
    assert page.status_code in (200, 404)


@pytest.mark.parametrize(
    "words", ["a " * 1900, " ".join(map(str, range(900))), "% _ \\ ' \" ; --", "\x00 \ud800", "x" * 4000]
)
def test_a_hostile_search_is_no_failure_and_finds_nothing(place: Place, words: str) -> None:
    place.child()
    alice = place.browser("alice").client
    for url in ("/search", "/start/worries", "/start/"):
        reply = alice.get(url, query_string={"q": words.encode("utf-8", "replace")})
        assert reply.status_code == 200, url
        assert url != "/search" or "a a" in words or "Cara Cole" not in reply.get_data(as_text=True)
