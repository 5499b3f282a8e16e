"""A pack in another language: which texts people see, how each stands in a translation, and the documents made of it.

A translation names a text by the path of its element and the setting (`referral.danger_now.label`) and says which text
it was made from, so that a reworded one is known. A text that was reworded since is not shown in its old translation:
two people who read different languages must not be asked different things. Must not know pages, nor layers' verbs.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from engine.language import codes
from engine.language.diagnostics import Diagnostic
from engine.language.model import Untranslated
from engine.language.nodes import Mapping as Map
from engine.language.nodes import Node, Scalar
from engine.language.places import Place
from engine.packs import parts, terms
from engine.packs.documents import Document, Key, owner
from engine.packs.parts import Part

State = Literal["checked", "draft", "stale", "missing"]
STATES: tuple[State, ...] = ("checked", "draft", "stale", "missing")

# Documents whose texts people at work meet; scenarios are read by whoever writes definitions.
_SHOWN = ("form", "list", "record", "workflow", "access")
_SETTINGS = (
    "title", "label", "hint", "guidance", "help", "message", "row_label", "why_required", "unit", "yes_label",
    "no_label",
)  # fmt: skip
# Maps whose values, or one of whose values, are texts too.
_INNER = {("workflow", "start"): frozenset({"label"}), ("access", "roles"): None}
_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Text:
    """One text that people see: its path, the kind of thing it says, what it says, and which pack says so.

    `within` is the kind of document it stands in: two of different kinds may share an id, and then a path.
    """

    path: str
    within: str
    kind: str
    text: str
    pack: str
    place: Place

    @property
    def names(self) -> tuple[str, str]:
        """How a translation may name it: with the kind of document where the id alone means two, and without."""
        return f"{self.within}:{self.path}", self.path


@dataclass(frozen=True, slots=True)
class Standing:
    """One text and how it stands in a language."""

    text: Text
    state: State
    said: str | None = None


@dataclass(frozen=True, slots=True)
class Overview:
    """How a pack stands in one language."""

    pack: str
    language: str
    standings: tuple[Standing, ...]

    def counted(self) -> dict[str, dict[State, int]]:
        """By kind of text, how many are in each state."""
        found = Counter((one.text.kind, one.state) for one in self.standings)
        return {
            kind: {state: found[kind, state] for state in STATES} for kind in sorted({k for k, _ in found})
        }

    @property
    def whole(self) -> bool:
        """Whether every text is there, of today's wording; checked or not."""
        return all(one.state in ("checked", "draft") for one in self.standings)

    def as_json(self) -> dict[str, object]:
        return {
            "pack": self.pack,
            "language": self.language,
            "texts": len(self.standings),
            "whole": self.whole,
            "kinds": self.counted(),
            "waiting": [
                {
                    "path": one.text.path,
                    "state": one.state,
                    "text": one.text.text,
                    "of": mark(one.text.text),
                    "pack": one.text.pack,
                }
                for one in self.standings
                if one.state in ("stale", "missing")
            ],
        }

    def as_text(self) -> str:
        """A table by kind, then each text that is missing or stale with the mark to write beside its translation."""
        wide = max([len("kind"), *(len(kind) for kind in self.counted())])
        lines = [f"{self.pack} in {self.language}: {len(self.standings)} texts"]
        lines.append("  " + "kind".ljust(wide) + "".join(state.rjust(9) for state in STATES))
        for kind, found in self.counted().items():
            lines.append("  " + kind.ljust(wide) + "".join(str(found[state]).rjust(9) for state in STATES))
        waiting = [one for one in self.standings if one.state in ("stale", "missing")]
        lines += [
            f"{one.state}: {one.text.path}  of: {mark(one.text.text)}\n  {one.text.text}" for one in waiting
        ]
        if not waiting:
            lines.append("Every text is there.")
        return "\n".join(lines)


def mark(text: str) -> str:
    """The `of` of a translation: the start of the SHA-256 of the text it was made from, white space folded."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:_DIGITS]


def texts(documents: Mapping[Key, Document], pack: str) -> Iterator[Text]:
    """Every text of a layered stack that people at work see, in file order; the pack's own title is one."""
    for document in documents.values():
        if document.kind == "pack" and document.id == pack:
            title = document.part.settings.get("title")
            if title is not None and isinstance(title[1], Scalar):
                yield _text(document.kind, f"{document.id}.title", "title", title[1])
        elif document.kind in _SHOWN:
            for path, part in _parts(document):
                for setting, node in _said(part):
                    yield _text(document.kind, f"{path}.{setting}", setting.rpartition(".")[2], node)


def _text(within: str, path: str, setting: str, node: Scalar) -> Text:
    kind = "role" if ".roles." in path else "title" if setting == "many" else setting
    return Text(path, within, kind, " ".join(node.text.split()), owner(node.place), node.place)


