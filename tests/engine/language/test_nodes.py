"""Text to nodes: what was written, exactly where, and nothing made of it."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from engine.language import documents, nodes
from engine.language.nodes import Mapping, Scalar, Sequence
from engine.language.places import Place

TEXT = """\
form: visit # a remark
sections:
  - id: "one"
    title: |
      Two
      lines
  - {id: tŷ, codes: ['a', b]}
"""


def one(text: str) -> Mapping:
    read, findings = nodes.read(text, "a.yaml")
    assert findings == []
    assert len(read) == 1
    assert isinstance(read[0], Mapping)
    return read[0]


def place(line: int, column: int, end_line: int, end_column: int) -> Place:
    return Place("a.yaml", line, column, end_line, end_column)


def test_every_part_knows_where_it_stands() -> None:
    root = one(TEXT)
    assert root.place == place(1, 1, 7, 30)
    assert root.get("form") == Scalar("visit", False, place(1, 7, 1, 12))
    sections = root.get("sections")
    assert isinstance(sections, Sequence)
    first, second = sections.items
    assert isinstance(first, Mapping) and isinstance(second, Mapping)
    assert first.get("id") == Scalar("one", True, place(3, 9, 3, 14))
    assert first.key("id") == Scalar("id", False, place(3, 5, 3, 7))
    title = first.get("title")
    assert isinstance(title, Scalar)
    assert (title.text, title.quoted, title.block) == ("Two\nlines\n", True, True)
    assert (title.place.line, title.place.column) == (4, 12)
    codes = second.get("codes")
    assert isinstance(codes, Sequence)
    assert codes.place == place(7, 21, 7, 29)
    assert codes.items == (
        Scalar("a", True, place(7, 22, 7, 25)),
        Scalar("b", False, place(7, 27, 7, 28)),
    )


@pytest.mark.parametrize("newline", ["\r\n", "\r", "\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_a_byte_order_mark_change_nothing(newline: str, mark: str) -> None:
    assert one(mark + TEXT.replace("\n", newline)) == one(TEXT)


def test_columns_are_counted_in_characters() -> None:
    root = one("👩‍👧é: x\n")
    assert root.get("👩‍👧é") == Scalar("x", False, place(1, 7, 1, 8))


def test_documents_of_a_file_keep_their_lines() -> None:
    read, findings = nodes.read("a: 1\n---\nb: 2\n--- # three\nc: 3\n...\n---\n", "a.yaml")
    assert findings == []
    assert [node.place.line for node in read] == [1, 3, 5]


def test_a_fault_hides_nothing_in_other_documents() -> None:
    text = "form: a\nlabel: [\n---\nlist: b\n---\nform: c\ntitle: *x\n---\nterms: d\nwords: {}\n"
    read, findings = documents.read_file(text, "a.yaml")
    assert [(one.kind, one.id, one.broken) for one in read] == [
        ("form", "a", True),
        ("list", "b", False),
        ("form", "c", True),
        ("terms", "d", False),
    ]
    assert [(one.code, one.place.line) for one in findings] == [("Y122", 2), ("Y107", 7)]


def test_three_dashes_end_a_document_even_in_a_block() -> None:
    read, _ = nodes.read("a: |\n  text\n---\nb: 1\n", "a.yaml")
    assert len(read) == 2


@pytest.mark.parametrize(
    "text", ["a: >\n  b\n  c\n", "a: |2\n   b\n", "a: 'b\n  c'\n", "? a\n", "a: [b\n , c]\n", "a:\n- b\n"]
)
def test_the_parser_in_python_reads_the_same(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where libyaml is not built in, places and texts are the same."""
    quick = nodes.read(text, "a.yaml")
    monkeypatch.setattr(nodes, "_LOADER", yaml.SafeLoader)
    slow = nodes.read(text, "a.yaml")
    assert [one.code for one in slow[1]] == [one.code for one in quick[1]]
    assert slow[0] == quick[0]


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=60))
def test_what_is_quoted_is_read_back(text: str) -> None:
    quoted = "'" + text.replace("'", "''") + "'"
    read, findings = nodes.read(f"key: {quoted}\n", "a.yaml")
    if findings:
        assert {one.code for one in findings} == {"Y103"}
        return
    value = read[0].get("key") if isinstance(read[0], Mapping) else None
    assert isinstance(value, Scalar)
    assert value.text == text
    assert value.quoted


def test_bytes_that_are_no_text_are_told_as_what_they_are() -> None:
    def codes(data: bytes) -> list[str]:
        return [one.code for one in documents.read_bytes(data, "a.yaml")[1]]

    assert codes("form: é".encode("utf-16")) == ["Y102"]
    assert codes("form: é".encode("utf-16-le")) == ["Y102"]
    assert codes("form: é".encode("utf-32")) == ["Y102"]
    assert codes("form: é".encode("latin-1")) == ["Y101"]
    assert codes("form: “é”".encode("cp1252")) == ["Y101"]
    assert codes(b"a" * 1_000_001) == ["Y104"]


def test_a_latin_letter_is_found_where_it_stands() -> None:
    _, findings = documents.read_bytes("form: a\ntitle: caf\xe9\n".encode("latin-1"), "a.yaml")
    assert str(findings[0].place) == "a.yaml:2:11"
