"""Codes E4xx, conditions and calculations. Data only."""

from __future__ import annotations

from engine.language.codes.entry import Code

CODES: tuple[Code, ...] = ()
