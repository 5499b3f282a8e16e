"""The prover: what specs say, agreement with trying everything on small universes, and that it ends."""

from __future__ import annotations

import time
from datetime import date
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import proof
from engine.expressions import NUMBER, YES_NO, Name, Scope, Type, parse, typed
from engine.expressions.scope import World
from engine.language.model import Expression, Option, OptionList
from engine.proof import deciding
from engine.proof.universe import Meaning

SPECS = Path(__file__).parents[2] / "spec" / "proof"
VALUES = {True: True, False: False, "unknown": None}


class Place:
    """The questions of one spec, as names and as the prover's."""

    def __init__(self, questions: dict[str, Any]) -> None:
        self.written = questions
        self.scope = Scope({key: name(key, one) for key, one in questions.items()}, World())
        self.questions = {key: self.question(key, one) for key, one in questions.items()}

    def question(self, key: str, one: dict[str, Any]) -> proof.Question:
        fine: dict[str, Any] = {"step": Decimal(one["step"])} if "step" in one else {}
        for bound in ("least", "most"):
            if bound in one:
                fine[bound] = Decimal(one[bound])
        options = tuple(one.get("options", {}).items())
        cells = {cell: self.question(cell, its) for cell, its in one.get("cells", {}).items()}
        shown = self.tree(one["shown"]) if "shown" in one else None
        calculated = self.tree(one["calculated"], NUMBER) if "calculated" in one else None
        return proof.Question(key, one["kind"], one["label"], options, shown, calculated, cells=cells, **fine)

    def tree(self, text: str, wants: Type = YES_NO) -> Any:
        written, findings = parse(Expression(text))
        found, more = typed(written, self.scope, wants)
        assert found is not None, [one.message for one in (*findings, *more)]
        return found.tree

    def universe(self, *nodes: Any) -> proof.Universe:
        return proof.universe_of(nodes, lambda key, kind: self.questions.get(key))


def name(key: str, one: dict[str, Any], inside: str = "") -> Name:
    listed = [Option(option, label=label) for option, label in one.get("options", {}).items()]
    options = OptionList(key, title=key, options=tuple(listed)) if listed else None
    columns = {cell: name(cell, its, f"{key}.") for cell, its in one.get("cells", {}).items()}
    return Name(key, inside + key, Type(one["kind"], options), one["label"], columns=columns)


def cases() -> list[Any]:
    found = []
    for path in sorted(SPECS.glob("*.yaml")):
        spec = yaml.safe_load(path.read_text(encoding="utf-8"))
        place = Place(spec["questions"])
        found += [pytest.param(place, case, id=f"{path.stem}: {case['ask']}") for case in spec["cases"]]
    return found


@pytest.mark.parametrize(("place", "case"), cases())
def test_specs(place: Place, case: dict[str, Any]) -> None:
    first = place.tree(case["ask"])
    other = place.tree(case.get("both") or case.get("implies") or case["ask"])
    universe = place.universe(first, other)
    if "both" in case:
        found = proof.can_both(first, other, universe)
    elif "implies" in case:
        found = proof.implies(first, other, universe)
    else:
        found = proof.can_be(first, VALUES[case["value"]], universe)
    if case["answer"] == "impossible":
        assert found == proof.IMPOSSIBLE
    elif case["answer"] == "undecided":
        assert isinstance(found, proof.Undecided)
    else:
        assert isinstance(found, proof.Witness)
        assert case["answer"] in ("witness", found.in_words())


SMALL = Place({
    "a": {"kind": "yes_no", "label": "A"},
    "b": {"kind": "choice", "label": "B", "options": {"x": "X", "y": "Y", "z": "Z"}, "shown": "a"},
    "n": {"kind": "number", "label": "N", "least": 0, "most": 4, "step": 1},
    "m": {"kind": "number", "label": "M", "least": 0, "most": 4, "step": 1},
    "s": {"kind": "number", "label": "S", "calculated": "n + m"},
})  # fmt: skip
DOMAINS: dict[str, list[Any]] = {
    "a": [True, False, None],
    "b": ["x", "y", "z", None],
    "n": [*map(Decimal, range(5)), None],
    "m": [*map(Decimal, range(5)), None],
}
ATOMS = st.sampled_from([
    "a", "a is answered", "b is x", "b is y or z", "b is answered", "n > 2", "n < m", "n = m", "m <= 1", "s > 6",
    "s is answered", "n + 2 = m", "n * 2 < m", "n - m > 2", "max(n, m) > 3", "sum(n, m) < 2", "n / 2 = 1", "n * m > 12",
])  # fmt: skip
CONDITIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.builds("({} and {})".format, inner, inner),
        st.builds("({} or {})".format, inner, inner),
        st.builds("not ({})".format, inner),
    ),
    max_leaves=4,
)


def brute(node: Any, value: bool | None) -> bool:
    """Whether any answers at all make it so."""
    meaning = Meaning(SMALL.universe(node))
    keys = [key for key in DOMAINS if key in meaning.universe.questions]
    every = product(*(DOMAINS[key] for key in keys))
    return any(meaning.run(node, dict(zip(keys, answers, strict=True))) is value for answers in every)


@settings(max_examples=60, deadline=None)
@given(CONDITIONS, st.sampled_from([True, False, None]), st.booleans())
def test_agrees_with_trying_everything(text: str, value: bool | None, only_z3: bool) -> None:
    node = SMALL.tree(text)
    before = deciding.MOST_TRIED
    try:
        deciding.MOST_TRIED = 0 if only_z3 else before
        found = proof.can_be(node, value, SMALL.universe(node))
    finally:
        deciding.MOST_TRIED = before
    if isinstance(found, proof.Undecided):
        assert " * m" in text  # two answers multiplied: the one thing here that may stay open
    else:
        assert isinstance(found, proof.Witness) == brute(node, value)


def test_the_same_question_has_the_same_answer() -> None:
    node = SMALL.tree("n + m > 3 and n < m")
    assert len({proof.can_be(node, True, SMALL.universe(node)) for _ in range(5)}) == 1


def test_it_ends_and_says_that_it_does_not_know() -> None:
    node = SMALL.tree("n + m > 3")
    assert proof.can_be(node, True, SMALL.universe(node), proof.Budget(asked=0)) == proof.Undecided()


def test_hard_questions_end_soon() -> None:
    many = Place({f"q{one}": {"kind": "number", "label": f"Q{one}"} for one in range(12)})
    text = " and ".join(f"q{one} * q{one + 1} > q{(one + 5) % 12} + {one}" for one in range(11))
    node = many.tree(text)
    started = time.process_time()
    proof.can_be(node, True, many.universe(node))
    assert time.process_time() - started < 10


def test_a_witness_is_told_in_plain_words() -> None:
    assert proof.universe.said(proof.Question("d", "date"), date(2026, 1, 5)) == "2026-01-05"
