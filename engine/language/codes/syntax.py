"""Codes Y1xx, text that is not YAML as Trefoil reads it. Data only."""

from __future__ import annotations

from engine.language.codes.entry import Code

CODES: tuple[Code, ...] = (
    Code(
        "Y101",
        "Not UTF-8",
        "This file is not UTF-8: byte {byte} on line {line} is no letter in it.",
        "Save the file again as “UTF-8”. It looks like {likely}; letters such as £, é and – are what "
        "differs.",
    ),
    Code(
        "Y102",
        "UTF-16 or UTF-32",
        "This file is {likely}, not UTF-8.",
        "Save the file again and choose “UTF-8” as its encoding (Notepad calls it so in “Save as”).",
    ),
    Code(
        "Y103",
        "Control character",
        "There is an invisible control character here ({name}).",
        "Delete it: it often comes along when text is pasted. Retype the line if you cannot see it.",
    ),
    Code(
        "Y104",
        "File too large",
        "This file is {size}, and a definition may be at most 1 MB.",
        "Divide it into several files, or put a long list's options in a CSV beside it (‘options_from’).",
    ),
    Code(
        "Y105",
        "Nested too deep",
        "Lists and maps stand inside each other more than {limit} deep here.",
        "Nothing in a definition needs that. Look for brackets that were never closed or lines indented "
        "too far.",
    ),
    Code(
        "Y106",
        "Nothing in the file",
        "There is no definition in this file.",
        "Start it with what it is, such as ‘form: referral’, or delete the file.",
        "warning",
    ),
    Code(
        "Y107",
        "Anchor or alias",
        "‘{text}’ is YAML's shorthand for repeating a part (an anchor or alias), which definitions may "
        "not use.",
        "If it is wording, put it in quotes: {paste}. If a part should repeat, write it out where it is "
        "needed, "
        "or share it as a list or a named condition.",
    ),
    Code(
        "Y108",
        "Merge key",
        "‘<<’ merges one map into another, which definitions may not do.",
        "Write the settings out here. To change what another pack has, use ‘changes’.",
    ),
    Code(
        "Y109",
        "Tag",
        "‘{text}’ is a YAML tag, which definitions may not use.",
        "If it is wording, put it in quotes: {paste}. Otherwise delete it: Trefoil knows what each "
        "setting wants.",
    ),
    Code(
        "Y110",
        "Key that is not a word",
        "A key must be a plain word, and here is {what}.",
        "Write the key as a word followed by a colon, such as ‘label: …’.",
    ),
    Code(
        "Y111",
        "Key given twice",
        "‘{key}’ is given twice here: on line {first} and on line {second}.",
        "Keep one of the two; or, if one belongs to another part, line it up with that part's settings.",
    ),
    Code(
        "Y112",
        "Tab",
        "There is a tab in this line's indentation.",
        "Replace each tab with two spaces. Many editors do this by themselves (“indent using spaces”).",
    ),
    Code(
        "Y113",
        "Unquoted colon",
        "The text holds a colon followed by a space, which YAML takes for a new setting.",
        "Put the text in quotes: {paste}",
    ),
    Code(
        "Y114",
        "Text that starts with a special character",
        "Text cannot start with {character} unless it is quoted.",
        "Put the text in quotes: {paste}",
    ),
    Code(
        "Y115",
        "Question mark at the start",
        "A question mark and a space at the start mean something else in YAML.",
        "Put the text in quotes: {paste}",
    ),
    Code(
        "Y116",
        "Missing dash",
        "A new item seems to begin here, but its dash is missing.",
        "Start each item with a dash in the same column as the others: {paste}",
    ),
    Code(
        "Y117",
        "Wrong indentation",
        "This line starts in column {column}, which does not fit the lines above it.",
        "Line it up with what it belongs beside: column {columns}.",
    ),
    Code(
        "Y118",
        "Curly quotes",
        "Curly quotes ({quote}) do not quote text for a program; straight ones do.",
        "Write it with straight quotes: {paste}",
    ),
    Code(
        "Y119",
        "Long dash for a hyphen",
        "The line starts with a long dash ({dash}), and an item of a list starts with a hyphen.",
        "Use the hyphen key, then a space: {paste}",
    ),
    Code(
        "Y120",
        "No space after a colon or dash",
        "There must be a space after the {mark}.",
        "Write it with a space: {paste}",
    ),
    Code(
        "Y121",
        "Unclosed quote",
        "The quote that opens here is never closed.",
        "Put another {quote} where the text ends. For {name} inside the text, {inside}.",
    ),
    Code(
        "Y122",
        "Unclosed bracket",
        "The bracket ‘{bracket}’ that opens here is not closed where it should be.",
        "Put ‘{closing}’ after the last item, and a comma between items.",
    ),
    Code(
        "Y123",
        "Something after a closing bracket or quote",
        "The text goes on after the closing {mark}.",
        "Put the whole text in quotes: {paste}",
    ),
    Code(
        "Y124",
        "Line without a colon",
        "This line has no colon, so it is neither a setting nor part of the text above.",
        "Write ‘name: value’; or, if it goes on from the line above, indent it further than that line.",
    ),
    Code(
        "Y125",
        "Text cut off at a hash",
        "Everything after the ‘#’ here is left out: YAML takes it for a remark.",
        "If it belongs to the text, put the text in quotes: {paste}. If it is a remark, put a space after "
        "the ‘#’.",
        "warning",
    ),
    Code(
        "Y126",
        "YAML directive",
        "A line that starts with ‘%’ gives orders to YAML itself, which definitions may not do.",
        "Delete the line.",
    ),
    Code(
        "Y127",
        "Hard space",
        "There is a hard space here (it often comes from a web page or Word); it does not count as a space.",
        "Delete it and type an ordinary space: {paste}",
    ),
    Code(
        "Y128",
        "Backslash in double quotes",
        "In double quotes a backslash has a meaning of its own, and this one has none.",
        "Use single quotes for patterns: {paste}",
    ),
    Code(
        "Y129",
        "Text that starts with | or >",
        "After ‘{mark}’ the text must start on the next line, indented.",
        "If ‘{mark}’ belongs to the text, put the text in quotes: {paste}",
    ),
    Code(
        "Y130",
        "Setting under a value",
        "‘{key}’ already has a value, so nothing can stand under it.",
        "Line this up with ‘{key}’, or move the value to a line of its own.",
    ),
    Code(
        "Y131",
        "Too many parts",
        "This file holds more than {limit} values, which no definition needs.",
        "Divide it into several files, or put a long list's options in a CSV beside it (‘options_from’).",
    ),
    Code(
        "Y132",
        "Placeholder at the start",
        "Text that starts with a curly bracket must be quoted.",
        "Put the text in quotes: {paste}",
    ),
    Code(
        "Y133",
        "List on the line of its name",
        "A dash here starts a list, and a list's first item stands on the next line.",
        "Move it to the next line, indented; or, if it is wording, put it in quotes: {paste}",
    ),
    Code(
        "Y134",
        "Text that starts with a hash",
        "‘{key}’ has no value: what starts with ‘#’ is a remark to YAML.",
        "Put the text in quotes: {paste}",
    ),
    Code(
        "Y135",
        "Nothing between two commas",
        "There is a comma here with nothing before it.",
        "Delete the comma, or write the item that is missing.",
    ),
    Code(
        "Y136",
        "Bracket too many",
        "The bracket ‘{bracket}’ closes nothing.",
        "Delete it, or put the whole text in quotes if the brackets are wording.",
    ),
    Code(
        "Y137",
        "First line indented",
        "The document's first line starts in column {column}, and this one further left.",
        "Start the first line in column 1, as all lines that belong beside it.",
    ),
    Code(
        "Y138",
        "Two documents without a line between them",
        "A second document starts here, and nothing divides it from the one above.",
        "Put a line with three hyphens (---) before it.",
    ),
    Code(
        "Y139",
        "Hash inside brackets",
        "Everything after the ‘#’ here is left out, the closing bracket too: YAML takes it for a remark.",
        "Put the text in quotes: {paste}",
    ),
    Code(
        "Y140",
        "Too many documents",
        "This file holds more than {limit} documents; from here on they are not read.",
        "Divide it into several files.",
    ),
    Code(
        "Y199",
        "Not readable",
        "This cannot be read: {problem}.",
        "Compare the line with the ones around it: indentation, a colon and a space after each key, "
        "quotes round text with punctuation.",
    ),
)
