"""How the choices of a list stand on a page: what is in no group does not look as if it were a group's last."""

from __future__ import annotations

from engine.language.model import Option, OptionList
from webapp.drawing.options import lines


def test_a_choice_in_no_group_stands_apart_from_the_group_before_it() -> None:
    options = (
        Option("kinds", label="Kinds", group=True),
        Option("one", label="One", under="kinds"),
        Option("unclear", label="Not yet clear"),
        Option("more", label="More kinds", group=True),
        Option("two", label="Two", under="more"),
    )
    found = lines(OptionList("list", title="List", options=options, other=True))
    assert [one.id for one in found if one.after] == ["unclear", "other"]
