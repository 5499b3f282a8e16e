"""Three invented authorities, each with its own pack, a canary in every place that holds text, and who may meet which.

A canary is a word that stands nowhere else. It tells what it was planted in, as `THING.PART`; `SEES` says by such
names what each person may meet. It is written from the rules of the pack `quay` as people would read them, not from
the code that decides: where the two differ, one of them is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import engine
from engine.casework import (
    SYSTEM,
    Stale,
    Store,
    actions,
    authorities,
    cases,
    commenting,
    ids,
    keeping,
    links,
    markers,
    notes,
    people,
    proposals,
    queries,
    records,
    restricting,
    stacks,
    submissions,
    tasks,
    unsaved,
    uploads,
)
from engine.casework.unsaved import Sheet
from engine.casework.values import Outside

QUAY = Path(__file__).parents[1] / "webapp" / "quay"
PASSWORD = "seven slow barges"
BEGAN = datetime(2026, 1, 6, 9, 30, tzinfo=UTC)
CANARY = re.compile(r"zq[a-z0-9]+xq", re.IGNORECASE)

ROLES: Mapping[str, tuple[str, ...]] = {
    "anna": ("worker",),
    "ben": ("worker",),
    "cara": ("worker",),
    "dan": ("worker",),
    "mia": ("manager",),
    "noor": ("manager",),
    "sam": ("specialist",),
    "tess": ("teacher",),
    "rhys": ("reviewer",),
    "carl": ("clerk",),
    "olga": ("auditor",),
    "adam": ("administrator",),
    "dora": ("designer",),
    "kit": ("keeper",),
    "nobody": (),
    "fay": ("manager",),
    "fitz": ("administrator",),
    "tam": ("manager",),
}
AWAY: Mapping[str, tuple[str, ...]] = {"far": ("fay", "fitz"), "third": ("tam",)}
"""Who works elsewhere, by the authority: its name begins those of all that is planted there."""

PLACE_OF = {who: place for place, folk in AWAY.items() for who in folk}
FAR = tuple(PLACE_OF)
BOSS = {"far": "fay", "third": "tam"}
PACKS = {"here": "quay", "far": "faraway", "third": "upland"}
HOSTS = {"here": "localhost", "far": "faraway.localhost", "third": "upland.localhost"}
"""Where each authority's pages stand."""

STRANGER = "stranger"
"""Whoever has not signed in."""

ALL_HERE = ("c1.*", "c2.*", "c4.*", "g1.*", "g2.*", "p1.*")
"""What whoever sees every record here meets; c3 is restricted to mia."""

# For each person: what they may meet, and after `!` what they may not although the rest would let them.
SEES: Mapping[str, tuple[str, ...]] = {
    # Anna holds c1, which is linked to g1, and made g2. A worker sees no guarded part of a group.
    "anna": (
        "c1.*",
        "g1.*",
        "g2.*",
        "p1.*",
        "kept.anna",
        "unsaved.anna",
        "!g1.apart",
        "!g2.apart",
        "!*.aside",
    ),
    "ben": ("c2.*", "g1.*", "p1.*", "!g1.apart", "!*.aside"),
    # Cara is in Anna's team: she sees c1, and not what it is linked to.
    "cara": ("c1.*", "p1.*", "!c1.link", "!*.aside"),
    "dan": ("p1.*",),
    "mia": (*ALL_HERE, "c3.*", "unsaved.mia"),
    "noor": (*ALL_HERE, "!*.aside"),
    # Sam sees children whose worry is being checked, and nothing that is guarded; no group, so no link.
    "sam": ("c2.*", "!c2.apart", "!c2.link", "!*.aside"),
    # Tess sees of every child the name and the school's form.
    "tess": ("c1.name", "c1.school", "c2.name", "c2.school", "c4.name"),
    "rhys": ("c2.*", "!c2.link", "!*.aside"),
    "carl": ("c4.*", "!c4.apart"),
    "olga": (),
    "adam": ("sign_in",),
    "dora": ("change.*",),
    "kit": (*ALL_HERE, "!*.aside"),
    "nobody": (),
    "fay": ("far.*", "!far.sign_in"),
    "fitz": ("far.sign_in",),
    "tam": ("third.*", "!third.sign_in"),
    STRANGER: (),
}


def canary(name: str) -> str:
    """The word planted for `THING.PART`: found whatever happens to capitals or to what stands beside it."""
    return f"zq{name.replace('.', '0').replace('_', '1')}xq"


