"""Reads an archive that anybody may have made: in memory, within limits, believing nothing that it says of itself.

Nothing is ever unpacked to a folder. In the end the archive must be, byte for byte, what `archive` would make of the
files in it; so there is no second way to read one. Must not know what definitions mean.
"""

from __future__ import annotations

import io
import json
import stat
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.language import building, documents, sources
from engine.language.model import Manifest
from engine.packs.archive import (
    FORMAT,
    LARGEST_ARCHIVE,
    LARGEST_MEMBER,
    MANIFEST,
    Archive,
    clashes,
    described,
    shown,
    wrong_path,
)
from engine.packs.finding import LARGEST_PACK, MOST_FILES
from engine.questions import BUILT_IN

MOST_TIMES = 100
MOST_TOLD = 20
_END = b"PK\x05\x06"
_LONGEST_DIRECTORY = (MOST_FILES + 1) * 512
_PACKED = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"BZh", b"7z\xbc\xaf", b"\xfd7zXZ", b"Rar!")
_PACKED_NAMES = (".zip", ".jar", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar")
# All that zipfile and what it reads with raise for bytes that are no sound archive: NotImplementedError tells of a way
# of packing that it does not know, RuntimeError of a password.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
    RuntimeError,
    OverflowError,
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an archive is not taken. `reason` is a word for programs, `member` the file in it, if it is about one."""

    reason: str
    message: str
    member: str = ""

    def as_json(self) -> dict[str, str]:
        return {"reason": self.reason, "member": shown(self.member), "message": self.message}


class Refused(Exception):
    """The archive is not taken, for every reason in `refusals`."""

    def __init__(self, *refusals: Refusal) -> None:
        self.refusals = refusals[:MOST_TOLD]
        super().__init__("\n".join(one.message for one in self.refusals))


def read(data: bytes) -> Archive:
    """The pack in `data`. Raises Refused, whatever the bytes are."""
    _is_archive(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as opened:
            infos = opened.infolist()
            _stop(_too_much(infos))
            _stop([*_wrong_members(infos), *_wrong_names(infos)])
            contents = {one.filename: _member(opened, one) for one in infos}
    except _BROKEN:
        raise Refused(_damaged()) from None
    said = _manifest(contents.pop(MANIFEST, None))
    files = _texts(contents)
    archive = _archive(said, files)
    if archive.as_bytes() != data:
        raise Refused(
            Refusal(
                "altered",
                "This is not as ‘trefoil pack build’ makes archives: it was packed anew or holds something besides "
                "the files that it lists. Unpack it into a workspace, look at it, and build it again.",
            )
        )
    return archive


def _is_archive(data: bytes) -> None:
    """Size and shape, before any library looks at it."""
    if len(data) > LARGEST_ARCHIVE:
        limit = LARGEST_ARCHIVE // 1_000_000
        raise Refused(Refusal("too_large", f"The archive is larger than {limit} MB, the most that is read."))
    at = data.rfind(_END, max(0, len(data) - 65_557))
    if at < 0 or len(data) < at + 22:
        cut = data.startswith(b"PK\x03\x04")
        raise Refused(
            _damaged() if cut else Refusal("not_an_archive", "This is no pack archive: it is no ZIP file.")
        )
    count, directory = struct.unpack("<HI", data[at + 10 : at + 16])
    if count > MOST_FILES + 1 or directory > _LONGEST_DIRECTORY:
        raise Refused(Refusal("too_many_files", f"The archive has more than {MOST_FILES} files."))


def _too_much(infos: list[zipfile.ZipInfo]) -> Iterator[Refusal]:
    """What would be too large once unpacked, by its own word; that it keeps its word is looked at when reading."""
    if len(infos) > MOST_FILES + 1:
        yield Refusal("too_many_files", f"The archive has more than {MOST_FILES} files.")
    if sum(one.file_size for one in infos) > LARGEST_PACK:
        yield Refusal("too_large", f"Unpacked it would be larger than {LARGEST_PACK // 1_000_000} MB.")
        return
    for one in infos:
        if one.file_size > MOST_TIMES * max(one.compress_size, 1):
            yield Refusal(
                "ratio",
                f"‘{shown(one.filename)}’ would grow to more than {MOST_TIMES} times its packed size, as files do "
                "that are made to overwhelm whoever opens them.",
                one.filename,
            )
        elif one.file_size > LARGEST_MEMBER:
            yield Refusal(
                "too_large",
                f"‘{shown(one.filename)}’ is larger than {LARGEST_MEMBER // 1_000_000} MB, the most for one file.",
                one.filename,
            )


def _wrong_members(infos: list[zipfile.ZipInfo]) -> Iterator[Refusal]:
    for one in infos:
        name = shown(one.filename)
        kind = stat.S_IFMT(one.external_attr >> 16)
        if one.flag_bits & 0x1:
            yield Refusal("encrypted", f"‘{name}’ is locked with a password.", one.filename)
        elif kind == stat.S_IFLNK:
            yield Refusal(
                "link",
                f"‘{name}’ is a link to another place. A pack holds its files themselves.",
                one.filename,
            )
        elif kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            yield Refusal("link", f"‘{name}’ is a device or a pipe, not a file.", one.filename)


def _wrong_names(infos: list[zipfile.ZipInfo]) -> Iterator[Refusal]:
    names = [one.filename for one in infos]
    for name, times in Counter(names).items():
        if times > 1:
            yield Refusal(
                "duplicate",
                f"‘{shown(name)}’ is in the archive {times} times, and programs differ in which one they take.",
                name,
            )
    different = list(dict.fromkeys(names))
    for told in clashes(different):
        yield Refusal("case", told)
    packs = {name.split("/")[1] for name in different if name.count("/") >= 2 and wrong_path(name) is None}
    if len(packs) > 1:
        listed = ", ".join(f"‘{one}’" for one in sorted(packs)[:8])
        yield Refusal(
            "name", f"The archive holds the files of several packs: {listed}. Each has an archive of its own."
        )
    for name in different:
        if name != MANIFEST:
            yield from _wrong_name(name)


def _wrong_name(name: str) -> Iterator[Refusal]:
    told = shown(name)
    if name.startswith(("/", "\\")) or name[1:2] == ":":
        yield Refusal("path", f"‘{told}’ names a place on the computer itself, not one in the pack.", name)
    elif ".." in name.replace("\\", "/").split("/"):
        yield Refusal(
            "path", f"‘{told}’ leads out of the pack, to where it could overwrite other files.", name
        )
    elif "\\" in name:
        yield Refusal("path", f"‘{told}’ has ‘\\’ in its name, which some systems take for a folder.", name)
    elif name.endswith("/"):
        yield Refusal("name", f"‘{told}’ is a folder by itself. A pack's archive names files alone.", name)
    elif name.lower().endswith(_PACKED_NAMES):
        yield Refusal(
            "nested", f"‘{told}’ is an archive inside the archive. A pack holds its files themselves.", name
        )
    elif problem := wrong_path(name):
        yield Refusal("name", problem, name)


def _member(opened: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """What a member holds, read no further than it said it would go."""
    with opened.open(info) as member:
        found = member.read(info.file_size + 1)
    if len(found) != info.file_size:
        raise Refused(_damaged())
    if found.startswith(_PACKED):
        raise Refused(
            Refusal(
                "nested", f"‘{shown(info.filename)}’ is an archive, whatever its name says.", info.filename
            )
        )
    return found


def _manifest(data: bytes | None) -> dict[str, object]:
    if data is None:
        raise Refused(
            Refusal(
                "manifest",
                f"It has no {MANIFEST}, so it is no pack archive. They are made by ‘trefoil pack build’.",
            )
        )
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        raise Refused(Refusal("manifest", f"{MANIFEST} cannot be read.", MANIFEST)) from None
    if not isinstance(found, dict) or not isinstance(found.get("files"), list):
        raise Refused(
            Refusal("manifest", f"{MANIFEST} does not say which files belong to the pack.", MANIFEST)
        )
    if found.get("format") != FORMAT:
        raise Refused(
            Refusal(
                "manifest",
                f"The archive is of another kind than this Trefoil reads ({FORMAT}). It may be from a newer one.",
                MANIFEST,
            )
        )
    return found


def _texts(contents: dict[str, bytes]) -> dict[str, str]:
    """The files as text. An archive holds UTF-8 alone, tables included."""
    texts, refusals = {}, []
    for path, data in contents.items():
        text, findings = sources.decode(data, path)
        if text is None:
            told = " ".join(f"{one.message} {one.help}" for one in findings)
            refusals.append(Refusal("encoding", f"‘{shown(path)}’: {told}", path))
        else:
            texts[path] = text
    _stop(refusals)
    return texts


def _archive(said: dict[str, object], files: dict[str, str]) -> Archive:
    own = own_document(files)
    if own is None:
        pack = next((path.split("/")[1] for path in files), "")
        told = f"The pack does not say what it is: no file in it has a sound document ‘pack: {pack}’."
        raise Refused(Refusal("manifest", told))
    made = described(own, files)
    _stop(_differences(said, made))
    signatures = said.get("signatures")
    return Archive(own.id, own.version, files, {**made, "signatures": signatures})


def _differences(said: dict[str, object], made: dict[str, object]) -> Iterator[Refusal]:
    """Where the manifest says something else than the files do."""
    listed = {one.get("path"): one for one in said["files"] if isinstance(one, dict)}  # type: ignore[attr-defined]
    for one in made["files"]:  # type: ignore[attr-defined]
        told = listed.pop(one["path"], None)
        if told is None:
            yield Refusal(
                "hash", f"‘{one['path']}’ is in the archive and not in its {MANIFEST}.", one["path"]
            )
        elif told != one:
            yield Refusal("hash", f"‘{one['path']}’ is not as it was when the archive was made.", one["path"])
    for path in listed:
        yield Refusal("hash", f"‘{shown(str(path))}’ is in {MANIFEST} and not in the archive.", str(path))
    for name in ("pack", "version", "extends", "engine"):
        if said.get(name) != made[name]:
            yield Refusal(
                "manifest", f"{MANIFEST} gives another ‘{name}’ than the pack's own document.", MANIFEST
            )
    if said.get("signatures") != []:
        yield Refusal("manifest", "It is signed in a way that this Trefoil does not know.", MANIFEST)


def own_document(files: Mapping[str, str]) -> Manifest | None:
    """What a pack says of itself, from its own files alone; None where no file has a sound document of that kind."""
    pack = next((path.split("/")[1] for path in sorted(files)), "")
    for path, text in sorted(files.items()):
        if not path.startswith("form_definitions/") or path.lower().endswith(".csv") or "pack:" not in text:
            continue
        for one in documents.read_file(text, path)[0]:
            if one.kind != "pack" or one.id != pack or one.broken:
                continue
            if not any(told.severity == "error" for told in documents.check_document(one, BUILT_IN)):
                found, _ = building.build(one.node, "pack", BUILT_IN)
                assert isinstance(found, Manifest)
                return found
    return None


def _damaged() -> Refusal:
    return Refusal("damaged", "The archive is damaged or was cut off. Ask for it again.")


def _stop(refusals: Iterator[Refusal] | list[Refusal]) -> None:
    found = list(refusals)
    if found:
        raise Refused(*found)
