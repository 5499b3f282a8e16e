"""From what people are told to letters: to whom, when, how many in one, and with nothing in them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from engine.calendars import calendar
from engine.casework import (
    CaseworkError,
    NotFound,
    cases,
    deadlines,
    keeping,
    outbox,
    posting,
    restricting,
    submissions,
    tasks,
    told,
)
from engine.language.written import calendar_of
from tests.support.casework import Town


def wishes(town: Town, who: str, letters: str = posting.ONCE) -> None:
    with town.desk(who) as desk:
        posting.choose(desk, email=f"{who}@harbour.example", letters=letters)


def posted(town: Town) -> list[tuple[str, int]]:
    """Who is written to now, and about how many things."""
    with town.desk() as desk:
        posting.post(desk)
    names = {one: name for name, one in town.people.items()}
    found = [
        (names[str(letter.body["person"])], len(letter.body["notices"]))
        for letter in outbox.pending(town.store, now=town.now)
    ]
    outbox.deliver(town.store, lambda letter: None, now=town.now)
    return sorted(found)


def kinds(town: Town, who: str) -> list[str]:
    with town.desk(who) as desk:
        return [one.kind for one in told.newest(desk)]


def shared_draft(town: Town) -> tuple[str, str]:
    """A draft in a case that anna and mia both write in."""
    child = town.child()
    case = town.case(child.id)
    return case.id, town.draft(child.id, case.id).id


def write(town: Town, who: str, draft: str, worry: str) -> None:
    with town.desk(who) as desk:
        submissions.save(desk, draft, {"worry": worry}, revision=submissions.get(desk, draft).revision)


def test_an_hour_of_edits_is_one_letter(town: Town) -> None:
    wishes(town, "anna")
    _, draft = shared_draft(town)
    write(town, "anna", draft, "One")
    write(town, "mia", draft, "Two")
    assert posted(town) == []
    town.later(minutes=40)
    write(town, "anna", draft, "Three")
    write(town, "mia", draft, "Four")
    assert posted(town) == []
    town.later(minutes=20)
    found = posted(town)
    assert len(found) == 1 and found[0][0] == "anna"
    town.later(hours=5)
    assert posted(town) == []


def test_what_is_read_on_the_page_needs_no_letter(town: Town) -> None:
    wishes(town, "anna")
    _, draft = shared_draft(town)
    write(town, "anna", draft, "One")
    write(town, "mia", draft, "Two")
    with town.desk("anna") as desk:
        told.read_until(desk, town.now)
    town.later(hours=2)
    assert posted(town) == []


def given_case(town: Town, who: str = "anna") -> str:
    child, case = town.checked(who)
    with town.desk("mia") as desk:
        cases.assign(desk, case.id, person=town.people[who], role="practitioner")
    return child.id


def test_at_once_daily_or_never(town: Town) -> None:
    wishes(town, "anna")
    wishes(town, "ben", posting.DAILY)
    wishes(town, "cara", posting.NONE)
    for who in ("anna", "ben", "cara"):
        given_case(town, who)
    given_case(town, "ben")
    assert posted(town) == [("anna", 1)]
    # Seven in the morning where the authority is, not before.
    town.now = datetime(2026, 1, 6, 6, 59, tzinfo=UTC)
    assert posted(town) == []
    town.later(minutes=1)
    assert posted(town) == [("ben", 2)]


def test_a_change_of_mind_moves_what_waits(town: Town) -> None:
    wishes(town, "ben", posting.DAILY)
    given_case(town, "ben")
    assert posted(town) == []
    wishes(town, "ben", posting.ONCE)
    assert posted(town) == [("ben", 1)]


def test_nobody_is_told_of_what_they_did_themselves(town: Town) -> None:
    wishes(town, "mia")
    child, case = town.checked()
    with town.desk("mia") as desk:
        cases.assign(desk, case.id, person=town.people["mia"], role="manager")
        tasks.add(desk, child.id, "Ring the school")
    assert not {"assigned", "task"} & set(kinds(town, "mia"))


def test_a_task_given_is_told_and_one_for_a_role_to_all_who_may_see(town: Town) -> None:
    child, _ = town.checked()
    with town.desk("mia") as desk:
        tasks.add(desk, child.id, "Ring the school", person=town.people["anna"])
        tasks.add(desk, child.id, "Ring the clinic", role="practitioner")
    assert kinds(town, "anna") == ["task", "task"] and kinds(town, "ben") == []


def test_who_may_see_it_no_longer_is_not_written_to(town: Town) -> None:
    wishes(town, "anna")
    child = given_case(town)
    with town.desk("mia") as desk:
        restricting.restrict(
            desk,
            child,
            reason="An adoption that nobody else may know of",
            review_on=date(2026, 7, 1),
            only=[town.people["mia"]],
        )
    assert posted(town) == []


def test_a_date_is_told_two_working_days_before_and_once_it_has_passed(town: Town) -> None:
    _, case = town.checked()
    with town.desk("anna") as desk:
        days = [one.due for one in deadlines.of_case(desk, case.id) if one.met_at is None]
        nation = calendar(calendar_of(desk.stack.manifest))
    while town.now.date() <= min(days):
        for _ in range(2):
            with town.desk() as desk:
                deadlines.settle_due(desk)
        near = sum(1 for one in days if one <= nation.add_working_days(town.now.date(), 2))
        assert kinds(town, "anna").count("near") == near, town.now
        assert "passed" not in kinds(town, "anna")
        town.later(days=1)
    for _ in range(2):
        with town.desk() as desk:
            deadlines.settle_due(desk)
    assert kinds(town, "anna").count("passed") == days.count(min(days))


def test_a_letter_about_what_is_destroyed_is_not_sent(town: Town) -> None:
    wishes(town, "anna")
    child = given_case(town)
    with town.desk() as desk:
        posting.post(desk)
    with town.desk("kit") as desk:
        keeping.destroy(desk, child, "Its time is up", early=True)
    assert outbox.pending(town.store, now=town.now) == []


def test_letters_that_failed_are_for_who_manages_people(town: Town) -> None:
    wishes(town, "anna")
    given_case(town)

    def down(_letter: Any) -> None:
        raise outbox.Unreachable()

    with town.desk() as desk:
        posting.post(desk)
    outbox.deliver(town.store, down, now=town.now)
    with town.desk("anna") as desk, pytest.raises(CaseworkError):
        outbox.stuck(desk)
    with town.desk("adam") as desk:
        (letter,) = outbox.stuck(desk)
        assert (letter.person, letter.tries, letter.trouble) == (town.people["anna"], 1, "Unreachable")
        outbox.let_go(desk, letter.id)
        assert outbox.stuck(desk) == []
        with pytest.raises(NotFound):
            outbox.try_again(desk, letter.id)


ADDRESSES = (
    "",
    "a",
    "a@b",
    "a b@c.example",
    "á@c.example",
    "a@c.example,b@c.example",
    "a@c.example\r\nBcc: b@c.example",
)


@pytest.mark.parametrize("email", ADDRESSES)
def test_what_cannot_be_written_to_is_refused(town: Town, email: str) -> None:
    with town.desk("anna") as desk, pytest.raises(CaseworkError):
        posting.choose(desk, email=email, letters="once")
