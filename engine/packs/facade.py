"""A workspace as everybody else uses it: its packs, and in each its forms and workflows, compiled when asked for.

Must not know how packs are found, layered or checked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from engine import forms, workflow
from engine.language.guess import nearest
from engine.language.model import Form, OptionList, RecordType, Section, Stack
from engine.packs import assembly, bases, explaining, finding, keeping, loading
from engine.packs.assembly import Assembled
from engine.packs.cache import Cache, key_of
from engine.packs.documents import owner
from engine.packs.keeping import Kept
from engine.packs.languages import Overview, overview
from engine.packs.report import Report

T = TypeVar("T")


class DefinitionError(Exception):
    """Definitions have errors. `report` holds every finding; the text is the report as people read it."""

    def __init__(self, report: Report) -> None:
        super().__init__(report)
        self.report = report

    def __str__(self) -> str:
        return self.report.as_text()


class UnknownName(KeyError):
    """Something was asked for by an id that is not there."""

    def __init__(self, kind: str, name: str, known: Iterable[str], *, meant: Iterable[str] = ()) -> None:
        super().__init__(name)
        self.kind = kind
        self.name = name
        self.meant = tuple(meant)
        self.suggestion = nearest(name, known)

    def __str__(self) -> str:
        if self.meant:
            several = ", ".join(f"‘{one}’" for one in self.meant)
            return f"More than one {self.kind} is called ‘{self.name}’. Name one of them: {several}."
        meant = f" Did you mean ‘{self.suggestion}’?" if self.suggestion else ""
        return f"There is no {self.kind} ‘{self.name}’.{meant}"


class Pack:
    """One pack over all that it extends. Forms and workflows are compiled once, when first asked for.

    `compiled` are forms that were compiled already, for their checks. A pack that was `kept` has its documents only
    when somebody asks for what they say.
    """

    def __init__(
        self, kept: Assembled | Kept, compiled: Mapping[str, forms.CompiledForm] | None = None
    ) -> None:
        self._kept = kept
        self._forms: dict[str, forms.CompiledForm] = dict(compiled or {})
        self._fields: dict[str, forms.CompiledForm] = {}
        self._workflows: dict[str, workflow.Machine] = {}
        self._original = self
        self._spoken: dict[str, Pack] = {}

    def __repr__(self) -> str:
        return f"Pack({self.id!r}, {self.version!r})"

    @property
    def stack(self) -> Stack:
        return self._kept.stack

    @property
    def _assembled(self) -> Assembled:
        return self._kept.whole if isinstance(self._kept, Kept) else self._kept

    @property
    def id(self) -> str:
        return self.stack.manifest.id

    @property
    def version(self) -> str:
        return self.stack.manifest.version

    @property
    def hash(self) -> str:
        """What submissions and cases are pinned to: the same files give the same hash anywhere."""
        return self.stack.hash

    @property
    def texts(self) -> Mapping[str, str]:
        """Every file of every layer by path, as `load_texts` takes them."""
        return self._kept.texts

    @property
    def translations(self) -> Mapping[str, tuple[Mapping[str, object], ...]]:
        """The `language` documents by language, lower layers first, as they were written."""
        return self._kept.translations

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that it can be read in, its own first."""
        manifest = self._original.stack.manifest
        return tuple(dict.fromkeys((manifest.language, *manifest.languages)))

    @property
    def original(self) -> Pack:
        """The same pack in its own language: what is written down and kept for others is said in it."""
        return self._original

    def in_language(self, language: str) -> Pack:
        """The same pack with its texts in `language`, or itself where it has no such language.

        Ids, conditions, hash and all that evaluation comes to are the same; a text that is not there, or whose original
        was reworded since, stands in the pack's own language and is `Untranslated`.
        """
        own = self._original
        if language == own.stack.manifest.language or language not in own.languages:
            return own
        if language not in own._spoken:
            made = Pack(assembly.in_language(own._assembled, language))
            made._original = own
            own._spoken[language] = made
        return own._spoken[language]

    def overview(self, language: str) -> Overview:
        """Which of its texts are there in a language, which are checked, which are stale."""
        whole = self._original._assembled
        return overview(whole.documents, whole.translations.get(language, ()), self.id, language)

    def form(self, form_id: str) -> forms.CompiledForm:
        """A form, ready to evaluate. Raises UnknownName."""
        if form_id not in self._forms:
            self._forms[form_id] = self._form(form_id)
        return self._forms[form_id]

    def _form(self, form_id: str) -> forms.CompiledForm:
        if isinstance(self._kept, Kept) and form_id in self.stack.forms:
            return self._kept.form(form_id)
        return forms.compile(_named("form", form_id, self.stack.forms), self.stack)

    def workflow(self, workflow_id: str) -> workflow.Machine:
        """A workflow, ready to run. Raises UnknownName."""
        if workflow_id not in self._workflows:
            found = _named("workflow", workflow_id, self.stack.workflows)
            self._workflows[workflow_id] = workflow.compile(found, self.stack)
        return self._workflows[workflow_id]

    def list(self, list_id: str) -> OptionList:
        """A list of options. Raises UnknownName."""
        return _named("list", list_id, self.stack.lists)

    def record(self, record_id: str) -> RecordType:
        """A record type. Raises UnknownName."""
        return _named("record type", record_id, self.stack.records)

    def fields(self, record_id: str) -> forms.CompiledForm:
        """A record type's own fields as a form, to be drawn and evaluated like any other. Raises UnknownName."""
        if record_id not in self._fields:
            declared = self.record(record_id)
            section = Section(id="fields", title=declared.title, questions=declared.fields)
            made = Form(id=declared.id, title=declared.title, about=(declared.id,), sections=(section,))
            self._fields[record_id] = forms.compile(made, self.stack)
        return self._fields[record_id]

    def explain(self, element: str) -> explaining.Explanation:
        """Which layer gave which part of an element (`referral.harm_types`). Raises UnknownName.

        An id alone will do (`harm_types`) where only one element ends in it.
        """
        explanation = explaining.explain(self._assembled, element)
        if explanation is not None:
            return explanation
        known = list(explaining.names(self._assembled))
        ending = [one for one in known if one.endswith(f".{element}")]
        if len(ending) != 1:
            raise UnknownName("element", element, known, meant=ending)
        return self.explain(ending[0])


