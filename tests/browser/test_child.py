"""A young person's way: referred, decided, assessed, planned for, reviewed, closed. With script on and off."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.support.journeys import Person

pytestmark = pytest.mark.timeout(300)

REFERRAL = {
    "About this referral": {
        "referral_source": "schools",
        "family_knows": "nobody_knows",
        "why_not_told": "Not safe yet",
    },
    "What you are worried about": {"what_worries": "Older people wait at the gate", "danger_now": "no"},
    "Harm": {"harm_setting": "both", "harm_types": ["cce", "online_harm"], "home_harm_types": ["neglect"]},
    "In their own words": {"young_person_words": "I just want to play football"},
}
ASSESSMENT = {
    "What this assessment is about": {"setting_found": "outside_family"},
    "Beyond the home": {"fields_grid.peers.worries": "Debts among friends"},
    "What you found": {"harm_found": ["cce"], "analysis": "Two places need to change"},
    "What should happen": {"recommendation": "plan_needed"},
}
PLAN = {"What this plan is for": {"hoped_for": "A way home that feels safe"}}
REVIEW = {"How it went": {"changed": "Staff are at the bus stop", "review_outcome": "close_case"}}


@pytest.mark.ux("script-off")
def test_a_referral_becomes_a_closed_case(person: Callable[[str], Person], script: str) -> None:
    first_name = "Robin" if script == "script on" else "Wren"
    name = f"{first_name} Testly"
    worker = person("priya")
    case = worker.begin(
        "child_referral",
        "Young person",
        {"first_name": first_name, "last_name": "Testly", "date_of_birth": ("1", "5", "2011")},
    )
    worker.expect(name)
    worker.fill_in("Referral", REFERRAL)

    manager = person("marta")
    manager.expect(name)
    manager.open(case)
    manager.expect("Waiting for a decision")
    manager.fill_in(
        "Decision on the referral",
        {"Decision": {"decision": "assessment_needed", "decision_reason": "Likely exploitation"}},
    )
    manager.open(case)
    manager.act("Record the decision")
    manager.open(case)
    manager.expect("Going to assessment")

    worker.open(case)
    worker.up(name)
    record = worker.page.url
    worker.follow("Assessment and plan")
    assessment = worker.page.url
    worker.act("Begin the assessment")
    worker.open(assessment)
    worker.fill_in("Assessment", ASSESSMENT)
    manager.open(assessment)
    manager.act("Approve the assessment")
    worker.open(assessment)
    worker.fill_in("Plan", PLAN)
    manager.open(assessment)
    manager.act("Approve the plan")
    worker.open(assessment)
    worker.fill_in("Review of the plan", REVIEW)
    manager.open(assessment)
    manager.act("Agree the review")
    manager.open(assessment)
    manager.expect("Closed")
    manager.open(record)
    manager.expect("Child criminal exploitation")
