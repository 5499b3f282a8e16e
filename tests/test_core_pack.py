"""The core pack keeps its word: all conditions tried, codes with their source, no blame, guarded places for names."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from engine.language.model import Question, Stack
from engine.packs import lookups
from tools.core_pack_reference import core

# Words that put harm down to the one who is harmed, or that name people as suspects. Old names stand only as aliases.
BLAME = re.compile(
    r"at risk by their|themselves at risk|associat(?:es|ing) with|leader or follower|lifestyle choice|"
    r"promiscuous|attention.seeking|socially unacceptable|in a relationship with (?:an|the) abuser",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def stack() -> Stack:
    return core().stack


def test_every_list_says_where_it_is_from_and_codes_say_their_year(stack: Stack) -> None:
    for one in stack.lists.values():
        if "." in one.id:
            continue
        assert one.source, one.id
        if any(option.codes for option in one.options):
            assert re.search(r"\b20\d\d\b", one.source), one.id


def test_nothing_that_people_read_blames(stack: Stack) -> None:
    assert [text for text in _texts(stack) if BLAME.search(text)] == []


@pytest.mark.parametrize("text", ["He is putting themselves at risk", "Associating with older men"])
def test_blame_would_be_seen(text: str) -> None:
    assert BLAME.search(text)


def test_harm_is_asked_for_in_both_settings_wherever_a_child_is_judged(stack: Stack) -> None:
    asked = {
        form.id
        for form in stack.forms.values()
        if any(one.options == "harm_settings" for one in _of(stack, form.id))
    }
    judged = {
        "referral",
        "assessment",
        "strategy_discussion",
        "section47_enquiry",
        "protection_conference",
        "protection_review",
        "relocation",
        "child_closing",
        "return_conversation",
    }
    assert judged <= asked


def test_forms_about_groups_and_places_have_a_guarded_place_for_names(stack: Stack) -> None:
    assert {
        form.id
        for form in stack.forms.values()
        if not any(one.sensitive == "guarded" for one in _of(stack, form.id))
        and any(stack.records[about].context for about in form.about)
    } == {"context_plan", "context_review", "context_closure"}


def test_few_answers_are_required(stack: Stack) -> None:
    required = {
        form.id: [one.id for one in _of(stack, form.id) if one.answer == "required"]
        for form in stack.forms.values()
    }
    assert max(len(ids) for ids in required.values()) <= 5
    assert [form for form in required if required[form] and "consultation" in form] == []


def _of(stack: Stack, form: str) -> list[Question]:
    return [standing.question for standing in lookups.questions(stack.forms[form])]


def _texts(stack: Stack) -> Iterator[str]:
    for form in stack.forms.values():
        yield from filter(None, (form.title, form.hint, form.guidance))
        for section in form.sections:
            yield from filter(None, (section.title, section.hint, section.guidance))
        for one in _of(stack, form.id):
            yield from filter(
                None, (one.label, one.hint, one.guidance, one.help, one.message, one.why_required)
            )
    for options in stack.lists.values():
        for option in options.options:
            yield from filter(None, (option.label, option.hint))
    for workflow in stack.workflows.values():
        yield from filter(None, (workflow.title, workflow.hint))
        yield from (state.title for state in workflow.states)
