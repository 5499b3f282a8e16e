"""A browser without a screen: fetches pages, fills in their forms, and checks EVERY page it meets.

A page has one h1, a title made of it, no id twice, a label for every control, no inline script or style, and the
headers that keep it safe.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from flask import Flask
from werkzeug.test import TestResponse

from webapp.security import HEADERS

VOID = {"input", "br", "hr", "meta", "link", "img", "circle", "path", "rect", "polyline", "polygon"}
UNLABELLED = {"hidden", "submit", "button"}


@dataclass
class Node:
    tag: str
    attributes: dict[str, str]
    children: list[Node] = field(default_factory=list)
    parent: Node | None = None
    words: list[str] = field(default_factory=list)

    def all(self, tag: str | None = None, **attributes: str) -> list[Node]:
        found = []
        for child in self.children:
            if (tag is None or child.tag == tag) and all(
                child.attributes.get(name.rstrip("_")) == value for name, value in attributes.items()
            ):
                found.append(child)
            found += child.all(tag, **attributes)
        return found

    def inside(self, tag: str) -> bool:
        return self.parent is not None and (self.parent.tag == tag or self.parent.inside(tag))

    @property
    def text(self) -> str:
        return " ".join("".join(self._texts()).split())

    def _texts(self) -> list[str]:
        found = []
        children = iter(self.children)
        for piece in self.words:
            if piece == "\0":
                found += next(children)._texts()
            else:
                found.append(piece)
        return found


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("", {})
        self.now = self.root

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs}, parent=self.now)
        self.now.children.append(node)
        self.now.words.append("\0")
        if tag not in VOID:
            self.now = node

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.now.tag == tag, f"</{tag}> closes <{self.now.tag}>"
        assert self.now.parent is not None
        self.now = self.now.parent

    def handle_data(self, data: str) -> None:
        self.now.words.append(data)


@dataclass
class Seen:
    """A page as it was met."""

    url: str
    status: int
    html: str
    root: Node
    headers: Any

    @property
    def title(self) -> str:
        return self.root.all("title")[0].text

    @property
    def h1(self) -> str:
        return self.root.all("h1")[0].text

    @property
    def text(self) -> str:
        return self.root.text

    @property
    def problems(self) -> list[str]:
        found = [
            one
            for one in self.root.all("div")
            if "govuk-error-summary" in one.attributes.get("class", "").split()
        ]
        return [item.text for one in found for item in one.all("li")]

    def link(self, words: str) -> str:
        found = [one for one in self.root.all("a") if words in one.text]
        assert found, f"no link '{words}' on {self.url}: {[one.text for one in self.root.all('a')]}"
        return found[0].attributes["href"]

    def form(self, action: str | None = None) -> Node:
        found = [
            one
            for one in self.root.all("form")
            if one.attributes.get("method") == "post"
            and one.attributes.get("action", "") not in ("/sign-out", "/language")
            and (action is None or action in one.attributes.get("action", ""))
        ]
        assert found, f"no form {action or ''} on {self.url}"
        return found[0]

    def fields(self, action: str | None = None) -> dict[str, list[str]]:
        """What the page's form would post as it stands, buttons aside."""
        found: dict[str, list[str]] = {}
        form = self.form(action)
        for one in form.all("input"):
            kind = one.attributes.get("type", "text")
            ticked = kind not in ("radio", "checkbox") or "checked" in one.attributes
            if ticked and "name" in one.attributes:
                found.setdefault(one.attributes["name"], []).append(one.attributes.get("value", ""))
        for one in form.all("textarea"):
            found[one.attributes["name"]] = ["".join(one._texts()).removeprefix("\n")]
        for one in form.all("select"):
            chosen = [
                option.attributes.get("value", "")
                for option in one.all("option")
                if "selected" in option.attributes
            ]
            found[one.attributes["name"]] = chosen or ([""] if "multiple" not in one.attributes else [])
        return found


