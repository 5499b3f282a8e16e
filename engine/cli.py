"""The commands that need no web and no database: check, test, explain, evaluate, schemas.

`trefoil` itself is webapp's; it adds its own commands to these through `add_commands`. Exit codes: 0 fine, 1
findings, 2 wrong use. No traceback ever reaches a user for what a file or an argument holds.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, TextIO

import engine
from engine import pack_cli
from engine.forms import Evaluation
from engine.forms.why import Why
from engine.language import nodes, schemas, wording
from engine.language.diagnostics import as_text
from engine.language.guess import nearest
from engine.packs import of_account, scenarios
from engine.questions import BUILT_IN

FINE, FINDINGS, USAGE, STOPPED = 0, 1, 2, 130
LARGEST_INPUT = 5_000_000
Commands = "argparse._SubParsersAction[argparse.ArgumentParser]"


class WrongUse(Exception):
    """A command was given something that it cannot work with. The text says what, and what to do."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code."""
    parser = argparse.ArgumentParser(prog="trefoil", description="Forms and workflows from YAML.")
    add_commands(parser.add_subparsers(dest="command", metavar="COMMAND", required=True))
    return run(parser, argv)


def run(parser: argparse.ArgumentParser, argv: Sequence[str] | None = None) -> int:
    """Parse `argv` with `parser`, whose commands set `run`, and run the one named; wrong use is told, not raised."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # Whatever the terminal cannot show is shown as a question mark, not as an exception.
            stream.reconfigure(errors="replace")
    try:
        arguments = parser.parse_args(argv)
        command: Callable[[argparse.Namespace], int] = arguments.run
        return command(arguments)
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else USAGE
    except (WrongUse, engine.NoWorkspace, engine.UnknownName) as problem:
        print(f"trefoil: {problem}", file=sys.stderr)
        return USAGE
    except engine.DefinitionError as problem:
        print(problem.report.as_text(), file=sys.stderr)
        return FINDINGS
    except KeyboardInterrupt:
        return STOPPED
    except BrokenPipeError:
        # Whoever read our output has gone (`| head`); there is nobody left to tell.
        sys.stderr.close()
        return FINE


def add_commands(commands: Any) -> None:
    """Add the engine's commands to the `add_subparsers` of a parser."""
    check = commands.add_parser("check", help="find what is wrong in definitions")
    check.add_argument("--format", choices=("text", "json"), default="text")
    _with_root(check, _check)

    test = commands.add_parser("test", help="run the scenarios of packs")
    test.add_argument("--pack", metavar="P", help="only this pack's")
    test.add_argument("--coverage", action="store_true", help="show what no scenario tries")
    test.add_argument("--format", choices=("text", "json"), default="text")
    _with_root(test, _test)

    explain = commands.add_parser("explain", help="say which layer gave which part of an element")
    explain.add_argument("id", metavar="ID", help="such as referral, or referral.harm_types")
    explain.add_argument("--pack", metavar="P", required=True)
    explain.add_argument("--format", choices=("text", "json"), default="text")
    _with_root(explain, _explain)

    languages = commands.add_parser(
        "languages", help="say which texts of a pack are there in another language"
    )
    languages.add_argument("pack", metavar="PACK")
    languages.add_argument("--language", metavar="CODE", help="only this one, such as cy")
    languages.add_argument("--format", choices=("text", "json"), default="text")
    _with_root(languages, _languages)

    evaluate = commands.add_parser("evaluate", help="evaluate answers to a form; the result is JSON")
    evaluate.add_argument("form", metavar="FORM")
    evaluate.add_argument("--pack", metavar="P", required=True)
    evaluate.add_argument(
        "--answers", metavar="FILE", required=True, help="JSON or YAML; - reads what is piped in"
    )
    evaluate.add_argument("--record", metavar="FILE", help="the record's fields, JSON or YAML")
    evaluate.add_argument(
        "--facts", metavar="FILE", help="what expressions read beyond the form, JSON or YAML"
    )
    evaluate.add_argument("--today", metavar="D", type=_day, help="the day it is, as 2026-01-05")
    evaluate.add_argument(
        "--why", metavar="QUESTION", action="append", default=[],
        help="say why this is shown, hidden, required or refused, and the least change that would alter it",
    )  # fmt: skip
    evaluate.add_argument("--format", choices=("text", "json"), default="json", help="text goes with --why")
    _with_root(evaluate, _evaluate)

    pack_cli.add_to(commands)

    published = commands.add_parser(
        "schemas", help="write the JSON Schemas of all documents, by which editors complete and check"
    )
    published.add_argument("--out", metavar="DIR", help="a folder; without it they are printed")
    published.set_defaults(run=_schemas)


def _with_root(parser: argparse.ArgumentParser, command: Callable[[argparse.Namespace], int]) -> None:
    parser.add_argument("--root", metavar="DIR", default=".", help="the workspace (default: here)")
    parser.set_defaults(run=command)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"‘{text}’ is not a day; write it as 2026-01-05") from None


def _check(arguments: argparse.Namespace) -> int:
    report = engine.inspect(arguments.root)
    if arguments.format == "json":
        _print_json(report.as_json())
    else:
        print(report.as_text())
    return FINE if report.ok else FINDINGS


def _test(arguments: argparse.Namespace) -> int:
    workspace = engine.load(arguments.root, of_account(os.environ))
    packs = [workspace.pack(arguments.pack)] if arguments.pack else list(workspace.packs.values())
    today = date.today()
    results = [scenarios.run(pack, today=today) for pack in packs]
    ok = all(one.ok for one in results)
    if arguments.format == "json":
        told = [one.as_json(coverage=arguments.coverage) for one in results]
        _print_json({"ok": ok, "packs": told})
    else:
        print("\n".join(one.as_text(coverage=arguments.coverage) for one in results))
    return FINE if ok else FINDINGS


