"""The page that says why a question is asked, and what a case says would allow a step: told to those who may know."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from engine.casework import judging, submissions
from tests.support.canaries import World
from tests.support.crawling import Crawler
from tests.support.surveys import planted_in, visited

SECRET = "apart.answered"


@pytest.fixture(scope="module")
def visit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, Flask]]:
    planted = planted_in(tmp_path_factory.mktemp("quay"))
    with visited(planted, tmp_path_factory.mktemp("copy") / "here") as found:
        yield found


def draft_of(world: World) -> tuple[str, str]:
    """A decision under way on c2 in which Sam may write, but for what is guarded; and the word that stands there."""
    word = world.word(SECRET)
    with world.desk("mia") as desk:
        case = world.ids["case"]["c2.case"]
        made = submissions.open_draft(desk, "decision", record=world.ids["record"]["c2"], case=case)
        submissions.save(desk, made.id, {"apart_note": word}, revision=made.revision)
    return made.id, word


def test_a_question_leads_to_why_it_is_asked(visit: tuple[World, Flask]) -> None:
    world, app = visit
    draft, word = draft_of(world)
    mia = Crawler(app, "mia", world)
    section = mia.get(f"/forms/{draft}/decided").raw
    assert f'href="/forms/{draft}/why/outcome"' in section and "Why is this required?" in section
    assert f'href="/forms/{draft}/why/after_note"' in section and "Why am I seeing this?" in section
    assert f'"/forms/{draft}/why/why"' not in section
    required = mia.get(f"/forms/{draft}/why/outcome")
    assert required.status == 200 and "It is required: It is the decision." in required.raw
    left_out = mia.get(f"/forms/{draft}/why/after_note").raw
    assert "Why this is not asked" in left_out and word in left_out
    assert "It would be shown with one change: leave “A guarded note” blank." in left_out


def test_nothing_the_reader_may_not_see_is_told(
    visit: tuple[World, Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    world, app = visit
    draft, word = draft_of(world)
    sam = Crawler(app, "sam", world)
    told = sam.get(f"/forms/{draft}/why/after_note")
    assert told.status == 200 and "something you may not see" in told.raw
    assert word not in told.raw and "A guarded note" not in told.raw and "blank" not in told.raw
    assert sam.get(f"/forms/{draft}/why/apart_note").status == 404
    assert sam.get(f"/forms/{draft}/why/outcome").status == 200
    # A control: without the filter the word would have come out.
    monkeypatch.setattr(judging, "blind_to", lambda *_: lambda name: False)
    assert word in sam.get(f"/forms/{draft}/why/after_note").raw


@pytest.mark.parametrize(
    "path", ["nothing_such", "places[3].detail", "outcome.more", "%2e%2e", "outcome/more"]
)
def test_what_is_not_there_has_no_page(visit: tuple[World, Flask], path: str) -> None:
    world, app = visit
    draft, _ = draft_of(world)
    assert Crawler(app, "mia", world).get(f"/forms/{draft}/why/{path}").status == 404


def test_only_who_may_write_in_the_form_may_ask(visit: tuple[World, Flask]) -> None:
    world, app = visit
    draft, _ = draft_of(world)
    for who in ("dan", "carl", "olga", "fay", "rhys"):
        assert Crawler(app, who, world).get(f"/forms/{draft}/why/outcome").status == 404, who
    sent = world.ids["submission"]["c2.form"]
    assert Crawler(app, "mia", world).get(f"/forms/{sent}/why/outcome").status == 404


def test_a_case_says_the_least_that_would_allow_a_step(visit: tuple[World, Flask]) -> None:
    world, app = visit
    case = world.ids["case"]["c2.case"]
    mia: Any = Crawler(app, "mia", world)
    needed = "What is still needed:"
    assert f"{needed} Submit the form ‘Decision’" in mia.get(f"/cases/{case}").raw
    step = mia.get(f"/cases/{case}/do/decide").raw
    assert needed in step and "<li>Submit the form ‘Decision’" in step
    assert "Accept" in step
