"""What the agreement of the backends is tried on, part by part of the language, so that none is hardly tried.

Each stratum makes expressions around one matter, alone or joined with something else. Random, from one source.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.support.random_expressions import CHOICES, HARMS, Maker

Make = Callable[[Maker], str]
SIGNS = ("=", "<", "<=", ">", ">=", "is not")
HALVES = ("0.5", "2", "4", "0.25", "0.000001", "3", "0.333333", "8")


def _sign(maker: Maker) -> str:
    return str(maker.pick(*SIGNS[:5]))


def _numbers(maker: Maker) -> str:
    return str(maker.pick("adults", "children", "framework.home.score", "framework.peers.score"))


def _of(maker: Maker, made: str, against: str) -> str:
    """A value by itself, or compared."""
    return made if maker.chance.random() < 0.5 else f"{made} {_sign(maker)} {against}"


def adding(maker: Maker) -> str:
    one, other, third = _numbers(maker), maker.number(1), maker.number(0)
    return _of(maker, f"{one} {maker.pick('+', '-')} {other} {maker.pick('+', '-')} {third}", maker.number(0))


def rounding(maker: Maker) -> str:
    """Products and quotients whose seventh decimal is often a half."""
    one, other = _numbers(maker), maker.pick(*HALVES, _numbers(maker))
    made = f"{one} {maker.pick('*', '/')} {other}"
    return _of(
        maker, maker.pick(made, f"-({made})", f"({made}) {maker.pick('*', '/')} {maker.pick(*HALVES)}"), "0"
    )


def too_long_or_by_nought(maker: Maker) -> str:
    one = maker.pick("999999999999.999999", "500000000000", "adults * 1000000", "children / 0.000001")
    return _of(
        maker,
        maker.pick(
            f"{one} + {_numbers(maker)}", f"{one} * {_numbers(maker)}", f"adults / {_numbers(maker)}",
            f"{_numbers(maker)} / ({_numbers(maker)} - adults)", f"-({one}) - {_numbers(maker)}",
        ),
        "1",
    )  # fmt: skip


def least_most_total(maker: Maker) -> str:
    items = ", ".join(_numbers(maker) for _ in range(maker.pick(2, 3)))
    return _of(maker, f"{maker.pick('min', 'max', 'sum')}({items}, {maker.number(1)})", maker.number(0))


def _day(maker: Maker) -> str:
    return str(maker.pick("referral_date", "seen_on", "record.date_of_birth", "case.started", maker.date(0)))


def dates(maker: Maker) -> str:
    one = maker.pick("referral_date", "seen_on")
    if maker.chance.random() < 0.4:
        return f"{maker.pick('min', 'max')}({one}, {_day(maker)}, {_day(maker)})"
    return f"{one} {_sign(maker)} {maker.date(1)}"


def days_between(maker: Maker) -> str:
    return _of(maker, f"days between {_day(maker)} and {maker.pick('referral_date', 'seen_on')}", "30")


def working_days(maker: Maker) -> str:
    return _of(maker, f"working days between {_day(maker)} and {maker.pick('referral_date', 'seen_on')}", "5")


def ages(maker: Maker) -> str:
    born = maker.pick("record.date_of_birth", "referral_date", "2008-02-29")
    at = maker.pick("seen_on", "today()", "referral_date", "2026-02-28", "2026-03-01")
    if (born, at) == ("2008-02-29", at) and at[0].isdigit():
        at = "seen_on"
    return _of(maker, f"age of {born} at {at}", "18")


def today(maker: Maker) -> str:
    return str(
        maker.pick(
            f"{_day(maker)} {_sign(maker)} today()", f"age of record.date_of_birth at today() {_sign(maker)} 18",
            "days between referral_date and today()", "working days between seen_on and today() > 3",
        )
    )  # fmt: skip


def times(maker: Maker) -> str:
    return str(
        maker.pick(
            f"left_at {_sign(maker)} back_at", f'left_at {_sign(maker)} "{maker.pick("9:15", "23:59", "00:00")}"',
            'back_at is "9:15"', 'left_at is not "09:15"',
        )
    )  # fmt: skip


def texts(maker: Maker) -> str:
    word = maker.pick("Ana", "ana", "Zo\u00eb", "Zoe\u0308", "A", " Ana ")
    name = maker.pick("name", "other_name", "harm_types.other", "main_harm.other")
    return str(maker.pick(f'{name} = "{word}"', f'{name} is not "{word}"', "name = other_name",
                          f'{name} in ("{word}", "Ana")'))  # fmt: skip


def yes_no(maker: Maker) -> str:
    name, other = maker.chance.sample(["told", "consented", "shared"], 2)
    tail = maker.pick("", " is yes", " is no", " is not no", " is not yes", f" = {other}")
    return f"{name}{tail}"


def choice(maker: Maker) -> str:
    name = maker.pick("harm_setting", "second_setting", "main_harm")
    options = CHOICES[name]
    chain = " or ".join(maker.chance.sample(options, maker.pick(1, 2, 3)))
    listed = ", ".join(maker.chance.sample(options, maker.pick(1, 2)))
    return str(
        maker.pick(f"{name} is {chain}", f"{name} is not {chain}", f"{name} in ({listed})", f"{name} not in ({listed})",
                   "harm_setting = second_setting")
    )  # fmt: skip


def groups(maker: Maker) -> str:
    name = maker.pick(
        "main_harm is", "main_harm is not", "harm_types includes", "harm_types does not include"
    )
    return f"{name} {maker.pick('extra_familial', 'exploitation', 'exploitation or violence', 'exploitation or other')}"


def several_choices(maker: Maker) -> str:
    chain = " or ".join(maker.chance.sample(HARMS, maker.pick(1, 2, 3)))
    return f"harm_types {maker.pick('includes', 'does not include')} {chain}"


def markers_in_forms(maker: Maker) -> str:
    chain = " or ".join(maker.chance.sample(HARMS, maker.pick(1, 2)))
    return str(
        maker.pick(
            f"dangers includes {chain}", f"dangers does not include {chain}", "dangers is answered",
            f"count(dangers) {_sign(maker)} 1", f"dangers includes extra_familial and {_plain(maker)}",
        )
    )  # fmt: skip


def answers_of_parts(maker: Maker) -> str:
    made = f"helper is {maker.pick('answered', 'not answered')}"
    return str(maker.pick(made, f"{made} {maker.pick('and', 'or')} {_plain(maker)}", f"told or not ({made})"))


def answered(maker: Maker) -> str:
    name = maker.pick(
        "harm_types", "harm_setting", "name", "adults", "referral_date", "left_at", "told", "places", "framework",
        "school", "met_with", "harm_types.other", "framework.home.worried", "record.nickname", "case.started",
        "record.markers", "assessment.decision", "(adults / children)", "(sum(places.cost))",
    )  # fmt: skip
    return f"{name} is {maker.pick('answered', 'not answered')}"


def unknown(maker: Maker) -> str:
    """Kleene's logic over conditions that are often unknown."""
    parts = [
        maker.pick("told", "consented", "shared is no", 'name = "Ana"', "adults > 3", "harm_types includes cse",
                   "seen_on < referral_date", "harm_setting is both")
        for _ in range(maker.pick(2, 3, 4))
    ]  # fmt: skip
    joint = maker.pick(" and ", " or ")
    made = joint.join(f"not ({one})" if maker.chance.random() < 0.4 else f"({one})" for one in parts)
    return f"not ({made})" if maker.chance.random() < 0.5 else made


