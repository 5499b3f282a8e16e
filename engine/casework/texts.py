"""Text as every database can hold it. Knows nothing of what it says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.casework.errors import CaseworkError
from engine.language.saying import say


def fit(text: str) -> str:
    """Without NUL characters and halves of characters: no keyboard writes them, and databases refuse them."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def fit_within(value: Any) -> Any:
    """A JSON value with every text in it made fit: a definition may write any character as an escape."""
    if isinstance(value, str):
        return fit(value)
    if isinstance(value, Mapping):
        return {fit(name): fit_within(one) for name, one in value.items()}
    return [fit_within(one) for one in value] if isinstance(value, list | tuple) else value


def within(text: str | None, longest: int) -> str:
    """`line`, refused where it is longer than is kept: nothing typed is cut unseen. Raises CaseworkError."""
    found = line((text or "").replace("\r\n", "\n"))
    if len(found) > longest:
        raise CaseworkError(
            say(
                "A text of %(long)s characters is too long: at most %(longest)s can be kept here. Shorten it, and "
                "try again.",
                long=len(found),
                longest=longest,
            )
        )
    return found


def line(text: str | None) -> str:
    """One trimmed line or paragraph that somebody typed; nothing is an empty text."""
    return fit(text or "").strip()
