"""What a person opened lately, and what others changed since: by trail, as far as they may see it."""

from __future__ import annotations

from datetime import date

import pytest

from engine.casework import (
    NotFound,
    actions,
    cases,
    chronology,
    links,
    looks,
    markers,
    notes,
    records,
    submissions,
    tasks,
)
from engine.casework.looks import Since
from tests.support.casework import Town


def opened(town: Town, who: str, record: str, case: str | None = None) -> Since | None:
    with town.desk(who) as desk:
        looks.note(desk, record=record, case=case)
        return looks.since(desk, record=record, case=case)


def told(found: Since | None) -> list[tuple[str, str]]:
    assert found is not None
    return [(one.action, one.entry.text or one.entry.title) for one in found.changes]


def test_nothing_is_told_on_the_first_visit(town: Town) -> None:
    child = town.child()
    assert opened(town, "mia", child.id) is None


def test_what_others_did_is_told_and_ones_own_is_not(town: Town) -> None:
    child = town.child()
    opened(town, "mia", child.id)
    town.later(hours=1)
    with town.desk("anna") as desk:
        notes.add(desk, child.id, "Seen at the park")
        markers.open(desk, child.id, "concerns", "missing")
        actions.open(desk, child.id, "Walk home together", due=date(2026, 2, 1))
        tasks.add(desk, child.id, "Ring the school")
        group = records.create(desk, "peer_group", {"area": "Quayside"})
        links.add(desk, child.id, group.id, purpose="Often there")
    with town.desk("mia") as desk:
        notes.add(desk, child.id, "My own")
    found = told(opened(town, "mia", child.id))
    assert ("note.added", "Seen at the park") in found
    assert {one for one, _ in found} >= {"marker.opened", "action.added", "task.added", "link.added"}
    assert not [one for one in found if "My own" in one[1]]


def test_a_step_and_a_form_sent_back_are_told_with_their_reason(town: Town) -> None:
    child, case = town.checked()
    opened(town, "anna", child.id)
    town.later(hours=1)
    with town.desk("mia") as desk:
        cases.fire(desk, case.id, "send_back", revision=case.revision, reason="Say more")
    back = told(opened(town, "anna", child.id))
    assert ("case.moved", "Say more") in back and ("submission.returned", "Say more") in back


def test_looks_within_half_an_hour_are_one(town: Town) -> None:
    child = town.child()
    opened(town, "mia", child.id)
    town.later(hours=2)
    with town.desk("anna") as desk:
        notes.add(desk, child.id, "New")
    first = told(opened(town, "mia", child.id))
    town.later(minutes=20)
    assert told(opened(town, "mia", child.id)) == first == [("note.added", "New")]
    town.later(minutes=31)
    assert told(opened(town, "mia", child.id)) == []


def test_a_case_tells_of_itself_alone(town: Town) -> None:
    child, case = town.checked()
    other = town.case(child.id)
    opened(town, "mia", child.id, case.id)
    town.later(hours=1)
    with town.desk("anna") as desk:
        notes.add(desk, child.id, "Here", case=case.id)
        notes.add(desk, child.id, "There", case=other.id)
        notes.add(desk, child.id, "Neither")
    assert told(opened(town, "mia", child.id, case.id)) == [("note.added", "Here")]


def test_what_may_not_be_seen_is_not_told(town: Town) -> None:
    """A specialist sees the child while a referral is checked, and not what it is linked to; a teacher one form."""
    child, _ = town.checked()
    group = town.group("mia", area="Quayside")
    for who in ("sam", "tess"):
        opened(town, who, child.id)
    town.later(hours=1)
    with town.desk("mia") as desk:
        notes.add(desk, child.id, "Between us")
        links.add(desk, child.id, group.id, purpose="A friend there")
    assert "link.added" not in dict(told(opened(town, "sam", child.id)))
    assert told(opened(town, "tess", child.id)) == []


def test_of_a_context_nothing_tells_who_is_linked(town: Town) -> None:
    child = town.child("mia")
    group = town.group("mia")
    opened(town, "noor", group.id)
    town.later(hours=1)
    with town.desk("mia") as desk:
        links.add(desk, child.id, group.id, purpose="A member")
    assert told(opened(town, "noor", group.id)) == []


def test_lately_seen_is_in_order_and_only_what_may_still_be_seen(town: Town) -> None:
    child, case = town.checked()
    other = town.child(last_name="Second")
    opened(town, "anna", child.id)
    town.later(minutes=1)
    opened(town, "anna", child.id, case.id)
    town.later(minutes=1)
    opened(town, "anna", other.id)
    with town.desk("anna") as desk:
        found = looks.recent(desk, 2)
        assert [(one.record, one.case) for one in found] == [(other.id, None), (child.id, case.id)]
        assert found[1].workflow == "referral_flow" and found[1].state == case.state
        assert len(looks.recent(desk)) == 3
    with town.desk("ben") as desk:
        looks.note(desk, record=child.id)
        assert looks.recent(desk) == []
        with pytest.raises(NotFound):
            chronology.of_record(desk, child.id)


def test_a_saved_draft_is_no_news_and_a_sent_form_is(town: Town) -> None:
    child = town.child()
    case = town.case(child.id)
    opened(town, "mia", child.id)
    town.later(hours=1)
    draft = town.draft(child.id, case.id)
    with town.desk("anna") as desk:
        submissions.save(desk, draft.id, {"worry": "At the"}, revision=draft.revision)
    assert told(opened(town, "mia", child.id)) == []
    town.later(hours=1)
    with town.desk("anna") as desk:
        submissions.submit(desk, draft.id, revision=draft.revision + 1, answers={"worry": "At the park"})
    found = told(opened(town, "mia", child.id))
    assert [one for one, _ in found if one.startswith("submission.")] == ["submission.submitted"]
