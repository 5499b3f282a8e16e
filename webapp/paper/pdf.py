"""A document as a tagged PDF (PDF/UA-1), made by WeasyPrint from the document's own HTML and from nothing else.

Whatever the HTML names is looked up among the document's own pictures; no file and no address is ever opened. The
library and the system's Pango behind it are loaded when first wanted, and may be missing: Word and HTML still work.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from io import BytesIO
from threading import Lock
from typing import Any

from webapp.paper import html
from webapp.paper.model import Document, Picture
from webapp.tongues import N_

VARIANT = "pdf/ua-1"
OURS = "paper:"
SCOPES = {"/THead": "/Column", "/TBody": "/Row"}
MISSING = N_(
    "PDF files cannot be made here: the library Pango is missing. Choose Word or a web page instead, and tell whoever "
    "looks after Trefoil; docs/serving.md says what to install."
)
LONGEST = 2_000_000
"""Letters of HTML: some three hundred pages, and a minute at most of one processor."""
TOO_LONG = N_("This is too long for a PDF. Choose Word or a web page instead, or leave out more.")
BUSY = N_("Other PDF files are being made just now. Try again in a minute, or choose Word.")
WAITS = 30.0
_one_at_a_time = Lock()


class NoPdf(Exception):
    """PDF files cannot be made on this machine; `str()` says why and what to do."""


def pdf(document: Document, *, tagged: bool = True) -> bytes:
    """The PDF. Raises NoPdf where the system has not what it takes. `tagged` off is for tests of the judge alone."""
    weasyprint = _library()
    pictures: dict[str, bytes] = {}

    def placed(picture: Picture) -> str:
        name = f"{OURS}{len(pictures)}"
        pictures[name] = picture.svg.encode()
        return name

    drawn = html.drawn(document, placed)
    if len(drawn) > LONGEST:
        raise NoPdf(TOO_LONG)
    how = {"pdf_variant": VARIANT, "finisher": _name_headers} if tagged else {}
    # One at a time in a process, so that a few long ones do not take the machine from everybody else's pages.
    if not _one_at_a_time.acquire(timeout=WAITS):
        raise NoPdf(BUSY)
    try:
        made = weasyprint.HTML(string=drawn, url_fetcher=_fetcher(weasyprint, pictures), base_url=None)
        return bytes(made.write_pdf(**how))
    finally:
        _one_at_a_time.release()


def _name_headers(_document: Any, made: Any) -> None:
    """Says of each table's header cell whether it heads a column or a row, so that a reader can be told with a cell."""
    elements: dict[Any, Any] = {one.reference: one for one in made.objects if isinstance(one, dict)}  # type: ignore[attr-defined]

    def within(one: Any) -> list[Any]:
        inner = one.get("K")
        return [elements[each] for each in inner if each in elements] if isinstance(inner, list) else []

    for part in elements.values():
        scope = SCOPES.get(str(part.get("S")))
        for cell in (cell for row in within(part) for cell in within(row)) if scope else ():
            if cell["S"] == "/TH":
                cell["A"]["Scope"] = scope


def _library() -> Any:
    try:
        import weasyprint
    except OSError as error:
        raise NoPdf(MISSING) from error
    # It tells of style that it does not know, with pieces of the document in the message.
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    logging.getLogger("fontTools").setLevel(logging.CRITICAL)
    return weasyprint


def _fetcher(weasyprint: Any, pictures: Mapping[str, bytes]) -> Any:
    """Gives out the document's own pictures by name, and refuses everything else whatever it is."""
    fetching = weasyprint.urls

    class Locked(fetching.URLFetcher):  # type: ignore[name-defined]
        def fetch(self, url: str, headers: Any = None) -> Any:
            if url not in pictures:
                raise ValueError("nothing but the document's own pictures is opened")
            return fetching.URLFetcherResponse(url, BytesIO(pictures[url]), {"Content-Type": "image/svg+xml"})

    return Locked(allowed_protocols=())
