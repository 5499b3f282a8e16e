"""A training copy of one proposed change: invented people and cases under it, apart from all that is real.

Each copy is an application of its own over a database of its own, served below /training/ID/ to whoever is signed in
to the real one. Nothing leaves it: no background work delivers its messages. Every page says what it is.
"""

from __future__ import annotations

import fcntl
import json
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any

from flask import Flask
from flask_login import current_user
from werkzeug.utils import redirect

from engine import packs
from engine.casework import SchemaMismatch, Store, authorities, ids
from engine.casework.proposals import Proposal
from webapp.demo.making import fill
from webapp.demo.people import PASSWORD, SignInHelp, for_pack
from webapp.settings import Settings
from webapp.uploading import InMemory

PREFIX = "/training"
MOST_COPIES = 4
_OF = "of.json"
_ADDRESS = re.compile(rf"{PREFIX}/([0-9a-f-]{{36}})(/.*|)\Z")
Wsgi = Callable[..., Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class Copy:
    """What a training copy is of. `left_out` are steps of the story that do not fit the changed definitions."""

    proposal: str
    number: int
    authority: str
    hash: str
    left_out: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        return f"{PREFIX}/{self.proposal}/"


class _Below(InMemory):
    """A request whose path names the copy too, so that addresses kept or gone back to stay within it."""

    def __init__(self, environ: Any, *given: Any, **named: Any) -> None:
        super().__init__(environ, *given, **named)
        self.path = f"{self.script_root}{self.path}"


class Training:
    """Serves the copies below their addresses; all else goes to the real application."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self._app, self._settings = app, settings
        self._real: Wsgi = app.wsgi_app
        self._open: dict[str, tuple[str, Flask]] = {}
        self._lock = Lock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        found = _ADDRESS.match(environ.get("PATH_INFO", ""))
        if found is None:
            return self._real(environ, start_response)
        who = self._signed_in(environ)
        if who is None:
            return self._sign_in_first(environ)(environ, start_response)
        copy = read(self._settings, found[1])
        if copy is None or copy.authority != who:
            return self._real(environ, start_response)
        below = {**environ, "SCRIPT_NAME": f"{environ.get('SCRIPT_NAME', '')}{PREFIX}/{found[1]}",
                 "PATH_INFO": found[2] or "/"}  # fmt: skip
        try:
            application = self._application(copy)
        except SchemaMismatch:
            # Made by another version of Trefoil. The page of its change makes a new one where there is none.
            _take_away(self._settings, copy.proposal)
            return self._real(environ, start_response)
        return application(below, start_response)

    def _signed_in(self, environ: dict[str, Any]) -> str | None:
        with self._app.request_context(environ):
            return current_user.authority if current_user.is_authenticated else None

    def _sign_in_first(self, environ: dict[str, Any]) -> Wsgi:
        # With what every reply carries: this one is made before the real application is asked.
        with self._app.request_context(environ):
            away = redirect(f"{environ.get('SCRIPT_NAME', '')}/sign-in", 303)
            return self._app.process_response(self._app.make_response(away))

    def _application(self, copy: Copy) -> Flask:
        with self._lock:
            known = self._open.get(copy.proposal)
            if known is not None and known[0] == copy.hash:
                return known[1]
            if known is not None:
                known[1].extensions["trefoil_store"].close()
            made = self._made(copy)
            self._open[copy.proposal] = (copy.hash, made)
            return made

    def _made(self, copy: Copy) -> Flask:
        from webapp.app import create_app

        settings = settings_of(self._settings, copy.proposal)
        app = create_app(settings)
        app.request_class = _Below
        app.config["SESSION_COOKIE_NAME"] = f"{settings.cookie_name}-training"
        app.config["DEMO_PEOPLE"] = SignInHelp(for_pack(_live_stack(app)), PASSWORD)
        if "CLOCK" in self._app.config:
            app.config["CLOCK"] = self._app.config["CLOCK"]
        back = f"/definitions/changes/{copy.proposal}"
        app.jinja_env.globals["training_of"] = {"number": copy.number, "back": back}
        return app


def _live_stack(app: Flask) -> Any:
    from engine.casework import SYSTEM

    store: Store = app.extensions["trefoil_store"]
    authority = next(iter(authorities.names(store)))
    with store.desk(authority, SYSTEM, now=datetime.now(UTC)) as desk:
        return desk.stack


def settings_of(settings: Settings, proposal: str) -> Settings:
    """Where a copy keeps its data: below the real data's folder, and with a key of its own below the real keys'."""
    folder = settings.data / "training" / proposal
    return replace(
        settings,
        data=folder / "data",
        database=str(folder / "data" / "training.db"),
        key_file=settings.key_file.parent / "training" / proposal / "trefoil.key",
        workspace=None,
        owner_database=None,
        mode="training",
    )


def read(settings: Settings, proposal: str) -> Copy | None:
    """The copy of a proposal, if one was made."""
    try:
        said = json.loads((settings.data / "training" / proposal / _OF).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return Copy(**{**said, "left_out": tuple(said["left_out"])})


def there(app: Flask, found: Proposal) -> Copy | None:
    """The copy of a change as it is now; one of an earlier state of it does not count."""
    copy = read(app.config["TREFOIL"], found.id) if found.hash else None
    return copy if copy is not None and copy.hash == found.hash else None


def make(app: Flask, found: Proposal, authority: str, pack: packs.Pack) -> None:
    """Make the copy of a change: the demonstration's people and story under the changed definitions."""
    settings: Settings = app.config["TREFOIL"]
    top = settings.data / "training"
    with _in_turn(top):
        copy = there(app, found)
        if copy is not None:
            return
        _take_away(settings, found.id)
        for old in _oldest(top)[MOST_COPIES - 1 :]:
            _take_away(settings, old)
        own = settings_of(settings, found.id)
        own.data.mkdir(parents=True, mode=0o700)
        store = Store(own.database, key_file=own.key_file)
        try:
            store.upgrade()
            left_out: list[str] = []
            fill(store, pack, now=datetime.now(UTC), left_out=left_out)
        finally:
            store.close()
        made = Copy(found.id, found.number, authority, pack.hash, tuple(left_out))
        text = json.dumps({name: getattr(made, name) for name in Copy.__slots__})
        beside = own.data.parent / f"{_OF}.new"
        beside.write_text(text, encoding="utf-8")
        beside.rename(own.data.parent / _OF)


def _oldest(top: Path) -> list[str]:
    """Copies by their age, the newest first."""
    found = [one for one in top.iterdir() if one.is_dir() and ids.looks_like(one.name)]
    return [one.name for one in sorted(found, key=lambda one: one.stat().st_mtime, reverse=True)]


def _take_away(settings: Settings, proposal: str) -> None:
    (settings.data / "training" / proposal / _OF).unlink(missing_ok=True)
    shutil.rmtree(settings.data / "training" / proposal, ignore_errors=True)
    shutil.rmtree(settings.key_file.parent / "training" / proposal, ignore_errors=True)


@contextmanager
def _in_turn(top: Path) -> Iterator[None]:
    """One copy is made at a time, whichever process is asked."""
    top.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (top / "making.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def serve_copies(app: Flask, settings: Settings) -> None:
    """Have the copies served beside the real application; a copy has no copies."""
    if settings.mode != "training":
        app.wsgi_app = Training(app, settings)  # type: ignore[method-assign]
