"""What differs between two stacks is told by id, once, in plain words; what is the same is not told at all."""

from __future__ import annotations

from pathlib import Path

import pytest

import engine
from engine.language.model import Stack
from engine.packs.differing import differences
from tests.support.archives import PIER

VISIT = "form_definitions/pier/forms/visit.yaml"
FLOW = "workflows/pier/visiting.yaml"
PURPOSE = "      - {id: purpose, type: text, label: What is the visit for?}\n"
MORE = (
    "      - {id: who, type: choose_one, label: Who comes?, options: [{id: one, label: One}, {id: two, label: Two}]}\n"
    "      - {id: said, type: text, label: What was said?}\n"
)


def stack(**changes: tuple[str, str]) -> Stack:
    texts = {**PIER, VISIT: PIER[VISIT].replace(PURPOSE, PURPOSE + MORE)}
    for old, new in changes.values():
        assert sum(text.count(old) for text in texts.values()) == 1, old
        texts = {path: text.replace(old, new) for path, text in texts.items()}
    return engine.load_texts(texts).pack("pier").stack


CASES = {
    "a label": (
        ("What is the visit for?", "Why do you visit?"),
        [
            "Question ‘What is the visit for?’ is changed. label: ‘What is the visit for?’ → ‘Why do you visit?’"
        ],
    ),
    "a condition": (
        ("label: What was said?", "label: What was said?, show_if: purpose is answered"),
        ["Question ‘What was said?’ is changed. show_if: ‘’ → ‘purpose is answered’"],
    ),
    "a question more": (
        ("      - {id: said,", "      - {id: when, type: date, label: When?}\n      - {id: said,"),
        [
            "Question ‘When?’ is added in ‘Why’, after ‘Who comes?’. type: ‘’ → ‘date’, answer: ‘’ → ‘optional’"
        ],
    ),
    "a question less": (
        ("      - {id: said, type: text, label: What was said?}\n", ""),
        ["Question ‘What was said?’ is taken out."],
    ),
    "a question elsewhere": (
        (PURPOSE + MORE, MORE + PURPOSE),
        [
            "Question ‘Who comes?’ stands elsewhere in ‘Why’.",
            "Question ‘What is the visit for?’ stands elsewhere in ‘Why’, after ‘What was said?’.",
        ],
    ),
    "an option retired": (
        ("{id: two, label: Two}", "{id: two, label: Two, retired: yes}"),
        ["Option ‘Two’ is retired: it stays where it was chosen, and cannot be chosen any more."],
    ),
    "an option reworded": (
        ("{id: two, label: Two}", "{id: two, label: Both}"),
        ["Option ‘Two’ is changed. label: ‘Two’ → ‘Both’"],
    ),
    "a transition altered": (
        ("label: End, from: open", "label: End, reason: required, from: open"),
        ["Transition ‘End’ is changed. reason: ‘none’ → ‘required’"],
    ),
    "a guard": (
        ("when: visit is submitted", "when: visit.said is answered"),
        ["Transition ‘End’ is changed. when: ‘visit is submitted’ → ‘visit.said is answered’"],
    ),
    "a role": (
        ("roles: {worker: Worker}", "roles: {worker: Worker, guest: Guest}"),
        ["Role ‘guest’ is added."],
    ),
    "what a role may": (
        ("may: [view, edit,", "may: [view,"),
        [
            "Access rule ‘workers’ is changed. "
            "may: ‘view; edit; submit; create; decide’ → ‘view; submit; create; decide’"
        ],
    ),
    "a field": (
        ("label: First name", "label: Given name"),
        ["Field ‘First name’ is changed. label: ‘First name’ → ‘Given name’"],
    ),
    "a remark alone": (("form: visit\ntitle: Visit", "# About visits.\nform: visit\ntitle: Visit"), []),
}


@pytest.mark.parametrize("case", CASES)
def test_each_difference_is_told_once(case: str) -> None:
    slip, told = CASES[case]
    found = differences(stack(), stack(change=slip))
    said = []
    for one in found:
        changes = ", ".join(f"{what.setting}: ‘{what.before}’ → ‘{what.after}’" for what in one.changes)
        said.append(f"{one.in_words()} {changes}".strip())
    assert said == told


def test_a_document_that_comes_or_goes_is_told_as_one() -> None:
    shorter = {path: text for path, text in PIER.items() if path != FLOW}
    less = engine.load_texts(shorter).pack("pier").stack
    whole = engine.load_texts(PIER).pack("pier").stack
    assert [one.in_words() for one in differences(less, whole)] == ["Workflow ‘Visiting’ is added."]
    assert [one.in_words() for one in differences(whole, less)] == ["Workflow ‘Visiting’ is taken out."]


def test_a_stack_does_not_differ_from_itself_whatever_is_in_it() -> None:
    root = Path(__file__).parents[2] / "definitions" / "valid" / "harbour"
    one, other = (engine.load(root).pack("harbour").stack for _ in range(2))
    assert differences(one, other) == []
