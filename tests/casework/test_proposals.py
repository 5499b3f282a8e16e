"""Changes to definitions in casework: never decided by whoever had a hand in one, nor over what is no longer live."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from engine import packs
from engine.casework import CaseworkError, NotFound, Store, authorities, people, proposals, stacks
from engine.casework.proposals import Judged, Proposal, ProposalMoved, ProposalRefused, SamePerson
from engine.packs import archive_judging
from engine.packs.offering import Brought, offered
from tests.support.casework import NOW, PASSWORD, Town, founded
from webapp.publishing import publish_agreed

FORMS = "form_definitions/harbour/forms/forms.yaml"


@pytest.fixture
def pair(town: Town) -> Town:
    """With a second person who looks after forms and workflows."""
    with town.desk() as desk:
        made = people.add(desk, "Dilys", "dilys@harbour.example", password=PASSWORD, roles=["designer"])
        town.people["dilys"] = made.id
    return town


def judged(town: Town, change: Proposal, files: dict[str, str | None]) -> tuple[Judged, packs.Pack]:
    with town.desk("dora") as desk:
        texts, live = proposals.texts(desk, change, files), stacks.live(desk)
    verdict = archive_judging.definitions(texts, "harbour", date(2026, 1, 5), live.texts)
    return Judged(live.hash, verdict.as_json()), packs.load_texts(texts).pack("harbour")


def proposed(town: Town, old: str, new: str, file: str = FORMS) -> tuple[Proposal, packs.Pack]:
    """Dora's change of some words, proposed, and the pack it would make."""
    with town.desk("dora") as desk:
        text = stacks.live(desk).texts[file]
        change = proposals.begin(desk, "Better words")
    assert old in text
    files: dict[str, str | None] = {file: text.replace(old, new, 1)}
    verdict, pack = judged(town, change, files)
    with town.desk("dora") as desk:
        change = proposals.put(desk, change.id, change.revision, files, verdict)
        return proposals.offer(desk, change.id, change.revision, change.why), pack


def title(town: Town) -> str:
    with town.desk() as desk:
        return stacks.live(desk).stack.manifest.version


def test_a_second_person_makes_it_live_and_nobody_else(pair: Town) -> None:
    change, pack = proposed(pair, "What is the worry?", "What worries you?")
    for who, error in (("dora", SamePerson), ("anna", NotFound), (None, SamePerson)):
        with pytest.raises(error), pair.desk(who) as desk:
            proposals.agree(desk, change.id, change.revision, pack)
    assert title(pair) == "1.0.0"
    with pair.desk("dilys") as desk:
        assert proposals.agree(desk, change.id, change.revision, pack) == "live"
        assert proposals.history(desk)[0].published_by == pair.people["dilys"]
    assert title(pair) == "1.0.0+change.1"
    with pytest.raises(ProposalRefused, match="decided already"), pair.desk("dilys") as desk:
        proposals.refuse(desk, change.id, proposals.get(desk, change.id).revision, "Too late")


def test_what_was_not_looked_at_is_not_made_live(pair: Town) -> None:
    change, _ = proposed(pair, "What is the worry?", "What worries you?")
    with pair.desk("dora") as desk:
        other = stacks.live(desk)
    with pytest.raises(ProposalMoved), pair.desk("dilys") as desk:
        proposals.agree(desk, change.id, change.revision, other)
    with pytest.raises(ProposalMoved), pair.desk("dilys") as desk:
        proposals.agree(desk, change.id, change.revision - 1, other)


def test_of_two_made_live_at_once_the_second_is_over_what_is_no_longer_live(pair: Town) -> None:
    first = proposed(pair, "What is the worry?", "What worries you?")
    second = proposed(pair, "What is the worry?", "What is wrong?")

    def agree(one: tuple[Proposal, packs.Pack]) -> str:
        try:
            with pair.desk("dilys") as desk:
                return proposals.agree(desk, one[0].id, one[0].revision, one[1])
        except ProposalRefused as refused:
            return str(refused)

    with ThreadPoolExecutor(2) as pool:
        came = sorted(pool.map(agree, (first, second)))
    assert came[1] == "live" and came[0].startswith("Something else was made live")
    with pair.desk("dora") as desk:
        assert len(proposals.history(desk)) == 2
        assert sorted((one.state, one.stale) for one in proposals.every(desk)) == [
            ("live", False),
            ("proposed", True),
        ]


