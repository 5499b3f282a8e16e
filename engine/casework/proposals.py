"""Changes to definitions, from the files that somebody brings to the stack that is live: proposed by one person, made
live by another.

A proposal is kept as its difference from the stack it was made against. Nobody who had a hand in one decides on it;
that is looked at in the transaction that decides. Judging and loading take seconds, so callers do them between two
desks and say by hash what they judged. Must not know how files are read or judged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select, true, update

from engine import packs
from engine.casework import access, audit, ids, once, stacks
from engine.casework.errors import CaseworkError, NeedsWidening, NotFound
from engine.casework.store import Desk
from engine.casework.tables import authority, live_stack, proposal
from engine.casework.texts import fit_within, line
from engine.language.saying import say
from engine.packs import offering

OPEN = ("draft", "proposed", "agreed")
LONGEST_WHY = 2_000
_MOST = f"{LONGEST_WHY:,}"


class ProposalRefused(CaseworkError):
    """A proposal cannot be moved on like this. The text says why and what to do."""


class ProposalMoved(ProposalRefused):
    """Somebody changed the proposal after it was looked at."""

    def __init__(self) -> None:
        super().__init__(
            "This proposal was changed after you opened this page. Nothing was done: look at it as it is now."
        )


class SamePerson(ProposalRefused):
    """Whoever had a hand in a proposal does not decide on it."""

    def __init__(self) -> None:
        super().__init__(
            "You had a hand in this change, so somebody else has to look at it and make it live. "
            "Anybody else who looks after forms and workflows can."
        )


@dataclass(frozen=True, slots=True)
class Proposal:
    """One proposed change. `stale` says that something else was made live since it was made or last looked at."""

    id: str
    number: int
    state: str
    why: str
    base: str
    earlier: str | None
    files: Mapping[str, str | None]
    hash: str | None
    version: str | None
    report: Mapping[str, Any]
    authors: tuple[str, ...]
    made_by: str | None
    made_at: datetime
    changed_at: datetime
    proposed_by: str | None
    proposed_at: datetime | None
    decided_by: str | None
    decided_at: datetime | None
    reason: str | None
    revision: int
    stale: bool

    @property
    def open(self) -> bool:
        return self.state in OPEN

    @property
    def sound(self) -> bool:
        return bool(self.report.get("ok")) and self.hash is not None


@dataclass(frozen=True, slots=True)
class Judged:
    """What judging said of a proposal's texts: over which live stack, with what result."""

    base: str
    report: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Live:
    """One stack in the history of what was live."""

    number: int
    hash: str
    version: str
    published_by: str | None
    published_at: datetime


# --- Making one


def begin(desk: Desk, why: str, *, earlier: str | None = None, key: str | None = None) -> Proposal:
    """A new draft over what is live now; with `earlier`, to make that stack live again."""
    access.require_job(desk, "definitions")
    if (done := once.before(desk, key, "proposal")) is not None:
        return get(desk, done)
    _in_turn(desk)
    live = stacks.live(desk)
    if earlier is not None and earlier not in {one.hash for one in history(desk)}:
        raise NotFound("stack")
    if earlier == live.hash:
        raise ProposalRefused("That is what is live now.")
    last = desk.run(
        select(func.max(proposal.c.number)).where(proposal.c.authority == desk.authority)
    ).scalar()
    number = (last or 0) + 1
    made = ids.new()
    row: dict[str, Any] = {
        "authority": desk.authority, "id": made, "number": number, "state": "draft", "why": _why(why),
        "base": live.hash, "earlier": earlier, "files": {}, "report": {}, "authors": [desk.person],
        "made_by": desk.person, "made_at": desk.now, "changed_at": desk.now, "revision": 1,
    }  # fmt: skip
    desk.run(proposal.insert(), row)
    audit.did(desk, "proposal.begun", proposal=made, number=number, stack=live.hash, earlier=earlier)
    once.after(desk, key, "proposal", made)
    return get(desk, made)


def put(desk: Desk, id: str, revision: int, files: Mapping[str, str | None], judged: Judged) -> Proposal:
    """Bring files into a draft, or take them out of it; whoever does becomes one of its authors."""
    found = _mine_to_change(desk, id, revision)
    if found.earlier is not None:
        raise ProposalRefused(
            "This makes an earlier version live again. Load files into a change of their own."
        )
    authors = list(dict.fromkeys((*found.authors, desk.person)))
    _save(desk, found, files=dict(files), authors=authors, **_judgement(judged))
    audit.did(desk, "proposal.files", proposal=id, number=found.number, stack=judged.report.get("hash"))
    return get(desk, id)


