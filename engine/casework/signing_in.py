"""Signing in and staying signed in. Skeleton: signatures are settled, bodies follow."""

from __future__ import annotations

from datetime import datetime

from engine.casework.store import Store
from engine.casework.values import Session


def begin(
    store: Store, sign_in: str, password: str, *, address: str, now: datetime, replaces: str | None = None
) -> Session:
    """Check name and password and begin a session with a new token; `replaces` is the token held before.

    Raises SignInRefused, the same for unknown names, wrong passwords and closed accounts; `.wait` seconds if throttled.
    """
    raise NotImplementedError


def session(store: Store, token: str, *, now: datetime) -> Session | None:
    """Whose session a token is, or None if ended, idle too long, expired or unknown. Marks it as seen."""
    raise NotImplementedError


def end(store: Store, token: str, *, now: datetime) -> None:
    """Sign out: the token is worth nothing from now on."""
    raise NotImplementedError


def confirm(store: Store, token: str, password: str, *, now: datetime) -> bool:
    """Whether the password is the signed-in person's own, for steps that ask again."""
    raise NotImplementedError
