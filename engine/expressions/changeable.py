"""What may be answered otherwise, and what a change of answers is: the words in which the least change is sought.

Whoever keeps answers offers them as a `World`: what each name stands for, and how everything reads once some
answers are changed. Must not know how a change is sought, nor forms and workflows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, Protocol

from engine.expressions.closures import Reader
from engine.expressions.tree import FormState, Node, Read

Truths = frozenset[bool | None]
TRUE: Final[Truths] = frozenset({True})
FALSE: Final[Truths] = frozenset({False})
NOT_TRUE: Final[Truths] = frozenset({False, None})
NOT_FALSE: Final[Truths] = frozenset({True, None})
MOST_CHANGES = 3


class Mark:
    """A value that is none: what happens to a row, or what no value can be invented for."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name


ADDED: Final = Mark("a row is added")
REMOVED: Final = Mark("the row is removed")


@dataclass(frozen=True, slots=True)
class Place:
    """One row in which an expression reads: its path, and the keys that it answers itself."""

    path: str
    own: frozenset[str] = field(compare=False)


Context = tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Answerable:
    """One answer as it could be changed. `path` says where it stands: `harm_types`, `places[0].cost`.

    `kind` is a value's, or `state` for how far a form is. `given` is what is answered now, shown or not, as a
    value. It counts only while all `gates` hold. `calculated` is worked out so, and nobody answers it. Not
    `free`: nobody can answer it otherwise, as the day. `far`: it is kept elsewhere than what is being filled in.
    `least`, `most`, `whole` bound numbers and days; `rows` is the repeat or grid in which it stands, `where` says so
    in words. `blank`: it may be emptied; for rows, one may be taken away, and if it `grows`, one added. `text` stands
    for any answer that need only be there. `checks` are conditions that it is held to.
    """

    path: str
    name: str
    kind: str
    label: str = ""
    options: tuple[tuple[str, str], ...] = ()
    given: Any = None
    least: Any = None
    most: Any = None
    whole: bool = False
    gates: tuple[tuple[Node, Context], ...] = ()
    checks: tuple[tuple[Node, Context], ...] = ()
    calculated: tuple[Node, Context] | None = None
    free: bool = True
    far: bool = False
    blank: bool = True
    grows: bool = True
    rows: str = ""
    where: str = ""
    order: int = 0
    text: Any = "something"


class Look(Protocol):
    """How everything reads once some answers are changed."""

    @property
    def read(self) -> Reader: ...

    def rows(self, path: str) -> Iterable[tuple[str, Mapping[str, Any], bool]]:
        """The rows of a repeat or grid: path, what it answers, and whether it is there yet (a grid's may not be)."""
        ...

    def next_row(self, path: str) -> str | None:
        """The path of a row that could be added; None where none can."""
        ...


class World(Protocol):
    """Answers that can be changed. `json`: its looks read answers as they are stored."""

    @property
    def json(self) -> bool: ...

    def answerable(self, read: Read | FormState, path: str, context: Context) -> Answerable: ...

    def look(self, changes: Mapping[str, Any]) -> Look: ...

    def allows(self, changes: Mapping[str, Any], look: Look) -> bool:
        """Whether these changes may be offered: nothing changed is hidden, and none of it would be refused."""
        ...


@dataclass(frozen=True, slots=True)
class Changed:
    """One answer to be changed: from what is given now to `value`; None empties it. For a row, ADDED or REMOVED."""

    answer: Answerable
    value: Any

    @property
    def path(self) -> str:
        return self.answer.path


@dataclass(frozen=True, slots=True)
class Least:
    """What was found. `changed`: together they flip it, and no fewer do.

    `outcome` else says why there are none: `constant` – nothing that anybody answers can alter it; `none` – no
    three answers do; `stopped` – the search ended at its bound before it was through.
    """

    outcome: Literal["found", "constant", "none", "stopped"]
    changed: tuple[Changed, ...] = ()
    steps: int = 0


def path_of(key: str, context: Context) -> str:
    """Where what is read by this key stands: in the innermost row that answers it itself, or outside all rows."""
    for place in reversed(context):
        if key in place.own:
            return f"{place.path}.{key}"
    return key


def surrounding(key: str, context: Context) -> Context:
    """The rows around what is read by this key."""
    for depth in range(len(context), 0, -1):
        if key in context[depth - 1].own:
            return context[:depth]
    return ()
