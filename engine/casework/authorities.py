"""Authorities in one database: each a world of its own, with a name and the host name at which its pages stand."""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.engine import Connection

from engine.casework import ids
from engine.casework.errors import CaseworkError
from engine.casework.store import Store
from engine.casework.tables import authority

ADDRESS = re.compile(r"(?=.{1,253}\Z)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")


def found(store: Store, name: str, *, now: datetime, address: str | None = None) -> str:
    """Make an authority, at a host name of its own or at every other; returns its id.

    Raises CaseworkError where another has this address, or what is given is no host name.
    """
    made = ids.new()
    wanted = _address(address)
    row = {"id": made, "name": name, "made_at": now, "address": wanted}
    with store.writing() as connection:
        _address_is_free(connection, wanted, made)
        connection.execute(authority.insert(), row)
    return made


def set_address(store: Store, authority_id: str, address: str | None) -> None:
    """Give an authority another host name, or none. Raises CaseworkError as `found` does."""
    wanted = _address(address)
    with store.writing() as connection:
        _address_is_free(connection, wanted, authority_id)
        connection.execute(update(authority).where(authority.c.id == authority_id).values(address=wanted))


def at_address(store: Store, host: str) -> tuple[str, str] | None:
    """Whose pages stand at a host name, by id and name: the authority that has it, else the oldest without any.

    None where nobody's do. Nothing that a person posts takes part in this.
    """
    with store.reading() as connection:
        row = connection.execute(_AT_ADDRESS, {"host": host.lower()}).first()
    return (row.id, row.name) if row is not None else None


_AT_ADDRESS = (
    select(authority.c.id, authority.c.name)
    .where(or_(authority.c.address == bindparam("host"), authority.c.address.is_(None)))
    .order_by(authority.c.address.is_(None), authority.c.made_at, authority.c.id)
    .limit(1)
)


def addresses(store: Store) -> dict[str, str | None]:
    """Every authority's host name, by id."""
    with store.reading() as connection:
        found = connection.execute(select(authority.c.id, authority.c.address).order_by(authority.c.made_at))
        return {row.id: row.address for row in found}


def _address(given: str | None) -> str | None:
    if given is None:
        return None
    address = given.strip().lower()
    if not ADDRESS.fullmatch(address):
        raise CaseworkError(
            f"‘{given}’ is no host name. Write it without https:// and without a port, as trefoil.council.example."
        )
    return address


def _address_is_free(connection: Connection, address: str | None, for_whom: str) -> None:
    """Two authorities at one address could not be told apart."""
    if address is None:
        return
    mine = authority.c.address == address
    other = connection.execute(select(authority.c.name).where(mine, authority.c.id != for_whom)).scalar()
    if other is not None:
        raise CaseworkError(f"{other} has the address {address} already. Choose another.")


def names(store: Store) -> dict[str, str]:
    """Every authority's name, by id."""
    with store.reading() as connection:
        found = connection.execute(select(authority.c.id, authority.c.name).order_by(authority.c.made_at))
        return {row.id: row.name for row in found}
