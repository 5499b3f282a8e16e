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
from engine.forms.growing import LABEL, PLACE, added, label_of
from engine.forms.plan import Leaf, Plan, Reader, Rows, SectionPlan
from engine.questions import Fault, messages, texts
from engine.questions.choosing import OTHER

NOTHING: Mapping[str, Any] = {}


class Row:
    """The form itself or one row of it: what was given, what could be read, what is wrong, what is hidden.

    `label` is what a row that somebody added to a grid is called; None for every other.
    """

    __slots__ = ("dropped", "faults", "given", "hidden", "key", "label", "path", "values")

    def __init__(self, key: str | None, path: str, given: Mapping[str, Any]) -> None:
        self.key = key
        self.path = path
        self.given = given
        self.values: dict[str, Any] = {}
        self.faults: dict[str, Fault] = {}
        self.hidden: set[str] = set()
        self.dropped: set[str] = set()
        self.label: str | None = None

    def copied(self, given: Mapping[str, Any]) -> Row:
        """A row that may be settled again while this one stays."""
        row = Row(self.key, self.path, given)
        row.values, row.faults = self.values.copy(), self.faults.copy()
        row.hidden, row.dropped = self.hidden.copy(), self.dropped.copy()
        row.label = self.label
        return row


class Working:
    """The state of one evaluation. `unknown` holds paths that are no question's, by the rows they stand in."""

    __slots__ = ("facts", "plan", "reader", "rows", "top", "unknown")

    def __init__(self, plan: Plan, given: Mapping[str, Any], today: date, facts: Mapping[str, Any]) -> None:
        self.plan = plan
        self.facts = facts
        self.top = Row(None, "", given)
        self.top.values["today()"] = today
        if plan.facts:
            self.top.values.update(values_of(plan.facts, facts))
        self.reader: Reader = self.top.values.get
        self.rows: dict[str, list[Row]] = {}
        self.unknown: dict[str, list[str]] = {}

    def copied(self, given: Mapping[str, Any]) -> Working:
        """A state with other answers, to be settled again in part; its rows are this one's until they are."""
        copy = object.__new__(Working)
        copy.plan, copy.facts = self.plan, self.facts
        copy.top = self.top.copied(given)
        copy.reader = copy.top.values.get
        copy.rows, copy.unknown = self.rows.copy(), self.unknown.copy()
        return copy

    def settle(self) -> None:
        """Read all answers and decide what is shown and what is calculated."""
        if unknown := self._read(self.top, self.plan.leaves, self.plan.rows):
            self.unknown[""] = unknown
        for step in self.plan.steps:
            if step.section is not None:
                self.section(step.section)
            elif step.rows is None:
                assert step.leaf is not None
                self.leaf(step.leaf, self.top)
            elif step.leaf is None:
                self.lay_out(step.rows)
            else:
                self.column(step.rows, step.leaf)

    def _read(self, row: Row, leaves: Mapping[str, Leaf], rows: Mapping[str, Rows]) -> list[str]:
        """Read all that was given; what is no question's is returned, by path."""
        values, faults = row.values, row.faults
        others: list[str] = []
        unknown: list[str] = []
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
            elif takes_other(leaves, key):
                others.append(key)
            elif row is self.top or not (key == "_row" or (key in (LABEL, PLACE) and row.label is not None)):
                unknown.append(f"{row.path}{key}")
        for key in others:
            self._read_other(row, leaves[key.removesuffix(f".{OTHER}")], key)
        return unknown

    def _read_other(self, row: Row, leaf: Leaf, key: str) -> None:
        """The words beside ‘other’ count only while ‘other’ is chosen."""
        json = row.given[key]
        if json is None or json == "":
            return
        chosen = row.values.get(leaf.id)
        if chosen != OTHER and not (isinstance(chosen, frozenset) and OTHER in chosen):
            row.dropped.add(key)
        elif not isinstance(json, str):
            row.faults[key] = Fault("type", messages.say("not_text", leaf.question))
        elif text := texts.cleaned(json):
            row.values[key] = text

    def read_anew(self, leaf: Leaf, row: Row) -> None:
        """Read one question as if nothing had been settled for it."""
        leaf_id = leaf.id
        row.hidden.discard(leaf_id)
        for key in (leaf_id, f"{leaf_id}.{OTHER}") if leaf.other else (leaf_id,):
            row.values.pop(key, None)
            row.faults.pop(key, None)
            row.dropped.discard(key)
        if leaf_id in row.given and leaf.calculate is None:
            value = leaf.read(row.given[leaf_id])
            if value.__class__ is Fault:
                row.faults[leaf_id] = value
            elif value is not None:
                row.values[leaf_id] = value
        if leaf.other and f"{leaf_id}.{OTHER}" in row.given:
            self._read_other(row, leaf, f"{leaf_id}.{OTHER}")

    def section(self, section: SectionPlan) -> None:
        """Hide a section whose condition does not hold, with all that is in it."""
        assert section.show is not None
        if section.show.run(self.reader) is not True:
            self.top.hidden.add(section.id)
            for item in section.items:
                self.hide(item if isinstance(item, Leaf) else item.leaf, self.top)

    def leaf(self, leaf: Leaf, row: Row) -> None:
        """Decide whether a question is shown, and calculate it."""
        if leaf.id in row.hidden:
            return
        if leaf.show is not None and leaf.show.run(self.reader) is not True:
            self.hide(leaf, row)
            return
        source = leaf.calculate
        if source is None and leaf.id not in row.given:
            source = leaf.default
        if source is not None:
            value = source.run(self.reader)
            if value is not None and value != "":
                row.values[leaf.id] = value

    def lay_out(self, rows: Rows) -> None:
        """Make the rows of a repeat, a grid or a section answered once a record, and read them."""
        found: list[Row] = []
        self.rows[rows.id] = found
        unknown: list[str] = []
        leaf, top = rows.leaf, self.top
        if rows.id in top.hidden:
            return
        if leaf.show is not None and leaf.show.run(self.reader) is not True:
            self.hide(leaf, top)
            return
        given = leaf.read(top.given.get(rows.id))
        if isinstance(given, Fault):
            top.faults[rows.id] = given
            given = None
        found.extend(
            self._grid_rows(rows, given or NOTHING, unknown)
            if rows.fixed is not None
            else self._listed(rows, given, unknown)
        )
        for row in found:
            unknown += self._read(row, rows.by_id, {})
        if unknown:
            self.unknown[rows.id] = unknown
        if rows.fixed is None and found:
            top.values[rows.id] = [row.values for row in found]
        elif rows.fixed is not None:
            self.see_cells(rows)

    def forget(self, rows: Rows) -> None:
        """As if these rows had never been laid out."""
        top = self.top
        for found in (top.hidden, top.dropped):
            found.discard(rows.id)
        there = (f"{rows.id}.{row_id}." for row_id, _ in rows.fixed or ())
        laid = (row.path for row in self.rows.get(rows.id, ()) if row.label is not None)
        for cell in (f"{start}{leaf.id}" for start in (*there, *laid) for leaf in rows.leaves):
            top.values.pop(cell, None)
        top.values.pop(rows.id, None)
        top.faults.pop(rows.id, None)
        self.unknown.pop(rows.id, None)

    def copy_rows(self, rows: Rows) -> None:
        """Rows of our own in the place of those that another state still needs."""
        found = self.rows[rows.id] = [row.copied(row.given) for row in self.rows[rows.id]]
        if rows.id in self.top.values:
            self.top.values[rows.id] = [row.values for row in found]

    def _grid_rows(self, rows: Rows, given: Mapping[str, Any], unknown: list[str]) -> list[Row]:
        assert rows.fixed is not None
        known = {row_id for row_id, _ in rows.fixed}
        found = [Row(row_id, f"{rows.id}.{row_id}.", given.get(row_id, NOTHING)) for row_id, _ in rows.fixed]
        if rows.grows:
            for key, cells in added(given, known):
                row = Row(key, f"{rows.id}.{key}.", cells)
                row.label = label_of(cells)
                if row.label:
                    row.values[LABEL] = row.label
                found.append(row)
            known |= {row.key for row in found if row.key is not None}
        unknown += (f"{rows.id}.{key}" for key in given if key not in known)
        return found

    def _listed(self, rows: Rows, given: Any, unknown: list[str]) -> list[Row]:
        listed: list[Mapping[str, Any]] = given or []
        if rows.each and isinstance(self.facts.get("records"), list):
            return self._records(rows, listed, unknown)
        return [Row(_key(row), f"{rows.id}[{index}].", row) for index, row in enumerate(listed)]

    def _records(self, rows: Rows, listed: list[Mapping[str, Any]], unknown: list[str]) -> list[Row]:
        """One fixed row for each record that the form is about, in the order of the facts."""
        answered = {_key(row): row for row in listed}
        records = [record for record in self.facts["records"] if isinstance(record, Mapping)]
        found: list[Row] = []
        for index, record in enumerate(records):
            key = str(record.get("id", ""))
            row = Row(key, f"{rows.id}[{index}].", answered.pop(key, NOTHING))
            row.values.update(values_of(rows.facts, {"record": record}))
            found.append(row)
        unknown += (f"{rows.id}.{key}" for key in answered)
        return found

    def column(self, rows: Rows, leaf: Leaf) -> None:
        """Settle one question in every row."""
        for row in self.rows[rows.id]:
            self.enter(rows, row)
            self.leaf(leaf, row)
        self.leave()
        if rows.fixed is not None:
            self.see_cells(rows)

    def enter(self, rows: Rows, row: Row) -> None:
        """Let expressions run in this row."""
        self.reader = RowReader(row.values, rows.own, self.top.values.get, [])

    def leave(self) -> None:
        """Let expressions run in no row."""
        self.reader = self.top.values.get

    def see_cells(self, rows: Rows) -> None:
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

    def hide(self, leaf: Leaf, row: Row) -> None:
        """Hide a question; its answer no longer counts."""
        row.hidden.add(leaf.id)
        for key in (leaf.id, f"{leaf.id}.{OTHER}") if leaf.other else (leaf.id,):
            # What was not given has no value yet: calculations and defaults are settled after what hides them.
            if key in row.given:
                row.values.pop(key, None)
                row.faults.pop(key, None)
                if row.given[key] not in (None, "", [], {}):
                    row.dropped.add(key)


def takes_other(leaves: Mapping[str, Leaf], key: object) -> bool:
    """Whether `key` holds the words beside ‘other’ of one of these questions."""
    if not isinstance(key, str) or not key.endswith(f".{OTHER}"):
        return False
    leaf = leaves.get(key.removesuffix(f".{OTHER}"))
    return leaf is not None and leaf.other


def _key(row: Mapping[str, Any]) -> str | None:
    key = row.get("_row")
    return key if isinstance(key, str) else None
