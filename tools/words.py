"""Brings the catalogues of what the application says in step with its sources, and says what has no translation.

    python -m tools.words            adds what is new, sets aside what is no longer said, keeps every translation
    python -m tools.words --missing  prints each message that a language has no words for, and changes nothing

Messages are found in the Python of webapp/ (`_`, `N_`, `ngettext`), in its templates and its scripts, and stand in the
catalogue in the order of the alphabet, without line numbers, so that two people's changes seldom meet.
"""

from __future__ import annotations

import ast
import fcntl
import io
import os
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment, TemplateSyntaxError
from jinja2.nodes import BinExpr, Call, Concat, Const, Expr, Name

from webapp.tongues import BY_SCRIPTS

ROOT = Path(__file__).resolve().parents[1]
LANGUAGES = ("cy",)
SAID_BY = frozenset({"_", "N_", "ngettext"})
_ENGINE = {"say": "_", "later": "N_", "say_count": "ngettext"}
# Whoever looks after the service meets these at the command line, in English like all that is said there.
_FOR_OPERATORS = frozenset(
    f"casework/{one}.py"
    for one in (
        "backing_up",
        "restoring",
        "sealing",
        "engines",
        "schema",
        "files",
        "store",
        "keys",
        "widening",
    )
)
_OF_PROGRAMMERS = frozenset(
    {"ValueError", "RuntimeError", "TypeError", "KeyError", "SomebodysOwn", "MadeOfKept"}
)
_TEXTS = {"_": 1, "N_": 1, "ngettext": 2}

# CLDR's plurals. Babel's own rule for Welsh leaves out nought.
PLURALS = {"cy": (6, "(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n==3 ? 3 : n==6 ? 4 : 5)")}

_HEADER = """\
# What Trefoil says, in {language}. Made by `python -m tools.words`; the translations are written by hand.
# A draft: no translator has checked it. See docs/welsh.md."""

Found = str | tuple[str, str]
"""A message, or one and many."""


class NotPlain(Exception):
    """A message that is put together at work: it cannot be looked up, so it cannot be translated."""


def said(root: Path = ROOT) -> dict[Found, bool]:
    """Every message that the sources say, and whether scripts say it. Raises NotPlain, naming the place, for one that
    is not a plain text."""
    found: set[Found] = set()
    for path in sorted((root / "webapp").rglob("*.py")):
        found.update(in_python(path.read_text("utf-8"), path.name))
    for path in sorted((root / "webapp" / "templates").rglob("*.html")):
        found.update(in_template(path.read_text("utf-8"), path.name))
    for path in sorted((root / "engine").rglob("*.py")):
        found.update(in_engine(path.read_text("utf-8"), path.relative_to(root / "engine").as_posix()))
    by_scripts: set[Found] = set()
    for path in sorted((root / "webapp" / "static" / "js").rglob("*.js")):
        by_scripts.update(in_script(path.read_text("utf-8")))
    return {one: one in by_scripts for one in found | by_scripts}


def in_python(text: str, where: str) -> Iterator[Found]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SAID_BY:
            texts = [_plain(one, f"{where}:{node.lineno}") for one in node.args[: _TEXTS[node.func.id]]]
            yield from _message(node.func.id, texts, f"{where}:{node.lineno}")


def in_engine(text: str, where: str) -> Iterator[Found]:
    """What the engine says by `say`, and the sentences of what casework raises, which are said when they are shown."""
    if "engine.language.saying" not in text and not where.startswith("casework/"):
        return
    tree, fills = ast.parse(text), "engine.language.saying" in text
    counted: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _ENGINE:
            name = _ENGINE[node.func.id]
            texts = [_plain(one, f"{where}:{node.lineno}") for one in node.args[: _TEXTS[name]]]
            yield from _message(name, texts, f"{where}:{node.lineno}")
            if name == "ngettext":
                counted.update(map(id, node.args))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and fills and "%(" in node.value:
            if id(node) not in counted:
                yield node.value
        elif where.startswith("casework/") and where not in _FOR_OPERATORS and _raised(node):
            yield from (
                one.value
                for one in _raised(node)
                if isinstance(one, ast.Constant) and isinstance(one.value, str) and " " in one.value
            )


def _raised(node: ast.AST) -> list[ast.expr]:
    """The arguments of an error, where one is raised or made."""
    if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
        ours = not (isinstance(node.exc.func, ast.Name) and node.exc.func.id in _OF_PROGRAMMERS)
        return node.exc.args if ours else []
    makes = (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "__init__"
    )
    return node.args if isinstance(node, ast.Call) and makes else []


def in_template(text: str, where: str) -> Iterator[Found]:
    try:
        tree = Environment().parse(text)
    except TemplateSyntaxError as error:
        raise NotPlain(f"{where}:{error.lineno}: this template cannot be read: {error}") from error
    for node in tree.find_all(Call):
        if isinstance(node.node, Name) and node.node.name in SAID_BY:
            texts = [_plain(one, f"{where}:{node.lineno}") for one in node.args[: _TEXTS[node.node.name]]]
            yield from _message(node.node.name, texts, f"{where}:{node.lineno}")


