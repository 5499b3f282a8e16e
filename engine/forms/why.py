"""Why a question is as it is: shown, hidden, required, advised, calculated – in words, from the evaluation itself.

Runs the same closures over the same values that decided. Must not know pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine import expressions
from engine.expressions.changing_words import value_said
from engine.expressions.given import name_of_world
from engine.expressions.why import Answer
from engine.expressions.why import Why as Reasons
from engine.expressions.why import explain as explained
from engine.expressions.words import words
from engine.forms.otherwise import MaySee, Otherwise, Part, Standing, otherwise
from engine.forms.plan import Condition, Leaf, Rows, SectionPlan
from engine.forms.working import Row
from engine.language.saying import later, say
from engine.questions import Context

if TYPE_CHECKING:
    from engine.forms.evaluation import Evaluation

_IN_LIST = re.compile(r"([a-z0-9_]+)\[([0-9]+)\](?:\.(.+))?")


@dataclass(frozen=True, slots=True)
class Why:
    """How a part of a form stands, and the sentences that say why.

    `missing` are the names of answers whose absence left something undecided; `otherwise` is the least change that
    would alter each thing that a condition decides about it.
    """

    path: str
    shown: bool
    required: bool
    advised: bool
    sentences: tuple[str, ...]
    missing: tuple[str, ...] = ()
    otherwise: tuple[Otherwise, ...] = ()

    def __str__(self) -> str:
        return " ".join(self.sentences)

    def told(self) -> tuple[str, ...]:
        """All sentences: why it is so, and what would alter it."""
        return (*self.sentences, *dict.fromkeys(map(str, self.otherwise)))

    def json(self) -> dict[str, Any]:
        return {
            "path": self.path,
            "shown": self.shown,
            "required": self.required,
            "advised": self.advised,
            "sentences": list(self.sentences),
            "missing": list(self.missing),
            "otherwise": [one.json() for one in self.otherwise],
        }


@dataclass(frozen=True, slots=True)
class _Spot:
    """What a path leads to, from the outside in."""

    section: SectionPlan
    rows: Rows | None = None
    row: Row | None = None
    leaf: Leaf | None = None


def explain(evaluation: Evaluation, path: str, may_see: MaySee | None = None) -> Why:
    """Why the part at `path` is as it is. Raises KeyError if the form has no such part.

    `may_see` says of a name, as conditions write it out, whether its answer may be told. Where one that may not
    counts, neither its value nor what else decided beside it is told, since either would give it away.
    """
    spot = _find(evaluation, path)
    telling = _Telling(evaluation, path, may_see)
    sentences = tuple(telling.sentences(spot))
    now = Standing(
        path in evaluation.shown,
        path in evaluation.required,
        path in evaluation.advised,
        any(one.question == path and one.code == "valid_if" for one in evaluation.problems),
    )
    part = Part(path, tuple(_gates(spot)), spot.leaf, spot.rows, spot.row)
    return Why(
        path,
        shown=path in evaluation.shown,
        required=path in evaluation.required,
        advised=path in evaluation.advised,
        sentences=sentences,
        missing=tuple(dict.fromkeys(telling.missing)),
        otherwise=tuple(otherwise(evaluation.working, part, now, may_see)),
    )


def awaited(evaluation: Evaluation, path: str, may_see: MaySee | None = None) -> tuple[str, ...]:
    """The names of answers that are not given yet and on which hangs whether a hidden section or question is shown.

    None of a condition that reads what may not be told. Raises KeyError if the form has no such part.
    """
    spot = _find(evaluation, path)
    telling = _Telling(evaluation, path, may_see)
    tuple(telling.sentences(spot))
    found = telling.missing
    if spot.leaf is None and spot.section.show is None:
        for item in spot.section.items:
            leaf = item if isinstance(item, Leaf) else item.leaf
            if leaf.id not in evaluation.shown:
                found += awaited(evaluation, leaf.id, may_see)
    return tuple(dict.fromkeys(found))


def _gates(spot: _Spot) -> Iterator[Condition]:
    """The conditions under which a part is shown, from the outermost."""
    around = spot.rows.leaf.show if spot.rows is not None and spot.leaf is not spot.rows.leaf else None
    own = spot.leaf.show if spot.leaf is not None else None
    yield from (one for one in (spot.section.show, around, own) if one is not None)


def _find(evaluation: Evaluation, path: str) -> _Spot:
    found = _IN_LIST.fullmatch(path)
    head, index, tail = (found[1], int(found[2]), found[3]) if found else (path.split(".")[0], None, None)
    for section in evaluation.plan.sections:
        if path == section.id:
            return _Spot(section)
        item = next((one for one in section.items if one.id == head), None)
        if isinstance(item, Leaf) and path == head:
            return _Spot(section, leaf=item)
        if isinstance(item, Rows):
            return _in_rows(evaluation, section, item, path, index, tail)
    raise KeyError(path)


def _in_rows(
    evaluation: Evaluation, section: SectionPlan, rows: Rows, path: str, index: int | None, tail: str | None
) -> _Spot:
    if path == rows.id:
        return _Spot(section, rows, leaf=rows.leaf)
    listed = evaluation.working.rows[rows.id]
    if rows.fixed is not None:
        _, key, column = path.split(".", 2) if path.count(".") >= 2 else ("", "", "")
        row = next((one for one in listed if one.key == key), None)
        if column in rows.by_id and (row is not None or any(key == row_id for row_id, _ in rows.fixed)):
            return _Spot(section, rows, row, rows.by_id[column])
    elif index is not None and index < len(listed) and tail in rows.by_id:
        return _Spot(section, rows, listed[index], rows.by_id[tail or ""])
    raise KeyError(path)


class _Telling:
    def __init__(self, evaluation: Evaluation, path: str, may_see: MaySee | None) -> None:
        self.evaluation = evaluation
        self.may_see = may_see
        self.working = evaluation.working
        self.path = path
        self.context = Context(evaluation.plan.lists)
        self.missing: list[str] = []

    def sentences(self, spot: _Spot) -> Iterator[str]:
        if spot.rows is not None and spot.row is not None:
            self.working.enter(spot.rows, spot.row)
        try:
            yield from self._shown(spot)
            if spot.leaf is not None and self.path in self.evaluation.shown:
                yield from self._calculated(spot.leaf) if spot.leaf.calculate else self._needed(spot.leaf)
                yield from self._wrong()
        finally:
            self.working.leave()

    def _shown(self, spot: _Spot) -> Iterator[str]:
        holders: list[tuple[str, Condition | None]] = [
            (say("the section ‘%(title)s’", title=spot.section.section.title), spot.section.show)
        ]
        if spot.rows is not None and spot.leaf is not spot.rows.leaf:
            holders.append((f"‘{spot.rows.leaf.question.label}’", spot.rows.leaf.show))
        for holder, condition in holders if spot.leaf is not None else ():
            if condition is not None and condition.run(self.working.top.values.get) is not True:
                hidden = say("It is hidden because %(holder)s is hidden.", holder=holder)
                yield f"{hidden} {self._unmet(condition)}"
                return
        own = spot.leaf.show if spot.leaf is not None else spot.section.show
        if own is None:
            shown = self.path in self.evaluation.shown
            yield say("It is always shown.") if shown else say("It is hidden because nothing in it is shown.")
        elif own.run(self.working.reader) is True:
            if self.path in self.evaluation.shown:
                yield self._because(
                    own,
                    "It is shown because %(reasons)s.",
                    later("It is shown because of something you may not see."),
                )
            else:
                yield say("It is hidden because nothing in it is shown.")
        else:
            yield f"{say('It is hidden.')} {self._unmet(own)}"

    def _needed(self, leaf: Leaf) -> Iterator[str]:
        question = leaf.question
        if self.path in self.evaluation.required:
            if leaf.base == "required":
                reason = question.why_required
                yield (
                    say("It is required: %(reason)s", reason=reason)
                    if reason
                    else say("It is always required while it is shown.")
                )
            elif leaf.required_if is not None:
                yield self._because(
                    leaf.required_if,
                    "It is required because %(reasons)s.",
                    later("It is required because of something you may not see."),
                )
        elif self.path in self.evaluation.advised:
            if leaf.base == "advised":
                yield say("It is asked for, and can be left blank.")
            elif leaf.advised_if is not None:
                yield self._because(
                    leaf.advised_if,
                    "It is asked for because %(reasons)s.",
                    later("It is asked for because of something you may not see."),
                )
        if leaf.required_if is not None and self.path not in self.evaluation.required:
            if self._seen(leaf.required_if):
                yield say(
                    "It would be required if %(condition)s.", condition=words(leaf.required_if.typed.tree)
                )

    def _calculated(self, leaf: Leaf) -> Iterator[str]:
        assert leaf.calculate is not None
        if not self._seen(leaf.calculate):
            yield say("It is worked out from something you may not see.")
            return
        yield say("It is worked out: %(how)s.", how=words(leaf.calculate.typed.tree))
        if leaf.calculate.run(self.working.reader) is None:
            reasons = explained(leaf.calculate.typed, self.working.reader)
            blank = self._blank(reasons)
            yield (
                say("There is no result yet, because %(reasons)s.", reasons=blank)
                if blank
                else say("There is no result yet.")
            )

    def _wrong(self) -> Iterator[str]:
        for problem in self.evaluation.problems:
            if problem.question == self.path:
                yield say("It is refused: %(problem)s.", problem=problem.message.rstrip("."))

    def _seen(self, condition: Condition) -> bool:
        """Whether the reader may see every answer that counts here."""
        return self.may_see is None or all(map(self.may_see, condition.reads))

    def _because(self, condition: Condition, told: str, unseen: str) -> str:
        if not self._seen(condition):
            return say(unseen)
        reasons = explained(condition.typed, self.working.reader)
        return say(told, reasons=_joined(one.text for one in _deepest(reasons)))

    def _unmet(self, condition: Condition) -> str:
        """What a condition wants, and which answers it met instead."""
        if not self._seen(condition):
            return say("Whether it is shown depends on something you may not see.")
        reasons = explained(condition.typed, self.working.reader)
        self._blank(reasons)
        met = [self._met(answer) for answer in reasons.decisive()]
        wanted = words(condition.typed.tree)
        if not met:
            return say("It is shown only if %(condition)s.", condition=wanted)
        return say("It is shown only if %(condition)s; now %(met)s.", condition=wanted, met=_joined(met))

    def _blank(self, reasons: Reasons) -> str:
        blank = [answer for answer in reasons.decisive() if answer.value is None]
        self.missing += [answer.name for answer in blank]
        return _joined(say("%(value)s is not answered", value=f"“{one.label or one.name}”") for one in blank)

    def _met(self, answer: Answer) -> str:
        label = f"“{answer.label or answer.name}”"
        if answer.value is None:
            return say("%(value)s is not answered", value=label)
        return say("%(value)s is %(options)s", value=label, options=self._said(answer))

    def _said(self, answer: Answer) -> str:
        leaf = self._leaf(answer.name)
        if leaf is None:
            return self._beyond(answer)
        if leaf.type.name in ("record_link", "staff"):
            return say("answered")
        text = leaf.type.display(answer.value, leaf.question, self.context) or say("given")
        return f"‘{text}’" if leaf.type.takes_options else text

    def _beyond(self, answer: Answer) -> str:
        """What stands on the record or in another form, never by an id."""
        plan = self.evaluation.plan
        name = re.sub(r"\[[0-9]+\]", "", answer.name)
        found = name_of_world(expressions.StackWorld(plan.stack, plan.form.about), name)
        if found is not None and found.type.kind in ("record", "records", "thing"):
            return say("answered")
        labels = (
            {one.id: one.label for one in found.type.options.options} if found and found.type.options else {}
        )
        return value_said(answer.value, labels)

    def _leaf(self, name: str) -> Leaf | None:
        plan = self.evaluation.plan
        parts = re.sub(r"\[[0-9]+\]", "", name).split(".")
        found: Mapping[str, Leaf] = plan.leaves
        if parts[0] in plan.rows:
            found = plan.rows[parts[0]].by_id
        return found.get(parts[-1])


def _joined(told: Iterable[str]) -> str:
    return f" {say('and')} ".join(dict.fromkeys(told))


def _deepest(reasons: Reasons) -> Iterator[Reasons]:
    if not reasons.because:
        yield reasons
    for one in reasons.because:
        yield from _deepest(one)
