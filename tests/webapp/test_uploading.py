"""Files and answers of several parts through the pages, with script off: added, refused, looked over, handed out."""

from __future__ import annotations

import io
import struct
import sys
import zipfile
from typing import Any

import pytest

from engine.casework import submissions
from engine.questions import sniffing
from tests.webapp.conftest import Place
from tests.webapp.reading import Browser, Seen
from webapp import uploading
from webapp.uploading import NOT_SCANNED

PDF = b"%PDF-1.7 The lights at the gate are out."
SCANNER = "import sys; sys.exit(1 if b'virus' in sys.stdin.buffer.read() else 0)"


@pytest.fixture
def draft(place: Place) -> str:
    child = place.child("alice")
    with place.desk("alice") as desk:
        return submissions.open_draft(desk, "gathered", record=child).id


def file(name: str, content: bytes = PDF) -> tuple[io.BytesIO, str]:
    return io.BytesIO(content), name


def add(browser: Browser, page: Seen, *files: Any, question: str = "papers") -> Seen:
    there: Any = {f"upload.a.{question}": list(files)}
    return browser.submit(page, button={"file.add": question}, action="", **there)


def links(page: Seen) -> dict[str, str]:
    return {
        one.text: one.attributes["href"]
        for one in page.root.all("a")
        if "/files/" in one.attributes.get("href", "")
    }


def answers(place: Place, draft: str) -> dict[str, Any]:
    with place.desk("alice") as desk:
        return dict(submissions.get(desk, draft).answers)


def test_a_file_is_added_handed_out_and_taken_away(place: Place, draft: str) -> None:
    browser = place.browser("alice")
    page = browser.get(f"/forms/{draft}/papers_part")
    assert NOT_SCANNED in page.text and "each of at most 1 MB: PDF, plain text (txt)." in page.text
    page = add(browser, page, file("..\\Notes of\u202e today.PDF"), file("two.txt", b"Plain words"))
    there = links(page)
    assert list(there) == ["Notes of today.pdf", "two.txt"]
    reply = browser.client.get(there["Notes of today.pdf"])
    assert reply.get_data() == PDF and reply.mimetype == "application/pdf"
    assert reply.headers["Content-Disposition"] == 'attachment; filename="Notes of today.pdf"'
    assert (
        reply.headers["X-Content-Type-Options"] == "nosniff" and reply.headers["Cache-Control"] == "no-store"
    )
    # The conditional question is there now, and the answer is read with a way to each file.
    assert "What the papers show" in page.text
    check = browser.get(f"/forms/{draft}/check")
    assert links(check) == there
    page = browser.get(f"/forms/{draft}/papers_part")
    first = answers(place, draft)["papers"][0]
    page = browser.submit(page, action="", button={"file.remove": f"papers={first}"})
    assert list(links(page)) == ["two.txt"]
    # Nobody else has them: not by the draft, which is alice's own, and not by another draft's address.
    other = place.browser("bob")
    other.get(there["two.txt"], status=404)
    child = place.child("bob")
    with place.desk("bob") as desk:
        mine = submissions.open_draft(desk, "gathered", record=child).id
    other.get(there["two.txt"].replace(draft, mine), status=404)
    browser.get(there["Notes of today.pdf"], status=404)


def test_what_is_not_taken_is_said_where_it_was_added_and_nothing_is_kept(place: Place, draft: str) -> None:
    browser = place.browser("alice")
    page = browser.get(f"/forms/{draft}/papers_part")
    page = add(browser, page, file("photo.png", b"\x89PNG\r\n\x1a\n"), file("a.pdf", b"MZ"))
    assert any("‘photo.png’ is not a kind of file" in one for one in page.problems)
    page = add(browser, page, file("a.pdf"), file("b.pdf"), file("c.pdf"))
    assert any("‘c.pdf’ was not added: at most 2" in one for one in page.problems)
    assert len(answers(place, draft)["papers"]) == 2
    # A post with a file and no right to it, or for a question that asks for none, is none.
    page = browser.get(f"/forms/{draft}/papers_part")
    add(browser, page, file("x.pdf"), question="papers_more")
    assert "papers_more" not in answers(place, draft)
    token = page.fields("")["csrf_token"]
    stranger = place.app.test_client()
    reply = stranger.post(
        f"/forms/{draft}/papers_part", data={"csrf_token": token, "upload.a.papers": file("x.pdf")}
    )
    assert reply.status_code == 303 and "/sign-in" in reply.headers["Location"]
    reply = browser.client.post(f"/forms/{draft}/papers_part", data={"upload.a.papers": file("x.pdf")})
    assert reply.status_code in (400, 403) and len(answers(place, draft)["papers"]) == 2


