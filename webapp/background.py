"""What runs beside the pages: watching the workspace, and the clock that passed deadlines wait for.

Every web process starts this; a lock lets one of them do it, and another take over when that one ends. Must not
know Flask.
"""

from __future__ import annotations

import fcntl
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import structlog

from engine.casework import (
    SYSTEM,
    CaseworkError,
    Store,
    authorities,
    deadlines,
    handing_over,
    outbox,
    posting,
    signing_in,
    stacks,
    unsaved,
)
from engine.casework.outbox import Deliverer
from webapp.letters import carrier
from webapp.logs import passed
from webapp.publishing import in_a_process
from webapp.settings import Settings
from webapp.watching import Watcher

log = structlog.get_logger("webapp.background")
BETWEEN_LOOKS = 1.0
BETWEEN_TICKS = 60.0
BETWEEN_TIDYINGS = 3600.0


class Background:
    """A thread that holds the lock while it works; `stop` ends it."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self._store = store
        self._settings = settings
        self._watcher = Watcher(settings.workspace, self._publish) if settings.workspace else None
        self._carry = carrier(store, settings)
        self._lock = settings.data / "background.lock"
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="trefoil-background", daemon=True)

    def start(self) -> Background:
        self._thread.start()
        return self

    def stop(self) -> None:
        self._ending.set()
        self._thread.join(timeout=10)

    def _run(self) -> None:
        self._lock.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with Path(self._lock).open("w") as held:
            while not self._ending.is_set():
                try:
                    fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    self._ending.wait(BETWEEN_LOOKS * 2)
            waited, untidy = BETWEEN_TICKS, BETWEEN_TIDYINGS
            while not self._ending.is_set():
                if self._watcher is not None:
                    self._try("watching", self._watcher.look)
                if waited >= BETWEEN_TICKS:
                    waited = 0.0
                    self._try("clock", lambda: tick(self._store, datetime.now(UTC), self._carry))
                if untidy >= BETWEEN_TIDYINGS:
                    untidy = 0.0
                    self._try("tidying", lambda: unsaved.tidy(self._store, now=datetime.now(UTC)))
                self._ending.wait(BETWEEN_LOOKS)
                waited += BETWEEN_LOOKS
                untidy += BETWEEN_LOOKS

    def _publish(self) -> str:
        outcome = in_a_process(self._settings, self._ending)
        if outcome == "published":
            stacks.foresee(self._store)
        return outcome

    def _try(self, what: str, job: Callable[[], object]) -> None:
        try:
            job()
        except CaseworkError as error:
            log.warning("background", what=what, kind=type(error).__name__)
        except Exception as error:
            # The pages must go on whatever happens here; the log says what did.
            log.error("background", what=what, kind=type(error).__name__, at=passed(error))


def tick(store: Store, now: datetime, carry: Deliverer) -> None:
    """What time brings: passed deadlines are acted on, what was handed over comes back, letters are written and
    carried, old sessions are tidied away."""
    for authority in authorities.names(store):
        with store.desk(authority, SYSTEM, now=now) as desk:
            deadlines.settle_due(desk)
            handing_over.settle_due(desk)
            posting.post(desk)
    outbox.deliver(store, carry, now=now)
    signing_in.tidy(store, now=now)
