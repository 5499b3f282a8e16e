"""What was kept is what would be loaded anew, in all that can be seen of it; what cannot be trusted is passed over."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest

import engine
from engine import cli, expressions, forms
from engine.forms.plan import Leaf, Plan
from engine.language.places import Place
from engine.packs import Cache, cache, finding, loading, of_account, storing
from engine.packs.keeping import Kept
from tests.engine.forms.test_changing import walk
from tests.engine.forms.test_shipped import cases_of
from tests.support.forms import ROOT
from tests.support.random_forms import random_form
from tests.support.workflows import texts

TODAY = date(2026, 1, 5)
VALID = ROOT / "tests" / "definitions" / "valid" / "quayside"
FORM = """
form: own
title: Own
about: child
sections:
  - id: s
    title: S
    questions:
      - {id: level, type: choose_one, label: Level, options: levels, answer: required}
      - {id: more, type: text, label: More, show_if: "level is high or low"}
      - {id: cost, type: number, label: Cost, min: 1.50, calculate: 2 * 3.25}
"""


def kept(pack: engine.Pack) -> bool:
    return isinstance(pack._kept, Kept)


def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One entry for every time that texts are really loaded."""
    loads: list[int] = []
    load = loading.load

    def noted(found: finding.Texts) -> loading.Loaded:
        loads.append(1)
        return load(found)

    monkeypatch.setattr(loading, "load", noted)
    return loads


def test_everything_that_ships_is_the_same_from_what_was_kept(tmp_path: Path) -> None:
    kept_in = Cache(tmp_path / "stacks")
    fresh = engine.load(ROOT, kept_in)
    again = engine.load(ROOT, kept_in)
    assert not any(map(kept, fresh.packs.values())) and all(map(kept, again.packs.values()))
    assert fresh.report == again.report and fresh.report.as_text() == again.report.as_text()
    assert list(fresh.packs) == list(again.packs)
    for one, other in zip(fresh.packs.values(), again.packs.values(), strict=True):
        assert one.stack == other.stack
        assert (one.hash, one.texts, one.translations) == (other.hash, other.texts, other.translations)
        assert places(one.stack) == places(other.stack)
    pack, other = fresh.pack("dyffryn"), again.pack("dyffryn")
    for form_id in pack.stack.forms:
        form, same = pack.form(form_id), other.form(form_id)
        assert form.findings == same.findings and form.browser() == same.browser()
        assert told(same.plan) == told(form.plan)
        for answers, facts in cases_of(form, pack.stack)[:3]:
            found, wanted = (one.evaluate(answers, today=TODAY, facts=facts) for one in (same, form))
            assert found.json() == wanted.json() and list(found.answers) == list(wanted.answers)
            assert [found.why(one) for one in found.shown[:9]] == [
                wanted.why(one) for one in wanted.shown[:9]
            ]
    for workflow in pack.stack.workflows:
        machine, same_machine = pack.workflow(workflow), other.workflow(workflow)
        now = datetime(2026, 1, 5, 9)
        case = machine.start(now=now)
        offered = [
            one.choices(case, role="practitioner", facts={}, now=now) for one in (machine, same_machine)
        ]
        assert offered[0] == offered[1]


def places(value: Any) -> dict[str, Place]:
    """Every place in a stack's forms and workflows, which comparing them does not look at."""
    found: dict[str, Place] = {}
    for form in value.forms.values():
        for section in form.sections:
            for one in (section, *section.questions):
                found[f"{form.id}.{one.id}"] = one.place
                found |= {f"{form.id}.{one.id}.{key}": place for key, place in one.places.items()}
    for workflow in value.workflows.values():
        found |= {f"{workflow.id}.{one.id}": one.place for one in (*workflow.states, *workflow.transitions)}
    return found


def test_what_only_explaining_needs_is_loaded_when_asked_for(tmp_path: Path) -> None:
    kept_in = Cache(tmp_path)
    fresh, again = (engine.load(VALID, kept_in).pack("quayside") for _ in range(2))
    assert kept(again)
    element = next(iter(again.stack.forms))
    assert again.explain(element) == fresh.explain(element)
    with pytest.raises(engine.UnknownName):
        again.form("nowhere")


def stored(value: Any) -> Any:
    """The value as it comes back from lines."""
    lines: list[str] = []

    def put(data: Any) -> int:
        lines.append(json.dumps(data))
        return len(lines) - 1

    number = put(storing.written(value, put))
    return storing.Lines(lambda number: json.loads(lines[number]))(number)


