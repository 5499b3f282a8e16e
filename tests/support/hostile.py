"""Expressions written to get out of the language or to keep an evaluation busy, and what they came to.

An escape is anything that the closed core does not have: another exception than a finding, a name that no scope gave,
a value of another sort, or code made, a module brought in, a file, process or connection opened on the way.
"""

from __future__ import annotations

import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from engine import calendars
from engine.expressions import closure, facts_reader, parse, tree, typed
from engine.expressions.closures import Reader
from tests.support.expressions import TODAY, specimen_scope
from tests.support.random_expressions import Maker
from tests.support.strata import MAKERS

BAD = (
    "__import__('os')", "().__class__.__mro__[1].__subclasses__()", "name.__class__", "told.__globals__", "{{ 7*7 }}",
    "${7*7}", "%(x)s", "{0.__class__}", "lambda: 1", "[x for x in places]", "(yield)", "exec(name)", "eval(name)",
    "open(name)", "getattr(name, told)", "constructor.constructor", "__proto__", "this.constructor", "toString",
    "'; DROP TABLE submission; --", "1 UNION SELECT 1", "name.upper()", "9 ** 9 ** 9", "adults ^ 9", "1e999", "0x10",
    "name[0]", "f'{name}'", "import os", "print(name)", "record.__class__", "case.__dict__", "assessment.__init__",
    "\x00", "\u202e told", "told\u200b", "\ud7ff", "\U0001f600 is yes", "#!told", "<script>", "&lt;", "\\", "`id`",
    "$(id)",
)  # fmt: skip
WATCHED = (
    "exec",
    "compile",
    "import",
    "open",
    "os.",
    "subprocess.",
    "socket.",
    "ctypes.",
    "marshal.",
    "pickle.",
)
VALUES = (bool, Decimal, str, date, frozenset)
VISITS = [{"minutes": "1"}] * 400
ANSWERS: dict[str, Any] = {
    "places": [
        {"cost": "1.5", "place_name": "\u00e9" * 5000, "unsafe_since": "2020-01-01", "visits": VISITS}
        for _ in range(3000)
    ],
    "adults": "999999999999.999999", "children": "0.000001", "told": True, "name": "\u00e9" * 10000,
    "other_name": "\u00e9" * 10000, "harm_types": ["cse"] * 1000, "referral_date": "0001-01-01",
    "seen_on": "9999-12-31",
}  # fmt: skip
FACTS = {"assessment": {"people": [{"years": "30"}] * 1000}, "record": {"markers": [{"kind": "cse"}] * 1000}}


@dataclass
class Came:
    """What a run came to; times in milliseconds of processor time."""

    tried: int = 0
    refused: int = 0
    evaluated: int = 0
    escapes: list[tuple[str, str]] = field(default_factory=list)
    longest: float = 0.0
    slowest: str = ""
    sorts: Counter[str] = field(default_factory=Counter)

    def words(self) -> str:
        first = "".join(f"\n  escaped: {why}: {text[:100]!r}" for text, why in self.escapes[:3])
        return (
            f"{self.tried} hostile expressions: {len(self.escapes)} escapes, {self.refused} refused with words, "
            f"{self.evaluated} evaluated, the longest in {self.longest:.2f} ms ({self.slowest[:60]!r}); "
            + ", ".join(f"{sort} {many}" for sort, many in sorted(self.sorts.items()))
            + first
        )


class _Watch:
    """Whether anything was made, brought in or opened. Python's own hook, which cannot be taken off again."""

    def __init__(self) -> None:
        self.on, self.hooked, self.thread = False, False, 0
        self.seen: list[str] = []

    def start(self) -> None:
        if not self.hooked:
            sys.addaudithook(self._note)
            self.hooked = True
        self.seen.clear()
        self.thread = threading.get_ident()
        self.on = True

    def stop(self) -> list[str]:
        self.on = False
        return list(self.seen)

    def _note(self, what: str, _: Any) -> None:
        if self.on and threading.get_ident() == self.thread and what.startswith(WATCHED):
            self.seen.append(what)


WATCH = _Watch()


def texts(chance: Random) -> Iterator[tuple[str, str]]:
    """Hostile texts without end, each with its sort."""
    maker = Maker(chance)
    sorts: tuple[tuple[str, Callable[[Maker], str]], ...] = (
        ("bad words", _bad), ("slips", _slipped), ("slow", _slow), ("deep", _deep), ("noise", _noise),
    )  # fmt: skip
    while True:
        for sort, make in sorts:
            maker.rows.clear()
            yield sort, make(maker)


