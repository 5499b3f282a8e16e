"""What a question type is, and the registry of them.

Everything about one type of question – its settings, how people's typing is read, what is refused,
how it is shown – stands in one file under `types/`. This module says what such a file must offer, so that
evaluation, drawing and the generated reference never ask "which type is it?". It must not know any particular
type, form or page.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, Literal

from engine.language.model import OptionList, Question

ValueType = Literal[
    "text",
    "number",
    "date",
    "time",
    "yes_no",
    "option",
    "options",
    "record",
    "records",
    "rows",
    "grid",
    "parts",
    "files",
    "none",
]
ProblemCode = Literal[
    "required",
    "type",
    "option",
    "range",
    "pattern",
    "valid_if",
    "unknown_question",
    "read_only",
    "carried",
    "hidden",
    "stale",
]
Json = Any
Posted = Mapping[str, Sequence[str]]
Schema = Mapping[str, Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with an answer, said to the person who gave it. `question` is the answer's path."""

    question: str
    code: ProblemCode
    message: str

    def json(self) -> dict[str, str]:
        return {"question": self.question, "code": self.code, "message": self.message}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a value, before anybody knows at which path it stands."""

    code: ProblemCode
    message: str

    def at(self, path: str) -> Problem:
        return Problem(path, self.code, self.message)


def _nobody(_: str) -> str | None:
    return None


@dataclass(frozen=True, slots=True)
class Context:
    """What reading and showing an answer may look at beyond its question.

    `name_of` gives the name of a record or a person by id, or None where it may not be shown.
    """

    lists: Mapping[str, OptionList] = field(default_factory=lambda: MappingProxyType({}))
    today: date | None = None
    name_of: Callable[[str], str | None] = _nobody


Reading = Callable[[Json], Any]
Checking = Callable[[Any], Fault | None]
Writing = Callable[[Any], Json]


class QuestionType(ABC):
    """One type of question. An instance holds no state; one serves every form.

    A definition is compiled once and evaluated often, so a type hands out *prepared* functions for one
    question (`reading`, `checking`, `writing`); `load`, `check` and `dump` are the same for a single call.

    `name` is what definitions write after `type:`. `summary` says in one sentence what it is for.
    `settings_schema` holds a JSON Schema for each setting of its own; `needs` names those that must be given.
    `parts` are the ends of posted names: `("",)` for one box, `("day", "month", "year")` for three.
    `takes_options`: its `options` name a list. `container`: it holds questions of its own. `answered`: it
    takes an answer. `always_third_party`: its answers are other people's information whatever a definition says.
    """

    name: str
    summary: str
    settings_schema: Schema = MappingProxyType({})
    needs: tuple[str, ...] = ()
    parts: tuple[str, ...] = ("",)
    takes_options: bool = False
    container: bool = False
    answered: bool = True
    always_third_party: bool = False
    example: Json = None

    @abstractmethod
    def value_type(self, question: Question) -> ValueType:
        """What conditions see of it."""

    @abstractmethod
    def parse(self, posted: Posted, question: Question, context: Context) -> Any:
        """What a person typed, as a value; None if nothing was typed; a Problem if it cannot be read."""

    @abstractmethod
    def reading(self, question: Question, lists: Mapping[str, OptionList]) -> Reading:
        """A function from JSON to a value: None for nothing, a Fault for what is no answer."""

    def checking(self, question: Question, lists: Mapping[str, OptionList]) -> Checking | None:
        """A function that gives the first fault of a value that could be read; None if there can be none."""
        return None

    def load(self, json: Json, question: Question, context: Context | None = None) -> Any:
        """One answer's JSON as a value, or a Fault."""
        return self.reading(question, context.lists if context else {})(json)

    def check(self, value: Any, question: Question, context: Context) -> Iterator[Problem]:
        """What is wrong with a value that could be read."""
        checking = self.checking(question, context.lists)
        fault = checking(value) if checking is not None and value is not None else None
        if fault is not None:
            yield fault.at(question.id)

    def writing(self, question: Question, lists: Mapping[str, OptionList]) -> Writing | None:
        """A function from a value to JSON, in the one form in which it is stored; None if they are alike."""
        return None

    def dump(self, value: Any, question: Question, context: Context | None = None) -> Json:
        """The value as JSON, in the one form in which answers are stored."""
        writing = self.writing(question, context.lists if context else {})
        return value if writing is None or value is None else writing(value)

    def silent(self, question: Question) -> bool:
        """Whether a page posts nothing at all for it when nothing is chosen: boxes to tick, not boxes to type in."""
        return False

    def posts(self, question: Question, lists: Mapping[str, OptionList]) -> tuple[str, ...]:
        """The ends of the names that a page posts for this question."""
        return self.parts

    def inner(self, question: Question, lists: Mapping[str, OptionList]) -> tuple[Question, ...]:
        """The questions that this one is made of. Conditions see the whole alone: whether it is answered."""
        return ()

    def boxes(self, json: Json) -> dict[str, list[str]]:
        """A stored answer as it stands in the boxes of a page, by part; also one that could not be read."""
        if json is None or not self.parts:
            return {}
        values = json if isinstance(json, list) else [json]
        return {"": [one if isinstance(one, str) else str(one) for one in values]}

    def unread(self, posted: Posted) -> Json:
        """What was typed, as one text that is kept until it is put right: an answer that cannot be read."""
        return one_text(posted)

    @abstractmethod
    def display(self, value: Any, question: Question, context: Context) -> str:
        """The value as people read it."""

    def required_message(self, question: Question) -> str:
        """What is said when an answer is needed and there is none."""
        from engine.questions import messages

        return messages.say("enter", question)


class Registry(Mapping[str, QuestionType]):
    """Question types by name. Adding one gives a new registry; nothing registers itself."""

    def __init__(self, types: Iterable[QuestionType]) -> None:
        self._types: dict[str, QuestionType] = {}
        for one in types:
            if one.name in self._types:
                raise ValueError(f"Two question types are named ‘{one.name}’. Give one of them another name.")
            self._types[one.name] = one

    def with_(self, *types: QuestionType) -> Registry:
        """A new registry with these types too. Raises ValueError if a name is taken."""
        return Registry((*self._types.values(), *types))

    def __getitem__(self, name: str) -> QuestionType:
        return self._types[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._types)

    def __len__(self) -> int:
        return len(self._types)


def one_text(posted: Posted, part: str = "") -> str:
    """The text posted for one box, trimmed; empty if the box was not posted."""
    values = posted.get(part, ())
    return values[0].strip() if values else ""
