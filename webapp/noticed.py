"""What somebody is told, in words, in the language of the page: which date it is, and who handed what over until when.

Must not know where it is shown, nor what was written by anybody: a date is called what its definitions call it.
"""

from __future__ import annotations

from collections.abc import Iterable

from engine.casework import Desk, notices, noticing
from engine.casework.chronology import deadline_title
from engine.casework.noticing import Handed
from engine.casework.values import Notification
from webapp import speaking
from webapp.naming import person_names, stack_of
from webapp.tongues import _, day_and_month


def said(desk: Desk, told: Iterable[Notification]) -> dict[str, str]:
    """The words of each notice, by its id; all that they need is read at once."""
    told = list(told)
    dates, handed = noticing.dates(desk, told), noticing.handed(desk, told)
    names = person_names(desk, [who for one in handed.values() for who in (one.giver, one.taker)])
    found = {}
    for one in told:
        thing = one.thing or ""
        if thing in dates:
            date = dates[thing]
            what = deadline_title(stack_of(desk, date.stack), date.workflow, date.what)
            found[one.id] = (
                _("A date has passed: ‘%(what)s’.", what=what)
                if one.kind == "passed"
                else _("A date is near: ‘%(what)s’.", what=what)
            )
        elif thing in handed:
            found[one.id] = _handed(one.kind, handed[thing], names)
        elif one.kind in notices.SAID:
            found[one.id] = _(notices.SAID[one.kind])
        else:
            found[one.id] = speaking.told(one.message)
    return found


def _handed(kind: str, one: Handed, names: dict[str | None, str]) -> str:
    giver, taker = names[one.giver], names[one.taker]
    day = day_and_month(one.until) if one.until else ""
    match kind:
        case "gave" if day:
            words = _("Your work was handed over to %(name)s until %(day)s.", name=taker, day=day)
        case "gave":
            words = _("Your work was handed over to %(name)s.", name=taker)
        case "took" if day:
            words = _("The work of %(name)s was handed over to you until %(day)s.", name=giver, day=day)
        case "took":
            words = _("The work of %(name)s was handed over to you.", name=giver)
        case "came_back":
            words = _("What %(name)s held for you has come back to you.", name=taker)
        case _other:
            words = _("What you held for %(name)s has gone back.", name=giver)
    return str(words)
