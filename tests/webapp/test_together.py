"""A form about several children on its pages: chosen, a part each, checked, sent, and read by those who may."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from engine import packs
from engine.casework import cases, links, people, restricting, stacks, submissions
from tests.webapp.conftest import LITTLE, Place, engine

FAMILY = Path(__file__).parent / "family.yaml"
FORM = "brothers_and_sisters"


@dataclass
class Family:
    place: Place
    ava: str
    bo: str
    cal: str
    case: str


def family_pack() -> packs.Pack:
    forms, workflow = FAMILY.read_text().split("---\nworkflow:")
    texts = dict(engine.load(LITTLE).pack("little").texts)
    texts["form_definitions/little/family.yaml"] = forms
    texts["workflows/little/family.yaml"] = f"workflow:{workflow}"
    return packs.load_texts(texts).pack("little")


@pytest.fixture
def home(place: Place) -> Family:
    with place.desk() as desk:
        stacks.publish(desk, family_pack())
    ava, bo = place.child(first="Ava", last="Elm"), place.child(first="Bo", last="Elm")
    cal = place.child("bob", first="Cal", last="Elm")
    with place.desk("alice") as desk:
        links.add(desk, ava, bo, purpose="brother")
        case = cases.start(desk, "family_flow", record=ava).id
    return Family(place, ava, bo, cal, case)


def typed(boxes: dict[str, Any]) -> dict[str, Any]:
    return boxes


def described(body: str) -> dict[str, object]:
    found = re.search(r'id="form-description">(.*?)</script>', body, re.DOTALL)
    assert found is not None
    return dict(json.loads(found[1]))


def test_from_choosing_to_reading(home: Family) -> None:
    browser = home.place.browser("alice")
    page = browser.get(f"/cases/{home.case}")
    page = browser.submit(page, action=f"/cases/{home.case}/forms/{FORM}")
    assert page.h1 == "Whom is this form about?"
    # The one linked is offered at once; one of somebody else's is not to be found.
    assert "Bo Elm" in page.text and "Cal" not in browser.get(page.url.split("?")[0] + "?q=Cal").text
    page = browser.submit(page, button={}, record=[home.bo])
    assert "about Ava Elm and Bo Elm" in page.text
    assert [
        one for one in ("The home", "Ava Elm: What matters", "Bo Elm: What matters") if one in page.text
    ] != []
    draft = page.url.rsplit("/", 1)[1]
    page = browser.submit(
        browser.get(f"/forms/{draft}/home"), button={"action": "continue"}, a__home_life="calm"
    )
    assert page.h1 == "Ava Elm: What matters"
    page = browser.submit(
        page, button={"action": "continue"},
        **typed({f"a__part.{home.ava}.wishes": "A bicycle", f"a__part.{home.ava}.harms": ["violence"]}),
    )  # fmt: skip
    assert page.h1 == "Bo Elm: What matters"
    # Sent without Bo's part: the page says whose answer is missing, and leads there.
    page = browser.submit(browser.get(f"/forms/{draft}/check"), action=f"/forms/{draft}/submit")
    assert len(page.problems) == 1 and page.problems[0].startswith("Bo Elm: ")
    page = browser.get(page.link(page.problems[0]))
    assert page.h1 == "Bo Elm: What matters"
    page = browser.submit(
        page, button={"action": "continue"},
        **typed({f"a__part.{home.bo}.wishes": "A dog", f"a__part.{home.bo}.small": "yes"}),
    )  # fmt: skip
    # Saving one part leaves every box of the other as it was, ticked ones included.
    answers = home.place.look(draft).answers["part"]
    assert answers[0]["harms"] == ["violence"] and answers[1]["small"] is True
    page = browser.submit(browser.get(f"/forms/{draft}/check"), action=f"/forms/{draft}/submit")
    assert "sent" in page.h1
    page = browser.get(f"/forms/{draft}/read")
    assert "Ava Elm: What does this child wish for?" in page.text and "A dog" in page.text
    on_bo = browser.get(f"/records/{home.bo}")
    assert f"/forms/{draft}/read?about={home.bo}" in on_bo.html
    part = browser.get(f"/forms/{draft}/read?about={home.bo}")
    assert "A dog" in part.text and "A bicycle" not in part.text and "calm" in part.text


def test_a_childs_reader_is_told_nothing_of_another(home: Family) -> None:
    with home.place.desk("alice") as desk:
        draft = submissions.open_draft(desk, FORM, record=home.ava, case=home.case, others=[home.bo])
        rows = [{"_row": home.ava, "wishes": "wishofava"}, {"_row": home.bo, "wishes": "wishofbo"}]
        sent = submissions.submit(
            desk, draft.id, revision=draft.revision, answers={"home_life": "calm", "part": rows}
        )
    with home.place.desk("mary") as desk:
        restricting.restrict(
            desk,
            home.ava,
            only=[people.me(desk).id],
            reason="Kept apart",
            review_on=desk.today.replace(year=2027),
        )
    browser = home.place.browser("alice")
    for where in (f"/records/{home.bo}", f"/forms/{sent.id}/read", f"/forms/{sent.id}/read?about={home.bo}"):
        body = browser.get(where).html
        for canary in (home.ava, "wishofava", "Ava", home.case):
            assert canary not in body, (where, canary)
    assert "wishofbo" in browser.get(f"/forms/{sent.id}/read").html
    assert browser.get(f"/forms/{sent.id}/read?about={home.ava}", status=404).status == 404
    # The control: whoever may see both finds both.
    body = home.place.browser("mary").get(f"/forms/{sent.id}/read").html
    assert "wishofava" in body and "wishofbo" in body


def test_a_draft_kept_from_somebody_in_part_is_not_theirs_to_write(home: Family) -> None:
    with home.place.desk("alice") as desk:
        draft = submissions.open_draft(desk, FORM, record=home.ava, case=home.case, others=[home.bo])
        submissions.save(
            desk, draft.id, {"part": [{"_row": home.ava, "wishes": "wishofava"}]}, revision=draft.revision
        )
    with home.place.desk("mary") as desk:
        restricting.restrict(
            desk,
            home.ava,
            only=[people.me(desk).id],
            reason="Kept apart",
            review_on=desk.today.replace(year=2027),
        )
    browser = home.place.browser("alice")
    for where in ("home", f"part/of/{home.bo}", f"part/of/{home.ava}", "check", "who-it-is-about"):
        assert browser.get(f"/forms/{draft.id}/{where}", status=404).status == 404
    assert "wishofava" not in browser.get(f"/forms/{draft.id}").html


def test_only_the_part_on_the_page_is_followed_while_typing(home: Family) -> None:
    with home.place.desk("alice") as desk:
        draft = submissions.open_draft(desk, FORM, record=home.ava, case=home.case, others=[home.bo])
    body = home.place.browser("alice").get(f"/forms/{draft.id}/part/of/{home.bo}").html
    assert f'data-row="part.{home.bo}"' in body and f"a.part.{home.ava}" not in body
    assert [one["id"] for one in described(body)["facts"]["records"]] == [home.ava, home.bo]  # type: ignore[index]
    # The section's plain address leads to the first child's part.
    page = home.place.browser("alice").get(f"/forms/{draft.id}/part")
    assert page.h1 == "Ava Elm: What matters"


def test_two_who_change_one_childs_answer_choose_for_that_child_alone(home: Family) -> None:
    with home.place.desk("alice") as desk:
        draft = submissions.open_draft(desk, FORM, record=home.ava, case=home.case, others=[home.bo])
    alice, mary = home.place.browser("alice"), home.place.browser("mary")
    where = f"/forms/{draft.id}/part/of/{home.bo}"
    mine, theirs = alice.get(where), mary.get(where)
    box = f"a__part.{home.bo}.wishes"
    mary.submit(theirs, button={"action": "later"}, **typed({box: "A cat"}))
    page = alice.submit(mine, button={"action": "later"}, status=409, **typed({box: "A dog"}))
    assert "Bo Elm: What does this child wish for?" in page.text
    assert "A cat" in page.text and "A dog" in page.text and "Ava" not in page.text.split("Two people")[-1]
    alice.submit(page, **typed({f"choice.part.{home.bo}.wishes": "mine"}))
    assert home.place.look(draft.id).answers["part"][1]["wishes"] == "A dog"
