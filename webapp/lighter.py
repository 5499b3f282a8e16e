"""Styles and scripts go out compressed, each made smaller once. Pages are not: a secret of theirs beside text that
somebody else chose must not be guessed from their length. Must not know any page.
"""

from __future__ import annotations

import gzip
from pathlib import Path

from flask import Flask, Response, request

KINDS = (".css", ".js", ".svg")


def serve_lighter(app: Flask) -> None:
    """Compresses what the static folder holds, for browsers that take it so."""
    made: dict[tuple[str, int], bytes] = {}
    folder = Path(app.static_folder or "")

    @app.after_request
    def lighten(response: Response) -> Response:
        name = str((request.view_args or {}).get("filename", ""))
        if request.endpoint != "static" or not name.endswith(KINDS):
            return response
        response.headers.add("Vary", "Accept-Encoding")
        if response.status_code != 200 or not request.accept_encodings["gzip"]:
            return response
        file = folder / name
        key = (name, file.stat().st_mtime_ns)
        if key not in made:
            made[key] = gzip.compress(file.read_bytes(), 9, mtime=0)
        # The file was opened to be sent as it is.
        response.close()
        response.direct_passthrough = False
        response.set_data(made[key])
        response.headers["Content-Encoding"] = "gzip"
        etag, _ = response.get_etag()
        response.set_etag(f"{etag}-gzip" if etag else "gzip", weak=True)
        return response
