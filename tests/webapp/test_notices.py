"""What people are told: on a page of its own, counted in the navigation, and by letters that say nothing."""

from __future__ import annotations

import email
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from email.policy import default
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import update

from engine.casework import CaseworkError, cases, handing_over, languages, outbox, posting, tasks
from engine.casework.tables import notification
from tests.webapp.conftest import Place
from tests.webapp.test_pages import sent
from webapp import noticed
from webapp.background import tick
from webapp.letters import CutOff, NoServer, NotSecure, NotSignedIn, RefusedReader, by_mail, carrier
from webapp.settings import Mail, Settings, SettingsError, from_environment
from webapp.tongues import speaking

FROM = "trefoil@council.example"


class Box:
    """A mail server's end: what arrived, and what it refuses or drops."""

    def __init__(self) -> None:
        self.arrived: list[bytes] = []
        self.refuses: set[str] = set()
        self.drops = 0

    async def handle_RCPT(self, _s: Any, _session: Any, envelope: Any, address: str, _o: Any) -> str:
        if address in self.refuses:
            return "550 5.1.1 No such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:
        self.arrived.append(envelope.content)
        if self.drops:
            # It has the letter, and the line breaks before it can say so.
            self.drops -= 1
            server.transport.abort()
        return "250 OK"

    def letters(self) -> list[EmailMessage]:
        return [email.message_from_bytes(one, policy=default) for one in self.arrived]


class Port(Controller):
    """Any port that is free."""

    def __init__(self, box: Box, **how: Any) -> None:
        super().__init__(box, hostname="127.0.0.1", port=0, **how)

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        super()._trigger_server()


@contextmanager
def serving(box: Box, **how: Any) -> Iterator[int]:
    port = Port(box, **how)
    port.start()
    try:
        yield port.port
    finally:
        port.stop()


def mail(port: int, **how: Any) -> Mail:
    return Mail("127.0.0.1", FROM, port, **{"security": "none", **how})


def told_of_a_case(place: Place, letters: str = posting.ONCE, who: str = "bob") -> str:
    """Somebody with an address of their own is given a case by somebody else."""
    with place.desk(who) as desk:
        posting.choose(desk, email=f"{who}@council.example", letters=letters)
    record = place.child()
    case = place.case(record)
    with place.desk("mary") as desk:
        cases.assign(desk, case, person=place.ids[who], role="worker")
    return record


def settings(place: Place, port: int | None = None, **how: Any) -> Settings:
    found: Settings = place.app.config["TREFOIL"]
    return replace(found, mail=mail(port) if port else None, url="https://trefoil.council.example", **how)


def now_tick(place: Place, port: int | None = None, **how: Any) -> None:
    tick(place.store, place.clock(), carrier(place.store, settings(place, port, **how)))


# --- On the pages


def test_what_is_told_is_counted_listed_and_read(place: Place) -> None:
    record = told_of_a_case(place)
    browser = place.browser("bob")
    page = browser.get("/told")
    assert "Told to you (1 new)" in page.text and "A case has been given to you." in page.text
    assert 'href="/cases/' in page.html and "Cara Cole" in page.text
    with place.desk("bob") as desk:
        (told,) = tasks.notifications(desk)
    assert "A case has been given to you." in browser.get(f"/told/{told.id}").text
    after = browser.submit(browser.get(f"/told/{told.id}"), action="/read")
    assert "Nothing new" in after.text and "new)" not in after.text
    assert "Read 6 January 2026" in browser.get("/told?show=all").text
    # Whoever gave it is told nothing of what they did.
    assert "Nothing new" in place.browser("mary").get("/told").text
    assert record


