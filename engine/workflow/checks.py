"""What could strand a case, found before anybody starts one: the workflow as a graph, and settings that clash.

Names that do not exist are told elsewhere and passed over here. Whether conditions overlap or leave gaps is
`obligations`' part. Must not know files or layers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.language.codes import finding
from engine.language.diagnostics import Diagnostic
from engine.language.model import Element, Stack, State, Transition, Workflow
from engine.language.places import Place
from engine.workflow import admitting, conditions, obligations, waiting
from engine.workflow.graph import Edge, circles, edges, leading_to, paths_from

Findings = Iterator[Diagnostic]
MOST_TOLD = 4


def check(workflow: Workflow, stack: Stack) -> list[Diagnostic]:
    """Everything that is wrong with a workflow beyond its names, conditions included; empty if nothing is."""
    guards, findings = conditions.compiled(workflow, stack)
    ways = edges(workflow)
    findings += [
        *_names(workflow),
        *_ends(workflow, ways),
        *_finals(workflow),
        *_transitions(workflow),
        *_access(workflow, stack),
        *admitting.check(workflow, stack),
        *_forms(workflow, stack, ways, guards),
        *_turns(workflow),
        *_links(workflow, stack, guards),
        *waiting.check(workflow, ways),
        *obligations.check(workflow, stack, guards, ways),
    ]
    # A form that nobody is given is one fault: where it brings a case to a standstill, that is what is told.
    if any(one.code == "W630" for one in findings):
        findings = [one for one in findings if one.code != "W619"]
    return findings


def _at(element: Element, *settings: str) -> Place:
    return next((element.places[one] for one in settings if one in element.places), element.place)


def _path(workflow: Workflow, part: Element) -> str:
    return f"{workflow.id}.{part.id}"


def _titles(workflow: Workflow) -> Mapping[str, str]:
    return {state.id: state.title for state in workflow.states}


def _way(workflow: Workflow, path: tuple[str, ...]) -> str:
    titles = _titles(workflow)
    return " → ".join(f"‘{titles[one]}’" for one in path)


def _links(workflow: Workflow, stack: Stack, guards: conditions.Guards) -> Findings:
    """A context never shows who is linked to it, not even by what it refuses."""
    if not any(stack.records[one].context for one in workflow.about if one in stack.records):
        return
    for transition in workflow.transitions:
        told = next(
            (
                one
                for one in guards.of(transition)
                if any(f"{read}.".startswith("record.links.") for read in one.typed.reads)
            ),
            None,
        )
        if told is not None:
            at = _at(transition, "when", "branches")
            yield finding("W631", at, element=_path(workflow, transition), transition=transition.id)


def _names(workflow: Workflow) -> Findings:
    states = {state.id: state for state in workflow.states}
    for transition in workflow.transitions:
        if transition.id in states:
            yield finding(
                "W609",
                _at(transition, "id"),
                element=_path(workflow, transition),
                related=[(_at(states[transition.id], "id"), "the state")],
                id=transition.id,
                workflow=workflow.id,
            )


def _ends(workflow: Workflow, ways: tuple[Edge, ...]) -> Findings:
    """States that are never reached, that lead nowhere, or nowhere that ends."""
    finals = [state.id for state in workflow.states if state.final]
    if not finals:
        onward_from = {way.source for way in ways}
        ends = [state for state in workflow.states if state.id not in onward_from]
        about = [(_at(state, "id"), "nothing leads out of this one") for state in ends]
        at = _at(workflow, "states")
        yield finding("W602", at, element=workflow.id, related=about, workflow=workflow.id)
    reached = paths_from(workflow.initial, ways) if workflow.state(workflow.initial) is not None else None
    onward = {way.source for way in ways}
    ending = leading_to(finals, ways)
    stuck: dict[str, tuple[str, ...]] = {}
    # Cases that come to a dead end would go on from there to what is not reached now: one fault, told at the dead end.
    # What nothing leads to nor from is a fault of its own.
    halted = bool(finals) and any(one in (reached or {}) for one in _dead(workflow, ways))
    for state in workflow.states:
        if reached is not None and state.id not in reached:
            if not halted or not any(state.id in (way.source, way.target) for way in ways):
                yield _unreached(workflow, state, ways, list(reached))
        elif state.final or not finals:
            # Where no state is final, that is the one fault.
            continue
        elif state.id not in onward:
            way = (reached or {}).get(state.id, (state.id,))
            yield finding(
                "W603",
                _at(state, "id"),
                element=_path(workflow, state),
                example=f"A case that goes {_way(workflow, way)} stays there for ever."
                if len(way) > 1
                else "A new case stays there for ever.",
                state=state.id,
            )
        elif finals and state.id not in ending:
            stuck[state.id] = (reached or {}).get(state.id, (state.id,))
    yield from _never_ending(workflow, ways, stuck, set(_dead(workflow, ways)))


def _dead(workflow: Workflow, ways: tuple[Edge, ...]) -> list[str]:
    onward = {way.source for way in ways}
    return [state.id for state in workflow.states if not state.final and state.id not in onward]


def _never_ending(
    workflow: Workflow, ways: tuple[Edge, ...], stuck: Mapping[str, tuple[str, ...]], dead: set[str]
) -> Findings:
    """Told once for each group of states that lead only to each other; those led astray by a dead end are its fault."""
    astray = leading_to(dead, ways)
    told: set[str] = set()
    for state_id, way in stuck.items():
        state = workflow.state(state_id)
        if state is None or state_id in told or state_id in astray:
            continue
        group = [one for one in paths_from(state_id, ways) if one in stuck]
        told |= set(group)
        round_trip = next((circle for circle in circles(ways) if circle[0].source in group), ())
        turns = (*(edge.source for edge in round_trip), round_trip[0].source) if round_trip else ()
        yield finding(
            "W604",
            _at(state, "id"),
            element=_path(workflow, state),
            example=f"A case that has come {_way(workflow, way)} can only go {_way(workflow, turns)}.",
            state=state_id,
            among=", ".join(group),
        )


def _unreached(workflow: Workflow, state: State, ways: tuple[Edge, ...], reached: list[str]) -> Diagnostic:
    sources = list(
        dict.fromkeys(way.source for way in ways if way.target == state.id and way.source != state.id)
    )
    if sources:
        why = f"only {_listed(sources)} {'leads' if len(sources) == 1 else 'lead'} to it, where no case comes either"
    else:
        why = "no transition leads to it"
    titles = _titles(workflow)
    comes = _listed([titles[one] for one in reached[:MOST_TOLD]])
    more = f" and to {len(reached) - MOST_TOLD} more" if len(reached) > MOST_TOLD else ""
    example = f"However a case goes, it comes to {comes}{more}, never to ‘{state.title}’."
    return finding(
        "W601", _at(state, "id"), element=_path(workflow, state), example=example, state=state.id, why=why
    )


def _listed(names: list[str]) -> str:
    quoted = [f"‘{name}’" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"


def _finals(workflow: Workflow) -> Findings:
    states = {state.id: state for state in workflow.states}
    first = states.get(workflow.initial)
    if first is not None and first.final:
        yield finding(
            "W620",
            _at(workflow, "initial"),
            element=workflow.id,
            related=[(first.place, "the state")],
            state=first.id,
        )
    for transition in workflow.transitions:
        for source in transition.sources:
            state = states.get(source)
            if state is None or state.final == transition.reopen:
                continue
            if not any(one.final for one in workflow.states):
                continue
            yield finding(
                "W605" if state.final else "W606",
                _at(transition, "from") if state.final else _at(transition, "reopen", "from"),
                element=_path(workflow, transition),
                related=[(state.place, "the state")],
                state=source,
                transition=transition.id,
            )
    for state in workflow.states:
        for setting, there in (("deadline", state.deadline), ("tasks", state.tasks), ("forms", state.forms)):
            if state.final and there:
                yield finding(
                    "W621",
                    _at(state, setting),
                    element=_path(workflow, state),
                    state=state.id,
                    setting=setting,
                )


def _transitions(workflow: Workflow) -> Findings:
    """Settings of one transition that clash with each other."""
    for one in workflow.transitions:
        element = _path(workflow, one)
        if one.automatic:
            for setting, there in (
                ("by", bool(one.by)),
                ("four_eyes", one.four_eyes),
                ("reason", one.reason == "required"),
                ("return", bool(one.send_back)),
                ("reopen", one.reopen),
            ):
                if there:
                    yield finding(
                        "W608", _at(one, setting), element=element, transition=one.id, setting=setting
                    )
                    break
        if one.automatic and any(target in one.sources for target in _targets(one)):
            state = next(target for target in _targets(one) if target in one.sources)
            place = next((branch.place for branch in one.branches if branch.to == state), _at(one, "to"))
            yield finding("W615", place, element=element, transition=one.id, state=state)
        if one.send_back and one.reason != "required" and not one.automatic:
            yield finding("W613", _at(one, "return"), element=element, transition=one.id)
        if one.four_eyes and not (one.approve or one.send_back) and not one.automatic:
            yield finding("W614", _at(one, "four_eyes"), element=element, transition=one.id)
        for form in one.approve:
            if form in one.send_back:
                yield finding("W618", _at(one, "return"), element=element, transition=one.id, form=form)
        yield from _otherwise(one, element)


def _otherwise(transition: Transition, element: str) -> Findings:
    defaults = [index for index, branch in enumerate(transition.branches) if branch.when is None]
    if len(defaults) > 1:
        branch = transition.branches[defaults[1]]
        first = transition.branches[defaults[0]].place
        yield finding(
            "W610", branch.place, element=element, related=[(first, "the first")], transition=transition.id
        )
    elif defaults and defaults[0] != len(transition.branches) - 1:
        yield finding(
            "W611", transition.branches[defaults[0]].place, element=element, transition=transition.id
        )


def _targets(transition: Transition) -> list[str]:
    return [branch.to for branch in transition.branches] or ([transition.to] if transition.to else [])


def _access(workflow: Workflow, stack: Stack) -> Findings:
    """Roles that are named here and that no rule of the pack lets in. A pack without rules is not judged."""
    if not stack.access.rules:
        return
    for record in workflow.about:
        for state in workflow.states:
            for task in state.tasks:
                if task.role in stack.access.roles and not _may(stack, [task.role], record, None):
                    yield finding(
                        "W616",
                        _at(task, "for", "role"),
                        element=f"{_path(workflow, state)}.{task.id}",
                        task=task.id,
                        role=task.role,
                        record=record,
                    )
        shut_out: dict[str, list[Transition]] = {}
        for transition in workflow.transitions:
            known = [role for role in transition.by if role in stack.access.roles]
            if known and not _may(stack, known, record, "decide"):
                shut_out.setdefault(_listed(known), []).append(transition)
        for roles, (transition, *others) in shut_out.items():
            yield finding(
                "W617",
                _at(transition, "by"),
                element=_path(workflow, transition),
                related=[(_at(one, "by"), f"‘{one.id}’ too") for one in others],
                transition=transition.id,
                roles=roles,
                record=record,
            )


def _may(stack: Stack, roles: list[str], record: str, what: str | None) -> bool:
    return any(
        rule.role in roles
        and (record in rule.records or "any" in rule.records)
        and (what is None or what in rule.may)
        for rule in stack.access.rules
    )


def _forms(workflow: Workflow, stack: Stack, ways: tuple[Edge, ...], guards: conditions.Guards) -> Findings:
    """A transition that waits for a form which no state on the way there offers."""
    offered: dict[str, set[str]] = {state.id: set(state.forms) for state in workflow.states}
    for state in workflow.states:
        offered[state.id] |= {_opened(effect) for effect in state.enter}
    for way in ways:
        offered[way.target] |= {_opened(effect) for effect in way.transition.effects}
    every = set().union(*offered.values()) - {""} if offered else set()
    for transition in workflow.transitions:
        before = leading_to(transition.sources, ways)
        given = set().union(*(offered[one] for one in before if one in offered), set())
        asked = dict.fromkeys(
            (*transition.approve, *transition.send_back), _at(transition, "approve", "return")
        )
        for guard in guards.of(transition):
            for form in sorted(conditions.forms_read(guard, stack)):
                asked.setdefault(form, guard.typed.expression.place)
        for form, place in asked.items():
            if form in stack.forms and form not in given:
                yield finding(
                    "W619",
                    place,
                    element=_path(workflow, transition),
                    transition=transition.id,
                    form=form,
                    known=", ".join(sorted(every)) or "none",
                )


def _opened(effect: object) -> str:
    kind, settings = getattr(effect, "kind", ""), getattr(effect, "settings", {})
    return str(settings.get("form", "")) if kind == "open" else ""


def _turns(workflow: Workflow) -> Findings:
    """Automatic transitions of one state: one without a condition leaves no turn to those after it."""
    for state in workflow.states:
        first: Transition | None = None
        for one in workflow.transitions:
            if not one.automatic or state.id not in one.sources:
                continue
            if first is not None:
                yield finding(
                    "W612",
                    _at(one, "id"),
                    element=_path(workflow, one),
                    related=[(_at(first, "id"), "the one before it")],
                    transition=one.id,
                    first=first.id,
                    state=state.id,
                )
            elif _always(one):
                first = one


def _always(transition: Transition) -> bool:
    return (
        transition.when is None
        and not transition.approve
        and (not transition.branches or transition.branches[-1].when is None)
    )
