"""A checked workspace as lines of JSON, and back: each form, list and workflow a line, read when it is asked for.

Forms keep their conditions as they were typed and the order in which they are settled, so that nothing is parsed or put
in order again; what only explaining needs is not kept and is loaded from the texts. Must not know where lines are kept.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Generic, TypeVar

from engine import forms
from engine.forms import CompiledForm
from engine.language.model import Stack
from engine.packs import storing
from engine.packs.assembly import Assembled
from engine.packs.finding import Texts
from engine.packs.loading import Loaded
from engine.packs.report import Report
from engine.packs.storing import NotStored

T = TypeVar("T")
_decoded = json.JSONDecoder().raw_decode
_KINDS = ("forms", "workflows", "lists", "records", "scenarios")


class Parts(Mapping[str, T], Generic[T]):
    """Things by id, each read from its line when it is first asked for."""

    def __init__(self, places: Mapping[str, int], line: Callable[[int], Any]) -> None:
        self._places = places
        self._line = line
        self._read: dict[str, T] = {}

    def __getitem__(self, key: str) -> T:
        if key not in self._read:
            self._read[key] = self._line(self._places[key])
        return self._read[key]

    def __contains__(self, key: object) -> bool:
        return key in self._places

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def __repr__(self) -> str:
        return f"Parts({list(self._places)})"


@dataclass(frozen=True)
class Kept:
    """A stack that was kept, with what it was made from; the layered documents are loaded from the texts if needed."""

    stack: Stack
    texts: Mapping[str, str]
    translations: Mapping[str, tuple[Mapping[str, Any], ...]]
    plans: Mapping[str, Mapping[str, Any]]
    line: Callable[[int], Any]
    load: Callable[[Mapping[str, str], str], Assembled]

    @cached_property
    def whole(self) -> Assembled:
        return self.load(self.texts, self.stack.manifest.id)

    def form(self, form_id: str) -> CompiledForm:
        """A form, ready: nothing of it is parsed, typed or put in order again."""
        return forms.restored(self.plans[form_id], form_id, self.stack, self.line)


def lines(loaded: Loaded, report: Report) -> Iterator[bytes]:
    """What is to be kept of a workspace without errors; the first line says where everything else stands."""
    made: list[bytes] = []
    places: dict[bytes, int] = {}

    def put(data: Any) -> int:
        line = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
        if line not in places:
            places[line] = len(made)
            made.append(line)
        return places[line]

    def kept(value: Any) -> int:
        return put(storing.written(value, put))

    packs: dict[str, Any] = {}
    for name, one in loaded.packs.items():
        stack = one.stack
        without: dict[str, Any] = {kind: {} for kind in _KINDS}
        packs[name] = {
            "stack": kept(replace(stack, **without)),
            "translations": kept(one.translations),
            "plans": {key: put(forms.written(form, kept)) for key, form in loaded.compiled[name].items()},
            **{kind: {key: kept(value) for key, value in getattr(stack, kind).items()} for kind in _KINDS},
        }
    index = {"packs": packs, "diagnostics": kept(report.diagnostics), "summaries": kept(report.packs)}
    yield json.dumps(index, separators=(",", ":")).encode()
    yield from made


def read(
    kept: list[bytes], found: Texts, load: Callable[[Mapping[str, str], str], Assembled]
) -> tuple[dict[str, Kept], Callable[[], Report]]:
    """The stacks and the report that these lines hold. Raises NotStored if they hold anything else."""

    def data(number: int) -> Any:
        return _decoded(kept[number + 1].decode("utf-8", "surrogatepass"))[0]

    line = storing.Lines(data)

    def report() -> Report:
        texts = {path: text for pack in sorted(found.packs) for path, text in found.packs[pack].items()}
        return Report(line(index["diagnostics"]), line(index["summaries"]), texts)

    try:
        index = json.loads(kept[0])
        if index["packs"].keys() != found.packs.keys():
            raise NotStored("other packs")
        return {name: _pack(one, line, data, found, load) for name, one in index["packs"].items()}, report
    except (KeyError, IndexError, TypeError, ValueError) as problem:
        raise NotStored(str(problem)) from problem


def _pack(
    index: Mapping[str, Any],
    line: Callable[[int], Any],
    data: Callable[[int], Any],
    found: Texts,
    load: Callable[[Mapping[str, str], str], Assembled],
) -> Kept:
    bare: Stack = line(index["stack"])
    parts: dict[str, Any] = {kind: Parts(index[kind], line) for kind in _KINDS}
    stack: Stack = replace(bare, **parts)
    texts = {path: text for layer in stack.layers for path, text in found.packs[layer.pack].items()}
    return Kept(stack, texts, line(index["translations"]), Parts(index["plans"], data), line, load)
