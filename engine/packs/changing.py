"""What the verbs of a layer do: set, add, retire, move, add_to, take_from, replace.

`altered` checks every change against the document below, then carries out those that hold. Positions are
decided last (`placing`). Must not know what settings mean, nor which packs there are.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from engine.language import codes
from engine.language.diagnostics import Diagnostic
from engine.language.guess import nearest
from engine.language.nodes import Mapping as Map
from engine.language.nodes import Node, Scalar, Sequence
from engine.language.places import Place
from engine.packs import parts, placing
from engine.packs.documents import Document, Retired, locked_settings, owner
from engine.packs.parts import Found, Part

VERBS = ("set", "add", "retire", "move", "add_to", "take_from", "replace")
_CONTROL = frozenset({*VERBS, "unset", "why", "after", "before", "to", "with"})


@dataclass(frozen=True)
class Change:
    """One change as written. `target` is the path it names; for `add`, the path the new part will have."""

    verb: str
    target: str
    place: Place
    node: Map
    settings: dict[str, tuple[Scalar, Node]]
    value: Node

    def word(self, name: str) -> str | None:
        found = self.settings.get(name)
        return found[1].text if found is not None and isinstance(found[1], Scalar) else None


@dataclass
class Work:
    """One document being altered: what it was, what it becomes, and what was found on the way."""

    kind: str
    id: str
    pack: str
    document: Part
    below: dict[str, Found]
    retired: dict[str, Retired]
    findings: list[Diagnostic] = field(default_factory=list)

    def say(self, code: str, place: Place, at: str = "", /, **words: Any) -> None:
        """Note a finding about the part `at` of this document."""
        element = f"{self.id}.{at}" if at else self.id
        self.findings.append(codes.finding(code, place, element=element, **words))


def altered(old: Document, node: Map, pack: str) -> tuple[Document, list[Diagnostic]]:
    """`old` with the changes of `node` made to it by `pack`, and what did not fit."""
    document = copy.deepcopy(old.part)
    below = {one.path: one for one in parts.walk(document)}
    work = Work(old.kind, old.id, pack, document, below, dict(old.retired))
    listed = next((value for key, value in node.entries if key.text == "changes"), None)
    changes = list(_changes(listed)) if isinstance(listed, Sequence) else []
    changes = _once_each(work, [one for one in changes if one.verb == "add" or _stands(work, one)])
    going = {one.target for one in changes if one.verb == "retire"}
    leaving = {one.target for one in changes if one.verb == "move"}
    dropped = _unset(work, document, "", node)
    for key, value in node.entries[1:]:
        if key.text not in ("changes", "unset"):
            _set(work, document, "", key, value, dropped)
    placed: list[Change] = []
    for one in changes:
        container = _container_going(one.target, work.below, going) if one.verb != "add" else None
        if container is not None and one.verb != "move" and one.target not in leaving:
            work.say("P736", one.place, one.target, target=one.target, container=container)
        elif one.verb in ("add", "move"):
            placed.append(one)
        else:
            _DO[one.verb](work, one, work.below[one.target])
    placing.place(work, placed, going)
    for target in sorted(going):
        _take_out(
            work,
            target,
            next(one for one in changes if one.target == target and one.verb == "retire"),
            leaving,
        )
    return Document(old.kind, old.id, document, old.place, old.pack, work.retired), work.findings


def _changes(listed: Sequence) -> Iterator[Change]:
    for node in listed.items:
        if not isinstance(node, Map):
            continue
        settings = {key.text: (key, value) for key, value in node.entries}
        verb = next((key.text for key, _ in node.entries if key.text in VERBS), None)
        if verb is None:
            continue
        value = settings[verb][1]
        if verb == "add":
            named = (
                next((one for key, one in value.entries if key.text == "id"), None)
                if isinstance(value, Map)
                else None
            )
            if isinstance(named, Scalar):
                yield Change(verb, named.text, named.place, node, settings, value)
        elif isinstance(value, Scalar):
            yield Change(verb, value.text, value.place, node, settings, value)


def _stands(work: Work, change: Change) -> bool:
    """Whether the layer below has what this change names; says so if not."""
    if change.target in work.below:
        return True
    gone = work.retired.get(change.target)
    if gone is not None:
        about = [(gone.place, "retired here")]
        work.say(
            "P738",
            change.place,
            change.target,
            related=about,
            target=change.target,
            by=gone.pack,
            why=gone.why,
        )
    else:
        near = nearest(change.target, work.below) or _by_label(work, change.target)
        work.say(
            "P722",
            change.place,
            change.target,
            did_you_mean=near,
            kind=work.kind,
            id=work.id,
            target=change.target,
        )
    return False


def _by_label(work: Work, text: str) -> str | None:
    """The id of the part whose label or title somebody pasted, or of the one that ends with this id."""
    wanted = text.strip().casefold()
    for path, one in work.below.items():
        if wanted in (one.part.word("label").casefold(), one.part.word("title").casefold()):
            return path
    return next((path for path in work.below if path.endswith(f".{text}")), None)


def _once_each(work: Work, changes: list[Change]) -> list[Change]:
    """One change a target; `set` and `move` may go together. The second of others is told and left out."""
    kept: dict[str, list[Change]] = {}
    result = []
    for one in changes:
        before = kept.setdefault(one.target, [])
        clash = next((other for other in before if {one.verb, other.verb} != {"set", "move"}), None)
        # What is added is checked against its own path once its place is known; two rows may share an id.
        if clash is not None and "add" not in (one.verb, clash.verb):
            about = [(clash.place, "the first change")]
            work.say(
                "P723",
                one.place,
                one.target,
                related=about,
                target=one.target,
                first=clash.verb,
                second=one.verb,
            )
            continue
        before.append(one)
        result.append(one)
    return result


def _container_going(path: str, below: dict[str, Found], going: set[str]) -> str | None:
    found = below.get(path)
    for target in going:
        if (
            target != path
            and found is not None
            and any(one is found.part for one in parts.inside(below[target].part))
        ):
            return target
    return None


def _do_set(work: Work, change: Change, found: Found) -> None:
    dropped = _unset(work, found.part, change.target, change.node)
    for key, value in change.settings.values():
        # `to`, `why` and the like place other verbs; of a `set` they are settings (a transition's `to`).
        if key.text not in ("set", "unset"):
            _set(work, found.part, change.target, key, value, dropped)


def _unset(work: Work, part: Part, target: str, node: Map) -> frozenset[str]:
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


def _set(work: Work, part: Part, target: str, key: Scalar, value: Node, dropped: frozenset[str]) -> None:
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


def _do_add_to(work: Work, change: Change, found: Found) -> None:
    for name, held, wanted in _lists(work, change, found):
        have = {item.text for item in held if isinstance(item, Scalar)}
        grown = [*held, *(one for one in wanted if not isinstance(one, Scalar) or one.text not in have)]
        _write_list(found.part, name, grown, change.settings[name])


def _do_take_from(work: Work, change: Change, found: Found) -> None:
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
        if name in found.part.slots or (old is not None and isinstance(old[1], Map)):
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


def _do_replace(work: Work, change: Change, found: Found) -> None:
    written = change.settings.get("with")
    if written is None or not isinstance(written[1], Map) or not _may_remove(work, change, found):
        return
    fresh = parts.opened(written[1], found.part.kind)
    if fresh.id != found.part.id:
        words = {"target": change.target, "id": fresh.id, "target_id": found.part.id}
        work.say("P741", written[1].place, change.target, **words)
        return
    prefix = "" if fresh.kind == "section" else f"{change.target}."
    now = {one.path for one in parts.walk(fresh, prefix)}
    for one in list(parts.walk(found.part, prefix)):
        if one.path not in now:
            work.retired[one.path] = Retired(change.place, f"‘{change.target}’ was replaced", work.pack)
    found.part.settings, found.part.slots = fresh.settings, fresh.slots
    found.part.slot_keys, found.part.place = fresh.slot_keys, fresh.place


def _do_retire(work: Work, change: Change, found: Found) -> None:
    """Checked here, carried out by `_take_out` once what moves has moved."""


def _take_out(work: Work, target: str, change: Change, leaving: set[str]) -> None:
    found = work.below[target]
    if not _may_remove(work, change, found):
        return
    why = change.word("why") or "no reason is given"
    moved = {id(work.below[path].part) for path in leaving}
    for path, one in list(work.below.items()):
        if one.part is found.part or any(one.part is each for each in parts.inside(found.part)):
            if id(one.part) not in moved and path not in leaving:
                work.retired[path] = Retired(change.place, why, work.pack)
    if found.part.kind != "option":
        found.part.gone = True
        return
    for option in [found.part, *_beneath(found)]:
        key = Scalar("retired", False, change.place)
        option.settings["retired"] = (key, Scalar("yes", False, change.place))


def _beneath(found: Found) -> list[Part]:
    """The options under an option at any depth."""
    members = {found.part.id}
    result: list[Part] = []
    grown = True
    while grown:
        more = [
            one
            for one in found.parent.slots[found.slot]
            if one.word("under") in members and one not in result
        ]
        result += more
        members |= {one.id for one in more}
        grown = bool(more)
    return result


def _may_remove(work: Work, change: Change, found: Found) -> bool:
    for one in [found.part, *parts.inside(found.part)]:
        locked, where, why = locked_settings(one)
        whole = "id" in locked or (change.verb == "replace" and locked)
        if whole and not one.gone:
            about = [(where, "locked here")]
            work.say(
                "P729", change.place, change.target, related=about, by=owner(where), target=one.id, why=why
            )
            return False
    return True


_DO = {
    "set": _do_set,
    "add_to": _do_add_to,
    "take_from": _do_take_from,
    "replace": _do_replace,
    "retire": _do_retire,
}
