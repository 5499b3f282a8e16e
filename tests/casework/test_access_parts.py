"""What a rule for some parts gives, and what it does not: no two narrow rules add up to a wide one."""

from __future__ import annotations

from typing import Any

import pytest

from engine.casework.access import Grants, hidden_fields, hidden_questions
from engine.language.model import AccessRule, Form, Question, RecordType, Section

NAME = Question("first_name", type="text")
ADDRESS = Question("address", type="text", sensitive="guarded")
CHILD = RecordType("child", title="Young person", fields=(NAME, ADDRESS))
WORRY, SECRET = Question("worry", type="text"), Question("secret", type="text", sensitive="guarded")
ROW = Question("places", type="repeat", questions=(WORRY, SECRET))
FORM = Form(
    "referral",
    title="Referral",
    sections=(
        Section("main", title="Main", questions=(WORRY, SECRET)),
        Section("more", title="More", questions=(ROW,)),
    ),
)


def rule(role: str = "r", may: tuple[str, ...] = ("view",), **narrow: Any) -> AccessRule:
    return AccessRule(id="x", role=role, records=("child",), may=may, **narrow)


ALL_FIELDS = {"first_name", "address"}
ALL_QUESTIONS = {"worry", "secret", "places"}
CASES: list[tuple[str, list[AccessRule], set[str], set[str], bool]] = [
    # what it is, the rules, hidden fields, hidden questions, whole
    ("a plain rule", [rule()], set(), set(), True),
    ("no rule", [], ALL_FIELDS, ALL_QUESTIONS, False),
    ("a rule to edit only", [rule(may=("edit",))], ALL_FIELDS, ALL_QUESTIONS, False),
    ("a form", [rule(forms=("referral",))], ALL_FIELDS, set(), False),
    ("another form", [rule(forms=("plan",))], ALL_FIELDS, ALL_QUESTIONS, False),
    ("a section", [rule(sections=("main",))], ALL_FIELDS, {"places"}, False),
    ("a question", [rule(questions=("worry",))], ALL_FIELDS, {"secret", "places"}, False),
    ("a field", [rule(questions=("first_name",))], {"address"}, ALL_QUESTIONS, False),
    ("a sensitivity", [rule(sensitivities=("guarded",))], {"first_name"}, {"worry", "places"}, False),
    ("a field, and a form", [rule(questions=("first_name",)), rule(forms=("referral",))], {"address"}, set(), False),
    ("a field, and another form", [rule(questions=("first_name",)), rule(forms=("plan",))], {"address"},
     ALL_QUESTIONS, False),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rules", "fields", "questions", "whole"), [one[1:] for one in CASES], ids=[one[0] for one in CASES]
)
def test_parts(rules: list[AccessRule], fields: set[str], questions: set[str], whole: bool) -> None:
    found = Grants(tuple(rules), frozenset())
    assert hidden_fields(found, CHILD) == fields
    assert {path for path in hidden_questions(found, FORM) if "." not in path} == questions
    assert found.whole == whole


def test_what_not_names_is_taken_from_that_role_alone() -> None:
    taken = frozenset({("r", "guarded")})
    assert hidden_fields(Grants((rule(),), taken), CHILD) == {"address"}
    assert hidden_questions(Grants((rule(),), taken), FORM) == {"secret", "places.secret"}
    assert hidden_fields(Grants((rule(), rule("other")), taken), CHILD) == set()


def test_a_rule_for_a_form_lets_nobody_change_the_record() -> None:
    found = Grants((rule(may=("view", "edit", "submit"), forms=("referral",)),), frozenset())
    assert not found.may("edit")
    assert found.may("submit", form="referral")
    assert not found.may("submit", form="plan")


def test_a_state_narrows_what_is_asked_of_a_case() -> None:
    found = Grants((rule(states=("checking",)),), frozenset())
    assert found.may("view", state="checking")
    assert not found.may("view", state="writing")
