"""Expressions as SQL: what a condition or a calculation means, asked of a whole table at once.

    compiled(typed, access, EMBEDDED or POSTGRES)   # a SQLAlchemy expression; NULL: missing or unknown
    register(connection)                            # our functions on an embedded connection, once

It agrees with the closures of `engine.expressions`, node by node, and is held to that on both databases by random
cases. The one difference: there is no budget of steps. `access` says where answers stand: in JSON, or in typed columns.
Numbers are whole millionths. Must not know forms, who asks, or what may be shown.
"""

from engine.casework.sql.access import Access, Cell, Columns, Documents, Json, Members
from engine.casework.sql.compiling import compiled
from engine.casework.sql.dialects import Dialect
from engine.casework.sql.embedded import Embedded
from engine.casework.sql.functions import register
from engine.casework.sql.postgresql import Postgresql

EMBEDDED = Embedded()
POSTGRES = Postgresql()


def dialect_of(name: str) -> Dialect:
    """The dialect for SQLAlchemy's name of one."""
    return POSTGRES if name == "postgresql" else EMBEDDED


__all__ = [
    "EMBEDDED", "POSTGRES", "Access", "Cell", "Columns", "Dialect", "Documents", "Json", "Members", "compiled",
    "dialect_of", "register",
]  # fmt: skip
