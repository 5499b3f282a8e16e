"""Files that somebody brings, as their computer names them → which files of a pack they are to be, or why they cannot.

A file takes the place of the one of the same name that holds the same documents; what is new gets a place of its own.
What has to be judged in a limited process is judged by the caller. Must not know pages, nor the database.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from engine.language import sources
from engine.language.documents import read_file
from engine.packs import archive, archive_reading
from engine.packs.archive_reading import Refusal
from engine.packs.finding import ENDINGS, table_text

MOST_FILES = 50
_ZIP = b"PK\x03\x04"
_OFFICE = {
    ".xlsx": "an Excel workbook. In Excel, save the sheet as ‘CSV UTF-8’ and load that",
    ".docx": "a Word document. Definitions are plain text: save it as text, with a name that ends in .yaml",
    ".ods": "a spreadsheet. Save the sheet as CSV and load that",
    ".odt": "a document. Definitions are plain text: save it as text, with a name that ends in .yaml",
}
_FLOW = "workflow"


@dataclass(frozen=True, slots=True)
class Brought:
    """A file as it was brought: the name that its owner gave it, and its bytes."""

    name: str
    data: bytes = field(repr=False)

    @property
    def short(self) -> str:
        """The last part of the name: some browsers send the folders too."""
        return re.split(r"[/\\]", self.name)[-1].strip()

    @property
    def is_archive(self) -> bool:
        return self.short.lower().endswith(".zip")


@dataclass(frozen=True, slots=True)
class Offer:
    """What the files would be: texts by path, None where a file would go; and what was not taken, and why."""

    files: Mapping[str, str | None] = field(default_factory=dict)
    refusals: tuple[Refusal, ...] = ()


def offered(brought: Sequence[Brought], texts: Mapping[str, str], pack: str) -> Offer:
    """Single files to be part of `pack`, whose stack has `texts`. One that cannot be taken does not stop the others."""
    files: dict[str, str | None] = {}
    refusals: list[Refusal] = []
    if len(brought) > MOST_FILES:
        told = f"{len(brought)} files at once are too many. Load {MOST_FILES} or fewer, or a pack archive."
        return Offer({}, (Refusal("too_many_files", told),))
    named: dict[str, str] = {}
    own = {path: text for path, text in texts.items() if path.split("/")[1] == pack}
    for one in brought:
        refusal = _wrong_file(one, named)
        text = None
        if refusal is None:
            text, refusal = _text(one)
        if refusal is not None or text is None:
            refusals += [refusal] if refusal else []
            continue
        path = _place(one.short, text, own, pack)
        if path not in own and archive.wrong_path(path) is not None:
            # Only what gets a place of its own keeps its name: ‘referral (1).yaml’ takes that of referral.yaml.
            told = "cannot be stored everywhere. Use plain letters, digits, ‘_’, ‘-’ and ‘.’ in its name."
            refusals.append(Refusal("name", f"‘{archive.shown(one.short)}’ {told}", one.short))
            continue
        if path in files:
            told = f"‘{archive.shown(one.short)}’ and another of these files would take the place of one file, {path}."
            refusals.append(Refusal("duplicate", told, one.short))
            continue
        files[path] = text
    return Offer(files, tuple(refusals))


def whole(found: archive.Archive, texts: Mapping[str, str]) -> Offer:
    """A pack's archive in the place of all of that pack's files."""
    gone = {path: None for path in texts if path.split("/")[1] == found.pack and path not in found.files}
    return Offer({**found.files, **gone})


def applied(texts: Mapping[str, str], files: Mapping[str, str | None]) -> dict[str, str]:
    """Texts with files put in and taken out."""
    made: dict[str, str | None] = {**texts, **files}
    return {path: text for path, text in made.items() if text is not None}


def _wrong_file(one: Brought, named: dict[str, str]) -> Refusal | None:
    name = archive.shown(one.short)
    ending = f".{one.short.rpartition('.')[2]}".lower()
    if not one.short:
        return Refusal("name", "One file has no name, and was left out.")
    if ".." in re.split(r"[/\\]", one.name):
        told = f"‘{archive.shown(one.name)}’ is no name of a file that can be loaded."
        return Refusal("path", told, one.short)
    if ending in _OFFICE:
        return Refusal("kind", f"‘{name}’ is {_OFFICE[ending]}.", one.short)
    if one.data.startswith(_ZIP):
        told = f"‘{name}’ is a ZIP archive, whatever its name says. If it is a pack, give it a name that ends in .zip."
        return Refusal("nested", told, one.short)
    if ending not in ENDINGS:
        told = (
            f"‘{name}’ is no definition: they end in .yaml or .yml, tables of options in .csv, packs in .zip."
        )
        return Refusal("kind", told, one.short)
    if one.short.casefold() in named:
        return Refusal("duplicate", f"‘{name}’ was chosen twice. Which of the two is meant?", one.short)
    named[one.short.casefold()] = one.short
    if not one.data.strip():
        return Refusal(
            "empty", f"‘{name}’ is empty. To take a file out of the pack, use ‘Take out’ below.", one.short
        )
    return None


def _text(one: Brought) -> tuple[str | None, Refusal | None]:
    if len(one.data) > sources.LARGEST:
        told = f"‘{archive.shown(one.short)}’ is larger than {sources.LARGEST // 1_000_000} MB, the most for one file."
        return None, Refusal("too_large", told, one.short)
    if one.short.lower().endswith(".csv"):
        text, findings = table_text(one.data)
    else:
        text, findings = sources.decode(one.data, one.short)
    if text is None:
        told = " ".join(f"{found.message} {found.help}" for found in findings)
        return None, Refusal("encoding", f"‘{archive.shown(one.short)}’: {told}", one.short)
    if "\x00" in text:
        told = f"‘{archive.shown(one.short)}’ holds NUL characters, so it is no plain text. Save it again as “UTF-8”."
        return None, Refusal("encoding", told, one.short)
    return archive.plain(text), None


def _place(name: str, text: str, own: Mapping[str, str], pack: str) -> str:
    """The path of the pack's file that this one is the newer of; else a new one."""
    same = [path for path in own if path.rpartition("/")[2].casefold() == name.casefold()]
    held = _documents(text, name)
    if len(same) > 1:
        same.sort(key=lambda path: -len(held & _documents(own[path], path)))
    if same:
        return same[0]
    # Saved under another name (‘referral (2).yaml’, ‘referral-new.yaml’): its documents say whose place it takes.
    best = max(own, key=lambda path: len(held & _documents(own[path], path)), default=None)
    if best is not None and held & _documents(own[best], best):
        return best
    room = "workflows" if held and all(kind == _FLOW for kind, _ in held) else "form_definitions"
    return f"{room}/{pack}/{name}"


def _documents(text: str, path: str) -> set[tuple[str, str]]:
    """Which documents a file holds; a table holds none."""
    if path.lower().endswith(".csv"):
        return set()
    return {(one.kind, one.id) for one in read_file(text, path)[0] if one.kind}


def numbered(texts: Mapping[str, str], pack: str, before: str, number: int) -> dict[str, str]:
    """The same texts under a version of their own: nobody should take a change for what was there `before`.

    A version that was raised by hand stays; else it is called `1.4.0+change.7`.
    """
    own = archive_reading.own_document(
        {path: one for path, one in texts.items() if path.split("/")[1] == pack}
    )
    plain = before.partition("+")[0]
    if own is None or own.id != pack or own.version.partition("+")[0] != plain:
        return dict(texts)
    place = own.places["version"]
    rows = texts[place.file].split("\n")
    row = rows[place.line - 1]
    rows[place.line - 1] = f"{row[: place.column - 1]}{plain}+change.{number}{row[place.end_column - 1 :]}"
    return {**texts, place.file: "\n".join(rows)}
