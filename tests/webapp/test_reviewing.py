"""A review on one page, and a question put from it: asked, answered, accepted, and read by nobody else."""

from __future__ import annotations

from datetime import date
from functools import cache

import engine
from engine import packs
from engine.casework import actions, cases, links, markers, queries, records, stacks, submissions
from tests.webapp.conftest import LITTLE, Place
from tests.webapp.test_constant_queries import queries as asked_of_database

HEARD = """
form: heard
title: What she says
about: child
sections:
  - id: main
    title: Main
    questions:
      - {id: own_words, type: long_text, label: In her words, voice: subject}
      - {id: at_home, type: long_text, label: At home, voice: family}
      - {id: risks, type: long_text, label: What adds to the risk?, factor: risk, social_field: park}
      - {id: helps, type: long_text, label: What protects?, factor: strength, social_field: park}
---
list: social_fields
title: Fields
options: [{id: park, label: The park}]
"""


@cache
def hearing() -> packs.Pack:
    texts = dict(engine.load(LITTLE).pack("little").texts)
    texts["form_definitions/little/heard.yaml"] = HEARD
    flow = next(name for name, text in texts.items() if "workflow: worries" in text)
    texts[flow] = texts[flow].replace("forms: [worry]", "forms: [worry, heard]", 1)
    return packs.load_texts(texts).pack("little")


def told(place: Place) -> tuple[str, str, str]:
    """A child with much to review: record, case, and the form in which she was heard."""
    with place.desk() as desk:
        stacks.publish(desk, hearing())
    record = place.child()
    case = place.case(record)
    draft = place.draft(record, case, "heard")
    said = {"own_words": "I want to go to college", "at_home": "We worry at night", "risks": "Nobody in charge",
            "helps": "The ticket seller looks out"}  # fmt: skip
    with place.desk("alice") as desk:
        at = submissions.get(desk, draft)
        submissions.submit(desk, draft, revision=at.revision, answers=said)
        late = actions.open(desk, record, "Meet her at the gate", case=case, due=date(2026, 1, 2))
        off = actions.open(
            desk, record, "Light the steps", case=case, due=date(2026, 2, 1), social_field="park"
        )
        actions.edit(desk, off.id, {"due": date(2026, 3, 1)}, revision=1)
        spot = records.create(desk, "place", {"place_name": "Ferry steps"}).id
        tie = links.add(desk, record, spot, purpose="Harmed there", since=date(2025, 6, 1))
        links.end(desk, tie.id, why="She moved away", until=date(2026, 1, 5))
        assert late.id
    return record, case, draft


def test_a_review_says_what_matters_and_each_line_opens_what_it_shows(place: Place) -> None:
    record, case, heard = told(place)
    page = place.browser("mary").get(f"/records/{record}/review")
    for words in (
        "I want to go to college", "We worry at night", "Nobody in charge", "The ticket seller looks out",
        "Meet her at the gate", "Overdue: was due 2 January 2026", "Light the steps",
        "First agreed for 1 February 2026.", "Ferry steps", "She moved away", "No case that you may see is open there.",
    ):  # fmt: skip
        assert words in page.text, words
    assert "No open action acts there." not in page.text
    opened = {one.attributes.get("href") for one in page.root.all("a")}
    assert {f"/forms/{heard}/read", f"/cases/{case}"} <= opened
    # Since a day of one's own choosing; nonsense is no day.
    later = place.browser("mary").get(f"/records/{record}/review?since=7+January+2026")
    assert "No case moved since then." in later.text
    assert place.browser("mary").get(f"/records/{record}/review?since=whenever").status == 200
    place.browser("bob").get(f"/records/{record}/review", status=404)


def test_a_risk_is_marked_where_no_action_acts(place: Place) -> None:
    record, _, _ = told(place)
    with place.desk("alice") as desk:
        for one in actions.of_record(desk, record):
            actions.end(desk, one.id, revision=one.revision)
    assert "No open action acts there." in place.browser("mary").get(f"/records/{record}/review").text


def test_a_question_is_asked_at_an_answer_answered_and_accepted(place: Place) -> None:
    record, case, heard = told(place)
    mary, alice = place.browser("mary"), place.browser("alice")
    asking = mary.get(f"/records/{record}/ask?submission={heard}&question=risks")
    assert "What she says, What adds to the risk?" in asking.text
    wrong = mary.submit(asking, action="", text="", due="soonish")
    assert len(wrong.problems) == 2
    page = mary.submit(
        asking, action="", text="Who has asked for lights?", who=place.ids["alice"], due="8 1 2026"
    )
    assert "Waiting for an answer" in page.text
    assert "Who has asked for lights?" in alice.get("/").text
    seen = alice.get(f"/cases/{case}")
    assert "Who has asked for lights?" in seen.text
    place.clock.pass_by(days=4)
    mary, alice = place.browser("mary"), place.browser("alice")
    assert "Overdue" in mary.get(page.url).text
    answering = alice.get(page.url)
    assert alice.submit(answering, action="", text="").problems
    assert "Answered" in alice.submit(answering, action="", text="Community safety, today").text
    settled = mary.submit(mary.get(page.url), action="")
    assert "Settled" in settled.text and "took the answer as enough" in settled.text
    assert "Who has asked for lights?" not in alice.get("/").text
    assert "Community safety, today" in alice.get(f"/cases/{case}").text
    place.browser("bob").get(page.url, status=404)


def test_a_question_on_my_work_leads_to_where_it_is_answered(place: Place) -> None:
    record = place.child()
    case = place.case(record)
    with place.desk("mary") as desk:
        asked = [
            queries.ask(desk, record, text, case=within, person=place.ids["alice"])
            for text, within in (("Who met her?", case), ("Where does he live?", None))
        ]
    browser = place.browser("alice")
    page = browser.get("/")
    for one in asked:
        assert page.link(f"{one.text}, Cara Cole") == f"/queries/{one.id}"
    page = browser.get(f"/queries/{asked[1].id}")
    browser.submit(page, action="", text="With his aunt")
    assert "Where does he live?" in place.browser("mary").get("/").text


def test_a_review_and_a_case_ask_as_often_for_much_as_for_little(place: Place) -> None:
    record, case, heard = told(place)
    browser = place.browser("mary")

    def more(count: int) -> None:
        with place.desk("mary") as desk:
            for number in range(count):
                queries.ask(desk, record, f"{number}?", case=case, submission=heard, question="risks")
                actions.open(desk, record, f"Do {number}", due=date(2026, 1, 2))
                cases.start(desk, "worries", record=record)
                spot = records.create(desk, "place", {"place_name": f"Spot {number}"}).id
                tie = links.add(desk, record, spot, purpose="Harmed there", since=date(2025, 6, 1))
                links.end(desk, tie.id, why="Over", until=date(2026, 1, 5))

    more(2)
    pages = (f"/records/{record}/review", f"/cases/{case}")
    few = [asked_of_database(place, browser, one) for one in pages for _ in range(2)][1::2]
    more(5)
    assert [asked_of_database(place, browser, one) for one in pages] == few


def test_a_place_has_no_list_of_who_left_it(place: Place) -> None:
    record, _, _ = told(place)
    with place.desk("alice") as desk:
        [tie] = links.of_record(desk, record, ended=True)
        assert markers.of_record(desk, tie.other) == []
    page = place.browser("alice").get(f"/records/{tie.other}/review")
    assert "Cara" not in page.text.replace("Alice", "") and "left behind" not in page.text
