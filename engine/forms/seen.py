"""What access makes of a form: questions whose condition tells, or hangs on, what some role may not see.

Decided from the rules alone: a role sees a question if any of its rules, in whatever circumstances, lets it. Must not
know cases or people.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.forms.plan import Condition, Item, Leaf, Plan
from engine.language.codes import finding
from engine.language.diagnostics import Diagnostic
from engine.language.model import AccessRule, Question, Section
from engine.language.places import Place

Findings = Iterator[Diagnostic]
LINKS = "record.links"


def check(plan: Plan) -> Findings:
    """Required questions that hang on what a role may not see, and conditions of a context that count its links."""
    yield from _hanging(plan)
    contexts = [plan.stack.records[one] for one in plan.form.about if one in plan.stack.records]
    if any(one.context for one in contexts):
        for path, setting, place, condition in _conditions(plan):
            if any(
                f".{read}".endswith(f".{LINKS}") or f".{LINKS}." in f".{read}." for read in condition.reads
            ):
                yield finding("F523", place, element=f"{plan.form.id}.{path}", setting=setting, part=path)


def _hanging(plan: Plan) -> Findings:
    access, form = plan.stack.access, plan.form
    told: set[str] = set()
    for section in plan.sections:
        for item in section.items:
            for leaf, holders in _leaves(item):
                question = leaf.question
                conditions = [one for one in (section.show, *holders, leaf.show) if one is not None]
                required = question.answer == "required" or question.required_if is not None
                if not required or not conditions or question.id in told:
                    continue
                for role in access.roles:
                    hidden = _hidden(plan, role, section.section, question, conditions)
                    if hidden is None:
                        continue
                    told.add(question.id)
                    yield finding(
                        "F522",
                        _at(question, section.section),
                        element=f"{form.id}.{question.id}",
                        related=[(hidden.place, "the answer that it hangs on")],
                        question=question.label or question.id,
                        role=access.roles[role],
                        other=hidden.label or hidden.id,
                    )
                    break


def _at(question: Question, section: Section) -> Place:
    own = question.places.get("show_if")
    return own or section.places.get("show_if", question.place)


def _leaves(item: Item) -> Iterator[tuple[Leaf, tuple[Condition | None, ...]]]:
    """Every question that is answered by itself, with the conditions of what holds it."""
    if isinstance(item, Leaf):
        yield item, ()
        return
    for leaf in item.leaves:
        yield leaf, (item.leaf.show,)


def _hidden(
    plan: Plan, role: str, section: Section, question: Question, conditions: Iterable[Condition]
) -> Question | None:
    """The question that decides whether another is shown, and that this role, who is to answer that one, never sees."""
    for kind in plan.form.about:
        rules = [one for one in plan.stack.access.rules if one.role == role and _about(one, kind)]
        if not all(_sees(rules, verb, plan.form.id, section.id, question) for verb in ("view", "submit")):
            continue
        for condition in conditions:
            for read in sorted(condition.reads):
                found = _question_at(plan, read)
                if found is not None and not _sees(rules, "view", plan.form.id, *found):
                    return found[1]
    return None


def _about(rule: AccessRule, kind: str) -> bool:
    return kind in rule.records or "any" in rule.records


def _sees(rules: Iterable[AccessRule], verb: str, form: str, section: str, question: Question) -> bool:
    """Whether any of these rules of one role reaches the question; what the role's `not` names is taken from all."""
    parts = {
        "forms": form,
        "sections": section,
        "questions": question.id,
        "sensitivities": question.sensitive,
    }
    rules = list(rules)
    taken = {part for rule in rules for part in rule.never}
    if taken & {part for part in parts.values() if part is not None}:
        return False
    return any(
        verb in rule.may
        and all(not getattr(rule, narrow) or part in getattr(rule, narrow) for narrow, part in parts.items())
        for rule in rules
    )


def _question_at(plan: Plan, name: str) -> tuple[str, Question] | None:
    """The section and question of this form that a condition reads by a name: a column's for what is in rows."""
    parts = name.removesuffix(".other").split(".")
    for section in plan.form.sections:
        if section.each and parts[0] == section.id:
            parts = parts[1:]
        question = next((one for one in section.questions if parts and one.id == parts[0]), None)
        if question is not None:
            inner = next((one for one in question.questions if len(parts) > 1 and one.id == parts[-1]), None)
            return section.id, inner or question
    return None


def _conditions(plan: Plan) -> Iterator[tuple[str, str, Place, Condition]]:
    for section in plan.sections:
        if section.show is not None:
            yield section.id, "show_if", section.show.expression.place, section.show
        for item in section.items:
            leaves = [item] if isinstance(item, Leaf) else [item.leaf, *item.leaves]
            for leaf in leaves:
                for setting, one in (
                    ("show_if", leaf.show),
                    ("required_if", leaf.required_if),
                    ("advised_if", leaf.advised_if),
                    ("valid_if", leaf.valid_if),
                    ("calculate", leaf.calculate),
                    ("default", leaf.default),
                ):
                    if one is not None:
                        yield leaf.id, setting, one.expression.place, one
