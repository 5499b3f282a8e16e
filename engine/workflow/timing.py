"""Which deadlines of a case run now, when they fall due and why. Must not know what is done when one passes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from engine.calendars import Calendar, Pause, calendar, explain
from engine.language.model import DeadlineRule, Stack, State, Workflow
from engine.language.saying import say
from engine.language.written import calendar_of
from engine.workflow import facts as facts_
from engine.workflow.questions import find_question
from engine.workflow.values import CaseState, Due, Moment


class Timing:
    """The deadline rules of one workflow, by state."""

    def __init__(self, workflow: Workflow, stack: Stack) -> None:
        self._calendar = calendar_of(stack.manifest)
        self._stack = stack
        self._rules = {state.id: tuple(rules_of(state)) for state in workflow.states}

    def due(
        self,
        case: CaseState,
        facts: Mapping[str, Any],
        day: Callable[[Moment], date],
        given: Calendar | None,
        extra: tuple[date, ...],
        pauses: tuple[Pause, ...],
    ) -> list[Due]:
        """Every deadline of the present state whose first day is known."""
        found = []
        for what, label, rule in self._rules[case.state]:
            start = self._start(rule, case, facts, day)
            if start is None:
                continue
            reckoned = explain(rule, start, given or self.calendar(rule), extra=extra, pauses=pauses)
            because = f"{self._event(rule, case)}: {reckoned.in_words()}"
            found.append(Due(what, reckoned.on, rule, because, label, reckoned))
        return found

    def calendar(self, rule: DeadlineRule) -> Calendar:
        """The rule's own nation, or the pack's."""
        return calendar(self._calendar if rule.calendar == "nation" else rule.calendar)

    def _start(
        self, rule: DeadlineRule, case: CaseState, facts: Mapping[str, Any], day: Callable[[Moment], date]
    ) -> date | None:
        if rule.start == "entered":
            return day(case.entered)
        if rule.start == "started":
            # A limit counted from a beginning long ago would have passed before anybody could act on it.
            return day(case.reopened or case.started)
        answer = facts_.answer(facts, rule.start)
        try:
            return date.fromisoformat(answer) if isinstance(answer, str) else None
        except ValueError:
            return None

    def _event(self, rule: DeadlineRule, case: CaseState) -> str:
        if rule.start == "entered":
            return say("Counted from the day this state began")
        if rule.start == "started":
            if case.reopened:
                return say("Counted from the day the case was opened again")
            return say("Counted from the day the case began")
        question = find_question(self._stack, rule.start)
        return say(
            "Counted from the answer to ‘%(question)s’", question=question.label if question else rule.start
        )


def rules_of(state: State) -> list[tuple[str, str, DeadlineRule]]:
    """What each deadline of a state is called (the state, or STATE.TASK), its label and its rule."""
    rules = [(state.id, state.title, state.deadline)] if state.deadline is not None else []
    rules += [(f"{state.id}.{task.id}", task.label, task.within) for task in state.tasks if task.within]
    return rules