def _parts(document: Document) -> Iterator[tuple[str, Part]]:
    yield document.id, document.part
    for found in parts.walk(document.part):
        yield f"{document.id}.{found.path}", found.part


def _said(part: Part) -> Iterator[tuple[str, Scalar]]:
    """The texts of one part by setting, `start.label` for those in a map."""
    for setting, (_, value) in part.settings.items():
        if isinstance(value, Scalar):
            # What a question calls its parts, as a person's name and role, is a text too.
            shown = setting in _SETTINGS or setting.endswith("_label")
            if (shown or (setting == "many" and part.kind == "record")) and value.text.strip():
                yield setting, value
        elif isinstance(value, Map) and (part.kind, setting) in _INNER:
            wanted = _INNER[part.kind, setting]
            for key, inner in value.entries:
                if isinstance(inner, Scalar) and (wanted is None or key.text in wanted):
                    yield f"{setting}.{key.text}", inner


def overview(
    documents: Mapping[Key, Document], translations: Iterable[Mapping[str, Any]], pack: str, language: str
) -> Overview:
    """How each text of a stack stands in a language."""
    given = _by_path(translations)
    return Overview(pack, language, tuple(_standing(one, given) for one in texts(documents, pack)))


def _by_path(translations: Iterable[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """Translations by path, those of higher layers first."""
    found: dict[str, list[Any]] = {}
    for document in translations:
        for path, said in (document.get("texts") or {}).items():
            found.setdefault(path, []).insert(0, said)
    return found


def _standing(text: Text, given: Mapping[str, list[Any]]) -> Standing:
    offered = [said for name in text.names for said in given.get(name, [])]
    for one in offered:
        # A label from a table stands beside the very text it translates, and says neither `of` nor `state`.
        said = one if isinstance(one, Mapping) else {"text": one}
        if "of" not in said or said["of"] == mark(text.text):
            return Standing(text, "checked" if said.get("state") == "checked" else "draft", said["text"])
    return Standing(text, "stale" if offered else "missing")


def spoken(
    documents: Mapping[Key, Document],
    translations: Iterable[Mapping[str, Any]],
    pack: str,
    words: terms.Words,
    own: str,
    language: str,
) -> dict[Key, Map]:
    """The documents that people see, whole, in `language`; what it has no text for stays `Untranslated` in `own`."""
    given = list(translations)
    mine = dict(words)
    for one in given:
        mine |= terms.completed(one.get("words") or {})
    found = {
        (one.text.path, one.text.text): one.said
        for one in overview(documents, given, pack, language).standings
    }

    def saying(path: str, node: Scalar) -> Scalar:
        said = found.get((path, " ".join(node.text.split())))
        if said is None:
            filled = terms.filled(node, words, path, [])
            assert isinstance(filled, Scalar)
            return replace(filled, text=Untranslated(filled.text.strip(), own), quoted=True)
        whole = terms.filled(Scalar(said, True, node.place), mine, path, [])
        assert isinstance(whole, Scalar)
        return whole

    made = {}
    for key, document in documents.items():
        if document.kind in _SHOWN or (document.kind == "pack" and document.id == pack):
            altered = replace(document, part=document.part.copied())
            for path, part in _parts(altered):
                for setting, node in list(_said(part)):
                    _put(part, setting, saying(f"{path}.{setting}", node))
            made[key] = altered.node
    return made


def _put(part: Part, setting: str, node: Scalar) -> None:
    name, _, inner = setting.partition(".")
    key, value = part.settings[name]
    if inner and isinstance(value, Map):
        entries: list[tuple[Scalar, Node]] = [
            (one, node if one.text == inner else kept) for one, kept in value.entries
        ]
        part.settings[name] = key, Map(tuple(entries), value.place)
    else:
        part.settings[name] = key, node


def check(documents: Mapping[Key, Document], own: Iterable[Map], pack: str) -> Iterator[Diagnostic]:
    """Advice on a pack's own translations: what was reworded since, and what translates nothing any more."""
    written = tuple(own)
    if not written:
        return
    now: dict[str, list[Text]] = {}
    for one in texts(documents, pack):
        for name in one.names:
            now.setdefault(name, []).append(one)
    for document in written:
        language = document.entries[0][1]
        listed = document.get("texts")
        if not isinstance(listed, Map) or not isinstance(language, Scalar):
            continue
        for key, value in listed.entries:
            words: dict[str, Any] = {"path": key.text, "language": language.text}
            if key.text not in now:
                yield codes.finding("P742", key.place, element=key.text, **words)
                continue
            of = value.get("of") if isinstance(value, Map) else None
            marks = {mark(one.text): one for one in now[key.text]}
            if isinstance(of, Scalar) and of.text not in marks:
                other = now[key.text][0]
                yield codes.finding(
                    "P743", of.place, element=key.text, related=[(other.place, "the text as it is now")],
                    text=other.text, of=mark(other.text), **words,
                )  # fmt: skip
