"""Compares what a scenario expects with what came: subsets, exact lists, values; and says the difference.

Must not know forms, workflows nor how a scenario is run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any


def several(value: object) -> list[Any]:
    """One or several as several."""
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def has(what: str, expected: object, came: Iterable[str]) -> Iterator[str]:
    """All that is expected is there; `[]` expects nothing at all."""
    found, wanted = list(came), [str(one) for one in several(expected)]
    missing = [one for one in wanted if one not in found]
    if missing:
        yield f"expected {what}: {_listed(missing)}; came: {_listed(found)}"
    elif not wanted and found:
        yield f"expected nothing {what}; came: {_listed(found)}"


def only(what: str, expected: object, came: Iterable[str]) -> Iterator[str]:
    """Exactly what is expected is there, in whatever order."""
    found, wanted = list(came), [str(one) for one in several(expected)]
    missing = [one for one in wanted if one not in found]
    extra = [one for one in found if one not in wanted]
    if missing or extra:
        yield f"expected exactly {what}: {_listed(wanted)}; missing: {_listed(missing)}; beyond: {_listed(extra)}"


def none_of(what: str, expected: object, came: Iterable[str]) -> Iterator[str]:
    """Nothing of what is named is there."""
    found = list(came)
    there = [str(one) for one in several(expected) if str(one) in found]
    if there:
        yield f"expected not {what}: {_listed(there)}; but so it is"


def equal(what: str, expected: object, came: object) -> Iterator[str]:
    """The value is as expected."""
    if not alike(expected, came):
        yield f"expected {what}: {shown(expected)}; came: {shown(came)}"


def values(what: str, expected: object, came: Mapping[str, Any]) -> Iterator[str]:
    """Every value named is as expected; others may be there."""
    if isinstance(expected, Mapping):
        for name, value in expected.items():
            if not alike(value, came.get(name)):
                yield f"expected {what} ‘{name}’: {shown(value)}; came: {shown(came.get(name))}"


def problems(what: str, expected: object, came: Iterable[Any]) -> Iterator[str]:
    """Every problem named (`question`, or with its code) is there; `[]` expects none."""
    found = [(one.question, one.code) for one in came]
    wanted = list(questions(expected))
    told = [f"{question} ({code})" for question, code in found]
    for question, code in wanted:
        if not any(question == one and code in (None, other) for one, other in found):
            named = question if code is None else f"{question} ({code})"
            yield f"expected {what}: {named}; came: {_listed(told)}"
    if not wanted and found and not isinstance(expected, Mapping):
        yield f"expected no {what}; came: {_listed(told)}"


def questions(expected: object) -> Iterator[tuple[str, str | None]]:
    """The questions of which problems are expected, each with its code if that is said."""
    if isinstance(expected, Mapping):
        if "question" in expected:
            yield str(expected["question"]), _word(expected.get("code"))
        else:
            for question, code in expected.items():
                yield str(question), _word(code)
        return
    for one in several(expected):
        if isinstance(one, Mapping):
            yield from questions(one)
        else:
            yield str(one), None


def _word(value: object) -> str | None:
    return None if value is None else str(value)


def alike(expected: object, came: object) -> bool:
    """Whether a value is as expected: maps by their named keys, lists item by item, numbers by what they come to."""
    if isinstance(expected, Mapping):
        return isinstance(came, Mapping) and all(
            alike(value, came.get(name)) for name, value in expected.items()
        )
    if isinstance(expected, list | tuple):
        if not isinstance(came, list | tuple):
            return not expected and came is None
        return len(expected) == len(came) and all(alike(*pair) for pair in zip(expected, came, strict=True))
    if isinstance(expected, bool) or isinstance(came, bool) or expected is None or came is None:
        return expected is came
    if str(expected) == str(came):
        return True
    try:
        return Decimal(str(expected)) == Decimal(str(came))
    except InvalidOperation:
        return False


def shown(value: object) -> str:
    """A value as authors write it."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}: {shown(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(shown(one) for one in value) + "]"
    return str(value)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "nothing"
