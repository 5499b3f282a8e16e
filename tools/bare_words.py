"""Finds English that pages would show in every language: text that does not go through the catalogue.

    python -m tools.bare_words            prints each with its place

In a template that is text between tags, a label in an attribute, a word handed to a macro; in Python, a sentence that
is no docstring and goes to nobody's log. Must not know what translations say: that is `words`.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path

from jinja2 import Environment, nodes

from engine.questions import welsh
from tools.words import ROOT, SAID_BY

NAMES = re.compile(r"\b(Trefoil|MB|PDF|Word|Language · Iaith)\b")
"""What is called the same in every language."""

READ_OUT = frozenset({"aria-label", "alt", "title", "placeholder", "data-optional", "data-words"})
_WORD = re.compile(r"[A-Za-z]{2,}")
_SENTENCE = re.compile(r"[‘“]?[A-Z][a-z’]*[ ,]+\S|[A-Z][a-z]{2,}\.?\Z")
_CLASS = re.compile(r"trefoil-[a-z_-]+")
_HOLE = "\x00"

# What speaks to whoever runs the service, or writes what others say; and the words of the languages themselves.
NOT_PAGES = (
    "commands/", "demo/", "cli.py", "settings.py", "gunicorn_server.py", "logs.py", "publishing.py", "background.py",
    "tongues.py", "watching.py",
)  # fmt: skip
# Names of headers, of styles in a file, of an error: nobody reads them on a page.
TECHNICAL = frozenset((
    "Lax", "Vary", "Stale", "From", "Date", "Subject", "Scope", "Arial", "Normal", "Title", "Subtitle", "Heading 1",
    "Heading 2", "Heading 3", "Table Grid", "Theme",
))  # fmt: skip
_NOT_SHOWN = frozenset(
    {"RuntimeError", "ValueError", "TypeError", "KeyError", "LookupError", "getLogger", "compile"}
)


def in_template(text: str, where: str) -> Iterator[str]:
    tree = Environment().parse(text)
    yield from (f"{where}: {one}" for one in _between_tags(tree))
    yield from (f"{where}:{line}: {one}" for line, one in _handed_on(tree, [""]))


def _between_tags(tree: nodes.Template) -> Iterator[str]:
    pieces = (
        one.data if isinstance(one, nodes.TemplateData) else _HOLE
        for output in tree.find_all(nodes.Output)
        for one in output.nodes
    )
    reader = _Texts()
    reader.feed("".join(pieces))
    reader.close()
    return (one for one in reader.found if _WORD.search(NAMES.sub("", one)) and not _CLASS.fullmatch(one))


class _Texts(HTMLParser):
    """Collects what people would read of some HTML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in READ_OUT and value]

    def handle_data(self, data: str) -> None:
        self.found += [" ".join(one.split()) for one in data.split(_HOLE)]


def _handed_on(node: nodes.Node, before: list[str], shown: bool = False) -> Iterator[tuple[int, str]]:
    """Words in expressions. `before` is the text so far: inside a tag a lone small word is a class, not a text."""
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name):
        if node.node.name in SAID_BY:
            # What fills a message may hold words too.
            for filling in node.kwargs:
                yield from _handed_on(filling, before, True)
            return
        if node.node.name == "url_for":
            return
    if isinstance(node, nodes.Compare | nodes.Getitem | nodes.Test | nodes.FromImport | nodes.Extends):
        return
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        bare = NAMES.sub("", node.value)
        if _SENTENCE.match(bare) or (shown and _WORD.search(bare)):
            yield node.lineno, node.value
        return
    if isinstance(node, nodes.CondExpr):
        yield from _handed_on(node.test, before)
        for one in (node.expr1, node.expr2):
            yield from _handed_on(one, before, shown) if one is not None else ()
        return
    for child in node.iter_child_nodes():
        if isinstance(child, nodes.TemplateData):
            before[0] += child.data
        outside = before[0].rfind("<") <= before[0].rfind(">")
        said = isinstance(node, nodes.Output) or (shown and isinstance(node, nodes.Keyword | nodes.Or))
        yield from _handed_on(child, before, said and outside)


def in_python(text: str, where: str) -> Iterator[str]:
    tree = ast.parse(text)
    quiet = {id(one) for one in _quiet(tree)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in quiet:
            words = NAMES.sub("", node.value)
            said_elsewhere = words in TECHNICAL or words in welsh.WORDS
            if _SENTENCE.match(words) and _WORD.search(words) and not said_elsewhere:
                yield f"{where}:{node.lineno}: {node.value}"


def _quiet(tree: ast.Module) -> Iterator[ast.AST]:
    """Constants that no page shows as they stand: docstrings, what is said already, what programmers meet."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value
        elif isinstance(node, ast.Call) and _called(node.func) in SAID_BY | _NOT_SHOWN:
            for one in node.args:
                yield from ast.walk(one)


def _called(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def everywhere(root: Path = ROOT) -> dict[str, list[str]]:
    """Bare words by file, for every template and every module that pages are made of."""
    webapp = root / "webapp"
    found: dict[str, list[str]] = {}
    for path in sorted((webapp / "templates").rglob("*.html")):
        name = path.relative_to(webapp).as_posix()
        found[name] = list(in_template(path.read_text("utf-8"), name))
    for path in sorted(webapp.rglob("*.py")):
        name = path.relative_to(webapp).as_posix()
        if not name.startswith(NOT_PAGES):
            found[name] = list(in_python(path.read_text("utf-8"), name))
    return found


def main(only: Iterable[str]) -> int:
    found = [one for name, some in everywhere().items() for one in some if not only or name in only]
    print("\n".join(found))
    return bool(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
