"""Pages of the Welsh council in Welsh: every page of a report, the switch; answers do not know the language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

import engine
from engine.casework import (
    SYSTEM,
    Store,
    auditing,
    authorities,
    cases,
    languages,
    people,
    records,
    stacks,
    submissions,
)
from engine.language.model import Stack, Untranslated
from engine.packs import finding
from tests.webapp.reading import Browser, Seen
from webapp import speaking
from webapp.app import create_app
from webapp.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "seven grey herons"
BEGAN = datetime(2026, 1, 6, 9, 30, tzinfo=UTC)


def shipped(pack: str) -> engine.Pack:
    """A shipped pack over the core pack alone."""
    found = finding.find(ROOT).packs
    return engine.load_texts({**found["core"], **found[pack]}).pack(pack)


@dataclass
class Council:
    app: Flask
    store: Store
    authority: str
    child: str
    now: datetime

    def browser(self, who: str = "manon") -> Browser:
        made = Browser(self.app)
        assert made.sign_in(who, PASSWORD).url == "/"
        return made


@pytest.fixture
def council(tmp_path: Path) -> Iterator[Council]:
    store = Store(str(tmp_path / "data" / "t.db"), key_file=tmp_path / "keys" / "t.key")
    store.upgrade()
    authority = authorities.found(store, "Cyngor Dyffryn Council (invented)", now=BEGAN)
    pack = shipped("dyffryn")
    with store.desk(authority, SYSTEM, now=BEGAN) as desk:
        stacks.publish(desk, pack)
        people.add(desk, "Manon Invented", "manon", password=PASSWORD, roles=["practitioner", "manager"])
        child = records.create(desk, "child", {"first_name": "Mali"}).id
    settings = Settings(data=tmp_path / "web", database=store.url, key_file=tmp_path / "keys" / "t.key")
    app = create_app(settings, store=store)
    made = Council(app, store, authority, child, BEGAN + timedelta(hours=1))
    app.config["CLOCK"] = lambda: made.now
    yield made
    store.close()


def in_welsh(browser: Browser, page: Seen) -> Seen:
    """Presses the header's switch as a browser would, script off."""
    [button] = [one for one in page.root.all("button", name="speak") if one.attributes["value"] == "cy"]
    [form] = [one for one in page.root.all("form") if one.attributes.get("id") == button.attributes["form"]]
    data: dict[str, list[str]] = {"speak": ["cy"]}
    for one in form.all("input"):
        if one.attributes.get("type") in (None, "text", "hidden") or "checked" in one.attributes:
            data.setdefault(one.attributes["name"], []).append(one.attributes.get("value", ""))
    for one in form.all("textarea"):
        data[one.attributes["name"]] = ["".join(one._texts()).removeprefix("\n")]
    return browser.post(form.attributes.get("action") or page.url, data)


def begun(browser: Browser, child: str) -> str:
    """A report's address, begun as a person would."""
    return browser.submit(browser.get(f"/start/child_referral/{child}")).url


@pytest.mark.ux("welsh")
def test_a_switch_keeps_the_page_and_stays_until_it_is_pressed_again(council: Council) -> None:
    browser = council.browser()
    english = browser.get(f"/records/{council.child}?looks=1")
    assert english.root.all("html")[0].attributes["lang"] == "en"
    welsh = in_welsh(browser, english)
    assert welsh.url == f"/records/{council.child}?looks=1"
    assert welsh.root.all("html")[0].attributes["lang"] == "cy"
    assert "Person ifanc" in welsh.text and "Enw cyntaf" in welsh.text
    assert browser.get("/start/").text.count("Gwneud adroddiad") == 1
    again = browser.post("/language", {"speak": "en", "next": "/start/", **csrf(welsh)})
    assert again.url == "/start/" and "Make a report" in again.text


def csrf(page: Seen) -> dict[str, str]:
    return {"csrf_token": page.root.all("input", name="csrf_token")[0].attributes["value"]}


def test_the_switch_leads_nowhere_else_and_knows_no_other_language(council: Council) -> None:
    browser = council.browser()
    page = browser.get("/")
    assert browser.post("/language", {"speak": "cy", "next": "//far.example/", **csrf(page)}).url == "/"
    assert (
        browser.post("/language", {"speak": "xx", "next": "/", **csrf(page)})
        .root.all("html")[0]
        .attributes["lang"]
        == "cy"
    )
    forged = council.browser().client.post("/language", data={"speak": "cy"})
    assert forged.status_code == 400 and "Set-Cookie" not in forged.headers


