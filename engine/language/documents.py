"""A file's documents: what each is, whether it has the right shape. The door through which packs come in.

    documents, findings = read_file(text, file)
    findings += check_document(document, questions.BUILT_IN)      # one whole document, or one of changes
    form, lists = building.build(document.node, "form", questions.BUILT_IN)

Layers are merged on nodes in between; what results is checked again with `check_node`. Must not know folders,
packs or other documents.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.language import nodes, reading, schemas, shape, sources
from engine.language.codes import Words, finding
from engine.language.diagnostics import Diagnostic
from engine.language.guess import nearest
from engine.language.nodes import Mapping, Scalar, Sequence
from engine.language.places import Place
from engine.language.schemas import KINDS, Types

_NO_CHANGES = {
    "pack": "A pack says of itself what it is; write the settings out.",
    "terms": "Terms of all layers combine by themselves: write only the words that differ.",
    "language": "Translations of all layers combine by themselves: write only those that differ.",
    "migration": "Write another migration for the next version.",
    "scenario": "Write it anew with ‘replaces: yes’.",
}


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a file. `is_change`: it has `changes` and alters the layer below.

    A `broken` document was found and cannot be read (its finding is told already); its node is empty. It is
    kept so that nobody complains that what it defines is missing. Its `id` may be empty.
    """

    kind: str
    id: str
    node: Mapping
    file: str
    is_change: bool = False
    broken: bool = False

    @property
    def place(self) -> Place:
        """Where its id stands."""
        return self.node.entries[0][1].place if self.node.entries else self.node.place


def read_bytes(data: bytes, file: str) -> tuple[list[Document], list[Diagnostic]]:
    """As `read_file`, from a file's bytes: whatever is not UTF-8 is told as such."""
    text, findings = sources.decode(data, file)
    if text is None:
        return [], findings
    return read_file(text, file)


def read_file(text: str, file: str) -> tuple[list[Document], list[Diagnostic]]:
    """The documents of a file, and what is wrong with its YAML or with what its documents say they are.

    `file` is the path to name in findings, relative to the workspace. Never raises for content.
    """
    parts, findings = nodes.read_parts(text, file)
    documents: list[Document] = []
    for part in parts:
        if part.node is None:
            documents.append(_broken(part, file))
            continue
        document, more = _document(part.node, file)
        if more and more[0].code == "Y138":
            findings = [one for one in findings if not _within(one, more[0].place, part.node)]
        findings += more
        documents.append(document if document is not None else _broken(part, file))
    return documents, findings


def check_document(document: Document, types: Types) -> list[Diagnostic]:
    """What is wrong with the shape of one document, on its own. `types` are the question types by name."""
    if document.broken:
        return []
    return check_node(document.node, document.kind, types, is_change=document.is_change)


def check_node(node: Mapping, kind: str, types: Types, *, is_change: bool = False) -> list[Diagnostic]:
    """As `check_document`, for a node that stands for a document of `kind`, such as a merged one."""
    if is_change and kind not in schemas.CHANGING:
        changes = node.key("changes")
        place = changes.place if changes is not None else node.place
        return [finding("S240", place, kind=kind, advice=_NO_CHANGES[kind])]
    findings = list(reading.check(node, schemas.schema(kind, types, is_change=is_change)))
    if is_change:
        replaces = node.key("replaces")
        return findings + ([finding("S237", replaces.place)] if replaces is not None else [])
    told = {one.element for one in findings if one.severity == "error" and one.element}
    return findings + [one for one in shape.check(kind, node) if one.element not in told]


def _document(node: nodes.Node, file: str) -> tuple[Document | None, list[Diagnostic]]:
    if not isinstance(node, Mapping) or not node.entries:
        return None, [_not_settings(node)]
    key, own = node.entries[0]
    if key.text not in KINDS:
        return None, [] if node.faulty else [_unknown_kind(node)]
    identity = own.text if isinstance(own, Scalar) else ""
    second = _second(node)
    if second is not None:
        related = [(key.place, "the document above")]
        cut = tuple(entry for entry in node.entries if _before(entry[0].place, second.place))
        findings = [finding("Y138", second.place, element=identity, related=related)]
        return Document(key.text, identity, Mapping(cut, node.place, faulty=True), file), findings
    return Document(key.text, identity, node, file, is_change=node.key("changes") is not None), []


def _second(node: Mapping) -> Scalar | None:
    """The key that starts another kind of document in the middle of this one, at the left margin."""
    first = node.entries[0][0]
    allowed = schemas.keys(first.text) | {"changes", "unset"}
    for key, _ in node.entries[1:]:
        if key.text in KINDS and key.text not in allowed and key.place.line > first.place.line:
            return key
    return None


def _before(one: Place, other: Place) -> bool:
    return (one.line, one.column) < (other.line, other.column)


def _within(one: Diagnostic, start: Place, node: nodes.Node) -> bool:
    """Whether a finding is of a key that seemed to stand twice only because two documents ran together."""
    return one.code == "Y111" and start.line <= one.place.line <= node.place.end_line


def _not_settings(node: nodes.Node) -> Diagnostic:
    if isinstance(node, Scalar) and (match := re.match(r"^([a-z_]+):(\S.*)$", node.text.split("\n")[0])):
        place = node.place
        column = place.column + match.end(1)
        where = Place(place.file, place.line, column, place.line, column + 1)
        return finding("Y120", where, mark="colon", paste=f"{match[1]}: {match[2]}")
    what = (
        "a list" if isinstance(node, Sequence) else "a piece of text" if isinstance(node, Scalar) else "empty"
    )
    place = node.place
    first = Place(place.file, place.line, place.column, place.line, place.column + 1)
    return finding("S202", first, what=what)


def _unknown_kind(node: Mapping) -> Diagnostic:
    key = node.entries[0][0]
    guess = nearest(key.text, KINDS)
    later = next((one for one, _ in node.entries if one.text in KINDS), None)
    if later is not None and guess is None:
        own = node.get(later.text)
        words: Words = {
            "key": key.text,
            "line": f"{later.text}: {own.text if isinstance(own, Scalar) else '…'}",
        }
        return finding("S239", key.place, related=[(later.place, "it stands here")], **words)
    return finding("S201", key.place, did_you_mean=guess, key=key.text, kinds=", ".join(KINDS))


def _broken(part: nodes.Part, file: str) -> Document:
    match = re.match(r"^[\"']?([a-z]+)[\"']?:\s*[\"']?([a-z][a-z0-9_]*)", part.heading)
    kind, identity = (match[1], match[2]) if match and match[1] in KINDS else ("", "")
    return Document(kind, identity, Mapping((), part.place), file, broken=True)