@dataclass
class World:
    """What was planted: ids by name, and the words."""

    store: Any
    here: str
    elsewhere: dict[str, str]
    people: dict[str, str] = field(default_factory=dict)
    ids: dict[str, dict[str, str]] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    now: datetime = BEGAN

    def word(self, name: str) -> str:
        made = canary(name)
        self.words[made.lower()] = name
        return made

    def may_meet(self, who: str, name: str) -> bool:
        """The oracle: whether this person may meet the canary of this name."""
        plane = ".".join(name.split(".")[:2])
        if plane == "people.authority":
            # Whoever comes to the door reads whose service this is.
            return who not in FAR
        if plane in ("people.name", "people.team"):
            return who not in (*FAR, STRANGER)
        for place, folk in AWAY.items():
            names = (f"{place}.name.team", *(f"{place}.name.{one}" for one in folk))
            if name == f"{place}.name" or name in names:
                return who in folk
        rules = SEES[who]
        named = any(fnmatchcase(plane, rule) for rule in rules if not rule.startswith("!"))
        return named and not any(fnmatchcase(plane, rule[1:]) for rule in rules if rule.startswith("!"))

    def may_see(self, who: str, kind: str, thing: str) -> bool:
        """Whether the page of a planted thing is there for this person."""
        record, _, part = thing.partition(".")
        match kind:
            case "action":
                return self.may_meet(who, f"{record}.action")
            case "record" | "case" | "task":
                return self.may_meet(who, f"{record}.name")
            case "submission" | "file":
                return self.may_meet(who, f"{record}.{'school' if part == 'school' else 'form'}")
            case "query":
                # One asked at a guarded answer is for those who see the answer.
                return self.may_meet(who, f"{record}.{'apart' if part else 'query'}")
            case "link" | "aside":
                return self.may_meet(who, f"{record}.{kind}")
            case "person" | "team":
                place = PLACE_OF.get(thing, thing if thing in AWAY else "here")
                return who == {"here": "adam", "far": "fitz"}.get(place)
            case "kept" | "unsaved":
                return who == thing
            case "proposal":
                return who == "dora"
            case "note":
                # Only whoever wrote it may change it.
                return who == BOSS.get(record, "mia")
            case "marker":
                return self.may_meet(who, f"{record}.name") and who in (
                    "anna",
                    "ben",
                    "mia",
                    "noor",
                    *BOSS.values(),
                )
            case "hold":
                return self.may_meet(who, f"{record}.name") and who in ("mia", "noor", "kit", *BOSS.values())
            case "notification":
                return who == record or who in ("anna", "ben", "cara", "dan", "mia", "noor")
        return False

    @contextmanager
    def desk(self, who: str | None, *, place: str = "here") -> Any:
        self.now += timedelta(minutes=1)
        person: Any = self.people[who] if who else SYSTEM
        stands = PLACE_OF.get(who or "", place)
        with self.store.desk(self.elsewhere.get(stands, self.here), person, now=self.now) as desk:
            yield desk

    def put(self, kind: str, name: str, id: str) -> str:
        self.ids.setdefault(kind, {})[name] = id
        return id


def plant(store: Store) -> World:
    """All authorities with everything in them."""
    here = authorities.found(store, f"Quay {canary('people.authority')}", now=BEGAN)
    elsewhere = {
        place: authorities.found(
            store, f"{place.title()} {canary(f'{place}.name')}", now=BEGAN, address=HOSTS[place]
        )
        for place in AWAY
    }
    world = World(store, here, elsewhere)
    world.word("people.authority")
    workspace = engine.load(QUAY)
    for place in ("here", *AWAY):
        away = place in AWAY
        secret = world.word(f"{place}.sign_in" if away else "sign_in")
        if away:
            world.word(f"{place}.name")
        with world.desk(None, place=place) as desk:
            stacks.publish(desk, workspace.pack(PACKS[place]))
            for who, roles in ROLES.items():
                if PLACE_OF.get(who, "here") == place:
                    shown = world.word(f"{place if away else 'people'}.name.{who}")
                    made = people.add(
                        desk, f"{who.title()} {shown}", f"{who}@{secret}", password=PASSWORD, roles=roles
                    )
                    world.put("person", who, made.id)
                    world.people[who] = made.id
            team = people.add_team(
                desk, f"North {world.word(f'{place}.name.team' if away else 'people.team')}"
            )
            world.put("team", place if away else "north", team.id)
            for who in () if away else ("anna", "cara"):
                people.add_to_team(desk, world.people[who], team.id)
    _contexts(world)
    for child, worker in (("c1", "anna"), ("c2", "ben"), ("c3", "anna"), ("c4", "carl")):
        _child(world, child, worker)
    for place, boss in BOSS.items():
        _child(world, place, boss)
    _work(world)
    for place, boss in BOSS.items():
        _work_elsewhere(world, place, boss)
    for who in ("anna", "mia"):
        # Each typed a note about the same child, and saved none.
        about = world.ids["record"]["c1"]
        sheet = Sheet(ids.new(), about, f"/records/{about}/notes#typed-form")
        with world.desk(who) as desk:
            unsaved.keep(desk, sheet, {"text": [f"Typed {world.word(f'unsaved.{who}')}"]}, 1)
        world.put("unsaved", who, sheet.id)
    with world.desk("dora") as desk:
        made_change = proposals.begin(desk, f"Plain words {world.word('change.why')}")
        file = {"form_definitions/quay/more.yaml": f"# {world.word('change.file')}\n"}
        proposals.put(desk, made_change.id, 1, file, proposals.Judged(made_change.base, {"ok": False}))
        world.put("proposal", "change", made_change.id)
    return world


