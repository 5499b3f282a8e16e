"""References are what the code would write now, and their check sees when they are not."""

from __future__ import annotations

from pathlib import Path

from engine.language import schemas
from engine.language.codes import CODES
from engine.questions import BUILT_IN
from tools import references


def test_references_are_up_to_date() -> None:
    assert references.outdated() == [], "run: python -m tools.references"


def test_every_code_is_told() -> None:
    told = references.diagnostics()
    assert [code for code in CODES if f"### {code} " not in told] == []


def test_a_reference_that_was_edited_by_hand_is_caught(tmp_path: Path) -> None:
    for name, written in references.REFERENCES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(written() + "\nMore.\n", encoding="utf-8")
    assert references.outdated(tmp_path) == sorted(references.REFERENCES)


def test_a_reference_that_is_missing_is_caught(tmp_path: Path) -> None:
    assert references.outdated(tmp_path) == sorted(references.REFERENCES)


def test_every_element_of_every_document_has_its_table() -> None:
    pages = "\n".join(
        references.REFERENCES[f"docs/reference-{page}.md"]() for page in ("forms", "workflows", "packs")
    )
    called: set[str] = set()

    def gather(schema: object) -> None:
        if isinstance(schema, dict):
            if "x-called" in schema and schema.get("properties"):
                called.add(str(schema["x-called"]))
            for value in schema.values():
                gather(value)
        elif isinstance(schema, list | tuple):
            for value in schema:
                gather(value)

    gather(schemas.published(BUILT_IN))
    # What a change puts in is told where it lands.
    wanted = {name.replace("_", " ") for name in called - {"element", "record"}}
    assert sorted(name for name in wanted if f"### {name.capitalize()}" not in pages) == []


def test_templates_are_told_without_their_signs() -> None:
    told = references.diagnostics()
    assert "{{name}}" not in told
    assert "{⟨name⟩}" in told
