"""What must never happen on any page: an undeclared route, somebody else's record, a traceback, a lost word."""

from __future__ import annotations

import pytest
from flask import Flask
from structlog.testing import capture_logs

from engine.casework import Busy, records
from tests.webapp.conftest import Place
from webapp.drawing.parts import FIELDS
from webapp.showing import declared

NOBODY = "6f1f1f4e-0000-4000-8000-000000000000"


def routes(app: Flask) -> list[tuple[str, list[str], set[str]]]:
    return [
        (rule.rule, sorted(rule.arguments), rule.methods or set())
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static"
    ]


def filled(rule: str, values: dict[str, str]) -> str:
    for name, value in values.items():
        rule = rule.replace(f"<{name}>", value)
    return rule


def test_every_route_declares_what_it_shows(place: Place) -> None:
    assert set(declared(place.app)) == {one.endpoint for one in place.app.url_map.iter_rules()} - {"static"}


def test_a_route_that_does_not_is_caught(place: Place) -> None:
    app = Flask("other")
    app.add_url_rule("/quiet", "quiet", lambda: "")
    with pytest.raises(RuntimeError, match="/quiet"):
        declared(app)


@pytest.mark.parametrize("unknown", [NOBODY, "1", "not-an-id", "' or 1=1 --", "x" * 300])
def test_unknown_ids_get_the_plain_page(place: Place, unknown: str) -> None:
    browser = place.browser("mary")
    for rule, arguments, methods in routes(place.app):
        if arguments and "GET" in methods:
            page = browser.get(filled(rule, dict.fromkeys(arguments, unknown)), status=404)
            assert page.h1 == "Page not found", rule


def test_another_authority_finds_nothing_of_ours(place: Place) -> None:
    record, case, draft = place.started()
    place.saved(draft, {"story": "Canary words"})
    known = {
        "record": record, "case": case, "submission": draft, "person": place.ids["alice"], "section": "what",
        "transition": "withdraw", "form": "worry", "workflow": "worries", "path": "places.1.place",
    }  # fmt: skip
    far = place.browser("far_mary", host="elsewhere.localhost")
    for rule, arguments, methods in routes(place.app):
        if set(arguments) & {"record", "case", "submission", "person"} and "GET" in methods:
            url = filled(
                rule,
                {**dict.fromkeys(arguments, NOBODY), **{k: v for k, v in known.items() if k in arguments}},
            )
            page = far.get(url, status=404)
            nothing = far.get(filled(rule, dict.fromkeys(arguments, NOBODY)), status=404)
            # To the byte what is said of something that was never there, the page's own tokens aside.
            assert strip(page.html) == strip(nothing.html), url
    assert (
        "Canary" not in far.get("/search?q=cara").html and "Cara Cole" not in far.get("/search?q=cara").html
    )


def strip(html: str) -> str:
    import re

    return re.sub(r'value="[^"]*"', "", html)


def test_a_colleague_without_the_case_finds_nothing_either(place: Place) -> None:
    record, case, draft = place.started()
    bob = place.browser("bob")
    for url in (
        f"/records/{record}",
        f"/cases/{case}",
        f"/forms/{draft}",
        f"/forms/{draft}/what",
        f"/forms/{draft}/read",
    ):
        assert bob.get(url, status=404).h1 == "Page not found"
    bob.post(f"/forms/{draft}/what", {"csrf_token": token(bob)}, status=404)
    assert "Cara" not in bob.get("/search?q=cara").html.replace("q=cara", "").replace('value="cara"', "")


def token(browser: object) -> str:
    return browser.get("/").root.all("input", name="csrf_token")[0].attributes["value"]  # type: ignore[attr-defined]


def test_guarded_answers_are_not_drawn_for_those_they_are_kept_from(place: Place) -> None:
    with place.desk("mary") as desk:
        made = records.create(desk, "place", {"place_name": "Mill Lane", "kept_apart": "Canary words"}).id
    alice = place.browser("alice")
    for url in (f"/records/{made}", f"/records/{made}/edit"):
        page = alice.get(url)
        assert "Canary" not in page.html and 'name="a.kept_apart"' not in page.html, url
    page = alice.get(f"/records/{made}/edit")
    alice.submit(page, a__place_name="Mill Lane car park", a__kept_apart="Overwritten")
    with place.desk("mary") as desk:
        assert records.get(desk, made).fields["kept_apart"] == "Canary words"
    assert "Canary words" in place.browser("mary").get(f"/records/{made}").text


