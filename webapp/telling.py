"""The trail in words: audit events hold ids and never values; this says what kind of thing happened."""

from __future__ import annotations

from engine.casework.values import Event
from engine.language.model import Stack
from webapp.tongues import N_, _

WORDS = {
    "access.refused": N_("Access refused"),
    "action.added": N_("Action agreed"),
    "action.edited": N_("Action changed"),
    "action.ended": N_("Action finished"),
    "actions.viewed": N_("Actions looked at"),
    "allocated": N_("Somebody named"),
    "allocation.ended": N_("Somebody taken off"),
    "audit.read": N_("Audit read"),
    "came_back": N_("Work came back"),
    "case.joined": N_("Work already under way joined"),
    "case.moved": N_("Case moved on"),
    "case.paused": N_("Clock of a case stopped"),
    "case.resumed": N_("Clock of a case goes on"),
    "case.started": N_("Case started"),
    "case.viewed": N_("Case looked at"),
    "case.withdrawn": N_("Case taken back"),
    "certificate.viewed": N_("Certificate looked at"),
    "chronology.viewed": N_("Chronology looked at"),
    "comment.answered": N_("Comments on a form answered"),
    "copy.given": N_("Copy given out"),
    "deadline.moved": N_("A date was worked out anew"),
    "deadline.not_acted_on": N_("Deadline passed, and what was to follow could not be done"),
    "deadline.passed": N_("Deadline passed"),
    "file.added": N_("File added"),
    "file.viewed": N_("File looked at"),
    "glass.broken": N_("Emergency access taken"),
    "glass.reviewed": N_("Emergency access reviewed"),
    "handed_over": N_("Work handed over"),
    "history.viewed": N_("History looked at"),
    "holds.viewed": N_("Holds looked at"),
    "letter.let_go": N_("Letter not sent any more"),
    "letter.tried_again": N_("Letter tried again"),
    "link.added": N_("Link made"),
    "link.ended": N_("Link ended"),
    "links.viewed": N_("Links looked at"),
    "marker.ended": N_("Harm or sign ended"),
    "marker.opened": N_("Harm or sign recorded"),
    "markers.viewed": N_("Harm and signs looked at"),
    "note.added": N_("Note written"),
    "note.edited": N_("Note changed"),
    "notes.viewed": N_("Notes looked at"),
    "person.added": N_("Account made"),
    "person.closed": N_("Account closed"),
    "person.edited": N_("Name changed"),
    "person.language": N_("Another language chosen to read in"),
    "person.letters": N_("Wishes for letters changed"),
    "person.password_set": N_("Password set"),
    "person.reopened": N_("Account opened again"),
    "person.roles_set": N_("Roles set"),
    "proposal.agreed": N_("Change to forms or workflows agreed to"),
    "proposal.begun": N_("Change to forms or workflows begun"),
    "proposal.files": N_("Files loaded into a change"),
    "proposal.live": N_("Change to forms or workflows made live"),
    "proposal.looked_at_again": N_("Change looked at again"),
    "proposal.proposed": N_("Change to forms or workflows proposed"),
    "proposal.refused": N_("Change to forms or workflows refused"),
    "proposal.withdrawn": N_("Change to forms or workflows taken back"),
    "queries.viewed": N_("Questions looked at"),
    "query.accepted": N_("Answer to a question accepted"),
    "query.answered": N_("Question answered"),
    "query.asked": N_("Question asked"),
    "query.asked_again": N_("Question asked again"),
    "query.viewed": N_("Question looked at"),
    "query.withdrawn": N_("Question taken back"),
    "record.closed": N_("Record closed"),
    "record.destroyed": N_("Content destroyed"),
    "record.destroyed_again": N_("Content destroyed again after a restore"),
    "record.edited": N_("Details changed"),
    "record.held": N_("Put on hold"),
    "record.hold_lifted": N_("Hold lifted"),
    "record.listed": N_("Named in a list"),
    "record.made": N_("Record made"),
    "record.reopened": N_("Record opened again"),
    "record.viewed": N_("Record looked at"),
    "restricted": N_("Restricted"),
    "restriction.lifted": N_("Restriction lifted"),
    "restrictions.viewed": N_("Restrictions looked at"),
    "share.decided": N_("Decision to tell another agency"),
    "sign_in": N_("Signed in"),
    "sign_in.refused": N_("Signing in refused"),
    "sign_out": N_("Signed out"),
    "stack.published": N_("Forms and workflows published"),
    "submission.approved": N_("Form approved"),
    "submission.begun": N_("Form begun"),
    "submission.commented": N_("Comments made on a form"),
    "submission.confirmed": N_("Carried answers confirmed"),
    "submission.returned": N_("Form sent back"),
    "submission.saved": N_("Draft saved"),
    "submission.submitted": N_("Form sent"),
    "submission.superseded": N_("Form replaced by a newer one"),
    "submission.taken_out": N_("Taken out of a form"),
    "submission.viewed": N_("Form looked at"),
    "submission.withdrawn": N_("Form taken back"),
    "task.added": N_("Task given"),
    "task.done": N_("Task done"),
    "task.withdrawn": N_("Task taken back"),
    "team.added": N_("Team made"),
    "team.joined": N_("Joined a team"),
    "team.left": N_("Left a team"),
    "unsaved.dropped": N_("Typed on a page, and thrown away unsaved"),
    "unsaved.kept": N_("Typed on a page, not saved yet"),
    "workers.viewed": N_("Who works on it looked at"),
}


def told(event: Event, stack: Stack) -> str:
    """One event in plain words, with the form's or workflow's title where it names one."""
    known = WORDS.get(event.action)
    words = _(known) if known else event.action.replace(".", " ").replace("_", " ").capitalize()
    body = event.body
    form, workflow, state = (str(body.get(one) or "") for one in ("form", "workflow", "to"))
    if form in stack.forms:
        return f"{words}: {stack.forms[form].title}"
    if workflow in stack.workflows:
        model = stack.workflows[workflow]
        into = model.state(state)
        if into is None:
            return f"{words}: {model.title}"
        return str(
            _("%(what)s: %(workflow)s, now at %(state)s", what=words, workflow=model.title, state=into.title)
        )
    return words
