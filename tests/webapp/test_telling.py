"""Every kind of event that casework writes into the trail has its words, so that an auditor reads no keys."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from webapp.telling import WORDS

CASEWORK = Path(__file__).resolve().parents[2] / "engine" / "casework"
WRITES = {("audit", "changed"), ("audit", "viewed"), ("audit", "did"), ("together", "trace")}
# These are written by names that are put together, or handed on by a function of their own.
BY_OTHERS = {
    "access.refused", "action.added", "action.edited", "letter.let_go", "letter.tried_again", "note.added",
    "note.edited", "query.accepted", "query.answered", "query.asked", "query.asked_again", "query.withdrawn",
    "record.closed", "record.reopened", "submission.approved", "submission.returned", "task.done", "task.withdrawn",
    "unsaved.dropped", "unsaved.kept",
}  # fmt: skip


def written() -> Iterator[str]:
    for path in CASEWORK.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            owner = node.func.value
            if isinstance(owner, ast.Name) and (owner.id, node.func.attr) in WRITES:
                yield from (
                    one.value
                    for one in node.args[1:3]
                    if isinstance(one, ast.Constant) and isinstance(one.value, str)
                )


def test_every_kind_of_event_has_its_words_and_no_words_are_for_none() -> None:
    assert set(WORDS) == {*written(), *BY_OTHERS}
