"""What every address holds to, whoever asks: tokens, cookies, headers, redirects that never leave the site (H11)."""

from __future__ import annotations

import base64
import json
import zlib
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from gunicorn.config import Config
from gunicorn.http import RequestParser
from sqlalchemy import text
from werkzeug.routing import Rule

from engine.casework import Store
from tests.webapp.conftest import PASSWORD, Place
from tests.webapp.reading import Browser
from webapp import bodies, training
from webapp.app import create_app
from webapp.gunicorn_server import options
from webapp.security import HEADERS
from webapp.settings import Settings

NOBODY = "6f1f1f4e-0000-4000-8000-000000000000"
SECURE = "https://localhost"
ELSEWHERE = (
    "//evil.test", "///evil.test", "////evil.test/x", "https://evil.test/", "http:evil.test", "https:/evil.test",
    "/\\evil.test", "\\/evil.test", "\\\\evil.test", "/\t/evil.test", "/\n/evil.test", "/\r\nLocation: //evil.test",
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,<script>1</script>", "evil.test", "@evil.test",
    "/\x00/evil.test", "\u2215\u2215evil.test", " //evil.test", "\t//evil.test", "ftp://evil.test",
    "https://localhost@evil.test/", "?next=//evil.test", "#//evil.test", "//localhost.evil.test/",
)  # fmt: skip


@pytest.fixture
def secure(place: Place) -> FlaskClient:
    """The same authority as it is served over https."""
    settings = Settings(
        data=place.folder / "web", database=place.store.url, key_file=place.store.key_file, https=True
    )
    app = create_app(settings, store=place.store)
    app.jinja_env.bytecode_cache = place.app.jinja_env.bytecode_cache
    app.config["CLOCK"] = place.clock
    return app.test_client()


def token(client: FlaskClient, base: str = SECURE, url: str = "/sign-in") -> str:
    page = client.get(url, base_url=base).get_data(as_text=True)
    return page.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]


def signed_in(client: FlaskClient, name: str = "alice", base: str = SECURE, **more: str) -> Any:
    fields = {"csrf_token": token(client, base), "sign_in": name, "password": PASSWORD, **more}
    return client.post("/sign-in", data=fields, base_url=base)


def cookie_of(client: FlaskClient, name: str = "__Host-trefoil") -> str:
    found = client.get_cookie(name)
    assert found is not None
    return str(found.value)


def test_over_https_the_cookie_is_bound_to_this_host_and_the_browser_stays_with_https(
    secure: FlaskClient,
) -> None:
    reply = signed_in(secure)
    cookie = reply.headers["Set-Cookie"]
    assert cookie.startswith("__Host-trefoil=")
    parts = {one.strip() for one in cookie.split(";")[1:]}
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= parts
    assert not [one for one in parts if one.startswith("Domain")]
    assert "max-age=" in reply.headers["Strict-Transport-Security"]


def test_the_cookie_says_nothing_of_whom_it_belongs_to(place: Place, secure: FlaskClient) -> None:
    signed_in(secure)
    packed = cookie_of(secure).lstrip(".").partition(".")[0]
    raw = base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))
    said = json.loads(zlib.decompress(raw) if cookie_of(secure).startswith(".") else raw)
    assert set(said) <= {"_user_id", "csrf_token", "_fresh", "_id", "_permanent"}
    assert place.ids["alice"] not in str(said) and "alice" not in str(said).lower()


def test_a_cookie_from_before_signing_in_again_is_worth_nothing(place: Place, secure: FlaskClient) -> None:
    signed_in(secure)
    before = cookie_of(secure)
    again = {"csrf_token": token(secure, url="/"), "sign_in": "alice", "password": PASSWORD}
    assert secure.post("/sign-in", data=again, base_url=SECURE).status_code == 303
    assert cookie_of(secure) != before
    assert secure.get("/", base_url=SECURE).status_code == 200
    thief = secure.application.test_client()
    thief.set_cookie("__Host-trefoil", before, domain="localhost", secure=True)
    assert thief.get("/", base_url=SECURE).headers["Location"].startswith("/sign-in")


def posting(app: Flask) -> list[Rule]:
    return [
        one for one in app.url_map.iter_rules() if "POST" in (one.methods or ()) and one.endpoint != "static"
    ]


def address(rule: Rule, known: dict[str, str]) -> str:
    url = rule.rule
    for name in rule.arguments:
        for written in (f"<{name}>", f"<path:{name}>"):
            url = url.replace(written, known.get(name, NOBODY))
    assert "<" not in url, url
    return url


def unguarded(place: Place, given: dict[str, str]) -> list[str]:
    """Every address that takes a post whose token is missing or another session's."""
    record, case, draft = place.started()
    known = {
        "record": record, "case": case, "submission": draft, "section": "what", "person": place.ids["bob"],
        "transition": "send_back", "form": "worry", "type": "child", "workflow": "worries",
    }  # fmt: skip
    found = []
    browser = place.browser("alice")
    for rule in posting(place.app):
        url = address(rule, known)
        for headers in ({}, {"Accept": "application/json"}):
            reply = browser.client.post(
                url, data={"text": "x", **given}, headers=headers, base_url=browser.base
            )
            if reply.status_code != 400:
                found.append(f"{rule.rule}: {reply.status_code}")
    assert len(posting(place.app)) > 30
    return found


def test_every_post_without_its_token_is_refused(place: Place) -> None:
    assert unguarded(place, {}) == []


