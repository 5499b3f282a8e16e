"""The chronology in words: audit events hold ids and never values; this says what kind of thing happened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.casework.values import Event
from engine.language.model import Stack


@dataclass(frozen=True, slots=True)
class Happening:
    at: datetime
    who: str
    what: str


def happenings(
    events: Iterable[Event], stack: Stack, names: Mapping[str | None, str], *, looks: bool = False
) -> list[Happening]:
    """Events as lines of a chronology, newest first; looks are left out unless asked for."""
    found = [
        Happening(one.at, names.get(one.person, "Someone"), told(one, stack))
        for one in events
        if looks or not is_look(one.action)
    ]
    return sorted(found, key=lambda one: one.at, reverse=True)


def is_look(action: str) -> bool:
    return action.rpartition(".")[2] in ("view", "viewed", "look", "looked", "search", "searched")


def told(event: Event, stack: Stack) -> str:
    """One event in plain words, with the form's or workflow's title where it names one."""
    thing, _, verb = event.action.partition(".")
    body = event.body
    form, workflow, state = (str(body.get(one) or "") for one in ("form", "workflow", "to"))
    words = f"{thing.replace('_', ' ')} {verb.replace('_', ' ')}".strip().capitalize()
    if form and form in stack.forms:
        words += f": {stack.forms[form].title}"
    elif workflow and workflow in stack.workflows:
        model = stack.workflows[workflow]
        into = model.state(state) if state else None
        words += f": {model.title}" + (f", now {into.title}" if into else "")
    return words
