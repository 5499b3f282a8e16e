"""What the application says: English where it is written, Welsh by the catalogue, always as plain text."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from jinja2 import Environment
from markupsafe import Markup

from tools.words import Found, NotPlain, as_text, brought_up, in_python, in_script, in_template, read
from webapp import tongues
from webapp.tongues import BY_SCRIPTS, _, ngettext, speaking


def test_english_is_said_as_it_is_written_and_filled_in() -> None:
    assert _("Not started") == "Not started"
    assert _("%(day)s at %(time)s", day="5 May", time="9:05") == "5 May at 9:05"
    assert [ngettext("%(num)s case", "%(num)s cases", n) for n in (0, 1, 2)] == [
        "0 cases",
        "1 case",
        "2 cases",
    ]
    assert _("") == ""


def test_what_is_said_is_plain_text_unless_something_in_it_is_markup_and_then_the_rest_is_escaped() -> None:
    page = Environment(autoescape=True)
    page.globals.update(_=_, ngettext=ngettext)
    drawn = page.from_string("{{ _('<b> & %(name)s', name=name) }}").render
    assert drawn(name="<i>") == "&lt;b&gt; &amp; &lt;i&gt;"
    assert drawn(name=Markup("<i>x</i>")) == "&lt;b&gt; &amp; <i>x</i>"


def test_a_month_is_said_in_the_readers_language_and_english_is_spoken_again_after() -> None:
    with speaking("cy"):
        assert tongues.day_and_month(date(2026, 2, 1)) == "1 Chwefror 2026"
        with speaking("xx"):
            assert tongues.day_and_month(date(2026, 2, 1)) == "1 February 2026"
    assert tongues.day_and_month(date(2026, 2, 1)) == "1 February 2026"


def test_messages_are_found_in_python_templates_and_scripts() -> None:
    python = (
        'x = _("One " "two")\nngettext("%(num)s a", "%(num)s b", n)\nN_("later")\n_(label)\nother("no")\n'
    )
    assert set(in_python(python, "x")) == {"One two", ("%(num)s a", "%(num)s b"), "later"}
    template = "{{ _('One') }}{% if _(label) %}{{ f(_('Two %(a)s', a=ngettext('c', 'd', 1))) }}{% endif %}"
    assert set(in_template(template, "x")) == {"One", "Two %(a)s", ("c", "d")}
    assert set(in_script("""say(_("It’s \\"so\\""), _('b'), other_("c"))""")) == {'It’s "so"', "b"}


@pytest.mark.parametrize("source", ['_(f"a {b}")', '_("a" + b)', '_("a %s" % b)', 'ngettext("a", b, 1)'])
def test_a_message_that_is_put_together_is_refused_with_its_place(source: str) -> None:
    with pytest.raises(NotPlain, match=r"some\.py:1"):
        list(in_python(source, "some.py"))


def test_a_message_put_together_in_a_template_is_refused_too() -> None:
    with pytest.raises(NotPlain, match=r"some\.html:1"):
        list(in_template("{{ _('a' ~ b) }}", "some.html"))


def test_bringing_up_keeps_translations_and_sets_aside_what_is_gone(tmp_path: Path) -> None:
    first = brought_up(read("cy", tmp_path), {"Save": False, ("a", "b"): False}, "cy")
    first["Save"].string = "Cadw"
    gone = brought_up(first, {("a", "b"): False}, "cy")
    assert b'#~ msgstr "Cadw"' in as_text(gone, "cy")
    every: dict[Found, bool] = {"Save": False, "Other": True, ("a", "b"): False}
    back = brought_up(gone, every, "cy")
    assert back["Save"].string == "Cadw" and as_text(back, "cy").index(b"Other") < as_text(back, "cy").index(
        b"Save"
    )
    assert back["Other"].auto_comments == [BY_SCRIPTS] and not back["Save"].auto_comments
    assert as_text(brought_up(back, every, "cy"), "cy") == as_text(back, "cy")