def named(maker: Maker) -> str:
    name = maker.pick("extra_familial_harm", "beyond_home")
    return str(maker.pick(name, f"not {name}", f"{name} and {_plain(maker)}", f"{name} or not beyond_home"))


def linked_record(maker: Maker) -> str:
    return str(
        maker.pick(
            f"school is {maker.pick('answered', 'not answered')}",
            f"school is answered {maker.pick('and', 'or')} {_plain(maker)}",
            f"any row of record.links where other is answered and {_plain(maker)}",
            f"every row of record.links where other is not answered or from < {_day(maker)}",
        )
    )


def linked_records(maker: Maker) -> str:
    return str(
        maker.pick(
            f"met_with is {maker.pick('answered', 'not answered')}", f"count(met_with) {_sign(maker)} adults",
            f"count(met_with) * {maker.pick(*HALVES)}", f"met_with is answered and {_plain(maker)}",
            "count(record.links.other) + count(met_with)", f"count(met_with) / {_numbers(maker)}",
        )
    )  # fmt: skip


def record_fields(maker: Maker) -> str:
    return str(
        maker.pick(
            f"record.date_of_birth {_sign(maker)} {_day(maker)}", 'record.nickname = "Ana"',
            "record.nickname is not answered", "record.type is child",
            f"record.latest.assessment.decision is {maker.pick('plan_needed', 'no_action or shared')}",
            f"record.latest.assessment.agreed_on {_sign(maker)} {_day(maker)}", "record.nickname = name",
            "days between record.date_of_birth and record.latest.assessment.agreed_on",
        )
    )  # fmt: skip


def record_rows(maker: Maker) -> str:
    kind = maker.pick("any", "every")
    return str(
        maker.pick(
            f"{kind} row of record.markers where kind is {maker.pick('exploitation', 'cse or violence')}",
            f"{kind} row of record.markers where from < to", "count(record.markers)",
            f"{kind} row of record.links where from <= {_day(maker)}", "count(record.links.other) > 1",
            f"{kind} row of record.actions where social_field is home and due < today()",
            f'{kind} row of record.actions where progress is answered or due is not answered',
            "max(record.actions.due)", "min(record.markers.from) < referral_date",
        )
    )  # fmt: skip


