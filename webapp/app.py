"""Puts the web application together: settings, security, sessions, pages. `create_app` is all that others call."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, url_for
from jinja2 import StrictUndefined

from engine.casework import Store
from webapp import (
    dead_sessions,
    lighter,
    places,
    pressing,
    problems,
    security,
    sessions,
    speaking,
    surroundings,
    switching,
    training,
    uploading,
)
from webapp.kept import KeptPosts
from webapp.settings import Settings
from webapp.showing import declared

HERE = Path(__file__).resolve().parent


def create_app(settings: Settings, *, store: Store | None = None) -> Flask:
    """The application over one database. Raises SchemaMismatch when that was never set up or is of another version,
    and RuntimeError when a route does not declare what it shows."""
    app = Flask("webapp", root_path=str(HERE), static_folder="static", static_url_path="/static")
    app.config["TREFOIL"] = settings
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    opened = store or Store(
        settings.database, key_file=settings.key_file, alters=False, keeps=settings.kept_stacks
    )
    opened.check()
    app.extensions["trefoil_store"] = opened
    security.secure(app, settings)
    lighter.serve_lighter(app)
    places.stand_apart(app)
    sessions.start_sessions(app)
    kept = KeptPosts(settings.data / "kept", settings.secret("kept"), settings.kept_for_minutes)
    kept.sweep(datetime.now(UTC))
    dead_sessions.start_keeping(app, kept)
    pressing.give_keys(app)
    surroundings.around_pages(app, places.name_of_it, settings.mode)
    speaking.remember_choices(app)
    app.jinja_env.globals["asset"] = _assets(app)
    problems.handle_problems(app)
    switching.put_back(app)
    uploading.take_files(app, settings)
    _add_pages(app)
    app.extensions["trefoil_declared"] = declared(app)
    training.serve_copies(app, settings)
    return app


def _add_pages(app: Flask) -> None:
    from webapp.views import BLUEPRINTS, conflicts, records

    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    conflicts.handle_conflicts(app)
    app.extensions["trefoil_conflicts"] = {"records.edit": records.edit_conflict}


def _assets(app: Flask) -> Callable[[str], str]:
    """An asset's address with its hash, so that browsers may keep it for ever and never keep an old one."""
    folder = HERE / "static"
    bundles = bundled(folder)

    @cache
    def stamp(name: str) -> str:
        file = folder / name
        return hashlib.sha256(file.read_bytes()).hexdigest()[:12] if file.is_file() else "none"

    def address(name: str) -> Any:
        name = bundles.get(name, name)
        return url_for("static", filename=name, v=stamp(name))

    return address


def bundled(folder: Path) -> dict[str, str]:
    """Which scripts are there in one file with all that they import, made of just what the modules are now."""
    made = folder / "vendor" / "bundled"
    digest = hashlib.sha256()
    for path in (
        *sorted((folder / "js").glob("*.js")),
        folder / "vendor" / "govuk" / "govuk-frontend.min.js",
    ):
        digest.update(path.name.encode() + b"\0" + (path.read_bytes() if path.is_file() else b""))
    stamp = made / ".stamp"
    if not stamp.is_file() or stamp.read_text(encoding="utf-8").strip() != digest.hexdigest():
        return {}
    return {f"js/{one.name}": f"vendor/bundled/{one.name}" for one in made.glob("*.js")}
