"""Whether a case can come to a standstill by what was decided on the way: sent, approved and returned forms.

`stranding` looks at answers, one step back. This follows whole histories of a case and holds of each only where it
stands and how its forms stand; of answers it believes whatever helps. What is stuck here is stuck whatever is
answered. Must not know cases.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product

from engine.expressions import tree as core
from engine.language.codes import finding
from engine.language.diagnostics import Diagnostic
from engine.language.model import Stack, State, Transition, Workflow
from engine.workflow.conditions import Guards, compiled
from engine.workflow.stranding import opened

# How a form stands in a case; an older submission counts for nothing once a newer one is sent.
NONE, SENT, APPROVED, RETURNED = "none", "submitted", "approved", "returned"
MOST = 20_000

Truths = frozenset[bool | None]
ANY: Truths = frozenset({True, False, None})
UNKNOWN: Truths = frozenset({None})
Forms = tuple[str, ...]
At = tuple[str, Forms]


@dataclass(frozen=True, slots=True)
class Step:
    """How a situation came about: from which one, and by a form sent or a transition made."""

    before: At
    sent: str = ""
    made: Transition | None = None


def check(workflow: Workflow, stack: Stack, guards: Guards) -> Iterator[Diagnostic]:
    """States in which a case can be stuck after some history, which is told."""
    always = frozenset(opened(workflow))
    doubted = [state for state in workflow.states if _doubtful(state, workflow, guards)]
    told: set[str] = set()
    for kind in workflow.about if doubted else ():
        paths = _Paths(workflow, stack, guards, always, kind)
        for at, history in paths.stuck():
            state = workflow.state(at[0])
            if state is not None and state.id not in told:
                told.add(state.id)
                yield finding(
                    "W630",
                    state.places.get("id", state.place),
                    element=f"{workflow.id}.{state.id}",
                    example=paths.in_words(at, history),
                    state=state.id,
                )


def never_lacking(workflow: Workflow, stack: Stack) -> frozenset[str]:
    """Transitions that decide on forms and are never before anybody without those forms waiting."""
    guards, _ = compiled(workflow, stack)
    deciding = [one for one in workflow.transitions if one.approve or one.send_back]
    lacking: set[str] = set()
    for kind in workflow.about if deciding else ():
        paths = _Paths(workflow, stack, guards, frozenset(opened(workflow)), kind)
        every = not paths.explored()
        lacking |= {one.id for one in deciding if every or paths.lacks(one)}
    return frozenset(one.id for one in deciding if one.id not in lacking)


def _doubtful(state: State, workflow: Workflow, guards: Guards) -> bool:
    """Whether every way out asks for a form: with one that asks for none there is nothing to look for."""
    exits = [one for one in workflow.transitions if state.id in one.sources]
    return bool(exits) and not state.final and all(_forms_asked(one, guards) for one in exits)


def _forms_asked(transition: Transition, guards: Guards) -> set[str]:
    names = {name for guard in guards.of(transition) for name in core.reads(guard.typed.tree)}
    return {name.partition(".")[0] for name in names} | {*transition.approve, *transition.send_back}


class _Paths:
    """Every situation that cases about one type of record can come to."""

    def __init__(
        self, workflow: Workflow, stack: Stack, guards: Guards, always: frozenset[str], kind: str
    ) -> None:
        self.workflow, self.stack, self.guards, self.always = workflow, stack, guards, always
        suits = {one.id for one in stack.forms.values() if not one.about or kind in one.about}
        asked = {form for one in workflow.transitions for form in _forms_asked(one, guards)}
        self.forms: Forms = tuple(sorted(asked & suits))
        self.exits = {
            state.id: [one for one in workflow.transitions if state.id in one.sources]
            for state in workflow.states
        }
        self.came: dict[At, Step | None] = {}
        self.onward: dict[At, set[At]] = {}

    def explored(self) -> bool:
        """Finds every situation; false if there are too many."""
        start: At = (self.workflow.initial, (NONE,) * len(self.forms))
        self.came[start] = None
        waiting = deque([start])
        while waiting and len(self.came) < MOST:
            at = waiting.popleft()
            steps = list(self._steps(at))
            self.onward[at] = {after for after, _ in steps}
            for after, step in steps:
                if after not in self.came:
                    self.came[after] = step
                    waiting.append(after)
        return not waiting

    def stuck(self) -> Iterator[tuple[At, list[Step]]]:
        """Situations that nothing leads out of, each with a history that is sure to be possible."""
        if not self.explored():
            return
        finals = {state.id for state in self.workflow.states if state.final}
        free = {
            at
            for at, onward in self.onward.items()
            if at[0] in finals or any(after[0] != at[0] for after in onward)
        }
        grown = True
        while grown:
            more = {at for at, onward in self.onward.items() if at not in free and onward & free}
            free |= more
            grown = bool(more)
        for at in self.came:
            if at not in free and self.exits.get(at[0]):
                history = self._history(at)
                if self._sure(history):
                    yield at, history

    def lacks(self, one: Transition) -> bool:
        """Whether somebody may stand before the transition while a form that it decides on is not waiting."""
        return any(
            state in one.sources and any(forms[index] != SENT for index in self._decided(one))
            for state, forms in self.came
            if not any(self._certain(other, forms) for other in self.exits.get(state, []) if other.automatic)
        )

    def _steps(self, at: At) -> Iterator[tuple[At, Step]]:
        state, forms = at
        written = self.workflow.state(state)
        forced = [one for one in self.exits.get(state, []) if one.automatic and self._certain(one, forms)]
        for one in forced[:1] or self.exits.get(state, []):
            for target in self._targets(one, forms):
                yield (target, self._after(one, forms)), Step(at, made=one)
        if forced or written is None or written.final:
            return
        for index, form in enumerate(self.forms):
            if form in written.forms or form in self.always:
                sent = (*forms[:index], SENT, *forms[index + 1 :])
                yield (state, sent), Step(at, sent=form)

    def _decided(self, one: Transition) -> Iterator[int]:
        return (self.forms.index(form) for form in (*one.approve, *one.send_back) if form in self.forms)

    def _possible(self, one: Transition, forms: Forms) -> Truths:
        """What may become of the transition's own condition; false where a form to decide on is not waiting."""
        if any(forms[index] != SENT for index in self._decided(one)):
            return frozenset({False})
        guard = self.guards.by_place.get((one.id, None))
        return frozenset({True}) if guard is None else self._truths(guard.typed.tree, forms)

    def _certain(self, one: Transition, forms: Forms) -> bool:
        """An automatic transition that cannot but happen: nobody gets to do anything else here."""
        known = self._possible(one, forms) == frozenset({True})
        return (
            known
            and (not one.branches or any(branch.when is None for branch in one.branches))
            and not any(
                None in self._truths(guard.typed.tree, forms)
                for (owner, index), guard in self.guards.by_place.items()
                if owner == one.id and index is not None
            )
        )

    def _targets(self, one: Transition, forms: Forms) -> Iterator[str]:
        if True not in self._possible(one, forms):
            return
        if not one.branches:
            if one.to is not None:
                yield one.to
            return
        for index, branch in enumerate(one.branches):
            guard = self.guards.by_place.get((one.id, index))
            truths = frozenset({True}) if guard is None else self._truths(guard.typed.tree, forms)
            if True in truths:
                yield branch.to
            if False not in truths:
                return

    def _after(self, one: Transition, forms: Forms) -> Forms:
        now = list(forms)
        for listed, becomes in ((one.approve, APPROVED), (one.send_back, RETURNED)):
            for form in listed:
                if form in self.forms:
                    now[self.forms.index(form)] = becomes
        return tuple(now)

    def _truths(self, node: core.Node, forms: Forms) -> Truths:
        """The truths that a condition may have while the forms stand so, whatever is answered."""
        match node:
            case core.FormState(form=form, states=states):
                if form not in self.forms:
                    return frozenset({True, False})
                return frozenset({forms[self.forms.index(form)] in states})
            case core.Constant(value=value):
                return frozenset({bool(value)})
            case core.Not(operand=operand):
                return frozenset(None if one is None else not one for one in self._truths(operand, forms))
            case core.And(items=items):
                return frozenset(
                    False if False in case else None if None in case else True
                    for case in self._cases(items, forms)
                )
            case core.Or(items=items):
                return frozenset(
                    True if True in case else None if None in case else False
                    for case in self._cases(items, forms)
                )
            case core.Answered(operand=operand):
                return frozenset({False}) if self._blank(operand, forms) else ANY
            case core.Read() | core.Compare() | core.Member() | core.Includes():
                return UNKNOWN if self._blank(node, forms) else ANY
            case _:
                return ANY

    def _cases(self, items: Iterable[core.Node], forms: Forms) -> Iterable[tuple[bool | None, ...]]:
        return product(*{self._truths(item, forms) for item in items})

    def _blank(self, node: core.Node, forms: Forms) -> bool:
        """Whether a plain value is missing because its form has not come, or was sent back."""
        if not isinstance(node, core.Read):
            return any(self._blank(child, forms) for child in core.children(node))
        form = node.name.partition(".")[0]
        return form in self.forms and forms[self.forms.index(form)] in (NONE, RETURNED)

    def _history(self, at: At) -> list[Step]:
        steps: list[Step] = []
        step = self.came[at]
        while step is not None:
            steps.append(step)
            step = self.came[step.before]
        return steps[::-1]

    def _sure(self, history: list[Step]) -> bool:
        """Whether no two conditions on the way ask about one set of answers, so that all of them can have held."""
        read: set[tuple[str, int]] = set()
        sent = dict.fromkeys(self.forms, 0)
        for step in history:
            if step.made is None:
                sent[step.sent] += 1
                continue
            names = {name for guard in self.guards.of(step.made) for name in core.reads(guard.typed.tree)}
            answers = {name.partition(".")[0] for name in names if not name.endswith("._state")}
            asked = {(name, sent.get(name, 0)) for name in answers}
            if asked & read or answers & {"case"}:
                return False
            read |= asked
        return True

    def in_words(self, at: At, history: list[Step]) -> str:
        """The history and how the forms then stand."""
        titles = {state.id: state.title for state in self.workflow.states}
        said = [
            f"‘{step.made.label or step.made.id}’"
            if step.made is not None
            else f"‘{self.stack.forms[step.sent].title}’ is sent"
            for step in history
        ]
        asked = {form for one in self.exits[at[0]] for form in _forms_asked(one, self.guards)}
        stand = [
            f"‘{self.stack.forms[form].title}’ {'never came' if how == NONE else 'is ' + how}"
            for form, how in zip(self.forms, at[1], strict=True)
            if form in asked
        ]
        way = ", then ".join(said) or "From the beginning"
        return f"{way}: {' and '.join(stand)}, and nothing leads out of ‘{titles[at[0]]}’."
