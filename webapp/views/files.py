"""Handing out a file that somebody added to an answer: to be saved, never to be shown in the page."""

from __future__ import annotations

import io

from flask import Blueprint, request, send_file
from werkzeug.wrappers import Response

from engine.casework import Desk, uploads
from webapp.numbers import whole
from webapp.showing import shows

pages = Blueprint("files", __name__, url_prefix="/forms")


@pages.get("/<submission>/files/<file>")
@shows("submission", "view")
def download(desk: Desk, submission: str, file: str) -> Response:
    """The file, as what its bytes are, with its name; whoever may not see the answer that names it is told nothing."""
    revision = whole(request.args.get("revision", "")) or None
    found, content = uploads.read(desk, submission, file, revision=revision)
    return send_file(
        io.BytesIO(content),
        mimetype=found.media,
        as_attachment=True,
        download_name=found.name,
        conditional=False,
        etag=False,
    )
