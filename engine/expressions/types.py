"""What kinds of value expressions know. Must not know where values come from or how they are compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from engine.language.model import Option, OptionList

Kind = Literal[
    "number", "text", "date", "time", "yes_no", "choice", "choices", "record", "records", "rows", "thing"
]

_SAID: dict[str, str] = {
    "number": "a number", "text": "text", "date": "a date", "time": "a time of day", "yes_no": "yes or no",
    "choice": "one option of a list", "choices": "several options of a list", "record": "a record",
    "records": "records", "rows": "rows", "thing": "something that can only be answered or not",
}  # fmt: skip
ORDERED = frozenset({"number", "date", "time"})


@dataclass(frozen=True, slots=True)
class Type:
    """The kind of a value; `options` is the list of a choice. Two choices are alike if their lists are."""

    kind: Kind
    options: OptionList | None = None

    def __str__(self) -> str:
        if self.options is not None and self.options.title:
            return f"{_SAID[self.kind].replace('a list', f'‘{self.options.title}’')}"
        return _SAID[self.kind]

    @property
    def title(self) -> str:
        """The list of a choice by its title, between quotes."""
        return f"‘{self.options.title or self.options.id}’" if self.options else "its list"

    def like(self, other: Type) -> bool:
        """Whether values of the two may be compared with `=`."""
        if self.kind != other.kind:
            return False
        if self.options is None or other.options is None:
            return True
        return self.options.id == other.options.id

    def option(self, option_id: str) -> Option | None:
        """The option of this name, the `other` that a list adds included."""
        if self.options is None:
            return None
        found = self.options.option(option_id)
        if found is None and option_id == "other" and self.options.other:
            return Option("other", label="Other")
        return found

    def choosable(self) -> tuple[tuple[str, str], ...]:
        """The options that can be chosen now, with their labels: neither groups nor retired ones."""
        if self.options is None:
            return ()
        chosen = [(one.id, one.label) for one in self.options.options if not one.group and not one.retired]
        return (*chosen, ("other", "Other")) if self.options.other else tuple(chosen)

    def option_ids(self) -> tuple[str, ...]:
        if self.options is None:
            return ()
        ids = tuple(option.id for option in self.options.options)
        return (*ids, "other") if self.options.other and "other" not in ids else ids


NUMBER = Type("number")
TEXT = Type("text")
DATE = Type("date")
TIME = Type("time")
YES_NO = Type("yes_no")
RECORD = Type("record")
RECORDS = Type("records")
ROWS = Type("rows")
THING = Type("thing")


def choice(options: OptionList) -> Type:
    """One option of a list."""
    return Type("choice", options)


def choices(options: OptionList) -> Type:
    """Any number of options of a list."""
    return Type("choices", options)
