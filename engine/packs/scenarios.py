"""Runs a pack's own tests: scenarios of forms and of workflows, and says what came where something else was expected.

A scenario plays by the same rules as the running system: forms are offered by states, a submission must have no
problems, time passes day by day, automatic transitions follow. Must not know the database.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from engine.language.model import Scenario
from engine.language.places import Place
from engine.packs import expecting
from engine.packs.coverage import Coverage, Seen
from engine.packs.facade import Pack
from engine.packs.playing import play


@dataclass(frozen=True, slots=True)
class Failure:
    """Where a scenario did not come to what it expects. `step` counts from 1."""

    message: str
    place: Place
    step: int | None = None

    def as_json(self) -> dict[str, object]:
        where = {"file": self.place.file, "line": self.place.line, "column": self.place.column}
        return {"message": self.message, "step": self.step, **where}


@dataclass(frozen=True, slots=True)
class Result:
    """One scenario and what failed in it."""

    scenario: str
    title: str
    failures: tuple[Failure, ...] = ()

    @property
    def ok(self) -> bool:
        return not self.failures

    def as_json(self) -> dict[str, object]:
        told = [one.as_json() for one in self.failures]
        return {"scenario": self.scenario, "title": self.title, "ok": self.ok, "failures": told}


@dataclass(frozen=True, slots=True)
class Results:
    """All scenarios of a pack, inherited ones included, and what they tried."""

    pack: str
    version: str
    scenarios: tuple[Result, ...]
    coverage: Coverage = field(repr=False)

    @property
    def ok(self) -> bool:
        return all(one.ok for one in self.scenarios)

    def as_json(self, *, coverage: bool = False) -> dict[str, object]:
        told: dict[str, object] = {
            "pack": self.pack,
            "version": self.version,
            "ok": self.ok,
            "scenarios": [one.as_json() for one in self.scenarios],
        }
        return {**told, "coverage": self.coverage.as_json()} if coverage else told

    def as_text(self, *, coverage: bool = False) -> str:
        lines = []
        for result in self.scenarios:
            for one in result.failures:
                step = f", step {one.step}" if one.step is not None else ""
                lines.append(f"{one.place.file}:{one.place.line}: ‘{result.scenario}’{step}: {one.message}")
        passed = sum(one.ok for one in self.scenarios)
        number = len(self.scenarios)
        lines.append(f"{self.pack} {self.version}: {passed} of {number} scenarios came to what they expect.")
        if coverage:
            lines += self.coverage.as_lines()
        return "\n".join(lines)


def run(pack: Pack, *, today: date) -> Results:
    """Run every scenario of `pack`. `today` serves those that do not say which day it is."""
    seen = Seen()
    results = [_run(pack, scenario, today, seen) for scenario in pack.stack.scenarios.values()]
    return Results(pack.id, pack.version, tuple(results), Coverage.of(pack, seen))


UNREAD = ("type", "option", "unknown_question")


def _run(pack: Pack, scenario: Scenario, today: date, seen: Seen) -> Result:
    day = date.fromisoformat(scenario.today) if scenario.today is not None else today
    failures = (
        _form(pack, scenario, day, seen)
        if scenario.form is not None
        else _workflow(pack, scenario, day, seen)
    )
    return Result(scenario.id, scenario.title, tuple(failures))


def _form(pack: Pack, scenario: Scenario, today: date, seen: Seen) -> Iterator[Failure]:
    form = pack.form(scenario.form or "")
    facts: dict[str, Any] = {
        **scenario.facts,
        "record": {**_mapping(scenario.facts.get("record")), **scenario.record},
    }
    evaluation = form.evaluate(scenario.given, today=today, facts=facts)
    seen.evaluated(form.id, evaluation)
    # An answer that cannot be one decides nothing, and a scenario that gives it shows nothing: a label for an id, say.
    awaited = {question for question, _ in expecting.questions(scenario.expect.get("problems"))}
    for one in evaluation.problems:
        if one.code in UNREAD and one.question not in awaited:
            place = scenario.places.get("given", scenario.place)
            yield Failure(f"given ‘{one.question}’ is no answer to it: {one.message}", place)
    for name, expected in scenario.expect.items():
        place = scenario.places.get(f"expect.{name}", scenario.place)
        for message in form_differences(name, expected, evaluation):
            yield Failure(message, place)


def form_differences(name: str, expected: object, evaluation: Any) -> Iterator[str]:
    """How an evaluation differs from one expectation of a form scenario."""
    match name:
        case "shown" | "required" | "advised":
            yield from expecting.has(name, expected, getattr(evaluation, name))
        case "not_shown" | "not_required" | "not_advised":
            plain = name.removeprefix("not_")
            yield from expecting.none_of(plain, expected, getattr(evaluation, plain))
        case "only_shown":
            yield from expecting.only("shown", expected, evaluation.shown)
        case "answers":
            yield from expecting.values("answer", expected, evaluation.answers)
        case "problems" | "advice":
            yield from expecting.problems(name, expected, getattr(evaluation, name))
        case _:
            yield f"‘{name}’ is for workflows; a form scenario cannot expect it"


def _workflow(pack: Pack, scenario: Scenario, today: date, seen: Seen) -> Iterator[Failure]:
    steps = [one.settings for one in scenario.steps]
    for index, message in play(pack, scenario, today, seen):
        if index is None or index >= len(steps):
            yield Failure(message, scenario.places.get("expect", scenario.place))
        else:
            yield Failure(message, scenario.steps[index].place, index + 1)


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
