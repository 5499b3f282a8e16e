"""What people type is only ever text (H6): two hundred texts that try to be more, in a real browser, under our policy.

They are put in by requests as people make them, and by a pack whose every word is one of them; then every page that
shows them is opened. A page that ran one, or whose policy had to refuse one, is named.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from werkzeug.exceptions import HTTPException

from engine.casework import submissions
from engine.questions.texts import one_line
from tests.support.browser import browsing
from tests.support.hostile_changes import IMAGE, changed_with
from tests.support.hostile_texts import FAMILIES, TEXTS
from tests.support.hostile_visit import Visit, served
from tests.support.hostile_work import published, worked_with
from tests.webapp.conftest import PASSWORD, Place, built, place
from tests.webapp.reading import Browser
from tests.webapp.test_paper import copied

__all__ = ["built", "place"]
NO_PAGES = {"files.download", "paper.blank", "session.look", "sign_in.health", "static"}
"""What can be fetched and is no page: files and data, which are looked into where paper and saving are tested."""


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
    text, words = quote("<script>hit(1)</script>"), quote('"><img src=x onerror=hit(1)>')
    return [
        "/", f"/records/{record}", f"/records/{record}/edit", f"/records/{record}/notes", f"/cases/{case}",
        f"/forms/{draft}", f"/forms/{draft}/what", f"/forms/{draft}/kinds", f"/forms/{draft}/places_known",
        f"/forms/{draft}/check", f"/forms/{draft}/read", f"/forms/{draft}/whole", f"/forms/{labels}",
        f"/forms/{labels}/words", f"/forms/{labels}/check", f"/records/{record}/chronology",
        f"/search?q={text}", f"/search?q={words}", "/search?q=svg", f"/?q={text}", f"/nothing/{text}",
        f"/records/{record}/chronology?words={words}&from.day={text}", f"/audit?person={text}&record={words}",
        f"/accessibility?next={words}", f"/sign-in?next=/{words}&kept={text}&ended={words}",
    ]  # fmt: skip


def kind_of(place: Place, url: str) -> str:
    try:
        found, _ = place.app.url_map.bind("localhost").match(url.partition("?")[0])
    except HTTPException:
        return ""
    return str(found)


def not_met(place: Place, urls: list[str]) -> set[str]:
    """What can be fetched and was not."""
    every = {one.endpoint for one in place.app.url_map.iter_rules() if "GET" in (one.methods or ())}
    return every - {kind_of(place, one) for one in urls}


@pytest.mark.timeout(240)
def test_nothing_that_people_type_runs_or_is_refused(place: Place, browser: Any) -> None:
    assert len(set(TEXTS)) >= 200
    pages = typed_in(place)
    worked, changed = worked_with(place), changed_with(place)
    urls = list(dict.fromkeys([*pages, *worked, *changed.pages]))
    assert not_met(place, urls) <= NO_PAGES
    with served(place.app) as base, browsing(browser) as context:
        alice = Visit(context, base)
        alice.open(urls)
        alice.send(changed.posts)
        told_at_once(place, alice, urls)
        alice.show(exported(place, changed.pages), "copy.html")
        assert alice.found == []
    shown(place, pages)


def told_at_once(place: Place, alice: Visit, pages: list[str]) -> None:
    """What scripts say without a page being drawn: what another changed meanwhile, and lines of a meeting."""
    [meeting] = [one for one in pages if one.startswith("/meetings/") and not one.endswith("/read")]
    alice.page.goto(alice.base + meeting)
    alice.page.fill("#line", f"{IMAGE} said aloud")
    alice.page.press("#line", "Enter")
    alice.page.locator("#meeting-last", has_text="said aloud").wait_for()
    assert alice.page.inner_text("#meeting-said")
    alice.look(meeting)
    [words] = [one for one in pages if one.endswith("/words")]
    draft = words.split("/")[2]
    alice.page.goto(alice.base + words)
    place.saved(draft, {"q0": "other_one", "q1": "one"})
    alice.page.locator('[name="a.q0"]').first.check()
    said = alice.page.locator(".trefoil-saved__meanwhile:not([hidden]) p").inner_text()
    assert "hit(1)" in said and "changed the same answer" in said and "changed something else" in said
    alice.look(words)


def exported(place: Place, pages: list[str]) -> bytes:
    """A form with all of it as a web page, as whoever gets the copy opens it."""
    [read, *_] = [one for one in pages if one.endswith("/copy?for=file") and one.startswith("/forms/")]
    content = copied(place.browser("alice"), read.partition("?")[0], format="html")
    assert content.count(b"hit(1)") > 100
    return content


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
    worked, changed = worked_with(place), changed_with(place)
    copy = exported(place, changed.pages)
    [read] = [one for one in pages if one.endswith("/read")]
    # One page of each kind: what makes it is the same for all of them.
    kinds = {kind_of(place, one): one for one in changed.pages}
    fresh = [
        url for kind, url in kinds.items() if kind not in {kind_of(place, one) for one in (read, *worked)}
    ]
    monkeypatch.setattr(place.app.jinja_env, "bytecode_cache", None)
    monkeypatch.setattr(place.app.jinja_env, "autoescape", False)
    monkeypatch.setattr(place.app.jinja_env, "cache", {})

    with served(place.app) as base, browsing(browser, check=False) as context:
        alice = Visit(context, base)
        alice.open([read])
    assert any(f"{read}: refused" in one for one in alice.found), alice.found[:5]
    with served(without_policy(place.app)) as base, browsing(browser, check=False) as context:
        alice = Visit(context, base)
        alice.open([read, *worked, *fresh])
        alice.send(changed.posts, start="/settings")
        alice.show(copy.replace(b"&lt;", b"<").replace(b"&gt;", b">"), "copy.html")
    looked = [read, *worked, *fresh, *(f"post {one[0]}" for one in changed.posts), "copy.html"]
    assert [one for one in looked if not alice.ran(one)] == []
