"""What a store sends to its database: every statement with its values, by those who read and those who write."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event

from engine.casework import Store


@dataclass(frozen=True, slots=True)
class Sent:
    words: str
    values: Any


@contextmanager
def sent_by(store: Store) -> Iterator[list[Sent]]:
    """The statements that reach the database meanwhile."""
    found: list[Sent] = []

    def note(_connection: Any, _cursor: Any, words: str, values: Any, *_: Any) -> None:
        found.append(Sent(words, values))

    with heard(store, note):
        yield found


@contextmanager
def heard(store: Store, note: Callable[..., None]) -> Iterator[None]:
    """Calls `note` before each statement is sent, whether by who reads or by who writes."""
    # What reads PostgreSQL tells the one that writes of all it sends.
    engines = {store.engine, store.readers} if store.embedded else {store.engine}
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)
