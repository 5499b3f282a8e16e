"""A form of the model → a plan: every question with its functions and conditions, and the order of all.

Done once a form and stack. What makes no sense is among the findings; a plan is made all the same, without
the conditions that could not be read, so that one mistake never hides another.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from engine.forms.conditions import Conditions, read
from engine.forms.dependence import dependence
from engine.forms.facts import FactRead, fact_reads
from engine.forms.plan import Item, Leaf, Plan, Rows, SectionPlan, Step
from engine.language.model import Form, Question, Section, Stack
from engine.questions import BUILT_IN, QuestionType, Registry
from engine.questions.choosing import OTHER


@dataclass(frozen=True, slots=True)
class Compiled:
    """A plan with what was found on the way: expressions that make no sense, and circles of dependence."""

    plan: Plan
    conditions: Conditions
    circles: tuple[tuple[str, ...], ...]


def compile_plan(form: Form, stack: Stack, types: Registry = BUILT_IN) -> Compiled:
    """The plan of a form. Never raises for what an author wrote."""
    conditions = read(form, stack)
    sections = tuple(_section(section, form, stack, conditions, types) for section in form.sections)
    depends, circles = dependence(sections)
    items = [item for section in sections for item in section.items]
    plan = Plan(
        form=form,
        stack=stack,
        sections=sections,
        steps=tuple(step for step in depends.steps.values() if _to_settle(step)),
        depends=depends,
        leaves={item.id: item for item in items if isinstance(item, Leaf)},
        rows={item.id: item for item in items if isinstance(item, Rows)},
        lists=stack.lists,
        facts=_beyond(conditions, {one for section in sections for one in _names(section)}),
    )
    return Compiled(plan, conditions, circles)


def _section(
    section: Section, form: Form, stack: Stack, conditions: Conditions, types: Registry
) -> SectionPlan:
    questions = [one for one in section.questions if not one.retired and one.type in types]
    show = conditions.of(section.id, "show_if")
    if not section.each:
        items = tuple(_item(one, stack, conditions, types) for one in questions)
        return SectionPlan(section.id, section, items, show)
    whole = whole_of(section)
    leaves = _leaves(questions, f"{section.id}.", stack, conditions, types)
    facts = fact_reads(conditions.trees(f"{section.id}."), f"{section.id}.")
    facts = tuple(one for one in facts if one.key.startswith("record."))
    rows = Rows(
        id=section.id,
        leaf=_leaf(whole, section.id, stack, conditions, types["repeat"]),
        leaves=leaves,
        each=True,
        by_id={leaf.id: leaf for leaf in leaves},
        own=_own(leaves) | {one.key for one in facts},
        facts=facts,
    )
    return SectionPlan(section.id, section, (rows,), show)


def whole_of(section: Section) -> Question:
    """A section answered once a record, as a question in its own right."""
    return Question(section.id, type="repeat", label=section.title, questions=section.questions)


def _item(question: Question, stack: Stack, conditions: Conditions, types: Registry) -> Item:
    kind = types[question.type]
    whole = _leaf(question, question.id, stack, conditions, kind)
    if not kind.container:
        return whole
    leaves = _leaves(question.questions, f"{question.id}.", stack, conditions, types)
    return Rows(
        id=question.id,
        leaf=whole,
        leaves=leaves,
        fixed=_fixed(question, stack) if kind.name == "grid" else None,
        grows=question.settings.get("rows_may") == "add",
        by_id={leaf.id: leaf for leaf in leaves},
        own=_own(leaves),
    )


def _leaves(
    questions: Iterable[Question], inside: str, stack: Stack, conditions: Conditions, types: Registry
) -> tuple[Leaf, ...]:
    return tuple(
        _leaf(one, f"{inside}{one.id}", stack, conditions, types[one.type])
        for one in questions
        if not one.retired and one.type in types and not types[one.type].container
    )


def _own(leaves: Iterable[Leaf]) -> frozenset[str]:
    return frozenset(name for leaf in leaves for name in (leaf.id, f"{leaf.id}.{OTHER}"))


def _names(section: SectionPlan) -> Iterable[str]:
    """The first words of everything that the form itself answers."""
    return (item.id for item in section.items)


def _beyond(conditions: Conditions, own: set[str]) -> tuple[FactRead, ...]:
    # What is written out from beyond the form has a dot in its name, and most conditions read nothing of the kind.
    trees = [one.typed.tree for one in conditions.found.values() if any("." in name for name in one.reads)]
    return tuple(one for one in fact_reads(trees) if one.key.split(".")[0] not in own)


def _fixed(question: Question, stack: Stack) -> tuple[tuple[str, str], ...]:
    options = stack.lists.get(question.rows or "")
    listed = options.options if options else ()
    return tuple((option.id, option.label) for option in listed if not option.group and not option.retired)


def _leaf(question: Question, path: str, stack: Stack, conditions: Conditions, kind: QuestionType) -> Leaf:
    lists = stack.lists
    options = lists.get(question.options or "") if kind.takes_options else None
    check = kind.checking(question, lists)
    required_if, advised_if = conditions.of(path, "required_if"), conditions.of(path, "advised_if")
    valid_if = conditions.of(path, "valid_if")
    base = question.answer if kind.answered else "optional"
    return Leaf(
        id=question.id,
        question=question,
        type=kind,
        read=kind.reading(question, lists),
        check=check,
        dump=kind.writing(question, lists),
        base=base,
        other=options is not None and options.other and OTHER in kind.parts,
        show=None if path != question.id and kind.container else conditions.of(path, "show_if"),
        calculate=conditions.of(path, "calculate"),
        default=conditions.of(path, "default"),
        required_if=required_if,
        advised_if=advised_if,
        valid_if=valid_if,
        asks=base != "optional" or required_if is not None or advised_if is not None,
        checks=check is not None or valid_if is not None,
    )


def _to_settle(step: Step) -> bool:
    leaf = step.leaf
    if leaf is None:
        return True
    return leaf.show is not None or leaf.calculate is not None or leaf.default is not None
