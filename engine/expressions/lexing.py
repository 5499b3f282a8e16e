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

# What spreadsheets have and this language has not; said when somebody calls it.
_OTHER_FUNCTIONS = {
    "if": "There is no ‘if’ in a calculation. Make one calculated question for each case, each with its own "
    "‘show_if’; where one result is wanted, sum(one, other) takes those that are shown.",
    "average": "Divide: sum(REPEAT.cell) / count(REPEAT).",
    "isblank": "Write ‘QUESTION is not answered’.",
    "not": "Write ‘not’ and what must not hold, with a space between.",
    "and": "Write ‘and’ between the two conditions.",
    "or": "Write ‘or’ between the two conditions.",
}
_FUNCTIONS_THERE = (
    "The functions are count, sum, min, max and today(). Others are written out: ‘age of D at D’, "
    "‘days between D and D’, ‘any row of R where …’."
)
_TOKEN = re.compile(
    r"""(?P<space>[\s\u00a0\u2009\u202f]+)
    |(?P<wrongdate>\d{1,2}[/.]\d{1,2}[/.]\d{2,4}(?![\d.])|\d{4}/\d{1,2}/\d{1,2}(?!\d))
    |(?P<date>\d{4}-\d{2}-\d{2}(?![\d-]))
    |(?P<clock>\d{1,2}:\d{2})
    |(?P<money>[£€$]\s?\d+(?:,\d{3})*(?:\.\d+)?)
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
    if formula := re.match(r"\s*=\s*([A-Za-z_(].*)$", text, re.DOTALL):
        raise _formula(formula[1].strip(), formula.start(1))
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
    if lowered in _OTHER_FUNCTIONS and text[span[1] : span[1] + 1] == "(" and written != lowered:
        raise Fault("E415", span, found=written, advice=_OTHER_FUNCTIONS[lowered])
    if written != lowered and (lowered in KEYWORDS or lowered in FUNCTIONS):
        raise Fault("E404", span, found=written, instead=f"‘{lowered}’")
    if text[span[1] : span[1] + 1] == "(":
        advice = _OTHER_FUNCTIONS.get(lowered, _FUNCTIONS_THERE)
        raise Fault("E415", span, found=written, advice=advice)
    return Lexeme("NAME", written, span)


def _formula(rest: str, start: int) -> Fault:
    """A formula as spreadsheets have it: an equals sign first, and functions in capitals."""
    lowered = re.sub(r"\b[A-Za-z]+(?=\()", lambda found: found[0].lower(), rest)
    instead = (
        f"‘{lowered}’" if len(rest) <= 60 else "it without the first ‘=’, and functions in small letters"
    )
    return Fault("E404", (0, start), found="=", instead=instead)


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
    if kind == "money":
        return Fault("E404", span, found=written, instead=re.sub(r"[£€$,\s]", "", written))
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
