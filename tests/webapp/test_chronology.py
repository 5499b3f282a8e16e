"""The chronology of a record and of a case: what stands in it, how it is narrowed, and what each line opens."""

from __future__ import annotations

from datetime import date

from engine.casework import actions, links, markers, notes, records, submissions, tasks
from tests.webapp.conftest import Place
from tests.webapp.test_constant_queries import about, queries


def told(place: Place) -> tuple[str, str]:
    """A young person about whom much was written, and their case."""
    record, case, form = place.started()
    place.saved(form, {"story": "At the park", "danger": False})
    with place.desk("alice") as desk:
        found = submissions.get(desk, form)
        submissions.submit(desk, form, revision=found.revision)
        notes.add(desk, record, "Spoke to Ángela at home")
        markers.open(desk, record, "signs", "missing", since=date(2025, 12, 1))
        actions.open(desk, record, "Walk home together", due=date(2026, 2, 1), owner="Aunt")
        tasks.add(desk, record, "Ring the school", case=case)
        group = records.create(desk, "child", {"first_name": "Dee", "last_name": "Dunn"})
        links.add(desk, record, group.id, purpose="A friend")
    return record, case


def test_everything_dated_stands_in_one_order_and_opens_what_it_shows(place: Place) -> None:
    record, case = told(place)
    page = place.browser("alice").get(f"/records/{record}/chronology")
    lines = [one.text for one in page.root.all("li", class_="trefoil-chronicle__line")]
    said = "\n".join(lines)
    for words in (
        "Action due: Walk home together (Aunt)", "Note", "Spoke to Ángela at home", "Form sent",
        "Task given: Ring the school",
        "Linked with: Dee Dunn", "Harm or sign, from", "Record made: Cara Cole",
    ):  # fmt: skip
        assert words in said, words
    assert "1 February 2026" in lines[0] and "1 December 2025" in lines[-1]
    assert "Still to come" in page.text
    opens = {one.attributes["href"] for each in page.root.all("ol") for one in each.all("a")}
    assert f"/records/{record}#harm" in opens and f"/cases/{case}#tasks" in opens
    for one in sorted(opens):
        assert place.browser("alice").get(one.partition("#")[0]).status == 200


def test_the_address_narrows_it_and_keeps_doing_so(place: Place) -> None:
    record, _ = told(place)
    alice = place.browser("alice")

    def left(asked: str) -> list[str]:
        page = alice.get(f"/records/{record}/chronology?{asked}")
        return [one.text for one in page.root.all("li", class_="trefoil-chronicle__line")]

    assert all("Action" in one for one in left("kind=action")) and len(left("kind=action")) == 2
    assert len(left("q=angela+HOME")) == 1
    assert len(left("to=31+December+2025")) == 1
    assert left("from=1+January+2026&to=1+Jan+2026") == []
    assert left("order=oldest") == list(reversed(left("")))
    assert all("Alice Ames" in one for one in left(f"who={place.ids['alice']}&kind=note"))
    page = alice.get(f"/records/{record}/chronology?kind=note&from=nonsense")
    assert "‘nonsense’ is not a date" in page.text
    assert "Nothing matches" in alice.get(f"/records/{record}/chronology?q=nothing-such").text


def test_a_case_has_a_chronology_of_its_own(place: Place) -> None:
    record, case = told(place)
    other = place.case(record)
    page = place.browser("alice").get(f"/cases/{case}/chronology")
    assert "Ring the school" in page.text and "Spoke to" not in page.text
    assert "Ring the school" not in place.browser("alice").get(f"/cases/{other}/chronology").text


def test_long_ones_come_in_pages_that_keep_the_filter(place: Place) -> None:
    record, _, _ = place.started()
    with place.desk("alice") as desk:
        for number in range(55):
            notes.add(desk, record, f"Number {number}")
    page = place.browser("alice").get(f"/records/{record}/chronology?kind=note")
    assert len(page.root.all("li", class_="trefoil-chronicle__line")) == 50
    following = page.link("Page 2")
    assert "kind=note" in following and "page=2" in following
    assert len(place.browser("alice").get(following).root.all("li", class_="trefoil-chronicle__line")) == 5


def test_it_asks_as_often_for_much_as_for_little(place: Place) -> None:
    browser = place.browser("alice")
    record, case, _ = place.started()
    about(place, record, case, 2)
    pages = (f"/records/{record}/chronology", f"/cases/{case}/chronology")
    few = [queries(place, browser, one) for one in pages for _ in range(2)][1::2]
    about(place, record, case, 6)
    assert [queries(place, browser, one) for one in pages] == few


# --- Since you last looked


def test_what_is_new_stands_on_the_page_for_a_while(place: Place) -> None:
    record, case, _ = place.started()
    mary = place.browser("mary")
    assert "Since you last looked" not in mary.get(f"/records/{record}").text
    assert "Since you last looked" not in mary.get(f"/cases/{case}").text
    place.clock.pass_by(hours=2)
    with place.desk("alice") as desk:
        notes.add(desk, record, "Seen at the park", case=case)
    mary = place.browser("mary")
    for address in (f"/records/{record}", f"/cases/{case}", f"/records/{record}"):
        page = mary.get(address)
        news = page.root.all("section", class_="trefoil-news")
        assert len(news) == 1 and "Seen at the park" in news[0].text and "Alice Ames" in news[0].text
    place.clock.pass_by(hours=2)
    assert "Nothing by anybody else." in place.browser("mary").get(f"/records/{record}").text


def test_what_is_new_asks_as_often_for_much_as_for_little(place: Place) -> None:
    record, case, _ = place.started()
    pages = (f"/records/{record}", f"/cases/{case}")
    asked = []
    for number in (1, 1, 8):
        for one in pages:
            place.browser("mary").get(one)
        place.clock.pass_by(hours=2)
        about(place, record, case, number)
        mary = place.browser("mary")
        asked.append([queries(place, mary, one) for one in pages])
    assert asked[1] == asked[2]
