"""What differs between two stacks, by id and in plain words: what was added, taken out, reworded, moved, altered.

Works on stacks as assembled, so that it does not matter which layer or file a difference stands in. Must not know who
works under which stack, nor what a difference means for them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from engine.language.model import (
    Branch,
    DeadlineRule,
    Effect,
    Element,
    Expression,
    Form,
    Question,
    RecordType,
    Stack,
    Workflow,
)

_NOT_SETTINGS = {"id", "place", "places", "retired"}
_CHILDREN = {
    "sections",
    "questions",
    "fields",
    "states",
    "transitions",
    "tasks",
    "identifiers",
    "rules",
    "options",
}
_WORDS = {
    "send_back": "return",
    "sources": "from",
    "never": "not",
    "records": "record",
}
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Change:
    """One setting that says something else: empty text where there was, or is, nothing."""

    setting: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One part that differs. `owner` is the document it is in, as `form:referral`."""

    kind: str
    path: str
    what: str
    name: str
    owner: str
    changes: tuple[Change, ...] = ()
    where: str = ""

    def in_words(self) -> str:
        """The difference in one sentence; what its settings were and are stands in `changes`."""
        told = f"{self.kind} ‘{self.name}’" if self.name else self.kind
        return f"{told[0].upper()}{told[1:]} {_SAID[self.what]}{f' {self.where}' if self.where else ''}."

    def as_json(self) -> dict[str, object]:
        return {
            "kind": self.kind,
            "path": self.path,
            "what": self.what,
            "owner": self.owner,
            "words": self.in_words(),
            "changes": [
                {"setting": one.setting, "before": one.before, "after": one.after} for one in self.changes
            ],
        }


_SAID = {
    "added": "is added",
    "taken out": "is taken out",
    "retired": "is retired: it stays where it was chosen, and cannot be chosen any more",
    "brought back": "is brought back: it can be chosen again",
    "moved": "stands elsewhere",
    "changed": "is changed",
}


@dataclass(frozen=True, slots=True)
class _Part:
    kind: str
    owner: str
    name: str
    settings: Mapping[str, str]
    retired: bool
    inside: str
    after: str | None


def differences(before: Stack, after: Stack) -> list[Difference]:
    """Everything that differs, document by document as the newer stack has them; what is gone comes last in each."""
    old, new = dict(_parts(before)), dict(_parts(after))
    found = [one for path in new if (one := _compared(path, old.get(path), new[path], old, new))]
    found += [
        Difference(part.kind, path, "taken out", part.name, part.owner)
        for path, part in old.items()
        if path not in new and not _goes_with_its_container(path, part, old, new)
    ]
    order = {
        owner: place
        for place, owner in enumerate(dict.fromkeys(part.owner for part in (*new.values(), *old.values())))
    }
    return sorted(found, key=lambda one: order[one.owner])


def _compared(
    path: str, was: _Part | None, part: _Part, old: Mapping[str, _Part], new: Mapping[str, _Part]
) -> Difference | None:
    if was is None:
        if part.inside in new and part.inside not in old:
            return None  # told by what it came with
        shown = tuple(
            Change(name, "", value) for name, value in part.settings.items() if name in _TOLD_OF_NEW
        )
        return Difference(part.kind, path, "added", part.name, part.owner, shown, _where(part, new))
    changes = tuple(
        Change(name, was.settings.get(name, ""), part.settings.get(name, ""))
        for name in dict.fromkeys((*part.settings, *was.settings))
        if was.settings.get(name, "") != part.settings.get(name, "")
    )
    if part.retired != was.retired:
        what = "retired" if part.retired else "brought back"
        return Difference(part.kind, path, what, part.name, part.owner, changes)
    if changes:
        return Difference(part.kind, path, "changed", was.name, part.owner, changes)
    if part.inside != was.inside or _moved(part, was, old, new):
        return Difference(part.kind, path, "moved", part.name, part.owner, (), _where(part, new))
    return None


_TOLD_OF_NEW = {"type", "show_if", "required_if", "answer", "from", "to", "by", "when", "may", "role"}


def _moved(part: _Part, was: _Part, old: Mapping[str, _Part], new: Mapping[str, _Part]) -> bool:
    """Whether the nearest part before it that both have is another one: what comes or goes beside it moves nothing."""
    return _before(part, new, old) != _before(was, old, new)


def _before(part: _Part, mine: Mapping[str, _Part], other: Mapping[str, _Part]) -> str | None:
    at = part.after
    while at is not None and (at not in other or other[at].inside != part.inside):
        at = mine[at].after
    return at


def _where(part: _Part, new: Mapping[str, _Part]) -> str:
    inside = new.get(part.inside)
    told = f"in ‘{inside.name}’" if inside is not None and inside.name else ""
    if part.after is not None and new[part.after].name:
        return f"{told}, after ‘{new[part.after].name}’".removeprefix(", ")
    return told


def _goes_with_its_container(
    path: str, part: _Part, old: Mapping[str, _Part], new: Mapping[str, _Part]
) -> bool:
    return part.inside in old and part.inside not in new


