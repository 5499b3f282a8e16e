"""What ships holds: it checks clean, its scenarios pass, what is required says why, nothing advised stops a step."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

import engine
from engine.language import schemas
from engine.language.model import Question, Stack
from engine.packs import lookups, scenarios

ROOT = Path(__file__).parents[1]
TODAY = date(2026, 1, 5)


@pytest.fixture(scope="module")
def workspace() -> engine.Workspace:
    return engine.load(ROOT)


def test_what_ships_checks_clean(workspace: engine.Workspace) -> None:
    assert workspace.report.as_text().endswith("nothing to put right.")


def test_every_scenario_comes_to_what_it_expects(workspace: engine.Workspace) -> None:
    for pack in workspace.packs.values():
        results = scenarios.run(pack, today=TODAY)
        assert results.scenarios, pack.id
        assert results.ok, results.as_text()


def test_every_file_names_the_schema_that_editors_complete_by() -> None:
    files = [path for folder in ("form_definitions", "workflows") for path in (ROOT / folder).rglob("*.yaml")]
    assert files
    for path in files:
        first = path.read_text(encoding="utf-8").partition("\n")[0]
        named = first.removeprefix("# yaml-language-server: $schema=")
        assert (path.parent / named).resolve() == ROOT / "schemas" / schemas.FILE, path


def test_scenarios_try_everything(workspace: engine.Workspace) -> None:
    """Every transition fired, every refusal that can happen seen, every condition at each value it can take."""
    for pack in workspace.packs.values():
        coverage = scenarios.run(pack, today=TODAY).coverage
        assert coverage.complete, "\n".join([pack.id, *coverage.as_lines()])


def asked(stack: Stack) -> Iterator[tuple[str, Question]]:
    """Every question of every form and record type, by path."""
    for form in stack.forms.values():
        for one in lookups.questions(form):
            yield f"{form.id}.{one.path}", one.question
    for record in stack.records.values():
        for field in record.fields:
            for one in lookups.questions_of(field):
                yield f"{record.id}.{one.path}", one.question


def test_every_required_question_says_why(workspace: engine.Workspace) -> None:
    for pack in workspace.packs.values():
        silent = [
            path
            for path, question in asked(pack.stack)
            if (question.answer == "required" or question.required_if is not None)
            and not question.why_required
        ]
        assert silent == []


def test_no_unanswered_advised_question_is_a_problem(workspace: engine.Workspace) -> None:
    """With nothing answered at all, every problem is of what is required."""
    for pack in workspace.packs.values():
        for form_id in pack.stack.forms:
            evaluation = pack.form(form_id).evaluate({}, today=TODAY, facts={"record": {}})
            assert {one.question for one in evaluation.problems} <= set(evaluation.required), form_id
            assert not {one.question for one in evaluation.problems} & set(evaluation.advised), form_id


def test_no_unanswered_advised_question_stops_a_step(workspace: engine.Workspace) -> None:
    """With every form submitted and everything advised left out, each state still has a way on that can be taken."""
    for pack in workspace.packs.values():
        for workflow_id, workflow in pack.stack.workflows.items():
            machine = pack.workflow(workflow_id)
            for state in workflow.states:
                if state.final:
                    continue
                # The record's type decides which of a state's forms are asked for; here all of them are in.
                facts = {
                    "record": {"type": workflow.about[0]},
                    **{name: _least(pack, name) for name in pack.stack.forms},
                }
                case = machine.start(now=TODAY).__class__(workflow_id, state.id, TODAY, TODAY)
                allowed = [
                    one.transition
                    for one in machine.choices(
                        *(case,), role=tuple(pack.stack.access.roles), person="p", facts=facts, now=TODAY
                    )
                    if one.allowed
                ]
                assert allowed or machine.settle(case, facts=facts, now=TODAY), f"{workflow_id}.{state.id}"


def _least(pack: engine.Pack, form_id: str) -> dict[str, object]:
    """A submission with what is required and nothing else. What is required and has options takes the first."""
    form = pack.form(form_id)
    answers: dict[str, object] = {}
    for _ in range(5):
        evaluation = form.evaluate(answers, today=TODAY, facts={"record": {}})
        missing = [one.question for one in evaluation.problems if one.code == "required"]
        if not missing:
            break
        for path in missing:
            answers[path] = _some_answer(pack, lookups.by_path(form.form)[path].question)
    evaluation = form.evaluate(answers, today=TODAY, facts={"record": {}})
    assert evaluation.ok, (form_id, evaluation.problems)
    return {**evaluation.answers, "_state": "submitted"}


def _some_answer(pack: engine.Pack, question: Question) -> object:
    if question.options is not None:
        options = [one.id for one in pack.list(question.options).options if not one.group and not one.retired]
        return options[:1] if question.type == "choose_many" else options[0]
    return {"yes_no": True, "date": TODAY.isoformat(), "number": "1", "scale": "1"}.get(
        question.type, "Some words"
    )
