"""Copies of forms, chronologies and decisions: whom they are for is asked first, and what is given is on file."""

from __future__ import annotations

import importlib.abc
import re
import sys
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from engine.casework import cases, notes, releasing, restricting, submissions
from tests.support.paper_text import docx_everything, docx_text, pdf_text
from tests.webapp.conftest import PASSWORD, Place
from tests.webapp.reading import Browser

ANSWERS = {
    "story": "Seen at the park twice.\nA white van waited.",
    "danger": False,
    "harms": ["exploitation"],
    "places": [{"_row": "0" * 31 + "1", "place_text": "Behind the shops", "unsafe_since": "2025-11-02"}],
    "framework": {"home": {"worried": "Out late", "working": "Sunday dinners"}},
}


def sent(place: Place) -> tuple[str, str, str]:
    record, case, draft = place.started()
    with place.desk("alice") as desk:
        at = submissions.get(desk, draft).revision
        submissions.submit(desk, draft, revision=at, answers=ANSWERS)
    return record, case, draft


def asked(browser: Browser, path: str, **fields: Any) -> TestResponse:
    """What comes of asking for a copy, with the page's own fields."""
    page = browser.get(f"{path}?for={fields['for']}")
    return browser.client.post(path, data={**page.fields(), **fields}, base_url=browser.base)


def copied(browser: Browser, path: str, *, reader: str = "file", format: str = "docx", **more: Any) -> bytes:
    reply = asked(browser, path, **{"for": reader, "format": format, "password": PASSWORD, **more})
    assert reply.status_code == 200 and "attachment" in reply.headers["Content-Disposition"], reply.text
    assert reply.headers["Cache-Control"] == "no-store"
    return reply.get_data()


def released(place: Place, record: str, person: str = "alice") -> list[releasing.Release]:
    with place.desk(person) as desk:
        return releasing.of_record(desk, record)


def test_whom_it_is_for_is_asked_before_anything_else(place: Place) -> None:
    record, _, form = sent(place)
    browser = place.browser("alice")
    page = browser.get(browser.get(f"/forms/{form}/read").link("Print or give a copy"))
    assert page.h1 == "A copy of this form" and "Whom is it for?" in page.text
    assert "Make the copy" not in page.text
    forged = {**browser.get(f"/forms/{form}/copy?for=file").fields(), "format": "pdf", "password": PASSWORD}
    del forged["for"]
    reply = browser.client.post(f"/forms/{form}/copy", data=forged)
    assert "Whom is it for?" in reply.text
    assert "attachment" not in str(reply.headers) and not released(place, record)
    page = browser.get(f"/forms/{form}/copy?for=subject")
    assert "For: The person it is about" in page.text and "Make the copy" in page.text


def test_a_reader_that_does_not_exist_is_asked_for_again(place: Place) -> None:
    _, _, form = sent(place)
    page = place.browser("alice").get(f"/forms/{form}/copy?for=everybody")
    assert page.problems == ["Choose whom the copy is for"]


def test_the_password_is_asked_again_and_then_not_for_a_quarter_of_an_hour(place: Place) -> None:
    record, _, form = sent(place)
    browser, path = place.browser("alice"), f"/forms/{form}/copy"
    for wrong in ("", "seven wrong herons"):
        reply = asked(browser, path, **{"for": "file", "format": "docx", "password": wrong})
        assert "Enter your password as it is now" in reply.text
    assert not released(place, record)
    copied(browser, path)
    assert "Your password" not in browser.get(f"{path}?for=file").text
    copied(browser, path, password="")
    # It was given in this session alone.
    assert "Your password" in place.browser("alice").get(f"{path}?for=file").text
    place.clock.pass_by(minutes=16)
    assert "Your password" in browser.get(f"{path}?for=file").text
    assert len(released(place, record)) == 2


def test_a_note_of_the_password_is_worth_nothing_to_anybody_else(place: Place) -> None:
    _, _, form = sent(place)
    alice, mary = place.browser("alice"), place.browser("mary")
    copied(alice, f"/forms/{form}/copy")
    with alice.client.session_transaction() as cookie:
        stolen = cookie["confirmed"]
    with mary.client.session_transaction() as cookie:
        cookie["confirmed"] = stolen
    assert "Your password" in mary.get(f"/forms/{form}/copy?for=file").text


@pytest.mark.ux("print")
def test_every_page_says_who_when_which_version_what_marking_and_for_whom(place: Place) -> None:
    _, _, form = sent(place)
    content = copied(place.browser("alice"), f"/forms/{form}/copy", format="pdf")
    text = pdf_text(content)
    pages = int(re.findall(r"Page 1 of (\d+)", text)[0])
    assert pages >= 1
    for number in range(1, pages + 1):
        assert f"Page {number} of {pages}" in text
    for words in (
        "OFFICIAL-SENSITIVE",
        "For: Our own file",
        "Copy made by Alice Ames, 6 January 2026 at 9:30",
    ):
        assert text.count(words) == pages, words
    assert text.count("Worry, Little services 1.0.0") == pages + 1


