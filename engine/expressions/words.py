"""An expression in plain English: what it asks, and what becomes of it when an answer is blank.

Reads only the core tree, whose nodes carry the labels. Must not know scopes or answers.
"""

from __future__ import annotations

from types import UnionType

from engine.expressions import blanks, tree
from engine.expressions.typing import Typed
from engine.language.saying import say

_SMALLER = {
    "number": "%(value)s is less than %(other)s",
    "date": "%(value)s is before %(other)s",
    "time": "%(value)s is before %(other)s",
}
_NOT_ABOVE = {
    "number": "%(value)s is at most %(other)s",
    "date": "%(value)s is on or before %(other)s",
    "time": "%(value)s is at or before %(other)s",
}
_LARGER = {
    "number": "%(value)s is more than %(other)s",
    "date": "%(value)s is after %(other)s",
    "time": "%(value)s is after %(other)s",
}
_NOT_BELOW = {
    "number": "%(value)s is at least %(other)s",
    "date": "%(value)s is on or after %(other)s",
    "time": "%(value)s is at or after %(other)s",
}
_SIGNS = {
    "+": "%(left)s plus %(right)s",
    "-": "%(left)s minus %(right)s",
    "*": "%(left)s times %(right)s",
    "/": "%(left)s divided by %(right)s",
}
_STATES = {
    frozenset({"submitted", "approved"}): "the form ‘%(form)s’ is submitted",
    frozenset({"approved"}): "the form ‘%(form)s’ is approved",
    frozenset({"returned"}): "the form ‘%(form)s’ is returned",
}
_NOT_STATES = {
    frozenset({"submitted", "approved"}): "the form ‘%(form)s’ is not submitted",
    frozenset({"approved"}): "the form ‘%(form)s’ is not approved",
    frozenset({"returned"}): "the form ‘%(form)s’ is not returned",
}
_FOLDS = {
    "sum": "the sum of %(values)s",
    "min": "the least of %(values)s",
    "max": "the greatest of %(values)s",
}


def in_words(typed: Typed | tree.Node) -> str:
    """The expression in plain English; for a condition, also what it does while an answer is blank."""
    node = typed.tree if isinstance(typed, Typed) else typed
    said = words(node)
    sentences = [said[0].upper() + said[1:] + "."]
    for effect, names in blanks.effects(node).items():
        listed = _listed([f"“{name}”" for name in names], "or")
        sentences.append(say(_EFFECTS[effect], names=listed))
    return " ".join(sentences)


_EFFECTS = {
    "unknown": (
        "While %(names)s is blank, this cannot be told: it shows, asks for and permits nothing, and finds no problem."
    ),
    "false": "While %(names)s is blank, this does not hold.",
    "true": "While %(names)s is blank, this holds.",
    "rest": "While %(names)s is blank, the rest decides.",
    "missing": "While %(names)s is blank, there is no result.",
    "passed over": "While %(names)s is blank, it is passed over.",
}


def words(node: tree.Node) -> str:
    """One part of an expression in plain English, without a full stop."""
    match node:
        case tree.And(items=items):
            return f", {say('and')} ".join(_bracketed(item, tree.Or) for item in items)
        case tree.Or(items=items):
            return f", {say('or')} ".join(_bracketed(item, tree.And) for item in items)
        case tree.Not(operand=operand):
            return _negated(operand)
        case tree.Member() | tree.Includes():
            told, options = _value(node.operand), _listed(_options(node), "or")
            if isinstance(node, tree.Member):
                return say("%(value)s is %(options)s", value=told, options=options)
            return say("%(value)s includes %(options)s", value=told, options=options)
        case tree.Answered(operand=operand):
            return say("%(value)s is answered", value=_value(operand))
        case tree.FormState(label=label, form=form, states=states):
            return say(_STATES.get(states, "the form ‘%(form)s’ is there"), form=label or form)
        case tree.Compare():
            return _comparison(node)
        case tree.AnyRow(rows=rows, body=body):
            return say(
                "in at least one row of %(rows)s, %(condition)s", rows=_value(rows), condition=words(body)
            )
        case tree.Read(kind="yes_no"):
            return say("%(value)s is yes", value=_value(node))
        case _:
            return _value(node)


