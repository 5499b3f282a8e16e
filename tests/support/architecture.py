"""Reads the sources, never runs them, and says where they break the rules of the house.

The rules are docs/architecture's: which room may know which, what is pure, how long a file may grow. They are
plain functions over a folder, so that each can be shown a planted tree which breaks it.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

# From left to right: a room may import from rooms in columns to its left, and from itself.
COLUMNS: tuple[tuple[str, ...], ...] = (
    ("language",),
    ("questions", "calendars"),
    ("expressions",),
    ("proof",),
    ("forms", "workflow"),
    ("packs",),
    ("casework",),
)
RANK = {room: rank for rank, column in enumerate(COLUMNS) for room in column}
# Parts of engine/ that are doors, not rooms: what `import engine` gives, and the commands that need no web.
FACADE_MAY_USE = RANK["packs"]
DOORS = {"__init__", "__main__", "cli", "pack_cli"}

DATABASE = {
    "sqlalchemy",
    "alembic",
    "sqlcipher3",
    "psycopg",
    "sqlite3",
    "psycopg_pool",
    "psycopg2",
    "pysqlite3",
}
WEB = {
    "flask",
    "werkzeug",
    "wtforms",
    "flask_wtf",
    "flask_login",
    "flask_babel",
    "bleach",
    "jinja2",
    "markupsafe",
}
NETWORK = {
    "socket",
    "ssl",
    "http",
    "urllib.request",
    "requests",
    "urllib3",
    "httpx",
    "asyncio",
    "smtplib",
    "ftplib",
}
CLOCKS = {
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "datetime.datetime.today",
    "datetime.date.today",
    "time.time",
    "time.time_ns",
    "time.localtime",
    "time.gmtime",
    "time.monotonic",
    "time.perf_counter",
    "time.sleep",
}
RUNS_DATA_AS_CODE = {"pickle", "cPickle", "marshal", "shelve", "dill", "cloudpickle", "jsonpickle"}
RUNS_TEXT_AS_CODE = {"eval", "exec", "__import__"}
READS = {
    "read_text",
    "read_bytes",
    "open",
    "write_text",
    "write_bytes",
    "iterdir",
    "rglob",
    "unlink",
    "mkdir",
}
READING_ROOMS = {"packs"}
LONGEST = 400
SOURCES = {".py", ".js", ".html", ".css"}
NOT_OURS = {"__pycache__", "vendor"}


@dataclass(frozen=True)
class Module:
    """One source file, and where it stands in the house."""

    path: Path
    root: Path

    @cached_property
    def relative(self) -> Path:
        return self.path.relative_to(self.root)

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.path.read_text(encoding="utf-8"), filename=str(self.path))

    @cached_property
    def name(self) -> str:
        parts = self.relative.with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @cached_property
    def house(self) -> str:
        return self.relative.parts[0]

    @cached_property
    def room(self) -> str:
        """The folder in engine/, or the door's own name."""
        return "__init__" if self.name == "engine" else self.name.split(".")[1]

    @property
    def pure(self) -> bool:
        return self.house == "engine" and self.room not in {"casework", "cli", "pack_cli", "__main__"}

    def says(self, node: ast.AST | None, message: str) -> str:
        return f"{self.relative.as_posix()}:{getattr(node, 'lineno', 1)}: {message}"

    @cached_property
    def imports(self) -> list[tuple[ast.AST, str]]:
        """Every import, at any depth, as (node, dotted name); `from a import b` counts as `a.b`."""
        found: list[tuple[ast.AST, str]] = []
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found += [(node, alias.name) for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                base = self._absolute(node)
                found += [(node, f"{base}.{alias.name}") for alias in node.names]
        return found

    def _absolute(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        package = self.relative.parent.parts
        kept = package[: len(package) - node.level + 1]
        return ".".join([*kept, *([node.module] if node.module else [])])

    @cached_property
    def names(self) -> dict[str, str]:
        """What each name stands for that an import brought in: `from datetime import date as d` gives d."""
        known: dict[str, str] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    first = alias.name.split(".")[0]
                    known[alias.asname or first] = alias.name if alias.asname else first
            elif isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    known[alias.asname or alias.name] = f"{self._absolute(node)}.{alias.name}"
        return known

    def dotted(self, node: ast.AST) -> str:
        """`dt.datetime.now` in full, or nothing when it does not start at an imported name."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.insert(0, node.attr)
            node = node.value
        if isinstance(node, ast.Name) and node.id in self.names:
            return ".".join([self.names[node.id], *parts])
        return ""

    @cached_property
    def calls(self) -> list[ast.Call]:
        return [node for node in ast.walk(self.tree) if isinstance(node, ast.Call)]


def modules(root: Path) -> list[Module]:
    return [
        Module(path, root)
        for house in ("engine", "webapp")
        for path in sorted((root / house).rglob("*.py"))
        if not NOT_OURS & set(path.parts)
    ]


def _names_one_of(imported: str, packages: set[str]) -> bool:
    return any(imported == package or imported.startswith(package + ".") for package in packages)


def arrows(root: Path) -> Iterator[str]:
    """Rooms know only the rooms to their left."""
    for module in modules(root):
        if module.house != "engine":
            continue
        if module.room not in RANK and module.room not in DOORS:
            yield module.says(None, f"engine/{module.room} is no room of the house; see docs/architecture.md")
            continue
        for node, name in module.imports:
            if _names_one_of(name, {"webapp", "tests", "tools"}):
                yield module.says(node, f"engine may not know {name.split('.')[0]}")
            elif _names_one_of(name, {"engine"}):
                told = _arrow(module, name)
                if told:
                    yield module.says(node, told)


def _arrow(module: Module, imported: str) -> str | None:
    parts = imported.split(".")
    target = parts[1] if len(parts) > 1 and parts[1] in RANK.keys() | (DOORS - {"__init__"}) else "__init__"
    if module.room in {"cli", "pack_cli", "__main__"}:
        return None
    if target not in RANK:
        return None if module.room == target else f"{module.room} may not know engine's own door ({imported})"
    if module.room == "__init__":
        return None if RANK[target] <= FACADE_MAY_USE else f"`import engine` may not bring in {target}"
    if target == module.room or RANK[target] < RANK[module.room]:
        return None
    return f"{module.room} may not know {target} ({imported})"


def database(root: Path) -> Iterator[str]:
    """Only casework knows the database."""
    for module in modules(root):
        if module.house == "engine" and module.room == "casework":
            continue
        for node, name in module.imports:
            if _names_one_of(name, DATABASE):
                yield module.says(node, f"only engine/casework may know {name.split('.')[0]}")


def web(root: Path) -> Iterator[str]:
    """Nothing in engine/ knows the web."""
    for module in modules(root):
        if module.house == "engine":
            for node, name in module.imports:
                if _names_one_of(name, WEB):
                    yield module.says(node, f"engine may not know {name.split('.')[0]}")


def network(root: Path) -> Iterator[str]:
    """Nothing in the pure rooms reaches a network."""
    for module in modules(root):
        if module.pure:
            for node, name in module.imports:
                if _names_one_of(name, NETWORK):
                    yield module.says(node, f"a pure room may not reach the network ({name})")


def clock(root: Path) -> Iterator[str]:
    """Nothing in the pure rooms asks what time it is: `now` and `today` are arguments."""
    for module in modules(root):
        if module.pure:
            # A clock may be handed on without being called: `default_factory=date.today`.
            for node in ast.walk(module.tree):
                if isinstance(node, ast.Attribute | ast.Name) and module.dotted(node) in CLOCKS:
                    yield module.says(node, f"a pure room may not ask the clock ({module.dotted(node)})")


def files(root: Path) -> Iterator[str]:
    """Nothing in the pure rooms touches files, but at the loader's edge and through importlib.resources."""
    for module in modules(root):
        if not module.pure or module.room in READING_ROOMS:
            continue
        for call in module.calls:
            if isinstance(call.func, ast.Name) and call.func.id == "open":
                yield module.says(call, "a pure room may not open files")
            elif isinstance(call.func, ast.Attribute) and call.func.attr in READS:
                if not _ships_with_the_code(module, call.func.value):
                    yield module.says(call, f"a pure room may not touch files (.{call.func.attr})")


def _ships_with_the_code(module: Module, receiver: ast.AST) -> bool:
    """Whether it starts at importlib.resources.files(…): data that ships with the code is part of it."""
    return any(
        isinstance(node, ast.Call) and module.dotted(node.func) == "importlib.resources.files"
        for node in ast.walk(receiver)
    )


def code_from_data(root: Path) -> Iterator[str]:
    """Nothing anywhere turns text or stored bytes into running code."""
    for module in modules(root):
        for call in module.calls:
            if isinstance(call.func, ast.Name) and call.func.id in RUNS_TEXT_AS_CODE:
                yield module.says(call, f"{call.func.id} turns text into running code")
        for node, name in module.imports:
            if _names_one_of(name, RUNS_DATA_AS_CODE):
                yield module.says(node, f"{name.split('.')[0]} turns stored bytes into running code")


def length(root: Path) -> Iterator[str]:
    """No source file grows past what can be read in one sitting."""
    for house in ("engine", "webapp"):
        for path in sorted((root / house).rglob("*")):
            if path.suffix not in SOURCES or NOT_OURS & set(path.parts) or not path.is_file():
                continue
            lines = len(path.read_text(encoding="utf-8").splitlines())
            if lines > LONGEST:
                yield f"{path.relative_to(root).as_posix()}:{lines}: longer than {LONGEST} lines"


def docstrings(root: Path) -> Iterator[str]:
    """Every module says why it exists."""
    for module in modules(root):
        if not ast.get_docstring(module.tree):
            yield module.says(None, "no docstring says why this module exists")


RULES: tuple[Callable[[Path], Iterator[str]], ...] = (
    arrows,
    database,
    web,
    network,
    clock,
    files,
    code_from_data,
    length,
    docstrings,
)
