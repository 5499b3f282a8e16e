"""Schemas of what happens: workflows, their states and transitions, effects, deadlines. Data only."""

from __future__ import annotations

from collections.abc import Mapping

from engine.language.schemas.forms import LOCK
from engine.language.schemas.parts import (
    BOOLEAN,
    DEADLINE,
    EXPRESSION,
    ID,
    LABEL,
    PATH,
    PROSE,
    REF,
    Schema,
    choice,
    one_or_several,
    settings,
    several,
    shared,
)

EFFECTS: Mapping[str, Schema] = {
    "start": {
        "anyOf": [
            REF,
            settings({"workflow": REF, "on": PATH, "several": BOOLEAN}, ["workflow"], called="start"),
        ]
    },
    "open": {"anyOf": [REF, settings({"form": REF, "for": REF}, ["form"], called="open")]},
    "notify": {"anyOf": [REF, settings({"role": REF, "message": LABEL}, ["role"], called="notify")]},
    "assign": {"anyOf": [REF, settings({"role": REF, "to": PATH}, ["to"], called="assign")]},
    "mark": settings({"from": PATH, "list": REF, "option": REF}, called="mark"),
    "end_mark": settings({"from": PATH, "list": REF, "option": REF, "why": LABEL}, called="end_mark"),
    "action": settings({"from": PATH}, ["from"], called="action"),
    "link": settings({"from": PATH, "purpose": LABEL}, ["from"], called="link"),
    "set": settings({"field": REF, "to": EXPRESSION}, ["field", "to"], called="set"),
    "close": {"anyOf": [choice("record"), settings({"record": BOOLEAN}, called="close")]},
    "await": {
        "anyOf": [REF, settings({"workflow": REF, "state": REF, "on": PATH}, ["workflow"], called="await")]
    },
    "share": settings(
        {
            "with": LABEL,
            "from": PATH,
            "what": LABEL,
            "forms": one_or_several(REF),
            "ground": LABEL,
            "consent": PATH,
        },
        called="share",
    ),
}

EFFECT: Schema = {
    "type": "object",
    "properties": EFFECTS,
    "additionalProperties": False,
    "minProperties": 1,
    "maxProperties": 1,
    "x-called": "effect",
}
EFFECT_LIST = one_or_several(shared("effect"))

DEADLINE_RULE = settings(
    {
        "within": DEADLINE,
        "from": PATH,
        "calendar": choice("nation"),
        "then": EFFECT_LIST,
        "lock": LOCK,
    },
    ["within"],
    called="deadline",
)

TASK = settings(
    {"id": ID, "label": LABEL, "for": REF, "within": DEADLINE, "hint": PROSE, "lock": LOCK},
    ["id", "label", "for"],
    called="task",
)

STATE = settings(
    {
        "id": ID,
        "title": LABEL,
        "forms": one_or_several(REF),
        "final": BOOLEAN,
        "deadline": shared("deadline"),
        "tasks": several(TASK),
        "enter": EFFECT_LIST,
        "leave": EFFECT_LIST,
        "hint": PROSE,
        "note": PROSE,
        "lock": LOCK,
    },
    ["id", "title"],
    called="state",
)

BRANCH = settings({"when": EXPRESSION, "to": REF, "otherwise": REF}, called="branch")

TRANSITION = settings(
    {
        "id": ID,
        "label": LABEL,
        "from": one_or_several(REF),
        "to": REF,
        "by": one_or_several(REF),
        "when": EXPRESSION,
        "reason": choice("required", "optional"),
        "automatic": BOOLEAN,
        "branches": several(BRANCH, 1),
        "effects": EFFECT_LIST,
        "approve": one_or_several(REF),
        "return": one_or_several(REF),
        "four_eyes": BOOLEAN,
        "reopen": BOOLEAN,
        "hint": PROSE,
        "note": PROSE,
        "lock": LOCK,
    },
    ["id", "from"],
    called="transition",
)

WORKFLOW = settings(
    {
        "workflow": ID,
        "title": LABEL,
        "about": one_or_several(REF),
        "initial": REF,
        "states": several(STATE, 1),
        "transitions": several(TRANSITION),
        "start": settings(
            {"by": one_or_several(REF), "label": LABEL}, ["by", "label"], called="beginning by hand"
        ),
        "hint": PROSE,
        "note": PROSE,
        "lock": LOCK,
        "replaces": BOOLEAN,
    },
    ["workflow", "title", "about", "initial", "states"],
    called="workflow",
)

PARTS: Mapping[str, Schema] = {"effect": EFFECT, "deadline": DEADLINE_RULE}
