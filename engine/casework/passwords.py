"""Passwords: argon2id, and the same work for a name that nobody has. Must not know who is signing in."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from engine.casework.errors import CaseworkError
from engine.language.saying import say

HASHER = PasswordHasher()
SHORTEST, LONGEST = 12, 256


def hashed(password: str, *, not_like: str = "") -> str:
    """A hash to keep. Raises CaseworkError for one too short, too long, or the person's own name."""
    if len(password) < SHORTEST:
        raise CaseworkError(
            say(
                "Choose a password of at least %(number)s characters. Three words together do well.",
                number=SHORTEST,
            )
        )
    if len(password) > LONGEST:
        raise CaseworkError(say("Choose a password of at most %(number)s characters.", number=LONGEST))
    if not_like and password.casefold() == not_like.casefold():
        raise CaseworkError("Choose a password that is not the name you sign in with.")
    return HASHER.hash(password)


def right(password: str, kept: str | None) -> bool:
    """Whether the password fits. Without a kept one (nobody has the name) the same work is done in vain."""
    try:
        fits = HASHER.verify(kept or _nobodys(), password[: LONGEST + 1])
    except (VerificationError, InvalidHashError):
        return False
    return fits and kept is not None


@cache
def _nobodys() -> str:
    return HASHER.hash("a password that nobody has")
