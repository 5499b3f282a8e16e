"""In whose hands a case is where it stands: which roles move it on, and which of them a form is for.

Read from the workflows that open cases are pinned to, so that one look answers for every case that stands there. Says
nothing of any case; who may see one is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from engine.casework import cases, stacks
from engine.casework.store import Desk
from engine.workflow import Machine

MOST_KEPT = 5000
Place = tuple[str, str, str]
"""Where open cases stand: the hash of a stack, a workflow, a state."""


@dataclass(frozen=True, slots=True)
class Stand:
    """One state: by which roles it is left, under which words, and the roles that a form of it is for."""

    place: Place
    movers: frozenset[str]
    ways: tuple[tuple[str, frozenset[str]], ...]
    forms: tuple[tuple[str, frozenset[str]], ...]


def stands(desk: Desk) -> tuple[Stand, ...]:
    """Every place where an open case of the authority stands."""
    return tuple(_at(desk, place) for place in cases.places(desk))


def _at(desk: Desk, place: Place) -> Stand:
    """One place, worked out once a process: definitions under a hash never change."""
    kept = desk.store.cache
    found: Stand | None = kept.get(("stand", place))
    if found is None:
        if len(kept) > MOST_KEPT:
            for key in [one for one in list(kept) if one[0] == "stand"]:
                kept.pop(key, None)
        found = kept["stand", place] = _stand(stacks.pinned(desk, place[0]).workflow(place[1]), place)
    return found


def _stand(machine: Machine, place: Place) -> Stand:
    state = machine.workflow.state(place[2])
    leaving = [one for one in machine.moves.values() if place[2] in one.sources]
    by_hand = [one for one in leaving if not one.written.automatic]
    forms = tuple((form, _for(machine, place[2], form)) for form in (state.forms if state else ()))
    return Stand(
        place,
        frozenset(role for one in by_hand for role in one.by),
        tuple((one.id, one.by) for one in by_hand),
        forms,
    )


def _for(machine: Machine, state: str, form: str) -> frozenset[str]:
    """The roles whose decision waits for a form: it is theirs to write. None where handing it in moves the case."""
    waits = [
        one
        for one in machine.moves.values()
        if state in one.sources
        and any(name.split(".")[0] == form for guard in one.guards for name in guard.typed.reads)
    ]
    if any(one.written.automatic for one in waits):
        return frozenset()
    return frozenset(role for one in waits for role in one.by)


def moved_by(found: Iterable[Stand], roles: frozenset[str]) -> dict[frozenset[str], list[Place]]:
    """Places where somebody in one of these roles can move a case on, by all the roles that can."""
    by_roles: dict[frozenset[str], list[Place]] = {}
    for one in found:
        if one.movers & roles:
            by_roles.setdefault(one.movers, []).append(one.place)
    return by_roles


Written = tuple[str, str, str, str]
"""A form where it is asked for: stack, workflow, state, form."""


def forms_for(found: Iterable[Stand]) -> dict[frozenset[str], list[Written]]:
    """Forms that are for some role, by all the roles that one is for: nobody else is asked for it."""
    by_roles: dict[frozenset[str], list[Written]] = {}
    for one in found:
        for form, whose in one.forms:
            if whose:
                by_roles.setdefault(whose, []).append((*one.place, form))
    return by_roles
