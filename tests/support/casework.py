"""An invented authority with its people, for tests of casework: who they are and short ways to their desks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import engine
from engine import packs
from engine.casework import SYSTEM, Desk, Store, authorities, cases, people, records, stacks, submissions
from engine.casework.values import Case, Record, Submission

WORKSPACE = Path(__file__).parents[1] / "casework" / "workspace"
FAMILY = Path(__file__).parents[1] / "casework" / "family.yaml"
NOW = datetime(2026, 1, 5, 10, 0, tzinfo=UTC)  # a Monday
PASSWORD = "three plain words"
ROLES: Mapping[str, tuple[str, ...]] = {
    "anna": ("practitioner",),
    "ben": ("practitioner",),
    "cara": ("practitioner",),
    "mia": ("manager",),
    "noor": ("manager",),
    "sam": ("specialist",),
    "tess": ("teacher",),
    "carl": ("clerk",),
    "olga": ("auditor",),
    "adam": ("administrator",),
    "dora": ("designer",),
    "kit": ("keeper",),
    "nobody": (),
}


@cache
def harbour() -> packs.Pack:
    return engine.load(WORKSPACE).pack("harbour")


@cache
def reporting(*questions: str) -> packs.Pack:
    """The test pack with these questions of the referral marked reportable."""
    texts = dict(harbour().texts)
    for path, content in texts.items():
        for one in questions:
            content = content.replace(f"{{id: {one}, type", f"{{reportable: yes, id: {one}, type", 1)
        texts[path] = content
    return packs.load_texts(texts).pack("harbour")


@cache
def family() -> packs.Pack:
    """The test pack with a form about several children, and a workflow that asks for it."""
    forms, workflow = FAMILY.read_text().split("---\nworkflow:")
    more = {
        "form_definitions/harbour/forms/family.yaml": forms,
        "workflows/harbour/family.yaml": f"workflow:{workflow}",
    }
    return packs.load_texts({**harbour().texts, **more}).pack("harbour")


@dataclass
class Town:
    """One authority: its people's ids by first name, and desks at a moment that goes forward when asked to."""

    store: Store
    authority: str
    people: dict[str, str] = field(default_factory=dict)
    now: datetime = NOW

    @contextmanager
    def desk(self, name: str | None = None) -> Iterator[Desk]:
        """A person's desk by first name; the system's without one."""
        person: Any = SYSTEM if name is None else self.people[name]
        with self.store.desk(self.authority, person, now=self.now) as desk:
            yield desk

    def later(self, **time: float) -> None:
        self.now += timedelta(**time)

    def child(self, by: str = "anna", **fields: Any) -> Record:
        with self.desk(by) as desk:
            return records.create(desk, "child", {"first_name": "Robin", "last_name": "Example", **fields})

    def group(self, by: str = "anna", **fields: Any) -> Record:
        with self.desk(by) as desk:
            return records.create(desk, "peer_group", {"area": "Northgate", **fields})

    def case(self, record: str, by: str = "anna", workflow: str = "referral_flow") -> Case:
        with self.desk(by) as desk:
            return cases.start(desk, workflow, record=record)

    def draft(self, record: str, case: str, form: str = "referral", by: str = "anna") -> Submission:
        with self.desk(by) as desk:
            return submissions.open_draft(desk, form, record=record, case=case)

    def submitted(
        self, record: str, case: str, form: str, answers: Mapping[str, Any], by: str = "anna"
    ) -> Submission:
        draft = self.draft(record, case, form, by)
        with self.desk(by) as desk:
            return submissions.submit(desk, draft.id, revision=draft.revision, answers=answers)

    def checked(self, by: str = "anna", **answers: Any) -> tuple[Record, Case]:
        """A child whose referral is being checked."""
        child = self.child(by)
        case = self.case(child.id, by)
        self.submitted(child.id, case.id, "referral", {"worry": "Something at the park", **answers}, by)
        with self.desk("mia") as desk:
            return child, cases.get(desk, case.id)


def founded(store: Store, name: str = "Harbour") -> Town:
    """A new authority with the test pack live and everybody in it."""
    authority = authorities.found(store, name, now=NOW)
    town = Town(store, authority)
    with town.desk() as desk:
        stacks.publish(desk, harbour())
        for who, roles in ROLES.items():
            sign_in = f"{who}@{name.lower()}.example"
            made = people.add(desk, who.title(), sign_in, password=PASSWORD, roles=roles)
            town.people[who] = made.id
    return town
