"""What a pack says, once read, layered and checked: plain frozen values that every other room works on.

This module exists so that rooms agree on one shape. It must not know YAML, expressions' meaning, layers'
merging, the database or the web: an expression stands here as it was written, with its place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from engine.language.elements import NO_PLACES, Element, Expression
from engine.language.elements import Untranslated as Untranslated
from engine.language.places import NOWHERE, Place

Answering = Literal["required", "advised", "optional"]


@dataclass(frozen=True, slots=True)
class Option(Element):
    """One choice of a list. A `group` heads others and cannot be chosen; `under` names its group."""

    label: str
    hint: str | None = None
    under: str | None = None
    group: bool = False
    codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    factor: str | None = None
    aliases: tuple[str, ...] = ()
    retired: bool = False
    social_field: str | None = None
    valid_from: str | None = None
    valid_to: str | None = None


@dataclass(frozen=True, slots=True)
class OptionList(Element):
    """A list of options. Options written in a question become the list `FORM.QUESTION`.

    `options_from` names the CSV beside the definition that holds the options, where they stand in one.
    """

    title: str
    options: tuple[Option, ...] = ()
    lifecycle: str | None = None
    other: bool = False
    source: str | None = None
    options_from: str | None = None

    def option(self, option_id: str) -> Option | None:
        return next((option for option in self.options if option.id == option_id), None)

    def members(self, group_id: str) -> frozenset[str]:
        """Ids of all options under `group_id` at any depth, itself included, retired ones included."""
        found = {group_id}
        grown = True
        while grown:
            more = {option.id for option in self.options if option.under in found} - found
            grown = bool(more)
            found |= more
        return frozenset(found)


@dataclass(frozen=True, slots=True)
class Carry:
    """Where an answer is carried from: `source` as FORM.QUESTION, `how` one of copy, confirm, never."""

    source: str
    how: str = "confirm"


@dataclass(frozen=True, slots=True)
class Question(Element):
    """A question, a repeat (its row's questions in `questions`) or a grid (its columns in `questions`).

    `options` is a list's id; `rows` (grids) is a list's id whose options are the rows; `settings` holds what
    is the type's own (`to`, `min`, `max`, `pattern`, `row_label`, …), as plain values. `language` is that of
    its texts, and so of what is said about its answers.
    """

    type: str
    label: str = ""
    hint: str | None = None
    guidance: str | None = None
    help: str | None = None
    answer: Answering = "optional"
    show_if: Expression | None = None
    required_if: Expression | None = None
    advised_if: Expression | None = None
    valid_if: Expression | None = None
    calculate: Expression | None = None
    default: Expression | None = None
    message: str | None = None
    why_required: str | None = None
    carry: Carry | None = None
    reportable: bool = False
    sensitive: str | None = None
    third_party: bool = False
    copies: tuple[str, ...] | None = None
    social_field: str | None = None
    factor: str | None = None
    voice: str | None = None
    options: str | None = None
    rows: str | None = None
    questions: tuple[Question, ...] = ()
    settings: Mapping[str, object] = field(default_factory=dict)
    retired: bool = False
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Section(Element):
    title: str
    questions: tuple[Question, ...] = ()
    hint: str | None = None
    guidance: str | None = None
    show_if: Expression | None = None
    each: bool = False
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Drawing:
    """How a form is drawn beside its fields: a triangle's three sections, each with its question of standing."""

    triangle: tuple[str, ...] = ()
    stands: tuple[str, ...] = ()
    map: str | None = None
    grid: bool = False


@dataclass(frozen=True, slots=True)
class Meeting:
    """How a form is written in while people talk: where a line noted goes, and what is agreed line by line.

    `notes` are long texts, or a grid's column (GRID.COLUMN: one place for each row); `present` is a text; `actions` a
    repeat that asks `what`; `take_away` a repeat with a text, the question, and a person of the staff, who took it.
    """

    notes: tuple[str, ...]
    present: str | None = None
    actions: str | None = None
    take_away: str | None = None


@dataclass(frozen=True, slots=True)
class Form(Element):
    title: str
    about: tuple[str, ...] = ()
    several: bool = False
    sections: tuple[Section, ...] = ()
    draw: Drawing | None = None
    hint: str | None = None
    guidance: str | None = None
    order: Literal["sections", "any"] = "sections"
    note: str | None = None
    meeting: Meeting | None = None
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Identifier(Element):
    """A number by which another system knows a record: `id` names the system."""

    label: str
    pattern: str | None = None


@dataclass(frozen=True, slots=True)
class Keeping:
    """How long a record is kept: `amount` `unit` after the event `after`; amount None keeps for ever."""

    amount: int | None = None
    unit: str = "years"
    after: str = "closed"


@dataclass(frozen=True, slots=True)
class RecordType(Element):
    title: str
    many: str = ""
    context: bool = False
    fields: tuple[Question, ...] = ()
    name: str = ""
    alike: tuple[str, ...] = ()
    keep: Keeping | None = None
    identifiers: tuple[Identifier, ...] = ()
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """One effect as written: `kind` is its verb; `settings` its plain values; an expression keeps its
    place.
    """

    kind: str
    settings: Mapping[str, object] = field(default_factory=dict)
    place: Place = field(default=NOWHERE, compare=False, repr=False)
    places: Mapping[str, Place] = field(default_factory=lambda: NO_PLACES, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class DeadlineRule:
    """`amount` `unit` counted from `start` (entered, started or FORM.question)."""

    amount: int
    unit: Literal["working days", "days", "weeks", "months"]
    start: str = "entered"
    calendar: str = "nation"
    then: tuple[Effect, ...] = ()
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class TaskRule(Element):
    """Something a role must do while a case is in a state."""

    label: str
    role: str
    within: DeadlineRule | None = None


@dataclass(frozen=True, slots=True)
class State(Element):
    title: str
    forms: tuple[str, ...] = ()
    final: bool = False
    deadline: DeadlineRule | None = None
    tasks: tuple[TaskRule, ...] = ()
    enter: tuple[Effect, ...] = ()
    leave: tuple[Effect, ...] = ()
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class Branch:
    """`when` is None for the `otherwise` branch."""

    to: str
    when: Expression | None = None
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Transition(Element):
    label: str = ""
    sources: tuple[str, ...] = ()
    to: str | None = None
    branches: tuple[Branch, ...] = ()
    by: tuple[str, ...] = ()
    automatic: bool = False
    when: Expression | None = None
    reason: Literal["required", "optional", "none"] = "none"
    effects: tuple[Effect, ...] = ()
    approve: tuple[str, ...] = ()
    send_back: tuple[str, ...] = ()
    four_eyes: bool = False
    reopen: bool = False
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class Start:
    """Who may begin a case of this workflow by hand, and what the button says."""

    by: tuple[str, ...]
    label: str


@dataclass(frozen=True, slots=True)
class Workflow(Element):
    title: str
    about: tuple[str, ...] = ()
    initial: str = ""
    states: tuple[State, ...] = ()
    transitions: tuple[Transition, ...] = ()
    start: Start | None = None
    hint: str | None = None

    def state(self, state_id: str) -> State | None:
        return next((state for state in self.states if state.id == state_id), None)

    def transition(self, transition_id: str) -> Transition | None:
        return next((one for one in self.transitions if one.id == transition_id), None)


@dataclass(frozen=True, slots=True)
class AccessRule(Element):
    """Rules add up; what `never` (written `not`) names is taken from that role's rules for that record
    type.
    """

    role: str
    records: tuple[str, ...]
    may: tuple[str, ...]
    when: str | None = None
    never: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    sensitivities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Access(Element):
    roles: Mapping[str, str] = field(default_factory=dict)
    sensitivities: tuple[str, ...] = ()
    rules: tuple[AccessRule, ...] = ()
    manage: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a workflow scenario, as plain values (by, on, submit, answers, do, reason, refused,
    expect).
    """

    settings: Mapping[str, object]
    place: Place = field(default=NOWHERE, compare=False, repr=False)
    places: Mapping[str, Place] = field(default_factory=lambda: NO_PLACES, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Scenario(Element):
    title: str = ""
    form: str | None = None
    workflow: str | None = None
    given: Mapping[str, object] = field(default_factory=dict)
    record: Mapping[str, object] = field(default_factory=dict)
    facts: Mapping[str, object] = field(default_factory=dict)
    today: str | None = None
    steps: tuple[Step, ...] = ()
    expect: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Manifest(Element):
    """A pack's own document; `extends` is the base's id and version, or None."""

    title: str
    version: str
    extends: str | None = None
    extends_version: str | None = None
    extends_sha256: str | None = None
    engine: str | None = None
    language: str = "en"
    languages: tuple[str, ...] = ()
    nation: str = "england"
    zone: str = "Europe/London"
    publisher: str | None = None
    licence: str | None = None
    marking: str | None = None
    holidays: tuple[tuple[str, str], ...] = ()
    """Days off declared beyond the nation's own: ISO date and name, in order of their days."""


@dataclass(frozen=True, slots=True)
class Layer:
    """A pack in its place in a stack, with the hash of its own files."""

    pack: str
    version: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Stack:
    """A pack over all it extends, assembled: what the rest of Trefoil works with. Pinned by `hash`.

    Texts are final: terms are filled in. Mappings are by id, in file order, inherited ones included.
    """

    manifest: Manifest
    layers: tuple[Layer, ...]
    hash: str
    forms: Mapping[str, Form]
    workflows: Mapping[str, Workflow]
    lists: Mapping[str, OptionList]
    records: Mapping[str, RecordType]
    conditions: Mapping[str, Expression]
    words: Mapping[str, Mapping[str, str]]
    access: Access
    scenarios: Mapping[str, Scenario]
