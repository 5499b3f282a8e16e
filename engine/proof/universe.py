"""What there is to decide about: questions with their types, and what an answer to a decision looks like.

`Reading` is the meaning of a universe: from what is answered to what conditions see. Everything else in the room is
held to it. Must not know how anything is decided.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from engine.expressions import closure, dump
from engine.expressions import tree as core
from engine.expressions.types import Kind

Describe = Callable[[str, str], "Question | None"]
STATE = "state"


@dataclass(frozen=True, slots=True)
class Question:
    """Something that can be read. `kind` is a value's, or `state` for how far a form is (`options` are its states).

    `shown`: without this being true it is missing. `calculated`: it is this, and nobody answers it. `asked`: while
    shown, and this true, it is answered. `least`, `most` and `step` bound numbers and days. `cells` are a repeat's,
    by the row's own keys. `doubtful`: some answers of the type may never come, so that what is found is a maybe.
    """

    key: str
    kind: Kind | str
    label: str = ""
    options: tuple[tuple[str, str], ...] = ()
    shown: core.Node | None = None
    calculated: core.Node | None = None
    asked: core.Node | None = None
    must_be_there: bool = False
    least: Any = None
    most: Any = None
    step: Decimal = Decimal("0.000001")
    cells: Mapping[str, Question] = field(default_factory=dict, compare=False)
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Universe:
    """Questions by key, and conditions that are never false (`must`)."""

    questions: Mapping[str, Question]
    must: tuple[core.Node, ...] = ()

    @property
    def nodes(self) -> tuple[core.Node, ...]:
        """Every condition and calculation by which the universe itself is bound."""
        found = list(self.must)
        for one in self.questions.values():
            found += [node for node in (one.shown, one.calculated, one.asked) if node is not None]
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of a witness, as it is stored and as people say it."""

    key: str
    label: str
    value: Any
    said: str


@dataclass(frozen=True, slots=True)
class Witness:
    """Answers under which it is so. Not `sure`: one of them may be of a kind that never comes."""

    answers: tuple[Answer, ...]
    sure: bool = True

    def in_words(self) -> str:
        """The answers as one phrase: With “Seen alone?” = no."""
        if not self.answers:
            return "With nothing answered"
        return "With " + ", ".join(f"“{one.label}” = {one.said}" for one in self.answers)


@dataclass(frozen=True, slots=True)
class Impossible:
    """No answers make it so."""


@dataclass(frozen=True, slots=True)
class Undecided:
    """Neither could be shown within the budget, or with what the room can decide. `why` says which, in words."""

    why: str = "there is too much to try"


IMPOSSIBLE = Impossible()
Decision = Witness | Impossible | Undecided


def universe_of(
    nodes: Iterable[core.Node],
    describe: Describe,
    must: Callable[[Question], Iterable[core.Node]] = lambda one: (),
) -> Universe:
    """Every question that the nodes read, and those that decide whether these count. `must` gives, for each, what
    binds its answers. What `describe` (of key and kind) does not know is taken as it is read."""
    found: dict[str, Question] = {}
    bound: list[core.Node] = []
    waiting = list(nodes)
    while waiting:
        for key, kind, label in names(waiting.pop()):
            if key in found:
                continue
            question = describe(key, kind) or Question(key, kind, label)
            found[key] = question
            more = list(must(question))
            bound += more
            waiting += [
                one for one in (question.shown, question.calculated, question.asked, *more) if one is not None
            ]
    return Universe(found, tuple(dict.fromkeys(bound)))


