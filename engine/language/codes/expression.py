"""Codes E4xx, conditions and calculations. Data only."""

from __future__ import annotations

from engine.language.codes.entry import Code

CODES: tuple[Code, ...] = (
    # How it is written.
    Code(
        "E401",
        "Nothing where something is wanted",
        "There is nothing {where}.",
        "Write a condition or calculation, as in ‘QUESTION is OPTION’, or take this out.",
    ),
    Code(
        "E402",
        "Word out of place in an expression",
        "‘{found}’ cannot stand here.",
        "Compare something with something: ‘QUESTION is OPTION’, ‘NUMBER < 18’, each by its id. Join "
        "conditions with ‘and’ or ‘or’.",
    ),
    Code(
        "E403",
        "Bracket without its other half",
        "This ‘{found}’ has no ‘{wanted}’ that belongs to it.",
        "Put in the missing ‘{wanted}’, or take this one out.",
    ),
    Code(
        "E404",
        "Sign or word from another language",
        "‘{found}’ is not how this is written here.",
        "Write {instead}.",
    ),
    Code(
        "E405",
        "Curly or single quotes",
        "‘{found}’ stands in curly or single quotes.",
        "Between straight double quotes it is text: {instead}. Options are written without quotes.",
    ),
    Code(
        "E406",
        "Long dash for a minus",
        "This is a dash ({found}), not a minus.",
        "Type the minus key: -",
    ),
    Code(
        "E407",
        "Quote that is never closed",
        "Text begins at this {found} and never ends.",
        "Put the same quote after the text; options are written without quotes.",
    ),
    Code(
        "E408",
        "‘if’ or ‘then’ in a condition",
        "‘{found}’ is not needed: the whole setting is the condition.",
        "Take out ‘{found}’ and write only what must hold: ‘QUESTION is OPTION’.",
    ),
    Code(
        "E409",
        "Day not written year first",
        "‘{found}’ is not a day as it is written here.",
        "Write year, month and day: 2026-01-05 is 5 January 2026.",
    ),
    Code(
        "E410",
        "Expression too long",
        "This is longer than an expression may be ({tokens} words and signs).",
        "Give parts of it names under ‘conditions’ and use those.",
    ),
    Code(
        "E411",
        "Expression too deeply nested",
        "This is nested more than {depth} deep.",
        "Give the inner part a name under ‘conditions’ and use that.",
    ),
    Code(
        "E412",
        "Expression that ends too soon",
        "Something is missing after ‘{found}’.",
        "Finish it, or take ‘{found}’ out.",
    ),
    Code(
        "E413",
        "Two comparisons in one",
        "A comparison has two sides; ‘{found}’ would give it a third.",
        "Write two and join them: ‘0 < count(places) and count(places) < 5’.",
    ),
    Code(
        "E414",
        "Sign that means nothing here",
        "‘{found}’ means nothing in an expression.",
        "Names are small letters, figures and underscores; text stands between straight double quotes.",
    ),
    Code(
        "E415",
        "No such function",
        "There is no function ‘{found}’.",
        "{advice}",
    ),
    Code(
        "E416",
        "Row by its number",
        "Rows are not read by number (‘{found}’).",
        "Write ‘any row of places where …’, ‘every row of places where …’, or count, sum, min, max.",
    ),
    Code(
        "E417",
        "‘today’ without brackets",
        "‘{function}’ needs its brackets.",
        "Write {function}()",
    ),
    Code(
        "E418",
        "Function without brackets",
        "‘{function}’ needs brackets after it.",
        "Write what it works on in brackets: {function}(places) or {function}(places.cost).",
    ),
    Code(
        "E419",
        "Number too long",
        "‘{found}’ has more digits than are kept.",
        "Numbers have at most 12 digits before the point and 6 after.",
    ),
    Code(
        "E420",
        "Unequal sign",
        "‘{found}’ is not how this is written here.",
        "Write ‘is not’, as in ‘QUESTION is not OPTION’; between two questions, ‘not (a = b)’.",
    ),
    Code(
        "E421",
        "Time of day without quotes",
        "A time of day stands between quotes.",
        'Write "{found}".',
    ),
    Code(
        "E423",
        "Text without quotes",
        "‘{found}’ are words side by side with nothing between them.",
        "If it is an option or a question, write its id; if it is text, put it between straight double quotes; "
        "if it is two conditions, write ‘and’ or ‘or’ between them.",
    ),
    Code(
        "E424",
        "Expression too long once written out",
        "With its named conditions written out this has more than {size} parts.",
        "Use fewer conditions in conditions.",
    ),
    Code(
        "E425",
        "Rows in rows in rows",
        "Rows are looked at inside rows more than {depth} deep.",
        "Count or add up in the inner rows with a calculated question, and look at that.",
    ),
    # What it means.
    Code(
        "E430",
        "Name that is not there",
        "Nothing here is called ‘{name}’.",
        "Write the id of a question of this form, or a path: FORM.question, record.field, case.state.",
    ),
    Code(
        "E431",
        "Comparison that makes no sense",
        "‘{left}’ is {left_type} and ‘{right}’ is {right_type}: they are never alike.",
        "{advice}",
    ),
    Code(
        "E432",
        "‘is’ with a question that takes several answers",
        "‘{name}’ can have several options chosen, so ‘{operator}’ does not fit it.",
        "Write ‘{name} includes {option}’; without it, ‘{name} does not include {option}’.",
    ),
    Code(
        "E433",
        "Comparison of what cannot be compared",
        "‘{left}’ is {type}; that cannot be compared like this.",
        "Ask for one option with ‘includes’, count with ‘count(…)’, or ask ‘is answered’.",
    ),
    Code(
        "E434",
        "Name with two meanings",
        "‘{name}’ is {kinds} here, and a reader cannot tell which is meant.",
        "Give one of them another id.",
    ),
    Code(
        "E435",
        "Retired question still read",
        "‘{name}’ is retired, and this still reads it.",
        "Read the question that took its place, or change this condition in the layer that retired it.",
    ),
    Code(
        "E436",
        "Order asked of what has none",
        "‘{operator}’ asks which comes first, and {type} has no order.",
        "Only numbers, days and times can be put in order. Use ‘is’ or ‘=’.",
    ),
    Code(
        "E437",
        "Expression that is always the same",
        "‘{found}’ reads no answer, so it is the same for everybody.",
        "Put a question's id where the value should come from.",
    ),
    Code(
        "E438",
        "Value to the left of a comparison",
        "The left side, {found}, is a fixed value.",
        "Write the question first: ‘QUESTION is OPTION’.",
    ),
    Code(
        "E439",
        "Option with an ordering sign",
        "‘{option}’ is an option of ‘{name}’; = < and > are for two values.",
        "Write ‘{name} {operator} {option}’.",
    ),
    Code(
        "E440",
        "Cell outside its row",
        "‘{name}’ has a value in each row, so by itself it has none.",
        "Write ‘any row of {rows} where {cell} …’, or sum({name}), min({name}), max({name}), count({name}). "
        "Inside the row write ‘{cell}’ alone.",
    ),
    Code(
        "E441",
        "Value where a condition is wanted",
        "‘{found}’ is {type}; a condition is wanted.",
        "Compare it with something, or write ‘{found} is answered’.",
    ),
    Code(
        "E442",
        "Rows used as one value",
        "‘{name}’ holds rows, not a value.",
        "Write count({name}), ‘any row of {name} where …’ or ‘{name} is answered’.",
    ),
    Code(
        "E443",
        "Form used as a value",
        "‘{form}’ is a form, not a value.",
        "Write ‘{form} is submitted’, or name a question of it: {form}.QUESTION",
    ),
    Code(
        "E444",
        "Section used as a value",
        "‘{section}’ is a section, and sections have no answers.",
        "Name a question in it.",
    ),
    Code(
        "E445",
        "‘includes’ with a question that takes one answer",
        "‘{name}’ has one option at most.",
        "Write ‘{name} is {option}’.",
    ),
    Code(
        "E446",
        "‘includes’ with something that has no options",
        "‘{name}’ is {type}, so there is nothing for it to include.",
        "‘includes’ asks whether an option is among those chosen. Text is compared whole, with =.",
    ),
    Code(
        "E447",
        "Two questions compared with ‘is’",
        "‘{right}’ is a question, not an option.",
        "Two questions are compared with =: ‘{left} = {right}’.",
    ),
    Code(
        "E448",
        "Text without quotes",
        "‘{found}’ is meant as text and has no quotes.",
        'Write "{found}".',
    ),
    Code(
        "E449",
        "Retired option still read",
        "The option ‘{option}’ is retired: nobody can choose it any more.",
        "Leave it if answers given earlier should count; else take it out.",
        severity="warning",
    ),
    Code(
        "E450",
        "Condition where an option is wanted",
        "‘{found}’ is not an option.",
        "To the right of is, in and includes stand options, or a chain of them: ‘is a or b’.",
    ),
    Code(
        "E451",
        "Label used for an option",
        "“{label}” is what people read; the option's id is ‘{option}’.",
        "Write {option}",
    ),
    Code(
        "E452",
        "Id not written as it is",
        "‘{found}’ is not how this id is written.",
        "Write {option}",
    ),
    Code(
        "E453",
        "No such option",
        "‘{found}’ is not an option of {list}.",
        "The options are: {options}.",
    ),
    Code(
        "E454",
        "Sum with something that is no number",
        "‘{found}’ is {type}; only numbers can be added, subtracted, multiplied or divided.",
        "Use a number question, or count(…).",
    ),
    Code(
        "E455",
        "Sum with a day",
        "‘{found}’ is a day; days cannot be added or subtracted.",
        "Write ‘days between A and B’, ‘working days between A and B’ or ‘age of A at B’, and compare "
        "the result.",
    ),
    Code(
        "E456",
        "Day wanted",
        "‘{found}’ is {type}; a day is wanted here.",
        "Name a date question, today() or a day such as 2026-01-05.",
    ),
    Code(
        "E457",
        "Function used wrongly",
        "‘{function}’ takes {wants}.",
        "Write for example count(places), sum(places.cost), max(a, b) or today().",
    ),
    Code(
        "E458",
        "Count of what cannot be counted",
        "‘{name}’ is {type}; there is nothing to count.",
        "Count a repeat, a question that takes several options, or one cell of a repeat: count(places).",
    ),
    Code(
        "E459",
        "Function over the wrong kind of value",
        "‘{function}’ cannot take ‘{found}’, which is {type}.",
        "sum takes numbers; min and max take numbers, days or times, all of one kind.",
    ),
    Code(
        "E460",
        "Result of another kind",
        "‘{found}’ gives {type}; {wants} is wanted here.",
        "Change the calculation, or the type of the question.",
    ),
    Code(
        "E461",
        "‘is answered’ with a form",
        "‘{form}’ is a form: it is submitted, not answered.",
        "Write ‘{form} is submitted’.",
    ),
    Code(
        "E462",
        "‘is submitted’ with something that is no form",
        "‘{found}’ is not a form, so it cannot be {test}.",
        "Name a form by its id, or write ‘is answered’ for a question.",
    ),
    Code(
        "E463",
        "Rows of something that has none",
        "‘{name}’ has no rows.",
        "After ‘row of’ stands a repeat or a grid, as in ‘any row of places where …’.",
    ),
    Code(
        "E464",
        "Named conditions in a circle",
        "These conditions are made of each other: {circle}.",
        "Write one of them out without the others.",
    ),
    Code(
        "E465",
        "Named condition that does not fit here",
        "The condition ‘{condition}’ cannot be used here: {why}",
        "A named condition reads names where it is used. Use it where those are, or write the condition out.",
    ),
    Code(
        "E466",
        "Chain with two meanings",
        "‘{word}’ is an option of {list} and also a question or condition, so this can be read in two ways.",
        "For the options write ‘{left} in ({options}, {word})’; for the question put brackets round what comes "
        "before the ‘or’.",
    ),
    Code(
        "E467",
        "Group where an option is wanted",
        "‘{option}’ heads a group of options; nobody can choose it.",
        "Name one of the options under it.",
    ),
    Code(
        "E468",
        "Words that people read used for an id",
        "“{label}” is what people read; its id is ‘{id}’.",
        "Write {id}",
    ),
)
