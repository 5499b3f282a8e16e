"""References in access rules. Must not know who may see what."""

from __future__ import annotations

from engine.language import codes
from engine.language.model import Access, AccessRule, Question
from engine.packs import lookups
from engine.packs.lookups import where
from engine.packs.references.asking import Asking, Findings


def check_access(access: Access, asking: Asking) -> Findings:
    """Everything that access rules name."""
    for job, roles in access.manage.items():
        for index, role in enumerate(roles):
            place = access.places.get(
                f"manage.{job}.{index}", access.places.get(f"manage.{job}", where(access, "manage"))
            )
            yield from asking.role(role, place, access.id)
    yield from _nobody(access, asking)
    for rule in access.rules:
        yield from _rule(rule, f"{access.id}.{rule.id}", asking)


def _nobody(access: Access, asking: Asking) -> Findings:
    """Record types that work is about and nobody may make. A pack without rules is not judged."""
    stack = asking.stack
    if not access.rules:
        return
    made = {name for rule in access.rules if "create" in rule.may for name in rule.records}
    users = [(one.id, one.about) for one in stack.workflows.values()]
    users += [(one.id, one.about) for one in stack.forms.values()]
    for name, record in stack.records.items():
        about = next((one for one, records in users if name in records), None)
        if about is not None and not made & {name, "any"}:
            yield codes.finding("R335", where(record, "title"), element=name, record=name, user=about)


def _rule(rule: AccessRule, element: str, asking: Asking) -> Findings:
    yield from asking.role(rule.role, where(rule, "role"), element)
    for index, name in enumerate(rule.records):
        if name != "any":
            yield from asking.record(name, where(rule, "record", index), element)
    for index, name in enumerate(rule.forms):
        yield from asking.form(name, where(rule, "form", index), element)
    for index, name in enumerate(rule.sensitivities):
        yield from asking.sensitivity(name, where(rule, "sensitivity", index), element)
    yield from _states(rule, element, asking)
    for index, path in enumerate(rule.sections):
        yield from _part(path, "section", rule, index, element, asking)
    for index, path in enumerate(rule.questions):
        yield from _part(path, "question", rule, index, element, asking)
    for index, name in enumerate(rule.never):
        yield from _never(name, rule, index, element, asking)


def _states(rule: AccessRule, element: str, asking: Asking) -> Findings:
    """A state is named alone, or as WORKFLOW.state where several workflows have one of that name."""
    workflows = asking.stack.workflows
    for index, name in enumerate(rule.states):
        place = where(rule, "state", index)
        owner, dot, rest = name.partition(".")
        if dot and owner in workflows:
            yield from asking.state(workflows[owner], rest, place, element)
        elif dot:
            yield from asking.workflow(owner, place, element)
        else:
            known = {one.id: one.title for each in workflows.values() for one in each.states}
            if name not in known:
                yield from asking.unknown("R307", name, known, place, element, workflow="any workflow")


def _part(path: str, what: str, rule: AccessRule, index: int, element: str, asking: Asking) -> Findings:
    """A section or question: FORM.part, or the part alone where the rule names a form or any form has it."""
    place = where(rule, what, index)
    form_id, dot, rest = path.partition(".")
    if dot and form_id in asking.stack.forms:
        form = asking.stack.forms[form_id]
        ask = asking.section if what == "section" else asking.question
        yield from ask(form, rest, place, element)
        return
    forms = [asking.stack.forms[one] for one in rule.forms if one in asking.stack.forms]
    known: dict[str, str] = {}
    for form in forms or asking.stack.forms.values():
        if what == "section":
            known |= {one.id: one.title for one in form.sections}
        else:
            known |= {one.path: one.question.label for one in lookups.questions(form)}
    if what == "question":
        known |= {one.id: one.label for name in rule.records for one in _fields(name, asking)}
    if path not in known:
        code = "R309" if what == "section" else "R306"
        owner = ", ".join(rule.forms) or "any form"
        yield from asking.unknown(code, path, known, place, element, form=owner)


def _fields(record: str, asking: Asking) -> tuple[Question, ...]:
    found = asking.stack.records.get(record)
    return found.fields if found is not None else ()


def _never(name: str, rule: AccessRule, index: int, element: str, asking: Asking) -> Findings:
    """What `not` takes away: a sensitivity, a form, FORM.section or FORM.question."""
    stack = asking.stack
    if name in stack.access.sensitivities or name in stack.forms:
        return
    place = where(rule, "not", index)
    form_id, dot, rest = name.partition(".")
    if dot and form_id in stack.forms:
        form = stack.forms[form_id]
        if not any(one.id == rest for one in form.sections):
            yield from asking.question(form, rest, place, element)
        return
    sections = {one.id for form in stack.forms.values() for one in form.sections}
    questions = {one.path for form in stack.forms.values() for one in lookups.questions(form)}
    fields = {one.id for record in stack.records.values() for one in record.fields}
    if name not in sections | questions | fields:
        yield from asking.sensitivity(name, place, element)
