"""Requests that no page of ours makes: each is answered calmly, says what to do, and harms nothing that was saved."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl

import pytest

from tests.webapp.conftest import PASSWORD, Place
from tests.webapp.reading import Browser, Seen
from webapp.security import BIGGEST_POST

FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=x"
STORY = "What was there before"
TOO_MUCH, NOTHING, UNKNOWN = "That is too much at once", "What you sent did not arrive", "Page not found"
LETTERS = "Some letters could not be read"


def carried(page: Seen) -> bytes:
    fields = page.fields()
    return b"&".join(
        f"{name}={fields[name][0]}".encode() for name in ("csrf_token", "revision", "a.@section")
    )


def told(*more: bytes) -> Callable[[bytes], bytes]:
    """The page's own fields, these, and an answer that is saved."""
    return lambda own: own + b"".join(more) + b"&a.story=Told&action=later"


def half(_: bytes) -> bytes:
    return b'--x\r\nContent-Disposition: form-data; name="a.story"\r\n\r\nTo'


def saying(text: bytes) -> Callable[[bytes], bytes]:
    return lambda own: own + b"&a.story=" + text + b"&action=later"


def parts(text: bytes, more: bytes = b"") -> Callable[[bytes], bytes]:
    """The page's own fields and the answer as parts of their own; `more` heads the answer's part."""

    def made(own: bytes) -> bytes:
        pairs = [*parse_qsl(own.replace(b"+", b"%2B")), (b"a.story", text), (b"action", b"later")]
        said = [
            (
                b'Content-Disposition: form-data; name="' + name + b'"' + (more if value is text else b""),
                value,
            )
            for name, value in pairs
        ]
        return (
            b"".join(b"--x\r\n" + head + b"\r\n\r\n" + value + b"\r\n" for head, value in said) + b"--x--\r\n"
        )

    return made


