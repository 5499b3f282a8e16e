"""What is typed and not saved: its writer's alone, never resurrected, gone with the record or the right to see it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from datetime import date

import pytest
from sqlalchemy import event, select

from engine.casework import (
    CaseworkError,
    Desk,
    NotFound,
    auditing,
    ids,
    keeping,
    people,
    restricting,
    unsaved,
)
from engine.casework.tables import audit_event
from engine.casework.tables import unsaved as table
from engine.casework.unsaved import Left, Sheet
from tests.support.casework import Town

WORDS = "Seen at the gate with zebras"


@pytest.fixture
def child(town: Town) -> str:
    return town.child().id


def sheet(child: str, before: Left | None = None, place: str = "/notes#note") -> Sheet:
    """A page just drawn, with an earlier text in its box or none."""
    came = {"before": before.id, "number": before.number} if before else {}
    return Sheet(ids.new(), child, place, **came)  # type: ignore[arg-type]


def types(town: Town, page: Sheet, text: str, number: int = 1, who: str = "anna") -> bool:
    with town.desk(who) as desk:
        return unsaved.keep(desk, page, {"text": [text]} if text else {}, number)


def there(town: Town, who: str = "anna", place: str = "/notes#note") -> list[Sequence[str]]:
    with town.desk(who) as desk:
        return [one.typed["text"] for one in unsaved.at_places(desk, [place])]


def found(town: Town, who: str = "anna") -> list[Left]:
    with town.desk(who) as desk:
        return unsaved.mine(desk)


def test_what_is_typed_is_there_again_for_its_writer_and_nobody_else(town: Town, child: str) -> None:
    page = sheet(child)
    assert types(town, page, "Seen") and types(town, page, WORDS, 2)
    assert there(town) == [[WORDS]] and found(town)[0].at == town.now
    for other in ("mia", "ben", "kit", "nobody"):
        assert there(town, other) == [] and found(town, other) == []
        with town.desk(other) as desk, pytest.raises(NotFound):
            unsaved.get(desk, page.id)
    with town.desk("mia") as desk:
        # Whoever sent it under the id of another's text has one of their own, or none.
        unsaved.keep(desk, page, {"text": ["Mine"]}, 9)
        unsaved.end(desk, page)
    assert there(town) == [[WORDS]]


def test_a_text_that_comes_late_never_stands_over_a_newer_one(town: Town, child: str) -> None:
    page = sheet(child)
    types(town, page, WORDS, 3)
    types(town, page, "Seen at", 2)
    assert there(town) == [[WORDS]]


def meanwhile(town: Town, first: Callable[[Desk], object], page: Sheet, number: int) -> list[bool]:
    """What keeping `WORDS` told that began while `first` was not done."""
    told: list[bool] = []
    second = threading.Thread(target=lambda: told.append(types(town, page, WORDS, number)))
    with town.desk("anna") as desk:
        first(desk)
        second.start()
        time.sleep(0.3)
    second.join()
    return told


def test_of_two_that_a_page_sends_at_once_the_last_stays_and_one_is_traced(town: Town, child: str) -> None:
    page = sheet(child)
    told = meanwhile(town, lambda desk: unsaved.keep(desk, page, {"text": ["Seen"]}, 1), page, 2)
    assert told == [True] and there(town) == [[WORDS]]
    with town.desk("olga") as desk:
        traced = [one.action for one in auditing.of_person(desk, town.people["anna"])]
    assert traced.count("unsaved.kept") == 1
    # The one sent first may also come last.
    page = sheet(child, place="/other#note")
    told = meanwhile(town, lambda desk: unsaved.keep(desk, page, {"text": ["Newest"]}, 2), page, 1)
    assert told == [True] and there(town, place="/other#note") == [["Newest"]]


def test_what_is_sent_while_it_is_being_saved_is_told_so(town: Town, child: str) -> None:
    page = sheet(child)
    assert meanwhile(town, lambda desk: unsaved.end(desk, page), page, 2) == [False]
    assert there(town) == []


def test_what_was_saved_does_not_come_back_by_what_was_still_on_its_way(town: Town, child: str) -> None:
    for kept_before in (True, False):
        page = sheet(child)
        if kept_before:
            types(town, page, "Seen")
        with town.desk("anna") as desk:
            unsaved.end(desk, page)
        assert not types(town, page, WORDS, 2)
        assert there(town) == []
    # The control: without the end it is there.
    assert types(town, sheet(child), WORDS) and there(town) == [[WORDS]]


def test_a_list_of_what_there_is_reads_no_words(town: Town, child: str) -> None:
    types(town, sheet(child), WORDS)
    asked: list[str] = []
    with town.desk("anna") as desk:
        event.listen(town.store.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
        [left] = unsaved.mine(desk)
        assert not any("typed" in one for one in asked)
        # The control: whoever opens it has them.
        assert unsaved.get(desk, left.id).typed == {"text": [WORDS]}
        assert any("typed" in one for one in asked)


def test_an_emptied_box_keeps_nothing(town: Town, child: str) -> None:
    page = sheet(child)
    types(town, page, WORDS)
    types(town, page, "", 2)
    assert there(town) == []
    types(town, page, WORDS, 3)
    types(town, sheet(child, found(town)[0]), "")
    assert there(town) == []


def test_two_windows_never_overwrite_each_other(town: Town, child: str) -> None:
    first, second = sheet(child), sheet(child)
    types(town, first, "In the first")
    town.later(minutes=1)
    types(town, second, "In the second")
    assert there(town) == [["In the second"], ["In the first"]]
    # A third goes on from what the second had; then the second goes on as well.
    third = sheet(child, found(town)[0])
    types(town, second, "In the second, and more", 2)
    types(town, third, "In the third")
    assert sorted(there(town)) == [["In the first"], ["In the second, and more"], ["In the third"]]


def test_whoever_goes_on_has_one_text_and_saving_it_leaves_none(town: Town, child: str) -> None:
    types(town, sheet(child), "Begun on another machine")
    page = sheet(child, found(town)[0])
    types(town, page, "Begun on another machine, gone on with here", 2)
    assert len(there(town)) == 1
    with town.desk("anna") as desk:
        unsaved.end(desk, page)
    assert there(town) == [] and found(town) == []


def test_what_an_earlier_page_kept_goes_with_what_is_saved_or_thrown_away(town: Town, child: str) -> None:
    types(town, sheet(child), WORDS)
    with town.desk("anna") as desk:
        unsaved.end(desk, sheet(child, unsaved.mine(desk)[0]), thrown_away=True)
    assert there(town) == []


def test_it_is_gone_when_its_writer_may_not_see_the_record(town: Town, child: str) -> None:
    page = sheet(child)
    types(town, page, WORDS)
    other = town.child().id
    types(town, sheet(other, place="/other#note"), "Stays")
    with town.desk("mia") as desk:
        only = [town.people["mia"]]
        restricting.restrict(
            desk, child, reason="Her family knows workers here", review_on=date(2027, 1, 1), only=only
        )
    assert [one.record for one in found(town)] == [other]
    with pytest.raises(NotFound):
        types(town, page, "More", 2)
    with town.desk("anna") as desk, pytest.raises(NotFound):
        unsaved.get(desk, page.id)
    assert unsaved.tidy(town.store, now=town.now) == 1
    assert rows(town) == {"Stays"}


def rows(town: Town) -> set[str]:
    with town.store.reading() as connection:
        return {
            text
            for typed in connection.execute(select(table.c.typed)).scalars()
            for (text,) in typed.values()
        }


def test_it_is_gone_with_the_record_the_account_and_after_a_month(town: Town, child: str) -> None:
    types(town, sheet(child), WORDS)
    with town.desk("kit") as desk:
        keeping.destroy(desk, child, "Its time is up", early=True)
    assert rows(town) == set()
    other = town.child().id
    types(town, sheet(other), "By Anna")
    with town.desk("mia") as desk:
        unsaved.keep(desk, sheet(other), {"text": ["By Mia"]}, 1)
    with town.desk("adam") as desk:
        people.deactivate(desk, town.people["anna"])
    unsaved.tidy(town.store, now=town.now)
    assert rows(town) == {"By Mia"}
    town.later(days=29)
    assert unsaved.tidy(town.store, now=town.now) == 0
    town.later(days=2)
    assert unsaved.tidy(town.store, now=town.now) == 1


def test_the_trace_says_that_there_was_some_and_not_what(town: Town, child: str) -> None:
    page = sheet(child)
    types(town, page, WORDS)
    types(town, page, f"{WORDS} and more", 2)
    with town.desk("anna") as desk:
        unsaved.end(desk, page, thrown_away=True)
    with town.desk("olga") as desk:
        told = [one.action for one in auditing.of_person(desk, town.people["anna"])]
        about = [one.action for one in auditing.of_record(desk, child)]
    assert [one for one in told if one.startswith("unsaved")] == ["unsaved.kept", "unsaved.dropped"]
    assert not [one for one in about if one.startswith("unsaved")]
    with town.store.reading() as connection:
        assert not [
            one for one in connection.execute(select(audit_event.c.body)).scalars() if "zebras" in one
        ]


def test_what_is_too_much_is_refused_whole(town: Town, child: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CaseworkError, match="too much"):
        types(town, sheet(child), "x" * (unsaved.LONGEST + 1))
    with pytest.raises(CaseworkError, match="too much"), town.desk("anna") as desk:
        unsaved.keep(desk, sheet(child), {f"{'n' * 1000}{one}": ["x"] for one in range(400)}, 1)
    most = sheet(child)
    assert types(town, most, "x" * (unsaved.LONGEST - 100))
    monkeypatch.setattr(unsaved, "LONGEST_TOGETHER", unsaved.LONGEST)
    # All of somebody's together; what a page goes on with itself, or from, is counted once.
    assert types(town, most, "y" * (unsaved.LONGEST - 100), 2)
    [left] = found(town)
    assert types(town, sheet(child, left), "z" * (unsaved.LONGEST - 100))
    assert types(town, sheet(child), "Short")
    with pytest.raises(CaseworkError, match="too much that is not saved"):
        types(town, sheet(child), "x" * 200)
    with town.desk("mia") as desk:
        assert unsaved.keep(desk, sheet(child), {"text": ["x" * 200]}, 1)
    monkeypatch.undo()
    for number in range(unsaved.MOST_EACH - 2):
        types(town, sheet(child, place=f"/{number}#note"), "Seen")
    with pytest.raises(CaseworkError, match="too many"):
        types(town, sheet(child), "One more")
    assert sorted(text[:5] for [text] in there(town)) == ["Short", "zzzzz"]
