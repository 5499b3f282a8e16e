"""Codes P7xx, packs and layers that do not fit together. Data only."""

from __future__ import annotations

from engine.language.codes.entry import Code

CODES: tuple[Code, ...] = ()
