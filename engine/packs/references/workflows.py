"""References in workflows: states, forms, roles, and what effects read and do.

Whether a case can get stuck is the workflow's own check. Must not know forms beyond their questions' types.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.language import codes
from engine.language.model import DeadlineRule, Effect, Form, Question, Transition, Workflow
from engine.language.places import Place
from engine.packs.lookups import where
from engine.packs.references.asking import Asking, Findings, spoken, wrong_type

_PEOPLE = ("staff", "person")


def check_workflow(workflow: Workflow, asking: Asking) -> Findings:
    """Everything that a workflow names."""
    for index, name in enumerate(workflow.about):
        yield from asking.record(name, where(workflow, "about", index), workflow.id)
    if workflow.initial:
        yield from asking.state(workflow, workflow.initial, where(workflow, "initial"), workflow.id)
    if workflow.start is not None:
        for index, role in enumerate(workflow.start.by):
            place = workflow.places.get(
                f"start.by.{index}", workflow.places.get("start.by", where(workflow, "start"))
            )
            yield from asking.role(role, place, workflow.id)
    for state in workflow.states:
        element = f"{workflow.id}.{state.id}"
        for index, name in enumerate(state.forms):
            yield from _form_here(workflow, name, where(state, "forms", index), element, asking)
        if state.deadline is not None:
            place = state.places.get("deadline.from", state.deadline.place)
            yield from _deadline(workflow, state.deadline, place, element, asking)
        for task in state.tasks:
            path = f"{element}.{task.id}"
            yield from asking.role(task.role, task.places.get("for", where(task, "role")), path)
            if task.within is not None:
                yield from _deadline(workflow, task.within, task.within.place, path, asking)
        for effect in (*state.enter, *state.leave):
            yield from _effect(workflow, effect, element, asking)
    for transition in workflow.transitions:
        yield from _transition(workflow, transition, asking)


def _transition(workflow: Workflow, transition: Transition, asking: Asking) -> Findings:
    element = f"{workflow.id}.{transition.id}"
    place_of_sources = transition.places.get("from", where(transition, "sources"))
    for index, name in enumerate(transition.sources):
        place = transition.places.get(f"from.{index}", place_of_sources)
        yield from asking.state(workflow, name, place, element)
    if transition.to is not None:
        example = _nowhere(transition, transition.to)
        yield from asking.state(workflow, transition.to, where(transition, "to"), element, example)
    for branch in transition.branches:
        yield from asking.state(workflow, branch.to, branch.place, element, _nowhere(transition, branch.to))
    for index, role in enumerate(transition.by):
        yield from asking.role(role, where(transition, "by", index), element)
    told = {name for state in workflow.states for name in state.forms}
    for setting, names in (("approve", transition.approve), ("return", transition.send_back)):
        for index, name in enumerate(names):
            if name not in told:
                yield from _form_here(workflow, name, where(transition, setting, index), element, asking)
    for effect in transition.effects:
        yield from _effect(workflow, effect, element, asking)


def _nowhere(transition: Transition, target: str) -> str:
    how = "happens by itself" if transition.automatic else "is chosen"
    named = transition.label or transition.id
    return f"When ‘{named}’ {how}, the case would go to ‘{target}’, and then it would be nowhere."


def _form_here(workflow: Workflow, name: str, place: Place, element: str, asking: Asking) -> Findings:
    """A form that cases of this workflow use: it must be about something that the workflow is about."""
    form = asking.stack.forms.get(name)
    if form is None:
        yield from asking.form(name, place, element)
    elif (
        form.about
        and workflow.about
        and asking.stack.records.keys() >= set(workflow.about)
        and set(workflow.about).isdisjoint(form.about)
    ):
        words: dict[str, Any] = {
            "workflow": workflow.id,
            "name": name,
            "about": spoken(workflow.about),
            "other": spoken(form.about),
        }
        yield codes.finding("R322", place, element=element, related=[(form.place, "the form")], **words)


def _deadline(workflow: Workflow, rule: DeadlineRule, place: Place, element: str, asking: Asking) -> Findings:
    if rule.start not in ("entered", "started"):

        def dated(form: Form, question: Question) -> Findings:
            if question.type != "date":
                yield from wrong_type("from", rule.start, question, "a date question", place, element)

        yield from asking.form_and_question(rule.start, place, element, dated, "date")
    for effect in rule.then:
        yield from _effect(workflow, effect, element, asking)


def _effect(workflow: Workflow, effect: Effect, element: str, asking: Asking) -> Findings:
    check = _EFFECTS.get(effect.kind)
    if check is not None:
        yield from check(workflow, effect, element, asking)


def _start(workflow: Workflow, effect: Effect, element: str, asking: Asking) -> Findings:
    name, source = _text(effect, "workflow"), _text(effect, "on")
    yield from asking.workflow(name, _at(effect, "workflow"), element)
    started = asking.stack.workflows.get(name)
    if source:

        def links(form: Form, question: Question) -> Findings:
            if question.type != "record_link":
                yield from wrong_type(
                    f"{effect.kind} … on",
                    source,
                    question,
                    "a record_link question",
                    _at(effect, "on"),
                    element,
                )
            elif started is not None:
                targets = set(_targets(question))
                if targets and not targets <= set(started.about):
                    wanted = f"a link to {spoken(started.about)} only"
                    yield from wrong_type(
                        f"{effect.kind} … on", source, question, wanted, _at(effect, "on"), element
                    )

        yield from asking.form_and_question(source, _at(effect, "on"), element, links)
    elif started is not None and not set(workflow.about) <= set(started.about):
        words: dict[str, Any] = {
            "name": name,
            "other": spoken(started.about),
            "about": spoken(workflow.about),
        }
        yield codes.finding(
            "R323",
            _at(effect, "workflow"),
            element=element,
            related=[(started.place, "it starts here")],
            **words,
        )


def _await(workflow: Workflow, effect: Effect, element: str, asking: Asking) -> Findings:
    yield from _start(workflow, effect, element, asking)
    awaited = asking.stack.workflows.get(_text(effect, "workflow"))
    if awaited is not None and (state := _text(effect, "state")):
        yield from asking.state(awaited, state, _at(effect, "state"), element)


def _share(workflow: Workflow, effect: Effect, element: str, asking: Asking) -> Findings:
    given = effect.settings.get("forms") or ()
    names = [given] if isinstance(given, str) else [str(one) for one in given]  # type: ignore[attr-defined]
    for index, name in enumerate(names):
        place = effect.places.get(f"forms.{index}", _at(effect, "forms"))
        yield from _form_here(workflow, name, place, element, asking)
    for setting in ("from", "consent"):
        if source := _text(effect, setting):
            yield from asking.form_and_question(source, _at(effect, setting), element)


def _open(workflow: Workflow, effect: Effect, element: str, asking: Asking) -> Findings:
    yield from _form_here(workflow, _text(effect, "form"), _at(effect, "form"), element, asking)
    if role := _text(effect, "for"):
        yield from asking.role(role, _at(effect, "for"), element)


def _notify(workflow: Workflow, effect: Effect, element: str, asking: Asking) -> Findings:
    yield from asking.role(_text(effect, "role"), _at(effect, "role"), element)


def _assign(workflow: Workflow, effect: Effect, element: str, asking: Asking) -> Findings:
    if role := _text(effect, "role"):
        yield from asking.role(role, _at(effect, "role"), element)
    to = _text(effect, "to")
    if to and to != "actor":

        def person(form: Form, question: Question) -> Findings:
            if question.type not in _PEOPLE:
                yield from wrong_type(
                    "assign … to", to, question, "a staff question", _at(effect, "to"), element
                )

        yield from asking.form_and_question(to, _at(effect, "to"), element, person)


def _mark(workflow: Workflow, effect: Effect, element: str, asking: Asking) -> Findings:
    if source := _text(effect, "from"):

        def choice(form: Form, question: Question) -> Findings:
            if question.type not in ("choose_one", "choose_many", "marker"):
                wanted = "a question that chooses from a list"
                yield from wrong_type(effect.kind, source, question, wanted, _at(effect, "from"), element)
            elif question.options is not None:
                yield from _dated(question.options, _at(effect, "from"), element, asking)

        yield from asking.form_and_question(source, _at(effect, "from"), element, choice)
        return
    name = _text(effect, "list")
    yield from asking.list(name, _at(effect, "list"), element)
    options = asking.stack.lists.get(name)
    if options is not None:
        yield from _dated(name, _at(effect, "list"), element, asking)
        if option := _text(effect, "option"):
            yield from asking.option(options, option, _at(effect, "option"), element)


def _dated(name: str, place: Place, element: str, asking: Asking) -> Findings:
    options = asking.stack.lists.get(name)
    if options is not None and options.lifecycle != "dated":
        yield codes.finding("R319", place, element=element, related=[(options.place, "the list")], list=name)


def _action(workflow: Workflow, effect: Effect, element: str, asking: Asking) -> Findings:
    source = _text(effect, "from")

    def rows(form: Form, question: Question) -> Findings:
        rowed = any(one.id == "what" or one.type == "action" for one in question.questions)
        if question.type != "action" and not (question.type == "repeat" and rowed):
            wanted = "an action, or a repeat whose rows have an action or ‘what’"
            yield from wrong_type("action", source, question, wanted, _at(effect, "from"), element)

    yield from asking.form_and_question(source, _at(effect, "from"), element, rows)


def _link(workflow: Workflow, effect: Effect, element: str, asking: Asking) -> Findings:
    source = _text(effect, "from")

    def links(form: Form, question: Question) -> Findings:
        if question.type != "record_link":
            yield from wrong_type(
                "link", source, question, "a record_link question", _at(effect, "from"), element
            )

    yield from asking.form_and_question(source, _at(effect, "from"), element, links)


def _set(workflow: Workflow, effect: Effect, element: str, asking: Asking) -> Findings:
    for record in workflow.about:
        if record in asking.stack.records:
            yield from asking.field(record, _text(effect, "field"), _at(effect, "field"), element)


_EFFECTS: dict[str, Callable[[Workflow, Effect, str, Asking], Findings]] = {
    "start": _start,
    "await": _await,
    "share": _share,
    "open": _open,
    "notify": _notify,
    "assign": _assign,
    "mark": _mark,
    "end_mark": _mark,
    "action": _action,
    "link": _link,
    "set": _set,
}


def _at(effect: Effect, setting: str) -> Place:
    return effect.places.get(setting, effect.place)


def _text(effect: Effect, setting: str) -> str:
    value = effect.settings.get(setting)
    return value if isinstance(value, str) else ""


def _targets(question: Question) -> list[str]:
    targets = question.settings.get("to")
    return (
        [targets]
        if isinstance(targets, str)
        else [str(one) for one in targets]
        if isinstance(targets, list | tuple)
        else []
    )
