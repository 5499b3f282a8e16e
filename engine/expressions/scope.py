"""Which names an expression may read, and what each is. Scopes nest: a row in a row in a form.

Must not know the typing's rules nor how values are fetched; where names come from is `names`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from engine.expressions.types import Type
from engine.language.model import Expression
from engine.language.places import NOWHERE, Place


def _no_names() -> Mapping[str, Name]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Name:
    """Something that can be read. `key` is what a reader is asked; `name` is the name written out in full.

    Rows (repeats, grids, `record.links`) have `columns`, whose keys are as a row answers them.
    """

    key: str
    name: str
    type: Type
    label: str = ""
    retired: bool = False
    columns: Mapping[str, Name] = field(default_factory=_no_names, compare=False)
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class ColumnName:
    """`places.cost` seen from outside the row."""

    rows: Name
    cell: Name


@dataclass(frozen=True, slots=True)
class FormName:
    """A form named alone, as in `referral is submitted`."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class SectionName:
    """A section: it has a name and no value."""

    id: str


@dataclass(frozen=True, slots=True)
class ConditionName:
    """A named condition."""

    id: str
    expression: Expression


Found = Name | ColumnName | FormName | SectionName | ConditionName


class World:
    """What can be named from anywhere in a stack. `names.StackWorld` is the real one."""

    nation = "england"
    conditions: Mapping[str, Expression] = MappingProxyType({})

    def find(self, path: str) -> Found | None:
        """What a dotted path, or a form's id, means outside the form."""
        return None

    def words(self) -> Iterator[str]:
        """Everything that might have been meant, for did-you-mean."""
        return iter(())

    def form_ids(self) -> Iterator[str]:
        return iter(())


@dataclass(frozen=True, slots=True)
class Scope:
    """Where an expression stands: the names nearest to it, those around it, and the world."""

    names: Mapping[str, Name]
    world: World
    sections: frozenset[str] = frozenset()
    form: str | None = None
    outer: Scope | None = None

    def find(self, path: str) -> Found | None:
        """What a name means here: in the row, then the rows around it, the form, and what is written out."""
        found = self.own(path)
        if found is not None:
            return found
        found = self.world.find(path)
        if found is None and path in self.world.conditions:
            return ConditionName(path, self.world.conditions[path])
        return found

    def own(self, path: str) -> Found | None:
        """What a name means in the row, the rows around it and the form; nothing beyond."""
        scope: Scope | None = self
        while scope is not None:
            found = scope._here(path)
            if found is not None:
                return found
            scope = scope.outer
        form = self.form_id()
        if form is not None and path.startswith(f"{form}."):
            return self.own(path[len(form) + 1 :])
        return None

    def form_id(self) -> str | None:
        """The form in which the expression stands."""
        return self.form if self.outer is None else self.outer.form_id()

    def _here(self, path: str) -> Found | None:
        if path in self.names:
            return self.names[path]
        if path in self.sections:
            return SectionName(path)
        rows, _, cell = path.rpartition(".")
        if rows in self.names and cell in self.names[rows].columns:
            return ColumnName(self.names[rows], self.names[rows].columns[cell])
        return None

    def others_called(self, path: str) -> tuple[str, ...]:
        """Other things of the same name that this expression could mean, said in words."""
        if "." in path:
            return ()
        kinds = []
        if self.own(path) is not None:
            kinds.append("a question")
        if isinstance(self.world.find(path), FormName):
            kinds.append("a form")
        if path in self.world.conditions:
            kinds.append("a named condition")
        return tuple(kinds) if len(kinds) > 1 else ()

    def row(self, rows: Name) -> Scope:
        """The scope inside a row of `rows`."""
        return Scope(names=rows.columns, world=self.world, outer=self)

    def words(self) -> Iterator[str]:
        """Every name that may stand here, for did-you-mean."""
        scope: Scope | None = self
        while scope is not None:
            yield from scope.names
            yield from (f"{one.key}.{cell}" for one in scope.names.values() for cell in one.columns)
            scope = scope.outer
        yield from self.world.conditions
        yield from self.world.words()
