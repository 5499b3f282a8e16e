"""Every page and every state of one is met once and held to all that tests/support/page_checks.py holds of pages.

Pages are found by links; what only a press brings about has a way here. A template that nobody comes to is a fault.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from engine.casework import tables
from tests.support.every_page import ROOT, TEMPLATES, Everything, everything, found_by_links
from tests.support.journeys import IDS, PASSWORD, Person
from tests.support.page_checks import faults_of

# Some fifty kinds of page, each looked at in many ways: slow where a machine does much else at once.
pytestmark = pytest.mark.timeout(1500)

PEOPLE = ("priya", "marta", "cass", "joel", "rhian", "bella", "otis", "nell", "amir")
# What this walk does not come to, and where it is held instead.
NOT_HERE = {
    "paper/document.html": "a sheet of paper, no page of the screen: tests/webapp/test_paper.py",
    "filling/whom.html": "no form of the core pack is about several records: tests/webapp/test_together.py",
}
REFERRAL = {
    "About this referral": {"referral_date": ("1", "5", "2026"), "referral_source": "schools",
                            "family_knows": "nobody_knows", "why_not_told": "Not safe yet"},
    "What you are worried about": {"what_worries": "Older people wait at the gate", "danger_now": "no"},
    "Harm": {"harm_setting": "both", "harm_types": ["cce", "online_harm"], "home_harm_types": ["neglect"]},
    "In their own words": {"young_person_words": "I just want to play football"},
}  # fmt: skip


class Visitor(Person):
    """One person who looks at everything met for the first time with all there is to look with."""

    def __init__(self, page: Any, base: str, name: str, met: set[tuple[str, str]], faults: list[str]) -> None:
        self.faults = faults
        super().__init__(page, base, name, met, script=True)

    def look(self) -> None:
        self.page.wait_for_load_state()
        if self.page.title().startswith("Loading "):
            # The page before has gone and the next has not come: what is to be looked at is the next.
            self.page.locator("h1").first.wait_for()
            self.page.wait_for_load_state()
        kind = (
            IDS.sub("ID", self.page.url.removeprefix(self.base)).split("?")[0],
            IDS.sub("ID", self.page.title()),
        )
        if kind not in self.met:
            self.met.add(kind)
            self.faults += [f"{self.name} at {kind[0]} ({kind[1]}): {one}" for one in faults_of(self.page)]

    def follow_to(self, part: str) -> None:
        """The first link of the page whose address has `part` in it."""
        self.page.locator(f"main a[href*='{part}']").first.click()
        self.look()


@pytest.fixture(scope="module")
def served(planted: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Everything]:
    data = shutil.copytree(planted, tmp_path_factory.mktemp("every") / "data")
    with everything(data) as found:
        yield found


@pytest.fixture(scope="module")
def looked(served: Everything, browser: Any) -> Iterator[tuple[Callable[[str], Visitor], list[str]]]:
    """`person("priya")` is somebody signed in who looks at what they meet, and what was found by all of them."""
    from tests.support.browser import browsing

    with ExitStack() as stack:
        met: set[tuple[str, str]] = set()
        faults: list[str] = []
        people: dict[str, Visitor] = {}

        def person(name: str) -> Visitor:
            if name not in people:
                context = stack.enter_context(browsing(browser))
                people[name] = Visitor(context.new_page(), served.url, name, met, faults)
            return people[name]

        yield person, faults


def by_links(served: Everything, person: Callable[[str], Visitor]) -> None:
    for one in found_by_links(served.app, PEOPLE):
        person(one.person).open(one.address)


def doors(served: Everything, person: Callable[[str], Visitor]) -> None:
    """What is met before signing in, and where nothing is or something went wrong."""
    priya = person("priya")
    for what in ("403", "413", "429", "500", "forbidden", "refused", "unready", "busy", "broken"):
        priya.open(f"/trouble/{what}")
    for address in ("/nowhere", "/search?q=qqqq", "/accessibility", "/open-cases?team=nobody"):
        priya.open(address)
    priya.page.evaluate(
        """() => { const form = document.createElement('form'), box = document.createElement('textarea');
           form.method = 'post'; form.action = '/trouble/busy'; box.name = 'reason'; box.value = 'Two\\nlines';
           form.append(box); document.body.append(form); form.submit(); }"""
    )
    priya.page.wait_for_url(re.compile("/trouble/busy"))
    priya.look()
    stranger = person("amir")
    stranger.page.locator("header").get_by_role("button", name="Sign out").click()
    stranger.look()
    stranger.open("/accessibility")
    stranger.open("/sign-in")
    stranger.page.get_by_role("button", name="Sign in").click()
    stranger.look()


def a_form(served: Everything, person: Callable[[str], Visitor]) -> None:
    """A referral: found twice, filled in with mistakes, written by two at once, sent, amended and decided on."""
    priya, marta = person("priya"), person("marta")
    priya.open("/records/new/child")
    priya.answer({"first_name": "Jordan", "last_name": "Bexley"})
    priya.press("Save")
    case = priya.begin("child_referral", "Young person", {"first_name": "Every", "last_name": "Page"})
    priya.open_form("Referral")
    draft = priya.page.url
    priya.follow("About this referral")
    assert priya.page.locator('[name="a.referral_date.day"]').count() == 1
    priya.page.locator('[name="a.referral_date.day"]').fill("31")
    priya.page.locator('[name="a.referral_date.month"]').fill("2")
    priya.press("Save and continue")
    priya.expect("There is a problem")
    focused = priya.page.evaluate("document.activeElement.className")
    assert "govuk-error-summary" in focused or "govuk-skip-link" not in focused, focused
    priya.open(f"{draft}/check")
    priya.press("Send")
    for path in ("why/what_worries", "contexts/find/groups?q=the"):
        priya.open(f"{draft}/{path}")
    for one in (priya, marta):
        one.open(draft)
        one.follow("What you are worried about")
    marta.answer({"what_worries": "Marta was first"})
    marta.press("Save and come back later")
    priya.answer({"what_worries": "Priya was second"})
    priya.press("Save and come back later")
    priya.expect("Two people changed the same answers")
    priya.press("Save these choices")
    for title, answers in REFERRAL.items():
        priya.open(draft)
        priya.follow(title)
        priya.answer_section(answers)
    marta.open(draft)
    marta.follow("What you are worried about")
    priya.open(draft)
    priya.send()
    marta.page.locator('[name="a.what_worries"]').fill("Too late")
    marta.press("Save and come back later")
    priya.open(f"{draft}/read")
    if priya.page.get_by_role("button", name="Amend this form").count():
        priya.press("Amend this form")
        priya.open(f"{priya.page.url.split('#')[0].rstrip('/')}/changes")
    marta.open(case)
    marta.follow_to("/do/")


def copies(served: Everything, person: Callable[[str], Visitor]) -> None:
    priya = person("priya")
    priya.open("/")
    priya.follow_to("/records/")
    priya.follow("Print or give a copy of the chronology")
    priya.page.get_by_label("Our own file").check()
    priya.press("Go on")
    priya.page.get_by_label("Plain text, to paste into another system").check()
    priya.page.get_by_label("Your password").fill(PASSWORD)
    priya.press("Make the copy")
    priya.open("/told")
    reads = "all => all.map(one => one.getAttribute('action'))"
    actions = priya.page.locator("form[action$='/read']").evaluate_all(reads)
    notice = next(one for one in actions if IDS.search(one))
    priya.open(notice.removesuffix("/read"))


def left_unsaved(served: Everything, person: Callable[[str], Visitor]) -> None:
    """A note is typed and left: it stands in its box again, and My work leads to it."""
    priya = person("priya")
    priya.open("/")
    priya.follow_to("/records/")
    there = f"{priya.page.url.split('?')[0].split('#')[0]}/notes"
    priya.page.goto(there)
    priya.page.locator("main textarea").fill("Typed and left")
    priya.page.get_by_text("Kept at").first.wait_for()
    priya.open(there.removeprefix(served.url))
    priya.expect("have not saved it")
    priya.open("/")
    priya.follow_to("/unsaved/")


def corrections(served: Everything, person: Callable[[str], Visitor]) -> None:
    """One's own note is changed, and a marker is ended."""
    priya = person("priya")
    priya.open("/")
    priya.follow_to("/records/")
    priya.open(f"{priya.page.url.split('?')[0].split('#')[0]}/notes")
    priya.page.locator("main textarea").fill("Seen at the gate")
    priya.press("Save the note")
    priya.follow_to("/notes/")
    store = served.app.extensions["trefoil_store"]
    with store.reading() as connection:
        running = connection.execute(select(tables.marker.c.id).where(tables.marker.c.until.is_(None)))
        markers = list(running.scalars())
    # Which of them she may see is not known here.
    for marker in markers:
        person("marta").open(f"/records/markers/{marker}/end")
        if "not found" not in person("marta").page.title():
            break


