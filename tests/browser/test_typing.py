"""A form's page in a real browser while somebody types: the markup that Trefoil draws, the logic that it serves."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.engine.forms.test_specs import SPECIMEN
from tests.support.forms import LOGIC, form_of
from webapp.drawing.compiled import compile_form
from webapp.drawing.ink import Ink
from webapp.drawing.values import field_values, row_ids

TODAY = date(2026, 1, 5)
PAGE = """<!doctype html><html lang="en"><title>Form</title><main>
<form data-form="referral" method="post">{fields}</form></main>
<script type="application/json" id="data">{data}</script>
<script type="module">
import {{ start }} from "./js/logic.js";
start(document, JSON.parse(document.getElementById("data").textContent));
document.body.dataset.ready = "yes";
</script></html>"""

Opener = Callable[..., Any]


@pytest.fixture
def folder(tmp_path: Path, serve: Callable[..., Any]) -> Path:
    (tmp_path / "js").symlink_to(LOGIC)
    return tmp_path


@pytest.fixture
def opened(page: Any, folder: Path, serve: Callable[..., Any]) -> Opener:
    """Draws a section of the specimen for some answers and opens it."""

    def open_section(section: str, answers: Mapping[str, Any], facts: Mapping[str, Any] | None = None) -> Any:
        form = form_of(SPECIMEN)
        evaluation = form.evaluate(answers, today=TODAY, facts=facts)
        ink = Ink(
            values=field_values(form.form, answers),
            rows=row_ids(form.form, answers),
            shown=frozenset(evaluation.shown),
            required=frozenset(evaluation.required),
            advised=frozenset(evaluation.advised),
        )
        drawn = compile_form(form.form, form.plan.stack).draw(section, ink)
        data = {
            "form": form.browser(),
            "facts": form.browser_facts(facts),
            "answers": dict(answers),
            "section": section,
            "today": TODAY.isoformat(),
        }
        text = PAGE.format(fields=drawn, data=json.dumps(data).replace("<", "\\u003c"))
        (folder / "index.html").write_text(text, encoding="utf-8")
        server = serve(
            [
                sys.executable,
                "-m",
                "http.server",
                "{port}",
                "--bind",
                "127.0.0.1",
                "--directory",
                str(folder),
            ],
            ready="/",
        )
        page.goto(server.url)
        page.wait_for_selector("body[data-ready]")
        return page

    return open_section


def hidden(page: Any, name: str) -> bool:
    return bool(page.locator(f"[data-path='{name}']").evaluate("(box) => box.hidden"))


def settled(page: Any) -> None:
    """Waits until the page has followed what was typed."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def test_questions_come_and_go_and_nothing_typed_is_lost(opened: Opener) -> None:
    page = opened("harm", {})
    assert hidden(page, "harm_types")
    page.check("[name='a.harm_setting'][value='outside_family']")
    settled(page)
    assert not hidden(page, "harm_types") and hidden(page, "why_cse")
    page.check("[name='a.harm_types'][value='cse']")
    settled(page)
    page.fill("[name='a.why_cse']", "Seen with older men")
    page.check("[name='a.harm_setting'][value='family']")
    settled(page)
    assert hidden(page, "harm_types") and hidden(page, "why_cse")
    page.check("[name='a.harm_setting'][value='both']")
    settled(page)
    assert not hidden(page, "why_cse")
    assert page.input_value("[name='a.why_cse']") == "Seen with older men"


def test_marks_follow(opened: Opener) -> None:
    page = opened("harm", {"harm_setting": "outside_family"})
    mark = page.locator("[data-path='harm_types'] [data-mark]").first
    assert mark.text_content() == "(we ask for this)"
    page.check("[name='a.harm_setting'][value='both']")
    settled(page)
    assert mark.text_content() == ""


def test_rows_are_followed_and_sums_worked_out(opened: Opener) -> None:
    rows = [{"_row": "a", "place": "Park"}, {"_row": "b"}]
    page = opened("harm", {"places": rows})
    assert not hidden(page, "places.a.cost") and hidden(page, "places.b.cost") and hidden(page, "dear")
    page.fill("[name='a.places.b.place']", "Pond")
    settled(page)
    assert not hidden(page, "places.b.cost")
    page.fill("[name='a.places.a.cost']", "1,200")
    page.fill("[name='a.places.b.cost']", "0.5")
    settled(page)
    assert not hidden(page, "dear")
    assert page.locator("[data-path='cost_all'] [data-calculated]").text_content() == "1,200.5"
    assert page.locator("[data-path='place_count'] [data-calculated]").text_content() == "2"
    assert page.locator("[data-path='places.b.cost_vat'] [data-calculated]").text_content() == "0.6"
    page.fill("[name='a.places.b.cost']", "half")
    settled(page)
    assert page.locator("[data-path='cost_all'] [data-calculated]").text_content() == "1,200"


def test_grids_and_facts_are_followed(opened: Opener) -> None:
    page = opened("view", {}, {"record": {"date_of_birth": "2010-01-01", "initials": "AB"}})
    assert not hidden(page, "young") and hidden(page, "framework.peers.working") and hidden(page, "peer_plan")
    page.fill("[name='a.framework.peers.worried']", "x")
    settled(page)
    assert not hidden(page, "framework.peers.working") and not hidden(page, "peer_plan")
    assert hidden(page, "framework.home.working")
    assert "AB" not in page.content()


def test_answers_of_other_sections_count(opened: Opener) -> None:
    page = opened("home", {"harm_setting": "family"})
    assert not hidden(page, "home_detail")


def test_what_could_not_be_read_stands_where_it_was_typed(opened: Opener) -> None:
    page = opened("harm", {"places": [{"_row": "a", "unsafe_since": "31/2/2026"}]})
    boxes = [page.input_value(f"[name='a.places.a.unsafe_since.{box}']") for box in ("day", "month", "year")]
    assert boxes == ["31", "2", "2026"]
