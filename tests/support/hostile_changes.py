"""Hostile texts in what comes after writing: versions, texts side by side, changes to definitions, maps, what is gone.

Each returns the addresses of the pages that show them; `POSTS` of a world are posts that are answered with a page
instead of leading on. Must not know how pages are looked at.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date

from engine import packs
from engine.casework import (
    Stale,
    amending,
    cases,
    ids,
    keeping,
    links,
    markers,
    notes,
    people,
    proposals,
    records,
    stacks,
    submissions,
    tasks,
    told,
    unsaved,
)
from engine.casework.proposals import Judged
from engine.packs import archive_judging, offering
from tests.support.hostile_texts import FAMILIES, TEXTS, hostile_pack, quoted
from tests.webapp.conftest import LITTLE, Place
from tests.webapp.test_together import FAMILY

IMAGE, SCRIPT, DRAWING = (
    "<img src=x onerror=hit(1)>",
    "<script>hit(1)</script>",
    "</option></select></title></desc></text></svg><svg onload=hit(1)>",
)
BLOCKS = ["\n".join(texts) for texts in FAMILIES.values()]
EVERYTHING = "\n".join([IMAGE, DRAWING, *TEXTS])
OTHERWISE = "\n".join([DRAWING, *reversed(TEXTS), IMAGE])
ROLES = ["worker", "manager", "administrator", "designer", "auditor"]

DRAWN = f"""
form: map_of_places
title: {quoted(DRAWING)}
about: child
draw: {{map: on_it}}
sections:
  - id: places_part
    title: {quoted(IMAGE)}
    questions:
      - id: on_it
        type: repeat
        label: {quoted(SCRIPT)}
        questions:
          - {{id: called, type: text, label: {quoted(IMAGE)}}}
          - id: near
            type: choose_one
            label: How near?
            options: [{{id: one, label: {quoted(DRAWING)}}}, {{id: two, label: Two}}]
---
form: triangle_of_it
title: {quoted(IMAGE)}
about: child
draw: {{triangle: [top, left, right], stands: [top_stands, left_stands, right_stands]}}
sections:
""" + "".join(
    f"  - id: {one}\n    title: {quoted(DRAWING)}\n    questions:\n      - {{id: {one}_stands, type: choose_one, "
    f"label: {quoted(SCRIPT)}, options: [{{id: one, label: {quoted(DRAWING)}}}, {{id: two, label: Two}}]}}\n"
    for one in ("top", "left", "right")
)  # fmt: skip


def pack(more: Mapping[str, str]) -> packs.Pack:
    """The hostile pack with forms that are drawn and one about several children; a manager may destroy."""
    forms, workflow = FAMILY.read_text(encoding="utf-8").split("---\nworkflow:")
    access = (LITTLE / "form_definitions" / "little" / "access.yaml").read_text(encoding="utf-8")
    return hostile_pack(
        {
            "form_definitions/little/family.yaml": forms,
            "workflows/little/family.yaml": f"workflow:{workflow}",
            "form_definitions/little/drawn.yaml": DRAWN,
            "form_definitions/little/access.yaml": access.replace(
                "decide, restrict]", "decide, restrict, destroy]"
            ),
            **more,
        }
    )


@dataclass
class Changed:
    """What was put in: the pages that show it, and posts that are answered with a page (address, fields, status)."""

    pages: list[str] = field(default_factory=list)
    posts: list[tuple[str, dict[str, Sequence[str]], int]] = field(default_factory=list)


def changed_with(place: Place) -> Changed:
    """Puts the texts in as casework takes them, of records of Alice's, who may do everything."""
    with place.desk() as desk:
        people.set_roles(desk, place.ids["alice"], ROLES)
    found = Changed()
    record = place.child(first=IMAGE, last=DRAWING)
    for put in (_amended, _aside, _put_right, _drawn, _about_several, _kept):
        put(place, found, record)
    _proposed(place, found)
    _gone(place, found)
    return found


def _sent(place: Place, record: str, story: str) -> tuple[str, str]:
    case = place.case(record)
    draft = place.draft(record, case)
    with place.desk("alice") as desk:
        rows = [{"_row": "1" * 32, "place_text": story.replace("\n", " ")}]
        submissions.submit(desk, draft, revision=1, answers={"story": story, "danger": False, "places": rows})
    return case, draft


