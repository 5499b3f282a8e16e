"""Writing into a draft line by line, while others talk: a line more under a place, a row more in a repeat.

Each reads the draft as it is now, locked, and adds to that: two who note at once lose nothing and meet no choice. What
may be added where is what the form's `meeting` says. Must not know pages nor keys.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from engine.casework import answering, confirming, ids, once, paths, texts, together
from engine.casework.errors import CaseworkError, NotFound
from engine.casework.store import Desk
from engine.casework.tables import submission_revision
from engine.forms import meetings
from engine.language.model import Form


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it was noted: under which answer, and what it says."""

    path: str
    text: str


def add_line(desk: Desk, submission_id: str, path: str, text: str, *, key: str | None = None) -> None:
    """Put one line under what stands at `path`. Raises NotFound for what is no place of this form's meeting.

    `key`: the same key from the same person adds its line once, however often it is sent.
    """
    row = answering.writable(desk, submission_id)
    if once.before(desk, key, "line") is not None:
        return
    _require_place(desk, row, path)
    line = _line(text)
    answers = deepcopy(dict(row.answers))
    _set(answers, path, _under(text_at(answers, path), line))
    _save(desk, row, answers)
    once.after(desk, key, "line", row.id)


def last_line(desk: Desk, submission_id: str) -> Line | None:
    """The line that this person added last, if adding it is the last that they did to this draft, and it stands."""
    row = answering.seen(desk, submission_id)
    return _last(desk, row, together.form_of(desk, row))


def move_last_line(desk: Desk, submission_id: str, to: str | None) -> None:
    """Take back the line that this person added last, or put it in another place."""
    row = answering.writable(desk, submission_id)
    found = _last(desk, row, together.form_of(desk, row))
    if found is None:
        raise CaseworkError(
            "There is no last line of yours to take back: it was changed since, or taken back."
        )
    answers = deepcopy(dict(row.answers))
    _set(answers, found.path, _without(text_at(answers, found.path), found.text))
    if to is not None:
        _require_place(desk, row, to)
        _set(answers, to, _under(text_at(answers, to), found.text))
    _save(desk, row, answers)


def add_present(desk: Desk, submission_id: str, text: str) -> None:
    """Put one more name behind those present, on a line of its own."""
    row = answering.writable(desk, submission_id)
    form = together.form_of(desk, row)
    if form.meeting is None or form.meeting.present is None:
        raise NotFound("question")
    path, line = form.meeting.present, _line(text)
    _require_seen(desk, row, path)
    answers = deepcopy(dict(row.answers))
    _set(answers, path, _under(text_at(answers, path), line))
    _save(desk, row, answers)


def add_row(
    desk: Desk, submission_id: str, repeat: str, said: Mapping[str, Any], *, key: str | None = None
) -> None:
    """Put one more row at the end of the actions or of the questions taken away; `said` is in stored form."""
    row = answering.writable(desk, submission_id)
    if once.before(desk, key, "row") is not None:
        return
    _require_repeat(desk, row, repeat)
    rows = [*(row.answers.get(repeat) or ()), {"_row": ids.new_row(), **said}]
    _save(desk, row, {**row.answers, repeat: rows})
    once.after(desk, key, "row", row.id)


def take_out_row(desk: Desk, submission_id: str, repeat: str, row_id: str) -> None:
    """Take a row out again; what it said stays in the revisions."""
    row = answering.writable(desk, submission_id)
    _require_repeat(desk, row, repeat)
    rows = [one for one in row.answers.get(repeat) or () if one.get("_row") != row_id]
    _save(desk, row, {**row.answers, repeat: rows})


def text_at(answers: Mapping[str, Any], path: str) -> str:
    """The text that stands at a place's path; nothing is an empty one."""
    found: Any = answers
    for part in path.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found if isinstance(found, str) else ""


def _save(desk: Desk, row: Any, answers: Mapping[str, Any]) -> None:
    answering.save(desk, row, answers, revision=row.revision, raw=None)
    confirming.note(desk, answering.row_of(desk, row.id), ())


def _last(desk: Desk, row: Any, form: Form) -> Line | None:
    kept = submission_revision
    mine = (kept.c.authority == desk.authority) & (kept.c.submission == row.id)
    newest = desk.run(
        select(kept.c.number, kept.c.answers)
        .where(mine, kept.c.by == desk.person)
        .order_by(kept.c.number.desc())
        .limit(1)
    ).first()
    if newest is None or newest.number < 2:
        return None
    before = desk.run(select(kept.c.answers).where(mine, kept.c.number == newest.number - 1)).scalar() or {}
    grown = [
        Line(one.path, line)
        for one in _places(desk, row, form)
        if (line := _grown(text_at(before, one.path), text_at(newest.answers, one.path)))
        and line in text_at(row.answers, one.path).split("\n")
    ]
    return grown[0] if len(grown) == 1 else None


def _grown(before: str, after: str) -> str | None:
    """The one line by which a text is longer than it was."""
    head, _, line = after.rpartition("\n")
    return line if head == before and line else None


def _under(text: str, line: str) -> str:
    return f"{text}\n{line}" if text else line


def _without(text: str, line: str) -> str:
    """The text without the last of the lines that say this."""
    lines = text.split("\n")
    place = len(lines) - 1 - lines[::-1].index(line)
    return "\n".join([*lines[:place], *lines[place + 1 :]])


def _set(answers: dict[str, Any], path: str, text: str) -> None:
    *heads, name = path.split(".")
    inside = answers
    for part in heads:
        inside = inside.setdefault(part, {})
    inside[name] = text
    if not text:
        inside.pop(name)


def _line(text: str) -> str:
    line = " ".join(texts.line(text).split())
    if not line:
        raise CaseworkError("Write a line before you send it.")
    return line


def _places(desk: Desk, row: Any, form: Form) -> list[meetings.NotedAt]:
    """The places that this person sees and may write in."""
    lists = answering.pack_of(desk, row).stack.lists
    hidden = answering.hidden_from(desk, row) | answering.hidden_from(desk, row, "submit")
    return [one for one in meetings.places(form, lists, row.answers) if not paths.hides(hidden, one.path)]


def _require_place(desk: Desk, row: Any, path: str) -> None:
    if all(one.path != path for one in _places(desk, row, together.form_of(desk, row))):
        raise NotFound("question")


def _require_repeat(desk: Desk, row: Any, repeat: str) -> None:
    meeting = together.form_of(desk, row).meeting
    if meeting is None or repeat not in (meeting.actions, meeting.take_away):
        raise NotFound("question")
    _require_seen(desk, row, repeat)


def _require_seen(desk: Desk, row: Any, path: str) -> None:
    hidden = answering.hidden_from(desk, row) | answering.hidden_from(desk, row, "submit")
    if paths.hides(hidden, path):
        raise NotFound("question")
