"""Letters to people: that something needs them, never what. Written when they are sent, in their reader's language.

A letter names nobody, no record and no kind of record: whoever reads it over a shoulder, or gets it by mistake, learns
that Trefoil is in use and no more. Must not know how it was decided that somebody is written to.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable
from contextlib import contextmanager
from datetime import UTC
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from engine.casework import Store, authorities, outbox, posting
from engine.casework.outbox import Deliverer, Letter, Unreachable
from webapp.settings import Mail, Settings, SettingsError
from webapp.tongues import N_, _, ngettext, speaking

LONGEST_WAIT = 20.0
"""Seconds that a mail server has for each answer."""
HERE = "http://127.0.0.1:8000"


class RefusedReader(Exception):
    """The server takes nothing for this address."""


class RefusedSender(Exception):
    """The server takes nothing from us."""


class RefusedLetter(Exception):
    """The server took the addresses and refused the letter."""


class CutOff(Exception):
    """The line broke while the letter was going; it may have arrived, and is sent again under the same id."""


class NotSecure(Unreachable):
    """The server cannot be spoken to secretly, or is not who it says."""


class NotSignedIn(Unreachable):
    """The server does not take our name and password."""


class NoServer(Unreachable):
    """No mail server answers where there should be one."""


TROUBLE = {
    "RefusedReader": N_("The mail server takes nothing for this person's address. They can put it right themselves."),
    "RefusedSender": N_("The mail server takes no letters from the address that Trefoil sends from."),
    "RefusedLetter": N_("The mail server refused the letter."),
    "CutOff": N_("The line to the mail server broke off in the middle."),
    "NotSecure": N_("No secure line to the mail server could be made."),
    "NotSignedIn": N_("The mail server does not take the name and password that Trefoil has for it."),
    "NoServer": N_("No mail server answered."),
    "SettingsError": N_("The file with the mail server's password could not be read."),
}  # fmt: skip
"""What stood in the way of a letter, in words, by the name under which the outbox notes it."""


def carrier(store: Store, settings: Settings) -> Deliverer:
    """Who carries what waits in the outbox: letters by the mail server that is set, and all else, or all where none is,
    into a folder. A training copy writes to nobody."""
    folder = settings.data / "outbox"
    into_folder = outbox.into_folder(folder)
    send = by_mail(settings.mail) if settings.mail and settings.mode == "live" else as_files(folder)

    def carry(letter: Letter) -> None:
        if letter.kind != outbox.MAIL:
            into_folder(letter)
            return
        made = compose(store, letter, settings)
        if made is not None:
            send(made)

    return carry


def compose(store: Store, letter: Letter, settings: Settings) -> EmailMessage | None:
    """The letter as it goes; None where nobody is to be written to any more."""
    reader = posting.reader(store, letter.authority, str(letter.body["person"]))
    if reader is None:
        return None
    notices = [str(one) for one in letter.body["notices"]]
    base = _base(store, letter.authority, settings.url or HERE)
    link = f"{base}/told/{notices[0]}" if len(notices) == 1 else f"{base}/told"
    sender = settings.mail.sender if settings.mail else "trefoil@localhost"
    language = reader.language or str(letter.body["language"])
    made = EmailMessage(policy=SMTP)
    with speaking(language):
        made["Subject"] = _("Something in Trefoil needs you")
        count = len(notices)
        lines = [
            ngettext("Something in Trefoil is new for you.", "%(num)s things in Trefoil are new for you.", count),
            _("Sign in to see what it is:"),
            link,
            _("For safety this message says nothing about anybody. Please do not answer it: nobody reads the answers."),
            _("How often Trefoil writes to you is yours to choose:"),
            f"{base}/settings",
        ]  # fmt: skip
    made["From"] = sender
    made["To"] = reader.email
    made["Date"] = format_datetime(letter.made_at.astimezone(UTC))
    # A letter that is sent twice can be known by this for the same.
    made["Message-ID"] = f"<{letter.key.replace(':', '.')}.{letter.authority}@{sender.partition('@')[2]}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content("\n\n".join(lines) + "\n", cte="quoted-printable")
    made["Content-Language"] = language
    return made


def _base(store: Store, authority: str, url: str) -> str:
    """Where this authority's people reach their pages: at its own host name, if it has one."""
    own = authorities.addresses(store).get(authority)
    if own is None:
        return url
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, f"{own}:{parts.port}" if parts.port else own, "", "", ""))


def as_files(folder: Path) -> Callable[[EmailMessage], None]:
    """Letters as files named by their id, for whatever carries them on: a repeat replaces the same file."""

    def put(made: EmailMessage) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = made["Message-ID"].strip("<>").partition("@")[0]
        part = folder / f".{name}.part"
        part.write_bytes(bytes(made))
        part.replace(folder / f"{name}.eml")

    return put


def by_mail(mail: Mail) -> Callable[[EmailMessage], None]:
    """Letters through a mail server, each over a line of its own."""

    def send(made: EmailMessage) -> None:
        with _line(mail) as line:
            try:
                line.send_message(made)
            except smtplib.SMTPRecipientsRefused as error:
                raise RefusedReader() from error
            except smtplib.SMTPSenderRefused as error:
                raise RefusedSender() from error
            except smtplib.SMTPServerDisconnected as error:
                raise CutOff() from error
            except smtplib.SMTPException as error:
                raise RefusedLetter() from error
            except OSError as error:
                raise CutOff() from error

    return send


@contextmanager
def _line(mail: Mail) -> Any:
    """A line to the server, as safe as it is set to be, signed in. Raises what stands in the way of every letter."""
    trusted = ssl.create_default_context(cafile=str(mail.authorities) if mail.authorities else None)
    where = (mail.server, mail.port)
    try:
        if mail.security == "tls":
            line: smtplib.SMTP = smtplib.SMTP_SSL(*where, timeout=LONGEST_WAIT, context=trusted)
        else:
            line = smtplib.SMTP(*where, timeout=LONGEST_WAIT)
    except ssl.SSLError as error:
        raise NotSecure() from error
    except (OSError, smtplib.SMTPException) as error:
        raise NoServer() from error
    try:
        _sign_in(line, mail, trusted)
        yield line
    finally:
        try:
            line.quit()
        except (OSError, smtplib.SMTPException):
            line.close()


def _sign_in(line: smtplib.SMTP, mail: Mail, trusted: ssl.SSLContext) -> None:
    try:
        if mail.security == "starttls":
            line.starttls(context=trusted)
    except (ssl.SSLError, smtplib.SMTPException) as error:
        raise NotSecure() from error
    except OSError as error:
        raise NoServer() from error
    if mail.user is None:
        return
    try:
        line.login(mail.user, mail.password())
    except SettingsError:
        raise
    except smtplib.SMTPException as error:
        raise NotSignedIn() from error
    except OSError as error:
        raise NoServer() from error
