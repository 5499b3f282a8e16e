"""The outbox: nothing leaves for work that was undone; everything else leaves at least once, under one key."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.casework import outbox
from tests.support.casework import Town


def test_what_is_undone_sends_nothing(town: Town) -> None:
    with pytest.raises(RuntimeError), town.desk() as desk:
        outbox.put(desk, "notice", "k", {})
        raise RuntimeError
    assert outbox.pending(town.store, now=town.now) == []


def test_one_key_is_one_letter(town: Town) -> None:
    for _ in range(2):
        with town.desk() as desk:
            outbox.put(desk, "notice", "k", {"n": 1})
    assert len(outbox.pending(town.store, now=town.now)) == 1


def test_a_letter_that_fails_is_tried_again_later_and_stops_no_other(town: Town, tmp_path: Path) -> None:
    with town.desk() as desk:
        outbox.put(desk, "notice", "good", {"n": 1})
        outbox.put(desk, "notice", "bad", {"n": 2})
    write = outbox.into_folder(tmp_path / "out")

    def stubborn(letter: outbox.Letter) -> None:
        if letter.key == "bad" and letter.tries == 0:
            raise OSError("the line is down")
        write(letter)

    assert outbox.deliver(town.store, stubborn, now=town.now) == 1
    assert outbox.pending(town.store, now=town.now) == []
    town.later(minutes=2)
    assert [letter.tries for letter in outbox.pending(town.store, now=town.now)] == [1]
    assert outbox.deliver(town.store, stubborn, now=town.now) == 1
    assert outbox.deliver(town.store, stubborn, now=town.now) == 0
    files = {path.name: json.loads(path.read_text())["n"] for path in (tmp_path / "out").iterdir()}
    assert files == {"good.json": 1, "bad.json": 2}
