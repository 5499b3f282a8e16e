"""What the verbs of a layer do: set, add, retire, move, add_to, take_from, replace.

`altered` checks every change against the document below, then carries out those that hold. Positions are
decided last (`placing`). Must not know what settings mean, nor which packs there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.language.diagnostics import Diagnostic
from engine.language.guess import nearest
from engine.language.nodes import Mapping as Map
from engine.language.nodes import Scalar, Sequence
from engine.packs import parts, placing, setting
from engine.packs.documents import Document, Retired, locked_settings, owner
from engine.packs.parts import Found, Part
from engine.packs.work import Change, Work

VERBS = ("set", "add", "retire", "move", "add_to", "take_from", "replace")
_CONTROL = frozenset({*VERBS, "unset", "why", "after", "before", "to", "with"})


def altered(old: Document, node: Map, pack: str) -> tuple[Document, list[Diagnostic]]:
    """`old` with the changes of `node` made to it by `pack`, and what did not fit."""
    document = old.part.copied()
    below = {one.path: one for one in parts.walk(document)}
    work = Work(old.kind, old.id, pack, document, below, dict(old.retired))
    listed = next((value for key, value in node.entries if key.text == "changes"), None)
    changes = list(_changes(listed)) if isinstance(listed, Sequence) else []
    changes = _once_each(work, [one for one in changes if one.verb == "add" or _stands(work, one)])
    retiring = {one.target: one for one in changes if one.verb == "retire"}
    work.going = {target: one.place for target, one in retiring.items()}
    held = _held(work.below, retiring, [one.target for one in changes if one.verb == "move"])
    dropped = setting.unset(work, document, "", node)
    for key, value in node.entries[1:]:
        if key.text not in ("changes", "unset"):
            setting.set_one(work, document, "", key, value, dropped)
    placed: list[Change] = []
    for one in changes:
        container = held.get(id(work.below[one.target].part)) if one.verb != "add" else None
        if container is not None:
            work.say("P736", one.place, one.target, target=one.target, container=container)
        elif one.verb in ("add", "move"):
            placed.append(one)
        else:
            _DO[one.verb](work, one, work.below[one.target])
    placing.place(work, placed)
    for target, one in sorted(retiring.items()):
        _take_out(work, target, one)
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


def _held(below: dict[str, Found], going: Iterable[str], leaving: Iterable[str]) -> dict[int, str]:
    """For each part that goes with a container, by identity, the path of the container. What moves out stays."""
    held = {id(part): target for target in going for part in parts.inside(below[target].part)}
    for target in leaving:
        for part in (below[target].part, *parts.inside(below[target].part)):
            held.pop(id(part), None)
    return held


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


def _take_out(work: Work, target: str, change: Change) -> None:
    found = work.below[target]
    if not _may_remove(work, change, found):
        return
    why = change.word("why") or "no reason is given"
    work.retired[target] = Retired(change.place, why, work.pack)
    # What moves away has moved by now, so that all that is still inside goes.
    for one in parts.walk(found.part, "" if found.part.kind == "section" else f"{target}."):
        work.retired[one.path] = Retired(change.place, why, work.pack)
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
    "set": setting.set_,
    "add_to": setting.add_to,
    "take_from": setting.take_from,
    "replace": _do_replace,
    "retire": _do_retire,
}
