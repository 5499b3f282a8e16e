"""What may stop casework, each with its facts as data and its words for people.

A caller shows `str(error)`; it never needs to know which table or statement stood behind it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.language.saying import say, say_count


class CaseworkError(Exception):
    """Anything that casework refuses or cannot do. `str()` is fit to be shown, in the language spoken then."""

    def __str__(self) -> str:
        return say(super().__str__())


class NotFound(CaseworkError):
    """The one answer for what does not exist, what belongs to another authority and what may not be seen."""

    def __init__(self, what: str = "page") -> None:
        self.what = what
        super().__init__("This could not be found. It may not exist, or you may not have access to it.")


class NotPermitted(CaseworkError):
    """The person sees the thing but may not do this to it, or may not do this job at all."""

    def __init__(self, verb: str, message: str | None = None) -> None:
        self.verb = verb
        super().__init__(
            message or "Your role does not allow this. Ask your administrator if you think it should."
        )


class NeedsWidening(CaseworkError):
    """Definitions ask for columns that are not there yet, and this process may not make them."""

    def __init__(self) -> None:
        super().__init__(
            "These definitions have reportable answers that the database has no columns for yet. Pages never alter "
            "tables: publish with the command, trefoil publish."
        )


class NotReady(CaseworkError):
    """A form cannot be submitted, or a record saved, as answered. `problems` say which questions and why."""

    def __init__(self, problems: Sequence[Any], evaluation: Any = None) -> None:
        self.problems = tuple(problems)
        self.evaluation = evaluation
        count = len(self.problems)
        super().__init__(
            say_count(
                "%(num)s answer must be looked at before this can go on.",
                "%(num)s answers must be looked at before this can go on.",
                count,
            )
        )


class Refused(CaseworkError):
    """A transition was not allowed. `refusals` holds every reason, as the workflow gave them."""

    def __init__(self, refusals: Sequence[Any]) -> None:
        self.refusals = tuple(refusals)
        super().__init__(" ".join(str(getattr(one, "message", one)) for one in self.refusals))


@dataclass(frozen=True, slots=True)
class Conflict:
    """One question that two people changed differently since the revision both began from."""

    path: str
    base: object
    mine: object
    theirs: object


class Stale(CaseworkError):
    """Somebody else saved first, and both changed the same questions.

    Nothing is lost: `mine` is kept under the id `aside` (for submissions), `theirs` is what is stored now as
    `revision`, `merged` is theirs plus every change of mine that nobody else touched, and `conflicts` names
    each question for which a person must choose.
    """

    def __init__(
        self,
        *,
        base: Mapping[str, Any],
        mine: Mapping[str, Any],
        theirs: Mapping[str, Any],
        merged: Mapping[str, Any],
        conflicts: Sequence[Conflict],
        revision: int,
        by: str | None = None,
        aside: str | None = None,
    ) -> None:
        self.base, self.mine, self.theirs, self.merged = base, mine, theirs, merged
        self.conflicts = tuple(conflicts)
        self.revision = revision
        self.by = by
        self.aside = aside
        super().__init__(
            "Someone else changed the same answers while you were writing. Choose which to keep."
        )


class Busy(CaseworkError):
    """The database stayed busy past its time-out, twice. Trying again shortly is right."""

    def __init__(self) -> None:
        super().__init__("The service is busy. Nothing you typed is lost; try again in a moment.")


class SchemaMismatch(CaseworkError):
    """The database was made by an older or newer Trefoil than this one, or never set up."""


class Unreachable(CaseworkError):
    """No database answers where the settings say there is one."""

    def __init__(self) -> None:
        super().__init__(
            "The database cannot be reached. Look whether it runs, and at the setting TREFOIL_DATABASE, which says "
            "where it is and who asks."
        )


class KeyTrouble(CaseworkError):
    """The key file is missing, readable by others, malformed, in the data folder, or not this database's."""


class UnsafeDatabase(CaseworkError):
    """This SQLite could damage the database; the message says what to use instead."""


class SignInRefused(CaseworkError):
    """Name or password wrong, account closed, or too many tries: the words do not say which person exists."""

    def __init__(self, wait: int = 0) -> None:
        self.wait = wait
        if wait:
            minutes = max(1, (wait + 59) // 60)
            words = say_count(
                "Too many tries. Wait %(num)s minute and try again.",
                "Too many tries. Wait %(num)s minutes and try again.",
                minutes,
            )
        else:
            words = "The name or the password is not right."
        super().__init__(words)


class NotYours(CaseworkError):
    """Name and password are right, and somebody else's than of whoever may go on here."""

    def __init__(self) -> None:
        super().__init__(
            "Somebody else was writing on this page, and only they can go on with it. To work as yourself, open "
            "another page."
        )


class NoStack(CaseworkError):
    """The authority has no published definitions yet."""

    def __init__(self) -> None:
        super().__init__("No forms and workflows have been published yet. Publish a pack first.")
