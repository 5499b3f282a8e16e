"""Codes R3xx, what is named and is not there. Data only."""

from __future__ import annotations

from engine.language.codes.entry import Code

CODES: tuple[Code, ...] = (
    Code(
        "R301",
        "Unknown list",
        "There is no list ‘{name}’.",
        "Name a list of this pack or its base, or write the options here. Lists: {known}.",
    ),
    Code(
        "R302",
        "Unknown form",
        "There is no form ‘{name}’.",
        "Name a form of this pack or its base by its id. Forms: {known}.",
    ),
    Code(
        "R303",
        "Unknown workflow",
        "There is no workflow ‘{name}’.",
        "Name a workflow of this pack or its base by its id. Workflows: {known}.",
    ),
    Code(
        "R304",
        "Unknown role",
        "There is no role ‘{name}’.",
        "Add it under ‘roles’ in the pack's access document, or name one of: {known}.",
    ),
    Code(
        "R305",
        "Unknown record type",
        "There is no record type ‘{name}’.",
        "Name a record type of this pack or its base. Record types: {known}.",
    ),
    Code(
        "R306",
        "Unknown question",
        "The form ‘{form}’ has no question ‘{name}’.",
        "Write the question's id as it stands in that form; one in a row or a grid as ‘places.place’.",
    ),
    Code(
        "R307",
        "Unknown state",
        "The workflow ‘{workflow}’ has no state ‘{name}’.",
        "Name one of its states: {known}.",
    ),
    Code(
        "R308",
        "Unknown transition",
        "The workflow ‘{workflow}’ has no transition ‘{name}’.",
        "Name one of its transitions: {known}.",
    ),
    Code(
        "R309",
        "Unknown section",
        "The form ‘{form}’ has no section ‘{name}’.",
        "Name one of its sections: {known}.",
    ),
    Code(
        "R310",
        "Unknown field",
        "The record type ‘{record}’ has no field ‘{name}’.",
        "Name one of its fields: {known}.",
    ),
    Code(
        "R311",
        "Unknown sensitivity",
        "There is no sensitivity ‘{name}’.",
        "Add it under ‘sensitivities’ in the pack's access document, or name one of: {known}.",
    ),
    Code(
        "R312",
        "Unknown term",
        "There is no term ‘{name}’.",
        "Add it under ‘words’ in the pack's terms, or name one of: {known}.",
    ),
    Code(
        "R313",
        "Question of the wrong type",
        "‘{what}’ needs {wanted}, and ‘{name}’ is {found}.",
        "Name a question that is {wanted}, or change the type of this one.",
    ),
    Code(
        "R314",
        "Unknown placeholder",
        "The name's pattern has ‘{{{name}}}’, which is neither a field nor a word that Trefoil fills in.",
        "Use a field of this record type, or {{year}}, {{season}}, {{month}}, {{sequence}}. Fields: {known}.",
    ),
    Code(
        "R315",
        "Context named after a person or a day",
        "The name of a ‘{record}’ would hold ‘{name}’, {what}. The name of a context must not identify anybody.",
        "Use something about the place or the group, and {{season}} or {{year}} instead of a day.",
    ),
    Code(
        "R316",
        "Unknown option",
        "The list ‘{list}’ has no option ‘{name}’.",
        "Name one of its options: {known}.",
    ),
    Code(
        "R317",
        "Option under itself",
        "These options stand under each other in a circle: {circle}.",
        "Take ‘under’ out of one of them.",
    ),
    Code(
        "R318",
        "Unknown social field",
        "‘{name}’ is neither an option of the list ‘social_fields’ nor a question beside this one.",
        "Name one of: {known}. In a grid whose rows are the social fields write ‘row’.",
    ),
    Code(
        "R319",
        "List that is not dated",
        "Marks hold from a day to a day, and the list ‘{list}’ does not say that its options do.",
        "Write ‘lifecycle: dated’ in the list ‘{list}’.",
    ),
    Code(
        "R320",
        "Carried between different types",
        "An answer is carried here from ‘{source}’, which is {found}; this is {wanted}.",
        "Carry from a question of the same type and the same list.",
    ),
    Code(
        "R322",
        "Form about something else",
        "The workflow ‘{workflow}’ is about {about}, and the form ‘{name}’ is about {other}.",
        "Use a form about {about}, or say so under ‘about’ of the form.",
    ),
    Code(
        "R323",
        "Workflow about something else",
        "The workflow ‘{name}’ is about {other}, and it would be started here on {about}.",
        "Add ‘on: FORM.question’ with a question that links to {other}, or start another workflow.",
    ),
    Code(
        "R325",
        "Named condition written twice",
        "There are two named conditions ‘{name}’.",
        "Give one of them another name.",
    ),
    Code(
        "R326",
        "Group chosen",
        "‘{name}’ of the list ‘{list}’ is a group, which heads others and cannot be chosen.",
        "Name one of the options under it.",
    ),
    Code(
        "R327",
        "Circle of carried answers",
        "These answers are carried from each other in a circle: {circle}.",
        "Take ‘carry’ out of one of them.",
    ),
    Code(
        "R328",
        "Word typed outright",
        "‘{word}’ is a word that authorities rename, and here it is typed outright.",
        "Write {{term.{term}}} in its place.",
        severity="advice",
    ),
    Code(
        "R330",
        "Unknown form of a term",
        "‘{form}’ is not a form of the term ‘{name}’.",
        "Write {{term.{name}}}, {{term.{name}.many}}, {{term.{name}.a}} or {{term.{name}.the}}.",
    ),
    Code(
        "R331",
        "Reads something retired",
        "‘{name}’ was retired by the pack ‘{by}’: {why}",
        "{advice}",
    ),
    Code(
        "R332",
        "Scenario of another record",
        "The workflow ‘{workflow}’ is about {about}, and the scenario's record is a ‘{name}’.",
        "Write ‘record: {{type: …}}’ with {about}, or run another workflow.",
    ),
    Code(
        "R333",
        "Person in a context",
        "‘{question}’ asks for a person, and ‘{record}’ is a context: nothing in it may identify those linked to it.",
        "Delete the question, or ask it in a form about the young person.",
    ),
    Code(
        "R334",
        "File in a record type",
        "‘{question}’ is a field of ‘{record}’, and files belong to forms.",
        "Delete the field, and ask for the file in a form about {record}.",
    ),
    Code(
        "R335",
        "Record type that nobody may make",
        "‘{user}’ is about ‘{record}’, and no access rule lets any role make one.",
        "Add ‘create’ to what a role may do with ‘{record}’, in access.yaml.",
        severity="warning",
    ),
)
