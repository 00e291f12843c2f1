"""Other products in environments of their own, to measure beside: `python benchmarks/rivals.py [NAME ...]` installs.

They are no dependency of Boxwright and are never needed to use it; a benchmark says which one is missing. The folder is
`.cache/rivals` or BOXWRIGHT_RIVALS. Ultralytics is AGPL-3.0: it is installed for measuring only, apart from Boxwright,
and shares this environment's torch, so that both run the same build.
"""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

FOLDER = Path(os.environ.get("BOXWRIGHT_RIVALS", Path(__file__).resolve().parent.parent / ".cache" / "rivals"))
NEEDS = {
    "datumaro": ("datumaro==1.13.12",),
    "label-studio": ("label-studio==1.23.2",),
    "ultralytics": ("ultralytics==8.4.190", "flask>=3"),
}
# Packages of Node: react-konva with Konva and the React it needs, all MIT.
NEEDS_NODE = {"konva": ("konva@10.9.1", "react-konva@19.3.2", "react@19.3.1", "react-dom@19.3.1")}
SHARES_TORCH = ("ultralytics",)


def python(name: str) -> Path | None:
    """Return the interpreter of a rival, or None (saying how to get it) where it is not installed."""
    found = FOLDER / name / "bin" / "python"
    if (FOLDER / name / ".installed").exists():
        return found
    print(f"{name} is left out: `python benchmarks/rivals.py {name}` installs it", file=sys.stderr)
    return None


def install(name: str) -> None:
    """Make the environment of a rival."""
    folder = FOLDER / name
    if name in NEEDS_NODE:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text('{"private": true}\n')
        subprocess.run(["npm", "install", "--save-exact", *NEEDS_NODE[name]], cwd=folder, check=True)
        return
    print(f"installing {', '.join(NEEDS[name])} into {folder}")
    venv.create(folder, with_pip=True)
    if name in SHARES_TORCH:
        ours, version = sysconfig.get_path("purelib"), f"python{sys.version_info.major}.{sys.version_info.minor}"
        (folder / "lib" / version / "site-packages" / "torch-of-boxwright.pth").write_text(f"{ours}\n")
    subprocess.run([folder / "bin" / "python", "-m", "pip", "install", "-q", *NEEDS[name]], check=True)
    (folder / ".installed").touch()


if __name__ == "__main__":
    for wanted in sys.argv[1:] or [*NEEDS, *NEEDS_NODE]:
        install(wanted)
