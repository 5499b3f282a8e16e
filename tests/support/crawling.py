"""Sends somebody to every address the application has, with every id there is, and keeps what came back.

Addresses come from the application's own map, so that a new page is visited without anybody adding it here; an
argument that nothing here can fill is a fault of the test. The crawler must not know who may see what.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.support.canaries import HOSTS, PASSWORD, PLACE_OF, STRANGER, World
from tests.support.paper_text import everything

NOBODY = "6f1f1f4e-0000-4000-8000-000000000000"
NO_TOKEN = "A" * 22
SECTIONS = {
    "form": ("told", "around"),
    "form.loose": ("told",),
    "form.again": ("told", "around"),
    "form.decision": ("decided",),
    "form.plan": ("planned",),
    "school": ("school",),
}
PATHS = {"around": ("groups", f"places.{'0' * 31}1.spot"), "told": ("story",)}
TRANSITIONS = ("send_back", "decide", "finish", "leave", "look_again", "sent", "nothing_such")
PLAIN: dict[str, tuple[str, ...]] = {
    "form": ("worry", "decision", "plan", "school_view", "look", "nothing_such"),
    "workflow": ("worries", "looking", "nothing_such"),
    "type": ("child", "group", "place", "nothing_such"),
    "transition": TRANSITIONS,
    "step": ("take-out", "look-again", "propose", "withdraw", "refuse", "live", "try", "nothing_such"),
    "number": ("1", "nothing_such"),
    "row": (NOBODY,),
    "format": ("docx",),
    "question": ("after_note", "apart", "nothing_such"),
    "what": ("name", "roles", "teams", "password", "close", "reopen", "nothing_such"),
}
IDS = {
    "record",
    "case",
    "submission",
    "person",
    "link",
    "task",
    "action",
    "notification",
    "aside",
    "proposal",
    "team",
    "hold",
    "note",
    "marker",
    "file",
    "query",
    "unsaved",
}
LINK = re.compile(r"""(?:href|action|src)="([^"]+)\"""")
CHANGING = re.compile(
    r"""(?:name="(?:csrf_token|_who|key|_unsaved)"|data-unsaved)[^>]*value="[^"]*\""""
    r"""|value="[^"]*"[^>]*name="(?:csrf_token|_who|key)\""""
)
MINTED = re.compile(r"\b[0-9a-f]{32}\b|reference: [0-9A-F]{8}")


@dataclass(frozen=True)
class Address:
    """A page's address, and the planted things that its ids name: (kind, thing, id)."""

    url: str
    names: tuple[tuple[str, str, str], ...] = ()
    endpoint: str = ""

    def of_nobody(self, kind: str) -> str:
        """The same address with an id that does not exist in the place of the one of this kind."""
        url = self.url
        for one, _, id in self.names:
            if one == kind:
                url = url.replace(id, NO_TOKEN if kind == "kept" else NOBODY)
        return url


@dataclass
class Reply:
    """What came back, as bytes and as it reads without what is new on every page."""

    status: int
    raw: str
    location: str

    def plainly(self, *ids: str) -> tuple[int, str, str]:
        text, location = MINTED.sub("", CHANGING.sub("", self.raw)), self.location
        for id in (*ids, NOBODY, NO_TOKEN):
            text, location = text.replace(id, "ID"), location.replace(id, "ID")
        return self.status, text, location


class Crawler:
    """One person (or a stranger) and the application."""

    def __init__(self, app: Flask, who: str, world: World) -> None:
        self.client, self.who, self.world, self.app = app.test_client(), who, world, app
        # Everybody comes by the address of their own authority.
        self.base = f"http://{HOSTS[PLACE_OF.get(who, 'here')]}"
        self.token = self.note = ""
        self.nothing: dict[tuple[str, bool], tuple[int, str, str]] = {}
        self.sign_in()

    def sign_in(self) -> None:
        page = self.client.get("/sign-in", base_url=self.base).get_data(as_text=True)
        self.token = _token(page)
        if self.who == STRANGER:
            return
        place = PLACE_OF.get(self.who)
        secret = f"{place}.sign_in" if place else "sign_in"
        name = next(word for word, name in self.world.words.items() if name == secret)
        fields = {"csrf_token": self.token, "sign_in": f"{self.who}@{name}", "password": PASSWORD}
        reply = self.client.post("/sign-in", data=fields, base_url=self.base)
        assert reply.status_code == 303, (self.who, reply.status_code)
        home = self.client.get("/", base_url=self.base).get_data(as_text=True)
        self.token, self.note = _token(home), _token(home, "_who")

    def get(self, url: str) -> Reply:
        return self._reply(self.client.get(url, base_url=self.base))

    def post(self, url: str, body: dict[str, Any]) -> Reply:
        # Only what saves itself asks whose page it was; elsewhere the note would have what is typed kept.
        note = {"_who": self.note} if url.endswith("/keep-typed") else {}
        reply = self._reply(
            self.client.post(url, data={"csrf_token": self.token, **note, **body}, base_url=self.base)
        )
        if self.who != STRANGER and reply.location.startswith("/sign-in"):
            self.sign_in()
        return reply

    @staticmethod
    def _reply(reply: TestResponse) -> Reply:
        body = everything(reply.get_data())
        headers = "\n".join(
            f"{name}: {value}" for name, value in reply.headers.items() if name not in ("Set-Cookie", "Date")
        )
        return Reply(reply.status_code, f"{headers}\n\n{body}", reply.headers.get("Location", ""))


def _token(page: str, name: str = "csrf_token") -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]+)"', page)
    return found[1] if found else ""


