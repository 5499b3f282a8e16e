"""Decides by trying every answer that could make a difference, where these are few and the trying is exact.

For each question one answer of every kind that the conditions tell apart: options treated alike, numbers, days
and times on and beside those compared with, blank. It must not be asked about sums, ages or rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from math import prod
from typing import Any

from engine.expressions import tree as core
from engine.proof.universe import STATE, Question, Universe

_PLAIN = frozenset({"number", "date", "text", "time", "yes_no", "choice", "record"})
_MOST_KINDS = 7
_DAY_ZERO = date(2026, 1, 5)


def exact(nodes: Iterable[core.Node]) -> bool:
    """Whether trying decides these: they only compare answers with each other and with what is written."""
    return all(_exact(one) for node in nodes for one in core.walk(node))


def _exact(node: core.Node) -> bool:
    match node:
        case core.Compare(left=left, right=right):
            return _plain(left) and _plain(right)
        case core.Member(operand=operand) | core.Includes(operand=operand) | core.Answered(operand=operand):
            return isinstance(operand, core.Read)
        case (
            core.Arithmetic()
            | core.Age()
            | core.Days()
            | core.AnyRow()
            | core.Column()
            | core.Count()
            | core.Fold()
        ):
            return False
        case _:
            return True


def _plain(node: core.Node) -> bool:
    return isinstance(node, core.Constant | core.Today) or (
        isinstance(node, core.Read) and node.kind in _PLAIN
    )


def domains(nodes: Sequence[core.Node], universe: Universe, most: int) -> dict[str, list[Any]] | None:
    """For each question what to try, None being blank; None where that would be more than `most` ways."""
    sets: dict[str, set[frozenset[str]]] = {}
    points: dict[str, set[Any]] = {"number": {Decimal(0)}, "date": {_DAY_ZERO}, "text": set(), "time": set()}
    among: set[str] = set()
    for node in nodes:
        for one in core.walk(node):
            match one:
                case core.Member(operand=core.Read(key=key), options=options):
                    sets.setdefault(key, set()).add(options)
                case core.Includes(operand=core.Read(key=key), options=options):
                    sets.setdefault(key, set()).add(options)
                case core.FormState(key=key, states=states):
                    sets.setdefault(key, set()).add(states)
                case core.Constant(kind=kind, value=value) if kind in points:
                    points[kind].add(value)
                case core.Compare(left=left, right=right) if not isinstance(left, core.Constant):
                    if not isinstance(right, core.Constant):
                        among |= {_key(left), _key(right)}
    for question in universe.questions.values():
        if question.kind in points:
            points[str(question.kind)] |= {one for one in (question.least, question.most) if one is not None}
    found: dict[str, list[Any]] = {}
    for key, question in universe.questions.items():
        if question.calculated is not None:
            continue
        values = _values(question, sets.get(key, set()), points, len(among) if key in among else 1)
        if values is None:
            return None
        found[key] = values
    # Whether a form is there comes after its answers, so that a first case found is a simple one.
    found = dict(sorted(found.items(), key=lambda item: universe.questions[item[0]].kind != STATE))
    return found if prod(map(len, found.values())) <= most else None


def _key(node: core.Node) -> str:
    return node.key if isinstance(node, core.Read) else "today()"


def _values(
    question: Question, sets: set[frozenset[str]], points: Mapping[str, set[Any]], apart: int
) -> list[Any] | None:
    blank = [] if question.must_be_there and question.shown is None else [None]
    match question.kind:
        case "yes_no":
            return [True, False, *blank]
        case "state":
            return [*_kinds(_options(question, sets), sets), *blank]
        case "choice":
            options = _options(question, sets)
            return [*(options if apart > 1 else _kinds(options, sets)), *blank]
        case "choices":
            kinds = _kinds(_options(question, sets), sets)
            if len(kinds) > _MOST_KINDS:
                return None
            ways = product([False, True], repeat=len(kinds))
            many = [frozenset(one for one, there in zip(kinds, way, strict=True) if there) for way in ways]
            return [*(one for one in sorted(many, key=len) if one), *blank]
        case "number" | "date":
            return [*_around(question, points[str(question.kind)], apart), *blank]
        case "time":
            return [*_times(points["time"], apart), *blank]
        case "text":
            others = [f"other words {number}" if number else "other words" for number in range(apart)]
            return [*sorted(points["text"]), *others, *blank]
        case "rows":
            return [[{}], *blank]
        case "records":
            return [frozenset({"one"}), *blank]
        case _:
            return [*("one", "another", "third")[: max(1, min(apart, 3))], *blank] if apart <= 3 else None


def _around(question: Question, points: set[Any], apart: int) -> list[Any]:
    """On each point and beside it, as many steps as there are answers that are compared with each other."""
    unit: Any = timedelta(days=1) if question.kind == "date" else question.step
    found = {one + unit * step for one in points for step in range(-apart, apart + 1)}
    least, most = question.least, question.most
    kept = [one for one in found if (least is None or one >= least) and (most is None or one <= most)]
    return sorted(kept)


def _times(points: set[str], apart: int) -> list[str]:
    found = set(range(apart)) | {1439 - step for step in range(apart)}
    for one in points:
        at = int(one[:2]) * 60 + int(one[3:])
        found |= {at + step for step in range(-apart, apart + 1)}
    return [f"{at // 60:02}:{at % 60:02}" for at in sorted(found) if 0 <= at < 1440]


def _options(question: Question, sets: set[frozenset[str]]) -> list[str]:
    return [one for one, _ in question.options] or [*sorted(frozenset().union(*sets)), "another"]


def _kinds(options: Iterable[str], sets: set[frozenset[str]]) -> list[str]:
    """One option of every kind that the sets tell apart."""
    kinds: dict[frozenset[frozenset[str]], str] = {}
    for option in options:
        kinds.setdefault(frozenset(one for one in sets if option in one), option)
    return list(kinds.values())


def ways(tried: Mapping[str, list[Any]]) -> Iterator[dict[str, Any]]:
    """Every way of answering, the first question slowest."""
    keys = list(tried)
    for values in product(*tried.values()):
        yield {key: value for key, value in zip(keys, values, strict=True) if value is not None}
