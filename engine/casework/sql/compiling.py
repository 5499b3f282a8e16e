"""The core tree → one SQL expression. NULL is unknown, and SQL's own three-valued logic is Kleene's.

Everything that two databases write differently is the dialect's. Inner selects read what is around them by name, so
every name is given once. Must not know forms or where answers stand.
"""

from __future__ import annotations

from itertools import count
from typing import Any

from sqlalchemy import and_, case, exists, func, literal, not_, null, or_, select, union_all
from sqlalchemy import text as written

from engine.casework.sql.access import Access, Cell, Json, Members
from engine.casework.sql.dialects import Dialect, Source, Sql, raw
from engine.expressions import tree
from engine.expressions.typing import Typed

_MANY = ("choices", "records", "rows")
_ORDER = {"=": "__eq__", "<": "__lt__", "<=": "__le__"}
Row = tuple[frozenset[str], str]
"""The keys that a row answers itself, and its JSON."""


def compiled(typed: Typed | tree.Node, access: Access, dialect: Dialect) -> Sql:
    """The value of an expression in the rows that `access` reads; NULL where it is missing or unknown.

    Numbers come as whole millionths, yes and no as the database has them.
    """
    node = typed.tree if isinstance(typed, Typed) else typed
    return _Compiler(access, dialect).value(node)


class _Compiler:
    def __init__(self, access: Access, dialect: Dialect) -> None:
        self.access = access
        self.dialect = dialect
        self.rows: tuple[Row, ...] = ()
        self.numbers = count(1)

    def name(self) -> str:
        return f"x{next(self.numbers)}"

    def value(self, node: tree.Node) -> Sql:
        """Any node but a column or something of many values."""
        made: Sql = getattr(self, f"_{type(node).__name__.lower()}")(node)
        return made

    # Reading.

    def _place(self, read: tree.Read) -> Json | Cell | Members:
        for own, row in reversed(self.rows):
            if read.key in own:
                return Json(self.dialect.path(row, read.key))
        return self.access.read(read, self.dialect)

    def _many(self, read: tree.Read) -> Source:
        """Rows, or options chosen, to select from."""
        place, alias = self._place(read), self.name()
        if isinstance(place, Members):
            table, condition = place.table.format(alias=alias), place.condition.format(alias=alias)
            return Source(
                f"{table} AS {alias}", condition, f"{alias}.{place.value}", f"{alias}.{place.value}"
            )
        if read.kind == "rows":
            return self.dialect.rows(place.sql, alias)
        return self.dialect.options(place.sql, alias, keys=read.kind == "choices")

    def _constant(self, node: tree.Constant) -> Sql:
        return self.dialect.constant(node)

    def _today(self, node: tree.Today) -> Sql:
        return raw(self.access.today())

    def _read(self, node: tree.Read) -> Sql:
        place = self._place(node)
        if isinstance(place, Cell):
            return raw(place.sql)
        assert isinstance(place, Json)
        return self.dialect.load(node.kind, place.sql)

    def _answered(self, node: tree.Answered) -> Sql:
        operand = node.operand
        if isinstance(operand, tree.Read) and operand.kind in _MANY:
            return _some(self._many(operand))
        if isinstance(operand, tree.Read) and operand.kind == "thing":
            place = self._place(operand)
            return self.dialect.present(place.sql) if isinstance(place, Json) else raw(place.sql).is_not(None)  # type: ignore[union-attr]
        return self.value(operand).is_not(None)

    def _formstate(self, node: tree.FormState) -> Sql:
        among = raw(self.access.state(node.form, self.dialect)).in_(_texts(node.states))
        return func.coalesce(among, self.dialect.truth(False))

    # Logic and comparing.

    def _compare(self, node: tree.Compare) -> Sql:
        left, right = self.value(node.left), self.value(node.right)
        compared: Sql = getattr(left, _ORDER[node.operator])(right)
        return compared

    def _member(self, node: tree.Member) -> Sql:
        return self.value(node.operand).in_(_texts(node.options))

    def _includes(self, node: tree.Includes) -> Sql:
        assert isinstance(node.operand, tree.Read)
        every, chosen = self._many(node.operand), self._many(node.operand)
        return case((_some(every), _some(chosen, raw(chosen.value).in_(_texts(node.options)))), else_=null())

    def _not(self, node: tree.Not) -> Sql:
        return not_(self.value(node.operand))

    def _and(self, node: tree.And) -> Sql:
        return and_(*(self.value(item) for item in node.items))

    def _or(self, node: tree.Or) -> Sql:
        return or_(*(self.value(item) for item in node.items))

    # Numbers and days.

    def _arithmetic(self, node: tree.Arithmetic) -> Sql:
        left, right = self.value(node.left), self.value(node.right)
        return self.dialect.arithmetic(node.operator, left, right, self.name())

    def _age(self, node: tree.Age) -> Sql:
        return self.dialect.age(self.value(node.born), self.value(node.at), self.name())

    def _days(self, node: tree.Days) -> Sql:
        return self.dialect.days(self.value(node.first), self.value(node.last), node.nation, self.name())

    # Rows.

    def _anyrow(self, node: tree.AnyRow) -> Sql:
        source, name = self._many(node.rows), self.name()
        outer = self.rows
        self.rows = (*outer, (node.own, source.value))
        body = self.value(node.body)
        self.rows = outer
        tried = _from(source, body.label("held")).offset(raw("0")).subquery(name)
        held = raw(f"{name}.held")
        result = case(
            (self.dialect.any_true(held), self.dialect.truth(True)),
            (func.count() > func.count(held), null()),
            else_=self.dialect.truth(False),
        )
        return select(result).select_from(tried).scalar_subquery()

    def _cells(self, column: tree.Column) -> tuple[Source, Sql]:
        source = self._many(column.rows)
        cell = tree.Read(column.cell.key, column.cell.name, column.cell.kind)
        return source, self.dialect.load(cell.kind, self.dialect.path(source.value, cell.key))

    def _count(self, node: tree.Count) -> Sql:
        if isinstance(node.operand, tree.Column):
            source, cell = self._cells(node.operand)
            counted: Any = func.count(cell)
        else:
            source = self._many(node.operand)
            # Rows are counted one by one, an option that stands there twice once.
            value: Any = raw(source.value)
            counted = func.count(value) if node.operand.kind == "rows" else func.count(func.distinct(value))
        return self.dialect.whole(_from(source, counted).scalar_subquery())

    def _fold(self, node: tree.Fold) -> Sql:
        name = self.name()
        parts = [self._part(item, number) for number, item in enumerate(node.items)]
        rows: Any = union_all(*parts) if len(parts) > 1 else parts[0]
        table = rows.subquery(name)
        value = raw(f"{name}.v")
        if node.function == "sum":
            return self.dialect.total(table, value, [raw(f"{name}.part"), raw(f"{name}.place")], self.name())
        folded = func.min(value) if node.function == "min" else func.max(value)
        return select(folded).select_from(table).scalar_subquery()

    def _part(self, item: tree.Node, number: int) -> Any:
        part = raw(str(number)).label("part")
        if isinstance(item, tree.Column):
            source, cell = self._cells(item)
            return _from(source, part, raw(source.order).label("place"), cell.label("v"))
        return select(part, raw("0").label("place"), self.value(item).label("v"))


def _from(source: Source, *columns: Any) -> Any:
    return select(*columns).select_from(written(source.table)).where(raw(source.condition))


def _some(source: Source, *conditions: Sql) -> Sql:
    return exists(_from(source, raw("1")).where(*conditions))


def _texts(options: frozenset[str]) -> list[Any]:
    return [literal(one) for one in sorted(options)]
