"""How the reading of an expression stops: a code, where in the text, and the words of the message."""

from __future__ import annotations

from typing import Any

from engine.expressions.surface import Span
from engine.language.codes import finding
from engine.language.diagnostics import Diagnostic
from engine.language.model import Expression
from engine.language.places import Place


class Fault(Exception):
    """Raised where an expression cannot be read; `parse` turns it into a diagnostic.

    Never leaves this room.
    """

    def __init__(self, code: str, span: Span, **words: Any) -> None:
        super().__init__(code)
        self.code = code
        self.span = span
        self.words = words


def place_of(expression: Expression, span: Span) -> Place:
    """Where a stretch of an expression stands in its file.

    In a block or folded scalar the columns cannot be counted, so it is the scalar's own place.
    """
    whole = expression.place
    width = whole.end_column - whole.column
    if whole.line != whole.end_line or "\n" in expression.text:
        return whole
    # A quoted scalar starts one before its text.
    shift = 1 if width == len(expression.text) + 2 else 0
    start, end = span
    return Place(
        whole.file,
        whole.line,
        whole.column + shift + start,
        whole.line,
        whole.column + shift + max(end, start + 1),
    )


def told(
    expression: Expression,
    span: Span,
    code: str,
    *,
    element: str = "",
    did_you_mean: str | None = None,
    **words: Any,
) -> Diagnostic:
    """A finding at a stretch of an expression."""
    return finding(code, place_of(expression, span), element=element, did_you_mean=did_you_mean, **words)
