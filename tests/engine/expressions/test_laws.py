"""Laws that hold whatever is written: nothing but findings is raised, and three-valued logic is lawful."""

from __future__ import annotations

import itertools
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.expressions import YES_NO, Typed, as_json, closure, explain, in_words, parse, typed
from engine.expressions.lexing import FUNCTIONS, KEYWORDS, OTHER_WORDS
from engine.language.diagnostics import Diagnostic
from engine.language.model import Expression
from tests.support.expressions import TODAY, specimen_scope
from tests.support.random_expressions import Maker

PIECES = [
    *KEYWORDS, *FUNCTIONS, *OTHER_WORDS, "(", ")", ",", "+", "-", "*", "/", "=", "<", "<=", "==", "!=", "&&", "[",
    '"', "“", "’", "–", "12.5", "2026-01-05", "05/01/2026", '"text"', "harm_setting", "harm_types", "both", "cse",
    "places", "places.cost", "adults", "told", "referral_date", "record.date_of_birth", "assessment", "circle_one",
    "assessment.decision", "extra_familial_harm", "framework.peers.worried", "cost", "\n", "\t", "é", "\x00", ".", "..",
]  # fmt: skip


def read(text: str) -> tuple[Typed | None, list[Diagnostic]]:
    written, findings = parse(Expression(text))
    found, more = typed(written, specimen_scope(), YES_NO)
    return found, findings + more


@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=14).map(" ".join)))
def test_any_text_gives_an_expression_or_findings(text: str) -> None:
    found, findings = read(text)
    if found is None:
        assert findings
        assert all(one.message and one.help and one.severity in ("error", "warning") for one in findings)
        return
    values = {"today()": TODAY}
    assert closure(found)(values.get) in (True, False, None)
    as_json(found)
    in_words(found)
    explain(found, values.get)


def test_any_slip_in_a_sound_expression_gives_an_expression_or_findings() -> None:
    maker = Maker(Random(3))
    for _ in range(400):
        letters = list(maker.condition(2))
        for _ in range(maker.pick(1, 2, 3)):
            letters[maker.chance.randrange(len(letters))] = maker.pick(
                "", " ", "(", ")", '"', "x", "or", "9", "."
            )
        found, findings = read("".join(letters))
        assert found is not None or findings


TRUTHS = (True, False, None)
LAWS = [
    ("not (told and consented)", "(not told) or (not consented)"),
    ("not (told or consented)", "(not told) and (not consented)"),
    ("not not told", "told"),
    ("told and (consented or shared)", "(told and consented) or (told and shared)"),
    ("told or (consented and shared)", "(told or consented) and (told or shared)"),
    ("told and consented", "consented and told"),
    ("told or told", "told"),
    ("told or (told and consented)", "told"),
    ("told is not yes", "not (told is yes)"),
    ("told is no", "not told"),
]


@pytest.mark.parametrize(("one", "other"), LAWS)
def test_logic_is_lawful(one: str, other: str) -> None:
    (first, _), (second, _) = read(one), read(other)
    assert first is not None and second is not None
    for told, consented, shared in itertools.product(TRUTHS, repeat=3):
        values = {"told": told, "consented": consented, "shared": shared}
        assert closure(first)(values.get) is closure(second)(values.get), values


@pytest.mark.parametrize("joint", ["and", "or"])
def test_logic_is_kleenes(joint: str) -> None:
    found, _ = read(f"told {joint} consented")
    assert found is not None
    order = {False: 0, None: 1, True: 2}
    choose = min if joint == "and" else max
    for told, consented in itertools.product(TRUTHS, repeat=2):
        wanted = choose((told, consented), key=lambda one: order[one])
        assert closure(found)({"told": told, "consented": consented}.get) is wanted


@given(
    st.lists(st.one_of(st.none(), st.decimals(min_value=-5, max_value=5, places=1)), max_size=5),
    st.decimals(min_value=-5, max_value=5, places=1),
)
def test_rows_are_or_and_and_over_the_rows(costs: list[Decimal | None], limit: Decimal) -> None:
    values = {"adults": limit, "places": [{} if cost is None else {"cost": cost} for cost in costs]}
    truths = [None if cost is None else cost < limit for cost in costs]
    for which, decides in (("any", True), ("every", False)):
        found, _ = read(f"{which} row of places where cost < adults")
        assert found is not None
        wanted = decides if decides in truths else None if None in truths else not decides
        assert closure(found)(values.get) is wanted


def test_an_expression_depends_on_what_it_names() -> None:
    def reads(text: str) -> set[str]:
        found, _ = read(text)
        assert found is not None
        return set(found.reads)

    assert reads("harm_setting is both and age of record.date_of_birth at today() < 18") == {
        "harm_setting", "record.date_of_birth", "today()",
    }  # fmt: skip
    assert reads("count(places) > 2") == {"places"}
    assert reads("any row of places where cost > adults") == {"places", "places.cost", "adults"}
    assert reads("any row of places where any row of visits where minutes > cost") == {
        "places", "places.visits", "places.visits.minutes", "places.cost",
    }  # fmt: skip
    assert reads("beyond_home") == {"harm_setting", "consented"}
    assert reads("assessment is submitted and assessment.decision is shared") == {
        "assessment._state", "assessment.decision",
    }  # fmt: skip
    assert reads("framework.peers.worried is answered") == {"framework.peers.worried"}
