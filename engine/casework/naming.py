"""Naming records by their type's pattern: what a name is made of, and the number that tells equal names apart.

A name is given once and kept. `{sequence}` counts within the rest of the name, in the database, so that two who
make a record at once never get one number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select, update

from engine.casework.columns import insert_unless_there
from engine.casework.store import Desk
from engine.casework.tables import name_counter
from engine.language.model import Question, RecordType, Stack
from engine.questions import BUILT_IN, Context, Fault

PLACEHOLDER = re.compile(r"\{([a-z_][a-z0-9_]*)\}")
SEASONS = ("winter", "winter", *("spring",) * 3, *("summer",) * 3, *("autumn",) * 3, "winter")
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
NUMBER = "\x00"
"""Where the number will stand: no text that people write can hold it."""


def compose(type: RecordType, fields: Mapping[str, Any], stack: Stack, on: date) -> str:
    """The name without its number, which stands as NUMBER. Parts left empty leave no stray commas behind."""
    words = {
        "year": str(on.year),
        "season": SEASONS[on.month - 1],
        "month": MONTHS[on.month - 1],
        "sequence": NUMBER,
    }
    questions = {question.id: question for question in type.fields}

    def filled(found: re.Match[str]) -> str:
        name = found.group(1)
        if name in questions:
            return shown(questions[name], fields.get(name), stack)
        return words.get(name, "")

    # An empty part takes its separator with it: "The Arches, , N1" is "The Arches, N1".
    parts = [PLACEHOLDER.sub(filled, part) for part in re.split(r"(,\s*)", type.name)]
    kept = [" ".join(part.split()) for part in parts[::2]]
    name = ", ".join(part for part in kept if part)
    return name or type.title


def shown(question: Question, value: Any, stack: Stack) -> str:
    """An answer in a name: options by their labels. What cannot be read is left out."""
    kind = BUILT_IN[question.type]
    context = Context(lists=stack.lists)
    read = kind.load(value, question, context)
    if read is None or isinstance(read, Fault):
        return ""
    return kind.display(read, question, context)


def given(desk: Desk, type: RecordType, fields: Mapping[str, Any]) -> str:
    """The name for a new record, its number taken."""
    stem = compose(type, fields, desk.stack, desk.today)
    if NUMBER not in stem:
        return stem
    # Counted under a digest: the counter outlives the record, and must not remember what it was called.
    counted = desk.store.keys.digest("name", desk.authority, type.id, stem.casefold())
    return stem.replace(NUMBER, str(_next(desk, counted)))


def _next(desk: Desk, stem: str) -> int:
    mine = (name_counter.c.authority == desk.authority) & (name_counter.c.stem == stem)
    first = {"authority": desk.authority, "stem": stem, "last": 0}
    desk.run(insert_unless_there(name_counter, desk.connection.dialect.name), first)
    # The row is locked from here to the end of the transaction: the next one waits for this number.
    desk.run(update(name_counter).where(mine).values(last=name_counter.c.last + 1))
    return int(desk.run(select(name_counter.c.last).where(mine)).scalar_one())
