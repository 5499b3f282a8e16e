"""Hostile texts wherever people write that is no form's answer, and the pages that show them.

Each text is in something: a query, task, action, reason, comment, line of a meeting, name of a person, team, place or
file, and what the pack and its workflow say of themselves. Must not know how pages are looked at.
"""

from __future__ import annotations

from datetime import date

from engine import packs
from engine.casework import (
    actions,
    cases,
    commenting,
    handing_over,
    keeping,
    links,
    markers,
    noting,
    people,
    queries,
    records,
    stacks,
    submissions,
    tasks,
    uploads,
)
from tests.support import hostile_changes
from tests.support.hostile_texts import FAMILIES, TEXTS
from tests.webapp.conftest import Place
from tests.webapp.test_meeting import MINUTES

IMAGE, SCRIPT, DRAWING = (
    "<img src=x onerror=hit(1)>",
    "<script>hit(1)</script>",
    "</option></select><svg onload=hit(1)>",
)
BLOCKS = ["\n".join(texts) for texts in FAMILIES.values()]
EVERYTHING = "\n".join([IMAGE, *TEXTS])
LINES = [" ".join(one.split()) for one in BLOCKS]
ROLES = ["worker", "manager", "administrator", "designer"]


def pack() -> packs.Pack:
    """The hostile pack, with minutes of a meeting besides."""
    return hostile_changes.pack({"form_definitions/little/minutes.yaml": MINUTES})


def worked_with(place: Place) -> list[str]:
    """Puts the texts in as casework takes them, of a record of Alice's; returns the pages that show them."""
    with place.desk() as desk:
        for who, name in (("alice", f'">{IMAGE}'), ("bob", SCRIPT), ("mary", DRAWING)):
            one = people.get(desk, place.ids[who])
            people.edit(desk, one.id, name=name, revision=one.revision)
        people.set_roles(desk, place.ids["alice"], ROLES)
        team = people.add_team(desk, DRAWING)
        for who in ("alice", "bob"):
            people.add_to_team(desk, place.ids[who], team.id)
    record, returned, draft = _sent_back(place)
    minutes = _held(place, record)
    with place.desk("alice") as desk:
        papers = submissions.open_draft(desk, "gathered", record=record).id
        kept = [
            uploads.add(desk, papers, "papers", f"{one}.txt", b"plain").id for one in (IMAGE, f'">{DRAWING}')
        ]
        submissions.save(desk, papers, {"papers": kept}, revision=1)
    query = _asked(place, record, returned)
    other = _ended(place, record)
    return [
        "/", "/open-cases", "/team", "/told", "/told?all=yes", "/start/", "/start/worries", "/people/",
        f"/people/{place.ids['bob']}", "/definitions/", "/search?q=hit",
        f"/handing-over?of={place.ids['alice']}&to={place.ids['bob']}&how=good",
        f"/records/{record}", f"/records/{record}/review", f"/records/{record}/chronology",
        f"/records/{record}/keeping", f"/records/{record}/ask", f"/records/{record}/copy?for=file",
        f"/cases/{returned}", f"/cases/{returned}/people", f"/cases/{returned}/tasks",
        f"/cases/{returned}/chronology", f"/cases/{other}", f"/queries/{query}",
        f"/forms/{draft}", f"/forms/{draft}/what", f"/meetings/{minutes}", f"/meetings/{minutes}/read",
        f"/forms/{papers}/papers_part", f"/forms/{papers}/check",
    ]  # fmt: skip


