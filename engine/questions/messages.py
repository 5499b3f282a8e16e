"""Everything that Trefoil says to a person about an answer, in one catalogue.

Plain sentences: what is wrong, and what to do. Must not know how a fault is found; a message is filled with
the question's own label, so that an error summary can be read away from the form. `SAID` holds the English; what
other languages say stands in a module each, under the same keys.
"""

from __future__ import annotations

from engine.language.model import Question
from engine.questions import welsh

SAID = {
    "enter": "Enter {named}",
    "select": "Select {named}",
    "select_yes_no": "Select yes or no for {quoted}",
    "add_row": "Add at least one {row}",
    "fill_cell": "Fill in at least one box of {quoted}",
    "not_text": "{subject} must be text",
    "too_short": "{subject} must be {least} characters or more",
    "too_long": "{subject} must be {most} characters or fewer; it is {count}",
    "too_many_words": "{subject} must be {most} words or fewer; it is {count}",
    "pattern": "{subject} is not in the format asked for",
    "not_number": "{subject} must be a number, like 12 or 7.5",
    "number_comma": "{subject} must be a number. Use a point for decimals, like 7.5",
    "not_whole": "{subject} must be a whole number",
    "number_too_long": "{subject} must have at most 12 digits before the decimal point and 6 after it",
    "too_small": "{subject} must be {least} or more",
    "too_big": "{subject} must be {most} or less",
    "not_step": "{subject} must be one of the points of the scale, from {least} in steps of {step}",
    "not_date": "{subject} must be a real date, like 27 3 2026",
    "date_missing": "{subject} must include {parts}",
    "date_day": "{subject} has a day that is not a number from 1 to 31: ‘{typed}’",
    "date_month": "{subject} has a month that is neither a number from 1 to 12 nor a name: ‘{typed}’",
    "date_year": "{subject} has a year that is not four digits, like 2026: ‘{typed}’",
    "date_length": "{subject} must be a real date: {month} has {days} days",
    "too_early": "{subject} must be {least} or later",
    "too_late": "{subject} must be {most} or earlier",
    "not_time": "{subject} must be a time, like 9:30am or 14:05",
    "not_yes_no": "{subject} must be yes or no",
    "not_option": "Select one of the choices given for {quoted}",
    "option_group": "Select something more exact for {quoted}: ‘{option}’ is a heading",
    "option_retired": "Select another answer for {quoted}: ‘{option}’ is no longer used",
    "too_few_chosen": "Select at least {least} for {quoted}",
    "too_many_chosen": "Select at most {most} for {quoted}",
    "not_postcode": "{subject} must be a full UK postcode, like SW1A 1AA",
    "not_postcode_part": "{subject} must be a UK postcode, or the first half of one, like SW1A",
    "not_link": "Select {named} from what the search finds",
    "one_link": "Select only one for {quoted}",
    "not_rows": "{subject} must be a list of rows",
    "too_few_rows": "Add at least {least} rows to {quoted}",
    "too_many_rows": "{subject} can have at most {most} rows; remove some",
    "not_grid": "{subject} must be a table of boxes",
    "not_parts": "{subject} must be a set of its parts and their answers",
    "ends_first": "{subject}: ‘{option}’ cannot end before it began on {least}",
    "not_files": "Add the files of {named} again: they could not be read",
    "add_file": "Add a file to {quoted}",
    "too_many_files": "{subject} can have at most {most} files; remove some",
    "name_row": "Enter what the row that was added to {quoted} is about",
    "no_such_row": "{subject} has no row ‘{row}’",
    "no_answer": "{subject} takes no answer",
    "valid_if": "{subject} does not fit with the other answers",
    "advised": "{quoted} is not answered yet",
    "unknown_question": "There is no question ‘{path}’ in this form",
    "read_only": "{subject} is worked out from other answers and cannot be typed",
    "not_answers": "Answers must be given as a set of questions and their answers",
}


CATALOGUES = {"cy": welsh.SAID}
WORDS = {"cy": welsh.WORDS}


def _template(key: str, language: str) -> str:
    """What is said under `key`; in English where a language has no words for it."""
    return CATALOGUES.get(language, SAID).get(key) or SAID[key]


def word(english: str, language: str) -> str:
    """A word or two that answers are shown with, in this language."""
    return WORDS.get(language, {}).get(english, english)


def say(key: str, question: Question, **words: object) -> str:
    """The message `key` about this question. Raises KeyError for a key or word it does not have."""
    label = question.label.strip() or question.id.replace("_", " ")
    asks = label.endswith("?")
    quoted = f"‘{label}’"
    template = _template(key, question.language)
    if "{named}" in template:
        words["named"] = f"an answer to {quoted}" if asks else lowered(label)
    return template.format(
        label=label, quoted=quoted, subject=f"The answer to {quoted}" if asks else label, **words
    )


def plainly(key: str, language: str = "en", **words: object) -> str:
    """A message that is about no particular question."""
    return _template(key, language).format(**words)


def lowered(label: str) -> str:
    """A label inside a sentence: its capital goes, unless its first word is an abbreviation (NHS, GP)."""
    first = label.split(maxsplit=1)[0] if label else ""
    ordinary = (len(first) > 1 and first[1:] == first[1:].lower()) or first in {"A"}
    return label[:1].lower() + label[1:] if ordinary else label


def listed(words: list[str], language: str = "en") -> str:
    """‘a day’, ‘a day and a month’, ‘a day, a month and a year’."""
    said = [word(one, language) for one in words]
    last = f" {word('and', language)} "
    return last.join(part for part in (", ".join(said[:-1]), said[-1] if said else "") if part)
