"""Every reason why a transition may not happen now, in words.

The machine's quick path only learns yes or no; when it is no, or when somebody asks what is possible, the
whole answer is put together here. It must not decide anything that the quick path does not decide too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from engine.expressions.changeable import Least
from engine.language.model import Stack, Workflow
from engine.language.saying import say
from engine.workflow import facts as facts_
from engine.workflow.guards import CaseReader, Guard
from engine.workflow.moves import Move
from engine.workflow.values import CaseState, Refusal

Authors = Mapping[str, str | Iterable[str]]
Seek = Callable[[], Least | None]


class Words:
    """Titles of one workflow's states, forms and roles, for refusals."""

    def __init__(self, workflow: Workflow, stack: Stack) -> None:
        self._states = {state.id: state.title for state in workflow.states}
        self._forms = {form.id: form.title for form in stack.forms.values()}
        self._about = {form.id: frozenset(form.about) for form in stack.forms.values()}
        self._roles = dict(stack.access.roles)
        self._workflows = stack.workflows

    def suits(self, form_id: str, facts: Mapping[str, Any]) -> bool:
        """Whether a form is about records of this type; so it is where the facts do not say the type."""
        kind = (facts.get("record") or {}).get("type")
        return kind is None or not self._about.get(form_id) or kind in self._about[form_id]

    def state(self, state_id: str) -> str:
        return f"‘{self._states.get(state_id, state_id)}’"

    def form(self, form_id: str) -> str:
        return f"‘{self._forms.get(form_id, form_id)}’"

    def awaited(self, workflow_id: str, state_id: str | None) -> str:
        """An awaited workflow and where its case stands, as `‘Strategy discussion’ (now at ‘Arranged’)`."""
        workflow = self._workflows.get(workflow_id)
        state = workflow.state(state_id) if workflow is not None and state_id else None
        title = f"‘{workflow.title if workflow is not None else workflow_id}’"
        return (
            say("%(case)s (now at ‘%(state)s’)", case=title, state=state.title)
            if state is not None
            else title
        )

    def roles(self, role_ids: Iterable[str]) -> str:
        return either(self._roles.get(role, role) for role in role_ids)


def either(words: Iterable[str]) -> str:
    """a · a or b · a, b or c"""
    *first, last = list(words) or [say("nobody")]
    return f"{', '.join(first)} {say('or')} {last}" if first else last


def unknown_transition(transition: str, nearest: str | None) -> Refusal:
    said = say("This workflow has no transition ‘%(transition)s’.", transition=transition)
    hint = say("Did you mean ‘%(name)s’?", name=nearest) if nearest else ""
    return Refusal("state", f"{said} {hint}".strip())


def of_revision(case: CaseState, revision: int | None) -> Iterator[Refusal]:
    """Somebody else moved the case on since this person last saw it."""
    if revision is not None and revision != case.revision:
        yield Refusal(
            "revision",
            say("The case has changed since you opened it. Look at where it stands now, then decide again."),
            allow=say("Look at the case again."),
        )


def of_place(move: Move, case: CaseState, words: Words) -> Iterator[Refusal]:
    if case.state in move.sources:
        return
    wanted = move.written.sources
    yield Refusal(
        "state",
        say(
            "‘%(step)s’ is possible only while the case is at %(wanted)s; it is at %(state)s.",
            step=move.label,
            wanted=either(map(words.state, wanted)),
            state=words.state(case.state),
        ),
        needs=wanted,
        allow=say("Bring the case to %(states)s first.", states=either(map(words.state, wanted))),
    )


def of_role(move: Move, roles: frozenset[str], words: Words) -> Iterator[Refusal]:
    if move.written.automatic:
        yield Refusal(
            "role",
            say("‘%(step)s’ happens by itself as soon as it can; nobody does it by hand.", step=move.label),
        )
    elif move.by.isdisjoint(roles):
        yield Refusal(
            "role",
            say("‘%(step)s’ is for %(roles)s.", step=move.label, roles=words.roles(move.written.by)),
            needs=tuple(move.written.by),
            allow=say("Ask a person with this role: %(roles)s.", roles=words.roles(move.written.by)),
        )


