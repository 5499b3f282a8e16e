"""Writing files that must be whole or not there: backups, checkpoints, the list of what was destroyed.

Nothing here knows what the files hold.
"""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from engine.casework.errors import CaseworkError


def write_new(path: Path, content: bytes) -> None:
    """Write a new file, for its owner alone, in one go. Raises CaseworkError if it is there or cannot be written."""
    with new_file(path) as file:
        file.write(content)


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """A file under a passing name that takes `path` when the block ends well and is gone when it does not."""
    if path.exists():
        raise CaseworkError(f"{path} is there already. Choose another name: nothing is written over.")
    passing = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        try:
            handle = os.open(passing, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
            with os.fdopen(handle, "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            # A link fails where the name was taken meanwhile; a rename would write over it.
            os.link(passing, path)
            _settle(path.parent)
        finally:
            with suppress(FileNotFoundError):
                passing.unlink()
    except OSError as error:
        raise CaseworkError(_words(path, error)) from error


def append(path: Path, lines: list[str]) -> None:
    """Add lines to a file for its owner alone, and wait until they are on the disk. Raises CaseworkError."""
    if not lines:
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
        with os.fdopen(handle, "ab") as file:
            # Held until the file is closed: who comes meanwhile must not take a line half written for a torn one.
            fcntl.flock(file, fcntl.LOCK_EX)
            whole = path.read_bytes().rfind(b"\n") + 1
            # A line without an end was cut off by a crash.
            file.truncate(whole)
            file.write("".join(f"{line}\n" for line in lines).encode())
            file.flush()
            os.fsync(file.fileno())
        _settle(path.parent)
    except OSError as error:
        raise CaseworkError(_words(path, error)) from error


def _settle(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _words(path: Path, error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"There is no room left to write {path}. Nothing was kept; make room or choose another disk."
    if error.errno == errno.EEXIST:
        return f"{path} is there already. Choose another name: nothing is written over."
    return f"{path} could not be written: {error.strerror or error}."
