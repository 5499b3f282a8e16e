"""A real browser for the tests: the system's Chromium, which can reach nothing but this machine.

A page notes what a user would not see but should worry us: requests that leave the machine, scripts that
fail, and what the content security policy refused.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary, WeakSet

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Request

from tools.browser import find

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    # Whatever is not loopback goes to a proxy that is not there. Port 9 discards; nobody listens.
    "--proxy-server=http://127.0.0.1:9",
    "--proxy-bypass-list=127.0.0.1;localhost;[::1]",
)
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
LOCAL_SCHEMES = {"about", "blob", "chrome-error", "data"}
DESKTOP = {"width": 1280, "height": 900}
NARROW = {"width": 320, "height": 640}
# Contexts with JavaScript off: Playwright does not tell, and axe would wait in them for ever.
PLAIN: WeakSet[BrowserContext] = WeakSet()
# A page for each of them in which axe may run, opened when first asked for: a context a look costs more than the look.
TWINS: WeakKeyDictionary[BrowserContext, Page] = WeakKeyDictionary()
# Milliseconds that a page may take, on a machine that other work has slowed down; nobody waits for them in vain.
PATIENCE = 30_000
WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


def launch(playwright: Playwright) -> Browser:
    path = find()
    if path is None:
        raise RuntimeError(
            "no Chromium found; `make setup-test` installs it, or name one in TREFOIL_CHROMIUM"
        )
    return playwright.chromium.launch(executable_path=path, headless=True, args=list(FLAGS))


def is_local(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in LOCAL_SCHEMES or parts.hostname in LOOPBACK


def _said(error: object) -> str:
    kind = getattr(error, "name", None)
    return f"{kind}: {error}" if kind else str(error)


class Watch:
    """What went wrong in a context without any test having looked."""

    def __init__(self, context: BrowserContext) -> None:
        self.outside: list[str] = []
        self.errors: list[str] = []
        context.on("request", self._request)
        context.on("weberror", lambda error: self.errors.append(f"script failed: {_said(error.error)}"))
        context.on("console", self._console)

    def _request(self, request: Request) -> None:
        if not is_local(request.url):
            self.outside.append(request.url)

    def _console(self, message: Any) -> None:
        if message.type == "error" and "Content Security Policy" in message.text:
            self.errors.append(f"refused by the content security policy: {message.text}")

    def check(self) -> None:
        assert not self.outside, f"the page asked outside this machine: {self.outside}"
        assert not self.errors, "\n".join(self.errors)


@contextlib.contextmanager
def browsing(
    browser: Browser,
    *,
    javascript: bool = True,
    viewport: dict[str, int] | None = None,
    check: bool = True,
    **options: Any,
) -> Iterator[BrowserContext]:
    """A fresh visitor: own cookies, own storage. At the end the watch is checked, unless `check` is false."""
    context = browser.new_context(
        java_script_enabled=javascript,
        viewport=viewport or DESKTOP,  # type: ignore[arg-type]
        locale=options.pop("locale", "en-GB"),
        timezone_id=options.pop("timezone_id", "Europe/London"),
        reduced_motion=options.pop("reduced_motion", "reduce"),
        **options,
    )
    context.set_default_timeout(PATIENCE)
    if not javascript:
        PLAIN.add(context)
    watch = Watch(context)
    try:
        yield context
        if check:
            watch.check()
    finally:
        if context in TWINS:
            TWINS.pop(context).context.close()
        context.close()


def axe(page: Page, *, ignore: tuple[str, ...] = ()) -> None:
    """Holds that axe finds nothing wrong with the page as it stands. `ignore` names rules to leave out."""
    options = {
        "runOnly": {"type": "tag", "values": list(WCAG)},
        "rules": {rule: {"enabled": False} for rule in ignore},
        "resultTypes": ["violations"],
    }
    with _scriptable(page) as subject:
        violations = Axe().run(subject, options=options).response["violations"]
    found = [
        f"{violation['id']} ({violation['impact']}): {violation['help']}\n    {node['html'][:200]}"
        for violation in violations
        for node in violation["nodes"]
    ]
    assert not found, f"{page.url} has {len(found)} accessibility violations:\n" + "\n".join(found)


@contextlib.contextmanager
def _scriptable(page: Page) -> Iterator[Page]:
    """The page itself, or, with JavaScript off, its markup in a twin where only axe may run."""
    browser = page.context.browser
    if page.context not in PLAIN or browser is None:
        yield page
        return
    # What stands in <noscript> is drawn in the plain page, but a page that may run scripts would not read it.
    markup = page.content().replace("<noscript>", "<div>").replace("</noscript>", "</div>")
    twin = _twin(page.context, browser)
    twin.set_viewport_size(page.viewport_size or DESKTOP)  # type: ignore[arg-type]
    twin.context.clear_cookies()
    twin.context.add_cookies(page.context.cookies())  # type: ignore[arg-type]
    headers = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": "script-src 'none'"}
    url = page.url.partition("#")[0]
    twin.route(url, lambda route: route.fulfill(body=markup, headers=headers))
    try:
        twin.goto(url)
        yield twin
    finally:
        twin.unroute_all()


def _twin(context: BrowserContext, browser: Browser) -> Page:
    if context not in TWINS:
        TWINS[context] = browser.new_context(viewport=DESKTOP, reduced_motion="reduce").new_page()  # type: ignore[arg-type]
    return TWINS[context]


WIDER_THAN_SCREEN = """() => {
    const width = window.innerWidth;
    const wide = [...document.querySelectorAll('body *')]
        .filter(e => e.getBoundingClientRect().right > width + 1)
        .map(e => e.outerHTML.slice(0, 120));
    return [document.documentElement.scrollWidth, width, wide.slice(0, 5)];
}"""


def holds_at_320(page: Page) -> None:
    """Holds that the page needs no sideways scrolling on a screen 320 pixels wide; puts the width back."""
    before = page.viewport_size
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    try:
        # Works without the page's own JavaScript too: this runs in the test tool's context.
        scroll, width, wide = page.evaluate(WIDER_THAN_SCREEN)
        assert scroll <= width, f"{page.url} is {scroll} wide on a screen of {width}: {wide}"
    finally:
        if before:
            page.set_viewport_size(before)
