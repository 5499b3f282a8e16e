"""What every page shows around its own matter: who is signed in, where they may go, what is wrong with definitions.

Read once a request while the desk is open, and handed to the templates when the page is drawn.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, g, request, url_for
from markupsafe import Markup

from engine.casework import Desk, access, people, stacks, told
from engine.casework.errors import NoStack
from webapp import markdown, speaking, switching, tongues, words
from webapp.tongues import N_, _

PLACES = (
    (N_("My work"), "work.home", None),
    (N_("Team"), "team.home", "team"),
    (N_("Start something"), "start.choose", None),
    (N_("Search"), "search.look", None),
    (N_("Told to you"), "notices.every", None),
    (N_("People"), "people.all_people", "people"),
    (N_("Keeping"), "keeping.due", "keeping"),
    (N_("Audit"), "audit.look", "audit"),
    (N_("Forms and workflows"), "definitions.packs_in_use", "definitions"),
)

STANDS_ELSEWHERE = {"notices.settings": "", "notices.letters": "people"}
"""Pages that no place, or another, leads to than the one that their address would say."""


@dataclass(frozen=True, slots=True)
class Me:
    id: str
    name: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Surroundings:
    me: Me
    jobs: frozenset[str]
    today: date
    zone: ZoneInfo
    version: str
    language: str
    tongues: tuple[speaking.Tongue, ...]
    trouble: tuple[Mapping[str, Any], ...]
    marking: str = ""
    printed_at: datetime | None = None
    unread: int = 0


def note_surroundings(desk: Desk) -> None:
    """Reads what the page's frame needs, while the desk is open."""
    person = people.me(desk)
    tongues.reads_in(person.language)
    me = Me(person.id, person.name, tuple(person.roles))
    try:
        pack = speaking.live(desk)
    except NoStack:
        return
    stack = pack.stack
    tongues.speak_on_page(stack.manifest.language)
    speaking.note_pack(pack)
    jobs = frozenset(job for job in ("people", "definitions", "audit") if access.manages(desk, job))
    jobs |= {"team"} if access.steers(desk) else set()
    jobs |= {"keeping"} if access.may_ever(desk, "destroy") else set()
    trouble = stacks.trouble(desk)
    found = tuple((trouble.report.get("diagnostics") or ()) if trouble else ())
    errors = tuple(one for one in found if one.get("severity") == "error") or found
    zone = ZoneInfo(stack.manifest.zone)
    g.surroundings = Surroundings(
        me, jobs, desk.today, zone, f"{stack.manifest.title} {stack.manifest.version}",
        stack.manifest.language, speaking.tongues(pack), errors,
        stack.manifest.marking or _("OFFICIAL-SENSITIVE"), desk.now, told.unread(desk),
    )  # fmt: skip


def around_pages(app: Flask, authority_name: Any, mode: str) -> None:
    """Gives templates their filters and what `note_surroundings` read."""

    @app.context_processor
    def around() -> dict[str, Any]:
        found: Surroundings | None = g.get("surroundings")
        stands_in = STANDS_ELSEWHERE.get(request.endpoint or "", request.blueprint)
        navigation = [
            {
                "label": _counted(_(label), found.unread if endpoint == "notices.every" else 0),
                "url": url_for(endpoint),
                "here": stands_in == endpoint.partition(".")[0],
            }
            for label, endpoint, job in PLACES
            if found and (job is None or job in found.jobs)
        ]
        return {
            "problems": (),
            "caption": "",
            "me": found.me if found else None,
            "jobs": found.jobs if found else frozenset(),
            "today": found.today if found else None,
            "navigation": navigation,
            "mode": mode,
            "authority_name": authority_name(),
            "definition_trouble": found.trouble if found else (),
            "stack_version": found.version if found else "",
            "marking": found.marking if found else "",
            "printed_at": found.printed_at if found else None,
            "page_language": tongues.language(),
            "tongues": found.tongues if found else speaking.tongues_at_the_door(),
            "typed_in": "",
            "this_address": this_address(),
        }

    app.jinja_env.filters["day"] = words.day
    app.jinja_env.filters["moment"] = moment_here
    app.jinja_env.filters["markdown"] = markdown.html
    app.jinja_env.filters["safe_json"] = safe_json
    app.jinja_env.filters["form_state"] = words.form_state


def _counted(label: str, count: int) -> str:
    """A place with how much is new there, in words that everybody gets; above what is counted, that it is more."""
    if not count:
        return label
    much = f"{count - 1}+" if count >= told.MOST_COUNTED else str(count)
    return str(_("%(place)s (%(count)s new)", place=label, count=much))


def stands_at(address: str) -> None:
    """Says of a page that is drawn in answer to a post where the same page can be had again; empty: nowhere."""
    g.stands_at = address


def this_address() -> str:
    """Where this page can be had again; nothing where it cannot, as one drawn at an address that is only posted to."""
    if request.method == "POST" and "stands_at" in g:
        return str(g.stands_at)
    again = request.method == "GET" or (
        request.url_rule is not None and "GET" in (request.url_rule.methods or ())
    )
    return switching.without(request.full_path.rstrip("?")) if again else ""


def moment_here(at: datetime | None) -> str:
    """A moment by the clock of the pack's own zone."""
    found: Surroundings | None = g.get("surroundings")
    return words.moment(at, found.zone if found else ZoneInfo("UTC"))


def safe_json(value: Any) -> Markup:
    """JSON for a data block inside a page: no text in it can end the block."""
    text = json.dumps(value, default=_plain, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"))


def _plain(value: object) -> object:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, (set, frozenset, tuple)):
        return sorted(value) if isinstance(value, (set, frozenset)) else list(value)
    if isinstance(value, Mapping):
        return dict(value)
    return str(value)