def _plain(node: ast.expr | Expr, where: str) -> object:
    """The text of a constant; nothing for what was marked elsewhere and is only said here."""
    if isinstance(node, ast.JoinedStr | ast.BinOp | Concat | BinExpr):
        raise NotPlain(f"{where}: a message is put together here; use %(name)s and fill it in")
    return node.value if isinstance(node, ast.Constant | Const) else None


_SAID_IN_SCRIPT = re.compile(r"""\b_\(\s*"((?:[^"\\\n]|\\.)*)"|\b_\(\s*'((?:[^'\\\n]|\\.)*)'""")


def in_script(text: str) -> Iterator[Found]:
    for double, single in _SAID_IN_SCRIPT.findall(text):
        yield re.sub(r"\\(.)", r"\1", double or single)


def _message(name: str, texts: Sequence[object], where: str) -> Iterator[Found]:
    wanted = texts[:2] if name == "ngettext" else texts[:1]
    plain = [one for one in wanted if isinstance(one, str)]
    if name == "ngettext":
        if len(plain) != 2:
            raise NotPlain(f"{where}: ngettext takes two plain texts")
        yield plain[0], plain[1]
    elif plain and plain[0]:
        yield plain[0]


def file_of(language: str, root: Path = ROOT) -> Path:
    return root / "webapp" / "translations" / language / "LC_MESSAGES" / "messages.po"


def read(language: str, root: Path = ROOT) -> Catalog:
    path = file_of(language, root)
    if not path.is_file():
        return Catalog(locale=language)
    with path.open("rb") as source:
        return read_po(source, locale=language)


def brought_up(before: Catalog, messages: Mapping[Found, bool], language: str) -> Catalog:
    """The catalogue with exactly these messages; those no longer said stay below, should they come back."""
    known: dict[str, Message] = {_key(one): one for one in before if one.id}
    known = {**{_key(one): one for one in before.obsolete.values()}, **known}
    count, rule = PLURALS[language]
    made = Catalog(locale=language, fuzzy=False, charset="utf-8")
    made.mime_headers = [("Plural-Forms", f"nplurals={count}; plural={rule};")]
    # One said both alone and by number stands there by number.
    wanted = {one if isinstance(one, str) else one[0]: one for one in sorted(messages, key=_by_number)}
    for key, one in wanted.items():
        old = known.get(key)
        string = old.string if old is not None and _fits(one, old.string, count) else _empty(one, count)
        made.add(
            one,
            string,
            auto_comments=(BY_SCRIPTS,) if messages[one] else (),
            user_comments=old.user_comments if old is not None else (),
        )
    for key, old in sorted(known.items()):
        if key not in wanted and any(_strings(old)):
            made.obsolete[key] = old
    return made


def _by_number(message: Found) -> tuple[bool, str]:
    return not isinstance(message, str), str(message)


def _name(language: str) -> str:
    return {"cy": "Welsh"}[language]


def _key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _strings(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def _fits(message: Found, string: object, count: int) -> bool:
    return (
        isinstance(string, str)
        if isinstance(message, str)
        else (isinstance(string, tuple) and len(string) == count)
    )


def _empty(message: Found, count: int) -> str | tuple[str, ...]:
    return "" if isinstance(message, str) else ("",) * count


def as_text(catalogue: Catalog, language: str) -> bytes:
    """The catalogue as it is committed: nothing in it says when or by whom it was made."""
    count, rule = PLURALS[language]
    body = io.BytesIO()
    write_po(body, catalogue, width=110, sort_output=True, omit_header=True)
    header = (
        f"{_HEADER.format(language=_name(language))}\n"
        'msgid ""\nmsgstr ""\n'
        f'"Language: {language}\\n"\n'
        '"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Plural-Forms: nplurals={count}; plural={rule};\\n"\n\n'
    )
    return header.encode() + body.getvalue().strip() + b"\n"


def missing(catalogue: Catalog) -> list[Found]:
    """The messages without words."""
    return [
        one.id if isinstance(one.id, str) else (one.id[0], one.id[1])
        for one in catalogue
        if one.id and not all(_strings(one) or ("",))
    ]


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    lock = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _put(path: Path, text: bytes) -> None:
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as new:
        new.write(text)
    Path(new.name).chmod(0o644)
    Path(new.name).replace(path)


def main(argv: Sequence[str]) -> int:
    for language in LANGUAGES:
        path = file_of(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        # Held from reading to writing, so that two people who add words at once both find theirs there.
        with _held(path.parent):
            made = brought_up(read(language), said(), language)
            if "--missing" not in argv:
                _put(path, as_text(made, language))
        without = missing(made)
        for one in without if "--missing" in argv else ():
            print(one if isinstance(one, str) else " | ".join(one))
        print(f"{language}: {len(list(made)) - 1} messages, {len(without)} without words.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