def fields_of(world: World, thing: str, kind: str) -> dict[str, Any]:
    word = world.word
    if kind == "child":
        return {
            "first_name": "Robin", "last_name": word(f"{thing}.name"), "living_with": word(f"{thing}.lives"),
            "address": word(f"{thing}.apart.address"), "born": "2011-05-01",
        }  # fmt: skip
    if kind == "group":
        return {
            "area": word(f"{thing}.name"),
            "background": word(f"{thing}.background"),
            "apart": word(f"{thing}.apart.field"),
        }
    return {"place_name": word(f"{thing}.name"), "told": word(f"{thing}.told")}


def _contexts(world: World) -> None:
    for thing, kind, by in (("g1", "group", "mia"), ("g2", "group", "anna"), ("p1", "place", "mia")):
        with world.desk(by) as desk:
            made = records.create(desk, kind, fields_of(world, thing, kind)).id
        world.put("record", thing, made)
        with world.desk("mia") as desk:
            world.put("note", thing, notes.add(desk, made, world.word(f"{thing}.note")).id)
            actions.open(
                desk, made, world.word(f"{thing}.action"), owner=world.word(f"{thing}.action.owner"),
                progress=world.word(f"{thing}.action.progress"), measure=world.word(f"{thing}.action.measure"),
            )  # fmt: skip
            case = cases.start(desk, "looking", record=made)
            world.put("case", f"{thing}.case", case.id)
            draft = submissions.open_draft(desk, "look", record=made, case=case.id)
            world.put("submission", f"{thing}.form", draft.id)
            answers = {"seen": word_of(world, thing, "form.look"), "apart": world.word(f"{thing}.apart.look")}
            submissions.save(desk, draft.id, answers, revision=draft.revision)
    with world.desk("mia") as desk:
        there = cases.get(desk, world.ids["case"]["g2.case"])
        reason = world.word("g2.reason")
        cases.fire(desk, there.id, "leave", revision=there.revision, reason=reason)


def word_of(world: World, thing: str, part: str) -> str:
    return world.word(f"{thing}.{part}")


def _child(world: World, child: str, by: str) -> None:
    with world.desk(by) as desk:
        number = world.word(f"{child}.number")
        made = records.create(
            desk, "child", fields_of(world, child, "child"), identifiers=[Outside("local_id", number)]
        )
        world.put("record", child, made.id)
    with world.desk(BOSS.get(child, "mia")) as desk:
        world.put("note", child, notes.add(desk, made.id, world.word(f"{child}.note")).id)
        asked = tasks.add(desk, made.id, world.word(f"{child}.task"))
        world.put("task", child, asked.id)
        opened = markers.open(desk, made.id, "concerns", "exploited", since=date(2025, 12, 1))
        markers.end(desk, opened.id, why=world.word(f"{child}.marker"))
        world.put("marker", child, markers.open(desk, made.id, "concerns", "missing").id)
        held = keeping.hold(desk, made.id, world.word(f"{child}.hold"), date(2027, 1, 1))
        world.put("hold", child, held.id)
        actions.open(
            desk, made.id, world.word(f"{child}.action"), owner=world.word(f"{child}.action.owner"),
            progress=world.word(f"{child}.action.progress"),
        )  # fmt: skip
        # Agreed with Anna by name, whether or not she may see the child.
        anna = world.ids["person"]["anna"]
        owner = people.names(desk, [anna]).get(anna)
        mine = actions.open(desk, made.id, world.word(f"{child}.action"), owner=owner, due=date(2026, 1, 9))
        world.put("action", child, mine.id)


