"""An expression in plain English: what it asks, and what becomes of it when an answer is blank.

Reads only the core tree, whose nodes carry the labels. Must not know scopes or answers.
"""

from __future__ import annotations

from types import UnionType

from engine.expressions import blanks, tree
from engine.expressions.typing import Typed

_SMALLER = {"number": "less than", "date": "before", "time": "before"}
_NOT_ABOVE = {"number": "at most", "date": "on or before", "time": "at or before"}
_LARGER = {"number": "more than", "date": "after", "time": "after"}
_NOT_BELOW = {"number": "at least", "date": "on or after", "time": "at or after"}
_SIGNS = {"+": "plus", "-": "minus", "*": "times", "/": "divided by"}
_STATES = {
    frozenset({"submitted", "approved"}): "submitted",
    frozenset({"approved"}): "approved",
    frozenset({"returned"}): "returned",
}


def in_words(typed: Typed | tree.Node) -> str:
    """The expression in plain English; for a condition, also what it does while an answer is blank."""
    node = typed.tree if isinstance(typed, Typed) else typed
    said = words(node)
    sentences = [said[0].upper() + said[1:] + "."]
    for effect, names in blanks.effects(node).items():
        listed = _listed([f"“{name}”" for name in names], "or")
        sentences.append(f"While {listed} is blank, {_EFFECTS[effect]}.")
    return " ".join(sentences)


_EFFECTS = {
    "unknown": "this cannot be told: it shows, asks for and permits nothing, and finds no problem",
    "false": "this does not hold",
    "true": "this holds",
    "rest": "the rest decides",
    "missing": "there is no result",
    "passed over": "it is passed over",
}


def words(node: tree.Node) -> str:
    """One part of an expression in plain English, without a full stop."""
    match node:
        case tree.And(items=items):
            return ", and ".join(_bracketed(item, tree.Or) for item in items)
        case tree.Or(items=items):
            return ", or ".join(_bracketed(item, tree.And) for item in items)
        case tree.Not(operand=operand):
            return _negated(operand)
        case tree.Member() | tree.Includes():
            verb = "is" if isinstance(node, tree.Member) else "includes"
            return f"{_value(node.operand)} {verb} {_listed(_options(node), 'or')}"
        case tree.Answered(operand=operand):
            return f"{_value(operand)} is answered"
        case tree.FormState(label=label, form=form, states=states):
            return f"the form ‘{label or form}’ is {_STATES.get(states, 'there')}"
        case tree.Compare():
            return _comparison(node)
        case tree.AnyRow(rows=rows, body=body):
            return f"in at least one row of {_value(rows)}, {words(body)}"
        case tree.Read(kind="yes_no"):
            return f"{_value(node)} is yes"
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
            return f"{_value(node.operand)} is neither {' nor '.join(_options(node))}"
        case tree.Member():
            return f"{_value(node.operand)} is not {_options(node)[0]}"
        case tree.Includes():
            return f"{_value(node.operand)} does not include {_listed(_options(node), 'or')}"
        case tree.Answered(operand=operand):
            return f"{_value(operand)} is not answered"
        case tree.Read(kind="yes_no"):
            return f"{_value(node)} is no"
        case tree.FormState(label=label, form=form, states=states):
            return f"the form ‘{label or form}’ is not {_STATES.get(states, 'there')}"
        case tree.AnyRow(rows=rows, body=tree.Not(operand=body)):
            return f"in every row of {_value(rows)}, {words(body)}"
        case tree.AnyRow(rows=rows, body=body):
            return f"in no row of {_value(rows)}, {words(body)}"
        case tree.Compare(operator="="):
            return f"{_value(node.left)} is not {_value(node.right)}"
        case tree.Not(operand=operand):
            return words(operand)
        case _:
            return f"it is not so that {_bracketed(node, tree.And | tree.Or)}"


def _comparison(node: tree.Compare) -> str:
    left, right = node.left, node.right
    if node.operator == "=":
        return f"{_value(left)} is {_value(right)}"
    # A fixed value stands last: "more than 3", not "3 is less than".
    if isinstance(left, tree.Constant | tree.Today) and not isinstance(right, tree.Constant):
        said = _LARGER if node.operator == "<" else _NOT_BELOW
        return f"{_value(right)} is {said[node.kind]} {_value(left)}"
    said = _SMALLER if node.operator == "<" else _NOT_ABOVE
    return f"{_value(left)} is {said[node.kind]} {_value(right)}"


def _value(node: tree.Node) -> str:
    match node:
        case tree.Constant(words=said, value=value):
            return said or str(value)
        case tree.Read(label=label, name=name):
            return f"“{label or name}”"
        case tree.Today():
            return "today"
        case tree.Arithmetic(operator=operator, left=left, right=right):
            return f"{_grouped(left)} {_SIGNS[operator]} {_grouped(right)}"
        case tree.Age(born=born, at=at):
            return f"the age from {_value(born)} at {_value(at)}"
        case tree.Days(first=first, last=last, nation=nation):
            kind = "working days" if nation else "days"
            return f"the number of {kind} between {_value(first)} and {_value(last)}"
        case tree.Count(operand=tree.Column(rows=rows, cell=cell)):
            return f"the number of rows of {_value(rows)} with {_value(cell)} answered"
        case tree.Count(operand=operand):
            return f"the number of {_value(operand)}"
        case tree.Fold(function=function, items=items):
            name = {"sum": "the sum of", "min": "the least of", "max": "the greatest of"}[function]
            return f"{name} {_listed([_value(item) for item in items], 'and')}"
        case tree.Column(rows=rows, cell=cell):
            return f"{_value(cell)} in {_value(rows)}"
        case _:
            return f"whether {words(node)}"


def _grouped(node: tree.Node) -> str:
    return f"({_value(node)})" if isinstance(node, tree.Arithmetic) else _value(node)


def _options(node: tree.Member | tree.Includes) -> list[str]:
    return list(node.words) or sorted(node.options)


def _listed(said: list[str], joint: str) -> str:
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} {joint} {said[-1]}"
