"""Takes pictures of the demonstration's pages: for the README, and for looking at what one has changed.

    python tools/screenshot.py                                   the pictures of the README, into docs/images
    python tools/screenshot.py --out /tmp/look --as priya --width 320 work=/ jordan="Jordan Bexley"

A picture is NAME=WAY: a path, or the words of links to follow one after another from My work, with > between.
It serves the demonstration on data of its own, unless --url names one that runs. Must not know any page's inside.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tools import browser as chromium  # noqa: E402
from webapp.demo.people import PASSWORD  # noqa: E402

IMAGES = ROOT / "docs" / "images"
MOST_BYTES = 150_000
FLAGS = ["--no-sandbox", "--disable-gpu"]
SERVING = re.compile(r"Serving at (http://[0-9.:]+)")


@dataclass(frozen=True, slots=True)
class Picture:
    """What is pictured: who looks, the way there, and how much of the page (0: all of it)."""

    name: str
    person: str
    way: str
    height: int = 0


FOR_README = (Picture("triangle", "cass", "Mill Parade, autumn 2026, group 1 > Peer group assessment", 900),)


@contextmanager
def demonstration() -> Iterator[str]:
    """The address of a demonstration that ends with the block."""
    with tempfile.TemporaryDirectory() as data:
        command = [sys.executable, "-m", "webapp.cli", "demo", "--port", "0"]
        served = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, "TREFOIL_DATA": data}, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        try:
            assert served.stdout is not None
            for line in served.stdout:
                if found := SERVING.search(line):
                    yield found[1]
                    break
            else:
                raise SystemExit("The demonstration did not start. Try `trefoil demo` to see why.")
        finally:
            served.terminate()
            served.wait(timeout=20)


def sign_in(window: Browser, url: str, person: str, width: int, *, script: bool) -> Page:
    """A page of somebody signed in, in a window of their own."""
    page = window.new_context(
        viewport={"width": width, "height": 800}, java_script_enabled=script, reduced_motion="reduce"
    ).new_page()
    page.goto(f"{url}/sign-in")
    page.get_by_label("Name to sign in with").fill(person)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    return page


def take(page: Page, url: str, picture: Picture, out: Path, width: int) -> Path:
    """Follows the picture's way and saves it. Playwright's TimeoutError says which link is not there."""
    page.goto(url + (picture.way if picture.way.startswith("/") else "/"))
    if not picture.way.startswith("/"):
        for words in picture.way.split(">"):
            page.locator("main a").filter(has_text=words.strip()).first.click(timeout=5000)
    page.wait_for_load_state("load")
    path = out / f"{picture.name}.png"
    if picture.height:
        page.set_viewport_size({"width": width, "height": picture.height})
    page.screenshot(path=path, full_page=not picture.height)
    return path


def main() -> int:
    reading = argparse.ArgumentParser(description="Takes pictures of the demonstration's pages.")
    reading.add_argument(
        "pictures", nargs="*", metavar="NAME=WAY", help="a path, or words of links with > between"
    )
    reading.add_argument("--as", dest="person", default="priya", help="who looks")
    reading.add_argument("--out", type=Path, default=IMAGES)
    reading.add_argument("--url", help="a demonstration that already runs")
    reading.add_argument("--width", type=int, default=1280)
    reading.add_argument("--script-off", action="store_true")
    given = reading.parse_args()
    found = chromium.find()
    if found is None:
        print("No Chromium found. Install it, or name one in TREFOIL_CHROMIUM.", file=sys.stderr)
        return 1
    wanted = [
        Picture(name, given.person, way) for name, _, way in (one.partition("=") for one in given.pictures)
    ] or FOR_README
    given.out.mkdir(parents=True, exist_ok=True)
    too_large = 0
    with (
        _at(given.url) as url,
        sync_playwright() as tool,
        tool.chromium.launch(executable_path=found, args=FLAGS) as window,
    ):
        pages: dict[str, Page] = {}
        for one in wanted:
            if one.person not in pages:
                pages[one.person] = sign_in(window, url, one.person, given.width, script=not given.script_off)
            path = take(pages[one.person], url, one, given.out, given.width)
            heavy = not given.pictures and path.stat().st_size > MOST_BYTES
            too_large += heavy
            print(f"{path}: {path.stat().st_size} bytes{', too large for the README' if heavy else ''}")
    return 1 if too_large else 0


@contextmanager
def _at(url: str | None) -> Iterator[str]:
    if url:
        yield url.rstrip("/")
        return
    with demonstration() as found:
        yield found


if __name__ == "__main__":
    sys.exit(main())
