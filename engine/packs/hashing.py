"""Hashes that pin a stack: the same files give the same hash on every machine. Must not know what files mean."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from engine.language.model import Layer

# Goes up whenever the same files would be read as something else, so that no old pin points at a new meaning.
FORMAT = b"trefoil stack 1"


def of_files(texts: Mapping[str, str]) -> str:
    """SHA-256 over a pack's files by path. Line ends and byte-order marks do not count."""
    digest = hashlib.sha256(FORMAT)
    for path in sorted(texts):
        text = texts[path].removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
        for piece in (path, text):
            data = piece.encode("utf-8", "surrogatepass")
            digest.update(len(data).to_bytes(8, "big"))
            digest.update(data)
    return digest.hexdigest()


def of_layers(layers: Iterable[Layer]) -> str:
    """SHA-256 over the layers of a stack, lowest first."""
    digest = hashlib.sha256(FORMAT)
    for layer in layers:
        for piece in (layer.pack, layer.version, layer.sha256):
            data = piece.encode()
            digest.update(len(data).to_bytes(8, "big"))
            digest.update(data)
    return digest.hexdigest()
