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
from engine.language.saying import later, say, say_day

_OF_RECORD = {
    "record.markers": later("add a marker to the record"),
    "record.links": later("add a link to the record"),
    "record.actions": later("add an action to the record"),
}
_STATES = {
    "submitted": "submit the form ‘%(form)s’",
    "approved": "have the form ‘%(form)s’ approved",
    "returned": "send back the form ‘%(form)s’",
}


def instruction(changed: Iterable[Changed], hidden: frozenset[str] = frozenset()) -> str:
    """What to do, as one phrase: answer “Told?” with yes, and submit the form ‘Assessment’.

    Of answers at the paths in `hidden` neither label nor value is told.
    """
    said = list(dict.fromkeys(_hidden() if one.path in hidden else _one(one) for one in changed))
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])}, {say('and')} {said[-1]}"


def _hidden() -> str:
    return say("have something you may not see changed")


def _one(change: Changed) -> str:
    answer, value = change.answer, change.value
    label = f"“{answer.label}”"
    label = say("%(cell)s in %(rows)s", cell=label, rows=answer.where) if answer.where else label
    if value is ADDED:
        return (
            say(_OF_RECORD[answer.rows])
            if answer.rows in _OF_RECORD
            else say("add a row to %(rows)s", rows=label)
        )
    if value is REMOVED:
        number = re.search(r"\[(\d+)\]$", answer.path)
        return say(
            "take row %(number)s out of %(rows)s", number=int(number[1]) + 1 if number else "", rows=label
        )
    if answer.kind == "state":
        if value == "submitted" and answer.given is not None:
            return say("submit the form ‘%(form)s’ again", form=answer.label)
        return say(_STATES.get(str(value), "change the form ‘%(form)s’"), form=answer.label)
    if value is None:
        return say("leave %(question)s blank", question=label)
    if isinstance(value, frozenset) and answer.options:
        return _choices(change, label)
    if value == answer.text or answer.kind in ("record", "records", "thing"):
        if answer.given is not None:
            return say("answer %(question)s differently", question=label)
        return say("answer %(question)s", question=label)
    return say(
        "answer %(question)s with %(value)s", question=label, value=value_said(value, dict(answer.options))
    )


def _choices(change: Changed, label: str) -> str:
    options = dict(change.answer.options)
    given = change.answer.given or frozenset()
    came = [f"‘{said}’" for one, said in options.items() if one in change.value and one not in given]
    went = [f"‘{options.get(one, one)}’" for one in sorted(given) if one not in change.value]
    parts = []
    if came:
        parts.append(say("choose %(options)s in %(question)s", options=_listed(came), question=label))
    if went:
        wording = "no longer %(options)s" if came else "take %(options)s out of %(question)s"
        parts.append(say(wording, options=_listed(went), question=label))
    return f", {say('and')} ".join(parts)


def value_said(value: Any, options: Mapping[str, str]) -> str:
    """A value as people read it; options by their labels."""
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    if isinstance(value, date):
        return say_day(value)
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, frozenset):
        return _listed([f"‘{options.get(one, one)}’" for one in sorted(value)])
    return f"‘{options.get(value, value)}’" if isinstance(value, str) else str(value)


def _listed(said: list[str]) -> str:
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} {say('and')} {said[-1]}"
