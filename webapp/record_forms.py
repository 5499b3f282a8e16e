"""A record's own fields, which casework gives as a form, and the numbers other systems know it by, as posted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.casework import Desk, NotFound, records
from engine.casework.values import Outside, Record
from engine.forms import CompiledForm
from engine.language.model import RecordType, Stack
from engine.questions import Problem
from webapp import speaking
from webapp.summaries import Fault

SECTION = "fields"


def fields_form(desk: Desk, record_type: str) -> tuple[RecordType, CompiledForm, Stack]:
    """A record type of the live definitions, and its fields as a form. Raises NotFound."""
    pack = speaking.live(desk)
    found = pack.stack.records.get(record_type)
    if found is None:
        raise NotFound("record type")
    return found, records.form_of(pack, record_type), pack.stack


def identifiers_posted(
    record_type: RecordType, posted: Mapping[str, Sequence[str]], prefix: str = "identifier."
) -> dict[str, str]:
    """Numbers by which other systems know the record, as typed, by system; `was.identifier.`: as the page had them."""
    found: dict[str, str] = {}
    for one in record_type.identifiers:
        typed: Any = posted.get(f"{prefix}{one.id}") or ("",)
        text = str(typed[0]).strip()
        if text:
            found[one.id] = text
    return found


def identifiers_changed(
    found: Record, typed: Mapping[str, str], was: Mapping[str, str]
) -> list[Outside] | None:
    """The record's numbers with those changed on the page; None, to leave them be, where the person changed none.

    Whoever does not see the whole record sees no numbers, and so changes none.
    """
    changed = {system for system in typed.keys() | was.keys() if typed.get(system) != was.get(system)}
    if not changed or found.reach != "whole":
        return None
    kept = [one for one in found.identifiers if one.system not in changed]
    return kept + [Outside(system, typed[system]) for system in sorted(changed) if system in typed]


def numbers_carried(posted: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """The numbers as they were typed, for a page that carries them until a choice is made."""
    return [
        (name, text) for name, texts in posted.items() if name.startswith("identifier.") for text in texts
    ]


def with_numbers(faults: Sequence[Fault], problems: Sequence[Problem], kind: RecordType) -> list[Fault]:
    """Faults with those of outside numbers leading to the box of the number."""
    known = {one.id for one in kind.identifiers}
    mine = {str(one.message): f"identifier.{one.question}" for one in problems if one.question in known}
    return [Fault(one.message, mine.get(one.message, one.target), one.page) for one in faults]


def settled(
    found: Record,
    mine: Mapping[str, Any],
    form: CompiledForm,
    posted: Mapping[str, list[str]],
    choices: Mapping[str, str],
) -> dict[str, Any]:
    """What was typed, with the choices of a page that showed two texts already taken.

    A choice is for a whole question, rows and cells included: of what was kept nothing else stays in it.
    """
    answers = dict(mine)

    def read(names: Mapping[str, list[str]]) -> Mapping[str, Any]:
        return form.entry({**names, "a.@section": [SECTION]}, before={}).answers

    anew = {
        f"a.{name.removeprefix('anew.')}": texts for name, texts in posted.items() if name.startswith("anew.")
    }
    for question, choice in choices.items():
        kept = {"mine": posted, "anew": anew}.get(choice)
        source = found.fields if kept is None else read(kept)
        answers = {name: one for name, one in answers.items() if name.partition(".")[0] != question}
        answers |= {name: one for name, one in source.items() if name.partition(".")[0] == question}
    return answers
