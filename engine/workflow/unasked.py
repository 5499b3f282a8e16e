"""Branches that wait for an answer nobody will give: the form is in, and the question was never asked, or left blank.

A branch that is unknown stops the search for a way on, so that a question which complete forms may leave out must
not decide alone. Only facts that the prover is sure of are told. Must not know cases.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine import proof
from engine.expressions import tree as core
from engine.language.codes import Words, finding
from engine.language.diagnostics import Diagnostic
from engine.language.model import Stack, Transition, Workflow
from engine.proof.describing import STANDING
from engine.proof.universe import names
from engine.workflow.conditions import Guards
from engine.workflow.described import Described

Wanted = list[tuple[core.Node, Sequence[bool | None]]]


def check(
    workflow: Workflow, stack: Stack, transition: Transition, guards: Guards, described: Described
) -> Iterator[Diagnostic]:
    """Branches of one transition that stay unknown while a later one would be taken: told once for each."""
    alone = transition.automatic and any(
        sum(source in one.sources for one in workflow.transitions) == 1 for source in transition.sources
    )
    for index, branch in enumerate(transition.branches):
        guard = guards.by_place.get((transition.id, index))
        if guard is None or index + 1 == len(transition.branches):
            continue
        tree = guard.typed.tree
        questions = described.universe([tree]).questions
        for key, kind, _ in names(tree):
            question = questions[key]
            if key.partition(".")[0] not in stack.forms or kind in ("rows", proof.STATE):
                continue
            facts = _facts(stack, transition, index, key, guards, described)
            if facts is None:
                continue
            words: Words = {
                "target": branch.to,
                "transition": transition.id,
                "question": key,
                "label": question.label or key,
            }
            element, place = f"{workflow.id}.{transition.id}", guard.typed.expression.place
            if _gated(question):
                assert question.shown is not None
                found = _decided([*facts, (question.shown, [False])], described)
                if found is not None:
                    example = f"{found.in_words()}: “{words['label']}” is not asked, and no way is taken."
                    yield finding("W633", place, element=element, example=example, **words)
                    break
            if alone and question.calculated is None:
                blank: Wanted = [(core.Answered(core.Read(key, key, question.kind)), [False])]  # type: ignore[arg-type]
                if question.shown is not None:
                    blank.append((question.shown, [True]))
                found = _decided([*facts, *blank], described)
                if found is not None:
                    example = f"{found.in_words()}, and “{words['label']}” left blank: no way is taken."
                    yield finding("W634", place, element=element, example=example, **words)
                    break


def _facts(
    stack: Stack, transition: Transition, index: int, key: str, guards: Guards, described: Described
) -> Wanted | None:
    """All forms are in, all is answered that was asked but for `key`, and the branch alone stands in the way."""
    trees = {
        at: guards.by_place[transition.id, at].typed.tree
        for at in range(len(transition.branches))
        if (transition.id, at) in guards.by_place
    }
    first = guards.by_place.get((transition.id, None))
    every = [*([first.typed.tree] if first is not None else []), *trees.values()]
    forms = sorted(
        {name.partition(".")[0] for tree in every for name, _, _ in names(tree)} & stack.forms.keys()
    )
    decided = {*transition.approve, *transition.send_back}
    wanted: Wanted = [
        (core.FormState(form, frozenset({"submitted"}) if form in decided else STANDING), [True])
        for form in dict.fromkeys([*forms, *sorted(decided)])
    ]
    if first is not None:
        wanted.append((first.typed.tree, [True]))
    wanted += [(trees[at], [False]) for at in range(index) if at in trees]
    wanted.append((trees[index], [None]))
    later = range(index + 1, len(transition.branches))
    if all(at in trees for at in later):
        wanted.append((core.Or(tuple(trees[at] for at in later)), [True]))
    questions = described.universe([trees[index]]).questions
    for name, kind, _ in names(trees[index]):
        if name == key or kind in ("rows", proof.STATE) or name == "today()":
            continue
        question = questions[name]
        answered: core.Node = core.Answered(core.Read(name, name, question.kind))  # type: ignore[arg-type]
        hidden = question.shown
        wanted.append((answered if hidden is None else core.Or((core.Not(hidden), answered)), [True]))
    return wanted


def _gated(question: proof.Question) -> bool:
    """Whether more than the form's being in decides that a question is asked."""
    return isinstance(question.shown, core.And)


def _decided(wanted: Wanted, described: Described) -> proof.Witness | None:
    found = proof.decide(wanted, described.universe([node for node, _ in wanted]), described.budget)
    return found if isinstance(found, proof.Witness) and found.sure else None
