"""Texts of packs → checked stacks and a report, in three stages: each file alone, packs over each other, meaning.

A pack goes on to the next stage only if it and its bases came through the one before, so that one fault is told
once and not again by everything that hangs on it. Must not know files nor the facade.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from engine import expressions, forms, workflow
from engine.expressions import YES_NO, question_type, record_scope, row_scope
from engine.forms import CompiledForm
from engine.language.diagnostics import Diagnostic
from engine.language.documents import Document as Written
from engine.language.documents import check_document, read_file
from engine.language.model import Expression, Question, Stack
from engine.language.places import Place
from engine.language.schemas import Types
from engine.packs import bases, labels, references, tables
from engine.packs.assembly import Assembled, Source, assemble
from engine.packs.finding import Texts
from engine.packs.references.asking import still_read
from engine.packs.report import Report, Summary
from engine.packs.unaltered import unaltered
from engine.questions import BUILT_IN

_SETTINGS = ("show_if", "required_if", "advised_if", "valid_if", "calculate", "default")
_UNKNOWN_NAME = "E430"


@dataclass
class Loaded:
    """Every pack that could be assembled, by id, and what was found in all."""

    packs: dict[str, Assembled] = field(default_factory=dict)
    findings: list[Diagnostic] = field(default_factory=list)
    compiled: dict[str, dict[str, CompiledForm]] = field(default_factory=dict)
    summaries: dict[str, Summary] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    told: dict[str, dict[str, tuple[Diagnostic, ...]]] = field(default_factory=dict)

    def report(self) -> Report:
        return Report.made(self.findings, self.summaries.values(), self.texts)


@contextmanager
def _collector_resting() -> Iterator[None]:
    """What loading makes is kept, so that looking through all of it for rubbish again and again finds none, and takes
    longer the more there is."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def load(found: Texts, types: Types = BUILT_IN) -> Loaded:
    """Everything in `found`, checked. Never raises for content."""
    with _collector_resting():
        return _load(found, types)


def _load(found: Texts, types: Types) -> Loaded:
    loaded = Loaded(findings=list(found.findings))
    sources: dict[str, Source] = {}
    troubled = {one.place.file.split("/")[1] for one in found.findings if one.place.file.count("/") >= 2}
    for pack in sorted(found.packs):
        loaded.texts |= found.packs[pack]
        source, findings = _read(pack, found.packs[pack], types)
        loaded.findings += findings
        loaded.summaries[pack] = Summary(pack)
        if source is not None:
            manifest = source.manifest
            loaded.summaries[pack] = Summary(pack, manifest.version, manifest.extends)
            if pack not in troubled and not _errors(findings):
                sources[pack] = source
            loaded.findings += bases.engine_fits(source)
    order, findings = bases.in_order(sources, set(found.packs))
    loaded.findings += findings
    for pack in order:
        _assemble(sources[pack], loaded, types)
    loaded.findings = labels.explained(loaded.findings, loaded.texts)
    return loaded


def _assemble(source: Source, loaded: Loaded, types: Types) -> None:
    extends = source.manifest.extends
    base = loaded.packs.get(extends) if extends is not None else None
    if extends is not None and base is None:
        return
    assembled, findings = assemble(source, base, types)
    if assembled is not None and not _errors(findings):
        below = (
            _Below(base.stack, loaded.compiled[base.stack.manifest.id], loaded.told[base.stack.manifest.id])
            if base
            else None
        )
        meaning, compiled, told = check_meaning(assembled, below)
        findings += meaning
        loaded.compiled[source.pack], loaded.told[source.pack] = compiled, told
        loaded.summaries[source.pack] = Summary.of(assembled.stack)
        if not _errors(findings):
            loaded.packs[source.pack] = assembled
    # What a layer takes over as it stands below was told there.
    before = {(one.code, one.place) for one in loaded.findings}
    loaded.findings += [one for one in findings if (one.code, one.place) not in before]


