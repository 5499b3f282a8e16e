"""The sign-in form."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from webapp.tongues import N_


class SignInForm(FlaskForm):
    sign_in = StringField(
        N_("Name to sign in with"),
        validators=[InputRequired(N_("Enter the name you sign in with")), Length(max=200)],
    )
    password = PasswordField(
        N_("Password"), validators=[InputRequired(N_("Enter your password")), Length(max=1000)]
    )
