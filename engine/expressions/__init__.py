"""Conditions and calculations: read, checked, evaluated, explained, and handed to the browser.

    tree, findings = parse(expression)                    # model.Expression or text
    typed, findings = typed(tree, scope, wants=YES_NO)    # see typing.typed
    run = closure(typed)                                  # run(reader) -> value; None: missing or unknown
    closure(typed, json=True)                             # the same over answers as they are stored
    as_json(typed)                                        # the tree for static/js/expressions.js
    in_words(typed)                                       # plain English, and what blanks do
    explain(typed, reader) -> Why                         # .value .because .answers .unanswered

A reader answers a key: `harm_setting`, `harm_types.other`, `framework.peers.worried`, `FORM.question`,
`FORM._state`, `record.field`, `case.state`, `today()`; rows as a sequence of mappings by the row's own keys.
`facts_reader` makes one of `facts`. The room must not know
forms, workflows, YAML, the database or the clock.
"""

from engine.expressions.browser import as_json, calendar_table, nations
from engine.expressions.closures import Reader, RowReader, closure
from engine.expressions.grammar import parse
from engine.expressions.names import (
    StackWorld,
    form_names,
    form_scope,
    question_type,
    record_scope,
    row_scope,
    workflow_scope,
)
from engine.expressions.readers import facts_reader
from engine.expressions.scope import Name, Scope
from engine.expressions.surface import Tree
from engine.expressions.types import DATE, NUMBER, TEXT, TIME, YES_NO, Type, choice, choices
from engine.expressions.typing import Typed, typed
from engine.expressions.values import dump, load
from engine.expressions.why import Answer, Why, explain
from engine.expressions.words import in_words

__all__ = [
    "parse", "typed", "closure", "facts_reader", "Reader", "RowReader", "as_json", "calendar_table", "nations",
    "in_words", "explain", "Why", "Answer",
    "Tree", "Typed", "Scope", "Name", "StackWorld",
    "form_scope", "row_scope", "workflow_scope", "record_scope", "form_names", "question_type",
    "Type", "NUMBER", "TEXT", "DATE", "TIME", "YES_NO", "choice", "choices", "load", "dump",
]  # fmt: skip
