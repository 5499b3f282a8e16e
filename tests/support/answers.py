"""Random answers to a form: mostly sensible, often not, as hypothesis strategies. Knows the specimen's ids."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

ANY_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**15), 10**15)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
NUMBERS = st.sampled_from(
    ["0", "1", "12.50", "100.000001", "-1", "999999999999", "1e3", ".5", "x", 7, 2.25, ""]
)
DATES = st.sampled_from(
    ["2026-01-05", "2026-01-06", "2025-02-28", "2025-02-29", "0001-01-01", "5/1/2026", ""]
)
TEXTS = st.sampled_from(["Park", " ", "", "a\tb", "Cafe\u0301", "\x00", "x" * 30, "\u2003edge\u2003"])
YES_NO = st.sampled_from([True, False, "yes", "no", "maybe", ""])
SETTINGS = st.sampled_from(["outside_family", "family", "both", "nowhere", ""])
HARMS = st.lists(
    st.sampled_from(["cse", "cce", "not_yet_clear", "other", "cse", "cce", "extra_familial"]), max_size=3
)


def _some(fields: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=fields)


ROW = _some(
    {
        "_row": st.sampled_from(["r1", "r2", "r3"]),
        "place": TEXTS,
        "unsafe_since": DATES,
        "cost": NUMBERS,
        "cost_vat": NUMBERS,
        "colour": TEXTS,
    }
)
CELLS = _some({"worried": TEXTS, "working": TEXTS})
SPECIMEN_ANSWERS = _some(
    {
        "harm_setting": SETTINGS,
        "harm_types": HARMS | ANY_JSON,
        "harm_types.other": TEXTS,
        "why_cse": TEXTS,
        "places": st.lists(ROW, max_size=4) | ANY_JSON,
        "place_count": NUMBERS,
        "dear": YES_NO,
        "home_detail": TEXTS | ANY_JSON,
        "home_words": TEXTS,
        "framework": _some({"home": CELLS, "peers": CELLS, "school": CELLS}) | ANY_JSON,
        "peer_plan": TEXTS,
        "hours": NUMBERS | st.none(),
        "young": YES_NO | ANY_JSON,
        "unheard_of": ANY_JSON,
    }
)
FACTS = _some({"record": _some({"date_of_birth": DATES | ANY_JSON})})
