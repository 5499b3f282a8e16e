"""E1: a compiled condition beside the same condition written as a Python function."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from engine.expressions import closure, form_scope, parse, typed
from engine.language.model import Expression
from tests.bench.bars import Figure
from tests.bench.timing import seconds
from tests.support.workflows import pack

FORM = """
form: asking
title: Asking
about: child
sections:
  - id: main
    title: Asking
    questions:
      - {id: harm, type: yes_no, label: Harm?}
      - {id: years, type: number, label: Age?}
      - {id: kinds, type: choose_many, label: Kinds?, options: harms}
"""
TEXT = "harm and years < 18 and kinds includes violence"
LIMIT = Decimal(18)


def by_hand(answers: Mapping[str, Any]) -> bool | None:
    """What a programmer would write."""
    return (
        answers.get("harm") is True
        and (years := answers.get("years")) is not None
        and years < LIMIT
        and "violence" in answers.get("kinds", ())
    )


def figures() -> Iterator[Figure]:
    """E1."""
    stack = pack(FORM).stack
    found, findings = typed(parse(Expression(TEXT))[0], form_scope(stack, stack.forms["asking"]))
    assert found is not None, findings
    run = closure(found)
    answers = {"harm": True, "years": Decimal(12), "kinds": frozenset({"violence", "exploitation"})}
    assert run(answers.get) is True and by_hand(answers) is True
    read = answers.get
    ours, theirs = seconds(lambda: run(read)) * 1e6, seconds(lambda: by_hand(answers)) * 1e6
    yield Figure(
        "E1", "a condition of three parts ÷ a Python function", ours, theirs, "µs", ours / theirs, 6.0, 4.5
    )
