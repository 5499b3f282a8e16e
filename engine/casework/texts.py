"""Text as every database can hold it. Knows nothing of what it says."""

from __future__ import annotations


def fit(text: str) -> str:
    """Without NUL characters and halves of characters: no keyboard writes them, and databases refuse them."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def line(text: str | None) -> str:
    """One trimmed line or paragraph that somebody typed; nothing is an empty text."""
    return fit(text or "").strip()
