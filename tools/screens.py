"""Pictures of the main screens, wide and narrow, light and dark, for whoever wants to see it first.

`make screens` serves the invented data as `trefoil demo` does, goes where people go and writes docs/screens. A picture
is cut below two windows and kept in few colours, so that all together weigh little. Must not know how pages are made.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tools.browser import find

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "screens"
PASSWORD = "plum kettle orbit"
WIDTHS = {"wide": (1280, 800), "narrow": (320, 640)}
SCHEMES = ("light", "dark")
COLOURS, NEAR, WINDOWS = 255, 5, 2
ONE = "[0-9a-f-]{36}"

Colour = tuple[int, int, int]
Way = Callable[[Page, str], None]
"""Goes from My work to a screen, as somebody does who clicks."""


def address(path: str) -> Way:
    return lambda page, base: _go(page, base + path)


def follow(*patterns: str) -> Way:
    """By the first link in the main part of each page in turn whose address ends so."""

    def go(page: Page, base: str) -> None:
        for pattern in patterns:
            found = page.eval_on_selector_all("main a", "links => links.map(one => one.href)")
            wanted = re.compile(f"{re.escape(base)}/{pattern}(#.*)?")
            _go(page, next(one for one in found if wanted.fullmatch(one)))

    return go


SCREENS: dict[str, tuple[str | None, Way]] = {
    "sign-in": (None, address("/sign-in")),
    "my-work": ("priya", address("/")),
    "team": ("marta", address("/team")),
    "search": ("priya", address("/search?q=jorden")),
    "record": ("priya", follow(f"records/{ONE}")),
    "case": ("priya", follow(f"cases/{ONE}")),
    "chronology": ("priya", follow(f"records/{ONE}", f"records/{ONE}/chronology")),
    "form": ("priya", follow(f"forms/{ONE}")),
    "part-of-a-form": ("priya", follow(f"forms/{ONE}", rf"forms/{ONE}/(?!whole|check|read)\w+")),
    "meeting": ("priya", follow(f"forms/{ONE}", f"meetings/{ONE}")),
    "review": ("rhian", follow(f"records/{ONE}", f"records/{ONE}/review")),
    "giving-a-copy": ("priya", follow(f"records/{ONE}", f"records/{ONE}/copy")),
}


def main() -> int:
    """Writes every picture anew; the folder changes only when all are made."""
    with tempfile.TemporaryDirectory(prefix="trefoil-screens-") as name:
        made = Path(name) / "screens"
        made.mkdir()
        with _demo(Path(name) / "data") as base, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=find(), args=["--no-sandbox", "--disable-gpu"]
            )
            for width in WIDTHS:
                for scheme in SCHEMES:
                    _pictures(browser, base, width, scheme, made)
            browser.close()
        shutil.rmtree(FOLDER, ignore_errors=True)
        shutil.copytree(made, FOLDER)
    weight = sum(one.stat().st_size for one in FOLDER.iterdir())
    print(
        f"screens: {len(list(FOLDER.iterdir()))} pictures, {weight / 1_000_000:.1f} MB, in {FOLDER.relative_to(ROOT)}"
    )
    return 0


def _pictures(browser: Browser, base: str, width: str, scheme: str, folder: Path) -> None:
    across, high = WIDTHS[width]
    pages: dict[str | None, Page] = {}
    for name, (who, way) in SCREENS.items():
        if who not in pages:
            context = browser.new_context(
                viewport={"width": across, "height": high},
                color_scheme="dark" if scheme == "dark" else "light",
            )
            pages[who] = context.new_page()
            if who:
                _sign_in(pages[who], base, who)
        page = pages[who]
        if who:
            _go(page, f"{base}/")
        way(page, base)
        taken = page.screenshot(full_page=True)
        _write(taken, high * WINDOWS, folder / f"{name}-{width}-{scheme}.png")


def _write(taken: bytes, tallest: int, file: Path) -> None:
    with Image.open(io.BytesIO(taken)) as whole:
        cut = whole.convert("RGB").crop((0, 0, whole.width, min(whole.height, tallest)))
        _in_few_colours(cut).save(file, optimize=True)


def _in_few_colours(picture: Image.Image) -> Image.Image:
    """The colours that a picture has most of, none too near another: large surfaces keep theirs, however alike two are
    to what averages, and small signs in red and yellow are not dulled by what lies around them. Each other colour
    becomes the nearest of them, looked for one by one: Pillow's own search takes white for almost white."""
    chosen: list[Colour] = []
    counted: list[Any] = sorted(picture.getcolors(picture.width * picture.height) or (), reverse=True)
    for _, colour in counted[:4000]:
        if all(_apart(colour, one) > NEAR for one in chosen):
            chosen.append(colour)
        if len(chosen) == COLOURS:
            break
    places = {one: place for place, one in enumerate(chosen)}
    for _, colour in counted:
        if colour not in places:
            places[colour] = places[_nearest(colour, chosen)]
    pixels: Any = picture.get_flattened_data()
    found = Image.frombytes("P", picture.size, bytes(places[one] for one in pixels))
    found.putpalette([part for one in chosen for part in one])
    return found


def _nearest(colour: Colour, chosen: list[Colour]) -> Colour:
    return min(chosen, key=lambda one: _apart(colour, one))


def _apart(one: Colour, other: Colour) -> int:
    return abs(one[0] - other[0]) + abs(one[1] - other[1]) + abs(one[2] - other[2])


def _sign_in(page: Page, base: str, who: str) -> None:
    _go(page, f"{base}/sign-in")
    page.locator("[name=sign_in]").fill(who)
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{base}/")


def _go(page: Page, url: str) -> None:
    page.goto(url)
    page.wait_for_load_state("networkidle")


@contextmanager
def _demo(data: Path) -> Iterator[str]:
    """The demonstration on data of its own, ended by its own id."""
    command = [sys.executable, "-m", "webapp.cli", "demo", "--port", "0"]
    env = {**os.environ, "TREFOIL_DATA": str(data), "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if found := re.search(r"Serving at (http://\S+)", line):
                urlopen(f"{found[1]}/health", timeout=60).close()
                yield found[1]
                break
        else:
            raise RuntimeError("the demonstration ended before it served anything")
    finally:
        process.terminate()
        process.wait(30)


if __name__ == "__main__":
    sys.exit(main())
