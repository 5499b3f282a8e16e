"""What a YAML parser's complaint means to somebody who wrote the file by hand.

A parser says where it lost its way; this module looks at the lines there and says what was most likely meant,
with the line to paste. It only looks at text: it must not know what any key means.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

from engine.language import lines
from engine.language.codes import finding
from engine.language.diagnostics import Diagnostic
from engine.language.lines import ITEM, SETTING, Mark, quote, value_in
from engine.language.places import Place

_LONG_DASH = re.compile(r"^\s*([–—−•·])\s")
# For what is left: the parser's words, and ours.
_OTHERWISE = {
    "node content": "there is a sign where a value should be",
    "unexpected ':'": "there is a colon where none can stand",
    "too long": "a key is longer than keys can be",
}
_NO_FIT = "this does not fit the lines around it"
_BLOCK_STARTS = re.compile(r"^\s*(?:-\s+)*")


def explain(error: yaml.YAMLError, written: list[str], file: str, first: int) -> Diagnostic:
    """The finding for what the parser could not read. `first` lines of the file stand before those `written`."""
    return _Fault(error, written, file, first).explained()


class _Fault:
    def __init__(self, error: yaml.YAMLError, written: list[str], file: str, first: int) -> None:
        self.lines, self.file, self.first = written, file, first
        self.problem = str(getattr(error, "problem", None) or error)
        self.context = str(getattr(error, "context", None) or "")
        self.at = self._within(getattr(error, "problem_mark", None)) or Mark(0, 0)
        self.since = self._within(getattr(error, "context_mark", None))

    def _within(self, mark: Any) -> Mark | None:
        """The mark, moved to the end of the text if it lies behind it."""
        if mark is None:
            return None
        if mark.line < len(self.lines):
            return Mark(mark.line, mark.column)
        return Mark(len(self.lines) - 1, len(self.lines[-1]))

    def explained(self) -> Diagnostic:
        return self._anywhere() or self._run_on() or self._by_problem() or self._unexplained()

    def _anywhere(self) -> Diagnostic | None:
        """Slips that upset the parser in many ways: a tab, a hard space or a long dash where a line
        begins.
        """
        for number in self._near():
            line = self.lines[number]
            indentation = line[: len(line) - len(line.lstrip())]
            if "\t" in indentation:
                column = indentation.index("\t")
                return self._finding("Y112", number, column, len(indentation))
            if "\u00a0" in indentation or re.search(r":\u00a0", line):
                column = line.index("\u00a0")
                paste = line.replace("\u00a0", " ").strip()
                return self._finding("Y127", number, column, column + 1, paste=paste)
            if match := _LONG_DASH.match(line):
                column = match.start(1)
                paste = f"- {line[column + 1 :].strip()}"
                return self._finding("Y119", number, column, column + 1, dash=match[1], paste=paste)
        return None

    def _near(self) -> list[int]:
        near = [self.at.line]
        above = lines.above(self.lines, self.at.line)
        if above is not None and self.problem.startswith(("mapping values", "could not find")):
            near.append(above)
        if self.since is not None and self.context == "while scanning a simple key":
            near.insert(0, self.since.line)
        return [number for number in near if number < len(self.lines)]

    def _by_problem(self) -> Diagnostic | None:
        problem = self.problem
        if "mapping values are not allowed" in problem:
            return self._colon()
        if "mapping keys are not allowed" in problem:
            return self._quote_value("Y115", self.at)
        if "cannot start any token" in problem:
            character = self.lines[self.at.line][self.at.column : self.at.column + 1]
            return self._quote_value("Y114", self.at, character=f"‘{character}’")
        if "could not find expected ':'" in problem:
            return self._no_colon()
        if "block sequence entries are not allowed" in problem:
            return self._quote_value("Y133", self.at)
        if "escape character" in problem or "escaped" in problem:
            return self._escape()
        if "directive" in problem or "directive" in self.context:
            return self._finding("Y126", self.at.line, 0, len(self.lines[self.at.line]))
        if "document start" in problem:
            return self._root()
        by_context = (
            ("scanning an alias", lambda: self._shorthand("Y107")),
            ("scanning an anchor", lambda: self._shorthand("Y107")),
            ("a tag", lambda: self._shorthand("Y109")),
            ("scanning a quoted scalar", self._unclosed_quote),
            ("scanning a block scalar", self._block_header),
            ("parsing a flow", self._bracket),
            ("parsing a block", self._block),
        )
        for words, explanation in by_context:
            if words in self.context:
                return explanation()
        return None

    def _colon(self) -> Diagnostic | None:
        number, line = self.at.line, self.lines[self.at.line]
        if re.match(r"^\s*(?:-\s+)*-[^\s-]", line):
            column = _BLOCK_STARTS.match(line).end()  # type: ignore[union-attr]
            paste = f"- {line[column + 1 :].strip()}"
            return self._finding("Y120", number, column, column + 1, mark="dash", paste=paste)
        setting = SETTING.match(line)
        if setting and setting.start("value") <= self.at.column:
            return self._colon_in(number, setting)
        item = ITEM.match(line)
        if item and ": " in line[item.start("value") : self.at.column]:
            return self._colon_in(number, item)
        above = lines.above(self.lines, number)
        if above is None:
            return None
        if match := re.match(r"^(\s*(?:-\s+)*)-([^\s-].*)$", self.lines[above]):
            column = match.end(1)
            paste = f"- {match[2].strip()}"
            return self._finding("Y120", above, column, column + 1, mark="dash", paste=paste)
        if (slip := self._no_space(above)) is not None:
            return slip
        upper = SETTING.match(self.lines[above])
        start = len(line) - len(line.lstrip())
        if upper:
            return self._finding("Y130", number, start, len(line), key=upper["key"].strip())
        return self._bare(above)

    def _colon_in(self, number: int, match: re.Match[str]) -> Diagnostic:
        value = value_in(match["value"])
        start = match.start("value")
        prefix = f"{match['key']}: " if "key" in match.groupdict() else ""
        if value[0] in "“”‘’„":
            straight = quote(value.strip("“”‘’„"))
            return self._finding(
                "Y118", number, start, start + 1, quote=value[0], paste=f"{prefix}{straight}"
            )
        return self._finding(
            "Y113", number, self.at.column, self.at.column + 1, paste=f"{prefix}{quote(value)}"
        )

    def _no_colon(self) -> Diagnostic | None:
        since = self.since or self.at
        return self._no_space(since.line) or self._bare(since.line)

    def _no_space(self, number: int) -> Diagnostic | None:
        match = re.match(r"^(\s*(?:-\s+)*[a-z_][a-z0-9_]*):(\S.*)$", self.lines[number])
        if match is None:
            return None
        paste = f"{match[1].strip()}: {match[2].strip()}"
        return self._finding("Y120", number, match.end(1), match.end(1) + 1, mark="colon", paste=paste)

    def _bare(self, number: int) -> Diagnostic:
        line = self.lines[number]
        return self._finding("Y124", number, len(line) - len(line.lstrip()), len(line.rstrip()))

    def _quote_value(self, code: str, at: Mark, **words: str) -> Diagnostic:
        line = self.lines[at.line]
        value = value_in(line[at.column :])
        return self._finding(code, at.line, at.column, at.column + len(value), paste=quote(value), **words)

    def _shorthand(self, code: str) -> Diagnostic:
        since = self.since or self.at
        line = self.lines[since.line]
        value = value_in(line[since.column :])
        token = value.split(" ")[0]
        end = since.column + len(token)
        return self._finding(code, since.line, since.column, end, text=token, paste=quote(value))

    def _escape(self) -> Diagnostic:
        since = self.since or self.at
        line = self.lines[since.line]
        quoted = re.match(r'"((?:[^"\\]|\\.)*)"', line[since.column :])
        value = quoted[1] if quoted else value_in(line[since.column :]).strip('"')
        paste = "'" + value.replace("'", "''") + "'"
        column = self.at.column
        return self._finding("Y128", self.at.line, column, column + 2, paste=paste)

    def _unclosed_quote(self) -> Diagnostic:
        since = self.since or self.at
        mark = self.lines[since.line][since.column : since.column + 1]
        return self._open_quote(since.line, since.column, mark)

    def _open_quote(self, number: int, column: int, mark: str) -> Diagnostic:
        double = mark == '"'
        return self._finding(
            "Y121",
            number,
            column,
            column + 1,
            quote=mark,
            name="a double quote" if double else "an apostrophe",
            inside='put a backslash before it (\\")' if double else "write it twice ('')",
        )

    def _block_header(self) -> Diagnostic:
        since = self.since or self.at
        line = self.lines[since.line]
        value = value_in(line[since.column :])
        mark, end = value[:1], since.column + len(value)
        return self._finding("Y129", since.line, since.column, end, mark=mark, paste=quote(value))

    def _bracket(self) -> Diagnostic | None:
        at = self.at
        if "node content" in self.problem and self.lines[at.line][at.column : at.column + 1] == ":":
            return self._finding("Y110", at.line, at.column, at.column + 1, what="nothing before the colon")
        if "node content" in self.problem and self.lines[at.line][at.column : at.column + 1] == ",":
            return self._finding("Y135", at.line, at.column, at.column + 1)
        if (slip := self._text_in_brackets()) is not None:
            return slip
        since = self.since or at
        bracket = self.lines[since.line][since.column : since.column + 1]
        if bracket not in ("[", "{"):
            opened = lines.opened(self.lines, self.at.line)
            if opened is None:
                return None
            since, bracket = opened
        closing = "]" if bracket == "[" else "}"
        return self._finding(
            "Y122", since.line, since.column, since.column + 1, bracket=bracket, closing=closing
        )

    def _text_in_brackets(self) -> Diagnostic | None:
        """Unquoted text in brackets with a colon, a question mark first or a hash, which end it too early."""
        at, line = self.at, self.lines[self.at.line]
        sign = line[at.column : at.column + 1]
        if sign in (":", "?") and (part := lines.in_brackets(line, at.column)) is not None:
            start, key, text = part
            if text[0] in "“”‘’„":
                paste = f"{key}: {quote(text.strip('“”‘’„'))}"
                return self._finding("Y118", at.line, start, start + 1, quote=text[0], paste=paste)
            code = "Y113" if sign == ":" else "Y115"
            return self._finding(code, at.line, at.column, at.column + 1, paste=f"{key}: {quote(text)}")
        opened = lines.opened(self.lines, at.line)
        if opened is None:
            return None
        number = opened[0].line
        for match in re.finditer(r" #(?=[^\s#])", self.lines[number]):
            if (part := lines.in_brackets(self.lines[number], match.start())) is not None:
                paste, end = f"{part[1]}: {quote(part[2])}", len(self.lines[number].rstrip())
                return self._finding("Y139", number, match.start() + 1, end, paste=paste)
        return None

    def _root(self) -> Diagnostic | None:
        """The document seemed to have ended: its first line stands further right than this one."""
        for number, line in enumerate(self.lines[: self.at.line]):
            bare = line.lstrip()
            if not bare or bare.startswith(("#", "---")):
                continue
            start = len(line) - len(bare)
            if start > self.at.column:
                where = Place(self.file, self.first + number + 1, 1, self.first + number + 1, start + 1)
                related = [(where, "the first line")]
                words = {"column": start + 1, "related": related}
                return self._finding("Y137", self.at.line, self.at.column, self.at.column + 1, **words)
            return self._bare(number) if ":" not in bare else None
        return None

    def _block(self) -> Diagnostic | None:
        line = self.lines[self.at.line]
        if line[: self.at.column].strip(" -"):
            return self._goes_on()
        since = self.since or self.at
        column = self.at.column
        rest = line[column:]
        if match := re.match(r"-([^\s-].*)$", rest):
            return self._finding(
                "Y120", self.at.line, column, column + 1, mark="dash", paste=f"- {match[1].strip()}"
            )
        if (
            rest.startswith("- ")
            and (first := lines.dashless(self.lines, self.at.line, column + 2)) is not None
        ):
            missing = self.lines[first].strip()
            return self._finding(
                "Y116", first, column + 2, len(self.lines[first].rstrip()), paste=f"- {missing}"
            )
        undashed = not self.lines[since.line][: since.column].strip()
        if rest.startswith("- ") and column == since.column and undashed:
            missing = self.lines[since.line].strip()
            return self._finding(
                "Y116", since.line, since.column, len(self.lines[since.line].rstrip()), paste=f"- {missing}"
            )
        if column in (since.column, since.column + 2) and "'-'" in self.problem and SETTING.match(rest):
            return self._finding("Y116", self.at.line, column, len(line.rstrip()), paste=f"- {rest.strip()}")
        near = lines.columns_near(self.lines, self.at.line, column)
        listed = " or ".join(str(one + 1) for one in near)
        return self._finding("Y117", self.at.line, column, column + 1, column=column + 1, columns=listed)

    def _goes_on(self) -> Diagnostic | None:
        """Text after a closing quote or bracket: an apostrophe, a placeholder first, a quote never closed."""
        number, line = self.at.line, self.lines[self.at.line]
        before = line[: self.at.column].rstrip()
        mark = before[-1:]
        setting = SETTING.match(line) or ITEM.match(line)
        if setting and setting["value"][0] in "\"'[{":
            value = value_in(setting["value"])
            if mark in "]}" and line[self.at.column : self.at.column + 1] in ("]", "}"):
                column = self.at.column
                return self._finding("Y136", number, column, column + 1, bracket=line[column])
            bare = value[1:-1] if value[0] in "\"'" and value.endswith(value[0]) else value
            names = {'"': "quote", "'": "quote", "}": "bracket", "]": "bracket"}
            paste = quote(bare) if value[0] in "\"'" or mark in "]}" else quote(value)
            if value[0] == "'" and "'" in bare and '"' not in bare:
                paste = f'"{bare}"'
            return self._finding(
                "Y123", number, self.at.column, len(line.rstrip()), mark=names.get(mark, "mark"), paste=paste
            )
        return None

    def _run_on(self) -> Diagnostic | None:
        """A quote left open on a line above, which a quote on this line then seems to close."""
        here = self.lines[self.at.line][: self.at.column + 1]
        for above in range(self.at.line - 1, -1, -1):
            upper = SETTING.match(self.lines[above]) or ITEM.match(self.lines[above])
            mark = upper["value"][0] if upper else ""
            if upper and mark in ('"', "'") and upper["value"].count(mark) % 2 and mark in here:
                return self._open_quote(above, upper.start("value"), mark)
            if '"' in self.lines[above] or "'" in self.lines[above]:
                return None
        return None

    def _unexplained(self) -> Diagnostic:
        words = next((ours for theirs, ours in _OTHERWISE.items() if theirs in self.problem), _NO_FIT)
        return self._finding("Y199", self.at.line, self.at.column, self.at.column + 1, problem=words)

    def _finding(self, code: str, line: int, start: int, end: int, **words: Any) -> Diagnostic:
        number = self.first + line + 1
        place = Place(self.file, number, start + 1, number, max(end, start + 1) + 1)
        return finding(code, place, **words)
