"""Every page that somebody can come to: the demonstration served from this very process, which notes what it drew.

Pages are found by following links from the first page as each person, so that a new page is met without anybody
listing it; what only a press brings about is told step by step in tests/spec/pages.yaml. Which templates were drawn
is read from the application's own cache of them, not from what a list says.
"""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask, abort
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.serving import WSGIRequestHandler, make_server

from engine.casework import Busy, NotPermitted
from engine.casework.errors import NoStack, Refused
from tests.support.journeys import PASSWORD
from webapp.app import create_app
from webapp.commands.serving import demo_settings
from webapp.demo.people import for_sign_in

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "webapp" / "templates"
# What a page of each status says is drawn by the application's own handlers; here is only what calls them.
TROUBLES = {
    "forbidden": NotPermitted("decide"),
    "refused": Refused(["The case is closed."]),
    "unready": NoStack(),
    "busy": Busy(),
    "broken": RuntimeError("what only the log may say"),
}
LINK = re.compile(r'<a [^>]*href="([^"#]+)')
# From where much leads on, and not for everybody the same; all else is looked into for the first who comes to it.
HUBS = {
    "work.home",
    "records.show",
    "cases.show",
    "filling.sections",
    "work.open_cases",
    "search.look",
    "notices.every",
}


class _Quiet(WSGIRequestHandler):
    def log(self, *_: object) -> None:
        """Says nothing: the test's output is the test's."""


@dataclass
class Everything:
    """The demonstration at work: where it is, and what it is made of."""

    app: Flask
    url: str

    def drawn(self) -> set[str]:
        """Names of the templates drawn until now, with all that they took in."""
        cache = self.app.jinja_env.cache
        assert cache is not None
        return {str(name) for _, name in list(cache.keys())}


@contextmanager
def everything(data: Path) -> Iterator[Everything]:
    """The demonstration over `data`, with addresses below /trouble/ where something goes wrong."""
    settings = replace(
        demo_settings("demo", ROOT), data=data / "data", database=str(data / "data" / "trefoil.db"),
        key_file=data / "keys" / "trefoil.key",
    )  # fmt: skip
    app = create_app(settings)
    app.config["DEMO_PEOPLE"] = for_sign_in()
    app.jinja_env.cache = {}
    app.add_url_rule("/trouble/<what>", "trouble", _trouble, methods=["GET", "POST"])
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Everything(app, f"http://127.0.0.1:{server.server_port}")
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()
        app.extensions["trefoil_store"].close()


def _trouble(what: str) -> str:
    if what.isdecimal():
        abort(int(what))
    raise TROUBLES[what]


@dataclass(frozen=True)
class Found:
    """A page that a person can come to by links: its address, and whose view draws it."""

    person: str
    address: str
    endpoint: str


def found_by_links(app: Flask, people: Sequence[str]) -> list[Found]:
    """One page of every kind (endpoint) that links lead to, for the first of these people who comes to it.

    Each person follows links of kinds nobody has met, breadth first, and one of those from where much leads on.
    """
    adapter = app.url_map.bind("localhost")
    found: list[Found] = []
    known: set[str] = set()
    for person in people:
        client = app.test_client()
        page = client.get("/sign-in").get_data(as_text=True)
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        assert token is not None
        fields = {"csrf_token": token[1], "sign_in": person, "password": PASSWORD}
        assert client.post("/sign-in", data=fields).status_code == 303, person
        waiting, seen, met = ["/"], {"/"}, Counter[str]()
        while waiting:
            address = waiting.pop(0)
            try:
                endpoint = adapter.match(urlsplit(address).path, "GET")[0]
            except (RequestRedirect, HTTPException):
                continue
            if met[endpoint] or (endpoint in known and endpoint not in HUBS):
                continue
            reply = client.get(address)
            if reply.status_code == 303:
                met[endpoint] += 1
                if reply.headers["Location"] not in seen:
                    seen.add(reply.headers["Location"])
                    waiting.append(reply.headers["Location"])
                continue
            met[endpoint] += 1
            if reply.mimetype != "text/html":
                continue
            text = reply.get_data(as_text=True)
            assert reply.status_code == 200, f"{person} follows a link to {address}: {reply.status_code}"
            if endpoint not in known:
                known.add(endpoint)
                found.append(Found(person, address, endpoint))
            for link in LINK.findall(text.partition("<main")[0] + text.partition("<main")[2]):
                to = unescape(link)
                if to.startswith("/") and to not in seen:
                    seen.add(to)
                    waiting.append(to)
    return found
