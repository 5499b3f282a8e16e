"""What somebody has to do, said on a page: the verb first, why it is theirs, and how soon it is wanted.

Titles come from the definitions that the work is pinned to. Must not know any page's address.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from babel.dates import format_date

from engine.casework import Desk, urgency
from engine.casework.elsewhere import Awaited
from engine.casework.looks import Looked
from engine.casework.needs import Need
from webapp import speaking, words
from webapp.naming import form_title, person_names, role_title, stack_of, state_title, workflow_title
from webapp.tongues import N_, _, day_and_month, language, ngettext

GROUP_NAMES = {
    "overdue": N_("Overdue"),
    "back": N_("Sent back"),
    "today": N_("Today"),
    "week": N_("This week"),
    "later": N_("Later"),
    "undated": N_("No date"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to do. `about` is the case in words; `says` are what else one should know before opening it."""

    kind: str
    id: str
    what: str
    record: str
    record_id: str
    case: str | None
    about: str
    why: str
    says: tuple[str, ...]
    due: str
    late: bool
    form: str | None
    submission: str | None
    ends_by_hand: bool
    own: bool
    query: str | None
    """The id of the question that this asks to be answered."""
    revision: int | None
    """Of an action that may be ended from here."""


@dataclass(frozen=True, slots=True)
class Group:
    id: str
    name: str
    total: int
    lines: tuple[Line, ...]


def due_words(due: date | None, today: date) -> str:
    """2 days late; due today; due tomorrow; due on Friday; due 11 January 2027; no date."""
    if due is None:
        return _("No date")
    days = (due - today).days
    if days < 0:
        return ngettext("%(num)s day late", "%(num)s days late", -days)
    if days == 0:
        return _("Due today")
    if days == 1:
        return _("Due tomorrow")
    if due <= urgency.sunday(today):
        return _("Due on %(day)s", day=format_date(due, "EEEE", locale=language()))
    return _("Due %(day)s", day=day_and_month(due))


def grouped(desk: Desk, found: Iterable[Need], totals: Mapping[str, int], me: str | None) -> list[Group]:
    """Lines in the order in which they press, under how they press; each group's total is that of all pages."""
    lines: dict[str, list[Line]] = {one: [] for one in urgency.GROUPS}
    found = list(found)
    names = person_names(desk, [who for one in found for who in one.holders])
    labels = speaking.task_labels(desk)
    for one in found:
        lines[urgency.of_day(one.due, desk.today, back=one.back is not None)].append(
            _line(desk, one, labels, names, me)
        )
    return [
        Group(one, _(GROUP_NAMES[one]), totals.get(one, 0), tuple(there))
        for one, there in lines.items()
        if there
    ]


def _line(
    desk: Desk, one: Need, labels: Mapping[str, str], names: Mapping[str | None, str], me: str | None
) -> Line:
    about = ""
    if one.stack and one.workflow and one.state:
        stack = stack_of(desk, one.stack)
        title, state = (
            workflow_title(stack, one.workflow),
            state_title(stack, one.workflow, one.state),
        )
        about = _("%(workflow)s: %(state)s", workflow=title, state=state)
    says = []
    if one.to_confirm:
        says.append(
            ngettext(
                "%(num)s answer was carried from earlier: say whether it is still right",
                "%(num)s answers were carried from earlier: say whether they are still right",
                one.to_confirm,
            )
        )
    if one.back:
        day = words.day(desk.day_of(one.back))
        says.append(
            _("Sent back on %(day)s: %(reason)s", day=day, reason=one.sent_back)
            if one.sent_back
            else _("Sent back on %(day)s", day=day)
        )
    return Line(
        one.kind, one.id, _what(desk, one, labels), one.record_name, one.record, one.case, about,
        _why(desk, one, names, me), tuple(says), due_words(one.due, desk.today),
        one.due is not None and one.due < desk.today, one.form, one.submission,
        one.asked in ("rule", "own"), one.asked == "own", one.query, one.revision,
    )  # fmt: skip


def _what(desk: Desk, one: Need, labels: Mapping[str, str]) -> str:
    stack = stack_of(desk, one.stack) if one.stack else speaking.live_stack(desk)
    if one.kind == "decision":
        workflow = stack.workflows.get(one.workflow or "")
        ways = [way for name in one.ways if workflow and (way := workflow.transition(name))]
        return ways[0].label if len(ways) == 1 else _("Decide what comes next")
    if one.form is None:
        return labels.get(one.label, one.label)
    title = form_title(stack, one.form)
    if one.submission:
        return _("Go on with ‘%(form)s’", form=title)
    if one.sent_back is not None or one.kind == "returned":
        return _("Write ‘%(form)s’ again", form=title)
    return _("Write ‘%(form)s’", form=title)


def _why(desk: Desk, one: Need, names: Mapping[str | None, str], me: str | None) -> str:
    mine = me in one.holders
    holders = [names[who] for who in one.holders]
    if one.why == "named":
        return _("Asked by name")
    if one.why == "begun":
        return _("You began it") if me is not None else _("Begun and not handed in")
    if one.why == "sent":
        return _("It came back to you") if me is not None else _("It came back")
    if mine and me is not None:
        return _("You hold the case")
    if one.why == "holder" and holders:
        return _("%(people)s holds the case", people=words.and_list(holders)) if len(holders) == 1 else _(
            "%(people)s hold the case", people=words.and_list(holders)
        )  # fmt: skip
    if one.role:
        return _("Your role: %(role)s", role=_role(desk, one.role)) if me else _role(desk, one.role)
    return _("Your team holds the case") if me is not None else _("Held by a team")


def _role(desk: Desk, role: str) -> str:
    return role_title(speaking.live_stack(desk), role)


@dataclass(frozen=True, slots=True)
class AwaitedLine:
    what: str
    record: str
    record_id: str
    case: str | None
    who: str
    since: datetime
    days: int


def awaited_lines(desk: Desk, found: Iterable[Awaited]) -> list[AwaitedLine]:
    found = list(found)
    names = person_names(desk, [who for one in found for who in one.people])
    labels = speaking.task_labels(desk)
    lines = []
    for one in found:
        stack = stack_of(desk, one.stack) if one.stack else speaking.live_stack(desk)
        what = labels.get(one.label, one.label) if one.kind == "task" else form_title(stack, one.form or "")
        who = [names[who] for who in one.people] or [role_title(stack, role) for role in one.roles]
        days = (desk.today - desk.day_of(one.since)).days
        lines.append(
            AwaitedLine(
                what, one.record_name, one.record, one.case, words.and_list(who, "or"), one.since, days
            )
        )
    return lines


@dataclass(frozen=True, slots=True)
class SeenLine:
    name: str
    title: str
    case: str | None
    record_id: str


def seen_lines(desk: Desk, found: Iterable[Looked]) -> list[SeenLine]:
    """What somebody opened lately, with the title of the case where it was one."""
    return [
        SeenLine(
            one.record_name,
            workflow_title(stack_of(desk, one.stack), one.workflow) if one.stack and one.workflow else "",
            one.case,
            one.record,
        )
        for one in found
    ]
