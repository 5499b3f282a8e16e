"""Tried with what a colleague really has: one's own keys, somebody else's ids, and answers that are kept from one."""

from __future__ import annotations

import pytest

from engine.casework import CaseworkError, NotFound, cases, paths, submissions
from tests.support.casework import Town


def test_a_draft_outside_a_case_is_its_writers_own(town: Town) -> None:
    child = town.child(by="anna")
    with town.desk("anna") as desk:
        draft = submissions.open_draft(desk, "referral", record=child.id)
        submissions.save(desk, draft.id, {"worry": "Not yet for anybody"}, revision=draft.revision)
    with town.desk("mia") as desk:
        assert submissions.of_record(desk, child.id) == []
    for look in (
        lambda desk: submissions.get(desk, draft.id),
        lambda desk: submissions.revisions(desk, draft.id),
        lambda desk: submissions.evaluate(desk, draft.id),
        lambda desk: submissions.save(desk, draft.id, {"worry": "Mine now"}, revision=2),
        lambda desk: submissions.submit(desk, draft.id, revision=2),
        lambda desk: submissions.open_draft(desk, "referral", record=child.id, corrects=draft.id),
    ):
        with pytest.raises(NotFound), town.desk("mia") as desk:
            look(desk)
    with town.desk("anna") as desk:
        assert submissions.submit(desk, draft.id, revision=2).state == "submitted"
    with town.desk("mia") as desk:
        assert submissions.get(desk, draft.id).answers["worry"] == "Not yet for anybody"


def test_a_key_used_for_one_case_does_nothing_on_another(town: Town) -> None:
    key = "0" * 32
    _, one = town.checked()
    _, two = town.checked()
    with town.desk("mia") as desk:
        cases.fire(desk, one.id, "send_back", revision=one.revision, reason="Say more", key=key)
    with pytest.raises(CaseworkError, match="twice"), town.desk("mia") as desk:
        cases.fire(desk, two.id, "send_back", revision=two.revision, reason="Say more", key=key)
    with town.desk("mia") as desk:
        assert cases.get(desk, two.id).state == "checking"


def test_typed_text_of_a_guarded_answer_is_neither_wiped_nor_forged(town: Town) -> None:
    child, case = town.checked()
    with town.desk("mia") as desk:
        now = cases.get(desk, case.id)
        cases.fire(desk, case.id, "send_back", revision=now.revision, reason="Say more")
    draft = town.draft(child.id, case.id)
    half = {"a.secret": ["half a thought"]}
    with town.desk("anna") as desk:
        submissions.save(desk, draft.id, {"worry": "One"}, revision=draft.revision, raw=half)
    hidden = frozenset({"secret", "places.hidden_detail"})
    assert paths.restore_typed({}, half, hidden) == half
    assert paths.restore_typed({"a.secret": ["forged"], "a.worry": ["x"]}, half, hidden) == {
        **half,
        "a.worry": ["x"],
    }
    forged = {"a.places.R1.hidden_detail": ["forged"]}
    assert paths.restore_typed(forged, {}, hidden) == {}
