"""Schemas of a pack's own document and of what holds for all of it: terms, access, conditions, languages,
migrations; and of scenarios. Data only."""

from __future__ import annotations

from engine.language.schemas.parts import (
    ANYTHING,
    BOOLEAN,
    DATE,
    EXPRESSION,
    ID,
    LABEL,
    PATH,
    PROSE,
    REF,
    VERSION,
    Schema,
    choice,
    chosen_by_verb,
    one_or_several,
    settings,
    several,
    table,
)

SHA256: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$", "x-wants": "hash"}
LANGUAGE_CODE: Schema = {"type": "string", "pattern": "^[a-z]{2,3}(-[A-Z]{2})?$", "x-wants": "language"}
NATIONS = ("england", "wales", "scotland", "northern_ireland")

PACK = settings(
    {
        "pack": ID,
        "title": LABEL,
        "version": VERSION,
        "extends": {
            "anyOf": [
                REF,
                settings({"pack": REF, "version": VERSION, "sha256": SHA256}, ["pack"], called="extends"),
            ]
        },
        "engine": LABEL,
        "language": LANGUAGE_CODE,
        "languages": one_or_several(LANGUAGE_CODE),
        "nation": choice(*NATIONS),
        "holidays": several(settings({"on": DATE, "name": LABEL}, ["on", "name"], called="holiday")),
        "zone": LABEL,
        "publisher": LABEL,
        "licence": LABEL,
        "marking": LABEL,
        "hint": PROSE,
        "note": PROSE,
    },
    ["pack", "title", "version"],
    called="pack",
)

TERMS = settings(
    {
        "terms": ID,
        "words": table(
            settings({"one": LABEL, "many": LABEL, "a": LABEL, "the": LABEL}, ["one"], called="term")
        ),
        "note": PROSE,
        "replaces": BOOLEAN,
    },
    ["terms", "words"],
    called="terms",
)

DEEDS = ("view", "edit", "submit", "create", "link", "note", "decide", "destroy", "restrict")

RULE = settings(
    {
        "id": ID,
        "role": REF,
        "record": one_or_several(REF),
        "when": choice("allocated", "linked", "team", "made"),
        "may": one_or_several(choice(*DEEDS)),
        "not": one_or_several(PATH),
        "state": one_or_several(PATH),
        "form": one_or_several(REF),
        "section": one_or_several(PATH),
        "question": one_or_several(PATH),
        "sensitivity": one_or_several(REF),
        "note": PROSE,
    },
    ["id", "role", "record", "may"],
    called="access rule",
)

ACCESS = settings(
    {
        "access": ID,
        "roles": table(LABEL, ID),
        "sensitivities": one_or_several(ID),
        "rules": several(RULE),
        "manage": settings(
            {
                "people": one_or_several(REF),
                "definitions": one_or_several(REF),
                "audit": one_or_several(REF),
            },
            called="manage",
        ),
        "note": PROSE,
        "replaces": BOOLEAN,
    },
    ["access"],
    called="access",
)

CONDITIONS = settings(
    {"conditions": ID, "named": table(EXPRESSION, ID), "note": PROSE, "replaces": BOOLEAN},
    ["conditions", "named"],
    called="conditions",
)

TRANSLATION: Schema = {
    "anyOf": [
        LABEL,
        settings(
            {
                "text": PROSE,
                "of": {"type": "string", "minLength": 1, "x-wants": "text"},
                "state": choice("draft", "checked"),
            },
            ["text"],
            called="translation",
        ),
    ]
}

LANGUAGE = settings(
    {
        "language": LANGUAGE_CODE,
        "title": LABEL,
        "texts": table(TRANSLATION, {"type": "string", "minLength": 1, "x-wants": "text"}),
        "words": table(
            settings({"one": LABEL, "many": LABEL, "a": LABEL, "the": LABEL}, ["one"], called="term")
        ),
        "note": PROSE,
    },
    ["language"],
    called="language",
)

MIGRATION_STEPS = {
    "rename": "step_rename",
    "option": "step_rename",
    "state": "step_rename",
    "drop": "step_drop",
    "fill": "step_fill",
}
STEP_PARTS: dict[str, Schema] = {
    "step_rename": settings(
        {"rename": PATH, "option": PATH, "state": PATH, "to": PATH, "why": LABEL}, ["to"], called="step"
    ),
    "step_drop": settings({"drop": PATH, "why": LABEL}, ["drop", "why"], called="step"),
    "step_fill": settings({"fill": PATH, "with": EXPRESSION, "why": LABEL}, ["fill", "with"], called="step"),
}

MIGRATION = settings(
    {
        "migration": ID,
        "title": LABEL,
        "from": VERSION,
        "to": VERSION,
        "steps": several(chosen_by_verb(MIGRATION_STEPS, "step"), 1),
        "note": PROSE,
    },
    ["migration", "from", "to", "steps"],
    called="migration",
)

REFUSALS = ("role", "state", "guard", "unknown", "reason", "form", "four_eyes", "deadline", "revision")

PATHS = one_or_several({"type": "string", "minLength": 1, "maxLength": 300, "x-wants": "text"})

EXPECTED = settings(
    {
        "shown": PATHS,
        "only_shown": PATHS,
        "not_shown": PATHS,
        "required": PATHS,
        "not_required": PATHS,
        "advised": PATHS,
        "not_advised": PATHS,
        "answers": {"type": "object"},
        "problems": ANYTHING,
        "advice": ANYTHING,
        "state": REF,
        "closed": BOOLEAN,
        "waiting": PATHS,
        "not_waiting": PATHS,
        "overdue": PATHS,
        "not_overdue": PATHS,
        "due": ANYTHING,
        "tasks": ANYTHING,
        "effects": ANYTHING,
        "may": PATHS,
        "may_not": PATHS,
    },
    called="expectation",
)

STEP = settings(
    {
        "by": REF,
        "person": LABEL,
        "on": DATE,
        "submit": REF,
        "about": ANYTHING,
        "answers": {"type": "object"},
        "do": REF,
        "withdraw": REF,
        "pause": BOOLEAN,
        "holiday": DATE,
        "awaited": {"type": "object"},
        "reason": PROSE,
        "refused": choice(*REFUSALS),
        "facts": {"type": "object"},
        "expect": EXPECTED,
    },
    called="step",
)

SCENARIO = settings(
    {
        "scenario": ID,
        "title": LABEL,
        "form": REF,
        "workflow": REF,
        "given": {"type": "object"},
        "record": {"type": "object"},
        "facts": {"type": "object"},
        "today": DATE,
        "steps": several(STEP, 1),
        "expect": EXPECTED,
        "note": PROSE,
        "replaces": BOOLEAN,
    },
    ["scenario", "title"],
    called="scenario",
)
