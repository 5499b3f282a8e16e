"""Schemas of a document that changes the layer below: its verbs. Data only.

What a change puts in is loose here; it is checked in full where it lands, as part of what it becomes.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.language.schemas.parts import (
    ANYTHING,
    ID,
    LABEL,
    PATH,
    REF,
    Schema,
    chosen_by_verb,
    one_or_several,
    settings,
    several,
)

_ELEMENT: Schema = {
    "type": "object",
    "properties": {"id": ID},
    "required": ["id"],
    "x-called": "element",
}

PARTS: Mapping[str, Schema] = {
    "change_set": {
        "type": "object",
        "properties": {"set": PATH, "unset": one_or_several(REF)},
        "required": ["set"],
        "x-called": "change",
    },
    "change_retire": settings({"retire": PATH, "why": LABEL}, ["retire"], called="change"),
    "change_add": settings(
        {"add": _ELEMENT, "after": PATH, "before": PATH, "to": PATH}, ["add"], called="change"
    ),
    "change_move": settings(
        {"move": PATH, "after": PATH, "before": PATH, "to": PATH}, ["move"], called="change"
    ),
    "change_add_to": {
        "type": "object",
        "properties": {"add_to": PATH},
        "required": ["add_to"],
        "x-called": "change",
    },
    "change_take_from": {
        "type": "object",
        "properties": {"take_from": PATH},
        "required": ["take_from"],
        "x-called": "change",
    },
    "change_replace": settings({"replace": PATH, "with": _ELEMENT}, ["replace", "with"], called="change"),
}

VERBS = {name.removeprefix("change_"): name for name in PARTS}


def changing(kind: str) -> Schema:
    """The schema of a document of `kind` that has `changes`. Settings beside them set the document itself."""
    return {
        "type": "object",
        "properties": {
            kind: ID,
            "changes": several(chosen_by_verb(VERBS, "change")),
            "unset": one_or_several(REF),
        },
        "additionalProperties": ANYTHING,
        "required": [kind, "changes"],
        "x-called": kind,
    }
