"""Two people at one case in the same moment, and what belongs to one of them alone."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest

from engine.casework import NotFound, access, answering, cases, submissions
from tests.support.casework import Town


def test_two_who_begin_one_form_at_once_get_one_draft(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    child = town.child()
    case = town.case(child.id)
    look = answering.draft_of

    def slowly(*asked: Any) -> str | None:
        found = look(*asked)
        time.sleep(0.3)
        return found

    monkeypatch.setattr(answering, "draft_of", slowly)
    drafts: list[str] = []
    both = [
        threading.Thread(target=lambda by=by: drafts.append(town.draft(child.id, case.id, by=by).id))
        for by in ("anna", "mia")
    ]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert len(drafts) == 2 and len(set(drafts)) == 1


def test_anothers_own_draft_cannot_be_confirmed(town: Town) -> None:
    child = town.child()
    with town.desk("anna") as desk:
        own = submissions.open_draft(desk, "referral", record=child.id)
    with town.desk("mia") as desk, pytest.raises(NotFound):
        submissions.confirm(desk, own.id, [])


def test_naming_and_taking_off_ask_for_the_same_right(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules may reach some states only: both are asked about in the state the case is in."""
    _, case = town.checked()
    asked: list[str | None] = []
    require = access.require

    def noted(*given: Any, **named: Any) -> Any:
        asked.append(named.get("state"))
        return require(*given, **named)

    monkeypatch.setattr(access, "require", noted)
    with town.desk("mia") as desk:
        cases.assign(desk, case.id, person=town.people["ben"])
        [held] = [one for one in cases.get(desk, case.id).allocated if one.person == town.people["ben"]]
        cases.unassign(desk, held.id)
    assert asked == [case.state, case.state]
