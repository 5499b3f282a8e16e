"""What was written + what can be named → the core tree, its type, and findings in plain words.

The one way in is `typed`. Must not know how the core is evaluated.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from engine.expressions import tree
from engine.expressions.checker import MAX_NESTING, Checker, Operand, read_of
from engine.expressions.comparing import comparison, wrong_option
from engine.expressions.fault import told
from engine.expressions.grammar import parse
from engine.expressions.operands import arithmetic, between, call, literal, negative
from engine.expressions.scope import ColumnName, ConditionName, FormName, Name, Scope
from engine.expressions.surface import (
    And,
    Arithmetic,
    Between,
    Call,
    Comparison,
    Group,
    Literal_,
    Negative,
    Not,
    Or,
    Part,
    RowTest,
    Span,
    Test,
    Tree,
    Word,
)
from engine.expressions.types import ROWS, YES_NO, Type
from engine.language.diagnostics import Diagnostic, Related
from engine.language.guess import nearest
from engine.language.model import Expression

MAX_SIZE = 3000
MAX_ROW_NESTING = 3


@dataclass(frozen=True, slots=True)
class Typed:
    """An expression that makes sense: `tree` is the core, `reads` the names it depends on, written out."""

    tree: tree.Node
    type: Type
    reads: frozenset[str]
    expression: Expression = field(default_factory=lambda: Expression(""))


def typed(
    written: Tree | None, scope: Scope, wants: Type | None = None, element: str = ""
) -> tuple[Typed | None, list[Diagnostic]]:
    """Checks an expression in a scope. Gives (Typed, advice at most) or (None, findings); never raises.

    `wants` is the type needed: `YES_NO` for conditions, the question's own for `calculate` and `default`, where a
    bare word may then be an option. Without it any type will do. None as tree gives (None, []).
    """
    if written is None:
        return None, []
    checker = _Typing(written, element)
    found = checker.whole(written.root, scope, wants)
    errors = any(one.severity == "error" for one in checker.findings)
    if found is None or errors:
        return None, checker.findings
    if tree.size(found.node) > MAX_SIZE:
        checker.tell("E424", written.root.span, size=MAX_SIZE)
        return None, checker.findings
    return Typed(found.node, found.type, tree.reads(found.node), written.expression), checker.findings


class _Typing(Checker):
    def __init__(
        self, written: Tree, element: str, using: tuple[str, ...] = (), depth: int = 0, rows: int = 0
    ) -> None:
        super().__init__(written, element)
        self.using = using
        self.depth = depth
        self.rows = rows
        self.expanded: dict[tuple[str, int], tree.Node | None] = {}

    def whole(self, part: Part, scope: Scope, wants: Type | None) -> Operand | None:
        """The whole expression, of the type wanted."""
        if wants == YES_NO:
            node = self.condition(part, scope)
            return None if node is None else Operand(node, YES_NO)
        if wants is not None and wants.options is not None:
            chosen = self._chosen(part, scope, wants)
            if chosen is not None:
                return chosen
            if isinstance(part, Literal_) or (isinstance(part, Word) and scope.find(part.text) is None):
                wrong_option(self, part, wants)
                return None
        found = self.value(part, scope)
        if found is not None and wants is not None and not found.type.like(wants):
            self.tell("E460", part.span, found=self.text(part), type=found.type, wants=wants)
            return None
        return found

    def _chosen(self, part: Part, scope: Scope, wants: Type) -> Operand | None:
        """A bare option where one is wanted, as in `default: outside_family`."""
        if not isinstance(part, Word) or wants.option(part.text) is None:
            return None
        option = wants.option(part.text)
        assert option is not None
        if option.group:
            self.tell("E467", part.span, option=part.text)
        value = frozenset({part.text}) if wants.kind == "choices" else part.text
        return Operand(tree.Constant(wants.kind, value, f"‘{option.label}’"), wants)

    def condition(self, part: Part, scope: Scope) -> tree.Node | None:
        self.depth += 1
        try:
            if self.depth > MAX_NESTING:
                self.tell("E411", part.span, depth=MAX_NESTING)
                return None
            return self._condition(part, scope)
        finally:
            self.depth -= 1

    def _condition(self, part: Part, scope: Scope) -> tree.Node | None:
        match part:
            case Group(inner=inner):
                return self.condition(inner, scope)
            case Not(inner=inner):
                node = self.condition(inner, scope)
                return None if node is None else tree.Not(node)
            case And(items=items):
                found = self._all(items, scope)
                return None if found is None else tree.And(found)
            case Or(items=items):
                chained = self._chained(items, scope)
                found = self._all(chained, scope)
                if found is None:
                    return None
                return found[0] if len(found) == 1 else tree.Or(found)
            case Comparison():
                return comparison(self, part, scope)
            case Test():
                return self._test(part, scope)
            case RowTest():
                return self._row_test(part, scope)
        operand = self.value(part, scope)
        if operand is None:
            return None
        if operand.type != YES_NO:
            self.tell("E441", part.span, found=self.text(part), type=operand.type)
            return None
        return operand.node

    def _all(self, parts: tuple[Part, ...], scope: Scope) -> tuple[tree.Node, ...] | None:
        nodes = [self.condition(part, scope) for part in parts]
        found = tuple(node for node in nodes if node is not None)
        return found if len(found) == len(nodes) else None

    def value(self, part: Part, scope: Scope) -> Operand | None:
        self.depth += 1
        try:
            if self.depth > MAX_NESTING:
                self.tell("E411", part.span, depth=MAX_NESTING)
                return None
            return self._value(part, scope)
        finally:
            self.depth -= 1

    def _value(self, part: Part, scope: Scope) -> Operand | None:
        match part:
            case Group(inner=inner):
                return self.value(inner, scope)
            case Literal_():
                return literal(part)
            case Word():
                return self.read(part, scope)
            case Call():
                return call(self, part, scope)
            case Between():
                return between(self, part, scope)
            case Arithmetic():
                return arithmetic(self, part, scope)
            case Negative():
                return negative(self, part, scope)
        node = self._condition(part, scope)
        return None if node is None else Operand(node, YES_NO)

    def _test(self, part: Test, scope: Scope) -> tree.Node | None:
        node = self._answered(part, scope) if part.test == "answered" else self._form_state(part, scope)
        return tree.Not(node) if node is not None and part.negated else node

    def _answered(self, part: Test, scope: Scope) -> tree.Node | None:
        subject = part.subject
        if isinstance(subject, Word):
            found = self.look_up(subject, scope)
            if isinstance(found, FormName):
                self.tell("E461", part.span, form=found.id)
                return None
            if isinstance(found, Name):
                self.operand(found, subject.span)
                return tree.Answered(read_of(found))
        operand = self.value(subject, scope)
        if operand is None:
            return None
        if isinstance(operand.node, tree.Constant | tree.Today | tree.Count):
            self.tell("E437", part.span, found=self.text(part))
            return None
        return tree.Answered(operand.node)

    def _form_state(self, part: Test, scope: Scope) -> tree.Node | None:
        if isinstance(part.subject, Word):
            found = scope.world.find(part.subject.text)
            if isinstance(found, FormName):
                states = {"submitted", "approved"} if part.test == "submitted" else {part.test}
                return tree.FormState(found.id, frozenset(states), found.title)
            meant = nearest(part.subject.text, scope.world.form_ids())
        else:
            meant = None
        self.tell(
            "E462", part.subject.span, did_you_mean=meant, found=self.text(part.subject), test=part.test
        )
        return None

    def _row_test(self, part: RowTest, scope: Scope) -> tree.Node | None:
        found = self.look_up(part.rows, scope)
        if found is None:
            self.unknown(part.rows, scope)
            return None
        if not isinstance(found, Name) or found.type != ROWS:
            name = found.rows.key if isinstance(found, ColumnName) else part.rows.text
            self.tell("E463", part.rows.span, name=part.rows.text, rows=name)
            return None
        if self.rows >= MAX_ROW_NESTING:
            self.tell("E425", part.span, depth=MAX_ROW_NESTING)
            return None
        self.operand(found, part.rows.span)
        self.rows += 1
        body = self.condition(part.body, scope.row(found))
        self.rows -= 1
        if body is None:
            return None
        own = frozenset(found.columns)
        if part.which == "any":
            return tree.AnyRow(read_of(found), own, body)
        return tree.Not(tree.AnyRow(read_of(found), own, tree.Not(body)))

    def named_condition(self, found: ConditionName, span: Span, scope: Scope) -> tree.Node | None:
        if found.id in self.using:
            circle = " → ".join((*self.using[self.using.index(found.id) :], found.id))
            self.tell("E464", span, circle=circle)
            return None
        known = (found.id, id(scope))
        if known not in self.expanded:
            self.expanded[known] = self._expand(found, span, scope)
        return self.expanded[known]

    def _expand(self, found: ConditionName, span: Span, scope: Scope) -> tree.Node | None:
        written, findings = parse(found.expression)
        if written is None:
            self._told_inside(found, span, findings)
            return None
        inner = _Typing(written, self.element, (*self.using, found.id), self.depth, self.rows)
        inner.expanded = self.expanded
        node = inner.condition(written.root, scope)
        self._told_inside(found, span, inner.findings)
        return None if any(one.severity == "error" for one in inner.findings) else node

    def _told_inside(self, found: ConditionName, span: Span, findings: list[Diagnostic]) -> None:
        """A named condition's findings, told where it is used."""
        for one in findings:
            if one.code == "E464":
                self.findings.append(one)
                continue
            here = told(
                self.written.expression,
                span,
                "E465",
                element=self.element,
                condition=found.id,
                why=one.message,
            )
            related = (Related(one.place, one.help),) if one.place.file else ()
            self.findings.append(replace(here, severity=one.severity, related=related))

    def _chained(self, items: tuple[Part, ...], scope: Scope) -> tuple[Part, ...]:
        """Joins `x is a or b` into one comparison while the word after `or` is an option of x's list."""
        joined: list[Part] = [items[0]]
        for item in items[1:]:
            head, rest = (item.items[0], item.items[1:]) if isinstance(item, And) else (item, ())
            last = _last_comparison(joined[-1])
            if last is None or not isinstance(head, Word) or not self._continues(last, head, scope):
                joined.append(item)
                continue
            longer = replace(last, more=(*last.more, head), span=(last.span[0], head.span[1]))
            chain = _with_last(joined[-1], longer)
            if rest:
                before = chain.items if isinstance(chain, And) else (chain,)
                chain = And((chain.span[0], item.span[1]), (*before, *rest))
            joined[-1] = chain
        return tuple(joined)

    def _continues(self, last: Comparison, word: Word, scope: Scope) -> bool:
        left = last.left
        found = scope.find(left.text) if isinstance(left, Word) else None
        if found is None and isinstance(left, Word) and isinstance(last.right, Word):
            # The question is misspelt, which is told once; its options cannot be known.
            return scope.find(word.text) is None
        if not isinstance(found, Name) or found.type.options is None or not isinstance(last.right, Word):
            return False
        if found.type.option(word.text) is None:
            if scope.find(word.text) is not None:
                return False
            # Neither an option nor a name: most likely a misspelt option; the comparison tells so.
            return nearest(word.text, found.type.option_ids()) is not None
        if scope.find(word.text) is not None:
            options = ", ".join(self.text(item) for item in (last.right, *last.more))
            self.tell(
                "E466",
                word.span,
                word=word.text,
                list=found.type.title,
                left=self.text(left),
                options=options,
            )
        return True


_CHAINED = ("is", "is not", "includes", "does not include")


def _last_comparison(part: Part) -> Comparison | None:
    """The comparison that stands right before the `or`, if a chain may go on from it."""
    while True:
        if isinstance(part, And):
            part = part.items[-1]
        elif isinstance(part, Not):
            part = part.inner
        else:
            break
    return part if isinstance(part, Comparison) and part.operator in _CHAINED else None


def _with_last(part: Part, longer: Comparison) -> Part:
    """`part` with its last comparison made longer."""
    if isinstance(part, And):
        last = _with_last(part.items[-1], longer)
        return And((part.span[0], longer.span[1]), (*part.items[:-1], last))
    if isinstance(part, Not):
        return Not((part.span[0], longer.span[1]), _with_last(part.inner, longer))
    return longer