def _explain(arguments: argparse.Namespace) -> int:
    explanation = engine.load(arguments.root).pack(arguments.pack).explain(arguments.id)
    if arguments.format == "json":
        _print_json(explanation.as_json())
    else:
        print(explanation.as_text())
    return FINE


def _languages(arguments: argparse.Namespace) -> int:
    """Exit 1 while texts are missing or stale, so that whoever keeps a translation can have it watched."""
    pack = engine.load(arguments.root).pack(arguments.pack)
    named = [arguments.language] if arguments.language else pack.languages[1:]
    if not named:
        raise WrongUse(f"‘{pack.id}’ lists no other language. Write ‘languages: [cy]’ into its pack.yaml.")
    found = [pack.overview(one) for one in named]
    if arguments.format == "json":
        _print_json({"ok": all(one.whole for one in found), "languages": [one.as_json() for one in found]})
    else:
        print("\n\n".join(one.as_text() for one in found))
    return FINE if all(one.whole for one in found) else FINDINGS


def _evaluate(arguments: argparse.Namespace) -> int:
    piped = [name for name in ("answers", "record", "facts") if getattr(arguments, name) == "-"]
    if len(piped) > 1:
        raise WrongUse(f"Only one of --{' and --'.join(piped)} can be read from what is piped in.")
    form = engine.load(arguments.root, of_account(os.environ)).pack(arguments.pack).form(arguments.form)
    answers = values_from(arguments.answers, "answers")
    facts = values_from(arguments.facts, "facts") if arguments.facts else {}
    if arguments.record:
        facts = {**facts, "record": {**facts.get("record", {}), **values_from(arguments.record, "record")}}
    today = arguments.today or date.today()
    evaluation = form.evaluate(answers, today=today, facts=facts)
    reasons = {path: _why(evaluation, path) for path in arguments.why}
    if arguments.format == "text":
        if not reasons:
            raise WrongUse("The result is JSON; text is for --why QUESTION.")
        print("\n".join(f"{path}\n  " + "\n  ".join(one.told()) for path, one in reasons.items()))
    else:
        why = {"why": {path: one.json() for path, one in reasons.items()}} if reasons else {}
        _print_json({**evaluation.json(), **why})
    return FINE if evaluation.ok else FINDINGS


def _why(evaluation: Evaluation, path: str) -> Why:
    try:
        return evaluation.why(path)
    except KeyError:
        known = (*evaluation.shown, *evaluation.plan.leaves, *evaluation.plan.rows)
        meant = nearest(path, known)
        raise WrongUse(
            f"This form has no question ‘{path}’." + (f" Did you mean ‘{meant}’?" if meant else "")
        ) from None


def _schemas(arguments: argparse.Namespace) -> int:
    published = {**schemas.published(BUILT_IN), schemas.FILE: schemas.bundle(BUILT_IN)}
    if arguments.out is None:
        _print_json(published)
        return FINE
    folder = Path(arguments.out)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, schema in sorted(published.items()):
            (folder / name).write_text(_as_json(schema) + "\n", encoding="utf-8")
    except OSError as problem:
        raise WrongUse(f"‘{folder}’ cannot be written to: {problem.strerror}.") from None
    print(f"{len(published)} schemas written to {folder}.")
    return FINE


def values_from(name: str, what: str) -> dict[str, Any]:
    """A file of answers, a record or facts: JSON, or YAML in which `yes` and `no` are booleans."""
    text = _read(name, what)
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = _from_yaml(text, name, what)
    if not isinstance(found, dict):
        raise WrongUse(f'‘{name}’ should hold {what} as names with values, such as {{"danger_now": true}}.')
    return found


def _from_yaml(text: str, name: str, what: str) -> Any:
    documents, findings = nodes.read(text, "what was piped in" if name == "-" else name)
    if findings:
        told = "\n".join(as_text(one, text) for one in findings)
        raise WrongUse(f"the {what} cannot be read:\n{told}")
    if len(documents) != 1:
        raise WrongUse(f"‘{name}’ should hold one document of {what}; it holds {len(documents)}.")
    return _plain(documents[0])


def _plain(node: nodes.Node) -> Any:
    if isinstance(node, nodes.Scalar):
        return wording.untyped(node)
    if isinstance(node, nodes.Sequence):
        return [_plain(item) for item in node.items]
    return {key.text: _plain(value) for key, value in node.entries}


def _read(name: str, what: str) -> str:
    try:
        if name == "-":
            data = sys.stdin.buffer.read(LARGEST_INPUT + 1)
        else:
            with Path(name).open("rb") as opened:
                data = opened.read(LARGEST_INPUT + 1)
    except OSError as problem:
        raise WrongUse(f"the {what} file ‘{name}’ cannot be read: {problem.strerror}.") from None
    if len(data) > LARGEST_INPUT:
        raise WrongUse(f"the {what} file ‘{name}’ is larger than {LARGEST_INPUT:,} bytes.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise WrongUse(f"the {what} file ‘{name}’ is not UTF-8 text. Save it again as UTF-8.") from None


def _as_json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def _print_json(value: Mapping[str, Any], out: TextIO | None = None) -> None:
    print(_as_json(value), file=out or sys.stdout)


if __name__ == "__main__":
    sys.exit(main())
