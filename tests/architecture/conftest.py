"""The files these tests look at."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def tracked() -> Callable[..., list[Path]]:
    """A function from folders to the files there that git knows or would add."""

    def files(*paths: str) -> list[Path]:
        command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *paths]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
        if done.returncode:
            pytest.skip("not a git checkout")
        names = sorted(set(done.stdout.decode().split("\0")) - {""})
        return [ROOT / name for name in names if (ROOT / name).is_file()]

    return files