def test_a_date_is_named_as_its_definition_names_it_and_nothing_else_of_the_case(place: Place) -> None:
    _, case, _ = sent(place)
    with place.desk("mary") as desk:
        cases.assign(desk, case, person=place.ids["mary"], role="manager")
    place.clock.pass_by(days=5)
    now_tick(place)
    browser = place.browser("mary")
    said = "A date has passed: ‘Waiting for a decision’."
    assert said in browser.get("/").text and said in browser.get("/told").text
    with place.desk("mary") as desk:
        told = [one.id for one in tasks.notifications(desk) if one.kind == "passed"]
    assert any(said in browser.get(f"/told/{one}").text for one in told)
    # A row that tells of no date any more says what it can.
    with place.desk() as desk:
        desk.run(update(notification).where(notification.c.id.in_(told)).values(once=None))
    assert "A date has passed." in browser.get("/told").text and said not in browser.get("/told").text


def test_handing_over_is_told_in_the_language_of_whoever_reads(place: Place) -> None:
    place.case(place.child())
    alice, bob = place.ids["alice"], place.ids["bob"]
    with place.desk("mary") as desk:
        made = handing_over.hand_over(desk, alice, bob, until=date(2026, 1, 12))
    assert "The work of Alice Ames was handed over to you until 12 January 2026." in (
        place.browser("bob").get("/told").text
    )
    with place.desk("bob") as desk, place.app.test_request_context(), speaking("cy"):
        (one,) = [one for one in tasks.notifications(desk) if one.record is None]
        (words,) = noticed.said(desk, [one]).values()
    assert "Alice Ames" in words and "12 Ionawr 2026" in words and "was handed" not in words
    with place.desk("mary") as desk:
        handing_over.take_back(desk, made.id)
    assert "What Bob Bright held for you has come back to you." in place.browser("alice").get("/told").text
    # What was written down before, as a whole sentence, is still read.
    with place.desk() as desk:
        desk.run(
            update(notification)
            .where(notification.c.kind == "took")
            .values(kind="handed", once=None, message="The work of Alice was handed over to you.")
        )
    assert "The work of Alice was handed over to you." in place.browser("bob").get("/told").text


def test_all_that_the_page_showed_is_read_at_once(place: Place) -> None:
    told_of_a_case(place)
    told_of_a_case(place)
    browser = place.browser("bob")
    page = browser.get("/told")
    assert "(2 new)" in page.text
    assert "Nothing new" in browser.submit(page, action="/told/read").text


def test_my_settings_are_mine_to_choose_and_refuse_what_cannot_be_written_to(place: Place) -> None:
    browser = place.browser("bob")
    assert "Your settings" in browser.get("/settings").text
    for wrong in (
        "bob",
        "bob@here",
        "bob@council.example\r\nBcc: all@council.example",
        "bób@council.example",
        " ",
    ):
        answer = browser.submit(browser.get("/settings"), email=wrong, letters="once")
        assert "e-mail address" in answer.text and "There is a problem" in answer.text
    kept = browser.submit(browser.get("/settings"), email=" bob@council.example ", letters="daily")
    assert "Your settings are kept." in kept.text and 'value="bob@council.example"' in kept.html
    with place.desk("bob") as desk:
        assert posting.wishes(desk) == posting.Wishes("bob@council.example", "daily")
    with place.desk("alice") as desk:
        assert posting.wishes(desk).email is None


@pytest.mark.parametrize(
    ("who", "path", "lit"),
    [
        ("bob", "/told", ["Told to you"]),
        ("bob", "/settings", ["Bob Bright: Your settings"]),
        ("adam", "/letters", ["People"]),
    ],
)
def test_the_head_lights_up_where_one_is(place: Place, who: str, path: str, lit: list[str]) -> None:
    """One's settings stand beside what one is told in the code, and lit that up."""
    page = place.browser(who).get(path)
    here = re.findall(r'<a [^>]*aria-current="(?:true|page)"[^>]*>(.*?)</a>', page.html, re.S)
    assert [re.sub("<[^>]+>", "", one).strip() for one in here] == lit


# --- By mail


