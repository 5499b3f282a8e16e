"""Answers carried from an earlier form: they count at once, say where they came from, and wait to be confirmed."""

from __future__ import annotations

from typing import Any

import pytest

import engine
from engine.casework import NotReady, Refused, cases, records, stacks, submissions
from engine.casework.errors import NotPermitted
from tests.support.casework import Town

ACCESS = """
access: carrying
roles: {practitioner: Practitioner, manager: Manager, specialist: Specialist}
sensitivities: [guarded]
rules:
  - {id: work, role: practitioner, record: child, may: [view, create, edit, submit, decide]}
  - {id: lead, role: manager, record: child, may: [view, submit, decide]}
  - {id: look, role: specialist, record: child, may: [view, decide], not: [guarded]}
"""
FORMS = """
form: first
title: First telling
about: child
sections:
  - id: told
    title: Told
    questions:
      - {id: story, type: long_text, label: What happened?}
      - {id: setting, type: text, label: Where was it?}
      - {id: secret, type: text, label: What only some may read, sensitive: guarded}
---
form: later
title: Second look
about: child
sections:
  - id: looked
    title: Looked at
    questions:
      - {id: again, type: long_text, label: What led to this?, carry: {from: first.story}}
      - {id: place, type: text, label: Where was this?, carry: {from: first.setting, how: copy}}
      - {id: guarded, type: text, label: What is kept apart, sensitive: guarded, carry: {from: first.secret}}
      - {id: more, type: text, label: What else?, show_if: again is answered}
---
form: last
title: Last word
about: child
sections:
  - id: ended
    title: Ended
    questions:
      - {id: why, type: long_text, label: Why was it?, carry: {from: first.story, how: confirm}}
"""
FLOW = """
workflow: telling
title: Telling
about: child
start: {by: [practitioner], label: Tell}
initial: open
states:
  - {id: open, title: Open, forms: [first, later, last]}
  - {id: done, title: Done, final: yes}
transitions:
  - id: approve
    label: Approve
    from: open
    to: done
    by: [manager, specialist]
    when: later is submitted
    approve: [later]
"""
TEXTS = {
    "form_definitions/carrying/pack.yaml": "pack: carrying\ntitle: Carrying\nversion: 1.0.0\nlanguage: en\n"
    "nation: england\nzone: Europe/London\n",
    "form_definitions/carrying/access.yaml": ACCESS,
    "form_definitions/carrying/record.yaml": "record: child\ntitle: Child\nmany: Children\n"
    'name: "{first_name}"\nkeep: {for: 6 years, after: closed}\n'
    "fields: [{id: first_name, type: text, label: First name}]\n",
    "form_definitions/carrying/forms.yaml": FORMS,
    "workflows/carrying/flow.yaml": FLOW,
}


@pytest.fixture
def case(town: Town) -> str:
    """A case in which the first form is sent and the second is begun three days later."""
    with town.desk() as desk:
        stacks.publish(desk, engine.load_texts(TEXTS).pack("carrying"))
    with town.desk("anna") as desk:
        record = records.create(desk, "child", {"first_name": "Robin"})
        started = cases.start(desk, "telling", record=record.id)
        draft = submissions.open_draft(desk, "first", record=record.id, case=started.id)
        told = {"story": "Seen at the park", "setting": "The park"}
        submissions.submit(desk, draft.id, revision=1, answers=told)
    town.later(days=3)
    return started.id


def begun(town: Town, case: str, form: str = "later", by: str = "anna") -> Any:
    with town.desk(by) as desk:
        return submissions.open_draft(desk, form, record=cases.get(desk, case).record, case=case)


def sent(town: Town, case: str) -> Any:
    draft = begun(town, case)
    with town.desk("anna") as desk:
        return submissions.submit(desk, draft.id, revision=draft.revision)


def approve(town: Town, case: str, by: str = "mia") -> Any:
    with town.desk(by) as desk:
        return cases.fire(desk, case, "approve", revision=cases.get(desk, case).revision)


