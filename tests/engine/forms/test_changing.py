"""One answer changed gives what a whole evaluation gives, in every field, on random forms and on those that ship."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

import pytest

from engine.forms import CompiledForm, Evaluation, changing
from engine.forms.plan import Leaf
from engine.forms.working import Row
from tests.engine.forms.test_shipped import FORMS, cases_of, shipped
from tests.engine.forms.test_specs import SPECIMEN
from tests.support.forms import form_of
from tests.support.random_forms import random_change, random_form

TODAY = date(2026, 1, 5)
FIELDS = ("shown", "required", "advised", "problems", "advice", "dropped", "calculated")
FACTS: dict[str, Any] = {
    "record": {"years": "5"},
    "records": [{"id": "r1", "years": "2"}, {"id": "r2", "years": "9"}],
}


def state(row: Row) -> tuple[Any, ...]:
    return row.key, row.path, row.given, row.values, row.faults, row.hidden, row.dropped


def same(found: Evaluation, whole: Evaluation) -> bool:
    """Alike in all that is told, its order included, and in all that explanations rest on."""
    return (
        all(getattr(found, name) == getattr(whole, name) for name in FIELDS)
        and repr(found.answers) == repr(whole.answers)
        and state(found.working.top) == state(whole.working.top)
        and found.working.unknown == whole.working.unknown
        and {key: [*map(state, rows)] for key, rows in found.working.rows.items()}
        == {key: [*map(state, rows)] for key, rows in whole.working.rows.items()}
    )


def walk(form: CompiledForm, answers: dict[str, Any], facts: Any, chance: Random, times: int) -> int:
    """Change after change, each held to a whole evaluation; how many changed more than the answer itself."""
    now, reached = form.evaluate(answers, today=TODAY, facts=facts), 0
    for _ in range(times):
        changes = random_change(form, now, chance)
        before = {name: getattr(now, name) for name in FIELDS}, dict(now.answers), state(now.working.top)
        after = form.change(now, changes)
        whole = form.evaluate(after.working.top.given, today=TODAY, facts=facts)
        assert same(after, whole), (form.id, now.working.top.given, changes)
        again = {name: getattr(now, name) for name in FIELDS}, dict(now.answers), state(now.working.top)
        assert before == again, "the evaluation before was altered"
        reached += after.shown != now.shown
        now = after
    return reached


@pytest.mark.parametrize("many", [0, 5], ids=["spliced", "as ever"])
def test_random_forms(many: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also with every change put in place piece by piece, however much of the form it concerns."""
    monkeypatch.setattr(changing, "MANY", many)
    chance = Random(many)
    reached = sum(
        walk(random_form(chance), {}, chance.choice([FACTS, {"record": {"years": "1"}}]), chance, 40)
        for _ in range(40)
    )
    assert reached > 100


@pytest.mark.parametrize(("pack", "form_id"), FORMS, ids=[f"{pack}-{form}" for pack, form in FORMS])
def test_every_form_that_ships(pack: str, form_id: str) -> None:
    stack, form = shipped().pack(pack).stack, shipped().pack(pack).form(form_id)
    chance = Random(form_id)
    for answers, facts in cases_of(form, stack)[:2]:
        walk(form, answers, facts, chance, 8)


def test_only_what_depends_is_settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of its purpose: a question that nothing reads has no other one read again."""
    form = form_of(SPECIMEN)
    before = form.evaluate({"harm_setting": "both", "places": [{"place": "Park"}]}, today=TODAY)
    read: list[str] = []
    original = type(before.working).read_anew

    def noted(self: Any, leaf: Leaf, row: Row) -> None:
        read.append(leaf.id)
        original(self, leaf, row)

    monkeypatch.setattr(type(before.working), "read_anew", noted)
    after = form.change(before, {"home_words": "x"})
    assert read == ["home_words"]
    read.clear()
    form.change(after, {"harm_setting": "family"})
    assert "harm_types" in read and "home_words" not in read


@pytest.mark.parametrize("path", ["places[1].place", "places.place", "places[x].place", "framework.peers"])
def test_a_row_that_is_not_there(path: str) -> None:
    form = form_of(SPECIMEN)
    before = form.evaluate({"places": [{"place": "Park"}]}, today=TODAY)
    with pytest.raises(KeyError):
        form.change(before, {path: "x"})


def test_an_answer_that_is_no_question_is_told_as_ever() -> None:
    form = form_of(SPECIMEN)
    after = form.change(form.evaluate({}, today=TODAY), {"nowhere": "x"})
    assert [(one.question, one.code) for one in after.problems] == [("nowhere", "unknown_question")]
