"""A form with three corners is drawn as a triangle that tells by word and by shape how each corner stands."""

from __future__ import annotations

from pathlib import Path

import pytest

import engine
from engine.packs import Pack
from webapp.drawing.triangle import UNSAID, corners, draw_triangle

ROOT = Path(__file__).resolve().parents[2]
SAID = {"functioning_stands": "some_worry", "guardianship_stands": "great_worry"}


@pytest.fixture(scope="module")
def core() -> Pack:
    return engine.load(ROOT).pack("core")


def test_each_corner_says_how_it_stands(core: Pack) -> None:
    found = corners(core.stack.forms["peer_triangle"], core.stack, SAID)
    assert [(one.title, one.stands) for one in found[:2]] == [
        ("Group functioning", "Some worry"),
        ("Guardianship", "Great worry"),
    ]
    assert (found[2].stands, found[2].place) == (UNSAID, None)


def test_what_is_said_and_unsaid_differ_in_shape_and_in_words(core: Pack) -> None:
    drawn = str(draw_triangle(corners(core.stack.forms["peer_triangle"], core.stack, SAID)))
    assert [
        drawn.count("trefoil-corner--some"),
        drawn.count("trefoil-corner--great"),
        drawn.count("trefoil-corner--unsaid"),
    ] == [1, 1, 1]
    for words in ("Some worry", "Great worry", UNSAID):
        assert words in drawn


def test_every_context_form_with_corners_draws_one_and_no_other_form_does(core: Pack) -> None:
    drawn = {form.id for form in core.stack.forms.values() if draw_triangle(corners(form, core.stack, {}))}
    assert {"peer_triangle", "school_triangle", "location_triangle"} <= drawn
    assert "referral" not in drawn


def test_words_of_a_definition_are_escaped(core: Pack) -> None:
    found = corners(core.stack.forms["peer_triangle"], core.stack, {"functioning_stands": "<script>"})
    assert "<script>" not in str(draw_triangle(found))
