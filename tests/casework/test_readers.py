"""What a reader may not have, decided from the definitions alone: deny by default, marks, what is held, roles."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

import engine
from engine.casework import readers
from engine.casework.readers import Reader
from engine.packs import Pack

ROOT = Path(__file__).resolve().parents[2]
TEXTS = {
    "form_definitions/quay/all.yaml": """\
pack: quay
title: Quay
version: 1.0.0
---
access: quay
roles: {worker: Worker, school: School}
sensitivities: [guarded]
rules:
  - {id: workers, role: worker, record: child, may: [view, edit, submit]}
  - {id: schools, role: school, record: child, form: [talk], question: [shared, shared_more], may: [view]}
---
record: child
title: Young person
name: "{first_name}"
fields:
  - {id: first_name, type: text, label: First name}
---
record: place
title: Place
context: yes
name: "{place_name}"
fields:
  - {id: place_name, type: text, label: Name}
---
list: copy_readers
title: Whom copies are for
options:
  - {id: main_record, label: The main record, codes: {copies: [file]}}
  - {id: young_person, label: The young person, codes: {copies: [subject]}}
  - {id: school_staff, label: A school, codes: {copies: [partner], view_as: [school]}}
  - {id: police, label: The police, codes: {copies: [partner]}}
  - {id: unclear, label: Somebody else, codes: {copies: [partner, court]}}
---
form: talk
title: A talk
about: child
sections:
  - id: talking
    title: Talk
    questions:
      - {id: plain, type: text, label: Plain}
      - {id: others, type: text, label: Others, third_party: yes}
      - {id: others_shared, type: text, label: Others and shared, third_party: yes, copies: [file, partner]}
      - {id: apart, type: text, label: Apart, sensitive: guarded}
      - {id: shared, type: text, label: Shared, copies: [file, subject, partner]}
      - {id: shared_more, type: text, label: Shared too, copies: [partner]}
      - {id: friend, type: record_link, to: [child], label: Friend}
      - {id: spot, type: record_link, to: [place], label: Where}
      - id: agreed
        type: repeat
        label: Agreed
        copies: [file, partner]
        questions:
          - {id: what, type: text, label: What}
          - {id: who, type: text, label: Who, third_party: yes}
          - {id: how, type: text, label: How, copies: [file]}
""",
}
TITLED = {
    "main_record": set(),
    "young_person": {"others", "others_shared", "apart", "shared_more", "friend", "agreed"},
    "police": {"plain", "others", "apart", "friend", "spot", "agreed.who", "agreed.how"},
    "school_staff": {"plain", "others", "others_shared", "apart", "friend", "spot", "agreed"},
    # What no one class of reader is named by gets nothing.
    "unclear": {
        "plain", "others", "others_shared", "apart", "shared", "shared_more", "friend", "spot", "agreed",
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def quay() -> Pack:
    return engine.load_texts(TEXTS).pack("quay")


@pytest.mark.parametrize("reader", TITLED)
def test_what_each_reader_may_not_have(quay: Pack, reader: str) -> None:
    found = {one.id: one for one in readers.readers(quay.stack)}
    kept = readers.kept_back(quay.stack, quay.stack.forms["talk"], found[reader], "child")
    expected = TITLED[reader] | ({"shared_more"} if reader == "main_record" else set())
    assert set(kept) == expected


def test_each_has_its_reason(quay: Pack) -> None:
    kept = readers.kept_back(quay.stack, quay.stack.forms["talk"], Reader("x", "", "partner"), "child")
    assert (kept["plain"], kept["others"], kept["apart"], kept["friend"]) == (
        "not_marked", "third_party", "sensitive", "people",
    )  # fmt: skip
    school = next(one for one in readers.readers(quay.stack) if one.id == "school_staff")
    assert readers.kept_back(quay.stack, quay.stack.forms["talk"], school, "child")["others_shared"] == "role"


def test_a_pack_without_a_list_has_the_five_of_the_language(quay: Pack) -> None:
    without = {
        name: text.replace("list: copy_readers", "list: other_readers") for name, text in TEXTS.items()
    }
    stack = engine.load_texts(without).pack("quay").stack
    assert [one.id for one in readers.readers(stack)] == list(readers.READS_AS)


def test_lines_about_a_record_go_to_no_role_that_sees_some_of_its_forms_alone(quay: Pack) -> None:
    access = quay.stack.access
    school, worker = (Reader(role, "", "file", view_as=(role,)) for role in ("school", "worker"))
    assert readers.line_kept(access, school, "child", "step") == "role"
    assert readers.line_kept(access, worker, "child", "note") == ""
    assert readers.line_kept(access, Reader("x", "", "subject"), "child", "note") == "not_marked"


def test_the_rules_in_force_decide_for_a_role_whatever_the_form_was_made_under(quay: Pack) -> None:
    form, school = quay.stack.forms["talk"], Reader("x", "", "file", view_as=("school",))
    assert "shared" not in readers.kept_back(quay.stack, form, school, "child")
    stricter = dataclasses.replace(
        quay.stack.access, rules=tuple(one for one in quay.stack.access.rules if one.role != "school")
    )
    assert readers.kept_back(quay.stack, form, school, "child", stricter)["shared"] == "role"


def test_another_agency_has_of_a_referral_what_it_acts_on_and_nothing_that_is_others_or_said_in_trust() -> (
    None
):
    """Of the core pack: worries, danger, where, and whether the family knows. Names, voices and groups stay."""
    stack = engine.load(ROOT).pack("core").stack
    form = stack.forms["referral"]
    kept = readers.kept_back(stack, form, Reader("x", "", "partner"), "child")
    asked = {one.id for section in form.sections for one in section.questions}
    assert asked - set(kept) == {
        "referral_date", "family_knows", "what_worries", "danger_now", "danger_detail", "harm_setting", "harm_types",
        "context_known", "places",
    }  # fmt: skip
    assert {"places.place", "places.place_source"} <= set(kept)
    assert not {"places.place_description", "places.place_postcode"} & set(kept)
    subject = readers.kept_back(stack, form, Reader("x", "", "subject"), "child")
    assert "what_worries" not in subject and "friends_known" in subject
