"""What the forms and workflows in use are, and what was found wrong with the newest change to them."""

from __future__ import annotations

from flask import Blueprint

from engine.casework import Desk, NotFound, access, stacks
from webapp.showing import Page, page, shows

pages = Blueprint("definitions", __name__, url_prefix="/definitions")


@pages.get("/")
@shows("definitions", "view")
def packs(desk: Desk) -> Page:
    if not access.manages(desk, "definitions"):
        raise NotFound()
    trouble = stacks.trouble(desk)
    return page(
        "definitions.html",
        "Forms and workflows",
        stack=desk.stack,
        trouble=trouble,
        findings=list((trouble.report.get("diagnostics") or ()) if trouble else ()),
    )
