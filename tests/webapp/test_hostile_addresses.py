"""Hostile values wherever an address or a post of ours takes one: every answer is a page of ours, and none a failure.

Addresses come from the application's own map, the names that pages are asked with from its source, and the boxes that
can be posted from the pages themselves, so that a new page is attacked without anybody adding it here.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin

import pytest
from werkzeug.exceptions import HTTPException

from tests.support.hostile_changes import changed_with
from tests.support.hostile_work import published, worked_with
from tests.webapp.conftest import Place
from tests.webapp.reading import Browser, Reader
from webapp.security import HEADERS
from webapp.views import search

WEBAPP = Path(__file__).resolve().parents[2] / "webapp"
MARKUP = '"><script>hit(1)</script>'
PARTS = (f"%00{quote(MARKUP, safe='')}%0d%0aX-Evil:%201%ff%ed%a0%80", "9" * 400)
ASKED = (f"%00%0d%0aX-Evil:%201%ff%ed%a0%80{quote(MARKUP)}", "9" * 200, "%D9%A3%C2%B2")
POSTED = (f"\x00\r\nX-Evil: 1{MARKUP}", "9" * 400, "\u0663\u00b2")
MEANT = {"script", "key", "_who", "csrf_token"}
NOBODY = "6f1f1f4e-0000-4000-8000-000000000000"
ENDS_IT = {"sign_in.sign_out"}


def names_asked() -> list[str]:
    """Every name under which a page looks for something in what it is asked or sent."""
    found = set()
    for file in sorted(WEBAPP.rglob("*.py")):
        for one in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not (isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute) and one.args):
                continue
            holder, name = ast.unparse(one.func.value), one.args[0]
            if one.func.attr in ("get", "getlist") and holder.endswith(
                ("args", "values", "form", "posted", "given")
            ):
                found |= (
                    {name.value} if isinstance(name, ast.Constant) and isinstance(name.value, str) else set()
                )
    assert {"q", "page", "kept", "next", "revision", "record", "of", "about"} <= found
    return sorted(found)


class Attack:
    """Alice, who may do everything, and what she was answered that is no calm answer of ours."""

    def __init__(self, place: Place) -> None:
        published(place)
        pages = [*worked_with(place), *changed_with(place).pages]
        self.place, self.browser = place, place.browser("alice")
        self.routes = place.app.url_map.bind("localhost")
        self.pages = {kind[0]: (url, kind[1]) for url in pages if (kind := self.route(url, "GET"))}
        self.found: list[str] = []
        self.asked = 0

    def route(self, url: str, method: str) -> tuple[str, dict[str, Any]] | None:
        try:
            endpoint, values = self.routes.match(url.partition("?")[0], method=method)
        except HTTPException:
            return None
        return endpoint, dict(values)

    def judge(self, what: str, reply: Any) -> None:
        self.asked += 1
        headers = reply.headers
        missing = [name for name in HEADERS if name not in headers]
        away = not headers.get("Location", "/").startswith("/") or headers.get("Location", "").startswith(
            "//"
        )
        if reply.status_code >= 500 or missing or away or "X-Evil" in headers:
            self.found.append(f"{what}: {reply.status_code} {missing} {headers.get('Location', '')}")
        elif reply.mimetype == "text/html" and b"<script>hit(1)" in reply.get_data():
            self.found.append(f"{what}: markup of somebody else's")
        reply.close()

    def get(self, url: str) -> None:
        self.judge(f"get {url[:150]}", self.browser.client.get(url, base_url=self.browser.base))

    def addresses(self, names: list[str]) -> None:
        for rule in self.place.app.url_map.iter_rules():
            if "GET" not in (rule.methods or ()) or rule.endpoint == "static":
                continue
            url, values = self.pages.get(rule.endpoint, ("", dict.fromkeys(rule.arguments, NOBODY)))
            for name in rule.arguments:
                for value in PARTS:
                    self.get(self.filled(rule.rule, {**values, name: value}))
            plain = url.partition("?")[0] or self.filled(rule.rule, values)
            for value in ASKED:
                self.get(f"{plain}?{'&'.join(f'{name}={value}' for name in names)}")

    @staticmethod
    def filled(rule: str, values: dict[str, Any]) -> str:
        for name, value in values.items():
            rule = re.sub(rf"<(?:\w+:)?{name}>", str(value), rule)
        return rule

    def forms(self) -> Iterator[tuple[str, dict[str, list[str]]]]:
        """Each form that can be posted, once: its address, and its boxes as they stand on the page."""
        met: set[str] = set()
        for url, _values in self.pages.values():
            reader = Reader()
            reader.feed(self.browser.client.get(url, base_url=self.browser.base).get_data(as_text=True))
            for form in reader.root.all("form", method="post"):
                action = urljoin(url, form.attributes.get("action") or url)
                kind = self.route(action, "POST")
                if kind is None or kind[0] in met | ENDS_IT:
                    continue
                met.add(kind[0])
                boxes = [*form.all("input"), *form.all("textarea"), *form.all("select"), *form.all("button")]
                named = {
                    one.attributes["name"]: one.attributes.get("value", "")
                    for one in boxes
                    if "name" in one.attributes
                }
                yield action, {name: [text] for name, text in named.items()}

    def posts(self, names: list[str]) -> None:
        for action, boxes in list(self.forms()):
            kept = {name: texts for name, texts in boxes.items() if name in MEANT}
            for value in POSTED:
                # All of the page's boxes, and a page's worth of names that this one never had.
                data = {**{name: [value] for name in (*names, *boxes)}, **kept}
                reply = self.browser.client.post(action, data=data, base_url=self.browser.base)
                self.judge(f"post {action[:120]} {value[:10]!r}", reply)


def test_every_address_and_every_post_is_answered_calmly_whatever_it_is_given(place: Place) -> None:
    attack, names = Attack(place), names_asked()
    attack.addresses(names)
    assert attack.asked > 300 and attack.found == []
    attack.asked = 0
    attack.posts(names)
    assert attack.asked > 100 and attack.found == []


def test_a_page_that_believes_what_it_is_asked_is_noticed(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: a number read without a look at it, and texts that are taken for markup."""
    attack = Attack(place)
    monkeypatch.setattr(search, "whole", lambda text: int(text or 1))
    monkeypatch.setattr(place.app.jinja_env, "bytecode_cache", None)
    monkeypatch.setattr(place.app.jinja_env, "autoescape", False)
    monkeypatch.setattr(place.app.jinja_env, "cache", {})
    attack.get("/search?q=a&page=%00")
    attack.get(f"/search?q={quote(MARKUP)}")
    assert [one.partition(": ")[2].split()[0] for one in attack.found] == ["500", "markup"]


