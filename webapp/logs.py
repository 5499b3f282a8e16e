"""What the web process writes to its log: events with a short list of fields, so that no content can slip in.

An exception's own words may quote what somebody wrote; the log holds its kind and the lines it passed, never them.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog

ALLOWED = frozenset(
    {
        "event", "level", "timestamp", "reference", "endpoint", "kind", "at", "person", "where", "names", "count",
        "outcome", "what",
    }
)  # fmt: skip
MOST_FRAMES = 12


def only_allowed(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drops every field that is not on the list."""
    return {name: value for name, value in event.items() if name in ALLOWED}


def passed(error: BaseException) -> list[str]:
    """The lines an exception passed through, without what it says."""
    frames = traceback.extract_tb(error.__traceback__)[-MOST_FRAMES:]
    return [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames]


def start_logging() -> None:
    """One line of JSON an event, on the error stream."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            only_allowed,
            structlog.processors.JSONRenderer(sort_keys=True),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(_stderr()),
        cache_logger_on_first_use=False,
    )


def _stderr() -> Any:
    import sys

    return sys.stderr
