"""What is typed outside forms and not saved, as a page's script keeps it: offered where it was typed, and to nobody
else."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from engine.casework import cases, ids, notes, queries, submissions, tasks, unsaved
from tests.webapp.conftest import PASSWORD, Place
from tests.webapp.reading import Browser, Node, Seen
from webapp.views.unsaved import what

ASKS = {"Accept": "application/json"}
WORDS = "She said:\n<b>no</b> & left."
TOLD = "have not saved it"


@dataclass
class Typing:
    """What static/js/unsaved.js does with one form of a page."""

    browser: Browser
    page: Seen
    form: str
    number: int = 0
    seal: str = field(default="")

    def __post_init__(self) -> None:
        [mark] = [one for one in self.node.all("input") if "data-unsaved" in one.attributes]
        self.seal, self.number = mark.attributes["value"], int(mark.attributes["data-since"])

    @property
    def node(self) -> Node:
        return self.page.root.all("form", id=self.form)[0]

    def stands(self, name: str = "text") -> str:
        [box] = self.node.all("textarea", name=name)
        return "".join(box._texts()).removeprefix("\n")

    def types(self, *, status: int = 200, **texts: str) -> Any:
        self.number += 1
        typed = {f"t.{name}": text for name, text in texts.items() if text}
        rest = {one: self.page.fields(None)[one] for one in ("csrf_token", "_who")}
        body = {**rest, "_unsaved": self.seal, "number": self.number, **typed}
        reply = self.browser.client.post(
            "/unsaved/keep-typed", data=body, headers=ASKS, base_url=self.browser.base
        )
        assert reply.status_code == status, reply.get_data(as_text=True)
        return reply.get_json()

    def presses(self, **texts: str) -> Seen:
        body: dict[str, Any] = {}
        for one in self.node.all("input"):
            if one.attributes.get("type") in (None, "hidden", "text") and "name" in one.attributes:
                body[one.attributes["name"]] = one.attributes.get("value", "")
        return self.browser.post(self.page.url, {**body, "_unsaved": self.seal, **texts})


def opens(browser: Browser, url: str, form: str = "typed-form") -> Typing:
    return Typing(browser, browser.get(url), form)


def drop(browser: Browser, page: Seen) -> Seen:
    return browser.submit(page, action="/unsaved/drop")


@pytest.fixture
def child(place: Place) -> str:
    return place.child()


def written(place: Place, child: str) -> list[str]:
    with place.desk("mary") as desk:
        return [one.text for one in notes.of_record(desk, child)]


@pytest.mark.ux("autosave")
def test_a_note_that_was_not_saved_stands_in_its_box_again_on_any_machine(place: Place, child: str) -> None:
    there = f"/records/{child}/notes"
    told = opens(place.browser("alice"), there).types(text=WORDS)
    assert (told["state"], told["at"]) == ("kept", "9:30")
    elsewhere = opens(place.browser("alice"), there)
    assert (
        elsewhere.stands() == WORDS
        and "on 6 January 2026 at 9:30 and have not saved it" in elsewhere.page.text
    )
    # For nobody else, whether they may see the record or not; and it is no note.
    for other in ("mary", "bob", "audrey", "adam"):
        browser = place.browser(other)
        for url in (there, f"/records/{child}", "/", "/search?q=said"):
            assert "She said" not in browser.get(url, status=None).text
    assert written(place, child) == []
    elsewhere.presses(text=elsewhere.stands())
    assert written(place, child) == [WORDS]
    again = opens(place.browser("alice"), there)
    assert again.stands() == "" and TOLD not in again.page.text


def test_one_press_throws_it_away(place: Place, child: str) -> None:
    alice, there = place.browser("alice"), f"/records/{child}/notes"
    opens(alice, there).types(text=WORDS)
    page = drop(alice, alice.get(there))
    assert page.h1 == "Add a note" and "She said" not in page.text
    assert "She said" not in alice.get("/").text and written(place, child) == []


def test_what_comes_late_does_not_bring_back_what_was_saved(place: Place, child: str) -> None:
    alice, there = place.browser("alice"), f"/records/{child}/notes"
    page = opens(alice, there)
    page.types(text="She said")
    page.presses(text=WORDS)
    told = page.types(text=WORDS)
    assert told["state"] == "over" and opens(alice, there).stands() == ""
    # Whoever goes on in a window that stayed open is kept for, under another name.
    page.seal = told["seal"]
    assert page.types(text="And a second note")["state"] == "kept"
    assert opens(alice, there).stands() == "And a second note"


def test_a_note_of_a_case_and_one_of_its_record_are_kept_apart(place: Place, child: str) -> None:
    alice, case = place.browser("alice"), place.case(child)
    opens(alice, f"/records/{child}/notes?case={case}").types(text="Of the case")
    assert opens(alice, f"/records/{child}/notes").stands() == ""
    page = opens(alice, f"/records/{child}/notes?case={case}")
    assert page.stands() == "Of the case"
    page.presses(text="Of the case", case=case)
    assert opens(alice, f"/records/{child}/notes?case={case}").stands() == ""


def test_two_windows_keep_two_texts_and_both_are_offered(place: Place, child: str) -> None:
    alice, there = place.browser("alice"), f"/records/{child}/notes"
    first, second = opens(alice, there), opens(alice, there)
    first.types(text="In the first")
    second.types(text="In the second")
    page = opens(alice, there)
    assert page.stands() == "In the second"
    other = opens(alice, page.page.link("Something else that you typed here").partition("#")[0])
    assert other.stands() == "In the first"


def test_a_note_under_change_is_offered_and_not_written_over_a_newer_one(place: Place, child: str) -> None:
    with place.desk("alice") as desk:
        note = notes.add(desk, child, "As it was").id
    alice, there = place.browser("alice"), f"/records/notes/{note}"
    opens(alice, there).types(text="As it was, and more", revision="1")
    assert opens(alice, there).stands() == "As it was, and more"
    with place.desk("alice") as desk:
        notes.edit(desk, note, "Changed in another window", revision=1)
    page = opens(alice, there)
    told = page.presses(text=page.stands())
    assert "You changed this note meanwhile" in told.text and "Changed in another window" in told.text
    assert written(place, child) == ["Changed in another window"]


def test_a_reason_and_comments_are_offered_and_go_with_the_step(place: Place, child: str) -> None:
    case = place.case(child)
    draft = place.draft(child, case)
    with place.desk("alice") as desk:
        at = submissions.get(desk, draft).revision
        submissions.submit(desk, draft, revision=at, answers={"story": "Something", "danger": False})
    mary, there = place.browser("mary"), f"/cases/{case}/do/ask_again"
    box = f"comment.{draft}.story"
    opens(mary, there, "step-form").types(**{"reason": "Say more", box: "Who was there?"})
    page = opens(mary, there, "step-form")
    assert page.stands("reason") == "Say more" and page.stands(box) == "Who was there?"
    # A comment stands where it can be seen, not folded away.
    folded = {
        one.all("textarea")[0].attributes["name"]: "open" in one.attributes
        for one in page.node.all("details")
    }
    assert folded.pop(box) and not any(folded.values())
    page.presses(reason="Say more", **{box: "Who was there?"})
    with place.desk("mary") as desk:
        assert unsaved.mine(desk) == [] and cases.get(desk, case).state != "check"


def test_a_step_that_is_gone_leaves_its_words_to_be_copied(place: Place, child: str) -> None:
    case = place.case(child)
    draft = place.draft(child, case)
    with place.desk("alice") as desk:
        at = submissions.get(desk, draft).revision
        submissions.submit(desk, draft, revision=at, answers={"story": "Something", "danger": False})
    mary, there = place.browser("mary"), f"/cases/{case}/do/ask_again"
    opens(mary, there, "step-form").types(reason=WORDS)
    with place.desk("mary") as desk:
        cases.fire(
            desk, case, "ask_again", revision=cases.get(desk, case).revision, reason="By somebody else"
        )
    mary.get(there, status=404)
    page = mary.get(mary.get("/").link("A step of a case"))
    [box] = page.root.all("textarea")
    assert "".join(box._texts()).removeprefix("\n") == WORDS
    place.browser("alice").get(page.url, status=404)
    assert "A step of a case" not in drop(mary, page).text


def test_a_question_its_answer_and_what_is_asked_again_are_kept(place: Place, child: str) -> None:
    case = place.case(child)
    mary, ask = place.browser("mary"), f"/records/{child}/ask"
    opens(mary, ask, "ask-form").types(text="Who was there?", who=place.ids["alice"], due="27 3 2026")
    page = mary.get(ask)
    chosen = [one.attributes["value"] for one in page.root.all("option") if "selected" in one.attributes]
    assert place.ids["alice"] in chosen and "27 3 2026" in page.html
    copied = mary.get(mary.get("/").link("A question")).root.all("textarea")
    assert ["".join(one._texts()).strip() for one in copied] == ["Who was there?", "27 3 2026"]
    Typing(mary, page, "ask-form").presses(text="Who was there?", who=place.ids["alice"], case=case)
    with place.desk("mary") as desk:
        [query] = queries.of_record(desk, child)
        assert unsaved.mine(desk) == []
    alice, there = place.browser("alice"), f"/queries/{query.id}"
    opens(alice, there, "answer-form").types(text="Her aunt")
    page = opens(alice, there, "answer-form")
    assert not [one for one in page.page.root.all("details") if "open" in one.attributes]
    assert page.stands() == "Her aunt" and "Her aunt" not in place.browser("mary").get(there).text
    page.presses(text="Her aunt")
    opens(mary, there, "again-form").types(text="And who else?")
    assert opens(mary, there, "again-form").stands() == "And who else?"
    assert opens(mary, there, "withdraw-form").stands() == ""
    opens(mary, there, "withdraw-form").types(text="No need")
    page = opens(mary, there, "withdraw-form")
    [folded] = page.page.root.all("details")
    assert page.stands() == "No need" and "open" in folded.attributes


def test_a_refused_post_of_one_form_leaves_what_the_other_kept_in_its_box(place: Place, child: str) -> None:
    with place.desk("mary") as desk:
        query = queries.ask(desk, child, "Who was there?", person=place.ids["alice"])
    with place.desk("alice") as desk:
        queries.answer(desk, query.id, "Her aunt", revision=query.revision)
    mary, there = place.browser("mary"), f"/queries/{query.id}"
    page = opens(mary, there, "again-form")
    page.types(text="And who else?")
    opens(mary, there, "withdraw-form").types(text="No need")
    refused = page.presses(text=" ")
    assert refused.problems and Typing(mary, refused, "again-form").stands() == ""
    other = Typing(mary, refused, "withdraw-form")
    assert other.stands() == "No need" and refused.text.count(TOLD) == 1
    other.types(text="No need, she rang")
    with place.desk("mary") as desk:
        assert sorted(one.place.partition("#")[2] for one in unsaved.mine(desk)) == [
            "again-form",
            "withdraw-form",
        ]


def test_an_address_made_up_is_no_page_that_keeps(place: Place, child: str) -> None:
    case = place.case(child)
    draft = place.draft(child, case)
    with place.desk("alice") as desk:
        at = submissions.get(desk, draft).revision
        submissions.submit(desk, draft, revision=at, answers={"story": "Something", "danger": False})
    mary, long = place.browser("mary"), "".join(f"{one:x}" for one in range(1200))
    mary.get(f"/records/{child}/notes?case={long}", status=404)
    ask = f"/records/{child}/ask?submission={draft}&question=story"
    opens(mary, ask, "ask-form").types(text="Who was there?")
    mary.get(f"{ask}[{long}]", status=404)


def test_every_text_can_be_come_to_from_my_work(place: Place, child: str) -> None:
    with place.desk("mary") as desk:
        for number in range(13):
            sheet = unsaved.Sheet(ids.new(), child, f"/records/{child}/notes#{number}")
            unsaved.keep(desk, sheet, {"text": ["Seen"]}, 1)
        wanted = {f"/unsaved/{one.id}" for one in unsaved.mine(desk)}
    mary = place.browser("mary")
    page = mary.get("/")
    assert wanted <= {one.attributes.get("href") for one in page.root.all("a")}
    assert "3 older texts" in page.text
    with place.desk("mary") as desk:
        for one in unsaved.mine(desk)[10:]:
            unsaved.end(desk, unsaved.Sheet(one.id, one.record, one.place))
    assert "older" not in mary.get("/").text


def test_it_is_said_what_the_words_would_become(place: Place, child: str) -> None:
    case = place.case(child)
    draft = place.draft(child, case)
    with place.desk("mary") as desk:
        task = tasks.add(desk, child, "Ring").id
    pages = {
        f"/cases/{case}/pause": "A reason to stop the clock",
        f"/cases/{case}/withdraw": "A reason to take a case back",
        f"/forms/{draft}/withdraw": "A reason to take a form back",
        f"/tasks/{task}/withdraw": "A reason to take a task back",
        f"/records/{child}/notes?case={case}": "A note",
    }
    for path, said in pages.items():
        one = unsaved.Left(ids.new(), child, f"{path}#form", 1, datetime.now(UTC))
        # As in a training copy too, whose addresses all begin alike.
        for below in ("", f"/training/{case}"):
            with place.app.test_request_context("/", base_url=f"http://here{below}"):
                assert what(replace(one, place=f"{below}{one.place}")) == said


def test_a_reason_asked_for_by_itself_is_kept(place: Place, child: str) -> None:
    with place.desk("mary") as desk:
        task = tasks.add(desk, child, "Ring").id
    mary, there = place.browser("mary"), f"/tasks/{task}/withdraw"
    opens(mary, there, "reason-form").types(reason="Done by phone")
    page = opens(mary, there, "reason-form")
    assert page.stands("reason") == "Done by phone"
    page.presses(reason="Done by phone")
    with place.desk("mary") as desk:
        assert unsaved.mine(desk) == []


def test_what_was_refused_goes_on_from_what_was_kept(place: Place, child: str) -> None:
    mary, ask = place.browser("mary"), f"/records/{child}/ask"
    page = opens(mary, ask, "ask-form")
    page.types(text="Who was there?", due="soon")
    refused = Typing(mary, page.presses(text="Who was there?", due="soon"), "ask-form")
    assert refused.page.problems and refused.stands() == "Who was there?" and TOLD not in refused.page.text
    refused.presses(text="Who was there?", due="27 3 2026")
    with place.desk("mary") as desk:
        assert unsaved.mine(desk) == [] and len(queries.of_record(desk, child)) == 1


def test_a_page_keeps_for_nobody_but_its_writer(place: Place, child: str) -> None:
    alice, mary, there = place.browser("alice"), place.browser("mary"), f"/records/{child}/notes"
    page, other = opens(alice, there), opens(mary, there)
    # Alice's sealed name in Mary's post, a seal of nobody's, a page of Alice's after Mary has signed in.
    other.seal, own = page.seal, other.seal
    other.types(text="Mary's", status=404)
    other.seal = own[:-3]
    other.types(text="Mary's", status=404)
    alice.client.delete_cookie(place.app.config["SESSION_COOKIE_NAME"])
    assert page.types(text=WORDS, status=401)["state"] == "ended"
    alice.sign_in("mary", PASSWORD)
    fresh = alice.get(there)
    for node in page.page.root.all("input", name="csrf_token"):
        node.attributes["value"] = fresh.fields()["csrf_token"][0]
    assert page.types(text=WORDS, status=401)["state"] == "another"
    for who in ("alice", "mary"):
        with place.desk(who) as desk:
            assert unsaved.mine(desk) == []


def test_a_task_half_written_is_offered_with_its_day(place: Place, child: str) -> None:
    mary, there = place.browser("mary"), f"/cases/{place.case(child)}/tasks"
    opens(mary, there, "task-form").types(what="Ring the school", **{"due.day": "27"})
    page = mary.get(there)
    boxes = {one.attributes.get("name"): one.attributes.get("value") for one in page.root.all("input")}
    assert (boxes["what"], boxes["due.day"]) == ("Ring the school", "27")


@pytest.mark.ux("script-off")
def test_an_answer_that_comes_too_late_is_shown_to_be_copied(place: Place, child: str) -> None:
    with place.desk("mary") as desk:
        query = queries.ask(desk, child, "Who was there?", person=place.ids["alice"])
    alice = place.browser("alice")
    page = alice.get(f"/queries/{query.id}")
    with place.desk("mary") as desk:
        queries.withdraw(desk, query.id, "No need", revision=query.revision)
    told = alice.submit(page, text=WORDS)
    [box] = told.root.all("textarea", id="lost")
    assert "".join(box._texts()).removeprefix("\n") == WORDS and told.problems


@pytest.mark.ux("script-off")
def test_comments_on_a_form_that_was_returned_meanwhile_are_shown_to_be_copied(
    place: Place, child: str
) -> None:
    case = place.case(child)
    draft = place.draft(child, case)
    with place.desk("alice") as desk:
        at = submissions.get(desk, draft).revision
        submissions.submit(desk, draft, revision=at, answers={"story": "Something", "danger": False})
    mary = place.browser("mary")
    page = mary.get(f"/cases/{case}/do/ask_again")
    with place.desk("mary") as desk:
        cases.fire(
            desk, case, "ask_again", revision=cases.get(desk, case).revision, reason="By somebody else"
        )
    said = {f"comment__{draft}__story": "Who was there?"}
    told = mary.submit(page, status=409, reason="Say more", **said)
    assert {"Say more", "Who was there?"} <= {
        "".join(one._texts()).strip() for one in told.root.all("textarea")
    }


@pytest.mark.ux("script-off")
def test_with_script_off_a_note_is_written_as_ever(place: Place, child: str) -> None:
    alice = place.browser("alice")
    page = alice.get(f"/records/{child}/notes")
    assert "_unsaved" not in page.fields()
    alice.submit(page, text=WORDS)
    assert written(place, child) == [WORDS]
    # What was kept by a script elsewhere is saved, and so gone, without one.
    opens(place.browser("alice"), f"/records/{child}/notes").types(text="More")
    again = opens(alice, f"/records/{child}/notes")
    again.presses(text=again.stands())
    assert "More" not in alice.get(f"/records/{child}/notes").text
