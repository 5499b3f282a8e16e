"""A person at work in a browser, in the words of the task: sign in, open, fill in, send, decide.

Every page met is looked at once for each way of meeting it (script on, script off): axe finds nothing, and it
holds at 320 px. The driver presses what people press; it must not call the application's own code.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Page, TimeoutError

from tests.support.browser import axe, holds_at_320

PASSWORD = "plum kettle orbit"
# Milliseconds for what was typed to be saved before a form is sent.
SENDING = 10_000
IDS = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}")


class Person:
    """One person in one browser window."""

    def __init__(self, page: Page, base: str, name: str, met: set[tuple[str, str]], *, script: bool) -> None:
        self.page = page
        self.base = base
        self.name = name
        self.met = met
        self.script = script
        self.open("/sign-in")
        page.get_by_label("Name to sign in with").fill(name)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        self.look()

    def open(self, path: str) -> None:
        self.page.goto(path if path.startswith("http") else self.base + path)
        self.look()

    def look(self) -> None:
        """Hold that the page is whole: a heading, no fault, nothing for axe, no sideways scroll at 320 px."""
        self.page.wait_for_load_state()
        title = self.page.title()
        assert self.page.locator("h1").count() == 1, f"{self.page.url} has no single heading"
        assert "went wrong" not in title, f"{self.page.url}: {self.page.inner_text('main')}"
        kind = (IDS.sub("ID", self.page.url.removeprefix(self.base)).split("?")[0], IDS.sub("ID", title))
        if kind in self.met:
            return
        self.met.add(kind)
        axe(self.page)
        holds_at_320(self.page)

    def follow(self, name: str, *, exact: bool = True) -> None:
        self.page.locator("main").get_by_role("link", name=name, exact=exact).first.click()
        self.look()

    def up(self, name: str) -> None:
        """By the trail above the heading, to what this page is part of."""
        self.page.get_by_role("navigation", name="Where you are").get_by_role("link", name=name).click()
        self.look()

    def press(self, name: str, *, exact: bool = True) -> None:
        button = self.page.locator("main").get_by_role("button", name=name, exact=exact).first
        if self.script:
            self._press_and_wait(button)
        else:
            button.click()
        self.look()

    def _press_and_wait(self, button: Any) -> None:
        """A form that saves itself, or keeps what is typed, is sent once that is done, later than the press: waits
        until the page has gone on, or has said why it does not."""
        sends = button.evaluate(
            "one => one.type === 'submit' && !!one.closest('form[data-section], form:has([data-unsaved])')"
        )
        before = self.page.evaluate("performance.timeOrigin") if sends else None
        button.click()
        if not sends:
            return
        with contextlib.suppress(TimeoutError):
            self.page.wait_for_function(
                """before => performance.timeOrigin !== before
                        ? document.readyState === 'complete' && document.querySelector('h1') !== null
                        : document.querySelector('.trefoil-saved--trouble, dialog[open]') !== null""",
                arg=before,
                timeout=SENDING,
            )

    def says(self, words: str) -> bool:
        return words in self.page.inner_text("main")

    def expect(self, *words: str) -> None:
        text = self.page.inner_text("body")
        for one in words:
            assert one in text, f"{self.page.url} does not say {one!r}:\n{text}"

    def answer(self, answers: Mapping[str, Any], prefix: str = "a.") -> None:
        """Fill in the controls of one page: text, a choice's id, a list of ids, or three boxes of a date."""
        for question, value in answers.items():
            name = f"{prefix}{question}"
            control = self.page.locator(f'[name="{name}"]')
            if isinstance(value, tuple):
                for part, text in zip(("day", "month", "year"), value, strict=True):
                    self.page.locator(f'[name="{name}.{part}"]').fill(text)
            elif isinstance(value, list):
                if control.first.evaluate("one => one.tagName") == "SELECT":
                    control.first.select_option(label=value)
                else:
                    for one in value:
                        self.page.locator(f'[name="{name}"][value="{one}"]').check()
            elif control.first.get_attribute("type") == "radio":
                self.page.locator(f'[name="{name}"][value="{value}"]').check()
            elif control.first.evaluate("one => one.tagName") == "SELECT":
                control.first.select_option(value)
            else:
                control.first.fill(value)

    def begin(self, workflow: str, kind: str, answers: Mapping[str, Any]) -> str:
        """Start a workflow about a record made for it; returns the case's address."""
        self.open(f"/start/{workflow}")
        self.follow(f"Make a new record: {kind}")
        self.answer(answers)
        self.press("Save")
        if self.says("Two records for one"):
            self.press("None of these: make a new record")
        self.press("Start")
        if "/cases/" not in self.page.url:
            # Where one form is to be filled in first, the way leads straight on into it.
            self.open(
                self.page.locator('.govuk-breadcrumbs a[href*="/cases/"]').evaluate("link => link.href")
            )
        return self.page.url

    def fill_in(self, form: str, sections: Mapping[str, Mapping[str, Any]]) -> None:
        """From the case's page: open a form, answer its sections by title, check the answers and send it."""
        self.open_form(form)
        start = self.page.url
        for title, answers in sections.items():
            self.open(start)
            self.follow(title)
            self.answer_section(answers)
        self.open(start)
        self.send()

    def open_form(self, form: str) -> None:
        main = self.page.locator("main")
        ask = main.get_by_role("link", name=form, exact=True).or_(
            main.get_by_role("button", name=form, exact=True)
        )
        ask.first.click()
        self.look()

    def answer_section(self, answers: Mapping[str, Any]) -> None:
        """Answer what is on the page. What an answer brings into view, at once or on saving, is answered then."""
        waiting = dict(answers)
        while waiting:
            here = {name: value for name, value in waiting.items() if self._asked(name)}
            assert here, f"{self.page.url} does not ask for {sorted(waiting)}"
            self.answer(here)
            waiting = {name: value for name, value in waiting.items() if name not in here}
            if waiting and not any(self._asked(name, patiently=True) for name in waiting):
                self.press("Save and continue")
        self.press("Save and continue")

    def _asked(self, name: str, *, patiently: bool = False) -> bool:
        # A radio's own box is drawn by the style sheet over an input that has no size: its group is looked at.
        group = self.page.locator(f'[data-path="{name}"]').first
        if patiently and self.script:
            with contextlib.suppress(TimeoutError):
                group.wait_for(state="visible", timeout=1000)
        return group.count() > 0 and group.is_visible()

    def send(self) -> None:
        self.press("Check the answers and send")
        self.confirm_carried()
        self.press("Send")

    def confirm_carried(self) -> None:
        """Say that what was carried from earlier forms is still right, where the page asks."""
        for words in ("All of these are still right", "This is still right"):
            if self.page.locator("main").get_by_role("button", name=words, exact=True).count():
                self.press(words)

    def act(self, transition: str, reason: str | None = None) -> None:
        """From the case's page: choose what happens next, give the reason if asked, confirm."""
        # A link that looks like a button is announced as one.
        self.press(transition)
        if reason is not None:
            self.page.locator('[name="reason"]').fill(reason)
        self.press(transition)
