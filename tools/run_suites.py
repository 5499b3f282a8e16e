"""Runs every suite in turn, each within its budget of minutes, and tells how it went.

The budgets are promises to whoever waits for the tests: a suite that outgrows its minutes fails, as a suite
that finds a fault does. Must not know: what any test does. Runs on the standard library alone.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
# A suite is ended when it has had this many times its budget: late enough to see by how much it overran.
PATIENCE = 1.5
NOTHING = "has folders but no test in them"
SHOWN = "TREFOIL_UX_RESULTS"  # the file in which tests marked as proofs note how they ended
NO_TESTS = 5  # pytest's exit code when it found none


@dataclass(frozen=True)
class Check:
    """A command that passes or fails as a whole. It is run once `needs` is there."""

    name: str
    command: tuple[str, ...]
    needs: str = "."


@dataclass(frozen=True)
class Suite:
    """A budget in minutes, folders and files of tests (as patterns below the root), and checks run first.

    `at_once` files of tests run beside each other; a suite about races and kills has the machine to itself. What is
    named in `apart` is another suite's.
    """

    name: str
    minutes: float
    paths: tuple[str, ...]
    checks: tuple[Check, ...] = ()
    at_once: int = 1
    apart: tuple[str, ...] = ()


@dataclass
class Outcome:
    """What one suite came to."""

    suite: Suite
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)
    ran: bool = False

    @property
    def well(self) -> bool:
        return not self.faults and not self.failed


BIN = Path(sys.executable).parent
TREFOIL = str(BIN / "trefoil")
# What pages come to without a browser: by the clock most of it fits beside the engine.
PAGES_ALONE = ("tests/webapp/test_[d-z]*.py",)
CANARIES = "tests/webapp/test_ca*.py"
# Of expressions, on both databases and in a browser: it takes long, and there is room for it beside the engine.
AGREEMENT = "tests/casework/test_agreement.py"
SUITES = (
    Suite(
        "engine",
        8,
        (
            "tests/engine",
            "tests/spec",
            "tests/definitions",
            "tests/properties",
            "tests/docs",
            "tests/harness/test_run_suites.py",
            "tests/harness/test_bench.py",
            "tests/harness/test_servers.py",
            "tests/harness/test_assets.py",
            "tests/harness/test_installed.py",
            "tests/test_*.py",
            AGREEMENT,
            *PAGES_ALONE,
        ),
        (
            Check("style", (str(BIN / "ruff"), "check", ".")),
            Check("format", (str(BIN / "ruff"), "format", "--check", ".")),
            Check("types", (str(BIN / "mypy"),)),
            Check("definitions", (TREFOIL, "check"), needs="webapp/cli.py"),
            Check("scenarios", (TREFOIL, "test"), needs="webapp/cli.py"),
        ),
        at_once=2,
    ),
    # Files are begun in this order: the longest first, so that none is left alone at the end.
    # Canaries ask casework through pages, without a browser.
    Suite(
        "casework",
        8,
        (CANARIES, "tests/casework", "tests/harness/test_postgres.py"),
        at_once=2,
        apart=(AGREEMENT,),
    ),
    Suite(
        "browser",
        14,
        (
            "tests/browser/test_every_page.py",
            "tests/browser/test_hostile_texts.py",
            "tests/browser",
            "tests/webapp",
            "tests/harness/test_browser.py",
        ),
        at_once=2,
        apart=(CANARIES, *PAGES_ALONE),
    ),
    Suite("races", 4, ("tests/races",)),
)
# Folders under tests/ which are no suite: shared code, and what has commands of its own.
APART = {"support", "bench", "soak"}


def present(suite: Suite, root: Path) -> list[str]:
    """The suite's files of tests, each once, in the order in which the suite names them."""
    named = [path for pattern in suite.paths for path in sorted(root.glob(pattern))]
    files = [
        file for path in named for file in ([path] if path.is_file() else sorted(path.rglob("test_*.py")))
    ]
    others = {file for pattern in suite.apart for file in root.glob(pattern)}
    return [str(file.relative_to(root)) for file in dict.fromkeys(files) if file not in others]


def empty(suite: Suite, root: Path) -> bool:
    """Whether the suite's folders are there and hold files, but not one test."""
    folders = [path for pattern in suite.paths for path in root.glob(pattern) if path.is_dir()]
    filled = any(path.is_file() and path.suffix != ".pyc" for folder in folders for path in folder.rglob("*"))
    return filled and not present(suite, root)


def strays(suites: Sequence[Suite], root: Path) -> Iterator[str]:
    """Test files that no suite would run: the quietest way for a test to stop testing."""
    covered = [path for suite in suites for pattern in suite.paths for path in root.glob(pattern)]
    for path in sorted((root / "tests").rglob("test_*.py")):
        if path.relative_to(root / "tests").parts[0] in APART:
            continue
        if not any(path == place or place in path.parents for place in covered):
            yield str(path.relative_to(root))


def run_suite(suite: Suite, root: Path = ROOT) -> Outcome:
    outcome = Outcome(suite)
    start = time.monotonic()
    limit = start + suite.minutes * 60 * PATIENCE
    for check in suite.checks:
        if (root / check.needs).exists():
            outcome.ran = True
            _announce(f"{suite.name}: {check.name}")
            code = _run(check.command, root, limit)
            if code == 0:
                outcome.passed += 1
            else:
                outcome.failed += 1
                outcome.faults.append(f"{check.name} {_how(code)}")
    paths = present(suite, root)
    if paths:
        outcome.ran = True
        _announce(f"{suite.name}: {len(paths)} files of tests")
        _run_tests(outcome, paths, root, limit)
    elif empty(suite, root):
        outcome.ran = True
        outcome.faults.append(NOTHING)
    outcome.seconds = time.monotonic() - start
    if outcome.seconds > suite.minutes * 60:
        outcome.faults.append(f"took {outcome.seconds / 60:.1f} of its {suite.minutes:g} minutes")
    return outcome


