"""What kind of file some bytes are: from the bytes themselves, held against what their name claims.

A name's ending proves nothing and a browser's claim less, so only both together count: the ending says which kind is
meant, the bytes have to be of that kind. Whatever could run when it is opened is no kind here: web pages, drawings that
hold script, programs, documents with macros. Must not know questions or where files are kept.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass

LONGEST_NAME = 120
_MOST_ENTRIES = 5_000
_ENTRY = b"PK\x01\x02"
_BAD_IN_NAMES = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]')
_PAGE = re.compile(r"<\s*(!doctype|html|head|body|script|svg|iframe|\?xml)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Format:
    """One format: the ending of names, its kind, its media type, and the test of its bytes."""

    ending: str
    kind: str
    media: str
    fits: Callable[[bytes], bool]


def _starts(*heads: bytes) -> Callable[[bytes], bool]:
    return lambda content: content.startswith(heads)


def _box(*brands: bytes) -> Callable[[bytes], bool]:
    return lambda content: content[4:8] == b"ftyp" and content[8:12] in brands


def _riff(form: bytes) -> Callable[[bytes], bool]:
    return lambda content: content[:4] == b"RIFF" and content[8:12] == form


def _office(folder: str) -> Callable[[bytes], bool]:
    """A document of Word or Excel: a zip with the parts that one has, and no macros in it."""

    def fits(content: bytes) -> bool:
        names = _zipped(content)
        if "[Content_Types].xml" not in names or any("vbaproject" in one.casefold() for one in names):
            return False
        return any(one.startswith(folder) for one in names)

    return fits


def _open_document(media: bytes) -> Callable[[bytes], bool]:
    """A document of LibreOffice: a zip that says first what it is, and has no macros in it."""

    def fits(content: bytes) -> bool:
        # What cannot be looked into is not taken: nothing would be known of macros in it.
        names = _zipped(content)
        if "mimetype" not in names or media not in content[:200]:
            return False
        return not any(one.casefold().startswith(("basic/", "scripts/")) for one in names)

    return fits


def _zipped(content: bytes) -> frozenset[str]:
    # As many entries as are marked is the most there can be. Reading them all to count them takes seconds.
    if not content.startswith(b"PK\x03\x04") or content.count(_ENTRY) > _MOST_ENTRIES:
        return frozenset()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as found:
            names = found.namelist()
    # zipfile raises the third for a way of packing that it does not know.
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return frozenset()
    return frozenset(names)


def _text(content: bytes) -> bool:
    """Words and nothing else: no control characters, and nothing that a browser would take for a page."""
    for encoding in ("utf-8", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return not re.search(r"[\x00-\x08\x0e-\x1f]", text) and not _PAGE.search(text[:4096])
    return False


_FORMATS = (
    Format("pdf", "pdf", "application/pdf", _starts(b"%PDF-")),
    Format(
        "docx",
        "document",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        _office("word/"),
    ),
    Format(
        "odt",
        "document",
        "application/vnd.oasis.opendocument.text",
        _open_document(b"application/vnd.oasis.opendocument.text"),
    ),
    Format("rtf", "document", "application/rtf", _starts(b"{\\rtf")),
    Format(
        "xlsx",
        "spreadsheet",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _office("xl/"),
    ),
    Format(
        "ods",
        "spreadsheet",
        "application/vnd.oasis.opendocument.spreadsheet",
        _open_document(b"application/vnd.oasis.opendocument.spreadsheet"),
    ),
    Format("csv", "spreadsheet", "text/csv", _text),
    Format("jpg", "image", "image/jpeg", _starts(b"\xff\xd8\xff")),
    Format("jpeg", "image", "image/jpeg", _starts(b"\xff\xd8\xff")),
    Format("png", "image", "image/png", _starts(b"\x89PNG\r\n\x1a\n")),
    Format("gif", "image", "image/gif", _starts(b"GIF87a", b"GIF89a")),
    Format("webp", "image", "image/webp", _riff(b"WEBP")),
    Format("heic", "image", "image/heic", _box(b"heic", b"heix", b"mif1", b"msf1")),
    Format("txt", "text", "text/plain", _text),
    Format("mp3", "audio", "audio/mpeg", _starts(b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2")),
    Format("m4a", "audio", "audio/mp4", _box(b"M4A ", b"mp42", b"isom")),
    Format("wav", "audio", "audio/wav", _riff(b"WAVE")),
)
FORMATS: Mapping[str, Format] = {one.ending: one for one in _FORMATS}
KINDS: Mapping[str, str] = {
    "pdf": "PDF",
    "document": "Word or similar (docx, odt, rtf)",
    "spreadsheet": "Excel or similar (xlsx, ods, csv)",
    "image": "picture (jpg, png, gif, webp, heic)",
    "text": "plain text (txt)",
    "audio": "sound (mp3, m4a, wav)",
}


def endings(kinds: tuple[str, ...]) -> tuple[str, ...]:
    """The endings of names of these kinds."""
    return tuple(one.ending for one in _FORMATS if one.kind in kinds)


def sniffed(name: str, content: bytes) -> Format | None:
    """The format of a file whose name and bytes say the same; None where they do not, or it is none that is known."""
    claimed = FORMATS.get(name.rpartition(".")[2].casefold())
    return claimed if claimed is not None and claimed.fits(content) else None


def safe_name(name: str, ending: str) -> str:
    """A name as it can be kept and shown: no folders, no marks that turn text round, the ending of what it is."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    stem = _BAD_IN_NAMES.sub("", last.rpartition(".")[0]).strip(" .")
    stem = re.sub(r"\s+", " ", stem)[: LONGEST_NAME - len(ending) - 1].strip(" .")
    return f"{stem or 'file'}.{ending}"
