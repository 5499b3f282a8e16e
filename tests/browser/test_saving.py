"""While the tab stays open nothing typed is lost: the service dies, the line is cut, the session ends, others write."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.support.browser import axe, holds_at_320
from tests.support.journeys import PASSWORD, Person
from tests.support.meeting import LATER, QUESTION, SECTION, TWO, begun, meet
from tests.support.service import Service

pytestmark = pytest.mark.timeout(300)

WORRIES, WELL = '[name="a.what_worries"]', '[name="a.going_well"]'
SOON = 20_000
STORED = "() => [localStorage.length, sessionStorage.length]"


@pytest.fixture(scope="module")
def service(planted: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service of these tests' own, to be killed and started again."""
    home = tmp_path_factory.mktemp("service") / "home"
    shutil.copytree(planted, home)
    found = Service(home)
    yield found
    found.stop()


@pytest.fixture(scope="module")
def draft(service: Service, browser: Any) -> Iterator[str]:
    """A referral begun by Priya: the address of its part on worries."""
    from tests.support.browser import browsing

    with browsing(browser) as context:
        priya = Person(context.new_page(), service.url, "priya", set(), script=True)
        yield begun(priya, "Saving")


@pytest.mark.ux("conflict")
def test_the_second_of_two_is_shown_both_texts_every_time(writing: Callable[..., Any], draft: str) -> None:
    met = meet(writing("priya"), writing("marta"), draft, 10)
    assert met.good and met.told == 10, met


def test_a_press_is_not_lost_to_what_saving_has_to_tell(writing: Callable[..., Any], draft: str) -> None:
    """Pressing takes a tenth of a second: told in between that another changed the answer, the page must not move."""
    first, second = writing("priya"), writing("marta")
    first.fill(QUESTION, "The first was here")
    first.locator("main").get_by_role("button", name=LATER).first.click()
    expect(first.locator("h1")).not_to_have_text(SECTION)
    second.fill(QUESTION, "The second was here")
    place = second.locator("main").get_by_role("button", name=LATER).first
    place.scroll_into_view_if_needed()
    box = place.bounding_box()
    second.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    second.mouse.down()
    second.wait_for_timeout(400)
    second.mouse.up()
    expect(second.locator("h1")).to_have_text(TWO)


def test_without_merging_a_text_is_lost_and_that_is_noticed(
    planted: Path, tmp_path: Path, visitor: Callable[..., Any]
) -> None:
    home = tmp_path / "home"
    shutil.copytree(planted, home)
    service = Service(home, merging=False)
    try:
        people = [Person(visitor(), service.url, who, {("", "")}, script=True) for who in ("priya", "marta")]
        met = meet(people[0].page, people[1].page, begun(people[0], "Unmerged"), 2)
    finally:
        service.stop()
    assert not met.good and len(met.lost) == 2 and met.told == 0, met


@pytest.fixture
def writing(service: Service, draft: str, visitor: Callable[..., Any]) -> Callable[..., Any]:
    """`writing("priya")` opens the draft's part on worries as somebody, in a window of their own."""

    def open_draft(name: str = "priya", **options: Any) -> Any:
        page = visitor(**options)
        met = {("anything", "at all")}
        person = Person(page, service.url, name, met, script=options.get("javascript", True))
        person.page.goto(draft)
        return page

    return open_draft


def status(page: Any) -> Any:
    return page.locator(".trefoil-saved__words")


def stored(page: Any, draft: str) -> str:
    """What the server has of the worries, asked for anew."""
    fresh = page.context.new_page()
    fresh.goto(draft)
    found = fresh.locator(WORRIES).input_value()
    fresh.close()
    return str(found)


@pytest.mark.ux("autosave")
def test_typing_saves_itself_and_says_when(writing: Callable[..., Any], draft: str) -> None:
    page = writing()
    page.fill(WORRIES, "Seen at the gate")
    page.locator(WELL).focus()
    expect(status(page)).to_contain_text("Saved", timeout=SOON)
    assert page.locator(".trefoil-saved [role=status]").first.get_attribute("aria-live") in (None, "polite")
    assert stored(page, draft) == "Seen at the gate"
    assert page.evaluate(STORED) == [0, 0]
    axe(page)
    holds_at_320(page)


