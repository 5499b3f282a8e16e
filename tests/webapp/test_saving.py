"""A form that saves itself, as its page's script asks for it: merged, never confirming, never for somebody else."""

from __future__ import annotations

import re
from typing import Any

import pytest
from structlog.testing import capture_logs

import engine
from engine import packs
from engine.casework import stacks, submissions
from tests.webapp.conftest import LITTLE, PASSWORD, Place
from tests.webapp.reading import Browser, Seen, check_headers

ASKS = {"Accept": "application/json"}


class Typing:
    """What static/js/autosave.js does, one page at a time."""

    def __init__(self, browser: Browser, draft: str, section: str = "what") -> None:
        self.browser, self.draft = browser, draft
        page = browser.get(f"/forms/{draft}/{section}")
        self.fields = page.fields()
        self.saved = {name: texts for name, texts in self.fields.items() if name.startswith("a.")}
        self.revision = self.fields["revision"]

    def types(self, **changes: str | list[str]) -> None:
        for name, text in changes.items():
            self.fields[f"a.{name}"] = text if isinstance(text, list) else [text]

    def body(self) -> dict[str, Any]:
        now = {name: texts for name, texts in self.fields.items() if name.startswith("a.")}
        changed = [one for one in {**self.saved, **now} if self.saved.get(one) != now.get(one)]
        was = {f"was.{one}": self.saved[one] for one in changed if one in self.saved}
        rest = {one: self.fields[one] for one in ("csrf_token", "_who")}
        return {**now, **was, **rest, "changed": changed, "revision": self.revision}

    def saves(self, status: int = 200, **changes: str | list[str]) -> Any:
        self.types(**changes)
        reply = self.browser.client.post(
            f"/forms/{self.draft}/keep-typed", data=self.body(), headers=ASKS, base_url=self.browser.base
        )
        assert reply.status_code == status, reply.get_data(as_text=True)
        check_headers(Seen("", reply.status_code, "", None, reply.headers))  # type: ignore[arg-type]
        told = reply.get_json()
        if status == 200:
            clashing = {one["name"] for one in told["conflicts"] + told["refused"]}
            now = {name: texts for name, texts in self.fields.items() if name.startswith("a.")}
            self.saved = {
                name: self.saved.get(name, []) if name in clashing else texts for name, texts in now.items()
            }
            if told["exact"]:
                self.revision = [str(told["revision"])]
        return told


@pytest.fixture
def draft(place: Place) -> str:
    return place.started()[2]


def test_what_is_typed_is_kept_and_the_page_is_told_when(place: Place, draft: str) -> None:
    page = Typing(place.browser("alice"), draft)
    told = page.saves(story="He said", how_many="3")
    assert (told["state"], told["exact"], told["at"]) == ("saved", True, "9:30")
    told = page.saves(story="He said no.\r\nThen he left.")
    assert told["revision"] == 3
    found = place.look(draft)
    assert found.answers["story"] == "He said no.\nThen he left." and found.answers["how_many"] == "3"
    with place.desk("alice") as desk:
        assert [one.number for one in submissions.revisions(desk, draft)] == [1, 3]


def test_the_button_after_it_goes_on_from_what_saved_itself(place: Place, draft: str) -> None:
    page = Typing(place.browser("alice"), draft)
    page.saves(story="One")
    page.saves(story="Two")
    page.types(story="Three")
    body = {**page.fields, "revision": page.revision, "action": ["later"]}
    assert page.browser.post(f"/forms/{draft}/what", body).h1 == "Worry"
    assert place.look(draft).answers["story"] == "Three"


def test_an_answer_taken_away_is_taken_away(place: Place, draft: str) -> None:
    place.saved(draft, {"story": "There", "harms": ["violence"]})
    page = Typing(place.browser("alice"), draft)
    page.saves(story="")
    kinds = Typing(place.browser("alice"), draft, "kinds")
    kinds.fields.pop("a.harms")
    kinds.saves()
    assert not {"story", "harms"} & place.look(draft).answers.keys()


def test_what_cannot_be_read_is_kept_as_it_was_typed(place: Place, draft: str) -> None:
    page = Typing(place.browser("alice"), draft)
    page.saves(how_many="a few")
    assert place.browser("alice").get(f"/forms/{draft}/what").fields()["a.how_many"] == ["a few"]
    page.saves(how_many="4")
    assert place.look(draft).answers["how_many"] == "4" and not place.look(draft).raw


