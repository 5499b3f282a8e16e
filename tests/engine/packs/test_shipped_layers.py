"""The authorities that ship as examples: each differs from the core pack where it says so, and nowhere else.

Their edits outlive a changed core, their locks hold in layers above, and what Welsh there is fits its English.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

import engine
from engine.language.nodes import Mapping as Map
from engine.language.nodes import Scalar
from engine.packs import finding, parts, scenarios
from engine.packs.facade import inspect_texts
from engine.packs.parts import Part

ROOT = Path(__file__).parents[3]
AUTHORITIES = ("thamesbank", "marlshire", "dyffryn")


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    found = finding.find(ROOT)
    return {path: text for one in found.packs.values() for path, text in one.items()}


@pytest.fixture(scope="module")
def shipped() -> engine.Workspace:
    return engine.load(ROOT)


def only(texts: Mapping[str, str], *packs: str) -> dict[str, str]:
    """The texts of these packs alone."""
    return {path: text for path, text in texts.items() if path.split("/")[1] in packs}


def elements(pack: engine.Pack) -> dict[str, Part]:
    """Every document of a pack's stack and every part of it, by kind, id and path."""
    found: dict[str, Part] = {}
    for document in pack._assembled.documents.values():
        if document.kind in ("form", "list", "record", "workflow"):
            found[f"{document.kind}:{document.id}"] = document.part
            for one in parts.walk(document.part):
                found[f"{document.kind}:{document.id}.{one.path}"] = one.part
    return found


def written(part: Part) -> str:
    """Its own settings, without the parts inside it."""
    own = {key: value for key, (_, value) in part.settings.items()}
    return "\n".join(f"{key}: {_plain(value)}" for key, value in sorted(own.items()))


def _plain(node: object) -> str:
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Map):
        return "{" + ", ".join(f"{key.text}: {_plain(value)}" for key, value in node.entries) + "}"
    return "[" + ", ".join(_plain(one) for one in getattr(node, "items", ())) + "]"


CHANGED = {
    "thamesbank": {
        "form:referral",
        "form:referral.harm_types",
        "form:referral.danger_now",
        "list:harm_categories.cse",
        "list:harm_categories.group_related_harm",
        "record:peer_group",
        "record:location",
    },
    "marlshire": {
        "form:referral.going_well",
        "form:suitability",
        "list:harm_categories.county_lines",
        "list:harm_categories.online_harm",
        "record:peer_group",
        "record:location",
        "record:school.school_name",
        "workflow:case_consultation.screening",
        "workflow:case_consultation.met",
        "workflow:case_consultation.withdraw",
    },
    "dyffryn": {
        "form:referral",
        "form:referral.about_referral",
        "form:referral.referral_date",
        "form:referral.referral_source",
        "form:referral.referrer_name",
        "form:referral.family_knows",
        "form:referral_decision",
        "form:referral_decision.referrer_told",
        "list:referral_sources",
        "list:referral_outcomes",
        "list:referral_outcomes.early_help",
        "list:referral_outcomes.assessment_needed",
        "list:harm_categories",
        "list:harm_categories.cse",
        "list:harm_categories.cce",
        "list:abuse_categories",
        "list:abuse_categories.more_than_one",
        "list:enquiry_outcomes.not_borne_out",
        "list:enquiry_outcomes.support",
        "list:enquiry_outcomes.conference",
        "list:conference_outcomes.protection_plan",
        "list:conference_outcomes.support_plan",
        "record:peer_group",
        "record:location",
        "workflow:child_referral",
        "workflow:child_referral.making",
        "workflow:child_referral.helped_elsewhere",
        "workflow:child_referral.withdraw",
        "workflow:child_assessment.assessing",
        "workflow:protection.first_review_ahead.core_group_again",
        "workflow:protection.later_review_ahead.core_group_once_more",
    },
}
RETIRED = {
    "thamesbank": {"form:referral.referrer_contact"},
    "marlshire": {"form:referral.places.place_postcode"},
    "dyffryn": {"form:referral_decision.primary_need"},
}
SOME_ADDED = {
    "thamesbank": {"form:referral.routes", "record:peer_group.ward", "workflow:context_pathway.at_panel"},
    "marlshire": {"form:referral.host_area", "record:location.parish", "workflow:case_consultation.agreeing"},
    "dyffryn": {"form:referral.language_of_choice", "list:abuse_categories.financial"},
}  # fmt: skip


@pytest.mark.parametrize("authority", AUTHORITIES)
def test_an_authority_differs_where_it_says_so_and_nowhere_else(
    shipped: engine.Workspace, authority: str
) -> None:
    core, own = elements(shipped.pack("core")), elements(shipped.pack(authority))
    assert {path for path in core if path in own and written(core[path]) != written(own[path])} == CHANGED[
        authority
    ]
    assert set(core) - set(own) == RETIRED[authority]
    assert SOME_ADDED[authority] <= set(own) - set(core)
    folder = f"/{authority}/"
    assert [path for path in set(own) - set(core) if folder not in own[path].place.file] == []


def test_each_has_its_own_words_names_and_roles(shipped: engine.Workspace) -> None:
    titles = {one: shipped.pack(one).record("peer_group").title for one in ("core", *AUTHORITIES)}
    assert titles == {
        "core": "Peer group",
        "thamesbank": "Network",
        "marlshire": "Young people's group",
        "dyffryn": "Non-familial connection",
    }
    assert len({shipped.pack(one).record("peer_group").name for one in ("core", *AUTHORITIES)}) == 4
    base = set(shipped.pack("core").stack.access.roles)
    own = {one: set(shipped.pack(one).stack.access.roles) - base for one in AUTHORITIES}
    assert own == {
        "thamesbank": {"panel_chair"},
        "marlshire": {"locality_lead"},
        "dyffryn": {"first_contact"},
    }