def _run_tests(outcome: Outcome, paths: list[str], root: Path, limit: float) -> None:
    with tempfile.TemporaryDirectory(prefix="trefoil-suite-") as folder:
        report = Path(folder) / "report.xml"
        # One file that cannot be read must not hide what the others would have said.
        options: tuple[str, ...] = (
            "-q",
            "--durations=5",
            "--continue-on-collection-errors",
            f"--junitxml={report}",
        )
        if outcome.suite.at_once > 1:
            # By file: what a file sets up once, it shares among its tests.
            options += ("-n", str(outcome.suite.at_once), "--dist", "loadfile", "--no-loadscope-reorder")
        command = (sys.executable, "-m", "pytest", *options, *paths)
        code = _run(command, root, limit)
        counted = _count(outcome, report)
    if code == NO_TESTS or (code == 0 and not counted):
        outcome.faults.append(NOTHING)
    elif code != 0:
        outcome.faults.append(f"tests {_how(code)}")
        # A run that broke off before any test failed is a failure all the same.
        outcome.failed = max(outcome.failed, 1)


def _count(outcome: Outcome, report: Path) -> int:
    try:
        tree = ElementTree.parse(report)
    except (OSError, ElementTree.ParseError):
        return 0
    total = 0
    for element in tree.getroot().iter("testsuite"):
        number = {name: int(element.get(name, 0)) for name in ("tests", "failures", "errors", "skipped")}
        bad = number["failures"] + number["errors"]
        total += number["tests"]
        outcome.failed += bad
        outcome.skipped += number["skipped"]
        outcome.passed += max(0, number["tests"] - bad - number["skipped"])
    return total


def _run(command: Sequence[str], root: Path, limit: float) -> int | None:
    """The exit code, or None when the time ran out. The child leads its own group, which ends with it."""
    seconds = limit - time.monotonic()
    if seconds <= 0:
        return None
    try:
        process = subprocess.Popen(command, cwd=root, stdin=subprocess.DEVNULL, start_new_session=True)
    except OSError as error:
        print(f"{command[0]}: {error}", file=sys.stderr)
        return 127
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        return None
    finally:
        _end_group(process)


def _end_group(process: subprocess.Popen[bytes]) -> None:
    """Ends what the child left running; the group's id is the child's, so nothing else can be meant."""
    # The interrupt first: fixtures then take down what they put up.
    for step, grace in ((signal.SIGINT, 15), (signal.SIGTERM, 5), (signal.SIGKILL, 5)):
        try:
            os.killpg(process.pid, step)
        except (ProcessLookupError, PermissionError):
            break
        try:
            process.wait(grace)
        except subprocess.TimeoutExpired:
            continue
        if step is not signal.SIGKILL:
            time.sleep(0.1)
    process.poll()


def _how(code: int | None) -> str:
    return "ran out of time" if code is None else f"failed (exit {code})"


def _announce(text: str) -> None:
    print(f"\n--- {text}", flush=True)


def table(outcomes: Sequence[Outcome]) -> str:
    lines = [
        f"{'suite':<10} {'minutes':>8} {'budget':>7} {'passed':>7} {'failed':>7} {'skipped':>8}  verdict"
    ]
    for each in outcomes:
        verdict = ("well" if each.well else "; ".join(each.faults)) if each.ran else "nothing here yet"
        lines.append(
            f"{each.suite.name:<10} {each.seconds / 60:>8.1f} {each.suite.minutes:>7g} "
            f"{each.passed:>7} {each.failed:>7} {each.skipped:>8}  {verdict}"
        )
    total = sum(each.seconds for each in outcomes) / 60
    lines.append(f"{'all':<10} {total:>8.1f} {sum(each.suite.minutes for each in outcomes):>7g}")
    return "\n".join(lines)


def closing_line(outcomes: Sequence[Outcome]) -> str:
    # A suite that fails without a failing test (over its budget, say) still counts as one failure.
    failed = sum(max(each.failed, 0 if each.well else 1) for each in outcomes)
    skipped = sum(each.skipped for each in outcomes)
    line = f"{sum(each.passed for each in outcomes)} passed, {failed} failed"
    return f"{line}, {skipped} skipped" if skipped else line


@contextmanager
def _noting_what_is_shown() -> Iterator[Path]:
    """Every suite notes in one file how the tests that prove something end; a page is written of a whole run alone."""
    before = os.environ.get(SHOWN)
    with tempfile.TemporaryDirectory(prefix="trefoil-shown-") as folder:
        os.environ[SHOWN] = str(Path(folder) / "shown")
        try:
            yield Path(os.environ[SHOWN])
        finally:
            os.environ.pop(SHOWN)
            if before is not None:
                os.environ[SHOWN] = before


def main(names: Sequence[str], suites: Sequence[Suite] = SUITES, root: Path = ROOT) -> int:
    unknown = set(names) - {suite.name for suite in suites}
    if unknown:
        print(f"no suite is called {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    with _noting_what_is_shown() as shown:
        outcomes = [run_suite(suite, root) for suite in suites if not names or suite.name in names]
        if not names and shown.exists():
            subprocess.run((sys.executable, "-m", "tools.ux_checks", str(shown)), cwd=root, check=False)
    lost = list(strays(suites, root))
    if lost:
        outcomes.append(Outcome(Suite("strays", 1, ()), failed=len(lost), ran=True))
        outcomes[-1].faults.append(f"in no suite: {', '.join(lost)}")
    print(f"\n{table(outcomes)}\n")
    print(closing_line(outcomes), flush=True)
    return 0 if all(each.well for each in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
