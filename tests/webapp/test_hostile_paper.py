"""What people type is only ever text on paper and in letters too (H6): nothing on a copy acts, and every word is on it.

The same texts as in the browser's test, given out as PDF, Word, web page and plain text, and as a blank form. A file
is more than text where it holds an element, a key or a part that the same paper with plain words does not hold.
"""

from __future__ import annotations

import re
import unicodedata
import zipfile
from dataclasses import replace
from html.parser import HTMLParser
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

import pikepdf
import pytest
from docx import Document as read_docx
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls
from sqlalchemy import select

from engine.casework import (
    CaseworkError,
    cases,
    notes,
    people,
    posting,
    queries,
    stacks,
    submissions,
    tables,
    tasks,
    uploads,
)
from tests.support.hostile_texts import FAMILIES, TEXTS, hostile_pack
from tests.support.paper_text import docx_everything, docx_text, pdf_text
from tests.webapp.conftest import Place
from tests.webapp.test_notices import Box, now_tick, serving, told_of_a_case
from tests.webapp.test_paper import copied
from webapp.paper import html as html_
from webapp.paper.html import html
from webapp.paper.model import Ask, Document, Heading, Line, Paragraph, Section, Table, Tick
from webapp.paper.pdf import pdf
from webapp.paper.texting import text
from webapp.paper.word import word

ACTS = (
    "JavaScript", "JS", "OpenAction", "AA", "Launch", "URI", "SubmitForm", "ImportData", "GoToR", "GoToE", "Annots",
    "AcroForm", "XFA", "RichMedia", "EmbeddedFile", "EmbeddedFiles", "Filespec", "Movie", "Rendition", "Collection",
)  # fmt: skip
FIELDS = {"PAGE", "NUMPAGES"}


def everywhere(words: tuple[str, ...]) -> Document:
    """A document that has each of the texts in every place that a document has."""
    blocks = (
        *(Paragraph(one) for one in words),
        *(Line(one, one, one) for one in words),
        *(Heading(one) for one in words),
        *(Ask(one, one, one, one, one, parts=(one,)) for one in words[:20]),
        Ask(words[0], ticks=tuple(Tick(one, one, heading=n % 2 > 0) for n, one in enumerate(words))),
        Table(words[0], words[:3], tuple((one, one, one) for one in words)),
    )  # fmt: skip
    return Document(
        title=words[0], about=words[1], kind=words[2], facts=tuple((one, one) for one in words), notices=words,
        sections=(Section(words[3], blocks),), marking=words[4], foot=words[:4], source=words[5], language="en",
    )  # fmt: skip


HOSTILE = everywhere(tuple(TEXTS))
SOME = FAMILIES["unseen"] + FAMILIES["lines_and_headers"] + FAMILIES["documents"]
PLAIN = everywhere(
    tuple(f"Plain words\n{n}" if "\n" in one else f"Plain words {n}" for n, one in enumerate(TEXTS))
)

FEW = everywhere(tuple(f"Plain\nwords {n}" for n in range(12)))


def in_word(content: bytes) -> set[str]:
    """Every part, relation, element with its attributes' names, and field of a Word file."""
    found: set[str] = set()
    with zipfile.ZipFile(BytesIO(content)) as file:
        for name in file.namelist():
            found.add(f"part {name}")
            if not name.endswith((".xml", ".rels")):
                continue
            for one in ElementTree.fromstring(file.read(name)).iter():
                found.add(f"element {one.tag} {' '.join(sorted(one.attrib))}")
                if one.tag.endswith("}Relationship"):
                    found.add(
                        f"relation {one.attrib['Type']} {one.attrib.get('TargetMode', '')} {one.attrib['Target']}"
                    )
                for key, value in one.attrib.items():
                    if key.endswith("}instr"):
                        found.add(f"field {value}")
                if one.tag.endswith("}instrText"):
                    found.add(f"field {one.text}")
    # A space kept at the end of a run is how a text is written, no more.
    return {one.replace(" {http://www.w3.org/XML/1998/namespace}space", " ").rstrip() for one in found}


