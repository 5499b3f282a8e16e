"""A workflow's conditions: that each makes sense, and what they do together.

Among the branches of one transition, and among the automatic exits of one state, two that can both hold and a
gap between them are faults; a condition that can never hold is one anywhere. `universe` decides by trying.
Must not know cases.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from engine.expressions import YES_NO, dump, workflow_scope
from engine.expressions import tree as core
from engine.language.codes import finding
from engine.language.diagnostics import Diagnostic
from engine.language.model import Effect, Expression, Stack, Transition, Workflow
from engine.workflow.graph import Edge, circles
from engine.workflow.guards import Guard, compile_guard
from engine.workflow.setting import field_type
from engine.workflow.shown import Shown
from engine.workflow.universe import Case, Undecided, Universe

Findings = Iterator[Diagnostic]
Wanted = Callable[[Sequence[bool | None]], bool]


@dataclass(frozen=True)
class Guards:
    """The conditions of a workflow, compiled: of each transition (index None) and of its branches."""

    by_place: Mapping[tuple[str, int | None], Guard]

    def of(self, transition: Transition) -> list[Guard]:
        """All conditions of one transition."""
        return [guard for (owner, _), guard in self.by_place.items() if owner == transition.id]


def compiled(workflow: Workflow, stack: Stack) -> tuple[Guards, list[Diagnostic]]:
    """Every expression of the workflow, compiled, and what is wrong with those that cannot be."""
    scope = workflow_scope(stack, workflow)
    found: dict[tuple[str, int | None], Guard] = {}
    findings: list[Diagnostic] = []
    for transition in workflow.transitions:
        element = f"{workflow.id}.{transition.id}"
        written: list[tuple[int | None, Expression | None]] = [(None, transition.when)]
        written += [(index, branch.when) for index, branch in enumerate(transition.branches)]
        for index, expression in written:
            if expression is None:
                continue
            guard, told = compile_guard(expression, scope, YES_NO, element)
            findings += told
            if guard is not None:
                found[transition.id, index] = guard
    for element, effect in _effects(workflow):
        value = effect.settings.get("to")
        if effect.kind == "set" and isinstance(value, Expression):
            wants = field_type(workflow, stack, str(effect.settings.get("field")))
            findings += compile_guard(value, scope, wants, element)[1]
    return Guards(found), findings


def _effects(workflow: Workflow) -> Iterator[tuple[str, Effect]]:
    for state in workflow.states:
        deadlines = [state.deadline, *(task.within for task in state.tasks)]
        then = [effect for rule in deadlines if rule is not None for effect in rule.then]
        for effect in (*state.enter, *state.leave, *then):
            yield f"{workflow.id}.{state.id}", effect
    for transition in workflow.transitions:
        for effect in transition.effects:
            yield f"{workflow.id}.{transition.id}", effect


def forms_read(guard: Guard, stack: Stack) -> frozenset[str]:
    """The forms of this case that a condition reads, by their answers or by how far they are."""
    forms = set()
    for one in core.walk(guard.typed.tree):
        if isinstance(one, core.FormState):
            forms.add(one.form)
        elif isinstance(one, core.Read):
            forms.add(one.key.partition(".")[0])
    return frozenset(forms & stack.forms.keys())


def check(workflow: Workflow, stack: Stack, guards: Guards, ways: tuple[Edge, ...]) -> Findings:
    """What the conditions do together."""
    shown = Shown(workflow, stack)
    for transition in workflow.transitions:
        whole = transition.when is None or (transition.id, None) in guards.by_place
        if whole and all(
            branch.when is None or (transition.id, index) in guards.by_place
            for index, branch in enumerate(transition.branches)
        ):
            yield from _together(workflow, transition, guards, shown)
    yield from _automatic(workflow, guards, shown)
    yield from _loops(workflow, guards, ways, shown)


def _together(workflow: Workflow, transition: Transition, guards: Guards, shown: Shown) -> Findings:
    """One transition: conditions that never hold, branches that overlap, a gap between them."""
    element, name = f"{workflow.id}.{transition.id}", transition.id
    first = guards.by_place.get((name, None))
    branches = [
        (at, guard) for (owner, at), guard in guards.by_place.items() if owner == name and at is not None
    ]
    submitted = frozenset((*transition.approve, *transition.send_back))

    def ask(asked: Sequence[Guard], wanted: Wanted) -> Case | Undecided | None:
        trees = [one.typed.tree for one in ([first] if first is not None else []) + list(asked)]
        skip = 0 if first is None else 1
        universe = Universe(trees, shown, submitted)
        return universe.find(lambda held: (skip == 0 or held[0] is True) and wanted(held[skip:]))

    if first is not None and ask([], lambda held: True) is None:
        place = first.typed.expression.place
        yield finding("W622", place, element=element, what=f"‘{name}’")
        return
    dead = set()
    for index, guard in branches:
        if ask([guard], lambda held: held[0] is True) is None:
            dead.add(index)
            place = guard.typed.expression.place
            what = f"The branch to ‘{transition.branches[index].to}’ of ‘{name}’"
            yield finding("W622", place, element=element, what=what)
    living = [(index, guard) for index, guard in branches if index not in dead]
    for (one, guard), (two, other) in combinations(living, 2):
        found = ask([guard, other], lambda held: held[0] is True and held[1] is True)
        yield from _overlap(
            found,
            (guard, f"the branch to ‘{transition.branches[one].to}’"),
            (other, f"the branch to ‘{transition.branches[two].to}’ of ‘{name}’"),
            element,
        )
    if branches and not dead and all(branch.when is not None for branch in transition.branches):
        found = ask([guard for _, guard in branches], lambda held: all(one is False for one in held))
        if isinstance(found, Case) and found.sure:
            yield finding(
                "W624",
                transition.places.get("branches", transition.place),
                element=element,
                example=f"{_told(found)}: no branch holds.",
                transition=name,
            )
        elif found is not None:
            what = f"the branches of ‘{name}’ leave a gap"
            yield finding(
                "W625", transition.places.get("branches", transition.place), element=element, what=what
            )


def _automatic(workflow: Workflow, guards: Guards, shown: Shown) -> Findings:
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
            submitted = frozenset((*one.approve, *two.approve))
            universe = Universe([first.typed.tree, second.typed.tree], shown, submitted)
            found = universe.find(lambda held: held[0] is True and held[1] is True)
            element = f"{workflow.id}.{two.id}"
            yield from _overlap(
                found, (first, f"‘{one.id}’"), (second, f"‘{two.id}’ from ‘{state.id}’"), element
            )


def _overlap(
    found: Case | Undecided | None, first: tuple[Guard, str], second: tuple[Guard, str], element: str
) -> Findings:
    if found is None:
        return
    place, related = (
        second[0].typed.expression.place,
        [(first[0].typed.expression.place, "the other condition")],
    )
    if isinstance(found, Case) and found.sure:
        named = first[1][0].upper() + first[1][1:]
        example = f"{_told(found)}: both hold."
        yield finding(
            "W623", place, element=element, related=related, example=example, first=named, second=second[1]
        )
    else:
        what = f"{first[1]} and {second[1]} can both be so"
        yield finding("W625", place, element=element, related=related, what=what)


def _loops(workflow: Workflow, guards: Guards, ways: tuple[Edge, ...], shown: Shown) -> Findings:
    """Automatic transitions that lead round and round, if answers let all of them happen."""
    automatic = [way for way in ways if way.transition.automatic and way.source != way.target]
    for circle in circles(automatic):
        conditions = [guard for way in circle for guard in _on(way, guards)]
        found: Case | Undecided | None = Case({}, True)
        if conditions:
            universe = Universe([one.typed.tree for one in conditions], shown, frozenset())
            found = universe.find(lambda held: all(one is True for one in held))
        if found is None:
            continue
        first = circle[0].transition
        element, turns = f"{workflow.id}.{first.id}", [*(way.source for way in circle), circle[0].source]
        place = first.places.get("automatic", first.place)
        changing = any(way.transition.approve or way.transition.effects for way in circle)
        if isinstance(found, Undecided) or not found.sure or (conditions and changing):
            what = f"automatic transitions can go round ({' → '.join(turns)})"
            yield finding("W625", place, element=element, what=what)
            continue
        related = [(way.transition.place, "and this one") for way in circle[1:]]
        why = f"{_told(found)}: " if conditions else ""
        example = f"{why}a case that comes to ‘{turns[0]}’ goes {' → '.join(turns)}, and so on."
        yield finding(
            "W607",
            place,
            element=element,
            related=related,
            example=example[0].upper() + example[1:],
            circle=" → ".join(turns),
        )


def _told(case: Case) -> str:
    """The answers of a worked case in words."""
    said = []
    for name, value in sorted(case.answers.items(), key=lambda item: item[0]):
        form, _, rest = name.partition(".")
        if rest == "_state":
            if value != "submitted" or not any(
                one.startswith(f"{form}.") for one in case.answers if one != name
            ):
                said.append(f"{form} {value}")
        else:
            said.append(f"{name} = {_spoken(value)}")
    return "With " + ", ".join(said) if said else "With nothing answered"


def _spoken(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, frozenset):
        return " and ".join(sorted(value))
    return str(dump(value))


def _on(way: Edge, guards: Guards) -> list[Guard]:
    keys = [(way.transition.id, None), (way.transition.id, way.branch)]
    return [guards.by_place[key] for key in keys if key in guards.by_place]