def _amended(place: Place, found: Changed, record: str) -> None:
    """A form sent, a second version that says otherwise, and what was typed after that into the first."""
    case, first = _sent(place, record, EVERYTHING)
    with place.desk("alice") as desk:
        second = amending.begin(desk, first)
        draft = submissions.get(desk, second)
        rows = [{"_row": "1" * 32, "place_text": IMAGE}, {"_row": "2" * 32, "place_text": SCRIPT}]
        answers = {
            "danger": False,
            "story": OTHERWISE,
            "harms": ["other"],
            "harms.other": DRAWING,
            "places": rows,
        }
        submissions.submit(desk, second, revision=draft.revision, answers=answers)
    found.pages += [f"/forms/{second}/changes", f"/forms/{second}/read", f"/forms/{first}/read",
                    f"/forms/{second}/sent", f"/forms/{second}/withdraw", f"/forms/{second}/copy?for=file",
                    f"/cases/{case}/do/ask_again", f"/cases/{case}/copy?for=file", f"/cases/{case}/pause"]  # fmt: skip
    found.posts += [
        (f"/forms/{second}/what", {"a.@section": ["what"], "revision": ["1"], "a.story": [EVERYTHING]}, 409),
        (f"/cases/{case}/do/ask_again", {"revision": ["1"], "reason": [EVERYTHING]}, 200),
    ]


def _aside(place: Place, found: Changed, record: str) -> None:
    """Two people's answers, side by side: of a form, and of a record's own fields."""
    case = place.case(record)
    draft = place.draft(record, case)
    row = {"_row": "3" * 32}
    marys = {"story": EVERYTHING, "harms": ["other"], "harms.other": IMAGE, "places": [{**row, "place_text": SCRIPT}],
             "framework": {"home": {"worried": DRAWING}}}  # fmt: skip
    alices = {"story": OTHERWISE, "harms": ["other"], "harms.other": SCRIPT,
              "places": [{**row, "place_text": DRAWING}], "framework": {"home": {"worried": IMAGE}}}  # fmt: skip
    place.saved(draft, marys, "mary")
    aside = None
    with suppress(Stale), place.desk("alice") as desk:
        submissions.save(desk, draft, alices, revision=1)
    with place.desk("alice") as desk:
        [aside] = submissions.asides(desk, draft)
        fields = records.get(desk, record)
        records.edit(
            desk, record, {**fields.fields, "last_name": f"{DRAWING} again"}, revision=fields.revision
        )
    found.pages += [f"/forms/{draft}/choose/{aside.id}", f"/forms/{draft}", f"/cases/{case}/withdraw"]
    stale = {
        "revision": [str(fields.revision)],
        "a.first_name": [IMAGE],
        "a.last_name": [f"{SCRIPT} {IMAGE}"],
    }
    found.posts += [
        (f"/forms/{draft}/what", {"a.@section": ["what"], "revision": ["1"], "a.story": [SCRIPT]}, 409),
        (f"/records/{record}/edit", {"a.@section": ["fields"], **stale}, 409),
        # Typed into boxes for numbers and days, it is given back beside what is wrong with it.
        (f"/forms/{draft}/what", {"a.@section": ["what"], "revision": ["2"], "action": ["continue"],
                                  "a.how_many": [IMAGE], "a.seen_on.day": [SCRIPT], "a.at_time": [DRAWING]}, 200),
    ]  # fmt: skip


