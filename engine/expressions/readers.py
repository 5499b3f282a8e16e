"""A reader over `facts`, the nested JSON of what an expression may read beyond its form.

Must not know types: what it hands out is JSON, for closures compiled with `json=True`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from engine.expressions.closures import Reader

_STANDING = ("submitted", "approved")


def facts_reader(
    facts: Mapping[str, Any], today: date | None = None, own: Mapping[str, Any] | None = None
) -> Reader:
    """Reads `record.x`, `case.x`, `FORM.x`, `FORM._state` from facts; other keys from `own`, the answers.

    A FORM that is there counts as submitted unless its `_state` says otherwise; the answers of one that is
    neither submitted nor approved are not read.
    """

    def read(key: str) -> Any:
        if key == "today()":
            return None if today is None else today.isoformat()
        if own is not None:
            found = _descend(own, key)
            if found is not None:
                return found
        head, _, rest = key.partition(".")
        part = facts.get(head)
        if not rest or not isinstance(part, Mapping):
            return None
        if head in ("record", "case"):
            return _descend(part, rest)
        state = part.get("_state", "submitted")
        if rest == "_state":
            return state
        return _descend(part, rest) if state in _STANDING else None

    return read


def _descend(place: Any, key: str) -> Any:
    """The value at a dotted key, which may also stand there undivided (`QUESTION.other`)."""
    while isinstance(place, Mapping):
        if key in place:
            return place[key]
        head, dot, key = key.partition(".")
        if not dot:
            return None
        place = place.get(head)
    return None
