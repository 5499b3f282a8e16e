"""An authority's words for things: all `terms` of a stack combined, and filled in where texts ask for them.

`{term.peer_group}`, `.many`, `.a`, `.the`; with a capital where a sentence starts. Works on located nodes, so that
texts are final before the model is built. Must not know which settings are texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from engine.language import codes
from engine.language.diagnostics import Diagnostic
from engine.language.nodes import Mapping as Map
from engine.language.nodes import Node, Scalar, Sequence
from engine.packs import lookups

Words = Mapping[str, Mapping[str, str]]
FORMS = ("one", "many", "a", "the")

_TERM = re.compile(r"\{term\.([^{}]*)\}")
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")
_SENTENCE_ENDS = re.compile(r"(^|[.!?:]|\n)[\s\"'‘“(*_#>-]*\Z")


def combined(documents: Iterable[Map]) -> dict[str, dict[str, str]]:
    """The words of all `terms` documents, lower layers first; the highest that has a word says all of it."""
    words: dict[str, dict[str, str]] = {}
    for document in documents:
        listed = document.get("words")
        if not isinstance(listed, Map):
            continue
        for key, value in listed.entries:
            if isinstance(value, Map):
                said = {name.text: one.text for name, one in value.entries if isinstance(one, Scalar)}
                words[key.text] = _complete(said)
    return words


def completed(listed: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Words of another language by term. What such a document leaves out is `one` again: its grammar is not ours."""
    return {
        term: {"many": said["one"], "a": said["one"], "the": said["one"], **said}
        for term, said in listed.items()
    }


def _complete(said: dict[str, str]) -> dict[str, str]:
    one = said.get("one", "")
    article = "an" if one[:1].lower() in "aeiou" else "a"
    return {"one": one, "many": f"{one}s", "a": f"{article} {one}", "the": f"the {one}", **said}


def filled(node: Node, words: Words, element: str, findings: list[Diagnostic]) -> Node:
    """`node` with every `{term.…}` in it replaced; unknown ones go into `findings` and stay as written."""
    if isinstance(node, Scalar):
        return _filled(node, words, element, findings) if "{term." in node.text else node
    if isinstance(node, Sequence):
        return Sequence(tuple(filled(item, words, element, findings) for item in node.items), node.place)
    return Map(
        tuple((key, filled(value, words, element, findings)) for key, value in node.entries), node.place
    )


def _filled(node: Scalar, words: Words, element: str, findings: list[Diagnostic]) -> Scalar:
    def replaced(match: re.Match[str]) -> str:
        name, _, form = match[1].partition(".")
        if name not in words:
            ones = {term: said["one"] for term, said in words.items()}
            known = lookups.listed(words)
            likely = lookups.meant(name, ones)
            findings.append(
                codes.finding(
                    "R312", node.place, element=element, did_you_mean=likely, name=name, known=known
                )
            )
            return match[0]
        if (form or "one") not in FORMS:
            findings.append(codes.finding("R330", node.place, element=element, form=form, name=name))
            return match[0]
        text = words[name][form or "one"]
        starts = _SENTENCE_ENDS.search(node.text[: match.start()])
        return text[:1].upper() + text[1:] if starts else text

    return Scalar(_TERM.sub(replaced, node.text), node.quoted, node.place, node.block)


_TEXTS = frozenset(
    ["title", "label", "hint", "guidance", "help", "message", "many", "row_label", "why_required"]
)


def typed_outright(node: Node, words: Words, element: str) -> Iterator[Diagnostic]:
    """Advice where a text that people see has a renamable word in it and not the term."""
    patterns = {
        term: re.compile(rf"\b({re.escape(said['one'])}|{re.escape(said['many'])})\b", re.IGNORECASE)
        for term, said in words.items()
        if said["one"]
    }
    if patterns:
        yield from _outright(node, patterns, element)


def _outright(node: Node, patterns: Mapping[str, re.Pattern[str]], element: str) -> Iterator[Diagnostic]:
    if isinstance(node, Sequence):
        for item in node.items:
            yield from _outright(item, patterns, element)
    elif isinstance(node, Map):
        for key, value in node.entries:
            if isinstance(value, Scalar) and key.text in _TEXTS:
                yield from _in_text(value, patterns, element)
            elif not isinstance(value, Scalar):
                yield from _outright(value, patterns, element)


def _in_text(node: Scalar, patterns: Mapping[str, re.Pattern[str]], element: str) -> Iterator[Diagnostic]:
    text = _PLACEHOLDER.sub("", node.text)
    for term, pattern in patterns.items():
        match = pattern.search(text)
        if match is not None:
            yield codes.finding("R328", node.place, element=element, word=match[0], term=term)
            return
