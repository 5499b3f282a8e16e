"""`make bench-peers`: evaluating the reference form beside SurveyJS, Form.io and Defra's engine, which need Node.

Their packages are installed by their own lock into a folder apart. Each says where it finds other questions at fault
than the reference does; those differences are printed, never hidden in the figure.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.bench import forms, reference
from tests.bench.bars import Figure
from tests.bench.peers import web
from tests.bench.timing import seconds
from tools import assets

OURS = Path(__file__).parent / "peers" / "node"
INSTALLED = Path(sys.prefix) / "peers-node"
FILES = ("package.json", "package-lock.json", ".npmrc", "measure.mjs")
PATIENCE = 300


def figures() -> Iterator[Figure]:
    """F1 beside the products that need Node."""
    install()
    form = forms.compiled()
    given = {
        "typical": reference.submission(full=False),
        "full": reference.submission(full=True),
        "wrong": reference.invalid(),
    }
    expected = {name: sorted(forms.failing(form, forms.stored(answers))) for name, answers in given.items()}
    typical = forms.stored(given["typical"])
    ours = seconds(lambda: form.evaluate(typical, today=forms.TODAY)) * 1000
    subject = {
        "forms": {"surveyjs": web.surveyjs(), "formio": web.formio(), "defra": web.defra()},
        "submissions": {
            "plain": given,
            "formio": {name: web.formio_answers(answers) for name, answers in given.items()},
            "defra": {name: web.defra_answers(answers) for name, answers in given.items()},
        },
        "expected": expected,
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "subject.json"
        path.write_text(json.dumps(subject), encoding="utf-8")
        survey, formio, defra = (measure(path, name) for name in ("surveyjs", "formio", "defra"))
    best = min(survey["typical"], survey["fresh"], survey["alternating"])
    yield _beside("SurveyJS at its best", ours, best, 0.01)
    yield _beside("SurveyJS, two submissions in turn", ours, survey["alternating"])
    yield _beside("Form.io", ours, formio["typical"])
    yield _beside("Defra's forms engine", ours, defra["typical"])
    _tell("SurveyJS", survey["differences"])
    _tell("Form.io", formio["differences"])
    for name, told in defra["told"].items():
        errors = ", ".join(told["errors"]) or "none"
        print(f"Defra's engine, {name}: {told['pages']} pages asked for; at fault: {errors}")


def install() -> None:
    """The peers by their lock; at once if they are there already."""
    wanted = "".join((OURS / name).read_text(encoding="utf-8") for name in FILES)
    stamp = INSTALLED / "stamp"
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return
    shutil.rmtree(INSTALLED, ignore_errors=True)
    INSTALLED.mkdir(parents=True)
    for name in FILES:
        shutil.copy(OURS / name, INSTALLED / name)
    assets.run_npm(["ci"], INSTALLED)
    stamp.write_text(wanted, encoding="utf-8")


def measure(subject: Path, peer: str) -> dict[str, Any]:
    """What the peer took and told, run by the Node that stands beside npm."""
    node = Path(assets.npm_command()[0]).parent / "node"
    result = subprocess.run(
        [str(node), "--expose-gc", "measure.mjs", str(subject), peer],
        cwd=INSTALLED,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    if result.returncode:
        raise RuntimeError(f"{peer} did not run: {result.stderr.strip()[-2000:] or result.stdout[-2000:]}")
    found: dict[str, Any] = json.loads(result.stdout.strip().rpartition("\n")[2])
    return found


def _beside(peer: str, ours: float, theirs: float, must: float | None = None) -> Figure:
    return Figure("F1", f"evaluate typical ÷ {peer}", ours, theirs, "ms", ours / theirs, must, must)


def _tell(peer: str, differences: dict[str, dict[str, list[str]]]) -> None:
    for name, found in differences.items():
        words = ", ".join(
            f"{word}: {' '.join(found[which])}"
            for which, word in (("more", "more"), ("less", "not"))
            if found[which]
        )
        print(
            f"{peer}, {name}: "
            + (f"finds other questions at fault ({words})" if words else "the same result")
        )
