"""What `pip install .` gives: a wheel that carries the built front end, made without touching the checkout's own."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what git would give, with the installed front-end tools lent to it."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    modules = ROOT / "web" / "node_modules"
    if listed.returncode or not modules.is_dir():
        pytest.skip("needs a git checkout and `make web`")
    copy = tmp_path / "checkout"
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            # With its time: a lockfile that looks newer than the lent folder would have npm empty it.
            shutil.copy2(ROOT / name, copy / name)
    (copy / "web" / "node_modules").symlink_to(modules)
    return copy


@pytest.mark.slow
def test_wheel_carries_the_front_end(checkout: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path / "dist")]
    done = subprocess.run(command, cwd=checkout, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert "boxwright/static/index.html" in names
    assert any(name.startswith("boxwright/static/assets/") and name.endswith(".js") for name in names)
    assert "boxwright/py.typed" in names
    assert not [name for name in names if "node_modules" in name or name.startswith(("web/", "tests/"))]
