"""What the parts of the typing share: where findings go, how names are looked up, how deep they may go.

Must not know any one operator; those stand in `comparing`, `operands` and `typing`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from engine.expressions import tree
from engine.expressions.fault import told
from engine.expressions.lexing import OTHER_WORDS
from engine.expressions.scope import ColumnName, ConditionName, FormName, Found, Name, Scope, SectionName
from engine.expressions.surface import Part, Span, Tree, Word
from engine.expressions.types import ROWS, YES_NO, Type
from engine.language.diagnostics import Diagnostic
from engine.language.guess import nearest

MAX_NESTING = 60


@dataclass(frozen=True, slots=True)
class Operand:
    """A value with its type."""

    node: tree.Node
    type: Type


class Checker(ABC):
    """Walks what was written and gives the core, telling findings as it goes; None has a finding already."""

    def __init__(self, written: Tree, element: str = "") -> None:
        self.written = written
        self.element = element
        self.findings: list[Diagnostic] = []

    @abstractmethod
    def condition(self, part: Part, scope: Scope) -> tree.Node | None:
        """Something that is true, false or unknown."""

    @abstractmethod
    def value(self, part: Part, scope: Scope) -> Operand | None:
        """Something with a value of any type, conditions among them."""

    @abstractmethod
    def named_condition(self, found: ConditionName, span: Span, scope: Scope) -> tree.Node | None:
        """A named condition, written out where it is used."""

    def tell(self, code: str, span: Span, did_you_mean: str | None = None, **words: Any) -> None:
        """Notes a finding."""
        self.findings.append(
            told(
                self.written.expression, span, code, element=self.element, did_you_mean=did_you_mean, **words
            )
        )

    def text(self, part: Part) -> str:
        """What stands in the expression for a part."""
        return self.written.expression.text[part.span[0] : part.span[1]]

    def read(self, word: Word, scope: Scope) -> Operand | None:
        """A word that must be a name with a value."""
        found = self.look_up(word, scope)
        match found:
            case None:
                self.unknown(word, scope)
            case Name() if found.type == ROWS:
                self.tell("E442", word.span, name=word.text)
            case Name():
                return self.operand(found, word.span)
            case ColumnName(rows=rows, cell=cell):
                self.tell("E440", word.span, name=word.text, rows=rows.key, cell=cell.key)
            case FormName(id=form):
                self.tell("E443", word.span, form=form)
            case SectionName(id=section):
                self.tell("E444", word.span, section=section)
            case ConditionName():
                node = self.named_condition(found, word.span, scope)
                return None if node is None else Operand(node, YES_NO)
        return None

    def look_up(self, word: Word, scope: Scope) -> Found | None:
        """What a word means here; tells if it could mean two things."""
        others = scope.others_called(word.text)
        if others:
            self.tell("E434", word.span, name=word.text, kinds=" and ".join(others))
        return scope.find(word.text)

    def operand(self, name: Name, span: Span) -> Operand:
        """A name as a value; tells if it is retired."""
        if name.retired:
            self.tell("E435", span, name=name.name)
        return Operand(read_of(name), name.type)

    def unknown(self, word: Word, scope: Scope, options: Iterable[str] = ()) -> None:
        """Tells of a name that is not there, with the likeliest one."""
        if word.text.lower() in OTHER_WORDS and OTHER_WORDS[word.text.lower()]:
            self.tell("E404", word.span, found=word.text, instead=f"‘{OTHER_WORDS[word.text.lower()]}’")
            return
        names = list(scope.words())
        meant = nearest(word.text, [*names, *options])
        if meant is None and "." not in word.text:
            # The next likeliest slip: a cell or another form's question without its path.
            meant = next((one for one in sorted(names) if one.rpartition(".")[2] == word.text), None)
        example = f"Nothing here is called ‘{word.text}’: it would stay unknown, whatever people answer."
        self.tell("E430", word.span, did_you_mean=meant, name=word.text, example=example)


def read_of(name: Name) -> tree.Read:
    """The core's reading of a name."""
    return tree.Read(name.key, name.name, name.type.kind, name.label or name.name)
