"""What a layer leaves as it was: forms that mean over it just what they mean below, and need not be checked again.

A form is unaltered where it is the very same and so is all that its conditions may read. Whatever is in doubt counts
as altered. Must not know how forms are checked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from engine.language.model import Expression, Form, Question, Stack

_WORD = re.compile(r"[a-z_][a-z0-9_]*")
_BEYOND = frozenset({"record", "case"})


def unaltered(stack: Stack, below: Stack) -> Callable[[Form], bool]:
    """Whether a form of `stack` is and means the same as in the stack `below`."""
    lists = _differing(stack.lists, below.lists)
    named = _differing(stack.forms, below.forms) | _differing(stack.conditions, below.conditions)
    around = (
        (stack.manifest.nation, stack.manifest.language) == (below.manifest.nation, below.manifest.language)
        and not _differing(stack.records, below.records)
        and not _differing(stack.workflows, below.workflows)
    )

    def same(form: Form) -> bool:
        if form is not below.forms.get(form.id):
            return False
        words = {word for one in _expressions(form) for word in _WORD.findall(one.text)}
        # Named conditions stand in the stack and may read anything; so may what is read beyond the form.
        if words & named or not lists.isdisjoint(_lists(form)):
            return False
        beyond = _BEYOND | stack.forms.keys() | stack.conditions.keys()
        return words.isdisjoint(beyond) or (around and not lists and not named)

    return same


def _differing(one: Mapping[str, object], other: Mapping[str, object]) -> set[str]:
    """The ids under which the two hold anything but the very same."""
    return {key for key in {**one, **other} if one.get(key) is not other.get(key)}


def _questions(form: Form) -> Iterator[Question]:
    for section in form.sections:
        for question in section.questions:
            yield question
            yield from question.questions


def _expressions(form: Form) -> Iterator[Expression]:
    found: Iterable[Expression | None] = (
        *(one.show_if for one in form.sections),
        *(
            expression
            for one in _questions(form)
            for expression in (
                one.show_if, one.required_if, one.advised_if, one.valid_if, one.calculate, one.default,
            )
        ),
    )  # fmt: skip
    return (one for one in found if one is not None)


def _lists(form: Form) -> Iterator[str]:
    return (name for one in _questions(form) for name in (one.options, one.rows) if name is not None)
