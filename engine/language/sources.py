"""Bytes of a file to text that can be trusted to be text: UTF-8, one kind of line end, nothing invisible.

People meet encodings only when they go wrong (Notepad, Excel, a web page pasted), so each way of going wrong
is told in its own words. Must not know YAML.
"""

from __future__ import annotations

import re
import unicodedata

from engine.language.codes import finding
from engine.language.diagnostics import Diagnostic
from engine.language.places import Place

LARGEST = 1_000_000

# Control characters, lone surrogates, line ends that only YAML knows, byte-order marks in mid-text, and the
# marks that make text read in another order than it is stored (they can make a definition look harmless).
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2028\u2029"
    "\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_NAMED = {
    "\x00": "a null character",
    "\x0c": "a page break",
    "\x0b": "a vertical tab",
    "\x1b": "an escape character",
    "\u200b": "a zero-width space",
    "\u2028": "a line separator",
    "\u2029": "a paragraph separator",
    "\ufeff": "a byte-order mark in mid-text",
}


def decode(data: bytes, file: str) -> tuple[str | None, list[Diagnostic]]:
    """The text of a file's bytes, or None and the reason why there is none."""
    if len(data) > LARGEST:
        return None, [finding("Y104", _start(file), size=_size(len(data)))]
    for mark, likely in (
        (b"\xff\xfe\x00\x00", "UTF-32"),
        (b"\x00\x00\xfe\xff", "UTF-32"),
        (b"\xff\xfe", "UTF-16"),
        (b"\xfe\xff", "UTF-16"),
    ):
        if data.startswith(mark):
            return None, [finding("Y102", _start(file), likely=likely)]
    if len(data) >= 4 and data[:64].count(0) * 3 >= len(data[:64]):
        return None, [finding("Y102", _start(file), likely="UTF-16")]
    try:
        return data.decode("utf-8"), []
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace").removeprefix("\ufeff")) + 1
        place = Place(file, line, column, line, column + 1)
        byte = data[error.start]
        likely = "Windows-1252 (“ANSI”)" if 0x80 <= byte < 0xA0 else "Latin-1 (“ANSI”)"
        return None, [finding("Y101", place, byte=f"{byte:02X}", line=line, likely=likely)]


def clean(text: str, file: str) -> tuple[str | None, list[Diagnostic]]:
    """`text` without a byte-order mark and with plain line ends; None if it is too large or holds what cannot
    be seen."""
    if len(text) > LARGEST:
        return None, [finding("Y104", _start(file), size=_size(len(text)))]
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    match = _INVISIBLE.search(text)
    if match is None:
        return text, []
    line = text.count("\n", 0, match.start()) + 1
    column = match.start() - (text.rfind("\n", 0, match.start()) + 1) + 1
    return None, [finding("Y103", Place(file, line, column, line, column + 1), name=_name(match.group()))]


def unseen(text: str) -> str | None:
    """The name of the first character that cannot be seen, if there is one: an escape such as `"\\0"` can write it."""
    match = _INVISIBLE.search(text)
    return None if match is None else _name(match.group())


def _name(character: str) -> str:
    name = _NAMED.get(character) or unicodedata.name(character, "").lower()
    return f"{name}, U+{ord(character):04X}" if name else f"U+{ord(character):04X}"


def _start(file: str) -> Place:
    return Place(file, 1, 1, 1, 1)


def _size(length: int) -> str:
    return f"{length / 1_000_000:.1f} MB"
