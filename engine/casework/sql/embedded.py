"""The core in SQLite, with our own functions on the connection: decimals, texts and days are Python's own.

JSON stands as text; days as ISO text; yes and no as 1 and 0.
"""

from __future__ import annotations

from typing import Any, Literal

from sqlalchemy import String, func, literal, select

from engine.casework.sql.dialects import MILLION, Dialect, Source, Sql, quoted, raw
from engine.expressions.tree import Constant
from engine.expressions.types import Kind
from engine.expressions.values import dump

_OPERATIONS = {"+": "trefoil_add", "-": "trefoil_subtract", "*": "trefoil_multiply", "/": "trefoil_divide"}


class Embedded(Dialect):
    def path(self, document: str, *keys: str) -> str:
        steps = "".join(f'."{key}"' for key in keys)
        return f"({document} -> {quoted('$' + steps)})"

    def load(self, kind: Kind, json: str) -> Sql:
        if kind == "yes_no":
            return raw(f"CASE {json} WHEN 'true' THEN 1 WHEN 'false' THEN 0 END")
        if kind in ("choice", "record"):
            return raw(f"nullif({self.state(json)}, '')")
        return getattr(func, f"trefoil_{kind}")(raw(json))

    def present(self, json: str) -> Sql:
        return raw(f"({json} IS NOT NULL AND {json} NOT IN ('null', '\"\"', '[]', '{{}}'))")

    def rows(self, json: str, alias: str) -> Source:
        return Source(
            f"json_each({json}) AS {alias}", f"{alias}.type = 'object'", f"{alias}.value", f"{alias}.id"
        )

    def options(self, json: str, alias: str, *, keys: bool = False) -> Source:
        first = "IN ('[', '{')" if keys else "= '['"
        listed = f"CASE WHEN substr({json}, 1, 1) {first} THEN {json} END"
        texts, value = f"{alias}.type = 'text'", f"{alias}.value"
        if keys:
            # The keys of a mapping are texts, the places in a list numbers.
            keyed = f"typeof({alias}.key) = 'text'"
            texts, value = f"({keyed} OR {texts})", f"CASE WHEN {keyed} THEN {alias}.key ELSE {value} END"
        return Source(f"json_each({listed}) AS {alias}", texts, value, f"{alias}.id")

    def state(self, json: str) -> str:
        return f"CASE WHEN substr({json}, 1, 1) = '\"' THEN {json} ->> '$' END"

    def plain(self, node: Constant) -> Sql:
        return literal(str(dump(node.value)), String())

    def number(self, millionths: int) -> Sql:
        return raw(str(millionths))

    def whole(self, count: Sql) -> Sql:
        return count.op("*")(raw(str(MILLION)))

    def truth(self, value: bool) -> Sql:
        return raw("1" if value else "0")

    def arithmetic(self, operator: Literal["+", "-", "*", "/"], left: Sql, right: Sql, name: str) -> Sql:
        return getattr(func, _OPERATIONS[operator])(left, right)

    def age(self, born: Sql, at: Sql, name: str) -> Sql:
        return func.trefoil_age(born, at)

    def days(self, first: Sql, last: Sql, nation: str | None, name: str) -> Sql:
        if nation is None:
            return func.trefoil_days(first, last)
        return func.trefoil_working_days(raw(quoted(nation)), first, last)

    def any_true(self, column: Sql) -> Sql:
        return func.max(column) == raw("1")

    def total(self, table: Any, value: Sql, order: list[Sql], name: str) -> Sql:
        made = select(func.trefoil_total(*order, value)).select_from(table)
        return made.scalar_subquery()
