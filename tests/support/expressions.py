"""The small stack of tests/spec/expressions/stack.yaml, built straight as a model, and how its cases are read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from engine.expressions import Reader, Scope, form_scope
from engine.expressions.readers import facts_reader
from engine.language.model import (
    Access,
    Expression,
    Form,
    Manifest,
    Option,
    OptionList,
    Question,
    RecordType,
    Section,
    Stack,
)

FOLDER = Path(__file__).parent.parent / "spec" / "expressions"
TODAY = date(2026, 1, 5)


def stack_of(written: Mapping[str, Any]) -> Stack:
    """A stack from plain data in the shape of stack.yaml."""
    lists = {
        key: OptionList(
            key,
            title=one["title"],
            other=one.get("other", False),
            lifecycle=one.get("lifecycle"),
            options=tuple(Option(**option) for option in one["options"]),
        )
        for key, one in written["lists"].items()
    }
    forms = {
        key: Form(
            key,
            title=one["title"],
            about=tuple(one.get("about", ())),
            sections=tuple(
                Section(section["id"], title=section["title"], questions=_questions(section["questions"]))
                for section in one["sections"]
            ),
        )
        for key, one in written["forms"].items()
    }
    records = {
        key: RecordType(key, title=one["title"], fields=_questions(one["fields"]))
        for key, one in written.get("records", {}).items()
    }
    conditions = {key: Expression(text) for key, text in written.get("conditions", {}).items()}
    manifest = Manifest("specimen", title="Specimen", version="1.0.0")
    return Stack(manifest, (), "specimen", forms, {}, lists, records, conditions, {}, Access("specimen"), {})


def _questions(written: list[Mapping[str, Any]]) -> tuple[Question, ...]:
    return tuple(Question(**{**one, "questions": _questions(one.get("questions", []))}) for one in written)


@cache
def specimen() -> Stack:
    """The stack that every case of the folder is read in."""
    return stack_of(yaml.safe_load((FOLDER / "stack.yaml").read_text(encoding="utf-8")))


@cache
def specimen_scope() -> Scope:
    return form_scope(specimen(), specimen().forms["referral"])


def plain(value: Any) -> Any:
    """What YAML made of a case, as answers are stored: days as text."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return value


def reader_of(case: Mapping[str, Any]) -> Reader:
    """A reader over the answers and facts of a case."""
    answers, facts = plain(case.get("answers", {})), plain(case.get("facts", {}))
    return facts_reader(facts, TODAY, answers)