def _put_right(place: Place, found: Changed, record: str) -> None:
    """A note put right, a marker and a link that end, a hold, boxes that are given back what was typed in them."""
    with place.desk("alice") as desk:
        note = notes.add(desk, record, EVERYTHING)
        note = notes.edit(desk, note.id, OTHERWISE, revision=note.revision)
        marker = markers.open(desk, record, "signs", "missing")
        spot = records.create(desk, "place", {"place_name": DRAWING})
        links.add(desk, record, spot.id, purpose=EVERYTHING)
        keeping.hold(desk, record, EVERYTHING, date(2027, 1, 1))
        task = tasks.add(desk, record, IMAGE)
        [told_to] = told.newest(desk, unread=False, limit=1)
    found.pages += [f"/records/notes/{note.id}", f"/records/{record}", f"/records/markers/{marker.id}/end",
                    f"/records/{record}/keeping", f"/records/{record}/close", f"/records/{record}/destroy",
                    f"/records/{record}/links?q=img", f"/records/{spot.id}", f"/records/{record}/notes",
                    f"/records/{record}/copies", f"/audit?record={record}", f"/audit?person={place.ids['alice']}",
                    "/keeping", "/letters", "/settings", "/paper", "/people/new", "/people/teams/new",
                    "/definitions/changes/new", f"/start/worries/{record}", "/start/worries?q=img",
                    "/records/new/child?then=/start/worries",
                    f"/tasks/{task.id}/withdraw", f"/told/{told_to.id}"]  # fmt: skip
    found.posts += [
        (f"/records/notes/{note.id}", {"revision": ["1"], "text": [EVERYTHING]}, 200),
        (f"/records/{record}/destroy", {"reason": [EVERYTHING], "name": [IMAGE]}, 409),
        (f"/records/{record}/links", {"purpose": [EVERYTHING], "q": [SCRIPT]}, 200),
        ("/records/new/child", {"a.@section": ["fields"], "a.first_name": [IMAGE], "a.last_name": [DRAWING]}, 200),
        ("/settings", {"email": [f"a@b.example{IMAGE}"], "letters": ["once"]}, 200),
        ("/people/new", {"name": [IMAGE], "sign_in": [SCRIPT], "roles": ["worker"]}, 200),
        ("/definitions/changes/new", {"why": [EVERYTHING]}, 200),
        # The language is switched with all of it typed: the page is made again with it in its boxes.
        (f"/language?next=/records/{record}/notes&form=typed-form", {"speak": ["en"], "text": [EVERYTHING]}, 200),
        (f"/language?next=/records/{record}/links&form=", {"purpose": [EVERYTHING], "q": [DRAWING]}, 200),
    ]  # fmt: skip


def _drawn(place: Place, found: Changed, record: str) -> None:
    """A map and a triangle whose every word is hostile."""
    spots = [
        {"_row": f"{n:032x}", "called": one, "near": "one"} for n, one in enumerate((IMAGE, SCRIPT, DRAWING))
    ]
    corners = {f"{one}_stands": "one" for one in ("top", "left", "right")}
    for form, answers in (("map_of_places", {"on_it": spots}), ("triangle_of_it", corners)):
        with place.desk("alice") as desk:
            draft = submissions.open_draft(desk, form, record=record)
            submissions.save(desk, draft.id, answers, revision=draft.revision)
        found.pages += [f"/forms/{draft.id}", f"/forms/{draft.id}/read"]


def _about_several(place: Place, found: Changed, record: str) -> None:
    """A form about two children: whom it is about, each one's part, and finding another for it."""
    other = place.child(first=SCRIPT, last=IMAGE)
    with place.desk("alice") as desk:
        links.add(desk, record, other, purpose="Brother")
        case = cases.start(desk, "family_flow", record=record).id
        draft = submissions.open_draft(desk, "brothers_and_sisters", record=record, case=case, others=[other])
        rows = [{"_row": one, "wishes": EVERYTHING} for one in (record, other)]
        submissions.save(desk, draft.id, {"home_life": EVERYTHING, "part": rows}, revision=draft.revision)
    found.pages += [f"/forms/{draft.id}/who-it-is-about?q=img", f"/forms/{draft.id}/part/of/{other}",
                    f"/forms/{draft.id}/whole", f"/forms/{draft.id}/check", f"/cases/{case}",
                    f"/cases/{case}/forms/brothers_and_sisters"]  # fmt: skip
    row = "4" * 32
    worry = place.draft(record, place.case(record))
    place.saved(worry, {"places": [{"_row": row, "place_text": DRAWING}]})
    found.pages += [
        f"/forms/{worry}/places_known/find/places.{row}.place?q=svg",
        f"/forms/{worry}/why/danger_detail",
    ]


