"""YAML text to located nodes: what was written and where, and no meaning yet.

Built from the parser's events, never from a loader that constructs objects: nothing in a file can make
anything but text, lists and maps, and whatever is dangerous or ambiguous (anchors, tags, merge keys, depth,
size) is refused at the first event that shows it. Each document of a file is read on its own, so that a fault
in one hides nothing in another. Must not know what any key means.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeAlias

import yaml

from engine.language import mishaps, sources
from engine.language.codes import finding
from engine.language.diagnostics import Diagnostic
from engine.language.lines import quote, value_in
from engine.language.places import Place

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

DEEPEST = 30
MOST_NODES = 150_000
MOST_DOCUMENTS = 500
MOST_REMARKS = 100

_SCALAR, _MAP_END, _LIST_END = (
    yaml.events.ScalarEvent, yaml.events.MappingEndEvent, yaml.events.SequenceEndEvent,
)  # fmt: skip
_STARTS = (yaml.events.SequenceStartEvent, yaml.events.MappingStartEvent)
_ORDINARY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_BOUNDARY = re.compile(r"^(---|\.\.\.)(?=[ \t\n]|\Z)", re.MULTILINE)
_NOTHING = re.compile(r"(?:---)?[ \t]*(?:#[^\n]*)?(?:\n[ \t]*(?:#[^\n]*)?)*\Z")


@dataclass(frozen=True, slots=True)
class Scalar:
    """A piece of text. `quoted` says that it stood in quotes or in a block (`|`, `>`); `block` that it was a
    block. An unquoted empty one is a value left out."""

    text: str
    quoted: bool
    place: Place
    block: bool = False

    @property
    def left_out(self) -> bool:
        return not self.text and not self.quoted


@dataclass(frozen=True, slots=True)
class Sequence:
    items: tuple[Node, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys and values in file order; a key stands once.

    `faulty`: a key stood twice or an item's dash was missing, so that keys may be here, or not be here, that
    belong elsewhere.
    """

    entries: tuple[tuple[Scalar, Node], ...]
    place: Place
    faulty: bool = False

    def get(self, key: str) -> Node | None:
        return next((value for name, value in self.entries if name.text == key), None)

    def key(self, key: str) -> Scalar | None:
        return next((name for name, _ in self.entries if name.text == key), None)

    def keys(self) -> tuple[str, ...]:
        return tuple(name.text for name, _ in self.entries)

    def without(self, *keys: str) -> Mapping:
        return Mapping(
            tuple(entry for entry in self.entries if entry[0].text not in keys), self.place, self.faulty
        )


Node: TypeAlias = Scalar | Sequence | Mapping


@dataclass(frozen=True, slots=True)
class Part:
    """One document of a file: its node, or None with its first line of text if it could not be read."""

    node: Node | None
    place: Place
    heading: str


def read(text: str, file: str) -> tuple[list[Node], list[Diagnostic]]:
    """The documents of a file as nodes, those that can be read, and what is wrong with the file."""
    parts, findings = read_parts(text, file)
    return [part.node for part in parts if part.node is not None], findings


def read_parts(text: str, file: str) -> tuple[list[Part], list[Diagnostic]]:
    """As `read`, with the documents that cannot be read standing among the others."""
    cleaned, findings = sources.clean(text, file)
    if cleaned is None:
        return [], findings
    parts: list[Part] = []
    room = MOST_NODES
    for number, (line, chunk) in enumerate(_documents(cleaned)):
        if number == MOST_DOCUMENTS:
            findings.append(finding("Y140", Place(file, line + 1, 1, line + 1, 1), limit=MOST_DOCUMENTS))
            break
        reader = _Reader(chunk, file, line, room)
        node = reader.read()
        room -= reader.count
        findings += reader.findings
        parts.append(Part(node, Place(file, reader.first_line, 1, reader.first_line, 1), reader.heading))
    if not parts:
        findings.append(finding("Y106", Place(file, 1, 1, 1, 1)))
    return parts, findings


def _documents(text: str) -> Iterator[tuple[int, str]]:
    """(line it starts on counted from 0, text) of each document. A line that starts with `---` begins one
    wherever it stands, in quotes and blocks too, so that cutting there is exact."""
    starts = [0] + [match.start() for match in _BOUNDARY.finditer(text)] + [len(text)]
    line = 0
    for start, end in pairwise(starts):
        chunk = text[start:end]
        if chunk.startswith("..."):
            chunk_read = "   " + chunk[3:]
        else:
            chunk_read = chunk
        if not _NOTHING.match(chunk_read):
            yield line, chunk_read
        line += chunk.count("\n")


def _filled(entries: list[tuple[Scalar, Node]], key: Scalar, value: Node) -> list[tuple[Scalar, Node]]:
    """Of a key that stands twice, once with nothing after it, the value that is there."""
    return [
        (name, value if name.text == key.text and isinstance(one, Scalar) and one.left_out else one)
        for name, one in entries
    ]


class _Refused(Exception):
    """Ends the reading of one document; the finding is already noted."""


