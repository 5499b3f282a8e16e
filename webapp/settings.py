"""What one running Trefoil is told: where its data is, whom it serves, and how it is reached.

Settings come from the command line and the environment. Secrets are never among them: they stand in files
that only the running account can read, and are made on first use. Must not know Flask.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Security = Literal["starttls", "tls", "none"]
Mode = Literal["live", "demo", "training"]
SECURITY: tuple[Security, ...] = ("starttls", "tls", "none")
PORTS: Mapping[Security, int] = {"starttls": 587, "tls": 465, "none": 25}
ADDRESS = re.compile(r"[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
MODES: tuple[Mode, ...] = ("live", "demo", "training")


class SettingsError(Exception):
    """A setting is missing or makes no sense; the message says which and what to do."""


@dataclass(frozen=True, slots=True)
class Mail:
    """The server that carries letters. `password_file` holds what signs in to it, and nothing else."""

    server: str
    sender: str
    port: int
    security: Security = "starttls"
    user: str | None = None
    password_file: Path | None = None
    authorities: Path | None = None
    """Whose word on the server's certificate counts, as a file; without it those that the machine trusts."""

    def password(self) -> str:
        """Read when it is needed, so that it stands nowhere else. Raises SettingsError."""
        assert self.password_file is not None
        try:
            return self.password_file.read_text().strip("\r\n")
        except OSError as error:
            raise SettingsError(f"{self.password_file} could not be read: {error.strerror}") from error


@dataclass(frozen=True, slots=True)
class Settings:
    """`data` holds what the web keeps beside the database; `workspace` is watched when it is given.

    `owner_database` is the same database as the role that owns its tables, for commands that make or widen them.
    `scan` is the command that checks added files for viruses: it is given one on its input, and ends with 0 for clean.
    `mail` is who carries letters to people; without it they are put into the folder `outbox` of the data. `url` is
    where people reach these pages, for links in letters.
    `proxies` says how many proxies of our own stand before us, and so how far their word on addresses counts.
    """

    data: Path
    database: str
    key_file: Path
    authority: str = "riverside"
    pack: str = "core"
    workspace: Path | None = None
    https: bool = False
    mode: Mode = "live"
    kept_for_minutes: int = 60
    scan: str | None = None
    proxies: int = 0
    owner_database: str | None = None
    mail: Mail | None = None
    url: str | None = None

    def as_environment(self) -> dict[str, str]:
        """The variables that give a command of its own the same data, workspace and pack."""
        told = {
            "TREFOIL_DATA": str(self.data), "TREFOIL_DATABASE": self.database,
            "TREFOIL_KEY_FILE": str(self.key_file), "TREFOIL_PACK": self.pack,
        }  # fmt: skip
        if self.workspace:
            told["TREFOIL_WORKSPACE"] = str(self.workspace)
        if self.owner_database:
            told["TREFOIL_OWNER_DATABASE"] = self.owner_database
        return told

    @property
    def kept_stacks(self) -> Path:
        """Where definitions are kept once they have been read and checked; it can be thrown away at any time."""
        return self.data / "stacks"

    @property
    def cookie_name(self) -> str:
        """`__Host-` binds the cookie to this very host, and browsers accept it over https alone."""
        return "__Host-trefoil" if self.https else "trefoil"

    def secret(self, name: str) -> bytes:
        """A secret of this installation, made on first use in a file that only this account can read."""
        return secret_file(self.key_file.parent / f"{name}.key")


