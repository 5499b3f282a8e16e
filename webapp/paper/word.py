"""A document as a Word file: real headings, lists and tables, and nothing in it beyond what is printed.

The file's own properties say its title, its language and whose paper it is; no person's name, no time of editing and no
trace of the machine. Must not know what it shows. Pictures go in as their words: Word draws no SVG of ours.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from io import BytesIO
from typing import Any

from docx import Document as new_document
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from webapp.paper.model import Ask, Block, Document, Heading, Line, Paragraph, Picture, Section, Table
from webapp.paper.texts import printable
from webapp.tongues import _, speaking

LANGUAGES = {"en": "en-GB", "cy": "cy-GB"}
INK, QUIET, GREEN = RGBColor(0x1D, 0x24, 0x26), RGBColor(0x3D, 0x47, 0x4A), RGBColor(0x2F, 0x5D, 0x50)
FACE = "Arial"
BOX, RING = "☐", "○"


def word(document: Document, *, made: datetime | None = None) -> bytes:
    """The file's bytes. `made` is the moment that its properties tell; without one they tell none that is true."""
    with speaking(document.language):
        return _Writing(document, made).file()


class _Writing:
    def __init__(self, document: Document, made: datetime | None) -> None:
        self.document = document
        self.file_ = new_document()
        self._properties(made or datetime(2000, 1, 1))
        self._styles()
        self._page(self.file_.sections[0])

    def file(self) -> bytes:
        self._head()
        upright = True
        for section in self.document.sections:
            if upright == section.wide:
                upright = not section.wide
                self._turn(upright)
            self.file_.add_heading(printable(section.title), 1)
            for block in section.blocks:
                self._block(block, section)
        made = BytesIO()
        self.file_.save(made)
        return made.getvalue()

    def _properties(self, made: datetime) -> None:
        known = self.file_.core_properties
        known.title, known.author, known.language = (
            _line(self.document.title), _line(self.document.source), LANGUAGES.get(self.document.language, "en-GB"),
        )  # fmt: skip
        known.last_modified_by = known.comments = known.keywords = known.subject = known.category = ""
        known.created = known.modified = made.replace(tzinfo=None, microsecond=0)
        known.revision = 1
        thumbnails = [
            one for one in self.file_.part.package.rels.values() if one.reltype.endswith("/thumbnail")
        ]
        for one in thumbnails:
            # The library's template carries a picture of some other page.
            self.file_.part.package.rels.pop(one.rId)

    def _styles(self) -> None:
        styles = self.file_.styles
        _face(styles["Normal"], 10.5, INK)
        styles["Normal"].paragraph_format.space_after = Pt(4)
        language = OxmlElement("w:lang")
        language.set(qn("w:val"), LANGUAGES.get(self.document.language, "en-GB"))
        for old in styles.element.iter(qn("w:lang")):
            old.set(qn("w:val"), language.get(qn("w:val")))
        styles["Normal"].element.get_or_add_rPr().append(language)
        for name, size, colour, before in (
            ("Title", 23, INK, 0), ("Subtitle", 14, QUIET, 0), ("Heading 1", 15, INK, 18),
            ("Heading 2", 11.5, GREEN, 12), ("Heading 3", 10, INK, 8),
        ):  # fmt: skip
            _face(styles[name], size, colour, bold=name not in ("Subtitle",))
            styles[name].paragraph_format.space_before = Pt(before)
            styles[name].paragraph_format.space_after = Pt(3)
            styles[name].paragraph_format.keep_with_next = True

    def _page(self, section: Any) -> None:
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin, section.right_margin = Mm(22), Mm(20)
        section.top_margin, section.bottom_margin = Mm(24), Mm(25)
        names = " · ".join(one for one in (self.document.about, self.document.title) if one)
        head = section.header.paragraphs[0]
        head.text = printable(f"{names}\t\t{self.document.marking}")
        _look(head.runs[0], size=8, colour=QUIET)
        foot = section.footer.paragraphs[0]
        _look(_run(foot, " · ".join(self.document.foot) + "\t\t"), size=8, colour=QUIET)
        for text, field in ((_("Page "), "PAGE"), (_(" of "), "NUMPAGES")):
            _look(foot.add_run(text), size=8, colour=QUIET)
            _field(foot, field)

    def _turn(self, upright: bool) -> None:
        section = self.file_.add_section()
        section.orientation = WD_ORIENT.PORTRAIT if upright else WD_ORIENT.LANDSCAPE
        sides = (Mm(210), Mm(297))
        section.page_width, section.page_height = sides if upright else reversed(sides)

    def _head(self) -> None:
        document = self.document
        if document.kind:
            self._said(document.kind, bold=True, colour=GREEN)
        self.file_.add_paragraph(printable(document.title), style="Title")
        if document.about:
            self.file_.add_paragraph(printable(document.about), style="Subtitle")
        for name, value in document.facts:
            line = self.file_.add_paragraph()
            line.paragraph_format.space_after = Pt(1)
            _look(_run(line, f"{name}: "), size=9.5, colour=QUIET)
            _look(_run(line, value), size=9.5, bold=True)
        for one in document.notices:
            self._said(one, size=9.5, italic=True)

    def _block(self, block: Block, section: Section) -> None:
        write: Callable[..., None] = WRITERS[type(block)]
        write(self, block, section)

    def _paragraph(self, block: Paragraph, _section: Section) -> None:
        if block.look == "plain":
            self._said(block.text)
        else:
            self._said(block.text, size=9.5, colour=QUIET, italic=block.look == "aside")

    def _line(self, block: Line, _section: Section) -> None:
        self._label(block.label)
        if block.text:
            self._said(block.text)
        else:
            self._said(_("Not answered"), italic=True, colour=QUIET)
        if block.note:
            self._said(block.note, size=8.5, colour=QUIET)

    def _heading(self, block: Heading, _section: Section) -> None:
        self.file_.add_heading(printable(block.text), 2)

    def _picture(self, block: Picture, _section: Section) -> None:
        self._said(block.words)

    def _ask(self, block: Ask, _section: Section) -> None:
        self._label(block.label)
        for text in (block.only_if, block.hint, block.wanted):
            if text:
                self._said(text, size=9.5, colour=QUIET, keep=True)
        if block.guidance:
            self._said(block.guidance, size=9.5, colour=QUIET, italic=True, keep=True)
        for one in block.ticks:
            if one.heading:
                self._said(one.label, size=9, bold=True, colour=QUIET, keep=True)
                continue
            line = self.file_.add_paragraph()
            line.paragraph_format.left_indent, line.paragraph_format.first_line_indent = Mm(6), Mm(-6)
            line.paragraph_format.space_after = Pt(1)
            _run(line, f"{BOX if block.many else RING} {one.label}")
            if one.hint:
                _look(_run(line, f"  {one.hint}"), size=8.5, colour=QUIET)
        if block.parts:
            self._boxes(block.parts, 9)
        elif block.lines:
            self._boxes(("",), 9 * block.lines if block.lines < 3 else 7 * block.lines)

    def _boxes(self, labels: tuple[str, ...], high: float) -> None:
        """Boxes to write in, beside each other."""
        table = self.file_.add_table(1, len(labels), style="Table Grid")
        table.rows[0].height = Mm(high)
        for cell, label in zip(table.rows[0].cells, labels, strict=True):
            _look(_run(cell.paragraphs[0], label), size=8.5, colour=QUIET)
        self._gap()

    def _table(self, block: Table, section: Section) -> None:
        self.file_.add_heading(printable(block.caption), 2)
        for one in block.before:
            self._paragraph(one, section)
        table = self.file_.add_table(1, len(block.columns), style="Table Grid")
        for cell, text in zip(table.rows[0].cells, block.columns, strict=True):
            _look(_run(cell.paragraphs[0], text or _("Row")), size=8.5, bold=True)
        _repeated(table.rows[0])
        for row in block.rows:
            cells = table.add_row()
            if block.blank:
                cells.height = Mm(11)
            for number, (cell, text) in enumerate(zip(cells.cells, row, strict=True)):
                _look(_run(cell.paragraphs[0], text), size=9, bold=number == 0)
        self._gap()
        for one in block.after:
            self._paragraph(one, section)

    def _label(self, text: str) -> None:
        self.file_.add_heading(printable(text), 3)

    def _gap(self) -> None:
        self.file_.add_paragraph().paragraph_format.space_after = Pt(2)

    def _said(self, text: str, *, keep: bool = False, **look: Any) -> None:
        for one in text.split("\n"):
            line = self.file_.add_paragraph()
            line.paragraph_format.keep_with_next = keep
            _look(_run(line, one), **look)


