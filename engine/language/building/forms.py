"""Forms, lists and record types: checked nodes to the model. Must not know other kinds of document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, cast

from engine.language import reading, schemas
from engine.language.building.common import Fields, lasting
from engine.language.model import (
    Answering,
    Carry,
    Drawing,
    Form,
    Identifier,
    Keeping,
    Meeting,
    Option,
    OptionList,
    Question,
    RecordType,
    Section,
)
from engine.language.nodes import Mapping as Map
from engine.language.nodes import Sequence
from engine.language.schemas import Types
from engine.language.schemas.forms import own_settings
from engine.language.schemas.parts import Schema

# Parts of the model, not settings of a type.
_PARTS = ("options", "rows", "columns", "questions")


@dataclass
class _Inline:
    """Gathers the lists written inside questions while one document is built."""

    types: Types
    found: list[OptionList] = field(default_factory=list)

    @cached_property
    def definitions(self) -> Mapping[str, Schema]:
        """The parts that a form's schema is made of."""
        found: Mapping[str, Schema] = schemas.schema("form", self.types)["$defs"]
        return found


def form(node: Map, types: Types) -> tuple[Form, list[OptionList]]:
    """A form, and the lists written in its questions as `FORM.QUESTION`, a grid's rows as `FORM.GRID.rows`."""
    fields, inline = Fields(node), _Inline(types)
    own = fields.words("form")
    built = Form(
        own,
        fields.words("title"),
        about=fields.ids("about"),
        several=fields.flag("several"),
        sections=tuple(_section(one, own, inline) for one in fields.maps("sections")),
        draw=_drawing(fields),
        meeting=_meeting(fields.inner("meeting")),
        hint=fields.text("hint"),
        guidance=fields.text("guidance"),
        order="any" if fields.text("order") == "any" else "sections",
        note=fields.text("note"),
        **fields.located("form"),
    )
    return built, inline.found


def record(node: Map, types: Types) -> tuple[RecordType, list[OptionList]]:
    """A record type, and the lists written in its fields as `record.TYPE.FIELD`."""
    fields, inline = Fields(node), _Inline(types)
    own = fields.words("record")
    built = RecordType(
        own,
        fields.words("title"),
        many=fields.words("many"),
        context=fields.flag("context"),
        fields=tuple(_question(one, f"record.{own}", inline) for one in fields.maps("fields")),
        name=fields.words("name"),
        alike=fields.ids("alike"),
        keep=_keeping(fields.inner("keep")),
        identifiers=tuple(_identifier(one) for one in fields.maps("identifiers")),
        hint=fields.text("hint"),
        **fields.located("record"),
    )
    return built, inline.found


def option_list(node: Map) -> OptionList:
    """A list as a document of its own."""
    fields = Fields(node)
    return OptionList(
        fields.words("list"),
        fields.words("title"),
        options=tuple(_option(one) for one in fields.maps("options")),
        lifecycle=fields.text("lifecycle"),
        other=fields.flag("other"),
        source=fields.text("source"),
        options_from=fields.text("options_from"),
        **fields.located("list"),
    )


def _section(node: Map, form_id: str, inline: _Inline) -> Section:
    fields = Fields(node)
    return Section(
        fields.words("id"),
        fields.words("title"),
        questions=tuple(_question(one, form_id, inline) for one in fields.maps("questions")),
        hint=fields.text("hint"),
        guidance=fields.text("guidance"),
        show_if=fields.expression("show_if"),
        each=fields.flag("each"),
        note=fields.text("note"),
        **fields.located(),
    )


