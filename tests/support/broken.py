"""Broken definitions: one slip in a valid workspace, and what `check` must say of it.

Used by the runner of tests/definitions/invalid; must not know what any finding means.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from engine import packs
from engine.language.diagnostics import as_text

DEFINITIONS = Path(__file__).resolve().parents[1] / "definitions"
VALID = DEFINITIONS / "valid"
INVALID = DEFINITIONS / "invalid"
USUAL_FILE = "form_definitions/harbour/forms/visit.yaml"


@dataclass(frozen=True, slots=True)
class Case:
    """One slip. `code` is from the file's name."""

    path: Path
    settings: Mapping[str, Any]

    @property
    def code(self) -> str:
        return self.path.stem.split("-", 1)[0]

    @property
    def name(self) -> str:
        return self.path.stem

    @property
    def base(self) -> str:
        return str(self.settings.get("base", "harbour"))

    @property
    def expected(self) -> str:
        return str(self.settings.get("expect", "")).rstrip("\n")

    def slips(self) -> Iterator[Mapping[str, Any]]:
        yield self.settings
        yield from self.settings.get("also", ())

    def altered(self) -> dict[str, bytes | Path | None]:
        """The files that differ from the base: their bytes, a link's target, or None for one taken away."""
        files: dict[str, bytes | Path | None] = {}
        for slip in self.slips():
            file = str(slip.get("file", USUAL_FILE))
            if slip.get("delete"):
                files[file] = None
                continue
            if "link_to" in slip:
                files[file] = Path(str(slip["link_to"]))
                continue
            text = self._altered_text(file, slip)
            files[file] = text.encode(str(slip.get("encode", "utf-8")))
        return files

    def _altered_text(self, file: str, slip: Mapping[str, Any]) -> str:
        if "content" in slip:
            return str(slip["content"]) * int(slip.get("times", 1))
        text = (VALID / self.base / file).read_text(encoding="utf-8")
        if "append" in slip:
            return f"{text.rstrip()}\n---\n{slip['append']}"
        old, new = str(slip.get("replace", "")), str(slip.get("with", ""))
        if "replace" not in slip:
            return text
        assert text.count(old) == 1, (
            f"{self.name}: ‘replace’ stands {text.count(old)} times in {file}, not once"
        )
        return text.replace(old, new)

    def make(self, root: Path) -> None:
        """The broken workspace, as a folder that is not there yet."""
        shutil.copytree(VALID / self.base, root)
        for file, content in self.altered().items():
            path = root / file
            if content is None:
                path.unlink()
            elif isinstance(content, Path):
                path.symlink_to(content)
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)

    def write_expected(self, text: str) -> None:
        """Puts what was found into the case's file, for a person to read and judge."""
        written = self.path.read_text(encoding="utf-8")
        head = written.split("\nexpect:", 1)[0].rstrip("\n")
        body = "\n".join(f"  {line}".rstrip() for line in text.split("\n"))
        self.path.write_text(f"{head}\nexpect: |-\n{body}\n", encoding="utf-8")


def cases() -> list[Case]:
    """Every broken definition, by name."""
    paths = sorted(INVALID.glob("*.yaml"))
    return [Case(path, yaml.safe_load(path.read_text(encoding="utf-8"))) for path in paths]


def told(root: Path) -> list[str]:
    """All that `check` says of a workspace, as people read it."""
    texts = []
    for one in packs.inspect(root).diagnostics:
        path = root / one.place.file
        source = path.read_bytes().decode("utf-8", "replace") if path.is_file() else None
        texts.append(as_text(one, source))
    return texts
