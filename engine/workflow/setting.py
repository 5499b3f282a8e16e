"""What a workflow's `set` may give to a field of its record. Must not know how it is worked out."""

from __future__ import annotations

from engine.expressions import Type, question_type
from engine.language.model import Question, Stack, Workflow


def field_of(workflow: Workflow, stack: Stack, field: str) -> Question | None:
    """A field of a record type that the workflow is about."""
    for record in workflow.about:
        for one in stack.records[record].fields if record in stack.records else ():
            if one.id == field:
                return one
    return None


def field_type(workflow: Workflow, stack: Stack, field: str) -> Type | None:
    """What a value for a field must be; None where any will do."""
    found = field_of(workflow, stack, field)
    return question_type(stack, found) if found is not None else None
