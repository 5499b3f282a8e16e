"""Who a copy is for, and what that reader may not have: decided from the definitions alone, deny by default.

A pack may list its readers (`copy_readers`); each reads as one of the five that the language knows. What a question
says in `copies` decides, with what it holds; a reader may besides be held to the view of roles. Must not know any page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from engine.casework.access import Grants, hidden_questions
from engine.language.model import Access, Form, Question, Stack

READS_AS: Final = ("file", "subject", "family", "partner", "court")
USUAL: Final = frozenset({"file", "subject", "court"})
GUARDED: Final = frozenset({"file"})
LIST: Final = "copy_readers"

# What of a chronology goes to whom besides the own file. What people wrote freely carries no marks: nobody has said
# that it is free of other people's information, so it goes where a person must have read it first.
CHRONOLOGY: Final[Mapping[str, frozenset[str]]] = {
    "step": USUAL, "form": USUAL, "marker": USUAL, "action": USUAL, "share": USUAL, "record": USUAL,
    "deadline": GUARDED, "task": GUARDED, "people": USUAL, "link": GUARDED, "note": GUARDED | {"court"},
    "text": GUARDED | {"court"},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody a copy may be for. `reads_as` is one of `READS_AS`; without a known one the reader may have nothing.

    `view_as`: roles whose view, whatever the day, is the most that this reader may have.
    """

    id: str
    label: str
    reads_as: str
    view_as: tuple[str, ...] = ()
    hint: str = ""


def readers(stack: Stack) -> tuple[Reader, ...]:
    """The readers that a pack lists, else the five by their own names, without a label."""
    listed = stack.lists.get(LIST)
    if listed is None:
        return tuple(Reader(one, "", one) for one in READS_AS)
    return tuple(
        Reader(
            one.id,
            one.label,
            _known(one.codes.get("copies", ())),
            tuple(one.codes.get("view_as", ())),
            one.hint or "",
        )
        for one in listed.options
        if not one.group and not one.retired
    )


def _known(said: tuple[str, ...]) -> str:
    return said[0] if len(said) == 1 and said[0] in READS_AS else ""


def kept_back(
    stack: Stack, form: Form, reader: Reader, record_type: str, access: Access | None = None
) -> dict[str, str]:
    """Questions of a form, by path without rows (`places.detail`), that the reader may not have, each with why:
    sensitive, third_party, people (it names other records), not_marked or role.

    `access`: the rules in force, where the form is of older definitions than those.
    """
    beyond_role = _beyond(access or stack.access, form, reader, record_type)
    found: dict[str, str] = {}
    for section in form.sections:
        above = f"{section.id}." if section.each else ""
        for question in section.questions:
            found.update(_kept(stack, question, reader, above, beyond_role))
    return found


def hides(kept: Mapping[str, str] | frozenset[str], path: str) -> bool:
    """Whether a path without rows, or what it stands in, is kept back."""
    return path in kept or path.partition(".")[0] in kept


def _kept(
    stack: Stack,
    question: Question,
    reader: Reader,
    above: str,
    beyond_role: frozenset[str],
    within: tuple[str, ...] | None = None,
) -> Iterator[tuple[str, str]]:
    path = f"{above}{question.id}"
    why = why_not(stack, question, reader, within) or ("role" if hides(beyond_role, path) else "")
    if why:
        yield path, why
        return
    for inner in question.questions:
        yield from _kept(stack, inner, reader, f"{path}.", beyond_role, question.copies)


def why_not(stack: Stack, question: Question, reader: Reader, within: tuple[str, ...] | None = None) -> str:
    """Why a reader may not have the answer to a question; nothing if they may.

    `within` is what the repeat or grid says that it stands in: that holds where the question itself says nothing.
    """
    if question.copies is not None:
        return "" if reader.reads_as in question.copies else "not_marked"
    for held, why in (
        (question.sensitive is not None, "sensitive"),
        (question.third_party, "third_party"),
        (_names_people(stack, question), "people"),
    ):
        if held:
            return "" if reader.reads_as in GUARDED else why
    return "" if reader.reads_as in (USUAL if within is None else within) else "not_marked"


def _names_people(stack: Stack, question: Question) -> bool:
    """Whether it links to records that are about people, whose names are then other people's information."""
    if question.type != "record_link":
        return False
    to = question.settings.get("to")
    types = (to,) if isinstance(to, str) else tuple(to) if isinstance(to, (list, tuple)) else ()
    known = [stack.records.get(str(one)) for one in types]
    return not known or any(one is None or not one.context for one in known)


def line_kept(access: Access, reader: Reader, record_type: str, kind: str) -> str:
    """Why a reader may not have a line of this kind (of CHRONOLOGY) about a record; nothing if they may.

    What stands about a record is for those who could see the record itself, not some of its forms alone.
    """
    if reader.reads_as not in CHRONOLOGY[kind]:
        return "not_marked"
    return "role" if reader.view_as and not _ever(access, reader, record_type).whole else ""


def _ever(access: Access, reader: Reader, record_type: str) -> Grants:
    """What the reader's roles could ever see of such a record."""
    rules = tuple(
        one
        for one in access.rules
        if one.role in reader.view_as and (record_type in one.records or "any" in one.records)
    )
    taken = frozenset((rule.role, part) for rule in rules for part in rule.never)
    return Grants(tuple(one for one in rules if "view" in one.may), taken)


def _beyond(access: Access, form: Form, reader: Reader, record_type: str) -> frozenset[str]:
    """Questions that none of the reader's roles could ever see about such a record."""
    if not reader.view_as:
        return frozenset()
    found = _ever(access, reader, record_type)
    if not found.may("view", form=form.id):
        return frozenset(
            f"{section.id}.{one.id}" if section.each else one.id
            for section in form.sections
            for one in section.questions
        )
    return hidden_questions(found, form)
