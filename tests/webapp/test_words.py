"""Nothing on a page is said in English alone: every message is in the catalogue, has its Welsh, and is filled alike."""

from __future__ import annotations

import ast
import re
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from babel.messages.catalog import Message

from engine.language import saying
from tools import bare_words, words
from webapp import words as shown
from webapp.tongues import _, _Engine, ngettext, speaking

ROOT = Path(__file__).resolve().parents[2]
MESSAGES = [one for one in words.read("cy") if one.id]
HOLE = re.compile(r"%\((\w+)\)s|%")
ENGLISH = re.compile(
    r"\b(the|and|is|are|was|were|with|from|this|that|your|you|not|have|has|"
    r"January|February|March|April|May|June|July|August|September|October|November|December)\b"
)


def texts(one: Message) -> tuple[str, ...]:
    return (one.string,) if isinstance(one.string, str) else tuple(one.string)


def english(one: Message) -> tuple[str, ...]:
    return (one.id,) if isinstance(one.id, str) else tuple(one.id)


def test_the_catalogue_has_exactly_what_the_sources_say() -> None:
    told = words.brought_up(words.read("cy"), words.said(), "cy")
    assert {english(one) for one in MESSAGES} == {english(one) for one in told if one.id}, (
        "python -m tools.words"
    )
    assert len(MESSAGES) > 1000


@pytest.mark.ux("welsh")
def test_every_message_has_welsh() -> None:
    assert words.missing(words.read("cy")) == []


def test_a_message_is_filled_alike_in_both_languages() -> None:
    wrong = []
    for one in MESSAGES:
        wanted = {hole for text in english(one) for hole in HOLE.findall(text)}
        for text in texts(one):
            found = set(HOLE.findall(text))
            # A form for one, or none, may do without its number.
            missing = wanted - found - ({"num"} if len(texts(one)) > 1 else set())
            if missing or found - wanted:
                wrong.append((one.id, text))
    assert wrong == []


def test_plurals_have_the_six_forms_of_welsh_each_with_words() -> None:
    counted = [one for one in MESSAGES if not isinstance(one.id, str)]
    assert len(counted) > 20
    assert [one.id for one in counted if len(texts(one)) != 6 or not all(texts(one))] == []
    assert [one.id for one in MESSAGES if isinstance(one.id, str) and len(texts(one)) != 1] == []


def test_no_english_is_left_in_welsh() -> None:
    wrong = []
    for one in MESSAGES:
        for text in texts(one):
            bare = HOLE.sub("", re.sub(r"‘trefoil [^’]*’|trefoil \w+|docs/\S+|name@example\.org", "", text))
            same = text in english(one) and re.search(r"[A-Za-z]{3,}", bare)
            if same or ENGLISH.search(bare):
                wrong.append((one.id, text))
    assert wrong == []


def test_no_page_has_words_that_go_past_the_catalogue() -> None:
    found = bare_words.everywhere()
    assert len([name for name in found if name.endswith(".html")]) > 45 and len(found) > 120
    assert [one for some in found.values() for one in some] == []


@pytest.mark.parametrize(
    ("template", "bare"),
    [
        ("<p>Save it</p>", "Save it"),
        ("<p>{% if a %}Save{% endif %} {{ _('it') }}</p>", "Save"),
        ('<nav aria-label="Main">{{ _("x") }}</nav>', "Main"),
        ("{{ button('Save it') }}", "Save it"),
        ("{{ tag(names.get(one, 'Someone')) }}", "Someone"),
        ("<p>{{ 'part' if a else _('parts') }}</p>", "part"),
        ("{{ _('By %(name)s', name=a or 'somebody') }}", "somebody"),
        ('<input aria-label="{% if a %}Find{% endif %}">', "Find"),
    ],
)
def test_words_past_the_catalogue_are_found_in_a_template(template: str, bare: str) -> None:
    found = list(bare_words.in_template(template, "x"))
    assert found and all(one.endswith(bare) for one in found)


