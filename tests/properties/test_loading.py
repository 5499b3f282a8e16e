"""Whatever a workspace holds, loading it gives a report: no exception, no stack that has errors, the same each time."""

from __future__ import annotations

import re
import time
from datetime import date
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import engine
from engine.packs import inspect_texts, scenarios

VALID = Path(__file__).parents[1] / "definitions" / "valid"
HARBOUR = dict(engine.load(VALID / "harbour").pack("harbour").texts)
QUAYSIDE = dict(engine.load(VALID / "quayside").pack("quayside").texts)
WORDS = sorted({word for text in (*HARBOUR.values(), *QUAYSIDE.values()) for word in text.split()})
SIGNS = [*"{}[]:,-#&*!|>'\"%@`\t\n ?~0é“–\x00\u2028", "---\n", "<<: ", "\n  ", "yes", "null", "1e9"]

ID = re.compile(r"\b[a-z][a-z0-9_]*\b")
IDS = sorted({word for text in (*HARBOUR.values(), *QUAYSIDE.values()) for word in ID.findall(text)})
TODAY = date(2026, 1, 5)

slips = st.lists(
    st.tuples(
        st.integers(0, 10_000),
        st.integers(0, 40),
        st.one_of(st.sampled_from(WORDS), st.sampled_from(SIGNS), st.text(max_size=5), st.just("")),
    ),
    min_size=1,
    max_size=3,
)


def slipped(texts: dict[str, str], file: int, changes: list[tuple[int, int, str]]) -> dict[str, str]:
    path = sorted(texts)[file % len(texts)]
    text = texts[path]
    for position, length, word in changes:
        at = position % (len(text) + 1)
        text = text[:at] + word + text[at + length :]
    return {**texts, path: text}


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from([HARBOUR, QUAYSIDE]), st.integers(0, 100), slips)
def test_any_slip_gives_a_report(
    texts: dict[str, str], file: int, changes: list[tuple[int, int, str]]
) -> None:
    reported(slipped(texts, file, changes))


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from([HARBOUR, QUAYSIDE]),
    st.integers(0, 100),
    st.lists(st.tuples(st.integers(0, 10_000), st.sampled_from(IDS)), min_size=1, max_size=3),
)
def test_any_word_for_another_gives_a_report(
    texts: dict[str, str], file: int, swaps: list[tuple[int, str]]
) -> None:
    """Slips that YAML does not mind: the definition says something else, and most often something wrong."""
    path = sorted(texts)[file % len(texts)]
    text = texts[path]
    for position, word in swaps:
        there = list(ID.finditer(text))
        found = there[position % len(there)]
        text = text[: found.start()] + word + text[found.end() :]
    reported({**texts, path: text})


def reported(given_texts: dict[str, str]) -> None:
    """Loading gives one report, in bounded time, with a place and help for each finding; or packs that all work."""
    began = time.process_time()
    report = inspect_texts(given_texts)
    assert time.process_time() - began < 5
    for one in report.diagnostics:
        assert one.message and one.help and one.place.line >= 1 and one.place.column >= 1
        assert one.place.file, one
    try:
        loaded = engine.load_texts(given_texts)
    except engine.DefinitionError as problem:
        assert not report.ok
        assert problem.report == report
        return
    assert report.ok
    for pack in loaded.packs.values():
        for form in pack.stack.forms:
            pack.form(form).evaluate({}, today=TODAY)
        for workflow in pack.stack.workflows:
            machine = pack.workflow(workflow)
            machine.entered(machine.start(now=TODAY), now=TODAY)
        scenarios.run(pack, today=TODAY)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_any_text_gives_a_report(text: str) -> None:
    report = inspect_texts({"form_definitions/a/pack.yaml": text})
    assert not report.ok
