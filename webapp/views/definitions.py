"""Forms and workflows in use, changes proposed to them, and making one live: the work of those who look after them.

What takes seconds (reading files, judging, loading) is done between two desks, so that nobody waits for the database
meanwhile. Who may do what is decided by `proposals`. Must not know how files are read or judged.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from typing import Any

from flask import Blueprint, current_app, flash, request
from werkzeug.wrappers import Response

from engine import packs
from engine.casework import Desk, NotFound, access, people, proposals, stacks, under_way
from engine.casework.proposals import Proposal, ProposalRefused
from engine.packs.offering import Brought
from webapp import setting_up, speaking, training, words
from webapp.naming import person_names
from webapp.numbers import whole
from webapp.pressing import posted_key
from webapp.setting_up import Taken
from webapp.showing import Outside, Page, go, page, shows
from webapp.summaries import Fault
from webapp.tongues import N_, _

pages = Blueprint("definitions", __name__, url_prefix="/definitions")
MOST_BYTES = 24_000_000
Answer = Page | Response | Outside


def _only_for_those_who_look_after_them(desk: Desk) -> None:
    """The pages are not there for anybody else, not even as something refused."""
    if not access.manages(desk, "definitions"):
        raise NotFound()


@pages.get("/")
@shows("definitions", "view")
def packs_in_use(desk: Desk) -> Page:
    _only_for_those_who_look_after_them(desk)
    trouble = stacks.trouble(desk)
    found, past = proposals.every(desk), proposals.history(desk)
    names = person_names(desk, [*(one.made_by for one in found), *(one.published_by for one in past)])
    return page(
        "definitions/all.html",
        _("Forms and workflows"),
        stack=desk.stack,
        trouble=trouble,
        findings=list((trouble.report.get("diagnostics") or ()) if trouble else ()),
        open=[one for one in found if one.open],
        decided=[one for one in found if not one.open][:20],
        past=past[:20],
        names=names,
        states=setting_up.STATES,
    )


@pages.route("/changes/new", methods=["GET", "POST"])
@shows("definitions", "create", most=MOST_BYTES)
def new(desk: Desk) -> Answer:
    _only_for_those_who_look_after_them(desk)
    why = request.form.get("why", "")
    if request.method == "GET":
        return _new_page(why, ())
    brought = _brought()
    problems = [Fault(_("Say in a few words what this change is for."), "why")] if not why.strip() else []
    problems += [] if brought else [Fault(_("Choose the files to load."), "files")]
    if len(why) > proposals.LONGEST_WHY:
        told = _(
            "What it is for is longer than %(number)s characters. Shorten it.",
            number=f"{proposals.LONGEST_WHY:,}",
        )
        problems.append(Fault(told, "why"))
    if problems:
        return _new_page(why, problems)
    live = stacks.live(desk)

    def begun(desk: Desk, taken: Taken) -> Answer:
        if not taken.files:
            return _new_page(why, [Fault(one, "files") for one in taken.refused])
        return _judged(desk, proposals.begin(desk, why, key=posted_key()), taken)

    today = desk.today
    return Outside(lambda: setting_up.take(brought, live, today), begun)


def _new_page(why: str, problems: Any) -> Page:
    return page("definitions/new.html", _("Load changed files"), why=why, problems=list(problems))


def _brought() -> list[Brought]:
    """What was chosen; a browser that was given no file sends one without a name."""
    found = []
    for one in request.files.getlist("files"):
        with closing(one):
            if one.filename:
                found.append(Brought(one.filename, one.read()))
    return found


def _judged(desk: Desk, found: Proposal, taken: Taken) -> Answer:
    """Have the whole change judged, with what was taken in it, and note the result."""
    files = {**found.files, **taken.files}
    job = setting_up.job_of(desk, found, files)

    def noted(desk: Desk, judged: proposals.Judged) -> Answer:
        proposals.put(desk, found.id, found.revision, files, judged)
        return go("definitions.change", proposal=found.id)

    return Outside(lambda: setting_up.judge(job, taken.refused), noted)


@pages.get("/changes/<proposal>")
@shows("definitions", "view")
def change(desk: Desk, proposal: str) -> Page:
    _only_for_those_who_look_after_them(desk)
    return _change_page(desk, proposals.get(desk, proposal))


def _change_page(desk: Desk, found: Proposal, problems: Any = (), reason: str = "") -> Page:
    drafts, cases = under_way.counts(desk)
    hands = [*found.authors, found.made_by, found.proposed_by]
    copy = training.there(current_app, found)
    others = [one for one in people.colleagues(desk) if one.id not in hands and _looks_after(desk, one.roles)]
    return page(
        "definitions/change.html",
        _("Change %(number)s", number=found.number),
        change=found,
        state=setting_up.STATES[found.state],
        findings=setting_up.findings(found),
        severities=setting_up.SEVERITIES,
        differences=setting_up.grouped(found, desk.stack, drafts, cases),
        undone=proposals.undone(desk, found),
        names=person_names(desk, [*hands, found.decided_by]),
        mine=desk.person in hands,
        others=[one.name for one in others],
        copy=copy,
        copy_address=f"{request.script_root}{copy.address}" if copy else "",
        can_try=current_app.config["TREFOIL"].mode != "training",
        reason=reason,
        why=request.form.get("why", found.why),
        problems=list(problems),
    )


def _looks_after(desk: Desk, roles: Any) -> bool:
    return bool(set(roles) & set(desk.stack.access.manage.get("definitions", ())))


@pages.post("/changes/<proposal>/files")
@shows("definitions", "edit", most=MOST_BYTES)
def load(desk: Desk, proposal: str) -> Answer:
    _only_for_those_who_look_after_them(desk)
    found = proposals.get(desk, proposal)
    brought = _brought()
    try:
        _as_it_was_seen(found)
    except ProposalRefused as refused:
        return _change_page(desk, found, [Fault(str(refused), "files")])
    if not brought:
        return _change_page(desk, found, [Fault(_("Choose the files to load."), "files")])
    live, today = stacks.live(desk), desk.today

    def then(desk: Desk, taken: Taken) -> Answer:
        if not taken.files:
            return _change_page(desk, found, [Fault(one, "files") for one in taken.refused])
        return _judged(desk, found, taken)

    return Outside(lambda: setting_up.take(brought, live, today), then)


def _as_it_was_seen(found: Proposal) -> Proposal:
    if found.revision != whole(request.form.get("revision", "")):
        raise proposals.ProposalMoved()
    return found


@pages.post("/changes/<proposal>/<step>")
@shows("definitions", "edit")
def move(desk: Desk, proposal: str, step: str) -> Answer:
    _only_for_those_who_look_after_them(desk)
    found = proposals.get(desk, proposal)
    act = _STEPS.get(step)
    if act is None:
        raise NotFound()
    try:
        return act(desk, _as_it_was_seen(found))
    except ProposalRefused as refused:
        told = Fault(str(refused), {"refuse": "reason", "propose": "why"}.get(step, ""))
        return _change_page(desk, proposals.get(desk, proposal), [told], request.form.get("reason", ""))


def _take_out(desk: Desk, found: Proposal) -> Answer:
    path = request.form.get("path", "")
    if path not in found.files:
        raise NotFound()
    files = {name: text for name, text in found.files.items() if name != path}
    job = setting_up.job_of(desk, found, files)

    def noted(desk: Desk, judged: proposals.Judged) -> Answer:
        proposals.put(desk, found.id, found.revision, files, judged)
        return go("definitions.change", proposal=found.id)

    return Outside(lambda: setting_up.judge(job), noted)


def _look_again(desk: Desk, found: Proposal) -> Answer:
    job = setting_up.job_of(desk, found, found.files)

    def noted(desk: Desk, judged: proposals.Judged) -> Answer:
        proposals.look_again(desk, found.id, found.revision, judged)
        return go("definitions.change", proposal=found.id)

    return Outside(lambda: setting_up.judge(job), noted)


def _propose(desk: Desk, found: Proposal) -> Answer:
    proposals.offer(desk, found.id, found.revision, request.form.get("why", ""))
    flash(
        _("The change is proposed. Somebody else who looks after forms and workflows can now make it live.")
    )
    return go("definitions.change", proposal=found.id)


def _withdraw(desk: Desk, found: Proposal) -> Answer:
    proposals.withdraw(desk, found.id, found.revision)
    flash(_("Change %(number)s is taken back.", number=found.number))
    return go("definitions.packs_in_use")


def _refuse(desk: Desk, found: Proposal) -> Answer:
    proposals.refuse(desk, found.id, found.revision, request.form.get("reason", ""))
    flash(_("Change %(number)s is refused. Whoever proposed it can read why.", number=found.number))
    return go("definitions.packs_in_use")


def _make_live(desk: Desk, found: Proposal) -> Answer:
    """Agree to it, or have the publishing step tried again if that is all that is missing."""
    if found.state == "agreed":
        return _publishing_step(desk, found)
    proposals.may_decide(desk, found)
    texts, pack = proposals.texts(desk, found), stacks.live(desk).id

    def agreed(desk: Desk, made: packs.Pack) -> Answer:
        try:
            state = proposals.agree(desk, found.id, found.revision, made)
        except ProposalRefused as refused:
            return _change_page(desk, proposals.get(desk, found.id), [Fault(str(refused))])
        if state != "live":
            return _publishing_step(desk, found)
        return _is_live(found)

    return Outside(lambda: packs.load_texts(texts).pack(pack), agreed)


def _publishing_step(desk: Desk, found: Proposal) -> Answer:
    settings, authority = current_app.config["TREFOIL"], desk.authority

    def told(desk: Desk, trouble: str) -> Answer:
        now = proposals.get(desk, found.id)
        return (
            _is_live(found)
            if now.state == "live"
            else _change_page(desk, now, [Fault(trouble)] if trouble else ())
        )

    return Outside(lambda: setting_up.publishing_step(settings, authority), told)


def _is_live(found: Proposal) -> Response:
    flash(
        _(
            "Change %(number)s is live. New work uses it; work under way stays as it was begun.",
            number=found.number,
        )
    )
    return go("definitions.packs_in_use")


def _try(desk: Desk, found: Proposal) -> Answer:
    if not found.sound:
        raise ProposalRefused(_("Put right what was found first. Only a change without errors can be tried."))
    texts, pack = proposals.texts(desk, found), stacks.live(desk).id
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    authority = desk.authority

    def ready(desk: Desk, made: None) -> Answer:
        return go("definitions.change", "training", proposal=found.id)

    return Outside(lambda: training.make(app, found, authority, packs.load_texts(texts).pack(pack)), ready)


@pages.post("/versions/<number>/again")
@shows("definitions", "create")
def again(desk: Desk, number: str) -> Answer:
    """Propose that what was live earlier be live again."""
    _only_for_those_who_look_after_them(desk)
    earlier = next((one for one in proposals.history(desk) if str(one.number) == number), None)
    if earlier is None:
        raise NotFound()
    why = speaking.written(
        desk,
        N_("Make version %(version)s live again, as it was from %(day)s"),
        version=earlier.version,
        day=words.day(earlier.published_at),
    )
    found = proposals.begin(desk, why, earlier=earlier.hash)
    return _look_again(desk, found)


_STEPS: dict[str, Callable[[Desk, Proposal], Answer]] = {
    "take-out": _take_out,
    "look-again": _look_again,
    "propose": _propose,
    "withdraw": _withdraw,
    "refuse": _refuse,
    "live": _make_live,
    "try": _try,
}
