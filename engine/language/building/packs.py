"""A pack's own document, access, conditions, terms and scenarios: checked nodes to the model.

Must not know how packs are put together.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.language.building.common import Fields, expression_of, places_of, plain, text_of
from engine.language.model import Access, AccessRule, Expression, Manifest, Scenario, Step
from engine.language.nodes import Mapping as Map
from engine.language.nodes import Scalar


def manifest(node: Map) -> Manifest:
    """What a pack says of itself."""
    fields = Fields(node)
    extends = fields.inner("extends")
    base = extends.text("pack") if extends else fields.text("extends")
    return Manifest(
        fields.words("pack"),
        fields.words("title"),
        fields.words("version"),
        extends=base,
        extends_version=extends.text("version") if extends else None,
        extends_sha256=extends.text("sha256") if extends else None,
        engine=fields.text("engine"),
        language=fields.text("language") or "en",
        languages=fields.ids("languages"),
        nation=fields.text("nation") or "england",
        zone=fields.text("zone") or "Europe/London",
        publisher=fields.text("publisher"),
        licence=fields.text("licence"),
        marking=fields.text("marking"),
        holidays=tuple(
            sorted((one.words("on"), one.words("name")) for one in map(Fields, fields.maps("holidays")))
        ),
        **fields.located("pack"),
    )


def access(node: Map) -> Access:
    """Who may do what."""
    fields = Fields(node)
    roles, manage = fields.inner("roles"), fields.inner("manage")
    return Access(
        fields.words("access"),
        roles={key.text: roles.words(key.text) for key, _ in roles.node.entries} if roles else {},
        sensitivities=fields.ids("sensitivities"),
        rules=tuple(_rule(one) for one in fields.maps("rules")),
        manage={key.text: manage.ids(key.text) for key, _ in manage.node.entries} if manage else {},
        **fields.located("access"),
    )


def _rule(node: Map) -> AccessRule:
    fields = Fields(node)
    return AccessRule(
        fields.words("id"),
        fields.words("role"),
        fields.ids("record"),
        fields.ids("may"),
        when=fields.text("when"),
        never=fields.ids("not"),
        states=fields.ids("state"),
        forms=fields.ids("form"),
        sections=fields.ids("section"),
        questions=fields.ids("question"),
        sensitivities=fields.ids("sensitivity"),
        **fields.located(),
    )


def conditions(node: Map) -> dict[str, Expression]:
    """Named conditions by id."""
    named = Fields(node).inner("named")
    if named is None:
        return {}
    return {key.text: expression_of(value) for key, value in named.node.entries if isinstance(value, Scalar)}


def terms(node: Map) -> dict[str, Mapping[str, str]]:
    """An authority's words by key: one, many, a, the."""
    words = Fields(node).inner("words")
    if words is None:
        return {}
    return {
        key.text: {form.text: text_of(one) for form, one in value.entries if isinstance(one, Scalar)}
        for key, value in words.node.entries
        if isinstance(value, Map)
    }


def scenario(node: Map) -> Scenario:
    """A pack's own test, its answers as plain values: unquoted yes and no are booleans, all else is text."""
    fields = Fields(node)
    return Scenario(
        fields.words("scenario"),
        title=fields.words("title"),
        form=fields.text("form"),
        workflow=fields.text("workflow"),
        given=_mapping(fields, "given"),
        record=_mapping(fields, "record"),
        facts=_mapping(fields, "facts"),
        today=fields.text("today"),
        steps=tuple(Step(plain(one), place=one.place, places=places_of(one)) for one in fields.maps("steps")),
        expect=_mapping(fields, "expect"),
        **fields.located("scenario"),
    )


def _mapping(fields: Fields, key: str) -> Mapping[str, object]:
    given = fields.get(key)
    return plain(given) if isinstance(given, Map) else {}
