"""F3: one answer changed, beside a whole evaluation of the reference form; every answered question in turn."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import mean
from typing import Any

from tests.bench import reference
from tests.bench.bars import Figure
from tests.bench.forms import TODAY, compiled, stored
from tests.bench.timing import seconds


def figures() -> Iterator[Figure]:
    """F3, its results cross-checked."""
    form, answers = compiled(), stored(reference.submission(full=False))
    before = form.evaluate(answers, today=TODAY)
    whole = seconds(lambda: form.evaluate(answers, today=TODAY)) * 1000
    changes = [_another(path, value) for path, value in answers.items()]
    for one in changes:
        after = form.change(before, one)
        assert after.json() == form.evaluate(after.working.top.given, today=TODAY).json(), one

    def taken(change: dict[str, Any]) -> float:
        return seconds(lambda: form.change(before, change), 0.01) * 1000

    ours = mean(taken(one) for one in changes)
    yield Figure("F3", "one answer changed ÷ the whole evaluation", ours, whole, "ms", ours / whole, 0.6, 0.3)


def _another(path: str, value: Any) -> dict[str, Any]:
    """Another answer of the same kind; of the repeat, another in its first row."""
    if path == "people":
        return {"people[0].pname": "Somebody else"}
    if isinstance(value, bool):
        return {path: not value}
    if isinstance(value, list):
        return {path: ["k1"]}
    if value in ("a", "b"):
        return {path: "c"}
    if isinstance(value, int):
        return {path: 20}
    return {path: "2024-01-01" if value.startswith("20") else "Something else"}
