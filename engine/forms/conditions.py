"""Where forms meet expressions: every condition and calculation of a form, typed in its scope.

The only module of this room that knows how expressions are parsed and typed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from engine import expressions
from engine.expressions import tree
from engine.expressions.names import form_scope, question_type, row_scope
from engine.expressions.scope import Scope
from engine.expressions.types import YES_NO, Type
from engine.forms.plan import Condition
from engine.language.diagnostics import Diagnostic
from engine.language.model import Expression, Form, Question, Stack

SETTINGS = ("show_if", "required_if", "advised_if", "valid_if", "calculate", "default")


@dataclass(slots=True)
class Conditions:
    """All conditions of a form, by where they stand, and what was found while reading them."""

    found: dict[tuple[str, str], Condition] = field(default_factory=dict)
    findings: list[Diagnostic] = field(default_factory=list)

    def trees(self, inside: str = "") -> list[tree.Node]:
        """The core of every condition, or of those that stand inside a container."""
        return [one.typed.tree for (path, _), one in self.found.items() if path.startswith(inside)]

    def of(self, path: str, setting: str) -> Condition | None:
        return self.found.get((path, setting))


def read(form: Form, stack: Stack) -> Conditions:
    """Every condition of the form. Those that make no sense are among the findings only."""
    conditions = Conditions()
    scope = form_scope(stack, form)
    for section in form.sections:
        _one(conditions, section.id, "show_if", section.show_if, scope, YES_NO, form)
        if section.each:
            inner = row_scope(scope, section.id)
            _questions(conditions, section.questions, inner, stack, form, f"{section.id}.")
        else:
            _questions(conditions, section.questions, scope, stack, form, "")
    return conditions


def _questions(
    conditions: Conditions, questions: Iterable[Question], scope: Scope, stack: Stack, form: Form, inside: str
) -> None:
    for question in questions:
        path = f"{inside}{question.id}"
        for setting in SETTINGS:
            expression: Expression | None = getattr(question, setting)
            wants = question_type(stack, question) if setting in ("calculate", "default") else YES_NO
            _one(conditions, path, setting, expression, scope, wants, form)
        if question.questions:
            inner = row_scope(scope, question.id)
            _questions(conditions, question.questions, inner, stack, form, f"{path}.")


def _one(
    conditions: Conditions,
    path: str,
    setting: str,
    expression: Expression | None,
    scope: Scope,
    wants: Type | None,
    form: Form,
) -> None:
    if expression is None:
        return
    element = f"{form.id}.{path}"
    written, findings = expressions.parse(expression)
    typed, more = expressions.typed(written, scope, wants, element)
    conditions.findings += [*(replace(one, element=element) for one in findings), *more]
    if typed is not None:
        conditions.found[path, setting] = Condition(
            expression, typed, expressions.closure(typed), typed.reads
        )
