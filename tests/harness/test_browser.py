"""The browser that tests drive: it stays on this machine, and its helpers can say no."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, Page

from tests.support.browser import axe, browsing, holds_at_320, is_local
from tests.support.page_checks import faults_of

GOOD = """<!doctype html><html lang="en"><head><title>Fine</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><main><h1>Fine</h1><form><label for="n">Name</label> <input id="n"></form></main>
<script>document.querySelector('h1').textContent = 'Scripted'</script></body></html>"""
UNLABELLED = GOOD.replace('<label for="n">Name</label>', "")
WIDE = GOOD.replace("<h1>", '<p style="width: 700px">Too wide</p><h1>')
BROKEN = GOOD.replace("document.", "missing.")
OUTSIDE = GOOD.replace("<h1>", '<img alt="" src="http://example.test/x.png"><h1>')
NOSCRIPT = GOOD.replace("</main>", '<noscript><input name="n"></noscript></main>')
CALM = GOOD.replace(
    '<input id="n">', '<input id="n" class="big"> <button class="big">Send it</button>'
).replace(
    "</head>",
    "<style>.big { height: 30px } h1 { max-width: 9em } :root { color-scheme: light dark }</style></head>",
)
WORSE = (
    CALM.replace('<button class="big">', '<button aria-label="Off it goes">')
    .replace(
        "</style>",
        "button { height: 12px; width: 12px; padding: 0; overflow: hidden } "
        "button:focus { outline: none } @media (prefers-color-scheme: dark) { h1 { color: #eee; background: #fff } } "
        "p { width: 400px; color: light-dark(#000, #222); background: #fff; transition: color 2s }</style>",
    )
    .replace("</form>", '<p>Words</p><input class="big" aria-label="Last" tabindex="2"></form>')
)
PAGES = {
    "/calm": CALM,
    "/worse": WORSE,
    "/good": GOOD,
    "/noscript": NOSCRIPT,
    "/unlabelled": UNLABELLED,
    "/wide": WIDE,
    "/broken": BROKEN,
    "/outside": OUTSIDE,
}


class Pages(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = PAGES.get(self.path.partition("?")[0], "").encode()
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        if self.path.endswith("?strict"):
            self.send_header("Content-Security-Policy", "default-src 'none'")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        """Says nothing: the test's output is the test's."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Pages) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join(5)


def test_a_page_runs_scripts_and_a_plain_page_does_not(page: Page, plain_page: Page, site: str) -> None:
    page.goto(f"{site}/good")
    plain_page.goto(f"{site}/good")
    assert page.text_content("h1") == "Scripted"
    assert plain_page.text_content("h1") == "Fine"


def test_a_good_page_passes_both_checks(page: Page, plain_page: Page, site: str) -> None:
    for each in (page, plain_page):
        each.goto(f"{site}/good")
        axe(each)
        before = each.viewport_size
        holds_at_320(each)
        assert each.viewport_size == before


def test_axe_finds_a_field_without_a_label(page: Page, site: str) -> None:
    page.goto(f"{site}/unlabelled")
    with pytest.raises(AssertionError, match="label"):
        axe(page)
    axe(page, ignore=("label",))


def test_axe_judges_a_plain_page_as_drawn_without_scripts(plain_page: Page, site: str) -> None:
    plain_page.goto(f"{site}/noscript")
    with pytest.raises(AssertionError, match=r"label \(critical\)(.|\n)*<input name=\"n\">"):
        axe(plain_page)


def test_axe_works_under_a_strict_content_policy(visitor: Callable[..., Any], site: str) -> None:
    page = visitor(check=False)
    page.goto(f"{site}/unlabelled?strict")
    with pytest.raises(AssertionError, match="label"):
        axe(page)


def test_a_wide_page_is_caught(page: Page, plain_page: Page, site: str) -> None:
    for each in (page, plain_page):
        each.goto(f"{site}/wide")
        with pytest.raises(AssertionError, match="Too wide"):
            holds_at_320(each)


def test_what_is_held_of_every_page_is_found_where_it_fails(page: Page, site: str) -> None:
    page.goto(f"{site}/calm")
    assert faults_of(page) == []
    page.goto(f"{site}/worse")
    found = "\n".join(faults_of(page))
    for said in (
        "dark: color-contrast",
        "moves, though stillness is asked for: <p>",
        "a target is too small: <button",
        "‘Send it’ is called ‘Off it goes’",
        "the focus does not show: <button",
        "Tab comes to",
        "wide at 320 px",
    ):
        assert said in found, f"{said} is not in\n{found}"


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/outside", r"outside this machine: \['http://example\.test/x\.png'\]"),
        ("/broken", "script failed: ReferenceError"),
        ("/good?strict", "refused by the content security policy"),
    ],
)
def test_the_watch_tells_what_no_test_looked_for(browser: Browser, site: str, path: str, said: str) -> None:
    with pytest.raises(AssertionError, match=said), browsing(browser) as context:
        context.new_page().goto(site + path)


def test_another_machine_cannot_be_reached(browser: Browser) -> None:
    with browsing(browser, check=False) as context, pytest.raises(Error, match="ERR_PROXY_CONNECTION_FAILED"):
        context.new_page().goto("http://192.0.2.1/")


def test_visitors_are_strangers_to_each_other(visitor: Callable[..., Any], site: str) -> None:
    one, other = visitor(), visitor()
    one.goto(f"{site}/good")
    one.evaluate("document.cookie = 'mine=1'")
    other.goto(f"{site}/good")
    assert other.evaluate("document.cookie") == ""


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://127.0.0.1:8000/x", True),
        ("http://localhost/", True),
        ("http://[::1]:99/", True),
        ("data:image/png;base64,xx", True),
        ("https://example.test/", False),
        ("http://127.0.0.1.example.test/", False),
        ("ws://example.test/", False),
    ],
)
def test_what_counts_as_this_machine(url: str, local: bool) -> None:
    assert is_local(url) is local
