"""What each pack says of itself: its document, the pack it extends, the engine it wants; and in which order to load.

Must not know what else is in a pack.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from engine.language import building, codes
from engine.language.diagnostics import Diagnostic
from engine.language.documents import Document as Written
from engine.language.documents import read_file
from engine.language.guess import nearest
from engine.language.model import Manifest
from engine.language.places import Place
from engine.language.schemas.parts import ID_PATTERN
from engine.packs import archive
from engine.packs.assembly import Source
from engine.questions import BUILT_IN

# The version of the definition language and its engine, which a pack's `engine` asks for.
ENGINE = "1.0.0"

_COMPARISON = re.compile(r"\s*(>=|<=|==|=|>|<)?\s*([0-9]+(?:\.[0-9]+)*)\s*\Z")


def described(
    pack: str,
    texts: Mapping[str, str],
    documents: list[Written],
    findings: list[Diagnostic],
    translations: Mapping[str, Mapping[str, str]],
) -> tuple[Source | None, list[Diagnostic]]:
    """The pack as a source, if its own document is there; `findings` are those made so far."""
    own = [one for one in documents if one.kind == "pack" and not one.broken]
    if not own:
        broken = any(one.kind in ("pack", "") and one.broken for one in documents)
        if not broken:
            path = f"form_definitions/{pack}/pack.yaml"
            findings.append(codes.finding("P701", Place(path, 1, 1, 1, 1), element=pack, pack=pack))
        return None, findings
    first, *others = own
    # What is no id at all is told as that; that it differs from the folder's name adds nothing.
    if first.id != pack and re.fullmatch(ID_PATTERN, first.id):
        likely: dict[str, Any] = {"pack": first.id, "folder": pack}
        findings.append(codes.finding("P702", first.place, element=first.id, **likely))
    for one in others:
        about = [(first.place, "the first")]
        findings.append(codes.finding("P703", one.place, element=pack, related=about, pack=one.id))
    manifest, _ = building.build(first.node, "pack", BUILT_IN)
    assert isinstance(manifest, Manifest)
    usable = tuple(one for one in documents if not one.broken)
    return Source(pack, texts, usable, manifest, first.node, translations), findings


def with_bases(packs: Mapping[str, Mapping[str, str]], pack: str) -> set[str]:
    """A pack and all that it extends, as far as they are there: what can be at fault in it."""
    found: set[str] = set()
    wanted: str | None = pack
    while wanted in packs and wanted not in found:
        assert wanted is not None
        found.add(wanted)
        texts = packs[wanted]
        read = (
            one for path in texts if path.endswith("pack.yaml") for one in read_file(texts[path], path)[0]
        )
        said = [building.build(one.node, "pack", BUILT_IN)[0] for one in read if one.kind == "pack"]
        wanted = said[0].extends if said else None
    return found


def in_order(sources: Mapping[str, Source], present: set[str]) -> tuple[list[str], list[Diagnostic]]:
    """Packs with each base before what extends it. Those whose base is missing or in a circle are left out."""
    findings: list[Diagnostic] = []
    order: list[str] = []
    circled: set[str] = set()
    for pack in sources:
        chain = _chain(pack, sources)
        last = sources[chain[-1]].manifest
        if last.extends is not None and last.extends in chain:
            circle = chain[chain.index(last.extends) :]
            if circle[0] not in circled:
                place = _where(sources[circle[0]], "extends")
                words: dict[str, Any] = {"circle": " → ".join([*circle, circle[0]])}
                findings.append(codes.finding("P705", place, element=circle[0], **words))
                circled |= set(circle)
            continue
        if last.extends is not None:
            if last.extends not in present and chain[-1] == pack:
                likely = nearest(last.extends, present)
                manifest = sources[pack].manifest
                place = manifest.places.get("extends.pack", _where(sources[pack], "extends"))
                findings.append(
                    codes.finding("P704", place, element=pack, did_you_mean=likely, base=last.extends)
                )
            continue
        findings += _version(sources[pack], sources)
        order += [one for one in reversed(chain) if one not in order]
    return order, findings


def _chain(pack: str, sources: Mapping[str, Source]) -> list[str]:
    """The pack, the one it extends, and so on; ends before a pack that is not there or would come again."""
    chain = [pack]
    while (base := sources[chain[-1]].manifest.extends) in sources and base not in chain:
        chain.append(base)  # type: ignore[arg-type]
    return chain


def _version(source: Source, sources: Mapping[str, Source]) -> list[Diagnostic]:
    manifest = source.manifest
    if manifest.extends is None or manifest.extends_version is None:
        return []
    base = sources[manifest.extends].manifest
    if base.version == manifest.extends_version:
        return _same_files(source, sources[manifest.extends])
    words: dict[str, Any] = {"base": base.id, "wanted": manifest.extends_version, "found": base.version}
    place = manifest.places.get("extends.version", _where(source, "extends"))
    return [codes.finding("P706", place, element=source.pack, **words)]


def _same_files(source: Source, base: Source) -> list[Diagnostic]:
    """What is said if the base has the right version and not the files that this was written against."""
    wanted = source.manifest.extends_sha256
    if wanted is None:
        return []
    found = archive_hash(base)
    if found == wanted:
        return []
    words: dict[str, Any] = {"base": base.pack, "version": base.manifest.version, "found": found}
    place = source.manifest.places.get("extends.sha256", _where(source, "extends"))
    return [codes.finding("P744", place, element=source.pack, **words)]


def archive_hash(source: Source) -> str:
    """The SHA-256 of a pack's archive, as an overlay gives it; empty where its files could not be in one."""
    try:
        return archive.made(source.manifest, source.texts).sha256
    except archive.NotBuildable:
        return ""


def engine_fits(source: Source, engine: str = ENGINE) -> list[Diagnostic]:
    """What is said if this engine is not the one that the pack asks for."""
    wanted = source.manifest.engine
    if wanted is None:
        return []
    place = _where(source, "engine")
    matches = [_COMPARISON.match(part) for part in wanted.split(",")]
    if not all(matches):
        return [codes.finding("P714", place, element=source.pack, text=wanted)]
    if all(_holds(engine, match[1] or "==", match[2]) for match in matches if match is not None):
        return []
    return [codes.finding("P707", place, element=source.pack, wanted=wanted, found=engine)]


def _holds(engine: str, comparison: str, wanted: str) -> bool:
    pieces = [int(piece) for piece in wanted.split(".")]
    own = [int(piece) for piece in engine.split(".")]
    if comparison in ("==", "="):
        return own[: len(pieces)] == pieces
    length = max(len(pieces), len(own))
    left, right = (one + [0] * (length - len(one)) for one in (own, pieces))
    return {">=": left >= right, "<=": left <= right, ">": left > right, "<": left < right}[comparison]


def _where(source: Source, setting: str) -> Place:
    return source.manifest.places.get(setting, source.manifest.place)
