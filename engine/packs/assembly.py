"""One pack over the pack it extends → a stack: layered, its terms filled in, checked as a whole, built.

Must not know files' folders, nor what references mean (`references`), nor how forms and workflows are checked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from engine.language import building, codes
from engine.language.diagnostics import Diagnostic
from engine.language.documents import Document as Written
from engine.language.documents import check_node
from engine.language.model import (
    Access,
    Expression,
    Form,
    Layer,
    Manifest,
    OptionList,
    Question,
    RecordType,
    Section,
    Stack,
)
from engine.language.nodes import Mapping as Map
from engine.language.schemas import Types
from engine.packs import hashing, languages, layering, terms
from engine.packs.documents import Document, Key, Retired

# What a pack takes from its base where it does not say so itself.
_INHERITED = ("nation", "zone", "language", "marking")
# Documents whose texts are not shown as they stand, so that no term is looked for in them.
_NO_TERMS = frozenset({"terms", "language", "migration", "conditions"})


@dataclass(frozen=True)
class Source:
    """One pack as its files give it: its texts by path, and the documents in them, in file order."""

    pack: str
    texts: Mapping[str, str]
    documents: tuple[Written, ...]
    manifest: Manifest
    manifest_node: Map
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


# A document's model value, and the lists written inside it.
Built = tuple[Any, list[OptionList]]


@dataclass(frozen=True)
class Assembled:
    """A stack with what it was made from: its layered documents, what was retired, the files of every layer."""

    stack: Stack
    documents: Mapping[Key, Document]
    texts: Mapping[str, str]
    retired: Mapping[str, Retired] = field(default_factory=dict)
    translations: Mapping[str, tuple[Mapping[str, Any], ...]] = field(default_factory=dict)
    types: Types = field(default_factory=dict)
    built: Mapping[Key, Built] = field(default_factory=dict)


def assemble(
    source: Source, base: Assembled | None, types: Types
) -> tuple[Assembled | None, list[Diagnostic]]:
    """The stack of `source` over `base`; None where its layers do not fit, and everything found."""
    below = base.documents if base is not None else {}
    nodes = [one.node for one in source.documents]
    documents, findings = layering.layered(below, nodes, source.pack)
    if _stops(findings):
        return None, findings
    altered = {(one.kind, one.id) for one in source.documents if one.is_change}
    for key in altered:
        findings += check_node(documents[key].node, key[0], types)
    if _stops(findings):
        return None, findings
    words = terms.combined(one.node for one in documents.values() if one.kind == "terms")
    own = {one.place.file for one in source.documents}
    parts = _Parts()
    built: dict[Key, Built] = {}
    for key, document in documents.items():
        if base is not None and base.documents.get(key) is document and words == base.stack.words:
            built[key] = base.built[key]
            parts.put(document, built[key])
            continue
        node = document.node
        element = "" if document.kind == "pack" else document.id
        if document.kind not in _NO_TERMS:
            if document.place.file in own or (document.kind, document.id) in altered:
                findings += terms.typed_outright(node, words, element)
            node = terms.filled(node, words, element, findings)  # type: ignore[assignment]
        built[key] = building.build(node, document.kind, types)
        parts.put(document, built[key])
    parts.labels(source, base)
    findings += parts.findings
    layers, texts = _layers(source, base)
    stack = Stack(
        manifest=_manifest(source, base),
        layers=layers,
        hash=hashing.of_layers(layers),
        forms=parts.kinds["form"],
        workflows=parts.kinds["workflow"],
        lists=parts.lists,
        records=parts.kinds["record"],
        conditions=parts.conditions,
        words=words,
        access=parts.whole_access(),
        scenarios=parts.kinds["scenario"],
    )
    retired = {
        f"{one.kind}:{one.id}.{path}": gone
        for one in documents.values()
        for path, gone in one.retired.items()
    }
    written = [one.node for one in source.documents if one.kind == "language"]
    findings += languages.check(documents, written, source.pack)
    whole = Assembled(
        _saying(stack, stack.manifest.language), documents, texts, retired, parts.translations, types, built
    )
    return whole, findings


def in_language(whole: Assembled, language: str) -> Assembled:
    """The same definitions with their texts in `language`: the same ids, conditions and hash."""
    stack = whole.stack
    given = whole.translations.get(language, ())
    own = stack.manifest.language
    nodes = languages.spoken(whole.documents, given, stack.manifest.id, stack.words, own, language)
    parts = _Parts()
    manifest = replace(stack.manifest, language=language)
    for key, node in nodes.items():
        if key[0] == "pack":
            manifest = replace(manifest, title=building.build(node, "pack", whole.types)[0].title)
        else:
            document = whole.documents[key]
            parts.put(document, building.build(node, document.kind, whole.types))
    said = replace(
        stack,
        manifest=manifest,
        forms=parts.kinds["form"],
        workflows=parts.kinds["workflow"],
        lists=parts.lists,
        records=parts.kinds["record"],
        access=parts.whole_access(),
    )
    return replace(whole, stack=_saying(said, language))


def _saying(stack: Stack, language: str) -> Stack:
    """`stack` whose questions know the language of their texts, so that what is said about answers is in it too."""
    if language == "en":
        return stack

    def question(one: Question) -> Question:
        inside = tuple(question(inner) for inner in one.questions)
        return replace(one, language=language, questions=inside)

    def section(one: Section) -> Section:
        return replace(one, questions=tuple(question(inner) for inner in one.questions))

    def form(one: Form) -> Form:
        return replace(one, language=language, sections=tuple(section(inner) for inner in one.sections))

    def record(one: RecordType) -> RecordType:
        return replace(one, fields=tuple(question(inner) for inner in one.fields))

    return replace(
        stack,
        forms={key: form(one) for key, one in stack.forms.items()},
        records={key: record(one) for key, one in stack.records.items()},
    )


def _stops(findings: Iterable[Diagnostic]) -> bool:
    return any(one.severity == "error" for one in findings)


class _Parts:
    """Model values by kind as they are built."""

    def __init__(self) -> None:
        self.kinds: dict[str, dict[str, Any]] = {
            kind: {} for kind in ("form", "workflow", "record", "scenario")
        }
        self.lists: dict[str, OptionList] = {}
        self.conditions: dict[str, Expression] = {}
        self.access: list[Access] = []
        self.translations: dict[str, tuple[Mapping[str, Any], ...]] = {}
        self.findings: list[Diagnostic] = []

    def put(self, document: Document, built: Built) -> None:
        value, inline = built
        self.lists |= {one.id: one for one in inline}
        if document.kind in self.kinds:
            self.kinds[document.kind][document.id] = value
        elif document.kind == "list":
            self.lists[document.id] = value
        elif document.kind == "access":
            self.access.append(value)
        elif document.kind == "language":
            code = document.id
            self.translations[code] = (*self.translations.get(code, ()), value)
        elif document.kind == "conditions":
            for name, expression in value.items():
                if name in self.conditions:
                    about = [(self.conditions[name].place, "the other one")]
                    place = expression.place
                    self.findings.append(codes.finding("R325", place, element=name, related=about, name=name))
                self.conditions[name] = expression

    def labels(self, source: Source, base: Assembled | None) -> None:
        """Labels that tables give in other languages, those of the base first."""
        if base is not None:
            for code, given in base.translations.items():
                mine = self.translations.get(code, ())
                self.translations[code] = (*(one for one in given if one not in mine), *mine)
        for code, texts in source.labels.items():
            self.translations[code] = (
                *self.translations.get(code, ()),
                {"language": code, "texts": dict(texts)},
            )

    def whole_access(self) -> Access:
        """The access documents of all layers as one: roles, levels and rules add up."""
        if not self.access:
            return Access("access")
        whole = self.access[0]
        for one in self.access[1:]:
            manage = {
                job: tuple(dict.fromkeys((*whole.manage.get(job, ()), *one.manage.get(job, ()))))
                for job in (*whole.manage, *one.manage)
            }
            whole = replace(
                whole,
                roles={**whole.roles, **one.roles},
                sensitivities=tuple(dict.fromkeys((*whole.sensitivities, *one.sensitivities))),
                rules=(*whole.rules, *one.rules),
                manage=manage,
            )
        return whole


def _manifest(source: Source, base: Assembled | None) -> Manifest:
    if base is None:
        return source.manifest
    said = set(source.manifest_node.keys())
    taken = {name: getattr(base.stack.manifest, name) for name in _INHERITED if name not in said}
    # Days off add up: what a base has declared is off in every pack over it.
    days = {**dict(base.stack.manifest.holidays), **dict(source.manifest.holidays)}
    return replace(source.manifest, **taken, holidays=tuple(sorted(days.items())))


def _layers(source: Source, base: Assembled | None) -> tuple[tuple[Layer, ...], dict[str, str]]:
    own = Layer(source.pack, source.manifest.version, hashing.of_files(source.texts))
    if base is None:
        return (own,), dict(source.texts)
    return (*base.stack.layers, own), {**base.texts, **source.texts}
