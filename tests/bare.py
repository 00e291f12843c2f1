"""A Python that has onnxruntime, numpy and Pillow, the standard library, and nothing else."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

PACKAGES = ("onnxruntime", "numpy", "PIL")


def bare_path(folder: Path) -> Path:
    """Make a folder that holds the three packages, with the libraries their wheels keep beside them, by links."""
    folder.mkdir()
    for name in PACKAGES:
        spec = importlib.util.find_spec(name)
        assert spec is not None
        assert spec.origin is not None
        package = Path(spec.origin).parent
        libraries = {"PIL": "pillow.libs"}.get(name, f"{name}.libs")
        for source in (package, package.parent / libraries):
            if source.exists():
                (folder / source.name).symlink_to(source)
    return folder


def run_bare(program: Path, pictures: Sequence[Path], folder: Path) -> list[dict[str, Any]]:
    """Run a program of a model archive over pictures; return its lines."""
    packages = bare_path(folder)
    check = "import sys; sys.exit(any(map(__import__('importlib.util').util.find_spec, ('cv2', 'boxwright', 'torch'))))"
    command = [sys.executable, "-S", "-s"]
    environment = {"PYTHONPATH": str(packages), "PATH": "/usr/bin"}
    assert subprocess.run([*command, "-c", check], env=environment, check=False).returncode == 0
    done = subprocess.run(
        [*command, str(program), *map(str, pictures)],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]
