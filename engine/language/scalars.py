"""One piece of text where a schema wants something of it: an id, a date, yes or no, a number, a pattern.

Must not know any kind of document; what is wanted is the schema's to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import re2

from engine.language import wording
from engine.language.codes import Words, finding
from engine.language.diagnostics import Diagnostic
from engine.language.guess import nearest
from engine.language.lines import quote
from engine.language.nodes import Scalar
from engine.language.schemas.parts import RESERVED, Schema

_YES, _NO = frozenset({"yes", "true"}), frozenset({"no", "false"})
_LONG_MINUS = re.compile(r"^[–—−]\s?[0-9]")
_FORMS = {
    "path": "an id, or ids with points between them, such as places.place",
    "hash": "64 digits and letters from a to f, as ‘trefoil pack build’ prints them",
    "language": "a language's code, such as en or cy",
}


def truth(text: str) -> bool | None:
    """What a yes or no says, however it is spelt; None if it says neither."""
    folded = text.strip().casefold()
    return True if folded in _YES else False if folded in _NO else None


def check_scalar(node: Scalar, schema: Schema, key: str, element: str) -> Iterator[Diagnostic]:
    """What keeps `node` from being what `schema` wants; nothing or one finding."""
    found = _fault(node, schema, key, element)
    if found is not None:
        yield found


def _fault(node: Scalar, schema: Schema, key: str, element: str) -> Diagnostic | None:
    if not node.text.strip():
        return finding("S209", node.place, element=element, key=key)
    kind, wants = schema.get("type", "string"), schema.get("x-wants")
    if kind == "boolean":
        if truth(node.text) is None:
            return finding("S210", node.place, element=element, key=key, value=wording.short(node.text))
        return None
    if kind in ("integer", "number"):
        return _number_fault(node, schema, key, element)
    if "enum" in schema:
        return _choice_fault(node, schema, key, element)
    if wants in ("id", "ref"):
        return _id_fault(node, schema, key, element)
    if wants == "date":
        return _date_fault(node, key, element)
    if wants == "pattern":
        return _pattern_fault(node, key, element)
    return _text_fault(node, schema, key, element)


def _number_fault(node: Scalar, schema: Schema, key: str, element: str) -> Diagnostic | None:
    text = node.text.strip()
    whole = schema.get("type") == "integer"
    if not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text) or (whole and "." in text):
        words: Words = {
            "key": key,
            "wanted": "a whole number" if whole else "a number",
            "value": wording.short(text),
            "advice": _number_advice(text, whole),
        }
        return finding("S211", node.place, element=element, **words)
    before, _, after = text.lstrip("-").partition(".")
    if len(before) > 12 or len(after) > 6:
        return finding("S212", node.place, element=element, value=wording.short(text))
    number = wording.number(text, whole=whole)
    least, most = schema.get("minimum"), schema.get("maximum")
    limit = None
    if least is not None and number < least:
        limit = f"must be {least} or more"
    elif most is not None and number > most:
        limit = f"must be {most} or less"
    elif "enum" in schema and number not in schema["enum"]:
        limit = "must be one of " + ", ".join(str(one) for one in schema["enum"])
    if limit:
        return finding("S227", node.place, element=element, key=key, value=text, limit=limit)
    return None


def _number_advice(text: str, whole: bool) -> str:
    if _LONG_MINUS.match(text):
        return f"The minus is a long dash; use the hyphen key: -{text[1:].strip()}"
    if re.fullmatch(r"-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?", text):
        return f"Write it without commas: {text.replace(',', '')}"
    if re.fullmatch(r"-?[0-9]+,[0-9]+", text):
        return f"Use a point: {text.replace(',', '.')}"
    if match := re.fullmatch(r"(-?[0-9]+(\.[0-9]+)?)\s*\D+", text):
        return f"Write the number alone: {match[1]}"
    return "Write digits, such as 12." if whole else "Write digits, such as 12 or 12.5."


def _choice_fault(node: Scalar, schema: Schema, key: str, element: str) -> Diagnostic | None:
    allowed = [str(one) for one in schema["enum"]]
    if node.text.strip() in allowed:
        return None
    guess = nearest(node.text, allowed)
    words: Words = {"value": wording.short(node.text), "key": key, "allowed": ", ".join(allowed)}
    return finding("S206", node.place, element=element, did_you_mean=guess, **words)


def _id_fault(node: Scalar, schema: Schema, key: str, element: str) -> Diagnostic | None:
    text = node.text.strip()
    if not re.fullmatch(r"[a-z][a-z0-9_]*", text) or len(text) > schema.get("maxLength", 64):
        return finding(
            "S207", node.place, element=element, value=wording.short(text), advice=_id_advice(text, schema)
        )
    if schema.get("x-wants") == "id" and text in RESERVED:
        return finding("S208", node.place, element=element, value=text, paste=f"{text}_{_suffix(key)}")
    return None


def _suffix(key: str) -> str:
    return key if key not in ("id", "") else "asked"


def _id_advice(text: str, schema: Schema) -> str:
    paste = wording.slug(text)
    if len(text) > schema.get("maxLength", 64) and re.fullmatch(r"[a-z][a-z0-9_]*", text):
        return f"An id has at most {schema.get('maxLength', 64)} characters. Shorten it."
    if schema.get("x-wants") == "id":
        return f"Write ‘{paste}’. Words for people belong in ‘label’ or ‘title’."
    return "Write the id of what is meant, as it stands after ‘id:’."


def _date_fault(node: Scalar, key: str, element: str) -> Diagnostic | None:
    text = node.text.strip()
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        try:
            date.fromisoformat(text)
        except ValueError:
            pass
        else:
            return None
    guess = None
    if match := re.fullmatch(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})", text):
        day, month, year = (int(part) for part in match.groups())
        try:
            guess = date(year, month, day).isoformat()
        except ValueError:
            guess = None
    words: Words = {"key": key, "value": wording.short(text)}
    return finding("S213", node.place, element=element, did_you_mean=guess, **words)


def _pattern_fault(node: Scalar, key: str, element: str) -> Diagnostic | None:
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 1 << 20
    try:
        re2.compile(node.text, options)
    except re2.error as error:
        told = error.args[0] if error.args else ""
        reason = told.decode("utf-8", "replace") if isinstance(told, bytes) else str(told)
        return finding("S238", node.place, element=element, key=key, reason=wording.short(reason, 120))
    return None


def _text_fault(node: Scalar, schema: Schema, key: str, element: str) -> Diagnostic | None:
    text = node.text if node.quoted else node.text.strip()
    wants = schema.get("x-wants")
    most = schema.get("maxLength")
    if most is not None and len(text) > most:
        words: Words = {"key": key, "length": f"{len(text):,}", "limit": f"{most:,}"}
        return finding("S228", node.place, element=element, **words)
    pattern = schema.get("pattern")
    if pattern is None or wants in ("text", "expression") or re.fullmatch(pattern, text):
        return _curly(node, key, element) if wants == "text" else None
    value = wording.short(text)
    if wants == "version":
        return finding("S222", node.place, element=element, value=value)
    if wants in ("deadline", "keeping"):
        units = "working days, days, weeks or months" if wants == "deadline" else "years or months, or ‘ever’"
        words = {"value": value, "wanted": f"a whole number and {units}, such as ‘{_lasting(text, wants)}’"}
        return finding("S214", node.place, element=element, **words)
    wanted = _FORMS.get(wants or "", "what its description says")
    return finding("S229", node.place, element=element, value=value, key=key, wanted=wanted)


def _lasting(text: str, wants: str) -> str:
    usual = "5 working days" if wants == "deadline" else "6 years"
    units = ("working days", "days", "weeks", "months") if wants == "deadline" else ("years", "months")
    if match := re.match(r"^\s*([0-9]{1,4})\s*([a-zA-Z -]+?)s?\s*$", text):
        unit = nearest(match[2].lower().strip() + "s", units) or next(
            (one for one in units if one.startswith(match[2].lower()[:1])), None
        )
        if unit:
            return f"{match[1]} {unit}"
    return usual


def _curly(node: Scalar, key: str, element: str) -> Diagnostic | None:
    if node.quoted or not re.fullmatch(r"“[^“”]*”|‘[^‘’]*’", node.text, re.DOTALL):
        return None
    paste = f"{key}: {quote(node.text[1:-1])}" if key else quote(node.text[1:-1])
    return finding("S230", node.place, element=element, paste=paste)
