"""Lines of a file as somebody wrote them by hand: where blocks begin, what is still open, what to paste.

Looks at indentation, dashes and brackets only. Must not know what any key means, nor what a parser said.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

# `key: value`, with dashes before it or not, and `- value`.
SETTING = re.compile(
    r"^(?P<before>\s*(?:-\s+)*)(?P<key>[^\s:#\"'{}\[\],][^:#{}\[\],]*?):(?P<gap>[ \t]+)(?P<value>\S.*)$"
)
ITEM = re.compile(r"^(?P<before>\s*(?:-\s+)+)(?P<value>\S.*)$")
_IN_BRACKETS = re.compile(r"(?<=[{,\s])(?P<key>[a-z_][a-z0-9_]*):[ ]+(?P<text>[^\"'{}\[\],\s][^{}\[\],]*)")
_QUOTED_OR_BRACKET = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'[^']*'|[\[{]|[\]}]|\s#.*")


@dataclass(frozen=True, slots=True)
class Mark:
    """A line and a column, both counted from 0."""

    line: int
    column: int


def quote(text: str) -> str:
    """`text` as YAML that means exactly it: in double quotes, in single ones if it holds double quotes."""
    if '"' in text or "\\" in text:
        return "'" + text.replace("'", "''") + "'"
    return f'"{text}"'


def value_in(line: str) -> str:
    """The text that begins here and goes on to the end of the line, a remark left out."""
    return re.sub(r"\s+#\s.*$", "", line).strip()


def in_brackets(line: str, column: int) -> tuple[int, str, str] | None:
    """The `key: text` in brackets that holds `column`: where its text begins, its key, its text."""
    for match in _IN_BRACKETS.finditer(line):
        if match.start("text") <= column < match.end("text") + 1:
            return match.start("text"), match["key"], match["text"].strip()
    return None


def indentation(line: str) -> int:
    """How many characters stand before the first that is not a space."""
    return len(line) - len(line.lstrip())


def above(lines: Sequence[str], number: int) -> int | None:
    """The nearest line above that says something."""
    return next((one for one in range(number - 1, -1, -1) if _says_something(lines[one])), None)


def opened(lines: Sequence[str], last: int) -> tuple[Mark, str] | None:
    """The innermost bracket that is still open at the end of line `last`, quoted text left aside."""
    found: list[tuple[Mark, str]] = []
    for number, line in enumerate(lines[: last + 1]):
        for match in _QUOTED_OR_BRACKET.finditer(line):
            if match.group() in ("[", "{"):
                found.append((Mark(number, match.start()), match.group()))
            elif match.group() in ("]", "}") and found:
                found.pop()
    return found[-1] if found else None


def dashless(lines: Sequence[str], number: int, column: int) -> int | None:
    """The first line of the block that starts at `column` above line `number`, if no dash stands before it."""
    first: int | None = None
    for one in range(number - 1, -1, -1):
        if not _says_something(lines[one]):
            continue
        start = indentation(lines[one])
        if start < column:
            dashed = first is not None and lines[first].lstrip().startswith("- ")
            return None if dashed or lines[one].lstrip().startswith("- ") else first
        if start == column:
            first = one
    return None


def columns_near(lines: Sequence[str], number: int, column: int) -> list[int]:
    """The columns nearest to `column`, one on each side, in which blocks are open above line `number`; for a
    line that starts with a dash, those of items."""
    starts = _open_columns(lines, number, dashed=lines[number].lstrip().startswith("- "))
    before = [one for one in starts if one < column]
    behind = [one for one in starts if one > column]
    return [*before[-1:], *behind[:1]] or [0]


def _open_columns(lines: Sequence[str], number: int, dashed: bool) -> list[int]:
    """Columns in which blocks are open above a line: those of dashes, or those of what stands behind them."""
    found: set[int] = set()
    lowest: int | None = None
    for one in range(number - 1, -1, -1):
        line = lines[one]
        if not _says_something(line) or line.startswith("---"):
            continue
        starts = [indentation(line)]
        while line[starts[-1] :].startswith("- "):
            starts.append(starts[-1] + 2 + indentation(line[starts[-1] + 2 :]))
        found |= {
            start for start in (starts[:-1] if dashed else starts[-1:]) if lowest is None or start < lowest
        }
        lowest = starts[0] if lowest is None else min(lowest, starts[0])
    return sorted(found)


def _says_something(line: str) -> bool:
    bare = line.strip()
    return bool(bare) and not bare.startswith("#")
