"""A list's options in the order they are drawn, groups as headings over what stands under them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
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


def lines(options: OptionList) -> list[Line]:
    """Every option once: top-level ones in file order, each group followed by its members; `other` last."""
    found = list(_under(options, None, set()))
    known = {line.id for line in found}
    found += [_line(one) for one in options.options if one.id not in known]
    if options.other and not options.option("other"):
        found.append(Line("other", "Something else"))
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
    for option in options.options:
        if option.under != group or option.id in seen:
            continue
        if option.group and option.retired:
            continue
        seen.add(option.id)
        yield _line(option)
        yield from _under(options, option.id, seen)


def _line(option: Option) -> Line:
    hint = e(option.hint) if option.hint else ""
    return Line(e(option.id), e(option.label), hint, heading=option.group, retired=option.retired)