def in_pdf(content: bytes) -> set[str]:
    """What in a PDF could act, and every key of its objects."""
    found: set[str] = set()
    with pikepdf.open(BytesIO(content)) as file:
        for one in file.objects:
            if isinstance(one, (pikepdf.Dictionary, pikepdf.Stream)):
                keys = {str(key).lstrip("/") for key in one.keys()}  # noqa: SIM118
                found |= {f"key {key}" for key in keys & set(ACTS)}
                said = str(one.get("/S", "")).lstrip("/")
                found |= {f"does {said}"} & {f"does {act}" for act in ACTS}
    return found


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add(f"<{tag} {' '.join(sorted(name for name, _ in attrs))}>")

    def handle_comment(self, data: str) -> None:
        self.found.add("comment")


def in_html(content: str) -> set[str]:
    reader = Tags()
    reader.feed(content)
    style = re.findall(r"<style>(.*?)</style>", content, re.S)
    sheets = {re.sub(r"'[^']*'", "''", one) for one in style}
    return reader.found | {f"rules {sheet.count('{')} urls {sheet.count('url(')}" for sheet in sheets}


def letters(text: str) -> str:
    """A text as it can be compared: what no file may hold, and how lines and spaces fall, aside."""
    kept = "".join(one for one in unicodedata.normalize("NFC", text) if one.isprintable())
    return "".join(kept.split())


def missing(said: str) -> list[str]:
    there = letters(said)
    return [one for one in TEXTS if letters(one) not in there]


def test_nothing_in_a_word_file_acts_and_every_word_stands_in_it() -> None:
    content = word(HOSTILE)
    assert in_word(content) - in_word(word(FEW)) == set()
    assert {one for one in in_word(content) if one.startswith("field")} == {f"field {one}" for one in FIELDS}
    assert "External" not in docx_everything(content)
    assert missing(docx_text(content)) == []


def test_a_word_file_that_is_more_than_text_is_noticed() -> None:
    """The control: a field, a link out of the file and a piece of markup are each found."""
    plain = in_word(word(FEW))
    assert in_word(word(everywhere(tuple(TEXTS[:12])))) <= plain
    for spoil in (_with_field, _with_link, _with_markup):
        found = read_docx(BytesIO(word(FEW)))
        spoil(found)
        made = BytesIO()
        found.save(made)
        assert in_word(made.getvalue()) - plain, spoil.__name__


def _with_field(found: Any) -> None:
    field = OxmlElement("w:instrText")
    field.text = "DDEAUTO cmd"
    found.paragraphs[0]._p.append(field)


def _with_link(found: Any) -> None:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
    found.part.relate_to("https://evil.test/", kind, is_external=True)


def _with_markup(found: Any) -> None:
    found.paragraphs[0]._p.append(parse_xml(f"<w:hyperlink {nsdecls('w')}/>"))


def test_nothing_in_a_pdf_acts_and_every_word_stands_in_it() -> None:
    lines = tuple(block for block in HOSTILE.sections[0].blocks if isinstance(block, Line))
    some = tuple(block for block in everywhere(tuple(SOME)).sections[0].blocks if not isinstance(block, Line))
    content = pdf(replace(HOSTILE, facts=(), notices=(), sections=(Section(TEXTS[0], (*lines, *some)),)))
    assert in_pdf(content) == set()
    # Letters that no font of the machine has are drawn as boxes; what could be markup is plain letters.
    said = letters(pdf_text(content))
    assert [one for one in TEXTS if one.isascii() and letters(one) not in said] == []


def test_nothing_in_a_web_page_acts_and_every_word_stands_in_it() -> None:
    content = html(HOSTILE)
    assert in_html(content) - in_html(html(PLAIN)) == set()


