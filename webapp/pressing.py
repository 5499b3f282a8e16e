"""A button pressed twice, or pressed again because no reply came: its form carries a key, and the work is done once."""

from __future__ import annotations

from hashlib import blake2b
from uuid import uuid4

from flask import Flask, request
from markupsafe import Markup


def posted_key() -> str | None:
    """The key of the form that was posted; None where it carried none."""
    return request.form.get("key", "")[:64] or None


def key_of(text: str) -> str | None:
    """The same where people write: pressed again, as after going back, with other words it is another thing."""
    key = posted_key()
    return blake2b(f"{key}\n{text}".encode(), digest_size=32).hexdigest() if key else None


def key_field() -> Markup:
    """A key for a form that is about to be drawn."""
    return Markup('<input type="hidden" name="key" value="{}">').format(uuid4().hex)


def give_keys(app: Flask) -> None:
    app.jinja_env.globals["key_field"] = key_field
