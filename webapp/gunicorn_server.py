"""Serving with gunicorn from our own command: settings as arguments, no configuration file to keep."""

from __future__ import annotations

from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from webapp.app import create_app
from webapp.background import Background
from webapp.logs import start_logging
from webapp.settings import Settings


class _Serving(BaseApplication):
    def __init__(self, settings: Settings, options: dict[str, Any]) -> None:
        self._settings = settings
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        start_logging()
        # Called in each worker: connections are never shared between processes.
        app = create_app(self._settings)
        Background(self._settings, app.extensions["trefoil_store"]).start()
        return app


def options(host: str, port: int, workers: int) -> dict[str, Any]:
    return {
        "bind": f"{host}:{port}",
        "workers": workers,
        "threads": 2,
        "worker_class": "gthread",
        "timeout": 60,
        "graceful_timeout": 20,
        "keepalive": 5,
        "max_requests": 20_000,
        "max_requests_jitter": 2_000,
        "limit_request_line": 4094,
        "limit_request_fields": 60,
        # Gunicorn would believe whatever comes by way of this machine, as all does that a proxy on it hands on, where
        # the pages begin and by which scheme they are asked for. TREFOIL_PROXIES alone says whose word counts.
        "forwarded_allow_ips": "",
        "loglevel": "warning",
    }


def serve_with_gunicorn(settings: Settings, host: str, port: int, workers: int) -> int:
    """Serves until it is told to stop."""
    create_app(settings).extensions["trefoil_store"].close()
    _Serving(settings, options(host, port, workers)).run()
    return 0
