"""The sign-in form."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length


class SignInForm(FlaskForm):
    sign_in = StringField(
        "Name to sign in with", validators=[InputRequired("Enter the name you sign in with"), Length(max=200)]
    )
    password = PasswordField("Password", validators=[InputRequired("Enter your password"), Length(max=1000)])
