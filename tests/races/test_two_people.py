"""Two people save one form at the same moment: nothing is lost, and both texts are shown."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from engine.casework import Stale, answering, merging, submissions
from engine.casework.values import Submission
from tests.support.casework import Town

TIMES = 12


def at_once(town: Town, draft: Submission, texts: dict[str, dict[str, Any]]) -> dict[str, Submission | Stale]:
    """Everybody saves in the same moment, from what they saw before anybody saved."""
    gate = threading.Barrier(len(texts), timeout=30)
    found: dict[str, Any] = {}

    def save(who: str) -> None:
        gate.wait()
        try:
            with town.desk(who) as desk:
                found[who] = submissions.save(desk, draft.id, texts[who], revision=draft.revision)
        except Exception as error:
            found[who] = error

    people = [threading.Thread(target=save, args=(who,)) for who in texts]
    for one in people:
        one.start()
    for one in people:
        one.join(60)
    return found


def again(town: Town, draft: Submission) -> Submission:
    with town.desk("anna") as desk:
        return submissions.get(desk, draft.id)


@pytest.fixture
def draft(town: Town) -> Submission:
    child = town.child()
    return town.draft(child.id, town.case(child.id).id)


def test_one_answer_both_texts_are_there(town: Town, draft: Submission) -> None:
    for turn in range(TIMES):
        texts = {who: {"worry": f"{who} {turn}"} for who in ("anna", "mia")}
        found = at_once(town, draft, texts)
        (first,) = (who for who, one in found.items() if isinstance(one, Submission))
        (second,) = (who for who, one in found.items() if isinstance(one, Stale))
        stale = found[second]
        assert isinstance(stale, Stale)
        (conflict,) = stale.conflicts
        assert (conflict.mine, conflict.theirs) == (f"{second} {turn}", f"{first} {turn}")
        assert again(town, draft).answers["worry"] == f"{first} {turn}"
        with town.desk(second) as desk:
            kept = [one for one in submissions.asides(desk, draft.id) if one.id == stale.aside]
            assert kept[0].answers["worry"] == f"{second} {turn}"
            draft = submissions.resolve(
                desk, draft.id, str(stale.aside), keep={"worry": "mine"}, revision=stale.revision
            )
        assert draft.answers["worry"] == f"{second} {turn}"


def test_different_answers_are_all_kept(town: Town, draft: Submission) -> None:
    for turn in range(TIMES):
        texts = {
            "anna": {**draft.answers, "worry": f"anna {turn}"},
            "mia": {**draft.answers, "good": f"mia {turn}"},
            "noor": {**draft.answers, "why_higher": f"noor {turn}"},
        }
        found = at_once(town, draft, texts)
        assert all(isinstance(one, Submission) for one in found.values()), found
        draft = again(town, draft)
        assert draft.answers == {"worry": f"anna {turn}", "good": f"mia {turn}", "why_higher": f"noor {turn}"}


def test_with_revisions_off_a_text_is_lost(
    town: Town, draft: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: where nobody asks what a save was based on, the last one wins and the other is gone unsaid."""

    def last_wins(base: Any, mine: Any, theirs: Any, keep: Any = None) -> merging.Merged:
        return merging.Merged(dict(mine), ())

    monkeypatch.setattr(answering.merging, "merge", last_wins)
    found = at_once(town, draft, {who: {"worry": f"{who} wrote this"} for who in ("anna", "mia")})
    assert all(isinstance(one, Submission) for one in found.values())
    with town.desk() as desk:
        assert submissions.asides(desk, draft.id) == []
    kept = again(town, draft).answers["worry"]
    assert sum(kept == f"{who} wrote this" for who in ("anna", "mia")) == 1