def _parts(stack: Stack) -> Iterator[tuple[str, _Part]]:
    """Every part of a stack that has an id of its own, by a path that two stacks share."""
    manifest = stack.manifest
    yield "pack", _Part("pack", "pack", manifest.title, _settings(manifest), False, "", None)
    for form in stack.forms.values():
        yield from _tree(form, "form", f"form:{form.id}", f"form:{form.id}", "", None)
    for workflow in stack.workflows.values():
        yield from _tree(workflow, "workflow", f"workflow:{workflow.id}", f"workflow:{workflow.id}", "", None)
    for record in stack.records.values():
        yield from _tree(record, "record type", f"record:{record.id}", f"record:{record.id}", "", None)
    for one in stack.lists.values():
        owner = _owner_of_list(one.id)
        yield from _tree(one, "list" if "." not in one.id else "options", f"list:{one.id}", owner, "", None)
    yield from _plain("condition", "conditions", {name: one.text for name, one in stack.conditions.items()})
    yield from _plain("word", "terms", {name: _said(forms) for name, forms in stack.words.items()})
    access = stack.access
    yield from _plain("role", "access", dict(access.roles))
    yield from _plain("job", "access", {name: _said(roles) for name, roles in access.manage.items()})
    yield (
        "levels",
        _Part("levels", "access", "", {"sensitivities": _said(access.sensitivities)}, False, "", None),
    )
    for rule in access.rules:
        yield f"access:{rule.id}", _Part("access rule", "access", rule.id, _settings(rule), False, "", None)
    for scenario in stack.scenarios.values():
        settings = {
            name: _said(getattr(scenario, name)) for name in ("form", "workflow", "given", "steps", "expect")
        }
        yield (
            f"scenario:{scenario.id}",
            _Part("scenario", "scenarios", scenario.title, settings, False, "", None),
        )


def _owner_of_list(id: str) -> str:
    """Options written in a question belong to its form; in a record type's field, to that."""
    first, _, rest = id.partition(".")
    if first == "record" and rest:
        return f"record:{rest.partition('.')[0]}"
    return f"form:{first}" if rest else f"list:{id}"


def _plain(kind: str, owner: str, values: Mapping[str, str]) -> Iterator[tuple[str, _Part]]:
    for name, value in values.items():
        yield f"{kind}:{name}", _Part(kind, owner, name, {"it says": value}, False, "", None)


_KINDS = {
    "Section": "section",
    "Question": "question",
    "Option": "option",
    "State": "state",
    "Transition": "transition",
    "TaskRule": "task",
    "Identifier": "number",
}


def _tree(
    element: Element, kind: str, path: str, owner: str, inside: str, after: str | None
) -> Iterator[tuple[str, _Part]]:
    name = getattr(element, "label", None) or getattr(element, "title", None) or element.id
    retired = bool(getattr(element, "retired", False))
    yield path, _Part(kind, owner, name, _settings(element), retired, inside, after)
    # A question's path does not name its section, so that one that moves is the same question.
    top = isinstance(element, Form | Workflow | RecordType) or kind != "section"
    stem = path if top else path.rpartition(".")[0]
    last: dict[str, str] = {}
    for setting in _CHILDREN:
        children = getattr(element, setting, ())
        if isinstance(children, str) or not children:
            continue
        for child in children:
            here = _KINDS[type(child).__name__]
            if isinstance(element, RecordType) and isinstance(child, Question):
                here = "field"
            own = f"{stem}.{child.id}"
            yield from _tree(child, here, own, owner, path, last.get(setting))
            last[setting] = own


def _settings(element: Any) -> dict[str, str]:
    """What an element says, setting by setting, in words; what it leaves out is left out."""
    told: dict[str, str] = {}
    for one in fields(element):
        value = getattr(element, one.name)
        if one.name in _NOT_SETTINGS or (one.name in _CHILDREN and not isinstance(value, str)):
            continue
        if one.name == "settings":
            told |= {name: _said(inner) for name, inner in value.items()}
        else:
            told[_WORDS.get(one.name, one.name)] = _said(value)
    return {name: value for name, value in told.items() if value not in ("", "no")}


def _said(value: Any) -> str:
    """A value of a definition as one writes it, cut where it would be too long to compare by eye."""
    told = _whole(value)
    return told if len(told) <= _LONGEST else f"{told[: _LONGEST - 1]}…"


def _whole(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Expression):
        return value.text
    if isinstance(value, Effect):
        return f"{value.kind} {_whole(value.settings)}".strip()
    if isinstance(value, DeadlineRule):
        then = f", then {_whole(value.then)}" if value.then else ""
        return f"{value.amount} {value.unit} from {value.start}{then}"
    if isinstance(value, Branch):
        return f"{_whole(value.when) or 'otherwise'} → {value.to}"
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {_whole(inner)}" for name, inner in value.items())
    if isinstance(value, list | tuple | set | frozenset):
        return "; ".join(
            _whole(one) for one in (sorted(value) if isinstance(value, set | frozenset) else value)
        )
    if is_dataclass(value):
        return ", ".join(
            f"{one.name} {_whole(inner)}"
            for one in fields(value)
            if one.name not in _NOT_SETTINGS
            and (inner := getattr(value, one.name)) not in (None, (), "", False)
        )
    return str(value)
