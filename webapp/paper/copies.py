"""What every copy says of itself: whose it is, who made it, when and for whom, and by which numbers others know it."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from engine.casework import Desk, people, records, stacks
from engine.casework.readers import Reader
from engine.language.model import Stack
from webapp.paper.making import Copy
from webapp.tongues import _
from webapp.words import moment


def copy_for(
    desk: Desk,
    reader: Reader,
    stack: Stack,
    *,
    facts: tuple[tuple[str, str], ...] = (),
    gone: Mapping[str, str],
) -> Copy:
    """A copy for a reader. Who may have all of it on file is not told that something is left out; others are."""
    notice = _("Some of what is on file is not in this copy.") if gone and reader.reads_as != "file" else ""
    return Copy(
        source=stacks.live(desk).stack.manifest.title,
        made_by=people.me(desk).name,
        made_at=moment(desk.now, ZoneInfo(stack.manifest.zone)),
        reader=reader.label,
        facts=facts,
        notices=(notice,) if notice else (),
    )


def numbers_of(desk: Desk, record: str) -> tuple[tuple[str, str], ...]:
    """The numbers by which other systems know a record, so that the copy finds its place there."""
    found = records.get(desk, record)
    kind = desk.stack.records.get(found.type)
    labels = {one.id: one.label for one in kind.identifiers} if kind else {}
    return tuple((labels.get(one.system, one.system), one.number) for one in found.identifiers)
