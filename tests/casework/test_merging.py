"""Merging answers, shown on cases by hand and on cases nobody thought of: nothing anybody wrote is lost."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.casework import merging, paths

CASES: list[tuple[str, Any, Any, Any, Any, list[str]]] = [
    ("nobody changed anything", {"a": 1}, {"a": 1}, {"a": 1}, {"a": 1}, []),
    ("only I did", {"a": 1}, {"a": 2}, {"a": 1}, {"a": 2}, []),
    ("only they did", {"a": 1}, {"a": 1}, {"a": 2}, {"a": 2}, []),
    ("both alike", {"a": 1}, {"a": 2}, {"a": 2}, {"a": 2}, []),
    ("both otherwise", {"a": 1}, {"a": 2}, {"a": 3}, {"a": 3}, ["a"]),
    ("I removed, they left it", {"a": 1, "b": 1}, {"b": 1}, {"a": 1, "b": 2}, {"b": 2}, []),
    ("I removed, they changed", {"a": 1}, {}, {"a": 2}, {"a": 2}, ["a"]),
    ("they removed, I changed", {"a": 1}, {"a": 2}, {}, {}, ["a"]),
    ("both added otherwise", {}, {"a": 1}, {"a": 2}, {"a": 2}, ["a"]),
    ("two cells of a grid", {"g": {"r": {"x": 1}}}, {"g": {"r": {"x": 2}}}, {"g": {"r": {"x": 1, "y": 3}}},
     {"g": {"r": {"x": 2, "y": 3}}}, []),
    ("one cell of a grid", {"g": {"r": {"x": 1}}}, {"g": {"r": {"x": 2}}}, {"g": {"r": {"x": 3}}},
     {"g": {"r": {"x": 3}}}, ["g.r.x"]),
    ("choices are one answer", {"c": ["p"]}, {"c": ["p", "q"]}, {"c": ["p", "r"]}, {"c": ["p", "r"]}, ["c"]),
    ("a row of each", {"p": []}, {"p": [{"_row": "1", "d": 1}]}, {"p": [{"_row": "2", "d": 2}]},
     {"p": [{"_row": "2", "d": 2}, {"_row": "1", "d": 1}]}, []),
    ("my row between theirs", {"p": [{"_row": "1"}, {"_row": "2"}]},
     {"p": [{"_row": "1"}, {"_row": "9"}, {"_row": "2"}]}, {"p": [{"_row": "1"}, {"_row": "2"}, {"_row": "3"}]},
     {"p": [{"_row": "1"}, {"_row": "9"}, {"_row": "2"}, {"_row": "3"}]}, []),
    ("a row removed twice", {"p": [{"_row": "1"}]}, {}, {}, {}, []),
]  # fmt: skip


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "merged", "conflicts"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_by_hand(base: Any, mine: Any, theirs: Any, merged: Any, conflicts: list[str]) -> None:
    found = merging.merge(base, mine, theirs)
    assert found.answers == merged
    assert [one.path for one in found.conflicts] == conflicts


def test_a_choice_settles_a_conflict() -> None:
    for keep, value in (("mine", 2), ("theirs", 3)):
        found = merging.merge({"a": 1}, {"a": 2}, {"a": 3}, {"a": keep})
        assert (found.answers, found.conflicts) == ({"a": value}, ())


@pytest.mark.parametrize("keep", ["mine", "theirs"])
def test_a_choice_for_a_question_settles_its_rows_cells_and_other_text(keep: str) -> None:
    def answers(value: str) -> dict[str, Any]:
        return {
            "places": [{"_row": "1", "cost": value}],
            "grid": {"home": {"x": value}},
            "kind": "other",
            "kind.other": value,
        }

    base, mine, theirs = answers("before"), answers("mine"), answers("theirs")
    asked = [one.path for one in merging.merge(base, mine, theirs).conflicts]
    assert asked == ["places.1.cost", "grid.home.x", "kind.other"]
    found = merging.merge(base, mine, theirs, dict.fromkeys(("places", "grid", "kind"), keep))
    assert (found.answers, found.conflicts) == (answers(keep), ())


scalars = st.sampled_from(["", "one", "two", "three", True, ["p"], ["p", "q"]])
rows = st.lists(
    st.builds(lambda row, cells: {"_row": row, **cells}, st.sampled_from("123"),
              st.dictionaries(st.sampled_from("xy"), scalars, max_size=2)),
    max_size=3, unique_by=lambda row: row["_row"],
)  # fmt: skip
grids = st.dictionaries(st.sampled_from(["home", "peers"]), st.dictionaries(st.sampled_from("xy"), scalars))
documents = st.fixed_dictionaries(
    {}, optional={"a": scalars, "b": scalars, "places": rows, "grid": grids}
)  # fmt: skip


@given(documents, documents, documents)
def test_every_change_is_kept_or_shown(base: Any, mine: Any, theirs: Any) -> None:
    found = merging.merge(base, mine, theirs)
    shown = [one.path for one in found.conflicts]
    result = dict(merging.leaves(found.answers))
    for who in (mine, theirs):
        for path, value in merging.changes(base, who).items():
            if value in ([], {}) or value is None:
                continue
            kept = result.get(path) == value
            assert kept or any(path == one or path.startswith(f"{one}.") for one in shown), (path, value)


@given(documents, documents)
def test_merging_with_nobody_elses_change_is_ones_own(base: Any, mine: Any) -> None:
    found = merging.merge(base, mine, base)
    assert (found.answers, found.conflicts) == (mine, ())
    found = merging.merge(base, base, mine)
    assert (found.answers, found.conflicts) == (mine, ())


@given(documents, documents, documents)
def test_who_saves_first_does_not_decide_what_conflicts(base: Any, mine: Any, theirs: Any) -> None:
    one = {conflict.path for conflict in merging.merge(base, mine, theirs).conflicts}
    other = {conflict.path for conflict in merging.merge(base, theirs, mine).conflicts}
    assert one == other


HIDDEN = frozenset({"b", "places.y", "grid.y"})


@given(documents, documents)
def test_what_is_hidden_comes_back_as_it_was_and_is_never_handed_out(kept: Any, sent: Any) -> None:
    seen = paths.cut(kept, HIDDEN)
    assert "b" not in seen
    assert all("y" not in row for row in seen.get("places", []))
    assert all("y" not in cells for cells in seen.get("grid", {}).values())
    saved = paths.restore(sent, kept, HIDDEN)
    assert saved.get("b") == kept.get("b")
    assert paths.cut(saved, HIDDEN).get("a") == sent.get("a")
    before = {row["_row"]: row.get("y") for row in kept.get("places", [])}
    for row in saved.get("places", []):
        assert row.get("y") == before.get(row["_row"])
    for name, cells in kept.get("grid", {}).items():
        assert saved.get("grid", {}).get(name, {}).get("y") == cells.get("y")


@given(documents)
def test_what_is_stored_can_be_stored_again(document: Any) -> None:
    once = merging.stored(document)
    assert merging.stored(once) == once
