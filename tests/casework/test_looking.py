"""Which parts of a draft were opened, and which were saved: on both databases, once each, and only in a draft."""

from __future__ import annotations

from engine.casework import looking, submissions
from tests.support.casework import Town


def test_a_part_opened_differs_from_one_saved_and_from_one_that_nobody_touched(town: Town) -> None:
    child = town.child()
    draft = town.draft(child.id, town.case(child.id).id)
    with town.desk("anna") as desk:
        looking.note(desk, draft.id, ["main", "more"])
        looking.note(desk, draft.id, ["main"])
        assert looking.of_submission(desk, draft.id) == {"main": False, "more": False}
        looking.note(desk, draft.id, ["main", "last"], saved=True)
        looking.note(desk, draft.id, ["main"])
        assert looking.of_submission(desk, draft.id) == {"main": True, "more": False, "last": True}
        looking.forget(desk, draft.id, "main")
        assert len(looking.of_submission(desk, draft.id)) == 3
        submissions.submit(desk, draft.id, revision=draft.revision, answers={"worry": "Something"})
        looking.note(desk, draft.id, ["too_late"])
        assert "too_late" not in looking.of_submission(desk, draft.id)


def test_two_who_open_a_part_at_once_do_not_fail_each_other(town: Town) -> None:
    child = town.child()
    draft = town.draft(child.id, town.case(child.id).id)
    with town.desk("anna") as desk:
        looking.note(desk, draft.id, ["main"])
        # As it is for whoever asked before the other had written.
        there, looking.of_submission = looking.of_submission, lambda *_: {}
        try:
            looking.note(desk, draft.id, ["main"])
        finally:
            looking.of_submission = there
        assert looking.of_submission(desk, draft.id) == {"main": False}