def test_more_than_can_be_sent_at_once_says_what_to_do(place: Place, draft: str, monkeypatch: Any) -> None:
    monkeypatch.setattr(uploading, "LARGEST_POST", 2000)
    browser = place.browser("alice")
    page = browser.get(f"/forms/{draft}/papers_part")
    data = {**page.fields(""), "upload.a.papers": file("big.pdf", PDF * 100)}
    reply = browser.client.post(f"/forms/{draft}/papers_part", data=data, base_url=browser.base)
    assert reply.status_code == 413 and "fewer and smaller files" in reply.get_data(as_text=True)
    assert "papers" not in answers(place, draft)


@pytest.mark.parametrize("button", [{"action": "later"}, {"speak": "cy"}, {"find": "papers"}])
def test_a_file_that_is_not_kept_is_said_wherever_one_meant_to_go(
    place: Place, draft: str, button: dict[str, str]
) -> None:
    browser = place.browser("alice")
    page = browser.get(f"/forms/{draft}/papers_part")
    page = browser.submit(page, button=button, action="", **{"upload.a.papers": [file("a.pdf", b"MZ")]})
    assert any("‘a.pdf’ is not a kind of file" in one for one in page.problems)


def test_what_the_scanner_finds_is_not_kept_and_neither_is_what_it_cannot_read(
    place: Place, draft: str
) -> None:
    browser = place.browser("alice")
    place.app.extensions["trefoil_scan"] = f'{sys.executable} -c "{SCANNER}"'
    page = browser.get(f"/forms/{draft}/papers_part")
    assert NOT_SCANNED not in page.text
    page = add(browser, page, file("good.pdf"), file("bad.pdf", PDF + b"virus"))
    assert list(links(page)) == ["good.pdf"]
    assert any("the virus check found something" in one for one in page.problems)
    place.app.extensions["trefoil_scan"] = "/nowhere/at/all"
    page = add(browser, browser.get(f"/forms/{draft}/papers_part"), file("more.pdf"))
    assert any("could not be checked for viruses" in one for one in page.problems)


def test_people_actions_and_markers_are_typed_in_their_parts(place: Place, draft: str) -> None:
    browser = place.browser("alice")
    page = browser.submit(browser.get(f"/forms/{draft}/who"), action="", button={"row.add": "steps"})
    row = answers(place, draft)["steps"][0]["_row"]
    typed: dict[str, Any] = {
        "a__aunt__name": "Dana Sample",
        f"a__steps__{row}__step__what": "Mend the lights",
        f"a__steps__{row}__step__due__day": "31",
        f"a__steps__{row}__step__due__month": "2",
        f"a__steps__{row}__step__due__year": "2026",
        "a__signs": ["exploited"],
        "a__signs__exploited__from__day": "5 January 2026",
    }
    page = browser.submit(page, action="", button={"action": "continue"}, **typed)
    assert page.problems == ["Step: the answer to ‘By when?’ must be a real date: February 2026 has 28 days"]
    # What was typed is there to be put right, in its own box.
    assert page.fields("")[f"a.steps.{row}.step.due.day"] == ["31"]
    changes: dict[str, Any] = {f"a__steps__{row}__step__due__day": "28"}
    browser.submit(page, action="", button={"action": "continue"}, **changes)
    kept = answers(place, draft)
    assert kept["aunt"] == {"name": "Dana Sample"}
    assert kept["steps"][0]["step"] == {"what": "Mend the lights", "due": "2026-02-28"}
    assert kept["signs"] == {"exploited": {"from": "2026-01-05"}}
    page = browser.get(f"/forms/{draft}/check")
    assert "Exploited since 5 January 2026" in page.text and "By when: 28 February 2026" in page.text


