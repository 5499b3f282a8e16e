"""Why things are as they are, as one person may be told: nothing of what they may not see, not even by its weight.

Where a condition reads something that is kept from them, neither its answers nor what would alter it is told. Must not
know how reasons are found or said.
"""

from __future__ import annotations

from collections.abc import Callable

from engine.casework import access, cases, judging, paths, records, stacks
from engine.casework.blindness import kept_names
from engine.casework.errors import NotFound
from engine.casework.judging import Judge
from engine.casework.store import Desk
from engine.forms.why import Why


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
    kept = kept_names(
        stacks.pinned(desk, row.stack).stack,
        [access.grants(desk, row.record)],
        [records.row_of(desk, row.record).type],
    )
    return lambda name: not kept(name)
