"""How the reader speaks of what was written and what was wanted. Must not know any kind of document."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from engine.language.lines import quote
from engine.language.nodes import Mapping as Map
from engine.language.nodes import Node, Scalar, Sequence

DOCUMENT_KEYS = (
    "pack",
    "form",
    "list",
    "record",
    "workflow",
    "terms",
    "access",
    "conditions",
    "language",
    "migration",
    "scenario",
)

WHY = {
    "id": ", in small letters, such as ‘first_name’; it is minted once and never changes",
    "label": ", the words that people see",
    "title": ", the words that people see",
    "type": ", such as text, date or choose_one",
    "options": ", a list's id or the options themselves",
    "about": ", the record type that it concerns",
    "to": ", where it leads",
    "version": ", such as 1.0.0",
    "initial": ", the id of the state in which a case begins",
    "task for": ", the id of the role whose task it is",
    "name": ", how it is called, such as ‘{first_name} {last_name}’ with ids of its fields",
}


def why(where: str, key: str) -> str:
    """What belongs under a key that is missing in `where`, in words to put after it."""
    kind = where.split(" ")[1] if " " in where else where
    return WHY.get(f"{kind} {key}", WHY.get(key, ""))


# What other form builders call the types; said when somebody writes their word.
TYPE_WORDS = {
    "string": "text", "str": "text", "short_text": "text", "textbox": "text", "textarea": "long_text",
    "paragraph": "long_text", "int": "number", "integer": "number", "decimal": "number", "currency": "number",
    "bool": "yes_no", "boolean": "yes_no", "checkbox": "yes_no", "yesno": "yes_no", "select": "choose_one",
    "select_one": "choose_one", "radio": "choose_one", "radios": "choose_one", "dropdown": "choose_one",
    "select_multiple": "choose_many", "checkboxes": "choose_many", "multiselect": "choose_many",
    "table": "grid", "matrix": "grid", "group": "repeat", "list": "repeat", "note": "guidance",
    "info": "guidance", "upload": "file", "link": "record_link", "user": "staff", "rating": "scale",
}  # fmt: skip

# What else people call an effect or a change.
VERB_WORDS = {
    "email": "notify", "alert": "notify", "message": "notify", "tell": "notify", "begin": "start",
    "form": "open", "flag": "mark", "unmark": "end_mark", "delete": "retire", "remove": "retire",
    "edit": "set", "change": "set", "update": "set", "insert": "add", "append": "add", "new": "add",
}  # fmt: skip

# What people call a setting that has another name here.
KEY_WORDS = {
    "else": "otherwise", "default": "otherwise", "if": "when", "then": "to", "goto": "to",
    "visible_if": "show_if", "shown_if": "show_if", "display_if": "show_if", "choices": "options",
    "values": "options", "formula": "calculate", "description": "hint", "tooltip": "hint",
}  # fmt: skip
_ASKED = {"required": True, "mandatory": True, "compulsory": True, "obligatory": True, "optional": False}


def said_otherwise(key: str, value: Node, known: Mapping[str, Any]) -> str | None:
    """The setting that is meant by another name for it; for `required: yes` the whole line."""
    word = key.casefold()
    if word in _ASKED and "answer" in known:
        said = value.text.strip().casefold() if isinstance(value, Scalar) else ""
        wanted = _ASKED[word] == (said not in ("no", "false"))
        return f"answer: {'required' if wanted else 'optional'}"
    meant = KEY_WORDS.get(word, "")
    return meant if meant in known else None


_KINDS = {
    "boolean": "yes or no",
    "integer": "a whole number",
    "number": "a number",
    "array": "a list",
    "object": "settings (‘name: value’ lines)",
    "string": "text",
}
_WANTS = {
    "id": "an id",
    "ref": "an id",
    "path": "an id",
    "expression": "a condition or calculation",
    "date": "a date",
    "version": "a version",
    "deadline": "a length of time",
    "keeping": "a length of time",
    "pattern": "a pattern",
}


def wanted(schema: Mapping[str, Any], definitions: Mapping[str, Mapping[str, Any]]) -> str:
    """What a schema wants, in words."""
    if "$ref" in schema:
        return wanted(definitions[schema["$ref"].rsplit("/", 1)[1]], definitions)
    if "anyOf" in schema and "type" not in schema:
        return " or ".join(dict.fromkeys(wanted(one, definitions) for one in schema["anyOf"]))
    if schema.get("type") == "array":
        item = wanted(schema.get("items", {}), definitions)
        return {"an id": "a list of ids", "text": "a list of texts"}.get(item, "a list")
    if "enum" in schema:
        return "one of " + ", ".join(schema["enum"])
    return _WANTS.get(schema.get("x-wants", ""), _KINDS.get(schema.get("type", "string"), "text"))


def found(node: Node) -> str:
    """What was written, in words."""
    if isinstance(node, Sequence):
        return "a list"
    if isinstance(node, Map):
        return "settings (‘name: value’)" if node.entries else "an empty pair of brackets"
    return "nothing" if node.left_out else f"the text ‘{short(node.text)}’"


def example(key: str, schema: Mapping[str, Any], definitions: Mapping[str, Mapping[str, Any]]) -> str:
    """A line that would do."""
    if "$ref" in schema:
        return example(key, definitions[schema["$ref"].rsplit("/", 1)[1]], definitions)
    kind = schema.get("type")
    if kind == "array":
        item = schema.get("items", {})
        if "$ref" in item:
            item = definitions[item["$ref"].rsplit("/", 1)[1]]
        if item.get("type") == "object":
            return f"Put each item of ‘{key}’ on lines of its own below it, the first starting with a dash."
        return f"Write ‘{key}: [one, another]’."
    if kind == "object":
        return f"Put the settings of ‘{key}’ below it, indented, each as ‘name: value’."
    if kind == "boolean":
        return f"Write ‘{key}: yes’ or ‘{key}: no’."
    return f"Write ‘{key}: …’ with {wanted(schema, definitions)} on the same line."


# What an item, or a setting, written as mere words would be in full: {id} and {words} are made of them.
_IN_FULL = {
    "options": "- {{id: {id}, label: {words}}}",
    "rows": "- {{id: {id}, label: {words}}}",
    "columns": "- {{id: {id}, type: text, label: {words}}}",
    "questions": "- {{id: {id}, type: text, label: {words}}}",
    "fields": "- {{id: {id}, type: text, label: {words}}}",
    "states": "- {{id: {id}, title: {words}}}",
    "tasks": "- {{id: {id}, label: {words}, for: ROLE}}",
    "add": "add: {{id: {id}, label: {words}}}",
}


def in_full(key: str, node: Node, *, item: bool) -> str | None:
    """What to write for what was written as mere words, with those words in it; None where nothing is known."""
    if isinstance(node, Sequence) and key == "roles":
        names = [one.text for one in node.items if isinstance(one, Scalar)]
        pairs = ", ".join(f"{slug(one)}: {_plainly(capital(one.replace('_', ' ')))}" for one in names[:6])
        return f"Give each role's id its title: ‘roles: {{{pairs}}}’."
    if not isinstance(node, Scalar) or node.left_out:
        return None
    if key == "keep":
        lasting = re.fullmatch(r"\s*([0-9]{1,3} (?:years?|months?))\s*", node.text)
        return f"Write ‘keep: {{for: {lasting[1] if lasting else '6 years'}, after: closed}}’."
    if key in _IN_FULL and item == _IN_FULL[key].startswith("-"):
        return f"Write ‘{_IN_FULL[key].format(id=slug(node.text), words=_plainly(short(node.text)))}’."
    return None


def _plainly(words: str) -> str:
    """Words as they may stand between braces."""
    return words if re.fullmatch(r"[\w][\w .()/'’-]*", words) else quote(words)


def short(text: str, most: int = 60) -> str:
    """The text on one line, cut to what fits in a sentence."""
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: most - 1].rstrip() + "…"


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def slug(text: str) -> str:
    """The id that words would make: ‘Date of birth’ gives date_of_birth."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    plain = re.sub(r"['’]", "", plain)
    plain = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
    plain = plain if plain[:1].isalpha() else f"x_{plain}" if plain else "id"
    return plain[:64].rstrip("_")


def left_out(node: Node) -> bool:
    return isinstance(node, Scalar) and node.left_out


def as_written(node: Map) -> str:
    """A map in braces as the quoted text that was probably meant."""
    parts = [
        key.text if left_out(one) else f"{key.text}: {one.text if isinstance(one, Scalar) else '…'}"
        for key, one in node.entries
    ]
    return quote("{" + ", ".join(parts) + "}")


def untyped(node: Scalar) -> Any:
    """A value where no schema says what it is: an unquoted yes or no is a boolean, all else is text."""
    if node.quoted:
        return node.text
    if node.left_out:
        return None
    return {"yes": True, "no": False, "true": True, "false": False}.get(node.text.casefold(), node.text)


def number(text: str, *, whole: bool) -> Any:
    """The number, or the text itself if it is none."""
    if not re.fullmatch(r"-?[0-9]{1,12}(\.[0-9]{1,6})?", text):
        return text
    amount = Decimal(text)
    if whole or amount == amount.to_integral_value():
        return int(amount) if amount == amount.to_integral_value() else text
    return amount
