"""Walking answers along their form: cutting out what a person may not see, and putting it back when they save.

Pure. `hidden` holds question paths without rows: `name`, `places.detail` (in every row), `framework.worried`
(a grid's column). Where rows differ, as those of a form about several records do, a row is named behind `@`:
`parts.@ROW` is all of it, `parts.@ROW.detail` one question in it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from engine.language.model import Form, Question


def cut(answers: Mapping[str, Any], hidden: Collection[str]) -> dict[str, Any]:
    """The answers without what is hidden."""
    if not hidden:
        return dict(answers)
    inner = _inner(hidden)
    return {
        name: _cut_within(value, inner.get(name, frozenset()))
        for name, value in answers.items()
        if name not in hidden and name.removesuffix(".other") not in hidden
    }


def cut_typed(raw: Mapping[str, Any], hidden: Collection[str]) -> dict[str, Any]:
    """What was typed and not understood, by the name of its box (`a.born.day`, `a.places.ROW.since`), without what
    is hidden: a question itself, one in a row, or a grid's column."""
    if not hidden:
        return dict(raw)
    return {name: typed for name, typed in raw.items() if not _typed_hidden(name.removeprefix("a."), hidden)}


def restore_typed(
    given: Mapping[str, Any], kept: Mapping[str, Any], hidden: Collection[str]
) -> dict[str, Any]:
    """What was typed, with that of hidden questions as it is in `kept`: nobody wipes or forges it unseen."""
    shown = cut_typed(kept, hidden)
    return {**cut_typed(given, hidden), **{name: one for name, one in kept.items() if name not in shown}}


def hides(hidden: Collection[str], path: str) -> bool:
    """Whether a stored path (`name`, `places.ROW.detail`, `framework.ROW.worried`, a row as a whole) is hidden."""
    head, _, rest = path.removesuffix(".other").partition(".")
    if head in hidden or not rest:
        return head in hidden
    row, _, inner = rest.partition(".")
    ways = {f"{head}.@{row}"}
    if inner:
        inner = inner.split(".")[0]
        ways |= {f"{head}.{inner}", f"{head}.@{row}.{inner}"}
    return not ways.isdisjoint(hidden)


def cut_at(path: str, value: Any, hidden: Collection[str]) -> Any:
    """A value that stands at a stored path, without what is hidden in it."""
    head, _, row = path.partition(".")
    if not row:
        return cut({head: value}, hidden).get(head)
    if hides(hidden, path):
        return None
    if "." in row or not isinstance(value, Mapping):
        return value
    inner = _inner(hidden).get(head, frozenset())
    return cut(value, _of_row({"_row": row}, inner))


def at(answers: Mapping[str, Any], path: str) -> Any:
    """The answer at a stored path: `name`, `name.other`, or `SECTION.ROW.name` in a row; None if there is none."""
    head, _, rest = path.partition(".")
    rows = answers.get(head)
    if path in answers or not isinstance(rows, list):
        return answers.get(path)
    row, _, inner = rest.partition(".")
    return next((one.get(inner) for one in rows if isinstance(one, Mapping) and one.get("_row") == row), None)


def _typed_hidden(name: str, hidden: Collection[str]) -> bool:
    return hides(hidden, name)


def _inner(hidden: Collection[str]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for path in hidden:
        if "." in path:
            outer, name = path.split(".", 1)
            found.setdefault(outer, set()).add(name)
    return {outer: frozenset(names) for outer, names in found.items()}


def _cut_within(value: Any, hidden: frozenset[str]) -> Any:
    if not hidden:
        return value
    if isinstance(value, list):
        kept = [row for row in value if not (isinstance(row, Mapping) and f"@{row.get('_row')}" in hidden)]
        return [cut(row, _of_row(row, hidden)) if isinstance(row, Mapping) else row for row in kept]
    if isinstance(value, Mapping):
        return {
            row: cut(cells, hidden) if isinstance(cells, Mapping) else cells for row, cells in value.items()
        }
    return value


def _of_row(row: Mapping[str, Any], hidden: frozenset[str]) -> frozenset[str]:
    """What is hidden in one row: in every row, and in this one."""
    own = f"@{row.get('_row')}."
    return frozenset(one.removeprefix(own) for one in hidden if one.startswith(own) or one[0] != "@")


def restore(given: Mapping[str, Any], kept: Mapping[str, Any], hidden: Collection[str]) -> dict[str, Any]:
    """`given` with everything hidden as it is in `kept`: what a person may not see or change stays as it was."""
    if not hidden:
        return dict(given)
    inner = _inner(hidden)
    whole = {name: value for name, value in kept.items() if _is_hidden(name, hidden)}
    result = cut(given, hidden) | whole
    for name, names in inner.items():
        if name in result or name in kept:
            value = _restore_within(result.get(name), kept.get(name), names)
            if value is not None:
                result[name] = value
    return result


def _is_hidden(name: str, hidden: Collection[str]) -> bool:
    return name in hidden or name.removesuffix(".other") in hidden


def _restore_within(given: Any, kept: Any, hidden: frozenset[str]) -> Any:
    if isinstance(given, list) or (given is None and isinstance(kept, list)):
        rows_before = {row["_row"]: row for row in kept or [] if isinstance(row, Mapping) and "_row" in row}
        now = [
            restore(row, rows_before.get(row.get("_row", ""), {}), _of_row(row, hidden))
            if isinstance(row, Mapping)
            else row
            for row in given or []
            if not (isinstance(row, Mapping) and f"@{row.get('_row')}" in hidden)
        ]
        return now + [row for key, row in rows_before.items() if f"@{key}" in hidden] or None
    if isinstance(given, Mapping) or (given is None and isinstance(kept, Mapping)):
        cells: Mapping[str, Any] = given or {}
        before = kept if isinstance(kept, Mapping) else {}
        rows = {
            row: restore(cells.get(row) or {}, before.get(row) or {}, hidden) for row in {**before, **cells}
        }
        return {row: found for row, found in rows.items() if found}
    return given


def values_of(form: Form, kind: str, answers: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every id answered to questions of a type (`record_link`, `staff`, `file`), with the path it stands at."""
    for section in form.sections:
        if section.each:
            rows = answers.get(section.id)
            for number, row in enumerate(rows if isinstance(rows, list) else []):
                for question in section.questions if isinstance(row, Mapping) else ():
                    path = f"{section.id}[{number}].{question.id}"
                    yield from _ids(question, kind, row.get(question.id), path)
            continue
        for question in section.questions:
            yield from _ids(question, kind, answers.get(question.id), question.id)


def _ids(question: Question, kind: str, value: Any, path: str) -> Iterator[tuple[str, str]]:
    if question.type == kind:
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, str) and one:
                yield path, one
        return
    rows: list[tuple[str, Any]] = []
    if isinstance(value, list):
        rows = [(f"{path}[{number}]", row) for number, row in enumerate(value)]
    elif isinstance(value, Mapping):
        rows = [(f"{path}.{row}", cells) for row, cells in value.items()]
    for where, row in rows:
        if isinstance(row, Mapping):
            for inner in question.questions:
                yield from _ids(inner, kind, row.get(inner.id), f"{where}.{inner.id}")


def without_rows(path: str) -> str:
    """A path as posted (`places.ROW.detail`) or evaluated (`places[0].detail`) as a question's: `places.detail`."""
    parts = re.sub(r"\[[0-9]+\]", "", path).split(".")
    return ".".join((parts[0], parts[-1])) if len(parts) > 2 else ".".join(parts)
