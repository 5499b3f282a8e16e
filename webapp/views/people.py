"""Administration: who has an account, in what roles and teams."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from engine.casework import CaseworkError, Desk, NotFound, access, people
from engine.casework.values import Person
from webapp.forms.people import (
    AddPersonForm,
    NameForm,
    NewTeamForm,
    PasswordForm,
    RolesForm,
    TeamsForm,
    choices,
)  # fmt: skip
from webapp.numbers import whole
from webapp.pressing import posted_key
from webapp.showing import Page, go, page, shows
from webapp.speaking import live_stack
from webapp.summaries import Fault, faults
from webapp.surroundings import stands_at
from webapp.tongues import _

pages = Blueprint("people", __name__, url_prefix="/people")


def _only_for_managers(desk: Desk) -> None:
    """The pages are not there for anybody else, not even as something refused."""
    if not access.manages(desk, "people"):
        raise NotFound()


def _roles(desk: Desk) -> list[tuple[str, str]]:
    return list(live_stack(desk).access.roles.items())


@pages.get("/")
@shows("person", "list")
def all_people(desk: Desk) -> Page:
    _only_for_managers(desk)
    titles = dict(_roles(desk))
    found = people.all(desk, inactive=True)
    return page(
        "people/all.html",
        _("People"),
        people=[(one, ", ".join(titles.get(role, role) for role in one.roles)) for one in found],
        teams=people.teams(desk),
    )


@pages.route("/new", methods=["GET", "POST"])
@shows("person", "create")
def new(desk: Desk) -> Page | Response:
    _only_for_managers(desk)
    form = AddPersonForm()
    form.roles.choices = choices(_roles(desk))
    problems: list[Fault] = []
    if request.method == "POST" and form.validate():
        try:
            made = people.add(
                desk, form.name.data or "", form.sign_in.data or "",
                password=form.new_password.data or "", roles=form.roles.data or (), key=posted_key(),
            )  # fmt: skip
            return go("people.one", person=made.id)
        except CaseworkError as error:
            problems = [Fault(str(error), "sign_in")]
    return page("people/new.html", _("Add a person"), form=form, problems=problems or faults(form))


@pages.get("/<person>")
@shows("person", "view")
def one(desk: Desk, person: str) -> Page:
    _only_for_managers(desk)
    return _page(desk, people.get(desk, person), ())


def _page(desk: Desk, found: Person, problems: Iterable[Fault], password: PasswordForm | None = None) -> Page:
    roles, teams = RolesForm(formdata=None), TeamsForm(formdata=None)
    roles.roles.choices = choices(_roles(desk))
    roles.roles.data = list(found.roles)
    teams.teams.choices = choices((one.id, one.name) for one in people.teams(desk))
    teams.teams.data = list(found.teams)
    name = NameForm(formdata=None)
    name.name.data = found.name
    stands_at(url_for("people.one", person=found.id))
    return page(
        "people/one.html",
        found.name,
        person=found,
        name=name,
        roles=roles,
        teams=teams,
        password=password or PasswordForm(formdata=None),
        problems=list(problems),
    )


@pages.post("/<person>/<what>")
@shows("person", "edit")
def change(desk: Desk, person: str, what: str) -> Page | Response:
    _only_for_managers(desk)
    found = people.get(desk, person)
    done = _CHANGES.get(what)
    if done is None:
        raise NotFound()
    try:
        problems = done(desk, found)
    except CaseworkError as error:
        if isinstance(error, NotFound) or type(error).__name__ == "Stale":
            raise
        problems = [Fault(str(error))]
    if problems:
        return _page(desk, people.get(desk, person), problems)
    return go("people.one", person=person)


def _name(desk: Desk, found: Person) -> list[Fault]:
    form = NameForm()
    if form.validate():
        revision = request.form.get("revision", "")
        people.edit(desk, found.id, name=form.name.data or "", revision=whole(revision))
    return faults(form)


def _set_roles(desk: Desk, found: Person) -> list[Fault]:
    form = RolesForm()
    form.roles.choices = choices(_roles(desk))
    if form.validate():
        people.set_roles(desk, found.id, form.roles.data or ())
    return faults(form)


def _set_teams(desk: Desk, found: Person) -> list[Fault]:
    form = TeamsForm()
    form.teams.choices = choices((one.id, one.name) for one in people.teams(desk))
    if form.validate():
        wanted = set(form.teams.data or ())
        for team in wanted - set(found.teams):
            people.add_to_team(desk, found.id, team)
        for team in set(found.teams) - wanted:
            people.take_from_team(desk, found.id, team)
    return faults(form)


def _password(desk: Desk, found: Person) -> list[Fault]:
    form = PasswordForm()
    if form.validate():
        people.set_password(desk, found.id, form.new_password.data or "")
    return faults(form)


def _close(desk: Desk, found: Person) -> list[Fault]:
    people.deactivate(desk, found.id)
    return []


def _reopen(desk: Desk, found: Person) -> list[Fault]:
    people.reactivate(desk, found.id)
    return []


_CHANGES = {
    "name": _name, "roles": _set_roles, "teams": _set_teams, "password": _password, "close": _close,
    "reopen": _reopen,
}  # fmt: skip


@pages.route("/teams/new", methods=["GET", "POST"])
@shows("team", "create")
def new_team(desk: Desk) -> Page | Response:
    _only_for_managers(desk)
    form = NewTeamForm()
    if request.method == "POST" and form.validate():
        people.add_team(desk, form.name.data or "", key=posted_key())
        return go("people.all_people")
    return page("people/team.html", _("Add a team"), form=form, problems=faults(form))
