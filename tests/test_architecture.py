"""Holds the house's rules over the real sources, and shows that each rule can catch its breach."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.architecture import (
    COLUMNS,
    LONGEST,
    RULES,
    arrows,
    clock,
    code_from_data,
    database,
    docstrings,
    files,
    length,
    modules,
    network,
    web,
)

ROOT = Path(__file__).resolve().parents[1]
Rule = Callable[[Path], Iterator[str]]

# A small house in which all is well; each breach below changes one file of it.
HOUSE = {
    "engine/__init__.py": "from engine.packs import load\n",
    "engine/cli.py": "from engine.casework import store\nfrom engine.packs import load\nopen('x')\n",
    "engine/language/nodes.py": "from importlib.resources import files\nfiles('x').read_text()\n",
    "engine/questions/date.py": "import datetime as d\nimport engine.language\nd.date(2026, 1, 1)\n",
    "engine/calendars/__init__.py": "",
    "engine/expressions/grammar.py": (
        "import importlib.resources\n"
        "text = importlib.resources.files('engine.expressions').joinpath('x').read_text()\n"
    ),
    "engine/proof/__init__.py": "from ..expressions import grammar\n",
    "engine/forms/evaluate.py": "from engine.proof import decide\nfrom . import summary\n",
    "engine/forms/summary.py": "def today(now):\n    return now.today()\n",
    "engine/workflow/machine.py": "from engine.expressions.grammar import text\n",
    "engine/packs/__init__.py": "from pathlib import Path\nPath('x').read_text()\n",
    "engine/casework/store.py": "import time\nimport sqlalchemy\nimport engine.packs\ntime.time()\n",
    "webapp/__init__.py": "import flask\nimport engine\nfrom engine.casework import store\n",
}

BREACHES: list[tuple[Rule, str, str, str]] = [
    (arrows, "engine/language/nodes.py", "import engine.questions.date", "language may not know questions"),
    (
        arrows,
        "engine/forms/evaluate.py",
        "from engine.workflow import machine",
        "forms may not know workflow",
    ),
    (arrows, "engine/workflow/machine.py", "from ..forms import summary", "workflow may not know forms"),
    (
        arrows,
        "engine/calendars/__init__.py",
        "from engine import questions",
        "calendars may not know questions",
    ),
    (arrows, "engine/packs/__init__.py", "from engine.casework import store", "packs may not know casework"),
    (
        arrows,
        "engine/proof/__init__.py",
        "def f():\n    import engine.forms.evaluate",
        "proof may not know forms",
    ),
    (arrows, "engine/questions/date.py", "import engine", "questions may not know engine's own door"),
    (
        arrows,
        "engine/questions/date.py",
        "from engine import load",
        "questions may not know engine's own door",
    ),
    (arrows, "engine/packs/__init__.py", "import engine.cli", "packs may not know engine's own door"),
    (arrows, "engine/__init__.py", "import engine.casework.store", "may not bring in casework"),
    (arrows, "engine/casework/store.py", "import webapp", "engine may not know webapp"),
    (arrows, "engine/extra/things.py", "x = 1", "engine/extra is no room of the house"),
    (arrows, "engine/helpers.py", "x = 1", "engine/helpers is no room of the house"),
    (database, "engine/packs/__init__.py", "import sqlite3", "only engine/casework may know sqlite3"),
    (database, "webapp/__init__.py", "from sqlalchemy.orm import Session", "may know sqlalchemy"),
    (database, "engine/cli.py", "import alembic.command", "may know alembic"),
    (web, "engine/casework/store.py", "from flask import g", "engine may not know flask"),
    (web, "engine/forms/summary.py", "import bleach", "engine may not know bleach"),
    (network, "engine/packs/__init__.py", "import urllib.request", "may not reach the network"),
    (network, "engine/language/nodes.py", "from http import client", "may not reach the network"),
    (clock, "engine/forms/summary.py", "import datetime as dt\ndt.datetime.now()", "datetime.datetime.now"),
    (clock, "engine/forms/summary.py", "from datetime import date as d\nd.today()", "datetime.date.today"),
    (clock, "engine/workflow/machine.py", "from datetime import datetime\nf = datetime.utcnow", "utcnow"),
    (clock, "engine/proof/__init__.py", "import time\ntime.time()", "time.time"),
    (clock, "engine/packs/__init__.py", "from time import time as t\nt()", "time.time"),
    (files, "engine/forms/summary.py", "open('x')", "may not open files"),
    (files, "engine/questions/date.py", "from pathlib import Path\nPath('x').read_bytes()", r"\.read_bytes"),
    (code_from_data, "engine/expressions/grammar.py", "eval('1')", "eval turns text"),
    (code_from_data, "webapp/__init__.py", "exec('1')", "exec turns text"),
    (code_from_data, "engine/casework/store.py", "from pickle import loads", "pickle turns stored bytes"),
    (length, "engine/forms/summary.py", "x = 1\n" * (LONGEST + 1), "longer than 400 lines"),
    (length, "webapp/static/form.js", "// x\n" * (LONGEST + 1), "longer than 400 lines"),
]


def build(root: Path, house: dict[str, str]) -> None:
    for name, text in house.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f'"""Why."""\n{text}' if path.suffix == ".py" else text)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_sources_keep_the_rule(rule: Rule) -> None:
    assert list(rule(ROOT)) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_house_in_order_passes(rule: Rule, tmp_path: Path) -> None:
    build(tmp_path, HOUSE)
    assert list(rule(tmp_path)) == []


@pytest.mark.parametrize(("rule", "name", "text", "said"), BREACHES)
def test_a_breach_is_caught(rule: Rule, name: str, text: str, said: str, tmp_path: Path) -> None:
    build(tmp_path, {**HOUSE, name: HOUSE.get(name, "") + text})
    found = list(rule(tmp_path))
    assert len(found) == 1
    assert found[0].startswith(name)
    with pytest.raises(AssertionError, match=said):
        raise AssertionError(found[0])


def test_a_module_that_does_not_say_why_is_caught(tmp_path: Path) -> None:
    build(tmp_path, HOUSE)
    (tmp_path / "engine" / "forms" / "summary.py").write_text("x = 1\n")
    assert [found.partition(":")[0] for found in docstrings(tmp_path)] == ["engine/forms/summary.py"]


def test_every_rule_is_shown_to_catch_something() -> None:
    assert set(RULES) == {rule for rule, *_ in BREACHES} | {docstrings}


def test_the_rules_see_the_sources() -> None:
    rooms = {module.room for module in modules(ROOT) if module.house == "engine"}
    assert rooms & {room for column in COLUMNS for room in column}
