"""The question types that come with Trefoil. To add one: a file here, a line below, a spec file."""

from engine.questions.base import QuestionType
from engine.questions.types.action import Action
from engine.questions.types.choose_many import ChooseMany
from engine.questions.types.choose_one import ChooseOne
from engine.questions.types.date import Date
from engine.questions.types.file import File
from engine.questions.types.grid import Grid
from engine.questions.types.guidance import Guidance
from engine.questions.types.long_text import LongText
from engine.questions.types.marker import Marker
from engine.questions.types.number import Number
from engine.questions.types.person import Person
from engine.questions.types.postcode import Postcode
from engine.questions.types.record_link import RecordLink
from engine.questions.types.repeat import Repeat
from engine.questions.types.scale import Scale
from engine.questions.types.staff import Staff
from engine.questions.types.text import Text
from engine.questions.types.time import Time
from engine.questions.types.yes_no import YesNo

TYPES: tuple[QuestionType, ...] = (
    Text(),
    LongText(),
    Number(),
    Date(),
    Time(),
    YesNo(),
    ChooseOne(),
    ChooseMany(),
    Scale(),
    Postcode(),
    RecordLink(),
    Staff(),
    Person(),
    Marker(),
    Action(),
    File(),
    Repeat(),
    Grid(),
    Guidance(),
)