def test_hostile_cookies_and_headers_fail_nothing(place: Place) -> None:
    browser: Browser = place.browser("alice")
    signed_in = browser.client.get_cookie("trefoil")
    assert signed_in is not None
    values = (
        "x" * 8000,
        "\x7f\xff",
        "a=b&c=%00%ff",
        "." * 200,
        "eyJhIjoxfQ.x.y",
        '"><script>',
        "cy; cy",
        "-1",
    )
    cookies = ("trefoil", "trefoil-language", "trefoil-shown", "session", "remember_token")
    headers = ("Accept", "Accept-Language", "Accept-Encoding", "X-Who", "X-Forwarded-For", "Referer", "Origin",
               "Range", "If-None-Match", "If-Modified-Since", "X-HTTP-Method-Override", "Content-Type",
               "Content-Length")  # fmt: skip
    for value in values:
        for url in ("/", "/session", "/static/js/form.js"):
            asked = [{"Cookie": f"trefoil={signed_in.value}; {one}={value}"} for one in cookies]
            asked += [{"Cookie": f"trefoil={signed_in.value}", one: value} for one in headers]
            for given in asked:
                client = place.app.test_client(use_cookies=False)
                reply = client.get(url, headers=given, base_url=browser.base)
                assert reply.status_code < 500 and "Content-Security-Policy" in reply.headers, (url, given)
                reply.close()
