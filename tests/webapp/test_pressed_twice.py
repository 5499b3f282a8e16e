"""A button pressed twice, or again because no reply came, makes one thing and gives the same reply (R7)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import func, select

from engine.casework import once, records, tables
from tests.webapp.conftest import PASSWORD, Place
from tests.webapp.reading import Browser


@dataclass(frozen=True)
class Press:
    """Whose button it is, on which page, filled in how, and the table that it adds one row to."""

    who: str
    page: str
    table: str
    fills: dict[str, Any]


PRESSES = {
    "a record": Press("alice", "/records/new/child", "record", {"a.first_name": "Robin", "a.last_name": "Roe"}),
    "a case": Press("alice", "/start/worries/{record}", "case", {}),
    "a note": Press("alice", "/records/{record}/notes", "note", {"text": "Rang the school"}),
    "a link": Press("alice", "/records/{record}/links?q=Other", "link", {"purpose": "Friends", "other": "{other}"}),
    "a task": Press("alice", "/cases/{case}/tasks", "task", {"what": "Ring the school"}),
    "a person": Press(
        "adam", "/people/new", "person",
        {"name": "New Name", "sign_in": "newcomer", "new_password": PASSWORD, "again": PASSWORD},
    ),
    "a team": Press("adam", "/people/teams/new", "team", {"name": "North"}),
    "a sent form": Press("alice", "/forms/{draft}/check", "submission_revision", {}),
}  # fmt: skip


def press_twice(place: Place, press: Press) -> tuple[int, list[tuple[int, str]]]:
    """How many rows came of it, and both replies."""
    record, case, draft = place.started()
    place.saved(draft, {"story": "Something", "danger": False})
    told = {"record": record, "case": case, "draft": draft, "other": place.child(first="Other")}
    browser: Browser = place.browser(press.who)
    page = browser.get(press.page.format(**told))
    action = page.form("submit" if "check" in press.page else None).attributes.get("action") or page.url
    fields = page.fields("submit" if "check" in press.page else None)
    fields |= {name: [str(text).format(**told)] for name, text in press.fills.items()}
    before = rows(place, press.table)
    replies = [browser.client.post(action, data=fields, base_url=browser.base) for _ in range(2)]
    return rows(place, press.table) - before, [(one.status_code, one.headers["Location"]) for one in replies]


def rows(place: Place, table: str) -> int:
    with place.store.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(getattr(tables, table))).scalar_one())


@pytest.mark.parametrize("what", PRESSES)
def test_one_thing_comes_of_it_and_the_same_reply(place: Place, what: str) -> None:
    made, replies = press_twice(place, PRESSES[what])
    assert made == 1
    assert replies[0] == replies[1] and replies[0][0] == 303


@pytest.mark.parametrize("what", ["a note", "a task", "a team"])
def test_without_the_key_two_come_of_it_and_that_is_noticed(
    place: Place, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: Any) -> None:
        return None

    monkeypatch.setattr(once, "before", never)
    made, _ = press_twice(place, PRESSES[what])
    assert made == 2


def test_a_key_of_somebody_else_is_not_ones_own(place: Place) -> None:
    record = place.child()
    with place.desk("mary") as desk:
        records.get(desk, record)
    for who in ("alice", "mary"):
        browser = place.browser(who)
        fields = browser.get(f"/records/{record}/notes").fields() | {"text": [f"By {who}"], "key": ["k" * 32]}
        browser.post(f"/records/{record}/notes", fields)
    assert rows(place, "note") == 2
