"""What a page posted → answers: boxes read as their types read them, rows added and removed, forged names put aside.

A posted name is an answer's path behind `a.`; `a.@section` says which section was on the page, and only its
questions count; `a.@row` whose part, in a section answered once a record. What cannot be read stays among the answers
as it was typed, so that it is neither lost nor taken for an answer. The engine mints no ids: `mint` does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.forms.growing import LABEL, MOST, PLACE, added, next_place
from engine.forms.plan import Leaf, Plan, Rows
from engine.questions import Context, Problem, texts
from engine.questions.choosing import OTHER

PREFIX = "a."
SECTION = "a.@section"
ROW = "a.@row"
ADD, REMOVE = "row.add", "row.remove"
_ROW_ID = re.compile("[0-9A-Za-z][0-9A-Za-z-]{0,63}")


@dataclass(frozen=True, slots=True)
class Entry:
    """What came of a post.

    `answers` are the earlier ones with the posted ones in them. `raw` is what was typed, by posted name, where it
    could not be read; `problems` say why. `ignored` are names that the page never offered.
    """

    answers: Mapping[str, Any]
    raw: Mapping[str, list[str]]
    problems: tuple[Problem, ...]
    ignored: tuple[str, ...]


def enter(
    plan: Plan,
    posted: Mapping[str, Sequence[str]],
    before: Mapping[str, Any],
    *,
    today: date | None = None,
    mint: Callable[[], str] | None = None,
) -> Entry:
    """Read what was posted over the answers `before`. Raises ValueError if a row is to be added without `mint`."""
    return _Entering(plan, posted, Context(lists=plan.lists, today=today)).enter(before, mint)


class _Entering:
    def __init__(self, plan: Plan, posted: Mapping[str, Sequence[str]], context: Context) -> None:
        self.plan = plan
        self.context = context
        self.posted = posted
        self.left = {name: list(texts) for name, texts in posted.items() if name.startswith(PREFIX)}
        self.raw: dict[str, list[str]] = {}
        self.problems: list[Problem] = []
        self.on_page: set[str] = set()

    def enter(self, before: Mapping[str, Any], mint: Callable[[], str] | None) -> Entry:
        answers = dict(before)
        wanted = self.left.pop(SECTION, None)
        self.on_page = set(self.left.pop(ROW, ()))
        for section in self.plan.sections:
            if wanted is not None and section.id not in wanted:
                continue
            for item in section.items:
                if isinstance(item, Leaf):
                    self._leaf(item, answers, f"{PREFIX}{item.id}", item.id)
                elif item.fixed is not None:
                    self._grid(item, answers, mint)
                else:
                    self._repeat(item, answers, mint)
        for leaf in self.plan.leaves.values():
            if leaf.calculate is not None:
                answers.pop(leaf.id, None)
        return Entry(answers, self.raw, tuple(self.problems), tuple(self.left))

    def _leaf(self, leaf: Leaf, answers: dict[str, Any], name: str, path: str) -> None:
        if leaf.calculate is not None or not leaf.type.parts:
            return
        parts = {"": self.left.pop(name)} if name in self.left else {}
        for part in leaf.type.posts(leaf.question, self.plan.lists):
            if part and f"{name}.{part}" in self.left:
                parts[part] = self.left.pop(f"{name}.{part}")
        self._other(leaf, parts.pop(OTHER, None), answers)
        if not parts and not leaf.type.silent(leaf.question):
            return
        value = leaf.type.parse(parts, leaf.question, self.context)
        if isinstance(value, Problem):
            self.problems.append(Problem(path, value.code, value.message))
            self.raw.update({f"{name}.{part}" if part else name: typed for part, typed in parts.items()})
            answers[leaf.id] = leaf.type.unread(parts)
        elif value is not None:
            answers[leaf.id] = value if leaf.dump is None else leaf.dump(value)
        elif leaf.default is not None:
            # An answer taken away stays away: without this the default would come back.
            answers[leaf.id] = None
        else:
            answers.pop(leaf.id, None)

    def _other(self, leaf: Leaf, typed: list[str] | None, answers: dict[str, Any]) -> None:
        if typed is None:
            return
        text = texts.cleaned(typed[0]) if typed and leaf.other else ""
        if text:
            answers[f"{leaf.id}.{OTHER}"] = text
        else:
            answers.pop(f"{leaf.id}.{OTHER}", None)

    def _grid(self, rows: Rows, answers: dict[str, Any], mint: Callable[[], str] | None) -> None:
        earlier = answers.get(rows.id)
        cells = dict(earlier) if isinstance(earlier, Mapping) else {}
        if rows.grows:
            self._added(rows, cells, mint)
        for row_id, _ in rows.fixed or ():
            row = dict(cells[row_id]) if isinstance(cells.get(row_id), Mapping) else {}
            self._row(rows, row, f"{PREFIX}{rows.id}.{row_id}", f"{rows.id}.{row_id}")
            if row:
                cells[row_id] = row
            else:
                cells.pop(row_id, None)
        if cells:
            answers[rows.id] = cells
        else:
            answers.pop(rows.id, None)

    def _added(self, rows: Rows, cells: dict[str, Any], mint: Callable[[], str] | None) -> None:
        """Rows that people add to a grid: their labels and cells, one removed, one more."""
        fixed = {row_id for row_id, _ in rows.fixed or ()}
        posted = [one for one in dict.fromkeys(self._row_ids(rows)) if one not in fixed]
        gone = {name.removeprefix(f"{rows.id}.") for name in self._pressed(REMOVE, f"{rows.id}.")} - fixed
        for row_id in dict.fromkeys([*(key for key, _ in added(cells, fixed)), *posted]):
            start = f"{PREFIX}{rows.id}.{row_id}"
            if row_id in gone:
                cells.pop(row_id, None)
                for name in [name for name in self.left if name.startswith(f"{start}.")]:
                    del self.left[name]
                continue
            before = cells.get(row_id)
            row = dict(before) if isinstance(before, Mapping) else {PLACE: next_place(cells)}
            typed = self.left.pop(f"{start}.{LABEL}", None)
            row[LABEL] = texts.one_line(typed[0]) if typed else row.get(LABEL, "")
            self._row(rows, row, start, f"{rows.id}.{row_id}")
            cells[row_id] = row
        if rows.id in self._pressed(ADD, rows.id):
            if mint is None:
                raise ValueError("A row is to be added: pass `mint`, which makes ids for new rows.")
            if sum(1 for _ in added(cells, fixed)) < MOST:
                cells[mint()] = {LABEL: "", PLACE: next_place(cells)}

    def _repeat(self, rows: Rows, answers: dict[str, Any], mint: Callable[[], str] | None) -> None:
        earlier = answers.get(rows.id)
        listed = (
            [dict(row) for row in earlier if isinstance(row, Mapping)] if isinstance(earlier, list) else []
        )
        known = {row.get("_row") for row in listed}
        listed += [{"_row": row_id} for row_id in dict.fromkeys(self._row_ids(rows)) if row_id not in known]
        if not rows.each:
            gone = {name.removeprefix(f"{rows.id}.") for name in self._pressed(REMOVE, f"{rows.id}.")}
            listed = [row for row in listed if row.get("_row") not in gone]
            for name in [name for name in self.left if name.split(".")[1:2] == [rows.id]]:
                if name.split(".")[2:3] and name.split(".")[2] in gone:
                    del self.left[name]
        posted = set(self._row_ids(rows)) | self.on_page
        for index, row in enumerate(listed):
            # Of a form about several records one part stands on a page: the others stay as they are.
            if isinstance(row.get("_row"), str) and (not rows.each or row["_row"] in posted):
                self._row(rows, row, f"{PREFIX}{rows.id}.{row['_row']}", f"{rows.id}[{index}]")
        if not rows.each and rows.id in self._pressed(ADD, rows.id):
            if mint is None:
                raise ValueError("A row is to be added: pass `mint`, which makes ids for new rows.")
            listed.append({"_row": mint()})
        if listed:
            answers[rows.id] = listed
        else:
            answers.pop(rows.id, None)

    def _row(self, rows: Rows, row: dict[str, Any], name: str, path: str) -> None:
        for leaf in rows.leaves:
            if leaf.calculate is not None:
                row.pop(leaf.id, None)
            self._leaf(leaf, row, f"{name}.{leaf.id}", f"{path}.{leaf.id}")

    def _row_ids(self, rows: Rows) -> Iterator[str]:
        """Rows that were on the page: a row that somebody else removed meanwhile comes back with what was typed."""
        asked = {leaf.id for leaf in rows.leaves if leaf.calculate is None and leaf.type.parts} | {LABEL}
        for name in self.left:
            parts = name.split(".")
            if len(parts) >= 4 and parts[1] == rows.id and parts[3] in asked and _ROW_ID.fullmatch(parts[2]):
                yield parts[2]

    def _pressed(self, button: str, start: str) -> list[str]:
        return [name for name in self.posted.get(button, ()) if name.startswith(start)]
