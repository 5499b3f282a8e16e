"""Words that people see, written where an id belongs: names the id that stands behind them.

A file alone cannot tell what a label belongs to, since it may stand in another file or in the pack below; here all are
at hand. Only what is plainly one thing is named, and never an id that is not there. Must not know what the ids are for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from engine.language.codes import finding
from engine.language.diagnostics import Diagnostic
from engine.language.documents import Document, read_file
from engine.language.nodes import Mapping as Map
from engine.language.nodes import Node, Scalar, Sequence
from engine.language.places import Place
from engine.language.wording import slug

_UNREAD = frozenset({"E402", "E404", "E408", "E412", "E414", "E415", "E417", "E418", "E423", "E430", "E448"})
_NO_ID = frozenset({"S207", "S229"})
_LACKING = "S204"
_TOLD = _UNREAD | _NO_ID | {_LACKING}


@dataclass(frozen=True, slots=True)
class _Named:
    """One thing with words for people: what document it stands in, its path there, its words."""

    document: tuple[str, str]
    path: str
    label: str

    def written_in(self, document: tuple[str, str]) -> str:
        """How it is named from `document`: a question of another form with that form's id in front."""
        foreign = self.document[0] == "form" and self.document != document and self.path != self.document[1]
        return f"{self.document[1]}.{self.path}" if foreign else self.path


def explained(findings: list[Diagnostic], texts: Mapping[str, str]) -> list[Diagnostic]:
    """The same findings; one that met words that people see, where an id belongs, names the id."""
    if not any(one.code in _TOLD for one in findings):
        return findings
    documents = [one for path, text in texts.items() for one in _read(text, path)]
    things = [thing for one in documents for thing in _things(one)]
    return [_explained(one, documents, things, texts) for one in findings]


def _read(text: str, path: str) -> list[Document]:
    return [] if path.lower().endswith(".csv") else read_file(text, path)[0]


def _explained(
    one: Diagnostic, documents: list[Document], things: list[_Named], texts: Mapping[str, str]
) -> Diagnostic:
    place = one.place
    if one.code not in _TOLD or place.line != place.end_line:
        return one
    if one.code == _LACKING:
        return _lacking(one, documents)
    lines = texts.get(place.file, "").splitlines()
    line = lines[place.line - 1] if 0 < place.line <= len(lines) else ""
    here = next(((doc.kind, doc.id) for doc in documents if _holds(doc, place)), ("", ""))
    if one.code == "S207" and not one.help.startswith("Write the id of what is meant"):
        # An id that is minted here means nothing else.
        return one
    if one.code in _NO_ID:
        written = line[place.column - 1 : place.end_column - 1].strip("\"' ")
        meant = _one_id([thing for thing in things if _same(thing.label, written)], here)
        if meant is None and slug(written) in {thing.path for thing in things}:
            meant = slug(written)
        return one if meant is None else replace(one, help=f"Write the id of what is meant: {meant}")
    spans = [(span, thing) for thing in things for span in _spans(thing.label, line) if _meets(span, place)]
    if not spans:
        return one
    longest = max(end - start for (start, end), _ in spans)
    best = [(span, thing) for span, thing in spans if span[1] - span[0] == longest]
    meant = _one_id([thing for _, thing in best], here)
    (start, end), _ = best[0]
    if meant is None or line[start:end] == meant:
        return one
    where = Place(place.file, place.line, start + 1, place.line, end + 1)
    return finding("E468", where, element=one.element, label=line[start:end], id=meant)


def _lacking(one: Diagnostic, documents: list[Document]) -> Diagnostic:
    """A document that lacks what another pack's of the same id has was most often meant to alter that one."""
    mine = next((doc for doc in documents if _begins(doc, one.place)), None)
    below = mine is not None and any(
        (doc.kind, doc.id) == (mine.kind, mine.id)
        and _pack(doc.file) != _pack(mine.file)
        and not doc.is_change
        for doc in documents
    )
    if mine is None or not below or mine.is_change:
        return one
    words = (
        f"‘{mine.id}’ stands in another pack already. To alter it there, add ‘changes: []’ to these settings."
    )
    return replace(one, help=f"{words} Otherwise: {one.help}")


def _begins(document: Document, place: Place) -> bool:
    first = document.node.entries[0][0].place if document.node.entries else document.node.place
    return document.file == place.file and first.line == place.line


def _pack(file: str) -> str:
    return file.split("/")[1] if "/" in file else ""


def _holds(document: Document, place: Place) -> bool:
    own = document.node.place
    return document.file == place.file and own.line <= place.line <= own.end_line


def _one_id(things: Iterable[_Named], here: tuple[str, str]) -> str | None:
    """The one id that is meant: of what stands in the same document if anything does; None if it is not plain."""
    found = list(things)
    near = [one for one in found if one.document == here] or found
    ids = {one.written_in(here) for one in near}
    return ids.pop() if len(ids) == 1 else None


def _same(label: str, written: str) -> bool:
    return bool(label) and label.rstrip("?").strip().casefold() == written.rstrip("?").strip().casefold()


def _spans(label: str, line: str) -> Iterator[tuple[int, int]]:
    """Where a label stands in a line as written; one of a single word only if it has a capital, as ids have none."""
    words = label.rstrip("?").strip()
    if not words or (" " not in words and words == words.lower()):
        return
    pattern = rf"(?<!\w){re.escape(words)}\??(?!\w)"
    yield from (match.span() for match in re.finditer(pattern, line))


def _meets(span: tuple[int, int], place: Place) -> bool:
    return span[0] + 1 < place.end_column and place.column < span[1] + 1


def _things(document: Document) -> Iterator[_Named]:
    """Everything in a document that has an id and words for people."""
    own = (document.kind, document.id)
    if (title := _text(document.node, "title")) or document.id:
        yield _Named(own, document.id, title)
    roles = document.node.get("roles")
    if document.kind == "access" and isinstance(roles, Map):
        yield from (
            _Named(own, key.text, value.text if isinstance(value, Scalar) else "")
            for key, value in roles.entries
        )
    for _, node in document.node.entries:
        yield from _inside(node, own, "")


def _inside(node: Node, own: tuple[str, str], prefix: str) -> Iterator[_Named]:
    if isinstance(node, Sequence):
        for item in node.items:
            yield from _inside(item, own, prefix)
    elif isinstance(node, Map):
        name = _text(node, "id")
        path = f"{prefix}{name}"
        if name:
            yield _Named(own, path, _text(node, "label") or _text(node, "title"))
        rows = f"{path}." if name and _text(node, "type") in ("repeat", "grid") else prefix
        for key, value in node.entries:
            yield from _inside(value, ("list", name) if key.text == "options" and name else own, rows)


def _text(node: Map, key: str) -> str:
    found = node.get(key)
    return found.text if isinstance(found, Scalar) else ""
