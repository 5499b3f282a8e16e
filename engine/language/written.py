"""What a model says only when it is read as a whole: a workflow's effects wherever they stand, a pack's calendar.

Beside `model`, so that every room reads them alike. Must not know what effects do or how days are counted.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.model import Effect, Manifest, Workflow


def effects_of(workflow: Workflow) -> Iterator[Effect]:
    """Every effect wherever it is written: of states, of their deadlines and tasks, of transitions."""
    for state in workflow.states:
        yield from (*state.enter, *state.leave)
        for rule in (state.deadline, *(task.within for task in state.tasks)):
            yield from rule.then if rule is not None else ()
    for one in workflow.transitions:
        yield from one.effects


def calendar_of(manifest: Manifest) -> str:
    """The name of the pack's calendar: its nation, and behind it each declared day (`england+2026-06-15`)."""
    return "+".join((manifest.nation, *(day for day, _ in manifest.holidays)))
