"""Submissions: answers to one form through their whole life. Skeleton: signatures are settled, bodies follow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.casework.store import Desk
from engine.casework.values import Aside, Revision, Submission


def open_draft(
    desk: Desk, form: str, *, record: str, case: str | None = None, corrects: str | None = None
) -> Submission:
    """The draft of a form in a case: the one under way, or a new one.

    A new draft begins with what was returned (or the submission it `corrects`), else with carried answers.
    """
    raise NotImplementedError


def get(desk: Desk, submission: str, *, revision: int | None = None) -> Submission:
    """One submission, or how it stood at `revision`. The look is written to the audit. Raises NotFound."""
    raise NotImplementedError


def save(
    desk: Desk,
    submission: str,
    answers: Mapping[str, Any],
    *,
    revision: int,
    raw: Mapping[str, Any] | None = None,
) -> Submission:
    """Save a draft's answers, all of them, as this person has them, based on `revision`.

    What others saved meanwhile is merged question by question. Raises Stale where both changed one answer:
    nothing is lost, mine is set aside. Rows new to the database get their `_row`.
    """
    raise NotImplementedError


def submit(
    desk: Desk,
    submission: str,
    *,
    revision: int,
    answers: Mapping[str, Any] | None = None,
    key: str | None = None,
) -> Submission:
    """Hand a draft in. Raises NotReady with the evaluation's problems; fires automatic transitions."""
    raise NotImplementedError


def of_case(desk: Desk, case: str) -> list[Submission]:
    raise NotImplementedError


def of_record(desk: Desk, record: str) -> list[Submission]:
    raise NotImplementedError


def revisions(desk: Desk, submission: str) -> list[Revision]:
    raise NotImplementedError


def asides(desk: Desk, submission: str) -> list[Aside]:
    """My own texts set aside on this submission, waiting for a choice."""
    raise NotImplementedError


def resolve(desk: Desk, submission: str, aside: str, *, keep: Mapping[str, str], revision: int) -> Submission:
    """Settle a meeting of two saves: `keep` says `mine` or `theirs` for each conflicting path."""
    raise NotImplementedError


def evaluate(desk: Desk, submission: str, answers: Mapping[str, Any] | None = None) -> Any:
    """The pinned form's evaluation (shown, required, problems…) with this record's and case's facts."""
    raise NotImplementedError


def facts(desk: Desk, submission: str) -> dict[str, Any]:
    """The facts that the submission's form is evaluated with."""
    raise NotImplementedError