def test_a_default_that_was_only_shown_is_nobodys_answer(place: Place) -> None:
    texts = dict(engine.load(LITTLE).pack("little").texts)
    at = next(name for name, text in texts.items() if "id: how_many" in text)
    texts[at] = re.sub(
        r"^( *)(- {id: how_many,)",
        r"\1- {id: heard_on, type: date, label: Heard on, default: today()}\n\1\2",
        texts[at],
        count=1,
        flags=re.M,
    )
    with place.desk() as desk:
        stacks.publish(desk, packs.load_texts(texts).pack("little"))
    draft = place.started()[2]
    page = Typing(place.browser("alice"), draft)
    assert page.fields["a.heard_on.day"] == ["6"]
    told = page.saves(**{"heard_on.day": "31", "heard_on.month": "2"})
    assert told["conflicts"] == [] and told["exact"], told
    assert place.look(draft).answers["heard_on"] == "31/2/2026"
    assert page.saves(**{"heard_on.day": "2", "heard_on.month": "1"})["conflicts"] == []
    assert place.look(draft).answers["heard_on"] == "2026-01-02"


def test_two_pages_are_merged_and_each_is_told_what_the_other_did(place: Place, draft: str) -> None:
    alice, mary = (Typing(place.browser(who), draft) for who in ("alice", "mary"))
    mary.saves(story="Mary's story")
    told = alice.saves(how_many="2")
    assert (told["exact"], told["others"], told["by"]) == (
        False,
        ["What are you worried about?"],
        "Mary Moss",
    )
    told = alice.saves(how_many="3")
    assert told["conflicts"] == [], "what she typed a moment ago is not somebody else's"
    assert place.look(draft).answers == {"story": "Mary's story", "how_many": "3"}


def test_what_both_wrote_is_said_at_once_and_the_button_leads_to_both_texts(place: Place, draft: str) -> None:
    alice, mary = (Typing(place.browser(who), draft) for who in ("alice", "mary"))
    mary.saves(story="Mary's story")
    told = alice.saves(story="Alice's story", how_many="2")
    assert told["conflicts"] == [{"name": "a.story", "label": "What are you worried about?"}]
    assert told["by"] == "Mary Moss" and not told["exact"]
    assert place.look(draft).answers == {"story": "Mary's story", "how_many": "2"}
    with place.desk("alice") as desk:
        assert submissions.asides(desk, draft) == []
    body = {**alice.fields, "revision": alice.revision, "action": ["compare"]}
    page = alice.browser.post(f"/forms/{draft}/what", body, status=409)
    assert "Alice's story" in page.text and "Mary's story" in page.text


def test_choosing_to_compare_when_nothing_differs_any_more_stays_on_the_page(
    place: Place, draft: str
) -> None:
    page = Typing(place.browser("alice"), draft)
    page.types(story="Mine")
    seen = page.browser.post(f"/forms/{draft}/what", {**page.fields, "action": ["compare"]})
    assert seen.h1 == "What you are worried about" and place.look(draft).answers["story"] == "Mine"


def test_fields_that_the_page_never_offered_are_ignored_and_logged(place: Place, draft: str) -> None:
    page = Typing(place.browser("alice"), draft)
    with capture_logs() as logs:
        page.saves(story="Kept", outcome="accept", _state="approved", harms=["violence"])
    assert [one["names"] for one in logs if one["event"] == "forged_fields"] == [
        ["a._state", "a.harms", "a.outcome"]
    ]
    assert place.look(draft).answers == {"story": "Kept"}


def test_a_session_that_ended_is_told_and_going_on_asks_for_the_same_person(place: Place, draft: str) -> None:
    page = Typing(place.browser("alice"), draft)
    place.clock.pass_by(hours=30)
    assert page.saves(401, story="Typed meanwhile") == {"state": "ended"}
    here = "/session/again"
    client, base = page.browser.client, page.browser.base

    def again(name: str, password: str = PASSWORD, **more: str) -> Any:
        look = client.get("/session", headers={**ASKS, "X-Who": page.fields["_who"][0]}, base_url=base)
        assert look.get_json()["state"] == "ended"
        fields = {"sign_in": name, "password": password, "_who": page.fields["_who"][0], **more}
        return client.post(
            here, data={**fields, "csrf_token": look.get_json()["csrf"]}, headers=ASKS, base_url=base
        )

    reply = again("mary")
    assert (reply.status_code, reply.get_json()["state"]) == (403, "refused")
    assert "Somebody else was writing" in reply.get_json()["said"]
    assert page.saves(401)["state"] == "ended", "nobody was signed in"
    assert again("alice", "wrong").get_json()["said"] == "The name or the password is not right."
    assert again("alice", _who="forged").status_code == 400
    told = again("alice").get_json()
    assert told["state"] == "here" and told["ends_in"] > 3000
    page.fields["csrf_token"] = [told["csrf"]]
    assert page.saves()["state"] == "saved"
    assert place.look(draft).answers["story"] == "Typed meanwhile"