@pytest.mark.parametrize("kind", ["pdf", "html"])
def test_paper_that_takes_text_for_markup_is_noticed(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: without escaping, a PDF gets links and a web page elements that plain words do not make."""
    made = html_._template().environment
    monkeypatch.setattr(made, "autoescape", False)
    monkeypatch.setattr(made, "cache", {})
    html_._template.cache_clear()
    try:
        monkeypatch.setattr(html_, "_template", lambda: _unescaped(made))
        found = in_pdf(pdf(_links())) if kind == "pdf" else in_html(html(HOSTILE)) - in_html(html(PLAIN))
    finally:
        monkeypatch.undo()
        html_._template.cache_clear()
    assert found


def _unescaped(environment: Any) -> Any:
    return environment.get_template("paper/document.html")


def _links() -> Document:
    line = Line("Words", "<a href='https://evil.test/'>Press here</a>")
    return replace(PLAIN, sections=(Section("One", (line,)),))


@pytest.mark.parametrize("made", [text, html])
def test_what_is_read_as_text_is_the_words_and_orders_no_terminal_or_printer_about(made: Any) -> None:
    content = made(HOSTILE)
    assert made is html or missing(content) == []
    assert {one for one in content if unicodedata.category(one) in ("Cc", "Cn", "Cs")} <= {"\n", "\t"}
    # Whatever ended a line where it was typed ends one here, and nothing else does.
    assert made is html or not set(content) & {"\u2028", "\u2029"}
    assert {"\x1b", "\x9f", "\r", "\ufffe"} <= set("".join(TEXTS))


# --- What people typed, through the pages


def typed_in(place: Place) -> tuple[str, str, str]:
    """The texts wherever a copy takes words from: record, case, a form that was sent."""
    with place.desk() as desk:
        stacks.publish(desk, hostile_pack())
    everything = "\n".join(one for one in TEXTS if "\n" not in one)
    with place.desk("adam") as desk:
        alice = people.get(desk, place.ids["alice"])
        people.edit(desk, alice.id, name=f"Alice {FAMILIES['unseen'][0]}", revision=alice.revision)
    record = place.child(first=FAMILIES["unseen"][0], last="<script>hit(1)</script>", private_note=everything)
    case = place.case(record)
    draft = place.draft(record, case)
    rows = [{"_row": f"{n:032x}", "place_text": one} for n, one in enumerate(TEXTS)]
    answers = {"story": everything, "danger": False, "harms": ["other"], "harms.other": TEXTS[18], "places": rows,
               "framework": {"home": {"worried": "\n".join(SOME)}}}  # fmt: skip
    with place.desk("alice") as desk:
        submissions.submit(desk, draft, revision=1, answers=answers)
        for texts in FAMILIES.values():
            notes.add(desk, record, "\n".join(texts))
        for one in SOME:
            tasks.add(desk, record, f"To do {one}")
        asked = [(queries.ask(desk, record, f"Asked {one}", person=place.ids["mary"]), one) for one in SOME]
    with place.desk("mary") as desk:
        for query, one in asked:
            queries.answer(desk, query.id, f"Answered {one}", revision=query.revision)
    with place.desk("mary") as desk:
        now = cases.get(desk, case)
        cases.fire(desk, case, "ask_again", revision=now.revision, reason="\n".join(SOME))
    return record, case, draft


def test_copies_of_what_people_typed_open_and_hold_it_to_the_letter(place: Place) -> None:
    record, case, draft = typed_in(place)
    browser = place.browser("alice")
    first = copied(browser, f"/forms/{draft}/copy")
    assert missing(docx_text(first)) == [] and acting(first) == set()
    for path, formats in (
        (f"/forms/{draft}/copy", ("html",)),
        (f"/records/{record}/copy", ("docx", "pdf", "html")),
        (f"/cases/{case}/copy", ("docx",)),
    ):
        for format in formats:
            content = copied(browser, path, format=format)
            assert acting(content) == set(), f"{path} as {format}"


ACTIVE = re.compile(
    r"element \{[^}]*wordprocessingml/2006/main\}(hyperlink|altChunk|object|attachedTemplate)\b"
)
KNOWN = {"img", "nav", "ol"}


def acting(content: bytes) -> set[str]:
    """What in a file does more than stand there: elements that plain words may make as well are none of it."""
    if content.startswith(b"PK"):
        found, plain = in_word(content), in_word(word(FEW))
        return {one for one in found - plain if not one.startswith("element") or ACTIVE.match(one)}
    if content.startswith(b"%PDF"):
        return in_pdf(content)
    plain = {_tag(one) for one in in_html(html(PLAIN))} | KNOWN
    return {one for one in in_html(content.decode()) if one.startswith("<") and _tag(one) not in plain}


def _tag(found: str) -> str:
    return found.split()[0].strip("<>")


@pytest.mark.parametrize("format", ["docx", "pdf"])
def test_a_blank_form_whose_every_word_is_hostile_is_only_paper(place: Place, format: str) -> None:
    with place.desk() as desk:
        stacks.publish(desk, hostile_pack())
    reply = place.browser("alice").client.get(f"/paper/hostile/{format}?guidance=yes")
    assert reply.status_code == 200
    assert acting(reply.get_data()) == set()


def test_a_file_is_handed_out_under_one_plain_name(place: Place) -> None:
    """Whatever a file was called, its head has one name on one line, no folder and no markup in it."""
    record = place.child()
    with place.desk("alice") as desk:
        papers = submissions.open_draft(desk, "gathered", record=record).id
    browser = place.browser("alice")
    for one in (*SOME, *FAMILIES["letters"], "../../etc/passwd", 'x"; filename="y.exe'):
        with place.desk("alice") as desk:
            kept = uploads.add(desk, papers, "papers", f"{one}.txt", b"plain")
            submissions.save(
                desk, papers, {"papers": [kept.id]}, revision=submissions.get(desk, papers).revision
            )
        reply = browser.client.get(f"/forms/{papers}/files/{kept.id}", base_url=browser.base)
        head = reply.headers["Content-Disposition"]
        assert reply.status_code == 200 and head.startswith("attachment; filename="), (one, head)
        assert kept.name.endswith(".txt") and not set(kept.name) & set('/\\:*?"<>|\r\n\x01\x1b'), one


# --- Letters


def sent_to_bob(place: Place) -> Any:
    """The letter that Bob gets once a case has been given to him."""
    box = Box()
    told_of_a_case(place)
    with serving(box) as port:
        for _ in range(2):
            now_tick(place, port)
    [letter] = box.letters()
    return letter


def test_no_name_and_no_words_come_into_a_letters_head(place: Place) -> None:
    """Whoever is called what breaks out of a line changes neither whom a letter goes to nor what it says."""
    headers, words = FAMILIES["lines_and_headers"], FAMILIES["unseen"][0]
    with place.desk("adam") as desk:
        for who, name in zip(("alice", "bob", "mary"), headers, strict=False):
            person = people.get(desk, place.ids[who])
            people.edit(desk, person.id, name=f"{name}{words}", revision=person.revision)
        team = people.add_team(desk, headers[0])
        people.add_to_team(desk, place.ids["bob"], team.id)
    letter = sent_to_bob(place)
    assert sorted(letter.keys()) == sorted(
        ["Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted", "Content-Language", "MIME-Version",
         "Content-Type", "Content-Transfer-Encoding"]
    )  # fmt: skip
    assert (letter["To"], letter.get_content_type()) == ("bob@council.example", "text/plain")
    assert not [one for one in ("evil.test", "Ann", "Bcc", "<script") if one in letter.as_string()]


def test_no_address_is_kept_that_breaks_out_of_its_line(place: Place) -> None:
    addresses = [
        *TEXTS,
        *(f"bob@council.example{one}" for one in TEXTS),
        *(f"{one}@council.example" for one in TEXTS),
    ]
    taken = []
    with place.desk("bob") as desk:
        for one in addresses:
            try:
                taken.append(posting.choose(desk, email=one, letters=posting.ONCE).email)
            except CaseworkError:
                continue
    # What is kept is one plain address: none of the letters that end a line, a name or a list.
    assert [one for one in taken if re.search(r"[^!#-'*+\-./0-9=?@A-Z^_`a-z{|}~]", str(one))] == []
    assert all(str(one).count("@") == 1 for one in taken)


def test_an_address_that_ends_its_line_would_end_the_head(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: without the rule for addresses such a one is kept, and no letter can be made of it."""
    monkeypatch.setattr(posting, "ADDRESS", re.compile(r".*", re.S))
    record = told_of_a_case(place)
    with place.desk("bob") as desk:
        posting.choose(desk, email="bob@council.example\r\nBcc: somebody@evil.test", letters=posting.ONCE)
    assert record
    with place.desk("mary") as desk:
        case = cases.start(desk, "worries", record=record)
        cases.assign(desk, case.id, person=place.ids["bob"], role="worker")
    box = Box()
    with serving(box) as port:
        for _ in range(2):
            now_tick(place, port)
    with place.store.reading() as connection:
        kept = connection.execute(
            select(tables.person.c.email).where(tables.person.c.id == place.ids["bob"])
        ).scalar()
    assert "Bcc" in str(kept) and not box.arrived
