"""The reference form as somebody writes it by hand with WTForms. Must not know how Trefoil works."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import (
    DateField,
    FieldList,
    Form,
    FormField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length, NumberRange, StopValidation, ValidationError

from tests.bench.reference import MANY, ONE, ROW, ROWS, Asked, Rule, questions


def posted(answers: Mapping[str, Any]) -> MultiDict[str, str]:
    """The same as a page of WTForms' posts it."""
    post: MultiDict[str, str] = MultiDict()
    for name, value in answers.items():
        if name == "people":
            for index, row in enumerate(value):
                for key, cell in row.items():
                    post.add(f"people-{index}-{key}", str(cell))
        elif isinstance(value, list):
            for one in value:
                post.add(name, one)
        else:
            post.add(name, str(value))
    return post


class When:
    """Shown and required, as somebody writes it by hand with WTForms."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked

    def __call__(self, form: Form, field: Any) -> None:
        asked = self.asked
        if asked.show is not None and not _holds(asked.show, form):
            field.errors = []
            raise StopValidation()
        if not field.raw_data or not any(field.raw_data):
            field.errors = []
            if asked.required or (asked.require is not None and _holds(asked.require, form)):
                raise StopValidation("Answer this question")
            raise StopValidation()


def _holds(rule: Rule, form: Form) -> bool:
    return (all if rule.joint == "and" else any)(_test(one, form) for one in rule.tests)


def _test(test: tuple[str, ...], form: Form) -> bool:
    kind, name, wanted = test
    value = form[name].data
    if kind == "has":
        return wanted in (value or ())
    if kind == "less":
        return value is not None and value < int(wanted)
    return bool(value == wanted)


def _not_after(form: Form, field: Any) -> None:
    if field.data is not None and field.data > datetime.date(2030, 12, 31):
        raise ValidationError("The date is too late")


def written_by_hand() -> type[Form]:
    """The form as a WTForms class."""
    one, many, yes = (
        [SelectChoice(value, value) for value in listed] for listed in (ONE, MANY, ("yes", "no"))
    )  # fmt: skip
    kinds: dict[str, tuple[Any, dict[str, Any], list[Any]]] = {
        "text": (StringField, {}, [Length(max=200)]),
        "long_text": (TextAreaField, {}, [Length(max=2000)]),
        "date": (DateField, {}, [_not_after]),
        "yes_no": (RadioField, {"choices": yes}, []),
        "choose_one": (RadioField, {"choices": one}, []),
        "choose_many": (SelectMultipleField, {"choices": many}, []),
        "number": (IntegerField, {}, [NumberRange(0, 120)]),
    }

    def field(asked: Asked) -> Any:
        kind, extra, validators = kinds[asked.type]
        return kind(asked.name, validators=[When(asked), *validators], **extra)

    row = type("Row", (Form,), {one.name: field(one) for one in ROW})
    made = {one.name: field(one) for one in questions()}
    return type("Reference", (Form,), {**made, "people": FieldList(FormField(row), max_entries=ROWS)})


def failing_names(form: Form) -> set[str]:
    form.validate()
    found: set[str] = set()
    for name, errors in form.errors.items():
        if name == "people":
            found |= {f"people.{index}.{key}" for index, row in enumerate(errors) for key in row}
        else:
            found.add(str(name))
    return found
