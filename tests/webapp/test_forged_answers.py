"""Nobody answers what their page did not ask (H10): every form of the core pack, posted to by every way there is.

Each way is given names that its page did not have: questions of other parts and other forms, ones that are worked
out, ones kept from whoever posts, one of a later version, a record's own, and made-up ones. They change nothing, and
each is named in the log. The controls take one guard away at a time.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pytest
from structlog.testing import capture_logs

from engine import packs
from engine.casework import passwords, paths, people, records, stacks, submissions
from engine.forms import CompiledForm
from engine.language.model import Question
from tests.support.forging import FORMS, MADE_UP, boxes, strangers
from tests.webapp.conftest import PASSWORD, QUICK, Built, Place, opened
from tests.webapp.reading import Browser
from tools.core_pack_reference import core
from webapp import answering
from webapp.opened import Opened
from webapp.views import meeting

RECORDS = sorted(core().stack.records)
HALF = (
    "  - {id: half_of_all, role: auditor, record: any, may: [view, create, edit, submit], "
    "not: [guarded, shared_in_confidence]}\n"
)
LATER = "asked_only_later"
FORGED = "Forged words"
KEPT_BACK = "Not for everybody"


@cache
def versions() -> tuple[packs.Pack, packs.Pack]:
    """The core pack with one more role's rule, for who sees no guarded answers; and a later one that asks more."""
    texts = dict(core().texts)
    access = "form_definitions/core/access.yaml"
    texts[access] = texts[access].rstrip("\n") + "\n" + HALF
    for name in (one for one in texts if "/records/" in one):
        # A field of young people and one of groups are kept back as well.
        texts[name] = re.sub(
            r"(id: (?:living_with|meets_at), type: text,)", r"\1 sensitive: guarded,", texts[name]
        )
    asked = f"      - {{id: {LATER}, type: text, label: Asked only later}}\n"
    later = {
        name: re.sub(r"(^form: [^\x00]*?^    questions:\n)", rf"\g<1>{asked}", text, flags=re.M)
        if "/forms/" in name
        else text
        for name, text in texts.items()
    }
    return packs.load_texts(texts).pack("core"), packs.load_texts(later).pack("core")


@dataclass
class Council:
    """The core pack at work: Hal, who sees no guarded answers, and a draft of his of each form, all of one version."""

    place: Place
    drafts: dict[str, str] = field(default_factory=dict)
    records: dict[str, str] = field(default_factory=dict)
    browser: Browser = field(init=False)

    def look(self, draft: str) -> tuple[Any, Any]:
        with self.place.desk() as desk:
            found = submissions.get(desk, draft)
        return found.answers, found.raw


@pytest.fixture(scope="module")
def council(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Council]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "HASHER", QUICK)
        with opened(built, tmp_path_factory.mktemp("forged") / "here") as place:
            yield begun(place)


def begun(place: Place) -> Council:
    now, later = versions()
    council = Council(place)
    with place.desk() as desk:
        stacks.publish(desk, now)
        for who, role in (("mia", "manager"), ("hal", "auditor")):
            place.ids[who] = people.add(desk, who.title(), who, password=PASSWORD, roles=[role]).id
    with place.desk("mia") as desk:
        for type in RECORDS:
            fields = dict(said(now, one) for one in now.stack.records[type].fields)
            council.records[type] = records.create(desk, type, fields).id
    for id in FORMS:
        about = council.records[now.stack.forms[id].about[0]]
        with place.desk("hal") as desk:
            draft = submissions.open_draft(desk, id, record=about)
        guarded = {
            question.id: KEPT_BACK
            for section in now.stack.forms[id].sections
            for question in section.questions
            if question.id in draft.hidden and question.type in ("text", "long_text")
        }
        with place.desk() as desk:
            submissions.save(desk, draft.id, {**draft.answers, **guarded}, revision=draft.revision)
        council.drafts[id] = draft.id
    with place.desk() as desk:
        stacks.publish(desk, later)
    council.browser = place.browser("hal")
    return council


def said(pack: packs.Pack, question: Question) -> tuple[str, Any]:
    """Something for a record's field to hold."""
    options = pack.stack.lists[question.options].options if question.options else ()
    one = next((option.id for option in options if not option.group and not option.retired), None)
    if question.type in ("choose_one", "choose_many"):
        return question.id, one if question.type == "choose_one" else [one]
    return question.id, KEPT_BACK if question.type in ("text", "long_text") else None


