"""No archive gets past its checks: each attack is refused at its stage, in the very words of the golden file.

    UPDATE_GOLDEN=1 .venv/bin/python -m pytest tests/engine/packs/test_archive_attacks.py -q

writes those words anew; read them before committing.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import yaml

from engine.packs import archive_judging, archive_reading
from tests.support.archives import PIER, SPEC, attack, attacks, sound

TODAY = date(2026, 1, 5)
GOLDEN = SPEC / "told.yaml"
ATTACKS = attacks()


@pytest.fixture(scope="module")
def golden() -> Iterator[dict[str, Any]]:
    if not os.environ.get("UPDATE_GOLDEN"):
        yield yaml.safe_load(GOLDEN.read_text(encoding="utf-8"))
        return
    made: dict[str, Any] = {}
    yield made
    GOLDEN.write_text(yaml.safe_dump(made, sort_keys=False, allow_unicode=True, width=110), encoding="utf-8")


def told(verdict: archive_judging.Verdict) -> dict[str, Any]:
    said = [f"{one.reason}: {one.message}" for one in verdict.refusals]
    said += [f"{one['file']}:{one['line']}: {one['code']}: {one['message']}" for one in verdict.findings]
    said += [f"{one['scenario']}: {one['message']}" for one in verdict.failures]
    return {"stage": verdict.stage, "told": said}


@pytest.mark.parametrize("case", ATTACKS, ids=lambda case: case["wrong"])
def test_each_attack_is_refused_in_plain_words(case: dict[str, Any], golden: dict[str, Any]) -> None:
    began = time.perf_counter()
    found = told(archive_judging.archive(attack(case["make"]), {}, TODAY))
    took = time.perf_counter() - began
    if os.environ.get("UPDATE_GOLDEN"):
        golden[case["wrong"]] = found
    assert found["stage"] != "done" and found["told"]
    assert found == golden[case["wrong"]]
    assert all(one.isprintable() for one in found["told"]), "what somebody else wrote moves no cursor"
    assert took < 2


def test_the_sound_archive_is_taken() -> None:
    verdict = archive_judging.archive(sound().as_bytes(), {}, TODAY)
    assert told(verdict) == {"stage": "done", "told": []}
    assert (verdict.pack, verdict.version, verdict.files, verdict.ran) == ("pier", "1.0.0", len(PIER), 1)
    assert archive_reading.read(sound().as_bytes()).files == PIER


def test_every_golden_word_belongs_to_an_attack(golden: dict[str, Any]) -> None:
    assert [one["wrong"] for one in ATTACKS] == list(golden)
