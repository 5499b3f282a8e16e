"""The key file: 32 random bytes from which every other key is derived. It stands apart from the data it opens.

Whoever has data and key has everything, so the file is for its owner alone and never lies in the data folder.
"""

from __future__ import annotations

import hmac
import os
import secrets
import stat
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from engine.casework.errors import KeyTrouble


@dataclass(frozen=True)
class Keys:
    """Keys for one installation, all derived from one root. Its `repr` never shows them."""

    _root: bytes

    def __repr__(self) -> str:
        return "Keys(…)"

    def _derived(self, purpose: str) -> bytes:
        return HKDF(SHA256(), 32, salt=None, info=b"trefoil " + purpose.encode()).derive(self._root)

    @cached_property
    def database(self) -> bytes:
        return self._derived("database")

    @cached_property
    def backups(self) -> bytes:
        return self._derived("backups")

    @cached_property
    def files(self) -> bytes:
        """What seals the keys of files that people add."""
        return self._derived("files")

    @cached_property
    def _digests(self) -> bytes:
        return self._derived("digests")

    @cached_property
    def signing(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self._derived("checkpoints"))

    @cached_property
    def fingerprint(self) -> str:
        """What the database remembers to notice another installation's key. It tells nothing about the key."""
        return self._derived("fingerprint").hex()[:32]

    def digest(self, *parts: str) -> str:
        """A keyed digest: it shows that a value is the same without telling what it is."""
        message = b""
        for part in parts:
            raw = part.encode()
            message += len(raw).to_bytes(8, "big") + raw
        return hmac.digest(self._digests, message, "sha256").hex()


def default_key_file() -> Path:
    """Where the key stands unless said otherwise: the setting TREFOIL_KEY_FILE, or the user's own settings."""
    said = os.environ.get("TREFOIL_KEY_FILE")
    if said:
        return Path(said)
    settings = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return Path(settings) / "trefoil" / "key"


def create(path: Path) -> Keys:
    """Make a new key file, readable by its owner alone. Never replaces one that is there."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    root = secrets.token_bytes(32)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(root.hex() + "\n")
        file.flush()
        os.fsync(file.fileno())
    return Keys(root)


def read(path: Path) -> Keys:
    """The keys in `path`. Raises KeyTrouble if others may read the file or it holds something else."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except OSError as error:
        raise KeyTrouble(
            f"The key file {path} could not be read. Put the key of this database there, or say where it is."
        ) from error
    with os.fdopen(handle) as file:
        if stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077:
            raise KeyTrouble(
                f"Others may read the key file {path}. Allow only its owner to: chmod 600 {path}"
            )
        text = file.read(200).strip()
    try:
        root = bytes.fromhex(text)
    except ValueError:
        root = b""
    if len(root) != 32:
        raise KeyTrouble(f"{path} is not a Trefoil key: one line of 64 hexadecimal characters is wanted.")
    return Keys(root)


def apart_from(key_file: Path, data_folder: Path) -> None:
    """Refuse a key that lies with the data it opens: one stolen or copied folder must not be enough."""
    if key_file.resolve().is_relative_to(data_folder.resolve()):
        raise KeyTrouble(
            f"The key file {key_file} lies in the data folder {data_folder}. Keep it elsewhere, so that a copy "
            "of the data alone opens nothing."
        )
