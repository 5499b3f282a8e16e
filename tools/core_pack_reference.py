"""docs/core-pack.md: what the core pack holds, from its definitions: forms, work, lists, what is required and why.

The words at its head are written here; the rest is read from the pack itself. Must not know what any form is for.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import engine
from engine.language.model import Form, Question, Stack, State, Workflow
from engine.packs import lookups

ROOT = Path(__file__).resolve().parents[1]

_HEAD = """# The core pack

Written by `python -m tools.references` from `form_definitions/core` and `workflows/core`; change it there,
or in `tools/core_pack_reference.py` the words before the first table.

The core pack is a whole set of forms and workflows for Contextual Safeguarding: keeping young people safe
from harm outside the home as well as inside it. It serves England as it stands. An authority takes it as
its base and changes only what differs ([how](packs.md)).

## What it is careful about

* **Harm inside and outside the home stand side by side.** Wherever it matters a form asks whether harm
  comes from inside the family, from outside, or both, whatever the young person's legal status is. Kinds of
  harm can be several at once; none ranks above another.
* **A label can go again.** Kinds of harm are dated. What an assessment rules out, and what is over, ends
  the marker and says which of the two it was.
* **Words are kept apart.** What the young person says, what parents say, where they disagree, and what the
  worker makes of it each have a place of their own. Every form that weighs a family also asks what outside
  it makes their task harder or easier.
* **Places and groups are worked with in their own right.** Their records are thematic. Forms remind people
  to leave names out, and where a person has to be named there is a guarded note that is never copied.
* **A plan is held against what was found.** The plan shows each part of life in which the assessment found
  something and no action acts. It never blocks.
* **Nothing is blocked but what must be.** Everything required is listed below with its reason. A
  consultation requires nothing.

## What is local, and has to be set by an authority

* **Times.** Each deadline stands in a workflow with a remark on where it comes from and how sure it is.
  Those marked *local* are only a beginning. There are no statutory times for work with groups and places.
  The guidance for England revised in 2026 had not been read when this was written: check every time before
  relying on it. Times of the other nations belong in packs of their own.
* **Lists marked as local** below: outcomes, reasons for moving, opening criteria, responses, measures.
* **Codes of national returns** stand beside the options with their year. Which local kind of harm goes with
  which code is our suggestion. The wording beside the participation codes should be checked against the
  guide of the year.
* **When a group or place is opened as a record of its own**, the published policy under which that is done,
  and when it is looked at again or destroyed. The form asks for all of these; the answers are the
  authority's.
* **Whether conferences about groups and places are held.** They are a step that may be taken or left.
* **How long records are kept.** The times in the record types are a beginning; councils' schedules
  disagree.
* **What people are called.** See the words in `terms/core.yaml`.

## How the work hangs together

* A **referral** is decided on and goes to an assessment, to a strategy discussion, to early help or advice,
  or no further.
* An **assessment** goes on to a plan and its reviews, or to a strategy discussion. Each group or place that
  it names begins a referral of its own, and nothing about the young person goes with it.
* **Child protection** runs from a strategy discussion through enquiry, conference, core group and reviews to
  the end of the plan, and from there back to an assessment or on to closing. A second strategy discussion
  does not start the clock anew: the form asks from which day the enquiry counts. The chair records what a
  conference decides.
* **Telling another agency** is decided with the step that it belongs to: a strategy discussion, a plan, or taking on
  a group or place. The decision is kept with its ground; what is told goes by the way agreed with that agency.
* **A copy for another agency** holds of a referral only what it needs in order to act: the worry, whether anybody is in
  danger now, the harm outside the home, where it happens, whether the family knows, and what was decided. Who
  referred, what the young person and parents said, friends, signs and harm at home stay, as does whether a place has a
  record here. Whoever gives the copy reads it first and can leave out more.
* **Closing** is work of its own, so that every way of ending asks the same few things: the reason for the
  return, what stays in place, what the young person says. The record is closed, and its keeping begins,
  only if all work ends.
