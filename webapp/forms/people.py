"""Forms with which an administrator manages people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, PasswordField, SelectMultipleField, StringField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]  # the stubs lag behind
from wtforms.validators import EqualTo, InputRequired, Length, Regexp, ValidationError

from webapp.tongues import N_, _

SHORTEST_PASSWORD = 12
SIGN_IN_NAME = r"^[A-Za-z0-9._@+-]{2,100}$"


def _long_enough(form: Any, field: Field) -> None:
    if len(field.data or "") < SHORTEST_PASSWORD:
        raise ValidationError(
            _("Enter a password of at least %(number)s characters", number=SHORTEST_PASSWORD)
        )


class PasswordForm(FlaskForm):
    new_password = PasswordField(
        N_("New password"), validators=[InputRequired(N_("Enter a password")), _long_enough]
    )
    again = PasswordField(
        N_("The same password again"),
        validators=[EqualTo("new_password", N_("The two passwords are not the same"))],
    )


class NameForm(FlaskForm):
    name = StringField(
        N_("Full name"), validators=[InputRequired(N_("Enter the person's name")), Length(max=200)]
    )


class AddPersonForm(PasswordForm):
    name = StringField(
        N_("Full name"), validators=[InputRequired(N_("Enter the person's name")), Length(max=200)]
    )
    sign_in = StringField(
        N_("Name to sign in with"),
        validators=[
            InputRequired(N_("Enter a name to sign in with")),
            Regexp(SIGN_IN_NAME, message=N_("Use letters, numbers and . _ @ + - only, without spaces")),
        ],
    )
    roles = SelectMultipleField(N_("Roles"), validate_choice=True)


class RolesForm(FlaskForm):
    roles = SelectMultipleField(N_("Roles"), validate_choice=True)


class TeamsForm(FlaskForm):
    teams = SelectMultipleField(N_("Teams"), validate_choice=True)


class NewTeamForm(FlaskForm):
    name = StringField(
        N_("Name of the team"), validators=[InputRequired(N_("Enter the team's name")), Length(max=200)]
    )


def choices(pairs: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    return [SelectChoice(value=value, label=label) for value, label in pairs]
