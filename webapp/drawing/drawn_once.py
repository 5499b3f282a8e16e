"""Fields that hold nothing anybody wrote are drawn once for each such state: most of most pages. Knows no answers."""

from __future__ import annotations

from webapp.drawing.ink import Drawn, Ink, Spot
from webapp.tongues import language

# Fields that the words of the definition and a state of their own draw whole: empty, or one of a few choices.
_CHOSEN = frozenset(("yes_no", "choose_one", "scale"))
_SETTLED = _CHOSEN | frozenset(("text", "long_text", "number", "date", "time", "postcode", "choose_many"))
_BOXES_OF = {"date": (".day", ".month", ".year")}
_MOST_KEPT = 64


def remembering(inner: Drawn, kind: str) -> Drawn:
    """The same, drawn once for each state in which it holds nothing that anybody wrote: most of most pages."""
    if kind not in _SETTLED:
        return inner
    kept: dict[tuple[object, ...], str] = {}
    boxes, chosen = _BOXES_OF.get(kind, ("", ".other")), kind in _CHOSEN

    def draw(ink: Ink, spot: Spot) -> str:
        name, path, values = spot.name, spot.path, ink.values
        if (
            name != path
            or path in ink.errors
            or path in ink.notes
            or name in ink.carried
            or name in ink.remarks
            or any(name + box in values for box in boxes if box or not chosen)
        ):
            return inner(ink, spot)
        state = (
            name,
            spot.cell_of,
            spot.part,
            ink.prefix,
            language(),
            path in ink.required,
            path in ink.advised,
        )
        key = (*state, *values.get(name, ())) if chosen else state
        found = kept.get(key)
        if found is None:
            found = inner(ink, spot)
            if len(kept) < _MOST_KEPT:
                kept[key] = found
        return found

    return draw
