"""Plays the steps of a workflow scenario: time passes, forms are submitted, transitions fired, effects felt.

A step that goes wrong ends the play, since what follows would only repeat it. Must not know how results are told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from engine.calendars import Pause
from engine.language.model import Scenario
from engine.packs import expecting
from engine.packs.coverage import Seen
from engine.workflow import CaseState, Outcome
from engine.workflow import effects as fx
from engine.workflow import facts as facts_
from engine.workflow.admitting import may_submit

if TYPE_CHECKING:
    from engine.packs.facade import Pack

Difference = tuple[int | None, str]
LONGEST = timedelta(days=366 * 30)
_SPOKEN = {kind: name for name, kind in fx.KINDS.items()} | {fx.Approve: "approve", fx.SendBack: "return"}


def play(pack: Pack, scenario: Scenario, today: date, seen: Seen) -> Iterator[Difference]:
    """What differs from what the scenario expects: the step it is in (from 0; None for the end), and how."""
    case = _Play(pack, scenario, today, seen)
    for index, step in enumerate(scenario.steps):
        failed = False
        for message in case.step(step.settings):
            failed = True
            yield index, message
        if failed:
            return
    for message in case.expected(scenario.expect, None):
        yield None, message


class _Play:
    """One case as a scenario moves it on."""

    def __init__(self, pack: Pack, scenario: Scenario, today: date, seen: Seen) -> None:
        self.pack = pack
        self.machine = pack.workflow(scenario.workflow or "")
        self.seen = seen
        self.today = today
        record = {**_mapping(scenario.facts.get("record")), **scenario.record}
        others = {name: part for name, part in scenario.facts.items() if name not in ("record", "case")}
        forms = {name: part for name, part in others.items() if isinstance(part, Mapping)}
        self.facts: Mapping[str, Any] = facts_.normalised(record, forms, _mapping(scenario.facts.get("case")))
        self.submitted_by: dict[str, str] = {}
        self.opened: set[str] = set()
        self.passed: set[tuple[str, int]] = set()
        self.effects: list[fx.EffectValue] = []
        self.holidays: list[date] = []
        self.pauses: list[Pause] = []
        self.paused: date | None = None
        self.wanted: dict[str, str | None] = {}
        self.case: CaseState = self.machine.start(now=today)
        self.seen.tried(self.machine, self.case, self.facts, today)
        self._happened(self.machine.entered(self.case, facts=self.facts, now=today))

    def step(self, step: Mapping[str, Any]) -> Iterator[str]:
        """Do what one step says, then compare."""
        self.effects = []
        if isinstance(given := step.get("facts"), Mapping):
            self._know(given)
        if (on := step.get("on")) is not None:
            yield from self._until(date.fromisoformat(str(on)))
        if (holiday := step.get("holiday")) is not None:
            self.holidays.append(date.fromisoformat(str(holiday)))
        if (stands := step.get("pause")) is not None:
            yield from self._pause(bool(stands))
        if isinstance(awaited := step.get("awaited"), Mapping):
            self._came(awaited)
        if step.get("submit") is not None:
            yield from self._submit(step)
        if step.get("withdraw") is not None:
            yield from self._withdraw(step)
        if step.get("do") is not None:
            yield from self._do(step)
        yield from self.expected(_mapping(step.get("expect")), step.get("by"))

    def _know(self, given: Mapping[str, Any]) -> None:
        changed = dict(self.facts)
        for name, part in given.items():
            changed[name] = {**_mapping(changed.get(name)), **part} if isinstance(part, Mapping) else part
        self.facts = changed
        self._settle()

    def _pause(self, stands: bool) -> Iterator[str]:
        """Stop the clock, or let it go on."""
        if stands == (self.paused is not None):
            yield f"the clock is {'stopped already' if stands else 'running'}"
        elif self.paused is not None:
            self.pauses.append(Pause(self.paused, self.today))
            self.paused = None
        else:
            self.paused = self.today

    def _came(self, awaited: Mapping[str, Any]) -> None:
        """Where awaited cases stand now; what they have come to is waited for no more."""
        case = _mapping(self.facts.get("case"))
        stand = {**_mapping(case.get("awaited")), **{name: str(state) for name, state in awaited.items()}}
        ended = {
            name
            for name, state in stand.items()
            for one in [self.pack.stack.workflows[name].state(state)]
            if (one is not None and one.final) or state == self.wanted.get(name)
        }
        left = [name for name in facts_.awaits(self.facts) if name not in ended]
        self.facts = {**self.facts, "case": {**case, "awaited": stand, "awaits": left}}
        self._settle()

    def _withdraw(self, step: Mapping[str, Any]) -> Iterator[str]:
        """Take a form back: by whoever submitted it, with a reason, until it is decided on."""
        form_id, refused = str(step["withdraw"]), step.get("refused")
        against: dict[str, str] = {}
        if self.case.closed or facts_.form_state(self.facts, form_id) != facts_.SUBMITTED:
            against["form"] = f"‘{form_id}’ does not wait to be decided on"
        if self.submitted_by.get(form_id) != _person(step):
            against["role"] = f"‘{form_id}’ was not submitted by whoever takes it back"
        if not str(step.get("reason") or "").strip():
            against["reason"] = "taking back needs a reason"
        if refused is not None:
            if refused not in against:
                came = _reasons(against) or "it was taken back"
                yield f"expected taking back ‘{form_id}’ to be refused ({refused}); {came}"
        elif against:
            yield _reasons(against)
        else:
            self.facts = {name: part for name, part in self.facts.items() if name != form_id}
            self.opened.add(form_id)
            self._settle()

    def _until(self, day: date) -> Iterator[str]:
        """Let time pass; on each day that a deadline has run out, what it asks for happens once."""
        if day < self.today:
            yield f"it is {self.today} already; {day} is over"
            return
        if day - self.today > LONGEST:
            yield f"from {self.today} to {day} is longer than a scenario may last"
            return
        while self.today < day:
            coming = [one.on + timedelta(days=1) for one in self._due() if one.on >= self.today]
            self.today = min([day, *(one for one in coming if one > self.today)])
            for one in self._due():
                if one.on < self.today and (one.what, self.case.revision) not in self.passed:
                    self.passed.add((one.what, self.case.revision))
                    self._happened(self.machine.passed(self.case, one.what, facts=self.facts, now=self.today))
            self._settle()

    def _submit(self, step: Mapping[str, Any]) -> Iterator[str]:
        form_id, refused = str(step["submit"]), step.get("refused")
        state = self.machine.workflow.state(self.case.state)
        offered = {*(state.forms if state is not None else ()), *self.opened}
        evaluation = self.pack.form(form_id).evaluate(
            _mapping(step.get("answers")), today=self.today, facts=self.facts
        )
        self.seen.evaluated(form_id, evaluation)
        against: dict[str, str] = {}
        if self.case.closed or form_id not in offered:
            against["state"] = f"‘{form_id}’ is not asked for while the case is at ‘{self.case.state}’"
        if (role := step.get("by")) is not None and self._shut_out(form_id, str(role)):
            against["role"] = f"no access rule lets ‘{role}’ submit ‘{form_id}’ at ‘{self.case.state}’"
        if evaluation.problems:
            told = "; ".join(f"{one.question}: {one.message}" for one in evaluation.problems)
            against["form"] = f"‘{form_id}’ cannot be submitted: {told}"
        if refused is not None:
            if refused not in against:
                yield f"expected ‘{form_id}’ to be refused ({refused}); {_reasons(against) or 'it was submitted'}"
            return
        if against:
            yield _reasons(against)
            return
        answers = {**evaluation.answers, "_state": facts_.SUBMITTED}
        record = _mapping(self.facts.get("record"))
        latest = {**_mapping(record.get("latest")), form_id: answers}
        self.facts = {**self.facts, form_id: answers, "record": {**record, "latest": latest}}
        self.submitted_by[form_id] = _person(step)
        self.opened.discard(form_id)
        self._settle()

    def _shut_out(self, form_id: str, role: str) -> bool:
        """Whether no rule of the pack lets a role submit a form here. A pack without rules shuts nobody out."""
        stack, at = self.pack.stack, f"{self.machine.id}.{self.case.state}"
        if not stack.access.rules:
            return False
        named = _mapping(self.facts.get("record")).get("type")
        records = [str(named)] if named else self.machine.workflow.about
        return not any(may_submit(stack, form_id, one, at, [role]) for one in records)

    def _do(self, step: Mapping[str, Any]) -> Iterator[str]:
        transition, refused = str(step["do"]), step.get("refused")
        reason = step.get("reason")
        self.seen.tried(self.machine, self.case, self.facts, self.today)
        outcome = self.machine.fire(
            self.case,
            transition,
            role=str(step.get("by") or ""),
            person=_person(step),
            reason=None if reason is None else str(reason),
            facts=self.facts,
            now=self.today,
            submitted_by=self.submitted_by,
        )
        against: dict[str, str] = {one.kind: one.message for one in outcome.refused}
        self.seen.refused(self.machine.id, transition, against)
        if refused is not None:
            if refused not in against:
                came = _reasons(against) or f"it went to ‘{outcome.case.state}’"
                yield f"expected ‘{transition}’ to be refused ({refused}); {came}"
            return
        if against:
            yield f"‘{transition}’ was refused: {_reasons(against)}"
            return
        self._happened(outcome)
        self._settle()

    def _settle(self) -> None:
        self.seen.tried(self.machine, self.case, self.facts, self.today)
        settled = self.machine.settle(self.case, facts=self.facts, now=self.today)
        if settled is not None:
            self._happened(settled)

    def _happened(self, outcome: Outcome) -> None:
        """Take on a new state and what effects change that conditions can read."""
        self.seen.moved(self.machine.id, outcome.steps)
        if outcome.case.state != self.case.state:
            self.opened = set()
        if outcome.steps:
            self.facts = facts_.moved_on(self.facts)
        self.case = outcome.case
        self.effects += outcome.effects
        self.opened |= {one.form for one in outcome.effects if isinstance(one, fx.OpenForm)}
        self.facts = facts_.after(self.facts, outcome.effects, self.today)
        self.wanted |= {one.workflow: one.state for one in outcome.effects if isinstance(one, fx.Await)}
        self.seen.tried(self.machine, self.case, self.facts, self.today)

    def _due(self) -> list[Any]:
        return [] if self.case.closed else self.machine.due(self.case, facts=self.facts, **self._clock())

    def _clock(self) -> Any:
        now = [Pause(self.paused, self.today)] if self.paused is not None else []
        return {"extra": self.holidays, "pauses": [*self.pauses, *now]}

    def expected(self, expected: Mapping[str, Any], role: object) -> Iterator[str]:
        """How the case differs from what is expected of it now."""
        due = {one.what: one.on for one in self._due()}
        overdue = [what for what, on in due.items() if on < self.today]
        for name, value in expected.items():
            match name:
                case "state":
                    yield from expecting.equal("state", value, self.case.state)
                case "closed":
                    yield from expecting.equal("closed", value, self.case.closed)
                case "waiting":
                    yield from expecting.has("waiting", value, facts_.awaits(self.facts))
                case "not_waiting":
                    yield from expecting.none_of("waiting", value, facts_.awaits(self.facts))
                case "overdue":
                    yield from expecting.has("overdue", value, overdue)
                case "not_overdue":
                    yield from expecting.none_of("overdue", value, overdue)
                case "due":
                    days = {what: on.isoformat() for what, on in due.items()}
                    if isinstance(value, Mapping):
                        yield from expecting.values("due", value, days)
                    else:
                        yield from expecting.has("due", value, days)
                case "tasks":
                    tasks = self.machine.tasks(self.case, facts=self.facts)
                    names = [word for one in tasks for word in (one.id, one.form) if word is not None]
                    yield from expecting.has("tasks", value, names)
                case "effects":
                    yield from self._effects(value)
                case "may" | "may_not":
                    choices = self.machine.choices(
                        self.case,
                        role=str(role or ""),
                        person=str(role or ""),
                        facts=self.facts,
                        now=self.today,
                        submitted_by=self.submitted_by,
                    )
                    allowed = [one.transition for one in choices if one.allowed]
                    check = expecting.has if name == "may" else expecting.none_of
                    yield from check("possible", value, allowed)
                case _:
                    yield f"‘{name}’ is for forms; a workflow scenario cannot expect it"

    def _effects(self, expected: object) -> Iterator[str]:
        """Effects of this step: `notify`, or with settings, as `{notify: manager}` or `{mark: {option: cse}}`."""
        came = [
            (_SPOKEN[type(one)], {each.name: getattr(one, each.name) for each in fields(one)})
            for one in self.effects
        ]
        told = ", ".join(
            f"{name} {expecting.shown({k: v for k, v in given.items() if v})}" for name, given in came
        )
        wanted = expecting.several(expected)
        for one in wanted:
            named = one if isinstance(one, Mapping) else {one: None}
            for kind, settings in named.items():
                if not any(kind == name and _fits(settings, given) for name, given in came):
                    yield f"expected effect {expecting.shown(one)}; came: {told or 'nothing'}"
        if not wanted and came:
            yield f"expected no effect; came: {told}"


def _fits(settings: object, given: Mapping[str, Any]) -> bool:
    if settings is None:
        return True
    if isinstance(settings, Mapping):
        return expecting.alike(settings, given)
    return expecting.alike(settings, next(iter(given.values()), None))


def _person(step: Mapping[str, Any]) -> str:
    """Who acts: the person named, else somebody of the role, the same one each time."""
    return str(step.get("person") or step.get("by") or "")


def _reasons(against: Mapping[str, str]) -> str:
    return "; ".join(f"{message} ({kind})" for kind, message in against.items())


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
