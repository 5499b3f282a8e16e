"""What the domain asks for has its place: each number is answered, each place and each test that is named exists."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

import engine
from engine.language.model import Stack
from engine.packs import lookups

ROOT = Path(__file__).parents[1]
SPEC: Mapping[int, Mapping[str, Any]] = yaml.safe_load((ROOT / "tests/spec/domain.yaml").read_text("utf-8"))


@pytest.fixture(scope="module")
def places() -> frozenset[str]:
    workspace = engine.load(ROOT)
    packs = (f"pack:{one}" for one in workspace.packs)
    return frozenset((*packs, *_places(workspace.pack("core").stack)))


def test_every_number_is_answered() -> None:
    assert list(SPEC) == list(range(28, 164))
    for number, item in SPEC.items():
        assert item.keys() <= {"asks", "where", "engine", "not_yet", "not_on_a_form"}, number
        assert item["asks"] and ("where" in item) != ("not_on_a_form" in item), number


def test_every_place_exists(places: frozenset[str]) -> None:
    named = {(number, place) for number, item in SPEC.items() for place in item.get("where", [])}
    assert sorted((number, place) for number, place in named if place not in places) == []


@pytest.mark.parametrize("place", ["referral.harm_kinds", "list:themes.none", "workflow:protection.never"])
def test_a_place_that_is_not_there_would_be_seen(places: frozenset[str], place: str) -> None:
    assert place not in places


def test_every_test_that_is_named_exists() -> None:
    named = {(number, test) for number, item in SPEC.items() for test in item.get("engine", [])}
    assert sorted((number, test) for number, test in named if not _is_there(test)) == []
    assert not _is_there("tests/test_domain.py::test_nobody_wrote")


def _is_there(test: str) -> bool:
    file, _, name = test.partition("::")
    return name in _tests(file)


@cache
def _tests(file: str) -> frozenset[str]:
    path = ROOT / file
    return frozenset(re.findall(r"^def (test_\w+)", path.read_text("utf-8"), re.M) if path.exists() else ())


def _places(stack: Stack) -> Iterator[str]:
    for form in stack.forms.values():
        yield f"form:{form.id}"
        yield from (f"{form.id}.{one.path}" for one in lookups.questions(form))
    for options in stack.lists.values():
        yield f"list:{options.id}"
        yield from (f"list:{options.id}.{option.id}" for option in options.options)
        if options.other:
            yield f"list:{options.id}.other"
    for workflow in stack.workflows.values():
        yield f"workflow:{workflow.id}"
        for part in (*workflow.states, *workflow.transitions):
            yield f"workflow:{workflow.id}.{part.id}"
    for record in stack.records.values():
        yield f"record:{record.id}"
        yield from (f"record:{record.id}.{field.id}" for field in record.fields)
    yield from (f"term:{word}" for word in stack.words)
    yield from (f"role:{role}" for role in stack.access.roles)
