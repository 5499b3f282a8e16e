"""Notes, links, markers, actions and tasks: dated, revised, and only by those who may."""

from __future__ import annotations

from datetime import date

import pytest

from engine.casework import (
    CaseworkError,
    NotFound,
    NotPermitted,
    Stale,
    access,
    actions,
    links,
    markers,
    notes,
    tasks,
)
from tests.support.casework import Town


def test_a_note_is_corrected_by_its_writer_and_shown_both_ways_when_stale(town: Town) -> None:
    child = town.child()
    with town.desk("anna") as desk:
        note = notes.add(desk, child.id, " First ", key="k")
        assert notes.add(desk, child.id, "First", key="k").id == note.id
        assert notes.edit(desk, note.id, "Second", revision=1).revision == 2
        with pytest.raises(Stale) as raised:
            notes.edit(desk, note.id, "Another", revision=1)
    assert (raised.value.mine, raised.value.theirs) == ({"text": "Another"}, {"text": "Second"})
    with pytest.raises(NotPermitted), town.desk("mia") as desk:
        notes.edit(desk, note.id, "Not mine", revision=2)
    with pytest.raises(CaseworkError), town.desk("anna") as desk:
        notes.add(desk, child.id, "  ")
    with pytest.raises(NotFound), town.desk("ben") as desk:
        notes.add(desk, child.id, "Let me in")


def test_two_who_change_an_action_keep_both_changes(town: Town) -> None:
    child = town.child()
    with town.desk("anna") as desk:
        action = actions.open(desk, child.id, "Meet", due=date(2026, 2, 1))
        actions.edit(desk, action.id, {"progress": "Met once"}, revision=1)
    with town.desk("mia") as desk:
        both = actions.edit(desk, action.id, {"due": date(2026, 3, 1)}, revision=1)
        assert (both.progress, both.due, both.revision) == ("Met once", date(2026, 3, 1), 3)
        with pytest.raises(Stale):
            actions.edit(desk, action.id, {"progress": "Not met"}, revision=1)
        with pytest.raises(CaseworkError):
            actions.end(desk, action.id, revision=1)
        assert actions.end(desk, action.id, revision=3).ended_at == town.now
        assert actions.of_record(desk, child.id) == []


def test_markers_come_from_dated_lists_and_end_with_a_reason(town: Town) -> None:
    child = town.child()
    with town.desk("anna") as desk:
        for list_id, option in (("levels", "lower"), ("concerns", "no such"), ("nowhere", "x")):
            with pytest.raises(CaseworkError):
                markers.open(desk, child.id, list_id, option)
        marker = markers.open(desk, child.id, "concerns", "missing")
        assert markers.open(desk, child.id, "concerns", "missing").id == marker.id
        with pytest.raises(CaseworkError):
            markers.end(desk, marker.id, why=" ")
        markers.end(desk, marker.id, why="Came home")
        assert markers.of_record(desk, child.id) == []


def test_links_ask_for_both_ends(town: Town) -> None:
    mine, theirs, group = town.child(), town.child(by="ben"), town.group()
    with town.desk("anna") as desk:
        with pytest.raises(NotFound):
            links.add(desk, mine.id, theirs.id, purpose="friends")
        with pytest.raises(CaseworkError):
            links.add(desk, mine.id, mine.id, purpose="friends")
        link = links.add(desk, mine.id, group.id, purpose="friends")
        assert links.add(desk, group.id, mine.id, purpose="friends").id == link.id
        assert (link.other_name, link.since) == (group.name, town.now.date())
    with pytest.raises(NotFound), town.desk("ben") as desk:
        links.end(desk, link.id, why="I want to")
    with town.desk("anna") as desk:
        links.end(desk, link.id, why="Drifted apart")
        assert links.of_record(desk, mine.id) == []
        (ended,) = links.of_record(desk, mine.id, ended=True)
        assert ended.why_ended == "Drifted apart"


def test_tasks_reach_whom_they_are_for_if_they_may_see_the_record(town: Town) -> None:
    child = town.child()
    with town.desk("anna") as desk:
        tasks.add(desk, child.id, "For me")
        tasks.add(desk, child.id, "For managers", role="manager", due=date(2026, 1, 6))
        blind = tasks.add(desk, child.id, "For ben", person=town.people["ben"])
        assert [one.label for one in tasks.mine(desk)] == ["For me"]
    with town.desk("ben") as desk:
        assert tasks.mine(desk) == []
    with pytest.raises(NotFound), town.desk("ben") as desk:
        tasks.done(desk, blind.id)
    with town.desk("mia") as desk:
        (task,) = tasks.mine(desk)
        tasks.done(desk, task.id)
        assert tasks.mine(desk) == []


def test_a_role_message_is_read_by_each_for_themselves(town: Town) -> None:
    town.checked()
    with town.desk("mia") as desk:
        (told,) = tasks.notifications(desk)
        tasks.read(desk, told.id)
        assert tasks.notifications(desk) == []
        assert [one.read_at for one in tasks.notifications(desk, unread=False)] == [town.now]
    with town.desk("noor") as desk:
        assert len(tasks.notifications(desk)) == 1
    with pytest.raises(NotFound), town.desk("ben") as desk:
        tasks.read(desk, told.id)


def test_who_sees_only_some_forms_learns_of_no_action(town: Town) -> None:
    """A refusal for one that there is, and nothing found for one that is not, would tell them apart."""
    child, _case = town.checked()
    with town.desk("anna") as desk:
        made = actions.open(desk, child.id, "Walk the market")
    with town.desk("tess") as desk:
        assert access.grants(desk, child.id).may("view", form="school_view"), (
            "the record itself is theirs to find"
        )
    for change in (actions.end, lambda desk, id, revision: actions.edit(desk, id, {}, revision=revision)):
        with pytest.raises(NotFound), town.desk("tess") as desk:
            change(desk, made.id, revision=1)
