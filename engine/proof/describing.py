"""What a type says of its answers to the prover: options, bounds, how fine.

Shared by the rooms that describe questions. Must not know where a question stands.
"""

from __future__ import annotations

from decimal import Decimal

from engine.expressions import Name, load
from engine.expressions.scope import Found
from engine.expressions.types import Type
from engine.language.model import Question as Written
from engine.proof.universe import Question

STATES = (("submitted", "submitted"), ("approved", "approved"), ("returned", "returned"))
STANDING = frozenset({"submitted", "approved"})


def named(key: str, kind: str, found: Found | None) -> Question:
    """A question as its name describes it: label, options, cells."""
    if not isinstance(found, Name):
        return Question(key, kind)
    cells = {
        cell: Question(cell, one.type.kind, one.label, options_of(one.type))
        for cell, one in found.columns.items()
    }
    return Question(key, kind, found.label or key, options_of(found.type), cells=cells)


def options_of(kind: Type | None) -> tuple[tuple[str, str], ...]:
    """The options that can be chosen, with their labels."""
    return () if kind is None else kind.choosable()


def bounds(question: Written | None) -> tuple[object, object, Decimal]:
    """The least and the most that a number or a day may be, and how finely it may be given."""
    settings = question.settings if question is not None else {}
    whole = settings.get("whole") is True or (question is not None and question.type == "scale")
    step = Decimal(1) if whole else Decimal("0.000001")
    if question is not None and question.type == "date":
        return load("date", settings.get("earliest")), load("date", settings.get("latest")), step
    least, most = load("number", settings.get("min")), load("number", settings.get("max"))
    if question is not None and question.type == "scale":
        even = settings.get("step") in (None, 1) and (least is None or least == int(least))
        return (
            least or Decimal(0),
            Decimal(10) if most is None else most,
            step if even else Decimal("0.000001"),
        )
    return least, most, step
