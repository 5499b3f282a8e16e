"""Is an archive, or a change to a pack, fit to be taken? Size, then syntax, then meaning, then its own scenarios.

Each stage is reached only through the one before. Works on values alone, so that it can be done in a process that
may do nothing else (`archive_child`). Must not know where files are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from engine.language.diagnostics import Diagnostic, quoted
from engine.language.model import Stack
from engine.packs import archive_reading, finding, loading, scenarios
from engine.packs.archive import Archive
from engine.packs.archive_reading import Refusal, Refused
from engine.packs.differing import differences
from engine.packs.facade import Pack

MOST_FINDINGS = 1_000
_SYNTAX = "YS"
_NO_BASE = "P704"
_OTHER_BASE = {"P706", "P744"}


@dataclass
class Verdict:
    """What came of judging. `stage` is the one that was reached: it refused, or it is `done`."""

    stage: str
    pack: str = ""
    version: str = ""
    sha256: str = ""
    files: int = 0
    refusals: list[Refusal] = field(default_factory=list)
    findings: list[dict[str, object]] = field(default_factory=list)
    others: list[dict[str, object]] = field(default_factory=list)
    failures: list[dict[str, object]] = field(default_factory=list)
    differences: list[dict[str, object]] = field(default_factory=list)
    ran: int = 0
    more: int = 0
    stack: Stack | None = None

    @property
    def ok(self) -> bool:
        return self.stage == "done"

    def as_json(self) -> dict[str, object]:
        return {
            "ok": self.ok,
            "stage": self.stage,
            "pack": self.pack,
            "version": self.version,
            "sha256": self.sha256,
            "files": self.files,
            "refusals": [one.as_json() for one in self.refusals],
            "diagnostics": self.findings,
            "others": self.others,
            "more": self.more,
            "hash": self.stack.hash if self.stack else "",
            "differences": self.differences,
            "scenarios": {"ran": self.ran, "failed": self.failures},
        }


def archive(data: bytes, around: Mapping[str, str], today: date, *, alone: bool = False) -> Verdict:
    """An archive, to be put among the packs whose files are `around`.

    With `alone` nothing is known of where it will go: what it extends is then not missed.
    """
    try:
        found = archive_reading.read(data)
    except Refused as refused:
        return Verdict("size", refusals=list(refused.refusals))
    verdict = Verdict("syntax", found.pack, found.version, found.sha256, len(found.files))
    texts = {path: text for path, text in around.items() if path.split("/")[1] != found.pack}
    whole = {**texts, **found.files}
    if alone and found.manifest["extends"] is not None:
        # What it stands on is not known here, so only its own files can be looked at.
        told = [
            one for one in loading.load(finding.given(whole)).report().diagnostics if one.code != _NO_BASE
        ]
        _note(verdict, told, {found.pack}, whole)
        return replace(verdict, stage="syntax" if any(one.severity == "error" for one in told) else "done")
    verdict = _definitions(verdict, whole, found.pack, today)
    return _with_its_base(verdict, found)


def definitions(texts: Mapping[str, str], pack: str, today: date, before: Mapping[str, str]) -> Verdict:
    """A pack and all it extends, as texts by path, and how it differs from `before`.

    What was told of `before` already is not told again, errors aside.
    """
    verdict = _definitions(Verdict("syntax", pack), texts, pack, today)
    earlier = loading.load(finding.given(before))
    known = {(one.code, one.element, one.message) for one in earlier.findings if one.severity != "error"}
    for found in (verdict.findings, verdict.others):
        found[:] = [one for one in found if (one["code"], one["element"], one["message"]) not in known]
    if verdict.stack is not None and pack in earlier.packs:
        told = differences(earlier.packs[pack].stack, verdict.stack)
        verdict.differences = [one.as_json() for one in told[:MOST_FINDINGS]]
    return verdict


def _definitions(verdict: Verdict, texts: Mapping[str, str], pack: str, today: date) -> Verdict:
    loaded = loading.load(finding.given(texts))
    report = loaded.report()
    mine = _chain(loaded, pack)
    _note(verdict, list(report.diagnostics), mine, texts)
    own = [one for one in report.errors if _pack_of(one) in mine]
    if pack not in loaded.packs:
        verdict.stage = "syntax" if own and all(one.code[0] in _SYNTAX for one in own) else "meaning"
        if not own:
            told = "The pack that it extends has errors itself. Run ‘trefoil check’ and put that right first."
            verdict.refusals.append(Refusal("base", told))
        return verdict
    found = Pack(loaded.packs[pack], loaded.compiled[pack])
    verdict.version, verdict.stack = found.version, found.stack
    results = scenarios.run(found, today=today)
    verdict.ran = len(results.scenarios)
    for one in results.scenarios:
        for failure in one.failures:
            line = _line(texts, failure.place.file, failure.place.line)
            verdict.failures.append(
                {"scenario": one.scenario, "title": one.title, "text": line, **failure.as_json()}
            )
    verdict.stage = "done" if results.ok else "scenarios"
    return verdict


def _with_its_base(verdict: Verdict, found: Archive) -> Verdict:
    """What is advice in a workspace is an error here: a pack is taken over the very base it was written against."""
    extends = found.manifest["extends"]
    if not isinstance(extends, Mapping) or extends["sha256"] is None:
        return verdict
    if not any(one["code"] in _OTHER_BASE for one in verdict.findings):
        return verdict
    told = (
        f"It was written against {extends['pack']} {extends['version'] or ''}".rstrip()
        + f" with the archive {extends['sha256']}, and another one stands here. Install the base that it was written "
        "against, or ask for a version that was made for yours."
    )
    return replace(verdict, stage="meaning", refusals=[*verdict.refusals, Refusal("base", told)])


def _chain(loaded: loading.Loaded, pack: str) -> set[str]:
    """The pack and all that it extends, as far as they are known."""
    found: set[str] = set()
    at: str | None = pack
    while at is not None and at not in found:
        found.add(at)
        at = loaded.summaries[at].extends if at in loaded.summaries else None
    return found


def _note(verdict: Verdict, findings: list[Diagnostic], mine: set[str], texts: Mapping[str, str]) -> None:
    for one in findings:
        if len(verdict.findings) + len(verdict.others) >= MOST_FINDINGS:
            verdict.more += 1
            continue
        told = {**one.as_json(), "text": quoted(one.place, texts.get(one.place.file, ""))}
        (verdict.findings if _pack_of(one) in mine else verdict.others).append(told)


def _pack_of(finding: Diagnostic) -> str:
    return f"{finding.place.file}//".split("/")[1]


def _line(texts: Mapping[str, str], file: str, line: int) -> str:
    rows = texts.get(file, "").splitlines()
    return rows[line - 1][:160] if 0 < line <= len(rows) else ""
