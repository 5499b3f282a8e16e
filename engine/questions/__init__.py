"""Question types: what a form can ask, and everything about asking it. Knows no form and no page."""

from engine.questions.base import (
    Context,
    Fault,
    Problem,
    ProblemCode,
    QuestionType,
    Registry,
    ValueType,
)
from engine.questions.types import TYPES

BUILT_IN = Registry(TYPES)

__all__ = [
    "BUILT_IN",
    "Context",
    "Fault",
    "Problem",
    "ProblemCode",
    "QuestionType",
    "Registry",
    "ValueType",
]
