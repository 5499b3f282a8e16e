"""Styles and scripts are sent compressed where the browser takes it so; pages never are."""

from __future__ import annotations

import gzip

import pytest

from tests.webapp.conftest import Place
from webapp.app import HERE

STYLES = "trefoil.css"


@pytest.mark.parametrize("accepted", ["gzip", "br, gzip;q=0.5"])
def test_a_style_goes_out_smaller_and_the_same(place: Place, accepted: str) -> None:
    client = place.app.test_client()
    whole = (HERE / "static" / STYLES).read_bytes()
    reply = client.get(f"/static/{STYLES}", headers={"Accept-Encoding": accepted})
    assert reply.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in reply.headers["Vary"]
    assert gzip.decompress(reply.data) == whole
    assert len(reply.data) < len(whole) / 3


@pytest.mark.parametrize("accepted", ["", "identity", "gzip;q=0"])
def test_whoever_does_not_take_it_gets_it_plain(place: Place, accepted: str) -> None:
    reply = place.app.test_client().get(f"/static/{STYLES}", headers={"Accept-Encoding": accepted})
    assert "Content-Encoding" not in reply.headers
    assert reply.data == (HERE / "static" / STYLES).read_bytes()
    reply.close()


def test_a_page_is_not_compressed(place: Place) -> None:
    reply = place.app.test_client().get("/sign-in", headers={"Accept-Encoding": "gzip"})
    assert reply.status_code == 200
    assert "Content-Encoding" not in reply.headers


def test_what_is_not_there_is_still_not_there(place: Place) -> None:
    assert (
        place.app.test_client().get("/static/no.css", headers={"Accept-Encoding": "gzip"}).status_code == 404
    )