def _bracketed(node: tree.Node, weaker: type[tree.Node] | UnionType) -> str:
    rows = isinstance(node, tree.AnyRow) or (
        isinstance(node, tree.Not) and isinstance(node.operand, tree.AnyRow)
    )
    return f"({words(node)})" if isinstance(node, weaker) or rows else words(node)


def _negated(node: tree.Node) -> str:
    match node:
        case tree.Member() if len(node.words) > 1:
            options = f" {say('nor')} ".join(_options(node))
            return say("%(value)s is neither %(options)s", value=_value(node.operand), options=options)
        case tree.Member():
            return say("%(value)s is not %(options)s", value=_value(node.operand), options=_options(node)[0])
        case tree.Includes():
            options = _listed(_options(node), "or")
            return say("%(value)s does not include %(options)s", value=_value(node.operand), options=options)
        case tree.Answered(operand=operand):
            return say("%(value)s is not answered", value=_value(operand))
        case tree.Read(kind="yes_no"):
            return say("%(value)s is no", value=_value(node))
        case tree.FormState(label=label, form=form, states=states):
            return say(_NOT_STATES.get(states, "the form ‘%(form)s’ is not there"), form=label or form)
        case tree.AnyRow(rows=rows, body=tree.Not(operand=body)):
            return say("in every row of %(rows)s, %(condition)s", rows=_value(rows), condition=words(body))
        case tree.AnyRow(rows=rows, body=body):
            return say("in no row of %(rows)s, %(condition)s", rows=_value(rows), condition=words(body))
        case tree.Compare(operator="="):
            return say("%(value)s is not %(options)s", value=_value(node.left), options=_value(node.right))
        case tree.Not(operand=operand):
            return words(operand)
        case _:
            return say("it is not so that %(condition)s", condition=_bracketed(node, tree.And | tree.Or))


def _comparison(node: tree.Compare) -> str:
    left, right = node.left, node.right
    if node.operator == "=":
        return say("%(value)s is %(options)s", value=_value(left), options=_value(right))
    # A fixed value stands last: "more than 3", not "3 is less than".
    if isinstance(left, tree.Constant | tree.Today) and not isinstance(right, tree.Constant):
        said = _LARGER if node.operator == "<" else _NOT_BELOW
        return say(said[node.kind], value=_value(right), other=_value(left))
    said = _SMALLER if node.operator == "<" else _NOT_ABOVE
    return say(said[node.kind], value=_value(left), other=_value(right))


def _value(node: tree.Node) -> str:
    match node:
        case tree.Constant(words=said, value=value):
            return said or str(value)
        case tree.Read(label=label, name=name):
            return f"“{label or name}”"
        case tree.Today():
            return say("today")
        case tree.Arithmetic(operator=operator, left=left, right=right):
            return say(_SIGNS[operator], left=_grouped(left), right=_grouped(right))
        case tree.Age(born=born, at=at):
            return say("the age from %(born)s at %(at)s", born=_value(born), at=_value(at))
        case tree.Days(first=first, last=last, nation=nation):
            ends = {"first": _value(first), "last": _value(last)}
            if nation:
                return say("the number of working days between %(first)s and %(last)s", **ends)
            return say("the number of days between %(first)s and %(last)s", **ends)
        case tree.Count(operand=tree.Column(rows=rows, cell=cell)):
            return say(
                "the number of rows of %(rows)s with %(cell)s answered", rows=_value(rows), cell=_value(cell)
            )
        case tree.Count(operand=operand):
            return say("the number of %(value)s", value=_value(operand))
        case tree.Fold(function=function, items=items):
            return say(_FOLDS[function], values=_listed([_value(item) for item in items], "and"))
        case tree.Column(rows=rows, cell=cell):
            return say("%(cell)s in %(rows)s", cell=_value(cell), rows=_value(rows))
        case _:
            return say("whether %(condition)s", condition=words(node))


def _grouped(node: tree.Node) -> str:
    return f"({_value(node)})" if isinstance(node, tree.Arithmetic) else _value(node)


def _options(node: tree.Member | tree.Includes) -> list[str]:
    return list(node.words) or sorted(node.options)


def _listed(said: list[str], joint: str) -> str:
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} {say(joint)} {said[-1]}"