def _question(node: Map, prefix: str, inline: _Inline) -> Question:
    fields = Fields(node)
    own, kind = fields.words("id"), fields.words("type")
    path = f"{prefix}.{own}"
    inner = "columns" if "columns" in fields else "questions"
    kind_ = inline.types.get(kind)
    return Question(
        own,
        kind,
        label=fields.words("label"),
        hint=fields.text("hint"),
        guidance=fields.text("guidance"),
        help=fields.text("help"),
        answer=cast(Answering, fields.text("answer") or "optional"),
        show_if=fields.expression("show_if"),
        required_if=fields.expression("required_if"),
        advised_if=fields.expression("advised_if"),
        valid_if=fields.expression("valid_if"),
        calculate=fields.expression("calculate"),
        default=fields.expression("default"),
        message=fields.text("message"),
        why_required=fields.text("why_required"),
        carry=_carry(fields),
        reportable=fields.flag("reportable"),
        sensitive=fields.text("sensitive"),
        third_party=fields.flag("third_party") or bool(getattr(kind_, "always_third_party", False)),
        copies=fields.ids("copies") if "copies" in fields else None,
        social_field=fields.text("social_field"),
        factor=fields.text("factor"),
        voice=fields.text("voice"),
        options=_options(fields, "options", path, inline),
        rows=_options(fields, "rows", f"{path}.rows", inline),
        questions=tuple(_question(one, path, inline) for one in fields.maps(inner)),
        settings=_settings(fields, kind, inline),
        **fields.located(),
    )


def _settings(fields: Fields, kind: str, inline: _Inline) -> dict[str, Any]:
    one = inline.types.get(kind)
    if one is None:
        return {}
    names = [key for key in one.settings_schema if key not in _PARTS and key in fields]
    own = own_settings(kind, one) if names else {}
    return {
        key: reading.value(value, own[key], inline.definitions)
        for key in names
        if key in own and (value := fields.get(key)) is not None
    }


def _options(fields: Fields, key: str, path: str, inline: _Inline) -> str | None:
    given = fields.get(key)
    if not isinstance(given, Sequence):
        return fields.text(key)
    title = fields.words("label") or fields.words("id")
    options = tuple(_option(one) for one in given.items if isinstance(one, Map))
    inline.found.append(OptionList(path, title, options=options, place=given.place))
    return path


def _option(node: Map) -> Option:
    fields = Fields(node)
    codes = fields.inner("codes")
    return Option(
        fields.words("id"),
        fields.words("label"),
        hint=fields.text("hint"),
        under=fields.text("under"),
        group=fields.flag("group"),
        codes={key.text: codes.ids(key.text) for key, _ in codes.node.entries} if codes else {},
        factor=fields.text("factor"),
        social_field=fields.text("social_field"),
        aliases=fields.ids("aliases"),
        valid_from=fields.text("from"),
        valid_to=fields.text("to"),
        retired=fields.flag("retired"),
        **fields.located(),
    )


def _carry(fields: Fields) -> Carry | None:
    given = fields.inner("carry")
    if given is not None:
        return Carry(given.words("from"), given.text("how") or "confirm")
    return Carry("", "never") if fields.text("carry") == "never" else None


def _drawing(fields: Fields) -> Drawing | None:
    given = fields.inner("draw")
    if given is not None:
        return Drawing(given.ids("triangle"), given.ids("stands"), map=given.text("map"))
    return Drawing(grid=True) if fields.text("draw") == "grid" else None


def _meeting(given: Fields | None) -> Meeting | None:
    if given is None:
        return None
    return Meeting(
        given.ids("notes"),
        present=given.text("present"),
        actions=given.text("actions"),
        take_away=given.text("take_away"),
    )


def _keeping(given: Fields | None) -> Keeping | None:
    if given is None:
        return None
    length = lasting(given.words("for"))
    amount, unit = length if length else (None, "years")
    return Keeping(amount, unit, given.text("after") or "closed")


def _identifier(node: Map) -> Identifier:
    fields = Fields(node)
    return Identifier(
        fields.words("id"), fields.words("label"), pattern=fields.text("pattern"), **fields.located()
    )


def inline_lists(lists: list[OptionList]) -> Iterator[tuple[str, OptionList]]:
    """Lists by their id, for putting among those of a stack."""
    for one in lists:
        yield one.id, one
