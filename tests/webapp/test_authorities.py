"""Several authorities in one deployment: each at its address, with its pack, its people, and nothing of another's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

import engine
from engine.casework import (
    SYSTEM,
    Store,
    authorities,
    cases,
    people,
    records,
    signing_in,
    stacks,
    submissions,
    tables,
)
from engine.packs import finding
from tests.support.one_authority import loose, watched
from tests.webapp.reading import Browser
from webapp.app import create_app
from webapp.publishing import publish_workspace
from webapp.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
PACKS = ("thamesbank", "marlshire", "dyffryn")
BEGAN = datetime(2026, 1, 6, 9, 30, tzinfo=UTC)
ROLES = ["practitioner", "manager", "administrator"]


def host(pack: str) -> str:
    return f"{pack}.localhost"


def password(pack: str) -> str:
    return f"seven grey {pack}s"


@dataclass
class Deployment:
    app: Flask
    store: Store
    ids: dict[str, dict[str, str]]
    now: datetime

    def browser(self, pack: str) -> Browser:
        made = Browser(self.app, host(pack))
        assert made.sign_in("robin", password(pack)).h1 == "My work"
        return made


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """Three shipped packs, in each a person of one name and one young person of one name."""
    folder = tmp_path_factory.mktemp("three")
    store = Store(str(folder / "data" / "t.db"), key_file=folder / "keys" / "t.key")
    store.upgrade()
    found = finding.find(ROOT).packs
    ids: dict[str, dict[str, str]] = {}
    for name in PACKS:
        pack = engine.load_texts({**found["core"], **found[name]}).pack(name)
        authority = authorities.found(store, f"Council of {name}", now=BEGAN, address=host(name))
        with store.desk(authority, SYSTEM, now=BEGAN) as desk:
            stacks.publish(desk, pack)
            robin = people.add(desk, "Robin Alike", "robin", password=password(name), roles=ROLES).id
        with store.desk(authority, robin, now=BEGAN) as desk:
            child = records.create(desk, "child", {"first_name": "Alex", "last_name": "Alike"}).id
            case = cases.start(desk, "child_referral", record=child)
            draft = submissions.open_draft(desk, "referral", record=child, case=case.id)
            typed = {"what_worries": f"Only in {name}"}
            submissions.save(desk, draft.id, typed, revision=draft.revision)
        ids[name] = {
            "authority": authority, "robin": robin, "child": child, "case": case.id, "draft": draft.id,
        }  # fmt: skip
    settings = Settings(data=folder / "web", database=store.url, key_file=folder / "keys" / "t.key")
    app = create_app(settings, store=store)
    made = Deployment(app, store, ids, BEGAN + timedelta(minutes=5))
    app.config["CLOCK"] = lambda: made.now
    yield made
    store.close()


@pytest.mark.parametrize("pack", PACKS)
def test_each_has_its_own_pages_words_and_people(deployment: Deployment, pack: str) -> None:
    browser = deployment.browser(pack)
    home = browser.get("/")
    assert f"Council of {pack}" in home.text
    assert all(f"Council of {other}" not in home.text for other in PACKS if other != pack)
    found = browser.get("/search?q=alike")
    assert found.html.count(f"/records/{deployment.ids[pack]['child']}") >= 1
    for other in PACKS:
        mine = other == pack
        ids = deployment.ids[other]
        assert (ids["child"] in found.html) == mine
        for page in (f"/records/{ids['child']}", f"/cases/{ids['case']}", f"/forms/{ids['draft']}"):
            met = browser.get(page, status=200 if mine else 404)
            assert (f"Only in {other}" in met.html) is False or mine
    words = {
        "thamesbank": "Network",
        "marlshire": "Young people&#39;s group",
        "dyffryn": "Non-familial connection",
    }
    start = browser.get("/start/").html
    assert {name for name, word in words.items() if word in start} == {pack}


@pytest.mark.parametrize("pack", PACKS)
def test_a_name_opens_only_the_authority_whose_page_it_is_typed_on(deployment: Deployment, pack: str) -> None:
    for other in PACKS:
        browser = Browser(deployment.app, host(pack))
        page = browser.sign_in("robin", password(other))
        assert (page.h1 == "My work") == (other == pack)
        if other != pack:
            assert page.problems
            # Nothing that is posted names an authority: what is forged into the form changes nothing.
            fields = {**page.fields(), "sign_in": ["robin"], "password": [password(other)]}
            forged = {"authority": [deployment.ids[other]["authority"]], "host": [host(other)]}
            assert browser.post("/sign-in", {**fields, **forged}).h1 == "Sign in"
    deployment.now += timedelta(hours=2)


def test_a_session_is_worth_nothing_at_another_address(deployment: Deployment) -> None:
    browser = deployment.browser("thamesbank")
    cookie = browser.client.get_cookie("trefoil", domain="thamesbank.localhost")
    assert cookie is not None
    carried = Browser(deployment.app, host("marlshire"))
    carried.client.set_cookie("trefoil", cookie.value, domain="marlshire.localhost")
    assert carried.get("/").h1 == "Sign in"
    # The control: at its own address the very same cookie is somebody.
    own = Browser(deployment.app, host("thamesbank"))
    own.client.set_cookie("trefoil", cookie.value, domain="thamesbank.localhost")
    assert own.get("/").h1 == "My work"


def test_an_address_that_is_nobodys_leads_nowhere(deployment: Deployment) -> None:
    for unknown in ("elsewhere.localhost", "127.0.0.1", "thamesbank.localhost.example"):
        browser = Browser(deployment.app, unknown)
        for page in ("/", "/sign-in", f"/records/{deployment.ids['thamesbank']['child']}"):
            met = browser.get(page, status=404)
            assert met.h1 == "Page not found" and "Council of" not in met.text
        assert browser.client.get("/health", base_url=browser.base).text == "ok"
    assert Browser(deployment.app, "THAMESBANK.localhost:8000").get("/sign-in").h1 == "Sign in"


def test_what_went_wrong_at_signing_in_is_in_the_trail_of_that_authority_alone(
    deployment: Deployment,
) -> None:
    ids = deployment.ids
    before = {pack: refusals(deployment, pack) for pack in PACKS}
    Browser(deployment.app, host("dyffryn")).sign_in("nobody here", "wrong words here")
    after = {pack: refusals(deployment, pack) for pack in PACKS}
    assert {pack: after[pack] - before[pack] for pack in PACKS} == {
        "thamesbank": 0,
        "marlshire": 0,
        "dyffryn": 1,
    }
    assert len({one["authority"] for one in ids.values()}) == 3


def refusals(deployment: Deployment, pack: str) -> int:
    events = tables.audit_event
    mine = (events.c.authority == deployment.ids[pack]["authority"]) & (events.c.chain == "sign_in")
    with deployment.store.reading() as connection:
        return len(connection.execute(select(events.c.number).where(mine)).all())


def test_tries_at_one_authoritys_name_do_not_keep_its_namesake_out(deployment: Deployment) -> None:
    for _ in range(signing_in.FREE_TRIES["name"]):
        Browser(deployment.app, host("marlshire")).sign_in("robin", "wrong words here")
    browser = Browser(deployment.app, host("marlshire"))
    typed: dict[str, Any] = {"sign_in": "robin", "password": password("marlshire")}
    assert browser.submit(browser.get("/sign-in"), status=429, **typed).h1 == "Sign in"
    assert deployment.browser("thamesbank").get("/").h1 == "My work"
    deployment.now += timedelta(hours=2)


def test_a_fault_in_one_authoritys_pack_is_nothing_to_another(deployment: Deployment, tmp_path: Path) -> None:
    found = finding.find(ROOT).packs
    for name in ("core", *PACKS):
        for path, text in found[name].items():
            file = tmp_path / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
    broken = tmp_path / "form_definitions" / "marlshire" / "words.yaml"
    broken.write_text(
        broken.read_text(encoding="utf-8") + "\n---\nform: secret_of_marlshire\n", encoding="utf-8"
    )
    words = tmp_path / "form_definitions" / "thamesbank" / "referral.yaml"
    words.write_text(
        words.read_text(encoding="utf-8").replace("How do they get about?", "How do they travel?")
    )
    assert publish_workspace(deployment.store, tmp_path, "core", now=deployment.now) == "broken"
    told = {}
    for pack in PACKS:
        with deployment.store.desk(deployment.ids[pack]["authority"], SYSTEM, now=deployment.now) as desk:
            trouble = stacks.trouble(desk)
            told[pack] = (trouble is not None, "+dev." in stacks.live(desk).version)
            if trouble is not None:
                places = {one["file"].split("/")[1] for one in trouble.report["diagnostics"]}
                assert places <= {"core", pack}
    assert told == {"thamesbank": (False, True), "marlshire": (True, False), "dyffryn": (False, False)}
    assert "secret_of_marlshire" not in deployment.browser("thamesbank").get("/").html


def test_every_statement_of_a_days_work_names_its_authority(deployment: Deployment) -> None:
    ids = deployment.ids["dyffryn"]
    with watched(deployment.store) as seen:
        browser = deployment.browser("dyffryn")
        for page in (
            "/", "/start/", "/search?q=alike", "/people/", f"/records/{ids['child']}", f"/cases/{ids['case']}",
            f"/forms/{ids['draft']}", f"/forms/{ids['draft']}/worry", f"/forms/{ids['draft']}/check",
            f"/records/{ids['child']}/notes", f"/records/{ids['child']}/edit",
        ):  # fmt: skip
            browser.get(page)
        note = browser.get(f"/records/{ids['child']}/notes")
        browser.submit(note, text="Seen today")
        part = browser.get(f"/forms/{ids['draft']}/worry")
        browser.submit(part, a__what_worries="More than before")
        token = browser.get("/").root.all("input", name="csrf_token")[0].attributes["value"]
        browser.post("/sign-out", {"csrf_token": token})
    assert len(seen.seen) > 60
    assert seen.loose == {}, "\n".join(f"{tables} in {text}" for text, tables in seen.loose.items())


def test_a_statement_without_its_authority_is_seen() -> None:
    """The control: what would be a leak is called one."""
    person, role, record = tables.person, tables.person_role, tables.record
    joined = select(person.c.name).join(
        role, (role.c.authority == person.c.authority) & (role.c.person == person.c.id)
    )
    assert loose(select(person.c.name).where(person.c.id == "x")) == ["person"]
    assert loose(joined) == ["person", "person_role"]
    assert loose(joined.where(role.c.authority == "a")) == []
    apart = select(person.c.name).where(
        person.c.authority == "a", person.c.id.in_(select(record.c.made_by).where(record.c.type == "child"))
    )
    assert loose(apart) == ["record"]
    assert loose(person.delete().where(person.c.id == "x")) == ["person"]
    assert loose(person.insert()) == []