class Workspace:
    """Every pack of a workspace, checked."""

    def __init__(self, packs: Mapping[str, Pack], report: Callable[[], Report]) -> None:
        self.packs = packs
        self._report = report

    @cached_property
    def report(self) -> Report:
        """What was found, warnings and advice at most."""
        return self._report()

    def pack(self, pack_id: str) -> Pack:
        """A pack by its id. Raises UnknownName."""
        return _named("pack", pack_id, self.packs)


def load(root: str | Path, cache: Cache | None = None) -> Workspace:
    """The workspace in a folder. Raises NoWorkspace if it is none, DefinitionError if it has errors.

    What was loaded from the same texts by the same engine is taken from `cache`, and kept there for the next time.
    """
    return _workspace(finding.find(root), cache)


def load_pack(root: str | Path, pack_id: str, cache: Cache | None = None) -> Pack:
    """One pack of the workspace in a folder, judged by itself and what it extends: another's faults are nothing to it.

    Raises NoWorkspace, UnknownName, and DefinitionError with what was found in these packs alone.
    """
    found = finding.find(root)
    _named("pack", pack_id, found.packs)
    own = bases.with_bases(found.packs, pack_id)
    mine = tuple(one for one in found.findings if owner(one.place) in {*own, ""})
    return _workspace(finding.Texts({one: found.packs[one] for one in sorted(own)}, mine), cache).pack(
        pack_id
    )


def tops(root: str | Path) -> tuple[str, ...]:
    """The packs of a workspace that no other there extends: those that authorities work with. Raises NoWorkspace."""
    packs = finding.find(root).packs
    beneath = {base for one in packs for base in bases.with_bases(packs, one) - {one}}
    return tuple(sorted(set(packs) - beneath))


def load_texts(texts: Mapping[str, str], cache: Cache | None = None) -> Workspace:
    """A workspace from the texts of its files by path, as the database holds them. Raises DefinitionError."""
    return _workspace(finding.given(texts), cache)


def inspect(root: str | Path) -> Report:
    """Everything that `check` finds in a folder. Raises NoWorkspace if it is none, never for content."""
    return loading.load(finding.find(root)).report()


def inspect_texts(texts: Mapping[str, str]) -> Report:
    """The same for texts by path."""
    return loading.load(finding.given(texts)).report()


def _workspace(found: finding.Texts, cache: Cache | None) -> Workspace:
    key = key_of(found) if cache is not None else ""
    lines = cache.find(key) if cache is not None else None
    if lines is not None:
        try:
            kept, told = keeping.read(lines, found, _whole)
            return Workspace({name: Pack(one) for name, one in kept.items()}, told)
        except keeping.NotStored:
            # As if nothing had been kept: what is made now takes its place.
            pass
    loaded = loading.load(found)
    report = loaded.report()
    if not report.ok:
        raise DefinitionError(report)
    if cache is not None:
        cache.keep(key, keeping.lines(loaded, report))
    return Workspace(
        {name: Pack(one, loaded.compiled[name]) for name, one in loaded.packs.items()}, lambda: report
    )


def _whole(texts: Mapping[str, str], pack: str) -> Assembled:
    return loading.load(finding.given(texts)).packs[pack]


def _named(kind: str, name: str, among: Mapping[str, T]) -> T:
    if name not in among:
        raise UnknownName(kind, name, among)
    return among[name]
