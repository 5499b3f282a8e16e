"""Two people in two browser windows who write the same answer at the same moment, again and again (R6).

Whoever is second must be shown both texts, every time, and what they choose must be what stands in the end. Shared by
the browser's suite and the soak; `merging off` is the control, where the second text wins unsaid.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import expect

from tests.support.journeys import Person

QUESTION = '[name="a.what_worries"]'
SECTION = "What you are worried about"
LATER = "Save and come back later"
TWO = "Two people changed the same answers"
CHOICES = ("mine", "theirs", "both")
PATIENCE = 30.0


@dataclass
class Met:
    """What came of so many meetings: how often the second was shown both texts, and whose text was lost."""

    repeats: int = 0
    told: int = 0
    lost: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        return self.repeats == self.told and not self.lost and not self.wrong


def begun(priya: Person, last: str) -> str:
    """A referral of Priya's: the address of its part on worries."""
    fields = {"first_name": "Wren", "last_name": last, "date_of_birth": ("1", "5", "2011")}
    priya.begin("child_referral", "Young person", fields)
    priya.open_form("Referral")
    priya.follow(SECTION)
    return str(priya.page.url)


def meet(first: Any, second: Any, address: str, repeats: int) -> Met:
    """`first` and `second` are pages of two people signed in; both write and press at once, `repeats` times."""
    met = Met()
    for turn in range(repeats):
        texts = {first: f"First wrote {turn}", second: f"Second wrote {turn}"}
        for page in texts:
            page.goto(address)
            page.fill(QUESTION, texts[page])
        pages = list(texts) if turn % 2 else list(texts)[::-1]
        for page in pages:
            page.locator("main").get_by_role("button", name=LATER).first.click(no_wait_after=True)
        met.repeats += 1
        _judge(met, pages, texts, address, CHOICES[turn % len(CHOICES)])
    return met


def _judge(met: Met, pages: list[Any], texts: dict[Any, str], address: str, choice: str) -> None:
    for page in pages:
        expect(page.locator("h1")).not_to_have_text(SECTION, timeout=PATIENCE * 1000)
    losers = [page for page in pages if page.locator("h1").inner_text() == TWO]
    if len(losers) != 1:
        kept = _stored(pages[0], address)
        met.lost += [text for text in texts.values() if text not in kept]
        return
    [loser] = losers
    [winner] = [page for page in pages if page is not loser]
    shown = loser.locator(".trefoil-version").all_inner_texts()
    both = len(shown) == 2 and texts[winner] in shown[0] and texts[loser] in shown[1]
    met.told += both
    if not both:
        met.wrong.append(f"{shown} for {list(texts.values())}")
    loser.locator(f'[name="choice.what_worries"][value="{choice}"]').check()
    loser.get_by_role("button", name="Save these choices").click()
    expect(loser.locator("h1")).not_to_have_text(TWO, timeout=PATIENCE * 1000)
    wanted = {
        "mine": texts[loser], "theirs": texts[winner], "both": f"{texts[winner]}\n\n{texts[loser]}",
    }[choice]  # fmt: skip
    if (kept := _stored(loser, address)) != wanted:
        met.wrong.append(f"{choice} gave {kept!r}, not {wanted!r}")


def _stored(page: Any, address: str) -> str:
    page.goto(address)
    return str(page.locator(QUESTION).input_value())


def soak(service: Any, browser: Any, repeats: int) -> tuple[str, bool]:
    """So many meetings on a service, in words, and whether every one went well."""
    from tests.support.browser import browsing

    began = time.monotonic()
    with browsing(browser) as one, browsing(browser) as other:
        priya = Person(one.new_page(), service.url, "priya", set(), script=True)
        marta = Person(other.new_page(), service.url, "marta", set(), script=True)
        met = meet(priya.page, marta.page, begun(priya, "Meeting"), repeats)
    words = (
        f"{met.repeats} times two people wrote one answer at once in two windows: {met.told} times the second was "
        f"shown both texts, {len(met.lost)} texts lost, {len(met.wrong)} wrong, in {time.monotonic() - began:.0f} s"
    )
    return words, met.good
