"""What a post carries, read so that letters nobody can read are noticed and not put for what somebody typed.

Browsers send UTF-8. What comes otherwise (an old gateway, a browser told to use another alphabet) was saved as what
it looked like, or lost with all the rest of its page. It is read as far as it can be, so that a page can give it
back. Must not know any page.
"""

from __future__ import annotations

from typing import IO, Any, cast
from urllib.parse import parse_qsl

from flask import Request, request
from werkzeug.datastructures import Headers
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge
from werkzeug.formparser import FormDataParser, MultiPartParser

from webapp.security import csrf

UNREADABLE = "\N{REPLACEMENT CHARACTER}"
"""What stands where a letter could not be read."""


class UnreadableLetters(BadRequest):
    """Something typed holds letters that are no UTF-8; `Body.form` has the rest."""


# As Latin-1 each byte stands for itself, so that all of them are still there to be read one by one.
_BYTES = "latin-1"


def fields(body: bytes) -> tuple[list[tuple[str, str]], bool]:
    """The names and texts of a form's body, and whether every text could be read."""
    pairs = parse_qsl(body.decode(_BYTES), keep_blank_values=True, encoding=_BYTES)
    found, sound = [], True
    for name, text in pairs:
        read, well = _read(text.encode(_BYTES))
        sound = sound and well
        found.append((name.encode(_BYTES).decode(errors="replace"), read))
    return found, sound


def _read(typed: bytes, alphabet: str = "utf-8") -> tuple[str, bool]:
    try:
        return typed.decode(alphabet), True
    except UnicodeDecodeError:
        return typed.decode(alphabet, "replace"), False


class _Parts(MultiPartParser):
    """Parts whose texts stay as their bytes; `alphabets` are those that they say they are written in, in turn."""

    def __init__(self, **given: Any) -> None:
        # As pairs in the order of the parts: grouped by name they could not be told apart.
        super().__init__(**given, cls=cast(Any, list))
        self.alphabets: list[str] = []

    def get_part_charset(self, headers: Headers) -> str:
        self.alphabets.append(super().get_part_charset(headers))
        return _BYTES


class _Parser(FormDataParser):
    sound = True

    def _parse_urlencoded(self, stream: IO[bytes], *_: Any) -> Any:
        body = stream.read()
        if self.max_form_parts is not None and body.count(b"&") >= self.max_form_parts:
            raise RequestEntityTooLarge()
        found, self.sound = fields(body)
        return stream, self.cls(found), self.cls()

    def _parse_multipart(
        self, stream: IO[bytes], mimetype: str, content_length: int | None, options: dict[str, str]
    ) -> Any:
        parser = _Parts(
            stream_factory=self.stream_factory,
            max_form_memory_size=self.max_form_memory_size,
            max_form_parts=self.max_form_parts,
        )
        boundary = options.get("boundary", "").encode("ascii")
        if not boundary:
            raise ValueError("Missing boundary")
        pairs, files = parser.parse(stream, boundary, content_length)
        found = []
        for (name, text), alphabet in zip(cast(Any, pairs), parser.alphabets, strict=True):
            read, well = _read(text.encode(_BYTES), alphabet)
            self.sound = self.sound and well
            found.append((name, read))
        # Each text keeps to it by itself already; files have a limit of their own.
        if (
            self.max_form_memory_size is not None
            and sum(len(text) for _, text in found) > self.max_form_memory_size
        ):
            raise RequestEntityTooLarge()
        return stream, self.cls(found), self.cls(files)


class Body(Request):
    """A request that knows whether what was typed could be read."""

    form_data_parser_class = _Parser
    _parser: _Parser | None = None

    def make_form_data_parser(self) -> FormDataParser:
        self._parser = cast(_Parser, super().make_form_data_parser())
        return self._parser

    @property
    def readable(self) -> bool:
        self._load_form_data()
        return self._parser is None or self._parser.sound


def check() -> None:
    """What every post must pass: its token, and that all of it could be read.

    Raises CSRFError or UnreadableLetters.
    """
    csrf.protect()
    if not cast(Body, request).readable:
        raise UnreadableLetters()


def nothing_arrived() -> bool:
    """Whether of this post no field at all could be made out."""
    return request.method == "POST" and not request.form and not request.files
