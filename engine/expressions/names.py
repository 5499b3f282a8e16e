"""What a stack's forms, records and cases offer to be read by name; builds scopes from the model.

Must not know expressions' text nor values. Names of a form are made once, when something
asks for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from engine.expressions.scope import ColumnName, FormName, Found, Name, Scope, World
from engine.expressions.types import (
    DATE,
    NUMBER,
    RECORD,
    RECORDS,
    ROWS,
    TEXT,
    THING,
    TIME,
    YES_NO,
    Type,
    choice,
    choices,
)
from engine.language.model import Form, Option, OptionList, Question, RecordType, Stack, Workflow
from engine.language.written import calendar_of, effects_of

_PLAIN: Mapping[str, Type] = {
    "text": TEXT, "long_text": TEXT, "postcode": TEXT, "number": NUMBER, "scale": NUMBER, "date": DATE,
    "time": TIME, "yes_no": YES_NO,
}  # fmt: skip
_BY_VALUE_TYPE: Mapping[str, Type] = {
    "text": TEXT, "number": NUMBER, "date": DATE, "yes_no": YES_NO, "record": RECORD, "records": RECORDS,
}  # fmt: skip


class StackWorld(World):
    """Everything nameable in a stack.

    `about` are the record types meant by `record`; `workflow` narrows `case`.
    """

    def __init__(self, stack: Stack, about: Iterable[str] = (), workflow: Workflow | None = None) -> None:
        self.stack = stack
        self.conditions = stack.conditions
        self.nation = calendar_of(stack.manifest)
        types = [stack.records[one] for one in about if one in stack.records] or list(stack.records.values())
        self._fixed = {**_record_names(stack, types), **_case_names(stack, workflow)}
        self._forms: dict[tuple[str, str], Mapping[str, Name]] = {}

    def find(self, path: str) -> Found | None:
        if path in self._fixed:
            return self._fixed[path]
        rows, _, cell = path.rpartition(".")
        if rows in self._fixed and cell in self._fixed[rows].columns:
            return ColumnName(self._fixed[rows], self._fixed[rows].columns[cell])
        if path.startswith("record.latest."):
            return self._in_form("record.latest.", path.removeprefix("record.latest."))
        if path in self.stack.forms:
            return FormName(path, self.stack.forms[path].title)
        return self._in_form("", path)

    def _in_form(self, prefix: str, path: str) -> Found | None:
        form, _, rest = path.partition(".")
        if form not in self.stack.forms or not rest:
            return None
        names = self._of_form(prefix, form)
        if prefix + path in names:
            return names[prefix + path]
        rows, _, cell = (prefix + path).rpartition(".")
        if rows in names and cell in names[rows].columns:
            return ColumnName(names[rows], names[rows].columns[cell])
        return None

    def _of_form(self, prefix: str, form: str) -> Mapping[str, Name]:
        if (prefix, form) not in self._forms:
            names = form_names(self.stack, self.stack.forms[form], f"{prefix}{form}.")
            self._forms[prefix, form] = names
        return self._forms[prefix, form]

    def words(self) -> Iterator[str]:
        yield from self._fixed
        yield from self.stack.forms
        for names in (self._fixed, *(self._of_form("", form) for form in self.stack.forms)):
            yield from names
            yield from (f"{one.key}.{cell}" for one in names.values() for cell in one.columns)

    def form_ids(self) -> Iterator[str]:
        return iter(self.stack.forms)


def form_scope(stack: Stack, form: Form) -> Scope:
    """Where a form's conditions and calculations stand."""
    names = form_names(stack, form)
    sections = frozenset(section.id for section in form.sections) - names.keys()
    return Scope(names=names, world=StackWorld(stack, form.about), sections=sections, form=form.id)


def row_scope(scope: Scope, repeat: str | Question) -> Scope:
    """Inside a row of a repeat or grid (or of an `each` section) of `scope`.

    Raises KeyError if there is none.
    """
    path = repeat if isinstance(repeat, str) else repeat.id
    found = scope.own(path)
    if not isinstance(found, Name) or found.type != ROWS:
        raise KeyError(path)
    return scope.row(found)


def workflow_scope(stack: Stack, workflow: Workflow) -> Scope:
    """Where a workflow's guards and effects stand: every form by name, the record and the case."""
    return Scope(names={}, world=StackWorld(stack, workflow.about, workflow))


def record_scope(stack: Stack, record_types: Iterable[str | RecordType]) -> Scope:
    """Where the conditions of a record type's own fields stand."""
    ids = [one if isinstance(one, str) else one.id for one in record_types]
    names: dict[str, Name] = {}
    for one in ids:
        if one in stack.records:
            names = {**question_names(stack, stack.records[one].fields, ""), **names}
    return Scope(names=names, world=StackWorld(stack, ids))


def form_names(stack: Stack, form: Form, prefix: str = "") -> dict[str, Name]:
    """Every name of a form, by path; the names of another form carry its id in front."""
    names: dict[str, Name] = {}
    for section in form.sections:
        if not section.each:
            names.update(question_names(stack, section.questions, prefix))
            continue
        path = f"{prefix}{section.id}"
        types = [stack.records[one] for one in form.about if one in stack.records]
        columns = question_names(stack, section.questions, "", f"{path}.")
        for key, name in _record_names(stack, types).items():
            columns[key] = Name(key, f"{path}.{key}", name.type, name.label, columns=name.columns)
        names[path] = Name(path, path, ROWS, section.title, columns=columns, place=section.place)
    return names


