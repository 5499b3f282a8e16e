"""`action`: one item of a plan as one question. The effect `action` makes it an action on the record."""

from __future__ import annotations

from engine.questions.base import Json, Schema
from engine.questions.composing import Composite, Part, every_box, settings_of
from engine.questions.types.choose_one import ChooseOne
from engine.questions.types.date import Date
from engine.questions.types.text import Text

PARTS = (
    Part("what", Text(), "What will be done?"),
    Part("social_field", ChooseOne(), "Where does it act?", options="social_fields", plain=Text()),
    Part("owner", Text(), "Who will do it?"),
    Part("due", Date(), "By when?"),
    Part("measure", Text(), "How will we know it helped?"),
    Part("progress", ChooseOne(), "How is it going?", options="progress", plain=Text()),
)
USUAL = ("what", "social_field", "owner", "due", "measure")


class Action(Composite):
    name = "action"
    summary = "One item of a plan: what, in which part of life, who, by when, and how it will be known to have helped."
    settings_schema: Schema = settings_of(PARTS, USUAL)
    all_parts = PARTS
    usual = USUAL
    lead = main = "what"
    parts = every_box(PARTS)
    example: Json = {"what": "Meet her at the gate", "social_field": "school", "due": "2026-01-05"}
