"""What differs between two versions of a form, in words: by question, per section, old and new.

Each version is read under its own definitions, and what is hidden from the reader in either is told of neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.casework import paths
from engine.forms.summary import SummaryItem
from webapp.drawing.values import row_ids
from webapp.opened import Opened
from webapp.summaries import name_of_path


@dataclass(frozen=True, slots=True)
class Change:
    """One question that says something else; `name` is how it is posted."""

    name: str
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ChangedSection:
    title: str
    changes: tuple[Change, ...]


def changes(before: Opened, after: Opened) -> list[ChangedSection]:
    """All that differs, in the order of the newer version; questions that it has no more stand where they stood."""
    hidden = before.submission.hidden | after.submission.hidden
    old, new = _lines(before), _lines(after)
    titles: dict[str, str] = {}
    found: dict[str, list[Change]] = {}
    for name, (section, title, item) in {
        **new,
        **{one: line for one, line in old.items() if one not in new},
    }.items():
        was, now = (lines[name][2].text if name in lines else "" for lines in (old, new))
        if was != now and not paths.hides(hidden, name):
            titles.setdefault(section, title)
            found.setdefault(section, []).append(Change(name, item.label, was, now))
    return [ChangedSection(titles[section], tuple(one)) for section, one in found.items()]


def by_name(found: Sequence[ChangedSection]) -> dict[str, Change]:
    return {one.name: one for section in found for one in section.changes}


def change_at(name: str, found: dict[str, Change]) -> Change | None:
    """What changed at a question, or, joined, at all that stands in it."""
    if name in found:
        return found[name]
    inside = [one for one in found.values() if name and one.name.startswith(f"{name}.")]
    if not inside:
        return None
    was, now = ("\n".join(f"{one.label}: {text}" for one in inside if (text := getattr(one, side)))
                for side in ("before", "after"))  # fmt: skip
    return Change(name, inside[0].label, was, now)


def _lines(opened: Opened) -> dict[str, tuple[str, str, SummaryItem]]:
    rows = row_ids(opened.form, opened.submission.answers)
    return {
        name_of_path(item.path, rows): (section.id, section.title, item)
        for section in opened.summary()
        for item in section.items
    }
