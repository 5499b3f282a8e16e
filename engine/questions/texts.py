"""Text as it is kept: one way of writing each character, trimmed, without what no page or database can hold.

Must not know questions. People paste from Word, e-mail and PDFs; two texts that look alike must be alike.
"""

from __future__ import annotations

import re
import unicodedata

_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_HALF_CHARACTERS = re.compile("[\ud800-\udfff]")
_LINE_ENDS = re.compile("\r\n?|[\u2028\u2029\x85]")


def cleaned(text: str) -> str:
    """`text` trimmed, in composed form (NFC), lines ended alike, control characters gone."""
    if text.isascii() and text.isprintable():
        return text.strip()
    text = _LINE_ENDS.sub("\n", text)
    text = _HALF_CHARACTERS.sub("\ufffd", _NOT_TEXT.sub("", text))
    return unicodedata.normalize("NFC", text).strip()


def one_line(text: str) -> str:
    """The same on one line: line ends and tabs become single spaces."""
    text = cleaned(text)
    return text if text.isprintable() else re.sub(r"\s*[\n\t]\s*", " ", text)
