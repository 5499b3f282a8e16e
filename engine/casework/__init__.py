"""Casework: the only room that knows the database.

Everything that people write and decide is kept here, with who may see it and a trace of every look and change.
Work begins with `Store(url, key_file=…)` and `with store.desk(authority, person, now=…) as desk:`; every other
function takes that desk first. This room must not know the web.
"""

from engine.casework.errors import (
    Busy,
    CaseworkError,
    NotFound,
    NotPermitted,
    NotReady,
    Refused,
    SchemaMismatch,
    Stale,
)
from engine.casework.store import SYSTEM, Desk, MustWrite, Store

__all__ = [
    "MustWrite",
    "Store",
    "Desk",
    "SYSTEM",
    "CaseworkError",
    "NotFound",
    "NotPermitted",
    "NotReady",
    "Refused",
    "Stale",
    "Busy",
    "SchemaMismatch",
]
