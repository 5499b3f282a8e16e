"""What z3 found, turned back into answers. Not every one of them is one: they have still to be evaluated."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from engine.proof.universe import Question

if TYPE_CHECKING:
    from engine.proof.solving import Solver

SCALE = Decimal(1_000_000)
_MOST_ROWS = 60


class Found:
    """One model of z3."""

    def __init__(self, solver: Solver, model: Any) -> None:
        self.solver = solver
        self.model = model

    def answers(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, question in self.solver.universe.questions.items():
            if question.calculated is not None:
                continue
            if question.kind == "rows":
                rows = self._rows_of(key)
                if rows:
                    found[key] = rows
                continue
            there = self.solver.z3.Bool(f"{key}?", self.solver.context)
            if self._holds(there):
                value = self._said(question, key)
                if value is not None:
                    found[key] = value
        return found

    def _rows_of(self, key: str) -> list[dict[str, Any]]:
        if key not in self.solver.cells:
            return []
        found = []
        for index, cells in enumerate(self.solver.cells[key]):
            if self._holds(self.solver.z3.Bool(f"{key}[{index}]?", self.solver.context)):
                row = {}
                for cell, (there, _) in cells.items():
                    question = self.solver.universe.questions[key].cells.get(cell) or Question(cell, "thing")
                    if self._holds(there):
                        row[cell] = self._said(question, f"{key}[{index}].{cell}")
                found.append(row)
        many = self.model.eval(
            self.solver.z3.Int(f"{key}#", self.solver.context), model_completion=True
        ).as_long()
        return found + found[:1] * (min(many, _MOST_ROWS) - len(found))

    def _said(self, question: Question, name: str) -> Any:
        if question.kind == "yes_no":
            return self._holds(self.solver.z3.Bool(name, self.solver.context))
        if question.kind == "choices":
            chosen = [
                one
                for one, _ in question.options
                if self._holds(self.solver.z3.Bool(f"{name}§{one}", self.solver.context))
            ]
            return frozenset(chosen) or None
        number = self.model.eval(
            self.solver.z3.Int(name, self.solver.context), model_completion=True
        ).as_long()
        match question.kind:
            case "number":
                return Decimal(number) / SCALE
            case "date":
                return _day(number)
            case "time":
                return f"{number // 60:02}:{number % 60:02}"
            case "records":
                return frozenset({f"record {number}"})
            case _:
                words = next((word for word, its in self.solver.numbered.items() if its == number), None)
                return words if words is not None else f"other words {number}"

    def _holds(self, condition: Any) -> bool:
        return bool(self.solver.z3.is_true(self.model.eval(condition, model_completion=True)))


def _day(packed: int) -> date | None:
    """The day, or the one before where there is no such 29 February."""
    year, rest = divmod(packed, 372)
    try:
        return date(year, rest // 31 + 1, rest % 31 + 1)
    except ValueError:
        return date(year, 3, 1) - timedelta(days=1)
