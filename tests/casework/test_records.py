"""Records: named by their pattern, found by their words, merged when two people edit them."""

from __future__ import annotations

import pytest

from engine.casework import NotFound, NotPermitted, NotReady, Stale, records
from engine.casework.values import Outside
from tests.support.casework import Town


def test_a_record_is_named_by_its_pattern_and_keeps_its_name(town: Town) -> None:
    child = town.child(last_name="Harper")
    assert child.name == "Robin Harper"
    with town.desk("anna") as desk:
        edited = records.edit(desk, child.id, {"last_name": "Hill"}, revision=1)
    assert (edited.name, edited.fields["last_name"], edited.revision) == ("Robin Harper", "Hill", 2)


def test_sequence_counts_within_the_rest_of_the_name(town: Town) -> None:
    names = [town.group().name, town.group(area="Southgate").name, town.group().name]
    assert names == [
        "Northgate, winter 2026, group 1",
        "Southgate, winter 2026, group 1",
        "Northgate, winter 2026, group 2",
    ]


def test_an_empty_part_takes_its_comma_with_it(town: Town) -> None:
    with town.desk("mia") as desk:
        assert records.create(desk, "place", {"kind": "park", "postcode": "N1"}).name == "Park, N1"
        assert records.name_preview(desk, "peer_group", {"area": "Quay"}) == "Quay, winter 2026, group …"


def test_fields_are_checked(town: Town) -> None:
    with pytest.raises(NotReady) as raised:
        town.child(first_name="", date_of_birth="2030-01-01")
    assert {problem.question for problem in raised.value.problems} == {"first_name", "date_of_birth"}


def test_identifiers_find_a_record_and_are_checked(town: Town) -> None:
    with town.desk("anna") as desk:
        made = records.create(
            desk, "child", {"first_name": "Kit"}, identifiers=[Outside("local_id", "ab 12")]
        )
        assert made.identifiers == (Outside("local_id", "AB12"),)
        assert [one.id for one in records.find(desk, "Ab12")] == [made.id]
    for wrong in (Outside("local_id", "!!"), Outside("other", "1")):
        with pytest.raises(NotReady), town.desk("anna") as desk:
            records.create(desk, "child", {"first_name": "Kit"}, identifiers=[wrong])


def test_search_wants_every_word_and_minds_no_accents(town: Town) -> None:
    made = town.child(first_name="Zoë", last_name="Quill")
    with town.desk("anna") as desk:
        assert [one.id for one in records.find(desk, "quill ZOE")] == [made.id]
        assert records.find(desk, "quill zebra") == []
        assert records.find(desk, "%") == []


def test_likely_doubles_are_offered_closed_ones_too(town: Town) -> None:
    made = town.child(first_name="Jonathan", last_name="Fell", date_of_birth="2010-02-03")
    with town.desk("anna") as desk:
        records.close(desk, made.id)
        like = {"first_name": "Jonathon", "last_name": "Fell", "date_of_birth": "2010-02-03"}
        found = records.alike(desk, "child", like)
        assert [one.record.id for one in found] == [made.id]
        assert records.alike(desk, "child", {"first_name": "Xavier", "last_name": "Onyx"}) == []
    with town.desk("ben") as desk:
        assert records.alike(desk, "child", like) == []


def test_the_same_key_makes_one_record(town: Town) -> None:
    with town.desk("anna") as desk:
        first = records.create(desk, "child", {"first_name": "Kim"}, key="k1")
    with town.desk("anna") as desk:
        assert records.create(desk, "child", {"first_name": "Kim"}, key="k1").id == first.id
        assert len(records.find(desk, "Kim")) == 1


def test_two_who_edit_different_fields_both_keep_theirs(town: Town) -> None:
    child = town.child()
    with town.desk("anna") as desk:
        records.edit(desk, child.id, {"last_name": "One"}, revision=1)
    with town.desk("mia") as desk:
        both = records.edit(desk, child.id, {"risk_level": "higher"}, revision=1)
    assert (both.fields["last_name"], both.fields["risk_level"], both.revision) == ("One", "higher", 3)
    with town.desk("mia") as desk:
        assert [one.merged for one in records.revisions(desk, child.id)] == [False, False, True]


def test_two_who_edit_one_field_are_shown_both(town: Town) -> None:
    child = town.child()
    with town.desk("anna") as desk:
        records.edit(desk, child.id, {"last_name": "One"}, revision=1)
    with pytest.raises(Stale) as raised, town.desk("mia") as desk:
        records.edit(desk, child.id, {"last_name": "Two"}, revision=1)
    (conflict,) = raised.value.conflicts
    assert (conflict.path, conflict.base, conflict.mine, conflict.theirs) == (
        "last_name",
        "Example",
        "Two",
        "One",
    )
    assert raised.value.by == town.people["anna"]


def test_who_may_not_create_is_told_so(town: Town) -> None:
    with pytest.raises(NotPermitted), town.desk("sam") as desk:
        records.create(desk, "child", {"first_name": "Kit"})


@pytest.mark.parametrize(
    "address", ["", "x", "../..", "0" * 32, "é" * 36, "00000000-0000-0000-0000-000000000000"]
)
def test_what_is_no_id_is_not_found(town: Town, address: str) -> None:
    with pytest.raises(NotFound), town.desk("mia") as desk:
        records.get(desk, address)


def test_text_no_database_can_hold_is_made_fit(town: Town) -> None:
    child = town.child(last_name="A\x00B\ud800")
    assert child.fields["last_name"] == "AB?"
