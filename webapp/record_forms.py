"""A record's own fields, which casework gives as a form, and the numbers other systems know it by, as posted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.casework import Desk, NotFound, records, stacks
from engine.forms import CompiledForm
from engine.language.model import RecordType, Stack

SECTION = "fields"


def fields_form(desk: Desk, record_type: str) -> tuple[RecordType, CompiledForm, Stack]:
    """A record type of the live definitions, and its fields as a form. Raises NotFound."""
    pack = stacks.live(desk)
    found = pack.stack.records.get(record_type)
    if found is None:
        raise NotFound("record type")
    return found, records.form_of(pack, record_type), pack.stack


def identifiers_posted(record_type: RecordType, posted: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Numbers by which other systems know the record, as typed, by system."""
    found: dict[str, str] = {}
    for one in record_type.identifiers:
        typed: Any = posted.get(f"identifier.{one.id}") or ("",)
        text = str(typed[0]).strip()
        if text:
            found[one.id] = text
    return found
