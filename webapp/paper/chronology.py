"""A record's chronology for one reader: what is dated about it, oldest first, cut to whom it is for.

What people wrote freely carries no mark of who may have it, so by `readers.CHRONOLOGY` it goes to few. Must not know
pages nor how a document is drawn.
"""

from __future__ import annotations

from collections.abc import Collection

from engine.casework import Desk, chronology, readers, records
from engine.casework.chronology import Entry, Filters
from engine.casework.readers import Reader
from engine.casework.releasing import Given
from engine.language.model import Stack
from webapp import speaking
from webapp.chronicle import WORDS
from webapp.naming import form_title, person_names, state_title, workflow_title
from webapp.paper import making
from webapp.paper.copies import copy_for, numbers_of
from webapp.paper.giving import Part, Prepared
from webapp.paper.model import Paragraph, Section, Table
from webapp.tongues import _
from webapp.tongues import speaking as spoken_in
from webapp.words import day


def chronology_copy(desk: Desk, record: str, reader: Reader, out: Collection[str]) -> Prepared:
    """Everything dated about a record that this person sees and the reader may have. Raises NotFound."""
    found = records.get(desk, record)
    entries = chronology.of_record(desk, record, Filters(oldest_first=True))
    pack = speaking.live(desk)
    stack: Stack = pack.stack
    names = person_names(desk, [one.person for one in entries if one.person])
    with spoken_in(stack.manifest.language):
        parts: list[Part] = []
        rows: list[tuple[str, ...]] = []
        for one in entries:
            title = _titled(desk, one)
            path = f"{one.kind}.{one.item}.{one.what}"
            why = readers.line_kept(desk.stack.access, reader, found.type, one.kind)
            why = why or ("chosen" if path in out else "")
            parts.append(Part(path, f"{day(one.day)}: {title}", why))
            if why:
                continue
            said = title
            if one.text:
                # A note is its words, and stands or falls with them.
                free = "note" if one.kind == "note" else "text"
                words_why = readers.line_kept(desk.stack.access, reader, found.type, free)
                words_why = words_why or ("chosen" if f"{path}.text" in out else "")
                if one.kind != "note":
                    parts.append(Part(f"{path}.text", _("What was written: %(what)s", what=title), words_why))
                said = title if words_why else f"{title}\n{one.text}"
            rows.append((day(one.day), said, names[one.person] if one.person else ""))
        gone = {one.path: one.why for one in parts if one.why}
        columns = (_("Day"), _("What"), _("Who"))
        table = Table(_("From the oldest to the newest"), columns, tuple(rows))
        blocks = (table,) if rows else (Paragraph(_("Nothing."), "quiet"),)
        matter = making.Matter(
            _("Chronology"), "", stack.manifest, found.name, sections=(Section(_("What happened"), blocks),)
        )
        facts = numbers_of(desk, record) if reader.reads_as == "file" else ()
        document = making.document(matter, copy_for(desk, reader, stack, facts=facts, gone=gone))
    given = Given(
        "chronology", stack.hash, reader, "", stack.manifest.language, gone, revision=found.revision
    )
    return Prepared(document, given, (found.id,), tuple(parts), desk.now)


def _titled(desk: Desk, one: Entry) -> str:
    """What happened, in words: the kind, and what it was about in the words of its own definitions."""
    words = str(_(WORDS[one.kind, one.what]))
    about = one.title
    if one.stack is not None:
        stack = speaking.pinned(desk, one.stack).stack
        if one.form is not None:
            about = form_title(stack, one.form)
        elif one.workflow is not None and one.kind == "step" and one.state is not None:
            about = f"{workflow_title(stack, one.workflow)}: {state_title(stack, one.workflow, one.state)}"
    return f"{words}: {about}" if about and one.kind not in ("record", "note") else words
