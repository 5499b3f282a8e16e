"""What pages could tell without saying it: by a count, a search, a likeness, a refusal, a line in a history."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from engine.casework import (
    CaseworkError,
    cases,
    chronology,
    keeping,
    links,
    notes,
    records,
    restricting,
    submissions,
)
from engine.casework.tables import link
from tests.support.canaries import World, denied
from tests.support.crawling import Crawler
from tests.support.surveys import planted_ids

NONSENSE = "zzqnothingatallqz"
SEARCHED = ("name", "number", "apart.address", "lives", "background", "apart.field", "group")


def group_pages(world: World, thing: str = "g1") -> list[str]:
    record, case = world.ids["record"][thing], world.ids["case"][f"{thing}.case"]
    form = world.ids["submission"][f"{thing}.form"]
    return [
        f"/records/{record}/chronology",
        f"/records/{record}",
        f"/records/{record}/edit",
        f"/records/{record}/notes",
        f"/records/{record}/links",
        f"/cases/{case}",
        f"/cases/{case}/chronology",
        f"/records/{record}/review",
        f"/cases/{case}/people",
        f"/forms/{form}",
        f"/forms/{form}/looked",
        f"/forms/{form}/read",
        "/search?type=group",
        "/start/looking",
        "/",
    ]


def read_all(crawler: Crawler, world: World, urls: list[str]) -> dict[str, tuple[int, str, str]]:
    return {url: crawler.get(url).plainly() for url in urls}


@pytest.mark.parametrize("who", ["anna", "noor", "kit", "dan"])
def test_a_groups_pages_are_the_same_however_many_are_linked_to_it(
    visit: tuple[World, Flask], who: str
) -> None:
    world, app = visit
    crawler, pages = Crawler(app, who, world), group_pages(world)
    before = read_all(crawler, world, pages)
    group = world.ids["record"]["g1"]
    world.now = world.now.replace(second=30)
    for child, purpose in (("c3", "Another"), ("c3", "And one more"), ("c2", "A third")):
        with world.store.desk(world.here, world.people["mia"], now=world.now) as desk:
            made = links.add(desk, world.ids["record"][child], group, purpose=purpose)
            if purpose == "Another":
                links.end(desk, made.id, why="No longer so")
    assert read_all(crawler, world, pages) == before


def test_the_comparison_notices_a_line_in_the_chronology(
    visit: tuple[World, Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    world, app = visit

    def every_link(desk: Any, record: str, running: Any) -> Iterator[chronology.Entry]:
        for one in desk.rows(select(link).where(link.c.two == record)):
            yield chronology.Entry("link", "from", one.since, one.id, text=one.purpose)

    monkeypatch.setattr(chronology, "_links", every_link)
    crawler, page = Crawler(app, "anna", world), group_pages(world)[0]
    before = crawler.get(page).plainly()
    with world.store.desk(world.here, world.people["mia"], now=world.now) as desk:
        links.add(desk, world.ids["record"]["c3"], world.ids["record"]["g1"], purpose="Another")
    assert crawler.get(page).plainly() != before


def test_a_childs_chronology_tells_of_no_link_to_what_may_not_be_seen(visit: tuple[World, Flask]) -> None:
    world, app = visit
    child = world.ids["record"]["c1"]
    told = {
        who: Crawler(app, who, world).get(f"/records/{child}/chronology").raw.count("Linked with")
        for who in ("cara", "anna")
    }
    assert told["cara"] == 0 and told["anna"] > 0


@pytest.mark.parametrize("who", ["dan", "anna", "sam", "tess", "carl", "olga", "noor", "fay"])
def test_searching_for_what_may_not_be_met_finds_what_nonsense_finds(
    visit: tuple[World, Flask], who: str
) -> None:
    world, app = visit
    crawler = Crawler(app, who, world)
    c1, form = world.ids["record"]["c1"], world.ids["submission"]["c1.form.plan"]
    places = [
        "/search?q=",
        "/start/worries?q=",
        f"/records/{c1}/links?q=",
        f"/forms/{form}/planned/find/x?q=",
    ]
    nothing = {place: found_by(crawler, place, NONSENSE) for place in places}
    tried = 0
    for word, name in world.words.items():
        if name.partition(".")[2] in SEARCHED and not world.may_meet(who, name):
            tried += 1
            for place in places:
                assert found_by(crawler, place, word) == nothing[place], (place, name)
    assert tried >= 5


def found_by(crawler: Crawler, place: str, word: str) -> tuple[int, str, str]:
    status, text, location = crawler.get(place + word).plainly()
    text = re.sub(r"Content-Length: \d+", "", text)
    return status, re.sub(re.escape(word), "WORD", text, flags=re.IGNORECASE), location.replace(word, "WORD")


@pytest.mark.parametrize(
    ("who", "thing", "kind"),
    [("dan", "c3", "child"), ("anna", "c3", "child"), ("anna", "far", "child"), ("dan", "g1", "group"),
     ("noor", "c3", "child"), ("carl", "c2", "child")],
)  # fmt: skip
def test_a_new_record_alike_to_one_that_may_not_be_seen_meets_no_suggestion(
    visit: tuple[World, Flask], who: str, thing: str, kind: str
) -> None:
    world, app = visit
    crawler = Crawler(app, who, world)
    with (
        world.store.desk(
            world.elsewhere["far"] if thing == "far" else world.here, world.people["mia"], now=world.now
        )
        if (thing != "far")
        else world.store.desk(world.elsewhere["far"], world.people["fay"], now=world.now) as desk
    ):
        fields = records.get(desk, world.ids["record"][thing]).fields
    body = {f"a.{name}": text for name, text in fields.items() if name in ("last_name", "address", "area")}
    body |= {"a.first_name": "Robin"} if kind == "child" else {}
    reply = crawler.post(f"/records/new/{kind}", {**body, "key": f"new {who} {thing}"})
    offered = {one for one, id in world.ids["record"].items() if id in reply.raw}
    assert thing not in offered
    assert all(world.may_see(who, "record", one) for one in offered)
    if not offered:
        assert reply.status == 303 and "may be a record" not in reply.raw


def test_a_likeness_by_a_guarded_field_is_not_told(visit: tuple[World, Flask]) -> None:
    """Carl sees c4 by name, and not its address: the address alone must find nothing."""
    world, app = visit
    address = next(word for word, name in world.words.items() if name == "c4.apart.address")
    reply = Crawler(app, "carl", world).post(
        "/records/new/child", {"a.first_name": "Quentin", "a.address": address, "key": "by address"}
    )
    assert "There may be a record already" not in reply.raw


def test_closing_restricting_and_destroying_tell_nothing_of_links(visit: tuple[World, Flask]) -> None:
    """Two groups alike but for the children linked to one: whatever is done to them comes to the same."""
    world, _ = visit
    made = {}
    with world.desk("mia") as desk:
        for name in ("alone", "linked"):
            made[name] = records.create(desk, "group", {"area": name.title()}).id
            notes.add(desk, made[name], "A note")
        for child in ("c1", "c3"):
            links.add(desk, world.ids["record"][child], made["linked"], purpose="Spends time with them")
    said: dict[str, list[str]] = {"alone": [], "linked": []}

    def tried(who: str, act: Any) -> None:
        for name, group in made.items():
            try:
                with world.desk(who) as desk:
                    came = act(desk, group)
                said[name].append(type(came).__name__)
            except CaseworkError as error:
                said[name].append(f"{type(error).__name__}: {error}")

    later = date(2027, 1, 1)
    tried("noor", lambda desk, group: records.edit(desk, group, {"background": "Said"}, revision=1))
    tried("noor", lambda desk, group: [one.id for one in cases.startable(desk, group)])
    tried("kit", lambda desk, group: keeping.destroy(desk, group, "Its time is up"))
    tried("noor", lambda desk, group: records.close(desk, group))
    tried("noor", lambda desk, group: records.reopen(desk, group))
    tried("kit", lambda desk, group: keeping.hold(desk, group, "Somebody asked for it", later))
    tried(
        "noor",
        lambda desk, group: restricting.restrict(
            desk, group, reason="A reason long enough", review_on=later, bar=[world.people["ben"]]
        ),
    )
    tried("kit", lambda desk, group: keeping.kept_until(desk, group))
    assert said["alone"] == said["linked"]
    assert len(said["alone"]) == 8


def test_choices_of_records_offer_only_what_may_be_seen(visit: tuple[World, Flask]) -> None:
    world, app = visit
    for who, offered in (("ben", {"g1"}), ("noor", {"g1", "g2"})):
        with world.desk(who) as desk:
            form = submissions.open_draft(desk, "worry", record=world.ids["record"]["c2"]).id
        raw = Crawler(app, who, world).get(f"/forms/{form}/around").raw
        names = {one for one in ("g1", "g2") if canary_of(world, f"{one}.name") in raw.lower()}
        assert names == offered, who
        assert not list(denied(world, who, raw))


def canary_of(world: World, name: str) -> str:
    return next(word for word, one in world.words.items() if one == name)


def test_ids_planted_are_many(visit: tuple[World, Flask]) -> None:
    """The crawl is worth what was planted: every kind of thing, and the words of every place that holds text."""
    world, _ = visit
    assert len(planted_ids(world)) >= 60 and len(world.words) >= 150
