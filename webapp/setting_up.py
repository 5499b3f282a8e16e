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
from webapp.tongues import N_, _, ngettext

MOST_FINDINGS = 20
"""Shown for each file; the rest are counted."""
MOST_FILES = 20

STATES = {
    "draft": (N_("Draft"), "blue"),
    "proposed": (N_("Waiting for a second person"), "yellow"),
    "agreed": (N_("Agreed, being made live"), "yellow"),
    "live": (N_("Made live"), "green"),
    "refused": (N_("Refused"), "red"),
    "withdrawn": (N_("Taken back"), "grey"),
}
SEVERITIES = {
    "error": (N_("Has to be put right"), "red"),
    "warning": (N_("Look at this"), "yellow"),
    "advice": (N_("Advice"), "grey"),
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
        return Taken(refused=(_("A pack archive holds a whole pack. Load it by itself."),))
    return _whole_pack(archives[0], live, today)


def _whole_pack(one: Brought, live: packs.Pack, today: date) -> Taken:
    verdict = archive_limits.judge_archive(one.data, None, today)
    if verdict["refusals"]:
        return Taken(refused=tuple(told["message"] for told in verdict["refusals"]))
    found = archive_reading.read(one.data)
    layers = [layer.pack for layer in live.stack.layers]
    if found.pack not in layers:
        told = _(
            "This is the pack ‘%(pack)s’. Yours is ‘%(id)s’, made of: %(packs)s.",
            pack=found.pack,
            id=live.id,
            packs=", ".join(layers),
        )
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
        return _("It is agreed, and could not be made live yet: %(error)s", error=error)
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
    "form": (N_("Form"), "forms"),
    "workflow": (N_("Workflow"), "workflows"),
    "list": (N_("List"), "lists"),
    "record": (N_("Record type"), "records"),
}
_OTHERS = {
    "pack": N_("The pack itself"),
    "conditions": N_("Conditions with a name"),
    "terms": N_("Words used everywhere"),
    "access": N_("Who may do what"),
    "scenarios": N_("Scenarios"),
}


def _title(owner: str, live: Stack) -> str:
    kind, _dot, id = owner.partition(":")
    if not id:
        return str(_(_OTHERS.get(kind, kind)))
    word, holder = _DOCUMENTS[kind]
    element = getattr(live, holder).get(id)
    return f"{_(word)}: {element.title if element is not None else id}"


def _affected(owner: str, drafts: Mapping[str, int], cases: Mapping[str, int]) -> str:
    kind, _dot, id = owner.partition(":")
    if kind == "form" and (count := drafts.get(id, 0)):
        said: str = ngettext(
            "%(num)s open draft is pinned to the earlier version and stays as it was begun.",
            "%(num)s open drafts are pinned to the earlier version and stay as they were begun.",
            count,
        )
        return said
    if kind == "workflow" and (count := cases.get(id, 0)):
        return str(
            ngettext(
                "%(num)s open case goes on under the earlier version.",
                "%(num)s open cases go on under the earlier version.",
                count,
            )
        )
    return ""
