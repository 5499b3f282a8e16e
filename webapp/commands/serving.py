"""`trefoil serve`, `demo` and `training`: the pages, served."""

from __future__ import annotations

import argparse
import os
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

from webapp.commands.common import ROOT, now, settings
from webapp.settings import Settings

HOST, PORT = "127.0.0.1", 8000


def add_to(commands: Any) -> None:
    serving = commands.add_parser(
        "serve", help="serve the pages with many workers, for real use behind https"
    )
    serving.add_argument("--workers", type=int, default=max(2, (os.cpu_count() or 2)))
    serving.set_defaults(run=serve)
    for name, words in (
        ("demo", "serve invented people and cases, and print how to sign in"),
        ("training", "the same, kept apart, for people who are learning"),
    ):
        made = commands.add_parser(name, help=words)
        made.add_argument(
            "--again", action="store_true", help="throw the invented data away and make it anew"
        )
        made.add_argument(
            "--authorities",
            action="store_true",
            help="three more invented authorities beside the first, each at an address and with a pack of its own",
        )
        made.add_argument("--prepare", action="store_true", help="make the data and stop")
        made.set_defaults(run=demo)
    for one in (serving, commands.choices["demo"], commands.choices["training"]):
        one.add_argument("--host", default=HOST)
        one.add_argument("--port", type=_port, default=PORT)
        one.add_argument("--root", type=Path, help="the workspace to watch")


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65_535:
        raise argparse.ArgumentTypeError(f"‘{text}’ is no port; write a number up to 65535")
    return int(text)


def serve(given: argparse.Namespace) -> int:
    """Serves with gunicorn; each worker opens its own connections."""
    from webapp.gunicorn_server import serve_with_gunicorn

    found = settings()
    if given.root:
        found = replace(found, workspace=given.root.resolve())
    return serve_with_gunicorn(found, given.host, given.port, given.workers)


def demo_settings(kind: str, root: Path) -> Settings:
    """Where the invented data is kept: beside the workspace, apart from anything real."""
    home = Path(os.environ.get("TREFOIL_DATA", str(root / "var" / kind))).resolve()
    return Settings(
        data=home / "data",
        database=str(home / "data" / "trefoil.db"),
        key_file=home / "keys" / "trefoil.key",
        workspace=root,
        pack=os.environ.get("TREFOIL_PACK", "core"),
        mode="training" if kind == "training" else "demo",
    )


def demo(given: argparse.Namespace) -> int:
    """Makes the invented data if there is none, prints the log-ins, and serves on this machine alone."""
    from webapp.demo.making import make_demo
    from webapp.demo.people import PASSWORD, PEOPLE

    found = demo_settings(given.command, (given.root or ROOT).resolve())
    if given.again:
        for folder in (found.data, found.key_file.parent):
            shutil.rmtree(folder, ignore_errors=True)
    make_demo(found, tell=lambda line: print(line, flush=True))
    print(
        "\nPeople you can sign in as; all are invented. The password of each is:", PASSWORD, "\n", flush=True
    )
    for one in PEOPLE:
        print(f"  {one.sign_in:<10} {one.name}, {one.what}", flush=True)
    if given.authorities:
        _beside(found, given.port)
    if given.prepare:
        return 0
    return _serve_demo(found, given.host, given.port)


def _beside(found: Settings, port: int) -> None:
    """Adds the authorities that stand beside the first, and says where. Browsers take ‘.localhost’ for this machine."""
    from engine.casework import Store
    from webapp.demo.authorities import add_authorities, invented

    store = Store(found.database, key_file=found.key_file)
    add_authorities(store, found.workspace or ROOT, now())
    store.close()
    print("\nThe same people, with the same password, in three more authorities:\n", flush=True)
    for one in invented():
        print(f"  http://{one['address']}:{port}  {one['name']}", flush=True)


def _serve_demo(found: Settings, host: str, port: int) -> int:
    from werkzeug.serving import WSGIRequestHandler, make_server

    from webapp.app import create_app
    from webapp.background import Background
    from webapp.demo.people import for_sign_in
    from webapp.logs import start_logging

    class _Quiet(WSGIRequestHandler):
        """Addresses hold what people search for; they are nobody's business but theirs."""

        def log_request(self, *_: Any) -> None:
            return None

    start_logging()
    app = create_app(found)
    app.config["DEMO_PEOPLE"] = for_sign_in()
    background = Background(found, app.extensions["trefoil_store"]).start()
    server = make_server(host, port, app, threaded=True, request_handler=_Quiet)
    print(f"\nServing at http://{host}:{server.port} (end with Ctrl+C)", flush=True)
    try:
        server.serve_forever()
    finally:
        background.stop()
    return 0
