"""Waiting for other cases and telling other agencies: what their settings leave out, and who could end a wait.

Must not know what the conditions say: `stranding` asks whether the way goes on however the other case ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.language.codes import finding
from engine.language.diagnostics import Diagnostic
from engine.language.model import Effect, State, Workflow
from engine.language.written import effects_of
from engine.workflow.graph import Edge

_WHOLE = (
    (("with", "from"), "whom it tells", "‘with: AGENCY’, or ‘from: FORM.question’ where the form names them"),
    (("what", "forms"), "what is told", "‘forms: [FORM]’, or ‘what:’ with a few words"),
    (("ground", "consent"), "on what ground", "‘ground:’ with a few words, or ‘consent: FORM.question’"),
)


def check(workflow: Workflow, ways: Iterable[Edge]) -> Iterator[Diagnostic]:
    """Waits that nobody could end, and decisions to share that say too little."""
    for state in workflow.states:
        awaited = next(awaited_at(workflow, state, ways), None)
        leaving = [one for one in workflow.transitions if state.id in one.sources]
        if awaited is not None and leaving and all(one.automatic for one in leaving):
            yield finding(
                "W627",
                awaited.place,
                element=f"{workflow.id}.{state.id}",
                related=[(state.place, "where it waits")],
                example=f"‘{awaited.settings.get('workflow')}’ is begun by mistake and left lying: "
                f"the case stays at ‘{state.title}’.",
                state=state.id,
                workflow=awaited.settings.get("workflow"),
            )
    for effect in effects_of(workflow):
        if effect.kind == "share":
            lacking = [
                (what, how)
                for names, what, how in _WHOLE
                if not any(effect.settings.get(one) for one in names)
            ]
            for what, how in lacking[:1]:
                yield finding("W628", effect.place, element=workflow.id, missing=what, settings=how)


def awaited_at(workflow: Workflow, state: State, ways: Iterable[Edge]) -> Iterator[Effect]:
    """The `await` effects whose waiting holds a case in this state: on entering it, or on a way into it."""
    effects = [*state.enter, *(state.deadline.then if state.deadline is not None else ())]
    for way in ways:
        if way.target == state.id:
            effects += way.transition.effects
            source = workflow.state(way.source)
            effects += source.leave if source is not None else ()
    for one in effects:
        if one.kind == "await":
            yield one