def _bad(maker: Maker) -> str:
    """What gets out of other languages, alone or where a sound expression has a word."""
    bad = maker.pick(*BAD)
    if maker.chance.random() < 0.2:
        return str(bad)
    words = maker.condition(1).split(" ")
    words[maker.chance.randrange(len(words))] = bad
    return " ".join(words)


def _slipped(maker: Maker) -> str:
    letters = list(maker.condition(2))
    for _ in range(maker.pick(1, 2, 4)):
        letters[maker.chance.randrange(len(letters))] = maker.pick(
            "", " ", "(", ")", '"', ".", ",", "_", "[", "\\", "0"
        )
    return "".join(letters)


def _slow(maker: Maker) -> str:
    """As much work as the language lets one ask for."""
    part = maker.pick(
        "any row of places where cost > 3", "sum(places.cost) > 0", "name = other_name", "count(places.cost) > adults",
        "any row of places where any row of visits where minutes > cost", "harm_types includes extra_familial",
        "every row of places where every row of visits where sum(places.cost) > 0",
        "working days between referral_date and seen_on > 3", "any row of places where place_name = name",
        "any row of places where any row of assessment.people where any row of visits where minutes > years",
        "max(places.unsafe_since, seen_on) < today()", "age of referral_date at seen_on > 3",
    )  # fmt: skip
    joint = maker.pick(" and ", " or ")
    if maker.chance.random() < 0.3:
        number = maker.pick(
            "adults", "children", "sum(places.cost)", "working days between referral_date and seen_on"
        )
        return str(maker.pick(" * ", " / ", " + ").join([number] * maker.pick(5, 40, 120, 180)) + " > 3")
    return str(joint.join([f"({part})"] * maker.pick(1, 3, 10, 30, 60)))


def _deep(maker: Maker) -> str:
    many = maker.pick(5, 20, 29, 39, 60, 300, 3000)
    inner = maker.pick(*MAKERS)(maker)
    return str(
        maker.pick(
            "(" * many + inner + ")" * many, "not " * many + "told", "-" * many + "adults > 1", "(" * many,
            " or ".join([inner] * min(many, 300)), "any row of places where " * min(many, 60) + "safe",
        )
    )  # fmt: skip


def _noise(maker: Maker) -> str:
    letters = "abc_ ()[]{}.,;:\"'`+-*/<>=!&|^%$#@~\\0123456789\u00e9\u2013\u201c\u0000\n\t"
    return "".join(maker.chance.choices(letters, k=maker.chance.randint(1, 80)))


def attack(seed: int, cases: int, limit: float = 5.0) -> Came:
    """Try so many. What takes longer than `limit` is timed again, as machines are shared."""
    came = Came()
    read = facts_reader(FACTS, TODAY, ANSWERS)
    # What is read once a process, such as the days off, is read before anything is watched.
    specimen_scope()
    calendars.calendar("england").working_days_between(date(1, 1, 1), date(9999, 12, 31))
    waiting = texts(Random(seed))
    for _ in range(cases):
        sort, text = next(waiting)
        came.tried += 1
        came.sorts[sort] += 1
        WATCH.start()
        try:
            taken, why = _one(text, read, limit)
        except Exception as error:
            taken, why = None, f"raised {type(error).__name__}"
        seen = WATCH.stop()
        if why or seen:
            came.escapes.append((text, why or ", ".join(sorted(set(seen)))))
        if taken is None:
            came.refused += 1
            continue
        came.evaluated += 1
        if taken > came.longest:
            came.longest, came.slowest = taken, text
    return came


def _one(text: str, read: Reader, limit: float) -> tuple[float | None, str]:
    """Milliseconds of one evaluation, None if the text was refused; and why it is an escape, or nothing."""
    written, findings = parse(text)
    found, more = typed(written, specimen_scope())
    if found is None:
        told = [one for one in [*findings, *more] if one.severity == "error"]
        return None, "" if told and all(one.message and one.help for one in told) else "refused without words"
    asked: set[str] = set()

    def noted(key: str) -> Any:
        asked.add(key)
        return read(key)

    run = closure(found, json=True)
    value = run(noted)
    known = {node.key for node in tree.walk(found.tree) if isinstance(node, tree.Read | tree.FormState)}
    if not asked <= known | {"today()"}:
        return 0.0, f"read {sorted(asked - known)}"
    if value is not None and not isinstance(value, VALUES):
        return 0.0, f"gave {type(value).__name__}"
    taken = _timed(run, read)
    for _ in range(25):
        if taken <= limit:
            break
        taken = min(taken, _timed(run, read))
    return taken, ""


def _timed(run: Callable[[Reader], Any], read: Reader) -> float:
    begun = time.thread_time()
    run(read)
    return (time.thread_time() - begun) * 1000
