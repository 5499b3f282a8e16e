"""A finding in a definition, and how it is shown: as text for people, as JSON for programs.

Every room makes findings through `codes.finding`; this module only carries and draws them. It must not know
what any code means, nor open files: the sources it quotes are handed in.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from engine.language.places import Place

Severity = Literal["error", "warning", "advice"]

_QUOTED_AT_MOST = 160
_RELATED_AT_MOST = 8


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that has to do with a finding, and why: "first written here"."""

    place: Place
    message: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding: what is wrong, where, and what to do.

    `element` is the path of the part of the definition it concerns (`referral.harm_types`), empty if none.
    `example` is a worked case that shows the fault, as plain values that JSON can hold.
    """

    code: str
    severity: Severity
    message: str
    place: Place
    element: str = ""
    help: str = ""
    related: tuple[Related, ...] = ()
    example: Mapping[str, object] | str | None = None

    def as_json(self) -> dict[str, object]:
        """The finding as `trefoil check --format json` gives it."""
        return {
            "code": self.code,
            "severity": self.severity,
            "file": self.place.file,
            "line": self.place.line,
            "column": self.place.column,
            "end_line": self.place.end_line,
            "end_column": self.place.end_column,
            "element": self.element,
            "message": self.message,
            "help": self.help,
            "related": [
                {
                    "file": one.place.file,
                    "line": one.place.line,
                    "column": one.place.column,
                    "message": one.message,
                }
                for one in self.related
            ],
            "example": self.example if not isinstance(self.example, Mapping) else dict(self.example),
        }


def in_order(findings: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Findings by file, then by place; at one place errors stand first. Repeated ones are told once, and a
    name that is missing is told where it is first met, with the other places beside it."""
    rank = {"error": 0, "warning": 1, "advice": 2}
    unique: dict[tuple[object, ...], Diagnostic] = {}
    for one in findings:
        unique.setdefault((one.code, one.place, one.message), one)
    ordered = sorted(
        unique.values(),
        key=lambda one: (one.place.file, one.place.line, one.place.column, rank[one.severity], one.code),
    )
    return _gathered(ordered)


def _gathered(findings: list[Diagnostic]) -> list[Diagnostic]:
    """One mistyped id of a role or a state would else be as many findings as there are uses of it."""
    places: dict[tuple[str, str], list[Place]] = {}
    for one in findings:
        places.setdefault((one.code, one.message), []).append(one.place)
    told: list[Diagnostic] = []
    for one in findings:
        others = places[(one.code, one.message)]
        if one.code[0] != "R" or one.severity != "error" or len(others) == 1:
            told.append(one)
        elif one.place == others[0]:
            more = tuple(Related(place, "here too") for place in others[1 : 1 + _RELATED_AT_MOST])
            told.append(replace(one, related=one.related + more))
    return told


def as_text(finding: Diagnostic, source: str | None = None) -> str:
    """The finding as people read it on a terminal; with `source`, the line it stands on and a mark under
    it.
    """
    lines = [f"{finding.place}: {finding.severity} {finding.code}: {finding.message}"]
    if source is not None:
        lines += _quotation(finding.place, source)
    if finding.help:
        lines.append(f"   help: {finding.help}")
    for one in finding.related:
        lines.append(f"   see {one.place}: {one.message}")
    if finding.example:
        lines.append(f"   example: {_example(finding.example)}")
    return "\n".join(lines)


def _quotation(place: Place, source: str) -> list[str]:
    rows = source.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    if not 1 <= place.line <= len(rows):
        return []
    start = max(place.column - 1, 0)
    row = "".join(_printable(character) for character in rows[place.line - 1])
    cut = max(0, start - _QUOTED_AT_MOST // 2) if len(row) > _QUOTED_AT_MOST else 0
    shown = row[cut : cut + _QUOTED_AT_MOST]
    end = place.end_column - 1 if place.end_line == place.line else len(row)
    before = _width(row[cut:start])
    marked = _width(row[start : min(end, cut + _QUOTED_AT_MOST)])
    margin = f"{place.line:>6} | "
    return [f"{margin}{shown}".rstrip(), f"{' ' * 6} | {' ' * before}{'^' * max(marked, 1)}"]


def quoted(place: Place, source: str) -> str:
    """The line of `source` that a finding stands on, cut to what can be read at a glance around it."""
    lines = _quotation(place, source)
    return lines[0].partition(" | ")[2] if lines else ""


def _printable(character: str) -> str:
    return " " if unicodedata.category(character)[0] == "C" else character


def _width(text: str) -> int:
    return sum(
        0 if unicodedata.combining(one) else 2 if unicodedata.east_asian_width(one) in "WF" else 1
        for one in text
    )


def _example(example: Mapping[str, object] | str) -> str:
    if isinstance(example, str):
        return example
    return ", ".join(f"{name}: {_plain(value)}" for name, value in example.items())


def _plain(value: object) -> str:
    if value is None:
        return "not answered"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple | set | frozenset):
        return "[" + ", ".join(_plain(one) for one in value) + "]"
    return str(value)
