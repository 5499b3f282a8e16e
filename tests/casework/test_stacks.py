"""Published definitions: new work takes the newest, work under way stays with its own, trouble leaves all running."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

import engine
from engine import packs
from engine.casework import (
    NotPermitted,
    Store,
    access,
    authorities,
    cases,
    records,
    stacks,
    submissions,
)
from engine.casework.errors import NoStack
from engine.packs import loading
from tests.support.casework import NOW, WORKSPACE, Town


def changed(tmp_path: Path, **replaced: str) -> packs.Pack:
    """The test pack with some words replaced."""
    folder = tmp_path / "workspace"
    shutil.copytree(WORKSPACE, folder)
    for file in folder.rglob("*.yaml"):
        content = file.read_text()
        for old, new in replaced.items():
            content = content.replace(old.replace("_", " "), new)
        file.write_text(content)
    return engine.load(folder).pack("harbour")


def test_work_under_way_stays_with_its_definitions(town: Town, tmp_path: Path) -> None:
    child, case = town.checked()
    newer = changed(tmp_path, Being_checked="Looked at")
    with town.desk("dora") as desk:
        stacks.publish(desk, newer)
    second = town.case(child.id)
    with town.desk("mia") as desk:
        titles = [
            cases.pack(desk, one).workflow("referral_flow").workflow.state("checking").title  # type: ignore[union-attr]
            for one in (case.id, second.id)
        ]
        assert titles == ["Being checked", "Looked at"]
        old = next(one for one in submissions.of_case(desk, case.id) if one.form == "referral")
        assert (old.stack, cases.get(desk, second.id).stack) == (case.stack, newer.hash)


def test_permissions_follow_the_newest_definitions_at_once(town: Town, tmp_path: Path) -> None:
    child = town.child()
    with town.desk("mia") as desk:
        assert access.may(desk, "edit", child.id)
    rule = "may: [view, create, edit, submit, link, note, decide, restrict]"
    with town.desk("dora") as desk:
        stacks.publish(desk, changed(tmp_path, **{rule: "may: [view]"}))
    with town.desk("mia") as desk:
        assert not access.may(desk, "edit", child.id)


def test_only_who_keeps_definitions_publishes(town: Town, tmp_path: Path) -> None:
    with pytest.raises(NotPermitted), town.desk("mia") as desk:
        stacks.publish(desk, changed(tmp_path))


def test_publishing_the_same_again_changes_nothing(town: Town, tmp_path: Path) -> None:
    with town.desk("dora") as desk:
        before = stacks.live(desk).hash
        assert stacks.publish(desk, changed(tmp_path)) == before
        assert desk.run(text("SELECT count(*) FROM live_stack")).scalar_one() == 1


def test_trouble_is_told_until_a_publish_goes_well(town: Town, tmp_path: Path) -> None:
    with town.desk() as desk:
        assert stacks.trouble(desk) is None
        stacks.report_trouble(desk, {"diagnostics": [{"message": "A colon is missing"}]})
    with town.desk("anna") as desk:
        told = stacks.trouble(desk)
        assert told is not None
        assert told.report["diagnostics"][0]["message"] == "A colon is missing"
        assert stacks.live(desk).version == "1.0.0"
    with town.desk("dora") as desk:
        stacks.publish(desk, changed(tmp_path, Being_checked="Looked at"))
        assert stacks.trouble(desk) is None


def test_another_process_rebuilds_the_stack_from_its_texts(town: Town, key_file: Path) -> None:
    other = Store(town.store.url, key_file)
    with other.desk(town.authority, town.people["anna"], now=NOW) as desk:
        assert stacks.live(desk).hash == desk.stack.hash
        assert records.create(desk, "child", {"first_name": "Ada"}).name == "Ada"
    other.close()


def test_a_process_that_starts_reads_what_another_kept(
    town: Town, key_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def live() -> tuple[str, str]:
        other = Store(town.store.url, key_file, keeps=tmp_path / "stacks")
        with other.desk(town.authority, town.people["mia"], now=NOW) as desk:
            pack = stacks.live(desk)
            found = pack.hash, pack.form("referral").form.title
        other.close()
        return found

    first = live()
    monkeypatch.setattr(loading, "load", None)  # whoever loads the texts again fails
    assert live() == first


def test_before_anything_is_published_nothing_can_be_done(store: Store) -> None:
    authority = authorities.found(store, "Bare", now=NOW)
    town = Town(store, authority)
    with pytest.raises(NoStack), town.desk() as desk:
        records.create(desk, "child", {"first_name": "Ada"})


def test_what_was_published_cannot_be_altered(town: Town) -> None:
    for statement in ("UPDATE stack SET version = 'x'", "DELETE FROM stack"):
        with pytest.raises(DBAPIError, match="only ever added to"), town.desk() as desk:
            desk.run(text(statement))
