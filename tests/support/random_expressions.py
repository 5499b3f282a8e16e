"""Random expressions that make sense in the specimen form, and random answers to it. Seeded: the same each run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

CHOICES = {
    "harm_setting": ("outside_family", "within_family", "both"),
    "second_setting": ("outside_family", "within_family", "both"),
    "main_harm": ("extra_familial", "exploitation", "cse", "cce", "violence", "not_yet_clear", "other"),
    "assessment.decision": ("plan_needed", "no_action", "shared"),
    "record.latest.assessment.decision": ("plan_needed", "no_action"),
}
HARMS = ("cse", "cce", "violence", "not_yet_clear", "other", "trafficking_old", "exploitation")
NUMBERS = (
    "0", "1", "-1", "2", "3", "18", "0.5", "2.5", "-2.5", "0.000001", "-0.000003", "0.333333", "1.000005",
    "999999999999.999999", "-999999999999", "500000000000", "123456.654321", "1e3", "5E-7", "2.5e-6",
)  # fmt: skip
ODD_NUMBERS: tuple[Any, ...] = (
    7,
    0,
    -4,
    2.5,
    0.1,
    1e-7,
    1e15,
    10**13,
    "12,5",
    "",
    "x",
    True,
    None,
    [],
    "1e999",
    " 1",
    "0x1",
    "+3",
)
DATES = (
    "2026-01-05", "2025-12-24", "2026-01-02", "2024-02-29", "2008-02-29", "2026-02-28", "2026-03-01",
    "2010-06-15", "1999-12-31", "0001-01-01", "9999-12-31", "2027-04-05", "1900-03-01",
)  # fmt: skip
ODD_DATES = ("2026-02-30", "2023-02-29", "", "today", "2026-1-5", 20260105, None, "0000-01-01", "2026-13-01")
TEXTS = (
    "Ana",
    " Ana ",
    "ana",
    "Zo\u00eb",
    "Zoe\u0308",
    "",
    "   ",
    "\u00a0\u3000",
    "A\nB",
    "\u1e9b\u0323",
    "Ana\u0000",
)
TIMES = ("09:15", "9:15", "23:59", "00:00", "24:00", "", "noon", None)
YES_NO: tuple[Any, ...] = (True, False, True, False, True, False, None, "yes", 1, 0)


@dataclass(slots=True)
class Maker:
    """Makes expressions and answers from one source of chance."""

    chance: Random
    rows: list[str] = field(default_factory=list)

    def pick(self, *choices: Any) -> Any:
        return self.chance.choice(choices)

    # Expressions.

    def condition(self, depth: int = 3) -> str:
        kinds: list[Callable[[int], str]] = [
            self._choice, self._choices, self._comparison, self._comparison, self._yes_no, self._answered,
            self._text, self._time, self._state,
        ]  # fmt: skip
        if depth > 0:
            kinds += [self._logic, self._logic, self._logic, self._rows, self._rows, self._negated]
        return self.chance.choice(kinds)(depth - 1)

    def _logic(self, depth: int) -> str:
        joint = self.pick(" and ", " or ")
        return joint.join(f"({self.condition(depth)})" for _ in range(self.pick(2, 2, 3, 4)))

    def _negated(self, depth: int) -> str:
        return f"not ({self.condition(depth)})"

    def _rows(self, depth: int) -> str:
        if len(self.rows) == 2:
            return self._yes_no(depth)
        inner = self.pick("places", "places", "framework", "record.markers", "assessment.people")
        if self.rows == ["places"]:
            inner = "visits"
        elif self.rows:
            return self._comparison(depth)
        self.rows.append(inner)
        body = self.condition(depth)
        own = {
            "places": self.pick(
                "safe", "cost > adults", "unsafe_since <= today()", "count(visits) > 0", body
            ),
            "framework": self.pick("score > 2", "worried is answered", body),
            "record.markers": self.pick(
                "kind is exploitation or violence", "to is not answered", "from < to", body
            ),
            "assessment.people": self.pick("years < 18", "years is answered", body),
            "visits": self.pick("minutes > cost", "minutes is answered", body),
        }[inner]
        self.rows.pop()
        return f"({self.pick('any', 'every')} row of {inner} where ({own}) {self.pick('and', 'or')} ({body}))"

    def _choice(self, _: int) -> str:
        name = self.pick(*CHOICES)
        options = CHOICES[name]
        some = " or ".join(self.chance.sample(options, self.pick(1, 1, 2)))
        listed = ", ".join(self.chance.sample(options, 2))
        return self.pick(
            f"{name} is {some}", f"{name} is not {some}", f"{name} in ({listed})", f"{name} not in ({listed})",
            "harm_setting = second_setting", "extra_familial_harm", "beyond_home",
        )  # fmt: skip

    def _choices(self, _: int) -> str:
        some = " or ".join(self.chance.sample(HARMS, self.pick(1, 1, 2)))
        return f"harm_types {self.pick('includes', 'does not include')} {some}"

    def _comparison(self, depth: int) -> str:
        sign = self.pick("=", "<", "<=", ">", ">=")
        if self.chance.random() < 0.6:
            return f"{self.pick('adults', self.number(depth))} {sign} {self.number(depth)}"
        return f"{self.pick('referral_date', 'seen_on', 'case.started')} {sign} {self.date(depth)}"

    def _yes_no(self, _: int) -> str:
        name = self.pick("told", "consented", "shared", *(["safe"] if "places" in self.rows else []))
        return self.pick(name, f"{name} is yes", f"{name} is no", f"{name} is not no", f"told = {name}")

    def _answered(self, depth: int) -> str:
        name = self.pick(
            "harm_types", "name", "adults", "referral_date", "places", "school", "harm_types.other", "told",
            "framework.home.worried", "framework.peers.score", "record.nickname", f"({self.number(depth)})",
        )  # fmt: skip
        if name.startswith("(") and not any(one.isalpha() for one in name):
            name = "adults"
        return f"{name} {self.pick('is answered', 'is not answered')}"

    def _text(self, _: int) -> str:
        return self.pick(
            'name = "Ana"', 'name is not "Zo\u00eb"', "name = other_name", 'name in ("ana", "A")'
        )

    def _time(self, _: int) -> str:
        return self.pick('left_at < "9:30"', "left_at <= back_at", "left_at = back_at", 'back_at is "09:15"')

    def _state(self, _: int) -> str:
        return f"assessment is {self.pick('', 'not ')}{self.pick('submitted', 'approved', 'returned')}"

    def number(self, depth: int = 2) -> str:
        plain = ["adults", "children", "framework.home.score", "count(places)", "count(harm_types)"]
        plain += [self.pick(*(one for one in NUMBERS if "e" not in one.lower() and "-" not in one))]
        plain += ["sum(places.cost)", "count(places.cost)", "max(assessment.people.years, adults)"]
        plain += ["cost"] * 2 if "places" in self.rows else []
        plain += ["minutes"] if "visits" in self.rows else []
        if depth <= 0 or self.chance.random() < 0.3:
            return self.chance.choice(plain)
        one, other = self.number(depth - 1), self.number(depth - 1)
        first, last = self.date(depth - 1), self.date(depth - 1)
        return self.pick(
            f"({one} {self.pick('+', '-', '*', '/')} {other})", f"({one} * {other} / {self.pick('adults', '3')})",
            f"-({one})", f"{self.pick('min', 'max', 'sum')}({one}, {other}, places.cost)",
            f"age of {first} at {last}", f"days between {first} and {last}",
            f"working days between {first} and {last}",
        )  # fmt: skip

    def date(self, depth: int = 1) -> str:
        plain = ["referral_date", "seen_on", "today()", "record.date_of_birth", "case.started"]
        plain += [self.pick(*DATES)]
        plain += ["unsafe_since"] if "places" in self.rows else []
        if depth > 0 and self.chance.random() < 0.3:
            one, other = self.date(0), self.date(0)
            return f"{self.pick('min', 'max')}({one}, {other}, places.unsafe_since)"
        return self.chance.choice(plain)

    # Answers.

    def answers(self) -> dict[str, Any]:
        """Answers to the form: some missing, some odd."""
        found: dict[str, Any] = {
            "harm_setting": self.pick(*CHOICES["harm_setting"], ""),
            "second_setting": self.pick(*CHOICES["harm_setting"]),
            "main_harm": self.pick(*HARMS),
            "harm_types": self.chance.sample(HARMS, self.pick(0, 1, 2, 3)),
            "harm_types.other": self.pick(*TEXTS),
            "name": self.pick(*TEXTS), "other_name": self.pick(*TEXTS),
            "adults": self.a_number(), "children": self.a_number(),
            "referral_date": self.a_date(), "seen_on": self.a_date(),
            "left_at": self.pick(*TIMES), "back_at": self.pick(*TIMES),
            "told": self.pick(*YES_NO), "consented": self.pick(*YES_NO), "shared": self.pick(*YES_NO),
            "school": self.pick("0c5e", "1d6f", "", None),
            "dangers": self.marked(),
            "helper": self.pick({"name": "Dana"}, {"name": "Dana", "contact": "-"}, {}, "", None),
            "met_with": self.pick(["0c5e"], ["0c5e", "1d6f"], ["1d6f", "1d6f"], [], None, "0c5e"),
            "places": [self.place() for _ in range(self.pick(0, 1, 2, 3))],
            "framework": {
                "home": {"score": self.a_number(), "worried": self.pick(*TEXTS)},
                "peers": {"score": self.a_number()},
            },
        }  # fmt: skip
        return {key: value for key, value in found.items() if self.chance.random() < 0.8}

    def marked(self) -> Any:
        """Markers: of each option chosen, what is known of it."""
        chosen = self.chance.sample(HARMS, self.pick(0, 1, 2, 3))
        return self.pick({one: {"from": "2026-01-05"} for one in chosen}, {one: {} for one in chosen}, chosen)

    def place(self) -> dict[str, Any]:
        found = {
            "cost": self.a_number(), "unsafe_since": self.a_date(), "safe": self.pick(*YES_NO),
            "visits": [{"minutes": self.a_number()} for _ in range(self.pick(0, 1, 2))],
        }  # fmt: skip
        return {key: value for key, value in found.items() if self.chance.random() < 0.8}

    def facts(self) -> dict[str, Any]:
        record = {
            "date_of_birth": self.a_date(),
            "nickname": self.pick(*TEXTS),
            "markers": [
                {"kind": self.pick(*HARMS), "from": self.a_date(), "to": self.a_date()}
                for _ in range(self.pick(0, 1, 2))
            ],
            "type": "child",
            "links": [
                {
                    "type": "child",
                    "other": self.pick("0c5e", "", None),
                    "from": self.a_date(),
                    "to": self.a_date(),
                }
                for _ in range(self.pick(0, 1, 2))
            ],
            "actions": [
                {
                    "social_field": self.pick("home", "peers"),
                    "due": self.a_date(),
                    "progress": self.pick(*TEXTS),
                }
                for _ in range(self.pick(0, 1, 2))
            ],
            "latest": {
                "assessment": {
                    "decision": self.pick("plan_needed", "no_action", ""),
                    "agreed_on": self.a_date(),
                }
            },
        }
        record = {key: value for key, value in record.items() if self.chance.random() < 0.85}
        case = {
            "started": self.a_date(),
            "entered": self.a_date(),
            "state": self.pick("identified", "screening"),
        }
        found: dict[str, Any] = {"record": record, "case": case}
        if self.chance.random() < 0.7:
            state = self.pick("submitted", "approved", "returned", "draft")
            people = [{"years": self.a_number()} for _ in range(self.pick(0, 1, 2))]
            found["assessment"] = {
                "_state": state,
                "decision": self.pick("plan_needed", "shared"),
                "agreed_on": self.a_date(),
                "people": people,
            }
        return found

    def a_number(self) -> Any:
        return self.pick(*NUMBERS) if self.chance.random() < 0.85 else self.pick(*ODD_NUMBERS)

    def a_date(self) -> Any:
        return self.pick(*DATES) if self.chance.random() < 0.9 else self.pick(*ODD_DATES)