def _sent_back(place: Place) -> tuple[str, str, str]:
    """A form that Mary sent back, commented at every question; its writer's new draft: record, case, draft."""
    record = place.child(first=IMAGE, last=SCRIPT)
    case = place.case(record)
    sent = place.draft(record, case)
    with place.desk("alice") as desk:
        submissions.submit(desk, sent, revision=1, answers={"story": IMAGE, "danger": False})
        actions.open(desk, record, IMAGE, owner=SCRIPT, progress=EVERYTHING, measure=DRAWING)
        for one in LINES:
            tasks.add(desk, record, one, case=case)
        withdrawn = tasks.add(desk, record, IMAGE, case=case)
        tasks.withdraw(desk, withdrawn.id, EVERYTHING)
    with place.desk("mary") as desk:
        tasks.add(desk, record, f"For Alice {IMAGE}", case=case, person=place.ids["alice"])
        said = dict(zip(("", "story", "danger", "harms", "seen_on"), [EVERYTHING, *BLOCKS], strict=False))
        ready = commenting.ready(desk, sent, said)
        assert ready is not None
        cases.fire(desk, case, "ask_again", revision=cases.get(desk, case).revision, reason=EVERYTHING)
        commenting.put(desk, ready)
    with place.desk("alice") as desk:
        draft = submissions.open_draft(desk, "worry", record=record, case=case).id
        [about, *_] = commenting.asked(desk, draft)
        commenting.answer(desk, draft, {about.id: (EVERYTHING, True)})
    return record, case, draft


def _held(place: Place, record: str) -> str:
    """Minutes with a line of each family, who came, what was agreed and what somebody took away."""
    with place.desk("alice") as desk:
        minutes = submissions.open_draft(desk, "minutes", record=record).id
        for one in (IMAGE, *LINES):
            noting.add_line(desk, minutes, "home_talk", one)
        noting.add_present(desk, minutes, f"{IMAGE} {SCRIPT}")
        for one in (IMAGE, *LINES[:3]):
            noting.add_row(desk, minutes, "agreed", {"what": one, "owner": DRAWING})
            noting.add_row(desk, minutes, "take_away", {"to_ask": one, "taken_by": place.ids["mary"]})
    return minutes


def _asked(place: Place, record: str, case: str) -> str:
    """Queries of every family, one of them answered, asked again and answered, one taken back."""
    with place.desk("mary") as desk:
        for one in BLOCKS:
            queries.ask(desk, record, one, case=case, person=place.ids["alice"])
        asked = queries.ask(desk, record, EVERYTHING, person=place.ids["alice"])
        gone = queries.ask(desk, record, IMAGE)
        queries.withdraw(desk, gone.id, EVERYTHING, revision=gone.revision)
    for text in (EVERYTHING, IMAGE):
        with place.desk("alice") as desk:
            asked = queries.answer(desk, asked.id, text, revision=asked.revision)
        if text == EVERYTHING:
            with place.desk("mary") as desk:
                asked = queries.ask_again(desk, asked.id, EVERYTHING, revision=asked.revision)
    return asked.id


def _ended(place: Place, record: str) -> str:
    """What is over and says why: a marker, a link, a hold, work handed over and back; a case that was withdrawn."""
    with place.desk("mary") as desk:
        spot = records.create(desk, "place", {"place_name": IMAGE, "kept_apart": EVERYTHING})
        link = links.add(desk, record, spot.id, purpose=EVERYTHING)
        links.end(desk, link.id, why=EVERYTHING)
        links.add(desk, record, spot.id, purpose=EVERYTHING)
        marker = markers.open(desk, record, "signs", "missing")
        markers.end(desk, marker.id, why=EVERYTHING)
        hold = keeping.hold(desk, record, EVERYTHING, date(2027, 1, 1))
        keeping.lift(desk, hold.id, EVERYTHING)
        keeping.hold(desk, record, IMAGE, date(2027, 1, 1))
    other = place.case(record)
    with place.desk("alice") as desk:
        at = cases.get(desk, other).revision
        cases.fire(desk, other, "withdraw", revision=at, reason=EVERYTHING)
    mine = place.child("bob", first=SCRIPT, last=IMAGE)
    place.case(mine, "bob")
    with place.desk("mary") as desk:
        made = handing_over.hand_over(desk, place.ids["bob"], place.ids["alice"])
        assert made.id
    return other


def published(place: Place) -> None:
    with place.desk() as desk:
        stacks.publish(desk, pack())
