"""What `check` found in a workspace, as people and as programs read it. Must not know how anything was found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from engine.language.diagnostics import Diagnostic, as_text, in_order
from engine.language.model import Stack


@dataclass(frozen=True, slots=True)
class Summary:
    """One pack in a report: what it has, inherited things included. Empty lists if it could not be assembled."""

    pack: str
    version: str = ""
    extends: str | None = None
    forms: tuple[str, ...] = ()
    workflows: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    records: tuple[str, ...] = ()

    @staticmethod
    def of(stack: Stack) -> Summary:
        return Summary(
            stack.manifest.id,
            stack.manifest.version,
            stack.manifest.extends,
            tuple(sorted(stack.forms)),
            tuple(sorted(stack.workflows)),
            tuple(sorted(one for one in stack.lists if "." not in one)),
            tuple(sorted(stack.records)),
        )

    def as_json(self) -> dict[str, object]:
        return {
            "pack": self.pack,
            "version": self.version,
            "extends": self.extends,
            "forms": list(self.forms),
            "workflows": list(self.workflows),
            "lists": list(self.lists),
            "records": list(self.records),
        }


@dataclass(frozen=True, slots=True)
class Report:
    """Everything found, in file order, and the packs met. Only errors make `ok` false."""

    diagnostics: tuple[Diagnostic, ...]
    packs: tuple[Summary, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict, repr=False)

    @staticmethod
    def made(findings: Iterable[Diagnostic], packs: Iterable[Summary], texts: Mapping[str, str]) -> Report:
        return Report(tuple(in_order(findings)), tuple(sorted(packs, key=lambda one: one.pack)), texts)

    @property
    def ok(self) -> bool:
        return not self.errors

    @property
    def errors(self) -> Sequence[Diagnostic]:
        return [one for one in self.diagnostics if one.severity == "error"]

    def as_json(self) -> dict[str, object]:
        """The report as `trefoil check --format json` prints it."""
        return {
            "ok": self.ok,
            "diagnostics": [one.as_json() for one in self.diagnostics],
            "packs": [one.as_json() for one in self.packs],
        }

    def as_text(self) -> str:
        """The report as `trefoil check` prints it: each finding with its line, then how many there are."""
        told = [as_text(one, self.texts.get(one.place.file)) for one in self.diagnostics]
        return "\n\n".join([*told, self.verdict()])

    def verdict(self) -> str:
        """How it stands, in a line."""
        counted = [
            _counted(sum(one.severity == severity for one in self.diagnostics), *words)
            for severity, words in (
                ("error", ("error", "errors")),
                ("warning", ("warning", "warnings")),
                ("advice", ("piece of advice", "pieces of advice")),
            )
        ]
        found = ", ".join(one for one in counted if one)
        packs = ", ".join(f"{one.pack} {one.version}".strip() for one in self.packs) or "no packs"
        return f"{packs}: {found or 'nothing to put right'}."


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}" if number else ""