@pytest.mark.ux("autosave")
def test_the_line_is_cut_and_comes_back(writing: Callable[..., Any], draft: str) -> None:
    page = writing()
    page.context.set_offline(True)
    page.fill(WORRIES, "Typed without a line")
    page.locator(WELL).focus()
    expect(status(page)).to_contain_text("Keep typing", timeout=SOON)
    # Pressing a button leads nowhere while nothing can be saved, and the text stays.
    page.get_by_role("button", name="Save and come back later").first.click()
    assert page.input_value(WORRIES) == "Typed without a line"
    page.fill(WORRIES, "Typed without a line, and more")
    axe(page)
    holds_at_320(page)
    page.context.set_offline(False)
    expect(status(page)).to_contain_text("Saved", timeout=SOON)
    page.wait_for_timeout(2500)
    assert stored(page, draft) == "Typed without a line, and more"


@pytest.mark.ux("autosave")
def test_closing_with_unsent_text_warns_and_with_saved_text_does_not(writing: Callable[..., Any]) -> None:
    page = writing()
    asked: list[str] = []
    page.on("dialog", lambda one: (asked.append(one.type), one.accept()))
    page.fill(WORRIES, "Closed in the middle of a")
    with page.expect_event("close"):
        page.close(run_before_unload=True)
    assert asked == ["beforeunload"]

    page = writing()
    page.on("dialog", lambda one: (asked.append(one.type), one.accept()))
    page.fill(WORRIES, "Closed when it was saved")
    page.locator(WELL).focus()
    expect(status(page)).to_contain_text("Saved", timeout=SOON)
    with page.expect_event("close"):
        page.close(run_before_unload=True)
    assert asked == ["beforeunload"]


def test_closing_a_page_that_keeps_nothing_warns_until_its_button_is_pressed(
    service: Service, visitor: Callable[..., Any]
) -> None:
    page = Person(visitor(), service.url, "priya", {("", "")}, script=True).page
    asked: list[str] = []
    page.on("dialog", lambda one: (asked.append(one.type), one.accept()))
    page.goto(f"{service.url}/records/new/child")
    page.type('[name="a.first_name"]', "Robin")
    page.get_by_role("button", name="Save").first.click()
    expect(page.locator("h1")).not_to_contain_text("New record")
    assert asked == []
    page.goto(f"{service.url}/records/new/child")
    page.type('[name="a.first_name"]', "Rob")
    with page.expect_event("close"):
        page.close(run_before_unload=True)
    assert asked == ["beforeunload"]


@pytest.mark.ux("autosave")
def test_the_service_is_killed_while_somebody_types(
    service: Service, writing: Callable[..., Any], draft: str
) -> None:
    page = writing()
    page.fill(WORRIES, "Before it died")
    page.locator(WELL).focus()
    expect(status(page)).to_contain_text("Saved", timeout=SOON)
    service.kill()
    page.fill(WORRIES, "While it was dead")
    page.locator(WELL).focus()
    expect(status(page)).to_contain_text("Not saved since", timeout=SOON)
    page.fill(WORRIES, "While it was dead, to the end")
    service.start()
    expect(status(page)).to_contain_text("Saved", timeout=40_000)
    page.get_by_role("button", name="Save and come back later").first.click()
    page.wait_for_url(lambda url: not url.endswith(draft.rpartition("/")[2]))
    assert stored(page, draft) == "While it was dead, to the end"


@pytest.mark.ux("autosave")
def test_the_session_ends_while_somebody_types(
    service: Service, writing: Callable[..., Any], draft: str
) -> None:
    page = writing()
    service.end_sessions()
    page.fill(WORRIES, "Typed when nobody was signed in")
    page.locator(WELL).focus()
    box = page.get_by_role("dialog")
    expect(box).to_be_visible(timeout=SOON)
    axe(page)
    holds_at_320(page)
    # The keys stay inside, and Escape goes back to typing.
    for _ in range(6):
        page.keyboard.press("Tab")
        inside = (
            "() => document.activeElement === document.body || !!document.activeElement.closest('dialog')"
        )
        assert page.evaluate(inside)
    page.keyboard.press("Escape")
    expect(box).to_be_hidden()
    assert page.input_value(WORRIES) == "Typed when nobody was signed in"
    page.get_by_role("button", name="Sign in again").click()
    page.get_by_label("Name you sign in with").fill("marta")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in and go on").click()
    expect(box).to_contain_text("Somebody else was writing on this page", timeout=SOON)
    page.get_by_label("Name you sign in with").fill("priya")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(status(page)).to_contain_text("Saved", timeout=SOON)
    assert stored(page, draft) == "Typed when nobody was signed in"
    assert page.evaluate(STORED) == [0, 0]


