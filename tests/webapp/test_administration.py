"""People, the trail and the definitions: each for those whose job it is, and for nobody else there at all."""

from __future__ import annotations

import pytest

from tests.webapp.conftest import Place

NEW = "seven slow rivers"


@pytest.mark.parametrize("path", ["/people/", "/people/new", "/audit", "/definitions/"])
@pytest.mark.parametrize("person", ["alice", "mary"])
def test_not_there_for_others(place: Place, person: str, path: str) -> None:
    browser = place.browser(person)
    assert browser.get(path, status=404).h1 == "Page not found"
    assert path.strip("/").split("/")[0] not in " ".join(
        one.attributes.get("href", "") for one in browser.get("/").root.all("a")
    )


def test_adding_a_person_who_then_signs_in(place: Place) -> None:
    browser = place.browser("adam")
    page = browser.get(browser.get("/people/").link("Add a person"))
    page = browser.submit(page, name="", sign_in="two words", new_password="short", again="other")
    assert len(page.problems) == 4
    page = browser.submit(page, name="Nia Noon", sign_in="nia", roles=["worker"], new_password=NEW, again=NEW)
    assert page.h1 == "Nia Noon"
    found = place.browser()
    assert found.sign_in("nia", NEW).h1 == "My work"


def test_a_name_taken_is_said(place: Place) -> None:
    browser = place.browser("adam")
    page = browser.submit(
        browser.get("/people/new"), name="Alice Two", sign_in="alice", new_password=NEW, again=NEW
    )
    assert "already signs in" in page.problems[0]


def test_roles_count_from_the_next_page(place: Place) -> None:
    alice, adam = place.browser("alice"), place.browser("adam")
    person = place.ids["alice"]
    adam.submit(adam.get(f"/people/{person}"), action="/roles", roles=["auditor"])
    assert alice.get("/audit").h1 == "Audit"
    assert "Your role does not start cases" in alice.get("/start/").text


def test_closing_an_account_signs_out_at_once(place: Place) -> None:
    alice, adam = place.browser("alice"), place.browser("adam")
    person = place.ids["alice"]
    page = adam.submit(adam.get(f"/people/{person}"), action="/close")
    assert "This account is closed" in page.text
    assert alice.get("/").h1 == "Sign in"
    adam.submit(page, action="/reopen")
    assert place.browser("alice").get("/").h1 == "My work"


def test_a_new_password_signs_out_everywhere(place: Place) -> None:
    alice, adam = place.browser("alice"), place.browser("adam")
    adam.submit(adam.get(f"/people/{place.ids['alice']}"), action="/password", new_password=NEW, again=NEW)
    assert alice.get("/").h1 == "Sign in"
    assert place.browser().sign_in("alice", NEW).h1 == "My work"


def test_an_administrator_cannot_lock_everybody_out(place: Place) -> None:
    adam = place.browser("adam")
    page = adam.submit(adam.get(f"/people/{place.ids['adam']}"), action="/close")
    assert page.problems and "own account" in page.problems[0]
    page = adam.submit(adam.get(f"/people/{place.ids['adam']}"), action="/roles", roles=[])
    assert page.problems and "your own roles" in page.problems[0]


def test_teams(place: Place) -> None:
    adam = place.browser("adam")
    page = adam.submit(adam.get("/people/teams/new"), name="East team")
    assert "East team (0)" in page.text
    with place.desk() as desk:
        from engine.casework import people

        team = people.teams(desk)[0].id
    adam.submit(adam.get(f"/people/{place.ids['alice']}"), action="/teams", teams=[team])
    assert "East team (1)" in adam.get("/people/").text


def test_the_trail_tells_who_looked_and_holds_nothing_written(place: Place) -> None:
    record = place.child(first="Unmistakable", last="Canary")
    place.browser("mary").get(f"/records/{record}")
    audrey = place.browser("audrey")
    page = audrey.get(f"/audit?person={place.ids['mary']}")
    assert record in page.text and "Mary Moss" in page.text
    page = audrey.get(f"/audit?record={record}")
    assert "Alice Ames" in page.text and "Unmistakable" not in page.html and "Canary" not in page.html


def test_definitions_in_use(place: Place) -> None:
    page = place.browser("dora").get("/definitions/")
    for words in ("Little services", "1.0.0", "Worry", "No faults found"):
        assert words in page.text
