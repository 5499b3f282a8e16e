"""Two people act on one case at the same moment: one is told why not, neither waits in a ring, nothing
happens twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from engine.casework import NotReady, Refused, cases, records, submissions, tasks
from tests.support.casework import Town

TIMES = 6


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What each came to, a value or an error, in the order given."""
    gate = threading.Barrier(len(acts), timeout=30)
    found: list[Any] = [None] * len(acts)

    def run(number: int) -> None:
        gate.wait()
        try:
            found[number] = acts[number]()
        except Exception as error:
            found[number] = error

    people = [threading.Thread(target=run, args=(number,)) for number in range(len(acts))]
    for one in people:
        one.start()
    for one in people:
        one.join(60)
    return found


def test_two_who_decide_at_once_decide_once(town: Town) -> None:
    for _ in range(TIMES):
        _, case = town.checked()

        def send_back(who: str, case: Any = case) -> Any:
            with town.desk(who) as desk:
                return cases.fire(desk, case.id, "send_back", revision=case.revision, reason="Say more")

        found = at_once(lambda: send_back("mia"), lambda: send_back("noor"))
        refused = [one for one in found if isinstance(one, Refused)]
        assert len(refused) == 1, found
        assert {one.kind for one in refused[0].refusals} >= {"revision"}
        with town.desk("mia") as desk:
            assert [one.transition for one in cases.history(desk, case.id)] == [None, "sent", "send_back"]


def test_handing_in_and_deciding_at_once_never_wait_in_a_ring(town: Town) -> None:
    for _ in range(TIMES):
        child, case = town.checked()
        draft = town.draft(child.id, case.id, "decision", by="noor")

        def hand_in(draft: Any = draft) -> Any:
            with town.desk("noor") as desk:
                return submissions.submit(desk, draft.id, revision=1, answers={"outcome": "accept"})

        def send_back(case: Any = case) -> Any:
            with town.desk("mia") as desk:
                return cases.fire(desk, case.id, "send_back", revision=case.revision, reason="Say more")

        found = at_once(hand_in, send_back)
        assert not [
            one for one in found if isinstance(one, Exception) and not isinstance(one, Refused | NotReady)
        ]


def test_one_press_sent_twice_at_once_makes_one_record(town: Town) -> None:
    for turn in range(TIMES):

        def press(turn: int = turn) -> Any:
            with town.desk("anna") as desk:
                return records.create(desk, "child", {"first_name": f"Kim {turn}"}, key=f"press {turn}").id

        assert len(set(at_once(press, press, press))) == 1
        with town.desk("anna") as desk:
            assert len(records.find(desk, f"Kim {turn}")) == 1


def test_records_made_at_once_get_different_numbers(town: Town) -> None:
    def make() -> Any:
        return town.group(by="mia").name

    names = [name for _ in range(TIMES) for name in at_once(make, make, make)]
    assert sorted(int(name.rsplit(" ", 1)[1]) for name in names) == list(range(1, 3 * TIMES + 1))


def test_a_task_opened_by_two_moves_at_once_is_there_once(town: Town) -> None:
    _, case = town.checked()

    def settle() -> None:
        with town.desk() as desk:
            cases.settle(desk, case.id)

    assert at_once(settle, settle, settle) == [None, None, None]
    with town.desk("mia") as desk:
        labels = [one.label for one in tasks.of_case(desk, case.id)]
    assert sorted(labels) == sorted(set(labels))