WRITERS: Mapping[type, Callable[..., None]] = {
    Paragraph: _Writing._paragraph, Line: _Writing._line, Heading: _Writing._heading, Picture: _Writing._picture,
    Ask: _Writing._ask, Table: _Writing._table,
}  # fmt: skip


LONGEST_PROPERTY = 255


def _line(text: str) -> str:
    """Text as one of the file's properties: one line, no longer than the format takes."""
    return " ".join(printable(text).split())[:LONGEST_PROPERTY]


def _run(paragraph: Any, text: str) -> Any:
    return paragraph.add_run(printable(text))


def _face(style: Any, size: float, colour: RGBColor, *, bold: bool = False) -> None:
    style.font.name, style.font.size, style.font.bold = FACE, Pt(size), bold
    style.font.italic, style.font.color.rgb = False, colour
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in [name for name in fonts.attrib if name.endswith("Theme")]:
        del fonts.attrib[name]
    for which in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(which), FACE)


def _look(
    run: Any, *, size: float = 0, colour: RGBColor | None = None, bold: bool = False, italic: bool = False
) -> None:
    if size:
        run.font.size = Pt(size)
    if colour is not None:
        run.font.color.rgb = colour
    run.bold, run.italic = bold or None, italic or None


def _field(paragraph: Any, name: str) -> None:
    """A number that Word fills in: of the page, or of all pages."""
    made = OxmlElement("w:fldSimple")
    made.set(qn("w:instr"), name)
    paragraph._p.append(made)


def _repeated(row: Any) -> None:
    """Has a table's first row said again on every page, and known as its header."""
    made = OxmlElement("w:tblHeader")
    made.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(made)