def names(node: core.Node) -> list[tuple[str, str, str]]:
    """What is read outside rows: key, kind, label. Cells belong to their rows."""
    found: list[tuple[str, str, str]] = []
    own: set[int] = set()
    for one in core.walk(node):
        if isinstance(one, core.AnyRow):
            own |= {
                id(each)
                for each in core.walk(one.body)
                if isinstance(each, core.Read) and each.key in one.own
            }
        elif isinstance(one, core.Column):
            own.add(id(one.cell))
    for one in core.walk(node):
        if isinstance(one, core.Read) and id(one) not in own:
            found.append((one.key, one.kind, one.label))
        elif isinstance(one, core.FormState):
            found.append((one.key, STATE, one.label or one.form))
        elif isinstance(one, core.Today):
            found.append(("today()", "date", "Today"))
    return found


class Meaning:
    """The universe made ready: what conditions see, given what is answered."""

    def __init__(self, universe: Universe) -> None:
        self.universe = universe
        self._runs: dict[core.Node, Any] = {}

    def run(self, node: core.Node, answers: Mapping[str, Any]) -> Any:
        """What a condition comes to."""
        return self._closure(node)(self.reader(answers))

    def reader(self, answers: Mapping[str, Any]) -> Reading:
        return Reading(self, answers)

    def holds(self, answers: Mapping[str, Any]) -> bool:
        """Whether these answers keep to all by which the universe is bound."""
        read = self.reader(answers)
        for key, one in self.universe.questions.items():
            if one.calculated is not None:
                continue
            value = read(key)
            if (
                value is None
                and one.must_be_there
                and (one.shown is None or self._closure(one.shown)(read) is True)
            ):
                return False
            asked = one.asked is not None and self._closure(one.asked)(read) is True
            if value is None and asked and (one.shown is None or self._closure(one.shown)(read) is True):
                return False
        return all(self._closure(one)(read) is not False for one in self.universe.must)

    def _closure(self, node: core.Node) -> Any:
        if node not in self._runs:
            self._runs[node] = closure(node)
        return self._runs[node]

    def _value(self, key: str, read: Reading, raw: Mapping[str, Any]) -> Any:
        question = self.universe.questions.get(key)
        if question is None:
            return raw.get(key)
        if question.shown is not None and self._closure(question.shown)(read) is not True:
            return None
        if question.calculated is not None:
            return self._closure(question.calculated)(read)
        return raw.get(key)


class Reading:
    """Answers as conditions see them: hidden ones missing, calculated ones worked out."""

    __slots__ = ("_known", "_meaning", "_raw")

    def __init__(self, meaning: Meaning, raw: Mapping[str, Any]) -> None:
        self._meaning = meaning
        self._raw = raw
        self._known: dict[str, Any] = {}

    def __call__(self, key: str) -> Any:
        if key not in self._known:
            self._known[key] = None  # a circle is a fault told elsewhere; here it is missing
            self._known[key] = self._meaning._value(key, self, self._raw)
        return self._known[key]


def witness(universe: Universe, read: Reading) -> Witness:
    """What is read under some answers, told: states of forms only where nothing of the form is told."""
    told: list[Answer] = []
    present = {key: read(key) for key in universe.questions}
    for key in sorted(key for key, value in present.items() if value is not None):
        question, value = universe.questions[key], present[key]
        if question.calculated is not None or key.startswith("§"):
            continue
        form = key.removesuffix("._state")
        if (
            question.kind == STATE
            and value == "submitted"
            and any(
                other.startswith(f"{form}.") and other != key and present[other] is not None
                for other in present
            )
        ):
            continue
        told.append(Answer(key, question.label or key, value, said(question, value)))
    sure = not any(one.doubtful and present[one.key] is not None for one in universe.questions.values())
    return Witness(tuple(told), sure)


def said(question: Question, value: Any) -> str:
    """An answer in plain words."""
    labels = dict(question.options)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, frozenset):
        return " and ".join(labels.get(one, one) for one in sorted(value))
    if isinstance(value, list | tuple):
        return "one row" if len(value) == 1 else f"{len(value)} rows"
    if isinstance(value, str):
        return labels.get(value, value)
    if isinstance(value, date):
        return value.isoformat()
    return str(dump(value))
