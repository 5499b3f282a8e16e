"""Pages with boxes, outside forms: what is typed there is kept on the server as it is typed, and offered again there.

A view says so with `offered`; its template says what was typed before (`parts/unsaved.html`), and its script sends what
is typed under the sealed name that the page was drawn with. What was typed stands in its boxes again, to be looked at
and saved: nothing is ever saved by it. A post that does what its page is for ends it, in the same transaction. Must not
know any page, nor what boxes mean.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import current_app, request
from flask_login import current_user
from itsdangerous import BadSignature, TimestampSigner

from engine.casework import Desk, NotFound, ids, unsaved
from engine.casework.unsaved import Left, Sheet, Unsaved
from webapp import switching
from webapp.tongues import ASKED

if TYPE_CHECKING:
    from webapp.showing import Page

FIELD = "_unsaved"
"""The field in which a page sends under which name it keeps what is typed."""
WANTED = "unsaved"
"""In an address: which of several texts of a place is to stand in the boxes."""
FORMS = "unsaved"
"""In what a page is drawn with: by the id of each form on it that keeps what is typed, its `Offer`."""
A_WEEK = 7 * 24 * 3600
LONGEST_PLACE = 600
"""Letters: more than any of our addresses has, and few enough for an index."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What the page tells of one form: the sealed name for what will be typed and, where something was typed before,
    what, when, and where more that was typed here is."""

    seal: str
    since: int = 0
    goes_on: bool = False
    at: datetime | None = None
    typed: Mapping[str, Sequence[str]] = field(default_factory=dict)
    others: tuple[tuple[str, datetime], ...] = ()
    """Address and moment of each."""


def offered(
    desk: Desk, shown: Page, record: str, *forms: str, address: str | None = None, posted: str | None = None
) -> Page:
    """The page with what its writer typed in these forms of it, about this record, and has not saved.

    `address` is where the page can be had again, unless its path alone says that. `posted` is which form a post was
    of, where the page has several. Raises NotFound for an address too long to be one of ours.
    """
    places = {form: f"{address or request.path}#{form}" for form in forms}
    if any(len(place) > LONGEST_PLACE for place in places.values()):
        raise NotFound()
    found = unsaved.at_places(desk, places.values())
    of_post = posted or next(iter(forms), None) if request.method == "POST" else None
    offers = {
        form: _offer(record, place, [one for one in found if one.place == place], posted=form == of_post)
        for form, place in places.items()
    }
    return replace(shown, context={**shown.context, FORMS: offers})


def _offer(record: str, place: str, found: Sequence[Unsaved], *, posted: bool) -> Offer:
    if posted:
        # What was posted stands in the boxes; the page goes on from what this form had kept.
        sheet = _posted()
        mine = [one for one in found if sheet and one.id in (sheet.id, sheet.before)]
        return _going_on(record, place, next(iter(mine), None))
    wanted = request.args.get(WANTED)
    chosen = next((one for one in found if one.id == wanted), None) or next(iter(found), None)
    offer = _going_on(record, place, chosen)
    if chosen is None:
        return offer
    others = tuple((back_to(one), one.at) for one in found if one is not chosen)
    return replace(offer, at=chosen.at, typed=chosen.typed, others=others)


def _going_on(record: str, place: str, before: Unsaved | None) -> Offer:
    number = before.number if before else 0
    sheet = Sheet(ids.new(), record, place, before.id if before else None, number)
    return Offer(sealed(sheet), number, before is not None)


def back_to(one: Left) -> str:
    """The address of the page where this was typed, with it in the boxes."""
    address, _sign, form = one.place.rpartition("#")
    parts = urlsplit(address)
    query = urlencode([*parse_qsl(parts.query, keep_blank_values=True), (WANTED, one.id)])
    return parts._replace(query=query, fragment=form).geturl()


def filled(html: str, shown: Page) -> str:
    """The page as drawn, with what was typed before in the boxes of each of its forms."""
    offers: Mapping[str, Offer] = shown.context.get(FORMS, {})
    for form, offer in offers.items():
        if offer.typed:
            html = switching.filled(html, form, offer.typed)
    return html


# --- The sealed name


def sealed(sheet: Sheet) -> str:
    """As long for one page as for another of its kind: a page's length tells nothing."""
    said = json.dumps({"person": current_user.person, **asdict(sheet)}).encode()
    return _seal().sign(urlsafe_b64encode(said)).decode()


def named(seal: str) -> Sheet | None:
    """The page that a sealed name names, if it was drawn for whoever is signed in."""
    try:
        found = json.loads(urlsafe_b64decode(_seal().unsign(seal, max_age=A_WEEK)))
    except BadSignature:
        return None
    whose = found.pop("person")
    return Sheet(**found) if whose == current_user.person else None


def _posted() -> Sheet | None:
    return named(request.form.get(FIELD, ""))


def _seal() -> TimestampSigner:
    return TimestampSigner(current_app.config["SECRET_KEY"], salt="what is typed here")


def settle(desk: Desk, done: bool) -> None:
    """After a post: where it did what its page is for, what its boxes had kept is saved, and so kept no longer."""
    sheet = _posted() if done and request.method == "POST" and ASKED not in request.form else None
    if sheet is not None and urlsplit(sheet.place).path == request.path:
        unsaved.end(desk, sheet)
