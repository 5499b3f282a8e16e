"""L2, L3 and L4: loading the reference form beside a bare YAML parse, from what was kept, and large forms by size."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import median
from typing import Any

import yaml

import engine
from engine.packs import Cache, inspect_texts
from tests.bench import large
from tests.bench.bars import Figure
from tests.bench.forms import TODAY, stored, written
from tests.bench.reference import submission
from tests.bench.timing import seconds
from webapp.drawing.compiled import compile_form
from webapp.drawing.ink import Ink

A_FORM = 2_000
SIZES = (10_000, 50_000)
PACK = """
pack: large
title: Large
version: 1.0.0
---
record: child
title: Child
fields: [{id: area, type: text, label: Area}]
name: "{area}"
"""


def figures() -> Iterator[Figure]:
    """L2 and L3 on the reference form, L4 on one of 2,000 questions, and how its cost grows."""
    yield from _reference()
    whole = _texts(A_FORM)
    check = median(_alone(A_FORM)["time"] for _ in range(5)) / 1000
    yield Figure("L4", "check a form of 2,000 questions", check, 1.0, "s", check, 2.0, 1.0)
    pack = engine.load_texts(whole).pack("large")
    drawn = compile_form(pack.form("large0").form, pack.stack)
    assert drawn.draw("part3", Ink()).count("What was recorded about") > large.SECTION - 5
    page = seconds(lambda: drawn.draw("part3", Ink()))
    yield Figure("L4", "draw a page of 60 of them", page, 1.0, "s", page, 1.0, 0.3)
    yield from _growing()


def _reference() -> Iterator[Figure]:
    whole = {"form_definitions/large/pack.yaml": PACK, "form_definitions/large/forms/ref.yaml": written()}

    def load(cache: Cache | None = None) -> Any:
        return engine.load_texts(whole, cache).pack("large").form("ref")

    def parse() -> Any:
        return [list(yaml.load_all(text, yaml.CSafeLoader)) for text in whole.values()]

    assert len(load().plan.leaves) > 100
    full, bare = seconds(load, 0.3) * 1000, seconds(parse) * 1000
    yield Figure(
        "L2", "load, check, compile ÷ CSafeLoader's parse", full, bare, "ms", full / bare, 6.0, 3.0
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        cache = Cache(folder)
        assert load().browser() == load(cache).browser() == load(cache).browser()
        kept = seconds(lambda: load(cache)) * 1000
        typical = stored(submission(full=False))
        assert (
            load(cache).evaluate(typical, today=TODAY).json() == load().evaluate(typical, today=TODAY).json()
        )
        used = seconds(lambda: load(cache).evaluate(typical, today=TODAY)) * 1000
    yield Figure("L3", "the same from what was kept ÷ in full", kept, full, "ms", kept / full, 0.1, 0.05)
    # What is made when it is first asked for must not merely be hidden: here the first submission asks for it.
    yield Figure("L3", "that and a first evaluation ÷ in full", used, full, "ms", used / full, None, None)


def _growing() -> Iterator[Figure]:
    """Time and memory a question, each size in a process of its own, the collector on as it ever is."""
    small = _alone(A_FORM)
    for size in SIZES:
        found = _alone(size)
        for what, unit in (("time", "ms"), ("memory", "kB")):
            ours, theirs = found[what] / size, small[what] / A_FORM
            said = f"check {size:,} questions, {what} each ÷ at 2,000"
            yield Figure("L4", said, ours, theirs, unit, ours / theirs, 1.5, 1.2)


def _alone(questions: int) -> Mapping[str, float]:
    """What checking so many takes: milliseconds of CPU, and kilobytes beyond those of a small form."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.loading", str(questions)],
        capture_output=True, text=True, check=True, timeout=600,
    )  # fmt: skip
    found: Mapping[str, float] = json.loads(done.stdout)
    return found


def _texts(questions: int) -> dict[str, str]:
    """A pack of so many questions, 2,000 a form."""
    texts = {"form_definitions/large/pack.yaml": PACK, "form_definitions/large/lists.yaml": large.lists()}
    for number in range(questions // A_FORM):
        path = f"form_definitions/large/forms/large{number}.yaml"
        texts[path] = large.form(A_FORM, number)
    return texts


def main() -> None:
    """Checks so many questions in this process and prints what it took."""
    inspect_texts(_texts(0) | {"form_definitions/large/forms/tiny.yaml": large.form(large.SECTION)})
    before = _most_memory()
    texts = _texts(int(sys.argv[1]))
    begun = time.process_time()
    inspect_texts(texts)
    taken = (time.process_time() - begun) * 1000
    print(json.dumps({"time": taken, "memory": _most_memory() - before}))


def _most_memory() -> int:
    """Kilobytes that this process has held at most. `getrusage` would count those of whoever started it too."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))


if __name__ == "__main__":
    main()
