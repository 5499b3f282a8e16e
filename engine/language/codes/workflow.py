"""Codes W6xx, workflows that could strand a case. Data only."""

from __future__ import annotations

from engine.language.codes.entry import Code

CODES: tuple[Code, ...] = ()
