"""What a workflow owes: every condition can hold, ways exclude each other, no answer falls between, no case is stuck.

Among the branches of one transition, and among the automatic exits of one state, two that can both hold and a
gap between them are faults; a condition that can never hold is one anywhere. The prover decides, with answers
that show the fault. Must not know cases.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from engine import proof
from engine.expressions import tree as core
from engine.language.codes import finding
from engine.language.diagnostics import Diagnostic
from engine.language.model import Stack, Transition, Workflow
from engine.workflow import histories, stranding, unasked
from engine.workflow.conditions import Guards
from engine.workflow.described import Described
from engine.workflow.graph import Edge, circles
from engine.workflow.guards import Guard

Findings = Iterator[Diagnostic]
Decision = proof.Witness | proof.Impossible | proof.Undecided
_DOUBT = "it depends on answers that are worked out or checked in other ways"
NOT_TRUE = (False, None)


def check(workflow: Workflow, stack: Stack, guards: Guards, ways: tuple[Edge, ...]) -> Findings:
    """What the conditions do together."""
    described = Described(workflow, stack)
    for transition in workflow.transitions:
        if whole(transition, guards):
            yield from _together(workflow, transition, guards, described)
            yield from unasked.check(workflow, stack, transition, guards, described)
    yield from _automatic(workflow, guards, described)
    yield from _loops(workflow, guards, ways, described)
    if all(whole(one, guards) for one in workflow.transitions):
        yield from stranding.check(workflow, stack, guards, ways, described)
        yield from histories.check(workflow, stack, guards)


def whole(transition: Transition, guards: Guards) -> bool:
    """Whether all conditions of a transition could be read."""
    return (transition.when is None or (transition.id, None) in guards.by_place) and all(
        branch.when is None or (transition.id, index) in guards.by_place
        for index, branch in enumerate(transition.branches)
    )


def submitted(forms: Sequence[str]) -> list[tuple[core.Node, Sequence[bool | None]]]:
    """That forms wait to be decided on."""
    return [(core.FormState(form, frozenset({"submitted"})), [True]) for form in dict.fromkeys(forms)]


def _together(workflow: Workflow, transition: Transition, guards: Guards, described: Described) -> Findings:
    """One transition: conditions that never hold, branches that overlap, a gap between them."""
    element, name = f"{workflow.id}.{transition.id}", transition.id
    first = guards.by_place.get((name, None))
    branches = [
        (at, guard) for (owner, at), guard in guards.by_place.items() if owner == name and at is not None
    ]

    def ask(asked: Sequence[Guard], value: bool) -> Decision:
        wanted = [
            *([(first.typed.tree, [True])] if first is not None else []),
            *((one.typed.tree, [value]) for one in asked),
            *submitted((*transition.approve, *transition.send_back)),
        ]
        return proof.decide(wanted, described.universe([node for node, _ in wanted]), described.budget)

    if first is not None and ask([], True) == proof.IMPOSSIBLE:
        place, example = first.typed.expression.place, never_so(first, described)
        yield finding("W622", place, element=element, example=example, what=f"‘{name}’")
        return
    dead = set()
    for index, guard in branches:
        if ask([guard], True) == proof.IMPOSSIBLE:
            dead.add(index)
            place = guard.typed.expression.place
            what = f"The branch to ‘{transition.branches[index].to}’ of ‘{name}’"
            yield finding("W622", place, element=element, example=never_so(guard, described), what=what)
    living = [(index, guard) for index, guard in branches if index not in dead]
    for (one, guard), (two, other) in combinations(living, 2):
        yield from _overlap(
            ask([guard, other], True),
            (guard, f"the branch to ‘{transition.branches[one].to}’"),
            (other, f"the branch to ‘{transition.branches[two].to}’ of ‘{name}’"),
            element,
        )
    if branches and not dead and all(branch.when is not None for branch in transition.branches):
        found = ask([guard for _, guard in branches], False)
        place = transition.places.get("branches", transition.place)
        if isinstance(found, proof.Witness) and found.sure:
            example = f"{found.in_words()}: no branch holds."
            yield finding("W624", place, element=element, example=example, transition=name)
        elif not isinstance(found, proof.Impossible):
            yield undecided(found, place, element, f"the branches of ‘{name}’ leave a gap")
    if len(branches) > 1 and not dead and len(branches) + 1 == len(transition.branches):
        last = transition.branches[-1]
        if last.when is None and ask([guard for _, guard in branches], False) == proof.IMPOSSIBLE:
            yield finding("W635", last.place, element=element, transition=name, target=last.to)


def never_so(guard: Guard, described: Described) -> str | None:
    """Answers with which a condition that never holds comes as near as it can: all of it is so but one part."""
    tree = guard.typed.tree
    parts = tree.items if isinstance(tree, core.And) else (tree,)
    for part in parts:
        rest = [(one, [True]) for one in parts if one is not part]
        wanted: list[tuple[core.Node, Sequence[bool | None]]] = [*rest, (part, [False])]
        found = proof.decide(wanted, described.universe([node for node, _ in wanted]), described.budget)
        if isinstance(found, proof.Witness) and found.sure:
            what = "all of it is so but one part" if rest else "it is not so"
            return f"{found.in_words()}: {what}, and other answers make it no better."
    return None


def undecided(found: Decision, place: object, element: str, what: str, **more: object) -> Diagnostic:
    """That something could not be decided, and why; with answers under which it may be so."""
    why = found.why if isinstance(found, proof.Undecided) else _DOUBT
    example = (
        f"Perhaps {found.in_words().replace('With', 'with', 1)}."
        if isinstance(found, proof.Witness)
        else None
    )
    return finding("W625", place, element=element, example=example, what=what, why=why, **more)  # type: ignore[arg-type]


def _automatic(workflow: Workflow, guards: Guards, described: Described) -> Findings:
    """The automatic exits of one state: two that can both happen."""
    told: set[frozenset[str]] = set()
    for state in workflow.states:
        leaving = [one for one in workflow.transitions if one.automatic and state.id in one.sources]
        for one, two in combinations(leaving, 2):
            first, second = guards.by_place.get((one.id, None)), guards.by_place.get((two.id, None))
            pair = frozenset((one.id, two.id))
            if first is None or second is None or pair in told:
                continue
            told.add(pair)
            wanted = [
                (first.typed.tree, [True]),
                (second.typed.tree, [True]),
                *submitted((*one.approve, *two.approve)),
            ]
            found = proof.decide(wanted, described.universe([node for node, _ in wanted]), described.budget)
            element = f"{workflow.id}.{two.id}"
            yield from _overlap(
                found, (first, f"‘{one.id}’"), (second, f"‘{two.id}’ from ‘{state.id}’"), element
            )


def _overlap(found: Decision, first: tuple[Guard, str], second: tuple[Guard, str], element: str) -> Findings:
    if isinstance(found, proof.Impossible):
        return
    place = second[0].typed.expression.place
    related = [(first[0].typed.expression.place, "the other condition")]
    if isinstance(found, proof.Witness) and found.sure:
        named = first[1][0].upper() + first[1][1:]
        example = f"{found.in_words()}: both hold."
        yield finding(
            "W623", place, element=element, related=related, example=example, first=named, second=second[1]
        )
    else:
        yield undecided(found, place, element, f"{first[1]} and {second[1]} can both be so", related=related)


def _loops(workflow: Workflow, guards: Guards, ways: tuple[Edge, ...], described: Described) -> Findings:
    """Automatic transitions that lead round and round, if answers let all of them happen."""
    automatic = [way for way in ways if way.transition.automatic and way.source != way.target]
    for circle in circles(automatic):
        conditions = [guard.typed.tree for way in circle for guard in _on(way, guards)]
        found: Decision = proof.Witness(())
        if conditions:
            wanted = [(one, [True]) for one in conditions]
            found = proof.decide(wanted, described.universe(conditions), described.budget)
        if isinstance(found, proof.Impossible):
            continue
        first = circle[0].transition
        element, turns = f"{workflow.id}.{first.id}", [*(way.source for way in circle), circle[0].source]
        place = first.places.get("automatic", first.place)
        changing = any(way.transition.approve or way.transition.effects for way in circle)
        if isinstance(found, proof.Undecided) or not found.sure or (conditions and changing):
            what = f"automatic transitions can go round ({' → '.join(turns)})"
            if isinstance(found, proof.Witness) and found.sure:
                found = proof.Undecided("what they do on the way changes what they ask")
            yield undecided(found, place, element, what)
            continue
        related = [(way.transition.place, "and this one") for way in circle[1:]]
        why = f"{found.in_words()}: " if conditions else ""
        example = f"{why}a case that comes to ‘{turns[0]}’ goes {' → '.join(turns)}, and so on."
        yield finding(
            "W607",
            place,
            element=element,
            related=related,
            example=example[0].upper() + example[1:],
            circle=" → ".join(turns),
        )


def _on(way: Edge, guards: Guards) -> list[Guard]:
    keys = [(way.transition.id, None), (way.transition.id, way.branch)]
    return [guards.by_place[key] for key in keys if key in guards.by_place]
