"""The example of the documentation, as people run it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from live import LiveServer

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "docs" / "example.py"


@pytest.mark.slow
def test_the_example_runs(server: LiveServer, tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="training needs boxwright[train]")
    out = tmp_path / "out"
    environment = {
        **os.environ,
        "BOXWRIGHT_SERVER": server.address["url"],
        "BOXWRIGHT_TOKEN": server.address["token"],
        "EXAMPLE_IMAGES": "19",
        "EXAMPLE_EPOCHS": "2",
        "EXAMPLE_SIZE": "64",
        "EXAMPLE_OUT": str(out),
    }
    done = subprocess.run(
        [sys.executable, "-W", "error", EXAMPLE], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    for words in ("train: 12 images", "is at revision 1", "epoch 2: val mAP50", "test: mAP50", "dataset-yolo.zip"):
        assert words in done.stdout
    with zipfile.ZipFile(out / "dataset-yolo.zip") as archive:
        pictures = [name for name in archive.namelist() if name.endswith(".jpg")]
    assert len(pictures) == 19


def test_the_example_is_made_of_cells() -> None:
    text = EXAMPLE.read_text()
    cells = re.split(r"^# %%", text, flags=re.M)[1:]
    assert len(cells) > 10
    for cell in cells:
        if cell.startswith(" [markdown]"):
            assert all(line.startswith("#") for line in cell.splitlines()[1:] if line), cell
        else:
            compile(cell.partition("\n")[2], "example.py", "exec")