def worry_of(world: World, child: str, *, place: str, group: str) -> dict[str, Any]:
    """Answers to every question of the form, a canary wherever words go."""
    word = world.word
    return {
        "story": word(f"{child}.form.story"),
        "friends": word(f"{child}.form.friends"),
        "apart": word(f"{child}.apart.worry"),
        "apart_since": "2025-12-24",
        "apart_more": word(f"{child}.apart.more"),
        "harms": ["inside", "other"],
        "harms.other": word(f"{child}.form.other"),
        "concerns": ["missing"],
        "places": [
            {"_row": "0" * 31 + "1", "spot": place, "detail": word(f"{child}.form.row"),
             "apart_detail": word(f"{child}.apart.row")},
        ],
        "framework": {
            "home": {"worried": word(f"{child}.form.cell"), "apart_column": word(f"{child}.apart.cell")}
        },
        "groups": [group],
    }  # fmt: skip


def _sent_back(world: World, desk: Any, sent: str, case: str) -> None:
    """Sent back with comments, at guarded questions too; answered, and sent again."""
    said = {
        "story": world.word("c2.form.comment"),
        "apart": world.word("c2.apart.comment"),
        f"places.{'0' * 31}1.apart_detail": world.word("c2.apart.comment_row"),
        "framework.home.apart_column": world.word("c2.apart.comment_cell"),
    }
    ready = commenting.ready(desk, sent, said)
    assert ready is not None
    now = cases.get(desk, case)
    cases.fire(desk, case, "send_back", revision=now.revision, reason=world.word("c2.reason"))
    commenting.put(desk, ready)
    again = submissions.open_draft(desk, "worry", record=now.record, case=case)
    world.put("submission", "c2.form.again", again.id)
    asked = {one.question: one.id for one in commenting.asked(desk, again.id)}
    assert len(asked) == len(said)
    commenting.answer(desk, again.id, {asked["apart"]: (world.word("c2.apart.reply"), True)})
    commenting.answer(desk, again.id, {asked["story"]: (world.word("c2.form.reply"), False)})
    submissions.submit(desk, again.id, revision=again.revision)