def secret_file(path: Path) -> bytes:
    """The 32 bytes in `path`; made there, readable by this account alone, when there are none."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read_secret(path)
    with os.fdopen(handle, "wb") as file:
        file.write(secrets.token_bytes(32))
    return _read_secret(path)


def _read_secret(path: Path) -> bytes:
    found = path.read_bytes()
    if len(found) != 32:
        raise SettingsError(f"{path} should hold 32 bytes and holds {len(found)}; restore it from a backup")
    return found


def from_environment(
    environment: Mapping[str, str] = os.environ, *, root: Path | None = None, mode: Mode = "live"
) -> Settings:
    """Settings as the TREFOIL_* variables give them; what they leave out has a sensible default.

    Raises SettingsError when a variable has a value that cannot be meant.
    """
    data = Path(environment.get("TREFOIL_DATA", "data")).resolve()
    chosen = environment.get("TREFOIL_MODE", mode)
    matched = [one for one in MODES if one == chosen]
    if not matched:
        raise SettingsError(f"TREFOIL_MODE is '{chosen}'; it can be {', '.join(MODES)}")
    # Beside the data, never in it: whoever carries off the data folder must not carry off its keys.
    key_file = Path(environment.get("TREFOIL_KEY_FILE", str(data.parent / "keys" / "trefoil.key"))).resolve()
    workspace = environment.get("TREFOIL_WORKSPACE")
    return Settings(
        data=data,
        database=environment.get("TREFOIL_DATABASE", f"sqlite:///{data / 'trefoil.db'}"),
        key_file=key_file,
        authority=environment.get("TREFOIL_AUTHORITY", "riverside"),
        pack=environment.get("TREFOIL_PACK", "core"),
        workspace=Path(workspace).resolve() if workspace else root,
        https=_yes(environment, "TREFOIL_HTTPS", False),
        mode=matched[0],
        proxies=_count(environment, "TREFOIL_PROXIES"),
        scan=environment.get("TREFOIL_SCAN") or None,
        owner_database=environment.get("TREFOIL_OWNER_DATABASE"),
        mail=_mail(environment),
        url=_url(environment),
    )


def _url(environment: Mapping[str, str]) -> str | None:
    written = environment.get("TREFOIL_URL")
    if written and not re.fullmatch(r"https?://[A-Za-z0-9.:\[\]-]+/?", written):
        raise SettingsError(f"TREFOIL_URL is '{written}'; write where people reach the pages: https://HOST")
    return written.rstrip("/") if written else None


def _mail(environment: Mapping[str, str]) -> Mail | None:
    server = environment.get("TREFOIL_MAIL_SERVER")
    if not server:
        return None
    sender = environment.get("TREFOIL_MAIL_FROM", "")
    if not ADDRESS.fullmatch(sender):
        raise SettingsError(f"TREFOIL_MAIL_FROM is '{sender}'; write the address that letters come from")
    if not environment.get("TREFOIL_URL"):
        raise SettingsError(
            "TREFOIL_MAIL_SERVER is set and TREFOIL_URL is not; letters need to say where to go"
        )
    asked = environment.get("TREFOIL_MAIL_SECURITY", "starttls")
    security = next((one for one in SECURITY if one == asked), None)
    if security is None:
        raise SettingsError(f"TREFOIL_MAIL_SECURITY is '{asked}'; it can be {', '.join(SECURITY)}")
    port = environment.get("TREFOIL_MAIL_PORT") or str(PORTS[security])
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise SettingsError(f"TREFOIL_MAIL_PORT is '{port}'; write a port, 1 to 65535")
    user, password = environment.get("TREFOIL_MAIL_USER"), environment.get("TREFOIL_MAIL_PASSWORD_FILE")
    if bool(user) is not bool(password):
        raise SettingsError("Set both TREFOIL_MAIL_USER and TREFOIL_MAIL_PASSWORD_FILE, or neither")
    if user and security == "none":
        raise SettingsError(
            "A password is sent over no open line; set TREFOIL_MAIL_SECURITY to starttls or tls"
        )
    authorities = environment.get("TREFOIL_MAIL_CA")
    return Mail(
        server, sender, int(port), security, user or None, Path(password).resolve() if password else None,
        Path(authorities).resolve() if authorities else None,
    )  # fmt: skip


def _count(environment: Mapping[str, str], name: str) -> int:
    written = environment.get(name, "0")
    if not written.isdigit() or int(written) > 9:
        raise SettingsError(f"{name} is '{written}'; write how many proxies stand before Trefoil, 0 to 9")
    return int(written)


def _yes(environment: Mapping[str, str], name: str, default: bool) -> bool:
    written = environment.get(name)
    if written is None:
        return default
    if written.lower() in ("yes", "true", "1", "on"):
        return True
    if written.lower() in ("no", "false", "0", "off", ""):
        return False
    raise SettingsError(f"{name} is '{written}'; write yes or no")
