"""The invented staff of an invented council, and how to sign in as each."""

from __future__ import annotations

from dataclasses import dataclass

AUTHORITY = "Riverside Council (invented)"
PASSWORD = "plum kettle orbit"  # for invented people on this machine alone
TEAM = "Adolescent team"


@dataclass(frozen=True, slots=True)
class Invented:
    sign_in: str
    name: str
    roles: tuple[str, ...]
    what: str
    in_team: bool = False


PEOPLE: tuple[Invented, ...] = (
    Invented("priya", "Priya Penrose", ("practitioner",), "practitioner", in_team=True),
    Invented("owen", "Owen Ashdown", ("practitioner",), "practitioner", in_team=True),
    Invented("marta", "Marta Quill", ("manager",), "team manager", in_team=True),
    Invented("cass", "Cass Lindley", ("cs_practitioner",), "contextual safeguarding practitioner"),
    Invented("joel", "Joel Farrow", ("coordinator",), "project coordinator"),
    Invented("rhian", "Rhian Vale", ("reviewing_officer",), "reviewing officer"),
    Invented(
        "bella", "Bella Stone", ("business_support",), "business support, who looks after forms and workflows"
    ),
    Invented("amir", "Amir Tarn", ("auditor",), "auditor"),
    Invented("otis", "Otis Hale", ("records_officer",), "records officer, who ends the keeping of records"),
    Invented("nell", "Nell Harker", ("administrator",), "administrator of people and roles"),
)


@dataclass(frozen=True, slots=True)
class SignInHelp:
    people: tuple[Invented, ...]
    password: str


def for_sign_in() -> SignInHelp:
    """What the demonstration's sign-in page tells everybody."""
    return SignInHelp(PEOPLE, PASSWORD)
