"""What the same form said the time before: the newest that the reader may see, cut as it is for them."""

from __future__ import annotations

import pytest

from engine.casework import access, cases, earlier, submissions
from tests.support.casework import Town


def twice(town: Town) -> tuple[str, str, str]:
    """A child referred twice, both waiting to be checked. Returns the child and both submissions."""
    child, _ = town.checked(secret="Kept apart", good="Swimming")
    town.later(days=40)
    case = town.case(child.id)
    again = town.submitted(child.id, case.id, "referral", {"worry": "Once more", "secret": "Still apart"})
    with town.desk("mia") as desk:
        sent = [one for one in submissions.of_record(desk, child.id) if one.form == "referral"]
        [first] = [one for one in sent if one.id != again.id]
    return child.id, first.id, again.id


def test_the_last_time_is_the_newest_before_this_one(town: Town) -> None:
    child, first, again = twice(town)
    with town.desk("anna") as desk:
        found = earlier.last_time(desk, again)
        assert found is not None and found.id == first and found.answers["good"] == "Swimming"
        assert earlier.last_time(desk, first) is None
    town.later(days=1)
    case = town.case(child)
    draft = town.draft(child, case.id)
    with town.desk("anna") as desk:
        found = earlier.last_time(desk, draft.id)
        assert found is not None and found.id == again


def test_what_is_kept_from_the_reader_is_not_in_it(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    _, first, again = twice(town)
    with town.desk("sam") as desk:
        found = earlier.last_time(desk, again)
        assert found is not None and found.id == first and "secret" not in found.answers
    # The control: without the filter it would be.
    monkeypatch.setattr(access, "hidden_questions", lambda *_, **__: frozenset())
    with town.desk("sam") as desk:
        found = earlier.last_time(desk, again)
        assert found is not None and found.answers["secret"] == "Kept apart"


def test_one_that_may_not_be_seen_is_passed_over(town: Town) -> None:
    child, first, _ = twice(town)
    town.later(days=1)
    case = town.case(child)
    third = town.submitted(child, case.id, "referral", {"worry": "A third time"})
    with town.desk("mia") as desk:
        # The second case goes on to where the specialist sees nothing of it any more.
        [second] = [one for one in submissions.of_record(desk, child) if one.id not in (first, third.id)
                    and one.form == "referral"]  # fmt: skip
    assert second.case is not None
    with town.desk("mia") as desk:
        cases.fire(
            desk, second.case, "send_back", revision=cases.get(desk, second.case).revision, reason="More"
        )
    with town.desk("sam") as desk:
        found = earlier.last_time(desk, third.id)
        assert found is not None and found.id == first