def rules(app: Flask, method: str) -> list[Rule]:
    return [
        one for one in app.url_map.iter_rules() if method in (one.methods or ()) and one.endpoint != "static"
    ]


def addresses(rule: Rule, world: World) -> Iterator[Address]:
    """Every address of a route, one with an id that does not exist included. Fails for an argument not known here."""
    for values, names in _values(sorted(rule.arguments), world, rule):
        url = rule.rule
        for name, value in values.items():
            url = re.sub(rf"<(?:\w+:)?{name}>", value, url)
        assert "<" not in url, url
        yield Address(url, names, rule.endpoint)


Filled = tuple[dict[str, str], tuple[tuple[str, str, str], ...]]


def _values(wanted: list[str], world: World, rule: Rule) -> Iterator[Filled]:
    rest = set(wanted)
    filled: list[Filled] = [({}, ())]
    if "token" in rest:
        rest.discard("token")
        filled = [({"token": id}, (("kept", who, id),)) for who, id in world.ids["kept"].items()]
    if "submission" in rest and "section" in rest:
        rest -= {"submission", "section", "path"}
        filled = list(_sections(world, "path" in wanted))
    for kind in sorted(rest & IDS):
        rest.discard(kind)
        things = world.ids[kind].items()
        filled = [
            ({**values, kind: id}, (*names, (kind, thing, id)))
            for values, names in filled
            for thing, id in things
        ]
    for name in sorted(rest & PLAIN.keys()):
        rest.discard(name)
        filled = [({**values, name: one}, names) for values, names in filled for one in PLAIN[name]]
    assert not rest, f"{rule.rule}: the crawler has no values for {', '.join(sorted(rest))}"
    yield from filled


def _sections(world: World, with_path: bool) -> Iterator[Filled]:
    for thing, id in world.ids["submission"].items():
        record, _, part = thing.partition(".")
        wanted = ("looked",) if record in ("g1", "g2", "p1") else SECTIONS[part]
        for section in (*wanted, "nothing_such"):
            names = (("submission", thing, id),)
            if not with_path:
                yield {"submission": id, "section": section}, names
                continue
            for path in PATHS.get(section, ("seen",)):
                yield {"submission": id, "section": section, "path": path}, names


def queries(world: World) -> tuple[str, ...]:
    """What pages are asked besides: nothing, and everything that any of them reads, pointing where it should not."""
    ids = world.ids
    asked = {
        "q": "Robin", "revision": "2", "record": ids["record"]["c3"], "person": ids["person"]["fay"],
        "case": ids["case"]["c3.case"], "type": "child", "guidance": "show", "check": "yes", "back": "check",
        "earlier": "show",
        "kept": ids["kept"]["anna"], "workflow": "worries", "then": f"/records/{ids['record']['c3']}",
        "next": f"/records/{ids['record']['far']}", "for": "file",
        "who": "all", "of": ids["person"]["anna"], "to": ids["person"]["ben"], "how": "good",
        "team": ids["team"]["north"],
    }  # fmt: skip
    return "", "?" + "&".join(f"{name}={value}" for name, value in asked.items())


def bodies(world: World) -> tuple[dict[str, Any], ...]:
    """What is posted everywhere: something plausible, then everything forged that any page might take."""
    ids = world.ids
    plain = {
        "revision": "1", "text": "Plain words", "purpose": "Plain words", "reason": "Plain words", "q": "Robin",
        "other": ids["record"]["g2"], "record": ids["record"]["g2"], "role": "worker", "action": "later",
        "who": f"team:{ids['team']['north']}", "name": "Plain name", "new_password": PASSWORD, "again": PASSWORD,
        "a.first_name": "Robin", "a.area": "Plain", "a.place_name": "Plain", "a.story": "Plain words",
        "a.outcome": "accept", "a.seen": "Plain words", "why": "Plain words", "choice.hope": "theirs",
        "for": "file", "format": "text", "password": PASSWORD,
    }  # fmt: skip
    far = ids["record"]["far"]
    forged = {
        **plain, "revision": "2", "other": ids["record"]["c3"], "record": far, "case": ids["case"]["c3.case"],
        "who": f"person:{ids['person']['fay']}", "sure": "yes", "key": "always the same", "sign_in": "plain",
        "a.close_to": ids["record"]["c3"], "a.groups": [far, ids["record"]["far.group"]],
        "a.who_knows": ids["person"]["fay"], "a.apart": "Forged", "a.apart_since.day": "1", "a.place_count": "7",
        f"a.places.{'0' * 31}1.spot": ids["record"]["g2"], "a._state": "approved", "state": "closed",
        "authority": world.elsewhere["far"], "made_by": ids["person"]["mia"], "kept": ids["kept"]["anna"], "action": "",
        "choice.hope": "anew", "anew.hope": "Plain words", "then": "//elsewhere.example/", "roles_": "manager",
        "for": "subject", "format": "html", "out": ["story", "apart"],
        "of": ids["person"]["anna"], "to": ids["person"]["fay"], "thing": [ids["task"]["c3"]], "handover": NOBODY,
        "row.add": "places", "find": "groups", "clear": "apart", "leave": NOBODY,
    }  # fmt: skip
    return plain, forged


def fresh(body: dict[str, Any]) -> dict[str, Any]:
    return body if "key" in body else {**body, "key": uuid4().hex}


def links_in(reply: Reply) -> set[str]:
    """Addresses of this application that a page leads to."""
    found = {html.unescape(one).partition("#")[0] for one in LINK.findall(reply.raw)}
    if reply.location:
        found.add(reply.location.partition("#")[0])
    return {one for one in found if one.startswith("/") and not one.startswith(("//", "/static/"))}
