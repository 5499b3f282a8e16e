"""However long a list is, the database is asked the same number of times."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from engine import packs
from engine.casework import Desk, cases, deadlines, links, records, stacks, submissions, tasks
from tests.support.casework import Town, harbour
from tests.support.sent import sent_by


def more(town: Town, count: int) -> None:
    for number in range(count):
        child = town.child(last_name=f"Number {number}")
        town.case(child.id)
        town.submitted(child.id, town.case(child.id).id, "referral", {"worry": "At the park"})


def on_one(town: Town, count: int, record: str) -> None:
    for number in range(count):
        case = town.case(record)
        town.draft(record, case.id)
        group = town.group(area=f"Area {number}")
        with town.desk("anna") as desk:
            links.add(desk, record, group.id, purpose="Often there")


def mine(desk: Desk, record: str) -> list[Any]:
    return cases.open_cases(desk, mine=True)


def theirs(desk: Desk, record: str) -> list[Any]:
    return [*cases.open_cases(desk), *deadlines.due_dates(desk, cases.open_cases(desk))]


def asked(desk: Desk, record: str) -> list[Any]:
    return [*tasks.mine(desk), *tasks.notifications(desk)]


@pytest.mark.parametrize("read", [mine, theirs, asked])
def test_my_work_asks_as_often_for_many_cases_as_for_few(
    town: Town, read: Callable[[Desk, str], list[Any]]
) -> None:
    _same(town, "mia" if read is not mine else "anna", read, "", lambda count: more(town, count))


def of_cases(desk: Desk, record: str) -> list[Any]:
    return cases.of_record(desk, record)


def of_submissions(desk: Desk, record: str) -> list[Any]:
    return submissions.of_record(desk, record)


def of_links(desk: Desk, record: str) -> list[Any]:
    return [*links.of_record(desk, record), *records.history(desk, record)]


@pytest.mark.parametrize("read", [of_cases, of_submissions, of_links])
def test_a_record_asks_as_often_for_much_as_for_little(
    town: Town, read: Callable[[Desk, str], list[Any]]
) -> None:
    record = town.child().id
    _same(town, "anna", read, record, lambda count: on_one(town, count, record))


def _same(
    town: Town, who: str, read: Callable[[Desk, str], list[Any]], record: str, make: Callable[[int], None]
) -> None:
    make(1)
    few, often = _asked(town, who, read, record)
    make(4)
    many, as_often = _asked(town, who, read, record)
    assert many >= few + 4 or read is asked
    assert as_often == often


def _asked(town: Town, who: str, read: Callable[[Desk, str], list[Any]], record: str) -> tuple[int, int]:
    with town.desk(who) as desk, sent_by(town.store) as said:
        assert desk.stack and desk.roles and desk.teams is not None
        said.clear()
        return len(read(desk, record)), len(said)


def test_what_asks_for_each_line_is_found(town: Town) -> None:
    def one_by_one(desk: Desk, record: str) -> list[Any]:
        return [cases.get(desk, one.id) for one in cases.open_cases(desk, mine=True)]

    with pytest.raises(AssertionError):
        _same(town, "anna", one_by_one, "", lambda count: more(town, count))


def test_the_soonest_date_of_each_case_is_told(town: Town) -> None:
    _, case = town.checked()
    with town.desk("mia") as desk:
        runs = [one.due for one in deadlines.of_case(desk, case.id) if one.met_at is None]
        assert runs
        assert deadlines.due_dates(desk, [case]) == {case.id: min(runs)}
        assert deadlines.due_dates(desk, []) == {}


def handed_in(town: Town, form: str, answers: dict[str, Any]) -> tuple[list[str], Any]:
    """The statements by which one form outside a case is handed in, and what comes of it."""
    child = town.child().id
    with town.desk("anna") as desk:
        draft = submissions.open_draft(desk, form, record=child)
    with sent_by(town.store) as said, town.desk("anna") as desk:
        found = submissions.submit(desk, draft.id, revision=1, answers=answers)
    return [one.words for one in said], found


def plain(more: str = "") -> packs.Pack:
    """The test pack with a form outside any case that reads nothing of the record unless `more` does."""
    form = (
        "form: plain\ntitle: Plain\nabout: child\nsections:\n  - id: main\n    title: Main\n    questions:\n"
        f"      - {{id: note, type: text, label: Note}}\n{more}"
    )
    return packs.load_texts({**harbour().texts, "form_definitions/harbour/forms/plain.yaml": form}).pack(
        "harbour"
    )


FACTS = ("FROM marker", "FROM link JOIN", "FROM action")


def test_handing_in_asks_for_no_fact_that_no_condition_reads(town: Town) -> None:
    with town.desk() as desk:
        stacks.publish(desk, plain())
    said, found = handed_in(town, "plain", {"note": "By the river"})
    assert found.state == "submitted"
    assert not [one for one in said for fact in FACTS if fact in one.replace("\n", "")]
    # Four of them write what can be found by; PostgreSQL is asked to hold the words still besides.
    assert len(said) <= 19, said


def test_handing_in_asks_for_the_facts_that_a_condition_reads(town: Town) -> None:
    """The control: the same form with one condition asks for what it reads, and for no more."""
    with town.desk() as desk:
        stacks.publish(
            desk,
            plain("      - {id: why, type: text, label: Why, show_if: count(record.markers) = 0}\n"),
        )
    said, found = handed_in(town, "plain", {"note": "By the river", "why": "Nobody was told"})
    assert found.answers["why"] == "Nobody was told"
    asked = [fact for one in said for fact in FACTS if fact in one.replace("\n", "")]
    assert asked == ["FROM marker"]
