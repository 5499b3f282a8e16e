"""Changes to forms and workflows through the pages: loaded, checked, compared, tried, proposed and made live by two."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from engine import packs
from engine.casework import people as persons
from engine.casework import proposals, stacks
from engine.packs import archive_limits, offering
from tests.support.archives import sound
from tests.webapp.conftest import PASSWORD, Place
from tests.webapp.reading import Browser, Seen

LITTLE = Path(__file__).parent / "little"


@pytest.fixture
def setup(place: Place) -> Iterator[Place]:
    """The small authority with a second person who looks after forms and workflows."""
    with place.desk() as desk:
        place.ids["dilys"] = persons.add(
            desk, "Dilys Dunn", "dilys", password=PASSWORD, roles=["designer"]
        ).id
    yield place


VERDICTS: dict[str, Any] = {}


@pytest.fixture(autouse=True)
def each_change_judged_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same change is judged once for all tests: each time would be a process, and say the same."""
    real = archive_limits.judge_definitions

    def remembered(texts: Any, pack: str, today: Any, before: Any) -> dict[str, Any]:
        key = json.dumps([texts, pack, str(today), before], sort_keys=True)
        if key not in VERDICTS:
            VERDICTS[key] = real(texts, pack, today, before)
        return dict(VERDICTS[key])

    monkeypatch.setattr(archive_limits, "judge_definitions", remembered)


def files(**named: str | bytes) -> list[FileStorage]:
    return [
        a_file(name.replace("__", "."), data if isinstance(data, bytes) else data.encode())
        for name, data in named.items()
    ]


def a_file(name: str, data: bytes) -> FileStorage:
    return FileStorage(io.BytesIO(data), filename=name, name="files", content_type="application/octet-stream")


def posted(
    browser: Browser, page: Seen, chosen: list[FileStorage], action: str | None = None, **fields: str
) -> Seen:
    """Fill in a page's form that takes files."""
    data: dict[str, Any] = {**page.fields(action), **fields}
    data.pop("files", None)
    target = urljoin(page.url, page.form(action).attributes.get("action") or page.url)
    return browser._met(sent(browser, target, {**data, "files": chosen}), target, 200)


