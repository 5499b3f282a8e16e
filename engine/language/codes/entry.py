"""One entry of the catalogue of findings. Must know nothing of where findings are made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

GROUPS = {
    "Y": "Syntax: the text is not YAML as Trefoil reads it",
    "S": "Structure: a document does not have the shape of its kind",
    "R": "References: something is named that is not there",
    "E": "Expressions: a condition or calculation makes no sense",
    "F": "Forms: a form could mislead whoever fills it in",
    "W": "Workflows: a workflow could strand a case",
    "P": "Packs: packs and layers do not fit together",
}


@dataclass(frozen=True, slots=True)
class Code:
    """A kind of finding. `message` and `help` are templates of `str.format`, filled by `codes.finding`.

    A code is minted once and never used again for something else. `title` says the fault in a few words, for
    the reference; `message` says what happened here; `help` says what to do.
    """

    code: str
    title: str
    message: str
    help: str
    severity: Literal["error", "warning", "advice"] = "error"

    @property
    def group(self) -> str:
        return self.code[0]
