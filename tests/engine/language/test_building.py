"""Checked documents become the model: every setting where the rest of Trefoil looks for it, with its place."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from engine.language import building, documents
from engine.language.model import (
    AccessRule,
    Branch,
    Carry,
    DeadlineRule,
    Drawing,
    Effect,
    Expression,
    Identifier,
    Keeping,
    Manifest,
    Option,
    Start,
    Step,
    TaskRule,
)
from engine.language.nodes import Mapping
from engine.questions import BUILT_IN


def built(text: str) -> tuple[Any, list[Any]]:
    read, findings = documents.read_file(text, "a.yaml")
    for one in read:
        findings += documents.check_document(one, BUILT_IN)
    assert [one.message for one in findings] == []
    return building.build(read[0].node, read[0].kind, BUILT_IN)


FORM = """\
form: visit
title: Notes
about: [child, place]
several: yes
order: any
note: Prompts are our own.
draw: {triangle: [a, b, c], stands: [qa, qb, qc]}
sections:
  - id: a
    title: A
    each: yes
    show_if: first is yes
    questions:
      - {id: first, type: yes_no, label: First?, answer: required, why_required: It is asked by law.}
      - id: second
        type: number
        label: Second
        min: -1.50
        max: 12
        whole: no
        required_if: "first is no"
        calculate: >-
          1 +
          1
        carry: {from: other_form.second}
        copies: file
        sensitive: guarded
        third_party: yes
        reportable: yes
        social_field: peers
        factor: risk
      - id: third
        type: choose_one
        label: Third
        options:
          - {id: home, label: No, group: no, aliases: [house], codes: {census: [1A, 01], old: x}}
          - {id: away, label: Away, under: home, factor: strength}
      - {id: fourth, type: choose_many, label: Fourth, options: harms, carry: never}
      - id: rows
        type: repeat
        label: Rows
        row_label: Row
        min_rows: 1
        questions:
          - id: kind
            type: choose_one
            label: Kind
            options: [{id: x, label: X}]
          - {id: who, type: record_link, to: place, label: Who}
          - {id: whom, type: record_link, to: [place, child], many: yes, label: Whom}
      - id: table
        type: grid
        label: Table
        rows: [{id: r, label: R}]
        rows_may: add
        columns: [{id: c, type: text, label: C, max_length: 017}]
"""


def form() -> tuple[Any, dict[str, Any]]:
    value, lists = built(FORM)
    return value, {one.id: one for one in value.sections[0].questions} | {one.id: one for one in lists}


def test_a_form_and_its_sections() -> None:
    value, _ = form()
    assert (value.id, value.title, value.about, value.several, value.order) == (
        "visit",
        "Notes",
        ("child", "place"),
        True,
        "any",
    )
    assert value.draw == Drawing(triangle=("a", "b", "c"), stands=("qa", "qb", "qc"))
    section = value.sections[0]
    assert (section.id, section.each, section.show_if) == (
        "a",
        True,
        Expression("first is yes", section.show_if.place),
    )
    assert value.place.line == 1
    assert section.place.line == 9


def test_a_question_has_what_was_said_of_it() -> None:
    _, parts = form()
    first, second = parts["first"], parts["second"]
    assert (first.answer, first.why_required) == ("required", "It is asked by law.")
    assert second.settings == {"min": Decimal("-1.50"), "max": 12, "whole": False}
    assert second.carry == Carry("other_form.second", "confirm")
    assert (second.copies, second.sensitive, second.factor) == (("file",), "guarded", "risk")
    assert (second.third_party, second.reportable, second.social_field) == (True, True, "peers")
    assert first.copies is None
    assert parts["fourth"].carry == Carry("", "never")
    assert parts["fourth"].options == "harms"


def test_an_expression_stands_where_its_text_begins() -> None:
    _, parts = form()
    second = parts["second"]
    lines = FORM.split("\n")
    quoted, block = second.required_if, second.calculate
    assert lines[quoted.place.line - 1][quoted.place.column - 1 :].startswith("first is no")
    assert quoted.text == "first is no"
    assert block.text == "1 + 1"
    assert lines[block.place.line - 1][block.place.column - 1 :].startswith(">-")


def test_places_by_setting_reach_into_maps_and_lists() -> None:
    value, parts = form()
    lines = FORM.split("\n")

    def text_at(place: Any) -> str:
        return lines[place.line - 1][place.column - 1 : place.end_column - 1]

    assert text_at(parts["second"].places["carry.from"]) == "other_form.second"
    assert text_at(parts["second"].places["required_if"]) == "first is no"
    assert text_at(parts["second"].places["copies.0"]) == "file"
    assert text_at(value.places["about.1"]) == "place"
    assert text_at(parts["rows"].questions[1].places["to.0"]) == "place"


def test_lists_written_in_a_form_stand_beside_it() -> None:
    _, parts = form()
    third = parts["visit.third"]
    assert (parts["third"].options, third.title) == ("visit.third", "Third")
    assert third.options == (
        Option("home", "No", codes={"census": ("1A", "01"), "old": ("x",)}, aliases=("house",)),
        Option("away", "Away", under="home", factor="strength"),
    )
    assert (parts["table"].rows, parts["rows"].questions[0].options) == (
        "visit.table.rows",
        "visit.rows.kind",
    )
    assert {"visit.third", "visit.table.rows", "visit.rows.kind"} <= set(parts)


def test_rows_and_columns_are_questions() -> None:
    _, parts = form()
    assert [one.id for one in parts["rows"].questions] == ["kind", "who", "whom"]
    assert parts["rows"].questions[1].settings == {"to": "place"}
    assert parts["rows"].questions[2].settings == {"to": ["place", "child"], "many": True}
    assert parts["rows"].settings == {"row_label": "Row", "min_rows": 1}
    assert parts["table"].settings == {"rows_may": "add"}
    assert parts["table"].questions[0].settings == {"max_length": 17}


WORKFLOW = """\
workflow: support
title: Support
about: child
initial: open
start: {by: worker, label: Begin}
states:
  - id: open
    title: Open
    forms: visit
    deadline: {within: 5 working days, from: visit.met_on, then: [{notify: lead}]}
    tasks: [{id: call, label: Call, for: worker, within: 1 day}]
    enter: {notify: {role: lead, message: Look}}
  - {id: closed, title: Closed, final: yes}
