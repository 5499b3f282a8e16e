"""A form that a layer leaves alone is taken from below, and only where it means the same there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

import engine
from engine.forms import CompiledForm
from engine.language.model import Stack
from engine.packs import finding, inspect_texts, loading
from tests.support.forms import ROOT

BASE = """
form: asking
title: Asking
about: child
sections:
  - id: s
    title: Asking
    questions:
      - {id: level, type: choose_one, label: Level, options: levels}
      - {id: more, type: text, label: More, show_if: grave}
      - {id: why, type: text, label: Why, show_if: second.sure}
      - {id: years, type: yes_no, label: Old, show_if: record.born is answered}
---
form: plain
title: Plain
about: child
sections:
  - id: s
    title: Plain
    questions: [{id: seen, type: yes_no, label: Seen}, {id: when, type: date, label: When, show_if: seen}]
---
form: second
title: Second
about: child
sections:
  - id: s
    title: Second
    questions: [{id: sure, type: yes_no, label: Sure}]
---
list: levels
title: Levels
options: [{id: low, label: Low}, {id: high, label: High}]
---
record: child
title: Child
fields: [{id: born, type: date, label: Born}]
name: "{born}"
---
conditions: base
named: {grave: level is high}
"""


def layered(changes: str, manifest: str = "") -> dict[str, str]:
    return {
        "form_definitions/base/pack.yaml": "pack: base\ntitle: Base\nversion: 1.0.0\n",
        "form_definitions/base/all.yaml": BASE,
        "form_definitions/top/pack.yaml": (
            f"pack: top\ntitle: Top\nversion: 2.0.0\nextends: {{pack: base, version: 1.0.0}}\n{manifest}"
        ),
        **({"form_definitions/top/changes.yaml": changes} if changes else {}),
    }


def taken(texts: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The forms of `top` that were taken from below."""
    found: set[str] = set()
    over = CompiledForm.over

    def noted(form: CompiledForm, stack: Stack) -> CompiledForm:
        found.add(form.id)
        return over(form, stack)

    monkeypatch.setattr(CompiledForm, "over", noted)
    engine.load_texts(texts)
    return found


ADD_LIST = "list: levels\nchanges: [{add: {id: middle, label: Middle}}]\n"
ADD_FIELD = "record: child\nchanges: [{add: {id: area, type: text, label: Area}, to: fields}]\n"
SET_OTHER = "form: second\nchanges: [{set: sure, label: Certain}]\n"
SET_PLAIN = "form: plain\nchanges: [{set: seen, label: Seen alone}]\n"
NEW_WORDS = "terms: top\nwords:\n  child: {one: pupil, many: pupils, a: a pupil, the: the pupil}\n"


@pytest.mark.parametrize(
    ("changes", "manifest", "wanted"),
    [
        ("", "", {"asking", "plain", "second"}),
        (SET_PLAIN, "", {"second"}),
        (SET_OTHER, "", {"plain"}),
        (ADD_LIST, "", {"plain", "second"}),
        (ADD_FIELD, "", {"plain", "second"}),
        ("", "nation: wales\n", {"plain", "second"}),
        ("conditions: top\nnamed: {light: level is low}\n", "", {"plain", "second"}),
        (NEW_WORDS, "", set()),
    ],
    ids=[
        "nothing",
        "another form",
        "a form it reads",
        "its list",
        "the record",
        "the nation",
        "a condition",
        "words",
    ],
)
def test_what_is_taken_from_below(
    changes: str, manifest: str, wanted: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert taken(layered(changes, manifest), monkeypatch) == wanted


def test_a_change_elsewhere_that_breaks_a_form_is_found() -> None:
    retire = "form: second\nchanges: [{retire: sure, why: Not asked}]\n"
    report = inspect_texts(layered(retire))
    assert [one.code for one in report.errors] == ["R331"]


def test_an_evaluation_names_the_pack_that_it_was_asked_of() -> None:
    packs = engine.load_texts(layered("")).packs
    told = [packs[one].form("plain").evaluate({}, today=date(2026, 1, 5)).json() for one in ("base", "top")]
    assert [one["version"] for one in told] == ["1.0.0", "2.0.0"]


def test_everything_that_ships_is_found_as_without_taking(monkeypatch: pytest.MonkeyPatch) -> None:
    found = finding.find(ROOT)
    quick = loading.load(found)
    monkeypatch.setattr(loading, "unaltered", lambda stack, below: lambda form: False)
    slow = loading.load(found)
    assert quick.report() == slow.report() and quick.told == slow.told
    for pack, forms in slow.compiled.items():
        assert {key: one.browser() for key, one in quick.compiled[pack].items()} == {
            key: one.browser() for key, one in forms.items()
        }
        assert all(one.plan.stack is quick.packs[pack].stack for one in quick.compiled[pack].values())
