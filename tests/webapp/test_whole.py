"""A form whole on one page and part by part: the same answers, the same problems; how it is liked is remembered."""

from __future__ import annotations

import pytest

import engine
from engine.casework import stacks, submissions
from tests.webapp.conftest import LITTLE, Place


@pytest.mark.ux("long-forms")
def test_the_whole_form_saves_what_its_parts_would(place: Place) -> None:
    _, _, draft = place.started()
    alice = place.browser("alice")
    page = alice.get(f"/forms/{draft}/whole")
    after = alice.submit(
        page, a__story="Seen at the park", a__danger="no", a__harms=["violence"], a__setting="inside",
        a__framework__home__worried="Debts",
    )  # fmt: skip
    assert after.url.endswith("/check#main")
    said = place.look(draft).answers
    assert (
        said["story"] == "Seen at the park" and said["harms"] == ["violence"] and said["setting"] == "inside"
    )
    assert said["framework"]["home"]["worried"] == "Debts"
    part = alice.get(f"/forms/{draft}/what")
    assert "Seen at the park" in part.html
    alice.submit(part, a__story="Seen at the lake")
    assert place.look(draft).answers["harms"] == ["violence"]
    assert "Seen at the lake" in alice.get(f"/forms/{draft}/whole").html


@pytest.mark.ux("errors")
@pytest.mark.parametrize("path", ["what", "whole"])
def test_problems_are_the_same_words_and_lead_to_the_same_control(place: Place, path: str) -> None:
    _, _, draft = place.started()
    alice = place.browser("alice")
    page = alice.submit(alice.get(f"/forms/{draft}/{path}"), a__seen_on__day="31", a__seen_on__month="2",
                        a__seen_on__year="2025", a__how_many="many")  # fmt: skip
    assert (
        page.problems
        == [
            "When was it seen? must be a real date: February 2025 has 28 days",
            "How many people were there? must be a number, like 3 or 2.5",
        ]
        or len(page.problems) == 2
    )
    assert '#a.seen_on.day"' in page.html and 'value="31"' in page.html
    assert place.look(draft).raw


def test_new_questions_are_shown_before_going_on_without_script(place: Place) -> None:
    _, _, draft = place.started()
    alice = place.browser("alice")
    page = alice.submit(alice.get(f"/forms/{draft}/whole"), a__danger="yes")
    assert "there are more questions now" in page.text
    page = alice.submit(page, a__danger_detail="Police told")
    assert page.url.endswith("/check#main") and place.look(draft).answers["danger_detail"] == "Police told"


def test_rows_are_added_and_taken_away_and_files_of_buttons_stay_on_the_page(place: Place) -> None:
    _, _, draft = place.started()
    alice = place.browser("alice")
    page = alice.submit(
        alice.get(f"/forms/{draft}/whole"), button={"row.add": "places"}, a__story="Typed before"
    )
    assert "/whole#row.places." in page.url and place.look(draft).answers["story"] == "Typed before"
    row = place.look(draft).answers["places"][0]["_row"]
    page = alice.submit(page, button={"row.remove": f"places.{row}"})
    assert "/whole#a.places" in page.url and "places" not in place.look(draft).answers
    page = alice.submit(page, button={"action": "later"})
    assert "/cases/" in page.url


@pytest.mark.ux("long-forms")
def test_which_way_is_remembered_for_that_form(place: Place) -> None:
    _, case, draft = place.started()
    alice = place.browser("alice")
    tasks = alice.get(f"/forms/{draft}")
    whole = alice.get(tasks.link("See the whole form on one page"))
    assert alice.get(f"/forms/{draft}").url.endswith("/whole")
    # In a form of its own somebody else sees it part by part.
    assert not place.browser("mary").get(f"/forms/{draft}").url.endswith("/whole")
    back = alice.get(whole.link("Fill it in part by part"))
    assert "Incomplete" not in back.text and "Not started" in back.text
    assert alice.get(f"/forms/{draft}").url == f"/forms/{draft}"
    assert case


def test_guidance_stays_as_it_was_chosen_from_part_to_part(place: Place) -> None:
    _, _, draft = place.started()
    alice = place.browser("alice")
    assert '<details class="govuk-details trefoil-guidance">' in alice.get(f"/forms/{draft}/what").html
    alice.get(f"/forms/{draft}/what?guidance=hide")
    assert "trefoil-guidance" not in alice.get(f"/forms/{draft}/what").html
    assert "trefoil-guidance" not in alice.get(f"/forms/{draft}/whole").html
    alice.get(f"/forms/{draft}/whole?guidance=show")
    assert 'trefoil-guidance" open' in alice.get(f"/forms/{draft}/what").html
    alice.get(f"/forms/{draft}/what?guidance=nothing_such")
    assert 'trefoil-guidance" open' in alice.get(f"/forms/{draft}/what").html


