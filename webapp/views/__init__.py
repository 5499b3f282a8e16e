"""The pages: one blueprint a user's task. A view asks casework, and hands what it got to a template."""

from __future__ import annotations

from flask import Blueprint

from webapp.views import (
    audit,
    cases,
    choosing,
    conflicts,
    correcting,
    definitions,
    files,
    filling,
    finding,
    keeping,
    kept,
    language,
    people,
    reading,
    records,
    saving,
    search,
    session,
    sign_in,
    standing,
    start,
    whole,
    why,
    work,
)

BLUEPRINTS: tuple[Blueprint, ...] = (
    sign_in.pages,
    session.pages,
    work.pages,
    start.pages,
    records.pages,
    cases.pages,
    choosing.pages,
    conflicts.pages,
    correcting.pages,
    filling.pages,
    saving.pages,
    files.pages,
    finding.pages,
    reading.pages,
    search.pages,
    people.pages,
    audit.pages,
    definitions.pages,
    kept.pages,
    keeping.pages,
    standing.pages,
    language.pages,
    why.pages,
    whole.pages,
)
