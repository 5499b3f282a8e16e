"""Editing YAML shows in the running application after a reload; a broken edit leaves the last good one running."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import event

from engine.casework import CaseworkError, Store, records, stacks, widening
from tests.webapp.conftest import LITTLE, Place, watching
from webapp.app import create_app
from webapp.publishing import in_a_process
from webapp.settings import Settings


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return Path(shutil.copytree(LITTLE, tmp_path / "workspace"))


def edit(root: Path, file: str, old: str, new: str) -> None:
    path = root / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


FORMS = "form_definitions/little/forms.yaml"
RECORDS = "form_definitions/little/records.yaml"


def test_what_is_live_already_is_left_alone(place: Place, workspace: Path) -> None:
    watcher = watching(place, workspace)
    assert watcher.look() == "live"
    assert watcher.look() is None


def test_five_edits_show_and_work_under_way_keeps_its_own(place: Place, workspace: Path) -> None:
    _, case, draft = place.started()
    watcher = watching(place, workspace)
    watcher.look()
    edit(workspace, FORMS, "label: What are you worried about?", "label: What worries you?")
    edit(
        workspace, FORMS, "      - {id: at_time,",
        "      - {id: added, type: text, label: Who else was there?, show_if: danger}\n      - {id: at_time,",
    )  # fmt: skip
    edit(
        workspace, "form_definitions/little/lists.yaml", "  - {id: not_clear,",
        "  - {id: debt, label: Debt bondage, under: outside}\n  - {id: not_clear,",
    )  # fmt: skip
    edit(
        workspace,
        "form_definitions/little/records.yaml",
        'name: "{first_name} {last_name}"',
        'name: "{last_name}, {first_name}"',
    )
    flow = "workflows/little/worry.yaml"
    edit(
        workspace, flow, "  - {id: helped,", "  - {id: waiting, title: Waiting for a place}\n  - {id: helped,"
    )
    edit(
        workspace, flow, "  - id: decide\n",
        "  - {id: wait, label: Wait for a place, from: deciding, to: waiting, by: [manager]}\n"
        "  - {id: placed, label: A place is found, from: waiting, to: helped, by: [manager]}\n  - id: decide\n",
    )  # fmt: skip
    assert watcher.look() == "published"
    with place.desk() as desk:
        assert stacks.live(desk).version.startswith("1.0.0+dev.")

    new_record = place.child(first="Dee", last="Dunn")
    new_case = place.case(new_record)
    new_draft = place.draft(new_record, new_case)
    browser = place.browser("alice")
    fresh = browser.get(f"/forms/{new_draft}/what")
    assert "What worries you?" in fresh.text and "Who else was there?" in fresh.text
    assert "Debt bondage" in browser.get(f"/forms/{new_draft}/kinds").text
    assert browser.get(f"/records/{new_record}").h1 == "Dunn, Dee"
    assert "Waiting for a place" in browser.get(f"/cases/{new_case}").text

    old = browser.get(f"/forms/{draft}/what")
    assert "What are you worried about?" in old.text and "Who else was there?" not in old.text
    assert "Debt bondage" not in browser.get(f"/forms/{draft}/kinds").text
    assert "Waiting for a place" not in browser.get(f"/cases/{case}").text
    with place.desk("alice") as desk:
        assert records.find(desk, "Cole")[0].name == "Cara Cole"


def test_a_broken_edit_is_told_with_file_and_line_and_then_mended(place: Place, workspace: Path) -> None:
    watcher = watching(place, workspace)
    watcher.look()
    edit(workspace, FORMS, "show_if: danger,", "show_if: dangr,")
    assert watcher.look() == "broken"
    # Those who look after the definitions are told where the fault is; it is nothing to others.
    assert "last good version" not in place.browser("alice").get("/").text
    page = place.browser("dora").get("/")
    assert "the last good version stays in use" in page.text
    lines = (workspace / FORMS).read_text(encoding="utf-8").splitlines()
    line = next(number for number, text in enumerate(lines, start=1) if "dangr," in text)
    assert f"{FORMS}, line {line}" in page.text and "dangr" in page.text
    found = place.browser("dora").get("/definitions/")
    assert "dangr" in found.text and "1.0.0" in found.text
    _, _, draft = place.started()
    assert "What are you worried about?" in place.browser("alice").get(f"/forms/{draft}/what").text
    edit(workspace, FORMS, "show_if: dangr,", "show_if: danger,")
    assert watcher.look() == "live"
    assert "last good version" not in place.browser("dora").get("/").text


def test_a_file_that_is_no_yaml_at_all_is_told_too(place: Place, workspace: Path) -> None:
    watcher = watching(place, workspace)
    (workspace / FORMS).write_bytes(b"form: [\x00 {{{")
    assert watcher.look() == "broken"
    assert "forms.yaml" in place.browser("dora").get("/").text


@pytest.fixture
def settings(place: Place, workspace: Path) -> Settings:
    found: Settings = place.app.config["TREFOIL"]
    return replace(found, workspace=workspace, pack="little")


def test_columns_are_made_by_a_process_of_its_own_and_pages_only_fill_them(
    place: Place, workspace: Path, settings: Settings
) -> None:
    edit(workspace, FORMS, "- {id: at_time,", "- {reportable: yes, id: at_time,")
    pages: Store = create_app(settings).extensions["trefoil_store"]
    assert place.store.alters and not pages.alters
    altered: list[str] = []
    event.listen(
        pages.engine,
        "before_cursor_execute",
        lambda *said: altered.append(said[2]) if said[2].lstrip()[:5] in ("CREAT", "ALTER") else None,
    )
    assert in_a_process(settings, Event()) == "published"
    stacks.foresee(pages)
    with pages.reading() as connection:
        statements: list[str] = []
        event.listen(pages.readers, "before_cursor_execute", lambda *said: statements.append(said[2]))
        event.listen(pages.engine, "before_cursor_execute", lambda *said: statements.append(said[2]))
        connection.exec_driver_sql("SELECT 1")
    with pages.desk(place.authority, place.ids["dora"], now=place.clock()) as desk:
        live = stacks.live(desk)
        assert live.version.startswith("1.0.0+dev.")
        assert widening.wanted(desk.connection, live.stack) == {}
    # The pack was read ahead: asking for it reads no texts while others wait to write.
    assert statements and not any("texts" in one for one in statements)
    assert altered == []
    pages.close()


def test_a_publishing_step_that_fails_says_so_and_one_that_is_not_wanted_ends(
    place: Place, settings: Settings, tmp_path: Path
) -> None:
    with pytest.raises(CaseworkError, match="key"):
        in_a_process(replace(settings, key_file=tmp_path / "elsewhere" / "none.key"), Event())
    ending = Event()
    ending.set()
    with pytest.raises(CaseworkError, match="stopped"):
        in_a_process(settings, ending)
    assert "TREFOIL_OWNER_DATABASE" not in settings.as_environment()


def test_what_two_people_made_live_is_not_undone_by_looking_at_an_unchanged_workspace(
    place: Place, workspace: Path
) -> None:
    from engine import packs

    with place.desk() as desk:
        texts = dict(stacks.live(desk).texts)
    texts[FORMS] = texts[FORMS].replace("label: At what time?", "label: When exactly?")
    with place.desk("dora") as desk:
        decided = stacks.publish(desk, packs.load_texts(texts).pack("little"))
    assert watching(place, workspace).look() == "live", "as after a restart"
    with place.desk() as desk:
        assert stacks.live(desk).hash == decided
    edit(workspace, FORMS, "label: At what time?", "label: At which hour?")
    assert watching(place, workspace).look() == "published", "what is new in the workspace is"
