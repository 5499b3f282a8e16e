"""The core in PostgreSQL as it comes, without extensions or functions of ours.

Its `round` goes away from nought at a half, so numbers are whole millionths in `numeric`, divided with div and mod.
A value that is needed twice is named in a subquery with OFFSET, which the planner does not write out again:
or nested expressions would be evaluated again and again.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from sqlalchemy import ARRAY, Date, Numeric, String, cast, func, literal, select

from engine.casework.sql.dialects import LIMIT, MILLION, Dialect, Source, Sql, quoted, raw
from engine.expressions.browser import calendar_table
from engine.expressions.tree import Constant
from engine.expressions.types import Kind
from engine.expressions.values import BLANK

_NUMBER = r"^[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?$"
_DAY = (
    "^(?!0000)[0-9]{4}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)"
    "|02-(0[1-9]|1[0-9]|2[0-8]))$"
    "|^([0-9]{2}(0[48]|[2468][048]|[13579][26])|(0[48]|[2468][048]|[13579][26])00)-02-29$"
)
_CLOCK = "^([01]?[0-9]|2[0-3]):[0-5][0-9]$"
_LONGEST = 64
_MILLION = f"numeric '{MILLION}'"


class Postgresql(Dialect):
    def path(self, document: str, *keys: str) -> str:
        return f"jsonb_extract_path({document}, {', '.join(quoted(key) for key in keys)})"

    def load(self, kind: Kind, json: str) -> Sql:
        words = f"({json} #>> '{{}}')"
        is_text = f"jsonb_typeof({json}) = 'string'"
        if kind == "number":
            return self._number_from(json, words, is_text)
        if kind == "yes_no":
            return raw(
                f"CASE {words} WHEN 'true' THEN {json} = 'true' WHEN 'false' THEN {json} <> 'false' END"
            )
        if kind == "date":
            return raw(f"CASE WHEN {is_text} AND {words} ~ {quoted(_DAY)} THEN CAST({words} AS date) END")
        if kind == "time":
            return raw(f"CASE WHEN {is_text} AND {words} ~ {quoted(_CLOCK)} THEN lpad({words}, 5, '0') END")
        if kind == "text":
            trimmed = f"btrim(normalize({words}, NFC), {quoted(BLANK)})"
            return raw(f"CASE WHEN {is_text} THEN nullif({trimmed}, '') END")
        return raw(f"nullif({self.state(json)}, '')")

    def _number_from(self, json: str, words: str, is_text: str) -> Sql:
        readable = f"(({is_text} AND length({words}) <= {_LONGEST}) OR jsonb_typeof({json}) = 'number')"
        exact = f"CASE WHEN {readable} AND {words} ~ {quoted(_NUMBER)} THEN CAST({words} AS numeric) END"
        # A half goes to the even neighbour; the sign is that of what is rounded.
        over = "abs(p - trunc(p))"
        away = f"{over} > 0.5 OR ({over} = 0.5 AND mod(trunc(p), 2) <> 0)"
        rounded = f"trunc(p) + CASE WHEN {away} THEN sign(p) ELSE 0 END"
        return raw(
            f"(SELECT CASE WHEN abs(r) < {LIMIT} THEN r END FROM (SELECT {rounded} AS r FROM"
            f" (SELECT {exact} * {MILLION} AS p OFFSET 0) AS p OFFSET 0) AS r)"
        )

    def present(self, json: str) -> Sql:
        return raw(f"({json} IS NOT NULL AND {json} NOT IN ('null', '\"\"', '[]', '{{}}'))")

    def rows(self, json: str, alias: str) -> Source:
        listed = (
            f"CASE jsonb_typeof({json}) WHEN 'array' THEN {json} WHEN 'object' THEN"
            f" jsonb_path_query_array({json}, '$.*') ELSE '[]' END"
        )
        return self._each(listed, alias, "object", f"{alias}.value")

    def options(self, json: str, alias: str, *, keys: bool = False) -> Source:
        named = f"WHEN 'object' THEN jsonb_path_query_array({json}, '$.keyvalue().key')" if keys else ""
        listed = f"CASE jsonb_typeof({json}) WHEN 'array' THEN {json} {named} ELSE '[]' END"
        return self._each(listed, alias, "string", f"({alias}.value #>> '{{}}')")

    def _each(self, listed: str, alias: str, kind: str, value: str) -> Source:
        table = f"jsonb_array_elements({listed}) WITH ORDINALITY AS {alias}(value, place)"
        return Source(table, f"jsonb_typeof({alias}.value) = '{kind}'", value, f"{alias}.place")

    def state(self, json: str) -> str:
        return f"CASE WHEN jsonb_typeof({json}) = 'string' THEN {json} #>> '{{}}' END"

    def plain(self, node: Constant) -> Sql:
        if isinstance(node.value, date):
            return cast(literal(node.value, Date()), Date())
        return cast(literal(node.value, String()), String())

    def number(self, millionths: int) -> Sql:
        return raw(f"CAST({millionths} AS numeric)")

    def whole(self, count: Sql) -> Sql:
        return cast(count, Numeric()).op("*")(raw(str(MILLION)))

    def truth(self, value: bool) -> Sql:
        return raw("true" if value else "false")

    def arithmetic(self, operator: Literal["+", "-", "*", "/"], left: Sql, right: Sql, name: str) -> Sql:
        a, b = f"{name}.a", f"{name}.b"
        if operator in "+-":
            result = f"{a} {operator} {b}"
        elif operator == "*":
            result = _halves_to_even(f"({a} * {b})", _MILLION)
        else:
            result = f"CASE WHEN {b} <> 0 THEN {_halves_to_even(f'({a} * {_MILLION})', b)} END"
        named = _fenced(name, a=cast(left, Numeric()), b=cast(right, Numeric()))
        found = select(raw(result).label("r")).select_from(named).offset(raw("0")).subquery(f"{name}r")
        within = raw(f"CASE WHEN abs({name}r.r) < {LIMIT} THEN {name}r.r END")
        return select(within).select_from(found).scalar_subquery()

    def age(self, born: Sql, at: Sql, name: str) -> Sql:
        a, b = f"{name}.a", f"{name}.b"
        parts = [
            f"(extract({part} FROM {b}) - extract({part} FROM {a}))" for part in ("year", "month", "day")
        ]
        year, month, day = parts
        early = f"({month} < 0 OR ({month} = 0 AND {day} < 0))"
        years = f"({year} - CASE WHEN {early} THEN 1 ELSE 0 END) * {MILLION}"
        whole = f"CASE WHEN {a} IS NOT NULL AND {b} IS NOT NULL THEN {years} END"
        return select(raw(whole)).select_from(_fenced(name, a=born, b=at)).scalar_subquery()

    def days(self, first: Sql, last: Sql, nation: str | None, name: str) -> Sql:
        a, b = f"{name}.a", f"{name}.b"
        if nation is None:
            counted = raw(f"CAST({b} - {a} AS numeric) * {MILLION}")
            return select(counted).select_from(_fenced(name, a=first, b=last)).scalar_subquery()
        # Days off stand in order, so how many of them lie up to a day is a search, no count.
        off = cast(
            literal([date.fromisoformat(one) for one in calendar_table(nation)], ARRAY(Date)), ARRAY(Date)
        )
        weekdays = raw(f"CAST({_weekdays(b)} - {_weekdays(a)} AS numeric)")
        holidays = func.width_bucket(raw(b), off).op("-")(func.width_bucket(raw(a), off))
        counted = weekdays.op("-")(holidays).op("*")(raw(str(MILLION)))
        return select(counted).select_from(_fenced(name, a=first, b=last)).scalar_subquery()

    def any_true(self, column: Sql) -> Sql:
        return func.bool_or(column)

    def total(self, table: Any, value: Sql, order: list[Sql], name: str) -> Sql:
        running = func.sum(value).over(order_by=order)
        rows = select(value.label("v"), running.label("so_far")).select_from(table)
        named = rows.where(value.is_not(None)).subquery(name)
        total = raw(f"CASE WHEN max(abs({name}.so_far)) < {LIMIT} THEN sum({name}.v) END")
        return select(total).select_from(named).scalar_subquery()


def _fenced(name: str, **values: Sql) -> Any:
    """Values by name, each evaluated once."""
    return select(*(value.label(key) for key, value in values.items())).offset(raw("0")).subquery(name)


def _halves_to_even(top: str, bottom: str) -> str:
    whole, twice = f"div({top}, {bottom})", f"2 * abs(mod({top}, {bottom}))"
    up = f"{twice} > abs({bottom}) OR ({twice} = abs({bottom}) AND mod({whole}, 2) <> 0)"
    return f"({whole} + CASE WHEN {up} THEN sign({top}) * sign({bottom}) ELSE 0 END)"


def _weekdays(day: str) -> str:
    """Mondays to Fridays from the first day there is, a Monday, to this one, included."""
    number = f"({day} - date '0001-01-01' + 1)"
    return f"({number} / 7 * 5 + least({number} % 7, 5))"
