"""What could mislead whoever fills in a form, found before anybody does: settings that clash or can never count.

Names that do not exist and expressions that make no sense are told elsewhere. Must not know files or layers.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from engine.forms import obligations, seen
from engine.forms.compiling import Compiled
from engine.forms.plan import Plan, Rows
from engine.language.codes import Words, finding
from engine.language.diagnostics import Diagnostic
from engine.language.model import Element, Form, Question, Stack
from engine.language.places import Place
from engine.questions import BUILT_IN
from engine.questions.numbers import plain
from engine.questions.types.number import bound
from engine.questions.types.scale import Scale

Findings = Iterator[Diagnostic]
BOUNDS = (
    ("min", "max"),
    ("min_length", "max_length"),
    ("earliest", "latest"),
    ("at_least", "at_most"),
    ("min_rows", "max_rows"),
)
_MOST_POINTS = 100


def check(compiled: Compiled) -> Findings:
    """Everything that could mislead in a compiled form."""
    form, stack = compiled.plan.form, compiled.plan.stack
    for circle in compiled.circles:
        yield _circle(compiled.plan, circle)
    for section in form.sections:
        element = f"{form.id}.{section.id}"
        if section.each and not form.several:
            yield finding("F510", _at(section, "each"), element=element, section=section.title)
        if not any(not one.retired for one in section.questions):
            yield finding("F511", section.place, element=element, section=section.title)
        for question in section.questions:
            yield from _question(question, element=f"{form.id}.{question.id}", stack=stack, each=section.each)
    yield from _triangle(form)
    yield from seen.check(compiled.plan)
    if not compiled.circles:
        yield from obligations.check(compiled.plan)


def _at(element: Element, *settings: str) -> Place:
    return next((element.places[one] for one in settings if one in element.places), element.place)


def _name(question: Question) -> str:
    return question.label or question.id


def _question(
    question: Question, element: str, stack: Stack, each: bool = False, outer: Question | None = None
) -> Findings:
    kind = BUILT_IN.get(question.type)
    if question.retired or kind is None:
        return
    if kind.container and (outer is not None or each):
        holder = _name(outer) if outer is not None else "a section with ‘each: yes’"
        words: Words = {"question": _name(question), "type": question.type, "outer": holder}
        yield finding("F505", question.place, element=element, **words)
        return
    yield from _asking(question, element)
    yield from _voice(question, element, answered=kind.answered)
    yield from _bounds(question, element)
    if kind.takes_options:
        yield from _choices(question, element, stack)
    if question.type == "scale":
        yield from _scale(question, element)
    for one in question.questions:
        yield from _question(one, f"{element}.{one.id}", stack, outer=question)


def _asking(question: Question, element: str) -> Findings:
    """Clashes among what says whether an answer is wanted."""
    given = {
        setting: getattr(question, setting)
        for setting in ("required_if", "advised_if", "default", "valid_if")
    }
    asked = {**given, "answer": None if question.answer == "optional" else question.answer}
    idle: tuple[str, ...] = ()
    code = ""
    if question.calculate is not None:
        idle, code = ("answer", "required_if", "advised_if", "default", "carry"), "F503"
    elif not BUILT_IN[question.type].answered:
        idle, code = (
            ("answer", "required_if", "advised_if", "default", "valid_if", "calculate", "carry"),
            "F509",
        )
    for setting in idle:
        value = asked[setting] if setting in asked else getattr(question, setting)
        if value is not None:
            place = _at(question, setting)
            yield finding(code, place, element=element, setting=setting, question=_name(question))
    if idle:
        return
    for setting, pointless in (("required_if", ("required",)), ("advised_if", ("required", "advised"))):
        if given[setting] is not None and question.answer in pointless:
            yield finding(
                "F502", _at(question, setting), element=element, setting=setting, answer=question.answer
            )
    if question.answer == "required" and not question.why_required:
        yield finding("F508", _at(question, "answer"), element=element, question=_name(question))


def _bounds(question: Question, element: str) -> Findings:
    for low, high in BOUNDS:
        least, most = question.settings.get(low), question.settings.get(high)
        if least is None or most is None:
            continue
        # Days are ISO text and compare as text; numbers compare as numbers.
        dates = low == "earliest"
        above = str(least) > str(most) if dates else _above(question, low, high)
        if above:
            said: Words = {"low": low, "high": high, "least": _said(least), "most": _said(most)}
            yield finding("F506", _at(question, low), element=element, **said)


def _above(question: Question, low: str, high: str) -> bool:
    least, most = bound(question, low), bound(question, high)
    return least is not None and most is not None and least > most


def _said(value: object) -> str:
    return plain(value) if isinstance(value, Decimal) else str(value)


def _choices(question: Question, element: str, stack: Stack) -> Findings:
    options = stack.lists.get(question.options or "")
    if options is None or options.options_from is not None or options.other:
        return
    if all(one.group or one.retired for one in options.options):
        place = _at(question, "options")
        yield finding("F507", place, element=element, question=_name(question), list=options.title)


def _scale(question: Question, element: str) -> Findings:
    least, most = bound(question, "min") or Decimal(0), bound(question, "max")
    step, top = bound(question, "step") or Decimal(1), Decimal(10) if most is None else most
    if top < least:
        return
    what = ""
    if (top - least) % step:
        what = f"steps of {plain(step)} that do not lead from {plain(least)} to {plain(top)}"
    elif (top - least) / step >= _MOST_POINTS:
        what = f"{plain((top - least) / step + 1)} points"
    if what or len(Scale.points(question)) < 2:
        words: Words = {"question": _name(question), "what": what or "only one point"}
        yield finding("F512", _at(question, "step", "max"), element=element, **words)


def _voice(question: Question, element: str, *, answered: bool) -> Findings:
    """Somebody's own words stand only where somebody writes."""
    if question.voice is None or (answered and question.calculate is None):
        return
    why = "works itself out" if answered else "is only read"
    words: Words = {"question": _name(question), "why": why}
    yield finding("F524", _at(question, "voice"), element=element, **words)


