"""The invented staff of an invented council, and how to sign in as each."""

from __future__ import annotations

from dataclasses import dataclass

from engine.language.model import Stack

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
    Invented("tilly", "Tilly Marchbank", ("practitioner",), "practitioner", in_team=True),
    Invented("ravi", "Ravi Thornley", ("practitioner",), "practitioner", in_team=True),
    Invented("marta", "Marta Quill", ("manager",), "team manager", in_team=True),
    Invented("cass", "Cass Lindley", ("cs_practitioner",), "contextual safeguarding practitioner"),
    Invented("joel", "Joel Farrow", ("coordinator",), "project coordinator"),
    Invented(
        "rhian",
        "Rhian Vale",
        ("reviewing_officer", "business_support"),
        "reviewing officer, and the second person for changes to forms and workflows",
    ),
    Invented(
        "bella", "Bella Stone", ("business_support",), "business support, who looks after forms and workflows"
    ),
    Invented("amir", "Amir Tarn", ("auditor",), "auditor"),
    Invented("otis", "Otis Hale", ("records_officer",), "records officer, who ends the keeping of records"),
    Invented("nell", "Nell Harker", ("administrator",), "administrator of people and roles"),
)


# For roles of a pack that nobody above has.
MORE_NAMES = (
    "Wren Alder",
    "Jude Marsh",
    "Imo Fell",
    "Tam Croft",
    "Ness Holm",
    "Ezra Wold",
    "Ada Tarrant",
    "Kit Lowe",
)


def for_pack(stack: Stack) -> tuple[Invented, ...]:
    """Those who have a role in a pack, and one more for each role that none of them has."""
    known = [one for one in PEOPLE if set(one.roles) & set(stack.access.roles)]
    held = {role for one in known for role in one.roles}
    left = [(role, title) for role, title in stack.access.roles.items() if role not in held]
    more = (
        Invented(role, f"{name}{'' if turn == 0 else f' {turn + 1}'}", (role,), title)
        for (turn, name), (role, title) in zip(
            ((turn, name) for turn in range(len(left)) for name in MORE_NAMES), left, strict=False
        )
    )
    return (*known, *more)


@dataclass(frozen=True, slots=True)
class SignInHelp:
    people: tuple[Invented, ...]
    password: str


def for_sign_in() -> SignInHelp:
    """What the demonstration's sign-in page tells everybody."""
    return SignInHelp(PEOPLE, PASSWORD)