@pytest.mark.ux("conflict")
def test_two_people_write_the_same_answer(writing: Callable[..., Any], draft: str) -> None:
    priya, marta = writing("priya"), writing("marta")
    marta.fill(WORRIES, "Marta saw them first")
    marta.locator(WELL).focus()
    expect(status(marta)).to_contain_text("Saved", timeout=SOON)
    priya.fill(WORRIES, "Priya saw them first")
    priya.fill(WELL, "Priya: football")
    priya.locator(WORRIES).focus()
    said = priya.locator(".trefoil-saved__meanwhile")
    expect(said).to_contain_text("Marta Quill changed the same answer", timeout=SOON)
    axe(priya)
    holds_at_320(priya)
    priya.get_by_role("button", name="See both and choose").click()
    expect(priya.locator("h1")).to_have_text("Two people changed the same answers")
    both = priya.locator("main").inner_text()
    assert "Marta saw them first" in both and "Priya saw them first" in both


@pytest.mark.ux("autosave")
def test_with_script_off_what_was_typed_after_the_end_is_kept_for_its_writer(
    service: Service, writing: Callable[..., Any]
) -> None:
    page = writing("priya", javascript=False)
    service.end_sessions()
    page.fill(WORRIES, "Typed with script off")
    page.get_by_role("button", name="Save and come back later").first.click()
    page.get_by_label("Name to sign in with").fill("priya")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    assert page.input_value(WORRIES) == "Typed with script off"
    assert "not saved yet" in page.locator("main").inner_text()


@pytest.mark.ux("time-out")
def test_time_out_is_told_in_time_and_put_off_with_one_key(writing: Callable[..., Any]) -> None:
    page = writing()
    page.clock.install()
    page.reload()
    expect(status(page)).to_have_text("What you type saves itself.")
    box = page.get_by_role("dialog")
    with page.expect_response("**/session"):
        page.clock.fast_forward("58:30")
    page.wait_for_timeout(300)
    # The server's own clock stood still: it says that there is time, so nobody is disturbed.
    assert not box.is_visible()
    page.route("**/session", told)
    page.clock.fast_forward("58:30")
    expect(box).to_contain_text("about 2 minutes", timeout=SOON)
    page.keyboard.press("Enter")
    expect(box).to_be_hidden(timeout=SOON)


def told(route: Any) -> None:
    left = 3000 if route.request.method == "POST" else 140
    route.fulfill(json={"state": "here", "ends_in": left, "csrf": "x"})


NOTE = "#text"


@pytest.mark.ux("autosave")
def test_a_note_whose_tab_was_closed_is_there_again_until_it_is_saved_and_for_nobody_else(
    service: Service, visitor: Callable[..., Any]
) -> None:
    priya = Person(visitor(), service.url, "priya", {("", "")}, script=True).page
    priya.goto(f"{service.url}/search?q=Jordan")
    address = priya.get_by_role("link", name="Jordan").first.get_attribute("href").partition("#")[0]
    there = f"{service.url}{address}/notes"
    priya.goto(there)
    priya.fill(NOTE, "Seen at the gate")
    expect(status(priya)).to_contain_text("Kept at", timeout=SOON)
    assert priya.evaluate(STORED) == [0, 0]
    # Typed and closed at once, whatever the warning says.
    priya.type(NOTE, " with Sam")
    priya.on("dialog", lambda one: one.accept())
    with priya.expect_event("close"):
        priya.close(run_before_unload=True)
    elsewhere = Person(visitor(), service.url, "priya", {("", "")}, script=True).page
    elsewhere.goto(there)
    found = elsewhere.input_value(NOTE)
    assert "Seen at the gate" in found
    axe(elsewhere)
    holds_at_320(elsewhere)
    elsewhere.goto(f"{service.url}/")
    expect(elsewhere.get_by_text("have not saved it")).to_be_visible()
    axe(elsewhere)
    elsewhere.goto(there)
    marta = Person(visitor(), service.url, "marta", {("", "")}, script=True).page
    for one in (there, f"{service.url}{address}", service.url):
        marta.goto(one)
        assert "Seen at the gate" not in marta.content()
    # The line is cut just when it is to be saved: nothing is sent, and nothing lost.
    elsewhere.fill(NOTE, "Seen at the gate with Sam and another")
    elsewhere.context.set_offline(True)
    elsewhere.get_by_role("button", name="Save the note").click()
    expect(status(elsewhere)).to_contain_text("Keep typing", timeout=SOON)
    elsewhere.context.set_offline(False)
    expect(status(elsewhere)).to_contain_text("Kept at", timeout=SOON)
    elsewhere.get_by_role("button", name="Save the note").click()
    expect(elsewhere.get_by_text("Seen at the gate with Sam and another")).to_be_visible()
    elsewhere.goto(there)
    assert elsewhere.input_value(NOTE) == "" and elsewhere.locator(".trefoil-unsaved").count() == 0
    assert elsewhere.goto(f"{service.url}/") and elsewhere.get_by_text("have not saved").count() == 0


