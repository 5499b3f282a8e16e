"""Opens pages in a real browser and tells what they did that a page of text does not do. Knows no page of ours."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Error
from werkzeug.serving import make_server

from tests.webapp.conftest import PASSWORD

WATCH = """
window.__ran = []; window.__refused = [];
window.hit = () => { window.__ran.push('a text'); return 0; };
window.addEventListener('securitypolicyviolation', e => window.__refused.push(
    `${e.violatedDirective} ${e.blockedURI} ${e.sample}`));
"""
LOOK = """() => {
    for (const one of document.querySelectorAll('main [autofocus], main [onmouseover], main [onpointerover]')) {
        one.focus?.(); one.dispatchEvent(new MouseEvent('mouseover', {bubbles: true}));
    }
    return [window.__ran, window.__refused, document.querySelectorAll('main img, main iframe, main object').length];
}"""
SEND = """([url, fields]) => {
    const form = Object.assign(document.createElement('form'), {method: 'post', action: url});
    const said = {csrf_token: [document.querySelector("input[name='csrf_token']").value], ...fields};
    for (const [name, texts] of Object.entries(said))
        for (const value of texts) form.append(Object.assign(document.createElement('textarea'), {name, value}));
    document.body.append(form);
    HTMLFormElement.prototype.submit.call(form);
}"""


@contextmanager
def served(app: Any) -> Iterator[str]:
    """The application on loopback, in a thread of our own."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()


class Visit:
    """Somebody signed in; `found` is what pages did that nobody meant, in words that begin with the address."""

    def __init__(self, context: Any, base: str, name: str = "alice") -> None:
        self.base = base
        self.found: list[str] = []
        context.add_init_script(WATCH)
        self.page = context.new_page()
        self.page.on("dialog", self._asked)
        self.page.goto(f"{base}/sign-in")
        self.page.fill("[name=sign_in]", name)
        self.page.fill("[name=password]", PASSWORD)
        self.page.press("[name=password]", "Enter")
        self.page.wait_for_url(f"{base}/")

    def _asked(self, dialog: Any) -> None:
        if dialog.type == "beforeunload":
            # A page of ours that still holds what is typed asks before it is left.
            dialog.accept()
            return
        self.found.append(f"a dialog: {dialog.message}")
        dialog.dismiss()

    def open(self, urls: Iterable[str]) -> None:
        for url in urls:
            reply = self.page.goto(self.base + url)
            self._status(url, reply.status, 404 if url.startswith("/nothing/") else 200)
            self.look(url)

    def send(self, posts: Iterable[tuple[str, Mapping[str, Sequence[str]], int]], *, start: str = "") -> None:
        """Posts as the page that is open would, or `start`: address, fields, and the status of the page in answer."""
        for url, fields, status in posts:
            if start:
                self.page.goto(self.base + start)
            with self.page.expect_navigation() as told:
                self.page.evaluate(SEND, [url, fields])
            self._status(f"post {url}", told.value.status, status)
            self.look(f"post {url}")

    def show(self, markup: bytes, name: str) -> None:
        """A file that was handed out, as its receiver opens it: with no policy at all."""
        address = f"{self.base}/{name}"
        before, self.page = self.page, self.page.context.new_page()
        self.page.route(address, lambda route: route.fulfill(body=markup, content_type="text/html"))
        self.page.goto(address)
        self.look(name)
        self.page.close()
        self.page = before

    def _status(self, where: str, status: int, wanted: int) -> None:
        if status != wanted:
            self.found.append(f"{where}: answered {status}")

    def look(self, where: str) -> None:
        try:
            ran, refused, drawn = self.page.evaluate(LOOK)
        except Error:
            ran, refused, drawn = [], [], 0
            self._led_away(where)
        if not self.page.url.startswith(self.base):
            self._led_away(where)
        self.found += [f"{where}: ran {one}" for one in ran]
        self.found += [f"{where}: refused {one}" for one in refused]
        if drawn:
            self.found.append(f"{where}: {drawn} things drawn that nobody meant")

    def _led_away(self, where: str) -> None:
        """Only what is read as markup leads away from a page that was opened."""
        self.found.append(f"{where}: ran away to another page")
        context = self.page.context
        self.page.close()
        self.page = context.new_page()
        self.page.goto(f"{self.base}/settings")

    def ran(self, where: str) -> bool:
        return any(one.startswith(f"{where}: ran") for one in self.found)
