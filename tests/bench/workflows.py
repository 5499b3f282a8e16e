"""W1, W2 and W3: the workflow machine beside four workflow libraries, on the same six states."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from statistics import median
from typing import Any

import engine
from engine.packs import inspect_texts
from tests.bench.bars import Figure
from tests.bench.peers.machines import EVENTS, STATES, STEPS, Peer, peers
from tests.bench.timing import RUNS, clocked, seconds
from tests.support.workflows import texts

NOW = datetime(2026, 1, 5, 9, 0)
# `transitions` is the quickest of them, and the one that the bars speak of.
BARRED = "transitions"

OURS = (
    "workflow: pathway\ntitle: Pathway\nabout: child\ninitial: identified\nstates:\n"
    + "".join(
        f"  - {{id: {state}, title: {state.title()}, "
        f"{'final: yes' if state == 'closed' else 'forms: [request]'}}}\n"
        for state in STATES
    )
    + "transitions:\n"
    + "".join(
        f"  - {{id: {e}, label: {e.title()}, from: {a}, to: {b}, by: [worker], when: request.urgent}}\n"
        for e, a, b in STEPS
    )
)
YES, NO = {"request": {"urgent": True}}, {"request": {"urgent": False}}


def figures() -> Iterator[Figure]:
    """W1 twice and W2, beside each peer."""
    machine = engine.load_texts(texts(OURS)).pack("test").workflow("pathway")

    def go(case: Any) -> Any:
        for event in EVENTS:
            case = machine.fire(case, event, role="worker", person="p", facts=YES, now=NOW).case
        return case

    started = machine.start(now=NOW)
    assert go(started).state == STATES[-1]
    assert machine.fire(started, EVENTS[0], role="worker", facts=NO, now=NOW).refused

    whole = texts(OURS)
    without = {path: text for path, text in whole.items() if not path.endswith("own.yaml")}
    alone = _rate(lambda: [started] * 4000, go)
    with_new = len(EVENTS) / seconds(lambda: go(machine.start(now=NOW)), 0.2)
    load = _difference(
        lambda: engine.load_texts(whole).pack("test").workflow("pathway"), lambda: engine.load_texts(without)
    )
    for peer in peers():
        yield from _beside(peer, alone, with_new, load)


def _beside(peer: Peer, alone: float, with_new: float, load: float) -> Iterator[Figure]:
    definition = peer.load()

    def go(case: Any) -> None:
        for event in EVENTS:
            peer.fire(case, event, True)

    cases = max(20, min(4000, int(0.2 / seconds(lambda: go(peer.new(definition)), 0.02))))
    barred = peer.name == BARRED
    theirs = _rate(lambda: [peer.new(definition) for _ in range(cases)], go)
    yield _faster(f"transitions a second, beside {peer.name}", alone, theirs, 3.0 if barred else None)
    theirs = len(EVENTS) / median(_with_new(peer, go) for _ in range(RUNS))
    yield _faster("  with a new case for every five", with_new, theirs, 2.0 if barred else None)
    theirs = seconds(peer.load, 0.3) * 1000
    yield Figure(
        "W2", f"load six states, all checks ÷ {peer.name}", load, theirs, "ms", load / theirs,
        3.0 if barred else None, 1.5 if barred else None,
    )  # fmt: skip


def _with_new(peer: Peer, go: Callable[[Any], None], cases: int = 200) -> float:
    """Seconds a case, its making counted; the definition is new, since some keep every case they ever began."""
    definition = peer.load()
    return clocked(lambda: [go(peer.new(definition)) for _ in range(cases)]) / cases


def _rate(cases: Callable[[], list[Any]], go: Callable[[Any], Any]) -> float:
    """Transitions a second, the making of cases not counted."""

    def once() -> float:
        box = cases()
        return len(box) * len(EVENTS) / clocked(lambda: [go(one) for one in box])

    return median(once() for _ in range(RUNS))


def _difference(more: Callable[[], Any], less: Callable[[], Any], times: int = 20) -> float:
    """Milliseconds that one takes beyond the other, measured in turn so that a busy machine slows both."""

    def once() -> float:
        longer = clocked(lambda: [more() for _ in range(times)])
        return (longer - clocked(lambda: [less() for _ in range(times)])) / times * 1000

    return median(once() for _ in range(RUNS))


def _faster(what: str, ours: float, theirs: float, aim: float | None) -> Figure:
    must = None if aim is None else 1.0
    return Figure("W1", what, ours, theirs, "a second", ours / theirs, must, aim, more=True)


BAD = """
workflow: bad
title: Bad
about: child
start: {by: [worker], label: Begin}
initial: begun
states:
  - {id: begun, title: Begun, forms: [request, checking]}
  - {id: unreached, title: Unreached, final: yes}
  - {id: dead_end, title: Dead end}
  - {id: turning, title: Turning}
  - {id: returning, title: Returning}
  - {id: circling, title: Circling}
  - {id: over, title: Over, final: yes}
transitions:
  - {id: stop, label: Stop, from: begun, to: over, by: [worker]}
  - {id: fall, label: Fall, from: begun, to: dead_end, by: [worker]}
  - {id: turn, label: Turn, from: begun, to: turning, by: [worker]}
  - {id: circle, label: Circle, from: turning, to: circling, by: [worker]}
  - {id: circle_back, label: Circle back, from: circling, to: turning, by: [worker]}
  - {id: round, from: begun, to: returning, automatic: yes, when: request.urgent}
  - {id: back_again, from: returning, to: begun, automatic: yes, when: request is submitted}
  - {id: never, label: Never, from: begun, to: over, by: [worker], when: checking.sure and not checking.sure}
  - id: both
    label: Both
    from: begun
    by: [worker]
    branches:
      - {when: checking.outcome is low or medium, to: over}
      - {when: checking.outcome is medium, to: begun}
      - {otherwise: over}
  - id: gap
    label: Gap
    from: begun
    by: [worker]
    branches:
      - {when: checking.outcome is low, to: over}
      - {when: checking.outcome is medium, to: begun}
  - {id: also, from: begun, to: over, automatic: yes, when: request is submitted and request.urgent}
"""
GOOD = """
workflow: good
title: Bad
about: child
initial: begun
start: {by: [worker], label: Begin}
states:
  - {id: begun, title: Begun, forms: [request]}
  - {id: over, title: Over, final: yes}
transitions:
  - {id: stop, label: Stop, from: begun, to: over, by: [worker], when: request.urgent}
"""
MISNAMED = [GOOD.replace("to: over", "to: ovr"), GOOD.replace("request.urgent", "request.urgnt")]
TEN = {
    "unreachable state": "W601", "dead end": "W603", "no route to a final state": "W604", "automatic loop": "W607",
    "two branches both true": "W623", "automatic exits that overlap": "W623 also", "a gap": "W624",
    "a guard never true": "W622", "missing target": "R307", "unknown field": "E4",
}  # fmt: skip


def found() -> dict[str, bool]:
    """W3: which of the ten defects are found."""
    told = {
        f"{one.code} {one.element.rpartition('.')[2]}"
        for text in (GOOD, BAD, *MISNAMED)
        for one in inspect_texts(texts(text)).diagnostics
    }
    return {defect: any(one.startswith(code) for one in told) for defect, code in TEN.items()}