@pytest.mark.parametrize("alters", [False, True])
def test_columns_are_made_by_the_step_that_may(
    pair: Town, alters: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that serves pages leaves it agreed; the publishing step carries it out as who agreed to it."""
    add = "type: text, label: Newly counted, reportable: yes, id: newly_counted"
    change, pack = proposed(pair, "    questions:\n", f"    questions:\n      - {{{add}}}\n")
    monkeypatch.setattr(pair.store, "alters", alters)
    with pair.desk("dilys") as desk:
        state = proposals.agree(desk, change.id, change.revision, pack)
    assert state == ("live" if alters else "agreed")
    assert title(pair) == ("1.0.0+change.1" if alters else "1.0.0")
    monkeypatch.setattr(pair.store, "alters", True)
    assert publish_agreed(pair.store, now=NOW) == (0 if alters else 1)
    assert title(pair) == "1.0.0+change.1"
    with pair.desk("dilys") as desk:
        found = proposals.get(desk, change.id)
        assert (found.state, found.decided_by) == ("live", pair.people["dilys"])
        assert proposals.history(desk)[0].published_by == pair.people["dilys"]


def test_nothing_agreed_is_carried_out_by_anybody_else(pair: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    add = "type: text, label: Newly counted, reportable: yes, id: newly_counted"
    change, pack = proposed(pair, "    questions:\n", f"    questions:\n      - {{{add}}}\n")
    monkeypatch.setattr(pair.store, "alters", False)
    with pair.desk("dilys") as desk:
        proposals.agree(desk, change.id, change.revision, pack)
    monkeypatch.setattr(pair.store, "alters", True)
    for who in ("dora", None):
        with pytest.raises(ProposalRefused), pair.desk(who) as desk:
            proposals.carry_out(desk, change.id, pack)


def test_one_that_cannot_be_made_live_stops_no_other_authority(
    pair: Town, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever agreed has left before the publishing step came: that change waits, another authority's does not."""
    add = "type: text, label: Newly counted, reportable: yes, id: newly_counted"
    other = founded(store, "Elsewhere")
    with other.desk() as desk:
        made = people.add(desk, "Dilys", "dilys@elsewhere.example", password=PASSWORD, roles=["designer"])
        other.people["dilys"] = made.id
    towns = [{pair.authority: pair, other.authority: other}[one] for one in authorities.names(store)]
    changes = []
    for town in towns:
        change, pack = proposed(town, "    questions:\n", f"    questions:\n      - {{{add}}}\n")
        monkeypatch.setattr(store, "alters", False)
        with town.desk("dilys") as desk:
            assert proposals.agree(desk, change.id, change.revision, pack) == "agreed"
        monkeypatch.setattr(store, "alters", True)
        changes.append(change.id)
    with towns[0].desk() as desk:
        people.deactivate(desk, towns[0].people["dilys"])
    with pytest.raises(CaseworkError, match="Change 1"):
        publish_agreed(store, now=NOW)
    for town, change_id, state in zip(towns, changes, ("agreed", "live"), strict=True):
        with town.desk("dora") as desk:
            assert proposals.get(desk, change_id).state == state
    # Whoever made it can still take it back.
    with towns[0].desk("dora") as desk:
        proposals.withdraw(desk, changes[0], proposals.get(desk, changes[0]).revision)
    assert publish_agreed(store, now=NOW) == 0


def test_a_draft_with_errors_or_without_a_difference_is_not_proposed(pair: Town) -> None:
    with pair.desk("dora") as desk:
        change = proposals.begin(desk, "Nothing yet")
    for files, told in (
        ({FORMS: "form: broken\n"}, "errors cannot be proposed"),
        ({}, "changes nothing that is live"),
    ):
        verdict = judged_only(pair, change, dict(files))
        with pair.desk("dora") as desk:
            change = proposals.put(desk, change.id, change.revision, dict(files), verdict)
        with pytest.raises(ProposalRefused, match=told), pair.desk("dora") as desk:
            proposals.offer(desk, change.id, change.revision, "Words")


def judged_only(town: Town, change: Proposal, files: dict[str, str | None]) -> Judged:
    with town.desk("dora") as desk:
        texts, live = proposals.texts(desk, change, files), stacks.live(desk)
    return Judged(
        live.hash, archive_judging.definitions(texts, "harbour", date(2026, 1, 5), live.texts).as_json()
    )


def test_characters_that_no_database_holds_are_left_out_or_refused(pair: Town) -> None:
    brought = [Brought("a.yaml", b"form: x\x00\n"), Brought("b.csv", b"id,label\na\x00,b\n")]
    offer = offered(brought, {}, "harbour")
    assert offer.files == {} and [one.reason for one in offer.refusals] == ["encoding", "encoding"]
    with pair.desk("dora") as desk:
        change = proposals.begin(desk, "Better\x00 words\ud800")
        assert change.why == "Better words?"
        told = Judged(stacks.live(desk).hash, {"differences": [{"told": "now ‘a\x00b’"}], "ok": True})
        change = proposals.put(desk, change.id, change.revision, {}, told)
        assert change.report["differences"] == [{"told": "now ‘ab’"}]


def test_an_earlier_version_comes_back_by_two_people(pair: Town) -> None:
    with pair.desk("dora") as desk:
        before = stacks.live(desk).hash
    change, pack = proposed(pair, "What is the worry?", "What worries you?")
    with pair.desk("dilys") as desk:
        proposals.agree(desk, change.id, change.revision, pack)
    with pair.desk("dora") as desk:
        back = proposals.begin(desk, "As it was", earlier=before)
    verdict, pack = judged(pair, back, {})
    with pair.desk("dora") as desk:
        back = proposals.look_again(desk, back.id, back.revision, verdict)
        back = proposals.offer(desk, back.id, back.revision, back.why)
    with pytest.raises(SamePerson), pair.desk("dora") as desk:
        proposals.agree(desk, back.id, back.revision, pack)
    with pair.desk("dilys") as desk:
        assert proposals.agree(desk, back.id, back.revision, pack) == "live"
        assert stacks.live(desk).hash == before
    with pytest.raises(NotFound), pair.desk("dora") as desk:
        proposals.begin(desk, "Never there", earlier="0" * 64)


def test_another_authority_has_none_of_it(pair: Town, store: Store) -> None:
    change, _ = proposed(pair, "What is the worry?", "What worries you?")
    other = founded(store, "Elsewhere")
    with pytest.raises(NotFound), other.desk("dora") as desk:
        proposals.get(desk, change.id)
    with other.desk("dora") as desk:
        assert proposals.every(desk) == []