Posts = Callable[[Council, str, str, list[str]], Any]
"""Posts to a form's draft, to a part of it, these names beside what the page has."""


def of_page(council: Council, url: str) -> dict[str, Any]:
    """What a page carries besides its answers."""
    fields = council.browser.get(url).fields()
    return {
        name: texts for name, texts in fields.items() if not name.startswith("a.") or name == "a.@section"
    }


def by_part(council: Council, draft: str, section: str, names: list[str]) -> None:
    url = f"/forms/{draft}/{section}"
    body = {**of_page(council, url), **dict.fromkeys(names, "Forged in a part"), "action": "later"}
    council.browser.client.post(url, data=body, base_url=council.browser.base)


def by_whole(council: Council, draft: str, section: str, names: list[str]) -> None:
    url = f"/forms/{draft}/whole"
    body = {**of_page(council, url), **dict.fromkeys(names, "Forged in the whole"), "action": "later"}
    council.browser.client.post(url, data=body, base_url=council.browser.base)


def by_script(council: Council, draft: str, section: str, names: list[str]) -> None:
    browser = council.browser
    page = of_page(council, f"/forms/{draft}/{section}")
    body = {
        **{name: page[name] for name in ("csrf_token", "_who", "revision", "a.@section")},
        **dict.fromkeys(names, "Forged by a script"),
        "changed": names,
    }
    reply = browser.client.post(
        f"/forms/{draft}/keep-typed", data=body, headers={"Accept": "application/json"}, base_url=browser.base
    )
    assert reply.get_json()["state"] == "saved", reply.get_data(as_text=True)


def by_meeting(council: Council, draft: str, section: str, names: list[str]) -> None:
    url = f"/meetings/{draft}"
    body = {**of_page(council, url), **dict.fromkeys(names, FORGED), "line": ""}
    council.browser.post(url, body, status=None)


WAYS: Mapping[str, Posts] = {
    "a part": by_part, "the whole": by_whole, "what saves itself": by_script, "a meeting": by_meeting,
}  # fmt: skip


def forged(
    form: CompiledForm, section: str, way: str, hidden: frozenset[str], chance: random.Random
) -> list[str]:
    """At most twenty names that this way's page did not have, as many as the log tells of."""
    model = form.form
    every = {name.split(".")[1] for one in model.sections for name in boxes(one)}
    parts = [one for one in model.sections if one.id != section and way in ("a part", "what saves itself")]
    others = [name for one in parts for name in boxes(one)]
    here = [one for one in model.sections if one.id == section or way == "the whole"]
    worked_out = [f"a.{one.id}" for part in here for one in part.questions if one.calculate and not part.each]
    kept_back = [f"a.{one}" for one in hidden]
    more = ["action._row", "ask.revision", "a.@row"] if way == "a meeting" else []
    pools = (others, strangers(model.id, every), MADE_UP)
    sampled = [name for pool in pools for name in chance.sample(pool, min(len(pool), 4))]
    return list(dict.fromkeys([f"a.{LATER}", *kept_back[:3], *worked_out[:2], *more, *sampled]))[:20]


def attack(council: Council, id: str, way: str, chance: random.Random) -> list[str]:
    """What was answered without being asked, or not named, of one form by one way."""
    draft, form = council.drafts[id], versions()[0].form(id)
    post = WAYS[way]
    hidden = council.place.look(draft, "hal").hidden
    # A part that holds something kept back is the one to try; else any.
    guarded = [one.id for one in form.form.sections if {question.id for question in one.questions} & hidden]
    section = chance.choice(guarded or [one.id for one in form.form.sections if not one.each])
    names = forged(form, section, way, hidden, chance)
    post(council, draft, section, [])
    before = council.look(draft)
    with capture_logs() as logs:
        post(council, draft, section, names)
    found = [] if council.look(draft) == before else [f"{id}, {way}: the answers changed"]
    return found + unnamed(logs, names, f"{id}, {way}")


def unnamed(logs: list[Any], names: list[str], where: str) -> list[str]:
    said = {name for one in logs if one["event"] == "forged_fields" for name in one["names"]}
    missing = {one[:60] for one in names} - said
    return [f"{where}: not named {sorted(missing)}"] if missing else []


def ways_of(id: str) -> list[str]:
    return [way for way in WAYS if way != "a meeting" or core().stack.forms[id].meeting is not None]


