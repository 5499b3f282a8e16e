"""Codes F5xx, forms that could mislead. Data only."""

from __future__ import annotations

from engine.language.codes.entry import Code

CODES: tuple[Code, ...] = (
    Code(
        "F501",
        "Circle of conditions",
        "These settle each other in a circle, so none of them can ever be settled: {circle}.",
        "Take one of them out of the circle: let a condition read something that does not depend on it.",
    ),
    Code(
        "F502",
        "Asked for twice over",
        "‘{setting}’ changes nothing, because the question already says ‘answer: {answer}’.",
        "Delete ‘answer: {answer}’ if the condition should decide, or delete ‘{setting}’.",
    ),
    Code(
        "F503",
        "Setting of a calculated question",
        "‘{setting}’ has no effect: ‘{question}’ is calculated, so nobody answers it.",
        "Delete ‘{setting}’, or delete ‘calculate’ if people should answer.",
    ),
    Code(
        "F504",
        "Triangle without a standing question",
        "The triangle's section ‘{section}’ has no question that says how it stands.",
        "Name a question of that section under ‘stands’: one from each of the three sections.",
    ),
    Code(
        "F505",
        "Rows within rows",
        "‘{question}’ is a {type} inside ‘{outer}’; rows cannot hold rows.",
        "Move it out of ‘{outer}’ and put it after it, or ask in single questions.",
    ),
    Code(
        "F506",
        "Bounds that leave nothing",
        "‘{low}: {least}’ is above ‘{high}: {most}’, so no answer is possible.",
        "Exchange the two, or mend the one that is wrong.",
    ),
    Code(
        "F507",
        "Nothing to choose",
        "‘{question}’ has nothing that can be chosen: every option of ‘{list}’ is a group or retired.",
        "Add an option that is no group, or retire the question.",
    ),
    Code(
        "F508",
        "Required without a reason",
        "‘{question}’ is required, and nothing says why.",
        "Say why in ‘why_required’, or write ‘answer: advised’: asked for, warned about, never blocking.",
        "advice",
    ),
    Code(
        "F509",
        "Words that are asked for",
        "‘{setting}’ has no effect: ‘{question}’ is guidance and takes no answer.",
        "Delete ‘{setting}’, or give the question a type that is answered.",
    ),
    Code(
        "F510",
        "Section once a record in a form about one",
        "The section ‘{section}’ says ‘each: yes’, and the form is about one record.",
        "Add ‘several: yes’ to the form, or delete ‘each’ from the section.",
    ),
    Code(
        "F511",
        "Empty section",
        "The section ‘{section}’ has no questions, so it is never shown.",
        "Add a question, or delete the section.",
        "warning",
    ),
    Code(
        "F512",
        "Scale that cannot be drawn",
        "The scale ‘{question}’ has {what}.",
        "Choose ‘min’, ‘max’ and ‘step’ so that equal steps lead from the lowest to the highest point, 100 at most.",
    ),
    Code(
        "F513",
        "Two sections for one corner",
        "‘{first}’ and ‘{second}’ both stand for the triangle's section ‘{section}’.",
        "Leave one question for each of the three sections under ‘stands’.",
    ),
    Code(
        "F514",
        "Required only while hidden",
        "‘{question}’ is {asked} only when it is not shown, so it is never {asked}.",
        "Its ‘{setting}’ can never hold while it is shown: mend whichever condition is the wrong way round.",
    ),
    Code(
        "F516",
        "Never shown",
        "‘{question}’ is never shown: whatever is answered, {why}.",
        "Change the condition, or retire what nobody will ever see.",
    ),
    Code(
        "F517",
        "Condition that always holds",
        "‘{setting}’ of ‘{question}’ holds whatever is answered, so {effect}.",
        "{advice}, or say what it should depend on.",
        "warning",
    ),
    Code(
        "F518",
        "Condition that never holds",
        "‘{setting}’ of ‘{question}’ changes nothing: it cannot hold, whatever is answered.",
        "Change the condition, or delete it.",
    ),
    Code(
        "F519",
        "No answer is accepted",
        "Whatever is answered to ‘{question}’, ‘valid_if’ refuses it.",
        "Change the condition: it must hold for the answers that are right.",
    ),
    Code(
        "F520",
        "Check that refuses nothing",
        "‘valid_if’ of ‘{question}’ changes nothing: there is no answer that it refuses.",
        "Delete it, or change it so that it refuses what is wrong.",
        "warning",
    ),
    Code(
        "F521",
        "Could not be decided for a form",
        "Whether ‘{setting}’ of ‘{question}’ can ever hold could not be decided: {why}.",
        "Make the condition simpler, or try it with a scenario.",
        "warning",
    ),
    Code(
        "F522",
        "Required by what somebody may not see",
        "‘{question}’ must be answered depending on ‘{other}’, and whoever is ‘{role}’ may answer the one and never "
        "see the other: that they are asked would tell them, and they could not know why.",
        "Let the role see ‘{other}’, take ‘{question}’ from it in the access rules, or do not require it.",
    ),
    Code(
        "F523",
        "Condition that tells who is linked",
        "‘{setting}’ of ‘{part}’ reads ‘record.links’, and the form is about a group or place: what it shows or "
        "refuses would tell whether, or how many, people are linked to it.",
        "Ask in the form itself what you need to know, without counting links.",
    ),
    Code(
        "F524",
        "Own words where nobody writes",
        "‘{question}’ {why}, so it cannot hold anybody's own words.",
        "Delete ‘voice’, or set it on a question that people answer.",
    ),
)
