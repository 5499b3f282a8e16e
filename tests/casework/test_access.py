"""Who sees what: every person against every record over planted canaries, through every function that reads.

What each person should see is written out by hand here, not worked out by the code under test. Two controls take
a cure away and must find canaries: a test that cannot fail shows nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, true

from engine.casework import (
    CaseworkError,
    Desk,
    NotFound,
    NotPermitted,
    access,
    actions,
    cases,
    deadlines,
    links,
    markers,
    notes,
    people,
    records,
    restricting,
    submissions,
    tables,
    tasks,
)
from tests.support.casework import Town, founded


@dataclass
class World:
    """Records with canaries in them: each canary is one string that stands in one place alone."""

    town: Town
    elsewhere: Town
    records: dict[str, str] = field(default_factory=dict)
    cases: dict[str, str] = field(default_factory=dict)
    submissions: dict[str, str] = field(default_factory=dict)


# What each person may see, by canary. `robin` is anna's, being checked; `sky` is ben's; `ash` is anna's, restricted
# to mia; `group` is a context that robin is linked to; `far` belongs to another authority.
ANNA = {"robin-name", "robin-guarded", "robin-worry", "robin-secret", "robin-note", "robin-action", "place"}
SEES: dict[str, set[str]] = {
    "anna": ANNA | {"group-name", "group-background", "group-note"},
    "ben": {"sky-name", "sky-guarded", "place"},
    "cara": {
        "robin-name",
        "robin-guarded",
        "robin-worry",
        "robin-secret",
        "robin-note",
        "robin-action",
        "place",
    },
    "mia": ANNA
    | {"sky-name", "sky-guarded", "ash-name", "ash-guarded", "group-name", "group-background", "group-note"},
    "noor": ANNA | {"sky-name", "sky-guarded", "group-name", "group-background", "group-note"},
    "sam": {"robin-name", "robin-worry", "robin-note", "robin-action"},
    "tess": {"robin-name", "sky-name"},
    "carl": set(),
    "olga": set(),
    "adam": set(),
    "dora": set(),
    "nobody": set(),
}
CANARIES = sorted(set().union(*SEES.values()) | {"far-name", "far-guarded"})


def canary(name: str) -> str:
    return f"Zq{name.title().replace('-', '')}Qz"


@pytest.fixture
def world(town: Town) -> World:
    made = World(town, founded(town.store, "Faraway"))
    for who, by in (("robin", "anna"), ("sky", "ben"), ("ash", "anna")):
        name, guarded = canary(f"{who}-name"), canary(f"{who}-guarded")
        made.records[who] = town.child(by, last_name=name, address=guarded).id
    far = made.elsewhere.child("anna", last_name=canary("far-name"), address=canary("far-guarded"))
    made.records["far"] = far.id
    with town.desk("mia") as desk:
        group = records.create(
            desk, "peer_group", {"area": canary("group-name"), "background": canary("group-background")}
        )
        place = records.create(desk, "place", {"kind": "park", "place_name": canary("place")})
        made.records |= {"group": group.id, "place": place.id}
        for who in ("robin", "sky"):
            # sky's link is not in force yet, so that ben does not reach the group.
            since = None if who == "robin" else date(2026, 6, 1)
            links.add(desk, made.records[who], group.id, purpose="friends", since=since)
        links.add(desk, made.records["ash"], group.id, purpose="friends")
        notes.add(desk, group.id, canary("group-note"))
        restricting.restrict(
            desk,
            made.records["ash"],
            reason="An adoption that nobody else may know of",
            review_on=date(2026, 7, 1),
            only=[town.people["mia"]],
        )
    case = town.case(made.records["robin"])
    made.cases["robin"] = case.id
    answers = {"worry": canary("robin-worry"), "secret": canary("robin-secret")}
    handed_in = town.submitted(made.records["robin"], case.id, "referral", answers)
    made.submissions["robin"] = handed_in.id
    with town.desk("anna") as desk:
        notes.add(desk, made.records["robin"], canary("robin-note"))
        actions.open(desk, made.records["robin"], canary("robin-action"))
    with town.desk() as desk:
        team = people.add_team(desk, "North")
        for who in ("anna", "cara"):
            people.add_to_team(desk, town.people[who], team.id)
    # ash is anna's and so in reach of cara's team; the restriction must keep both out.
    return made


def surfaces(world: World) -> Iterator[tuple[str, Callable[[Desk], Any]]]:
    """Every function that hands something out, asked about everything there is."""
    yield "records.find", lambda desk: records.find(desk)
    for name in CANARIES:
        yield f"records.find {name}", lambda desk, name=name: records.find(desk, canary(name))
    for kind, fields in (
        ("child", {"first_name": "Robin", "last_name": canary("ash-name")}),
        ("child", {"first_name": "Robin", "last_name": canary("sky-name")}),
        ("peer_group", {"area": canary("group-name")}),
    ):
        yield (
            f"records.alike {kind}",
            lambda desk, kind=kind, fields=fields: [
                (one.record.id, one.score) for one in records.alike(desk, kind, fields)
            ],
        )
    yield "records.names", lambda desk: records.names(desk, world.records.values())
    for who, one in world.records.items():
        about: list[Callable[..., Any]] = [
            records.get,
            records.history,
            records.revisions,
            cases.of_record,
            cases.startable,
            submissions.of_record,
            notes.of_record,
            markers.of_record,
            actions.of_record,
            links.of_record,
            links.workers,
            restricting.of_record,
        ]
        for function in about:
            name = f"{function.__module__.rpartition('.')[2]}.{function.__name__} {who}"
            yield name, lambda desk, function=function, one=one: function(desk, one)
    for who, one in world.cases.items():
        for function in (
            cases.get,
            cases.choices,
            cases.history,
            deadlines.of_case,
            tasks.of_case,
            submissions.of_case,
        ):
            yield f"{function.__name__} {who}", lambda desk, function=function, one=one: function(desk, one)
    for who, one in world.submissions.items():
        for function in (
            submissions.get,
            submissions.revisions,
            submissions.evaluate,
            submissions.facts_of,
            submissions.asides,
        ):
            yield (
                f"submission.{function.__name__} {who}",
                lambda desk, function=function, one=one: (
                    function(desk, one).json() if function is submissions.evaluate else function(desk, one)
                ),
            )
    yield "cases.open_cases", lambda desk: cases.open_cases(desk)
    yield "cases.open_cases mine", lambda desk: cases.open_cases(desk, mine=True)
    yield "tasks.mine", lambda desk: tasks.mine(desk)
    yield "tasks.notifications", lambda desk: tasks.notifications(desk)
    yield "restricting.to_review", lambda desk: restricting.to_review(desk)


def seen_by(world: World, who: str) -> dict[str, list[str]]:
    """Canaries that a person meets anywhere, each with the surfaces where; refusals count as surfaces too."""
    found: dict[str, list[str]] = {}
    for surface, ask in surfaces(world):
        try:
            with world.town.desk(who) as desk:
                text = repr(ask(desk))
        except CaseworkError as error:
            text = f"{error!r} {error} {error.__cause__!r}"
        for name in CANARIES:
            if canary(name).casefold() in text.casefold():
                found.setdefault(name, []).append(surface)
    return found


def test_everybody_sees_exactly_what_they_should(world: World) -> None:
    for who, should in SEES.items():
        found = seen_by(world, who)
        too_much = {name: found[name] for name in found.keys() - should}
        assert not too_much, f"{who} sees too much"
        assert found.keys() >= should, f"{who} does not see {should - found.keys()}"


def test_the_crawl_finds_what_a_missing_filter_lets_through(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "visible", lambda desk, verb="view", table=None: true())
    found = seen_by(world, "nobody")
    assert {"robin-name", "ash-name", "far-name"} <= found.keys()


def test_the_crawl_finds_guarded_answers_let_through(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "hidden_questions", lambda *_, **__: frozenset())
    assert "robin-secret" in seen_by(world, "sam")


def test_one_item_and_the_filter_agree(world: World) -> None:
    """`may` of one record and `visible` over all give the same answer for everybody and every verb."""
    for who in SEES:
        with world.town.desk(who) as desk:
            for verb in sorted(access.VERBS - {"create"}):
                filtered = {
                    row.id for row in desk.rows(select(tables.record.c.id).where(access.visible(desk, verb)))
                }
                for name, one in world.records.items():
                    whole = access.grants(desk, one, closed_book=False).may(verb)
                    narrowed = verb != "view" and who == "tess"  # a rule for one form changes no record
                    assert whole == (one in filtered and not narrowed), (who, verb, name)


def test_what_may_not_be_seen_answers_as_what_does_not_exist(world: World) -> None:
    missing = "00000000-0000-4000-8000-000000000000"
    answers = set()
    for one in (missing, world.records["ash"], world.records["far"], "nonsense"):
        with pytest.raises(NotFound) as raised, world.town.desk("anna") as desk:
            records.get(desk, one)
        answers.add((type(raised.value), str(raised.value), raised.value.what))
    assert len(answers) == 1


def test_a_context_never_tells_who_is_linked_to_it(world: World) -> None:
    town, group = world.town, world.records["group"]
    with town.desk("anna") as desk:
        # anna sees the group through robin alone, so not even robin's own link is shown from there.
        assert links.of_record(desk, group) == []
        assert [one.other for one in links.of_record(desk, world.records["robin"])] == [group]
        events = records.history(desk, group)
        children = {world.records[who] for who in ("robin", "sky", "ash")}
        assert not children & set(str(events).replace("'", " ").split())
    with town.desk("noor") as desk:
        # noor holds the group by role; ash stays out of every list and count.
        assert {one.other for one in links.of_record(desk, group)} == {
            world.records["robin"],
            world.records["sky"],
        }


def test_linked_workers_see_each_other_and_nothing_of_each_others_children(world: World) -> None:
    town, group = world.town, world.records["group"]
    with town.desk("mia") as desk:
        child = town.people  # ids of people
        found = {one.id for one in links.workers(desk, group)}
    assert found == {child["anna"]}  # ben's link begins later
    town.later(days=200)
    with town.desk("anna") as desk:
        assert {one.id for one in links.workers(desk, group)} == {child["anna"], child["ben"]}
        assert links.of_record(desk, group) == []
        with pytest.raises(NotFound):
            records.get(desk, world.records["sky"])


def test_a_link_that_ended_lets_nobody_through(world: World) -> None:
    town, group = world.town, world.records["group"]
    with town.desk("anna") as desk:
        assert access.may(desk, "view", group)
        (link,) = links.of_record(desk, world.records["robin"])
        links.end(desk, link.id, why="Moved away")
        assert not access.may(desk, "view", group)


def test_an_allocation_lasts_as_long_as_its_case(town: Town) -> None:
    child, case = town.checked(by="mia")
    with town.desk("mia") as desk:
        cases.assign(desk, case.id, person=town.people["ben"], role="practitioner")
    with town.desk("ben") as desk:
        assert records.get(desk, child.id).reach == "whole"
        assert [one.id for one in cases.open_cases(desk, mine=True)] == [case.id]
    town.submitted(child.id, case.id, "decision", {"outcome": "refuse"}, by="noor")
    with town.desk("noor") as desk:
        cases.fire(desk, case.id, "decide", revision=cases.get(desk, case.id).revision)
    with pytest.raises(NotFound), town.desk("ben") as desk:
        records.get(desk, child.id)


def test_a_rule_for_one_form_shows_the_name_and_that_form_alone(world: World) -> None:
    with world.town.desk("tess") as desk:
        seen = records.get(desk, world.records["robin"])
        assert (seen.reach, dict(seen.fields), seen.identifiers) == ("name", {}, ())
        assert seen.may == {"view"}
        assert submissions.of_record(desk, seen.id) == []
        assert submissions.open_draft(desk, "school_view", record=seen.id).form == "school_view"
    for wrong in ("edit", "submit"):
        with pytest.raises((NotFound, NotPermitted)), world.town.desk("tess") as desk:
            if wrong == "edit":
                records.edit(desk, world.records["robin"], {"last_name": "x"}, revision=1)
            else:
                submissions.open_draft(desk, "decision", record=world.records["robin"])


def test_a_role_taken_away_counts_at_once(world: World) -> None:
    town = world.town
    with town.desk("adam") as desk:
        people.set_roles(desk, town.people["noor"], [])
    with pytest.raises(NotFound), town.desk("noor") as desk:
        records.get(desk, world.records["robin"])


def test_a_closed_account_does_nothing(world: World) -> None:
    town = world.town
    with town.desk("adam") as desk:
        people.deactivate(desk, town.people["noor"])
    with pytest.raises(NotPermitted), town.desk("noor"):
        pass


def test_nobody_is_never_the_system(town: Town) -> None:
    for impostor in (None, "", "SYSTEM", "system"):
        with (
            pytest.raises((CaseworkError, TypeError)),
            town.store.desk(
                town.authority,
                impostor,
                now=town.now,  # type: ignore[arg-type]
            ) as desk,
        ):
            records.find(desk)


def test_a_barred_person_is_kept_out_whatever_their_role(world: World) -> None:
    town = world.town
    with town.desk("mia") as desk:
        restricting.restrict(
            desk,
            world.records["robin"],
            reason="A relative of the family works here",
            review_on=date(2026, 7, 1),
            bar=[town.people["noor"]],
        )
    with pytest.raises(NotFound), town.desk("noor") as desk:
        records.get(desk, world.records["robin"])
    with pytest.raises(NotFound), town.desk("noor") as desk:
        restricting.break_glass(desk, world.records["robin"], reason="I want to know what is said")
    assert "robin-name" not in seen_by(world, "noor")


def test_broken_glass_opens_to_view_for_a_while_and_is_reviewed(world: World) -> None:
    town, ash = world.town, world.records["ash"]
    with town.desk("anna") as desk:
        restricting.break_glass(desk, ash, reason="The child is at the station and hurt")
        assert records.get(desk, ash).name.endswith(canary("ash-name"))
        with pytest.raises(NotPermitted):
            records.edit(desk, ash, {"last_name": "x"}, revision=1)
    town.later(hours=5)
    with pytest.raises(NotFound), town.desk("anna") as desk:
        records.get(desk, ash)
    with town.desk("olga") as desk:
        (waiting,) = restricting.unreviewed(desk)
        assert (waiting.person, waiting.record) == (town.people["anna"], ash)
        restricting.review(desk, waiting.id, finding="Justified")
        assert restricting.unreviewed(desk) == []


def test_who_could_never_see_such_a_record_breaks_no_glass(world: World) -> None:
    town = world.town
    for who in ("olga", "nobody", "adam"):
        with pytest.raises(NotFound), town.desk(who) as desk:
            restricting.break_glass(desk, world.records["ash"], reason="I am only curious about it")
    with town.desk("olga") as desk:
        assert restricting.unreviewed(desk) == []


def test_restricting_asks_reason_day_and_not_to_shut_oneself_out(world: World) -> None:
    town, robin = world.town, world.records["robin"]
    wrong = [
        {"reason": "x", "review_on": date(2026, 7, 1), "only": [town.people["mia"]]},
        {"reason": "A long enough reason", "review_on": date(2026, 1, 1), "only": [town.people["mia"]]},
        {"reason": "A long enough reason", "review_on": date(2026, 7, 1), "only": [town.people["noor"]]},
        {"reason": "A long enough reason", "review_on": date(2026, 7, 1)},
    ]
    for settings in wrong:
        with pytest.raises(CaseworkError), town.desk("mia") as desk:
            restricting.restrict(desk, robin, **settings)  # type: ignore[arg-type]
    with pytest.raises(NotPermitted), town.desk("anna") as desk:
        restricting.restrict(
            desk, robin, reason="A long enough reason", review_on=date(2026, 7, 1), only=[town.people["anna"]]
        )


def test_conditions_that_another_thread_throws_away_meanwhile_are_made_again(world: World) -> None:
    class Forgetful(dict[Any, Any]):
        def __setitem__(self, key: Any, value: Any) -> None:
            super().__setitem__(key, value)
            self.clear()

    world.town.store.conditions = Forgetful()
    with world.town.desk("anna") as desk:
        first = {one.id for one in records.find(desk, limit=100)}
    world.town.store.conditions = {}
    with world.town.desk("anna") as desk:
        assert first == {one.id for one in records.find(desk, limit=100)} != set()
