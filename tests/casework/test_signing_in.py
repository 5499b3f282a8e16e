"""Signing in: one answer for every refusal, in one time; tries counted in the database; sessions that really end."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from engine.casework import NotPermitted, auditing, passwords, people, signing_in, tables
from engine.casework.errors import CaseworkError, SignInRefused
from engine.casework.values import Session
from tests.support.casework import NOW, PASSWORD, Town

HOME = "127.0.0.1"


def sign_in(town: Town, name: str = "anna", password: str = PASSWORD, **settings: object) -> Session:
    sign_in = f"{name}@harbour.example"
    return signing_in.begin(
        town.store, town.authority, sign_in, password, address=HOME, now=town.now, **settings
    )  # type: ignore[arg-type]


def whose(town: Town, session: Session) -> str | None:
    found = signing_in.session(town.store, town.authority, str(session.token), now=town.now)
    return found.person if found else None


def test_the_right_password_begins_a_session(town: Town) -> None:
    session = sign_in(town)
    assert whose(town, session) == town.people["anna"]
    assert (session.authority, len(str(session.token))) == (town.authority, 43)


def test_capitals_and_spaces_in_the_name_make_no_difference(town: Town) -> None:
    found = signing_in.begin(
        town.store, town.authority, " Anna@Harbour.Example ", PASSWORD, address=HOME, now=NOW
    )
    assert found.person == town.people["anna"]


def test_every_refusal_says_the_same(town: Town) -> None:
    with town.desk("adam") as desk:
        people.deactivate(desk, town.people["ben"])
    said = set()
    for name, password in (
        ("anna", "wrong"),
        ("ben", PASSWORD),
        ("unknown", PASSWORD),
        ("", ""),
        ("anna\x00", "x"),
    ):
        with pytest.raises(SignInRefused) as raised:
            sign_in(town, name, password)
        said.add((str(raised.value), raised.value.wait))
    assert len(said) == 1


def test_an_unknown_name_takes_as_long_as_a_wrong_password(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []
    kept = passwords.HASHER

    class Counting:
        def verify(self, hash: str, password: str) -> bool:
            calls.append(hash.rsplit("$", 2)[0])
            return kept.verify(hash, password)

        def hash(self, password: str) -> str:
            return kept.hash(password)

    monkeypatch.setattr(passwords, "HASHER", Counting())
    for name in ("anna", "unknown"):
        with pytest.raises(SignInRefused):
            sign_in(town, name, "wrong")
    # The same work with the same settings, once each: what the time is made of.
    assert len(calls) == 2
    assert calls[0] == calls[1]


def apart(town: Town) -> float:
    """By how many seconds of processor time the median answers to a known and an unknown name differ, asked in turn.

    The wall's clock would tell what else the machine does.
    """
    taken: dict[str, list[float]] = {"anna": [], "unknown": []}
    for turn in range(12):
        for name in taken:
            begun = time.process_time()
            with pytest.raises(SignInRefused):
                signing_in.begin(
                    town.store,
                    town.authority,
                    f"{name}@harbour.example",
                    "wrong",
                    address=f"10.0.0.{turn}",
                    now=town.now,
                )
            taken[name].append(time.process_time() - begun)
            town.later(hours=2)
    return abs(statistics.median(taken["anna"]) - statistics.median(taken["unknown"]))


@pytest.fixture
def costly(town: Town, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    """Passwords cost enough for a clock to tell, as they do where people sign in, and no more."""
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=2, memory_cost=2**14, parallelism=1))
    passwords._nobodys.cache_clear()
    with town.desk() as desk:
        people.set_password(desk, town.people["anna"], PASSWORD)
    yield town
    passwords._nobodys.cache_clear()


def test_unknown_and_known_names_are_told_apart_by_no_clock(costly: Town) -> None:
    """Beside others even this stutters, so it is measured again; a real difference would be there each time."""
    found: list[float] = []
    while not found or (min(found) >= 0.005 and len(found) < 5):
        found.append(apart(costly))
    assert min(found) < 0.005, found


def test_a_clock_tells_names_apart_where_nobodys_costs_nothing(
    costly: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: without the work done in vain the same clock tells them apart."""
    real = passwords.right
    monkeypatch.setattr(passwords, "right", lambda password, kept: bool(kept) and real(password, kept))
    assert apart(costly) > 0.005


def test_tries_are_counted_and_waiting_grows(town: Town) -> None:
    for _ in range(5):
        with pytest.raises(SignInRefused):
            sign_in(town, password="wrong")
    with pytest.raises(SignInRefused) as raised:
        sign_in(town)
    assert 0 < raised.value.wait <= 31
    assert "Too many tries" in str(raised.value)
    town.later(seconds=31)
    with pytest.raises(SignInRefused):
        sign_in(town, password="wrong")
    with pytest.raises(SignInRefused) as again:
        sign_in(town)
    assert again.value.wait > 31
    town.later(minutes=15)
    sign_in(town)


