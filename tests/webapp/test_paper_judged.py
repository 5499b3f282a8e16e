"""PDFs of every form, held by an independent judge to the standard for listening; and what a PDF never opens."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any

import pdfua
import pikepdf
import pytest

import engine
from engine.packs import Pack
from tests.support.paper_text import pdf_text
from webapp.paper import html, making, pdf
from webapp.paper.model import Document, Line, Picture, Section

ROOT = Path(__file__).parents[2]
SAMPLED = ("referral", "consultation_meeting", "plan", "peer_triangle")


@pytest.fixture(scope="module")
def core() -> Pack:
    return engine.load(ROOT).pack("core")


def judged(content: bytes, to: Path) -> list[str]:
    """What the judge finds wrong, warnings too."""
    file = to / "judged.pdf"
    file.write_bytes(content)
    found = pdfua.validate(str(file)).findings
    return [f"{one.rule_id} {one.message}" for one in found if one.severity is not pdfua.Severity.INFO]


def blank(pack: Pack, form: str) -> Document:
    manifest = pack.stack.manifest
    return making.blank_form(pack.form(form), manifest, making.Copy(manifest.title), guidance=True)


@pytest.mark.parametrize("form", SAMPLED)
def test_a_form_as_a_pdf_has_no_fault(core: Pack, tmp_path: Path, form: str) -> None:
    assert judged(pdf.pdf(blank(core, form)), tmp_path) == []


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_every_form_of_the_core_pack_as_a_pdf_has_no_fault(core: Pack, tmp_path: Path) -> None:
    found = {
        form: judged(pdf.pdf(blank(core, form)), tmp_path) for form in core.stack.forms if form not in SAMPLED
    }
    assert not any(found.values()), found


def test_in_welsh_the_pdf_says_so_and_every_page_speaks_it(core: Pack, tmp_path: Path) -> None:
    content = pdf.pdf(blank(core.in_language("cy"), "referral"))
    assert judged(content, tmp_path) == []
    with pikepdf.open(tmp_path / "judged.pdf") as found:
        assert str(found.Root.Lang) == "cy"


def test_the_judge_refuses_a_pdf_without_tags(core: Pack, tmp_path: Path) -> None:
    assert judged(pdf.pdf(blank(core, "referral"), tagged=False), tmp_path)


def test_headings_stand_in_order_and_header_cells_say_what_they_head(core: Pack, tmp_path: Path) -> None:
    (tmp_path / "form.pdf").write_bytes(pdf.pdf(blank(core, "consultation_meeting")))
    with pikepdf.open(tmp_path / "form.pdf") as found:
        kinds = [str(one.S) for one in found.objects if isinstance(one, pikepdf.Dictionary) and "/S" in one]
        scopes = {
            str(one.A.get("/Scope"))
            for one in found.objects
            if isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/TH" and "/A" in one
        }
    assert kinds.count("/H1") == 1 and kinds.count("/H2") >= 5 and "/Table" in kinds
    assert scopes == {"/Column", "/Row"}


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """A server on this machine that notes who asks it for anything."""
    asked: list[str] = []

    class Noting(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Noting)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()
    thread.join()


HOSTILE = """<style>@import url("{base}/import.css"); @font-face {{font-family: x; src: url("{base}/font.woff")}}
body {{ background: url("{base}/background.png"); font-family: x; list-style: url("{base}/list.png") }}</style>
<link rel="stylesheet" href="{base}/link.css"><link rel="attachment" href="{base}/attached">
<img src="{base}/image.png" alt="x"><object data="{base}/object"></object><embed src="{base}/embed">
<img src="file://{secret}" alt="x"><a rel="attachment" href="file://{secret}">x</a>
<img src="data:image/svg+xml,%3Csvg xmlns='x'%3E%3Cimage href='{base}/inner'/%3E%3C/svg%3E" alt="x">
<img src="data:image/png;base64,{large}" alt="x"><img src="paper:0" alt="x"><p>After all that</p>"""


def hostile(base: str, secret: Path) -> str:
    return HOSTILE.format(base=base, secret=secret, large="A" * 1_000_000)


def test_nothing_is_ever_fetched_or_read(
    listener: tuple[str, list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base, asked = listener
    secret = tmp_path / "secret.txt"
    secret.write_text("kept to itself")
    drawn = f"<!doctype html><html lang='en'><head><title>x</title></head><body>{hostile(base, secret)}</body></html>"
    monkeypatch.setattr(html, "drawn", lambda *_: drawn)
    content = pdf.pdf(Document("x"))
    assert asked == [] and "After all that" in pdf_text(content)
    with pikepdf.open(BytesIO(content)) as found:
        assert "/EmbeddedFiles" not in str(found.Root.get("/Names", {}))
        assert not [
            one
            for one in found.objects
            if isinstance(one, pikepdf.Stream) and one.get("/Subtype") == "/Image"
        ]


def test_the_listener_hears_a_fetcher_that_is_not_locked(
    listener: tuple[str, list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base, asked = listener
    drawn = f"<html lang='en'><title>x</title><img src='{base}/image.png' alt='x'></html>"
    monkeypatch.setattr(html, "drawn", lambda *_: drawn)
    monkeypatch.setattr(pdf, "_fetcher", lambda weasyprint, _: weasyprint.urls.URLFetcher())
    pdf.pdf(Document("x"))
    assert asked == ["/image.png"]


def test_what_people_wrote_stays_words(tmp_path: Path) -> None:
    written = "<script>alert(1)</script><img src=x> '\\a } body { color: red } /*title*/ \u202e &amp;"
    said = Document(
        written,
        about=written,
        foot=(written,),
        marking=written,
        sections=(Section(written, (Line(written, written),)),),
    )
    page = html.html(said)
    assert "<script>alert" not in page and page.count("<style>") == 1
    assert "color: red" not in html.look(said)
    assert pdf_text(pdf.pdf(said)).count("alert(1)") >= 6


def test_a_web_page_stands_by_itself(core: Pack) -> None:
    picture = Picture("<svg xmlns='http://www.w3.org/2000/svg'/>", "A picture of nothing")
    page = html.html(Document("Alone", sections=(Section("One", (picture,)),)))
    assert (
        "http" not in page.replace("http://www.w3.org", "") and "<script" not in page and "<link" not in page
    )
    assert 'alt="A picture of nothing"' in page and 'src="data:image/svg+xml;base64,' in page


def test_sixty_pages_take_seconds(core: Pack) -> None:
    lines = tuple(Line(f"Question {one}", "What was seen and heard that day. " * 60) for one in range(120))
    started = time.perf_counter()
    content = pdf.pdf(Document("Long", sections=(Section("All of it", lines),)))
    taken = time.perf_counter() - started
    with pikepdf.open(BytesIO(content)) as found:
        pages = len(found.pages)
    print(f"{pages} pages in {taken:.1f} s")
    assert pages >= 50 and taken < 60


def test_a_document_longer_than_anybody_prints_is_refused_with_what_to_do() -> None:
    with pytest.raises(pdf.NoPdf, match="Choose Word"):
        pdf.pdf(Document("Long", sections=(Section("x", (Line("x", "y" * (pdf.LONGEST + 1)),)),)))