def test_a_row_is_added_to_a_grid_named_answered_and_taken_away(place: Place, draft: str) -> None:
    browser = place.browser("alice")
    page = browser.submit(browser.get(f"/forms/{draft}/who"), action="", button={"row.add": "worlds"})
    [row] = answers(place, draft)["worlds"]
    page = browser.submit(page, action="", button={"row.add": "worlds"})
    second = next(one for one in answers(place, draft)["worlds"] if one != row)
    typed: dict[str, Any] = {f"a.worlds.{row}._label": " Her\tclub ", f"a.worlds.{row}.worried": "Rides home",
                             f"a.worlds.{second}.worried": "Nobody named it"}  # fmt: skip
    browser.submit(page, action="", button={"action": "later"}, **typed)
    kept = answers(place, draft)["worlds"]
    assert kept[row] == {"_label": "Her club", "_at": 1, "worried": "Rides home"}
    page = browser.get(f"/forms/{draft}/check")
    assert "Her club: What worries us" in page.text and "What is done about the worries" in page.text
    # The row without a name cannot be sent; it is asked for once, with a way to its box.
    token = page.fields("/submit")
    page = browser.post(f"/forms/{draft}/submit", token)
    assert page.problems == ["Enter what the row that was added to ‘Each part of life’ is about"]
    page = browser.get(f"/forms/{draft}/who")
    browser.submit(page, action="", button={"row.remove": f"worlds.{second}"})
    assert list(answers(place, draft)["worlds"]) == [row]


def test_a_picture_in_a_row_is_added_to_that_row(place: Place, draft: str) -> None:
    browser = place.browser("alice")
    page = browser.submit(browser.get(f"/forms/{draft}/who"), action="", button={"row.add": "steps"})
    row = answers(place, draft)["steps"][0]["_row"]
    page = add(browser, page, file("p.jpg", b"\xff\xd8\xff\xe0"), question=f"steps.{row}.picture")
    assert list(links(page)) == ["p.jpg"]
    page = add(browser, page, file("q.jpg", b"\xff\xd8\xff\xe0"), question=f"steps.{row}.picture")
    assert page.problems == ["‘q.jpg’ was not added: at most 1 can be. Take one away first."]


@pytest.mark.parametrize(("inside", "broken", "taken"), [
    ((), False, True), (("basic/Module1.xml",), False, False), ((), True, False),
])  # fmt: skip
def test_a_document_that_cannot_be_looked_into_is_not_taken(
    inside: tuple[str, ...], broken: bool, taken: bool
) -> None:
    """Its first bytes say that it is one; whether it holds macros is seen only by its list of parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as found:
        for name in ("mimetype", "content.xml", *inside):
            found.writestr(name, "application/vnd.oasis.opendocument.text")
    content = made.getvalue()[: -5 if broken else None]
    assert (sniffing.sniffed("plan.odt", content) is not None) == taken


@pytest.mark.parametrize(("many", "looked"), [(1_000, True), (100_000, False)])
def test_a_document_of_endless_parts_is_not_read_to_count_them(
    monkeypatch: pytest.MonkeyPatch, many: int, looked: bool
) -> None:
    """A few bytes a part: reading the list took seconds, while others waited to save."""
    opened: list[Any] = []
    monkeypatch.setattr(sniffing.zipfile, "ZipFile", lambda file: opened.append(file) or real(file))
    content = ZIP_HEAD + ZIP_ENTRY * many
    content += struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, many & 0xFFFF, many & 0xFFFF, 47 * many, 30, 0)
    assert sniffing.sniffed("plan.docx", content) is None
    assert bool(opened) is looked


real = zipfile.ZipFile
ZIP_HEAD = b"PK\x03\x04" + bytes(26)
ZIP_ENTRY = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", *[20] * 2, *[0] * 7, 1, *[0] * 6) + b"a"
