"""The machine: a compiled workflow that says what may happen to a case, and what comes of it.

It takes a case and facts and gives back a new case with effects as values, or every reason against; it
changes nothing and remembers nothing. It must not know databases, the clock, who people are or how anything
is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import cache, cached_property
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from engine.calendars import Calendar, Pause
from engine.language.guess import nearest
from engine.language.model import State, Workflow
from engine.workflow import facts as facts_
from engine.workflow import refusing
from engine.workflow.drawing import Drawing, lay_out
from engine.workflow.guards import CaseReader
from engine.workflow.moves import Exit, Move
from engine.workflow.otherwise import Supposing
from engine.workflow.planned import Firing, Plan
from engine.workflow.refusing import Authors, Words
from engine.workflow.timing import Timing
from engine.workflow.values import (
    CaseState,
    Choice,
    Due,
    Moment,
    OpenTask,
    Outcome,
    Refusal,
)

NO_FACTS: Mapping[str, Any] = MappingProxyType({})
Roles = str | Iterable[str]


class Machine:
    """One compiled workflow. Made by `engine.workflow.compile`; safe to share between threads."""

    def __init__(
        self,
        workflow: Workflow,
        moves: Mapping[str, Move],
        entering: Mapping[str, Plan],
        passing: Mapping[str, Plan],
        timing: Timing,
        words: Words,
        supposing: Supposing,
        zone: str,
    ) -> None:
        self.workflow = workflow
        self.id = workflow.id
        self._moves = dict(moves)
        self._entering = entering
        self._passing = passing
        self._timing = timing
        self._words = words
        self._supposing = supposing
        self._zone = ZoneInfo(zone)
        self._states: dict[str, State] = {state.id: state for state in workflow.states}
        self._finals = frozenset(state.id for state in workflow.states if state.final)
        self._leaving = {
            state.id: tuple(move for move in moves.values() if state.id in move.sources)
            for state in workflow.states
        }
        self._automatic = {
            state: tuple(move for move in leaving if move.written.automatic)
            for state, leaving in self._leaving.items()
        }

    @property
    def moves(self) -> Mapping[str, Move]:
        """Its transitions with their compiled conditions, by id, for whoever reports on them."""
        return MappingProxyType(self._moves)

    # --- beginning

    def start(self, *, now: Moment) -> CaseState:
        """A new case in the workflow's first state. Its effects on entry come from `entered`."""
        first = self.workflow.initial
        return CaseState(self.id, first, now, now, 1, first in self._finals)

    def entered(
        self, case: CaseState, *, facts: Mapping[str, Any] = NO_FACTS, now: Moment, person: str | None = None
    ) -> Outcome:
        """What beginning a case asks for: the first state's effects, then what happens by itself at once."""
        firing = Firing(facts, self._reader(facts, case, now), person)
        return self._settled(Outcome(case, self._entering[case.state].at(firing)), facts, now)

    # --- moving

    def fire(
        self,
        case: CaseState,
        transition: str,
        *,
        role: Roles | None = None,
        person: str | None = None,
        reason: str | None = None,
        revision: int | None = None,
        facts: Mapping[str, Any] | None = None,
        now: Moment,
        submitted_by: Authors | None = None,
    ) -> Outcome:
        """Fire a transition for a person: the case as it is then and its effects, or every reason against.

        `role` is the person's role or all of them. `revision`, if given, must be the case's. `submitted_by`
        says who submitted the forms that are decided on. Automatic transitions that can happen on entry
        follow at once; call `settle` again when the effects have been performed and facts read anew.
        """
        role = () if role is None else role
        facts = NO_FACTS if facts is None else facts
        move = self._moves.get(transition)
        if (
            move is not None
            and move.plain
            and case.state in move.sources
            and (role in move.by if type(role) is str else not move.by.isdisjoint(role))
            and (revision is None or revision == case.revision)
        ):
            read = self._reader(facts, case, now)
            found = move.leads(read)
            if found is not None:
                return self._moved(move, found, case, facts, now, read, role, person, reason)
        refusals = self._against(case, transition, role, person, reason, revision, facts, now, submitted_by)
        if refusals or move is None:
            return Outcome(case, refused=refusals)
        read = self._reader(facts, case, now)
        found = move.leads(read)
        if (
            found is None
        ):  # `_against` asks the same conditions, so this is a fault of ours, never a wrong move
            raise AssertionError(f"{self.id}.{transition} was neither refused nor possible")
        return self._moved(move, found, case, facts, now, read, role, person, reason)

    def settle(self, case: CaseState, *, facts: Mapping[str, Any] = NO_FACTS, now: Moment) -> Outcome | None:
        """Let automatic transitions happen until none can; None if none did.

        Each state is entered at most once, so it ends. Between two of them the effects of the first count.
        """
        outcome = self._settled(Outcome(case), facts, now)
        return outcome if outcome.steps else None

    def _settled(self, outcome: Outcome, facts: Mapping[str, Any], now: Moment) -> Outcome:
        case, today = outcome.case, self.day(now)
        effects, steps, seen = outcome.effects, outcome.steps, {outcome.case.state}
        facts = facts_.after(facts_.moved_on(facts) if steps else facts, effects, today)
        while True:
            step = self._automatic_step(case, facts, now, seen)
            if step is None:
                return Outcome(case, effects, (), steps)
            case, effects, steps = step.case, effects + step.effects, steps + step.steps
            seen.add(case.state)
            facts = facts_.after(facts_.moved_on(facts), step.effects, today)

    def _automatic_step(
        self, case: CaseState, facts: Mapping[str, Any], now: Moment, seen: set[str]
    ) -> Outcome | None:
        moves = self._automatic[case.state]
        if not moves or facts_.awaits(facts):
            return None
        read = self._reader(facts, case, now)
        for move in moves:
            if any(facts_.form_state(facts, form) != facts_.SUBMITTED for form in move.forms):
                continue
            found = move.leads(read)
            if found is not None:
                if found.target in seen:
                    return None
                return self._one_step(move, found, case, facts, now, read, None, None, None)
        return None

    def _moved(
        self,
        move: Move,
        found: Exit,
        case: CaseState,
        facts: Mapping[str, Any],
        now: Moment,
        read: CaseReader,
        role: Roles,
        person: str | None,
        reason: str | None,
    ) -> Outcome:
        acting = (
            role if isinstance(role, str) else next((one for one in move.written.by if one in role), None)
        )
        outcome = self._one_step(move, found, case, facts, now, read, acting, person, reason)
        return self._settled(outcome, facts, now) if self._automatic[found.target] else outcome

    def _one_step(
        self,
        move: Move,
        found: Exit,
        case: CaseState,
        facts: Mapping[str, Any],
        now: Moment,
        read: CaseReader,
        role: str | None,
        person: str | None,
        reason: str | None,
    ) -> Outcome:
        source, target = case.state, found.target
        planned = move.plans[source, target]
        effects = planned.static
        if effects is None:
            effects = planned.at(Firing(facts, read, person, role, reason))
        return Outcome(
            case.moved(target, now, target in self._finals), effects, (), move.steps[source, found.index]
        )

    def _against(
        self,
        case: CaseState,
        transition: str,
        role: Roles,
        person: str | None,
        reason: str | None,
        revision: int | None,
        facts: Mapping[str, Any],
        now: Moment,
        submitted_by: Authors | None,
    ) -> tuple[Refusal, ...]:
        move = self._moves.get(transition)
        if move is None:
            return (refusing.unknown_transition(transition, nearest(transition, self._moves)),)
        roles = frozenset([role]) if isinstance(role, str) else frozenset(role)
        return (
            *refusing.of_revision(case, revision),
            *refusing.of_place(move, case, self._words),
            *refusing.of_role(move, roles, self._words),
            *self._conditions(move, facts, case, now),
            *refusing.of_reason(move, reason),
            *refusing.of_forms(move, facts, self._words),
            *refusing.of_four_eyes(move, facts, person, submitted_by, self._words),
        )

    def _conditions(
        self, move: Move, facts: Mapping[str, Any], case: CaseState, now: Moment
    ) -> Iterator[Refusal]:
        """What its conditions say against a transition. The least change is sought once, and only if asked for."""
        seek = cache(lambda: self._supposing.least(move, facts, case, now, self.day))
        return refusing.of_conditions(move, self._reader(facts, case, now), seek)

    def _reader(self, facts: Mapping[str, Any], case: CaseState, now: Moment) -> CaseReader:
        return CaseReader(facts, case, now, self.day)

    # --- looking

    def choices(
        self,
        case: CaseState,
        *,
        role: Roles = (),
        person: str | None = None,
        facts: Mapping[str, Any] = NO_FACTS,
        now: Moment,
        submitted_by: Authors | None = None,
    ) -> list[Choice]:
        """Every transition that leaves the present state by hand, possible now or not, with every reason.

        That words are still to be given is no refusal here: `reason` says whether they must be.
        """
        return [
            Choice(
                transition=move.id,
                label=move.label,
                allowed=not refusals,
                refusals=refusals,
                reason="required" if move.needs_reason else move.written.reason,
                by=move.written.by,
                targets=move.targets,
                hint=move.written.hint,
            )
            for move in self._leaving[case.state]
            if not move.written.automatic
            for refusals in [
                self._against(case, move.id, role, person, "asked later", None, facts, now, submitted_by)
            ]
        ]

    def waiting(self, case: CaseState, *, facts: Mapping[str, Any] = NO_FACTS, now: Moment) -> list[Choice]:
        """The automatic transitions of the present state that have not happened, and what each waits for."""
        return [
            Choice(
                transition=move.id,
                label=move.label,
                allowed=False,
                refusals=(
                    *refusing.of_waiting(facts, self._words),
                    *self._conditions(move, facts, case, now),
                    *refusing.of_forms(move, facts, self._words),
                ),
                reason="none",
                targets=move.targets,
                automatic=True,
                hint=move.written.hint,
            )
            for move in self._automatic[case.state]
        ]

    def due(
        self,
        case: CaseState,
        *,
        facts: Mapping[str, Any] = NO_FACTS,
        calendar: Calendar | None = None,
        extra: Iterable[date] = (),
        pauses: Iterable[Pause] = (),
    ) -> list[Due]:
        """The deadlines that run in the present state, but for those that count from an unanswered question.

        `calendar` takes the place of the pack's; `extra` are holidays the authority has declared.
        """
        return self._timing.due(case, facts, self.day, calendar, tuple(extra), tuple(pauses))

    def passed(
        self,
        case: CaseState,
        what: str,
        *,
        facts: Mapping[str, Any] = NO_FACTS,
        now: Moment,
    ) -> Outcome:
        """What a deadline's `then` asks for, once it has passed unmet; `what` is the Due's."""
        plan = self._passing.get(what)
        firing = Firing(facts, self._reader(facts, case, now))
        return self._settled(Outcome(case, plan.at(firing) if plan is not None else ()), facts, now)

    def tasks(
        self,
        case: CaseState,
        *,
        facts: Mapping[str, Any] = NO_FACTS,
        calendar: Calendar | None = None,
        extra: Iterable[date] = (),
        pauses: Iterable[Pause] = (),
    ) -> list[OpenTask]:
        """What is to be done in the present state: its tasks, and its forms that are not submitted."""
        state = self._states[case.state]
        due = self.due(case, facts=facts, calendar=calendar, extra=extra, pauses=pauses)
        dates = {one.what: one.on for one in due}
        declared = [
            OpenTask(task.id, task.label, task.role, None, dates.get(f"{state.id}.{task.id}"))
            for task in state.tasks
        ]
        forms = [
            OpenTask(f"form.{form}", f"Complete {self._words.form(form)}", None, form, dates.get(state.id))
            for form in state.forms
            if not facts_.in_force(facts, form) and self._words.suits(form, facts)
        ]
        return [*declared, *forms]

    def day(self, moment: Moment) -> date:
        """The day of a moment in the authority's own zone; a moment without a zone is taken as it stands."""
        if isinstance(moment, datetime):
            return moment.astimezone(self._zone).date() if moment.tzinfo is not None else moment.date()
        return moment

    def drawing(self) -> Drawing:
        """The workflow as placed boxes and arrows, and as a plain list."""
        return self._drawing

    @cached_property
    def _drawing(self) -> Drawing:
        return lay_out(self.workflow)
