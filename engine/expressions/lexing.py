"""Expression text → tokens, and the plain words for what people write instead.

One regular expression cuts the text; every habit from Excel, from programming or from a word processor is met
here with what to write. Must not know scopes, types or the grammar's rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from engine.expressions.fault import Fault
from engine.expressions.surface import Span

MAX_TOKENS = 400
MAX_CHARACTERS = 6000
MAX_BRACKETS = 30

_KEYWORDS = (
    "or and not is in includes does include any every row of where age at days between working "
    "answered submitted approved returned yes no"
)
KEYWORDS = {word: word.upper() for word in _KEYWORDS.split(" ")}
FUNCTIONS = ("count", "sum", "min", "max", "today")
SYMBOLS = {
    "(": "LPAR", ")": "RPAR", ",": "COMMA", "+": "PLUS", "-": "MINUS", "*": "STAR", "/": "SLASH",
    "=": "COMPARE", "<": "COMPARE", "<=": "COMPARE", ">": "COMPARE", ">=": "COMPARE",
}  # fmt: skip
INSTEAD = {
    "&&": "and", "&": "and", "||": "or", "|": "or", "!": "not",
    "≤": "<=", "≥": ">=", "=<": "<=", "=>": ">=", "×": "*", "÷": "/",
}  # fmt: skip
UNEQUAL = {"!=", "!==", "<>", "≠", "/="}
# What people write for an operator. They may be ids too, so only what cannot be read is told about them.
OTHER_WORDS = {
    "true": "yes", "false": "no", "contains": "includes", "include": "includes", "equals": "=", "equal": "=",
    "isnt": "is not", "if": "", "then": "", "else": "", "when": "", "unless": "not", "xor": "or",
    "none": "is not answered", "null": "is not answered", "empty": "is not answered",
    "blank": "is not answered", "exists": "is answered", "all": "every row of", "some": "any row of",
}  # fmt: skip

_TOKEN = re.compile(
    r"""(?P<space>[\s\u00a0\u2009\u202f]+)
    |(?P<wrongdate>\d{1,2}[/.]\d{1,2}[/.]\d{2,4}(?![\d.])|\d{4}/\d{1,2}/\d{1,2}(?!\d))
    |(?P<date>\d{4}-\d{2}-\d{2}(?![\d-]))
    |(?P<clock>\d{1,2}:\d{2})
    |(?P<badname>\d+(?:\.\d+)?[A-Za-z_]\w*)
    |(?P<number>\d+(?:\.\d+)?)
    |(?P<text>"[^"\n]*")
    |(?P<single>'[^'\n]*')
    |(?P<curly>[“”‘’„«»])
    |(?P<dash>[–—−‒―])
    |(?P<openquote>["'])
    |(?P<word>[^\W\d]\w*(?:\.\w+)*)
    |(?P<row>\[)
    |(?P<wrong>===|!==|==|!=|<>|/=|&&|\|\||=<|=>|[&|!≤≥≠×÷])
    |(?P<symbol><=|>=|[()<>=,+*/-])
    |(?P<unknown>.)""",
    re.VERBOSE | re.DOTALL,
)


_QUOTED = re.compile("[“”‘’„«»']([^“”‘’„«»'\"]*)[“”‘’„«»'\"]")


@dataclass(frozen=True, slots=True)
class Lexeme:
    """One token: its kind as the grammar names it, its value, and where it stands."""

    kind: str
    value: object
    span: Span


def lexemes(text: str) -> list[Lexeme]:
    """All tokens of an expression.

    Raises Fault with what to write instead, or if it is too long or too deep.
    """
    if len(text) > MAX_CHARACTERS:
        raise Fault("E410", (0, 1), tokens=MAX_TOKENS)
    found: list[Lexeme] = []
    open_brackets: list[Span] = []
    for one in _cut(text):
        found.append(one)
        if len(found) > MAX_TOKENS:
            raise Fault("E410", one.span, tokens=MAX_TOKENS)
        if one.kind == "LPAR":
            open_brackets.append(one.span)
            if len(open_brackets) > MAX_BRACKETS:
                raise Fault("E411", one.span, depth=MAX_BRACKETS)
        elif one.kind == "RPAR":
            if not open_brackets:
                raise Fault("E403", one.span, found=")", wanted="(")
            open_brackets.pop()
    if not found:
        raise Fault("E401", (0, 1), where="written here")
    if open_brackets:
        raise Fault("E403", open_brackets[-1], found="(", wanted=")")
    return found


def _cut(text: str) -> Iterator[Lexeme]:
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind == "space":
            continue
        written, span = match.group(), match.span()
        match kind:
            case "word":
                yield _word(written, span, text)
            case "symbol":
                yield Lexeme(SYMBOLS[written], written, span)
            case "number":
                yield Lexeme("NUMBER", _number(written, span), span)
            case "date":
                yield Lexeme("DATE", _day(written, span), span)
            case "text":
                yield Lexeme("TEXT", written[1:-1], span)
            case _:
                raise _habit(str(kind), written, span, text)


def _word(written: str, span: Span, text: str) -> Lexeme:
    if written in KEYWORDS:
        return Lexeme(KEYWORDS[written], written, span)
    if written in FUNCTIONS:
        if text[span[1] :].lstrip()[:1] != "(":
            raise Fault("E417" if written == "today" else "E418", span, function=written)
        return Lexeme("FUNCTION", written, span)
    lowered = written.lower()
    if written != lowered and (lowered in KEYWORDS or lowered in FUNCTIONS):
        raise Fault("E404", span, found=written, instead=f"‘{lowered}’")
    if text[span[1] : span[1] + 1] == "(":
        raise Fault("E415", span, found=written)
    return Lexeme("NAME", written, span)


def _number(written: str, span: Span) -> Decimal:
    whole, _, part = written.partition(".")
    if len(whole.lstrip("0")) > 12 or len(part) > 6:
        raise Fault("E419", span, found=written)
    return Decimal(written)


def _day(written: str, span: Span) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise Fault("E409", span, found=written) from None


def _habit(kind: str, written: str, span: Span, text: str) -> Fault:
    """What somebody wrote by habit, and what to write."""
    if kind == "wrong":
        if written in UNEQUAL:
            return Fault("E420", span, found=written)
        if written in INSTEAD:
            return Fault("E404", span, found=written, instead=f"‘{INSTEAD[written]}’")
        return Fault("E404", span, found=written, instead="‘is’ with an option, ‘=’ between two values")
    if kind in ("wrongdate", "clock", "badname"):
        code = {"wrongdate": "E409", "clock": "E421", "badname": "E414"}[kind]
        return Fault(code, span, found=written)
    if kind in ("single", "curly"):
        quoted = _QUOTED.match(text, span[0])
        if quoted is None:
            return Fault("E407", span, found=written)
        return Fault("E405", quoted.span(), found=quoted[1], instead=f'"{quoted[1]}"')
    if kind == "openquote":
        return Fault("E407", span, found=written)
    if kind == "dash":
        return Fault("E406", span, found=written)
    if kind == "row":
        return Fault("E416", span, found=text[span[0] : span[0] + 4])
    return Fault("E414", span, found=written if written.isprintable() else f"U+{ord(written[0]):04X}")