@pytest.mark.parametrize("by", ["alice", "mary"])
def test_signing_in_again_ends_the_session_that_it_replaces(place: Place, draft: str, by: str) -> None:
    """Alice signs in on her page again, in a browser in which she, or Mary by now, still was signed in."""
    page = Typing(place.browser("alice"), draft)
    client, base = page.browser.client, page.browser.base
    token = page.fields["csrf_token"][0]
    if by == "mary":
        page.browser.post("/sign-out", {"csrf_token": token})
        home = page.browser.sign_in("mary", PASSWORD)
        token = home.root.all("input", name="csrf_token")[0].attributes["value"]
    cookie = client.get_cookie(place.app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    before = place.app.test_client()
    before.set_cookie(cookie.key, cookie.value)
    assert before.get("/", base_url=base).status_code == 200
    fields = {"sign_in": "alice", "password": PASSWORD, "_who": page.fields["_who"][0], "csrf_token": token}
    reply = client.post("/session/again", data=fields, headers=ASKS, base_url=base)
    assert reply.get_json()["state"] == "here"
    assert before.get("/", base_url=base).location.startswith("/sign-in")
    page.browser.get("/")


def test_signing_in_again_is_throttled_as_everywhere_and_needs_its_token(place: Place, draft: str) -> None:
    page = Typing(place.browser("alice"), draft)
    client, base = page.browser.client, page.browser.base
    fields = {"sign_in": "alice", "password": "no", "_who": page.fields["_who"][0]}
    reply = client.post("/session/again", data=fields, headers=ASKS, base_url=base)
    assert (reply.status_code, reply.get_json()) == (400, {"state": "forged"})
    fields["csrf_token"] = page.fields["csrf_token"][0]
    codes = [
        client.post("/session/again", data=fields, headers=ASKS, base_url=base).status_code for _ in range(7)
    ]
    assert codes[0] == 401 and codes[-1] == 429


def test_nothing_is_kept_in_another_persons_name(place: Place, draft: str) -> None:
    """Mary signs in in the browser in which Alice's page still stands."""
    page = Typing(place.browser("alice"), draft)
    page.browser.post("/sign-out", {"csrf_token": page.fields["csrf_token"]})
    page.browser.sign_in("mary", PASSWORD)
    fresh = page.browser.get(f"/forms/{draft}/what").fields()
    page.fields["csrf_token"] = fresh["csrf_token"]
    assert page.saves(401, story="Alice's words") == {"state": "another"}
    assert "story" not in place.look(draft).answers
    look = page.browser.client.get("/session", headers={"X-Who": page.fields["_who"][0]})
    assert look.get_json()["state"] == "another"


def test_a_form_sent_meanwhile_is_said_and_nothing_changes(place: Place, draft: str) -> None:
    page = Typing(place.browser("alice"), draft)
    place.saved(draft, {"story": "As Mary sent it", "danger": False}, person="mary")
    with place.desk("mary") as desk:
        submissions.submit(desk, draft, revision=submissions.get(desk, draft).revision)
    told = page.saves(409, story="Too late")
    assert told["state"] == "sent" and "Copy what you typed" in told["said"]
    assert place.look(draft).answers["story"] == "As Mary sent it"


def test_who_may_not_write_is_told_what_everybody_is_told_of_nothing(place: Place, draft: str) -> None:
    page = Typing(place.browser("alice"), draft)
    bob = place.browser("bob")
    his = Typing(bob, place.draft(record := place.child("bob"), place.case(record, "bob"), person="bob"))
    his.draft = draft
    told = his.saves(404, story="Not his")
    his.draft = "6f1f1f4e-0000-4000-8000-000000000000"
    assert his.saves(404, story="Not his") == told
    assert page.saves(story="Hers")["state"] == "saved"


def test_too_much_and_a_forged_page_are_told_in_data(place: Place, draft: str) -> None:
    page = Typing(place.browser("alice"), draft)
    assert "too much" in page.saves(413, story="x" * 2_200_000)["title"]
    page.fields["csrf_token"] = ["forged"]
    assert page.saves(400, story="x") == {"state": "forged"}


def test_asking_how_long_one_stays_signed_in_does_not_prolong_it(place: Place, draft: str) -> None:
    page = Typing(place.browser("alice"), draft)
    headers = {**ASKS, "X-Who": page.fields["_who"][0]}
    for minutes in (10, 20, 28):
        place.clock.pass_by(minutes=minutes)
        told = page.browser.client.get("/session", headers=headers).get_json()
    assert told["state"] == "here" and told["ends_in"] <= 120
    reply = page.browser.client.post(
        "/session", data={"csrf_token": page.fields["csrf_token"][0]}, headers=ASKS
    )
    assert reply.get_json()["ends_in"] >= 3000
    place.clock.pass_by(minutes=50)
    assert page.browser.client.get("/session", headers=headers).get_json()["state"] == "here"
    place.clock.pass_by(minutes=11)
    assert page.browser.client.get("/session", headers=headers).get_json()["state"] == "ended"
