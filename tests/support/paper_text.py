"""What stands in files that were handed out: the words of a PDF and of a Word file, and all else that is in them.

A PDF's text is read through its fonts' own tables, as any reader of PDFs does; nothing of ours is asked.
"""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from typing import Any

import pikepdf
from docx import Document

HEX = re.compile(rb"<([0-9a-fA-F]+)>")


def pdf_text(content: bytes) -> str:
    """The words of all pages, line after line, in the order in which they were drawn."""
    with pikepdf.open(BytesIO(content)) as found:
        return "\n".join(_page(page) for page in found.pages)


def _page(page: Any) -> str:
    fonts = {str(name): _letters(font) for name, font in page.Resources.Font.items()}
    said, letters = [], {}
    for one in pikepdf.parse_content_stream(page):
        operands, operator = one.operands, one.operator
        match str(operator):
            case "Tf":
                letters = fonts[str(operands[0])]
            case "Tj" | "TJ":
                pieces = operands[0] if str(operator) == "TJ" else [operands[0]]
                said.append(
                    "".join(
                        _said(bytes(each), letters) for each in pieces if isinstance(each, pikepdf.String)
                    )
                )
            case "BT" | "Tm" | "Td" | "T*":
                said.append("\n")
    return re.sub(r"\n+", "\n", "".join(said)).strip("\n")


def _letters(font: Any) -> dict[int, str]:
    """Which letter a glyph stands for, from the table that the font brings."""
    table = bytes(font.ToUnicode.read_bytes())
    found: dict[int, str] = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", table, re.S):
        numbers = HEX.findall(block)
        for glyph, letter in zip(numbers[::2], numbers[1::2], strict=True):
            found[int(glyph, 16)] = bytes.fromhex(letter.decode()).decode("utf-16-be")
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", table, re.S):
        numbers = [int(one, 16) for one in HEX.findall(block)]
        for first, last, letter in zip(numbers[::3], numbers[1::3], numbers[2::3], strict=True):
            found |= {glyph: chr(letter + glyph - first) for glyph in range(first, last + 1)}
    return found


def _said(glyphs: bytes, letters: dict[int, str]) -> str:
    return "".join(
        letters.get(int.from_bytes(glyphs[at : at + 2], "big"), "") for at in range(0, len(glyphs), 2)
    )


def pdf_everything(content: bytes) -> str:
    """The words and every text of the file besides: titles, what is said of pictures, metadata."""
    with pikepdf.open(BytesIO(content)) as found:
        told = [pdf_text(content), str(found.docinfo)]
        for one in found.objects:
            if isinstance(one, pikepdf.Stream):
                told.append(
                    bytes(one.read_bytes()).decode("latin-1") if one.get("/Type") == "/Metadata" else ""
                )
            if isinstance(one, (pikepdf.Dictionary, pikepdf.Stream)):
                told += [str(value) for value in one.values() if isinstance(value, pikepdf.String)]
        return "\n".join(told)


def docx_text(content: bytes) -> str:
    """The words of the body, paragraph by paragraph, and of the tables' cells."""
    found = Document(BytesIO(content))
    lines = []
    for one in found.iter_inner_content():
        if hasattr(one, "rows"):
            lines += [" | ".join(cell.text for cell in row.cells) for row in one.rows]
        else:
            lines.append(one.text)
    return "\n".join(line for line in lines if line)


def docx_everything(content: bytes) -> str:
    """Every part of the file as it is stored: headers, properties and all."""
    with zipfile.ZipFile(BytesIO(content)) as found:
        return "\n".join(found.read(name).decode("utf-8", "replace") for name in found.namelist())


def everything(content: bytes) -> str:
    """All that could be read in a file that was handed out, whatever kind it is."""
    if content.startswith(b"%PDF"):
        return pdf_everything(content)
    if content.startswith(b"PK"):
        return docx_everything(content)
    return content.decode("utf-8", "replace")