class _Reader:
    """Reads one document. The only state is the parser's own progress."""

    def __init__(self, text: str, file: str, first: int, room: int) -> None:
        self.text = text
        self.lines = text.split("\n")
        self.hashed = " #" in text
        self.file = file
        self.first = first
        self.room = room
        self.count = 0
        self.findings: list[Diagnostic] = []
        self.events: Iterator[Any] = iter(())
        self.first_line, self.heading = self._heading()

    def _heading(self) -> tuple[int, str]:
        for number, line in enumerate(self.lines):
            bare = re.sub(r"^---[ \t]*", "", line)
            if bare.strip() and not bare.lstrip().startswith("#"):
                return self.first + number + 1, bare
        return self.first + 1, ""

    def read(self) -> Node | None:
        if self.heading.startswith("%"):
            self._note("Y126", Place(self.file, self.first_line, 1, self.first_line, len(self.heading) + 1))
            return None
        loader = _LOADER(self.text)
        try:
            self.events = iter(loader.get_event, None)
            for event in self.events:
                if isinstance(event, yaml.events.NodeEvent):
                    node = self._node(event, 1)
                    self._drain()
                    return node
        except _Refused:
            return None
        except yaml.YAMLError as error:
            fault = mishaps.explain(error, self.lines, self.file, self.first)
            # A line in the wrong place often first repeats a key and then loses the parser: one fault, told once.
            self.findings = [one for one in self.findings if one.code == "Y111"][:1] or [fault]
            return None
        finally:
            loader.dispose()
        return None

    def _drain(self) -> None:
        """A fault may stand after the last node: a line too far to the left, a bracket too many."""
        for _ in self.events:
            pass

    def _node(self, event: Any, depth: int) -> Node:
        self.count += 1
        if self.count > self.room:
            self._refuse("Y131", self._place(event), limit=f"{MOST_NODES:,}")
        # Most of a file by far, and so told apart first.
        if event.__class__ is _SCALAR and event.anchor is None and event.tag is None:
            return self._scalar(event)
        if isinstance(event, yaml.events.AliasEvent) or event.anchor is not None:
            place, text = self._token(event, "&*")
            self._refuse("Y107", place, text=text, paste=self._paste(place))
        if event.tag is not None:
            place, text = self._token(event, "!")
            self._refuse("Y109", place, text=text, paste=self._paste(place))
        if isinstance(event, yaml.events.ScalarEvent):
            return self._scalar(event)
        if depth > DEEPEST:
            self._refuse("Y105", self._place(event), limit=DEEPEST)
        if isinstance(event, yaml.events.SequenceStartEvent):
            return self._sequence(event, depth)
        return self._mapping(event, depth)

    def _scalar(self, event: Any) -> Scalar:
        start, end, first, style = event.start_mark, event.end_mark, self.first + 1, event.style
        place = Place(self.file, first + start.line, start.column + 1, first + end.line, end.column + 1)
        if style:
            if style == '"' and "\\" in self._line(place.line) and (name := sources.unseen(event.value)):
                self._refuse("Y103", place, name=name)
            return Scalar(event.value, True, place, style in ("|", ">"))
        scalar = Scalar(event.value, False, place)
        if self.hashed and event.value:
            self._look_behind(scalar)
        return scalar

    def _look_behind(self, scalar: Scalar) -> None:
        """`label: Child #1` reads as "Child": a hash with a word hard on it was hardly meant as a remark."""
        place = scalar.place
        rest = self._line(place.end_line)[place.end_column - 1 :]
        told = sum(one.code == "Y125" for one in self.findings) if rest.startswith(" #") else 0
        if re.match(r" #[^\s#]", rest) and place.line == place.end_line and told < MOST_REMARKS:
            column = place.end_column + 1
            where = Place(self.file, place.line, column, place.line, place.end_column + len(rest))
            self._note("Y125", where, paste=quote(scalar.text + rest.rstrip()))

    def _sequence(self, start: Any, depth: int) -> Sequence:
        items: list[Node] = []
        for event in self.events:
            if event.__class__ is _LIST_END:
                return Sequence(tuple(items), self._span(start, event, items))
            items.append(self._node(event, depth + 1))
        raise AssertionError("the parser ends what it begins")

    def _mapping(self, start: Any, depth: int) -> Mapping:
        entries: list[tuple[Scalar, Node]] = []
        seen: dict[str, Scalar] = {}
        lost = faulty = False
        for event in self.events:
            if event.__class__ is _MAP_END:
                span = self._span(start, event, [value for _, value in entries])
                return Mapping(tuple(entries), span, faulty=faulty)
            key = self._key(event, depth)
            value = self._node(next(self.events), depth + 1)
            value = self._hashed(key, value)
            if lost:
                continue
            if key.text in seen:
                faulty = True
                entries = _filled(entries, key, value)
                lost = self._repeated(key, seen[key.text], entries[0][0].text, depth)
                continue
            seen[key.text] = key
            entries.append((key, value))
        raise AssertionError("the parser ends what it begins")

    def _key(self, event: Any, depth: int) -> Scalar:
        if event.__class__ is not _SCALAR and isinstance(event, _STARTS):
            what = "a list" if isinstance(event, yaml.events.SequenceStartEvent) else "a map"
            place = self._place(event)
            line = self._line(place.line)
            if line[place.column - 1 : place.column] == "{":
                self._refuse("Y132", place, paste=quote(value_in(line[place.column - 1 :])))
            self._refuse("Y110", place, what=what)
        key = self._node(event, depth + 1)
        assert isinstance(key, Scalar)
        line = self._line(key.place.line)
        before = line[: key.place.column - 1]
        if "?" not in before and _ORDINARY.match(key.text):
            return key
        if re.search(r"(^|[\s\[{,-])\?[ \t]+$", before) or (key.left_out and before.rstrip().endswith("?")):
            column = before.rindex("?") + 1
            place = Place(self.file, key.place.line, column, key.place.line, len(line.rstrip()) + 1)
            self._refuse("Y115", place, paste=quote(line[column - 1 :].rstrip()))
        if key.text == "<<" and not key.quoted:
            self._refuse("Y108", key.place)
        if key.left_out:
            self._refuse("Y110", key.place, what="nothing before the colon")
        if match := re.match(r"([–—−•·])\s+(.*)", key.text):
            place = Place(self.file, key.place.line, key.place.column, key.place.line, key.place.column + 1)
            self._refuse("Y119", place, dash=match[1], paste=f"- {match[2]}: …")
        if re.match(r"-[^\s-]", key.text):
            place = Place(self.file, key.place.line, key.place.column, key.place.line, key.place.column + 1)
            self._refuse("Y120", place, mark="dash", paste=f"- {line[key.place.column :].strip()}")
        if "\u00a0" in key.text:
            self._refuse("Y127", key.place, paste=f"{key.text.replace(chr(0xA0), ' ').strip()}: …")
        if key.text[0] in "“”‘’":
            self._refuse("Y118", key.place, quote=key.text[0], paste=f'"{key.text.strip("“”‘’")}": …')
        return key

    def _hashed(self, key: Scalar, value: Node) -> Node:
        if not isinstance(value, Scalar) or not value.left_out:
            return value
        rest = self._line(key.place.end_line)[key.place.end_column - 1 :]
        if not (match := re.match(r"[\"']?:[ \t]+(#.*)", rest)):
            return value
        column = key.place.end_column + match.start(1)
        place = Place(
            self.file, key.place.end_line, column, key.place.end_line, column + len(match[1].rstrip())
        )
        self._note("Y134", place, key=key.text, paste=quote(match[1].rstrip()))
        return Scalar(match[1].rstrip(), True, place)

    def _repeated(self, key: Scalar, first: Scalar, leading: str, depth: int) -> bool:
        """Notes a key that stands twice. Says whether what follows belongs elsewhere: to an item whose dash is
        missing, or to a document of its own."""
        if key.text == leading and depth == 1:
            self._note("Y138", key.place, related=[(first.place, "the document above")])
            return True
        before = self._line(first.place.line)[: first.place.column - 1]
        related = [(first.place, "first given here")]
        if key.text == leading and before.endswith("- ") and key.place.line != first.place.line:
            line = self._line(key.place.line).strip()
            self._note("Y116", key.place, related=related, paste=f"- {line}")
            return True
        lines = {"first": first.place.line, "second": key.place.line}
        self._note("Y111", key.place, related=related, key=key.text, **lines)
        return False

    def _line(self, number: int) -> str:
        index = number - self.first - 1
        return self.lines[index] if 0 <= index < len(self.lines) else ""

    def _place(self, event: Any) -> Place:
        return self._between(event.start_mark, event.end_mark)

    def _span(self, start: Any, end: Any, inner: list[Node]) -> Place:
        """Where a list or map stands. A block's own end mark lies after the blank lines that follow it."""
        if start.flow_style or not inner:
            return self._between(start.start_mark, end.end_mark)
        last = inner[-1].place
        return Place(
            self.file,
            self.first + start.start_mark.line + 1,
            start.start_mark.column + 1,
            last.end_line,
            last.end_column,
        )

    def _between(self, start: Any, end: Any) -> Place:
        return Place(
            self.file,
            self.first + start.line + 1,
            start.column + 1,
            self.first + end.line + 1,
            end.column + 1,
        )

    def _token(self, event: Any, marks: str) -> tuple[Place, str]:
        """The anchor, alias or tag itself, which the parser's marks give only roughly."""
        place = self._place(event)
        line = self._line(place.line)
        match = re.search(rf"[{marks}][^\s,\]}}]*", line[place.column - 1 :])
        if match is None:
            return place, line[place.column - 1 :].strip()
        column = place.column + match.start()
        return Place(self.file, place.line, column, place.line, column + len(match.group())), match.group()

    def _paste(self, place: Place) -> str:
        return quote(value_in(self._line(place.line)[place.column - 1 :]))

    def _note(self, code: str, place: Place, **words: Any) -> None:
        self.findings.append(finding(code, place, **words))

    def _refuse(self, code: str, place: Place, **words: Any) -> None:
        self._note(code, place, **words)
        raise _Refused
