"""What would have to be answered otherwise for a transition to be allowed: over forms handed in, the record, the case.

Runs the search for the least change over the conditions that refused. Nobody alters what day it is or where a case
stands, so neither is ever offered. Must not know how a refusal is worded, nor who may see what.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.expressions import Scope, tree, workflow_scope
from engine.expressions.changeable import TRUE, Answerable, Context, Least
from engine.expressions.given import StoredWorld, described, name_of
from engine.expressions.least import least_change
from engine.language.model import Stack, Workflow
from engine.proof import STATE
from engine.workflow.described import Described
from engine.workflow.guards import CaseReader, Day
from engine.workflow.moves import Move
from engine.workflow.questions import find_question
from engine.workflow.values import CaseState, Moment


class Supposing:
    """The questions of one workflow's conditions, as they could be answered otherwise."""

    def __init__(self, workflow: Workflow, stack: Stack) -> None:
        self._workflow = workflow
        self._stack = stack
        self._described = Described(workflow, stack)
        self._scope: Scope | None = None

    def least(
        self, move: Move, facts: Mapping[str, Any], case: CaseState, now: Moment, day: Day
    ) -> Least | None:
        """The least change of answers after which the conditions of a transition hold; None if it has none."""
        node = condition(move)
        if node is None:
            return None
        kind = (facts.get("record") or {}).get("type")

        def answerable(
            read: tree.Read | tree.FormState, path: str, context: Context, given: Any
        ) -> Answerable:
            found = self._answerable(read, path, given)
            return replace(found, far=True) if self._elsewhere(path, kind) else found

        world = StoredWorld(facts, lambda stored: CaseReader(stored, case, now, day), answerable)
        return least_change(node, world, wants=TRUE)

    def _elsewhere(self, path: str, kind: str | None) -> bool:
        """Whether an answer is no form's of this case: the record's, or of a form about other records than this."""
        form = self._stack.forms.get(path.partition(".")[0])
        return form is None or (kind is not None and bool(form.about) and kind not in form.about)

    def _answerable(self, read: tree.Read | tree.FormState, path: str, given: Any) -> Answerable:
        rows = path.partition("[")[0] if "[" in path else ""
        head = path.partition(".")[0]
        order = list(self._stack.forms).index(head) if head in self._stack.forms else 0
        if isinstance(read, tree.FormState):
            return described(read, path, given, None, order=order)
        if self._scope is None:
            self._scope = workflow_scope(self._stack, self._workflow)
        found = name_of(self._scope, read.name)
        question = find_question(self._stack, read.name)
        free = not path.startswith("case.") and not (question is not None and question.calculate is not None)
        more: dict[str, Any] = {"rows": rows, "where": self._where(rows, path), "order": order}
        if not free:
            more["free"] = False
        if question is not None and question.type == "grid":
            more["grows"] = False
        known = self._described.question(rows or read.key, "rows" if rows else read.kind)
        gates = ((known.shown, ()),) if known.shown is not None else ()
        if rows or known.kind == STATE:
            return described(read, path, given, found, gates=gates, **more)
        return described(
            read, path, given, found, gates=gates,
            calculated=(known.calculated, ()) if known.calculated is not None else None,
            checks=tuple((one, ()) for one in self._described.musts(read.key)),
            least=known.least, most=known.most, whole=known.step == 1,
            blank=not known.must_be_there, **more,
        )  # fmt: skip

    def _where(self, rows: str, path: str) -> str:
        if not rows:
            return ""
        assert self._scope is not None
        found = name_of(self._scope, rows)
        number = int(path.partition("[")[2].partition("]")[0]) + 1
        return f"row {number} of “{found.label if found is not None and found.label else rows}”"


def condition(move: Move) -> tree.Node | None:
    """All that must hold for a transition: its guard, and one branch with every branch before it false."""
    parts = [] if move.guard is None else [move.guard.typed.tree]
    ways: list[tree.Node] = []
    before: list[tree.Node] = []
    for one in move.exits:
        if one.guard is None:
            ways.append(tree.And(tuple(before)) if before else tree.Constant("yes_no", True))
            break
        ways.append(tree.And((*before, one.guard.typed.tree)))
        before.append(tree.Not(one.guard.typed.tree))
    if not any(isinstance(one, tree.Constant) for one in ways):
        parts.append(ways[0] if len(ways) == 1 else tree.Or(tuple(ways)))
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else tree.And(tuple(parts))
