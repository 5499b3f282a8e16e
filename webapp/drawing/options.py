"""A list's options in the order they are drawn, groups as headings over what stands under them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import unescape

from engine.language.model import Option, OptionList
from webapp.drawing.ink import e


@dataclass(frozen=True, slots=True)
class Line:
    """One drawn line of choices; its texts are escaped already."""

    id: str
    label: str
    hint: str = ""
    heading: bool = False
    retired: bool = False
    after: bool = False
    """Whether it stands in no group, right after one: it must not look as if it were the group's last."""


def lines(options: OptionList) -> list[Line]:
    """Every option once: top-level ones in file order, each group followed by its members; `other` last."""
    found = list(_under(options, None, set()))
    known = {line.id for line in found}
    found += [_line(one) for one in options.options if one.id not in known]
    if options.other and not options.option("other"):
        top = [one for one in options.options if one.under is None]
        found.append(
            Line("other", "Something else", after=bool(top) and top[-1].group and not found[-1].after)
        )
    return found


def plain_lines(options: OptionList) -> list[tuple[str, str, bool, bool]]:
    """The same lines as text for paper: label, hint, whether it is a heading, whether it is retired."""
    by_id = {e(one.id): one for one in options.options}
    return [
        (found.label, found.hint or "", line.heading, line.retired)
        if (found := by_id.get(line.id)) is not None
        else (unescape(line.label), "", False, False)
        for line in lines(options)
    ]


def _under(options: OptionList, group: str | None, seen: set[str]) -> Iterator[Line]:
    closed = False
    for option in options.options:
        if option.under != group or option.id in seen:
            continue
        if option.group and option.retired:
            continue
        seen.add(option.id)
        yield replace(_line(option), after=closed and not option.group)
        closed = option.group
        yield from _under(options, option.id, seen)


def _line(option: Option) -> Line:
    hint = e(option.hint) if option.hint else ""
    return Line(e(option.id), e(option.label), hint, heading=option.group, retired=option.retired)