FILLED = """\
Sent
Worry
Cara Cole
Sent: Alice Ames, 6 January 2026 at 9:30
For: Our own file
Copy made: Alice Ames, 6 January 2026 at 9:30
Version: Worry, Little services 1.0.0
What you are worried about
What are you worried about?
Seen at the park twice.
A white van waited.
Is anyone in danger now?
No
When was it seen?
Not answered
At what time?
Not answered
How many people were there?
Not answered
Kinds of harm
Which harms?
Exploitation
Where does it come from?
Not answered
Places and people
Place 1
The place, if it has a record
Not answered
Name or description
Behind the shops
Since when?
2 November 2025
Places named
1
Home
What are we worried about?
Out late
What works well?
Sunday dinners
Peer group
Not answered"""


def test_the_words_of_a_filled_form_in_word_and_as_a_pdf(place: Place) -> None:
    _, _, form = sent(place)
    browser = place.browser("alice")
    assert docx_text(copied(browser, f"/forms/{form}/copy")) == FILLED
    drawn = pdf_text(copied(browser, f"/forms/{form}/copy", format="pdf")).replace("\n", " ")
    # On paper a fact's name stands beside it without a colon; all else is the same, in the same order.
    at = 0
    for line in FILLED.split("\n")[7:]:
        at = drawn.index(line, at) + len(line)


def test_a_word_file_tells_of_itself_only_what_is_printed(place: Place) -> None:
    _, _, form = sent(place)
    content = copied(place.browser("alice"), f"/forms/{form}/copy")
    parts = docx_everything(content)
    assert "<dc:title>Worry</dc:title>" in parts and "<dc:creator>Little services</dc:creator>" in parts
    assert "<cp:lastModifiedBy></cp:lastModifiedBy>" in parts and "<dc:language>en-GB</dc:language>" in parts
    assert "python-docx" not in parts and "vbaProject" not in parts
    assert parts.count('w:pStyle w:val="Heading1"') == 3 and 'w:val="en-GB"' in parts


def test_text_to_paste_stands_in_a_field_of_its_own(place: Place) -> None:
    record, _, form = sent(place)
    browser = place.browser("alice")
    reply = asked(browser, f"/forms/{form}/copy", **{"for": "file", "format": "text", "password": PASSWORD})
    assert '<textarea class="govuk-textarea" id="copied"' in reply.text and "readonly" in reply.text
    assert "WHAT YOU ARE WORRIED ABOUT\nWhat are you worried about?\nSeen at the park twice." in reply.text
    assert released(place, record)[0].format == "text"


def test_what_is_left_out_by_whoever_gives_it_is_absent_and_listed(place: Place) -> None:
    record, _, form = sent(place)
    browser = place.browser("alice")
    content = copied(browser, f"/forms/{form}/copy", out=["story", "framework.working", "no_such_thing"])
    words = docx_everything(content)
    assert "Seen at the park" not in words and "Sunday dinners" not in words and "Out late" in words
    (one,) = released(place, record)
    assert dict(one.left_out) == {"story": "chosen", "framework.working": "chosen"}
    page = browser.get(f"/records/{record}/copies")
    assert "2 things left out" in page.text and "Framework: What works well?. You left it out." in page.text


def test_a_list_on_file_holds_ids_and_nothing_of_the_content(place: Place) -> None:
    record, _, form = sent(place)
    content = copied(place.browser("alice"), f"/forms/{form}/copy", reader="subject")
    (one,) = released(place, record)
    assert (one.what, one.form, one.reader, one.format) == ("form", "worry", "subject", "docx")
    assert one.made_by == place.ids["alice"] and one.submission == form and len(one.digest) == 64
    assert "Seen at the park" not in repr(one) and "Seen at the park" in docx_text(content)


@pytest.mark.parametrize("reader", ["family", "partner"])
def test_nothing_goes_where_the_form_does_not_say_that_it_may(place: Place, reader: str) -> None:
    record, _, form = sent(place)
    browser = place.browser("alice")
    page = browser.get(f"/forms/{form}/copy?for={reader}")
    assert "There is nothing in this that they may have." in page.text and "Make the copy" not in page.text
    forged = {**browser.get(f"/forms/{form}/copy?for=file").fields(), "for": reader, "format": "docx"}
    reply = browser.client.post(f"/forms/{form}/copy", data={**forged, "password": PASSWORD})
    assert "attachment" not in str(reply.headers) and "Seen at the park" not in reply.text
    assert not released(place, record)