def test_what_is_carried_is_an_answer_with_its_source_and_day(town: Town, case: str) -> None:
    draft = begun(town, case)
    assert draft.answers == {"again": "Seen at the park", "place": "The park"}
    assert {name: (one["form"], one["on"], one["how"]) for name, one in draft.carried.items()} == {
        "again": ("first", "2026-01-05", "confirm"),
        "place": ("first", "2026-01-05", "copy"),
    }
    with town.desk("anna") as desk:
        assert "more" in submissions.evaluate(desk, draft.id).shown


def test_sent_unconfirmed_but_not_approved(town: Town, case: str) -> None:
    made = sent(town, case)
    with town.desk("mia") as desk:
        [choice] = cases.choices(desk, case)
        assert not choice.allowed
    with pytest.raises(
        Refused, match=r"Second look has answers .* nobody has confirmed: ‘What led to this"
    ) as no:
        approve(town, case)
    assert "Where was this" not in str(no.value)
    with town.desk("mia") as desk:
        assert submissions.get(desk, made.id).state == "submitted"
        submissions.confirm(desk, made.id, ["again"])
        [choice] = cases.choices(desk, case)
        assert choice.allowed
    assert approve(town, case).state == "done"


def test_confirmed_while_saving_or_before_sending(town: Town, case: str) -> None:
    draft = begun(town, case)
    with town.desk("anna") as desk:
        saved = submissions.save(
            desk, draft.id, draft.answers, revision=draft.revision, confirm=["again", "place"]
        )
        assert saved.carried["again"]["confirmed"] is True
        assert "confirmed" not in saved.carried["place"]
        assert saved.revision == draft.revision
        submissions.submit(desk, draft.id, revision=saved.revision)
    assert approve(town, case).state == "done"


def test_changing_the_answer_confirms_it(town: Town, case: str) -> None:
    draft = begun(town, case)
    with town.desk("anna") as desk:
        changed = {**draft.answers, "again": "Seen at the lake"}
        saved = submissions.save(desk, draft.id, changed, revision=draft.revision)
        assert set(saved.carried) == {"place"}
        submissions.submit(desk, draft.id, revision=saved.revision)
    assert approve(town, case).state == "done"


def test_confirming_what_was_changed_at_once_says_nothing_of_the_old_answer(town: Town, case: str) -> None:
    draft = begun(town, case)
    with town.desk("anna") as desk:
        changed = {**draft.answers, "again": "Seen at the lake"}
        saved = submissions.save(desk, draft.id, changed, revision=draft.revision, confirm=["again"])
        assert set(saved.carried) == {"place"}


def test_where_nothing_approves_sending_waits(town: Town, case: str) -> None:
    draft = begun(town, case, "last")
    with pytest.raises(NotReady) as no, town.desk("anna") as desk:
        submissions.submit(desk, draft.id, revision=draft.revision)
    assert [(one.question, one.code) for one in no.value.problems] == [("why", "carried")]
    with town.desk("anna") as desk:
        submissions.confirm(desk, draft.id, ["why"])
        assert submissions.submit(desk, draft.id, revision=draft.revision).state == "submitted"


def test_who_may_not_write_the_form_confirms_nothing(town: Town, case: str) -> None:
    made = sent(town, case)
    with pytest.raises(NotPermitted), town.desk("sam") as desk:
        submissions.confirm(desk, made.id, ["again"])


def test_a_hidden_question_is_not_named(town: Town, case: str) -> None:
    with town.desk("anna") as desk:
        record = cases.get(desk, case).record
        again = submissions.open_draft(desk, "first", record=record, case=case)
        submissions.submit(desk, again.id, revision=again.revision, answers={"secret": "Kept apart"})
    sent(town, case)
    with pytest.raises(Refused) as no:
        approve(town, case, "sam")
    assert "answers that you may not see" in str(no.value)
    assert "What is kept apart" not in str(no.value)
    with pytest.raises(Refused, match="What is kept apart"):
        approve(town, case)