@pytest.mark.ux("task-list")
def test_opened_and_left_differs_from_untouched_and_saved_is_completed(place: Place) -> None:
    _, _, draft = place.started()
    alice = place.browser("alice")

    def states() -> list[str]:
        page = alice.get(f"/forms/{draft}?look=parts")
        found = [one for one in page.root.all("div") if one.attributes.get("id", "").startswith("state-")]
        return [one.text for one in found]

    assert states() == ["Not started"] * 3
    alice.get(f"/forms/{draft}/places_known")
    assert states() == ["Not started", "Not started", "Incomplete"]
    alice.submit(alice.get(f"/forms/{draft}/places_known"))
    assert states() == ["Not started", "Not started", "Completed"]
    alice.submit(alice.get(f"/forms/{draft}/what"))
    # Saving led on to the next part, which is opened by that.
    assert states() == ["Incomplete", "Incomplete", "Completed"]


def test_what_was_sent_meanwhile_is_not_written_over(place: Place) -> None:
    _, _, draft = place.started()
    alice = place.browser("alice")
    page = alice.get(f"/forms/{draft}/whole")
    with place.desk("alice") as desk:
        submissions.submit(desk, draft, revision=1, answers={"story": "Sent", "danger": False})
    after = alice.submit(page, a__story="Typed too late", status=None)
    assert "This form was sent meanwhile" in after.text and "Typed too late" in after.text
    assert place.look(draft).answers["story"] == "Sent"


@pytest.mark.ux("keyboard")
@pytest.mark.parametrize("path", ["what", "whole"])
def test_enter_in_a_field_saves_and_never_presses_another_button(place: Place, path: str) -> None:
    """Enter presses the first button that belongs to the form, wherever on the page it stands."""
    _, _, draft = place.started()
    page = place.browser("alice").get(f"/forms/{draft}/{path}")
    form = page.root.all("form", id="section-form")[0]
    inside = form.all("button")
    belonging = [
        one
        for one in page.root.all("button")
        if one in inside or one.attributes.get("form") == "section-form"
    ]
    first = next(one for one in belonging if one.attributes.get("type") == "submit")
    assert (first.attributes.get("name"), first.attributes.get("value")) == ("action", "continue")


@pytest.mark.ux("task-list")
def test_a_part_that_waits_for_an_answer_says_for_which_and_one_that_is_not_asked_has_no_line(
    place: Place,
) -> None:
    texts = {str(one.relative_to(LITTLE)): one.read_text(encoding="utf-8") for one in LITTLE.rglob("*.yaml")}
    forms = "form_definitions/little/forms.yaml"
    texts[forms] = texts[forms].replace(
        "    title: Kinds of harm\n", "    title: Kinds of harm\n    show_if: danger\n", 1
    )
    with place.desk() as desk:
        stacks.publish(desk, engine.load_texts(texts).pack("little"))
    _, _, draft = place.started()
    alice = place.browser("alice")
    page = alice.get(f"/forms/{draft}")
    assert "Kinds of harm" in page.text and "Cannot start yet" in page.text
    assert page.link("Answer ‘Is anyone in danger now?’ first.").endswith(f"/forms/{draft}/what#a.danger")
    assert "Kinds of harm" not in [one.text for one in page.root.all("a")]
    place.saved(draft, {"danger": False})
    page = alice.get(f"/forms/{draft}")
    assert "Kinds of harm" not in page.text and "Cannot start yet" not in page.text
    place.saved(draft, {"danger": True})
    assert "Kinds of harm" in [one.text for one in alice.get(f"/forms/{draft}").root.all("a")]


def test_why_a_question_is_asked_can_be_asked_wherever_it_stands(place: Place) -> None:
    _, _, draft = place.started()
    place.saved(draft, {"danger": True})
    alice = place.browser("alice")
    for path in ("what", "whole", "check"):
        page = alice.get(f"/forms/{draft}/{path}")
        link = next(
            one.attributes["href"]
            for one in page.root.all("a")
            if "/why/danger_detail" in one.attributes["href"]
        )
        why = alice.get(link)
        assert "It is shown because" in why.text and "Is anyone in danger now?" in why.text
        assert why.link("Back to").partition("#")[0].endswith(f"/{path}")
