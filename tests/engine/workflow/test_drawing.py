"""Drawings: nothing on top of anything else, every way drawn from its box to its box, and the list says the same."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import engine
from engine.language.model import State, Transition, Workflow
from engine.workflow.drawing import lay_out

ROOT = Path(__file__).parents[3]
NAMES = ["a", "b", "c", "d", "e", "f"]


@st.composite
def workflows(draw):
    states = NAMES[: draw(st.integers(1, 6))]
    ways = draw(st.lists(st.tuples(st.sampled_from(states), st.sampled_from(states)), max_size=12))
    return Workflow(
        "any",
        "Any",
        about=("child",),
        initial=states[0],
        states=tuple(State(one, one.upper(), final=one == states[-1]) for one in states),
        transitions=tuple(
            Transition(f"t{index}", label=f"T{index}", sources=(source,), to=target, by=("worker",))
            for index, (source, target) in enumerate(ways)
        ),
    )


@given(workflows())
def test_boxes_stand_apart_and_arrows_join_them(workflow):
    drawing = lay_out(workflow)
    boxes = {box.state: box for box in drawing.boxes}

    assert set(boxes) == {state.id for state in workflow.states}
    assert len({(box.x, box.y) for box in drawing.boxes}) == len(boxes)
    assert len(drawing.arrows) == len(workflow.transitions)
    for arrow in drawing.arrows:
        source, target = boxes[arrow.source], boxes[arrow.target]
        (first_x, first_y), (last_x, last_y) = arrow.points[0], arrow.points[-1]
        assert first_x == source.x + source.width and source.y <= first_y <= source.y + source.height
        assert last_x == target.x and target.y <= last_y <= target.y + target.height
        assert arrow.back == (target.x <= source.x)
        for (ax, ay), (bx, by) in zip(arrow.points, arrow.points[1:], strict=False):
            assert ax == bx or ay == by
        for x, y in arrow.points:
            assert 0 <= x <= drawing.width and 0 <= y <= drawing.height
    assert all(box.x + box.width <= drawing.width for box in drawing.boxes)
    assert drawing == lay_out(workflow)


@given(workflows())
def test_no_line_runs_through_a_box_it_does_not_belong_to(workflow):
    """A long way round is fine; a line behind somebody else's words is not."""
    drawing = lay_out(workflow)
    for arrow in drawing.arrows:
        for start, end in zip(arrow.points, arrow.points[1:], strict=False):
            left, right = sorted((start[0], end[0]))
            top, bottom = sorted((start[1], end[1]))
            for box in drawing.boxes:
                inside = (
                    left < box.x + box.width and right > box.x and top < box.y + box.height and bottom > box.y
                )
                assert not inside, (arrow, box)


@given(workflows())
def test_the_list_says_what_the_drawing_shows(workflow):
    drawing = lay_out(workflow)
    titles = {state.id: state.title for state in workflow.states}

    assert [one.initial for one in drawing.listed].count(True) == 1
    assert sorted(way for one in drawing.listed for way in one.ways) == sorted(
        (arrow.label, titles[arrow.target]) for arrow in drawing.arrows
    )


@pytest.mark.parametrize(
    "workflow", ["child_referral", "case_consultation", "child_assessment", "context_pathway"]
)
def test_what_ships_can_be_drawn(workflow):
    drawing = engine.load(ROOT).pack("core").workflow(workflow).drawing()

    assert drawing.boxes[0].initial
    assert all(arrow.label for arrow in drawing.arrows)
    assert drawing.width < 3000


def test_ends_that_come_early_stand_below_the_way_on():
    drawing = engine.load(ROOT).pack("core").workflow("context_pathway").drawing()
    boxes = {box.state: box for box in drawing.boxes}
    main = max(box.y for box in drawing.boxes if not box.final)

    assert boxes["not_taken_on"].y > main
    # Opened again from its end: that is a way back, and moves nothing further on.
    assert boxes["not_taken_on"].x == boxes["assessing"].x


def test_where_states_lead_round_the_order_they_are_written_in_tells_the_way_on():
    drawing = engine.load(ROOT).pack("core").workflow("context_pathway").drawing()
    boxes = {box.state: box for box in drawing.boxes}

    assert boxes["supporting"].x < boxes["closing"].x < boxes["closed"].x
    assert [one.back for one in drawing.arrows if one.source == "closing"] == [True, False]
