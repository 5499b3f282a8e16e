"""Writes docs/ux-checks.md: what practitioners may expect, and the tests that showed it in a whole run.

    python -m tools.ux_checks FILE     FILE holds how each marked test ended, one a line, as the run noted it

The rows stand in tests/spec/ux.yaml; a test names the row it proves in its mark. Must not know what any test does.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]
ROWS = "tests/spec/ux.yaml"
PAGE = "docs/ux-checks.md"
_HEAD = """# What practitioners may expect, and what shows it

Written by `make test` from the tests that passed; the rows stand in `tests/spec/ux.yaml`, and a test says with its mark
which row it proves. What no test can show, such as what disabled people find when they use it, is not claimed here: see
the page on accessibility in the application itself.
"""


def rows(root: Path = ROOT) -> list[dict[str, str]]:
    """Each with `id`, `expects` and `proof`."""
    found: list[dict[str, str]] = yaml.safe_load((root / ROWS).read_text(encoding="utf-8"))["rows"]
    return found


def _named(decorators: Iterable[ast.expr]) -> Iterator[str]:
    for one in decorators:
        if isinstance(one, ast.Call) and ast.unparse(one.func) == "pytest.mark.ux":
            yield from (str(each.value) for each in one.args if isinstance(each, ast.Constant))


def marked(root: Path = ROOT) -> dict[str, list[str]]:
    """The tests by the row that their marks name, as they are written: `tests/FILE.py::test`."""
    found: dict[str, list[str]] = {}
    for path in sorted((root / "tests").rglob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        if "mark.ux(" not in text:
            continue
        for node in ast.parse(text).body:
            if isinstance(node, ast.FunctionDef):
                for row in _named(node.decorator_list):
                    found.setdefault(row, []).append(f"{path.relative_to(root)}::{node.name}")
    return found


def passed(lines: Iterable[str]) -> set[str]:
    """Tests that passed at least once and never failed: one may be skipped in one of its ways."""
    ended: dict[str, set[str]] = {}
    for line in lines:
        outcome, _, test = line.rstrip("\n").partition("\t")
        ended.setdefault(test, set()).add(outcome)
    return {test for test, outcomes in ended.items() if "passed" in outcomes and "failed" not in outcomes}


def page(rows: Sequence[Mapping[str, str]], marks: Mapping[str, Sequence[str]], well: set[str]) -> str:
    parts = [_HEAD]
    for row in rows:
        tests = [one for one in marks.get(row["id"], ()) if one in well]
        lost = len(marks.get(row["id"], ())) - len(tests)
        count = f"{len(tests)} test{'' if len(tests) == 1 else 's'} passed."
        parts.append(
            f"## {row['expects']}\n\n{row['proof']} {count if tests else '**Nothing shows this yet.**'}\n"
        )
        if tests:
            parts.append("\n".join(f"- `{one}`" for one in tests) + "\n")
        if lost:
            parts.append(f"**{lost} more did not pass in the run that this page was written from.**\n")
    return "\n".join(parts)


def main(arguments: Sequence[str], root: Path = ROOT) -> int:
    if len(arguments) != 1:
        print("Say in which file the run noted how its tests ended.", file=sys.stderr)
        return 2
    lines = Path(arguments[0]).read_text(encoding="utf-8").splitlines()
    (root / PAGE).write_text(page(rows(root), marked(root), passed(lines)), encoding="utf-8")
    print(f"{PAGE} written")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
