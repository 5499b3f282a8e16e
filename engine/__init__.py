"""Trefoil's engine: YAML definitions become forms that render themselves and workflows that run themselves.

    workspace = engine.load("path")
    evaluation = workspace.pack("core").form("referral").evaluate(answers, today=date, facts=facts)

Everything here but `casework` is pure: no database, no network, no clock.
"""

from engine.packs import (
    DefinitionError,
    NoWorkspace,
    Pack,
    Report,
    UnknownName,
    Workspace,
    inspect,
    load,
    load_pack,
    load_texts,
    tops,
)

__all__ = [
    "DefinitionError",
    "NoWorkspace",
    "Pack",
    "Report",
    "UnknownName",
    "Workspace",
    "inspect",
    "load",
    "load_pack",
    "load_texts",
    "tops",
]
