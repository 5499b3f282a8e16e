"""Searching: only ever what the person may see, counts included, since the search itself is filtered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, request, url_for

from engine.casework import Desk, excerpts, likeness, records, searching
from engine.casework.excerpts import Line, Pieces
from engine.casework.searching import Filters, Hit
from engine.casework.values import Found
from webapp.numbers import whole
from webapp.showing import Page, page, shows
from webapp.speaking import live_stack, pinned
from webapp.tongues import N_, _
from webapp.words import form_state

pages = Blueprint("search", __name__)
MOST = 50
KINDS = {
    "record": N_("Records"), "case": N_("Cases"), "form": N_("Forms that were sent"), "note": N_("Notes"),
    "action": N_("Actions"),
}  # fmt: skip
STATES = {"open": N_("Open"), "closed": N_("Closed")}


@dataclass(frozen=True, slots=True)
class Shown:
    """One thing found, as the page lists it."""

    line: Line
    url: str
    what: str
    tags: tuple[tuple[str, str], ...]
    type: str


@dataclass(frozen=True, slots=True)
class Query:
    """What was asked, as it stands in the page's address."""

    q: str = ""
    kind: str = ""
    type: str = ""
    state: str = ""
    mine: str = ""

    def at(self, **other: str | int) -> str:
        """The address of this search, with some of it otherwise; what is empty is left out."""
        asked = {one: getattr(self, one) for one in self.__slots__} | other
        return url_for("search.look", **{name: value for name, value in asked.items() if value})

    @property
    def narrowed(self) -> bool:
        return bool(self.kind or self.type or self.state or self.mine)


@pages.get("/search")
@shows("record", "find")
def look(desk: Desk) -> Page:
    types = {one.id: one.title for one in live_stack(desk).records.values()}
    asked = Query(
        request.args.get("q", "").strip()[: likeness.LONGEST_SEARCH],
        _known(request.args.get("kind", ""), KINDS),
        _known(request.args.get("type", ""), types),
        _known(request.args.get("state", ""), STATES),
        "yes" if request.args.get("mine") == "yes" else "",
    )
    filters = Filters(
        kinds=(asked.kind,) if asked.kind else (),
        types=(asked.type,) if asked.type else (),
        closed={"open": False, "closed": True}.get(asked.state),
        mine=bool(asked.mine),
    )
    found = searching.search(desk, asked.q, filters, page=whole(request.args.get("page", "")) or 1)
    lines = excerpts.of(desk, found.hits, asked.q, lambda stack: pinned(desk, stack).stack)
    listed = records.find(desk, types=filters.types, limit=MOST) if asked.type and not asked.q else []
    return page(
        "search.html",
        _("Search: %(words)s", words=asked.q) if asked.q else _("Search"),
        query=asked,
        kinds={one: _(name) for one, name in KINDS.items()},
        states={one: _(name) for one, name in STATES.items()},
        types=types,
        found=found,
        lines=[_shown(desk, one, types) for one in lines or map(_as_line, listed)],
        listed=bool(listed),
        most=MOST,
        meant=_meant(asked.q, lines) if found.total and not found.exact else "",
        alone=searching.each_word(desk, asked.q, filters) if asked.q and not found.total else [],
    )


def _known(given: str, choices: object) -> str:
    return given if given in choices else ""  # type: ignore[operator]


def _as_line(one: Found) -> Line:
    """A record listed without any words, as one that was found."""
    hit = Hit("record", one.id, one.id, None, searching.SAME, one.changed_at)
    return Line(hit, ((one.name, False),), one.type, one.closed_at)


def _shown(desk: Desk, line: Line, types: dict[str, str]) -> Shown:
    hit = line.hit
    tags = [(_("Closed"), "grey")] if line.closed_at else []
    url, what = url_for("records.show", record=hit.record), ""
    match hit.kind:
        case "case":
            url = url_for("cases.show", case=hit.item)
            workflow = pinned(desk, line.stack or "").stack.workflows.get(line.what or "")
            state = workflow.state(line.state or "") if workflow else None
            what = workflow.title if workflow else _("Case")
            tags = [*tags, *([(state.title, "")] if state and not line.closed_at else [])]
        case "form":
            url = url_for("reading.read", submission=hit.item, about=hit.record)
            form = pinned(desk, line.stack or "").stack.forms.get(line.what or "")
            what = form.title if form else _("Form")
            tags = [form_state(line.state or "")]
        case "note":
            url, what = f"{url}#notes", _("Note")
        case "action":
            url, what = f"{url}#actions", _("Action")
    return Shown(line, url, what, tuple(tags), types.get(line.type, ""))


def _meant(words: str, lines: Sequence[Line]) -> str:
    """What somebody may have meant, in words that stand in what was found and in nothing else."""
    there: dict[str, str] = {}
    for one in lines:
        for text, hit in _passages(one):
            if hit:
                for start, end, ways in likeness.words_in(text):
                    there |= dict.fromkeys(ways, text[start:end])
    found = [there.get(likeness.closest_word(one, there) or one) for one in likeness.asked(words).words]
    return " ".join(one for one in found if one) if all(found) else ""


def _passages(line: Line) -> Pieces:
    return (*line.name, *(piece for said in line.said for piece in said.pieces))
