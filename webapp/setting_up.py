"""Between the Set-up pages and what judges definitions: files taken, changes judged, findings and differences in order.

Nothing here asks the database but to read what is to be judged. Must not know routes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from engine import packs
from engine.casework import Desk, proposals, stacks
from engine.casework.errors import CaseworkError
from engine.casework.proposals import Judged, Proposal
from engine.language.model import Stack
from engine.packs import archive_limits, archive_reading, offering
from engine.packs.offering import Brought
from webapp.publishing import publish_agreed_in_a_process
from webapp.settings import Settings

MOST_FINDINGS = 20
"""Shown for each file; the rest are counted."""
MOST_FILES = 20

STATES = {
    "draft": ("Draft", "blue"),
    "proposed": ("Waiting for a second person", "yellow"),
    "agreed": ("Agreed, being made live", "yellow"),
    "live": ("Made live", "green"),
    "refused": ("Refused", "red"),
    "withdrawn": ("Taken back", "grey"),
}
SEVERITIES = {
    "error": ("Has to be put right", "red"),
    "warning": ("Look at this", "yellow"),
    "advice": ("Advice", "grey"),
}


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken of the files that somebody brought, and why the rest was not."""

    files: Mapping[str, str | None] = field(default_factory=dict)
    refused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Job:
    """A change to be judged: what the stack would be, over what is live, on which day."""

    texts: Mapping[str, str]
    before: Mapping[str, str]
    base: str
    pack: str
    today: date


def take(brought: Sequence[Brought], live: packs.Pack, today: date) -> Taken:
    """What the files would be in the live pack. An archive stands for a whole pack and comes alone."""
    archives = [one for one in brought if one.is_archive]
    if not archives:
        offer = offering.offered(brought, live.texts, live.id)
        return Taken(offer.files, tuple(one.message for one in offer.refusals))
    if len(brought) > 1:
        return Taken(refused=("A pack archive holds a whole pack. Load it by itself.",))
    return _whole_pack(archives[0], live, today)


def _whole_pack(one: Brought, live: packs.Pack, today: date) -> Taken:
    verdict = archive_limits.judge_archive(one.data, None, today)
    if verdict["refusals"]:
        return Taken(refused=tuple(told["message"] for told in verdict["refusals"]))
    found = archive_reading.read(one.data)
    layers = [layer.pack for layer in live.stack.layers]
    if found.pack not in layers:
        told = f"This is the pack ‘{found.pack}’. Yours is ‘{live.id}’, made of: {', '.join(layers)}."
        return Taken(refused=(told,))
    return Taken(offering.whole(found, live.texts).files)


def job_of(desk: Desk, found: Proposal, files: Mapping[str, str | None]) -> Job:
    """What is to be judged if the change had these files, over what is live now."""
    live = stacks.live(desk)
    return Job(proposals.texts(desk, found, files), dict(live.texts), live.hash, live.id, desk.today)


def judge(job: Job, refused: Sequence[str] = ()) -> Judged:
    """The verdict on a change, with what of the files was not taken noted in it."""
    verdict = archive_limits.judge_definitions(job.texts, job.pack, job.today, job.before)
    return Judged(job.base, {**verdict, "refused": list(refused)})


def publishing_step(settings: Settings, authority: str) -> str:
    """Have what was agreed to published by the step that may make columns; says what went wrong, if anything."""
    try:
        publish_agreed_in_a_process(settings, authority)
    except CaseworkError as error:
        return f"It is agreed, and could not be made live yet: {error}"
    return ""


@dataclass(frozen=True, slots=True)
class InFile:
    """What was found in one file: the first findings, and how many more there are."""

    file: str
    shown: Sequence[Mapping[str, Any]]
    more: int


@dataclass(frozen=True, slots=True)
class Found:
    """What judging found: by file, and how much is not shown."""

    files: Sequence[InFile]
    more_files: int
    more: int
    errors: int
    failures: Sequence[Mapping[str, Any]]
    more_failures: int
    refusals: Sequence[str]
    refused: Sequence[str]


def findings(found: Proposal) -> Found:
    """Findings by file, those that have to be put right first."""
    report = found.report
    told = [*report.get("diagnostics", ()), *report.get("others", ())]
    ranked = sorted(
        told, key=lambda one: (one["file"], one["severity"] != "error", one["line"], one["column"])
    )
    files = []
    for file, several in groupby(ranked, key=lambda one: one["file"]):
        listed = list(several)
        files.append(InFile(file, listed[:MOST_FINDINGS], len(listed) - len(listed[:MOST_FINDINGS])))
    files.sort(key=lambda one: (all(finding["severity"] != "error" for finding in one.shown), one.file))
    failures = list(report.get("scenarios", {}).get("failed", ()))
    hidden = sum(len(one.shown) + one.more for one in files[MOST_FILES:])
    return Found(
        files[:MOST_FILES],
        len(files[MOST_FILES:]),
        hidden + int(report.get("more", 0)),
        sum(one["severity"] == "error" for one in told),
        failures[:MOST_FINDINGS],
        len(failures) - len(failures[:MOST_FINDINGS]),
        [one["message"] for one in report.get("refusals", ())],
        list(report.get("refused", ())),
    )


@dataclass(frozen=True, slots=True)
class Group:
    """What differs in one document, and what is under way with the earlier one."""

    title: str
    differences: Sequence[Mapping[str, Any]]
    affected: str


def grouped(found: Proposal, live: Stack, drafts: Mapping[str, int], cases: Mapping[str, int]) -> list[Group]:
    """Differences by document, in the words of what is live."""
    told = found.report.get("differences", ())
    return [
        Group(_title(owner, live), list(several), _affected(owner, drafts, cases))
        for owner, several in groupby(told, key=lambda one: one["owner"])
    ]


_DOCUMENTS = {
    "form": ("Form", "forms"),
    "workflow": ("Workflow", "workflows"),
    "list": ("List", "lists"),
    "record": ("Record type", "records"),
}
_OTHERS = {
    "pack": "The pack itself",
    "conditions": "Conditions with a name",
    "terms": "Words used everywhere",
    "access": "Who may do what",
    "scenarios": "Scenarios",
}


def _title(owner: str, live: Stack) -> str:
    kind, _, id = owner.partition(":")
    if not id:
        return _OTHERS.get(kind, kind)
    word, holder = _DOCUMENTS[kind]
    element = getattr(live, holder).get(id)
    return f"{word}: {element.title if element is not None else id}"


def _affected(owner: str, drafts: Mapping[str, int], cases: Mapping[str, int]) -> str:
    kind, _, id = owner.partition(":")
    if kind == "form" and (count := drafts.get(id, 0)):
        return (
            "1 open draft is pinned to the earlier version and stays as it was begun."
            if count == 1
            else f"{count} open drafts are pinned to the earlier version and stay as they were begun."
        )
    if kind == "workflow" and (count := cases.get(id, 0)):
        return (
            "1 open case goes on under the earlier version."
            if count == 1
            else f"{count} open cases go on under the earlier version."
        )
    return ""
