"""Questions put to whoever works on a record: tasks until answered, kept with the record, told only to who may know."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest
from sqlalchemy import select

from engine import packs
from engine.casework import (
    CaseworkError,
    NotFound,
    NotPermitted,
    auditing,
    cases,
    keeping,
    needing,
    queries,
    restricting,
    stacks,
    submissions,
    tasks,
)
from engine.casework.tables import query_turn, task
from tests.support.casework import Town, harbour
from tests.support.sent import sent_by

MINUTES = """
form: minutes
title: Minutes
about: child
meeting: {notes: [said], take_away: take_away}
sections:
  - id: main
    title: Main
    questions:
      - {id: said, type: long_text, label: What was said}
      - id: take_away
        type: repeat
        label: Taken away
        sensitive: guarded
        questions:
          - {id: to_ask, type: text, label: What to find out}
          - {id: ask_whom, type: text, label: Whom to ask}
          - {id: taken_by, type: staff, label: Who took it?}
"""


@cache
def meeting() -> packs.Pack:
    """The test pack with a form from which guarded questions are taken away, at the first step."""
    texts = dict(harbour().texts)
    texts["form_definitions/harbour/forms/minutes.yaml"] = MINUTES
    flows = "workflows/harbour/flows.yaml"
    texts[flows] = texts[flows].replace("forms: [referral]", "forms: [referral, minutes]", 1)
    return packs.load_texts(texts).pack("harbour")


def to_do(town: Town, who: str) -> list[str]:
    with town.desk(who) as desk:
        return [one.label for one in tasks.mine(desk) if one.kind == "query"]


def test_a_question_is_a_task_until_answered_and_its_askers_until_accepted(town: Town) -> None:
    child, case = town.checked()
    with town.desk("mia") as desk:
        made = queries.ask(
            desk, child.id, " Was she seen alone? ", case=case.id, person=town.people["anna"],
            due=date(2026, 1, 9), key="k",
        )  # fmt: skip
        assert queries.ask(desk, child.id, "Was she seen alone?", case=case.id, key="k").id == made.id
    assert (made.text, made.state, made.overdue, made.may) == (
        "Was she seen alone?", "open", False, {"answer", "settle"},
    )  # fmt: skip
    assert to_do(town, "anna") == ["Was she seen alone?"]
    assert to_do(town, "mia") == []
    town.later(days=7)
    with town.desk("anna") as desk:
        [found] = queries.of_case(desk, case.id)
        assert (found.overdue, found.may) == (True, {"answer"})
        with pytest.raises(CaseworkError, match="answering"):
            tasks.done(desk, next(one.id for one in tasks.mine(desk) if one.kind == "query"))
        with pytest.raises(CaseworkError, match="Write the answer"):
            queries.answer(desk, made.id, " ", revision=made.revision)
        answered = queries.answer(desk, made.id, "Not yet", revision=made.revision)
        assert (answered.state, answered.overdue) == ("answered", False)
        with pytest.raises(NotPermitted):
            queries.accept(desk, made.id, revision=answered.revision)
    assert to_do(town, "anna") == []
    assert to_do(town, "mia") == ["Was she seen alone?"]
    with town.desk("mia") as desk:
        with pytest.raises(CaseworkError, match="added to this question"):
            queries.accept(desk, made.id, revision=1)
        again = queries.ask_again(desk, made.id, "When will she be?", revision=answered.revision)
    assert (to_do(town, "mia"), to_do(town, "anna")) == ([], ["When will she be?"])
    with town.desk("anna") as desk:
        answered = queries.answer(desk, made.id, "On Friday", revision=again.revision)
    with town.desk("mia") as desk:
        done = queries.accept(desk, made.id, revision=answered.revision)
        with pytest.raises(CaseworkError, match="settled"):
            queries.withdraw(desk, made.id, "No need", revision=done.revision)
    assert [one.kind for one in done.turns] == ["asked", "answered", "asked_again", "answered", "accepted"]
    assert done.answer and done.answer.text == "On Friday"
    assert (to_do(town, "mia"), to_do(town, "anna")) == ([], [])


def test_a_question_for_whoever_works_on_it_is_for_each_of_them_and_can_be_taken_back(town: Town) -> None:
    child, case = town.checked()
    with town.desk("mia") as desk:
        cases.assign(desk, case.id, person=town.people["ben"], role="practitioner")
        made = queries.ask(desk, child.id, "Who goes with her?", case=case.id)
    assert to_do(town, "anna") == to_do(town, "ben") == ["Who goes with her?"]
    with town.desk("ben") as desk, pytest.raises(NotPermitted):
        queries.withdraw(desk, made.id, "No need", revision=made.revision)
    with town.desk("mia") as desk:
        with pytest.raises(CaseworkError, match="Say why"):
            queries.withdraw(desk, made.id, "", revision=made.revision)
        gone = queries.withdraw(desk, made.id, "She has moved", revision=made.revision)
    assert (gone.state, gone.turns[-1].text, to_do(town, "ben")) == ("withdrawn", "She has moved", [])


def test_a_question_is_read_by_those_who_read_notes(town: Town) -> None:
    child, case = town.checked()
    other = town.case(town.child().id)
    with town.desk("mia") as desk:
        made = queries.ask(desk, child.id, "Something only for us", case=case.id)
        with pytest.raises(NotFound):
            queries.ask(desk, child.id, "Else", case=other.id)
    with town.desk("ben") as desk, pytest.raises(NotFound):
        queries.get(desk, made.id)
    # The teacher sees that the child is there, by one form, and no more.
    with town.desk("tess") as desk:
        assert queries.of_record(desk, child.id) == []
        with pytest.raises(NotFound):
            queries.get(desk, made.id)
    with town.desk("tess") as desk, pytest.raises(NotPermitted):
        queries.ask(desk, child.id, "May I?")


def test_whoever_no_longer_sees_the_record_reads_answers_and_settles_nothing(town: Town) -> None:
    """The two it is between, once the record is kept from one of them."""
    child, case = town.checked()
    with town.desk("anna") as desk:
        by_anna = queries.ask(desk, child.id, "Asked by Anna", case=case.id, person=town.people["mia"])
    with town.desk("mia") as desk:
        to_anna = queries.ask(desk, child.id, "Asked of Anna", case=case.id, person=town.people["anna"])
        answered = queries.answer(desk, by_anna.id, "Answered", revision=by_anna.revision)
    with town.desk("anna") as desk:
        assert queries.get(desk, by_anna.id).text == "Asked by Anna"
    with town.desk("mia") as desk:
        restricting.restrict(
            desk,
            child.id,
            only=[town.people["mia"]],
            reason="Only whoever decides may see this.",
            review_on=town.now.date() + timedelta(days=30),
        )
    for act in (
        lambda desk: queries.get(desk, to_anna.id),
        lambda desk: queries.answer(desk, to_anna.id, "Unseen", revision=to_anna.revision),
        lambda desk: queries.accept(desk, by_anna.id, revision=answered.revision),
        lambda desk: queries.ask_again(desk, by_anna.id, "Unseen", revision=answered.revision),
        lambda desk: queries.withdraw(desk, by_anna.id, "Unseen", revision=answered.revision),
    ):
        with town.desk("anna") as desk, pytest.raises(NotFound):
            act(desk)
    with town.desk("mia") as desk:
        assert "Unseen" not in str(queries.of_record(desk, child.id))


def test_a_question_at_a_guarded_answer_is_told_to_who_sees_the_answer_and_to_whom_it_is_put(
    town: Town,
) -> None:
    child, case = town.checked(secret="Nobody may know")
    with town.desk("mia") as desk:
        [form] = [one for one in submissions.of_case(desk, case.id) if one.form == "referral"]
        at = {"case": case.id, "submission": form.id}
        guarded = queries.ask(
            desk, child.id, "Why is that so?", **at, question="secret", person=town.people["anna"]
        )
        plain = queries.ask(desk, child.id, "Since when?", **at, question="worry")
    with town.desk("sam") as desk:
        # The specialist sees all of the referral but what is guarded.
        assert [one.text for one in queries.of_case(desk, case.id)] == ["Since when?"]
        assert not any(one.kind == "query" for one in tasks.of_case(desk, case.id))
        with pytest.raises(NotFound):
            queries.get(desk, guarded.id)
        assert queries.get(desk, plain.id).question == "worry"
    with town.desk("anna") as desk:
        assert {one.id for one in queries.of_record(desk, child.id)} == {guarded.id, plain.id}
    other = town.child()
    with town.desk("anna") as desk, pytest.raises(NotFound):
        queries.ask(desk, other.id, "Elsewhere", submission=form.id, question="worry")


def test_what_is_taken_away_from_a_meeting_is_a_question_to_who_took_it(town: Town) -> None:
    with town.desk() as desk:
        stacks.publish(desk, meeting())
    child = town.child()
    case = town.case(child.id)
    rows = [
        {"to_ask": "Who does he travel with?", "ask_whom": "School", "taken_by": town.people["ben"]},
        {"to_ask": "Nobody took this one"},
        {"ask_whom": "Nothing is asked", "taken_by": town.people["anna"]},
    ]
    with town.desk("mia") as desk:
        cases.assign(desk, case.id, person=town.people["ben"], role="practitioner")
    sent = town.submitted(child.id, case.id, "minutes", {"said": "Much", "take_away": rows[:2]})
    assert to_do(town, "ben") == ["Who does he travel with? (School)"]
    with town.desk("anna") as desk:
        [found] = queries.of_case(desk, case.id)
        assert (found.taken_away, found.question, found.submission) == (True, "take_away", sent.id)
    with town.desk("ben") as desk:
        done = queries.answer(desk, found.id, "With his cousin", revision=found.revision)
    # Nobody asked, so nobody need accept it.
    assert (done.state, to_do(town, "anna")) == ("closed", [])
    assert done.answer and done.answer.text == "With his cousin"


def test_minutes_sent_again_ask_nothing_twice(town: Town) -> None:
    with town.desk() as desk:
        stacks.publish(desk, meeting())
    child = town.child()
    case = town.case(child.id)
    anna, mia = town.people["anna"], town.people["mia"]
    rows: list[dict[str, Any]] = [
        {"_row": "0" * 31 + "1", "to_ask": "First?", "taken_by": anna},
        {"_row": "0" * 31 + "2", "to_ask": "Second?", "taken_by": anna},
        {"_row": "0" * 31 + "3", "to_ask": "Third?", "taken_by": anna},
    ]
    town.submitted(child.id, case.id, "minutes", {"take_away": rows})
    assert sorted(to_do(town, "anna")) == ["First?", "Second?", "Third?"]
    # A later meeting: the first stands as it was, the second goes to somebody else, the third is gone.
    town.submitted(child.id, case.id, "minutes", {"take_away": [rows[0], {**rows[1], "taken_by": mia}]})
    assert (to_do(town, "anna"), to_do(town, "mia")) == (["First?"], ["Second?"])
    with town.desk("mia") as desk:
        assert sorted(one.state for one in queries.of_case(desk, case.id)) == ["open", "open", "withdrawn"]


def test_questions_go_with_their_record_and_the_trace_says_who_without_a_word(town: Town) -> None:
    child, case = town.checked()
    with town.desk("mia") as desk:
        made = queries.ask(desk, child.id, "Zebra crossing", case=case.id, person=town.people["anna"])
    with town.desk("anna") as desk:
        queries.answer(desk, made.id, "Zebra answer", revision=made.revision)
    with town.desk("olga") as desk:
        events = [one for one in auditing.of_record(desk, child.id) if one.action.startswith("query.")]
    assert [(one.action, one.body["item"]) for one in events] == [
        ("query.asked", made.id), ("query.answered", made.id),
    ]  # fmt: skip
    assert "Zebra" not in str(events)
    with town.desk("kit") as desk:
        keeping.destroy(desk, child.id, reason="Its time is over", early=True)
        assert desk.run(select(query_turn)).first() is None
        assert desk.run(select(task.c.id).where(task.c.record == child.id)).first() is None


def test_lists_of_questions_ask_as_often_for_many_as_for_few(town: Town) -> None:

    child, case = town.checked()

    def asked() -> int:
        with town.desk("mia") as desk, sent_by(town.store) as said:
            found = queries.of_record(desk, child.id)
        assert found
        return len(said)

    with town.desk("mia") as desk:
        [form] = [one for one in submissions.of_case(desk, case.id) if one.form == "referral"]
        queries.ask(desk, child.id, "One?", case=case.id, submission=form.id, question="worry")
    asked()
    few = asked()
    town.later(hours=1)
    with town.desk("mia") as desk:
        for number in range(8):
            queries.ask(desk, child.id, f"{number}?", case=case.id, submission=form.id, question="worry")
    assert asked() == few
    assert timedelta(0) < town.now - child.made_at


def test_who_works_on_it_and_does_not_see_the_answer_does_not_read_what_is_asked_there(town: Town) -> None:
    child, case = town.checked(secret="Nobody may know")
    with town.desk("mia") as desk:
        cases.assign(desk, case.id, person=town.people["sam"])
        cases.assign(desk, case.id, person=town.people["tess"])
        [form] = [one for one in submissions.of_case(desk, case.id) if one.form == "referral"]
        at = {"case": case.id, "submission": form.id}
        queries.ask(desk, child.id, "Why does the uncle say so?", **at, question="secret")
        queries.ask(desk, child.id, "Since when?", **at, question="worry")
        queries.ask(desk, child.id, "Who goes with her?", case=case.id)
    assert asked_of(town, "anna") == {"Why does the uncle say so?", "Since when?", "Who goes with her?"}
    assert asked_of(town, "sam") == {"Since when?", "Who goes with her?"}
    # The teacher sees one form, and none of what is asked about the record.
    assert asked_of(town, "tess") == set()


def asked_of(town: Town, who: str) -> set[str]:
    with town.desk(who) as desk:
        found = needing.now(desk, needing.mine(desk))
        assert found.total == len(found.lines)
        return {one.label for one in found.lines if one.asked == "query"}
