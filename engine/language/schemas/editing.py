"""The schema that editors complete and check by while people type: one for every file of a pack.

It differs from what `reading` walks in being less strict with scalars: an editor reads YAML 1.2, in which `yes` is text
and `1.10` a number, where this language takes a value for what stands there. Must not know editors' own settings.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.language.schemas.parts import Schema
from engine.language.schemas.words import WORDS

FILE = "trefoil.schema.json"
# A scenario also has a key `form` or `workflow`, a pack a key `language`: the order tells them apart.
ORDER = (
    "pack", "scenario", "migration", "form", "list", "record", "workflow", "terms", "access", "conditions",
    "language",
)  # fmt: skip
TRUTHS = [True, False, "yes", "no", "true", "false"]
PLAIN = ["string", "number", "boolean"]


def bundle(kinds: Mapping[str, Schema]) -> dict[str, Any]:
    """One schema out of those of all kinds: which of them judges is said by a document's first key."""
    parts: dict[str, Any] = {}
    judged: Any = {"required": ["form"], "description": "The first key says what a document is: form, list …"}
    for kind in reversed(ORDER):
        whole = kinds[kind]
        parts.update(whole.get("$defs", {}))
        alone = {key: value for key, value in whole.items() if not key.startswith("$") and key != "title"}
        parts[f"a_{kind}"] = alone
        judged = {"if": {"required": [kind]}, "then": {"$ref": f"#/$defs/a_{kind}"}, "else": judged}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Trefoil definitions",
        "type": "object",
        **judged,
        "$defs": {name: eased(part) for name, part in sorted(parts.items())},
    }


def eased(schema: Any) -> Any:
    """The schema with each setting told in words, and as generous with scalars as the language is."""
    if isinstance(schema, list | tuple):
        return [eased(one) for one in schema]
    if not isinstance(schema, Mapping):
        return schema
    if schema.get("type") == "boolean":
        return {"enum": TRUTHS, **_told(schema)}
    made = {key: eased(value) for key, value in schema.items() if not key.startswith("x-")}
    if schema.get("type") == "string" and "enum" not in schema:
        made["type"] = PLAIN
    words = WORDS.get(str(schema.get("x-called", "")), {})
    for name, setting in made.get("properties", {}).items():
        if name in words and isinstance(setting, dict):
            made["properties"][name] = {**setting, "description": words[name]}
    return made


def _told(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"description": schema["description"]} if "description" in schema else {}
