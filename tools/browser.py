"""Finds the Chromium that the browser tests drive, and installs it where that can be done.

The tests use the system's browser: a download by the test tool would be unlocked, and is refused on closed
networks. Must not know: Playwright, or any page. Runs on the standard library alone.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from tools.system import install, may_install

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PLACES = (
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
# Chromium draws no letters without a font; axe then measures empty boxes.
PACKAGES = ("chromium", "fonts-liberation", "fonts-dejavu-core")


def find() -> str | None:
    """The browser's path: the one named by TREFOIL_CHROMIUM first, then the usual places."""
    named = os.environ.get("TREFOIL_CHROMIUM")
    if named:
        return named if os.access(named, os.X_OK) else None
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return found
    return next((place for place in PLACES if os.access(place, os.X_OK)), None)


def main() -> int:
    if find():
        return 0
    if not may_install():
        print("No Chromium found. Install it, or name one in TREFOIL_CHROMIUM.", file=sys.stderr)
        return 1
    print("Installing Chromium for the browser tests ...", flush=True)
    try:
        install(PACKAGES)
    except (OSError, subprocess.SubprocessError) as error:
        print(f"Chromium could not be installed: {error}", file=sys.stderr)
        return 1
    return 0 if find() else 1


if __name__ == "__main__":
    sys.exit(main())
