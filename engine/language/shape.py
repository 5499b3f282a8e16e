"""What a schema cannot say about one document alone: ids used twice, two ways on at once, half a branch.

Looks only at parts that have the right shape and says nothing of others. Must not know other documents.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.language import wording
from engine.language.codes import Words, finding
from engine.language.diagnostics import Diagnostic
from engine.language.nodes import Mapping as Map
from engine.language.nodes import Node, Scalar, Sequence
from engine.language.scalars import truth


def check(kind: str, node: Map) -> Iterator[Diagnostic]:
    """Faults of one document of `kind` that `reading` found to have the right shape."""
    if kind == "form":
        yield from _form(node)
    elif kind == "list":
        yield from _list(node)
    elif kind == "record":
        yield from _record(node)
    elif kind == "workflow":
        yield from _workflow(node)
    elif kind == "access":
        yield from _unique(_maps(node, "rules"), f"the access rules of ‘{_text(node, 'access')}’", "")
    elif kind == "scenario":
        yield from _scenario(node)
    if (
        kind not in ("pack", "terms", "language", "migration")
        and node.key("replaces")
        and node.key("changes")
    ):
        replaces = node.key("replaces")
        assert replaces is not None
        yield finding("S237", replaces.place, element=_text(node, kind))


def _form(node: Map) -> Iterator[Diagnostic]:
    form = _text(node, "form")
    where = f"the form ‘{form}’"
    sections = _maps(node, "sections")
    questions = [question for section in sections for question in _maps(section, "questions")]
    yield from _unique([*_in_order([*sections, *questions])], where, form)
    outer = {_text(one, "id") for one in [*sections, *questions]}
    for question in questions:
        yield from _question(question, form, outer, where)


def _question(node: Map, prefix: str, outer: set[str], where: str) -> Iterator[Diagnostic]:
    own = _text(node, "id")
    path = f"{prefix}.{own}"
    if (options := node.get("options")) is not None and isinstance(options, Sequence):
        yield from _options(options, f"the options of ‘{own}’", path)
    rows, columns = node.get("rows"), _maps(node, "columns")
    if isinstance(rows, Sequence):
        yield from _options(rows, f"the rows of ‘{own}’", path)
    yield from _unique(columns, f"the columns of ‘{own}’", path)
    inner = _maps(node, "questions")
    yield from _unique(inner, f"a row of ‘{own}’", path)
    for one in inner:
        name = one.get("id")
        if isinstance(name, Scalar) and name.text in outer:
            yield finding(
                "S242", name.place, element=f"{path}.{name.text}", value=name.text, where=where,
                paste=f"{own}_{name.text}",
            )  # fmt: skip
    for one in [*inner, *columns]:
        yield from _question(one, path, outer, where)
    if (message := node.key("message")) and node.key("valid_if") is None:
        yield _lone(message, "valid_if", own, path)


def _lone(key: Scalar, needs: str, own: str, path: str) -> Diagnostic:
    return finding("S241", key.place, element=path, key=key.text, needs=needs, where=f"the question ‘{own}’")


def _list(node: Map) -> Iterator[Diagnostic]:
    own = _text(node, "list")
    options, source = node.get("options"), node.key("options_from")
    if isinstance(options, Sequence):
        yield from _options(options, f"the list ‘{own}’", own)
    if source is not None and options is not None:
        yield finding("S233", source.place, element=own, value=own)
    if source is None and options is None and not node.faulty:
        head = node.entries[0][0].place
        words: Words = {
            "where": f"The list ‘{own}’",
            "keys": "‘options’",
            "lines": "‘options: …’",
            "why": wording.WHY["options"],
        }
        yield finding("S204", head, element=own, **words)


def _options(options: Sequence, where: str, path: str) -> Iterator[Diagnostic]:
    yield from _unique([one for one in options.items if isinstance(one, Map)], where, path)


def _record(node: Map) -> Iterator[Diagnostic]:
    own = _text(node, "record")
    fields = _maps(node, "fields")
    where = f"the record type ‘{own}’"
    yield from _unique(fields, where, own)
    yield from _unique(_maps(node, "identifiers"), f"the identifiers of ‘{own}’", own)
    name = node.get("name")
    if isinstance(name, Scalar) and re.search(r"[{}]", re.sub(r"\{[^{}]*\}", "", name.text)):
        word = re.search(r"[a-z_][a-z0-9_]*", name.text)
        paste = "{" + (word[0] if word else "year") + "}"
        yield finding("S245", name.place, element=own, value=name.text, paste=paste)
    outer = {_text(one, "id") for one in fields}
    for one in fields:
        yield from _question(one, own, outer, where)


def _workflow(node: Map) -> Iterator[Diagnostic]:
    own = _text(node, "workflow")
    states, transitions = _maps(node, "states"), _maps(node, "transitions")
    for several in (states, transitions):
        yield from _unique(several, f"the workflow ‘{own}’", own)
    for state in states:
        name = _text(state, "id")
        yield from _unique(_maps(state, "tasks"), f"the tasks of ‘{name}’", f"{own}.{name}")
    for transition in transitions:
        if not transition.faulty:
            yield from _transition(transition, own)


def _transition(node: Map, workflow: str) -> Iterator[Diagnostic]:
    own = _text(node, "id")
    element = f"{workflow}.{own}"
    head = node.get("id")
    place = head.place if head is not None else node.place
    to, branches = node.key("to"), node.key("branches")
    if to is not None and branches is not None:
        what = "both ‘to’ and ‘branches’"
        yield finding("S225", branches.place, element=element, value=own, what=what)
    if to is None and branches is None:
        yield finding("S225", place, element=element, value=own, what="neither ‘to’ nor ‘branches’")
    if node.key("by") is None and not _is_yes(node, "automatic"):
        yield finding("S226", place, element=element, value=own)
    for branch in _maps(node, "branches"):
        keys = branch.keys()
        if set(keys) not in ({"when", "to"}, {"otherwise"}):
            found = " and ".join(f"‘{key}’" for key in keys) or "nothing"
            yield finding("S235", branch.place, element=element, found=found)


def _scenario(node: Map) -> Iterator[Diagnostic]:
    own = _text(node, "scenario")
    form, workflow = node.key("form"), node.key("workflow")
    if form is not None and workflow is not None:
        what = "both a form and a workflow"
        yield finding("S236", workflow.place, element=own, value=own, what=what)
    if form is None and workflow is None:
        place = node.entries[0][1].place
        yield finding("S236", place, element=own, value=own, what="neither a form nor a workflow")


def _unique(nodes: list[Map], where: str, prefix: str) -> Iterator[Diagnostic]:
    first: dict[str, Scalar] = {}
    for node in nodes:
        own = node.get("id")
        if not isinstance(own, Scalar) or not own.text:
            continue
        if own.text in first:
            before = first[own.text]
            yield finding(
                "S221",
                own.place,
                element=f"{prefix}.{own.text}" if prefix else own.text,
                related=[(before.place, "first used here")],
                value=own.text,
                where=where,
                first=before.place.line,
                second=own.place.line,
                paste=f"{own.text}_2",
            )
        else:
            first[own.text] = own


def _in_order(nodes: list[Map]) -> list[Map]:
    return sorted(nodes, key=lambda node: (node.place.line, node.place.column))


def _maps(node: Map, key: str) -> list[Map]:
    found: Node | None = node.get(key)
    return [one for one in found.items if isinstance(one, Map)] if isinstance(found, Sequence) else []


def _text(node: Map, key: str) -> str:
    found = node.get(key)
    return found.text if isinstance(found, Scalar) else ""


def _is_yes(node: Map, key: str) -> bool:
    return truth(_text(node, key)) is True
