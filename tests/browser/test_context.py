"""A peer group is referred as a context and assessed on its triangle. With script on and off."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.support.journeys import Person

pytestmark = pytest.mark.timeout(300)

CORNERS = {
    "Group functioning": {
        "functioning_strengths": "They look out for each other",
        "functioning_stands": "some_worry",
    },
    "Guardianship": {
        "guardianship_worries": "Nobody after the club closes",
        "guardianship_stands": "great_worry",
    },
    "Environmental and family factors": {"environment_stands": "safe_enough"},
}


def test_a_peer_group_is_assessed_on_its_triangle(person: Callable[[str], Person], script: str) -> None:
    worker = person("priya")
    answers = {"area": f"Testfield {script.removeprefix('script ')}", "meets_at": "The bandstand"}
    case = worker.begin("context_pathway", "Peer group", answers)
    worker.fill_in(
        "Referral of a group or place",
        {"What you are worried about": {"context_seen": "Found together in an empty flat"}},
    )
    manager = person("marta")
    manager.open(case)
    manager.act("Take it on")
    cs = person("cass")
    cs.open(case)
    cs.fill_in("Peer group assessment", CORNERS)
    cs.open(case)
    cs.follow("Peer group assessment")
    cs.page.locator("svg.trefoil-triangle").wait_for()
    cs.expect("Great worry", "Some worry", "Safe enough")
    cs.open(case)
    cs.up("Testfield")
    cs.page.locator("svg.trefoil-triangle").wait_for()
    cs.expect("How it stands", "Great worry")
    cs.open(case)
    cs.act("Finish the assessment")
    cs.open(case)
    cs.expect("Plan being made")