def test_every_post_with_another_sessions_token_is_refused(place: Place) -> None:
    theirs = place.browser("bob").get("/").root.all("input", name="csrf_token")[0].attributes["value"]
    assert unguarded(place, {"csrf_token": theirs}) == []


def test_without_the_check_posts_go_through_and_that_is_noticed(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies.csrf, "protect", lambda: None)
    assert len(unguarded(place, {})) > 30


def test_every_reply_carries_what_keeps_it_safe(place: Place) -> None:
    browser = place.browser("alice")
    asked = [
        (method, address(rule, {}))
        for rule in place.app.url_map.iter_rules()
        if rule.endpoint != "static"
        for method in sorted((rule.methods or set()) | {"PUT", "DELETE"})
    ]
    asked += [
        ("GET", "/static/js/form.js"),
        ("GET", "/static/nothing.js"),
        ("GET", "/nothing"),
        ("GET", "/%ff"),
    ]
    for method, url in asked:
        reply = browser.client.open(url, method=method, base_url=browser.base)
        missing = [name for name, value in HEADERS.items() if reply.headers.get(name) != value]
        assert not missing, f"{method} {url}: {missing}"
        assert reply.status_code < 500, f"{method} {url}: {reply.status_code}"
        reply.close()


def test_no_redirect_leaves_the_site(place: Place) -> None:
    browser = Browser(place.app)
    for where in ELSEWHERE:
        plain = Browser(place.app)
        asked = plain.client.get("/search", query_string={"next": where, "q": where}, base_url=plain.base)
        stays(asked.headers["Location"], where)
        page = plain.get("/sign-in")
        fields = {**page.fields(), "sign_in": ["alice"], "password": [PASSWORD], "next": [where]}
        stays(plain.post("/sign-in", fields, follow=False).headers["Location"], where)
        browser = plain
    csrf = browser.get("/").root.all("input", name="csrf_token")[0].attributes["value"]
    for where in ELSEWHERE:
        for url in ("/language", "/session"):
            reply = browser.client.post(
                url, query_string={"next": where, "then": where}, base_url=browser.base,
                data={"csrf_token": csrf, "next": where, "then": where, "back": where, "speak": "cy"},
            )  # fmt: skip
            stays(reply.headers.get("Location", "/"), where)


def test_an_address_put_right_is_one_of_this_host_whatever_the_request_calls_it(place: Place) -> None:
    """A missing or doubled slash: the host that a request names can be made up, and is not believed."""
    client = place.app.test_client()
    for host in ("localhost", "evil.test", "evil.test:81", "a b", "localhost/evil", "\xe9vil"):
        for url, path in (
            ("/people", "/people/"),
            ("/people?q=//evil.test", "/people/?q=//evil.test"),
            ("/records//evil.test", "/records/evil.test"),
        ):
            reply = client.get(url, headers={"Host": host})
            assert (reply.status_code, reply.headers["Location"]) == (308, path), host
            assert "http" not in reply.get_data(as_text=True), host
            assert {name: reply.headers.get(name) for name in HEADERS} == HEADERS


def test_a_training_copy_sends_strangers_to_sign_in_with_what_keeps_them_safe(place: Place) -> None:
    for url in (f"/training/{NOBODY}/", f"/training/{NOBODY}", f"/training/{NOBODY}/records/{NOBODY}"):
        reply = place.app.test_client().get(url)
        assert (reply.status_code, reply.headers["Location"]) == (303, "/sign-in")
        assert {name: reply.headers.get(name) for name in HEADERS} == HEADERS
        assert reply.headers["Cache-Control"] == "no-store"


def test_a_training_copy_of_another_version_is_a_page_of_ours_and_makes_room_for_a_new_one(
    place: Place,
) -> None:
    settings = place.app.config["TREFOIL"]
    own = training.settings_of(settings, NOBODY)
    own.data.mkdir(parents=True)
    store = Store(own.database, key_file=own.key_file)
    store.upgrade()
    with store.engine.begin() as earlier:
        earlier.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    store.close()
    copy = {"proposal": NOBODY, "number": 1, "authority": place.authority, "hash": "x", "left_out": []}
    (own.data.parent / "of.json").write_text(json.dumps(copy))
    assert training.read(settings, NOBODY) is not None
    page = place.browser("alice").get(f"/training/{NOBODY}/", status=404)
    assert page.h1 == "Page not found"
    assert training.read(settings, NOBODY) is None


def heard(**more: Any) -> Any:
    """A request of somebody's by way of this machine, as the server takes it with our settings."""
    told = Config()
    for name, value in {**options("127.0.0.1", 8000, 1), **more}.items():
        told.set(name, value)
    said = b"GET /sign-in HTTP/1.1\r\nHost: x\r\nSCRIPT_NAME: /sign-in\r\nX-Forwarded-Proto: https\r\n\r\n"
    return next(RequestParser(told, iter([said]), ("127.0.0.1", 50000)))


def test_the_server_believes_nobody_where_its_pages_begin() -> None:
    """The control: as gunicorn comes, whoever asks through a proxy on the same machine is believed."""
    assert ("SCRIPT_NAME", "/sign-in") not in heard().headers and heard().scheme == "http"
    as_it_comes = heard(forwarded_allow_ips="127.0.0.1")
    assert ("SCRIPT_NAME", "/sign-in") in as_it_comes.headers and as_it_comes.scheme == "https"


def stays(location: str, where: str) -> None:
    assert location.startswith("/") and not location.startswith(("//", "/\\")), (where, location)
    assert not any(ord(one) < 32 for one in location), (where, location)
