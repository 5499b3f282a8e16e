"""A form made ready to be evaluated: its questions with their functions, and the order to settle them.

Compiled once by `compiling`, read by `evaluating`, `browser`, `entry` and `summary`. Holds no answers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from engine.forms.facts import FactRead
from engine.forms.late import Late
from engine.language.model import Answering, Expression, Form, OptionList, Question, Section, Stack
from engine.questions import Fault, QuestionType, messages
from engine.questions.base import Checking, Json, Reading

if TYPE_CHECKING:
    from engine.forms.dependence import Dependence

Reader = Callable[[str], Any]
Wrong = Literal["missing", "wanted", "wrong", "read_only"]
Closure = Callable[[Reader], Any]


@dataclass(frozen=True, slots=True)
class Condition(Late):
    """An expression of the form, ready: `run` gives its value, `typed` explains it and goes to browsers.

    `reads` are the names that it depends on, written out from the form.
    """

    expression: Expression
    typed: Any
    run: Closure
    reads: frozenset[str]


@dataclass(frozen=True, slots=True)
class Leaf(Late):
    """One question that stands for one answer: in the form, in a row, or a column of a grid.

    `asks`: it can be required or advised. `checks`: its answer can be refused once it has been read.
    """

    id: str
    question: Question
    type: QuestionType
    read: Reading
    check: Checking | None
    dump: Callable[[Any], Json] | None
    base: Answering
    other: bool = False
    asks: bool = True
    checks: bool = True
    show: Condition | None = None
    calculate: Condition | None = None
    default: Condition | None = None
    required_if: Condition | None = None
    advised_if: Condition | None = None
    valid_if: Condition | None = None
    _told: dict[str, Fault] = field(default_factory=dict, compare=False, repr=False)

    def fault(self, what: Wrong) -> Fault:
        """What is wrong with its answer, in words; made when it first is."""
        found = self._told.get(what)
        if found is None:
            question = self.question
            found = self._told[what] = (
                Fault("required", self.type.required_message(question))
                if what == "missing"
                else Fault("required", messages.say("advised", question))
                if what == "wanted"
                else Fault("valid_if", question.message or messages.say("valid_if", question))
                if what == "wrong"
                else Fault("read_only", messages.say("read_only", question))
            )
        return found


@dataclass(frozen=True, slots=True)
class Rows:
    """A repeat, a grid or a section answered once a record: rows that each hold the same leaves.

    `own` are the names that a row answers itself, `facts` those it takes from its record. `leaf` is the
    container as a question in its own right. `fixed` holds a grid's rows, (id, label); None for rows that come
    with the answers. `grows`: people add rows of their own to a grid. `each` marks a section whose rows are the records
    that the form is about.
    """

    id: str
    leaf: Leaf
    leaves: tuple[Leaf, ...]
    fixed: tuple[tuple[str, str], ...] | None = None
    grows: bool = False
    each: bool = False
    by_id: Mapping[str, Leaf] = field(default_factory=dict)
    own: frozenset[str] = frozenset()
    facts: tuple[FactRead, ...] = ()


Item = Leaf | Rows


@dataclass(frozen=True, slots=True)
class SectionPlan(Late):
    id: str
    section: Section
    items: tuple[Item, ...]
    show: Condition | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One thing settled while evaluating. One of the three is there; `rows` and `leaf` are a column."""

    section: SectionPlan | None = None
    rows: Rows | None = None
    leaf: Leaf | None = None


@dataclass(frozen=True, slots=True)
class Plan(Late):
    """The whole form, ready. `steps` are what has to be settled, in dependency order; all else is in form order."""

    form: Form
    stack: Stack
    sections: tuple[SectionPlan, ...]
    steps: tuple[Step, ...]
    depends: Dependence
    leaves: Mapping[str, Leaf]
    rows: Mapping[str, Rows]
    lists: Mapping[str, OptionList]
    facts: tuple[FactRead, ...] = ()