@pytest.mark.ux("welsh")
def test_every_page_of_a_report_is_in_welsh_and_what_was_typed_stays(council: Council) -> None:
    browser = council.browser()
    list_page = browser.get(begun(browser, council.child))
    pack = shipped("dyffryn")
    spoken, english = pack.in_language("cy").stack, pack.stack
    form = spoken.forms["referral"]
    first = browser.get(list_page.link(english.forms["referral"].sections[0].title))
    # Typed and not saved when the language is switched: a text, a date that is none, in one form.
    typed = {"day": "31", "month": "Chwefror", "year": "2026"}
    boxes = {f"a.referral_date.{box}": text for box, text in typed.items()}
    first = type_into(browser, first, {"a.referrer_name": "Nia, neighbour", **boxes})
    fields = first.fields()
    assert fields["a.referrer_name"] == ["Nia, neighbour"]
    assert fields["a.referral_date.month"] == ["Chwefror"]
    assert first.problems == [
        "Rhaid i'r ateb i ‘Pryd y daeth yr adroddiad i law?’ fod yn ddyddiad go iawn: mae 28 diwrnod ym mis"
        " Chwefror 2026"
    ]
    base = list_page.url
    for part in form.sections:
        page = browser.get(f"{base}/{part.id}")
        assert page.h1 == part.title
        for question in part.questions:
            assert not isinstance(question.label, Untranslated)
            if question.type != "guidance" and question.label:
                assert question.label in page.text, question.id
        assert not page.root.all("span", lang="en")
        assert_no_english(page, english)
    worry = browser.get(f"{base}/worry")
    beside = [one.text for one in worry.root.all("label") if one.attributes["for"].startswith("a.danger_now")]
    assert beside == ["Ie", "Na"]
    dated = browser.get(f"{base}/about_referral").root.all("label")
    boxes = [one.text for one in dated if "_date." in one.attributes["for"]]
    assert boxes == ["Diwrnod", "Mis", "Blwyddyn"]
    assert form.title in browser.get(f"{base}/check").text
    assert form.title in browser.get(f"{base}").h1


def type_into(browser: Browser, page: Seen, typed: dict[str, str]) -> Seen:
    """Types into a section's fields and switches to Welsh without saving."""
    data = {**page.fields(), **{name: [text] for name, text in typed.items()}, "speak": ["cy"]}
    [button] = [one for one in page.root.all("button", name="speak") if one.attributes["value"] == "cy"]
    assert page.form().attributes["id"] == button.attributes["form"]
    return browser.post(page.url, data)


def assert_no_english(page: Seen, english: Stack) -> None:
    """No label of the form's in English is left: whole texts are looked for, of four words or more."""
    for part in english.forms["referral"].sections:
        for question in part.questions:
            if len(question.label.split()) >= 4:
                assert question.label not in page.text, question.label


def test_a_report_sent_in_either_language_is_the_same(council: Council) -> None:
    sent = []
    for welsh in (False, True):
        browser = council.browser()
        base = begun(browser, council.child)
        if welsh:
            in_welsh(browser, browser.get(base))
        answers = {
            "about_referral": {"a.referral_date.day": "5", "a.referral_date.month": "Ionawr" if welsh else "January",
                               "a.referral_date.year": "2026", "a.referral_source": "schools"},
            "worry": {"a.what_worries": "Older people wait at the gate", "a.danger_now": "no"},
        }  # fmt: skip
        for section, typed in answers.items():
            page = browser.get(f"{base}/{section}")
            browser.post(page.url, {**page.fields(), **{name: [text] for name, text in typed.items()}})
        done = browser.submit(browser.get(f"{base}/check"), action="/submit")
        assert done.url.endswith("/sent"), done.problems
        submission = re.findall(r"/forms/([0-9a-f-]{36})", done.url)[0]
        with council.store.desk(council.authority, manon(council), now=council.now) as desk:
            found = submissions.get(desk, submission)
        sent.append((found.form, found.stack, found.state, found.answers))
        council.now += timedelta(minutes=5)
    assert sent[0] == sent[1]


def manon(council: Council) -> str:
    with council.store.desk(council.authority, SYSTEM, now=council.now) as desk:
        return next(one.id for one in people.all(desk) if one.sign_in == "manon")


def test_a_record_made_on_a_welsh_page_has_the_name_that_an_english_one_gives(council: Council) -> None:
    names = []
    for welsh in (False, True):
        browser = council.browser()
        page = browser.get("/records/new/location")
        if welsh:
            data = {**page.fields(), "a.place_name": ["Pier"], "speak": ["cy"]}
            page = browser.post(page.url, data)
            assert page.h1.endswith("Lle") and page.fields()["a.place_name"] == ["Pier"]
        typed = {"a.location_type": ["transport_hub"], "a.postcode": ["SA1 1AA"], "a.place_name": ["Pier"]}
        options = [one.attributes["value"] for one in page.root.all("input", name="a.location_type")]
        typed["a.location_type"] = options[:1]
        made = browser.post(page.url, {**page.fields(), **typed, "sure": ["yes"]})
        names.append(made.h1)
    assert names[0] == names[1]