def test_many_names_from_one_address_are_stopped(town: Town) -> None:
    for number in range(signing_in.FREE_TRIES["address"]):
        with pytest.raises(SignInRefused) as raised:
            sign_in(town, f"guess{number}", "wrong")
        assert not raised.value.wait
    with pytest.raises(SignInRefused) as raised:
        sign_in(town, "another", "wrong")
    assert raised.value.wait
    found = signing_in.begin(
        town.store, town.authority, "anna@harbour.example", PASSWORD, address="192.0.2.7", now=town.now
    )
    assert found.person == town.people["anna"]


def test_neither_names_nor_addresses_nor_tokens_are_kept(town: Town) -> None:
    session = sign_in(town)
    with pytest.raises(SignInRefused):
        sign_in(town, "guess", "wrong")
    with town.store.reading() as connection:
        kept = str(connection.execute(select(tables.throttle)).all()) + str(
            connection.execute(select(tables.session)).all()
        )
    assert not [one for one in ("guess", HOME, str(session.token), PASSWORD) if one in kept]


def test_signing_out_ends_the_session_in_every_copy_of_its_cookie(town: Town) -> None:
    session = sign_in(town)
    signing_in.end(town.store, town.authority, str(session.token), now=town.now)
    assert whose(town, session) is None
    signing_in.end(town.store, town.authority, str(session.token), now=town.now)


def test_signing_in_again_replaces_the_session_held_before(town: Town) -> None:
    first = sign_in(town)
    second = sign_in(town, replaces=str(first.token))
    assert whose(town, first) is None
    assert whose(town, second) == town.people["anna"]


def test_a_session_ends_when_idle_and_at_its_latest(town: Town) -> None:
    idle = sign_in(town)
    town.now += signing_in.IDLE + timedelta(seconds=1)
    assert whose(town, idle) is None
    busy = sign_in(town)
    for _ in range(13):
        town.later(minutes=55)
        assert whose(town, busy) == town.people["anna"]
    town.later(minutes=55)
    assert whose(town, busy) is None


def test_closing_the_account_ends_its_sessions(town: Town) -> None:
    session = sign_in(town)
    with town.desk("adam") as desk:
        people.deactivate(desk, town.people["anna"])
    assert whose(town, session) is None
    with town.desk("adam") as desk:
        people.reactivate(desk, town.people["anna"])
    assert whose(town, session) is None


def test_a_new_password_ends_sessions_and_the_old_one(town: Town) -> None:
    session = sign_in(town)
    with town.desk("anna") as desk:
        people.set_password(desk, town.people["anna"], "four other plain words")
    assert whose(town, session) is None
    with pytest.raises(SignInRefused):
        sign_in(town)
    sign_in(town, password="four other plain words")


def test_weak_passwords_are_refused(town: Town) -> None:
    for weak in ("short", "x" * 300, "anna@harbour.example"):
        with pytest.raises(CaseworkError), town.desk("anna") as desk:
            people.set_password(desk, town.people["anna"], weak)
    with pytest.raises(NotPermitted), town.desk("ben") as desk:
        people.set_password(desk, town.people["anna"], "somebody else chose this")


def test_confirming_asks_for_the_persons_own_password(town: Town) -> None:
    token = str(sign_in(town).token)
    assert signing_in.confirm(town.store, town.authority, token, PASSWORD, address=HOME, now=town.now)
    assert not signing_in.confirm(town.store, town.authority, token, "wrong", address=HOME, now=town.now)
    assert not signing_in.confirm(
        town.store, town.authority, "no session", PASSWORD, address=HOME, now=town.now
    )
    # Whoever guesses at a desk that was left alone leaves a line, as at the sign-in page.
    with town.desk("olga") as desk:
        events = auditing.of_person(desk, town.people["anna"])
    assert [one.action for one in events].count("sign_in.refused") == 1


def test_the_right_password_given_again_forgets_the_tries_counted(town: Town) -> None:
    """Whoever often does what asks for the password again is never made to wait, whoever guesses at it is."""
    token = str(sign_in(town).token)

    def confirms(password: str = PASSWORD) -> bool:
        return signing_in.confirm(town.store, town.authority, token, password, address=HOME, now=town.now)

    assert all(confirms() for _ in range(3 * signing_in.FREE_TRIES["name"]))
    for _ in range(signing_in.FREE_TRIES["name"] - 1):
        assert not confirms("wrong")
    assert confirms()
    assert [confirms("wrong") for _ in range(signing_in.FREE_TRIES["name"])] == [False] * 5
    assert not confirms(), "too many wrong ones: the right one has to wait"
    with pytest.raises(SignInRefused):
        sign_in(town)
    town.later(seconds=31)
    assert confirms() and sign_in(town).token


def test_what_is_over_is_tidied_away(town: Town) -> None:
    sign_in(town)
    town.later(days=2)
    signing_in.tidy(town.store, now=town.now)
    with town.store.reading() as connection:
        assert connection.execute(select(tables.session)).all() == []
        assert connection.execute(select(tables.throttle)).all() == []
