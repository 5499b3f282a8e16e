"""Codes P7xx, packs and layers that do not fit together. Data only."""

from __future__ import annotations

from engine.language.codes.entry import Code

CODES: tuple[Code, ...] = (
    Code(
        "P701",
        "Pack without its own document",
        "The pack ‘{pack}’ does not say what it is: its folder has no document that starts with ‘pack: {pack}’.",
        "Write form_definitions/{pack}/pack.yaml with at least ‘pack’, ‘title’ and ‘version’.",
    ),
    Code(
        "P702",
        "Pack in another pack's folder",
        "This says that it is the pack ‘{pack}’, and it stands in the folder of ‘{folder}’.",
        "Write ‘pack: {folder}’, or move it to form_definitions/{pack}/.",
    ),
    Code(
        "P703",
        "Pack described twice",
        "The pack ‘{pack}’ is described twice.",
        "Keep one of the two documents.",
    ),
    Code(
        "P704",
        "Base pack missing",
        "This pack extends ‘{base}’, and there is no such pack here.",
        "Put the base pack into form_definitions/{base}/, or correct the name.",
    ),
    Code(
        "P705",
        "Packs that extend each other",
        "These packs extend each other in a circle: {circle}.",
        "Take ‘extends’ out of one of them: a base must stand by itself.",
    ),
    Code(
        "P706",
        "Base in another version",
        "This pack was written against {base} {wanted}; the one here is {found}.",
        "Look through what changed in the base, then write ‘version: {found}’ here.",
        severity="advice",
    ),
    Code(
        "P707",
        "Needs another engine",
        "This pack asks for an engine {wanted}; this one is {found}.",
        "Use an engine that fits, or change ‘engine’ if you know that the pack works with this one.",
    ),
    Code(
        "P708",
        "File outside the workspace",
        "‘{file}’ does not lie in form_definitions/ or workflows/, in the folder of a pack.",
        "Put it into form_definitions/ID-OF-THE-PACK/ or workflows/ID-OF-THE-PACK/.",
    ),
    Code(
        "P709",
        "Link instead of a file",
        "‘{file}’ is a link to another place, and definitions are read from the workspace only.",
        "Put the file itself here.",
    ),
    Code(
        "P710",
        "Too large",
        "There are more {what} than a pack may have: at most {limit}.",
        "Split it up, or take out what does not belong.",
    ),
    Code(
        "P711",
        "Folder name is no id",
        "The folder ‘{folder}’ is not named as a pack can be.",
        "Use small letters, digits and underscores, starting with a letter, as in ‘riverside’.",
    ),
    Code(
        "P713",
        "Two documents with one id",
        "There is already a {kind} with the id ‘{id}’ in this pack.",
        "Give one of them another id, or put them together.",
    ),
    Code(
        "P714",
        "Version of the base or the engine cannot be read",
        "‘{text}’ does not say which engine is meant.",
        "Write comparisons with commas between them, as in ‘>=1, <3’.",
    ),
    Code(
        "P720",
        "Repeats what the base has",
        "The pack ‘{base}’ already has a {kind} with the id ‘{id}’.",
        "To alter it, write ‘changes:’ with the differences only. To take its place whole, add ‘replaces: yes’. "
        "If yours is something else, give it another id.",
    ),
    Code(
        "P721",
        "Nothing to change",
        "There is no {kind} with the id ‘{id}’ in the packs below that these changes could alter.",
        "Correct the id, or write the {kind} in full, without ‘changes’.",
    ),
    Code(
        "P722",
        "Change of something that is not there",
        "The {kind} ‘{id}’ has nothing called ‘{target}’ in the layer below.",
        "Changes name what the packs below have, by id; what is in a row or a grid as ‘places.place’.",
    ),
    Code(
        "P723",
        "Two changes to one thing",
        "‘{target}’ is changed twice: by ‘{first}’ and by ‘{second}’.",
        "Put what you want into one change. Only ‘set’ and ‘move’ may go together.",
    ),
    Code(
        "P724",
        "Added twice",
        "‘{target}’ is added here, and the {kind} ‘{id}’ already has it.",
        "If both mean the same, use ‘set: {target}’ and drop yours. If they differ, give yours another id.",
    ),
    Code(
        "P725",
        "No place to put it",
        "This is to go {how} ‘{anchor}’, and there is no such place in the {kind} ‘{id}’.",
        "Name a part of the layer below, or one that is added in this document.",
    ),
    Code(
        "P726",
        "Retired id used again",
        "‘{target}’ was retired, and its id keeps its old meaning for ever.",
        "Choose another id.",
    ),
    Code(
        "P727",
        "List overwritten",
        "‘{setting}’ of ‘{target}’ is a list, and to set it would throw away what the base has or adds later.",
        "Use {instead}. If the whole list is to go, name it under ‘unset’ too.",
    ),
    Code(
        "P728",
        "Locked",
        "The pack ‘{by}’ has locked ‘{setting}’ of ‘{target}’: {why}",
        "Leave it as it is, or ask the publisher of ‘{by}’.",
    ),
    Code(
        "P729",
        "Locked against removal",
        "The pack ‘{by}’ says that ‘{target}’ must stay: {why}",
        "Leave it in place. Its other settings can still be changed where they are not locked.",
    ),
    Code(
        "P730",
        "Does not go there",
        "{what} cannot go {how} ‘{anchor}’, which is {anchor_is}.",
        "{instead}",
    ),
    Code(
        "P731",
        "Id changed",
        "‘{target}’ would get another id. An id is given once and never changed.",
        "Change the label instead, or retire it and add another.",
    ),
    Code(
        "P732",
        "No place named",
        "It is not said where ‘{target}’ is to go.",
        "Add ‘after: …’, ‘before: …’ or ‘to: …’{example_of}.",
    ),
    Code(
        "P733",
        "Not in the list",
        "‘{item}’ is not among ‘{setting}’ of ‘{target}’ in the layer below, so it cannot be taken away.",
        "Take this line out, or correct the word.",
        severity="warning",
    ),
    Code(
        "P734",
        "Nothing to remove",
        "‘{target}’ has no ‘{setting}’ in the layer below, so there is nothing to remove.",
        "Take this line out, or correct the word.",
        severity="warning",
    ),
    Code(
        "P735",
        "Places in a circle",
        "These wait for each other to be placed: {circle}.",
        "Let one of them go after something that the layer below has.",
    ),
    Code(
        "P736",
        "Part of something retired",
        "‘{target}’ is in ‘{container}’, which this document retires.",
        "Move ‘{target}’ out first, or leave this change out.",
    ),
    Code(
        "P737",
        "Nothing to replace",
        "This says ‘replaces: yes’, and no pack below has a {kind} with the id ‘{id}’.",
        "Take ‘replaces’ out, or correct the id.",
    ),
    Code(
        "P738",
        "Retired below",
        "‘{target}’ was retired by the pack ‘{by}’: {why}",
        "Leave this change out, or use what took its place.",
    ),
    Code(
        "P739",
        "Never carried",
        "The pack ‘{by}’ says that the answer to ‘{target}’ is never carried from elsewhere.",
        "Leave ‘carry’ out.",
    ),
    Code(
        "P740",
        "No such list to add to",
        "‘{target}’ has no list ‘{setting}’ that words could be added to or taken from.",
        "‘add_to’ and ‘take_from’ are for lists of words, as ‘by’ of a transition or ‘forms’ of a state.",
    ),
    Code(
        "P741",
        "Replaced by another id",
        "What takes the place of ‘{target}’ must have the same id, and this has ‘{id}’.",
        "Write ‘id: {target_id}’, or retire ‘{target}’ and add the other.",
    ),
)
