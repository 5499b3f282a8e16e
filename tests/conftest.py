"""Fixtures that every suite may use. Those of one suite alone live in that suite's own conftest.py."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.support.marks import note_outcome
from tests.support.postgres import Postgres, running_postgres
from tests.support.servers import Server, running

# Shared machines stutter, so time is no measure of a property; the same cases on every run, so that a failure
# can be seen again. `HYPOTHESIS_PROFILE=thorough` looks for new ones.
settings.register_profile(
    "steady", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("thorough", settings.get_profile("steady"), derandomize=False, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

# Commands that tests run keep nothing in the folders of whoever runs them.
os.environ["TREFOIL_CACHE"] = ""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """What marked tests show is noted for docs/ux-checks.md when somebody asks for it."""
    report = yield
    note_outcome(item, report)
    return report


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One real PostgreSQL for the whole run: `.fresh()`, `.prepare()`, `.url()`."""
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_url(postgres: Postgres) -> Iterator[str]:
    """The URL of one database, empty at first, that the whole run shares."""
    with postgres.fresh() as url:
        yield url


@pytest.fixture
def fresh_postgres_url(postgres: Postgres) -> Iterator[str]:
    """The URL of an empty database of the test's own."""
    with postgres.fresh() as url:
        yield url


@pytest.fixture(scope="session")
def serve() -> Iterator[Callable[..., Server]]:
    """Starts a server that stays up for the whole run: `serve([command, ..., "{port}"], ready="/")`."""
    with ExitStack() as stack:
        yield lambda command, **options: stack.enter_context(running(command, **options))


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """The system's Chromium, started once."""
    # Imported here: the suites without a browser should not wait for it.
    from playwright.sync_api import sync_playwright

    from tests.support.browser import launch

    with sync_playwright() as playwright:
        chromium = launch(playwright)
        yield chromium
        chromium.close()


@pytest.fixture
def visitor(browser: Any) -> Iterator[Callable[..., Any]]:
    """Opens pages as separate people: `visitor(javascript=False, viewport={...})` returns a page."""
    from tests.support.browser import browsing

    with ExitStack() as stack:
        yield lambda **options: stack.enter_context(browsing(browser, **options)).new_page()


@pytest.fixture
def page(visitor: Callable[..., Any]) -> Any:
    """A page with JavaScript on, at desktop width."""
    return visitor()


@pytest.fixture
def plain_page(visitor: Callable[..., Any]) -> Any:
    """The same with JavaScript off."""
    return visitor(javascript=False)