def look_again(desk: Desk, id: str, revision: int, judged: Judged) -> Proposal:
    """Note what judging says of a proposal over what is live now. It has to be proposed anew."""
    found = _open(desk, id, revision)
    if judged.base != stacks.live(desk).hash:
        raise ProposalMoved()
    _save(desk, found, state="draft", proposed_by=None, proposed_at=None, decided_by=None, decided_at=None,
          **_judgement(judged))  # fmt: skip
    audit.did(
        desk, "proposal.looked_at_again", proposal=id, number=found.number, stack=judged.report.get("hash")
    )
    return get(desk, id)


def offer(desk: Desk, id: str, revision: int, why: str) -> Proposal:
    """Ask a second person to make it live. Raises ProposalRefused while it has errors, changes nothing or is stale."""
    found = _mine_to_change(desk, id, revision)
    if not found.sound:
        raise ProposalRefused("Put right what was found first. A change with errors cannot be proposed.")
    if found.stale:
        raise ProposalRefused(_STALE)
    if found.hash == found.base or not found.report.get("differences"):
        raise ProposalRefused("This changes nothing that is live, so there is nothing to propose.")
    authors = list(dict.fromkeys((*found.authors, desk.person)))
    _save(desk, found, state="proposed", why=_why(why), proposed_by=desk.person, proposed_at=desk.now,
          authors=authors)  # fmt: skip
    audit.did(desk, "proposal.proposed", proposal=id, number=found.number, stack=found.hash)
    return get(desk, id)


# --- Deciding on one


def withdraw(desk: Desk, id: str, revision: int) -> None:
    """Take it back: for those who had a hand in it."""
    found = _open(desk, id, revision)
    if desk.person not in found.authors:
        raise ProposalRefused(
            "Only those who made this change can take it back. You can refuse it, with a reason."
        )
    _save(desk, found, state="withdrawn", decided_by=desk.person, decided_at=desk.now)
    audit.did(desk, "proposal.withdrawn", proposal=id, number=found.number)


def refuse(desk: Desk, id: str, revision: int, reason: str) -> None:
    """Say no, and why: for a second person."""
    found = _to_decide(desk, id, revision, ("proposed", "agreed"))
    reason = line(reason)
    if not reason:
        raise ProposalRefused("Say why, so that whoever proposed it knows what to do.")
    if len(reason) > LONGEST_WHY:
        raise ProposalRefused(
            say("The reason is longer than %(number)s characters. Shorten it.", number=_MOST)
        )
    _save(desk, found, state="refused", reason=reason, decided_by=desk.person, decided_at=desk.now)
    audit.did(desk, "proposal.refused", proposal=id, number=found.number)


def may_decide(desk: Desk, found: Proposal) -> None:
    """Raise SamePerson for whoever had a hand in it, before anything is loaded for deciding."""
    if same_hand(desk, found):
        raise SamePerson()


def same_hand(desk: Desk, found: Proposal) -> bool:
    """Whether the person at the desk had a hand in it. The system is nobody, and decides nothing."""
    return desk.system or desk.person in {*found.authors, found.made_by, found.proposed_by}


def agree(desk: Desk, id: str, revision: int, pack: packs.Pack) -> str:
    """A second person makes it live; returns the state it is in then.

    `pack` is what was loaded from the proposal's texts, and must be what was looked at. Where the database needs
    columns that this process may not make, it stays `agreed` until the publishing step has carried it out.
    """
    found = _to_decide(desk, id, revision, ("proposed",))
    _still_good(desk, found, pack)
    _save(desk, found, state="agreed", decided_by=desk.person, decided_at=desk.now)
    audit.did(desk, "proposal.agreed", proposal=id, number=found.number, stack=found.hash)
    try:
        return carry_out(desk, id, pack)
    except NeedsWidening:
        return "agreed"


def carry_out(desk: Desk, id: str, pack: packs.Pack) -> str:
    """Publish what a second person agreed to, as that person. Raises NeedsWidening where columns must be made first."""
    found = _locked(desk, id)
    if found.state != "agreed" or desk.person != found.decided_by or same_hand(desk, found):
        raise ProposalRefused("This was not agreed to, so it cannot be made live.")
    _still_good(desk, found, pack)
    stacks.publish(desk, pack)
    _save(desk, found, state="live")
    audit.did(desk, "proposal.live", proposal=id, number=found.number, stack=found.hash)
    return "live"


# --- Reading


def get(desk: Desk, id: str) -> Proposal:
    """One proposal. Raises NotFound also for whoever does not look after definitions."""
    if not access.manages(desk, "definitions"):
        raise NotFound("proposal")
    for found in _proposals(desk, proposal.c.id == ids.known(id, "proposal")):
        return found
    raise NotFound("proposal")


