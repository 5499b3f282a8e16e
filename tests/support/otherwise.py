"""The specimen's answers as a world in which they can be changed, and whether a change offered does what it says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.expressions import Reader, closure, facts_reader, tree
from engine.expressions.changeable import Answerable, Context, Least
from engine.expressions.given import StoredWorld, changed, described, name_of
from tests.support.expressions import TODAY, specimen_scope

BEYOND = ("record", "case", "assessment")
_SCOPE = specimen_scope()
_STANDING = tree.FormState("assessment", frozenset({"submitted", "approved"}), "Assessment")


def reader(stored: Mapping[str, Any]) -> Reader:
    """Reads one document that holds both the answers and what lies beyond the form."""
    facts = {key: one for key, one in stored.items() if key in BEYOND}
    return facts_reader(facts, TODAY, {key: one for key, one in stored.items() if key not in BEYOND})


def world(answers: Mapping[str, Any], facts: Mapping[str, Any]) -> StoredWorld:
    """Everything that is answered, in the form and beyond it."""
    return StoredWorld({**answers, **facts}, reader, _describe)


def _describe(read: tree.Read | tree.FormState, path: str, context: Context, given: Any) -> Answerable:
    head = path.partition(".")[0].partition("[")[0]
    if isinstance(read, tree.FormState):
        return described(read, path, given, None, far=True)
    gates = ((_STANDING, ()),) if head == "assessment" else ()
    rows = path.partition("[")[0] if "[" in path else head if head == "framework" else ""
    where = f"row {path.partition('[')[2].partition(']')[0]}" if "[" in path else ""
    found = name_of(_SCOPE, read.name)
    return described(
        read, path, given, found, gates=gates, far=head in BEYOND, rows=rows, where=where,
        grows=path != "framework",
    )  # fmt: skip


def outcome(
    node: Any, answers: Mapping[str, Any], facts: Mapping[str, Any], changes: Mapping[str, Any]
) -> Any:
    """What the closure that runs makes of the answers with some of them changed."""
    return closure(node, json=True)(reader(changed({**answers, **facts}, changes)))


def flips(
    node: Any, answers: Mapping[str, Any], facts: Mapping[str, Any], changes: Mapping[str, Any]
) -> bool:
    """Whether these changes bring a condition to true, or if it is true already, to false."""
    wanted = outcome(node, answers, facts, {}) is not True
    return outcome(node, answers, facts, changes) is wanted


def values(found: Least) -> dict[str, Any]:
    """The changes offered, by path."""
    return {one.path: one.value for one in found.changed}
