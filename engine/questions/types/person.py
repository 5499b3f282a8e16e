"""`person`: somebody who is neither a record nor staff: a parent, a friend's mother, a worker elsewhere."""

from __future__ import annotations

from engine.questions.base import Json, Schema
from engine.questions.composing import Composite, Part, every_box, settings_of
from engine.questions.types.long_text import LongText
from engine.questions.types.text import Text

PARTS = (
    Part("name", Text(), "Name"),
    Part("relationship", Text(), "Relationship to the young person"),
    Part("role", Text(), "Role"),
    Part("agency", Text(), "Agency or organisation"),
    Part("contact", LongText(), "How to reach them", hint="A phone number, an e-mail address or an address."),
)
USUAL = ("name", "relationship", "contact")


class Person(Composite):
    name = "person"
    summary = (
        "Somebody who is not a record and not staff. Always other people's information (`third_party`); refused in "
        "the forms and fields of a context."
    )
    settings_schema: Schema = settings_of(PARTS, USUAL)
    all_parts = PARTS
    usual = USUAL
    lead = "name"
    parts = every_box(PARTS)
    always_third_party = True
    example: Json = {"name": "Dana Sample", "relationship": "Aunt", "contact": "020 7946 0000"}
