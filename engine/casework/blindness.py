"""Which names that conditions read are kept from a person: decided by what they may see, never by what stands there.

A form's page and a case's reasons both ask here, so that neither tells by what it shows or leaves out what the other
would keep. Must not know forms' logic, nor how reasons are said.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

from engine.casework import access
from engine.casework.access import Grants
from engine.language.model import Stack


def kept_names(stack: Stack, grants: Sequence[Grants], kinds: Iterable[str]) -> Callable[[str], bool]:
    """Whether `record.…` or `FORM.…` is kept from whoever has these grants, one for each record it is read of.

    `kinds` are the types of those records. That a form has been submitted is never kept, and who is linked always is.
    """
    types = [stack.records[kind] for kind in kinds]
    fields = frozenset(
        field for one in grants for type_ in types for field in access.hidden_fields(one, type_)
    )
    whole = all(one.whole for one in grants)

    def of_form(form_id: str, name: str) -> bool:
        form = stack.forms.get(form_id)
        if form is None or form.several:
            return True
        return any(
            not one.may("view", form=form_id) or reads(access.hidden_questions(one, form), name)
            for one in grants
        )

    def kept(name: str) -> bool:
        head, _, rest = name.partition(".")
        if head == "record":
            part, _, further = rest.partition(".")
            if part == "latest":
                form_id, _, inner = further.partition(".")
                return of_form(form_id, inner)
            return part == "links" or part in fields or (part in ("markers", "actions") and not whole)
        return head in stack.forms and rest != "_state" and of_form(head, rest)

    return kept


def reads(hidden: Collection[str], name: str) -> bool:
    """Whether reading a name reads something hidden: itself, what it holds, or what it stands in.

    `hidden` are question paths (`places.visits`, `parts.@ROW.detail`); in a name a grid's row may stand between
    (`framework.peers.worried`), so one is sought within the other.
    """
    head, *parts = name.removesuffix(".other").split(".")
    for path in hidden:
        first, *pieces = path.split(".")
        pieces = [one for one in pieces if not one.startswith("@")]
        if first == head and (_within(pieces, parts) or _within(parts, pieces)):
            return True
    return False


def _within(few: Iterable[str], many: Iterable[str]) -> bool:
    """Whether all of `few` stand in `many`, in this order."""
    rest = iter(many)
    return all(one in rest for one in few)
