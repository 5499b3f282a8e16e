"""The runner of suites: it must fail whenever a suite has not shown that all is well."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tools import run_suites
from tools.run_suites import SUITES, Check, Suite, closing_line, main, run_suite, strays

GOOD = "def test_good():\n    assert 1 + 1 == 2\n"
BAD = "def test_bad():\n    assert 1 + 1 == 3\n"
SKIPPED = "import pytest\n\n\ndef test_skipped():\n    pytest.skip('no need')\n"
BROKEN = "import no_such_module_at_all\n"


def plant(root: Path, **files: str) -> Suite:
    for name, text in files.items():
        path = root / "tests" / "planted" / f"test_{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return Suite("planted", 1, ("tests/planted",))


def test_what_passes_is_counted(tmp_path: Path) -> None:
    outcome = run_suite(plant(tmp_path, good=GOOD, more=GOOD, skipped=SKIPPED), tmp_path)
    assert (outcome.passed, outcome.failed, outcome.skipped, outcome.well) == (2, 0, 1, True)


@pytest.mark.parametrize("text", [BAD, BROKEN], ids=["bad", "broken"])
def test_what_fails_is_counted(tmp_path: Path, text: str) -> None:
    outcome = run_suite(plant(tmp_path, good=GOOD, other=text), tmp_path)
    assert outcome.failed == 1
    assert not outcome.well


def test_a_folder_not_there_yet_is_passed_over(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main([], [Suite("later", 1, ("tests/later",))], tmp_path) == 0
    assert capfd.readouterr().out.splitlines()[-1] == "0 passed, 0 failed"


@pytest.mark.parametrize("name", ["test_none.py", "cases.yaml"])
def test_a_folder_without_a_test_fails(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "tests" / "planted"
    folder.mkdir(parents=True)
    (folder / name).write_text("# nothing here\n")
    outcome = run_suite(Suite("planted", 1, ("tests/planted",)), tmp_path)
    assert not outcome.well
    assert "no test in them" in outcome.faults[0]


def test_a_suite_over_its_budget_fails_though_its_tests_pass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = "import time\n\n\ndef test_slow():\n    time.sleep(0.5)\n"
    planted = plant(tmp_path, slow=slow)
    # Over the budget on any machine, and long before the point where it is ended.
    monkeypatch.setattr(run_suites, "PATIENCE", 200)
    outcome = run_suite(Suite("planted", 0.005, planted.paths), tmp_path)
    assert not outcome.well
    assert "of its 0.005 minutes" in outcome.faults[-1]
    assert closing_line([outcome]).endswith("1 failed")


def test_a_hanging_suite_is_ended_with_what_it_started(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    hang = (
        "import subprocess, sys, time\n\n\ndef test_hang():\n"
        "    child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        f"    open({str(note)!r}, 'w').write(str(child.pid))\n    time.sleep(60)\n"
    )
    planted = plant(tmp_path, hang=hang)
    start = time.monotonic()
    outcome = run_suite(Suite("planted", 0.04, planted.paths), tmp_path)
    assert time.monotonic() - start < 30
    assert "ran out of time" in " ".join(outcome.faults)
    assert outcome.failed == 1
    assert not alive(int(note.read_text()))


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # An ended process that nobody has waited for yet still has its number.
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, timeout=10)
    return not state.stdout.strip().startswith("Z") and bool(state.stdout.strip())


def test_a_check_counts_as_one(tmp_path: Path) -> None:
    checks = (
        Check("fine", (sys.executable, "-c", "")),
        Check("faulty", (sys.executable, "-c", "raise SystemExit(3)")),
        Check("missing", ("no-such-program-anywhere",)),
        Check("later", (sys.executable, "-c", "raise SystemExit(4)"), needs="not/there/yet"),
    )
    outcome = run_suite(Suite("checks", 1, (), checks), tmp_path)
    assert (outcome.passed, outcome.failed) == (1, 2)
    assert "faulty failed (exit 3)" in outcome.faults


def test_the_last_line_sums_up(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    suite = plant(tmp_path, good=GOOD, bad=BAD, skipped=SKIPPED)
    assert main([], [suite], tmp_path) == 1
    assert capfd.readouterr().out.splitlines()[-1] == "1 passed, 1 failed, 1 skipped"


def test_a_test_in_no_suite_is_a_failure(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    suite = plant(tmp_path, good=GOOD)
    lost = tmp_path / "tests" / "lost" / "test_lost.py"
    lost.parent.mkdir()
    lost.write_text(GOOD)
    assert list(strays([suite], tmp_path)) == ["tests/lost/test_lost.py"]
    assert main([], [suite], tmp_path) == 1
    assert capfd.readouterr().out.splitlines()[-1] == "1 passed, 1 failed"


def test_one_suite_may_be_asked_for(tmp_path: Path) -> None:
    suite = plant(tmp_path, good=GOOD)
    assert main(["planted"], [suite, Suite("other", 1, (), (Check("no", ("false",)),))], tmp_path) == 0
    assert main(["nonsense"], [suite], tmp_path) == 2


def test_the_budgets_keep_the_whole_run_within_its_promise() -> None:
    assert sum(suite.minutes for suite in SUITES) <= 40


def test_every_test_here_is_in_a_suite() -> None:
    assert list(strays(SUITES, Path(__file__).resolve().parents[2])) == []
