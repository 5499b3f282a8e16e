"""What time it is, in one place, so that a test can say."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import current_app


def now() -> datetime:
    """The present moment; `CLOCK` in the application's settings stands in for it in tests."""
    said = current_app.config.get("CLOCK")
    found: datetime = said() if said else datetime.now(UTC)
    return found
