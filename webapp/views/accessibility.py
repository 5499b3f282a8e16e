"""How far everybody can use these pages: what was tested and how, what was not, and how to say that something fails.

Public, as somebody who cannot sign in needs it most. What was tested is told row by row as tests/spec/ux.yaml has it;
a test holds this page to that file, so that it cannot promise what nothing shows.
"""

from __future__ import annotations

from datetime import date

from flask import Blueprint

from webapp.showing import PUBLIC, Page, page, shows
from webapp.tongues import N_, _

pages = Blueprint("accessibility", __name__)

LAST_LOOKED_AT = date(2026, 11, 22)
WITH = "axe-core 4.12.1, Chromium"
TESTED = {
    "axe": N_("Every kind of page and its states with axe, in light colours and dark"),
    "keyboard": N_(
        "Every page with the Tab key: everything is reached in the order of the page, and the focus is seen"
    ),
    "screen-reader": N_(
        "Names, headings and roles, read by a machine: what is seen is part of what is read out"
    ),
    "reflow": N_(
        "320 pixels wide, enlarged four times, with wide letters and lines; the size of what is pressed"
    ),
    "script-off": N_("Whole journeys with scripts switched off"),
    "time-out": N_("The end of a session is told before it comes, and one key puts it off"),
    "autosave": N_("Nothing typed is lost when the line, the service or the session ends"),
    "conflict": N_("Two people who write at once both see what the other wrote"),
    "errors": N_("What has to be put right is said at the top and at the question, in the same words"),
    "dates": N_("Dates are typed or pasted in many ways"),
    "task-list": N_("How far each part of a form is, in words and not by colour alone"),
    "long-forms": N_("Long forms part by part or as one page"),
    "check-answers": N_("Answers are checked and changed before they are sent"),
    "print": N_("Printed pages and PDFs"),
    "welsh": N_("The switch between English and Welsh"),
    "fast": N_("How much a page weighs"),
}
NOT_TESTED = (
    N_("No disabled person has tried these pages yet, and nobody who uses a screen reader."),
    N_("No speech control, switch or screen magnifier has been tried, and no browser but Chromium."),
    N_("No Welsh reader has read the Welsh pages."),
    N_("Nobody from outside has checked that the pages meet WCAG 2.2 AA."),
)
SHORTCOMINGS = (
    N_(
        "The picture of where a case stands is read out as one long sentence. A list beneath it says the same."
    ),
    N_("Files that people add are shown as they were sent. They may be hard to read; we do not mend them."),
    N_("Each authority can change the questions and guidance, and can make them harder to read."),
    N_("A wide table may become a list of lines on a narrow screen."),
)


@pages.get("/accessibility")
@shows(PUBLIC)
def statement() -> Page:
    return page(
        "accessibility.html",
        _("Accessibility"),
        tested=[_(one) for one in TESTED.values()],
        not_tested=[_(one) for one in NOT_TESTED],
        shortcomings=[_(one) for one in SHORTCOMINGS],
        looked_at=LAST_LOOKED_AT,
        tools=WITH,
    )