class Browser:
    """Fetches and posts as one person's browser would, script off."""

    def __init__(self, app: Flask, host: str = "localhost") -> None:
        self.client, self.base = app.test_client(), f"http://{host}"

    def get(self, url: str, *, status: int | None = 200) -> Seen:
        return self._met(self.client.get(url, base_url=self.base), url, status)

    def post(self, url: str, data: Any = None, *, status: int | None = 200, follow: bool = True) -> Seen:
        reply = self.client.post(url, data=data or {}, base_url=self.base)
        return self._met(reply, url, status) if follow else self._read(reply, url)

    def submit(
        self, page: Seen, *, button: dict[str, str] | None = None, action: str | None = None,
        status: int | None = 200, **changes: Any,
    ) -> Seen:  # fmt: skip
        """Fills in the page's form (`a__story` for `a.story`) and presses a button."""
        data = page.fields(action)
        for name, value in changes.items():
            data[name.replace("__", ".")] = value if isinstance(value, list) else [value]
        for name, value in (button or {}).items():
            data[name] = [value]
        target = page.form(action).attributes.get("action") or page.url
        return self.post(urljoin(page.url, target), data, status=status)

    def sign_in(self, name: str, password: str, *, url: str = "/sign-in") -> Seen:
        return self.submit(self.get(url), sign_in=name, password=password)

    def _met(self, reply: TestResponse, url: str, status: int | None) -> Seen:
        for _ in range(6):
            if reply.status_code not in (301, 302, 303):
                break
            where = reply.headers["Location"]
            parts = urlsplit(where)
            assert not parts.netloc or parts.netloc == "localhost", f"redirected away to {where}"
            url = where
            reply = self.client.get(where, base_url=self.base)
        seen = self._read(reply, url)
        if status is not None:
            assert seen.status == status, f"{url} gave {seen.status}: {seen.text[:600]}"
        return seen

    def _read(self, reply: TestResponse, url: str) -> Seen:
        # A page is always UTF-8; a picture that somebody added to a form is what it is.
        html = reply.get_data().decode("utf-8", "strict" if reply.mimetype == "text/html" else "replace")
        reader = Reader()
        if reply.mimetype == "text/html" and reply.status_code not in (301, 302, 303):
            reader.feed(html)
            reader.close()
        seen = Seen(url, reply.status_code, html, reader.root, reply.headers)
        if seen.root.children:
            check(seen)
        check_headers(seen)
        return seen


def check_headers(seen: Seen) -> None:
    for name, value in HEADERS.items():
        assert seen.headers.get(name) == value, f"{seen.url}: {name}"
    assert seen.headers["Cache-Control"] == "no-store", seen.url


def check(seen: Seen) -> None:
    """What must hold on every page."""
    root, where = seen.root, seen.url
    headings = root.all("h1")
    assert len(headings) == 1, f"{where}: {len(headings)} h1"
    said = {"en": "Error: ", "cy": "Gwall: "}[root.all("html")[0].attributes["lang"]]
    prefix = said if seen.problems else ""
    assert seen.title == f"{prefix}{headings[0].text} – Trefoil", f"{where}: title '{seen.title}'"
    ids = [one.attributes["id"] for one in root.all() if "id" in one.attributes]
    assert len(ids) == len(set(ids)), f"{where}: twice {sorted({one for one in ids if ids.count(one) > 1})}"
    known = set(ids)
    labels = {one.attributes.get("for") for one in root.all("label")}
    assert labels <= known, f"{where}: labels of nothing {labels - known}"
    for one in [*root.all("input"), *root.all("textarea"), *root.all("select")]:
        if one.attributes.get("type") not in UNLABELLED:
            named = one.attributes.get("id") in labels or "aria-label" in one.attributes
            assert named, f"{where}: no label for {one.attributes}"
    for one in root.all():
        assert "style" not in one.attributes, f"{where}: inline style on {one.tag}"
        assert not [name for name in one.attributes if name.startswith("on")], f"{where}: inline handler"
        for reference in ("aria-describedby", "aria-labelledby", "aria-controls"):
            missing = set(one.attributes.get(reference, "").split()) - known
            assert not missing, f"{where}: {reference} names {missing}"
    assert not root.all("style"), f"{where}: inline style"
    for one in root.all("script"):
        data = one.attributes.get("type") == "application/json"
        assert data or (one.attributes.get("src") and not one.text), f"{where}: inline script"
    for one in root.all("form"):
        if one.attributes.get("method") == "post":
            assert one.all("input", name="csrf_token"), f"{where}: a form without a CSRF token"
    for one in root.all("a"):
        if one.attributes.get("href", "").startswith("#"):
            assert one.attributes["href"][1:] in known, f"{where}: {one.attributes['href']} leads nowhere"
    assert root.all("html")[0].attributes.get("lang"), where
    for one in root.all("button", name="speak"):
        # Whatever can be typed into a page goes along when its language is switched.
        typed_into = [
            form
            for form in root.all("main")[0].all("form")
            if form.attributes.get("method") == "post"
            and (form.all("textarea") or form.all("select") or form.all("input", type="text"))
        ]
        tied = one.attributes["form"] in {form.attributes.get("id") for form in typed_into}
        assert tied or not typed_into, f"{where}: the switch takes nothing along"
    assert len(root.all("main")) == 1, where
