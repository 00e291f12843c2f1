"""The loop in the shell, with real processes: import, train, evaluate, predict, export, import again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from boxwright.cli import main
from live import LiveServer

Boxwright = Callable[..., Any]
TRAINING = ("--image-size", "64", "--batch-size", "4", "--seed", "7", "--set", "min_steps=1")


def draw_dataset(folder: Path, count: int = 14) -> None:
    """Bright squares (class `square`) and dark discs (`disc`) on grey noise, as COCO with splits by folder."""
    random = np.random.default_rng(0)
    images: list[dict[str, object]] = []
    annotations: list[dict[str, object]] = []
    for number in range(count):
        picture = random.integers(90, 140, (64, 80, 3)).astype(np.uint8)
        name = f"{number:02d}.png"
        for kind in (1, 2):
            x, y, side = int(random.integers(2, 50)), int(random.integers(2, 40)), int(random.integers(10, 20))
            if kind == 1:
                cv2.rectangle(picture, (x, y), (x + side - 1, y + side - 1), (250, 240, 230), -1)
            else:
                cv2.circle(picture, (x + side // 2, y + side // 2), side // 2, (10, 20, 30), -1)
            annotations.append(
                {"id": len(annotations) + 1, "image_id": number, "category_id": kind, "bbox": [x, y, side, side],
                 "area": side * side, "iscrowd": 0}
            )  # fmt: skip
        folder.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(folder / name), picture)
        images.append({"id": number, "file_name": name, "width": 80, "height": 64})
    categories = [{"id": 1, "name": "square"}, {"id": 2, "name": "disc"}]
    content = {"images": images, "annotations": annotations, "categories": categories}
    (folder / "annotations.json").write_text(json.dumps(content))


def start(data: Path, *arguments: object) -> subprocess.Popen[str]:
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        # Tests that run in the background would pass on that Ctrl-C is ignored; a person's shell does not.
        signal.signal(signal.SIGINT, signal.default_int_handler)
    return subprocess.Popen(
        [sys.executable, "-m", "boxwright", *map(str, arguments), "--data", str(data), "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def boxwright(tmp_path: Path) -> Boxwright:
    """Run a command as a process of its own and return the JSON value it prints."""

    def run(*arguments: object) -> Any:
        with start(tmp_path / "data", *arguments) as process:
            out, err = process.communicate(timeout=400)
        assert process.returncode == 0, err
        return json.loads(out)

    return run


@pytest.fixture
def typed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Boxwright:
    """The same in this process, which is quicker."""

    def type_(*arguments: object) -> Any:
        capsys.readouterr()
        code = main.run([*map(str, arguments), "--data", str(tmp_path / "data"), "--json"])
        captured = capsys.readouterr()
        assert code == 0, captured.err
        return json.loads(captured.out)

    return type_


def boxes_of(boxwright: Boxwright, project: str, folder: Path) -> list[object]:
    """All boxes of a project as (file, class, box), through an export."""
    boxwright("export", "--project", project, "--format", "coco", "--out", folder, "--no-images")
    found = []
    for content in (json.loads(path.read_text()) for path in folder.rglob("*.json")):
        if not isinstance(content.get("annotations"), list):
            continue
        names = {item["id"]: Path(item["file_name"]).name for item in content["images"]}
        classes = {item["id"]: item["name"] for item in content["categories"]}
        found += [
            (names[item["image_id"]], classes[item["category_id"]], *(round(value, 3) for value in item["bbox"]))
            for item in content["annotations"]
        ]
    return sorted(found)


@pytest.mark.slow
def test_the_loop(tmp_path: Path, boxwright: Boxwright, typed: Boxwright) -> None:
    pytest.importorskip("torch", reason="training needs boxwright[train]")
    draw_dataset(tmp_path / "set")
    imported = boxwright("import", tmp_path / "set", "--project", "shapes", "--create-project", "--split", "train")
    assert (imported["images"], imported["annotations"], sorted(imported["classes"])) == (14, 28, ["disc", "square"])

    server = LiveServer(tmp_path / "data").start()
    try:
        boxwright("image", "move", "00.png", "01.png", "--project", "shapes", "--split", "val")
        boxwright("image", "move", "02.png", "03.png", "--project", "shapes", "--split", "test")
        trained = boxwright("train", "--project", "shapes", "--epochs", 2, *TRAINING, "--name", "first")
        assert {"map50_95", "map50", "per_class", "seconds", "model", "job"} <= trained.keys()
        assert (trained["split"], trained["epochs"]) == ("test", 2)
        assert [item["id"] for item in boxwright("model", "list", "--project", "shapes")] == [trained["model"]]

        measured = boxwright("evaluate", "--project", "shapes", "--model", "first", "--split", "test")
        assert measured["map50"] == pytest.approx(trained["map50"])
        assert {item["name"] for item in measured["per_class"]} == {"square", "disc"}

        out = tmp_path / "found"
        formats = ("--format", "csv,coco,yolo,json,images")
        found = boxwright("predict", tmp_path / "set", "--model", "latest", "--out", out, *formats, "--threshold", 0)
        assert (found["images"], found["failed"]) == (14, [])
        rows = (out / "detections.csv").read_text().splitlines()
        assert rows[0].split(",")[:3] == ["filename", "class", "score"]
        assert len(rows) == 1 + found["detections"]
        assert len(json.loads((out / "detections.coco.json").read_text())["annotations"]) == found["detections"]
        assert len(list((out / "images").iterdir())) == len(list((out / "labels").iterdir())) == 14

        again = boxwright("run", "export", "latest", "--out", tmp_path / "again", "--format", "csv", "--threshold", 0)
        assert (tmp_path / "again" / "detections.csv").read_text().splitlines() == rows
        test = boxwright("predict", "--model", "first", "--split", "test", "--out", out / "test", "--threshold", 0)
        assert test["images"] == 2
        runs = boxwright("run", "list", "--project", "shapes")
        assert [item["id"] for item in runs] == [test["run"], found["run"]]
        assert again["run"] == found["run"]
        boxwright("run", "delete", test["run"])

        boxwright("model", "export", "first", "--out", tmp_path / "model.zip")
        boxwright("project", "create", "other")
        brought = boxwright("model", "import", tmp_path / "model.zip", "--project", "other", "--name", "brought")
        assert [item["name"] for item in brought["card"]["classes"]] == ["square", "disc"]
        more = boxwright("train", "--project", "shapes", "--epochs", 1, *TRAINING, "--weights", "first")
        assert boxwright("model", "show", more["model"])["parent_id"] == trained["model"]

        truth = boxes_of(boxwright, "shapes", tmp_path / "truth")
        assert len(truth) == 28
        for form in ("coco", "yolo", "voc", "csv"):
            typed("export", "--project", "shapes", "--format", form, "--out", tmp_path / f"{form}.zip")
            typed("import", tmp_path / f"{form}.zip", "--project", form, "--create-project")
            assert boxes_of(typed, form, tmp_path / f"again-{form}") == truth
    finally:
        server.stop()


@pytest.mark.slow
def test_ctrl_c_keeps_the_model_and_leaves_no_process(tmp_path: Path, boxwright: Boxwright) -> None:
    pytest.importorskip("torch", reason="training needs boxwright[train]")
    data = tmp_path / "data"
    draw_dataset(tmp_path / "set", 6)
    boxwright("import", tmp_path / "set", "--project", "shapes", "--create-project", "--split", "train")
    with start(data, "train", "--project", "shapes", "--epochs", 2000, *TRAINING) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        heard: list[str] = []
        for line in process.stderr:
            heard.append(line)
            if line.startswith("epoch 2 "):
                break
        server = int(json.loads((data / "server.json").read_text())["pid"])
        process.send_signal(signal.SIGINT)
        rest = threading.Thread(target=lambda: heard.extend(process.stderr or ()), daemon=True)
        rest.start()
        out = process.stdout.read()
        assert process.wait(120) == 0, "".join(heard)
        rest.join(10)
    result = json.loads(out)
    assert result["stopped_early"] is True
    assert 2 <= result["epochs"] < 2000
    assert any(line.startswith("stopping; keeping") for line in heard)
    until = time.monotonic() + 30
    while Path(f"/proc/{server}").exists() if Path("/proc").is_dir() else _alive(server):
        assert time.monotonic() < until
        time.sleep(0.05)
    assert [item["id"] for item in boxwright("model", "list", "--project", "shapes")] == [result["model"]]


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