def sent(browser: Browser, target: str, data: dict[str, Any]) -> Any:
    boundary, body = encode_multipart(data)
    return browser.client.post(target, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def loaded(browser: Browser, *why: str, **named: str | bytes) -> Seen:
    return posted(
        browser, browser.get("/definitions/changes/new"), files(**named), why=" ".join(why) or "Words"
    )


FORMS = (LITTLE / "form_definitions" / "little" / "forms.yaml").read_text("utf-8")
MENDED = FORMS.replace("label: Is anyone in danger now?", "label: Is somebody in danger today?").replace(
    "      - {id: at_time, type: time, label: At what time?}\n",
    "      - {id: at_time, type: time, label: At what time?}\n"
    "      - {id: who_saw, type: text, label: Who saw it?, show_if: danger}\n",
)
BROKEN = MENDED.replace("show_if: danger}\n", "show_if: dangre}\n")


def change_of(page: Seen) -> str:
    found = re.search(r"/definitions/changes/([0-9a-f-]{36})", page.url)
    assert found is not None, page.url
    return found[1]


def live_forms(place: Place) -> Any:
    with place.desk() as desk:
        return stacks.live(desk).stack


def proposed(place: Place, **named: str | bytes) -> tuple[Browser, Seen]:
    """A change of Dora's, proposed."""
    dora = place.browser("dora")
    page = loaded(dora, **(named or {"forms__yaml": MENDED}))
    return dora, dora.submit(page, action="/propose")


# --- The whole way


def test_a_change_goes_from_a_mistake_to_being_live_through_two_people(setup: Place) -> None:
    _, _, draft = setup.started()
    before = live_forms(setup)
    dora = setup.browser("dora")
    page = loaded(dora, "Ask who saw it", forms__yaml=BROKEN)
    assert "1 thing has to be put right" in page.text
    assert "Nothing here is called ‘dangre’." in page.text and "show_if: dangre}" in page.text
    assert "Did you mean ‘danger’?" in page.text and "Line 15" in page.text
    assert not [one for one in page.root.all("form") if "/propose" in one.attributes.get("action", "")]

    page = posted(dora, page, files(forms__yaml=MENDED), "/files")
    assert "No faults found" in page.text
    assert "was ‘Is anyone in danger now?’ and is now ‘Is somebody in danger today?’" in page.text
    assert "Question ‘Who saw it?’ is added" in page.text
    assert "1 open draft is pinned to the earlier version and stays as it was begun." in page.text
    assert "1.0.0+change.1" in page.text
    assert live_forms(setup) is before, "loading changes nothing that is live"

    page = dora.submit(page, action="/propose")
    assert "Waiting for a second person" in page.text and "Dilys Dunn" in page.text
    assert not [one for one in page.root.all("button") if "Make this live" in one.text]

    dilys = setup.browser("dilys")
    page = dilys.get(dilys.get("/definitions/").link("Change 1"))
    page = dilys.submit(page, action="/live")
    assert "Change 1 is live" in page.text and "1.0.0+change.1" in page.text
    assert live_forms(setup).forms["worry"].sections[0].questions[1].label == "Is somebody in danger today?"
    alice = setup.browser("alice")
    record = setup.child(first="New")
    newer = setup.draft(record, setup.case(record))
    old, new = (alice.get(f"/forms/{one}/what").text for one in (draft, newer))
    assert "Is anyone in danger now?" in old and "Who saw it?" not in old
    assert "Is somebody in danger today?" in new and "Who saw it?" in new

    # And back again, by the same two ways of two people.
    page = dilys.get("/definitions/")
    page = dilys.submit(page, action="/versions/1/again")
    assert "was ‘Is somebody in danger today?’ and is now ‘Is anyone in danger now?’" in page.text
    page = dilys.submit(page, action="/propose")
    page = dora.submit(dora.get(page.url), action="/live")
    assert live_forms(setup).hash == before.hash


def test_the_trail_says_who_did_what(setup: Place) -> None:
    from engine.casework import auditing

    _, page = proposed(setup)
    dilys = setup.browser("dilys")
    dilys.submit(dilys.get(page.url), action="/live")
    with setup.desk("audrey") as desk:
        told = [(one.action, one.person) for one in auditing.of_authority(desk) if "proposal" in one.action]
    dora, second = setup.ids["dora"], setup.ids["dilys"]
    assert told == [
        ("proposal.begun", dora), ("proposal.files", dora), ("proposal.proposed", dora),
        ("proposal.agreed", second), ("proposal.live", second),
    ]  # fmt: skip


def test_refusing_needs_a_reason_and_keeps_it(setup: Place) -> None:
    dora, page = proposed(setup)
    dilys = setup.browser("dilys")
    refusing = dilys.submit(dilys.get(page.url), action="/refuse", reason="  ")
    assert refusing.problems == ["Say why, so that whoever proposed it knows what to do."]
    long = "x" * 2_001
    refusing = dilys.submit(refusing, action="/refuse", reason=long)
    assert long in refusing.html, "what was typed comes back"
    dilys.submit(refusing, action="/refuse", reason="It asks too much in a meeting")
    told = dora.get(page.url).text
    assert "Refused" in told and "It asks too much in a meeting" in told


def test_taken_back_it_is_over(setup: Place) -> None:
    dora, page = proposed(setup)
    dilys = setup.browser("dilys")
    theirs = dilys.get(page.url)
    assert not [one for one in theirs.root.all("button") if "Take this change back" in one.text]
    dora.submit(dora.get(page.url), action="/withdraw")
    late = dilys.submit(theirs, action="/live")
    assert "was changed after you opened this page" in late.problems[0] and "Taken back" in late.text
    assert live_forms(setup).manifest.version == "1.0.0"


# --- Never one person alone


@pytest.mark.parametrize("guard", [True, False])
def test_whoever_had_a_hand_in_it_does_not_make_it_live(
    setup: Place, monkeypatch: pytest.MonkeyPatch, guard: bool
) -> None:
    """With the control that without the guard in casework the very same post goes through."""
    if not guard:
        monkeypatch.setattr(proposals, "may_decide", lambda desk, found: None)
        monkeypatch.setattr(proposals, "same_hand", lambda desk, found: False)
    dora, page = proposed(setup)
    fields = {name: value for name, value in page.fields("/withdraw").items() if name != "_who"}
    reply = dora.post(f"/definitions/changes/{change_of(page)}/live", fields)
    assert (live_forms(setup).manifest.version == "1.0.0") is guard
    if guard:
        assert "You had a hand in this change" in reply.problems[0]


def test_one_who_helped_with_the_files_does_not_decide_either(setup: Place) -> None:
    dora, dilys = setup.browser("dora"), setup.browser("dilys")
    page = loaded(dora, forms__yaml=BROKEN)
    page = posted(dilys, dilys.get(page.url), files(forms__yaml=MENDED), "/files")
    page = dora.submit(dora.get(page.url), action="/propose")
    fields = {**page.fields("/withdraw")}
    fields["csrf_token"] = dilys.get(page.url).fields("/withdraw")["csrf_token"]
    reply = dilys.post(f"/definitions/changes/{change_of(page)}/live", fields)
    assert "You had a hand in this change" in reply.problems[0]
    assert live_forms(setup).manifest.version == "1.0.0"


def test_what_was_agreed_and_is_not_live_can_be_taken_back(
    setup: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its columns are not made yet, and whoever agreed may have left: nobody has to wait for them."""
    counted = FORMS.replace("{id: at_time, type: time,", "{id: at_time, type: time, reportable: yes,")
    dora, page = proposed(setup, forms__yaml=counted)
    monkeypatch.setattr(setup.store, "alters", False)
    with setup.desk("dilys") as desk:
        change = proposals.get(desk, change_of(page))
        pack = packs.load_texts(proposals.texts(desk, change)).pack("little")
        assert proposals.agree(desk, change.id, change.revision, pack) == "agreed"
    page = dora.submit(dora.get(page.url), action="/withdraw")
    assert "Change 1 is taken back." in page.text


def test_what_another_change_made_stale_has_to_be_looked_at_anew(setup: Place) -> None:
    dora, first = proposed(setup)
    lists = (LITTLE / "form_definitions" / "little" / "lists.yaml").read_text("utf-8")
    _, second = proposed(setup, lists__yaml=lists.replace("label: Violence", "label: Violence of any kind"))
    dilys = setup.browser("dilys")
    waiting = dilys.get(first.url)
    dilys.submit(dilys.get(second.url), action="/live")
    refused = dilys.submit(waiting, action="/live")
    assert "Something else was made live since this was looked at." in refused.problems[0]
    assert not [one for one in refused.root.all("button") if "Make this live" in one.text]
    page = dora.submit(dora.get(first.url), action="/look-again")
    assert "Draft" in page.text and "Violence" not in page.text, "the other change is no longer a difference"
    page = dora.submit(page, action="/propose")
    dilys.submit(dilys.get(page.url), action="/live")
    now = live_forms(setup)
    assert now.manifest.version == "1.0.0+change.1"
    assert now.lists["harms"].options[2].label == "Violence of any kind", "nothing of the other one is lost"


def test_a_file_that_both_changed_is_named(setup: Place) -> None:
    dora, first = proposed(setup)
    _, second = proposed(setup, forms__yaml=FORMS.replace("label: At what time?", "label: When exactly?"))
    dilys = setup.browser("dilys")
    dilys.submit(dilys.get(second.url), action="/live")
    page = dora.get(first.url)
    assert "What was made live in them meanwhile would be undone" in page.text
    page = dora.submit(page, action="/look-again")
    assert "was ‘When exactly?’ and is now ‘At what time?’" in page.text


def test_what_changes_nothing_is_not_proposed(setup: Place) -> None:
    dora = setup.browser("dora")
    page = loaded(dora, forms__yaml=FORMS.replace("\n", "\r\n"))
    assert "Nothing would be different from what is live." in page.text
    assert not [one for one in page.root.all("button") if "Propose this change" in one.text]


# --- Bad files

TOO_BAD: dict[str, tuple[str, bytes, str]] = {
    "a zip named as YAML": ("forms.yaml", b"PK\x03\x04zip", "is a ZIP archive, whatever its name says"),
    "a workbook": (
        "lists.xlsx",
        b"PK\x03\x04zip",
        "is an Excel workbook. In Excel, save the sheet as ‘CSV UTF-8’",
    ),
    "a document": ("forms.docx", b"PK\x03\x04zip", "is a Word document"),
    "UTF-16": ("forms.yaml", "form: worry".encode("utf-16"), "UTF-16, not UTF-8"),
    "Latin-1": ("forms.yaml", b"form: caf\xe9\n", "This file is not UTF-8"),
    "a picture": ("forms.png", b"\x89PNG", "is no definition"),
    "nothing": ("forms.yaml", b"", "is empty"),
    "too large": ("forms.yaml", b"# 234567890\n" * 90_000, "is larger than 1 MB"),
    "a path": ("../../etc/forms.yaml", b"form: worry\n", "is no name of a file that can be loaded"),
    "a name": ("ffurflen ŵyl.yaml", b"form: fresh\n", "cannot be stored everywhere"),
    "a damaged archive": ("little.zip", b"PK\x03\x04zip", "The archive is damaged or was cut off"),
    "another pack": ("pier.zip", sound().as_bytes(), "This is the pack ‘pier’. Yours is ‘little’"),
}


def test_what_cannot_be_a_definition_is_told_and_what_was_typed_stays(setup: Place) -> None:
    dora = setup.browser("dora")
    for bad, (name, data, told) in TOO_BAD.items():
        page = dora.get("/definitions/changes/new")
        page = posted(dora, page, [a_file(name, data)], why="To ask who saw it")
        assert told in page.problems[0], (bad, page.problems)
        assert "To ask who saw it" in page.html
    assert "Change 1" not in dora.get("/definitions/").text


def test_good_files_are_taken_although_others_are_not(setup: Place) -> None:
    page = loaded(setup.browser("dora"), forms__yaml=MENDED, notes__txt="Remember the milk")
    assert "‘notes.txt’ is no definition" in page.text and "Question ‘Who saw it?’ is added" in page.text


def test_a_file_finds_the_place_of_the_one_it_is_the_newer_of(setup: Place) -> None:
    with setup.desk() as desk:
        texts = stacks.live(desk).texts
    for name in ("forms.yaml", "Forms.YAML", "mine/newest/forms.yaml", "forms-2.yaml", "forms (1).yaml"):
        offer = offering.offered([offering.Brought(name, MENDED.encode())], texts, "little")
        assert list(offer.files) == ["form_definitions/little/forms.yaml"], name
    workflow = b"workflow: other\ntitle: Other\n"
    for data, lands in ((workflow, "workflows"), (b"form: other\ntitle: Other\n", "form_definitions")):
        offer = offering.offered([offering.Brought("other.yaml", data)], texts, "little")
        assert list(offer.files) == [f"{lands}/little/other.yaml"]


def test_one_line_without_end_and_findings_without_end_stay_readable(setup: Place) -> None:
    dora = setup.browser("dora")
    line = f"form: worry\ntitle: {'x' * 400_000}\nabuot: child\n"
    page = loaded(dora, forms__yaml=line)
    assert "to be put right" in page.text and len(page.html) < 60_000
    many = (
        "form: more\ntitle: More\nabout: child\nsections:\n  - id: part\n    title: Part\n    questions:\n"
        + "".join(
            f"      - {{id: q{number}, type: text, label: Q, shwo_if: yes}}\n" for number in range(1_200)
        )
    )
    page = loaded(dora, more__yaml=many)
    assert "1000 things have to be put right" in page.text or "to be put right" in page.text
    assert "And 980 more in this file." in page.text and "And 200 more" in page.text
    assert len(page.html) < 60_000


def test_more_than_may_be_sent_is_told(setup: Place) -> None:
    dora = setup.browser("dora")
    page = dora.get("/definitions/changes/new")
    data = {**page.fields(), "why": "Words", "files": files(forms__yaml=b"x" * 25_000_000)}
    reply = sent(dora, "/definitions/changes/new", data)
    assert reply.status_code == 413 and "too much at once" in reply.get_data(as_text=True)


def test_a_whole_pack_takes_the_place_of_all_its_files(setup: Place) -> None:
    from engine.packs import archive

    with setup.desk() as desk:
        live = stacks.live(desk)
    texts = {path: text for path, text in live.texts.items() if not path.endswith("lists.yaml")}
    texts["form_definitions/little/named.yaml"] = live.texts["form_definitions/little/lists.yaml"]
    texts["form_definitions/little/forms.yaml"] = MENDED
    made = archive.made(live.stack.manifest, texts).as_bytes()
    page = loaded(setup.browser("dora"), little_new__zip=made)
    assert "No faults found" in page.text and "Question ‘Who saw it?’ is added" in page.text
    assert "form_definitions/little/lists.yaml (goes)" in page.text


def test_nobody_else_has_these_pages(setup: Place) -> None:
    _, page = proposed(setup)
    for who in ("alice", "mary", "adam", "audrey"):
        other = setup.browser(who)
        for url in ("/definitions/", "/definitions/changes/new", page.url):
            assert other.get(url, status=None).status == 404
        assert other.post(f"{page.url}/live", {}, status=None).status == 400


# --- The training copy


def test_a_training_copy_is_apart_from_everything_real(setup: Place) -> None:
    child = setup.child(first="Verity", last="Realname")
    assert child
    dora, page = proposed(setup)
    page = dora.submit(page, action="/try")
    address, change = page.link("Open the training copy"), change_of(page)
    assert address == f"/training/{change}/"

    stranger = setup.browser()
    assert stranger.client.get(address).headers["Location"] == "/sign-in"

    elsewhere = setup.browser("far_mary", host="elsewhere.localhost")
    assert elsewhere.get(address, status=None).status == 404, "another authority has no such copy"

    signing = dora.get(address)
    assert "Training." in signing.text and "This copy tries change 1" in signing.text
    assert "Worker" in signing.text, "people for the pack's own roles are invented"
    from webapp.demo.people import PASSWORD as KNOWN

    page = dora.submit(signing, sign_in="worker", password=KNOWN)
    assert page.url.startswith(address) and "Training." in page.text
    for where in ("", "start/", "search?q=Verity"):
        seen = dora.get(f"{address}{where}")
        assert "Training." in seen.text and "Realname" not in seen.html
        links = [one.attributes["href"] for one in seen.root.all("a")]
        mine = f"/definitions/changes/{change}"
        assert [one for one in links if one.startswith("/") and not one.startswith(address)] == [mine] * len(
            [one for one in links if one == mine]
        )
    assert "Dora Dale" in dora.get("/").text, "signing in to one signs nobody out of the other"
    copies = setup.folder / "web" / "training" / change
    assert (copies / "data" / "training.db").is_file()
    assert not list(copies.rglob("outbox")), "nothing carries messages out of it"


def test_a_copy_of_something_else_is_not_there(setup: Place) -> None:
    dora = setup.browser("dora")
    assert dora.get("/training/6f1f1f4e-0000-4000-8000-000000000000/", status=None).status == 404
    assert dora.get("/training/../../etc/", status=None).status == 404