def another_form(maker: Maker) -> str:
    return str(
        maker.pick(
            "assessment.decision is plan_needed or shared",
            f"assessment.agreed_on {_sign(maker)} {_day(maker)}", "assessment.decision is not plan_needed",
            f"{maker.pick('any', 'every')} row of assessment.people where years < 18", "sum(assessment.people.years)",
            "count(assessment.people) + count(assessment.people.years)",
        )
    )  # fmt: skip


def form_states(maker: Maker) -> str:
    state = maker.pick("submitted", "approved", "returned")
    made = f"assessment is {maker.pick('', 'not ')}{state}"
    return str(maker.pick(made, f"{made} {maker.pick('and', 'or')} {_plain(maker)}",
                          f"{made} or assessment.decision is no_action"))  # fmt: skip


def the_case(maker: Maker) -> str:
    return str(
        maker.pick(
            f"case.started {_sign(maker)} {_day(maker)}", "case.entered < case.started", "case.state is answered",
            "working days between case.started and case.entered", "case.started is not answered",
        )
    )  # fmt: skip


def _row(maker: Maker, rows: str) -> str:
    maker.rows.append(rows)
    made = maker.pick(
        "safe", "not safe", "cost > adults", "cost * 0.5 < children", "unsafe_since <= today()",
        'place_name = "Ana"', "place_name = name", "cost is answered", maker.condition(1),
        "age of unsafe_since at seen_on > 3", "safe or told",
    )  # fmt: skip
    maker.rows.pop()
    return str(made)


def any_row(maker: Maker) -> str:
    return f"any row of places where {_row(maker, 'places')}"


def every_row(maker: Maker) -> str:
    return f"every row of places where {_row(maker, 'places')}"


def rows_in_rows(maker: Maker) -> str:
    inner = maker.pick(
        "minutes > cost", "minutes is answered", "minutes < adults or safe", "minutes + cost > 2"
    )
    kind, other = maker.pick("any", "every"), maker.pick("any", "every")
    return str(
        maker.pick(
            f"{kind} row of places where {other} row of visits where {inner}",
            f"{kind} row of places where count(visits) > {maker.pick('0', '1')}",
            f"{kind} row of places where sum(visits.minutes, cost) > adults",
            f"{kind} row of places where {other} row of assessment.people where years > cost",
        )
    )


def grids(maker: Maker) -> str:
    place = maker.pick("framework.home", "framework.peers")
    return str(
        maker.pick(
            f"{place}.score {_sign(maker)} {maker.number(0)}", f'{place}.worried = "Ana"', "sum(framework.score)",
            f"{maker.pick('any', 'every')} row of framework where score > 1 and worried is answered",
            f"{place}.score * {maker.pick(*HALVES)}", "count(framework.worried)", f"{place}.worried is answered",
        )
    )  # fmt: skip


def columns(maker: Maker) -> str:
    made = maker.pick(
        f"{maker.pick('sum', 'min', 'max')}(places.cost)", f"sum(places.cost, {_numbers(maker)}, places.cost)",
        f"{maker.pick('min', 'max')}(places.cost, {_numbers(maker)})", "sum(places.cost) / count(places.cost)",
        "max(assessment.people.years, framework.score)",
    )  # fmt: skip
    return _of(maker, made, maker.number(0))


def column_days(maker: Maker) -> str:
    made = f"{maker.pick('min', 'max')}(places.unsafe_since, {_day(maker)})"
    return str(
        maker.pick(made, f"{made} < today()", f"days between {made} and seen_on", f"{made} is answered")
    )


def counting(maker: Maker) -> str:
    of = maker.pick("places", "harm_types", "places.cost", "places.unsafe_since", "framework.score", "met_with",
                    "record.markers", "assessment.people.years")  # fmt: skip
    return _of(maker, f"count({of})", maker.pick("0", "1", "2", "adults"))


def deep(maker: Maker) -> str:
    return maker.condition(4)


def calculated(maker: Maker) -> str:
    return maker.number(3)


def _plain(maker: Maker) -> str:
    return str(
        maker.pick("told", "consented is no", "adults > 1", "harm_types includes cse", "name is answered")
    )


MAKERS: tuple[Make, ...] = (
    adding, rounding, too_long_or_by_nought, least_most_total, dates, days_between, working_days, ages, today,
    times, texts, yes_no, choice, groups, several_choices, markers_in_forms, answers_of_parts, answered, unknown,
    named, linked_record, linked_records, record_fields, record_rows, another_form, form_states, the_case, any_row,
    every_row, rows_in_rows, grids, columns, column_days, counting, deep, calculated,
)  # fmt: skip
STRATA: Mapping[str, Make] = {make.__name__.replace("_", " "): make for make in MAKERS}


def joined(maker: Maker, condition: str) -> str:
    joint = maker.pick("and", "or")
    return str(maker.pick(f"({condition}) {joint} ({_plain(maker)})", f"not ({condition})",
                          f"({_plain(maker)}) {joint} not ({condition})"))  # fmt: skip
