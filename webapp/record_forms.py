"""A record's own fields as a form, so that they are drawn, read and shown by the same code as any other form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine import forms
from engine.forms import CompiledForm
from engine.language.model import Form, RecordType, Section, Stack

SECTION = "about_record"


def fields_form(record_type: RecordType) -> Form:
    """The fields of a record type as a form of one section."""
    section = Section(SECTION, title=record_type.title, questions=record_type.fields)
    return Form(f"record_{record_type.id}", title=record_type.title, sections=(section,))


def compiled_fields(record_type: RecordType, stack: Stack) -> CompiledForm:
    return forms.compile(fields_form(record_type), stack)


def identifiers_posted(record_type: RecordType, posted: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Numbers by which other systems know the record, as typed, by system."""
    found: dict[str, str] = {}
    for one in record_type.identifiers:
        typed: Any = posted.get(f"identifier.{one.id}") or ("",)
        text = str(typed[0]).strip()
        if text:
            found[one.id] = text
    return found
