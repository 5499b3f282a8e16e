"""The catalogue of everything that `check` can find, one file a group, and the only way to make a finding.

A room adds its codes to its group's file. Every code has a title, a message, a help that says what to do,
and a broken definition under tests/definitions/invalid that shows it. Must not know how findings arise.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from engine.language.codes import expression, form, pack, reference, structure, syntax, workflow
from engine.language.codes.entry import GROUPS, Code
from engine.language.diagnostics import Diagnostic, Related
from engine.language.places import NOWHERE, Place

__all__ = ["CODES", "GROUPS", "Code", "Words", "finding"]

Words: TypeAlias = dict[str, Any]

_GROUPS = (syntax, structure, reference, expression, form, workflow, pack)

CODES: Mapping[str, Code] = {entry.code: entry for group in _GROUPS for entry in group.CODES}


def finding(
    code: str,
    place: Place | None,
    *,
    element: str = "",
    related: Iterable[tuple[Place, str]] = (),
    example: Mapping[str, object] | str | None = None,
    did_you_mean: str | None = None,
    **words: object,
) -> Diagnostic:
    """A finding of kind `code` at `place`, its templates filled with `words`.

    `did_you_mean` puts the likeliest correction before the help. `related` are other places and why they
    matter. Raises KeyError for a code not in the catalogue or a word its templates need and did not get.
    """
    entry = CODES[code]
    help_text = entry.help.format(**words)
    if did_you_mean is not None:
        help_text = f"Did you mean ‘{did_you_mean}’? {help_text}"
    return Diagnostic(
        code=code,
        severity=entry.severity,
        message=entry.message.format(**words),
        place=place if place is not None else NOWHERE,
        element=element,
        help=help_text,
        related=tuple(Related(where, why) for where, why in related),
        example=example,
    )
