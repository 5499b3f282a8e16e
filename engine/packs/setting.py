"""The verbs that alter settings in place: set (with unset), add_to, take_from. Maps merge, lists never do.

Must not know where parts stand, nor how they come and go.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.nodes import Mapping as Map
from engine.language.nodes import Node, Scalar, Sequence
from engine.language.places import Place
from engine.packs import parts
from engine.packs.documents import locked_settings, owner
from engine.packs.parts import Found, Part
from engine.packs.work import Change, Work

# Settings that are lists of words or of effects, even where one stands alone.
_LISTS = {
    *(
        "about",
        "alike",
        "aliases",
        "approve",
        "by",
        "copies",
        "effects",
        "enter",
        "form",
        "forms",
        "from",
        "leave",
    ),
    *(
        "may",
        "not",
        "question",
        "record",
        "return",
        "section",
        "sensitivities",
        "sensitivity",
        "state",
        "then",
        "to",
    ),
}


def set_(work: Work, change: Change, found: Found) -> None:
    dropped = unset(work, found.part, change.target, change.node)
    for key, value in change.settings.values():
        # `to`, `why` and the like place other verbs; of a `set` they are settings (a transition's `to`).
        if key.text not in ("set", "unset"):
            set_one(work, found.part, change.target, key, value, dropped)


def unset(work: Work, part: Part, target: str, node: Map) -> frozenset[str]:
    """Takes out what `unset` names; a list that is named may then be written anew."""
    named = node.get("unset")
    dropped: set[str] = set()
    for item in named.items if isinstance(named, Sequence) else (named,):
        if not isinstance(item, Scalar) or not _may_set(work, part, target, item.text, item.place):
            continue
        if item.text in part.settings:
            del part.settings[item.text]
        elif item.text in part.slots and item.text in ("options", "rows"):
            del part.slots[item.text]
        elif item.text in part.slots:
            _is_a_list(work, item, target)
            continue
        else:
            work.say("P734", item.place, target, target=target or work.id, setting=item.text)
        dropped.add(item.text)
    return frozenset(dropped)


def set_one(work: Work, part: Part, target: str, key: Scalar, value: Node, dropped: frozenset[str]) -> None:
    name = key.text
    if name == "id":
        work.say("P731", value.place, target, target=target)
        return
    if not _may_set(work, part, target, name, key.place):
        return
    held = parts.SLOTS.get(part.kind, {}).get(name)
    if name in part.slots and name not in dropped:
        _is_a_list(work, key, target)
    elif held is not None and isinstance(value, Sequence):
        part.settings.pop(name, None)
        part.slots[name] = [parts.opened(item, held) for item in value.items if isinstance(item, Map)]
        part.slot_keys[name] = (key, value.place)
    else:
        old = part.settings.get(name)
        merged = _merged(old[1], value, key, work, target) if old is not None else value
        part.settings[name] = (key, merged)


def _merged(old: Node, new: Node, key: Scalar, work: Work, target: str) -> Node:
    """Maps key by key; words replaced; a list that is already there stays, and is told."""
    if isinstance(old, Sequence):
        _is_a_list(work, key, target)
        return old
    if not (isinstance(old, Map) and isinstance(new, Map)):
        return new
    entries = {one.text: (one, value) for one, value in old.entries}
    for one, value in new.entries:
        before = entries.get(one.text)
        entries[one.text] = (one, value if before is None else _merged(before[1], value, one, work, target))
    return Map(tuple(entries.values()), new.place)


def _is_a_list(work: Work, key: Scalar, target: str) -> None:
    holds_parts = key.text in {name for slots in parts.SLOTS.values() for name in slots}
    plain = f"‘add_to: {target}’ and ‘take_from: {target}’" if target else "a change to each of its parts"
    instead = "‘add’, ‘retire’ and ‘move’" if holds_parts else plain
    work.say("P727", key.place, target, target=target or work.id, setting=key.text, instead=instead)


def _may_set(work: Work, part: Part, target: str, setting: str, place: Place) -> bool:
    locked, where, why = locked_settings(part)
    if setting in locked or (setting == "lock" and "lock" in part.settings):
        about = [(where, "locked here")]
        work.say(
            "P728",
            place,
            target,
            related=about,
            by=owner(where),
            setting=setting,
            target=target or work.id,
            why=why,
        )
        return False
    carry = part.settings.get("carry")
    if setting == "carry" and carry is not None and (never := _never(carry[1])) is not None:
        work.say("P739", place, target, related=[(never, "said here")], by=owner(never), target=target)
        return False
    return True


def _never(carry: Node) -> Place | None:
    """Where it says that an answer is never carried; None if it may be."""
    how = carry.get("how") if isinstance(carry, Map) else carry
    return how.place if isinstance(how, Scalar) and how.text == "never" else None


def add_to(work: Work, change: Change, found: Found) -> None:
    for name, held, wanted in _lists(work, change, found):
        have = {item.text for item in held if isinstance(item, Scalar)}
        grown = [*held, *(one for one in wanted if not isinstance(one, Scalar) or one.text not in have)]
        _write_list(found.part, name, grown, change.settings[name])


def take_from(work: Work, change: Change, found: Found) -> None:
    for name, held, unwanted in _lists(work, change, found):
        words = {item.text: item for item in unwanted if isinstance(item, Scalar)}
        have = {item.text for item in held if isinstance(item, Scalar)}
        for text, item in words.items():
            if text not in have:
                work.say("P733", item.place, change.target, item=text, setting=name, target=change.target)
        left = [item for item in held if not (isinstance(item, Scalar) and item.text in words)]
        _write_list(found.part, name, left, change.settings[name])


def _lists(work: Work, change: Change, found: Found) -> Iterator[tuple[str, list[Node], list[Node]]]:
    for name, (key, value) in change.settings.items():
        if name in (change.verb, "why") or not _may_set(work, found.part, change.target, name, key.place):
            continue
        old = found.part.settings.get(name)
        is_list = name in _LISTS or (old is not None and isinstance(old[1], Sequence))
        if not is_list or name in found.part.slots or (old is not None and isinstance(old[1], Map)):
            work.say("P740", key.place, change.target, target=change.target, setting=name)
            continue
        held: list[Node] = (
            [] if old is None else list(old[1].items) if isinstance(old[1], Sequence) else [old[1]]
        )
        yield name, held, list(value.items) if isinstance(value, Sequence) else [value]


def _write_list(part: Part, name: str, items: list[Node], written: tuple[Scalar, Node]) -> None:
    old = part.settings.get(name)
    key, place = old if old is not None else written
    part.settings[name] = (key, Sequence(tuple(items), place.place))
