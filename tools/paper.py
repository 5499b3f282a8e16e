"""Finds the system's libraries with which PDF files are drawn, and installs them where that can be done.

Without them Trefoil runs, and gives out Word and web pages alone: so nothing here ever makes setting up fail. Must not
know WeasyPrint, or any page. Runs on the standard library alone.
"""

from __future__ import annotations

import subprocess
import sys
from ctypes.util import find_library

from tools.system import install, may_install

NEEDED = ("pango-1.0", "pangoft2-1.0", "harfbuzz", "harfbuzz-subset")
# Letters are needed as well: without any font a PDF has none.
PACKAGES = (
    "libpango-1.0-0",
    "libpangoft2-1.0-0",
    "libharfbuzz-subset0",
    "fonts-liberation",
    "fonts-dejavu-core",
)
WITHOUT = "PDF files cannot be made here: install Pango (docs/serving.md says how). Word and web pages work without."


def missing() -> list[str]:
    return [name for name in NEEDED if find_library(name) is None]


def main() -> int:
    if not missing():
        return 0
    if may_install():
        print("Installing what PDF files are drawn with ...", flush=True)
        try:
            install(PACKAGES)
        except (OSError, subprocess.SubprocessError) as error:
            print(f"That could not be installed: {error}", file=sys.stderr)
    if missing():
        print(WITHOUT, file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
