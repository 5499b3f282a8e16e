"""The small parts that every schema is built from: an id, a text, a yes-or-no, a condition, a length of time.

Everything here is plain JSON Schema (2020-12), in the narrow subset that `reading` walks. Keys that start
with `x-` are notes for the reader, which JSON Schema allows and ignores: `x-wants` says what a text stands
for, `x-called` what an element is called when it is spoken of, `x-choose` which key picks the schema.
Must not know any kind of document.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

Schema: TypeAlias = Mapping[str, Any]

RESERVED: tuple[str, ...] = (
    "record",
    "case",
    "row",
    "today",
    "yes",
    "no",
    "and",
    "or",
    "not",
    "is",
    "in",
    "includes",
    "any",
    "every",
    "of",
    "where",
    "count",
    "sum",
    "min",
    "max",
    "age",
    "at",
    "days",
    "between",
    "answered",
    "submitted",
    "approved",
    "returned",
    "does",
    "include",
    "other",
    "none",
    "all",
    "true",
    "false",
)

LONGEST_ID = 64
ID_PATTERN = r"^[a-z][a-z0-9_]*$"
PATH_PATTERN = r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$"
VERSION_PATTERN = r"^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)([-+][0-9A-Za-z.+-]+)?$"
DEADLINE_PATTERN = r"^[0-9]{1,4} (working days?|days?|weeks?|months?)$"
KEEPING_PATTERN = r"^([0-9]{1,4} (years?|months?)|ever)$"
DATE_PATTERN = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"

ID: Schema = {
    "type": "string",
    "pattern": ID_PATTERN,
    "maxLength": LONGEST_ID,
    "not": {"enum": list(RESERVED)},
    "x-wants": "id",
}
REF: Schema = {"type": "string", "pattern": ID_PATTERN, "maxLength": LONGEST_ID, "x-wants": "ref"}
PATH: Schema = {"type": "string", "pattern": PATH_PATTERN, "maxLength": 300, "x-wants": "path"}
LABEL: Schema = {"type": "string", "minLength": 1, "maxLength": 500, "pattern": r"\S", "x-wants": "text"}
PROSE: Schema = {"type": "string", "minLength": 1, "maxLength": 20_000, "pattern": r"\S", "x-wants": "text"}
BOOLEAN: Schema = {"type": "boolean"}
EXPRESSION: Schema = {
    "type": "string",
    "minLength": 1,
    "maxLength": 4_000,
    "pattern": r"\S",
    "x-wants": "expression",
}
DATE: Schema = {"type": "string", "format": "date", "pattern": DATE_PATTERN, "x-wants": "date"}
VERSION: Schema = {"type": "string", "pattern": VERSION_PATTERN, "x-wants": "version"}
DEADLINE: Schema = {"type": "string", "pattern": DEADLINE_PATTERN, "x-wants": "deadline"}
KEEPING: Schema = {"type": "string", "pattern": KEEPING_PATTERN, "x-wants": "keeping"}
PATTERN: Schema = {"type": "string", "minLength": 1, "maxLength": 1_000, "x-wants": "pattern"}
ANYTHING: Schema = {}


def whole(least: int | None = None, most: int | None = None) -> Schema:
    """A whole number within bounds."""
    bounds = {"minimum": least, "maximum": most}
    return {"type": "integer", **{name: bound for name, bound in bounds.items() if bound is not None}}


def choice(*words: str) -> Schema:
    """One of a few words."""
    return {"type": "string", "enum": list(words)}


def several(item: Schema, least: int = 0) -> Schema:
    """A list."""
    return {"type": "array", "items": item, **({"minItems": least} if least else {})}


def one_or_several(item: Schema) -> Schema:
    """A list for which a single value may stand alone."""
    return {"anyOf": [item, several(item)]}


def table(value: Schema, names: Schema = REF) -> Schema:
    """A map whose keys are the author's own."""
    return {"type": "object", "propertyNames": names, "additionalProperties": value}


def settings(
    properties: Mapping[str, Schema], needs: Sequence[str] = (), called: str = "", **more: Any
) -> Schema:
    """A map of known keys."""
    return {
        "type": "object",
        "properties": dict(properties),
        "additionalProperties": False,
        **({"required": list(needs)} if needs else {}),
        **({"x-called": called} if called else {}),
        **more,
    }


def shared(name: str) -> Schema:
    """A part that stands under the schema's `$defs`."""
    return {"$ref": f"#/$defs/{name}"}


def chosen_by(key: str, among: Mapping[str, str], called: str) -> Schema:
    """A map whose `key` says which of the shared parts `among` describes it."""
    return {
        "type": "object",
        "properties": {key: choice(*among)},
        "required": [key],
        "allOf": [
            {
                "if": {"properties": {key: {"const": word}}, "required": [key]},
                "then": shared(part),
            }
            for word, part in among.items()
        ],
        "x-choose": {"by": key, "among": dict(among)},
        "x-called": called,
    }


def chosen_by_verb(among: Mapping[str, str], called: str) -> Schema:
    """A map of which exactly one key, a verb, says which of the shared parts `among` describes it."""
    return {
        "type": "object",
        "anyOf": [{"required": [verb]} for verb in among],
        "allOf": [{"if": {"required": [verb]}, "then": shared(part)} for verb, part in among.items()],
        "x-choose": {"verbs": dict(among)},
        "x-called": called,
    }
