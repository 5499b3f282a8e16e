"""W1, W2 and W3: the workflow machine beside the library `transitions`, on the same six states."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Any

import yaml

import engine
from engine.packs import inspect_texts
from tests.bench.bars import Figure
from tests.bench.timing import RUNS, clocked, seconds
from tests.support.workflows import texts

# Installed apart from what Trefoil runs on: see tests/bench/peers.
PEERS = Path(sys.prefix) / "peers"
STATES = ["identified", "referred", "triaged", "consulted", "intervening", "closed"]
EVENTS = ["refer", "triage", "consult", "intervene", "close"]
STEPS = list(zip(EVENTS, STATES, STATES[1:], strict=False))
NOW = datetime(2026, 1, 5, 9, 0)

THEIRS = f"initial: identified\nstates: [{', '.join(STATES)}]\ntransitions:\n" + "".join(
    f"  - {{trigger: {e}, source: {a}, dest: {b}, conditions: ok}}\n" for e, a, b in STEPS
)
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


class Case:
    """What `transitions` moves: one model a case on a shared machine, the library's own cheap way."""

    state = "identified"
    ok = True


def figures() -> Iterator[Figure]:
    """W1 twice and W2."""
    sys.path.insert(0, str(PEERS))
    from transitions import Machine

    def peer() -> Any:
        read = yaml.safe_load(THEIRS)
        return Machine(
            model=None,
            states=read["states"],
            transitions=read["transitions"],
            initial=read["initial"],
            auto_transitions=False,
        )

    machine = engine.load_texts(texts(OURS)).pack("test").workflow("pathway")
    theirs = peer()

    def new() -> Any:
        case = Case()
        theirs.add_model(case)
        return case

    def go_theirs(case: Any) -> Any:
        for event in EVENTS:
            case.ok = True
            case.trigger(event)
        return case

    def go_ours(case: Any) -> Any:
        for event in EVENTS:
            case = machine.fire(case, event, role="worker", person="p", facts=YES, now=NOW).case
        return case

    started = machine.start(now=NOW)
    assert go_ours(started).state == go_theirs(new()).state == "closed"
    assert machine.fire(started, "refer", role="worker", facts=NO, now=NOW).refused

    cases = 4000
    ours_only = _rate(lambda: [started] * cases, go_ours)
    theirs_only = _rate(lambda: [new() for _ in range(cases)], go_theirs)
    yield _faster("transitions a second", ours_only, theirs_only, 3.0)
    with_new = 5 / seconds(lambda: go_ours(machine.start(now=NOW)), 0.2)
    theirs_with_new = 5 / seconds(lambda: go_theirs(new()), 0.2)
    yield _faster("the same, with a new case for every five", with_new, theirs_with_new, 2.0)

    whole = texts(OURS)
    without = {path: text for path, text in whole.items() if not path.endswith("own.yaml")}
    load = _difference(
        lambda: engine.load_texts(whole).pack("test").workflow("pathway"), lambda: engine.load_texts(without)
    )
    peer_load = seconds(peer, 0.3) * 1000
    yield Figure(
        "W2", "load six states with all checks, its pack beside it", load, peer_load, "ms",
        load / peer_load, 3.0, 1.5,
    )  # fmt: skip


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


def _faster(what: str, ours: float, theirs: float, aim: float) -> Figure:
    return Figure("W1", what, ours, theirs, "a second", ours / theirs, 1.0, aim, more=True)


BAD = """
workflow: bad
title: Bad
about: child
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
