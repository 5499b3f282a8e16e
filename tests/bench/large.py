"""Large forms for measuring: as many questions as wanted, with conditions, lists, repeats and sections. Seeded."""

from __future__ import annotations

from random import Random

SECTION = 60
_TYPES = ("text", "yes_no", "choose_one", "number", "date", "choose_many", "long_text", "yes_no")
_OPTIONS = 12


def form(questions: int, number: int = 0) -> str:
    """`large0`, a form of so many questions: sections of 60, one question in four shown by a condition."""
    chance = Random(number)
    lines = [f"form: large{number}", "title: A large form", "about: child", "sections:"]
    asked: list[tuple[str, str]] = []
    for index in range(questions):
        if index % SECTION == 0:
            lines += [
                f"  - id: part{index // SECTION}",
                f"    title: Part {index // SECTION + 1}",
                "    questions:",
            ]
        kind = _TYPES[chance.randrange(len(_TYPES))]
        if index % 50 == 49:
            lines += _repeat(index)
            continue
        lines += _question(f"q{index}", kind, "      ")
        roll = chance.random()
        if asked and roll < 0.25:
            lines.append(f"        show_if: {_condition(asked, chance)}")
        elif asked and roll < 0.35:
            lines.append(f"        required_if: {_condition(asked, chance)}")
        elif (
            kind == "number" and roll < 0.6 and (near := [name for name, of in asked[-40:] if of == "number"])
        ):
            lines.append(f"        calculate: {chance.choice(near)} + 1")
        asked.append((f"q{index}", kind))
    return "\n".join(lines) + "\n"


def _question(name: str, kind: str, indent: str) -> list[str]:
    lines = [
        f"{indent}- id: {name}",
        f"{indent}  type: {kind}",
        f"{indent}  label: What was recorded about {name}?",
    ]
    if kind in ("choose_one", "choose_many"):
        lines.append(f"{indent}  options: {'some' if len(name) % 2 else 'kinds'}")
    return lines


def _repeat(index: int) -> list[str]:
    lines = [
        f"      - id: q{index}",
        "        type: repeat",
        f"        label: People at {index}",
        "        questions:",
    ]
    for number, kind in enumerate(("text", "choose_one", "date", "yes_no")):
        lines += _question(f"q{index}_{number}", kind, "          ")
    lines.append(f"            show_if: q{index}_1 is a")
    return lines


def _condition(asked: list[tuple[str, str]], chance: Random) -> str:
    """One or two comparisons of questions nearby, as people write them."""
    near = asked[-40:]
    found = []
    for _ in range(chance.choice((1, 1, 2))):
        name, kind = chance.choice(near)
        match kind:
            case "yes_no":
                found.append(name)
            case "choose_one":
                found.append(f"{name} is a")
            case "choose_many":
                found.append(f"{name} includes b")
            case "number":
                found.append(f"{name} > {chance.randrange(20)}")
            case _:
                found.append(f"{name} is answered")
    return chance.choice((" and ", " or ")).join(found)


def lists() -> str:
    """The lists that these forms choose from."""
    options = "".join(f"  - {{id: {chr(97 + one)}, label: Option {one}}}\n" for one in range(_OPTIONS))
    return "---\n".join(f"list: {name}\ntitle: {name}\noptions:\n{options}" for name in ("some", "kinds"))
