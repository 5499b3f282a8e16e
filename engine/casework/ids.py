"""Ids: minted here, and read from whatever an address or a form may hold. Knows nothing else."""

from __future__ import annotations

import json
import uuid
from typing import Any

from engine.casework.errors import NotFound


def new() -> str:
    return str(uuid.uuid4())


def new_row() -> str:
    """An id for a stored row of a repeat."""
    return uuid.uuid4().hex


def known(text: object, what: str = "page") -> str:
    """`text` as an id in its one form. What is no id at all is answered as what does not exist."""
    if isinstance(text, str) and len(text) in (32, 36):
        try:
            return str(uuid.UUID(text))
        except ValueError:
            pass
    raise NotFound(what)


def looks_like(text: object) -> bool:
    """Whether `text` is an id in its one form, so that a database may be asked for it."""
    try:
        return known(text) == text
    except NotFound:
        return False


def canonical(value: Any) -> str:
    """One JSON text for one value, whatever the order in which it was built."""
    return _CANONICAL(value)


_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode
