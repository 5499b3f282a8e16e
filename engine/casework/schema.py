"""Which schema the database has, and bringing it up to date. Skeleton."""

from __future__ import annotations

from sqlalchemy.engine import Connection, Engine

from engine.casework.keys import Keys


def upgrade(engine: Engine, keys: Keys) -> None:
    raise NotImplementedError


def check(connection: Connection, keys: Keys) -> None:
    raise NotImplementedError
