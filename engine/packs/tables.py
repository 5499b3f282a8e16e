"""Lists whose options stand in a CSV beside them: the table becomes options as if they were written in the list.

What spreadsheets do to a table on the way is undone where that is certain (separators, days written the British
way, blank rows) and told by row where it is not. Must not know layers, nor what options are for.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from engine.language import codes
from engine.language.diagnostics import Diagnostic
from engine.language.documents import Document
from engine.language.guess import nearest
from engine.language.nodes import Mapping as Map
from engine.language.nodes import Node, Scalar, Sequence
from engine.language.places import Place
from engine.language.wording import slug

MOST_ROWS = 20_000
COLUMNS = (
    "id",
    "label",
    "hint",
    "under",
    "group",
    "factor",
    "social_field",
    "aliases",
    "from",
    "to",
    "retired",
)
_SEVERAL = {"aliases"}
_DAYS = {"from", "to"}
_CODE = re.compile(r"codes?(?:[ _:.-]+(?P<name>.+))?\Z")
_LABEL_IN = re.compile(r"label_(?P<language>[a-z]{2,3})\Z")
_BRITISH_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})\Z")
_SPOILED = (
    (re.compile(r"\d+(?:[.,]\d+)?E[+-]?\d+\Z", re.IGNORECASE), "a number in scientific notation"),
    (re.compile(r"\d{1,2}-[A-Z][a-z]{2}\Z|[A-Z][a-z]{2}-\d{2}\Z|\d{1,2}/\d{1,2}/\d{4}\Z"), "a day"),
    (re.compile(r"#+\Z|#(?:REF|NAME|VALUE|N/A|DIV/0)[!?]?\Z"), "the mark of an error"),
)


_ID = re.compile(r"[a-z][a-z0-9_]*\Z")


def _missing(path: str) -> dict[str, Any]:
    """What to say of a table that is not among the files read: a spreadsheet may be there and is not read."""
    name = PurePosixPath(path)
    if name.suffix.lower() not in (".xlsx", ".xls", ".xlsm", ".ods", ".numbers"):
        return {
            "problem": f"There is no file ‘{path}’ in this pack.",
            "advice": "Put the CSV beside the list's own file, and name it under ‘options_from’.",
        }
    saved = name.with_suffix(".csv").name
    return {
        "problem": f"‘{name.name}’ is a spreadsheet, and lists are read from CSV files only.",
        "advice": f"Open it, save it as ‘CSV UTF-8’ under the name {saved} beside the list's own file, and write "
        f"‘options_from: {saved}’.",
    }


def with_options(
    document: Document, texts: Mapping[str, str]
) -> tuple[Document, dict[str, dict[str, str]], list[Diagnostic]]:
    """A list that names a CSV, with the CSV's rows as its options; other documents as they are.

    Also the labels in other languages (language → path → text), and what is wrong with the table.
    """
    named = document.node.get("options_from")
    if document.kind != "list" or not isinstance(named, Scalar) or document.node.get("options") is not None:
        return document, {}, []
    path = str(PurePosixPath(document.file).parent / named.text)
    if path not in texts:
        beside = [one for one in texts if one.lower().endswith(".csv")]
        likely = nearest(PurePosixPath(named.text).name, [PurePosixPath(one).name for one in beside])
        words = _missing(path)
        missing = codes.finding("P715", named.place, element=document.id, did_you_mean=likely, **words)
        return replace(document, broken=True), {}, [missing]
    table = _Table(document.id, path, texts[path])
    options = tuple(table.options())
    if not options and not table.findings:
        table.findings.append(codes.finding("P716", table.place(1), element=document.id, file=path))
    key = document.node.key("options_from")
    assert key is not None
    entries = tuple(
        (Scalar("options", False, key.place), Sequence(options, named.place)) if one is key else (one, value)
        for one, value in document.node.entries
    )
    usable = replace(document, node=Map(entries, document.node.place), broken=not options)
    return usable, table.labels, table.findings


def _cells(cells: list[str]) -> str:
    return "1 cell" if len(cells) == 1 else f"{len(cells)} cells"


def _alone(text: str) -> str:
    """What to do about a row that is one text: quoted as a whole, or a label without its id."""
    name, comma, label = text.partition(",")
    if comma and _ID.match(name.strip()):
        label = label.strip()
        said = f'"{label}"' if "," in label else label
        return f"Quotes go round one cell, not round the whole row: {name.strip()},{said}"
    said = f'"{text}"' if "," in text else text
    return f"Write its id first, then a comma, then its label: {slug(text)},{said}"


class _Table:
    """One CSV file being read."""

    def __init__(self, list_id: str, path: str, text: str) -> None:
        self.list_id = list_id
        self.path = path
        self.text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
        self.lines = self.text.split("\n")
        self.labels: dict[str, dict[str, str]] = {}
        self.findings: list[Diagnostic] = []

    def place(self, line: int, cell: str = "", after: int = 0) -> Place:
        row = self.lines[line - 1] if line <= len(self.lines) else ""
        found = row.find(cell, after) if cell else -1
        start = found + 1 if found >= 0 else 1
        return Place(self.path, line, start, line, start + max(len(cell), 1))

    def say(self, code: str, line: int, cell: str = "", **words: Any) -> None:
        self.findings.append(codes.finding(code, self.place(line, cell), element=self.list_id, **words))

    def options(self) -> Iterator[Map]:
        rows = self._rows()
        first = next(rows, None)
        if first is None:
            return
        line, header = first
        columns = self._columns(line, [one.strip() for one in header])
        if columns is None:
            return
        for count, (line, cells) in enumerate(rows):
            if count >= MOST_ROWS:
                self.say(
                    "P710", line, what=f"rows in {PurePosixPath(self.path).name}", limit=f"{MOST_ROWS:,}"
                )
                return
            if any(one.strip() for one in cells[len(columns) :]):
                advice = "A text with a comma in it must stand in straight double quotes."
                self.say("P719", line, cells=_cells(cells), columns=str(len(columns)), advice=advice)
                continue
            filled = [one.strip() for one in cells if one.strip()]
            if len(filled) == 1 and filled[0] == cells[0].strip() and not _ID.match(filled[0]):
                self.say("P719", line, cells="1 cell", columns=str(len(columns)), advice=_alone(filled[0]))
                continue
            yield self._option(line, dict(zip(columns, cells, strict=False)))

    def _rows(self) -> Iterator[tuple[int, list[str]]]:
        """Rows that are not blank, with the line that each starts on."""
        skipped = 0
        text = self.text
        if re.match(r"sep=.\n", text):
            skipped, text = 1, text.split("\n", 1)[1]
        reader = csv.reader(io.StringIO(text), delimiter=self._separator(text))
        line = 1 + skipped
        try:
            for cells in reader:
                if any(one.strip() for one in cells):
                    yield line, cells
                line = reader.line_num + 1 + skipped
        except csv.Error:
            self.say("P716", line, file=self.path)

    @staticmethod
    def _separator(text: str) -> str:
        header = text.split("\n", 1)[0]
        return max(",;\t|", key=header.count)

    def _columns(self, line: int, header: list[str]) -> list[str] | None:
        """The columns by name, in file order; those that mean nothing are told and keep an empty name."""
        while header and not header[-1]:
            header.pop()
        folded = [one.casefold().replace(" ", "_") for one in header]
        if "id" not in folded:
            self.say("P716", line, file=self.path)
            return None
        for index, name in enumerate(folded):
            if name in COLUMNS or _CODE.match(name) or _LABEL_IN.match(name):
                continue
            likely = nearest(name, (*COLUMNS, "label_cy"))
            place = self.place(line, header[index])
            words: dict[str, Any] = {"column": header[index] or "(no name)", "known": ", ".join(COLUMNS)}
            self.findings.append(
                codes.finding("P717", place, element=self.list_id, did_you_mean=likely, **words)
            )
            folded[index] = ""
        return folded

    def _option(self, line: int, cells: Mapping[str, str]) -> Map:
        entries: list[tuple[Scalar, Node]] = []
        coded: list[tuple[Scalar, Node]] = []
        option = cells.get("id", "").strip()
        for column, cell in cells.items():
            value = cell.strip()
            if not column or not value:
                continue
            place = self.place(line, value)
            if in_language := _LABEL_IN.match(column):
                texts = self.labels.setdefault(in_language["language"], {})
                texts[f"{self.list_id}.{option}.label"] = value
            elif code := _CODE.match(column):
                self._look_spoiled(line, column, value)
                coded.append((self._key(code["name"] or "code", place), self._several(value, place)))
            elif column in _SEVERAL:
                entries.append((self._key(column, place), self._several(value, place)))
            else:
                entries.append((self._key(column, place), Scalar(self._day(column, value), False, place)))
        if coded:
            entries.append((self._key("codes", coded[0][0].place), Map(tuple(coded), coded[0][0].place)))
        return Map(tuple(entries), self.place(line, option))

    @staticmethod
    def _key(name: str, place: Place) -> Scalar:
        return Scalar(name, False, place)

    @staticmethod
    def _several(value: str, place: Place) -> Sequence:
        items = [one.strip() for one in re.split(r"[;|]", value) if one.strip()]
        return Sequence(tuple(Scalar(one, True, place) for one in items), place)

    @staticmethod
    def _day(column: str, value: str) -> str:
        """A day as a British spreadsheet writes it, year first."""
        match = _BRITISH_DAY.match(value) if column in _DAYS else None
        return f"{match[3]}-{int(match[2]):02}-{int(match[1]):02}" if match else value

    def _look_spoiled(self, line: int, column: str, value: str) -> None:
        for pattern, what in _SPOILED:
            if pattern.match(value):
                self.say("P718", line, value, value=value, column=column, what=what)
                return
