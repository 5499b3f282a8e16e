"""Everything that Trefoil says about an answer, in Welsh. A draft: no translator has checked it.

A label stands in quotes wherever it is named, because its first letter would mutate inside a sentence; a number is
followed by the singular, as Welsh has it. The keys and what fills them are those of `messages`; a test compares them.
"""

from __future__ import annotations

MONTHS = (
    "Ionawr", "Chwefror", "Mawrth", "Ebrill", "Mai", "Mehefin",
    "Gorffennaf", "Awst", "Medi", "Hydref", "Tachwedd", "Rhagfyr",
)  # fmt: skip

SAID = {
    "enter": "Rhowch ateb i {quoted}",
    "select": "Dewiswch ateb i {quoted}",
    "select_yes_no": "Dewiswch ie neu na ar gyfer {quoted}",
    "add_row": "Ychwanegwch o leiaf un rhes at {quoted}",
    "fill_cell": "Llenwch o leiaf un blwch yn {quoted}",
    "not_text": "Rhaid i'r ateb i {quoted} fod yn destun",
    "too_short": "Rhaid i'r ateb i {quoted} gynnwys o leiaf {least} nod",
    "too_long": "Rhaid i'r ateb i {quoted} gynnwys {most} nod ar y mwyaf; mae ynddo {count}",
    "too_many_words": "Rhaid i'r ateb i {quoted} gynnwys {most} gair ar y mwyaf; mae ynddo {count}",
    "pattern": "Nid yw'r ateb i {quoted} yn y fformat y gofynnir amdano",
    "not_number": "Rhaid i'r ateb i {quoted} fod yn rhif, fel 12 neu 7.5",
    "number_comma": "Rhaid i'r ateb i {quoted} fod yn rhif. Defnyddiwch bwynt ar gyfer degolion, fel 7.5",
    "not_whole": "Rhaid i'r ateb i {quoted} fod yn rhif cyfan",
    "number_too_long": "Rhaid i'r ateb i {quoted} gael 12 digid ar y mwyaf cyn y pwynt degol a 6 ar ei ôl",
    "too_small": "Rhaid i'r ateb i {quoted} fod yn {least} neu'n fwy",
    "too_big": "Rhaid i'r ateb i {quoted} fod yn {most} neu'n llai",
    "not_step": "Rhaid i'r ateb i {quoted} fod yn un o bwyntiau'r raddfa, o {least} mewn camau o {step}",
    "not_date": "Rhaid i'r ateb i {quoted} fod yn ddyddiad go iawn, fel 27 3 2026",
    "date_missing": "Rhaid i'r ateb i {quoted} gynnwys {parts}",
    "date_day": "Yn yr ateb i {quoted} nid yw'r diwrnod yn rhif o 1 i 31: ‘{typed}’",
    "date_month": "Yn yr ateb i {quoted} nid yw'r mis yn rhif o 1 i 12 nac yn enw: ‘{typed}’",
    "date_year": "Yn yr ateb i {quoted} nid yw'r flwyddyn yn bedwar digid, fel 2026: ‘{typed}’",
    "date_length": "Rhaid i'r ateb i {quoted} fod yn ddyddiad go iawn: mae {days} diwrnod ym mis {month}",
    "too_early": "Rhaid i'r ateb i {quoted} fod yn {least} neu'n ddiweddarach",
    "too_late": "Rhaid i'r ateb i {quoted} fod yn {most} neu'n gynharach",
    "not_time": "Rhaid i'r ateb i {quoted} fod yn amser, fel 9:30am neu 14:05",
    "not_yes_no": "Rhaid i'r ateb i {quoted} fod yn ie neu'n na",
    "not_option": "Dewiswch un o'r dewisiadau a roddir ar gyfer {quoted}",
    "option_group": "Dewiswch rywbeth mwy penodol ar gyfer {quoted}: pennawd yw ‘{option}’",
    "option_retired": "Dewiswch ateb arall ar gyfer {quoted}: ni ddefnyddir ‘{option}’ mwyach",
    "too_few_chosen": "Dewiswch o leiaf {least} ar gyfer {quoted}",
    "too_many_chosen": "Dewiswch {most} ar y mwyaf ar gyfer {quoted}",
    "not_postcode": "Rhaid i'r ateb i {quoted} fod yn god post llawn yn y DU, fel SW1A 1AA",
    "not_postcode_part": "Rhaid i'r ateb i {quoted} fod yn god post yn y DU, neu'n hanner cyntaf un, fel SW1A",
    "not_link": "Dewiswch ateb i {quoted} o'r hyn a ganfu'r chwiliad",
    "one_link": "Dewiswch un yn unig ar gyfer {quoted}",
    "not_rows": "Rhaid i'r ateb i {quoted} fod yn rhestr o resi",
    "too_few_rows": "Ychwanegwch o leiaf {least} rhes at {quoted}",
    "too_many_rows": "Caiff yr ateb i {quoted} gynnwys {most} rhes ar y mwyaf; tynnwch rai",
    "not_grid": "Rhaid i'r ateb i {quoted} fod yn dabl o flychau",
    "no_such_row": "Nid oes gan yr ateb i {quoted} res ‘{row}’",
    "no_answer": "Nid oes ateb i'w roi i {quoted}",
    "valid_if": "Nid yw'r ateb i {quoted} yn cyd-fynd â'r atebion eraill",
    "advised": "Nid yw {quoted} wedi'i ateb eto",
    "unknown_question": "Nid oes cwestiwn ‘{path}’ yn y ffurflen hon",
    "read_only": "Caiff yr ateb i {quoted} ei gyfrifo o atebion eraill ac ni ellir ei deipio",
    "not_answers": "Rhaid rhoi atebion fel set o gwestiynau a'u hatebion",
}

WORDS = {
    "Yes": "Ie",
    "No": "Na",
    "and": "a",
    "a day": "diwrnod",
    "a month": "mis",
    "a year": "blwyddyn",
    "Other": "Arall",
    "1 row": "1 rhes",
    "{count} rows": "{count} rhes",
}
