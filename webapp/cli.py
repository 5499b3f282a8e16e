"""The `trefoil` command: the engine's own commands, and those that need the web or the database."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from engine import cli
from engine.casework import CaseworkError
from webapp.commands import audit, authorities, database, publishing, rendering, serving, users
from webapp.settings import SettingsError


def parser() -> argparse.ArgumentParser:
    """Every command there is."""
    made = argparse.ArgumentParser(
        prog="trefoil", description="Forms and workflows from YAML, checked and at work."
    )
    commands = made.add_subparsers(dest="command", metavar="COMMAND", required=True)
    cli.add_commands(commands)
    for add in (
        serving.add_to,
        users.add_to,
        authorities.add_to,
        publishing.add_to,
        database.add_to,
        audit.add_to,
        rendering.add_to,
    ):
        add(commands)
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command. Returns 0 when all is well, 1 when something was found or refused, 2 for wrong use."""
    try:
        return cli.run(parser(), arguments)
    except (CaseworkError, SettingsError) as error:
        print(f"trefoil: {error}", file=sys.stderr)
        return cli.FINDINGS
    except OSError as error:
        # Folders and files that cannot be made or opened, addresses that are taken: the system says why.
        about = f"{error.filename}: " if error.filename else ""
        print(f"trefoil: {about}{error.strerror or error}.", file=sys.stderr)
        return cli.FINDINGS
    except KeyboardInterrupt:
        return cli.FINE


if __name__ == "__main__":
    sys.exit(main())