def _work(world: World) -> None:
    """Cases of each child at another point of its way, with drafts, revisions, reasons and texts set aside."""
    ids, word = world.ids, world.word
    for child, worker in (("c1", "anna"), ("c2", "ben"), ("c3", "anna")):
        with world.desk("mia") as desk:
            purpose = word(f"{child}.link")
            world.put(
                "link", child, links.add(desk, ids["record"][child], ids["record"]["g1"], purpose=purpose).id
            )
            case = cases.start(desk, "worries", record=ids["record"][child])
            world.put("case", f"{child}.case", case.id)
            cases.assign(desk, case.id, person=world.people[worker], role="worker")
            if child == "c2":
                cases.assign(desk, case.id, person=world.people["rhys"], role="reviewer")
            draft = submissions.open_draft(desk, "worry", record=ids["record"][child], case=case.id)
            world.put("submission", f"{child}.form", draft.id)
            answers = worry_of(world, child, place=ids["record"]["p1"], group=ids["record"]["g1"])
            answers["who_knows"] = world.people["cara"]
            older = {**answers, "story": word(f"{child}.form.older"), "apart": word(f"{child}.apart.older")}
            draft = submissions.save(desk, draft.id, older, revision=draft.revision)
            unread = {"a.apart_since.day": [word(f"{child}.apart.unread")], "a.apart_since.month": ["x"]}
            draft = submissions.save(desk, draft.id, answers, revision=draft.revision, raw=unread)
        with world.desk("mia") as desk:
            about = {"case": case.id, "person": world.people[worker]}
            asked = queries.ask(desk, ids["record"][child], word(f"{child}.query"), **about)
            world.put("query", child, asked.id)
            queries.answer(desk, asked.id, word(f"{child}.query.answer"), revision=asked.revision)
            guarded = queries.ask(
                desk, ids["record"][child], word(f"{child}.apart.query"), **about, submission=draft.id,
                question="apart",
            )  # fmt: skip
            world.put("query", f"{child}.apart", guarded.id)
    # c3 stays as it is and is restricted; c1 and c2 are sent, and c1 is decided.
    with world.desk("mia") as desk:
        restricting.restrict(
            desk, ids["record"]["c3"], reason=f"Nobody may know {word('c3.restriction')}",
            review_on=date(2027, 1, 1), only=[world.people["mia"]],
        )  # fmt: skip
    for child in ("c1", "c2"):
        with world.desk("mia") as desk:
            draft = submissions.get(desk, ids["submission"][f"{child}.form"])
            if child == "c2":
                # What was typed and never understood may wait in a draft only.
                second = submissions.open_draft(desk, "worry", record=ids["record"]["c2"])
                world.put("submission", "c2.form.loose", second.id)
                loose = {"story": word("c2.form.loose"), "apart": word("c2.apart.loose")}
                submissions.save(desk, second.id, loose, revision=second.revision)
            submissions.save(desk, draft.id, draft.answers, revision=draft.revision, raw={})
            draft = submissions.get(desk, draft.id)
            submissions.submit(desk, draft.id, revision=draft.revision)
            case = ids["case"][f"{child}.case"]
            if child == "c2":
                _sent_back(world, desk, draft.id, case)
            school = next(one for one in submissions.of_case(desk, case) if one.form == "school_view")
            world.put("submission", f"{child}.school", school.id)
        with world.desk("tess") as desk:
            seen = {"seen": word(f"{child}.school.seen")}
            submissions.save(desk, school.id, seen, revision=school.revision)
        with world.desk("mia") as desk:
            made = submissions.open_draft(desk, "decision", record=ids["record"][child], case=case)
            world.put("submission", f"{child}.form.decision", made.id)
            content = word(f"{child}.form.file").encode()
            file = uploads.add(desk, made.id, "papers", f"{word(f'{child}.form.file_name')}.txt", content)
            world.put("file", f"{child}.form.decision", file.id)
            answers = {"outcome": "accept", "why": word(f"{child}.form.why"), "papers": [file.id]}
            made = submissions.save(desk, made.id, answers, revision=made.revision)
            if child == "c1":
                submissions.submit(desk, made.id, revision=made.revision)
                now = cases.get(desk, case)
                cases.fire(desk, case, "decide", revision=now.revision, reason=word("c1.reason"))
                plan = submissions.open_draft(desk, "plan", record=ids["record"]["c1"], case=case)
                world.put("submission", "c1.form.plan", plan.id)
                row = {"_row": "0" * 31 + "2", "what": word("c1.form.what"), "owner": word("c1.form.owner")}
                answers = {**plan.answers, "agreed": [row], "hope": word("c1.form.hope")}
                submissions.save(desk, plan.id, answers, revision=plan.revision)
    try:
        with world.desk("mia") as desk:
            submissions.save(desk, plan.id, {"hope": word("c1.aside.mia")}, revision=1)
    except Stale as stale:
        world.put("aside", "c1.aside", str(stale.aside))
    for who in ROLES:
        if who in FAR:
            continue
        with world.desk(who) as desk:
            for number, one in enumerate(tasks.notifications(desk)):
                world.put("notification", f"{who}.{number}", one.id)


def _work_elsewhere(world: World, place: str, boss: str) -> None:
    ids = world.ids
    with world.desk(boss) as desk:
        group = records.create(
            desk, "group", {"area": world.word(f"{place}.group"), "apart": world.word(f"{place}.apart")}
        )
        world.put("record", f"{place}.group", group.id)
        purpose = world.word(f"{place}.link")
        world.put("link", place, links.add(desk, ids["record"][place], group.id, purpose=purpose).id)
        case = cases.start(desk, "worries", record=ids["record"][place])
        world.put("case", f"{place}.case", case.id)
        draft = submissions.open_draft(desk, "worry", record=ids["record"][place], case=case.id)
        world.put("submission", f"{place}.form", draft.id)
        answers = worry_of(world, place, place=group.id, group=group.id)
        answers["places"][0].pop("spot")
        submissions.save(desk, draft.id, answers, revision=draft.revision)


def denied(world: World, who: str, text: str) -> Iterable[str]:
    """Names of the canaries in `text` that this person may not meet."""
    lowered = text.lower()
    if "zq" not in lowered:
        return ()
    # Only words that were planted: a token's random letters may look like one.
    return sorted(
        name for word, name in world.words.items() if word in lowered and not world.may_meet(who, name)
    )
