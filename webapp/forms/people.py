"""Forms with which an administrator manages people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, PasswordField, SelectMultipleField, StringField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]  # the stubs lag behind
from wtforms.validators import EqualTo, InputRequired, Length, Regexp, ValidationError

SHORTEST_PASSWORD = 12
SIGN_IN_NAME = r"^[A-Za-z0-9._@+-]{2,100}$"


def _long_enough(_: Any, field: Field) -> None:
    if len(field.data or "") < SHORTEST_PASSWORD:
        raise ValidationError(f"Enter a password of at least {SHORTEST_PASSWORD} characters")


class PasswordForm(FlaskForm):
    new_password = PasswordField("New password", validators=[InputRequired("Enter a password"), _long_enough])
    again = PasswordField(
        "The same password again", validators=[EqualTo("new_password", "The two passwords are not the same")]
    )


class NameForm(FlaskForm):
    name = StringField("Full name", validators=[InputRequired("Enter the person's name"), Length(max=200)])


class AddPersonForm(PasswordForm):
    name = StringField("Full name", validators=[InputRequired("Enter the person's name"), Length(max=200)])
    sign_in = StringField(
        "Name to sign in with",
        validators=[
            InputRequired("Enter a name to sign in with"),
            Regexp(SIGN_IN_NAME, message="Use letters, numbers and . _ @ + - only, without spaces"),
        ],
    )
    roles = SelectMultipleField("Roles", validate_choice=True)


class RolesForm(FlaskForm):
    roles = SelectMultipleField("Roles", validate_choice=True)


class TeamsForm(FlaskForm):
    teams = SelectMultipleField("Teams", validate_choice=True)


class NewTeamForm(FlaskForm):
    name = StringField(
        "Name of the team", validators=[InputRequired("Enter the team's name"), Length(max=200)]
    )


def choices(pairs: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    return [SelectChoice(value=value, label=label) for value, label in pairs]
