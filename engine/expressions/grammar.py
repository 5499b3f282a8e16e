"""Tokens → what was written, by a small LALR grammar; and where it stops, what to write instead.

The parser keeps its own stack, so that no text can exhaust Python's. Must not know scopes or types.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any

from lark import Lark, Token, Transformer, UnexpectedInput, UnexpectedToken, v_args
from lark.lexer import Lexer

from engine.expressions import surface
from engine.expressions.fault import Fault, told
from engine.expressions.lexing import KEYWORDS, OTHER_WORDS, Lexeme, lexemes
from engine.expressions.surface import Part, Span, Tree, Word
from engine.language.diagnostics import Diagnostic
from engine.language.model import Expression

MAX_DEPTH = 40

GRAMMAR = r"""
start: either
?either: both | both (OR both)+ -> either_of
?both: negation | negation (AND negation)+ -> both_of
?negation: NOT negation -> negated | condition
?condition: total
    | total COMPARE total -> compared
    | total IS total -> is_
    | total IS NOT total -> is_not
    | total IS ANSWERED -> tested
    | total IS SUBMITTED -> tested
    | total IS APPROVED -> tested
    | total IS RETURNED -> tested
    | total IS NOT ANSWERED -> not_tested
    | total IS NOT SUBMITTED -> not_tested
    | total IS NOT APPROVED -> not_tested
    | total IS NOT RETURNED -> not_tested
    | total IN among -> in_
    | total NOT IN among -> not_in
    | total INCLUDES total -> includes
    | total DOES NOT INCLUDE total -> excludes
    | ANY ROW OF NAME WHERE either -> rows_test
    | EVERY ROW OF NAME WHERE either -> rows_test
among: LPAR total (COMMA total)* RPAR -> among
    | NAME -> word
?total: product | product ((PLUS|MINUS) product)+ -> arithmetic
?product: signed | signed ((STAR|SLASH) signed)+ -> arithmetic
?signed: MINUS signed -> negative | item
?item: NUMBER -> literal
    | DATE -> literal
    | TEXT -> literal
    | YES -> yes
    | NO -> no
    | NAME -> word
    | LPAR either RPAR -> group
    | FUNCTION LPAR RPAR -> call
    | FUNCTION LPAR either (COMMA either)* RPAR -> call
    | AGE OF item AT item -> age
    | DAYS BETWEEN item AND item -> days
    | WORKING DAYS BETWEEN item AND item -> working_days