def unkept(form: forms.CompiledForm) -> forms.CompiledForm:
    """The form as it comes back from lines."""
    lines: list[str] = []

    def put(data: Any) -> int:
        lines.append(json.dumps(data))
        return len(lines) - 1

    plan = put(forms.written(form, lambda value: put(storing.written(value, put))))
    read = [json.loads(line) for line in lines]
    stack = replace(form.plan.stack, forms={form.id: form.form})
    return forms.restored(read[plan], form.id, stack, storing.Lines(read.__getitem__))


def parts(leaf: Leaf) -> tuple[Any, ...]:
    """Everything of a leaf; of its functions, that they are there."""
    conditions = tuple(
        one and (one.expression, one.typed, one.reads)
        for one in (leaf.show, leaf.calculate, leaf.default, leaf.required_if, leaf.advised_if, leaf.valid_if)
    )
    made = leaf.read is not None, leaf.check is not None, leaf.dump is not None
    return leaf.id, leaf.question, leaf.type, leaf.base, leaf.other, leaf.asks, leaf.checks, made, conditions


def told(plan: Plan) -> Any:
    """Everything of a plan, as values that can be compared."""
    items = {
        item.id: parts(item)
        if isinstance(item, Leaf)
        else (parts(item.leaf), [*map(parts, item.leaves)], {one: parts(leaf) for one, leaf in item.by_id.items()},
              item.fixed, item.grows, item.each, item.own, item.facts)
        for section in plan.sections for item in section.items
    }  # fmt: skip
    sections = [
        (one.id, one.section, one.show and one.show.typed, [item.id for item in one.items])
        for one in plan.sections
    ]
    steps = [
        tuple(one and one.id for one in (step.section, step.rows, step.leaf))
        for step in (*plan.steps, *plan.depends.steps.values())
    ]
    depends = (
        plan.depends.needs,
        plan.depends.meant,
        plan.depends.place,
        plan.depends.order,
        plan.depends.askers,
    )
    return plan.form, items, list(plan.leaves), list(plan.rows), sections, steps, depends, plan.facts


def test_random_forms_are_and_decide_the_same_from_lines() -> None:
    chance = Random(2)
    facts = {"record": {"years": "5"}, "records": [{"id": "r1", "years": "2"}]}
    reached = 0
    for _ in range(10):
        form = random_form(chance)
        assert stored(form.form) == form.form
        same = unkept(form)
        moved = walk(form, {}, facts, Random(1), 6)
        assert walk(unkept(form), {}, facts, Random(1), 6) == moved
        assert told(same.plan) == told(form.plan) and same.findings == form.findings
        reached += moved
    assert reached > 5


def test_what_nobody_asks_for_is_not_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept_in = Cache(tmp_path)
    engine.load_texts(texts(FORM), kept_in)
    made: list[str] = []
    compile_one = expressions.closure

    def noted(typed: Any) -> Any:
        made.append("run")
        return compile_one(typed)

    monkeypatch.setattr(expressions, "closure", noted)
    form = engine.load_texts(texts(FORM), kept_in).pack("test").form("own")
    level = form.plan.leaves["level"]
    with pytest.raises(AttributeError):
        object.__getattribute__(level, "question")
    assert not made
    found = form.evaluate({"level": "high"}, today=TODAY)
    assert "more" in found.shown and len(made) == 2, "more is shown and cost calculated, each by its closure"
    form.evaluate({"level": "high"}, today=TODAY)
    assert len(made) == 2, "made once"
    with pytest.raises(AttributeError):
        object.__getattribute__(form.plan.leaves["more"], "question")
    assert form.form.sections[0].questions[0] is level.question
    with pytest.raises(AttributeError):
        _ = level.nothing  # type: ignore[attr-defined]


def test_nothing_else_can_come_out_of_json() -> None:
    for forged in (
        ["Path", {}],
        ["Question", {"id": "x", "nothing": 1}],
        [99, 1],
        [],
        [4, "f"],
        ["Text", {}],
        [6, "x"],
    ):
        with pytest.raises(storing.NotStored):
            storing.Lines([forged].__getitem__)(0)
    with pytest.raises(storing.NotStored):
        storing.written(object(), id)


