"""Which schema the database has, and bringing it to this version's: whole or not at all, and only by command.

Code and schema must fit exactly: an older or a newer database is refused with words, never guessed at.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext, RevisionStep
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError

from engine.casework import engines
from engine.casework.errors import KeyTrouble, SchemaMismatch
from engine.casework.keys import Keys

FOLDER = Path(__file__).parent / "migrations"
ONE_AT_A_TIME = 73_556_081
"""PostgreSQL's lock that lets one upgrade run at a time; SQLite's BEGIN IMMEDIATE does the same."""


@cache
def newest() -> str:
    """The schema that this version of the code works with."""
    head = ScriptDirectory(str(FOLDER)).get_current_head()
    assert head is not None
    return head


def upgrade(engine: Engine, keys: Keys, folder: Path = FOLDER) -> None:
    """Bring the schema up to date in one transaction. Raises SchemaMismatch if the database is newer."""
    script = ScriptDirectory(str(folder))

    def steps(present: tuple[str, ...] | str, context: MigrationContext) -> list[RevisionStep]:
        return list(script._upgrade_revs("head", present))  # type: ignore[arg-type]

    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ONE_AT_A_TIME})
        present = MigrationContext.configure(connection).get_current_revision()
        if present is not None and present not in {one.revision for one in script.walk_revisions()}:
            raise SchemaMismatch(_newer(present))
        with EnvironmentContext(Config(), script, fn=steps) as environment:
            environment.configure(connection=connection, transactional_ddl=True)
            with environment.begin_transaction():
                environment.run_migrations()
        kept = connection.execute(text("SELECT value FROM setting WHERE name = 'key'")).scalar()
        if kept is None:
            connection.execute(
                text("INSERT INTO setting (name, value) VALUES ('key', :value)"), {"value": keys.fingerprint}
            )
        elif kept != keys.fingerprint:
            raise KeyTrouble(_WRONG_KEY)


def older(engine: Engine) -> str | None:
    """The schema of a database that an older version of the code set up; None for any other, a new one included."""
    with engine.connect() as connection:
        present = MigrationContext.configure(connection).get_current_revision()
    return present if present is not None and present != newest() and _is_known(present) else None


def check(connection: Connection, keys: Keys) -> None:
    """Raise SchemaMismatch unless schema and code fit; KeyTrouble if the key is another database's."""
    try:
        found = connection.execute(_WHICH).one()
    except DBAPIError as error:
        if engines.is_busy(error):
            raise
        raise SchemaMismatch("This database has not been set up. Run: trefoil db upgrade") from error
    if found.version != newest():
        raise SchemaMismatch(_older() if _is_known(found.version) else _newer(found.version))
    if found.key != keys.fingerprint:
        raise KeyTrouble(_WRONG_KEY)


_WHICH = text(
    "SELECT version_num AS version, (SELECT value FROM setting WHERE name = 'key') AS key FROM alembic_version"
)
_WRONG_KEY = (
    "This key file belongs to another database. Nothing was changed; put the right key file in place."
)


@cache
def _is_known(version: str) -> bool:
    return version in {one.revision for one in ScriptDirectory(str(FOLDER)).walk_revisions()}


def _older() -> str:
    return "This database was made by an older Trefoil. Run: trefoil db upgrade"


def _newer(version: str) -> str:
    return f"This database was made by a newer Trefoil (schema {version}). Install that version, or restore a backup."
