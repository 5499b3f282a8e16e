"""P1: what a first visit to a page weighs, how many requests it makes, and when its largest part is painted.

The demonstration is served as `trefoil demo` serves it and visited by the system's Chromium with nothing kept from
before, on a slowed laptop: a quarter of this machine's speed, 10 Mbit/s, 40 ms there and back. The worst of the pages
is the figure.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.bench.bars import Figure
from tests.support.browser import DESKTOP, launch
from tests.support.journeys import PASSWORD
from tests.support.servers import running

ROOT = Path(__file__).resolve().parents[2]
WHO = "priya"
SLOWER, LATENCY, BYTES_A_SECOND = 4, 40, 10_000_000 / 8
VISITS = 5
LARGEST = """() => new Promise(done => {
  let last = 0;
  new PerformanceObserver(list => { for (const one of list.getEntries()) last = one.startTime; })
    .observe({type: "largest-contentful-paint", buffered: true});
  setTimeout(() => done(last), 300);
})"""


@dataclass(frozen=True)
class Visit:
    """One cold visit: bytes over the line, requests, seconds until the largest part stood."""

    weight: int
    requests: int
    painted: float


def figures() -> Iterator[Figure]:
    """The heaviest, the most asking and the slowest of the main pages."""
    found = seen()
    for name, visit in found.items():
        print(f"P1    {name}: {visit.weight / 1000:.0f} kB, {visit.requests} requests, {visit.painted:.2f} s")
    weight, requests, painted = (
        max(getattr(one, part) for one in found.values()) for part in ("weight", "requests", "painted")
    )
    yield _figure("a first visit, the heaviest page", weight / 1000, "kB", 250, 150)
    yield _figure("a first visit, the most requests", requests, "requests", 12, 8)
    yield _figure("largest paint on a slowed laptop, the slowest", painted, "s", 2, 1)


def _figure(what: str, found: float, unit: str, must: float, aim: float) -> Figure:
    return Figure("P1", what, found, must, unit, found, must, aim)


def seen() -> dict[str, Visit]:
    """Every main page by name, each the median of several visits."""
    with tempfile.TemporaryDirectory(prefix="trefoil-paint-") as folder:
        env = {"TREFOIL_DATA": folder}
        command = [sys.executable, "-m", "webapp.cli", "demo"]
        subprocess.run(
            [*command, "--prepare"],
            check=True,
            env={**os.environ, **env},
            cwd=ROOT,
            timeout=300,
            stdout=subprocess.DEVNULL,
        )
        with (
            running(
                [*command, "--port", "{port}"], ready="/sign-in", seconds=90, env=env, cwd=ROOT
            ) as server,
            sync_playwright() as playwright,
        ):
            browser = launch(playwright)
            try:
                return _visits(browser, server.url)
            finally:
                browser.close()


def _visits(browser: Browser, base: str) -> dict[str, Visit]:
    context = browser.new_context(viewport=DESKTOP)
    page = context.new_page()
    page.goto(f"{base}/sign-in")
    page.get_by_label("Name to sign in with").fill(WHO)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    places = _places(page, base)
    found = {}
    for name, address in places.items():
        visits = [_visit(context.new_page(), address) for _ in range(VISITS)]
        found[name] = Visit(
            *(median(getattr(one, part) for one in visits) for part in ("weight", "requests", "painted"))
        )
    context.close()
    return found


def _places(page: Page, base: str) -> dict[str, str]:
    """The main pages of a case in hand whose form is begun, found as somebody would who clicks."""

    def there(address: str, kind: str) -> list[str]:
        page.goto(address)
        hrefs = page.eval_on_selector_all("main a", "links => links.map(one => one.href)")
        return [one for one in dict.fromkeys(hrefs) if re.fullmatch(rf"{base}/{kind}", one)]

    home, one_id = f"{base}/", "[0-9a-f-]{36}"
    record = there(home, f"records/{one_id}")[0]
    for case in there(home, f"cases/{one_id}"):
        for form in there(case, f"forms/{one_id}"):
            if parts := there(form, rf"forms/{one_id}/\w+"):
                return {
                    "my work": home,
                    "a case": case,
                    "a record": record,
                    "a form": form,
                    "a part of it": parts[0],
                }
    raise AssertionError(f"{WHO} has no form that is begun")


def _visit(page: Page, address: str) -> Visit:
    line: Any = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.setCacheDisabled", {"cacheDisabled": True})
    line.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": LATENCY,
            "downloadThroughput": BYTES_A_SECOND,
            "uploadThroughput": BYTES_A_SECOND,
        },
    )
    line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    ended: list[int] = []
    line.on("Network.loadingFinished", lambda told: ended.append(int(told["encodedDataLength"])))
    page.goto(address, wait_until="networkidle")
    painted = page.evaluate(LARGEST) / 1000
    page.close()
    assert painted > 0 and ended, f"nothing was painted at {address}"
    return Visit(sum(ended), len(ended), painted)
