"""Answers as they are stored, offered as a `World` in which some can be changed: put in, taken out, rows added.

For whoever keeps answers as one JSON document (a workflow's facts, a test). Must not know what is sought.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from engine.expressions.changeable import ADDED, REMOVED, Answerable, Context
from engine.expressions.closures import Closure, Reader, closure
from engine.expressions.scope import ColumnName, Name, Scope, World
from engine.expressions.tree import FormState, Node, Read
from engine.expressions.values import dump, load

STATES = (("submitted", "submitted"), ("approved", "approved"), ("returned", "returned"))
NOBODY_SETS = frozenset({"today()", "case.state", "case.started", "case.entered", "record.type"})
Describe = Callable[[Read | FormState, str, Context, Any], Answerable]
Readers = Callable[[Mapping[str, Any]], Reader]
_TOKEN = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


class StoredWorld:
    """`stored` is everything that can be read, as one document; `reader` makes a reader of such a document.

    `describe` says what a name stands for. What a change hides is missing and what is worked out from it is worked
    out anew, as it would be when the changed answers were submitted.
    """

    json = True

    def __init__(self, stored: Mapping[str, Any], reader: Readers, describe: Describe) -> None:
        self.stored = stored
        self.reader = reader
        self.describe = describe
        self.known: dict[str, Answerable] = {}
        self._runs: dict[int, Closure] = {}

    def answerable(self, read: Read | FormState, path: str, context: Context) -> Answerable:
        kind = "state" if isinstance(read, FormState) else read.kind
        given = self.reader(self.stored)(path) if kind == "state" else load(kind, at(self.stored, path))
        self.known[path] = self.describe(read, path, context, given)
        return self.known[path]

    def look(self, changes: Mapping[str, Any]) -> StoredLook:
        return StoredLook(self, changed(self.stored, changes), changes)

    def allows(self, changes: Mapping[str, Any], look: Any) -> bool:
        """No change is offered to what would then not be shown."""
        found = (self.known.get(path) for path in changes)
        return all(self.run(gate, look.read) is True for one in found if one for gate, _ in one.gates)

    def run(self, node: Node, read: Reader) -> Any:
        if id(node) not in self._runs:
            self._runs[id(node)] = closure(node, json=True)
        return self._runs[id(node)](read)


class StoredLook:
    """Everything as it reads with some answers changed."""

    def __init__(self, world: StoredWorld, stored: Mapping[str, Any], changes: Mapping[str, Any]) -> None:
        self.world = world
        self.stored = stored
        self.touched = frozenset(path.partition(".")[0] for path in changes)
        self.plain = world.reader(stored)
        self._reading: set[str] = set()
        self._found: dict[str, Any] = {}

    def read(self, key: str) -> Any:
        if key not in self._found:
            self._found[key] = self._read(key)
        return self._found[key]

    def _read(self, key: str) -> Any:
        known = self.world.known.get(key)
        if known is None or key in self._reading or not (known.gates or known.calculated):
            return self.plain(key)
        if key.partition(".")[0] not in self.touched:
            return self.plain(key)
        self._reading.add(key)
        try:
            if any(self.world.run(gate, self.read) is not True for gate, _ in known.gates):
                return None
            if known.calculated is not None:
                return dump(self.world.run(known.calculated[0], self.read))
            return self.plain(key)
        finally:
            self._reading.discard(key)

    def rows(self, path: str) -> Iterable[tuple[str, Mapping[str, Any], bool]]:
        found = at(self.stored, path) if "[" in path else self.read(path)
        if isinstance(found, Mapping):
            return [(f"{path}.{key}", row, True) for key, row in found.items() if isinstance(row, Mapping)]
        if not isinstance(found, list | tuple):
            return []
        return [
            (f"{path}[{row.get(NUMBER_KEPT, number)}]", row, True)
            for number, row in enumerate(found)
            if isinstance(row, Mapping)
        ]

    def next_row(self, path: str) -> str | None:
        return next_path(self.stored, path)


# In a list from which a row was taken each row remembers its number, so that paths go on meaning what they meant.
NUMBER_KEPT = "§number"


def next_path(stored: Mapping[str, Any], path: str) -> str | None:
    """The path of a row that could be added to a repeat; None where there is no list of rows."""
    found = at(stored, path)
    if found is None or found == "":
        return f"{path}[0]"
    if not isinstance(found, list):
        return None
    taken = [row.get(NUMBER_KEPT, number) for number, row in enumerate(found) if isinstance(row, Mapping)]
    return f"{path}[{max([*taken, len(found) - 1], default=-1) + 1}]"


def names_in(path: str) -> list[str | int]:
    """A path step by step: names and numbers of rows."""
    return [int(number) if number else name for name, number in _TOKEN.findall(path)]


def at(stored: Any, path: str) -> Any:
    """What stands at a path; the text of `other` stands undivided, as `QUESTION.other`."""
    place = stored
    steps = names_in(path)
    for index, step in enumerate(steps):
        if isinstance(step, int):
            place = _numbered(place, step)
        elif isinstance(place, Mapping):
            rest = path.rsplit("]", 1)[-1].split(".")[-2:]
            if index == len(steps) - 2 and ".".join(rest) in place:
                return place[".".join(rest)]
            place = place.get(step)
        else:
            return None
    return place


def _numbered(rows: Any, number: int) -> Any:
    if not isinstance(rows, list | tuple):
        return None
    for index, row in enumerate(rows):
        if (row.get(NUMBER_KEPT, index) if isinstance(row, Mapping) else index) == number:
            return row
    return None


def changed(stored: Mapping[str, Any], changes: Mapping[str, Any]) -> Mapping[str, Any]:
    """A copy in which the changes are made: rows added first and taken away last."""
    found: Any = stored
    order = {ADDED: 0, REMOVED: 2}
    for path, value in sorted(changes.items(), key=lambda one: (order.get(one[1], 1), one[0])):
        found = _put(found, names_in(path), value)
    return found


def _put(place: Any, steps: list[str | int], value: Any) -> Any:
    step, *rest = steps
    if isinstance(step, int):
        rows = list(place) if isinstance(place, list | tuple) else []
        if value is REMOVED and not rest:
            return [
                {NUMBER_KEPT: index, **row} if isinstance(row, Mapping) else row
                for index, row in enumerate(rows)
                if not isinstance(row, Mapping) or row.get(NUMBER_KEPT, index) != step
            ]
        if value is ADDED and not rest:
            return [*rows, {}]
        return [_put(row, rest, value) if number == step else row for number, row in enumerate(rows)]
    found = dict(place) if isinstance(place, Mapping) else {}
    if len(rest) == 1 and rest[0] == "other":
        step, rest = f"{step}.other", []
    found[step] = _put(found.get(step), rest, value) if rest else dump(value)
    return found


def name_of(scope: Scope, dotted: str) -> Name | None:
    """What a name written out from the form stands for, cells of rows in rows included."""
    return _named(scope.find, dotted)


def name_of_world(world: World, dotted: str) -> Name | None:
    """The same beyond any form: what stands on the record, in the case, in other forms."""
    return _named(world.find, dotted)


def _named(find: Callable[[str], Any], dotted: str) -> Name | None:
    found = find(dotted)
    if isinstance(found, ColumnName):
        return found.cell
    if isinstance(found, Name):
        return found
    rows, _, cell = dotted.rpartition(".")
    around = _named(find, rows) if rows else None
    return around.columns.get(cell) if around is not None else None


def described(read: Read | FormState, path: str, given: Any, found: Name | None, **more: Any) -> Answerable:
    """An answer as its name describes it."""
    if isinstance(read, FormState):
        return Answerable(path, path, "state", read.label or read.form, STATES, given, blank=False, **more)
    options = found.type.choosable() if found is not None else ()
    free = more.pop("free", path not in NOBODY_SETS and not (found is not None and found.retired))
    return Answerable(path, read.name, read.kind, read.label or read.name, options, given, free=free, **more)
