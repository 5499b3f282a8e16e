"""docs/reference-expressions.md: the signs and words of expressions, and every condition of the example in plain words.

The words come from the code that explains conditions to people. Must not know how anything is evaluated.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import engine
from engine.expressions import Scope, form_scope, in_words, parse, row_scope, typed, workflow_scope
from engine.expressions.lexing import FUNCTIONS, INSTEAD, KEYWORDS, OTHER_WORDS, SYMBOLS, UNEQUAL
from engine.language.model import Expression, Question
from tools.document_reference import EXAMPLES

_HEAD = """# Expressions: every word and sign

Written by `python -m tools.references` from the lexer and the explainer in `engine/expressions`; change it there.
[Conditions and calculations](expressions.md) explains them with an example each.
"""


def expressions() -> str:
    """The reference."""
    return "\n".join([_HEAD, *_signs(), *_habits(), *_example()])


def _signs() -> Iterator[str]:
    yield "## Words and signs\n"
    yield "Loosest first: `or`, `and`, `not`, comparisons, `+` and `-`, `*` and `/`; brackets decide otherwise.\n"
    yield f"Words: {_listed(KEYWORDS)}.\n"
    yield f"Functions: {_listed(f'{name}(…)' if name != 'today' else 'today()' for name in FUNCTIONS)}.\n"
    yield f"Signs: {_listed(SYMBOLS)}.\n"


def _habits() -> Iterator[str]:
    yield "## What people write instead\n"
    yield "Habits from spreadsheets and programming are met with what to write:\n"
    yield "| written | write |\n|---|---|"
    pairs = {**INSTEAD, **dict.fromkeys(sorted(UNEQUAL), "is not"), **OTHER_WORDS}
    for written, meant in pairs.items():
        yield f"| `{written.replace('|', chr(92) + '|')}` | {f'`{meant}`' if meant else 'nothing: leave it out'} |"
    yield ""


def _example() -> Iterator[str]:
    yield "## Every condition of the example, in words\n"
    yield "The forms and the workflow are those of [docs/examples](examples), as Trefoil explains them:\n"
    yield "| where | written | in words, and while something is blank |\n|---|---|---|"
    stack = engine.load(EXAMPLES).pack("toolshare").stack
    for form in stack.forms.values():
        for where, expression, scope in _written(form, form.id, form_scope(stack, form)):
            yield _line(where, expression, scope)
    for workflow in stack.workflows.values():
        for where, expression, scope in _written(workflow, workflow.id, workflow_scope(stack, workflow)):
            yield _line(where, expression, scope)
    yield ""


def _line(where: str, expression: Expression, scope: Scope) -> str:
    tree, _ = parse(expression)
    found, findings = typed(tree, scope)
    assert found is not None, findings
    return f"| {where} | `{expression.text}` | {in_words(found)} |"


def _written(one: Any, where: str, scope: Scope) -> Iterator[tuple[str, Expression, Scope]]:
    """Every expression within an element, with the scope that it is read in."""
    if isinstance(one, Expression):
        yield where, one, scope
        return
    if isinstance(one, tuple):
        for item in one:
            yield from _written(item, f"{where}.{item.id}" if hasattr(item, "id") else where, scope)
        return
    if not dataclasses.is_dataclass(one):
        return
    inner = row_scope(scope, one) if isinstance(one, Question) and one.questions else scope
    for field in dataclasses.fields(one):
        within = inner if field.name == "questions" else scope
        yield from _written(getattr(one, field.name), where, within)


def _listed(words: Any) -> str:
    return ", ".join(f"`{word}`" for word in words)
