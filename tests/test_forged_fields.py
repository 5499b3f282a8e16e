"""Fields that a page never offered change nothing and are named, in every form of the core pack (H10)."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import pytest

from engine.forms import CompiledForm
from engine.forms.entry import Entry
from engine.language.model import Section
from tests.support.forging import FORMS, MADE_UP, boxes, strangers
from tools.core_pack_reference import core

DAY = date(2026, 6, 1)
TRIES = 60
TEXTS = ("forged", "yes", "1", "approved", "2026-01-01", "6f1f1f4e-0000-4000-8000-000000000000")


def forged(form: CompiledForm, section: Section, chance: random.Random) -> list[str]:
    """Names that this part of the form does not offer: other parts', other forms', worked out, or made up."""
    model = form.form
    others = [name for one in model.sections if one.id != section.id for name in boxes(one)]
    own = {one.id for part in model.sections for one in part.questions}
    rows = tuple(f"a.{one.id}." for one in model.sections)
    others_own = [name for name in strangers(model.id, own) if not name.startswith(rows)]
    worked_out = [
        f"a.{one.id}" for one in section.questions if one.calculate is not None and not section.each
    ]
    sampled = [chance.sample(pool, min(len(pool), 12)) for pool in (others, others_own)]
    return [*sampled[0], *sampled[1], *worked_out, *MADE_UP]


def taken(form: CompiledForm, fields: dict[str, list[str]], before: dict[str, Any]) -> Entry:
    return form.entry(fields, before=before, today=DAY, mint=lambda: "minted")


def attack(form: CompiledForm, chance: random.Random, *, says_which: bool = True) -> list[str]:
    """Forged names that were taken for answers, or not named."""
    found = []
    for section in form.form.sections:
        honest = {"a.@section": [section.id]} if says_which else {}
        plain = taken(form, honest, {})
        names = forged(form, section, chance)
        entry = taken(form, {**honest, **{name: [chance.choice(TEXTS)] for name in names}}, {})
        if entry.answers != plain.answers or entry.raw != plain.raw:
            found.append(f"{section.id}: {sorted(set(entry.answers) - set(plain.answers))}")
        unnamed = set(names) - set(entry.ignored)
        if says_which and unnamed:
            found.append(f"{section.id}: not named {sorted(unnamed)}")
    return found


@pytest.mark.parametrize("id", FORMS)
def test_what_a_part_does_not_offer_changes_nothing_and_is_named(id: str) -> None:
    chance = random.Random(id)
    form = core().form(id)
    for _ in range(max(1, TRIES // len(form.form.sections) // 4)):
        assert attack(form, chance) == []


@pytest.mark.parametrize("id", FORMS)
def test_what_is_hidden_never_leaves_with_the_form(id: str) -> None:
    """Answers to questions that the others hide may be typed, and are no answers when the form is sent."""
    form, chance = core().form(id), random.Random(id)
    everything = {
        name: [chance.choice(TEXTS)]
        for section in form.form.sections
        if not section.each
        for name in boxes(section)
        if name.count(".") == 1
    }
    fields = {**everything, "a.@section": [one.id for one in form.form.sections]}
    evaluation = form.evaluate(taken(form, fields, {}).answers, today=DAY)
    shown = {one.partition(".")[0].partition("[")[0] for one in evaluation.shown}
    left = {name.partition(".")[0] for name in evaluation.answers}
    assert left <= shown


def test_without_asking_which_part_was_on_the_page_forged_names_are_taken_and_that_is_noticed() -> None:
    """The control: where a page's part is not asked for, other parts' questions are answered unseen."""
    assert any(attack(core().form(id), random.Random(id), says_which=False) for id in FORMS)