def of_conditions(move: Move, read: CaseReader, seek: Seek) -> Iterator[Refusal]:
    """Conditions that are false, and those that cannot be decided yet with what they wait for.

    The least change that `seek` finds meets all of them at once, so each of them carries the same.
    """
    reads = frozenset(name for guard in move.guards for name in guard.typed.reads)
    for one in _of_conditions(move, read):
        yield replace(one, reads=reads, seek=seek)


def _of_conditions(move: Move, read: CaseReader) -> Iterator[Refusal]:
    verdict = move.verdict(read)
    for guard in verdict.failed:
        yield Refusal(
            "guard",
            say(
                "‘%(step)s’ needs this to be so: %(condition)s.",
                step=move.label,
                condition=guard.why(read).text,
            ),
            needs=(guard.text,),
        )
    if verdict.no_branch:
        tried = tuple(one.guard.text for one in move.exits if one.guard is not None)
        said = say("‘%(step)s’ leads nowhere yet: none of its branches holds.", step=move.label)
        yield Refusal("guard", said, needs=tried)
    if verdict.waits:
        yield _waiting(move, verdict.waits, read)


def _waiting(move: Move, guards: Iterable[Guard], read: CaseReader) -> Refusal:
    guards = list(guards)
    missing: dict[str, str] = {}
    for guard in guards:
        missing.update(guard.unanswered(read))
    listed = "; ".join(f"‘{label}’" for label in dict.fromkeys(missing.values()))
    return Refusal(
        "unknown",
        say(
            "‘%(step)s’ cannot be decided yet. Not answered: %(questions)s.",
            step=move.label,
            questions=listed,
        ),
        unanswered=tuple(missing),
        needs=tuple(guard.text for guard in guards),
    )


def of_waiting(facts: Mapping[str, Any], words: Words) -> Iterator[Refusal]:
    """Nothing happens by itself while a case waits for another; people may still move it on."""
    awaits = facts_.awaits(facts)
    stands = (facts.get("case") or {}).get("awaited") or {}
    for workflow in awaits:
        said = say("Waiting for %(case)s.", case=words.awaited(workflow, stands.get(workflow)))
        yield Refusal("guard", said, needs=(workflow,))


def of_reason(move: Move, reason: str | None) -> Iterator[Refusal]:
    if move.needs_reason and not (reason and reason.strip()):
        said = say("‘%(step)s’ needs a reason. Say why.", step=move.label)
        yield Refusal("reason", said, allow=say("Write a reason."))


def of_forms(move: Move, facts: Mapping[str, Any], words: Words) -> Iterator[Refusal]:
    """What is approved or returned must be there, submitted and not yet decided on."""
    for form in move.forms:
        state = facts_.form_state(facts, form)
        if state != facts_.SUBMITTED:
            now = {
                None: "%(form)s has not been submitted.",
                "approved": "%(form)s is already approved.",
            }.get(state, "%(form)s has been returned and not submitted again.")
            allow = "Submit the form %(form)s." if state is None else "Submit the form %(form)s again."
            said = words.form(form)
            yield Refusal("form", say(now, form=said), needs=(form,), allow=say(allow, form=said))


def of_four_eyes(
    move: Move, facts: Mapping[str, Any], person: str | None, submitted_by: Authors | None, words: Words
) -> Iterator[Refusal]:
    """Nobody decides on what they submitted; where it is not known who did, nobody decides."""
    if not move.written.four_eyes:
        return
    for form in move.forms:
        if facts_.form_state(facts, form) is None:
            continue
        author = (submitted_by or {}).get(form)
        authors = {author} if isinstance(author, str) else set(author or ())
        if person is None or not authors:
            yield Refusal(
                "four_eyes",
                say("It must be known that somebody else submitted %(form)s.", form=words.form(form)),
                needs=(form,),
                allow=say(
                    "Have the form %(form)s submitted by somebody who is known.", form=words.form(form)
                ),
            )
        elif person in authors:
            yield Refusal(
                "four_eyes",
                say("You submitted %(form)s; somebody else has to decide on it.", form=words.form(form)),
                needs=(form,),
                allow=say("Ask somebody else to decide."),
            )
