"""Writes what comes from the code itself: the references under docs/, and the schema that editors check by.

    python -m tools.references            writes them
    python -m tools.references --check    says which are out of date, and changes nothing

A test runs the check, so that no reference tells of a code that is gone. Must not know how findings arise.
"""

from __future__ import annotations

import json
import re
import string
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from engine.language import schemas
from engine.language.codes import CODES, GROUPS, Code
from engine.questions import BUILT_IN
from tools import document_reference
from tools.core_pack_reference import core_pack
from tools.expression_reference import expressions
from tools.question_reference import questions

ROOT = Path(__file__).resolve().parents[1]

_HEAD = """# What `trefoil check` can find

Written by `python -m tools.references` from the catalogue in `engine/language/codes`; change it there.

A finding has a code, a place (file, line, column), a message and what to do. An **error** refuses the definition,
a **warning** asks whether it is meant, **advice** suggests. A code keeps its meaning for ever; one that is given up
is not used again. Words in ⟨angle brackets⟩ stand for what your definition says.
"""


def diagnostics() -> str:
    """The reference of all findings, by group and code."""
    parts = [_HEAD]
    for letter, meaning in GROUPS.items():
        title, _, rest = meaning.partition(": ")
        parts.append(f"## {letter}: {title.lower()}\n\n{rest[:1].upper()}{rest[1:]}.\n")
        parts += [_entry(CODES[code]) for code in sorted(CODES) if code.startswith(letter)]
    return "\n".join(parts)


def _entry(one: Code) -> str:
    lines = [f"### {one.code} {one.title}", ""]
    lines += [
        f"*{one.severity.capitalize()}.* {_shown(one.message)}",
        "",
        f"What to do: {_shown(one.help)}",
        "",
    ]
    return "\n".join(lines)


def _shown(template: str) -> str:
    """A template as a sentence: its words to be filled in angle brackets, its doubled braces single."""
    parts = string.Formatter().parse(template)
    shown = "".join(text + (f"⟨{name.replace('_', ' ')}⟩" if name else "") for text, name, _, _ in parts)
    return re.sub(r"([*_<>])", r"\\\1", shown)


def editors() -> str:
    """The schema that the first line of every definition names."""
    return json.dumps(schemas.bundle(BUILT_IN), indent=1, ensure_ascii=False) + "\n"


REFERENCES: Mapping[str, Callable[[], str]] = {
    "docs/core-pack.md": core_pack,
    "docs/diagnostics.md": diagnostics,
    "docs/questions.md": questions,
    "docs/reference-expressions.md": expressions,
    "docs/reference-forms.md": document_reference.forms,
    "docs/reference-packs.md": document_reference.packs,
    "docs/reference-workflows.md": document_reference.workflows,
    f"schemas/{schemas.FILE}": editors,
}


def outdated(root: Path = ROOT) -> list[str]:
    """Names of the references that are not as they would be written now."""
    return [
        name
        for name, written in REFERENCES.items()
        if not (root / name).is_file() or (root / name).read_text(encoding="utf-8") != written()
    ]


def main(arguments: Sequence[str]) -> int:
    if list(arguments) == ["--check"]:
        for name in outdated():
            print(f"{name} is out of date. Run: python -m tools.references")
        return 1 if outdated() else 0
    for name in outdated():
        (ROOT / name).parent.mkdir(exist_ok=True)
        (ROOT / name).write_text(REFERENCES[name](), encoding="utf-8")
        print(f"{name} written")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