def every(desk: Desk) -> list[Proposal]:
    """All proposals, the newest first."""
    if not access.manages(desk, "definitions"):
        raise NotFound("proposal")
    return _proposals(desk, true())[::-1]


def agreed(desk: Desk) -> list[Proposal]:
    """What second persons agreed to and is not live yet: for the publishing step."""
    return _proposals(desk, proposal.c.state == "agreed")


def texts(desk: Desk, found: Proposal, files: Mapping[str, str | None] | None = None) -> dict[str, str]:
    """Every file of the stack that a proposal would make over what is live now, each by its path.

    With `files`, as it would be with these in the place of its own.
    """
    live = stacks.live(desk)
    if found.earlier is not None:
        return dict(stacks.pinned(desk, found.earlier).texts)
    made = offering.applied(live.texts, found.files if files is None else files)
    if made == live.texts:
        return made
    return offering.numbered(made, live.id, live.version, found.number)


def undone(desk: Desk, found: Proposal) -> list[str]:
    """Files of a stale proposal in which something else was made live meanwhile, which it would undo."""
    if not found.stale or found.earlier is not None:
        return []
    before, live = stacks.pinned(desk, found.base).texts, stacks.live(desk).texts
    return [path for path in found.files if before.get(path) != live.get(path)]


def history(desk: Desk) -> list[Live]:
    """What was live and is, the newest first."""
    mine = (
        select(live_stack)
        .where(live_stack.c.authority == desk.authority)
        .order_by(live_stack.c.number.desc())
    )
    return [
        Live(row.number, row.hash, row.version, row.published_by, row.published_at) for row in desk.rows(mine)
    ]


# --- What all of them look at

_STALE = (
    "Something else was made live since this was looked at. Look at it again over what is live now, and propose it "
    "anew."
)


def _mine_to_change(desk: Desk, id: str, revision: int) -> Proposal:
    found = _open(desk, id, revision)
    if found.state != "draft":
        raise ProposalRefused(
            "This is with a second person. Take it back to change it, or load files into a new change."
        )
    return found


def _to_decide(desk: Desk, id: str, revision: int, states: tuple[str, ...]) -> Proposal:
    found = _open(desk, id, revision)
    if found.state not in states:
        raise ProposalRefused("This is not proposed, so there is nothing to decide.")
    may_decide(desk, found)
    return found


def _still_good(desk: Desk, found: Proposal, pack: packs.Pack) -> None:
    if found.base != stacks.live(desk).hash:
        raise ProposalRefused(_STALE)
    if not found.sound or pack.hash != found.hash:
        raise ProposalMoved()


def _open(desk: Desk, id: str, revision: int) -> Proposal:
    found = _locked(desk, id)
    if found.revision != revision:
        raise ProposalMoved()
    if not found.open:
        raise ProposalRefused("This was decided already. Nothing was done.")
    return found


def _locked(desk: Desk, id: str) -> Proposal:
    _in_turn(desk)
    return get(desk, id)


def _in_turn(desk: Desk) -> None:
    """One change to an authority's proposals at a time: what is live must not move while somebody decides.

    Which definitions are live may have been asked before the wait, and is asked again.
    """
    desk.run(select(authority.c.id).where(authority.c.id == desk.authority).with_for_update())
    desk.forget_stack()


def _proposals(desk: Desk, which: ColumnElement[bool]) -> list[Proposal]:
    live = stacks.live(desk).hash
    mine = select(proposal).where(proposal.c.authority == desk.authority, which)
    return [_proposal(row, live) for row in desk.rows(mine.order_by(proposal.c.number))]


def _proposal(row: Any, live: str) -> Proposal:
    values = {name: getattr(row, name) for name in Proposal.__slots__ if name != "stale"}
    values["authors"] = tuple(row.authors)
    return Proposal(**values, stale=row.state in OPEN and row.base != live)


def _judgement(judged: Judged) -> dict[str, Any]:
    report = judged.report
    return {
        "base": judged.base,
        "report": fit_within(report),
        "hash": report.get("hash") or None,
        "version": report.get("version") or None,
    }


def _save(desk: Desk, found: Proposal, **values: Any) -> None:
    changed = {**values, "revision": found.revision + 1, "changed_at": desk.now}
    mine = (proposal.c.authority == desk.authority) & (proposal.c.id == found.id)
    desk.run(update(proposal).where(mine).values(changed))


def _why(text: str) -> str:
    told = line(text)
    if not told:
        raise ProposalRefused("Say in a few words what this change is for.")
    if len(told) > LONGEST_WHY:
        raise ProposalRefused(
            say("What it is for is longer than %(number)s characters. Shorten it.", number=_MOST)
        )
    return told
