"""Whatever a file holds, reading it ends in time and gives findings, never an exception."""

from __future__ import annotations

import random
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.language import building, documents, nodes
from engine.language.diagnostics import Diagnostic, as_text
from engine.questions import BUILT_IN

VALID = Path(__file__).resolve().parents[1] / "definitions" / "valid"
FILES = [path.read_text(encoding="utf-8") for path in sorted(VALID.rglob("*.yaml"))]
# Pieces that YAML gives a meaning to, and slips of the hand.
PIECES = [
    ": ",
    "- ",
    "#",
    "? ",
    "|",
    ">",
    "&a",
    "*a",
    "!t",
    "%",
    "@",
    "`",
    '"',
    "'",
    "{",
    "}",
    "[",
    "]",
    ",",
    "\t",
    "\n",
    "\n\n",
    "  ",
    "---\n",
    "...\n",
    "<<: ",
    "\u00a0",
    "–",
    "“",
    "”",
    "\\",
    "\r\n",
    "\u2028",
    "\ufeff",
    "\x00",
    "\ud800",
    "🙂",
    "e\u0301",
    "null",
    "~",
    "yes",
    "1e9",
    "=",
    "$",
    "id: a\n",
]


def read_all(text: str) -> list[Diagnostic]:
    """All stages over one text, as `check` would; what comes out can also be shown."""
    read, findings = documents.read_file(text, "a.yaml")
    for document in read:
        if document.broken:
            continue
        more = documents.check_document(document, BUILT_IN)
        findings += more
        if not document.is_change:
            building.build(document.node, document.kind, BUILT_IN)
    rows = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for one in findings:
        assert as_text(one, text)
        assert one.help
        assert 1 <= one.place.line <= len(rows) + 1
        assert one.place.column >= 1
        assert (one.place.end_line, one.place.end_column) >= (one.place.line, one.place.column)
    return findings


def slipped(text: str, chance: random.Random) -> str:
    """`text` with one slip: something put in, taken out, doubled or moved."""
    at = chance.randrange(len(text) + 1)
    kind = chance.randrange(5)
    if kind <= 1:
        return text[:at] + chance.choice(PIECES) + text[at:]
    if kind == 2:
        return text[:at] + text[at + chance.randint(1, 6) :]
    lines = text.split("\n")
    number = chance.randrange(len(lines))
    if kind == 3:
        lines.insert(number, lines[chance.randrange(len(lines))])
    else:
        lines[number] = " " * chance.randint(0, 9) + lines[number].lstrip()
    return "\n".join(lines)


@settings(max_examples=800)
@given(seed=st.integers(min_value=0, max_value=2**32))
def test_definitions_with_slips_give_findings(seed: int) -> None:
    chance = random.Random(seed)
    text = chance.choice(FILES)
    for _ in range(chance.randint(1, 3)):
        text = slipped(text, chance)
    read_all(text)


@settings(max_examples=300)
@given(text=st.text(max_size=200))
@example("\ufeff")
@example("form: \ud800")
@example("? \n: \n")
@example("? ? ? a\n")
@example("- - - - a\n - b")
@example("{}: {}")
@example("form: {a: [}")
@example("%TAG ! tag:x,2000:\n--- !a")
def test_any_text_gives_findings(text: str) -> None:
    read_all(text)


@settings(max_examples=300)
@given(pieces=st.lists(st.sampled_from([*PIECES, "form", "list", "a", "options", " "]), max_size=30))
def test_any_heap_of_signs_gives_findings(pieces: list[str]) -> None:
    read_all("".join(pieces))


@settings(max_examples=200)
@given(data=st.binary(max_size=200))
def test_any_bytes_give_findings(data: bytes) -> None:
    _, findings = documents.read_bytes(data, "a.yaml")
    for one in findings:
        assert one.help


def bomb() -> str:
    levels = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    levels += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    return "\n".join(levels)


HOSTILE: dict[str, tuple[Callable[[], str], str]] = {
    "aliases that multiply": (bomb, "Y107"),
    "forty thousand anchors": (lambda: "\n".join(f"k{n}: &a{n} v" for n in range(40_000)), "Y107"),
    "brackets without end": (lambda: "form: " + "[" * 900_000, "Y105"),
    "braces without end": (lambda: "form: " + "{a: " * 240_000, "Y105"),
    "dashes without end": (lambda: "- " * 400_000, "Y105"),
    "question marks without end": (lambda: "? " * 400_000, "Y110"),
    "a merge of merges": (lambda: "a: &a {b: c}\nd: {<<: *a}\n", "Y107"),
    "a tag that makes objects": (lambda: "a: !!python/object/apply:os.system ['true']", "Y109"),
    "a null in mid-file": (lambda: "a: " + "x" * 900_000 + "\x00", "Y103"),
    "more than a megabyte": (lambda: "a: " + "x" * 1_000_001, "Y104"),
    "one long line": (lambda: "a b " * 240_000 + ": c", "Y199"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_at_once(name: str) -> None:
    make, code = HOSTILE[name]
    text = make()
    took = []
    for _ in range(3):
        start = time.process_time()
        read, findings = nodes.read(text, "a.yaml")
        took.append(time.process_time() - start)
    assert [one.code for one in findings] == [code]
    assert read == []
    assert min(took) < 0.1


@pytest.mark.parametrize(
    "text", ["a\n---\n" * 160_000, "a: [\n---\n" * 110_000, "a: b #c\n" * 110_000, "---\n" * 240_000]
)
def test_heaps_of_small_things_end_soon(text: str) -> None:
    start = time.process_time()
    documents.read_file(text, "a.yaml")
    assert time.process_time() - start < 4


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_take_little_memory(name: str) -> None:
    text = HOSTILE[name][0]()
    tracemalloc.start()
    nodes.read(text, "a.yaml")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 30_000_000


def test_a_large_honest_list_is_read() -> None:
    options = "\n".join(f"  - {{id: option_{n}, label: Option number {n}}}" for n in range(10_000))
    start = time.process_time()
    findings = read_all(f"list: long_one\ntitle: Long\noptions:\n{options}\n")
    assert findings == []
    assert time.process_time() - start < 10