def _triangle(form: Form) -> Findings:
    """Each corner of a triangle says how it stands, in a question of its own section."""
    if form.draw is None or not form.draw.triangle:
        return
    sections = {section.id: section for section in form.sections}
    place = _at(form, "draw.stands", "draw")
    for corner in form.draw.triangle:
        section = sections.get(corner)
        if section is None:
            continue
        found = [one.id for one in section.questions if one.id in form.draw.stands and not one.retired]
        if not found:
            yield finding("F504", place, element=form.id, section=section.title)
        elif len(found) > 1:
            words: Words = {"first": found[0], "second": found[1], "section": section.title}
            yield finding("F513", place, element=form.id, **words)


def _circle(plan: Plan, circle: tuple[str, ...]) -> Diagnostic:
    """A circle at its first element, told by labels, each with what makes it depend on the next."""
    first = circle[0]
    place, element = _place_of(plan, first)
    told = [_told(plan, node) for node in (*circle, first)]
    related = [(_place_of(plan, node)[0], f"{_told(plan, node)} stands here") for node in circle[1:]]
    return finding("F501", place, element=element, related=related, circle=" → ".join(told))


def _place_of(plan: Plan, node: str) -> tuple[Place, str]:
    found = _element(plan, node)
    element = f"{plan.form.id}.{node.removeprefix('@')}"
    if found is None:
        return plan.form.place, plan.form.id
    return _at(found, "show_if", "calculate", "default"), element


def _told(plan: Plan, node: str) -> str:
    if node.startswith("@"):
        return f"the section ‘{node[1:]}’"
    return f"‘{node}’"


def _element(plan: Plan, node: str) -> Element | None:
    if node.startswith("@"):
        return next((one.section for one in plan.sections if f"@{one.id}" == node), None)
    head, _, tail = node.partition(".")
    if head in plan.leaves:
        return plan.leaves[head].question
    rows: Rows | None = plan.rows.get(head)
    if rows is None:
        return None
    return rows.by_id[tail].question if tail in rows.by_id else rows.leaf.question
