"""Pictures read as text: their names, descriptions and links are what a golden file says, and no answer is markup.

`tests/spec/pictures.yaml` holds for each picture what a screen reader has of it. After a change that was meant, write
it anew from what the failing test prints.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
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
from webapp.drawing.route import BOX_WIDTH, Line, Route, laid_out

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


def routes(core: Pack, pack: str) -> Iterator[tuple[str, Route]]:
    found = core if pack == "core" else engine.load(LITTLE).pack("little")
    for workflow in found.stack.workflows:
        yield workflow, laid_out(found.workflow(workflow).drawing())


MARKET = "The covered market behind the station"


def mapped(core: Pack, names: list[str], feels: str) -> list[tuple[str, tuple[float, ...]]]:
    """Each name written on a map of these places, with the room it takes where its letters are wide."""
    rows = [{"_row": str(one), "my_place": name, "my_place_feels": feels} for one, name in enumerate(names)]
    root = ElementTree.fromstring(str(drawn(core, "safety_map", {"my_places": rows}).drawn))
    found = []
    for link in root.iter("a"):
        lines = [one for one in link.iter("text") if "trefoil-map-name" in (one.get("class") or "")]
        room = [
            (left, float(one.get("y") or 0) - 12, left + width, float(one.get("y") or 0) + 4)
            for one in lines
            for width in [len(one.text or "") * 7.9]
            for left in [
                float(one.get("x") or 0) - width * FROM_LEFT[(one.get("class") or "").partition("--")[2]]
            ]
        ]
        if lines:
            whole = " ".join(one.text or "" for one in lines)
            found.append(
                (
                    whole,
                    (
                        *(min(one[at] for one in room) for at in (0, 1)),
                        *(max(one[at] for one in room) for at in (2, 3)),
                    ),
                )
            )
    return found


FROM_LEFT = {"": 0.5, "after": 0, "before": 1}


def test_a_name_on_a_map_is_written_whole_or_not_at_all(core: Pack) -> None:
    names = [MARKET, "Library", "Nan", "The park", "Llanfairpwllgwyngyllgogerychwyrndrobwll"]
    written = [name for name, _room in mapped(core, names, "unsafe")]
    assert written == names[:4]


@pytest.mark.parametrize("feels", ["safe", "mixed", "unsafe", ""])
@pytest.mark.parametrize("count", [1, 3, 8, 12])
def test_no_name_on_a_map_lies_over_another_or_leaves_the_picture(core: Pack, feels: str, count: int) -> None:
    written = mapped(core, [f"{MARKET} {one}" for one in range(count)], feels)
    assert written and all(min(room) > -1 and room[2] <= 401 and room[3] <= 415 for _, room in written)
    for (_, one), (_, other) in combinations(written, 2):
        assert (
            one[2] < other[0] + 1 or other[2] < one[0] + 1 or one[3] < other[1] + 1 or other[3] < one[1] + 1
        )


@pytest.mark.parametrize("pack", ["core", "little"])
def test_every_workflow_fits_a_column_and_no_two_lines_run_over_each_other(core: Pack, pack: str) -> None:
    """Lines share a stretch only where they leave the same state or lead to the same one; none leaves the picture."""
    for workflow, route in routes(core, pack):
        assert route.width <= 380, workflow
        held: dict[int, list[tuple[int, int, Line]]] = {}
        for line in route.lines:
            assert all(0 <= x <= route.width and 0 <= y <= route.height for x, y in line.points)
            if len(line.points) == 4:
                low, high = sorted((line.points[1][1], line.points[2][1]))
                held.setdefault(line.points[1][0], []).append((low, high, line))
        for lane in held.values():
            for (low, high, one), (bottom, top, other) in combinations(lane, 2):
                apart = high < bottom or top < low
                assert apart or one.source == other.source or one.target == other.target, workflow


def test_ways_that_can_share_a_line_do_so_and_ends_stand_last(core: Pack) -> None:
    """Drawn a line for each state that is led to, these took up to four lanes beside the boxes and lay in a crowd."""
    lanes = {}
    for workflow, route in routes(core, "core"):
        ends = [one.final for one in route.stops]
        assert ends == sorted(ends), workflow
        edge = route.stops[0].x + BOX_WIDTH
        lanes[workflow] = len({line.points[1][0] for line in route.lines if line.points[1][0] > edge})
    assert lanes["child_assessment"] == 2 and lanes["child_referral"] == 2 and max(lanes.values()) <= 3


def test_where_it_is_and_was_differs_by_sign_and_by_shape() -> None:
    machine = engine.load(LITTLE).pack("little").workflow("worries")
    svg = str(draw_machine(machine.drawing(), "deciding", {"telling", "deciding"}))
    assert svg.count("●") == 1 and svg.count("✓") == 1 and svg.count("trefoil-state--now") == 1
    assert 'aria-hidden="true"' in svg and "style=" not in svg