LARGE = b'Content-Disposition: form-data; name="a"\r\n\r\n' + b"1" * (BIGGEST_POST // 2) + b"\r\n--x\r\n"
SMALL = b'Content-Disposition: form-data; name="a"\r\n\r\n1\r\n--x\r\n'
Body = tuple[str, Callable[[bytes], bytes], int, str | None, str]
# What is posted to a part of a form: the kind of body, the body made of what the page carries, the reply's status and
# heading, and how the answer begins that is saved then.
BODIES: dict[str, Body] = {
    "too much": (FORM, saying(b"x" * BIGGEST_POST), 413, TOO_MUCH, STORY),
    "bytes that are no UTF-8": (FORM, saying(b"caf%E9+%ff%fe"), 400, LETTERS, STORY),
    "raw bytes that are no UTF-8": (FORM, saying(b"caf\xe9"), 400, LETTERS, STORY),
    "half a pair": (FORM, saying(b"a%ED%A0%80b"), 400, LETTERS, STORY),
    "a null": (FORM, saying(b"be%00fore"), 200, None, "be"),
    "names that are no UTF-8": (FORM, told(b"&a.%ff%fe=1&%00=2"), 200, None, "Told"),
    "ten thousand fields": (FORM, told(*(b"&a.x%d=1" % n for n in range(10_000))), 200, None, "Told"),
    "more fields than any page has": (FORM, told(b"&a=1" * 20_000), 413, TOO_MUCH, STORY),
    "more fields than any page has, without a name": (FORM, told(b"&" * 20_000), 413, TOO_MUCH, STORY),
    "names nested deep": (
        FORM,
        told(b"&a", b".places" * 2_000, b"=1&a", b"[0]" * 2_000, b"=1"),
        200,
        None,
        "Told",
    ),
    "a name without end": (FORM, told(b"&a.", b"n" * 100_000, b"=1"), 200, None, "Told"),
    "an answer a thousand times": (FORM, told(b"&a.story=Told" * 1_000), 200, None, "Told"),
    "a revision that is no number": (
        FORM,
        lambda own: told()(own.replace(b"revision=", b"revision=no")),
        404,
        UNKNOWN,
        STORY,
    ),
    "a revision beyond all": (
        FORM,
        lambda own: told()(own.replace(b"revision=", b"revision=" + b"9" * 400)),
        404,
        UNKNOWN,
        STORY,
    ),
    "parts that end in the middle": (PARTS, half, 400, NOTHING, STORY),
    "parts without a boundary": ("multipart/form-data", told(), 400, NOTHING, STORY),
    "parts that are no UTF-8": (PARTS, parts(b"caf\xe9"), 400, LETTERS, STORY),
    "parts of letters written too long": (PARTS, parts(b"\xc0\xbcscript\xc0\xbe"), 400, LETTERS, STORY),
    "parts with half a pair": (PARTS, parts(b"a\xed\xa0\x80b"), 400, LETTERS, STORY),
    "parts in an alphabet of their own": (
        PARTS,
        parts("café".encode("utf-16"), b"\r\nContent-Type: text/plain; charset=utf-16"),
        400,
        LETTERS,
        STORY,
    ),
    "parts in Latin": (
        PARTS,
        parts(b"caf\xe9", b"\r\nContent-Type: text/plain; charset=iso-8859-1"),
        200,
        None,
        "café",
    ),
    "parts in parts": (
        PARTS,
        parts(b"--y\r\n\r\nx\r\n--y--", b"\r\nContent-Type: multipart/mixed; boundary=y"),
        200,
        None,
        "--y",
    ),
    "more parts than any page has": (
        PARTS,
        lambda own: parts(b"Told")(own).replace(b"--x\r\n", b"--x\r\n" + SMALL * 20_000, 1),
        413,
        TOO_MUCH,
        STORY,
    ),
    "parts whose texts are too much together": (
        PARTS,
        lambda own: parts(b"Told")(own).replace(b"--x\r\n", b"--x\r\n" + LARGE * 3, 1),
        413,
        TOO_MUCH,
        STORY,
    ),
    "data in the place of a form": (
        "application/json",
        lambda _: b'{"a.story": "Told"}',
        400,
        NOTHING,
        STORY,
    ),
    "plain text": ("text/plain", told(), 400, NOTHING, STORY),
    "nothing at all": ("", lambda _: b"", 400, NOTHING, STORY),
}


class Broken(BytesIO):
    """What somebody sends in pieces, one of which says nothing of its length: the server tells it so."""

    def read(self, *_: Any) -> bytes:
        raise OSError("Invalid chunk size")

    readinto = read  # type: ignore[assignment]


def test_a_post_whose_pieces_break_off_is_no_failure_of_ours(place: Place) -> None:
    _, _, draft = place.started()
    browser = place.browser("alice")
    for url in (f"/forms/{draft}/what", "/sign-in", "/nothing"):
        for kind in (FORM, PARTS):
            reply = browser.client.post(
                url, input_stream=Broken(), content_type=kind, environ_overrides={"wsgi.input_terminated": True},
                base_url=browser.base,
            )  # fmt: skip
            page = browser._read(reply, url)
            calm(page)
            assert page.status == (404 if url == "/nothing" else 400), (url, kind, page.h1)


def test_too_much_is_no_failure_where_nothing_is_either(place: Place) -> None:
    """What leads nowhere is said to; that page looks for words to keep, and finds that they cannot be read."""
    browser = place.browser("alice")
    reply = browser.client.post(
        "/nothing", data=b"a=" + b"x" * BIGGEST_POST, content_type=FORM, base_url=browser.base
    )
    calm(browser._met(reply, "/nothing", 404))


@pytest.mark.parametrize("part", ["what", "whole"])
def test_a_button_of_no_page_fails_nothing_and_ends_no_header(place: Place, part: str) -> None:
    """What a page goes back to is in a header: a forged name of a question can neither end it nor undo the save."""
    _, _, draft = place.started()
    browser = place.browser("alice")
    url = f"/forms/{draft}/{part}"
    for button in ("row.add", "row.remove", "clear", "file.add", "file.remove"):
        fields = {**browser.get(url).fields(), "a.story": [f"By {button}"], button: ["what\r\nX-Evil: 1=//x"]}
        page = browser.post(url, fields, follow=False)
        assert page.status == 303 and "X-Evil" not in page.headers, button
        assert page.headers["Location"].startswith(f"/forms/{draft}/{part}#"), button
        assert place.look(draft).answers["story"] == f"By {button}"


def calm(page: Seen) -> None:
    """A page for people, which says what to do now."""
    assert page.h1 and "Traceback" not in page.html and "Error" not in page.title.partition(":")[0].split()
    assert page.root.all("a") and len(page.root.all("main")[0].text.split()) > 5


@pytest.mark.parametrize("name", BODIES)
def test_a_strange_post_to_a_form_is_answered_calmly(place: Place, name: str) -> None:
    kind, body, status, heading, saved = BODIES[name]
    _, _, draft = place.started()
    place.saved(draft, {"story": STORY})
    browser = place.browser("alice")
    url = f"/forms/{draft}/what"
    own = carried(browser.get(url))
    reply = browser.client.post(url, data=body(own), content_type=kind, base_url=browser.base)
    page = browser._met(reply, url, None)
    assert page.status == status, page.text[:400]
    calm(page)
    if heading:
        assert page.h1 == heading
    story = place.look(draft).answers["story"]
    assert story == saved or (saved != STORY and story.startswith(saved)), story
    # Whatever it was, one can go on.
    browser.get(url)


@pytest.mark.parametrize("typed", [b"In the caf%E9, by the+river", b"In the caf\xe9, by the+river"])
def test_letters_that_cannot_be_read_are_given_back_to_be_put_right(place: Place, typed: bytes) -> None:
    """An old gateway speaks another alphabet: nothing wrong is saved, nothing typed is lost."""
    _, _, draft = place.started()
    browser = place.browser("alice")
    url = f"/forms/{draft}/what"
    body = carried(browser.get(url)) + b"&a.how_many=4&action=later&a.story=" + typed
    page = browser._met(
        browser.client.post(url, data=body, content_type=FORM, base_url=browser.base), url, 400
    )
    assert page.h1 == LETTERS and "so it was not saved" in page.text
    # The page is one of Alice's, with all that leads on from it.
    assert page.link("My work") == "/"
    fields = page.fields()
    assert fields["a.story"] == ["In the caf\N{REPLACEMENT CHARACTER}, by the river"]
    assert place.look(draft).answers == {}
    browser.submit(page, a__story="In the café, by the river")
    saved = place.look(draft).answers
    assert (saved["story"], saved["how_many"]) == ("In the café, by the river", "4")


def test_whoever_has_not_signed_in_is_told_too_and_no_password_comes_back(place: Place) -> None:
    browser = place.browser()
    token = browser.get("/sign-in").fields()["csrf_token"][0].encode()
    body = b"csrf_token=" + token + b"&sign_in=alice&password=secret%E9words"
    page = browser._met(
        browser.client.post("/sign-in", data=body, content_type=FORM, base_url=browser.base), "/sign-in", 400
    )
    assert page.h1 == LETTERS and "Go back and type those words again" in page.text
    assert "secret" not in page.html


ADDRESSES = [
    "/records/%ff%fe", "/forms/%00", "/cases/%ED%A0%80", "/search?q=%ff%fe", "/search?q=%00", "/search?q=%ED%A0%80",
    "/search?q=" + "x" * 3000, "/?" + "&".join(f"who={n}" for n in range(500)), "/records/" + "a/" * 200,
    "/search?kind=nothing&type=nothing&state=nothing&mine=nothing&page=-1&from=%27", "/search?page=" + "9" * 400,
    "/?page=1e9&sort=%27--&state[]=x", "/..%2f..%2fetc/passwd", "/records/%2e%2e/%2e%2e", "/%0d%0aX-Evil:1",
]  # fmt: skip


@pytest.mark.parametrize("url", ADDRESSES, ids=range(len(ADDRESSES)))
def test_a_strange_address_is_answered_calmly(place: Place, url: str) -> None:
    browser = place.browser("alice")
    page = browser.get(url, status=None)
    assert page.status in (200, 400, 404), page.status
    calm(page)
    assert "X-Evil" not in page.headers


def test_a_stale_link_says_so_and_leads_on(place: Place) -> None:
    page = place.browser("alice").get("/records/6f1f1f4e-0000-4000-8000-000000000000", status=404)
    assert page.h1 == "Page not found" and page.link("Go to my work") == "/"
    page = place.browser().get("/nothing", status=404)
    assert page.link("Go to the sign-in page") == "/sign-in"


def test_two_tabs_of_one_person_lose_nothing(place: Place) -> None:
    _, _, draft = place.started()
    browser = place.browser("alice")
    one, two = (browser.get(f"/forms/{draft}/what") for _ in range(2))
    browser.submit(one, a__story="In the first tab", button={"action": "later"})
    page = browser.submit(two, a__story="In the second tab", button={"action": "later"}, status=409)
    assert "In the first tab" in page.text and "In the second tab" in page.html
    assert place.look(draft).answers["story"] == "In the first tab"


def other_signed_in(place: Place) -> tuple[Browser, Any, str]:
    """Alice's page, still open in a browser in which Bob has signed in."""
    _, _, draft = place.started()
    browser = place.browser("alice")
    page = browser.get(f"/forms/{draft}/what")
    csrf = browser.get("/").root.all("input", name="csrf_token")[0].attributes["value"]
    browser.post("/sign-out", {"csrf_token": csrf})
    browser.sign_in("bob", PASSWORD)
    return browser, page, draft


def test_what_was_typed_before_another_signed_in_is_kept_for_its_writer_alone(place: Place) -> None:
    browser, page, draft = other_signed_in(place)
    refused = browser.submit(page, a__story="Alice's own words", button={"action": "later"}, status=400)
    assert refused.h1 == "Somebody else has signed in"
    assert "Alice" not in refused.text and "own words" not in refused.html
    # Nothing in Bob's pages leads there, and what he guesses does not open it.
    [kept] = (place.folder / "web" / "kept").iterdir()
    token = kept.name.partition(".")[2]
    browser.get(f"/kept/{token}", status=404)
    assert token not in refused.html and token not in browser.get("/").html
    assert "story" not in place.look(draft).answers
    # Alice is told of it where she begins, and finds every word.
    alice = place.browser("alice")
    home = alice.get("/")
    found = alice.get(home.link("What you typed"))
    assert found.fields()["a.story"] == ["Alice's own words"]
    alice.submit(found, button={"action": "later"})
    assert place.look(draft).answers["story"] == "Alice's own words"
    assert "What you typed" not in alice.get("/").text
