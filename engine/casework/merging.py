"""Three-way merging of answers: what two people changed since the revision both began from.

Pure. Maps are merged key by key and rows of a repeat by their `_row`; any other answer is one whole. Where both
changed one answer differently it is a conflict, and a person chooses. Nothing is ever dropped in silence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from engine.casework import ids, texts
from engine.casework.errors import Conflict


class _Missing:
    """No answer at all, which differs from an empty one only while merging."""

    def __repr__(self) -> str:
        return "MISSING"


MISSING = _Missing()
Keep = Literal["mine", "theirs"]


@dataclass(frozen=True, slots=True)
class Merged:
    """Theirs plus every change of mine that nobody else touched; `conflicts` hold theirs until chosen."""

    answers: dict[str, Any]
    conflicts: tuple[Conflict, ...]


def merge(
    base: Mapping[str, Any],
    mine: Mapping[str, Any],
    theirs: Mapping[str, Any],
    keep: Mapping[str, str] | None = None,
) -> Merged:
    """Merge two people's answers; `keep` settles conflicts by path or question (`mine` or `theirs`)."""
    merging = _Merging(keep or {})
    merged = merging.value("", base, mine, theirs)
    return Merged(merged if isinstance(merged, dict) else {}, tuple(merging.conflicts))


class _Merging:
    def __init__(self, keep: Mapping[str, str]) -> None:
        self.keep = keep
        self.conflicts: list[Conflict] = []

    def value(self, path: str, base: Any, mine: Any, theirs: Any) -> Any:
        if mine in (theirs, base):
            return theirs
        if theirs == base:
            return mine
        if isinstance(mine, Mapping) and isinstance(theirs, Mapping):
            return self._map(path, base if isinstance(base, Mapping) else {}, mine, theirs)
        if _is_rows(mine) and _is_rows(theirs):
            return self._rows(path, base if _is_rows(base) else [], mine, theirs)
        return self._choose(path, base, mine, theirs)

    def _map(self, path: str, base: Any, mine: Any, theirs: Any) -> dict[str, Any]:
        merged = {}
        for key in [*theirs, *(key for key in mine if key not in theirs)]:
            inner = f"{path}.{key}" if path else str(key)
            value = self.value(
                inner, base.get(key, MISSING), mine.get(key, MISSING), theirs.get(key, MISSING)
            )
            if value is not MISSING:
                merged[key] = value
        return merged

    def _rows(self, path: str, base: Any, mine: Any, theirs: Any) -> list[Any]:
        """Theirs' order, with my new rows where I put them: after the row that stands before them in mine."""
        old, my, their = _by_row(base), _by_row(mine), _by_row(theirs)
        order = list(their)
        before: str | None = None
        for row in my:
            if row not in order:
                order.insert(order.index(before) + 1 if before in order else len(order), row)
            before = row
        merged = []
        for row in order:
            value = self.value(
                f"{path}.{row}", old.get(row, MISSING), my.get(row, MISSING), their.get(row, MISSING)
            )
            if value is not MISSING:
                merged.append(value)
        return merged

    def _choose(self, path: str, base: Any, mine: Any, theirs: Any) -> Any:
        """A choice for a whole question settles every row, cell and text in it."""
        chosen = self.keep.get(path, self.keep.get(path.partition(".")[0]))
        if chosen is None:
            self.conflicts.append(Conflict(path, *(_said(one) for one in (base, mine, theirs))))
        return mine if chosen == "mine" else theirs


def _said(value: Any) -> Any:
    return None if value is MISSING else value


def _is_rows(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(row, Mapping) and "_row" in row for row in value)


def _by_row(rows: Any) -> dict[str, Any]:
    return {row["_row"]: row for row in rows}


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Every answer that is new or different, by path, and None for each that is gone."""
    old, new = dict(leaves(before)), dict(leaves(after))
    changed = {path: value for path, value in new.items() if path not in old or old[path] != value}
    return changed | {path: None for path in old if path not in new}


def leaves(answers: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every answer by path: into grids by row and column, into repeats by row id."""
    if isinstance(answers, Mapping):
        for key, value in answers.items():
            if key != "_row":
                yield from leaves(value, f"{path}.{key}" if path else str(key))
    elif _is_rows(answers) and answers:
        for row in answers:
            yield f"{path}.{row['_row']}", True
            yield from leaves(row, f"{path}.{row['_row']}")
    else:
        yield path, answers


def questions(paths: Any) -> list[str]:
    """The question ids that paths belong to, for the audit: without row ids, which say nothing to a reader."""
    return sorted({path.split(".")[0] for path in paths})


def stored(value: Any) -> Any:
    """Answers as they can be stored: every row of a repeat has its id, and no text has a NUL or half a character."""
    if isinstance(value, str):
        return texts.fit(value)
    if isinstance(value, Mapping):
        return {stored(str(key)): stored(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        # A list of maps is a repeat's rows; nothing else among answers is.
        return [
            {**stored(one), "_row": str(one.get("_row") or ids.new_row())}
            if isinstance(one, Mapping)
            else stored(one)
            for one in value
        ]
    return value
