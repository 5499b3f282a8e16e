"""The commands' contract: their JSON, their exit codes, and that wrong use is told in words, never as a traceback."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from engine import cli

DEFINITIONS = Path(__file__).parents[2] / "definitions" / "valid"
HARBOUR = str(DEFINITIONS / "harbour")


class Ran:
    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Any:
    def running(*argv: str) -> Ran:
        capsys.readouterr()
        code = cli.main(argv)
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return Ran(code, out, err)

    return running


@pytest.fixture
def broken(tmp_path: Path) -> str:
    root = tmp_path / "workspace"
    shutil.copytree(HARBOUR, root)
    form = root / "form_definitions/harbour/forms/visit.yaml"
    form.write_text(form.read_text().replace("options: purposes", "options: purpose"))
    return str(root)


def test_check_as_json(run: Any) -> None:
    ran = run("check", "--root", HARBOUR, "--format", "json")
    assert ran.code == 0
    assert ran.json == {
        "ok": True,
        "diagnostics": [],
        "packs": [
            {
                "pack": "harbour",
                "version": "1.0.0",
                "extends": None,
                "forms": ["found", "review", "visit"],
                "workflows": ["support"],
                "lists": ["harms", "purposes", "settings", "social_fields"],
                "records": ["child", "place"],
            }
        ],
    }


def test_check_names_what_is_inherited(run: Any) -> None:
    packs = run("check", "--root", str(DEFINITIONS / "quayside"), "--format", "json").json["packs"]
    assert [(one["pack"], one["extends"], one["forms"]) for one in packs] == [
        ("pier", None, ["check_in"]),
        ("quayside", "pier", ["check_in"]),
    ]


def test_check_of_a_broken_workspace(run: Any, broken: str) -> None:
    ran = run("check", "--root", broken, "--format", "json")
    assert ran.code == 1
    assert ran.json["ok"] is False
    (found,) = ran.json["diagnostics"]
    assert found.keys() >= {
        *("code", "severity", "file", "line", "column", "end_line", "end_column", "element", "message"),
        *("help", "example"),
    }
    assert (found["code"], found["severity"], found["file"]) == (
        *("R301", "error"),
        "form_definitions/harbour/forms/visit.yaml",
    )
    assert (found["line"], found["column"], found["end_line"], found["end_column"]) == (20, 18, 20, 25)
    assert found["element"] == "visit.purpose"
    text = run("check", "--root", broken)
    assert text.code == 1
    assert "visit.yaml:20:18: error R301" in text.out
    assert "harbour 1.0.0: 1 error." in text.out


def test_advice_is_no_error(run: Any, tmp_path: Path) -> None:
    root = tmp_path / "workspace"
    shutil.copytree(HARBOUR, root)
    form = root / "form_definitions/harbour/forms/visit.yaml"
    form.write_text(
        form.read_text().replace("label: Places where it happened", "label: Where the crew meets")
    )
    ran = run("check", "--root", str(root), "--format", "json")
    assert (ran.code, ran.json["ok"]) == (0, True)
    assert [one["severity"] for one in ran.json["diagnostics"]] == ["advice"]


def test_evaluate(run: Any, tmp_path: Path) -> None:
    answers = tmp_path / "answers.json"
    answers.write_text(
        '{"met_on": "2026-01-05", "purpose": "first_visit", "debt_amount": 12.5, "places": [{}, {}]}'
    )
    record = tmp_path / "record.yaml"
    record.write_text("born: 2010-05-01\n")
    ran = run(
        *("evaluate", "visit", "--pack", "harbour", "--root", HARBOUR, "--today", "2026-01-05"),
        *("--answers", str(answers), "--record", str(record)),
    )
    assert ran.code == 0, ran.out
    told = ran.json
    assert told.keys() >= {"form", "version", "shown", "required", "advised", "answers", "problems", "advice"}
    assert (told["form"], told["version"]) == ("visit", "1.0.0")
    assert told["shown"][:3] == ["meeting", "met_on", "met_at"]
    assert "framework.peers.worried" in told["shown"]
    assert "places[1].spot" in told["shown"]
    assert "debt_amount" not in told["shown"]
    assert told["required"] == ["met_on"]
    assert told["advised"] == ["purpose", "setting"]
    assert told["answers"]["age_then"] == "15"
    assert told["answers"]["place_count"] == "2"
    assert told["answers"]["met_on"] == "2026-01-05"


def test_evaluate_with_problems(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    piped = io.TextIOWrapper(io.BytesIO(b"seen_alone: no\nmet_on: 2026-01-06\n"))
    monkeypatch.setattr("sys.stdin", piped)
    ran = run(
        *("evaluate", "visit", "--pack", "harbour", "--root", HARBOUR, "--today", "2026-01-05"),
        *("--answers", "-"),
    )
    assert ran.code == 1
    (problem,) = ran.json["problems"]
    assert problem == {
        "question": "met_on",
        "code": "valid_if",
        "message": "Enter today's date or one in the past.",
    }
    assert "why_not_alone" in ran.json["shown"]


def test_evaluate_says_why(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = (
        *("evaluate", "visit", "--pack", "harbour", "--root", HARBOUR, "--today", "2026-01-05"),
        *("--answers", "-", "--why", "why_not_alone"),
    )
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"seen_alone: yes\nmet_on: 2026-01-05\n")))
    ran = run(*asked, "--why", "met_on")
    assert list(ran.json["why"]) == ["why_not_alone", "met_on"]
    why = ran.json["why"]["why_not_alone"]
    assert not why["shown"]
    (found,) = why["otherwise"]
    assert found.items() >= {"alters": "shown", "to": True, "outcome": "found"}.items()
    assert [one["path"] for one in found["changes"]] == ["seen_alone"]
    assert found["changes"][0]["answer"] is False
    assert ran.json["shown"] and "problems" in ran.json
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"seen_alone: yes\nmet_on: 2026-01-05\n")))
    ran = run(*asked, "--format", "text")
    assert (
        ran.out.startswith("why_not_alone\n  It is hidden.")
        and "It would be shown with one change" in ran.out
    )


def test_evaluate_says_why_only_of_what_is_there(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = ("evaluate", "visit", "--pack", "harbour", "--root", HARBOUR, "--answers", "-")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"{}")))
    ran = run(*asked, "--why", "seen_alne")
    assert ran.code == 2 and "Did you mean ‘seen_alone’?" in ran.err
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"{}")))
    assert run(*asked, "--format", "text").code == 2


def test_facts_reach_expressions(run: Any, tmp_path: Path) -> None:
    facts = tmp_path / "facts.json"
    facts.write_text('{"record": {"born": "2010-05-01"}}')
    answers = tmp_path / "answers.yaml"
    answers.write_text("{met_on: 2026-05-01}")
    ran = run(
        *("evaluate", "visit", "--pack", "harbour", "--root", HARBOUR, "--today", "2026-05-01"),
        *("--answers", str(answers), "--facts", str(facts)),
    )
    assert ran.json["answers"]["age_then"] == "16"


def test_test_passes(run: Any) -> None:
    ran = run("test", "--root", HARBOUR, "--format", "json", "--coverage")
    assert ran.code == 0
    assert ran.json["ok"] is True
    (pack,) = ran.json["packs"]
    assert [one["ok"] for one in pack["scenarios"]] == [True, True]
    assert "support.withdraw" in pack["coverage"]["transitions"]["missing"]
    assert "support.decide: role" not in pack["coverage"]["refusals"]["missing"]
    assert "support.withdraw: reason" in pack["coverage"]["refusals"]["missing"]


def test_test_fails(run: Any, tmp_path: Path) -> None:
    root = tmp_path / "workspace"
    shutil.copytree(HARBOUR, root)
    file = root / "form_definitions/harbour/scenarios/scenarios.yaml"
    file.write_text(
        file.read_text().replace("expect: {state: closed, closed: yes}", "expect: {state: reviewing}")
    )
    ran = run("test", "--root", str(root), "--pack", "harbour")
    assert ran.code == 1
    assert "scenarios.yaml:18: ‘visited_and_closed’: expected state: reviewing; came: closed" in ran.out
    assert "1 of 2 scenarios" in ran.out


def test_explain_takes_an_id_alone_where_one_element_is_called_so(run: Any) -> None:
    ran = run("explain", "purpose", "--pack", "harbour", "--root", HARBOUR)
    assert (ran.code, ran.out.splitlines()[0]) == (0, "visit.purpose (question)")


def test_explain_names_the_several_that_are_called_so(run: Any, tmp_path: Path) -> None:
    root = shutil.copytree(HARBOUR, tmp_path / "copy")
    twin = "form: twin\ntitle: Twin\nabout: child\nsections:\n  - id: only\n    title: Only\n    questions:\n"
    twin += "      - {id: purpose, type: text, label: Purpose}\n"
    (root / "form_definitions" / "harbour" / "forms" / "twin.yaml").write_text(twin, encoding="utf-8")
    ran = run("explain", "purpose", "--pack", "harbour", "--root", str(root))
    assert ran.code == 2
    assert "‘visit.purpose’" in ran.err and "‘twin.purpose’" in ran.err, ran.err


def test_explain(run: Any) -> None:
    root = str(DEFINITIONS / "quayside")
    ran = run("explain", "check_in.feeling", "--pack", "quayside", "--root", root)
    assert ran.code == 0
    assert "label    quayside  form_definitions/quayside/changes.yaml:4  How are they today?" in ran.out
    assert "options  pier      form_definitions/pier/check_in.yaml:8  feelings" in ran.out
    told = run(
        "explain", "check_in.helpers.helps_with", "--pack", "quayside", "--root", root, "--format", "json"
    )
    assert told.json["retired"]["why"] == "Asked elsewhere"
    assert told.json["retired"]["pack"] == "quayside"


def test_schemas(run: Any, tmp_path: Path) -> None:
    assert "form.schema.json" in run("schemas").json
    out = tmp_path / "schemas"
    ran = run("schemas", "--out", str(out))
    assert ran.code == 0
    assert json.loads((out / "workflow.schema.json").read_text())["title"]
    assert json.loads((out / "trefoil.schema.json").read_text())["title"]


WRONG_USE = {
    "no command": ([], "COMMAND"),
    "unknown command": (["chekc"], "chekc"),
    "no such folder": (["check", "--root", "/no/such/folder"], "no folder"),
    "no workspace": (["check", "--root", "{tmp}"], "not a workspace"),
    "unknown pack": (["test", "--root", HARBOUR, "--pack", "harbor"], "Did you mean ‘harbour’?"),
    "unknown form": (
        ["evaluate", "visits", "--pack", "harbour", "--root", HARBOUR, "--answers", "-"],
        "Did you mean ‘visit’?",
    ),
    "unknown element": (["explain", "visit.purpos", "--pack", "harbour", "--root", HARBOUR], "visit.purpose"),
    "no answers file": (
        ["evaluate", "visit", "--pack", "harbour", "--root", HARBOUR, "--answers", "{tmp}/none.json"],
        "cannot be read",
    ),
    "answers are a folder": (
        ["evaluate", "visit", "--pack", "harbour", "--root", HARBOUR, "--answers", "{tmp}"],
        "cannot be read",
    ),
    "no day": (
        [
            "evaluate",
            "visit",
            "--pack",
            "harbour",
            "--root",
            HARBOUR,
            "--answers",
            "-",
            "--today",
            "5/1/2026",
        ],
        "2026-01-05",
    ),
    "two piped": (
        ["evaluate", "visit", "--pack", "harbour", "--root", HARBOUR, "--answers", "-", "--facts", "-"],
        "Only one of",
    ),
    "no pack named": (["evaluate", "visit", "--answers", "-"], "--pack"),
}


@pytest.mark.parametrize("name", WRONG_USE)
def test_wrong_use_is_told(run: Any, tmp_path: Path, name: str) -> None:
    argv, says = WRONG_USE[name]
    ran = run(*(one.replace("{tmp}", str(tmp_path)) for one in argv))
    assert ran.code == 2
    assert says in ran.err
    assert ran.out == ""


BAD_ANSWERS = {
    "a list": b"[1, 2]",
    "text": b"hello",
    "nothing": b"",
    "bad YAML": b"a: [1",
    "not UTF-8": b"a: \xff\xfe",
    "two documents": b"a: b\n---\nc: d",
    "anchors": b"a: &x [1]\nb: *x",
    "deep JSON": b"[" * 100_000,
}


@pytest.mark.parametrize("name", BAD_ANSWERS)
def test_bad_answers_are_told(run: Any, tmp_path: Path, name: str) -> None:
    file = tmp_path / "answers"
    file.write_bytes(BAD_ANSWERS[name])
    ran = run("evaluate", "visit", "--pack", "harbour", "--root", HARBOUR, "--answers", str(file))
    assert ran.code == 2
    assert "answers" in ran.err


def test_commands_of_a_broken_workspace_say_what_is_wrong(run: Any, broken: str) -> None:
    for argv in (["test"], ["explain", "visit", "--pack", "harbour"]):
        ran = run(*argv, "--root", broken)
        assert ran.code == 1
        assert "error R301" in ran.err
