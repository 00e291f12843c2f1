"""`boxwright quickstart` in the shell, smaller than it is shipped: from nothing, again, and broken off."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import zipfile
from pathlib import Path
from typing import Any

import pytest

from live import LiveServer

SMALL = ("--images", "19", "--epochs", "2", "--image-size", "64")


def start(folder: Path, *more: str) -> subprocess.Popen[str]:
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)  # what a person's shell does
    command = [sys.executable, "-m", "boxwright", "quickstart", "--data", str(folder / "data")]
    return subprocess.Popen(
        [*command, "--out", str(folder / "out"), *SMALL, *more],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "COLUMNS": "100"},
    )


def quickstart(folder: Path, *more: str) -> Any:
    with start(folder, "--json", *more) as process:
        out, err = process.communicate(timeout=300)
    assert process.returncode == 0, err
    return json.loads(out)


@pytest.mark.slow
def test_the_loop_and_again(tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="training needs boxwright[train]")
    first = quickstart(tmp_path)
    assert {"map50", "map50_95", "per_class", "seconds", "model"} <= first.keys()
    assert (first["images"], first["predicted"], first["reused"], first["url"]) == (19, 1, [], None)
    assert [item["name"] for item in first["per_class"]] == ["coin", "die", "button"]
    with zipfile.ZipFile(tmp_path / "out" / "model.zip") as archive:
        assert any(name.endswith(".onnx") for name in archive.namelist())
    with zipfile.ZipFile(tmp_path / "out" / "dataset-coco.zip") as archive:
        assert sum(name.endswith(".jpg") for name in archive.namelist()) == 19
    assert (tmp_path / "out" / "found" / "detections.csv").read_text().startswith("filename")
    assert len(list((tmp_path / "out" / "found" / "images").iterdir())) == 1

    # Once more, now with a server that stays: nothing is done again, and there is an address to open.
    server = LiveServer(tmp_path / "data").start()
    try:
        with start(tmp_path) as process:
            out, err = process.communicate(timeout=300)
        assert process.returncode == 0, err
        assert "trained before; nothing has changed since" in out
        assert f"Open it: {server.address['url']}/#token=" in out
        again = quickstart(tmp_path)
        assert (again["model"], again["run"]) == (first["model"], first["run"])
        assert (again["reused"], again["url"]) == (["images", "model"], server.address["url"])
    finally:
        server.stop()


@pytest.mark.slow
def test_ctrl_c_while_it_renders_leaves_what_the_next_run_fills(tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="training needs boxwright[train]")
    with start(tmp_path, "--json", "--images", "190") as process:
        assert process.stderr is not None
        for line in process.stderr:
            if "rendering" in line or "preparing" in line:
                break
        process.send_signal(signal.SIGINT)
        rest: list[str] = []
        reader = threading.Thread(target=lambda: rest.extend(process.stderr or ()), daemon=True)
        reader.start()
        assert process.wait(120) == 130
        reader.join(10)
        assert process.stdout is not None
        assert process.stdout.read() == ""
    assert any(line.startswith("error: interrupted") for line in rest), rest
    assert quickstart(tmp_path)["images"] == 19
