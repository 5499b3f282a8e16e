"""Codes F5xx, forms that could mislead. Data only."""

from __future__ import annotations

from engine.language.codes.entry import Code

CODES: tuple[Code, ...] = ()