KEEPS = "**/unsaved/keep-typed"


def at_a_note(service: Service, visitor: Callable[..., Any]) -> tuple[Any, list[str]]:
    """A new note's page of Priya's, and what asked her whether to leave."""
    page = Person(visitor(), service.url, "priya", {("", "")}, script=True).page
    page.goto(f"{service.url}/search?q=Jordan")
    found = page.get_by_role("link", name="Jordan").first.get_attribute("href").partition("#")[0]
    page.goto(f"{service.url}{found}/notes")
    expect(status(page)).to_contain_text("is kept for you")
    asked: list[str] = []
    page.on("dialog", lambda one: (asked.append(one.type), one.accept()))
    return page, asked


@pytest.mark.ux("autosave")
@pytest.mark.parametrize("wrong", ["blocked", "broken"])
def test_a_note_is_saved_where_only_keeping_fails(
    service: Service, visitor: Callable[..., Any], wrong: str
) -> None:
    page, asked = at_a_note(service, visitor)
    page.route(KEEPS, lambda one: one.abort() if wrong == "blocked" else one.fulfill(status=502, body="?"))
    page.fill(NOTE, f"Saved where keeping is {wrong}")
    page.get_by_role("button", name="Save the note").click()
    expect(page.get_by_text(f"Saved where keeping is {wrong}")).to_be_visible(timeout=SOON)
    assert asked == [] and not page.url.endswith("/notes")


@pytest.mark.ux("autosave")
@pytest.mark.parametrize(("code", "words"), [(400, "Too much"), (404, "can no longer be kept")])
def test_closing_a_page_whose_words_were_refused_warns_and_saving_it_does_not(
    service: Service, visitor: Callable[..., Any], code: int, words: str
) -> None:
    page, asked = at_a_note(service, visitor)
    sent: list[str] = []

    def refuse(route: Any) -> None:
        sent.append(route.request.url)
        route.fulfill(status=code, json={"said": "Too much"})

    page.route(KEEPS, refuse)
    page.fill(NOTE, f"Refused with {code}")
    page.locator(NOTE).blur()
    expect(status(page)).to_contain_text(words, timeout=SOON)
    # What was refused is not sent again and again.
    page.locator(NOTE).focus()
    page.locator(NOTE).blur()
    page.wait_for_timeout(300)
    assert len(sent) == 1
    page.reload()
    assert asked == ["beforeunload"]
    expect(status(page)).to_contain_text("is kept for you")
    page.fill(NOTE, f"Refused with {code}")
    page.locator(NOTE).blur()
    expect(status(page)).to_contain_text(words, timeout=SOON)
    page.get_by_role("button", name="Save the note").click()
    expect(page.get_by_text(f"Refused with {code}")).to_be_visible(timeout=SOON)
    assert asked == ["beforeunload"]


@pytest.mark.ux("autosave")
def test_typing_after_a_press_that_led_nowhere_is_kept_and_warned_of(
    service: Service, visitor: Callable[..., Any]
) -> None:
    page, asked = at_a_note(service, visitor)
    page.route(
        "**/notes", lambda one: one.fulfill(status=204) if one.request.method == "POST" else one.continue_()
    )
    page.fill(NOTE, "Before")
    with page.expect_request(lambda one: one.method == "POST" and one.url.endswith("/notes")):
        page.get_by_role("button", name="Save the note").click()
    page.wait_for_timeout(200)
    with page.expect_request(KEEPS):
        page.type(NOTE, " and after")
    page.route(KEEPS, lambda one: one.abort())
    page.type(NOTE, " and more")
    page.reload()
    assert asked == ["beforeunload"]
