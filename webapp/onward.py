"""What can happen to a case next, in words: who may do it, what moves it on by itself, whom it waits for.

Everything is read from the machine's choices; nothing is decided here. Must not know Flask or the database.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from engine.expressions import in_words
from engine.language.model import Stack
from engine.workflow import Choice, Machine
from engine.workflow.guards import Guard
from webapp import words
from webapp.naming import form_title, role_title
from webapp.tongues import _

SAID_BY_WHO = {"role"}
# What was sent anew is not approved yet, so that saying so asks for nothing more than sending it.
SENT = re.compile(r"(?P<form>\w+) is submitted(?: and not \((?P=form) is approved\))?")


@dataclass(frozen=True, slots=True)
class Next:
    """Something that can happen next: who may, where to, and why not now. `first` is the plain way on."""

    transition: str
    label: str
    allowed: bool
    automatic: bool
    hint: str
    who: str
    to: str
    why_not: tuple[str, ...]
    allowing: tuple[str, ...] = ()
    says: str = ""
    first: bool = False


def next_lines(
    choices: Iterable[Choice],
    machine: Machine,
    stack: Stack,
    *,
    to_fill_in: bool = False,
    may_see: Callable[[str], bool] | None = None,
) -> list[Next]:
    """What can happen next, what this person may do first. While a form is to be filled in, that is the plain
    way on, and no choice is `first`. `may_see` says of what conditions read whether it may be told."""
    backwards = {one.transition for one in machine.drawing().arrows if one.back}
    lines = sorted(
        (_line(one, machine, stack, may_see) for one in choices),
        key=lambda line: (not line.allowed, line.automatic, line.transition in backwards),
    )
    out = {one.id for one in machine.workflow.transitions if one.reason == "required" or one.send_back}
    plain = next((one for one in lines if one.allowed and one.transition not in out | backwards), None)
    if to_fill_in or plain is None:
        return lines
    return [replace(one, first=one is plain) for one in lines]


def waited_for(lines: Sequence[Next], *, to_fill_in: bool) -> str:
    """Who has to act where the reader can do nothing: their roles in words, or nothing."""
    if to_fill_in or any(one.allowed for one in lines):
        return ""
    by = [one.who for one in lines if one.who]
    return words.and_list(list(dict.fromkeys(by)), "or")


def still_needed(lines: Sequence[Next]) -> tuple[str, ...]:
    """What the ways on want, where nothing can be done by hand: the least that would allow each. Where there is only
    one way, or all want the same, it stands alone; else with what it is for."""
    if any(one.allowed for one in lines):
        return ()
    wants: dict[tuple[str, ...], list[Next]] = {}
    for one in lines:
        wants.setdefault(one.allowing, []).append(one)
    if len(wants) == 1:
        return tuple(" ".join(needed) for needed in wants if needed)
    return tuple(f"{_called(ways)}: {' '.join(needed)}" for needed, ways in wants.items() if needed)


def _called(ways: Sequence[Next]) -> str:
    """What leads on, as buttons are called; where nobody presses one, by where it leads."""
    names = [one.to if one.automatic else f"‘{one.label}’" for one in ways]
    return words.and_list(list(dict.fromkeys(names)), "or")


def _line(choice: Choice, machine: Machine, stack: Stack, may_see: Callable[[str], bool] | None) -> Next:
    titles = {one.id: one.title for one in machine.workflow.states}
    to = words.and_list([f"‘{titles.get(one, one)}’" for one in choice.targets], "or")
    written = machine.workflow.transition(choice.transition)
    label = (written.label if written else "") or _("By itself")
    spoken = tuple(one for one in choice.refusals if one.kind not in SAID_BY_WHO)
    return Next(
        choice.transition,
        label,
        choice.allowed,
        choice.automatic,
        choice.hint or "",
        words.and_list([role_title(stack, role) for role in choice.by], "or"),
        to,
        tuple(one.said(may_see) for one in spoken),
        allowing(replace(choice, refusals=spoken), may_see),
        _by_itself(choice.transition, to, machine, stack) if choice.automatic else "",
    )


def allowing(choice: Choice, may_see: Callable[[str], bool] | None) -> tuple[str, ...]:
    """The least that would allow a choice: each thing once, in the order of the reasons."""
    said = {one: None for each in choice.refusals if (one := each.allowing(may_see))}
    # One step named by itself is left out where a longer sentence begins with it.
    return tuple(
        one for one in said if not any(other != one and other.startswith(one[:-1]) for other in said)
    )


def _by_itself(transition: str, to: str, machine: Machine, stack: Stack) -> str:
    """When an automatic transition happens, as one sentence."""
    move = machine.moves[transition]
    guards = [move.guard] if move.guard else [one.guard for one in move.exits if one.guard]
    if not guards:
        return str(_("The case moves on to %(to)s by itself.", to=to))
    if form := _sent_form(guards, stack):
        return str(_("When ‘%(form)s’ is sent, the case moves on to %(to)s by itself.", form=form, to=to))
    conditions = f"; {_('or')}: ".join(in_words(one.typed).split(". ")[0].rstrip(".") for one in guards)
    said: str = _(
        "The case moves on to %(to)s by itself as soon as this is so: %(conditions)s.",
        to=to,
        conditions=conditions,
    )
    return said


def moved_on(transition: str, to: str, machine: Machine, stack: Stack) -> str:
    """What moved a case on to `to` when nobody chose it, where one form's sending is all that it takes."""
    move = machine.moves.get(transition)
    if move is None:
        return str(_("Moved on by itself"))
    guards = [move.guard] if move.guard else [one.guard for one in move.exits if one.target == to]
    form = _sent_form([one for one in guards if one], stack)
    return str(_("Moved on when ‘%(form)s’ was sent", form=form) if form else _("Moved on by itself"))


def _sent_form(guards: Sequence[Guard], stack: Stack) -> str:
    """The form whose sending is the whole condition, if that is what it is."""
    if len(guards) != 1:
        return ""
    found = SENT.fullmatch(guards[0].text.strip())
    return form_title(stack, found["form"]) if found and found["form"] in stack.forms else ""
