"""The values worth trying for one answer: options of every kind that is told apart, ends of numbers and days.

Must not know what is sought, nor how a value reads once it is tried.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import product
from typing import Any

from engine.expressions import tree
from engine.expressions.changeable import Answerable
from engine.expressions.values import LIMIT, SIXTH

_MOST_KINDS = 5
_MOST_SIZES = 8
_DAY = timedelta(days=1)
_TIME = ("00:00", "12:00", "23:59")


def apart(options: Iterable[str], sets: Iterable[frozenset[str]], given: Any) -> list[list[str]]:
    """The options by kind: those together that no condition tells apart, in the order of the list."""
    kinds: dict[tuple[bool, ...], list[str]] = {}
    told = list(dict.fromkeys(sets))
    for option in options:
        kinds.setdefault(tuple(option in one for one in told), []).append(option)
    return list(kinds.values())


def of_choice(answer: Answerable, sets: Sequence[frozenset[str]], beside: Iterable[Any]) -> Iterator[Any]:
    """One option of every kind; and where two questions are compared, what the other says, and one that it does not."""
    options = _options(answer, sets)
    for kind in apart(options, sets, answer.given):
        yield from kind[:1] if answer.given not in kind else [one for one in kind if one != answer.given][:1]
    others = [one for one in beside if isinstance(one, str)]
    yield from (one for one in others if one in options)
    if others:
        yield from (one for one in options if one not in others and one != answer.given)


def of_choices(answer: Answerable, sets: Sequence[frozenset[str]], counted: bool) -> Iterator[Any]:
    """Every way of having options of some kinds and none of others, each with as little change as can be."""
    given: frozenset[str] = answer.given or frozenset()
    options = _options(answer, sets)
    kinds = apart(options, sets, None)
    gone = given - set(options)
    if len(kinds) > _MOST_KINDS:
        yield from (given | {one} for one in options)
        yield from (given - one for one in [*sets, *(frozenset({each}) for each in given)])
        kinds = kinds[:_MOST_KINDS]
    for way in product((True, False), repeat=len(kinds)):
        chosen: set[str] = set()
        for kind, there in zip(kinds, way, strict=True):
            chosen |= (given.intersection(kind) or {kind[0]}) if there else set()
        # What can no longer be chosen may stay or go, but never come.
        for kept in (frozenset(chosen) | gone, frozenset(chosen)):
            yield kept
            if counted:
                wider = [one for kind, there in zip(kinds, way, strict=True) if there for one in kind]
                yield from _sizes(kept, given, wider)


def _sizes(chosen: frozenset[str], given: frozenset[str], options: Sequence[str]) -> Iterator[frozenset[str]]:
    more = [one for one in options if one not in chosen]
    for number in range(1, min(len(more), _MOST_SIZES) + 1):
        yield chosen | frozenset(more[:number])
    fewer = sorted(chosen, key=lambda one: (one not in given, one), reverse=True)
    for number in range(1, len(fewer)):
        yield frozenset(fewer[number:])


def of_number(low: Any, high: Any, answer: Answerable) -> Iterator[Decimal]:
    """The ends, what is nearest to the answer given, and the nearest round numbers."""
    step = Decimal(1) if answer.whole else SIXTH
    low = _highest(low, answer.least, SIXTH - LIMIT).quantize(step, ROUND_CEILING)
    high = _lowest(high, answer.most, LIMIT - SIXTH).quantize(step, ROUND_FLOOR)
    if low > high:
        return
    given = answer.given
    ends = [one for one in (low, high) if abs(one) < LIMIT - 1]
    for one in [*ends, Decimal(0), Decimal(1), *([given, given + 1, given - 1] if given is not None else [])]:
        held = max(low, min(high, one))
        yield held
        for round_ in (held.to_integral_value(ROUND_CEILING), held.to_integral_value(ROUND_FLOOR)):
            if low <= round_ <= high:
                yield round_
    yield from (low, high)


def of_day(low: Any, high: Any, answer: Answerable, today: date | None) -> Iterator[date]:
    """The ends and what is nearest to the answer given, or to today."""
    low = _highest(low, answer.least, date.min)
    high = _lowest(high, answer.most, date.max)
    if low > high:
        return
    near = answer.given or today
    for one in (near, low if low != date.min else high, high if high != date.max else low):
        if one is not None:
            yield max(low, min(high, one))
    if near is not None:
        if near < high:
            yield max(near + _DAY, low)
        if near > low:
            yield min(near - _DAY, high)


def of_time(beside: Iterable[Any]) -> Iterator[str]:
    """Times on and a minute beside those compared with."""
    for one in beside:
        if isinstance(one, str) and len(one) == 5:
            at = int(one[:2]) * 60 + int(one[3:])
            yield from (
                f"{each // 60:02}:{each % 60:02}" for each in (at, at + 1, at - 1) if 0 <= each < 1440
            )
    yield from _TIME


def of_text(answer: Answerable, beside: Iterable[Any]) -> Iterator[Any]:
    """What it is compared with, and words that nothing is compared with."""
    others = [one for one in beside if isinstance(one, str)]
    yield from others
    other = answer.text
    while isinstance(other, str) and (other in others or other == answer.given):
        other = f"{other} else"
    yield other


def sets_of(node: tree.Node) -> Iterator[tuple[str, frozenset[str]]]:
    """Which options conditions ask about, by the name of the question."""
    if isinstance(node, tree.Member | tree.Includes) and isinstance(node.operand, tree.Read):
        yield node.operand.name, node.options


def _options(answer: Answerable, sets: Iterable[frozenset[str]]) -> list[str]:
    return [one for one, _ in answer.options] or sorted(frozenset().union(*sets))


def _highest(*found: Any) -> Any:
    return max(one for one in found if one is not None)


def _lowest(*found: Any) -> Any:
    return min(one for one in found if one is not None)
