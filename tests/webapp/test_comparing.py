"""What differs between two texts is marked, and said in words too."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.casework import submissions
from tests.webapp.conftest import Place
from webapp.comparing import MOST_WORDS, Piece, alone, pieces


def test_what_stands_in_one_text_alone_is_marked() -> None:
    assert pieces("Seen at the gate", "Seen by the gate") == [
        Piece("Seen ", False),
        Piece("at", True),
        Piece(" the gate", False),
    ]
    assert alone(pieces("Seen at the old gate", "Seen by the gate")) == "‘at’, ‘old’"
    assert alone(pieces("All new", "Nothing alike")) == "", "where all differs there is nothing to point out"


@given(st.text(alphabet="ab \n", max_size=40), st.text(alphabet="ab \n", max_size=40))
def test_put_together_it_is_the_text_again(one: str, other: str) -> None:
    assert "".join(piece.text for piece in pieces(one, other)) == one
    if one == other:
        assert not any(piece.alone for piece in pieces(one, other))


def test_long_texts_keep_nobody_waiting() -> None:
    long = "word " * MOST_WORDS
    assert pieces(long, "other") == [Piece(long, False)]


@pytest.mark.parametrize("choice", ["both", "mine", "theirs"])
def test_both_long_texts_can_be_kept_one_after_the_other(place: Place, choice: str) -> None:
    _, _, draft = place.started()
    alice, mary = place.browser("alice"), place.browser("mary")
    hers, marys = (one.get(f"/forms/{draft}/what") for one in (alice, mary))
    mary.submit(marys, button={"action": "later"}, a__story="Seen at the gate", a__how_many="3")
    page = alice.submit(
        hers, button={"action": "later"}, a__story="Seen by the gate", a__how_many="4", status=409
    )
    assert "Only in this text: ‘at’" in page.text and "Only in this text: ‘by’" in page.text
    assert "Mary Moss" in page.text and page.html.partition("</main>")[0].count("6 January 2026 at 9:30") == 4
    offered = [one.attributes["name"] for one in page.root.all("input", value="both")]
    assert offered == ["choice.story"], "numbers cannot both be kept"
    alice.submit(page, choice__story=choice, choice__how_many="mine")
    kept = {
        "both": "Seen at the gate\n\nSeen by the gate", "mine": "Seen by the gate", "theirs": "Seen at the gate",
    }  # fmt: skip
    assert place.look(draft).answers["story"] == kept[choice]
    assert place.look(draft).answers["how_many"] == "4"
    with place.desk("alice") as desk:
        assert submissions.asides(desk, draft) == []