* A **group or place** is referred, assessed on its triangle, planned for, supported, reviewed and closed on
  evidence. A conference about it can be called before the plan is made.
* **Moves** because of harm outside the home, **being missing**, **maps** made with the young person and the
  **National Referral Mechanism** are short pieces of work that begin from the young person's page, beside
  whatever else goes on.

## What it does not claim

Three headings of the peer and the place triangle are those of the Contextual Safeguarding programme. Those
of the school triangle could not be verified and are our own. No smaller headings are attributed to anybody.
Every prompt, hint and label is our own. The conference's columns and its scale from 0 to 10 suit
strengths-based practice and reproduce nobody's materials.
"""


@cache
def core() -> engine.Pack:
    """The core pack by itself, whatever stands beside it in the workspace."""
    with tempfile.TemporaryDirectory() as folder:
        for part in ("form_definitions", "workflows"):
            shutil.copytree(ROOT / part / "core", Path(folder, part, "core"))
        return engine.load(folder).pack("core")


def core_pack() -> str:
    """The whole page."""
    stack = core().stack
    return "\n".join(
        [
            _HEAD,
            "## Work\n",
            *(_work(one, stack) for one in stack.workflows.values()),
            "## Forms\n",
            *(_form(one, stack) for one in stack.forms.values()),
            "## What is required, and why\n",
            "Nothing else has to be answered, and of these only what is shown.\n",
            "| where | question | why |\n|---|---|---|",
            *_required(stack),
            "\n## Lists\n",
            "| list | options | source |\n|---|---|---|",
            *_lists(stack),
            "",
        ]
    )


def _work(workflow: Workflow, stack: Stack) -> str:
    lines = [f"### {workflow.title}", "", workflow.hint or "", ""]
    by = [stack.access.roles[role] for role in workflow.start.by] if workflow.start else []
    if by:
        lines += [f"Begun by: {', '.join(by).lower()}.", ""]
    lines += ["| state | forms | time |", "|---|---|---|"]
    lines += [_state(state, stack) for state in workflow.states if not state.final]
    ends = ", ".join(state.title for state in workflow.states if state.final)
    return "\n".join([*lines, "", f"It ends as: {ends}.", ""])


def _state(state: State, stack: Stack) -> str:
    forms = ", ".join(stack.forms[form].title for form in state.forms)
    rule, time = state.deadline, ""
    if rule is not None:
        start = {"entered": "coming here", "started": "the start"}.get(rule.start)
        if start is None:
            form, _, question = rule.start.partition(".")
            start = f"‘{lookups.by_path(stack.forms[form])[question].question.label}’"
        unit = rule.unit.removesuffix("s") if rule.amount == 1 else rule.unit
        time = f"{rule.amount} {unit} from {start}"
    return f"| {state.title} | {forms} | {time} |"


def _form(form: Form, stack: Stack) -> str:
    about = ", ".join(stack.records[one].title.lower() for one in form.about)
    sections = " · ".join(section.title for section in form.sections)
    lines = [
        f"### {form.title}",
        "",
        f"About: {about}. {form.hint or ''}".rstrip(),
        "",
        f"Parts: {sections}.",
    ]
    if form.note:
        lines += ["", f"*{form.note.strip()}*"]
    return "\n".join([*lines, ""])


def _asked(stack: Stack) -> Iterator[tuple[str, Question]]:
    for record in stack.records.values():
        for field in record.fields:
            yield record.title, field
    for form in stack.forms.values():
        for standing in lookups.questions(form):
            yield form.title, standing.question


def _required(stack: Stack) -> Iterator[str]:
    for where, question in _asked(stack):
        if question.answer == "required" or question.required_if is not None:
            shown = "" if question.show_if is None else " (where it is shown)"
            yield f"| {where} | {question.label}{shown} | {question.why_required} |"


def _lists(stack: Stack) -> Iterator[str]:
    for one in stack.lists.values():
        if "." not in one.id:
            chosen = sum(not option.group and not option.retired for option in one.options)
            yield f"| {one.title} | {chosen}{' and other' if one.other else ''} | {(one.source or '').strip()} |"
