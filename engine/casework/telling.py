"""Why things are as they are, as one person may be told: nothing of what they may not see, not even by its weight.

Where a condition reads something that is kept from them, neither its answers nor what would alter it is told. Must not
know how reasons are found or said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.casework import access, cases, judging, paths, records, stacks
from engine.casework.access import Grants
from engine.casework.errors import NotFound
from engine.casework.judging import Judge
from engine.casework.store import Desk
from engine.forms.why import Why
from engine.language.model import Form


def of_question(judge: Judge, path: str) -> Why:
    """Why a question or section stands as it does. Raises NotFound for what is not there or may not be seen."""
    found = judge.evaluate()
    if paths.hides(judge.hidden, judging.stored_path(found, path)):
        raise NotFound("question")
    try:
        return found.why(path, lambda name: not judge.blind(name))
    except KeyError:
        raise NotFound("question") from None


def in_case(desk: Desk, case_id: str) -> Callable[[str], bool]:
    """Whether a name that a case's conditions read may be told to this person. Raises NotFound."""
    row = cases.row_of(desk, case_id)
    found = access.grants(desk, row.record)
    stack = stacks.pinned(desk, row.stack)
    kind = records.row_of(desk, row.record).type
    fields = access.hidden_fields(found, stack.stack.records[kind])

    def may_see(name: str) -> bool:
        head, _, rest = name.partition(".")
        if head == "record":
            part, _, further = rest.partition(".")
            if part == "latest":
                return _in_form(found, stack.stack.forms, *_parted(further))
            # Who is linked is never told by what a condition comes to.
            return (
                part != "links" and part not in fields and (part not in ("markers", "actions") or found.whole)
            )
        if head == "case" or not rest or rest == "_state":
            return True
        return _in_form(found, stack.stack.forms, head, rest)

    return may_see


def _in_form(found: Grants, forms: Mapping[str, Form], form_id: str, name: str) -> bool:
    form = forms.get(form_id)
    if form is None or form.several or not found.may("view", form=form_id):
        return False
    parts = name.removesuffix(".other").split(".")
    return not any(_reads(path.split("."), parts) for path in access.hidden_questions(found, form))


def _reads(hidden: list[str], parts: list[str]) -> bool:
    """Whether reading a name reads something hidden: itself, what it holds, or what it stands in."""
    return hidden[0] == parts[0] and (len(parts) == 1 or len(hidden) == 1 or parts[-1] == hidden[-1])


def _parted(name: str) -> tuple[str, str]:
    head, _, rest = name.partition(".")
    return head, rest
