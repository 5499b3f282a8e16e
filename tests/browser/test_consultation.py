"""A consultation in its six steps, and one that is signposted. With script on and off."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.support.journeys import Person

pytestmark = pytest.mark.timeout(300)


def ask(worker: Person, name: str) -> str:
    """Ask for a consultation about a young person of the demonstration; returns the case's address."""
    answers = {"first_name": name, "last_name": "Consulted"}
    case = worker.begin("case_consultation", "Young person", answers)
    worker.fill_in(
        "Request for a consultation",
        {"What you would like to think about": {"why_now": "A group at the park"}},
    )
    return case


def test_six_steps(person: Callable[[str], Person], script: str) -> None:
    worker = person("priya")
    case = ask(worker, "Sky" if script == "script on" else "Lake")
    cs = person("cass")
    cs.open(case)
    cs.expect("Checking suitability")
    cs.fill_in("Is a consultation right for this?", {"Outcome": {"suitability_outcome": "suitable"}})
    cs.open(case)
    cs.act("Go on with suitability")
    cs.open(case)
    cs.fill_in(
        "Consultation",
        {
            "The meeting": {"present": "Two workers and a teacher"},
            "Framework": {"framework.neighbourhood.worried": "Nobody is at the kiosk after four"},
            "What was agreed": {"agreed_interventions": ["peer_mapping"]},
        },
    )
    coordinator = person("joel")
    coordinator.open(case)
    coordinator.fill_in(
        "For the tracker",
        {"For the tracker": {"primary_concern": "neighbourhood", "tracker_themes": ["gangs"]}},
    )
    cs.open(case)
    cs.act("Begin follow-up")
    cs.open(case)
    cs.fill_in("Follow-up", {"What came of it": {"helped": "helped_some"}})
    cs.open(case)
    cs.act("Close the consultation")
    cs.expect("Your part in it is over")
    worker.open(case)
    worker.expect("Closed")


def test_one_that_does_not_fit_is_signposted(person: Callable[[str], Person], script: str) -> None:
    worker = person("priya")
    case = ask(worker, "Moss" if script == "script on" else "Fern")
    cs = person("cass")
    cs.open(case)
    cs.act("Not suitable: signpost", reason="Early help is better placed")
    cs.expect("Your part in it is over")
    worker.open(case)
    worker.expect("Signposted elsewhere", "Early help is better placed")