def _read(pack: str, texts: Mapping[str, str], types: Types) -> tuple[Source | None, list[Diagnostic]]:
    """Stage one: each file by itself."""
    findings: list[Diagnostic] = []
    documents: list[Written] = []
    translations: dict[str, dict[str, str]] = {}
    for path, text in texts.items():
        if path.lower().endswith(".csv"):
            continue
        read, more = read_file(text, path)
        findings += more
        for one in read:
            whole, labelled, more = tables.with_options(one, texts)
            findings += more
            findings += check_document(whole, types)
            documents.append(whole)
            for language, said in labelled.items():
                translations.setdefault(language, {}).update(said)
    return bases.described(pack, texts, documents, findings, translations)


def _errors(findings: list[Diagnostic]) -> bool:
    return any(one.severity == "error" for one in findings)


@dataclass(frozen=True)
class _Below:
    """What was made of the pack below: its stack, its forms compiled, and what was found in each."""

    stack: Stack
    compiled: Mapping[str, CompiledForm]
    told: Mapping[str, tuple[Diagnostic, ...]]


def check_meaning(
    assembled: Assembled, below: _Below | None = None
) -> tuple[list[Diagnostic], dict[str, CompiledForm], dict[str, tuple[Diagnostic, ...]]]:
    """Stages two and three of a stack that is whole: what it names, then what it means. Also its compiled forms, and
    what was found in each. A form that means what it means below is taken from there."""
    stack = assembled.stack
    findings = list(references.check(stack, assembled.retired))
    scenarios = list(references.check_scenarios(stack, assembled.retired))
    if _errors(findings):
        return findings + scenarios, {}, {}
    findings += scenarios
    for name, expression in stack.conditions.items():
        _, problems = expressions.parse(expression)
        findings += [replace(one, element=name) for one in problems]
    for record in stack.records.values():
        findings += _record(stack, record.id, record.fields)
    compiled: dict[str, CompiledForm] = {}
    told: dict[str, tuple[Diagnostic, ...]] = {}
    same = unaltered(stack, below.stack) if below is not None else None
    for form in stack.forms.values():
        if below is not None and same is not None and same(form):
            compiled[form.id], told[form.id] = below.compiled[form.id].over(stack), below.told[form.id]
        else:
            compiled[form.id] = forms.compile(form, stack)
            told[form.id] = compiled[form.id].findings
        findings += told[form.id]
    for one in stack.workflows.values():
        findings += workflow.check(one, stack)
    return [_retired(one, assembled) for one in findings], compiled, told


def _record(stack: Stack, record: str, fields: tuple[Question, ...]) -> Iterator[Diagnostic]:
    """The conditions of a record type's own fields."""
    scope = record_scope(stack, [record])
    for question in fields:
        yield from _conditions(stack, question, scope, f"{record}.{question.id}")
        if question.questions:
            inner = row_scope(scope, question.id)
            for one in question.questions:
                yield from _conditions(stack, one, inner, f"{record}.{question.id}.{one.id}")


def _conditions(
    stack: Stack, question: Question, scope: expressions.Scope, element: str
) -> Iterator[Diagnostic]:
    for setting in _SETTINGS:
        expression: Expression | None = getattr(question, setting)
        if expression is not None:
            wants = question_type(stack, question) if setting in ("calculate", "default") else YES_NO
            written, findings = expressions.parse(expression)
            yield from findings
            yield from expressions.typed(written, scope, wants, element)[1]


def _retired(finding: Diagnostic, assembled: Assembled) -> Diagnostic:
    """A name that nobody knows any more, told with who retired it and why."""
    if not assembled.retired:
        return finding
    if finding.code == _UNKNOWN_NAME:
        name = _quoted(assembled.texts.get(finding.place.file, ""), finding.place)
    elif finding.code == "E465" and (
        inner := re.search(r"Nothing here is called ‘([\w.]+)’", finding.message)
    ):
        name = inner[1]
    else:
        return finding
    own = finding.element.partition(".")[0]
    for key in (f"form:{own}.{name}", f"form:{name}"):
        gone = assembled.retired.get(key)
        if gone is not None:
            return still_read(name, gone, finding.place, finding.element)
    return finding


def _quoted(text: str, place: Place) -> str:
    rows = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    row = rows[place.line - 1] if place.line <= len(rows) else ""
    return re.sub(r"\s", "", row[place.column - 1 : place.end_column - 1])