def test_of_a_restricted_record_only_those_who_restrict_give_copies_to_others(place: Place) -> None:
    record, _, form = sent(place)
    with place.desk("mary") as desk:
        restricting.restrict(
            desk, record, reason="Her father looks for her", review_on=desk.today + timedelta(days=30),
            only=[place.ids["alice"], place.ids["mary"]],
        )  # fmt: skip
    page = place.browser("alice").get(f"/forms/{form}/copy?for=subject")
    assert "This record is restricted." in page.text and "Make the copy" not in page.text
    assert "Make the copy" in place.browser("alice").get(f"/forms/{form}/copy?for=file").text
    assert "Make the copy" in place.browser("mary").get(f"/forms/{form}/copy?for=subject").text


def test_a_chronology_on_paper_tells_notes_to_few(place: Place) -> None:
    record, case, _ = sent(place)
    with place.desk("alice") as desk:
        notes.add(desk, record, "Rang the aunt on Mill Lane")
    browser, path = place.browser("alice"), f"/records/{record}/copy"
    page = browser.get(browser.get(f"/records/{record}").link("Print or give a copy of the chronology"))
    assert page.h1 == "A copy of the chronology"
    own = docx_text(copied(browser, path))
    assert "Form sent: Worry" in own and "Rang the aunt on Mill Lane" in own
    theirs = docx_everything(copied(browser, path, reader="subject"))
    assert "Form sent: Worry" in theirs and "Mill Lane" not in theirs
    newest = released(place, record)[0]
    assert {path.partition(".")[0] for path, _why in newest.left_out} >= {"note"}
    assert "Notes (1)" in browser.get(f"/records/{record}/copies").text
    assert case


def test_decisions_of_a_case_on_paper(place: Place) -> None:
    record, case, _ = sent(place)
    with place.desk("mary") as desk:
        at = cases.get(desk, case)
        choice = next(one for one in cases.choices(desk, case) if one.allowed and one.reason == "required")
        cases.fire(desk, case, choice.transition, revision=at.revision, reason="The aunt has moved in")
    browser = place.browser("mary")
    own = docx_text(copied(browser, f"/cases/{case}/copy"))
    assert "Mary Moss" in own and "The aunt has moved in" in own
    theirs = docx_everything(copied(browser, f"/cases/{case}/copy", reader="subject"))
    assert "Mary Moss" in theirs and "The aunt has moved in" not in theirs
    assert released(place, record, "mary")[0].case == case


def test_blank_forms_are_there_for_anybody_and_leave_no_trace_on_a_record(place: Place) -> None:
    browser = place.browser("bob")
    page = browser.get(browser.get(browser.get("/").link("Start something")).link("Forms to fill in by hand"))
    assert "Worry" in page.text and "Decision" in page.text
    for format, text in (("pdf", pdf_text), ("docx", docx_text)):
        reply = browser.client.get(f"/paper/worry/{format}?guidance=yes")
        words = text(reply.get_data())
        assert "What are you worried about?" in words and "Say who saw it." in words and "☐" in words
        assert "Answer this only if: “Is anyone in danger now?” is yes." in words.replace("\n", " ")
        bare = text(browser.client.get(f"/paper/worry/{format}").get_data())
        assert "Say who saw it." not in bare
    for nowhere in ("/paper/nothing_such/pdf", "/paper/worry/exe"):
        assert browser.client.get(nowhere).status_code == 404


class NoPango(importlib.abc.MetaPathFinder):
    def find_spec(self, name: str, path: Any, target: Any = None) -> None:
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")


@pytest.fixture
def without_pango(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in [one for one in sys.modules if one.partition(".")[0] == "weasyprint"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [NoPango(), *sys.meta_path])
    yield


@pytest.mark.usefixtures("without_pango")
def test_where_pango_is_missing_word_still_works_and_the_page_says_so(place: Place) -> None:
    record, _, form = sent(place)
    browser = place.browser("alice")
    fields = {"for": "file", "format": "pdf", "password": PASSWORD}
    reply = asked(browser, f"/forms/{form}/copy", **fields)
    assert "the library Pango is missing. Choose Word" in reply.text and not released(place, record)
    assert browser.client.get("/paper/worry/pdf").status_code < 500
    assert docx_text(copied(browser, f"/forms/{form}/copy")).startswith("Sent\nWorry")


def test_copies_given_out_are_listed_with_as_many_questions_however_many_there_are(place: Place) -> None:
    from tests.webapp.test_constant_queries import queries

    record, _, form = sent(place)
    browser = place.browser("alice")
    copied(browser, f"/forms/{form}/copy")
    few = queries(place, browser, f"/records/{record}/copies")
    for _ in range(4):
        copied(browser, f"/forms/{form}/copy")
    assert queries(place, browser, f"/records/{record}/copies") == few
