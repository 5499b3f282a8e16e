"""Who works on a case, as its page lists them."""

from __future__ import annotations

from engine.casework import cases, people
from tests.webapp.conftest import Place


def test_two_colleagues_of_one_name_are_two_lines(place: Place) -> None:
    _, case, _ = place.started()
    with place.desk() as desk:
        other = people.add(desk, "Alice Ames", "alice.too", password="three quiet geese", roles=["worker"])
    with place.desk("mary") as desk:
        cases.assign(desk, case, person=other.id)
    page = place.browser("mary").get(f"/cases/{case}")
    assert (
        page.html[page.html.index("Who works on") :].count('<span class="trefoil-glance__line">Alice Ames')
        == 2
    )