def definitions(served: Everything, person: Callable[[str], Visitor], file: Path) -> None:
    bella = person("bella")
    bella.open("/definitions/changes/new")
    bella.press("Load and check")
    bella.page.get_by_label("What is this change for?").fill("A word that is plainer")
    bella.page.get_by_label("Files").set_input_files(file)
    bella.press("Load and check")


def an_end(served: Everything, person: Callable[[str], Visitor]) -> None:
    """A closed record is destroyed, and its certificate read."""
    priya, otis = person("priya"), person("otis")
    priya.open("/records/new/child")
    priya.answer({"first_name": "Gone", "last_name": "Testly"})
    priya.press("Save")
    record = priya.page.url.split("?")[0].split("#")[0]
    priya.open(f"{record}/close")
    priya.press("Close this record")
    otis.open(f"{record}/destroy")
    otis.press("Destroy this record")
    otis.page.get_by_label("Why is it destroyed?").fill("A court asked for it")
    otis.page.get_by_label("Its time is not up, and the law says").check()
    otis.page.get_by_label("Type the name of the record").fill("Gone Testly")
    otis.press("Destroy this record")
    otis.open(f"/keeping/gone/{record.rpartition('/')[2]}")


@pytest.mark.slow
@pytest.mark.ux("axe")
@pytest.mark.ux("keyboard")
@pytest.mark.ux("reflow")
@pytest.mark.ux("screen-reader")
def test_every_page_and_state_holds(
    served: Everything, looked: tuple[Callable[[str], Visitor], list[str]], tmp_path: Path
) -> None:
    person, faults = looked
    file = tmp_path / "referral.yaml"
    text = (ROOT / "form_definitions/core/forms/referral.yaml").read_text(encoding="utf-8")
    assert "label: What are you worried about?" in text
    file.write_text(text.replace("label: What are you worried about?", "label: What worries you most?"))
    doors(served, person)
    a_form(served, person)
    copies(served, person)
    left_unsaved(served, person)
    corrections(served, person)
    definitions(served, person, file)
    an_end(served, person)
    by_links(served, person)
    assert not faults, f"{len(faults)} faults\n" + "\n".join(faults)
    every = {str(one.relative_to(TEMPLATES)) for one in TEMPLATES.rglob("*.html")}
    missed = every - served.drawn() - NOT_HERE.keys()
    assert not missed, f"nobody comes to {sorted(missed)}: give them a way in this file"
    assert not NOT_HERE.keys() & served.drawn() and every >= NOT_HERE.keys()
