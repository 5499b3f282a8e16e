"""Whether a state can strand a case: facts with which it is reached, and with which nothing ever leads on.

What a person can still change there (a form that is offered, the record, the day) is never held against a
state: only where all that its ways out ask is settled for good, and settled wrongly, is a case stuck. Must not
know cases.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from engine import proof
from engine.expressions import tree as core
from engine.language.codes import finding
from engine.language.diagnostics import Diagnostic
from engine.language.model import Effect, Stack, State, Transition, Workflow
from engine.workflow.conditions import Guards
from engine.workflow.described import Described
from engine.workflow.graph import Edge
from engine.workflow.waiting import awaited_at

YES = core.Constant("yes_no", True)
NO = core.Constant("yes_no", False)
Wanted = list[tuple[core.Node, tuple[bool | None, ...]]]


def check(
    workflow: Workflow, stack: Stack, guards: Guards, ways: tuple[Edge, ...], described: Described
) -> Iterator[Diagnostic]:
    """States in which a case can be stuck. Told of the first way in that shows it."""
    always = opened(workflow)
    for state in workflow.states:
        exits = [one for one in workflow.transitions if state.id in one.sources]
        if state.final or not exits:
            continue
        permits = [_permit(one, guards) for one in exits]
        # Once a case that was awaited to its end has ended, where it stands is as settled as a form handed in.
        ended = {
            f"case.awaited.{one.settings['workflow']}": str(one.settings["workflow"])
            for one in awaited_at(workflow, state, ways)
            if "state" not in one.settings and one.settings["workflow"] in stack.workflows
        }
        if YES in permits or not _settled(permits, set(state.forms) | always, stack, ended):
            continue
        for way in (one for one in ways if one.target == state.id and one.source != state.id):
            source = workflow.state(way.source)
            if source is None or way.transition.send_back:
                continue
            found = _stuck(workflow, stack, guards, source, way, permits, described, ended)
            if isinstance(found, proof.Witness) and found.sure and _free(permits, source, always, ended):
                yield finding(
                    "W626",
                    state.places.get("id", state.place),
                    element=f"{workflow.id}.{state.id}",
                    related=[(way.transition.place, "the way in")],
                    example=f"{found.in_words()}: nothing leads out of ‘{state.title}’.",
                    state=state.id,
                    way=way.transition.id,
                )
                break


def written(workflow: Workflow) -> list[Effect]:
    """Every effect of a workflow, wherever it stands."""
    effects = [effect for one in workflow.transitions for effect in one.effects]
    for state in workflow.states:
        rules = [state.deadline, *(task.within for task in state.tasks)]
        effects += [
            *state.enter,
            *state.leave,
            *(one for rule in rules if rule is not None for one in rule.then),
        ]
    return effects


def opened(workflow: Workflow) -> set[str]:
    """Forms that an effect opens somewhere: such a draft may be waiting in any state."""
    return {str(one.settings.get("form", "")) for one in written(workflow) if one.kind == "open"}


def _permit(transition: Transition, guards: Guards) -> core.Node:
    """True exactly while the transition can happen, its branches tried in order."""
    parts: list[core.Node] = [
        core.FormState(form, frozenset({"submitted"}))
        for form in dict.fromkeys((*transition.approve, *transition.send_back))
    ]
    if (transition.id, None) in guards.by_place:
        parts.append(guards.by_place[transition.id, None].typed.tree)
    if transition.branches:
        parts.append(
            core.Or(tuple(_branch(transition, index, guards) for index in range(len(transition.branches))))
        )
    return core.And(tuple(parts)) if parts else YES


def _branch(transition: Transition, index: int, guards: Guards) -> core.Node:
    """That this branch is taken: it holds and all before it are false."""
    trees = [
        guards.by_place[transition.id, at].typed.tree
        for at in range(index)
        if (transition.id, at) in guards.by_place
    ]
    own = guards.by_place.get((transition.id, index))
    return core.And((*(core.Not(one) for one in trees), YES if own is None else own.typed.tree))


def _settled(permits: list[core.Node], offered: set[str], stack: Stack, ended: Mapping[str, str]) -> bool:
    """Whether all that the ways out ask is beyond change here."""
    return all(name in ended or (name in stack.forms and name not in offered) for name in _asked(permits))


def _free(permits: list[core.Node], source: State, opened: set[str], ended: Mapping[str, str]) -> bool:
    """Whether the facts are still open in the state before, so that every one of them can be reached."""
    names = _asked(permits)
    return bool(names) and all(name in ended or name in source.forms or name in opened for name in names)


def _asked(permits: list[core.Node]) -> set[str]:
    """What the ways out read: forms by their id, awaited cases and waiting itself by their whole name."""
    names = {name for one in permits for name in core.reads(one) if name != "case.waiting"}
    return {name if name.startswith("case.") else name.partition(".")[0] for name in names}


def _stuck(
    workflow: Workflow,
    stack: Stack,
    guards: Guards,
    source: State,
    way: Edge,
    permits: list[core.Node],
    described: Described,
    ended: Mapping[str, str],
) -> proof.Witness | proof.Impossible | proof.Undecided:
    """Facts with which the way is taken and, after what it does, no way out is permitted."""
    approved = frozenset(way.transition.approve)
    wanted: Wanted = [(_permit(way.transition, guards), (True,))]
    if way.branch is not None:
        wanted.append((_branch(way.transition, way.branch, guards), (True,)))
    for one in workflow.transitions:
        if one is way.transition:
            break
        if one.automatic and source.id in one.sources:
            wanted.append((_permit(one, guards), (False, None)))
    # The form is offered in the state before, so it may have come fresh; what else it could be is not known here.
    for form in sorted(_asked(permits) & stack.forms.keys()):
        if source.id == workflow.initial:
            wanted.append((core.FormState(form, frozenset({"approved", "returned"})), (False,)))
        else:
            wanted.append((core.FormState(form, frozenset({"submitted"})), (True,)))
    wanted += [(_after(one, approved), (False, None)) for one in permits]
    for key, name in ended.items():
        finals = frozenset(one.id for one in stack.workflows[name].states if one.final)
        wanted.append((core.Member(core.Read(key, key, "choice"), finals), (True,)))
    universe = described.universe([node for node, _ in wanted])
    sure = {
        key: replace(universe.questions[key], doubtful=False) for key in ended if key in universe.questions
    }
    universe = replace(universe, questions={**universe.questions, **sure})
    return proof.decide(wanted, universe, described.budget)


def _after(node: core.Node, approved: frozenset[str]) -> core.Node:
    """A condition as it is once these forms have been approved."""
    match node:
        case core.FormState(form=form, states=states) if form in approved:
            return YES if "approved" in states else NO
        case core.Read(key="case.waiting"):
            return NO
        case core.And(items=items):
            return core.And(tuple(_after(one, approved) for one in items))
        case core.Or(items=items):
            return core.Or(tuple(_after(one, approved) for one in items))
        case core.Not(operand=operand):
            return core.Not(_after(operand, approved))
        case _:
            return node