def test_explain_names_the_layer(shipped: engine.Workspace) -> None:
    for authority in AUTHORITIES:
        for path in SOME_ADDED[authority]:
            explained = shipped.pack(authority).explain(path.partition(":")[2])
            assert {one.pack for one in explained.given} == {authority}
    given = {one.setting: one.pack for one in shipped.pack("thamesbank").explain("referral.harm_types").given}
    assert (given["label"], given["options"]) == ("thamesbank", "core")
    gone = shipped.pack("dyffryn").explain("referral_decision.primary_need")
    assert gone.retired is not None and gone.retired.pack == "dyffryn"


def test_an_upgraded_core_keeps_their_edits(texts: dict[str, str], shipped: engine.Workspace) -> None:
    """Core rewords what they reworded, rewords what they left alone, and adds a question beside theirs."""
    path = "form_definitions/core/forms/referral.yaml"
    reworded = "What harm outside the home are you worried about?"
    kept = "What is the danger and what is being done?"
    anchor = "      - {id: place_count,"
    for piece in (reworded, kept, anchor):
        assert texts[path].count(piece) == 1
    newer = texts[path].replace(reworded, "Which harm?").replace(kept, "What danger?")
    newer = newer.replace(anchor, f"      - {{id: newly_asked, type: text, label: Newly asked}}\n{anchor}")
    upgraded = engine.load_texts({**only(texts, "core", *AUTHORITIES), path: newer})
    for authority in AUTHORITIES:
        before, after = elements(shipped.pack(authority)), elements(upgraded.pack(authority))
        assert set(after) - set(before) == {"form:referral.newly_asked"}
        changed = {one for one in before if written(before[one]) != written(after[one])}
        own = "form:referral.harm_types" in CHANGED[authority]
        assert changed == {"form:referral.danger_detail"} | (set() if own else {"form:referral.harm_types"})


LOCKED = {
    "thamesbank": ("form: referral\nchanges:\n  - {set: danger_now, answer: advised}\n", "danger_now"),
    "marlshire": ("record: school\nchanges:\n  - {retire: school_name, why: Not wanted}\n", "school_name"),
    "dyffryn": (
        "form: referral\nchanges:\n  - {retire: language_of_choice, why: Not wanted}\n",
        "language_of_choice",
    ),
}


@pytest.mark.parametrize("authority", AUTHORITIES)
def test_a_lock_holds_in_a_layer_above(texts: dict[str, str], authority: str) -> None:
    change, locked = LOCKED[authority]
    manifest = f"pack: team\ntitle: A team\nversion: 1.0.0\nextends: {authority}\n"
    above = "form_definitions/team/all.yaml"
    base = only(texts, "core", authority)
    assert inspect_texts({**base, above: manifest}).ok
    report = inspect_texts({**base, above: f"{manifest}---\n{change}"})
    errors = [one for one in report.diagnostics if one.severity == "error"]
    assert len(errors) == 1 and errors[0].place.file == above and locked in errors[0].element
    assert [one.place.file.split("/")[1] for one in errors[0].related] == [authority]


def test_children_are_nowhere_in_organisational_safeguarding(texts: dict[str, str]) -> None:
    """It stands alone and runs without a record type, a form or a word of the core pack's."""
    alone = engine.load_texts(only(texts, "provider_safeguarding"))
    pack = alone.pack("provider_safeguarding")
    assert alone.report.diagnostics == ()
    assert sorted(pack.stack.records) == ["provider", "service"]
    results = scenarios.run(pack, today=date(2026, 1, 5))
    assert results.ok and all(results.coverage.transitions.values()), results.as_text()


@pytest.mark.parametrize("pack", ["core", "dyffryn"])
def test_the_welsh_is_whole_and_fits_its_english(shipped: engine.Workspace, pack: str) -> None:
    """Nothing missing, nothing stale; and all of it draft until a translator has checked it."""
    found = shipped.pack(pack).overview("cy")
    assert [one.text.path for one in found.standings if one.state in ("missing", "stale")] == []
    assert {one.state for one in found.standings} == {"draft"}


def sixfold(pack: engine.Pack) -> dict[str, str]:
    """What an authority may have its own way: each as one comparable text."""
    stack = pack.stack
    asked = {one.id: one.label for part in stack.forms["referral"].sections for one in part.questions}
    flows = stack.workflows
    deadlines = {
        f"{flow.id}.{state.id}": (state.deadline.amount, state.deadline.unit)
        for flow in flows.values()
        for state in flow.states
        if state.deadline
    }
    return {
        "questions": repr(asked),
        "harm": repr([(one.id, one.label) for one in stack.lists["harm_categories"].options]),
        "names": repr({one.id: one.name for one in stack.records.values()}),
        "terms": repr(stack.words),
        "workflows": repr(
            {one.id: [part.id for part in (*one.states, *one.transitions)] for one in flows.values()}
        ),
        "deadlines": repr(sorted(deadlines.items())),
    }


def test_each_authority_is_its_own_in_questions_harm_names_terms_workflow_and_deadlines(
    shipped: engine.Workspace,
) -> None:
    found = [sixfold(shipped.pack(one)) for one in ("core", *AUTHORITIES)]
    for part in found[0]:
        assert len({one[part] for one in found}) == len(found), part
