"""The few column kinds that tables are made of, and the helper that gives every table its (authority, id) key.

They hide what the two databases store differently, so that no other module needs to ask which one it speaks to.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Uuid,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.schema import SchemaItem
from sqlalchemy.types import TypeDecorator

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=NAMES)

Key = Uuid(as_uuid=False)
Document = JSON().with_variant(postgresql.JSONB(), "postgresql")


class Planned(String):
    """One of a few words of our own that an index is about: which it is decides how a query is done."""

    cache_ok = True


class Moment(TypeDecorator[datetime]):
    """A point in time, always in UTC outside and inside; a time without a zone is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A time needs its zone.")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def owned(name: str, *items: SchemaItem) -> Table:
    """A table of one authority's things, keyed by (authority, id)."""
    return Table(
        name,
        metadata,
        Column("authority", Key, ForeignKey("authority.id"), nullable=False),
        Column("id", Key, nullable=False),
        *items,
        PrimaryKeyConstraint("authority", "id"),
    )


def to(table: str, column: str | None = None) -> ForeignKeyConstraint:
    """A foreign key (authority, column) → table(authority, id); the column is named as the table unless said."""
    return ForeignKeyConstraint(["authority", column or table], [f"{table}.authority", f"{table}.id"])


def index(*columns: str, unique: bool = False) -> Index:
    """An index within an authority."""
    return Index(None, "authority", *columns, unique=unique)


def revision() -> Column[int]:
    return Column("revision", Integer, nullable=False, default=1)


def insert_unless_there(table: Table, dialect: str) -> Any:
    """An INSERT that does nothing where the key is taken: two who are first at once must not fail each other."""
    make = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return make(table).on_conflict_do_nothing()
