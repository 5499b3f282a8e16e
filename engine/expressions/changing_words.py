"""A change of answers in plain words: what to answer, choose, leave blank, add or submit.

Must not know why the change is offered.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from engine.expressions.changeable import ADDED, REMOVED, Changed
from engine.expressions.values import plain

UNSEEN = "something you may not see"
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
_OF_RECORD = {
    "record.markers": "a marker to the record",
    "record.links": "a link to the record",
    "record.actions": "an action to the record",
}
_STATES = {"submitted": "submit", "approved": "have approved", "returned": "send back"}


def instruction(changed: Iterable[Changed], hidden: frozenset[str] = frozenset()) -> str:
    """What to do, as one phrase: answer “Told?” with yes, and submit the form ‘Assessment’.

    Of answers at the paths in `hidden` neither label nor value is told.
    """
    said = list(dict.fromkeys(_hidden() if one.path in hidden else _one(one) for one in changed))
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])}, and {said[-1]}"


def _hidden() -> str:
    return f"have {UNSEEN} changed"


def _one(change: Changed) -> str:
    answer, value = change.answer, change.value
    label = f"“{answer.label}”" + (f" in {answer.where}" if answer.where else "")
    if value is ADDED:
        return f"add {_OF_RECORD.get(answer.rows, f'a row to {label}')}"
    if value is REMOVED:
        number = re.search(r"\[(\d+)\]$", answer.path)
        return f"take row {int(number[1]) + 1 if number else ''} out of {label}"
    if answer.kind == "state":
        again = " again" if value == "submitted" and answer.given is not None else ""
        return f"{_STATES.get(str(value), 'change')} the form ‘{answer.label}’{again}"
    if value is None:
        return f"leave {label} blank"
    if isinstance(value, frozenset) and answer.options:
        return _choices(change, label)
    if value == answer.text or answer.kind in ("record", "records", "thing"):
        return f"answer {label} differently" if answer.given is not None else f"answer {label}"
    return f"answer {label} with {value_said(value, dict(answer.options))}"


def _choices(change: Changed, label: str) -> str:
    options = dict(change.answer.options)
    given = change.answer.given or frozenset()
    came = [f"‘{said}’" for one, said in options.items() if one in change.value and one not in given]
    went = [f"‘{options.get(one, one)}’" for one in sorted(given) if one not in change.value]
    parts = []
    if came:
        parts.append(f"choose {_listed(came)} in {label}")
    if went:
        parts.append(f"take {_listed(went)} out of {label}" if not came else f"no longer {_listed(went)}")
    return ", and ".join(parts)


def value_said(value: Any, options: Mapping[str, str]) -> str:
    """A value as people read it; options by their labels."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, frozenset):
        return _listed([f"‘{options.get(one, one)}’" for one in sorted(value)])
    return f"‘{options.get(value, value)}’" if isinstance(value, str) else str(value)


def _listed(said: list[str]) -> str:
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"
