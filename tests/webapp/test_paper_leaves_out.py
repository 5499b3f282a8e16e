"""What a reader may not have is in no byte of their copy, whatever kind of file it is; what is left out is listed.

Over the planted canaries: each stands in one answer and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest

from engine.casework import readers, releasing
from tests.support.canaries import CANARY, PASSWORD, World
from tests.support.crawling import Crawler
from tests.support.paper_text import everything
from tests.support.surveys import Planted, planted_in, visited
from webapp.paper import giving

# Of c2's form: to the own file goes all that whoever gives it sees; to others nothing guarded and nothing about others.
OPEN = {"form.story", "form.other", "form.row", "form.cell"}
GUARDED = {"apart.worry", "apart.more", "apart.row", "apart.cell"}
FRIENDS = {"form.friends"}
Visit = tuple[World, Callable[[str], Crawler]]
FORMATS = ("pdf", "docx", "html", "text")


@pytest.fixture(scope="module")
def visit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visit]:
    """What was planted, and each person signed in once."""
    planted: Planted = planted_in(tmp_path_factory.mktemp("quay"))
    with visited(planted, tmp_path_factory.mktemp("copies") / "copy") as (world, app):
        yield world, cache(lambda who: Crawler(app, who, world))


def copy(crawler: Crawler, path: str, reader: str, format: str, **more: Any) -> bytes:
    body = {
        "csrf_token": crawler.token, "for": reader, "format": format, "password": PASSWORD, **more,
    }  # fmt: skip
    return crawler.client.post(path, data=body, base_url=crawler.base).get_data()


def met(world: World, content: bytes, thing: str) -> set[str]:
    words = {world.words.get(one, "") for one in CANARY.findall(everything(content).lower())}
    return {one.partition(".")[2] for one in words if one.startswith(f"{thing}.")}


@pytest.mark.parametrize(
    ("who", "reader", "formats", "has", "has_not"),
    [
        ("mia", "file", ("docx", "pdf"), OPEN | GUARDED | FRIENDS, set()),
        ("mia", "subject", FORMATS, OPEN, GUARDED | FRIENDS),
        ("mia", "court", ("docx",), OPEN, GUARDED | FRIENDS),
        # Sam sees nothing guarded, and so gives nothing guarded to anybody.
        ("sam", "file", ("docx", "pdf"), OPEN | FRIENDS, GUARDED),
        ("mia", "family", ("docx",), set(), OPEN | GUARDED | FRIENDS),
        ("mia", "partner", ("text",), set(), OPEN | GUARDED | FRIENDS),
        ("mia", "nobody_known", ("html",), set(), OPEN | GUARDED | FRIENDS),
    ],
)
def test_a_copy_holds_what_its_reader_may_have(
    visit: Visit, who: str, reader: str, formats: tuple[str, ...], has: set[str], has_not: set[str]
) -> None:
    world, people = visit
    form = world.ids["submission"]["c2.form"]
    for format in formats:
        found = met(world, copy(people(who), f"/forms/{form}/copy", reader, format), "c2")
        assert has <= found and not has_not & found, (format, sorted(has - found), sorted(has_not & found))


def test_the_same_test_finds_a_copy_from_which_nothing_is_left_out(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, people = visit
    monkeypatch.setattr(readers, "kept_back", lambda *_: {})
    form = world.ids["submission"]["c2.form"]
    for format in FORMATS:
        found = met(world, copy(people("mia"), f"/forms/{form}/copy", "subject", format), "c2")
        assert found >= GUARDED | FRIENDS, format


def test_what_is_left_out_is_listed_by_its_ids_and_why(visit: Visit) -> None:
    world, people = visit
    form, record, reader = world.ids["submission"]["c2.form"], world.ids["record"]["c2"], "court"
    copy(people("mia"), f"/forms/{form}/copy", reader, "docx")
    with world.store.desk(world.here, world.people["mia"], now=world.now) as desk:
        one = next(one for one in releasing.of_record(desk, record) if one.reader == reader)
    listed = dict(one.left_out)
    assert listed["friends"] == "third_party" and listed["apart"] == "sensitive"
    assert listed["places.apart_detail"] == "sensitive" and listed["framework.apart_column"] == "sensitive"
    assert "story" not in listed and not CANARY.search(repr(one).lower())


def test_a_chronology_of_a_group_names_nobody_who_is_linked_to_it(visit: Visit) -> None:
    world, people = visit
    path = f"/records/{world.ids['record']['g1']}/copy"
    for format in ("docx", "pdf"):
        for who in ("mia", "anna"):
            content = copy(people(who), path, "file", format)
            names = {world.words.get(one, "") for one in CANARY.findall(everything(content).lower())}
            assert "g1.note" in names and not [one for one in names if one[:2] in ("c1", "c2", "c3")]


def test_free_words_of_a_chronology_go_to_few(visit: Visit) -> None:
    world, people = visit
    path = f"/records/{world.ids['record']['c1']}/copy"
    crawler = people("mia")
    found = {one: met(world, copy(crawler, path, one, "docx"), "c1") for one in readers.READS_AS}
    assert {"note", "task", "marker"} <= found["file"] and "note" in found["court"]
    assert not {"note", "task", "marker", "link", "reason"} & found["subject"]
    # To these nothing may go: whoever gives it is told so, and no copy is made.
    for reader in ("family", "partner"):
        assert copy(crawler, path, reader, "docx").startswith(b"<!doctype html>"), reader


def test_whoever_only_looks_gives_copies_to_nobody_else(visit: Visit) -> None:
    world, people = visit
    form = world.ids["submission"]["c1.form"]
    crawler = people("cara")
    assert "story" in "".join(met(world, copy(crawler, f"/forms/{form}/copy", "file", "docx"), "c1"))
    refused = copy(crawler, f"/forms/{form}/copy", "subject", "docx")
    assert b"given by those who work on this record" in refused and not met(world, refused, "c1") & OPEN


def test_every_reason_has_words() -> None:
    assert set(giving.BUILT_IN) == set(readers.READS_AS)
    assert {"sensitive", "third_party", "people", "not_marked", "role", "hidden", "chosen"} == set(giving.WHY)