@pytest.mark.parametrize("id", FORMS)
def test_a_form_takes_no_answer_that_its_page_did_not_ask(council: Council, id: str) -> None:
    chance = random.Random(id)
    assert [found for way in ways_of(id) for found in attack(council, id, way, chance)] == []


def test_every_sort_is_tried() -> None:
    """Forms held as meetings, and forms with something kept from Hal, are among them."""
    stack = core().stack
    assert sum(1 for one in stack.forms.values() if one.meeting) >= 5
    sensitive = [
        one.id
        for one in stack.forms.values()
        if any(question.sensitive for section in one.sections for question in section.questions)
    ]
    assert len(sensitive) >= 5


@pytest.mark.parametrize("type", RECORDS)
def test_a_record_takes_no_field_that_its_page_did_not_have(council: Council, type: str) -> None:
    assert records_attacked(council, type) == []


def records_attacked(council: Council, type: str) -> list[str]:
    """The same of a record's own fields, made and changed, and of the numbers that other systems know it by."""
    browser, place, chance = council.browser, council.place, random.Random(type)
    own = {one.id for one in core().stack.records[type].fields}
    strangers = [
        f"a.{one.id}"
        for id in RECORDS
        if id != type
        for one in core().stack.records[id].fields
        if one.id not in own
    ]
    names = [f"a.{one}" for one in (*MADE_UP, "story", LATER)] + chance.sample(
        strangers, min(4, len(strangers))
    )
    names.append("identifier.none_such")
    record = council.records[type]
    with place.desk("hal") as desk:
        hidden = records.get(desk, record).hidden
    found: list[str] = []
    for url, more in (
        (f"/records/{record}/edit", [f"a.{one}" for one in hidden]),
        (f"/records/new/{type}", []),
    ):
        body = {**browser.get(url).fields(), **dict.fromkeys([*names, *more], FORGED)}
        with place.desk("mia") as desk:
            before = records.get(desk, record)
        with capture_logs() as logs:
            browser.post(url, body, status=None)
        with place.desk("mia") as desk:
            after = records.get(desk, record)
        if (before.fields, before.identifiers) != (after.fields, after.identifiers):
            found.append(f"{url}: the record changed")
        found += unnamed(logs, [*names, *more], url)
    return found


def test_beginning_a_new_version_takes_no_answers_along(place: Place) -> None:
    """What is posted to a form that was sent begins its new version from what it says, and from nothing else."""
    record = place.child()
    draft = place.draft(record, place.case(record))
    browser = place.browser("alice")
    with place.desk("alice") as desk:
        submissions.submit(desk, draft, revision=1, answers={"story": "As it was sent", "danger": False})
    token = browser.get(f"/forms/{draft}/read").root.all("input", name="csrf_token")[0].attributes["value"]
    page = browser.post(
        f"/forms/{draft}/amend", {"csrf_token": token, "a.story": FORGED, "story": FORGED, "revision": "9"}
    )
    again = page.url.split("/")[2]
    assert again != draft and place.look(again).state == "draft"
    assert place.look(again).answers["story"] == place.look(draft).answers["story"] == "As it was sent"


def found_by(council: Council, way: str) -> Iterator[str]:
    for id in FORMS:
        if way in ways_of(id):
            yield from attack(council, id, way, random.Random(id))


def test_a_page_that_asks_not_which_part_it_was_is_noticed(
    council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    def any_part(self: Opened, posted: Any, section: Any, row: Any = None) -> Any:
        fields = {name: texts for name, texts in posted.items() if name != "a.@section"}
        return self.compiled.entry(fields, before=self.submission.answers, today=self.today)

    monkeypatch.setattr(Opened, "entry", any_part)
    assert any("the answers changed" in one for one in found_by(council, "a part"))


def test_a_log_that_names_nothing_is_noticed(council: Council, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (answering, meeting):
        monkeypatch.setattr(module, "log_ignored", lambda names, where: None)
    for way in WAYS:
        assert any("not named" in one for one in found_by(council, way)), way
    assert any("not named" in one for one in records_attacked(council, "child"))


def test_an_answer_kept_back_that_can_be_written_over_is_noticed(
    council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "restore", lambda given, kept, hidden: {**kept, **given})
    for way in ("a part", "the whole", "what saves itself"):
        assert any("the answers changed" in one for one in found_by(council, way)), way
