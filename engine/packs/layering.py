"""Puts one pack's documents over those of the pack it extends, so that an overlay holds only its differences.

Works on located nodes, so that each part of the result still says which file wrote it. Every change resolves
against the layer below, never against the changes beside it. Must not know what settings mean.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from engine.language import codes
from engine.language.diagnostics import Diagnostic
from engine.language.guess import nearest
from engine.language.nodes import Mapping as Map
from engine.language.nodes import Scalar
from engine.language.places import Place
from engine.packs import parts
from engine.packs.changing import altered
from engine.packs.documents import (
    SIDE_BY_SIDE,
    Document,
    Key,
    Retired,
    kind_and_id,
    lock_reason,
    owner,
    setting,
)
from engine.packs.parts import Part


def layered(
    below: Mapping[Key, Document], own: Iterable[Map], pack: str
) -> tuple[dict[Key, Document], list[Diagnostic]]:
    """The documents of `below` with those of `pack` laid over them, and everything that does not fit."""

    result = dict(below)
    findings: list[Diagnostic] = []
    seen: dict[Key, Place] = {}
    for node in own:
        named = kind_and_id(node)
        if named is None:
            continue
        kind, word = named
        key = (kind, f"{pack}/{word.text}" if kind in SIDE_BY_SIDE else word.text)
        if key in seen:
            if kind != "pack":
                about = [(seen[key], "the other one")]
                findings.append(
                    codes.finding(
                        "P713", word.place, element=word.text, related=about, kind=kind, id=word.text
                    )
                )
            continue
        seen[key] = word.place
        old = below.get(key)
        changes = setting(node, "changes")
        if changes is not None:
            if old is None:
                known = [one for sort, one in below if sort == kind]
                findings.append(
                    codes.finding(
                        "P721",
                        word.place,
                        element=word.text,
                        did_you_mean=nearest(word.text, known),
                        kind=kind,
                        id=word.text,
                    )
                )
                continue
            result[key], found = altered(old, node, pack)
        else:
            result[key], found = _whole(old, node, kind, word, pack)
        findings += found
    return result, findings


def _whole(
    old: Document | None, node: Map, kind: str, word: Scalar, pack: str
) -> tuple[Document, list[Diagnostic]]:
    """A document written in full: new, or (`replaces: yes`) in the place of one below."""
    replaces = setting(node, "replaces")
    claimed = isinstance(replaces, Scalar) and replaces.text in ("yes", "true")
    stripped = Map(tuple(entry for entry in node.entries if entry[0].text != "replaces"), node.place)
    fresh = Document(kind, word.text, parts.opened(stripped, kind), word.place, pack)
    if old is None:
        if claimed and replaces is not None:
            return fresh, [codes.finding("P737", replaces.place, element=word.text, kind=kind, id=word.text)]
        return fresh, []
    if not claimed:
        about = [(old.place, f"the one of ‘{owner(old.place)}’")]
        base = owner(old.place)
        found = codes.finding(
            "P720", word.place, element=word.text, related=about, base=base, kind=kind, id=word.text
        )
        return old, [found]
    locked = list(_locks(old.part))
    if locked:
        return old, [
            codes.finding("P729", word.place, element=f"{word.text}.{path}", related=[(where, "locked here")],
                          by=owner(where), target=path, why=why)
            for path, where, why in locked
        ]  # fmt: skip
    now = {one.path: one for one in parts.walk(fresh.part)}
    findings = [
        codes.finding("P726", now[path].part.place, element=f"{word.text}.{path}",
                      related=[(gone.place, "retired here")], target=path)
        for path, gone in old.retired.items()
        if path in now
    ]  # fmt: skip
    retired = dict(old.retired)
    for one in parts.walk(old.part):
        if one.path not in now:
            retired[one.path] = Retired(
                word.place, "it is not in the document that took this one's place", pack
            )
    return Document(kind, word.text, fresh.part, word.place, pack, retired), findings


def _locks(part: Part) -> Iterator[tuple[str, Place, str]]:
    for one in parts.walk(part):
        lock = one.part.settings.get("lock")
        if lock is not None:
            yield one.path, lock[0].place, lock_reason(lock[1])
