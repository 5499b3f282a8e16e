"""The loader's facade: finds packs, lays them over each other, checks them and hands out what they hold."""

from engine.packs.cache import Cache, of_account
from engine.packs.facade import (
    DefinitionError,
    Pack,
    UnknownName,
    Workspace,
    inspect,
    inspect_texts,
    load,
    load_pack,
    load_texts,
    tops,
)
from engine.packs.finding import NoWorkspace
from engine.packs.report import Report

__all__ = [
    "Cache",
    "DefinitionError",
    "NoWorkspace",
    "Pack",
    "Report",
    "UnknownName",
    "Workspace",
    "inspect",
    "inspect_texts",
    "load",
    "load_pack",
    "load_texts",
    "of_account",
    "tops",
]