def test_an_authority_of_one_language_has_no_switch(council: Council) -> None:
    pack = shipped("thamesbank")
    with council.store.desk(council.authority, SYSTEM, now=council.now) as desk:
        stacks.publish(desk, pack)
    browser = council.browser()
    page = browser.get("/")
    assert not page.root.all("button", name="speak")
    browser.client.set_cookie("trefoil-language", "cy")
    assert browser.get("/").root.all("html")[0].attributes["lang"] == "en"


def test_the_sign_in_page_speaks_the_languages_of_its_authority_and_keeps_the_name_typed(
    council: Council,
) -> None:
    browser = Browser(council.app)
    page = browser.get("/sign-in?next=/search")
    assert page.root.all("html")[0].attributes["lang"] == "en"
    name_typed = {**page.fields(), "sign_in": ["manon"], "password": ["never shown again"], "speak": ["cy"]}
    page = browser.post("/sign-in?next=/search", name_typed)
    assert page.root.all("html")[0].attributes["lang"] == "cy" and not page.problems
    assert page.fields()["sign_in"] == ["manon"] and page.fields()["next"] == ["/search"]
    assert "never shown again" not in page.html
    assert browser.submit(page, sign_in="manon", password=PASSWORD).url == "/search"
    assert browser.get("/").root.all("html")[0].attributes["lang"] == "cy"


def test_the_language_a_person_chose_is_theirs_in_every_browser_and_in_what_is_told_to_them(
    council: Council,
) -> None:
    browser = council.browser()
    me = manon(council)
    with council.store.desk(council.authority, SYSTEM, now=council.now) as desk:
        assert languages.of_people(desk, [me]) == {me: None}
    in_welsh(browser, browser.get("/"))
    with council.store.desk(council.authority, SYSTEM, now=council.now) as desk:
        assert languages.of_people(desk, [me]) == {me: "cy"}
        changed = [one for one in auditing.of_authority(desk) if one.action == "person.language"]
    assert [one.body["item"] for one in changed] == [me]
    other = council.browser()
    assert other.get("/").root.all("html")[0].attributes["lang"] == "cy"


def switched(browser: Browser, page: Seen, **typed: str | list[str]) -> Seen:
    """Types into the page's form and presses the switch, script off: its own form goes where the button says."""
    [button] = page.root.all("button", name="speak")
    [form] = [one for one in page.root.all("form") if one.attributes.get("id") == button.attributes["form"]]
    data = {**page.fields(form.attributes.get("action") or None), "speak": [button.attributes["value"]]}
    data |= {name: text if isinstance(text, list) else [text] for name, text in typed.items()}
    return browser.post(button.attributes["formaction"], data)


@pytest.mark.ux("welsh")
def test_what_is_typed_anywhere_stands_there_again_in_the_other_language(council: Council) -> None:
    browser = council.browser()
    case = begun_case(council, browser)
    page = switched(
        browser, browser.get(f"/records/{council.child}/notes"), text='She said "no".\n\n<b>Twice</b>'
    )
    assert page.root.all("html")[0].attributes["lang"] == "cy"
    assert page.fields()["text"] == ['She said "no".\n\n<b>Twice</b>'] and "<b>Twice" not in page.html
    typed: dict[str, str | list[str]] = {
        "what": "Ring the school",
        "who": "role:manager",
        "due.day": "31",
        "due.month": "2",
    }
    page = browser.get(f"/cases/{case}/tasks")
    revision = page.fields().get("revision")
    page = switched(browser, page, **typed)
    fields = page.fields()
    assert page.root.all("html")[0].attributes["lang"] == "en" and fields.get("revision") == revision
    assert {name: fields[name] for name in typed} == {
        "what": ["Ring the school"], "who": ["role:manager"], "due.day": ["31"], "due.month": ["2"],
    }  # fmt: skip
    # And from there it is sent as if nothing had happened.
    done = browser.submit(page, **{"due.day": "28", "due.year": "2026"})
    assert "Ring the school" in done.text and not done.problems


