"""Access on worlds and rules that nobody thought of: what the query says, held to a plain reading of the rules.

The reading here is written from the language's description alone, record by record, in Python.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Table, select

from engine.casework import access, ids, tables
from engine.language.model import Access, AccessRule
from tests.support.casework import NOW, Town, harbour

WHO = ("anna", "ben", "cara", "mia")
ROLES = ("practitioner", "manager")
TYPES = ("child", "peer_group")
STATES = ("writing", "checking")
VERBS = ("view", "edit")


@dataclass
class Facts:
    """The same facts that stand in the tables, as plain rows."""

    records: dict[str, dict[str, Any]] = field(default_factory=dict)
    cases: dict[str, dict[str, Any]] = field(default_factory=dict)
    held: list[dict[str, Any]] = field(default_factory=list)
    ties: list[dict[str, Any]] = field(default_factory=list)
    members: list[dict[str, Any]] = field(default_factory=list)
    closed: list[dict[str, Any]] = field(default_factory=list)
    broken: list[dict[str, Any]] = field(default_factory=list)
    roles: dict[str, set[str]] = field(default_factory=dict)


def spell(chance: random.Random) -> tuple[datetime, datetime | None]:
    """A time that is over, running, or still to come."""
    return chance.choice(
        [
            (NOW - timedelta(days=9), None),
            (NOW - timedelta(days=9), NOW + timedelta(days=9)),
            (NOW - timedelta(days=9), NOW - timedelta(days=2)),
            (NOW + timedelta(days=2), None),
        ]
    )


def world(town: Town, chance: random.Random) -> Facts:
    facts = Facts()
    people = [town.people[who] for who in WHO]
    with town.desk() as desk:

        def put(table: Table, **values: Any) -> dict[str, Any]:
            row = {"authority": town.authority, "id": ids.new(), **values}
            desk.run(table.insert(), row)
            return row

        teams = [put(tables.team, name=name, made_at=NOW)["id"] for name in ("North", "South")]
        for person in people:
            facts.roles[person] = {role for role in ROLES if chance.random() < 0.85}
            since, until = spell(chance)
            facts.members.append(
                put(tables.membership, person=person, team=chance.choice(teams), since=since, until=until)
            )
        for _ in range(10):
            row = put(
                tables.record, type=chance.choice(TYPES), name="n", name_words="n", fields={}, stack="s", salt="s",
                made_by=chance.choice(people), made_at=NOW, changed_at=NOW, revision=1,
            )  # fmt: skip
            facts.records[row["id"]] = row
        every = list(facts.records)
        for _ in range(8):
            over = NOW if chance.random() < 0.4 else None
            row = put(
                tables.case, record=chance.choice(every), workflow="w", stack="s", state=chance.choice(STATES),
                started=NOW, entered=NOW, closed_at=over, revision=1,
            )  # fmt: skip
            facts.cases[row["id"]] = row
        for _ in range(8):
            case = chance.choice([None, *facts.cases])
            record = facts.cases[case]["record"] if case else chance.choice(every)
            whose = (
                {"person": chance.choice(people)} if chance.random() < 0.6 else {"team": chance.choice(teams)}
            )
            since, until = spell(chance)
            values = {"person": None, "team": None, **whose}
            facts.held.append(
                put(tables.allocation, record=record, case=case, since=since, until=until, **values)
            )
        for _ in range(6):
            one, two = chance.sample(every, 2)
            since, until = spell(chance)
            days = {"since": since.date(), "until": until.date() if until else None}
            facts.ties.append(put(tables.link, one=one, two=two, purpose="p", made_at=NOW, **days))
        for _ in range(3):
            row = put(
                tables.restriction, record=chance.choice(every), mode=chance.choice(["only", "bar"]), reason="r",
                review_on=date(2027, 1, 1), made_at=NOW, ended_at=NOW if chance.random() < 0.3 else None,
            )  # fmt: skip
            named = chance.sample(people, 2)
            for person in named:
                put(tables.restriction_person, restriction=row["id"], person=person)
            facts.closed.append({**row, "people": set(named)})
        for _ in range(2):
            until = NOW + timedelta(hours=chance.choice([-1, 1]))
            glass = {"record": chance.choice(every), "person": chance.choice(people), "reason": "r"}
            since = NOW - timedelta(hours=2)
            facts.broken.append(put(tables.break_glass, since=since, until=until, **glass))
    return facts


def rules(chance: random.Random) -> tuple[AccessRule, ...]:
    return tuple(
        AccessRule(
            id=f"r{number}",
            role=chance.choice(ROLES),
            records=chance.choice([("child",), ("peer_group",), ("child", "peer_group"), ("any",)]),
            may=chance.choice([("view",), ("view", "edit"), ("edit",)]),
            when=chance.choice([None, "allocated", "linked", "team", "made", "sometime"]),
            states=chance.choice([(), (), (), ("checking",), STATES]),
        )
        for number in range(chance.randint(2, 6))
    )


class Reading:
    """What the rules mean, read plainly."""

    def __init__(self, facts: Facts, person: str) -> None:
        self.facts, self.person = facts, person
        self.teams = {one["team"] for one in facts.members if one["person"] == person and self.runs(one)}

    @staticmethod
    def runs(one: dict[str, Any]) -> bool:
        return one["since"] <= NOW and (one["until"] is None or one["until"] > NOW)

    def holders(self, record: str) -> list[dict[str, Any]]:
        return [
            one
            for one in self.facts.held
            if one["record"] == record
            and self.runs(one)
            and (one["case"] is None or self.facts.cases[one["case"]]["closed_at"] is None)
        ]

    def allocated(self, record: str) -> bool:
        return any(one["person"] == self.person or one["team"] in self.teams for one in self.holders(record))

    def linked(self, record: str) -> bool:
        return any(
            self.allocated(other) and not self.shut_out(other)
            for tie in self.facts.ties
            if tie["since"] <= NOW.date() and (tie["until"] is None or tie["until"] > NOW.date())
            for one, other in ((tie["one"], tie["two"]), (tie["two"], tie["one"]))
            if one == record
        )

    def team(self, record: str) -> bool:
        beside = {one["person"] for one in self.facts.members if one["team"] in self.teams and self.runs(one)}
        return any(one["team"] in self.teams or one["person"] in beside for one in self.holders(record))

    def made(self, record: str) -> bool:
        return bool(self.facts.records[record]["made_by"] == self.person)

    def barred(self, record: str) -> bool:
        return any(self.person in one["people"] for one in self.running(record, "bar"))

    def shut_out(self, record: str) -> bool:
        return self.barred(record) or any(
            self.person not in one["people"] for one in self.running(record, "only")
        )

    def running(self, record: str, mode: str) -> list[dict[str, Any]]:
        return [
            one
            for one in self.facts.closed
            if one["record"] == record and one["mode"] == mode and one["ended_at"] is None
        ]

    def in_state(self, record: str, states: tuple[str, ...]) -> bool:
        cases = [one for one in self.facts.cases.values() if one["record"] == record and not one["closed_at"]]
        return not states or any(one["state"] in states for one in cases)

    def may(self, verb: str, record: str, written: tuple[AccessRule, ...]) -> bool:
        kind = self.facts.records[record]["type"]
        mine = [one for one in written if one.role in self.facts.roles[self.person]]
        mine = [one for one in mine if kind in one.records or "any" in one.records]
        reached = {"allocated": self.allocated, "linked": self.linked, "team": self.team, "made": self.made}
        if self.barred(record):
            return False
        held = not self.shut_out(record) and any(
            verb in one.may
            and (one.when is None or (one.when in reached and reached[one.when](record)))
            and self.in_state(record, one.states)
            for one in mine
        )
        glass = any(
            one["record"] == record and one["person"] == self.person and self.runs(one)
            for one in self.facts.broken
        )
        return held or (verb == "view" and glass and any("view" in one.may for one in mine))


@pytest.mark.parametrize("seed", range(3))
def test_the_query_says_what_the_rules_mean(town: Town, seed: int) -> None:
    chance = random.Random(seed)
    facts = world(town, chance)
    allowed = refused = 0
    for _ in range(15):
        written = rules(chance)
        stack = replace(harbour().stack, access=Access("random", roles={}, rules=written))
        for who in WHO:
            person = town.people[who]
            reading = Reading(facts, person)
            with town.desk(who) as desk:
                desk.__dict__["stack"] = stack
                desk.__dict__["roles"] = frozenset(facts.roles[person])
                for verb in VERBS:
                    listed = set(
                        desk.run(select(tables.record.c.id).where(access.visible(desk, verb))).scalars()
                    )
                    for record in facts.records:
                        should = reading.may(verb, record, written)
                        assert (record in listed) == should, (seed, who, verb, written)
                        assert access.grants(desk, record, closed_book=False).may(verb) == should
                        allowed, refused = allowed + should, refused + (not should)
    assert min(allowed, refused) > 80  # neither everything nor nothing was tried
