"""Which names can be read where, and what a reader is asked for them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.expressions import (
    YES_NO,
    Scope,
    closure,
    form_scope,
    parse,
    record_scope,
    row_scope,
    typed,
    workflow_scope,
)
from engine.language.model import Form, Question, Section, State, Workflow
from tests.support.expressions import TODAY, specimen, specimen_scope

WORKFLOW = Workflow(
    "support",
    title="Support",
    about=("child",),
    initial="open",
    states=(State("open", title="Open"), State("closed", title="Closed", final=True)),
)
EACH = Form(
    "meeting",
    title="Meeting",
    about=("child",),
    several=True,
    sections=(
        Section("children", title="Children", each=True, questions=(Question("present", type="yes_no"),)),
        Section("rest", title="The rest", questions=(Question("asked", type="yes_no"),)),
    ),
)


def codes(text: str, scope: Scope) -> list[str]:
    written, findings = parse(text)
    return [one.code for one in findings + typed(written, scope)[1]]


def reads(text: str, scope: Scope) -> set[str]:
    expression, findings = typed(parse(text)[0], scope)
    assert expression is not None, findings
    return set(expression.reads)


def test_a_guard_reads_forms_the_record_and_the_case_by_their_full_names() -> None:
    scope = workflow_scope(specimen(), WORKFLOW)
    assert reads("referral.harm_setting is both and case.state is open", scope) == {
        "referral.harm_setting", "case.state",
    }  # fmt: skip
    assert reads("record.date_of_birth < case.started and assessment is approved", scope) == {
        "record.date_of_birth", "case.started", "assessment._state",
    }  # fmt: skip
    assert codes("harm_setting is both", scope) == ["E430"]
    assert codes("case.state is opened", scope) == ["E453"]
    assert codes("extra_familial_harm", scope) == ["E465"]


def test_a_records_fields_are_read_by_their_own_names() -> None:
    scope = record_scope(specimen(), ["child"])
    assert reads("date_of_birth <= today() and nickname is answered", scope) == {
        "date_of_birth", "nickname", "today()",
    }  # fmt: skip


def test_in_a_row_its_own_questions_are_asked_for_by_their_ids() -> None:
    scope = row_scope(specimen_scope(), "places")
    assert reads("cost > adults and unsafe_since <= today()", scope) == {
        "places.cost", "places.unsafe_since", "adults", "today()",
    }  # fmt: skip
    expression, _ = typed(parse("cost > adults")[0], scope)
    assert expression is not None
    assert closure(expression, json=True)({"cost": "4", "adults": "3"}.get) is True
    inner = row_scope(scope, "visits")
    assert reads("minutes > cost and told", inner) == {"places.visits.minutes", "places.cost", "told"}
    assert codes("places.cost > 3", scope) == ["E440"]


def test_what_has_no_rows_has_no_scope_of_a_row() -> None:
    with pytest.raises(KeyError):
        row_scope(specimen_scope(), "told")
    with pytest.raises(KeyError):
        row_scope(specimen_scope(), "nowhere")


def test_in_a_section_for_each_record_the_record_is_the_rows() -> None:
    stack = replace(specimen(), forms={**specimen().forms, "meeting": EACH})
    scope = form_scope(stack, EACH)
    text = "any row of children where present and age of record.date_of_birth at today() < 18"
    assert reads(text, scope) == {
        "children", "children.present", "children.record.date_of_birth", "today()",
    }  # fmt: skip
    expression, _ = typed(parse(text)[0], scope, YES_NO)
    assert expression is not None
    answers = {"children": [{"_row": "a", "present": True, "record.date_of_birth": "2015-01-01"}]}
    values = {**answers, "today()": TODAY.isoformat(), "record.date_of_birth": "1980-01-01"}
    assert closure(expression, json=True)(values.get) is True
    inside = row_scope(scope, "children")
    assert reads("record.date_of_birth is answered and asked", inside) == {
        "children.record.date_of_birth", "asked",
    }  # fmt: skip


def test_the_own_form_may_be_named() -> None:
    assert reads("referral.adults > 3", specimen_scope()) == {"adults"}
    assert reads("referral is submitted", specimen_scope()) == {"referral._state"}


def test_a_default_may_be_an_option() -> None:
    name = specimen_scope().find("harm_setting")
    several = specimen_scope().find("harm_types")
    assert name is not None and several is not None
    for text, wants, value in (("both", name, "both"), ("cse", several, frozenset({"cse"}))):
        expression, findings = typed(parse(text)[0], specimen_scope(), wants.type)  # type: ignore[union-attr]
        assert expression is not None, findings
        assert closure(expression)({}.get) == value
    (found,) = typed(parse("bothh")[0], specimen_scope(), name.type)[1]  # type: ignore[union-attr]
    assert "both" in found.help
