"""Definitions edited in YAML alone show in the running application after a reload; work under way keeps its own.

A sixth, broken edit changes nothing but a banner, which says where the fault is and what to do.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.support.browser import axe, holds_at_320
from tests.support.journeys import Person
from tests.support.processes import wait_until
from tests.support.servers import Server, running

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 40
CHILD = {"first_name": "Ashling", "last_name": "Pinned", "date_of_birth": ("1", "5", "2011")}
SENT: dict[str, dict[str, Any]] = {
    "About this referral": {"referral_source": "schools", "family_knows": "all_know"},
    "What you are worried about": {
        "what_worries": "Older people wait at the gate",
        "danger_now": "yes",
        "who_saw_it": "A learning mentor",
    },
    "Harm": {"harm_setting": "outside_family", "harm_types": ["market_stall_harm"]},
}


@dataclass
class Workspace:
    """A copy of what ships, to be edited, and the demonstration served from it."""

    root: Path
    server: Server

    def edit(self, file: str, old: str, new: str) -> None:
        path = self.root / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) >= 1, f"{file} has no longer {old!r}: choose another place to edit"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.fixture
def workspace(planted: Path, tmp_path: Path) -> Iterator[Workspace]:
    root = tmp_path / "workspace"
    for folder in ("form_definitions", "workflows"):
        shutil.copytree(ROOT / folder, root / folder)
    command = [sys.executable, "-m", "webapp.cli", "demo", "--port", "{port}", "--root", str(root)]
    data = {"TREFOIL_DATA": str(shutil.copytree(planted, tmp_path / "data"))}
    with running(command, ready="/sign-in", seconds=90, env=data, cwd=ROOT) as server:
        yield Workspace(root, server)


def footer(page: Page) -> str:
    page.reload()
    return page.inner_text("footer")


def published(worker: Person, act: Callable[[], None]) -> None:
    """Edits, and waits until a reload shows another version than before."""
    before = footer(worker.page)
    act()
    wait_until(lambda: footer(worker.page) != before, PATIENCE, "the edit to be published")
    assert "last good version" not in worker.page.inner_text("body")


def edits(workspace: Workspace) -> Iterator[Callable[[], None]]:
    forms, flow = "form_definitions/core/forms/referral.yaml", "workflows/core/child_referral.yaml"
    yield lambda: workspace.edit(forms, "label: What are you worried about?", "label: What worries you most?")
    yield lambda: workspace.edit(
        forms,
        "      - {id: going_well,",
        "      - {id: who_saw_it, type: text, label: Who saw the danger?, show_if: danger_now}\n"
        "      - {id: going_well,",
    )
    yield lambda: workspace.edit(
        "form_definitions/core/lists/harm.yaml",
        "  - {id: violence,",
        "  - {id: market_stall_harm, label: Harm at a market stall, under: exploitation}\n  - {id: violence,",
    )
    yield lambda: workspace.edit(
        "form_definitions/core/records/child.yaml",
        'name: "{first_name} {last_name}"',
        'name: "{last_name}, {first_name}"',
    )

    def another_state() -> None:
        # Several files are changed one after another, as an editor saves them: no state between may be published.
        (workspace.root / "form_definitions/core/forms/partner.yaml").write_text(
            "form: partner_view\ntitle: What the partner says\nabout: child\nsections:\n"
            "  - id: said\n    title: What was said\n    questions:\n"
            "      - {id: partner_words, type: long_text, label: What does the partner say?}\n",
            encoding="utf-8",
        )
        path = workspace.root / flow
        text = path.read_text(encoding="utf-8")
        assert "  - {id: withdrawn," in text and "  - id: ask_again\n" in text
        text = text.replace(
            "  - {id: withdrawn,",
            "  - {id: partner_asked, title: Waiting for a partner, forms: [partner_view]}\n  - {id: withdrawn,",
            1,
        )
        text = text.replace(
            "  - id: ask_again\n",
            "  - {id: ask_partner, label: Ask a partner, from: deciding, to: partner_asked, by: [manager]}\n"
            "  - {id: partner_told, label: Go on with what the partner says, from: partner_asked, to: deciding,"
            " by: [manager], when: partner_view is submitted}\n  - id: ask_again\n",
            1,
        )
        path.write_text(text, encoding="utf-8")

    yield another_state


def old_work_is_as_it_was(worker: Person, case: str, draft: str, record: str) -> None:
    worker.open(draft)
    worker.follow("What you are worried about")
    worker.expect("What are you worried about?")
    assert not worker.says("What worries you most?")
    assert not worker.page.locator('[name="a.who_saw_it"]').count()
    worker.open(draft)
    worker.follow("Harm")
    assert worker.page.locator('[name="a.harm_types"][value="cse"]').count() == 1
    assert not worker.page.locator('[name="a.harm_types"][value="market_stall_harm"]').count()
    worker.open(case)
    body = worker.page.content()
    assert "Waiting for a decision" in body and "Waiting for a partner" not in body
    worker.open(record)
    assert worker.page.inner_text("h1") == "Ashling Pinned"


class Looked(set[tuple[str, str]]):
    """Pages that other journeys look at with axe and at 320 px; here only what is new is."""

    def __contains__(self, page: object) -> bool:
        return True


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_five_edits_show_in_new_work_and_a_broken_one_in_a_banner(
    workspace: Workspace, visitor: Callable[..., Any]
) -> None:
    met = Looked()
    base = workspace.server.url
    worker = Person(visitor(), base, "priya", met, script=True)
    case = worker.begin("child_referral", "Young person", CHILD)
    worker.page.get_by_role("link", name="Ashling Pinned", exact=True).first.click()
    record = worker.page.url
    worker.open(case)
    worker.open_form("Referral")
    draft = worker.page.url

    for act in edits(workspace):
        published(worker, act)

    old_work_is_as_it_was(worker, case, draft, record)

    newer = worker.begin(
        "child_referral", "Young person", {**CHILD, "first_name": "Rowan", "last_name": "Newer"}
    )
    worker.expect("Newer, Rowan", "Waiting for a partner")
    worker.open_form("Referral")
    start = worker.page.url
    worker.follow("What you are worried about")
    worker.expect("What worries you most?")
    saw = worker.page.locator('[data-path="who_saw_it"]').first
    assert not saw.is_visible()
    worker.open(newer)
    worker.fill_in("Referral", SENT)
    manager = Person(visitor(), base, "marta", met, script=True)
    manager.open(newer)
    manager.act("Ask a partner")
    manager.open(newer)
    manager.expect("Waiting for a partner")
    manager.fill_in("What the partner says", {"What was said": {"partner_words": "We know the stall"}})
    manager.open(newer)
    manager.act("Go on with what the partner says")
    manager.open(newer)
    manager.expect("Waiting for a decision")
    manager.open(start + "/read")
    manager.expect("Harm at a market stall", "A learning mentor", "What worries you most?")
    old_work_is_as_it_was(worker, case, draft, record)

    keeper = Person(visitor(), base, "rhian", met, script=True)
    broken_and_mended(workspace, worker, keeper, newer)


def broken_and_mended(workspace: Workspace, worker: Person, keeper: Person, case: str) -> None:
    """Told to whoever looks after the definitions; nothing to those who work on."""
    file = "form_definitions/core/forms/referral.yaml"
    worker.open("/")
    keeper.open("/")
    version = footer(keeper.page)
    workspace.edit(file, "show_if: danger_now}", "show_if: dangr_now}")
    wait_until(
        lambda: (
            footer(keeper.page) == version and keeper.page.locator(".trefoil-banner--trouble").count() == 1
        ),
        PATIENCE,
        "the banner",
    )
    lines = (workspace.root / file).read_text(encoding="utf-8").splitlines()
    line = next(number for number, text in enumerate(lines, start=1) if "dangr_now" in text)
    banner = keeper.page.inner_text(".trefoil-banner--trouble")
    assert f"{file}, line {line}" in banner and "dangr_now" in banner and "danger_now" in banner, banner
    axe(keeper.page)
    holds_at_320(keeper.page)
    worker.open(case)
    assert footer(worker.page) == version and not worker.page.locator(".trefoil-banner--trouble").count()
    worker.expect("Newer, Rowan", "Waiting for a decision")
    another = {**CHILD, "first_name": "Wren", "last_name": "Meanwhile"}
    worker.begin("child_referral", "Young person", another)
    worker.open_form("Referral")
    worker.follow("What you are worried about")
    worker.expect("What worries you most?")
    workspace.edit(file, "show_if: dangr_now}", "show_if: danger_now}")
    wait_until(
        lambda: (
            footer(keeper.page) == version and not keeper.page.locator(".trefoil-banner--trouble").count()
        ),
        PATIENCE,
        "the banner to go",
    )
