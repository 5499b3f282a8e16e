"""Schemas of what people fill in: forms and their questions, lists, record types. Data only.

The question types' own settings are handed in, since types live in a registry that may be added to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from engine.language.schemas.parts import (
    ANYTHING,
    BOOLEAN,
    DATE,
    EXPRESSION,
    ID,
    KEEPING,
    LABEL,
    PATH,
    PATTERN,
    PROSE,
    REF,
    Schema,
    choice,
    chosen_by,
    one_or_several,
    settings,
    several,
    shared,
    table,
)


class TypeShape(Protocol):
    """What language needs to know of a question type; `engine.questions` has them."""

    @property
    def settings_schema(self) -> Mapping[str, Mapping[str, object]]: ...
    @property
    def needs(self) -> tuple[str, ...]: ...
    @property
    def takes_options(self) -> bool: ...
    @property
    def container(self) -> bool: ...


Types = Mapping[str, TypeShape]

CARRYING = ("copy", "confirm", "never")
COPIES = ("file", "subject", "family", "partner", "court")
VOICES = ("subject", "family")

CARRY = settings({"from": PATH, "how": choice(*CARRYING)}, called="carry")
LOCK = settings({"settings": one_or_several(REF), "why": LABEL}, ["settings"], called="lock")

COMMON: Mapping[str, Schema] = {
    "id": ID,
    "type": REF,
    "label": LABEL,
    "hint": PROSE,
    "guidance": PROSE,
    "help": PROSE,
    "answer": choice("required", "advised", "optional"),
    "why_required": PROSE,
    "required_if": EXPRESSION,
    "advised_if": EXPRESSION,
    "show_if": EXPRESSION,
    "valid_if": EXPRESSION,
    "message": LABEL,
    "calculate": EXPRESSION,
    "default": EXPRESSION,
    "carry": {"anyOf": [{**choice("never")}, CARRY]},
    "reportable": BOOLEAN,
    "sensitive": REF,
    "third_party": BOOLEAN,
    "copies": one_or_several(choice(*COPIES)),
    "social_field": REF,
    "factor": choice("risk", "strength"),
    "voice": choice(*VOICES),
    "lock": LOCK,
}

OPTION = settings(
    {
        "id": ID,
        "label": LABEL,
        "hint": PROSE,
        "under": REF,
        "group": BOOLEAN,
        "codes": table(one_or_several(LABEL)),
        "factor": choice("risk", "strength"),
        "social_field": REF,
        "aliases": one_or_several(LABEL),
        "from": DATE,
        "to": DATE,
        "retired": BOOLEAN,
        "lock": LOCK,
    },
    ["id", "label"],
    called="option",
)
OPTIONS: Schema = {"anyOf": [REF, several(shared("option"), 1)]}

SECTION = settings(
    {
        "id": ID,
        "title": LABEL,
        "hint": PROSE,
        "guidance": PROSE,
        "show_if": EXPRESSION,
        "each": BOOLEAN,
        "note": PROSE,
        "questions": several(shared("question")),
        "lock": LOCK,
    },
    ["id", "title"],
    called="section",
)

DRAWING: Schema = {
    "anyOf": [
        choice("grid"),
        settings(
            {
                "triangle": {**several(REF, 3), "maxItems": 3},
                "stands": one_or_several(REF),
                "map": REF,
            },
            called="draw",
        ),
    ]
}

MEETING = settings(
    {"notes": one_or_several(PATH), "present": REF, "actions": REF, "take_away": REF},
    ["notes"],
    called="meeting",
)

FORM = settings(
    {
        "form": ID,
        "title": LABEL,
        "about": one_or_several(REF),
        "several": BOOLEAN,
        "sections": several(SECTION, 1),
        "draw": DRAWING,
        "meeting": MEETING,
        "hint": PROSE,
        "guidance": PROSE,
        "order": choice("sections", "any"),
        "note": PROSE,
        "lock": LOCK,
        "replaces": BOOLEAN,
    },
    ["form", "title", "about", "sections"],
    called="form",
)

LIST = settings(
    {
        "list": ID,
        "title": LABEL,
        "options": several(shared("option"), 1),
        "options_from": LABEL,
        "lifecycle": choice("dated"),
        "other": BOOLEAN,
        "source": PROSE,
        "hint": PROSE,
        "note": PROSE,
        "lock": LOCK,
        "replaces": BOOLEAN,
    },
    ["list", "title"],
    called="list",
)

RECORD = settings(
    {
        "record": ID,
        "title": LABEL,
        "many": LABEL,
        "context": BOOLEAN,
        "fields": several(shared("question")),
        "name": LABEL,
        "alike": one_or_several(REF),
        "keep": settings({"for": KEEPING, "after": REF}, ["for"], called="keep"),
        "identifiers": several(
            settings({"id": ID, "label": LABEL, "pattern": PATTERN}, ["id", "label"], called="identifier")
        ),
        "hint": PROSE,
        "note": PROSE,
        "lock": LOCK,
        "replaces": BOOLEAN,
    },
    ["record", "title", "name"],
    called="record type",
)


def question_parts(types: Types) -> dict[str, Schema]:
    """The shared parts that questions need: one for each type, and the choice between them by `type`."""
    parts: dict[str, Schema] = {"option": OPTION}
    for name, one in types.items():
        parts[f"question_{name}"] = _question(name, one)
    parts["question"] = chosen_by("type", {name: f"question_{name}" for name in types}, "question")
    return parts


def own_settings(name: str, one: TypeShape) -> dict[str, Schema]:
    """The settings of one type beyond those that every question has."""
    own = {key: _setting(given) for key, given in one.settings_schema.items() if key not in COMMON}
    if one.takes_options:
        own["options"] = OPTIONS
    if one.container and "rows" in one.needs:
        own["rows"] = OPTIONS
        own["columns"] = several(shared("question"), 1)
    elif one.container:
        own["questions"] = several(shared("question"), 1)
    return own


def _question(name: str, one: TypeShape) -> Schema:
    own = own_settings(name, one)
    needs = ["id", "type"]
    needs += _unique([*(["label"] if _spoken(one) else []), *one.needs])
    if one.takes_options:
        needs.append("options")
    if one.container and "rows" not in one.needs:
        needs.append("questions")
    return settings(
        {**COMMON, "type": choice(name), **own},
        _unique(needs),
        called="question",
        **{"x-type": name, "x-own": list(own)},
    )


def _spoken(one: TypeShape) -> bool:
    """Everything that is answered has a label; words that are only read need none."""
    return bool(getattr(one, "answered", True))


def _unique(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(words))


def _setting(given: Mapping[str, Any]) -> Schema:
    """A type's own schema of a setting, in the subset that `reading` walks."""
    kind = given.get("type")
    names = given.get("names")
    remark = {"description": given["description"]} if "description" in given else {}
    if isinstance(kind, list) and "array" in kind:
        item = _setting({"type": kind[0], "names": names, **given.get("items", {})})
        return {**one_or_several(item), **remark}
    if kind == "array":
        item = {**({"names": names} if names else {}), **given.get("items", {})}
        return {**several(_setting(item), 1), **remark}
    if kind == "string" and names:
        return {**REF, **remark}
    if kind == "string" and given.get("format") == "date":
        return {**DATE, **remark}
    if kind == "string" and given.get("format") == "re2":
        return {**PATTERN, **remark}
    if kind == "string" and "enum" not in given and "pattern" not in given:
        return {**PROSE, **remark}
    if kind is None and "enum" not in given:
        return {**ANYTHING, **remark}
    return dict(given)
