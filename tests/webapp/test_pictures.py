"""Pictures read as text: their names, descriptions and links are what a golden file says, and no answer is markup.

`tests/spec/pictures.yaml` holds for each picture what a screen reader has of it. After a change that was meant, write
it anew from what the failing test prints.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

import engine
from engine.packs import Pack
from tests.webapp.conftest import LITTLE, Place
from webapp.drawing.machine import draw_machine
from webapp.drawing.pictures import Picture, pictures_of
from webapp.drawing.route import laid_out

ROOT = Path(__file__).resolve().parents[2]
SPEC = yaml.safe_load((ROOT / "tests" / "spec" / "pictures.yaml").read_text("utf-8"))


@pytest.fixture(scope="module")
def core() -> Pack:
    return engine.load(ROOT).pack("core")


def heard(svg: str) -> dict[str, Any]:
    """What is read out instead of an `<svg>`: its role, name and description, and its links with their names."""
    root = ElementTree.fromstring(svg)
    found: dict[str, Any] = {"role": root.get("role")}
    for says, by in (("name", "aria-labelledby"), ("description", "aria-describedby")):
        (told,) = [one for one in root if one.get("id") == root.get(by)]
        found[says] = told.text
    links = {one.findtext("title"): one.get("href") for one in root.iter("a")}
    return {**found, "links": links} if links else found


def drawn(pack: Pack, form: str, answers: dict[str, Any]) -> Picture:
    found = pictures_of(pack.stack.forms[form], pack.stack, answers, "/forms/1", id="p0")
    assert found is not None
    return found


@pytest.mark.parametrize("form", [one for one in SPEC if one != "way"])
def test_a_picture_reads_as_its_golden_file_says(core: Pack, form: str) -> None:
    found = drawn(core, form, SPEC[form]["answers"])
    if found.kind == "grid":
        read: Any = {cell.label: cell.url for _row, cells in found.rows for cell in cells if cell.url}
    else:
        read = {**heard(str(found.drawn)), "list": [f"{one.title}: {one.stands}" for one in found.items]}
    assert read == SPEC[form]["reads"]


def test_the_way_of_a_case_reads_as_its_golden_file_says(place: Place) -> None:
    _, case, form = place.started()
    page = place.browser("alice").get(f"/cases/{case}")
    svg = page.html[page.html.index('<svg class="trefoil-way"') :]
    read = heard(svg[: svg.index("</svg>") + 6])
    assert form and read == SPEC["way"]["reads"]


def test_nothing_that_is_answered_becomes_markup(core: Pack) -> None:
    nasty = "\"'><script>alert(1)</script>"
    rows = [{"_row": "1", "my_place": nasty, "my_place_feels": nasty}]
    svg = str(drawn(core, "safety_map", {"my_places": rows}).drawn)
    assert "<script" not in svg and ElementTree.fromstring(svg) is not None


def test_a_form_without_answers_or_drawing_has_no_picture(core: Pack) -> None:
    for form, model in core.stack.forms.items():
        found = pictures_of(model, core.stack, {}, "/forms/1", id="p0")
        assert found is None or found.kind == "triangle", form


def test_more_rows_than_can_be_told_apart_stand_in_the_list_alone(core: Pack) -> None:
    rows = [{"_row": str(one), "friend": f"Friend {one}", "friend_close": "close"} for one in range(20)]
    found = drawn(core, "friendship_map", {"friends": rows})
    assert str(found.drawn).count("<a ") == 12 and len(found.items) == 20


@pytest.mark.parametrize("pack", ["core", "little"])
def test_every_workflow_fits_a_column_and_no_two_lines_run_over_each_other(core: Pack, pack: str) -> None:
    """Lines to different states share no stretch of a lane, and none leaves the picture."""
    found = core if pack == "core" else engine.load(LITTLE).pack("little")
    for workflow in found.stack.workflows:
        route = laid_out(found.workflow(workflow).drawing())
        assert route.width <= 420, workflow
        lanes: dict[int, dict[str, tuple[int, int]]] = {}
        for line in route.lines:
            assert all(0 <= x <= route.width and 0 <= y <= route.height for x, y in line.points)
            if len(line.points) == 4:
                x, ys = line.points[1][0], sorted((line.points[1][1], line.points[2][1]))
                low, high = lanes.setdefault(x, {}).get(line.target, (ys[0], ys[1]))
                lanes[x][line.target] = (min(low, ys[0]), max(high, ys[1]))
        for held in lanes.values():
            spans = sorted(held.values())
            assert all(one[1] < other[0] for one, other in pairwise(spans)), workflow


def test_where_it_is_and_was_differs_by_sign_and_by_shape() -> None:
    machine = engine.load(LITTLE).pack("little").workflow("worries")
    svg = str(draw_machine(machine.drawing(), "deciding", {"telling", "deciding"}))
    assert svg.count("●") == 1 and svg.count("✓") == 1 and svg.count("trefoil-state--now") == 1
    assert 'aria-hidden="true"' in svg and "style=" not in svg
