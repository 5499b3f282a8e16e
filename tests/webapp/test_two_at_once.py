"""Two people in one form through the pages, and the control: without the check of revisions a text is lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from engine import forms
from engine.casework import answering, merging, records, stacks, submissions
from engine.casework.values import Outside
from tests.webapp.conftest import Place
from webapp.record_forms import SECTION, identifiers_changed, settled


def meet(place: Place) -> str:
    """Alice and Mary open one part of a draft, both write, Mary saves first. Returns what Alice then reads."""
    _, _, draft = place.started()
    address = f"/forms/{draft}/what"
    alice, mary = place.browser("alice"), place.browser("mary")
    hers, marys = alice.get(address), mary.get(address)
    later = {"action": "later"}
    mary.submit(marys, button=later, a__story="Mary's text", a__how_many="4")
    page = alice.submit(hers, button=later, a__story="Alice's text", a__danger_detail="", status=None)
    return f"{page.status} {page.text} {survivors(place, draft)}"


def survivors(place: Place, draft: str) -> str:
    """Every text that is still to be found: in the draft, or set aside for its writer."""
    with place.desk("alice") as desk:
        aside = [one.answers for one in submissions.asides(desk, draft)]
        return f"{submissions.get(desk, draft).answers} {aside}"


def nothing_is_lost(came: str) -> bool:
    return "Alice's text" in came and "Mary's text" in came and "'how_many': '4'" in came


def test_both_texts_are_shown_and_kept(place: Place) -> None:
    came = meet(place)
    assert came.startswith("409 ") and "Two people changed the same answers" in came
    assert nothing_is_lost(came), came


def test_without_the_check_of_revisions_a_text_is_lost_and_that_is_noticed(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def last_wins(
        base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any], keep: Any = None
    ) -> merging.Merged:
        return merging.Merged(dict(mine), ())

    monkeypatch.setattr(answering.merging, "merge", last_wins)
    came = meet(place)
    assert came.startswith("200 ") and not nothing_is_lost(came), came


def test_a_save_that_names_no_revision_overwrites_nothing(place: Place) -> None:
    """A forged or damaged page cannot pretend to have seen everything."""
    _, _, draft = place.started()
    place.saved(draft, {"story": "What was there"})
    alice = place.browser("alice")
    page = alice.get(f"/forms/{draft}/what")
    for revision in ("", "0", "-1", "999", "x"):
        alice.submit(page, button={"action": "later"}, a__story="Overwritten", revision=revision, status=404)
    assert place.look(draft).answers["story"] == "What was there"


@pytest.mark.parametrize(("choice", "kept"), [("mine", "Alice's cell"), ("theirs", "Mary's cell")])
def test_one_choice_settles_what_two_wrote_in_one_cell(place: Place, choice: str, kept: str) -> None:
    _, _, draft = place.started()
    address = f"/forms/{draft}/places_known"
    alice, mary = place.browser("alice"), place.browser("mary")
    hers, marys = alice.get(address), mary.get(address)
    cell = next(name for name in hers.fields() if name.endswith(".worried"))
    my_cell: dict[str, Any] = {cell: "Alice's cell"}
    their_cell: dict[str, Any] = {cell: "Mary's cell"}
    mary.submit(marys, button={"action": "later"}, **their_cell)
    page = alice.submit(hers, button={"action": "later"}, status=409, **my_cell)
    page = alice.submit(page, choice__framework=choice)
    assert page.h1 != "Two people changed the same answers"
    _, row, column = cell.removeprefix("a.").split(".")
    assert place.look(draft).answers["framework"][row][column] == kept


@pytest.mark.parametrize(
    ("choice", "day", "kept"),
    [("mine", "", {"31", "2"}), ("theirs", "", set()), ("anew", "3", set()), ("anew", "30", {"30", "2"})],
)
def test_a_date_nobody_can_read_goes_when_it_is_not_kept(
    place: Place, choice: str, day: str, kept: set[str]
) -> None:
    _, _, draft = place.started()
    address = f"/forms/{draft}/what"
    alice, mary = place.browser("alice"), place.browser("mary")
    hers, marys = alice.get(address), mary.get(address)
    later = {"action": "later"}
    date: dict[str, Any] = {"a__seen_on__day": "1", "a__seen_on__month": "2", "a__seen_on__year": "2024"}
    mary.submit(marys, button=later, **date)
    page = alice.submit(hers, button=later, status=409, **(date | {"a__seen_on__day": "31"}))
    anew: dict[str, Any] = {
        "anew__seen_on__day": day,
        "anew__seen_on__month": "2",
        "anew__seen_on__year": "2024",
    }
    alice.submit(page, choice__seen_on=choice, **(anew if day else {}))
    typed = {text for texts in place.look(draft).raw.values() for text in texts}
    assert typed == (kept | {"2024"} if kept else set())


def both_in_a_record(place: Place, record: str, mine: dict[str, Any], theirs: dict[str, Any]) -> Any:
    """Alice and Mary open one record's fields, Mary saves first. Returns Alice's browser and what she reads."""
    alice, mary = place.browser("alice"), place.browser("mary")
    hers, marys = (one.get(f"/records/{record}/edit") for one in (alice, mary))
    mary.submit(marys, **theirs)
    return alice, alice.submit(hers, status=409, **mine)


@pytest.mark.parametrize(("choice", "kept"), [("mine", None), ("theirs", "Mary")])
def test_a_record_field_one_emptied_and_another_changed(place: Place, choice: str, kept: str | None) -> None:
    record = place.child()
    mine = {"a__last_name": "", "identifier__local_id": "L9"}
    alice, page = both_in_a_record(place, record, mine, {"a__last_name": "Mary"})
    alice.submit(page, choice__last_name=choice)
    with place.desk("alice") as desk:
        found = records.get(desk, record)
    assert found.fields.get("last_name") == kept
    assert [one.number for one in found.identifiers] == ["L9"], "the number is carried as it was typed"


def test_a_record_field_is_emptied(place: Place) -> None:
    record, alice = place.child(), place.browser("alice")
    alice.submit(alice.get(f"/records/{record}/edit"), a__last_name="")
    with place.desk("alice") as desk:
        assert records.get(desk, record).fields == {"first_name": "Cara"}


def test_rows_of_a_record_are_kept_as_the_page_carried_them(place: Place) -> None:
    record = place.child()
    with place.desk("alice") as desk:
        found = records.get(desk, record)
        stack = stacks.live(desk).stack
    worry = stack.forms["worry"]
    part = next(one for one in worry.sections if one.id == "places_known")
    form = forms.compile(replace(worry, sections=(replace(part, id=SECTION),)), stack)

    def places(*rows: tuple[str, str]) -> dict[str, Any]:
        return {"places": [{"_row": row, "place_text": text} for row, text in rows]}

    found = replace(found, fields=places(("r1", "theirs"), ("r2", "gone from mine")))
    posted = {"a.places.r1.place_text": ["mine"]}
    typed = form.entry({**posted, "a.@section": [SECTION]}, before=found.fields).answers
    for choice, kept in (("mine", places(("r1", "mine"))), ("theirs", found.fields)):
        assert settled(found, typed, form, posted, {"places": choice}) == kept


def test_a_number_one_did_not_touch_stays_as_another_wrote_it(place: Place) -> None:
    record = place.child()
    alice, mary = place.browser("alice"), place.browser("mary")
    hers, marys = (one.get(f"/records/{record}/edit") for one in (alice, mary))
    mary.submit(marys, identifier__local_id="L7")
    alice.submit(hers, a__first_name="Clara")
    with place.desk("alice") as desk:
        found = records.get(desk, record)
    assert (found.fields["first_name"], found.identifiers) == ("Clara", (Outside("local_id", "L7"),))
    alice.submit(alice.get(f"/records/{record}/edit"), identifier__local_id="")
    with place.desk("alice") as desk:
        assert records.get(desk, record).identifiers == ()


def test_who_does_not_see_the_whole_record_changes_no_number(place: Place) -> None:
    record = place.child()
    with place.desk("alice") as desk:
        found = records.get(desk, record)
    assert identifiers_changed(found, {"local_id": "L1"}, {}) == [Outside("local_id", "L1")]
    assert identifiers_changed(replace(found, reach="name"), {"local_id": "L1"}, {}) is None


def number(text: str) -> dict[str, Any]:
    return {"identifier.local_id": text}


def test_two_who_correct_one_outside_number_the_second_is_told(place: Place) -> None:
    record = place.child()
    alice, mary = place.browser("alice"), place.browser("mary")
    mine = alice.get(f"/records/{record}/edit")
    theirs = mary.get(f"/records/{record}/edit")
    mary.submit(theirs, **number("LN2"))
    page = alice.submit(mine, **number("LN3"))
    assert len(page.problems) == 1 and "somebody else made it ‘LN2’" in page.problems[0]
    assert page.fields()["identifier.local_id"] == ["LN3"]
    with place.desk("mary") as desk:
        assert [one.number for one in records.get(desk, record).identifiers] == ["LN2"]
    # Who has been told may still say that theirs is right.
    alice.submit(page)
    with place.desk("mary") as desk:
        assert [one.number for one in records.get(desk, record).identifiers] == ["LN3"]