@pytest.mark.parametrize(
    "template",
    [
        "<p class=\"{{ 'wide' if a else 'narrow' }}\">{{ _('Save') }}</p>",
        "<p>{{ _('Save') if a == 'draft' else ngettext('a', 'b', 2) }} Trefoil</p>",
        "{% if 'edit' in may %}{{ url_for('work.home') }}{% endif %}<b>12 · –</b>",
    ],
)
def test_what_is_no_text_is_let_be(template: str) -> None:
    assert list(bare_words.in_template(template, "x")) == []


def test_words_past_the_catalogue_are_found_in_python() -> None:
    source = '"""A docstring."""\ndef f():\n    flash("Saved it")\n    page("x.html", "Title it", a=_("Kept so"))\n'
    assert [one.split(": ")[1] for one in bare_words.in_python(source, "x")] == ["Saved it", "Title it"]


def test_nothing_else_is_called_as_what_says_things_is() -> None:
    """A `_` bound to something else would say nothing in the line after."""
    wrong = []
    for path in sorted((ROOT / "webapp").rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        imports = [one for one in ast.walk(tree) if isinstance(one, ast.ImportFrom)]
        if not any(
            one.module == "webapp.tongues" and any(n.name == "_" for n in one.names) for one in imports
        ):
            continue
        for one in ast.walk(tree):
            bound = isinstance(one, ast.Name) and one.id == "_" and isinstance(one.ctx, ast.Store)
            if bound or (isinstance(one, ast.arg) and one.arg == "_"):
                wrong.append(f"{path.name}:{one.lineno}")
    assert wrong == []


def test_counts_are_said_with_the_word_that_goes_with_them() -> None:
    with speaking("cy"):
        days = [ngettext("%(num)s day", "%(num)s days", n) for n in (0, 1, 2, 3, 6, 7, 21)]
        tasks = [ngettext("%(num)s task", "%(num)s tasks", n) for n in (0, 1, 2, 3, 6, 7)]
        years = [ngettext("%(num)s year ago", "%(num)s years ago", n) for n in (1, 2, 3, 6, 7)]
    assert days == [f"{n} {'ddiwrnod' if n == 2 else 'diwrnod'}" for n in (0, 1, 2, 3, 6, 7, 21)]
    assert tasks == ["0 tasg", "1 dasg", "2 dasg", "3 tasg", "6 thasg", "7 tasg"]
    assert years == [f"{n} {word} yn ôl" for n, word in zip((1, 2, 3, 6, 7), YEARS, strict=True)]


YEARS = ("flwyddyn", "flynedd", "blynedd", "blynedd", "blynedd")


def test_days_and_moments_are_said_in_welsh() -> None:
    at, zone = datetime(2026, 6, 5, 9, 5, tzinfo=UTC), ZoneInfo("Europe/London")
    with speaking("cy"):
        said = [shown.day(date(2026, month, 1)) for month in range(1, 13)]
        assert said[:3] == ["1 Ionawr 2026", "1 Chwefror 2026", "1 Mawrth 2026"]
        assert not any(ENGLISH.search(one) for one in said)
        assert shown.moment(at, zone) == "5 Mehefin 2026 am 10:05"
        assert [shown.and_list(["a", one]) for one in ("tad", "ewythr")] == ["a a tad", "a ac ewythr"]
    assert shown.moment(at, zone) == "5 June 2026 at 10:05"


def test_what_the_engine_says_is_said_in_the_language_spoken() -> None:
    saying.through(_Engine())
    with speaking("cy"):
        assert saying.say("%(value)s is answered", value="“X”") == "mae “X” wedi'i ateb"
        assert saying.say_count("%(num)s week", "%(num)s weeks", 2) == "2 wythnos"
        assert saying.say_day(date(2026, 8, 3)) == "3 Awst 2026"
        assert _("Save") == "Cadw"
    assert saying.say("%(value)s is answered", value="“X”") == "“X” is answered"
    assert saying.say_day(date(2026, 8, 3)) == "3 August 2026"
