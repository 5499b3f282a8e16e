"""The first half of an evaluation: answers are read, then what has a condition is settled, in order.

Afterwards `Working` knows every value that conditions see and everything hidden. It must not know how the
result is told; `evaluating` gathers that.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from engine.expressions import RowReader
from engine.forms.facts import values_of
from engine.forms.plan import Leaf, Plan, Reader, Rows, Step
from engine.questions import Fault, messages, texts
from engine.questions.choosing import OTHER

NOTHING: Mapping[str, Any] = {}


class Row:
    """The form itself or one row of it: what was given, what could be read, what is wrong, what is hidden."""

    __slots__ = ("faults", "given", "hidden", "key", "path", "values")

    def __init__(self, key: str | None, path: str, given: Mapping[str, Any]) -> None:
        self.key = key
        self.path = path
        self.given = given
        self.values: dict[str, Any] = {}
        self.faults: dict[str, Fault] = {}
        self.hidden: set[str] = set()


class Working:
    """The state of one evaluation."""

    __slots__ = ("dropped", "facts", "plan", "reader", "rows", "top", "unknown")

    def __init__(self, plan: Plan, given: Mapping[str, Any], today: date, facts: Mapping[str, Any]) -> None:
        self.plan = plan
        self.facts = facts
        self.top = Row(None, "", given)
        self.top.values["today()"] = today
        if plan.facts:
            self.top.values.update(values_of(plan.facts, facts))
        self.reader: Reader = self.top.values.get
        self.rows: dict[str, list[Row]] = {}
        self.unknown: list[str] = []
        self.dropped: list[str] = []

    def settle(self) -> None:
        """Read all answers and decide what is shown and what is calculated."""
        self._read(self.top, self.plan.leaves, self.plan.rows)
        for step in self.plan.steps:
            if step.section is not None:
                self._section(step)
            elif step.rows is None:
                assert step.leaf is not None
                self._leaf(step.leaf, self.top)
            elif step.leaf is None:
                self._rows(step.rows)
            else:
                self._column(step.rows, step.leaf)

    def _read(self, row: Row, leaves: Mapping[str, Leaf], rows: Mapping[str, Rows]) -> None:
        values, faults = row.values, row.faults
        others: list[str] = []
        for key, json in row.given.items():
            leaf = leaves.get(key)
            if leaf is not None:
                if leaf.calculate is None:
                    value = leaf.read(json)
                    if value.__class__ is Fault:
                        faults[key] = value
                    elif value is not None:
                        values[key] = value
            elif key in rows:
                continue
            elif isinstance(key, str) and key.endswith(f".{OTHER}") and _takes_other(leaves, key):
                others.append(key)
            elif key != "_row" or row is self.top:
                self.unknown.append(f"{row.path}{key}")
        for key in others:
            self._read_other(row, leaves[key.removesuffix(f".{OTHER}")], key)

    def _read_other(self, row: Row, leaf: Leaf, key: str) -> None:
        """The words beside ‘other’ count only while ‘other’ is chosen."""
        json = row.given[key]
        if json is None or json == "":
            return
        chosen = row.values.get(leaf.id)
        if chosen != OTHER and not (isinstance(chosen, frozenset) and OTHER in chosen):
            self.dropped.append(f"{row.path}{key}")
        elif not isinstance(json, str):
            row.faults[key] = Fault("type", messages.say("not_text", leaf.question))
        elif text := texts.cleaned(json):
            row.values[key] = text

    def _section(self, step: Step) -> None:
        section = step.section
        assert section is not None and section.show is not None
        if section.show.run(self.reader) is not True:
            self.top.hidden.add(section.id)
            for item in section.items:
                self._hide(item if isinstance(item, Leaf) else item.leaf, self.top)

    def _leaf(self, leaf: Leaf, row: Row) -> None:
        if leaf.id in row.hidden:
            return
        if leaf.show is not None and leaf.show.run(self.reader) is not True:
            self._hide(leaf, row)
            return
        source = leaf.calculate
        if source is None and leaf.id not in row.given:
            source = leaf.default
        if source is not None:
            value = source.run(self.reader)
            if value is not None and value != "":
                row.values[leaf.id] = value

    def _rows(self, rows: Rows) -> None:
        found: list[Row] = []
        self.rows[rows.id] = found
        leaf, top = rows.leaf, self.top
        if rows.id in top.hidden:
            return
        if leaf.show is not None and leaf.show.run(self.reader) is not True:
            self._hide(leaf, top)
            return
        given = leaf.read(top.given.get(rows.id))
        if isinstance(given, Fault):
            top.faults[rows.id] = given
            given = None
        found.extend(
            self._grid_rows(rows, given or NOTHING) if rows.fixed is not None else self._listed(rows, given)
        )
        for row in found:
            self._read(row, rows.by_id, {})
        if rows.fixed is None and found:
            top.values[rows.id] = [row.values for row in found]
        elif rows.fixed is not None:
            self._see_cells(rows)

    def _grid_rows(self, rows: Rows, given: Mapping[str, Any]) -> list[Row]:
        assert rows.fixed is not None
        known = {row_id for row_id, _ in rows.fixed}
        found = [Row(row_id, f"{rows.id}.{row_id}.", given.get(row_id, NOTHING)) for row_id, _ in rows.fixed]
        self.unknown.extend(f"{rows.id}.{key}" for key in given if key not in known)
        return found

    def _listed(self, rows: Rows, given: Any) -> list[Row]:
        listed: list[Mapping[str, Any]] = given or []
        if rows.each and isinstance(self.facts.get("records"), list):
            return self._records(rows, listed)
        return [Row(_key(row), f"{rows.id}[{index}].", row) for index, row in enumerate(listed)]

    def _records(self, rows: Rows, listed: list[Mapping[str, Any]]) -> list[Row]:
        """One fixed row for each record that the form is about, in the order of the facts."""
        answered = {_key(row): row for row in listed}
        records = [record for record in self.facts["records"] if isinstance(record, Mapping)]
        found: list[Row] = []
        for index, record in enumerate(records):
            key = str(record.get("id", ""))
            row = Row(key, f"{rows.id}[{index}].", answered.pop(key, NOTHING))
            row.values.update(values_of(rows.facts, {"record": record}))
            found.append(row)
        self.unknown.extend(f"{rows.id}.{key}" for key in answered)
        return found

    def _column(self, rows: Rows, leaf: Leaf) -> None:
        for row in self.rows[rows.id]:
            self.enter(rows, row)
            self._leaf(leaf, row)
        self.leave()
        if rows.fixed is not None:
            self._see_cells(rows)

    def enter(self, rows: Rows, row: Row) -> None:
        """Let expressions run in this row."""
        self.reader = RowReader(row.values, rows.own, self.top.values.get, [])

    def leave(self) -> None:
        """Let expressions run in no row."""
        self.reader = self.top.values.get

    def _see_cells(self, rows: Rows) -> None:
        """A grid's cells are named from outside by path; the grid is answered while any of them is."""
        values = self.top.values
        found = self.rows[rows.id]
        for row in found:
            for leaf in rows.leaves:
                path = f"{row.path}{leaf.id}"
                if leaf.id in row.values:
                    values[path] = row.values[leaf.id]
                else:
                    values.pop(path, None)
        if any(row.values for row in found):
            values[rows.id] = [row.values for row in found]
        else:
            values.pop(rows.id, None)

    def _hide(self, leaf: Leaf, row: Row) -> None:
        row.hidden.add(leaf.id)
        for key in (leaf.id, f"{leaf.id}.{OTHER}") if leaf.other else (leaf.id,):
            # What was not given has no value yet: calculations and defaults are settled after what hides them.
            if key in row.given:
                row.values.pop(key, None)
                row.faults.pop(key, None)
                if row.given[key] not in (None, "", [], {}):
                    self.dropped.append(f"{row.path}{key}")


def _takes_other(leaves: Mapping[str, Leaf], key: str) -> bool:
    leaf = leaves.get(key.removesuffix(f".{OTHER}"))
    return leaf is not None and leaf.other


def _key(row: Mapping[str, Any]) -> str | None:
    key = row.get("_row")
    return key if isinstance(key, str) else None
