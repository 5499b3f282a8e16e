"""The shape of every kind of document, as JSON Schema (2020-12) that editors and other programs can use too.

Built once from small parts. Must not know nodes: `reading` walks a document along these schemas.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from engine.language.schemas import changes, editing, forms, packs, workflows
from engine.language.schemas.editing import FILE
from engine.language.schemas.forms import Types, TypeShape
from engine.language.schemas.parts import Schema

__all__ = [
    "CHANGING",
    "FILE",
    "KINDS",
    "Schema",
    "TypeShape",
    "Types",
    "bundle",
    "keys",
    "published",
    "schema",
]

_SCHEMAS: Mapping[str, Schema] = {
    "pack": packs.PACK,
    "form": forms.FORM,
    "list": forms.LIST,
    "record": forms.RECORD,
    "workflow": workflows.WORKFLOW,
    "terms": packs.TERMS,
    "access": packs.ACCESS,
    "conditions": packs.CONDITIONS,
    "language": packs.LANGUAGE,
    "migration": packs.MIGRATION,
    "scenario": packs.SCENARIO,
}

KINDS = tuple(_SCHEMAS)
# Terms combine and a pack speaks for itself: what a layer changes are these.
CHANGING = ("form", "list", "record", "workflow", "access", "conditions")


def schema(kind: str, types: Types, *, is_change: bool = False) -> Schema:
    """The schema of a document of `kind`, its shared parts under `$defs`; `types` are the question types.

    Raises KeyError for a kind that is none.
    """
    return _built(kind, _Same(types), is_change)


def keys(kind: str) -> frozenset[str]:
    """The keys that a document of `kind` may have."""
    return frozenset(_SCHEMAS[kind]["properties"])


def published(types: Types) -> dict[str, dict[str, Any]]:
    """The schema of each kind by file name: a document is plain or has `changes`."""
    files: dict[str, dict[str, Any]] = {}
    for kind in KINDS:
        plain = dict(schema(kind, types))
        head = {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": f"Trefoil: {plain.get('x-called', kind)}",
        }
        if kind in CHANGING:
            altered = schema(kind, types, is_change=True)
            parts = {**plain["$defs"], **altered["$defs"]}
            plain = {
                "if": {"required": ["changes"]},
                "then": _bare(altered),
                "else": _bare(plain),
                "$defs": parts,
            }
        files[f"{kind}.schema.json"] = {**head, **plain}
    return files


def bundle(types: Types) -> dict[str, Any]:
    """The one schema that a definition's first line names, so that editors complete and check as people type."""
    files = published(types)
    return editing.bundle({kind: files[f"{kind}.schema.json"] for kind in KINDS})


def _bare(one: Schema) -> dict[str, Any]:
    return {key: value for key, value in one.items() if key != "$defs"}


class _Same:
    """Lets a registry of types, which need not be hashable by value, key the cache by what it is."""

    def __init__(self, types: Types) -> None:
        self.types = types
        self.key = tuple((name, id(one)) for name, one in types.items())

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.key == self.key


@cache
def _built(kind: str, same: _Same, is_change: bool) -> Schema:
    parts: dict[str, Schema] = {}
    main = changes.changing(kind) if is_change else _SCHEMAS[kind]
    available = {
        **forms.question_parts(same.types),
        **workflows.PARTS,
        **packs.STEP_PARTS,
        **changes.PARTS,
    }
    _gather(main, available, parts)
    return {**main, "$defs": dict(sorted(parts.items()))}


def _gather(one: Any, available: Mapping[str, Schema], parts: dict[str, Schema]) -> None:
    for name in _named(one):
        if name not in parts:
            parts[name] = available[name]
            _gather(available[name], available, parts)


def _named(one: Any) -> Iterator[str]:
    if isinstance(one, Mapping):
        reference = one.get("$ref")
        if isinstance(reference, str):
            yield reference.rsplit("/", 1)[1]
        for value in one.values():
            yield from _named(value)
    elif isinstance(one, list | tuple):
        for value in one:
            yield from _named(value)