def _kept(place: Place, found: Changed, record: str) -> None:
    """What somebody typed after their session had ended, with names of fields that no page has."""
    kept = place.app.extensions["trefoil_kept"]
    typed = {"text": [EVERYTHING], f'">{IMAGE}': [f"{IMAGE} twice"], "short": [f'"{SCRIPT}']}
    token = kept.keep(place.ids["alice"], f"/records/{record}/notes", typed, place.clock())
    place_of_it = f"/records/{record}/ask"
    sheet = unsaved.Sheet(ids.new(), record, f"{place_of_it}#ask-form")
    with place.desk("alice") as desk:
        assert unsaved.keep(desk, sheet, {"text": [EVERYTHING], f'">{IMAGE}': [f"{DRAWING} again"]}, 1)
    found.pages += [f"/kept/{token}", f"/unsaved/{sheet.id}", place_of_it, "/"]


def _proposed(place: Place, found: Changed) -> None:
    """Changes to definitions: one with faults, one that is offered, one that was refused; files that were not taken."""
    with place.desk("dora") as desk:
        live = stacks.live(desk)
    name = "form_definitions/little/forms.yaml"
    text = live.texts[name]
    said = {"label: What are you worried about?": f"label: {quoted(IMAGE)}",
            "hint: What was seen and heard.": f"hint: {quoted(DRAWING)}",
            "label: Outside the family": f"label: {quoted(SCRIPT)}",
            "title: Kinds of harm": f"title: {quoted('</h3>' + DRAWING)}"}  # fmt: skip
    for plain, hostile in said.items():
        assert plain in text
        text = text.replace(plain, hostile)
    faulty = text.replace("show_if: danger,", f"show_if: {quoted(f'{IMAGE} is {SCRIPT}')},").replace(
        "options: harms,", f"options: {quoted(DRAWING)},"
    )
    assert text != faulty
    brought = [offering.Brought(one, b"x") for one in (f"{IMAGE}.yaml", f"{SCRIPT}.xlsx", f'">{DRAWING}.exe')]
    brought.append(offering.Brought(f"{IMAGE}.yaml", f"form: {quoted(DRAWING)}\n".encode()))
    offered = offering.offered(brought, live.texts, live.id)
    refused = [one.message for one in offered.refusals]
    assert refused
    for files, then in ((faulty, "draft"), (text, "proposed"), (text, "refused")):
        path = f"form_definitions/little/{IMAGE.replace('/', '')}.yaml" if then == "draft" else name
        _one_change(place, found, {path if then == "draft" else name: files}, refused, then)


def _one_change(
    place: Place, found: Changed, files: Mapping[str, str], refused: Sequence[str], then: str
) -> None:
    why = "\n".join(BLOCKS[0].split("\n")[:8])
    with place.desk("dora") as desk:
        live = stacks.live(desk)
        change = proposals.begin(desk, f"{IMAGE} {why}")
        texts = proposals.texts(desk, change, dict(files))
    verdict = archive_judging.definitions(texts, live.id, date(2026, 1, 6), live.texts).as_json()
    with place.desk("dora") as desk:
        told = Judged(live.hash, {**verdict, "refused": list(refused)})
        change = proposals.put(desk, change.id, change.revision, dict(files), told)
        if then != "draft":
            change = proposals.offer(desk, change.id, change.revision, f"{SCRIPT} {why}")
    if then == "refused":
        with place.desk("alice") as desk:
            proposals.refuse(desk, change.id, change.revision, f"{DRAWING} {why}")
    found.pages.append(f"/definitions/changes/{change.id}")
    if then == "proposed":
        fields: dict[str, Sequence[str]] = {"revision": ["1"], "reason": [EVERYTHING]}
        found.posts.append((f"/definitions/changes/{change.id}/refuse", fields, 200))
    found.pages.append("/definitions/") if then == "refused" else None


def _gone(place: Place, found: Changed) -> None:
    record = place.child("mary", first=SCRIPT, last=IMAGE)
    with place.desk("mary") as desk:
        records.close(desk, record)
        keeping.destroy(desk, record, EVERYTHING, early=True)
    found.pages.append(f"/keeping/gone/{record}")
