"""Where what a layer adds or moves goes: after, before, or last in something.

What moves away or is retired keeps its spot until the layer is done, so that an anchor means the same
whatever stands beside it. At one anchor the lower layer's come first, then file order. Must not know the
other verbs.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass

from engine.language.guess import nearest
from engine.language.nodes import Mapping as Map
from engine.language.nodes import Scalar
from engine.language.places import Place
from engine.packs import parts
from engine.packs.parts import Part
from engine.packs.work import Change, Work

_CALLED = {
    "section": "a section",
    "question": "a question",
    "option": "an option",
    "state": "a state",
    "transition": "a transition",
    "task": "a task",
    "rule": "a rule",
    "identifier": "an identifier",
}


@dataclass
class _Spot:
    """A part, or the mark that it left, in the list it stands in."""

    part: Part
    parent: Part
    slot: str
    prefix: str


@dataclass
class _Goal:
    parent: Part
    slot: str
    prefix: str
    before: Part | None = None
    after: Part | None = None
    under: str | None = None


def place(work: Work, changes: list[Change]) -> None:
    """Put every `add` and `move` of `changes` where it belongs; what finds no place is told and left out."""
    spots = {
        path: _Spot(one.part, one.parent, one.slot, path[: len(path) - len(one.part.id)])
        for path, one in work.below.items()
    }
    for change in changes:
        if change.verb == "move":
            _lift(spots[change.target])
    coming = {one.target for one in changes if one.verb == "add"}
    parked: dict[str, list[int]] = {}
    ready: list[int] = []
    for index, change in enumerate(changes):
        anchor = _anchor(change)[1]
        if anchor in coming and anchor not in spots:
            parked.setdefault(anchor, []).append(index)
        else:
            ready.append(index)
    # The first in the file goes first, also among those that had to wait, so that ties keep file order.
    while ready:
        change = changes[heapq.heappop(ready)]
        if _put(work, change, spots):
            for index in parked.pop(change.target, ()):
                heapq.heappush(ready, index)
        elif change.verb == "move":
            _put_back(work, change, spots)
        else:
            _drop(change.target, changes, parked)
    waiting = sorted(index for several in parked.values() for index in several)
    if waiting:
        _tell_circle(work, [changes[index] for index in waiting])


def _drop(target: str, changes: list[Change], parked: dict[str, list[int]]) -> None:
    """What waits for something that found no place is left out with it: its fault is told already."""
    for index in parked.pop(target, ()):
        _drop(changes[index].target, changes, parked)


def _lift(spot: _Spot) -> None:
    held = spot.parent.slots[spot.slot]
    mark = Part(
        spot.part.kind, spot.part.place, dict(spot.part.settings), follows=spot.part.follows, gone=True
    )
    held[held.index(spot.part)] = mark
    spot.part = mark


def _put_back(work: Work, change: Change, spots: dict[str, _Spot]) -> None:
    spot = spots[change.target]
    held = spot.parent.slots[spot.slot]
    held[held.index(spot.part)] = work.below[change.target].part


def _put(work: Work, change: Change, spots: dict[str, _Spot]) -> bool:
    if change.verb == "move":
        part = work.below[change.target].part
    elif isinstance(change.value, Map):
        part = parts.opened(change.value, _added_kind(work, change, spots))
    else:
        return False
    goal = _goal(work, change, part, spots)
    if goal is None:
        return False
    path = f"{goal.prefix}{part.id}"
    if not _free(work, change, path, spots):
        return False
    held = goal.parent.slots.setdefault(goal.slot, [])
    part.follows = None
    if goal.before is not None:
        position = held.index(goal.before)
    elif goal.after is not None:
        part.follows = goal.after.id
        position = _behind(held, goal.after)
    else:
        position = _last_under(held, goal.under)
    held.insert(position, part)
    if path not in spots:
        spots[path] = _Spot(part, goal.parent, goal.slot, goal.prefix)
    if change.verb == "add":
        for one in parts.walk(part, "" if part.kind == "section" else f"{path}."):
            if one.path in spots and part.kind == "section":
                _free(work, change, one.path, spots)
            spots[one.path] = _Spot(
                one.part, one.parent, one.slot, one.path[: len(one.path) - len(one.part.id)]
            )
    return True


def _free(work: Work, change: Change, path: str, spots: dict[str, _Spot]) -> bool:
    """Whether `path` may be used: it is not there already and never was."""
    gone = work.going.get(path) or (work.retired[path].place if path in work.retired else None)
    if gone is not None:
        work.say("P726", change.place, path, related=[(gone, "retired here")], target=path)
        return False
    other = spots.get(path)
    if other is None or (change.verb == "move" and path == change.target):
        return True
    about = [(other.part.place, "the one that is there")]
    work.say("P724", change.place, path, related=about, target=path, kind=work.kind, id=work.id)
    return False


def _anchor(change: Change) -> tuple[str, str]:
    for how in ("after", "before", "to"):
        word = change.word(how)
        if word is not None:
            return how, word
    return "", ""


def _place(change: Change, how: str) -> Place:
    """Where the anchor stands."""
    return change.settings[how][1].place


def _added_kind(work: Work, change: Change, spots: dict[str, _Spot]) -> str:
    """What sort of part is being added: said by what it is put beside or into, else by what it looks like."""
    slots = parts.SLOTS.get(work.kind, {})
    how, anchor = _anchor(change)
    if anchor in slots:
        return slots[anchor]
    fields = {key.text for key, _ in change.value.entries} if isinstance(change.value, Map) else set()
    if work.kind == "form":
        if how == "to" and "type" not in fields and anchor in spots and spots[anchor].part.kind == "question":
            return "option"
        if how in ("after", "before") and anchor in spots and spots[anchor].part.kind == "option":
            return "option"
        return "question" if "type" in fields else "section"
    if work.kind == "record":
        return "question" if "type" in fields else "identifier"
    if how == "to" and anchor in spots:
        inner = list(parts.SLOTS.get(spots[anchor].part.kind, {}).values())
        return inner[0] if inner else spots[anchor].part.kind
    if how and anchor in spots:
        return spots[anchor].part.kind
    return next(iter(slots.values()), "part")


def _goal(work: Work, change: Change, part: Part, spots: dict[str, _Spot]) -> _Goal | None:
    how, anchor = _anchor(change)
    slots = parts.SLOTS.get(work.kind, {})
    own = next((name for name, held in slots.items() if held == part.kind), None)
    if not how:
        if part.kind in ("option", "rule") and own is not None:
            return _Goal(work.document, own, "", under=part.word("under") or None)
        examples = {
            "form": "; a section can go ‘to: sections’",
            "workflow": "; here ‘to: states’ or ‘to: transitions’",
        }
        example = examples.get(work.kind, "")
        work.say("P732", change.place, change.target, target=change.target, example_of=example)
        return None
    if how == "to" and anchor in slots:
        if slots[anchor] == part.kind:
            return _Goal(work.document, anchor, "")
        _misfit(work, change, part, f"the list of {anchor}", "Name where such a part goes.")
        return None
    spot = spots.get(anchor)
    if spot is None:
        near = nearest(anchor, spots)
        words = {"how": how, "anchor": anchor, "kind": work.kind, "id": work.id}
        work.say("P725", _place(change, how), change.target, did_you_mean=near, **words)
        return None
    if how == "to":
        return _into(work, change, part, spot, anchor)
    if spot.part.kind != part.kind:
        instead = (
            "To put it inside, write ‘to’." if part.kind == "question" else "Name a part of its own kind."
        )
        _misfit(work, change, part, _CALLED.get(spot.part.kind, "something else"), instead)
        return None
    if how == "before":
        return _Goal(spot.parent, spot.slot, spot.prefix, before=spot.part)
    return _Goal(spot.parent, spot.slot, spot.prefix, after=spot.part)


def _into(work: Work, change: Change, part: Part, spot: _Spot, anchor: str) -> _Goal | None:
    if anchor in work.going:
        work.say("P736", change.place, change.target, target=change.target, container=anchor)
        return None
    container = work.below[anchor].part if anchor in work.below else spot.part
    if container.kind == "option" and part.kind == "option":
        key = Scalar("under", False, change.place)
        part.settings["under"] = (key, Scalar(container.id, False, change.place))
        return _Goal(spot.parent, spot.slot, spot.prefix, under=container.id)
    slot = container.slot_for(part.kind)
    fits = (
        container.kind != "question" or container.word("type") in ("repeat", "grid") or part.kind == "option"
    )
    if slot is None or not fits or any(one is container for one in [part, *parts.inside(part)]):
        instead = (
            "Write ‘after’ or ‘before’, or name a section, a repeat or a grid."
            if work.kind == "form"
            else ("Write ‘after’ or ‘before’, or name what can hold it.")
        )
        _misfit(work, change, part, _CALLED.get(container.kind, "something else"), instead)
        return None
    prefix = "" if container.kind == "section" else f"{anchor}."
    return _Goal(container, slot, prefix)


def _misfit(work: Work, change: Change, part: Part, anchor_is: str, instead: str) -> None:
    how, anchor = _anchor(change)
    what = _CALLED.get(part.kind, "This").capitalize()
    work.say(
        "P730",
        _place(change, how),
        change.target,
        what=what,
        how=how,
        anchor=anchor,
        anchor_is=anchor_is,
        instead=instead,
    )


def _behind(held: list[Part], anchor: Part) -> int:
    """The position behind `anchor` and behind all that was put after it before."""
    position = held.index(anchor) + 1
    if position == len(held) or held[position].follows is None:
        return position
    by_id = {one.id: one for one in held}
    while position < len(held) and _trails(held[position], anchor.id, by_id):
        position += 1
    return position


def _trails(part: Part, anchor: str, by_id: dict[str, Part]) -> bool:
    seen: set[str] = set()
    follows = part.follows
    while follows is not None and follows not in seen:
        if follows == anchor:
            return True
        seen.add(follows)
        follows = by_id[follows].follows if follows in by_id else None
    return False


def _last_under(held: list[Part], under: str | None) -> int:
    """Last of all; for an option with a group, behind the last that stands under that group at any depth."""
    if under is None:
        return len(held)
    members = {under}
    last = len(held) - 1
    found = False
    for position, one in enumerate(held):
        if one.id == under or one.word("under") in members:
            members.add(one.id)
            last, found = position, True
    return last + 1 if found else len(held)


def _tell_circle(work: Work, waiting: list[Change]) -> None:
    names = [one.target for one in waiting]
    circle = ", ".join(f"‘{name}’" for name in names)
    work.say("P735", waiting[0].place, names[0], circle=circle)
