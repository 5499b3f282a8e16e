"""Codes S2xx, documents that do not have the shape of their kind. Data only."""

from __future__ import annotations

from engine.language.codes.entry import Code

CODES: tuple[Code, ...] = (
    Code(
        "S201",
        "Unknown kind of document",
        "A document's first key says what it is, and ‘{key}’ is no kind of document.",
        "Start with one of: {kinds}.",
    ),
    Code(
        "S202",
        "Document that is not settings",
        "A document is a set of ‘name: value’ lines, and this one is {what}.",
        "Start it with what it is, such as ‘form: referral’, and put the rest under names.",
    ),
    Code("S203", "Unknown key", "‘{key}’ is not known in {where}.", "Keys allowed here: {allowed}."),
    Code("S204", "Missing key", "{where} has no {keys}.", "Add {lines}{why}."),
    Code("S205", "Wrong kind of value", "{subject} wants {wanted}, and here is {found}.", "{sample}"),
    Code(
        "S206",
        "Not one of the values allowed",
        "‘{value}’ is not a value of ‘{key}’.",
        "Use one of: {allowed}.",
    ),
    Code(
        "S207",
        "Not an id",
        "‘{value}’ cannot be an id: ids are small letters, digits and underscores, starting with a letter.",
        "{advice}",
    ),
    Code(
        "S208",
        "Reserved word",
        "‘{value}’ is a word of the language itself and cannot be an id.",
        "Choose another id, such as ‘{paste}’.",
    ),
    Code("S209", "Empty text", "‘{key}’ is empty.", "Write its text, or delete the line."),
    Code(
        "S210",
        "Not yes or no",
        "‘{key}’ is either yes or no, and here is ‘{value}’.",
        "Write ‘{key}: yes’ or ‘{key}: no’.",
    ),
    Code("S211", "Not a number", "‘{key}’ wants {wanted}, and here is ‘{value}’.", "{advice}"),
    Code(
        "S212",
        "Number too long",
        "‘{value}’ has too many digits.",
        "Numbers have at most 12 digits before the point and 6 after it.",
    ),
    Code(
        "S213",
        "Not a date",
        "‘{key}’ wants a date, and ‘{value}’ is none.",
        "Write year-month-day, such as 2026-01-05.",
    ),
    Code(
        "S214",
        "Not a length of time",
        "‘{value}’ is not a length of time that can be counted.",
        "Write {wanted}.",
    ),
    Code("S215", "Unknown type of question", "There is no question type ‘{value}’.", "Types: {allowed}."),
    Code(
        "S216",
        "Setting of another type",
        "‘{key}’ is a setting of {types} questions, and this one is {type}.",
        "Delete it, or change the type. Settings of {type} questions of their own: {allowed}.",
    ),
    Code("S217", "Unknown effect", "There is no effect ‘{value}’.", "Effects: {allowed}."),
    Code(
        "S218",
        "Effect with more than one name",
        "An effect is one name with its settings, and here are {count}: {keys}.",
        "Start each effect with a dash of its own, and put its settings under its name.",
    ),
    Code("S220", "Empty list", "‘{key}’ has nothing in it.", "Add at least one, or delete the line."),
    Code(
        "S221",
        "Id used twice",
        "The id ‘{value}’ is used twice in {where}: on line {first} and on line {second}.",
        "Give one of them another id, such as ‘{paste}’.",
    ),
    Code(
        "S222",
        "Not a version",
        "‘{value}’ is not a version.",
        "Write three numbers with points between them, such as 1.0.0.",
    ),
    Code("S223", "Unknown change", "There is no change ‘{key}’.", "A change is one of: {allowed}."),
    Code(
        "S224",
        "Several changes in one",
        "This is {count} changes in one item: {keys}.",
        "Start each change with a dash of its own.",
    ),
    Code(
        "S225",
        "Transition without one way on",
        "The transition ‘{value}’ has {what}.",
        "Give it ‘to: STATE’, or ‘branches:’ with a ‘when’ each; not both.",
    ),
    Code(
        "S226",
        "Transition nobody can take",
        "The transition ‘{value}’ is neither automatic nor has it ‘by’, so nobody can take it.",
        "Add ‘by: [role]’ for people to take it, or ‘automatic: yes’.",
    ),
    Code("S227", "Number out of range", "‘{key}’ is {value}, and it {limit}.", "Choose a number that does."),
    Code(
        "S228",
        "Text too long",
        "‘{key}’ is {length} characters long, and {limit} is the most.",
        "Shorten it. Longer explanations belong under ‘guidance’.",
    ),
    Code(
        "S229",
        "Not in the form wanted",
        "‘{value}’ is not what ‘{key}’ wants.",
        "Write {wanted}.",
    ),
    Code(
        "S230",
        "Quotes that will show",
        "The curly quotes round this text are part of it and will show.",
        "To quote text for YAML use straight quotes: {paste}. To keep them as they are, put straight ones "
        "round "
        "them.",
        "warning",
    ),
    Code(
        "S231",
        "Condition that YAML takes apart",
        "‘{key}’ wants a condition in words, and here is {found}.",
        "Write it without the curly brackets: {paste}",
    ),
    Code(
        "S232",
        "Placeholder that YAML takes for a map",
        "Text that starts with a curly bracket must be quoted.",
        "Put the text in quotes: {paste}",
    ),
    Code(
        "S233",
        "Options given twice",
        "‘{value}’ has both ‘options’ and ‘options_from’.",
        "Keep one: options written here, or the CSV beside this file.",
    ),
    Code(
        "S234",
        "Item given twice",
        "‘{value}’ stands twice in ‘{key}’.",
        "Delete one of them.",
        "warning",
    ),
    Code(
        "S235",
        "Branch that says nothing",
        "A branch is ‘when’ with ‘to’, or ‘otherwise’, and here is {found}.",
        "Write {{when: CONDITION, to: STATE}} for each branch and {{otherwise: STATE}} for the last.",
    ),
    Code(
        "S236",
        "Scenario about nothing",
        "The scenario ‘{value}’ names {what}.",
        "Say ‘form: ID’ to fill in a form, or ‘workflow: ID’ to run a case; one of them.",
    ),
    Code(
        "S237",
        "Replacing and changing at once",
        "‘replaces’ and ‘changes’ stand in one document.",
        "Use ‘changes’ to alter what the layer below has, or ‘replaces: yes’ to write it anew.",
    ),
    Code(
        "S238",
        "Pattern that cannot be read",
        "‘{key}’ is not a pattern that can be used: {reason}.",
        "Patterns are RE2 regular expressions: no look-ahead and no back-references. Put it in single "
        "quotes.",
    ),
    Code(
        "S239",
        "What it is must come first",
        "The first line of a document says what it is, and here it is ‘{key}’.",
        "Move the line ‘{line}’ to the top.",
    ),
    Code(
        "S240",
        "This kind of document cannot be changed so",
        "A document of kind ‘{kind}’ has no ‘changes’.",
        "{advice}",
    ),
    Code(
        "S241",
        "Requirement without its condition",
        "‘{key}’ of {where} has no effect without ‘{needs}’.",
        "Add ‘{needs}: …’, or delete ‘{key}’.",
    ),
    Code(
        "S243",
        "Comma in unquoted text",
        "The comma ends ‘{key}’ here, and ‘{rest}’ is left over.",
        "In brackets, text with a comma must be quoted: {paste}",
    ),
    Code(
        "S244",
        "Unknown key, and one missing",
        "‘{key}’ is not known in {where}, and ‘{missing}’ is missing.",
        "If ‘{key}’ should be ‘{missing}’, rename it; if not, add ‘{missing}: …’ and delete ‘{key}’. "
        "Keys allowed here: {allowed}.",
    ),
    Code(
        "S245",
        "Curly bracket without its other half",
        "The pattern ‘{value}’ has a curly bracket without its other half.",
        "Write each placeholder in a pair of brackets, such as {paste}.",
    ),
    Code(
        "S242",
        "Row's id used outside it",
        "‘{value}’ names something in a row and something else in {where}, so a condition could not tell "
        "them apart.",
        "Give the one in the row another id, such as ‘{paste}’.",
    ),
)
