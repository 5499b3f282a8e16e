"""Archives as an attacker would make them: a sound one of a small pack, with one wrong done to it.

Made with the standard library, which lets one write nearly anything. Must not know how archives are read.
"""

from __future__ import annotations

import io
import json
import stat
import warnings
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from engine.language.model import Manifest
from engine.packs import archive

SPEC = Path(__file__).resolve().parents[1] / "spec" / "archives"
PIER = {
    "form_definitions/pier/pack.yaml": "pack: pier\ntitle: Pier\nversion: 1.0.0\n",
    "form_definitions/pier/all.yaml": (
        "access: pier\nroles: {worker: Worker}\nrules:\n"
        "  - {id: workers, role: worker, record: child, may: [view, edit, submit, create, decide]}\n"
        '---\nrecord: child\ntitle: Young person\nname: "{first_name}"\n'
        "fields:\n  - {id: first_name, type: text, label: First name}\n"
    ),
    "form_definitions/pier/forms/visit.yaml": (
        "form: visit\ntitle: Visit\nabout: child\nsections:\n  - id: why\n    title: Why\n    questions:\n"
        "      - {id: purpose, type: text, label: What is the visit for?}\n"
        "---\nscenario: purpose_is_asked\ntitle: The purpose is asked\nform: visit\ngiven: {}\n"
        "expect: {shown: [purpose]}\n"
    ),
    "workflows/pier/visiting.yaml": (
        "workflow: visiting\ntitle: Visiting\nabout: child\ninitial: open\nstart: {by: [worker], label: Begin}\n"
        "states:\n  - {id: open, title: Open, forms: [visit]}\n  - {id: over, title: Over, final: yes}\n"
        "transitions:\n"
        "  - {id: end, label: End, from: open, to: over, by: [worker], when: visit is submitted}\n"
    ),
}


def sound(texts: Mapping[str, str] = PIER, **manifest: Any) -> archive.Archive:
    return archive.made(Manifest("pier", title="Pier", **{"version": "1.0.0", **manifest}), texts)


@dataclass
class Making:
    """Members in order: name, content and how the archive says it is kept."""

    members: list[tuple[zipfile.ZipInfo, bytes]] = field(default_factory=list)
    comment: bytes = b""
    done: bytes | None = None
    lies: dict[str, int] = field(default_factory=dict)
    locked: set[str] = field(default_factory=set)

    @staticmethod
    def of(made: archive.Archive) -> Making:
        making = Making()
        with zipfile.ZipFile(io.BytesIO(made.as_bytes())) as opened:
            for info in opened.infolist():
                making.add(info.filename, opened.read(info))
        return making

    def add(self, name: str, data: bytes, mode: int = stat.S_IFREG | 0o644) -> None:
        info = zipfile.ZipInfo(name)
        info.filename = name  # the library would else mend what is wrong with it
        info.external_attr = mode << 16
        self.members.append((info, data))

    def names(self) -> list[str]:
        return [info.filename for info, _ in self.members]

    def put(self, name: str, data: bytes) -> None:
        at = self.names().index(name)
        self.members[at] = (self.members[at][0], data)

    def as_bytes(self) -> bytes:
        if self.done is not None:
            return self.done
        made = io.BytesIO()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with zipfile.ZipFile(made, "w") as opened:
                opened.comment = self.comment
                for info, data in self.members:
                    opened.writestr(info, data)
        return self._lied(made.getvalue())

    def _lied(self, data: bytes) -> bytes:
        """The directory at the end says another size, or that a member is locked."""
        changed = bytearray(data)
        for name in {*self.lies, *self.locked}:
            at = changed.rfind(name.encode()) - 46
            assert changed[at : at + 4] == b"PK\x01\x02"
            if name in self.lies:
                changed[at + 24 : at + 28] = self.lies[name].to_bytes(4, "little")
            if name in self.locked:
                changed[at + 8] |= 1
        return bytes(changed)


def content(given: Any) -> bytes:
    if isinstance(given, Mapping):
        data = bytes.fromhex(given["hex"]) if "hex" in given else given["text"].encode()
        return bytes(data * given.get("times", 1))
    return str(given).encode()


def attack(steps: list[dict[str, Any]]) -> bytes:
    making = Making.of(sound())
    for step in steps:
        ((verb, given),) = step.items()
        _VERBS[verb](making, given)
    return making.as_bytes()


def _add(making: Making, given: Mapping[str, Any]) -> None:
    for name, what in given.items():
        making.add(name.replace("{long}", "l" * 300), content(what))


def _set(making: Making, given: Mapping[str, Any]) -> None:
    for name, what in given.items():
        making.put(name, content(what))


def _twice(making: Making, name: str) -> None:
    making.add(name, b"pack: pier\ntitle: Other\nversion: 6.6.6\n")


def _take(making: Making, name: str) -> None:
    making.members = [one for one in making.members if one[0].filename != name]


def _link(making: Making, given: Mapping[str, str]) -> None:
    for name, to in given.items():
        making.add(name, to.encode(), stat.S_IFLNK | 0o777)


def _device(making: Making, given: Mapping[str, str]) -> None:
    for name in given:
        making.add(name, b"", stat.S_IFCHR | 0o644)


def _many(making: Making, given: Mapping[str, Any]) -> None:
    for number in range(given["files"]):
        making.add(f"form_definitions/pier/more{number}.yaml", content(given))


def _pack(making: Making, _: str) -> None:
    for info, _data in making.members:
        info.compress_type = zipfile.ZIP_DEFLATED


def _said(making: Making, given: Mapping[str, Any]) -> None:
    at = making.names().index("manifest.json")
    making.put("manifest.json", json.dumps({**json.loads(making.members[at][1]), **given}).encode())


def _anew(making: Making, given: Mapping[str, str]) -> None:
    """A sound archive of definitions that are not: as its maker would have made it without checking."""
    texts = {**PIER, **given}
    own = texts["form_definitions/pier/pack.yaml"]
    base = {"extends": "harbour", "extends_version": "1.0.0"} if "extends:" in own else {}
    making.done = sound(texts, **base).as_bytes()


_VERBS: dict[str, Any] = {
    "add": _add,
    "set": _set,
    "twice": _twice,
    "take": _take,
    "link": _link,
    "device": _device,
    "many": _many,
    "pack": _pack,
    "said": _said,
    "anew": _anew,
    "folder": lambda making, name: making.add(name, b"", stat.S_IFDIR | 0o755),
    "lock": lambda making, name: making.locked.add(name),
    "lie": lambda making, given: making.lies.update(given),
    "comment": lambda making, given: setattr(making, "comment", given.encode()),
    "before": lambda making, given: setattr(making, "done", given.encode() + making.as_bytes()),
    "after": lambda making, given: setattr(making, "done", making.as_bytes() + given.encode()),
    "cut": lambda making, given: setattr(making, "done", making.as_bytes()[:given]),
    "whole": lambda making, given: setattr(making, "done", content(given)),
}


def attacks() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load((SPEC / "attacks.yaml").read_text(encoding="utf-8"))
    return found