%declare OR AND NOT IS IN INCLUDES DOES INCLUDE ANY EVERY ROW OF WHERE AGE AT DAYS BETWEEN WORKING ANSWERED
%declare SUBMITTED APPROVED RETURNED YES NO NAME NUMBER DATE TEXT FUNCTION COMPARE
%declare LPAR RPAR COMMA PLUS MINUS STAR SLASH
"""


class _Lexemes(Lexer):
    """Hands our own tokens to the parser."""

    def __init__(self, conf: object) -> None:
        pass

    def lex(self, data: Any) -> Iterator[Token]:  # type: ignore[override]
        for one in data:
            yield Token(one.kind, one, start_pos=one.span[0], end_pos=one.span[1])


def _span(items: list[Any]) -> Span:
    return _start(items[0]), _end(items[-1])


def _start(item: Any) -> int:
    return int(item.span[0] if isinstance(item, Part) else item.start_pos)


def _end(item: Any) -> int:
    return int(item.span[1] if isinstance(item, Part) else item.end_pos)


def _parts(items: list[Any]) -> tuple[Part, ...]:
    return tuple(item for item in items if isinstance(item, Part))


@v_args(inline=False)
class _Build(Transformer[Token, Part]):
    """Grammar rules → what was written. Called while parsing, from the leaves up."""

    def start(self, items: list[Any]) -> Part:
        return items[0]

    def literal(self, items: list[Any]) -> Part:
        return surface.Literal_(_span(items), _lexeme(items[0]).value)  # type: ignore[arg-type]

    def yes(self, items: list[Any]) -> Part:
        return surface.Literal_(_span(items), True)

    def no(self, items: list[Any]) -> Part:
        return surface.Literal_(_span(items), False)

    def word(self, items: list[Any]) -> Part:
        return Word(_span(items), str(_lexeme(items[0]).value))

    def group(self, items: list[Any]) -> Part:
        return surface.Group(_span(items), items[1])

    def among(self, items: list[Any]) -> Part:
        return surface.Several(_span(items), _parts(items))

    def call(self, items: list[Any]) -> Part:
        return surface.Call(_span(items), str(_lexeme(items[0]).value), _parts(items))

    def age(self, items: list[Any]) -> Part:
        return surface.Between(_span(items), "age", *_parts(items))

    def days(self, items: list[Any]) -> Part:
        return surface.Between(_span(items), "days", *_parts(items))

    def working_days(self, items: list[Any]) -> Part:
        return surface.Between(_span(items), "working_days", *_parts(items))

    def negative(self, items: list[Any]) -> Part:
        return surface.Negative(_span(items), items[1])

    def arithmetic(self, items: list[Any]) -> Part:
        operators = [str(_lexeme(item).value) for item in items[1::2]]
        return surface.Arithmetic(_span(items), items[0], tuple(zip(operators, items[2::2], strict=True)))

    def compared(self, items: list[Any]) -> Part:
        return surface.Comparison(_span(items), str(_lexeme(items[1]).value), items[0], items[2])

    def is_(self, items: list[Any]) -> Part:
        return surface.Comparison(_span(items), "is", items[0], items[2])

    def is_not(self, items: list[Any]) -> Part:
        return surface.Comparison(_span(items), "is not", items[0], items[3])

    def in_(self, items: list[Any]) -> Part:
        return surface.Comparison(_span(items), "in", items[0], items[2])

    def not_in(self, items: list[Any]) -> Part:
        return surface.Comparison(_span(items), "not in", items[0], items[3])

    def includes(self, items: list[Any]) -> Part:
        return surface.Comparison(_span(items), "includes", items[0], items[2])

    def excludes(self, items: list[Any]) -> Part:
        return surface.Comparison(_span(items), "does not include", items[0], items[4])

    def tested(self, items: list[Any]) -> Part:
        return surface.Test(_span(items), items[0], str(_lexeme(items[2]).value), False)  # type: ignore[arg-type]

    def not_tested(self, items: list[Any]) -> Part:
        return surface.Test(_span(items), items[0], str(_lexeme(items[3]).value), True)  # type: ignore[arg-type]

    def rows_test(self, items: list[Any]) -> Part:
        rows = Word((items[3].start_pos, items[3].end_pos), str(_lexeme(items[3]).value))
        return surface.RowTest(_span(items), _lexeme(items[0]).value, rows, items[5])  # type: ignore[arg-type]

    def negated(self, items: list[Any]) -> Part:
        return surface.Not(_span(items), items[1])

    def both_of(self, items: list[Any]) -> Part:
        return surface.And(_span(items), _parts(items))

    def either_of(self, items: list[Any]) -> Part:
        return surface.Or(_span(items), _parts(items))


def _lexeme(token: Any) -> Lexeme:
    lexeme: Lexeme = token.value
    return lexeme


@cache
def _parser() -> Lark:
    return Lark(GRAMMAR, parser="lalr", lexer=_Lexemes, transformer=_Build(), maybe_placeholders=False)


@lru_cache(maxsize=4096)
def read(text: str) -> Part:
    """What was written; remembered, since packs are read again and again. Raises Fault."""
    tokens = lexemes(text)
    try:
        root: Part = _parser().parse(tokens)  # type: ignore[assignment]
    except UnexpectedToken as stopped:
        raise _explained(tokens, stopped, text) from None
    except UnexpectedInput:
        raise Fault("E402", tokens[-1].span, found=_shown(tokens[-1])) from None
    if surface.depth(root) > MAX_DEPTH:
        raise Fault("E411", root.span, depth=MAX_DEPTH)
    return root


def parse(expression: Expression | str) -> tuple[Tree | None, list[Diagnostic]]:
    """Reads an expression. Gives (tree, []) or (None, [what is wrong, located in its file]); never raises."""
    if isinstance(expression, str):
        expression = Expression(expression)
    try:
        return Tree(expression, read(expression.text)), []
    except Fault as fault:
        return None, [told(expression, fault.span, fault.code, **fault.words)]


def _shown(token: Lexeme) -> str:
    return f'"{token.value}"' if token.kind == "TEXT" else str(token.value)


def _explained(tokens: list[Lexeme], stopped: UnexpectedToken, text: str) -> Fault:
    """Why the parser stopped, in words: the token it met, and the ones before it."""
    if stopped.token.type == "$END":
        last = tokens[-1]
        return Fault("E412", last.span, found=_shown(last))
    met: Lexeme = stopped.token.value
    index = tokens.index(met)
    before = tokens[index - 1] if index else None
    if met.kind == "RPAR" and before is not None and before.kind == "LPAR":
        return Fault("E401", (before.span[0], met.span[1]), where="between these brackets")
    for one in (met, before):
        if one is not None and one.kind == "NAME" and str(one.value).lower() in OTHER_WORDS:
            return habit(str(one.value), one.span)
    if (thousands := _thousands(tokens, index, text)) is not None:
        return thousands
    if (
        before is not None
        and before.kind in ("OR", "AND")
        and met.kind in ("COMPARE", "IS", "IN", "INCLUDES")
    ):
        return _again(tokens, index, text)
    if met.kind == "COMPARE" and before is not None and before.kind == "COMPARE":
        written = text[before.span[0] : met.span[1]]
        return Fault("E404", (before.span[0], met.span[1]), found=written, instead=f"‘{_operator(written)}’")
    if met.kind in ("COMPARE", "IS", "IN", "INCLUDES") and "AND" in stopped.expected:
        return Fault("E413", met.span, found=_shown(met))
    if before is not None and before.kind in _VALUES and met.kind in _VALUES:
        return _two_words(tokens, index)
    if before is not None and before.kind in KEYWORDS.values() and met.kind in KEYWORDS.values():
        return Fault("E402", met.span, found=f"{_shown(before)} {_shown(met)}")
    return Fault("E402", met.span, found=_shown(met))


_VALUES = {"NAME", "NUMBER", "DATE", "TEXT", "YES", "NO", "FUNCTION"}


def habit(word: str, span: Span) -> Fault:
    """What to write for a word that people use instead of an operator."""
    instead = OTHER_WORDS[word.lower()]
    if not instead:
        return Fault("E408", span, found=word)
    return Fault("E404", span, found=word, instead=f"‘{instead}’")


def _thousands(tokens: list[Lexeme], index: int, text: str) -> Fault | None:
    """A number with commas between its thousands."""
    if tokens[index].kind != "COMMA" or not index or tokens[index - 1].kind != "NUMBER":
        return None
    start = tokens[index - 1].span[0]
    written = re.match(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d,])", text[start:])
    if written is None:
        return None
    span = (start, start + written.end())
    return Fault("E404", span, found=written[0], instead=written[0].replace(",", ""))


def _again(tokens: list[Lexeme], index: int, text: str) -> Fault:
    """‘transport is coach or is train’, ‘age > 5 and < 10’: the second half has no left side of its own."""
    met, joint = tokens[index], tokens[index - 1]
    span = (joint.span[0], met.span[1])
    left = next(
        (
            tokens[one - 1]
            for one in range(index - 1, 0, -1)
            if tokens[one].kind in ("COMPARE", "IS", "INCLUDES", "IN") and tokens[one - 1].kind == "NAME"
        ),
        None,
    )
    negated = index + 1 < len(tokens) and tokens[index + 1].kind == "NOT"
    chained = index > 2 and tokens[index - 3].kind in ("IS", "INCLUDES", "NOT", "OR")
    if joint.kind == "OR" and chained and met.kind in ("IS", "INCLUDES") and not negated:
        whole = f"{text[: joint.span[1]]}{text[met.span[1] :]}".strip()
        instead = f"‘{whole}’" if len(whole) <= 60 else "‘or’ alone"
    else:
        instead = f"‘{joint.value} {left.value if left else 'QUESTION'} {met.value}’"
    return Fault("E404", span, found=f"{joint.value} {met.value}", instead=instead)


def _operator(written: str) -> str:
    return {"<>": "is not", "= =": "=", "< =": "<=", "> =": ">="}.get(written, "one of = < <= > >=")


def _two_words(tokens: list[Lexeme], index: int) -> Fault:
    """Two words side by side: most often text without its quotes."""
    first = index - 1
    last = index
    while last + 1 < len(tokens) and tokens[last + 1].kind in _VALUES:
        last += 1
    words = " ".join(_shown(one) for one in tokens[first : last + 1])
    span = (tokens[first].span[0], tokens[last].span[1])
    return Fault("E423", span, found=words)
