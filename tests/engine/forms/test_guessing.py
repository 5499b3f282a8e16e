"""What a guess shows to be possible the prover never calls impossible, and few conditions are left to the prover."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from engine import proof
from engine.forms import CompiledForm, obligations
from engine.forms.guessing import met
from tests.engine.forms.test_shipped import FORMS, shipped
from tests.support.random_forms import random_form


def told(form: CompiledForm, guessing: bool, monkeypatch: pytest.MonkeyPatch) -> tuple[list[Any], list[bool]]:
    """The findings, and of each condition asked about whether a guess sufficed; with both asked, they agree."""
    guessed: list[bool] = []

    def noted(wanted: Any, described: Any, rows: Any) -> bool:
        guessed.append(met(wanted, described, rows))
        return guessed[-1] if guessing else False

    monkeypatch.setattr(obligations, "met", noted)
    return list(obligations.check(form.plan)), guessed


def test_the_prover_agrees_on_random_forms(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = Random(3)
    everything: list[bool] = []
    faults = 0
    for _ in range(40):
        form = random_form(chance)
        with_guesses, guessed = told(form, True, monkeypatch)
        without, _ = told(form, False, monkeypatch)
        undecided = {one.place for one in without if one.code == "F521"}
        assert [one for one in with_guesses if one.place not in undecided] == [
            one for one in without if one.place not in undecided
        ]
        everything += guessed
        faults += len(without)
    assert faults > 20
    assert sum(everything) > len(everything) / 2


def test_the_prover_agrees_on_every_form_that_ships(monkeypatch: pytest.MonkeyPatch) -> None:
    everything: list[bool] = []
    for pack, form_id in FORMS:
        if pack in ("core", "riverside", "provider"):
            form = shipped().pack(pack).form(form_id)
            with_guesses, guessed = told(form, True, monkeypatch)
            assert with_guesses == told(form, False, monkeypatch)[0]
            everything += guessed
    assert sum(everything) > 0.9 * len(everything) > 50


def test_a_guess_that_fails_is_no_finding() -> None:
    """The control: what cannot be is not met, and only the prover says so."""
    from tests.support.forms import form_of

    form = form_of(
        "form: f\ntitle: F\nabout: child\nsections:\n  - id: s\n    title: S\n    questions:\n"
        "      - {id: a, type: number, label: A}\n"
        "      - {id: b, type: text, label: B, show_if: a > 3 and not (a < 1)}\n"
    )
    described = obligations.Described(form.plan)
    show = form.plan.leaves["b"].show
    assert show is not None
    assert met([(show, (True,))], described, None)
    contradiction = obligations.core.And((show.typed.tree, obligations.core.Not(show.typed.tree)))
    assert not met([(contradiction, (True,))], described, None)
    universe = described.universe([contradiction])
    assert isinstance(proof.can_be(contradiction, True, universe), proof.Impossible)