def test_a_letter_says_that_and_never_what(place: Place) -> None:
    box = Box()
    told_of_a_case(place)
    with serving(box) as port:
        now_tick(place, port)
        now_tick(place, port)
    (letter,) = box.letters()
    assert (letter["To"], letter["From"], letter["Subject"]) == (
        "bob@council.example",
        FROM,
        "Something in Trefoil needs you",
    )
    text = letter.get_content()
    with place.desk("bob") as desk:
        (told,) = tasks.notifications(desk)
    assert f"https://trefoil.council.example/told/{told.id}" in text
    raw = box.arrived[0].decode().lower()
    assert not [
        one for one in ("cara", "cole", "worr", "child", "young", "case", "alice", "mary") if one in raw
    ]


def test_a_letter_leads_to_the_notice_after_signing_in(place: Place) -> None:
    told_of_a_case(place)
    with place.desk("bob") as desk:
        (told,) = tasks.notifications(desk)
    browser = place.browser()
    page = browser.get(f"/told/{told.id}")
    assert "Sign in" in page.text
    assert "A case has been given to you." not in page.text
    browser.sign_in("bob", "three quiet herons")
    assert "A case has been given to you." in browser.get(f"/told/{told.id}").text
    assert place.browser("alice").get(f"/told/{told.id}", status=404)


def test_a_letter_is_in_the_language_its_reader_chose(place: Place) -> None:
    box = Box()
    told_of_a_case(place)
    with place.desk("bob") as desk:
        languages.choose(desk, "cy")
    with serving(box) as port:
        now_tick(place, port)
    (letter,) = box.letters()
    assert letter["Content-Language"] == "cy"


def test_a_refused_reader_is_told_to_administrators_in_words_and_stops_nobody(place: Place) -> None:
    box = Box()
    box.refuses = {"bob@council.example"}
    told_of_a_case(place)
    told_of_a_case(place, who="alice")
    with serving(box) as port:
        now_tick(place, port)
        page = place.browser("adam").get("/letters")
        assert "Bob Bright" in page.text and "takes nothing for this person's address" in page.text
        assert "Tried once." in page.text
        assert [one["To"] for one in box.letters()] == ["alice@council.example"]
        # It waits longer each time, and goes when it can.
        now_tick(place, port)
        assert "Tried once." in place.browser("adam").get("/letters").text
        box.refuses = set()
        adam = place.browser("adam")
        adam.submit(adam.get("/letters"), button={"what": "again"})
        now_tick(place, port)
    assert [one["To"] for one in box.letters()] == ["alice@council.example", "bob@council.example"]
    assert "Every letter has gone" in place.browser("adam").get("/letters").text
    assert place.browser("bob").get("/letters", status=404)


def test_a_line_that_breaks_in_the_middle_sends_again_what_can_be_known_for_the_same(place: Place) -> None:
    box = Box()
    box.drops = 1
    told_of_a_case(place)
    with serving(box) as port:
        now_tick(place, port)
        assert "broke off in the middle" in place.browser("adam").get("/letters").text
        place.clock.pass_by(minutes=2)
        now_tick(place, port)
        now_tick(place, port)
    first, second = box.letters()
    assert first["Message-ID"] == second["Message-ID"] and first["Message-ID"].startswith("<mail.")


def test_where_no_server_answers_one_letter_finds_out_for_all(place: Place) -> None:
    with serving(Box()) as port:
        pass
    told_of_a_case(place)
    told_of_a_case(place)
    now_tick(place, port)
    found = outbox.pending(place.store, now=place.clock() + timedelta(hours=1))
    assert sorted(one.tries for one in found) == [0, 1]
    assert "No mail server answered." in place.browser("adam").get("/letters").text


def test_without_a_server_letters_are_files_and_a_training_copy_writes_to_nobody(place: Place) -> None:
    box = Box()
    told_of_a_case(place)
    with serving(box) as port:
        now_tick(place, port, mode="training")
    (file,) = (place.app.config["TREFOIL"].data / "outbox").iterdir()
    found = email.message_from_bytes(file.read_bytes(), policy=default)
    assert found["To"] == "bob@council.example" and box.arrived == []