@pytest.mark.parametrize(
    "harm",
    [
        lambda file: file.write_bytes(file.read_bytes()[:-1]),
        lambda file: file.write_bytes(file.read_bytes().replace(b"Level", b"Other")),
        lambda file: file.write_bytes(b""),
        lambda file: file.chmod(0o666),
        lambda file: (file.rename(file.with_suffix(".real")), file.symlink_to(file.with_suffix(".real"))),
        lambda file: (file.unlink(), os.mkfifo(file)),  # type: ignore[func-returns-value]
    ],
    ids=["cut short", "altered", "empty", "others may write", "a link", "a pipe"],
)
def test_an_entry_that_cannot_be_trusted_is_made_anew(
    harm: Callable[[Path], Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept_in, loads = Cache(tmp_path), counted(monkeypatch)
    engine.load_texts(texts(FORM), kept_in)
    assert kept(engine.load_texts(texts(FORM), kept_in).pack("test")) and len(loads) == 1
    (entry,) = tmp_path.glob("*.json")
    assert entry.stat().st_mode & 0o777 == 0o600
    harm(entry)
    pack = engine.load_texts(texts(FORM), kept_in).pack("test")
    assert len(loads) == 2 and not kept(pack)
    assert pack.stack.forms["own"].sections[0].questions[0].label == "Level"
    assert kept(engine.load_texts(texts(FORM), kept_in).pack("test")) and len(loads) == 2


def test_an_entry_whose_lines_mean_nothing_is_made_anew(tmp_path: Path) -> None:
    kept_in = Cache(tmp_path)
    key = cache.key_of(finding.given(texts(FORM)))
    for lines in ([b"{}"], [b"no json"], [b'{"packs":{},"diagnostics":0,"summaries":0}', b'["Path",{}]'], []):
        kept_in.keep(key, lines)
        assert engine.load_texts(texts(FORM), kept_in).pack("test").form("own").id == "own"


def test_other_texts_and_another_engine_have_entries_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept_in, loads = Cache(tmp_path), counted(monkeypatch)
    engine.load_texts(texts(FORM), kept_in)
    engine.load_texts(texts(FORM.replace("Level,", "Levels,")), kept_in)
    assert len(loads) == 2
    monkeypatch.setattr(cache, "engine_hash", lambda: b"another")
    engine.load_texts(texts(FORM), kept_in)
    assert len(loads) == 3


def test_what_has_errors_is_not_kept(tmp_path: Path) -> None:
    with pytest.raises(engine.DefinitionError):
        engine.load_texts(texts(FORM.replace("level is high", "lvel is high")), Cache(tmp_path))
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_written_costs_time_only(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    assert engine.load_texts(texts(FORM), Cache(tmp_path / "file" / "stacks")).pack("test")


def test_the_oldest_entries_go(tmp_path: Path) -> None:
    kept_in = Cache(tmp_path)
    for number in range(45):
        kept_in.keep(f"{number:064}", [b"{}"])
    assert len(list(tmp_path.iterdir())) == 40
    assert kept_in.find(f"{44:064}") == [b"{}"]


def test_where_commands_keep_what_they_loaded() -> None:
    home = of_account({"HOME": "/var/ana"})
    assert home is not None and home.folder == Path("/var/ana/.cache/trefoil/stacks")
    chosen = of_account({"HOME": "/var/ana", "TREFOIL_CACHE": "/var/t"})
    assert chosen is not None and chosen.folder == Path("/var/t")
    assert of_account({"TREFOIL_CACHE": "", "HOME": "/var/ana"}) is None and of_account({}) is None


def test_places_are_read_when_asked_for() -> None:
    place = Place("f.yaml", 1, 2, 3, 4)
    places = {"a": place, "b": replace(place, line=9), "c": replace(place, file="g.yaml")}
    found = stored(places)
    assert isinstance(found, storing.Places) and list(found.items()) == list(places.items())


def test_the_command_says_the_same_from_what_it_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TREFOIL_CACHE", str(tmp_path / "kept"))
    loads = counted(monkeypatch)
    (answers := tmp_path / "answers.json").write_text("{}")
    form = next(iter(engine.load(VALID).pack("quayside").stack.forms))
    command = ["evaluate", form, "--pack", "quayside", "--answers", str(answers), "--root", str(VALID)]
    said = []
    for _ in range(2):
        cli.main([*command, "--today", "2026-01-05"])
        said.append(capsys.readouterr().out)
    assert said[0] == said[1] and json.loads(said[0])["form"] == form
    assert len(loads) == 2, "once without and once with a place to keep it"
