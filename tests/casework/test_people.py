"""People, teams and roles: only by those whose job it is, at once, and never so that nobody is left to do it."""

from __future__ import annotations

import pytest

from engine.casework import CaseworkError, NotFound, NotPermitted, Stale, authorities, people, signing_in
from tests.support.casework import PASSWORD, Town, founded


def test_only_the_administrator_manages_people(town: Town) -> None:
    for act in (
        lambda desk: people.add(desk, "X", "x@x.example", password=PASSWORD),
        lambda desk: people.set_roles(desk, town.people["ben"], ["manager"]),
        lambda desk: people.deactivate(desk, town.people["ben"]),
        lambda desk: people.all(desk),
        lambda desk: people.add_team(desk, "North"),
        lambda desk: people.edit(desk, town.people["ben"], name="B", revision=1),
    ):
        with pytest.raises(NotPermitted), town.desk("mia") as desk:
            act(desk)


def test_a_sign_in_name_is_one_persons_in_an_authority_and_free_in_another(town: Town) -> None:
    founded(town.store, "Faraway")
    with pytest.raises(CaseworkError, match="already"), town.desk("adam") as desk:
        people.add(desk, "Another", "ANNA@harbour.example", password=PASSWORD)
    with town.desk("adam") as desk:
        made = people.add(desk, "Another", "anna@faraway.example", password=PASSWORD)
    assert made.sign_in == "anna@faraway.example"


def test_pages_stand_at_a_host_name_and_no_two_at_one(town: Town) -> None:
    store, name = town.store, authorities.names(town.store)[town.authority]
    far = authorities.found(store, "Faraway", now=town.now, address="Faraway.Example")
    assert authorities.at_address(store, "faraway.example") == (far, "Faraway")
    assert authorities.at_address(store, "FARAWAY.example") == (far, "Faraway")
    for host in ("elsewhere.example", "127.0.0.1", "", "x" * 999, "faraway.example.org"):
        assert authorities.at_address(store, host) == (town.authority, name)
    with pytest.raises(CaseworkError, match="Faraway has the address"):
        authorities.found(store, "Third", now=town.now, address="faraway.example")
    for wrong in ("https://faraway.example", "faraway.example:8000", "far away", "", "-x.example", "x..y"):
        with pytest.raises(CaseworkError, match="host name"):
            authorities.found(store, "Third", now=town.now, address=wrong)
    authorities.set_address(store, town.authority, "harbour.example")
    assert authorities.at_address(store, "elsewhere.example") is None
    assert authorities.addresses(store) == {town.authority: "harbour.example", far: "faraway.example"}


def test_roles_must_be_defined(town: Town) -> None:
    with pytest.raises(CaseworkError, match="wizard"), town.desk("adam") as desk:
        people.set_roles(desk, town.people["ben"], ["wizard"])


def test_an_administrator_cannot_lock_everybody_out(town: Town) -> None:
    with pytest.raises(CaseworkError), town.desk("adam") as desk:
        people.set_roles(desk, town.people["adam"], [])
    with pytest.raises(CaseworkError), town.desk("adam") as desk:
        people.deactivate(desk, town.people["adam"])


def test_two_who_rename_a_person_are_shown_both(town: Town) -> None:
    with town.desk("adam") as desk:
        people.edit(desk, town.people["ben"], name="Benjamin", revision=1)
        with pytest.raises(Stale) as raised:
            people.edit(desk, town.people["ben"], name="Benedict", revision=1)
    assert raised.value.theirs == {"name": "Benjamin"}


def test_another_authoritys_people_do_not_exist(town: Town) -> None:
    other = founded(town.store, "Faraway")
    with town.desk("adam") as desk:
        assert {one.id for one in people.all(desk)} == set(town.people.values())
        with pytest.raises(NotFound):
            people.set_roles(desk, other.people["ben"], ["manager"])
        assert people.names(desk, [other.people["ben"], town.people["ben"]]) == {town.people["ben"]: "Ben"}


def test_colleagues_are_told_without_their_sign_in_names(town: Town) -> None:
    with town.desk("anna") as desk:
        found = people.colleagues(desk, "manager")
    assert [(one.name, one.sign_in) for one in found] == [("Mia", ""), ("Noor", "")]


def test_joining_and_leaving_a_team(town: Town) -> None:
    with town.desk("adam") as desk:
        team = people.add_team(desk, "North")
        people.add_to_team(desk, town.people["ben"], team.id)
        people.add_to_team(desk, town.people["ben"], team.id)
        assert people.teams(desk)[0].members == (town.people["ben"],)
    town.later(days=1)
    with town.desk("adam") as desk:
        people.take_from_team(desk, town.people["ben"], team.id)
    town.later(seconds=1)
    with town.desk("ben") as desk:
        assert desk.teams == frozenset()


def test_nobody_gives_themselves_roles_or_teams_however_the_id_is_written(town: Town) -> None:
    adam = town.people["adam"]
    with town.desk("adam") as desk:
        team = people.add_team(desk, "North")
    for mine in (adam, adam.replace("-", ""), adam.upper()):
        for act in (
            lambda desk, one=mine: people.set_roles(desk, one, ["administrator", "manager"]),
            lambda desk, one=mine: people.add_to_team(desk, one, team.id),
            lambda desk, one=mine: people.deactivate(desk, one),
        ):
            with pytest.raises(CaseworkError, match="your own"), town.desk("adam") as desk:
                act(desk)
    with town.desk("adam") as desk:
        assert (people.me(desk).roles, people.me(desk).teams, people.me(desk).active) == (
            ("administrator",), (), True,
        )  # fmt: skip
        people.set_roles(desk, town.people["ben"], ["administrator"])
    with town.desk("ben") as desk:
        people.set_roles(desk, adam, ["administrator", "manager"])
        people.add_to_team(desk, adam, team.id)
        assert people.get(desk, adam).roles == ("administrator", "manager")


def test_a_new_password_ends_every_session_however_the_id_is_written(town: Town) -> None:
    for written in (str.upper, lambda one: one.replace("-", "")):
        begun = signing_in.begin(
            town.store, town.authority, "ben@harbour.example", PASSWORD, address="here", now=town.now
        )
        with town.desk("adam") as desk:
            people.set_password(desk, written(town.people["ben"]), PASSWORD)
        assert signing_in.session(town.store, town.authority, str(begun.token), now=town.now) is None
