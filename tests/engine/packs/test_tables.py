"""Lists from CSV files, with what spreadsheets do to them undone or told by row."""

from __future__ import annotations

from pathlib import Path

import pytest

import engine
from engine.packs import finding, inspect_texts

PACK = "pack: a\ntitle: A\nversion: 1.0.0\n"
LIST = "list: harms\ntitle: Harms\noptions_from: harms.csv\n"
PLAIN = "id,label,under,group,code_census,aliases\nwhole,All,,yes,,\ncse,Sexual exploitation,whole,,11A;12B,CSE|old\n"


def texts(table: str, document: str = LIST) -> dict[str, str]:
    folder = "form_definitions/a"
    return {
        f"{folder}/pack.yaml": PACK,
        f"{folder}/lists/harms.yaml": document,
        f"{folder}/lists/harms.csv": table,
    }


def options(table: str) -> list[tuple[str, str]]:
    found = engine.load_texts(texts(table)).pack("a").list("harms").options
    return [(one.id, one.label) for one in found]


def told(table: str, document: str = LIST) -> list[str]:
    return [f"{one.code} {one.place.line}" for one in inspect_texts(texts(table, document)).diagnostics]


def test_a_table_is_a_list() -> None:
    whole, cse = engine.load_texts(texts(PLAIN)).pack("a").list("harms").options
    assert (whole.id, whole.group, whole.under) == ("whole", True, None)
    assert (cse.label, cse.under, cse.codes, cse.aliases) == (
        *("Sexual exploitation", "whole", {"census": ("11A", "12B")}),
        ("CSE", "old"),
    )
    assert cse.place.file == "form_definitions/a/lists/harms.csv"
    assert (cse.place.line, cse.place.column) == (3, 1)
    assert (cse.places["label"].line, cse.places["label"].column) == (3, 5)


@pytest.mark.parametrize(
    "table",
    [
        "id,label\na,A\nb,B\n",
        "id;label\na;A\nb;B",
        "id\tlabel\na\tA\nb\tB\n",
        "sep=;\nid;label\na;A\nb;B\n",
        "\ufeffid,label\r\na,A\r\n\r\nb,B\r\n,,\r\n",
        'ID, Label ,\na,"A",\nb,"B",\n',
        'label,id\n"A","a"\nB,b\n',
    ],
)
def test_what_spreadsheets_do_is_undone(table: str) -> None:
    assert options(table) == [("a", "A"), ("b", "B")]


def test_text_with_commas_quotes_and_lines() -> None:
    assert options('id,label\na,"One, ""two"""\nb,"Over\ntwo lines"\nc,C') == [
        ("a", 'One, "two"'),
        ("b", "Over\ntwo lines"),
        ("c", "C"),
    ]
    assert told('id,label\na,"Over\ntwo lines"\nB c,C') == ["S207 4"]


def test_british_days_are_put_year_first() -> None:
    (one,) = (
        engine.load_texts(texts("id,label,from,to\na,A,01/09/2024,2025-08-31\n"))
        .pack("a")
        .list("harms")
        .options
    )
    assert (one.valid_from, one.valid_to) == ("2024-09-01", "2025-08-31")


def test_labels_in_other_languages_are_kept() -> None:
    pack = engine.load_texts(texts("id,label,label_cy\na,Home,Cartref\nb,School,\n")).pack("a")
    assert pack.translations == {"cy": ({"language": "cy", "texts": {"harms.a.label": "Cartref"}},)}


@pytest.mark.parametrize(
    ("table", "finds"),
    [
        ("label\nA\n", ["P716 1"]),
        ("", ["P716 1"]),
        ("id,label\n", ["P716 1"]),
        ("id,label,colour\na,A,red\n", ["P717 1"]),
        ("id,label\na,One, two\n", ["P719 2"]),
        ("id,label\na,A\n,B\n", ["S204 3"]),
        ("id,label\na,\n", ["S204 2"]),
        ("id,label\na,A\na,B\n", ["S221 3"]),
        ("id,label\nA thing,A\n", ["S207 2"]),
        ("id,label,under\na,A,b\n", ["R316 2"]),
        ("id,label,code_x\na,A,1E+05\nb,B,11-Jan\nc,C,#REF!\nd,D,017\n", ["P718 2", "P718 3", "P718 4"]),
        ("id,label,from\na,A,soon\n", ["S213 2"]),
    ],
)
def test_what_is_wrong_is_told_by_row(table: str, finds: list[str]) -> None:
    assert told(table) == finds


def test_a_table_that_is_not_there() -> None:
    (found,) = inspect_texts(texts(PLAIN, LIST.replace("harms.csv", "harm.csv"))).diagnostics
    assert (found.code, found.place.line) == ("P715", 3)
    assert "Did you mean ‘harms.csv’?" in found.help


@pytest.mark.parametrize("path", ["../../b/secret.csv", "/etc/passwd", "../pack.yaml"])
def test_a_table_elsewhere_is_not_read(path: str) -> None:
    assert told(PLAIN, LIST.replace("harms.csv", path)) == ["P715 3"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    for name, text in texts("id,label\na,Café – à la carte\n").items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode(encoding if name.endswith(".csv") else "utf-8"))
    assert finding.find(tmp_path).findings == ()
    assert engine.load(tmp_path).pack("a").list("harms").options[0].label == "Café – à la carte"


def test_a_layer_above_changes_a_table_like_any_list() -> None:
    over = {
        "form_definitions/b/pack.yaml": "pack: b\ntitle: B\nversion: 1.0.0\nextends: a\n",
        "form_definitions/b/lists.yaml": "list: harms\nchanges:\n  - {set: cse, label: Exploitation}\n"
        "  - add: {id: debt, label: Debt, under: whole}\n",
    }
    pack = engine.load_texts({**texts(PLAIN), **over}).pack("b")
    assert [(one.id, one.label) for one in pack.list("harms").options] == [
        ("whole", "All"),
        ("cse", "Exploitation"),
        ("debt", "Debt"),
    ]
    assert "form_definitions/a/lists/harms.csv:3" in pack.explain("harms.cse").as_text()
