"""Signing in and out, and that a session ended is ended everywhere."""

from __future__ import annotations

import pytest

from tests.webapp.conftest import PASSWORD, Place
from webapp.security import safe_path


def test_signs_in_and_shows_my_work(place: Place) -> None:
    page = place.browser().sign_in("alice", PASSWORD)
    assert page.h1 == "My work"
    assert "Alice Ames" in page.text


@pytest.mark.parametrize("name", ["alice", "nobody"])
def test_wrong_password_and_unknown_name_read_the_same(place: Place, name: str) -> None:
    page = place.browser().sign_in(name, "not the password")
    assert page.problems == ["The name or the password is not right."]


def test_empty_fields_are_named(place: Place) -> None:
    page = place.browser().sign_in("", "")
    assert page.problems == ["Enter the name you sign in with", "Enter your password"]


def test_cookie_replayed_after_signing_out_is_worth_nothing(place: Place) -> None:
    browser = place.browser("alice")
    cookie = browser.client.get_cookie("trefoil")
    assert cookie is not None
    browser.post("/sign-out", {"csrf_token": token(browser)})
    thief = place.browser()
    thief.client.set_cookie("trefoil", cookie.value)
    assert thief.get("/").h1 == "Sign in"


def token(browser: object) -> str:
    page = browser.get("/")  # type: ignore[attr-defined]
    return page.root.all("input", name="csrf_token")[0].attributes["value"]


def test_signing_in_gives_a_new_cookie_and_a_new_csrf_token(place: Place) -> None:
    browser = place.browser()
    page = browser.get("/sign-in")
    before = browser.client.get_cookie("trefoil")
    old = page.fields()["csrf_token"]
    browser.submit(page, sign_in="alice", password=PASSWORD)
    after = browser.client.get_cookie("trefoil")
    assert before is not None and after is not None and before.value != after.value
    assert token(browser) != old[0]


def test_cookie_is_for_this_host_alone(place: Place) -> None:
    reply = place.app.test_client().get("/sign-in")
    cookie = reply.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Domain" not in cookie


def test_signing_out_without_the_token_is_refused(place: Place) -> None:
    browser = place.browser("alice")
    assert browser.post("/sign-out", {"next": "/"}, status=400).h1 == "That page was too old"
    assert browser.get("/").h1 == "My work"


@pytest.mark.parametrize(
    "address",
    [
        "//evil.test",
        "https://evil.test/",
        "/\\evil.test",
        "\\\\evil.test",
        "javascript:alert(1)",
        "/a\nb",
        "",
        None,
    ],
)
def test_never_redirects_elsewhere(address: str | None) -> None:
    assert safe_path(address) is None


def test_goes_on_to_the_page_that_was_wanted(place: Place) -> None:
    browser = place.browser()
    page = browser.get("/search?q=x")
    assert page.h1 == "Sign in"
    assert browser.submit(page, sign_in="alice", password=PASSWORD).h1 == "Search: x"


def test_everything_but_signing_in_asks_who_it_is(place: Place) -> None:
    for endpoint, shows in place.app.extensions["trefoil_declared"].items():
        if shows.kind == "public":
            assert endpoint in {
                "sign_in.sign_in", "sign_in.sign_out", "sign_in.health", "session.look", "session.again",
                "accessibility.statement",
            }  # fmt: skip
