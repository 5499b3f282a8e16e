"""The references of forms, workflows and packs: a worked example, then every setting, from the schemas themselves.

The example is a workspace under docs/examples, which a test checks and plays. Must not know what a setting does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from engine.language import schemas
from engine.language.schemas.forms import COMMON
from engine.language.schemas.words import WORDS
from engine.language.schemas.workflows import EFFECTS
from engine.questions import BUILT_IN

EXAMPLES = Path(__file__).resolve().parents[1] / "docs" / "examples"
MODELINE = "# yaml-language-server:"
_WRITTEN = "Written by `python -m tools.references` from the schemas in `engine/language/schemas`; change it there.\n"
_KINDS = {
    "text": "text", "id": "an id", "ref": "an id", "path": "a path of ids", "expression": "an expression",
    "date": "a day", "version": "a version", "deadline": "a length of time", "keeping": "a length of time",
    "pattern": "a regular expression", "hash": "a hash", "language": "a language's code",
}  # fmt: skip

FORMS = (
    "Forms, lists and record types",
    "What people fill in. [Question types](questions.md) have settings of their own beside the common ones; "
    "[expressions](expressions.md) stand in `show_if` and its like.",
    ("form_definitions/toolshare/loan.yaml", "form_definitions/toolshare/members.yaml"),
    ("form", "list", "record"),
)
WORKFLOWS = (
    "Workflows and scenarios",
    "How work goes from beginning to end, and how a pack tests itself. [Writing a workflow](workflows.md) explains "
    "it step by step.",
    ("workflows/toolshare/loan.yaml", "form_definitions/toolshare/scenarios.yaml"),
    ("workflow", "scenario"),
)
PACKS = (
    "Packs and their layers",
    "What a pack says of itself, who may do what, and what an authority's own pack changes. "
    "[Adapting a pack](packs.md) explains it step by step.",
    (
        "form_definitions/toolshare/pack.yaml",
        "form_definitions/toolshare_north/pack.yaml",
        "workflows/toolshare_north/loan.yaml",
    ),
    ("pack", "terms", "access", "conditions", "language", "migration"),
)


def forms() -> str:
    """docs/reference-forms.md."""
    return _page(*FORMS)


def workflows() -> str:
    """docs/reference-workflows.md."""
    return _page(*WORKFLOWS)


def packs() -> str:
    """docs/reference-packs.md."""
    changing = "\n".join(_tables([schemas.schema("form", BUILT_IN, is_change=True)], {"form"}))
    return _page(*PACKS) + (
        "\n## A document that changes the layer below\n\n"
        "It has the id of a document below and `changes:`, each a verb with the element's path. "
        "Settings beside `changes:` set the document itself.\n\n" + changing
    )


def _page(title: str, about: str, files: Iterable[str], kinds: Iterable[str]) -> str:
    parts = [f"# {title}: every setting\n", _WRITTEN, about + "\n", "## A worked example\n"]
    parts += [_example(file) for file in files]
    parts.append(
        "The whole is in [docs/examples](examples), checked and played whenever Trefoil is tested.\n"
    )
    done: set[str] = set()
    for kind in kinds:
        parts.append(f"## {kind.capitalize() if kind != 'record' else 'Record type'}\n")
        parts += _tables([schemas.schema(kind, BUILT_IN)], done)
    return "\n".join(parts)


def _example(file: str) -> str:
    text = (EXAMPLES / file).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith(MODELINE)]
    return f"`{file}`\n\n```yaml\n" + "\n".join(lines) + "\n```\n"


def _tables(roots: list[Mapping[str, Any]], done: set[str]) -> list[str]:
    """A table for each element within, in the order met; one that another page's table has is told once a page."""
    return [text for root in roots for text in _within(root, root, done)]


def _within(one: Any, root: Mapping[str, Any], done: set[str]) -> Iterator[str]:
    if isinstance(one, list | tuple):
        for item in one:
            yield from _within(item, root, done)
        return
    if not isinstance(one, Mapping):
        return
    if "$ref" in one:
        name = one["$ref"].rsplit("/", 1)[1]
        if one["$ref"] not in done:
            done.add(one["$ref"])
            yield from _within(root["$defs"][name], root, done)
        return
    called = one.get("x-called")
    if "verbs" in one.get("x-choose", {}) and called not in done:
        done.add(str(called))
        parts = [root["$defs"][name] for name in one["x-choose"]["verbs"].values()]
        merged = {name: part for each in parts for name, part in each["properties"].items()}
        yield _table(str(called), merged, (), str(called))
        return
    if called == "question" and "question" not in done:
        done.add("question")
        yield _table("question, whatever its type", COMMON, ("id", "type"), "question")
    if (
        called
        and called != "question"
        and one.get("properties")
        and called not in done
        and "x-choose" not in one
    ):
        done.add(called)
        yield _table(called, one["properties"], one.get("required", ()), called)
    for key in ("properties", "items", "additionalProperties", "anyOf", "x-choose"):
        inner = one.get(key)
        if key == "x-choose" and inner is not None:
            for part in inner["among"].values():
                yield from _within({"$ref": f"#/$defs/{part}"}, root, done)
        elif isinstance(inner, Mapping):
            yield from _within(list(inner.values()) if key == "properties" else inner, root, done)
        elif isinstance(inner, list | tuple):
            yield from _within(inner, root, done)


def _table(title: str, properties: Mapping[str, Any], needed: Iterable[str], called: str) -> str:
    lines = [f"### {title.capitalize().replace('_', ' ')}\n", "| setting | value | |", "|---|---|---|"]
    words = WORDS.get(called, {})
    for name, schema in properties.items():
        must = " **Must be given.**" if name in needed else ""
        said = words.get(name) or schema.get("description", "")
        lines.append(f"| `{name}` | {value(schema)} | {said}{must} |")
    return "\n".join(lines) + "\n"


def value(schema: Mapping[str, Any]) -> str:
    """What may stand there, in a few words."""
    if "$ref" in schema:
        return _named(schema["$ref"].rsplit("/", 1)[1])
    if "x-called" in schema:
        return _named(schema["x-called"])
    if "enum" in schema:
        return ", ".join(f"`{one}`" for one in schema["enum"])
    if "anyOf" in schema:
        ways = list(schema["anyOf"])
        if len(ways) == 2 and ways[1] == {"type": "array", "items": ways[0]}:
            return f"{value(ways[0])}; or a list of such"
        return " or ".join(dict.fromkeys(value(one) for one in ways))
    match schema.get("type"):
        case "boolean":
            return "`yes` or `no`"
        case "integer" | "number":
            return "a number"
        case "array":
            return f"a list, each {value(schema['items'])}"
        case "object":
            return "a map"
        case "string":
            return _KINDS[schema.get("x-wants", "text")]
    return "anything"


def _named(name: str) -> str:
    called = name.replace("_", " ")
    if called in ("draw", "manage", "keep", "carry", "lock", "extends", *EFFECTS):
        return "a map"
    return f"{'an' if called[0] in 'aeiou' else 'a'} {called}"
