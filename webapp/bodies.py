"""What a post carries, read so that letters nobody can read are noticed and not put for what somebody typed.

Browsers send UTF-8. What comes otherwise (an old gateway, a browser told to use another alphabet) was saved as what
it looked like, or lost with all the rest of its page. It is read as far as it can be, so that a page can give it
back. Must not know any page.
"""

from __future__ import annotations

from typing import IO, Any, cast
from urllib.parse import parse_qsl

from flask import Request, request
from werkzeug.exceptions import BadRequest
from werkzeug.formparser import FormDataParser

from webapp.security import csrf

UNREADABLE = "\N{REPLACEMENT CHARACTER}"
"""What stands where a letter could not be read."""


class UnreadableLetters(BadRequest):
    """Something typed holds letters that are no UTF-8; `Body.form` has the rest."""


def fields(body: bytes) -> tuple[list[tuple[str, str]], bool]:
    """The names and texts of a form's body, and whether every text could be read."""
    # As Latin-1 each byte stands for itself, so that all of them are still there to be read one by one.
    pairs = parse_qsl(body.decode("latin-1"), keep_blank_values=True, encoding="latin-1")
    found, sound = [], True
    for name, text in pairs:
        typed = text.encode("latin-1")
        try:
            read = typed.decode()
        except UnicodeDecodeError:
            read, sound = typed.decode(errors="replace"), False
        found.append((name.encode("latin-1").decode(errors="replace"), read))
    return found, sound


class _Parser(FormDataParser):
    sound = True

    def _parse_urlencoded(self, stream: IO[bytes], *_: Any) -> Any:
        found, self.sound = fields(stream.read())
        return stream, self.cls(found), self.cls()


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