def test_a_busy_database_gives_back_what_was_typed(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    from engine.casework import submissions

    _, _, draft = place.started()
    browser = place.browser("alice")
    page = browser.get(f"/forms/{draft}/what")
    real = submissions.save

    def busy(*_: object, **__: object) -> None:
        raise Busy()

    monkeypatch.setattr(submissions, "save", busy)
    page = browser.submit(page, button={"action": "later"}, a__story="Long words\nof mine", status=503)
    assert page.h1 == "The service is busy" and page.fields()["a.story"] == ["Long words\nof mine"]
    monkeypatch.setattr(submissions, "save", real)
    browser.submit(page)
    assert place.look(draft).answers["story"] == "Long words\nof mine"


def test_a_busy_database_is_a_calm_page_where_somebody_only_looks(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object, **__: object) -> None:
        raise Busy()

    browser = place.browser("alice")
    monkeypatch.setattr(place.store, "desk", busy)
    page = browser.get("/", status=503)
    assert page.h1 == "The service is busy" and page.headers["Retry-After"] == "5"


def test_a_fault_of_ours_is_a_calm_page_with_a_reference(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    from engine.casework import workload

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("secret detail")

    browser = place.browser("alice")
    monkeypatch.setattr(workload, "listed", broken)
    with capture_logs() as logs:
        page = browser.get("/", status=500)
    [line] = logs
    assert line["kind"] == "ZeroDivisionError" and line["reference"] in page.text
    assert "secret detail" not in str(line)
    assert page.h1 == "Something went wrong" and "reference" in page.text
    assert "secret detail" not in page.html and "Traceback" not in page.html


def test_what_people_write_is_never_read_as_html(place: Place) -> None:
    nasty = "<img src=x onerror=alert(1)>\"'><script>alert(2)</script>{{ 7*7 }}"
    record = place.child(first=nasty)
    case = place.case(record)
    draft = place.draft(record, case)
    place.saved(draft, {"story": nasty, "harms": ["other"], "harms.other": nasty})
    browser = place.browser("alice")
    for url in (
        "/",
        f"/records/{record}",
        f"/records/{record}/edit",
        f"/cases/{case}",
        f"/forms/{draft}/what",
        f"/forms/{draft}/kinds",
        f"/forms/{draft}/check",
        f"/forms/{draft}/read",
        "/search?q=%3Cimg",
    ):
        page = browser.get(url)
        assert "<img" not in page.html and "<script>alert" not in page.html, url
        assert "49" not in page.text, url


@pytest.mark.ux("fast")
def test_pages_stay_light(place: Place) -> None:
    _, _, draft = place.started()
    page = place.browser("alice").get(f"/forms/{draft}/places_known")
    client = place.app.test_client()
    asked = [one.attributes["href"] for one in page.root.all("link")] + [
        one.attributes["src"] for one in page.root.all("script") if "src" in one.attributes
    ]
    asked += [f"/static/js/{name}.js" for name in ("logic", "evaluation", "expressions", "reading")]
    asked += ["/static/vendor/govuk/govuk-frontend.min.js"]
    weight = len(page.html)
    for url in asked:
        reply = client.get(url, headers={"Accept-Encoding": "gzip"})
        assert reply.status_code == 200, url
        weight += len(reply.data)
        reply.close()
    assert len(asked) + 1 <= 12 and weight <= 250_000, (len(asked) + 1, weight)


def test_every_type_of_question_that_is_answered_can_be_drawn() -> None:
    from engine.questions import BUILT_IN

    containers = {"repeat", "grid"}
    assert set(BUILT_IN) - containers <= set(FIELDS), set(BUILT_IN) - containers - set(FIELDS)


def test_the_log_takes_only_what_is_on_its_list() -> None:
    from webapp.logs import only_allowed

    line = {"event": "x", "reference": "A1", "story": "Canary", "exc_info": ValueError("Canary")}
    assert only_allowed(None, "", line) == {"event": "x", "reference": "A1"}
