"""Nobody meets what is not theirs: every address, as every person, with every id, over planted canaries.

The oracle (`tests/support/canaries.py`) is written from the rules, the crawl from the application's own map.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import true

from engine.casework import access
from tests.support.canaries import World, denied
from tests.support.crawling import Crawler, addresses, rules
from tests.support.surveys import (
    SENT,
    Planted,
    alike_nobody,
    crawl,
    survey,
    told,
    visits,
)
from webapp.showing import declared


@pytest.fixture(scope="module")
def surveys(planted: Planted) -> Iterator[dict[str, Future[list[str]]]]:
    """Everybody sent round, two at a time."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        yield {who: pool.submit(survey, planted, who) for who in SENT}


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("who", SENT)
def test_nobody_meets_what_is_not_theirs(surveys: dict[str, Future[list[str]]], who: str) -> None:
    found = surveys[who].result()
    assert not found, told(found)


# --- Controls: what a missing filter lets through is found


def every_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """The filters of lists alone; most of what they then find is asked for one by one besides."""
    monkeypatch.setattr(access, "visible", lambda desk, verb="view", table=None: true())
    monkeypatch.setattr(access, "reaching", lambda *_, **__: true())


def everything(monkeypatch: pytest.MonkeyPatch) -> None:
    every_line(monkeypatch)
    every_record(monkeypatch)


def every_record(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "_grants", lambda desk, record: access.EVERYTHING)


def guarded_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "hidden_questions", lambda *_, **__: frozenset())


def guarded_fields(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "hidden_fields", lambda *_: frozenset())


@pytest.mark.parametrize(
    ("removed", "who", "meets"),
    [
        (every_line, "dan", {"c1.name", "c3.name", "g1.name"}),
        (everything, "nobody", {"c1.name", "c3.name"}),
        (every_record, "dan", {"c1.note", "c3.form.story", "g1.apart.look"}),
        (guarded_answers, "sam", {"c2.apart.worry", "c2.apart.row", "c2.apart.cell"}),
        (guarded_fields, "sam", {"c2.apart.address"}),
    ],
)
def test_a_filter_taken_out_is_found(
    visit: tuple[World, Flask],
    monkeypatch: pytest.MonkeyPatch,
    removed: Callable[[pytest.MonkeyPatch], None],
    who: str,
    meets: set[str],
) -> None:
    world, app = visit
    removed(monkeypatch)

    def all_met(found: list[str]) -> bool:
        return all(any(f"{who} meets {one} at" in line for line in found) for one in meets)

    found = crawl(app, world, who, methods=("GET",), enough=all_met)
    assert all_met(found), told(found)


def test_a_route_that_does_not_say_what_it_shows_is_refused(visit: tuple[World, Flask]) -> None:
    _, app = visit
    rule = app.url_map._rules_by_endpoint["records.show"][0].empty()
    rule.rule, rule.endpoint = "/undeclared/<record>", "undeclared"
    app.url_map.add(rule)
    app.view_functions["undeclared"] = lambda record: record
    with pytest.raises(RuntimeError, match="/undeclared"):
        declared(app)


def test_a_route_with_an_argument_nobody_fills_is_a_fault_of_the_crawl(visit: tuple[World, Flask]) -> None:
    world, app = visit
    rule = app.url_map._rules_by_endpoint["records.show"][0].empty()
    rule.rule = "/new/<kind_of_thing>"
    app.url_map.add(rule)
    app.url_map.update()
    with pytest.raises(AssertionError, match="no values for kind_of_thing"):
        list(visits(app, world, "GET"))


def test_a_page_that_tells_missing_from_forbidden_is_found(
    visit: tuple[World, Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    from engine.casework.errors import NotPermitted

    world, app = visit
    real = access.grants

    def telling(desk: Any, record: str, **how: Any) -> Any:
        if record == world.ids["record"]["c3"]:
            raise NotPermitted("view")
        return real(desk, record, **how)

    monkeypatch.setattr(access, "grants", telling)
    crawler = Crawler(app, "dan", world)
    found = []
    for rule in rules(app, "GET"):
        if rule.endpoint == "records.show":
            for address in addresses(rule, world):
                found += alike_nobody(crawler, world, address, "", crawler.get(address.url))
    assert any("can tell record c3" in one for one in found)


def test_random_letters_that_look_like_a_planted_word_are_none() -> None:
    assert (
        list(denied(World(store=None, here="", elsewhere={}, people={}), "adam", "IjZhzqixxqODc.awJJ")) == []
    )
