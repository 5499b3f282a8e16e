"""Codes R3xx, what is named and is not there. Data only."""

from __future__ import annotations

from engine.language.codes.entry import Code

CODES: tuple[Code, ...] = ()
