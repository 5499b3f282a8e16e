"""A manager's morning in a real browser: what presses, how the team stands, a number's list, handing work over."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.support.journeys import Person

pytestmark = pytest.mark.timeout(300)


@pytest.mark.parametrize("script", ["script on"], indirect=True)
def test_a_manager_steers_and_a_worker_hands_over(person: Callable[[str], Person]) -> None:
    manager = person("marta")
    manager.open("/")
    manager.expect("Overdue", "days late", "Your role: Team manager")
    manager.page.get_by_text("Filter the list").click()
    manager.page.get_by_label("What to do").select_option(label="Decisions")
    manager.press("Show these")
    manager.expect("Shown: Decisions")
    assert "kind=decision" in manager.page.url
    manager.open("/team")
    manager.expect("Held by nobody", "Lou Pinder", "Tilly Marchbank")
    number = manager.page.get_by_role("link", name="Open, Tilly Marchbank")
    count = int(number.inner_text().split()[0])
    number.click()
    manager.look()
    manager.expect(f"{count} open cases")
    assert manager.page.locator("tbody tr").count() == count
    manager.open("/team")
    manager.page.get_by_role("link", name="Hand over the work of Tilly Marchbank").click()
    manager.look()
    manager.press("See what goes")
    manager.expect("There is a problem", "Choose to whom it goes", "Choose whether it comes back")
    manager.page.get_by_label("To whom?").select_option(label="Ravi Thornley")
    manager.page.get_by_label("For good").check()
    manager.press("See what goes")
    manager.expect("To Ravi Thornley, for good.", "Alex Thornbury", "What you may not see is not listed")
