"""The questions that every check of references asks: is there such a list, form, role; if not, what was meant.

Each yields findings, none if all is well. Must not know which documents hold which references.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from engine.language import codes
from engine.language.diagnostics import Diagnostic
from engine.language.model import Form, OptionList, Question, Stack, Workflow
from engine.language.places import Place
from engine.packs import lookups
from engine.packs.documents import Retired, owner

Findings = Iterator[Diagnostic]


@dataclass(frozen=True)
class Asking:
    """A stack being checked. `retired`: what its layers took out (`form:referral.x`)."""

    stack: Stack
    retired: Mapping[str, Retired]

    def list(self, name: str, place: Place, element: str) -> Findings:
        yield from self._known("R301", name, self.list_labels, place, element)

    def form(self, name: str, place: Place, element: str) -> Findings:
        yield from self._known("R302", name, self.form_labels, place, element)

    def workflow(self, name: str, place: Place, element: str) -> Findings:
        yield from self._known("R303", name, self.workflow_labels, place, element)

    def role(self, name: str, place: Place, element: str) -> Findings:
        yield from self._known("R304", name, self.stack.access.roles, place, element)

    def record(self, name: str, place: Place, element: str) -> Findings:
        yield from self._known("R305", name, self.record_labels, place, element)

    def sensitivity(self, name: str, place: Place, element: str) -> Findings:
        known = dict.fromkeys(self.stack.access.sensitivities, "")
        yield from self._known("R311", name, known, place, element)

    def state(
        self, workflow: Workflow, name: str, place: Place, element: str, example: str | None = None
    ) -> Findings:
        known = {one.id: one.title for one in workflow.states}
        yield from self._part("R307", "workflow", workflow.id, name, known, place, element, example)

    def transition(self, workflow: Workflow, name: str, place: Place, element: str) -> Findings:
        known = {one.id: one.label for one in workflow.transitions}
        yield from self._part("R308", "workflow", workflow.id, name, known, place, element)

    def section(self, form: Form, name: str, place: Place, element: str) -> Findings:
        known = {one.id: one.title for one in form.sections}
        yield from self._part("R309", "form", form.id, name, known, place, element)

    def question(self, form: Form, path: str, place: Place, element: str, wanted: str = "") -> Findings:
        """A question of a form; `wanted` is the type that serves here: one of it is named where nothing is near."""
        if self.found(form, path) is None:
            every = list(lookups.questions(form))
            known = {one.path: one.question.label for one in every}
            serving = {one.path: known[one.path] for one in every if one.question.type == wanted}
            likely = (lookups.meant(path, serving) or next(iter(serving))) if serving else None
            likely = f"{form.id}.{likely}" if likely else None
            yield from self._part("R306", "form", form.id, path, known, place, element, likely=likely)

    def field(self, record: str, name: str, place: Place, element: str) -> Findings:
        known = {one.id: one.label for one in self.stack.records[record].fields}
        yield from self._part("R310", "record", record, name, known, place, element)

    def option(self, options: OptionList, name: str, place: Place, element: str) -> Findings:
        """An option that can be chosen."""
        found = options.option(name)
        if found is None and not (name == "other" and options.other):
            known = lookups.option_labels(options)
            yield from self._part("R316", "list", options.id, name, known, place, element)
        elif found is not None and found.group:
            yield codes.finding("R326", place, element=element, list=options.id, name=name)

    def form_and_question(
        self,
        path: str,
        place: Place,
        element: str,
        then: Callable[[Form, Question], Findings] | None = None,
        wanted: str = "",
    ) -> Findings:
        """A path FORM.question; `then` looks at the question that it names, `wanted` is the type that serves."""
        form_id, _, rest = path.partition(".")
        form = self.stack.forms.get(form_id)
        if form is None:
            yield from self.form(form_id, place, element)
            return
        found = self.found(form, rest)
        if found is None:
            yield from self.question(form, rest, place, element, wanted)
        elif then is not None:
            yield from then(form, found)

    def found(self, form: Form, path: str) -> Question | None:
        standing = self.paths[form.id].get(path)
        return standing.question if standing is not None else lookups.cell(form, self.stack, path)

    @cached_property
    def paths(self) -> Mapping[str, Mapping[str, lookups.Standing]]:
        return {name: lookups.by_path(form) for name, form in self.stack.forms.items()}

    @cached_property
    def list_labels(self) -> Mapping[str, str]:
        return lookups.labels({name: one for name, one in self.stack.lists.items() if "." not in name})

    @cached_property
    def form_labels(self) -> Mapping[str, str]:
        return lookups.labels(self.stack.forms)

    @cached_property
    def workflow_labels(self) -> Mapping[str, str]:
        return lookups.labels(self.stack.workflows)

    @cached_property
    def record_labels(self) -> Mapping[str, str]:
        return lookups.labels(self.stack.records)

    def unknown(
        self, code: str, name: str, known: Mapping[str, str], place: Place, element: str, **words: Any
    ) -> Findings:
        """The finding itself, for names whose candidates the caller knows."""
        likely = lookups.meant(name, known)
        words |= {"name": name, "known": lookups.listed(known)}
        yield codes.finding(code, place, element=element, did_you_mean=likely, **words)

    def _known(self, code: str, name: str, known: Mapping[str, str], place: Place, element: str) -> Findings:
        if name not in known:
            listed = lookups.listed(known)
            likely = lookups.meant(name, known)
            yield codes.finding(code, place, element=element, did_you_mean=likely, name=name, known=listed)

    def _part(
        self,
        code: str,
        kind: str,
        owner: str,
        name: str,
        known: Mapping[str, str],
        place: Place,
        element: str,
        example: str | None = None,
        likely: str | None = None,
    ) -> Findings:
        if name in known:
            return
        gone = self.retired.get(f"{kind}:{owner}.{name}")
        if gone is not None:
            yield still_read(f"{owner}.{name}", gone, place, element, element in self.stack.scenarios)
            return
        words: dict[str, Any] = {kind: owner, "name": name, "known": lookups.listed(known)}
        meant = likely or lookups.meant(name, known)
        yield codes.finding(code, place, element=element, did_you_mean=meant, example=example, **words)


def still_read(name: str, gone: Retired, place: Place, element: str, scenario: bool = False) -> Diagnostic:
    """Something that was taken out and is still read. What a layer above took out is told there, where it can be
    mended: nobody is sent into the files of the pack below."""
    words: dict[str, Any] = {"name": name, "by": gone.pack, "why": gone.why}
    if owner(place) == gone.pack:
        words["advice"] = "Take it out here, or name what took its place."
        return codes.finding("R331", place, element=element, related=[(gone.place, "retired here")], **words)
    words["advice"] = (
        f"The scenario ‘{element}’ of the pack below reads it: write that scenario anew in your own pack, with "
        f"‘replaces: yes’ and without ‘{name.rpartition('.')[2]}’."
        if scenario
        else f"The pack below reads it in ‘{element}’: change that in your own pack too, or leave this question in."
    )
    return codes.finding("R331", gone.place, element=element, related=[(place, "it is read here")], **words)


def wrong_type(what: str, path: str, question: Question, wanted: str, place: Place, element: str) -> Findings:
    """A question named where its type cannot serve."""
    found = f"a {question.type} question"
    words: dict[str, Any] = {"what": what, "name": path, "wanted": wanted, "found": found}
    yield codes.finding("R313", place, element=element, related=[(question.place, "the question")], **words)


def spoken(names: Iterable[str]) -> str:
    """Several ids in a sentence."""
    given = [f"‘{name}’" for name in names]
    return " or ".join(given) if given else "nothing in particular"
