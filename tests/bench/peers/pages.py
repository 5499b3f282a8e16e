"""The reference form's page as somebody writes it by hand: Jinja macros on GOV.UK's markup around WTForms' fields.

Must not know how Trefoil works.
"""

from __future__ import annotations

from collections.abc import Callable

from jinja2 import DictLoader, Environment
from wtforms import Form

from tests.bench.reference import ROW, questions

MACROS = """
{% macro below(f) %}{% if f.errors %}<p id="{{ f.id }}-error" class="govuk-error-message"><span
 class="govuk-visually-hidden">Error:</span> {{ f.errors[0] }}</p>{% endif %}{% endmacro %}
{% macro group(f) %}<div class="govuk-form-group{% if f.errors %} govuk-form-group--error{% endif %}">
{{ caller() }}</div>{% endmacro %}
{% macro label(f) %}<label class="govuk-label" for="{{ f.id }}">What was recorded for {{ f.label.text }}</label>
{{ below(f) }}{% endmacro %}
{% macro line(f) %}{% call group(f) %}{{ label(f) }}{{ f(class="govuk-input") }}{% endcall %}{% endmacro %}
{% macro text(f) %}{% call group(f) %}{{ label(f) }}{{ f(class="govuk-textarea", rows="5") }}{% endcall %}{% endmacro %}
{% macro choices(f, kind, box) %}{% call group(f) %}<fieldset class="govuk-fieldset">
<legend class="govuk-fieldset__legend">What was recorded for {{ f.label.text }}</legend>{{ below(f) }}
<div class="govuk-{{ kind }}">{% for value, words, chosen, _ in f.iter_choices() %}<div class="govuk-{{ kind }}__item">
<input class="govuk-{{ kind }}__input" id="{{ f.id }}-{{ loop.index0 }}" name="{{ f.name }}" type="{{ box }}"
 value="{{ value }}"{% if chosen %} checked{% endif %}><label for="{{ f.id }}-{{ loop.index0 }}"
 class="govuk-label govuk-{{ kind }}__label">Option {{ words }}</label>
</div>{% endfor %}</div></fieldset>{% endcall %}{% endmacro %}
"""
KINDS = {
    "text": "line({0})", "number": "line({0})", "date": "line({0})", "long_text": "text({0})",
    "yes_no": "choices({0}, 'radios', 'radio')", "choose_one": "choices({0}, 'radios', 'radio')",
    "choose_many": "choices({0}, 'checkboxes', 'checkbox')",
}  # fmt: skip
TOP = """<!doctype html><html lang="en" class="govuk-template"><head><title>Reference</title></head>
<body class="govuk-template__body"><main class="govuk-main-wrapper"><h1 class="govuk-heading-l">Reference</h1>"""
FOOT = '<button class="govuk-button" type="submit">Save</button></form></main></body></html>'


def page_by_hand() -> Callable[[Form], str]:
    """What draws the whole page for a form filled in, checked or not."""
    asked = "\n".join("{{ " + KINDS[one.type].format(f"form.{one.name}") + " }}" for one in questions())
    row = "\n".join("{{ " + KINDS[one.type].format(f"row.form.{one.name}") + " }}" for one in ROW)
    summary = (
        '{% if form.errors %}<div class="govuk-error-summary"><h2>There is a problem</h2><ul>'
        "{% for f in form if f.errors and f.name != 'people' %}"
        '<li><a href="#{{ f.id }}">{{ f.errors[0] }}</a></li>{% endfor %}</ul></div>{% endif %}'
    )
    body = (
        f'{TOP}{summary}<form method="post">{asked}{{% for row in form.people %}}<fieldset>{row}</fieldset>'
        f"{{% endfor %}}{FOOT}"
    )
    environment = Environment(autoescape=True, loader=DictLoader({"page": MACROS + body}))
    drawn = environment.get_template("page")
    return lambda form: drawn.render(form=form)
