"""Files on their way in: read into memory alone, looked over before the database is asked, then kept by casework.

A file never stands on the disk as it came: it is held in memory, given to the scanner through a pipe, stored sealed.
Must not know how files are kept, or which questions there are.
"""

from __future__ import annotations

import io
import shlex
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import structlog
from flask import Flask, current_app, g, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from engine.casework import Desk, NotFound, uploads
from engine.forms.summary import SummaryItem
from engine.questions import Problem
from engine.questions.types.file import most
from webapp.answering import value_at
from webapp.bodies import Body
from webapp.drawing.ink import Ink
from webapp.security import csrf
from webapp.settings import Settings
from webapp.showing import go_to
from webapp.summaries import question_at
from webapp.tongues import N_, _

log = structlog.get_logger("webapp")
LARGEST_POST = 25 * 1024 * 1024
MOST_AT_ONCE = 10
LONGEST_SCAN = 60
TAKES = ("filling.section", "filling.part", "whole.fill")
BEFORE = "upload.a."
NOT_SCANNED = N_("Files are not checked for viruses here.")


class Nowhere(io.RawIOBase):
    """Where the files of a request go that nobody signed in has sent."""

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        return len(content)

    def seek(self, *_where: int) -> int:
        return 0

    def read(self, _most: int = -1) -> bytes:
        return b""


class InMemory(Body):
    """A request whose files stay in memory: what is confidential must not lie in a temporary folder."""

    def _get_file_stream(self, *_args: Any, **_named: Any) -> Any:
        return io.BytesIO() if current_user.is_authenticated else Nowhere()


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file that came with a form, for the question of this posted name; `trouble` says why it is not kept."""

    path: str
    name: str
    content: bytes
    trouble: str | None = None


def take_files(app: Flask, settings: Settings) -> None:
    """Lets the pages that ask for files receive them; says in the log once if nothing checks them for viruses."""
    app.request_class = InMemory
    app.extensions["trefoil_scan"] = settings.scan
    app.jinja_env.globals["file_links"] = links
    if not settings.scan:
        log.warning("files_not_scanned", where="TREFOIL_SCAN")

    @app.before_request
    def receive() -> None:
        files = (
            request.method == "POST"
            and request.endpoint in TAKES
            and request.mimetype == "multipart/form-data"
        )
        if not files:
            return
        # Words alone come otherwise, and keep to the limit of every page.
        request.max_content_length = LARGEST_POST
        if current_user.is_authenticated:
            csrf.protect()
            # Before the desk is opened: nobody waits for the database while a file is looked over.
            g.arrived = list(_arrived(app.extensions["trefoil_scan"]))


def _arrived(scan: str | None) -> Any:
    found = [
        (name.removeprefix(BEFORE), file)
        for name in request.files
        if name.startswith(BEFORE)
        for file in request.files.getlist(name)
        if file.filename
    ]
    for number, (path, file) in enumerate(found):
        name = str(file.filename)
        if number >= MOST_AT_ONCE:
            yield Arrived(
                path,
                name,
                b"",
                _(
                    "‘%(name)s’ was not added: add at most %(number)s files at once.",
                    name=name,
                    number=MOST_AT_ONCE,
                ),
            )
            continue
        content = file.read()
        yield Arrived(path, name, content, _scanned(scan, name, content) if scan else None)


def _scanned(scan: str, name: str, content: bytes) -> str | None:
    """Why a file is not kept, if the scanner says so or could not tell: 0 is clean, 1 is not, all else is trouble."""
    try:
        done = subprocess.run(
            shlex.split(scan), input=content, capture_output=True, timeout=LONGEST_SCAN, check=False
        )
        code: int | None = done.returncode
    except (OSError, subprocess.TimeoutExpired):
        code = None
    if code == 0:
        return None
    log.warning("file_refused" if code == 1 else "scan_failed", person=current_user.person, code=code)
    if code == 1:
        return _("‘%(name)s’ was not added: the virus check found something in it.", name=name)
    return _(
        "‘%(name)s’ was not added: it could not be checked for viruses just now. Try again later.", name=name
    )


def taken(
    desk: Desk, submission: str, form: Any, posted: Mapping[str, Sequence[str]], answers: Mapping[str, Any]
) -> tuple[dict[str, list[str]], tuple[Problem, ...]]:
    """What was posted with the files that came beside it named, those taken away left out; and what is not kept."""
    fields = {name: list(texts) for name, texts in posted.items()}
    for pressed in posted.get("file.remove", ()):
        path, _dot, gone = pressed.partition("=")
        fields[f"a.{path}"] = [one for one in fields.get(f"a.{path}", []) if one != gone]
    refused: dict[str, list[str]] = {}
    for one in g.get("arrived", ()):
        question = question_at(form, _evaluated(one.path, answers))
        named = fields.setdefault(f"a.{one.path}", [])
        trouble = one.trouble
        if trouble is None and question is not None and len(named) >= most(question):
            trouble = _(
                "‘%(name)s’ was not added: at most %(number)s can be. Take one away first.",
                name=one.name,
                number=most(question),
            )
        if trouble is None:
            try:
                named.append(uploads.add(desk, submission, one.path, one.name, one.content).id)
            except uploads.NotTaken as error:
                trouble = str(error)
            except NotFound:
                log.warning("forged_file", person=current_user.person)
        if trouble is not None:
            refused.setdefault(_evaluated(one.path, answers), []).append(trouble)
    # A page says one thing of a question: what is wrong with each of its files stands in it.
    return fields, tuple(Problem(path, "type", " ".join(said)) for path, said in refused.items())


def again(posted: Mapping[str, Sequence[str]]) -> Response | None:
    """The same page once a file was added or taken away, at its question."""
    pressed = [*posted.get("file.add", ()), *posted.get("file.remove", ())]
    if not pressed:
        return None
    return go_to(request.full_path.rstrip("?"), f"a.{pressed[0].partition('=')[0]}")


def inked(desk: Desk, submission: str, ink: Ink) -> Ink:
    """The ink with what the files on the page are called and where they are had."""
    there = uploads.names(desk, (text for texts in ink.values.values() for text in texts if len(text) == 36))
    found = {
        one: (name, url_for("files.download", submission=submission, file=one)) for one, name in there.items()
    }
    return replace(
        ink, files=found, scanning="" if current_app.extensions["trefoil_scan"] else _(NOT_SCANNED)
    )


def links(submission: Any, item: SummaryItem, revision: int | None) -> list[tuple[str, str]]:
    """The files of a summary's line: what each is called, and where it is had."""
    ids = value_at(submission.answers, item.path)
    there = ids if isinstance(ids, list) else []
    return [
        (name, url_for("files.download", submission=submission.id, file=one, revision=revision))
        for name, one in zip(item.text.split("\n"), there, strict=False)
    ]


def _evaluated(path: str, answers: Mapping[str, Any]) -> str:
    """`places.ROW.photo` as an evaluation says it, `places[0].photo`."""
    head, _dot, rest = path.partition(".")
    rows = answers.get(head)
    row_id, _dot, inner = rest.partition(".")
    ids = [row.get("_row") for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []
    return f"{head}[{ids.index(row_id)}].{inner}" if row_id in ids else path