def question_names(
    stack: Stack, questions: Iterable[Question], prefix: str, inside: str | None = None
) -> dict[str, Name]:
    """Names of questions, their cells and the text of `other`.

    `inside` is the path of the rows they stand in.
    """
    names: dict[str, Name] = {}
    for question in questions:
        for name in _names_of(stack, question, prefix, prefix if inside is None else inside):
            names[name.key] = name
    return names


def _names_of(stack: Stack, question: Question, prefix: str, inside: str) -> Iterator[Name]:
    key, name = f"{prefix}{question.id}", f"{inside}{question.id}"
    kind = question_type(stack, question)
    if kind is None:
        return
    retired = question.retired
    if kind != ROWS:
        yield Name(key, name, kind, question.label, retired, place=question.place)
        if kind.options is not None and kind.options.other:
            yield Name(f"{key}.other", f"{name}.other", TEXT, f"{question.label} (other)", retired)
        return
    columns = question_names(stack, question.questions, "", f"{name}.")
    yield Name(key, name, ROWS, question.label, retired, columns, question.place)
    if question.rows is not None and question.rows in stack.lists:
        for row in stack.lists[question.rows].options:
            if row.group:
                continue
            for column in columns.values():
                tail = f"{row.id}.{column.key}"
                label = f"{row.label}: {column.label}"
                yield Name(f"{key}.{tail}", f"{name}.{tail}", column.type, label, retired or row.retired)


def question_type(stack: Stack, question: Question) -> Type | None:
    """What conditions see of a question; None if it has no answer (guidance)."""
    if question.type in _PLAIN:
        return _PLAIN[question.type]
    if question.type == "guidance":
        return None
    if question.questions or question.type in ("repeat", "grid"):
        return ROWS
    options = stack.lists.get(question.options) if question.options else None
    if options is not None:
        many = question.type == "choose_many" or _value_type(question) == "options"
        return choices(options) if many else choice(options)
    if question.type in ("record_link", "staff"):
        return RECORDS if question.settings.get("many") else RECORD
    return _BY_VALUE_TYPE.get(_value_type(question), THING)


def _value_type(question: Question) -> str:
    from engine import questions

    known = questions.BUILT_IN.get(question.type)
    return "none" if known is None else known.value_type(question)


def _record_names(stack: Stack, types: Iterable[RecordType]) -> dict[str, Name]:
    """`record.…`: the fields of the types it may be, and what stands on it."""
    types = list(types)
    names: dict[str, Name] = {}
    for one in types:
        names = {**question_names(stack, one.fields, "record."), **names}
    kinds = OptionList(
        "record.type", title="Record types", options=tuple(Option(one.id, label=one.title) for one in types)
    )
    names.setdefault("record.type", Name("record.type", "record.type", choice(kinds), "Record type"))
    for key, label, columns in (
        ("markers", "Markers", {"kind": _marker_kinds(stack), "from": DATE, "to": DATE}),
        ("links", "Links", {"type": _record_kinds(stack), "other": RECORD, "from": DATE, "to": DATE}),
        (
            "actions",
            "Actions",
            {
                "social_field": _listed(stack, "social_fields"),
                "due": DATE,
                "progress": _listed(stack, "progress"),
            },
        ),
    ):
        path = f"record.{key}"
        cells = {
            one: Name(one, f"{path}.{one}", kind, one.replace("_", " ")) for one, kind in columns.items()
        }
        names[path] = Name(path, path, ROWS, label, columns=cells)
    return names


def _case_names(stack: Stack, workflow: Workflow | None) -> dict[str, Name]:
    workflows = [workflow] if workflow is not None else list(stack.workflows.values())
    states = {state.id: Option(state.id, label=state.title) for one in workflows for state in one.states}
    listed = OptionList("case.state", title="States", options=tuple(states.values()))
    return {
        "case.state": Name("case.state", "case.state", choice(listed), "State of the case"),
        "case.started": Name("case.started", "case.started", DATE, "Day the case started"),
        "case.entered": Name("case.entered", "case.entered", DATE, "Day the case came to its state"),
        "case.reopened": Name("case.reopened", "case.reopened", DATE, "Day the case was last opened again"),
        "case.waiting": Name("case.waiting", "case.waiting", YES_NO, "The case waits for another case"),
        **{name.key: name for name in _awaited(stack, workflows)},
    }


def _awaited(stack: Stack, workflows: Iterable[Workflow]) -> Iterator[Name]:
    """For each workflow that one of these waits for, where the case of it stands: an option is a state."""
    asked = {
        str(one.settings.get("workflow"))
        for flow in workflows
        for one in effects_of(flow)
        if one.kind == "await"
    }
    for name in sorted(asked & stack.workflows.keys()):
        flow, key = stack.workflows[name], f"case.awaited.{name}"
        states = tuple(Option(state.id, label=state.title) for state in flow.states)
        kind = choice(OptionList(key, title="States", options=states))
        yield Name(key, key, kind, f"Where ‘{flow.title}’ stands")


def _marker_kinds(stack: Stack) -> Type:
    dated = [one for one in stack.lists.values() if one.lifecycle == "dated"]
    options = {option.id: option for one in dated for option in one.options}
    return choice(OptionList("record.markers.kind", title="Markers", options=tuple(options.values())))


def _record_kinds(stack: Stack) -> Type:
    options = tuple(Option(one.id, label=one.title) for one in stack.records.values())
    return choice(OptionList("record.links.type", title="Record types", options=options))


def _listed(stack: Stack, list_id: str) -> Type:
    """One of a list, or text where the stack has no such list."""
    return choice(stack.lists[list_id]) if list_id in stack.lists else TEXT