def authority_of(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """A certificate for 127.0.0.1 by its own word, as a file, and a server's context with it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail.council.example")])
    begins = datetime.now(UTC) - timedelta(days=1)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=7))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    certificate, secret = folder / "mail.pem", folder / "mail.key"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    pkcs8 = serialization.PrivateFormat.PKCS8
    secret.write_bytes(key.private_bytes(serialization.Encoding.PEM, pkcs8, plain))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, secret)
    return certificate, context


def a_letter() -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = FROM, "bob@council.example", "Hello"
    made.set_content("Hello")
    return made


def test_a_secure_line_is_demanded_and_signs_in(tmp_path: Path) -> None:
    certificate, context = authority_of(tmp_path)
    (tmp_path / "password").write_text("plum kettle\n")

    def knows(_server: SMTP, _session: Any, _envelope: Any, _how: str, data: Any) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == (b"trefoil", b"plum kettle"))

    box = Box()
    safe = {"security": "starttls", "authorities": certificate}
    with serving(box, tls_context=context, require_starttls=True, authenticator=knows) as port:
        by_mail(mail(port, **safe, user="trefoil", password_file=tmp_path / "password"))(a_letter())
        assert len(box.arrived) == 1
        with pytest.raises(NotSignedIn):
            by_mail(mail(port, **safe, user="another", password_file=tmp_path / "password"))(a_letter())
        # A certificate that nobody vouches for is no secure line.
        with pytest.raises(NotSecure):
            by_mail(mail(port, security="starttls"))(a_letter())
    with serving(box) as port, pytest.raises(NotSecure):
        by_mail(mail(port, **safe))(a_letter())
    assert len(box.arrived) == 1


def test_each_trouble_has_a_name_of_its_own() -> None:
    box = Box()
    box.refuses = {"bob@council.example"}
    with serving(box) as port:
        with pytest.raises(RefusedReader):
            by_mail(mail(port))(a_letter())
        box.refuses, box.drops = set(), 1
        with pytest.raises(CutOff):
            by_mail(mail(port))(a_letter())
    with pytest.raises(NoServer):
        by_mail(mail(port))(a_letter())


# --- The settings

MAILED = {
    "TREFOIL_MAIL_SERVER": "mail.example", "TREFOIL_MAIL_FROM": FROM, "TREFOIL_URL": "https://trefoil.example/",
}  # fmt: skip


def test_the_settings_of_mail_are_read() -> None:
    found = from_environment({**MAILED, "TREFOIL_MAIL_SECURITY": "tls"})
    assert found.mail == Mail("mail.example", FROM, 465, "tls") and found.url == "https://trefoil.example"
    assert from_environment({}).mail is None


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"TREFOIL_MAIL_FROM": "nobody\n@here.example"}, "TREFOIL_MAIL_FROM"),
        ({"TREFOIL_URL": "trefoil"}, "TREFOIL_URL"),
        ({"TREFOIL_URL": ""}, "TREFOIL_URL is not"),
        ({"TREFOIL_MAIL_PORT": "smtp"}, "TREFOIL_MAIL_PORT"),
        ({"TREFOIL_MAIL_SECURITY": "ssl"}, "starttls, tls, none"),
        ({"TREFOIL_MAIL_USER": "me"}, "TREFOIL_MAIL_PASSWORD_FILE"),
        (
            {"TREFOIL_MAIL_USER": "me", "TREFOIL_MAIL_PASSWORD_FILE": "p", "TREFOIL_MAIL_SECURITY": "none"},
            "open line",
        ),
    ],
)
def test_settings_of_mail_that_make_no_sense_are_told(other: dict[str, str], words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        from_environment({**MAILED, **other})


def test_an_address_is_checked_where_it_is_kept(place: Place) -> None:
    with place.desk("bob") as desk, pytest.raises(CaseworkError, match="right form"):
        posting.choose(desk, email="bob@council.example\nBcc: x@y.example", letters="once")