def test_what_was_typed_is_shown_on_its_own_page_to_its_writer_alone(council: Council) -> None:
    browser = council.browser()
    page = switched(browser, browser.get(f"/records/{council.child}/notes"), text="Only mine")
    assert "typed=" in page.url and page.fields()["text"] == ["Only mine"]
    query = page.url.partition("?")[2]
    assert "Only mine" not in browser.get(f"/records/new/location?{query}").html
    with council.store.desk(council.authority, SYSTEM, now=council.now) as desk:
        people.add(desk, "Other Invented", "other", password=PASSWORD, roles=["practitioner", "manager"])
    other = Browser(council.app)
    other.sign_in("other", PASSWORD)
    assert other.get(page.url).fields()["text"] == [""]
    council.now += timedelta(hours=2)
    again = council.browser()
    assert again.get(page.url).fields()["text"] == [""]


def begun_case(council: Council, browser: Browser) -> str:
    browser.submit(browser.get(f"/start/child_referral/{council.child}"))
    with council.store.desk(council.authority, SYSTEM, now=council.now) as desk:
        return cases.of_record(desk, council.child)[0].id


def test_a_case_says_in_welsh_why_a_step_cannot_be_done_and_errors_are_said_in_it_too(
    council: Council,
) -> None:
    browser = council.browser()
    case = begun_case(council, browser)
    english = browser.get(f"/cases/{case}")
    welsh = in_welsh(browser, english)
    assert welsh.url.partition("?")[0] == f"/cases/{case}"
    pack = shipped("dyffryn").in_language("cy")
    with council.store.desk(council.authority, manon(council), now=council.now) as desk:
        [own, spoken] = [cases.choices(desk, case, language=one) for one in (None, "cy")]
        titles = {one.id: one.label for one in pack.stack.workflows["child_referral"].transitions}
    assert [one.transition for one in own] == [one.transition for one in spoken]
    assert [one.label for one in spoken] == [titles[one.transition] for one in spoken]
    missing = browser.get("/cases/00000000-0000-0000-0000-000000000000", status=404)
    assert missing.h1 == "Heb ganfod y dudalen" and missing.root.all("html")[0].attributes["lang"] == "cy"
    refused = browser.submit(browser.get(f"/records/{council.child}/notes"), text="")
    assert refused.problems == ["Ysgrifennwch y nodyn"]


def test_what_a_case_told_is_read_in_welsh_though_it_was_written_down_in_the_packs_own(
    council: Council,
) -> None:
    own = shipped("dyffryn")
    workflow, spoken = (one.stack.workflows["child_referral"] for one in (own, own.in_language("cy")))
    written = f"{workflow.title}: {workflow.states[0].title}"
    with council.app.test_request_context("/"):
        speaking.note_pack(own)
        assert speaking.told(written) == written
        speaking.note_pack(own.in_language("cy"))
        assert speaking.told(written) == f"{spoken.title}: {spoken.states[0].title}" != written
        assert speaking.told("Words of a definition") == "Words of a definition"


def test_a_page_that_answers_a_post_can_be_read_in_the_other_language_with_what_was_chosen(
    council: Council,
) -> None:
    """Two texts side by side and a form that could not be sent are drawn where nobody can go by themselves."""
    browser = council.browser()
    base = begun(browser, council.child)
    refused = browser.submit(browser.get(f"{base}/check"), action="/submit")
    assert refused.problems and in_welsh(browser, refused).url == f"{base}/check"
    browser.post("/language", {"speak": "en", "next": base, **csrf(refused)})
    here, there = browser.get(f"{base}/worry"), browser.get(f"{base}/worry")
    browser.submit(there, a__what_worries="What was written there")
    both = browser.submit(here, a__what_worries="What was written here", status=409)
    [button] = [one for one in both.root.all("button", name="speak") if one.attributes["value"] == "cy"]
    chosen = {**both.fields(), "choice.what_worries": ["theirs"], "speak": ["cy"]}
    welsh = browser.post(button.attributes["formaction"], chosen)
    assert welsh.root.all("html")[0].attributes["lang"] == "cy" and "What was written here" in welsh.text
    assert welsh.fields()["choice.what_worries"] == ["theirs"]
    browser.submit(welsh)
    with council.store.desk(council.authority, manon(council), now=council.now) as desk:
        found = submissions.get(desk, base.rpartition("/")[2])
    assert found.answers["what_worries"] == "What was written there"


def test_a_page_that_alone_holds_what_was_typed_has_no_switch_that_would_lose_it(council: Council) -> None:
    browser = council.browser()
    here, there = (browser.get(f"/records/{council.child}/edit") for _ in range(2))
    assert here.root.all("button", name="speak")
    browser.submit(there, a__last_name="There")
    both = browser.submit(here, a__last_name="Here", status=409)
    assert "Here" in both.text and not both.root.all("button", name="speak")
