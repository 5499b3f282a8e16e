"""An encrypted file in pieces: read and written as a stream, and noticed when a byte, a piece or its end is missing.

Each file has its own key, derived from the installation's and a random salt; each piece is sealed (AES-GCM) with its
number and whether it is the last, so that pieces cannot be changed, moved, left out or cut off. It does not know
what the pieces hold.
"""

from __future__ import annotations

import json
import secrets
import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from engine.casework.errors import CaseworkError, KeyTrouble
from engine.casework.keys import Keys

MAGIC = b"trefoil backup 1\n"
PIECE = 1 << 20
LARGEST = 2 * PIECE
"""No piece of ours is larger, packed or unpacked; a file that says otherwise is not ours."""


class Damaged(CaseworkError):
    """The file is not whole: cut off, changed, or not a backup at all."""


def write(file: BinaryIO, keys: Keys, label: Mapping[str, Any], lines: Iterable[bytes]) -> None:
    """Write lines to a file. `label` is readable by anybody and cannot be changed unnoticed: no content in it."""
    salt = secrets.token_bytes(16)
    said = {**label, "key": keys.fingerprint, "salt": salt.hex()}
    head = MAGIC + json.dumps(said, sort_keys=True).encode() + b"\n"
    file.write(head)
    cipher = _cipher(keys, salt)
    number = -1
    waiting: bytes | None = None
    for piece in _pieces(lines):
        if waiting is not None:
            number += 1
            _seal(file, cipher, head, number, waiting, last=False)
        waiting = piece
    _seal(file, cipher, head, number + 1, waiting or b"", last=True)


def label(file: BinaryIO) -> tuple[Mapping[str, Any], bytes]:
    """What the file says of itself, and the bytes that say it. Raises Damaged for what is no backup."""
    magic = file.read(len(MAGIC))
    line = file.readline(100_000) if magic == MAGIC else b""
    try:
        said = json.loads(line)
        if not line.endswith(b"\n") or not isinstance(said, dict):
            raise ValueError
        bytes.fromhex(said["salt"])
    except (ValueError, KeyError, TypeError):
        raise Damaged("This is not a Trefoil backup, or only the beginning of one.") from None
    return said, magic + line


def read(file: BinaryIO, keys: Keys) -> Iterator[bytes]:
    """The lines of a file. Raises KeyTrouble for another installation's key, Damaged for what is not whole."""
    said, head = label(file)
    if said.get("key") != keys.fingerprint:
        raise KeyTrouble(
            "This backup was made with another key. Put the key file in place that was in use when it was made; "
            "nothing was changed."
        )
    cipher = _cipher(keys, bytes.fromhex(said["salt"]))
    rest = b""
    for piece in _opened(file, cipher, head):
        *lines, rest = (rest + piece).split(b"\n")
        yield from lines
    if rest:
        raise Damaged(_CUT)


def _opened(file: BinaryIO, cipher: AESGCM, head: bytes) -> Iterator[bytes]:
    number, last = 0, False
    while not last:
        size = file.read(5)
        if len(size) < 5:
            raise Damaged(_CUT)
        length, last = struct.unpack(">I?", size)
        sealed = file.read(length) if length <= LARGEST else b""
        if len(sealed) < length or length > LARGEST:
            raise Damaged(_CUT)
        try:
            packed = cipher.decrypt(_nonce(number), sealed, head + struct.pack(">Q?", number, last))
        except InvalidTag:
            raise Damaged(
                "This backup has been changed or damaged since it was made. Use another; nothing was changed."
            ) from None
        unpacking = zlib.decompressobj()
        piece = unpacking.decompress(packed, LARGEST)
        if unpacking.unconsumed_tail:
            raise Damaged(_CUT)
        yield piece
        number += 1
    if file.read(1):
        raise Damaged(
            "Something was added to this backup after it was made. Use another; nothing was changed."
        )


_CUT = "This backup is cut off: its end is missing. Use another; nothing was changed."


def _pieces(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The lines as pieces of one size, wherever lines end: a long line is no special case."""
    waiting = bytearray()
    for line in lines:
        waiting += line
        waiting += b"\n"
        while len(waiting) >= PIECE:
            yield bytes(waiting[:PIECE])
            del waiting[:PIECE]
    if waiting:
        yield bytes(waiting)


def _seal(file: BinaryIO, cipher: AESGCM, head: bytes, number: int, piece: bytes, *, last: bool) -> None:
    sealed = cipher.encrypt(_nonce(number), zlib.compress(piece, 3), head + struct.pack(">Q?", number, last))
    file.write(struct.pack(">I?", len(sealed), last) + sealed)


def _nonce(number: int) -> bytes:
    # Never used twice: every file has its own key.
    return number.to_bytes(12, "big")


def _cipher(keys: Keys, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt=salt, info=b"trefoil backup file").derive(keys.backups))
