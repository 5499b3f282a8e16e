"""Fields, values and pictures by themselves: escaping, the way back from answers, and what is drawn for whom."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

import engine
from engine.language.model import Form, Option, OptionList, Question, Section, Stack
from tests.webapp.conftest import LITTLE
from tests.webapp.reading import Reader
from webapp import markdown, tongues
from webapp.drawing.compiled import compile_form
from webapp.drawing.ink import Ink
from webapp.drawing.machine import draw_machine, wrapped
from webapp.drawing.options import lines
from webapp.drawing.values import field_values, row_ids
from webapp.folding import folded
from webapp.summaries import name_of_path, question_at, section_of

ROOT = Path(__file__).parents[2]
PACK = engine.load(LITTLE).pack("little")
WORRY = PACK.stack.forms["worry"]
ANSWERS = {
    "story": "At the park",
    "danger": False,
    "seen_on": "2026-01-05",
    "how_many": "3",
    "harms": ["violence", "other"],
    "harms.other": "Debt",
    "setting": "inside",
    "places": [{"_row": "r1", "place_text": "Car park", "unsafe_since": "2025-12-31"}, {"_row": "r2"}],
    "framework": {"peers": {"worried": "Dares"}},
}


def test_answers_to_fields_and_back_again() -> None:
    """What a page shows for some answers, posted unchanged, is those answers."""
    values = field_values(WORRY, ANSWERS)
    assert values["seen_on.day"] == ["5"] and values["harms"] == ["violence", "other"]
    posted = {f"a.{name}": texts for name, texts in values.items()}
    entry = PACK.form("worry").entry(posted, before={"places": [{"_row": "r1"}, {"_row": "r2"}]})
    assert entry.answers == ANSWERS and not entry.problems and not entry.ignored
    assert row_ids(WORRY, ANSWERS) == {"places": ["r1", "r2"]}


def test_every_section_is_drawn_whole_with_these_answers() -> None:
    drawn = compile_form(WORRY, PACK.stack)
    ink = Ink(values=field_values(WORRY, ANSWERS), rows=row_ids(WORRY, ANSWERS))
    for section in WORRY.sections:
        reader = Reader()
        reader.feed(f"<div>{drawn.draw(section.id, ink)}</div>")
        reader.close()
        assert reader.now is reader.root
        ids = [one.attributes["id"] for one in reader.root.all() if "id" in one.attributes]
        assert len(ids) == len(set(ids))
        names = {
            one.attributes["name"]
            for one in reader.root.all()
            if one.attributes.get("name", "").startswith("a.")
        }
        heads = {one.id for one in section.questions if one.type != "guidance" and one.calculate is None}
        assert {name.split(".")[1] for name in names} == heads


@pytest.mark.parametrize("where", ["label", "hint", "guidance", "option", "value", "row", "error"])
def test_nothing_that_anybody_writes_becomes_markup(where: str) -> None:
    nasty = "\"'><b onclick=x>{{ 7*7 }}{% raw %}</b>"
    kinds = OptionList(
        "kinds", title="Kinds", options=(Option("one", label=nasty if where == "option" else "One"),)
    )
    inner = Question("q", type="text", label="Q")
    questions = (
        Question(
            "text", type="long_text", label=nasty if where == "label" else "Text",
            hint=nasty if where == "hint" else None, guidance=nasty if where == "guidance" else None,
        ),
        Question("pick", type="choose_one", label="Pick", options="kinds"),
        Question("rows", type="repeat", label="Rows", questions=(inner,)),
    )  # fmt: skip
    form = Form("f", title="F", sections=(Section("s", title="S", questions=questions),))
    from dataclasses import replace

    stack = replace(PACK.stack, lists={"kinds": kinds})
    ink = Ink(
        values={"text": [nasty if where == "value" else ""]},
        rows={"rows": [nasty if where == "row" else "r1"]},
        errors={"text": nasty} if where == "error" else {},
    )
    html = str(compile_form(form, stack).draw("s", ink))
    assert "<b onclick" not in html and "<b " not in html and "49" not in html


def test_groups_head_what_stands_under_them() -> None:
    found = lines(PACK.stack.lists["harms"])
    assert [(one.id, one.heading) for one in found] == [
        ("outside", True), ("exploitation", False), ("violence", False), ("not_clear", False), ("other", False),
    ]  # fmt: skip


def test_a_retired_option_is_there_only_for_whoever_chose_it() -> None:
    kinds = OptionList(
        "kinds", title="K", options=(Option("old", label="Old", retired=True), Option("new", label="New"))
    )
    question = Question("pick", type="choose_one", label="Pick", options="kinds")
    form = Form("f", title="F", sections=(Section("s", title="S", questions=(question,)),))
    from dataclasses import replace

    drawn = compile_form(form, replace(PACK.stack, lists={"kinds": kinds}))
    assert 'value="old"' not in drawn.draw("s", Ink())
    assert 'value="old"' in drawn.draw("s", Ink(values={"pick": ["old"]}))


def test_what_is_kept_back_is_not_drawn() -> None:
    drawn = compile_form(WORRY, PACK.stack)
    html = drawn.draw("what", Ink(kept_back=frozenset({"story"}), values={"story": ["Canary"]}))
    assert "Canary" not in html and "a.story" not in html and "a.danger" in html


@pytest.mark.parametrize(
    ("path", "name", "section"),
    [
        ("story", "story", "what"),
        ("places[1].place_text", "places.r2.place_text", "places_known"),
        ("framework.peers.worried", "framework.peers.worried", "places_known"),
        ("nothing", "nothing", None),
    ],
)
def test_paths_lead_to_fields_and_sections(path: str, name: str, section: str | None) -> None:
    assert name_of_path(path, row_ids(WORRY, ANSWERS)) == name
    assert section_of(WORRY, path) == section
    found = question_at(WORRY, path)
    assert (found.id if found else None) == (path.split(".")[-1] if section else None)


def test_unanswered_rows_of_a_grid_fold_into_one_line() -> None:
    from datetime import date

    summary = folded(PACK.form("worry").summary(ANSWERS, today=date(2026, 1, 6)))
    labels = [item.label for part in summary if part.id == "places_known" for item in part.items]
    assert labels.count("Home") == 1 and "Peer group: What are we worried about?" in labels


def test_the_picture_shows_every_state_and_hides_itself_from_readers() -> None:
    drawing = PACK.workflow("worries").drawing()
    html = draw_machine(drawing, "deciding", {"telling", "deciding"})
    assert html.count("<rect") == 4 and html.count("trefoil-state--now") == 1 and 'aria-hidden="true"' in html
    assert "style=" not in html
    assert wrapped("A very long title that goes on and on until nobody can read it any more")[-1].endswith(
        "…"
    )


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[x](javascript:alert(1))", "[x](//evil.test)",
        "[x](data:text/html,x)", "![x](http://evil.test/x.png)", "[x](JaVaScRiPt:alert(1))",
        "<a href='x' onclick='y'>z</a>",
        "[x](\\\\evil.test)", "[x](/\\evil.test)", "<style>*{}</style>", "<!-- --><b>", "&lt;script&gt;", "`<script>`",
    ],
)  # fmt: skip
def test_markdown_comes_out_harmless(text: str) -> None:
    html = str(markdown.html(text))
    for bad in (
        "<script",
        "<img",
        "<style",
        "<!--",
        'href="javascript',
        'href="//',
        'href="data',
        'href="\\',
        'href="/\\',
    ):
        assert bad not in html.lower(), html
    assert "onclick" not in html or "&lt;" in html


def test_markdown_is_drawn_as_govuk_draws_it() -> None:
    html = str(markdown.html("# Big\n\nSay *who*.\n\n- one\n- two\n\n[page](https://example.test/a)"))
    assert '<h3 class="govuk-heading-s">Big</h3>' in html and "<em>who</em>" in html
    assert '<ul class="govuk-list govuk-list--bullet">' in html and 'rel="noopener noreferrer"' in html
    assert markdown.html("x" * 20_000).startswith("<p")


def test_what_stands_beside_a_number_and_what_a_row_is_called() -> None:
    cost = Question("cost", type="number", label="Cost", settings={"prefix": "£<", "unit": "a week"})
    named = Question("costs", type="repeat", label="Costs", settings={"row_label": "Cost"}, questions=(cost,))
    plain = Question("rows", type="repeat", label="Rows", questions=(cost,))
    form = Form("f", title="F", sections=(Section("s", title="S", questions=(cost, named, plain)),))
    from dataclasses import replace

    compiled = compile_form(form, replace(PACK.stack, forms={"f": form}))
    drawn = compiled.draw("s", Ink(values={}, rows={}))
    box = re.search(r'<div class="govuk-input__wrapper">.*?</div></div>', str(drawn))
    assert box and 'prefix" aria-hidden="true">£&lt;</div><input' in box[0] and ">a week</div>" in box[0]
    assert "Add: Cost<span" in drawn and "Add one<span" in drawn
    with tongues.speaking("cy"):
        welsh = compiled.draw("s", Ink(values={}, rows={"costs": ("r1",)}))
    assert "Ychwanegu: Cost<span" in welsh and "Tynnu<span" in welsh and ">Add" not in welsh


CANARY = "zqcanary"


@pytest.mark.parametrize(
    "field", ["calculated", "values", "errors", "notes", "earlier", "row_titles", "carried"]
)
def test_nothing_of_one_form_stands_in_another_that_is_drawn_after_it(field: str) -> None:
    """Fields are drawn once for each state in which nobody wrote anything; what stands in one is nobody else's."""
    stack = core()
    for form in stack.forms.values():
        drawn = compile_form(form, stack)
        said: object = [CANARY] if field == "values" else (CANARY, True) if field == "carried" else CANARY
        paths = [one.id for section in form.sections for one in section.questions]
        first = Ink(**{field: dict.fromkeys(paths, said)}, earlier_when="Last time")  # type: ignore[arg-type]
        for section in form.sections:
            drawn.draw(section.id, first)
            after = drawn.draw(section.id, Ink())
            assert CANARY not in after, (form.id, section.id)
            assert after == compile_form(form, stack).draw(section.id, Ink()), (form.id, section.id)


@cache
def core() -> Stack:
    return engine.load(ROOT).pack("core").stack