transitions:
  - id: move
    from: [open, closed]
    by: [lead]
    reason: optional
    approve: visit
    four_eyes: yes
    reopen: yes
    effects:
      - {start: other}
      - {start: {workflow: other, on: visit.who}}
      - {open: review}
      - {assign: actor}
      - {mark: {list: harms, option: on}}
      - {set: {field: area, to: visit.area}}
      - {close: record}
    branches:
      - {when: visit.safer is yes, to: closed}
      - {otherwise: open}
  - {id: back, from: open, to: open, automatic: yes, when: "not (visit is submitted)", return: [visit]}
"""


def test_a_workflow() -> None:
    value, lists = built(WORKFLOW)
    assert lists == []
    assert (value.start, value.about, value.initial) == (Start(("worker",), "Begin"), ("child",), "open")
    state = value.state("open")
    assert state.forms == ("visit",)
    notify = Effect("notify", {"role": "lead"})
    assert state.deadline == DeadlineRule(5, "working days", "visit.met_on", "nation", (notify,))
    assert state.tasks == (TaskRule("call", "Call", "worker", DeadlineRule(1, "days")),)
    assert state.enter == (Effect("notify", {"role": "lead", "message": "Look"}),)
    assert value.state("closed").final


def test_a_transition_and_effects_in_one_form() -> None:
    value, _ = built(WORKFLOW)
    move, back = value.transition("move"), value.transition("back")
    assert (move.sources, move.by, move.reason, move.approve) == (
        ("open", "closed"),
        ("lead",),
        "optional",
        ("visit",),
    )
    assert (move.four_eyes, move.reopen, move.automatic, back.automatic) == (True, True, False, True)
    assert (back.send_back, back.reason, back.when.text) == (("visit",), "none", "not (visit is submitted)")
    assert move.branches == (Branch("closed", move.branches[0].when), Branch("open"))
    assert move.branches[0].when.text == "visit.safer is yes"
    told = [(one.kind, dict(one.settings)) for one in move.effects]
    expression = told[5][1].pop("to")
    assert isinstance(expression, Expression)
    assert expression.text == "visit.area"
    assert WORKFLOW.split("\n")[expression.place.line - 1][expression.place.column - 1 :].startswith(
        "visit.area"
    )
    assert told == [
        ("start", {"workflow": "other"}),
        ("start", {"workflow": "other", "on": "visit.who"}),
        ("open", {"form": "review"}),
        ("assign", {"to": "actor"}),
        ("mark", {"list": "harms", "option": "on"}),
        ("set", {"field": "area"}),
        ("close", {}),
    ]


def test_a_record_type() -> None:
    value, lists = built(
        "record: place\ntitle: Place\nmany: Places\ncontext: yes\nname: '{area}'\nalike: area\n"
        "keep: {for: 6 years, after: closed}\n"
        "identifiers: [{id: number, label: Number, pattern: '[0-9]+'}]\n"
        "fields:\n  - {id: area, type: choose_one, label: Area, options: [{id: quay, label: Quay}]}\n"
    )
    assert (value.context, value.alike, value.keep) == (True, ("area",), Keeping(6, "years", "closed"))
    assert value.identifiers == (Identifier("number", "Number", "[0-9]+"),)
    assert [one.id for one in lists] == ["record.place.area"]
    assert value.fields[0].options == "record.place.area"


def test_kept_for_ever() -> None:
    value, _ = built("record: place\ntitle: Place\nname: x\nkeep: {for: ever}\n")
    assert value.keep == Keeping(None, "years", "closed")


def test_a_pack_says_what_it_is() -> None:
    value, _ = built(
        "pack: quay\ntitle: Quay\nversion: 1.10.0\nextends: {pack: core, version: 1.2.0}\n"
        'engine: ">=1"\nlanguages: cy\nnation: wales\n'
    )
    assert value == Manifest(
        "quay", "Quay", "1.10.0", "core", "1.2.0", None, ">=1", languages=("cy",), nation="wales"
    )
    assert built("pack: a\ntitle: A\nversion: 1.0.0\nextends: core\n")[0].extends == "core"


def test_access_conditions_and_terms() -> None:
    value, _ = built(
        "access: a\nroles: {worker: Worker}\nsensitivities: guarded\nmanage: {people: worker}\n"
        "rules: [{id: r, role: worker, record: any, may: view, not: [visit.x, guarded], state: open}]\n"
    )
    rule = AccessRule("r", "worker", ("any",), ("view",), never=("visit.x", "guarded"), states=("open",))
    assert value.rules == (rule,)
    assert (value.roles, value.sensitivities, value.manage) == (
        {"worker": "Worker"},
        ("guarded",),
        {"people": ("worker",)},
    )
    conditions, _ = built("conditions: a\nnamed: {away: 'setting is outside'}\n")
    assert conditions["away"].text == "setting is outside"
    assert conditions["away"].place.column == 16
    terms, _ = built("terms: a\nwords: {crew: {one: group, many: groups}}\n")
    assert terms == {"crew": {"one": "group", "many": "groups"}}


def test_a_scenario_keeps_plain_values() -> None:
    value, _ = built(
        "scenario: s\ntitle: S\nworkflow: support\ntoday: 2026-01-05\n"
        "record: {type: child, known: yes, note: 'yes', none_yet: }\n"
        "steps: [{by: worker, do: move, expect: {closed: yes, overdue: [open]}}]\n"
        "expect: {state: closed}\n"
    )
    assert value.record == {"type": "child", "known": True, "note": "yes", "none_yet": None}
    assert value.steps == (
        Step({"by": "worker", "do": "move", "expect": {"closed": True, "overdue": ["open"]}}),
    )
    assert (value.today, value.expect) == ("2026-01-05", {"state": "closed"})


@pytest.mark.parametrize("kind", ["language", "migration"])
def test_other_kinds_come_as_plain_values(kind: str) -> None:
    text = {
        "language": "language: cy\ntexts: {visit.met_on.label: {text: Pryd?, of: abc, state: draft}}\n",
        "migration": "migration: m\nfrom: 1.0.0\nto: 1.1.0\nsteps: [{rename: visit.a, to: b}]\n",
    }[kind]
    value, lists = built(text)
    assert value[kind] in ("cy", "m")
    assert lists == []


def test_what_is_broken_is_left_out_and_nothing_raises() -> None:
    read, _ = documents.read_file("form: x\nsections: [1, {id: [a], questions: {b: c}}]\n", "a.yaml")
    value, _ = building.build(read[0].node, "form", BUILT_IN)
    assert [one.id for one in value.sections] == [""]
    assert building.build(Mapping((), read[0].place), "workflow", BUILT_IN)[0].states == ()
