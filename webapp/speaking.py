"""The language that pages are read in: English or, where an authority's pack lists another, that one.

Only what is shown is translated. What is written down (a record's name, a task, a message to others) stays in the
pack's own language, since the next person may read another. The choice belongs to the browser and outlives signing
out; a switch inside a form posts the form, so that nothing typed is lost. Must not know any particular page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, current_app, g, request
from markupsafe import Markup, escape

from engine.casework import CaseworkError, Desk, Store, cases, languages, stacks
from engine.language.model import Stack, Untranslated
from engine.packs import Pack
from webapp import places
from webapp.tongues import (
    ASKED,
    COOKIE,
    NAMES,
    OWN,
    SWITCH_TO,
    _,
    asked,
    chosen,
    give_words,
    language,
    speaking,
)

KEPT_FOR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Tongue:
    """One language of the switch."""

    code: str
    name: str
    says: str
    here: bool


def spoken(pack: Pack) -> Pack:
    """The pack in the language of this page."""
    language = chosen()
    return pack.in_language(language) if language else pack


def live(desk: Desk) -> Pack:
    """The live definitions in the language of this page."""
    return spoken(stacks.live(desk))


def live_stack(desk: Desk) -> Stack:
    found: Stack = live(desk).stack
    return found


def pinned(desk: Desk, pinned_to: str) -> Pack:
    """The definitions under this hash, in the language of this page."""
    return spoken(stacks.pinned(desk, pinned_to))


def case_pack(desk: Desk, case: str) -> Pack:
    """What a case is pinned to, in the language of this page."""
    return spoken(cases.pack(desk, case))


def task_labels(desk: Desk) -> Mapping[str, str]:
    """Labels of tasks, by the label that was written down: a task is kept in the words of the pack's own language."""
    own, said = stacks.live(desk), live(desk)
    if own is said:
        return {}
    found = {
        f"Complete {form.title}": _("Complete %(form)s", form=said.stack.forms[name].title)
        for name, form in own.stack.forms.items()
    }
    for name, workflow in own.stack.workflows.items():
        for state in workflow.states:
            other = said.stack.workflows[name].state(state.id)
            for one, translated in zip(state.tasks, other.tasks if other else (), strict=False):
                found[one.label] = translated.label
    return found


def note_pack(pack: Pack) -> None:
    """Remembers, for this request, the definitions that its page speaks in."""
    g.live_pack = pack


def told(message: str) -> str:
    """What a case told somebody of itself, in the language of the page: it was written down in the pack's own."""
    pack: Pack | None = g.get("live_pack")
    if pack is None or pack is pack.original:
        return message
    if "told_words" not in g:
        g.told_words = _places_in_words(pack)
    found: str = g.told_words.get(message, message)
    return found


def _places_in_words(pack: Pack) -> dict[str, str]:
    own, said = pack.original.stack.workflows, pack.stack.workflows
    return {
        f"{workflow.title}: {state.title}": f"{said[name].title}: {other.title}"
        for name, workflow in own.items()
        for state, other in zip(workflow.states, said[name].states, strict=True)
    }


def tongues(pack: Pack) -> tuple[Tongue, ...]:
    """The languages that a person may switch between; none where the pack has but one."""
    here = pack.stack.manifest.language
    return _switch(pack.languages, here)


def _switch(codes: Iterable[str], here: str) -> tuple[Tongue, ...]:
    found = [code for code in codes if code in NAMES]
    return tuple(Tongue(code, NAMES[code], SWITCH_TO[code], code == here) for code in found if len(found) > 1)


def tongues_at_the_door() -> tuple[Tongue, ...]:
    """The same for whoever has not signed in: the languages of the authority whose page it is."""
    return _switch(_spoken_here(), language())


def _at_the_door() -> str:
    codes, found = _spoken_here(), chosen()
    return found if found in codes else next((code for code in codes if code in NAMES), OWN)


def _spoken_here() -> tuple[str, ...]:
    if "spoken_here" not in g:
        g.spoken_here = ()
        authority = places.standing()
        with suppress(CaseworkError):
            g.spoken_here = stacks.languages_of(_store(), authority) if authority else ()
    found: tuple[str, ...] = g.spoken_here
    return found


def _store() -> Store:
    found: Store = current_app.extensions["trefoil_store"]
    return found


def written(desk: Desk, message: str, **words: Any) -> str:
    """A message that is written down: in the pack's own language, since the next person may read another."""
    with speaking(stacks.live(desk).stack.manifest.language):
        return str(_(message, **words))


def keep_choice(desk: Desk) -> None:
    """Keeps with the person the language that this request asks for, for what is told to them elsewhere."""
    found = asked()
    if found is not None:
        languages.choose(desk, found)


def tongue(text: Any) -> Any:
    """A text for a page; one that is in another language than the page says which."""
    if isinstance(text, Untranslated):
        return Markup('<span lang="{}">{}</span>').format(text.language, str(text))
    return escape(text)


def remember_choices(app: Flask) -> None:
    """Has whatever page was posted with a choice of language leave that choice with the browser."""
    app.jinja_env.filters["tongue"] = tongue
    give_words(app, _at_the_door)

    @app.after_request
    def keep(response: Response) -> Response:
        # One that was refused, as a forged one is, changes nothing; one that is too large cannot even be read.
        taken = request.method == "POST" and response.status_code < 400
        asked = request.form.get(ASKED) if taken else None
        if asked in NAMES:
            response.set_cookie(
                COOKIE, asked, max_age=KEPT_FOR, httponly=True, samesite="Lax", path="/",
                secure=bool(app.config["SESSION_COOKIE_SECURE"]),
            )  # fmt: skip
        return response
