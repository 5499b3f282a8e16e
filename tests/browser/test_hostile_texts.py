"""What people type is only ever text (H6): two hundred texts that try to be more, in a real browser, under our policy.

They are put in by requests as people make them, and by a pack whose every word is one of them; then every page that
shows them is opened. A page that ran one, or whose policy had to refuse one, is named.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from werkzeug.serving import make_server

from engine.casework import submissions
from engine.questions.texts import one_line
from tests.support.browser import browsing
from tests.support.hostile_texts import FAMILIES, TEXTS
from tests.support.hostile_work import published, worked_with
from tests.webapp.conftest import PASSWORD, Place, built, place
from tests.webapp.reading import Browser

__all__ = ["built", "place"]
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


def typed_in(place: Place) -> list[str]:
    """Puts the texts in wherever this authority's people type; returns the pages that show them."""
    published(place)
    everything = "\n".join(one for one in TEXTS if "\n" not in one)
    alice = place.browser("alice")
    record = place.child(
        first='"><img src=x onerror=hit(1)>', last="<script>hit(1)</script>", private_note=everything
    )
    case = place.case(record)
    draft = place.draft(record, case)
    page = alice.get(f"/forms/{draft}/what")
    alice.submit(
        page,
        a__story=everything,
        a__danger_detail=TEXTS[30],
        a__how_many=TEXTS[2],
        button={"action": "later"},
    )
    place.saved(
        draft,
        {
            **place.look(draft).answers, "harms": ["other"], "harms.other": TEXTS[18],
            "places": [{"_row": f"{n:032x}", "place_text": one} for n, one in enumerate(TEXTS[:60])],
        },
    )  # fmt: skip
    for texts in FAMILIES.values():
        alice.submit(alice.get(f"/records/{record}/notes"), text="\n".join(texts))
    for one in ("<svg onload=hit(1)>", "{{ 7*7 }}<b>", "' onmouseover='hit(1)"):
        place.child(first=one, last=one)
    with place.desk("alice") as desk:
        labels = submissions.open_draft(desk, "hostile", record=record).id
    return [
        "/", f"/records/{record}", f"/records/{record}/edit", f"/records/{record}/notes", f"/cases/{case}",
        f"/forms/{draft}", f"/forms/{draft}/what", f"/forms/{draft}/kinds", f"/forms/{draft}/places_known",
        f"/forms/{draft}/check", f"/forms/{draft}/read", f"/forms/{draft}/whole", f"/forms/{labels}",
        f"/forms/{labels}/words", f"/forms/{labels}/check", f"/records/{record}/chronology",
        "/search?q=%3Cscript%3Ehit(1)%3C/script%3E", "/search?q=%22%3E%3Cimg%20src=x%20onerror=hit(1)%3E",
        "/search?q=svg", "/?q=%3Csvg%20onload=hit(1)%3E", "/nothing/%3Cscript%3Ehit(1)%3C/script%3E",
    ]  # fmt: skip


def visit(context: Any, base: str, pages: list[str]) -> list[str]:
    """Everything that a page did which a page of text does not do, in words."""
    found: list[str] = []
    context.add_init_script(WATCH)
    page = context.new_page()

    def asked(dialog: Any) -> None:
        found.append(f"a dialog: {dialog.message}")
        dialog.dismiss()

    page.on("dialog", asked)
    page.goto(f"{base}/sign-in")
    page.fill("[name=sign_in]", "alice")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(f"{base}/")
    for url in pages:
        reply = page.goto(base + url)
        if reply.status != (404 if url.startswith("/nothing/") else 200):
            found.append(f"{url}: answered {reply.status}")
        ran, refused, drawn = page.evaluate(LOOK)
        found += [f"{url}: ran {one}" for one in ran]
        found += [f"{url}: refused {one}" for one in refused]
        if drawn:
            found.append(f"{url}: {drawn} things drawn that nobody meant")
    return found


@pytest.mark.timeout(240)
def test_nothing_that_people_type_runs_or_is_refused(place: Place, browser: Any) -> None:
    assert len(set(TEXTS)) >= 200
    pages = typed_in(place)
    more = worked_with(place)
    with served(place.app) as base, browsing(browser) as context:
        assert visit(context, base, [*pages, *more]) == []
    shown(place, pages)


def shown(place: Place, pages: list[str]) -> None:
    """Where somebody reads what was written, every text stands as it was typed."""
    alice = Browser(place.app)
    alice.sign_in("alice", PASSWORD)
    [read] = [one for one in pages if one.endswith("/read")]
    words = alice.get(read).text
    # Letters and their accents are kept joined, as everything typed is.
    typed = [" ".join(one_line(one).split()) for one in TEXTS if "\n" not in one]
    missing = [one for one in typed if one not in words]
    # Shown as Markdown where guidance is written, but what is answered is text to the letter.
    assert not missing, missing[:5]


def without_policy(app: Any) -> Any:
    """The same application, whose replies do not say what a page may do."""

    def answer(environ: Any, start: Any) -> Any:
        def begin(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            return start(status, [one for one in headers if one[0] != "Content-Security-Policy"], *more)

        return app(environ, begin)

    return answer


@pytest.mark.timeout(240)
def test_pages_that_take_text_for_markup_are_noticed(
    place: Place, browser: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The controls: without escaping the policy has to refuse; without the policy as well, the texts run, on every
    page that shows what is written in casework."""
    pages = typed_in(place)
    more = worked_with(place)
    monkeypatch.setattr(place.app.jinja_env, "bytecode_cache", None)
    monkeypatch.setattr(place.app.jinja_env, "autoescape", False)
    monkeypatch.setattr(place.app.jinja_env, "cache", {})

    [read] = [one for one in pages if one.endswith("/read")]
    with served(place.app) as base, browsing(browser, check=False) as context:
        found = visit(context, base, [read])
    assert any(f"{read}: refused" in one for one in found), found[:5]
    with served(without_policy(place.app)) as base, browsing(browser, check=False) as context:
        found = visit(context, base, [read, *more])
    assert [url for url in (read, *more) if not any(one.startswith(f"{url}: ran") for one in found)] == []
