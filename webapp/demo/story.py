"""Tells a story of steps through casework, each by one person on one day, so that its history looks lived.

A step names who does it (`by`), how many days ago (`ago`), and one deed: `make`, `start`, `fill`, `do`, `name`,
`note`, `link`, `release` (somebody holds a case no more), `hand_over`. Things made are called by their `as` and
referred to by `$name`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from engine.casework import (
    CaseworkError,
    Desk,
    Store,
    cases,
    handing_over,
    links,
    notes,
    queries,
    records,
    submissions,
)
from engine.casework.values import Outside


class Teller:
    """Keeps what was made so far, by name."""

    def __init__(
        self,
        store: Store,
        authority: str,
        people: Mapping[str, str],
        team: str,
        now: datetime,
        left_out: list[str] | None = None,
    ) -> None:
        self._left_out = left_out
        self._store = store
        self._authority = authority
        self._people = people
        self._now = now
        self._things: dict[str, str] = {"team": team, **people}
        self._minutes = 0
        self._deeds: dict[str, Callable[[Desk, Mapping[str, Any], datetime], str | None]] = {
            "make": self._make,
            "start": self._start,
            "fill": self._fill,
            "do": self._fire,
            "name": self._name,
            "note": self._note,
            "link": self._link,
            "release": self._release,
            "hand_over": self._hand_over,
            "part": self._part,
            "ask": self._ask,
            "answer": self._answer,
        }

    def tell(self, story: Sequence[Mapping[str, Any]]) -> None:
        """Tell it step by step. A step that cannot be told stops it, or is noted where leaving out is allowed."""
        for step in story:
            # Working hours, and never two things at one moment.
            self._minutes = (self._minutes + 13) % 480
            day = self._now - timedelta(days=step.get("ago", 0))
            at = day.replace(hour=8, minute=30, second=0, microsecond=0) + timedelta(minutes=self._minutes)
            try:
                with self._store.desk(
                    self._authority, self._people[step["by"]], now=min(at, self._now)
                ) as desk:
                    self._do(desk, step, day)
            except CaseworkError as error:
                why = " ".join(str(getattr(one, "message", one)) for one in getattr(error, "problems", ()))
                if self._left_out is None:
                    raise CaseworkError(f"The story stops at {dict(step)}: {error} {why}".strip()) from error
                self._left_out.append(f"{_in_words(step)}: {error} {why}".strip())
            except LookupError as error:
                # It speaks of somebody or something that an earlier step would have made.
                if self._left_out is None:
                    raise CaseworkError(
                        f"The story stops at {dict(step)}: what it is about is not there."
                    ) from error
                self._left_out.append(f"{_in_words(step)}: what it is about is not there.")

    def _do(self, desk: Desk, step: Mapping[str, Any], day: datetime) -> None:
        deed = next(one for one in self._deeds if one in step)
        made = self._deeds[deed](desk, step, day)
        if "as" in step and made is not None:
            self._things[step["as"]] = made

    def _make(self, desk: Desk, step: Mapping[str, Any], day: datetime) -> str:
        numbers = [Outside(system, number) for system, number in step.get("numbers", {}).items()]
        fields = self._filled(step["fields"], day)
        return records.create(desk, step["make"], fields, identifiers=numbers).id

    def _start(self, desk: Desk, step: Mapping[str, Any], day: datetime) -> str:
        return cases.start(desk, step["start"], record=self._thing(step["about"])).id

    def _fill(self, desk: Desk, step: Mapping[str, Any], day: datetime) -> str:
        case = cases.get(desk, self._case(desk, step))
        draft = submissions.open_draft(desk, step["fill"], record=case.record, case=case.id)
        answers = {**draft.answers, **self._filled(step.get("answers", {}), day)}
        sends = step.get("send", True)
        # Whoever sends a form has looked at what was carried into it.
        still_right = tuple(draft.carried) if sends else ()
        saved = submissions.save(desk, draft.id, answers, revision=draft.revision, confirm=still_right)
        if sends:
            submissions.submit(desk, saved.id, revision=saved.revision)
        return draft.id

    def _fire(self, desk: Desk, step: Mapping[str, Any], day: datetime) -> None:
        case = cases.get(desk, self._case(desk, step))
        cases.fire(desk, case.id, step["do"], revision=case.revision, reason=step.get("reason"))

    def _name(self, desk: Desk, step: Mapping[str, Any], day: datetime) -> None:
        cases.assign(desk, self._case(desk, step), person=self._thing(step["name"]), role=step.get("role"))

    def _note(self, desk: Desk, step: Mapping[str, Any], day: datetime) -> None:
        notes.add(desk, self._thing(step["about"]), step["note"])

    def _link(self, desk: Desk, step: Mapping[str, Any], day: datetime) -> str:
        found = links.add(desk, self._thing(step["link"]), self._thing(step["with"]), purpose=step["purpose"])
        return found.id

    def _part(self, desk: Desk, step: Mapping[str, Any], day: datetime) -> None:
        links.end(desk, self._thing(step["part"]), why=step["why"])

    def _ask(self, desk: Desk, step: Mapping[str, Any], day: datetime) -> str:
        case = cases.get(desk, self._case(desk, step))
        due = (day + timedelta(days=step["within"])).date()
        whom = self._thing(step["of"])
        return queries.ask(desk, case.record, step["ask"], case=case.id, person=whom, due=due).id

    def _answer(self, desk: Desk, step: Mapping[str, Any], day: datetime) -> None:
        found = queries.get(desk, self._thing(step["to"]))
        queries.answer(desk, found.id, step["answer"], revision=found.revision)

    def _release(self, desk: Desk, step: Mapping[str, Any], day: datetime) -> None:
        whom = self._thing(step["release"])
        for one in cases.get(desk, self._case(desk, step)).allocated:
            if one.person == whom:
                cases.unassign(desk, one.id)

    def _hand_over(self, desk: Desk, step: Mapping[str, Any], day: datetime) -> None:
        until = (day + timedelta(days=step["days"])).date()
        of, to = self._thing(step["hand_over"]), self._thing(step["to"])
        plan = handing_over.plan(desk, of, to)
        chosen = [one.id for one in plan.goes if one.record == self._thing(step["about"])]
        handing_over.hand_over(desk, of, to, until=until, chosen=chosen)

    def _case(self, desk: Desk, step: Mapping[str, Any]) -> str:
        """The case named, or the newest open one of a workflow on a record, for those started by an effect."""
        wanted = step["in"]
        if isinstance(wanted, str):
            return self._thing(wanted)
        found = [
            one
            for one in cases.of_record(desk, self._thing(wanted["about"]))
            if one.workflow == wanted["workflow"]
        ]
        return next((one.id for one in found if one.open), found[0].id)

    def _thing(self, name: str) -> str:
        return self._things[name.removeprefix("$")]

    def _filled(self, value: Any, day: datetime) -> Any:
        """Answers with `$name` made an id, `+3` days a date, and rows given their ids."""
        if isinstance(value, Mapping):
            return {key: self._filled(inner, day) for key, inner in value.items()}
        if isinstance(value, list):
            return [
                {"_row": uuid4().hex, **self._filled(one, day)}
                if isinstance(one, Mapping)
                else self._filled(one, day)
                for one in value
            ]
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, str) and value.startswith("$") and value[1:] in self._things:
            return self._things[value[1:]]
        if isinstance(value, str) and value.startswith("day"):
            days = value.removeprefix("day").strip()
            if not days or days.lstrip("+-").isdigit():
                return (day + timedelta(days=int(days or 0))).date().isoformat()
        return value


def _in_words(step: Mapping[str, Any]) -> str:
    """A step as one line: who did what. Everything in it is invented."""
    deeds = (
        "make",
        "start",
        "fill",
        "do",
        "name",
        "note",
        "link",
        "release",
        "hand_over",
        "part",
        "ask",
        "answer",
    )
    deed = next(one for one in deeds if one in step)
    what = step[deed] if isinstance(step[deed], str) else ""
    return f"{step['by']}, {deed} {what}".strip()
