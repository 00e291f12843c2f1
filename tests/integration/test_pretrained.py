"""Pretrained weights over the whole way: licence, download or upload, and a training that starts from them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="training needs boxwright[train]")
pytest.importorskip("transformers", reason="these networks need boxwright[train]")

from boxwright.cli.main import run  # noqa: E402
from boxwright.domain.architectures import architecture  # noqa: E402
from hub_server import hub  # noqa: E402
from live import LiveServer  # noqa: E402
from scenes import CLASSES, make_scene  # noqa: E402
from tiny_detr import tiny_folder  # noqa: E402

TRAINING = ("--epochs", "1", "--image-size", "64", "--batch-size", "2", "--set", "min_steps=1", "--set", "threads=1")


def draw_dataset(folder: Path, count: int) -> None:
    """Write scenes as COCO."""
    folder.mkdir()
    images, annotations = [], []
    for number in range(count):
        scene = make_scene(number)
        (folder / scene.name).write_bytes(scene.data)
        images.append({"id": number, "file_name": scene.name, "width": scene.width, "height": scene.height})
        for kind, x0, y0, x1, y1 in scene.boxes:
            box = {"bbox": [x0, y0, x1 - x0, y1 - y0], "area": (x1 - x0) * (y1 - y0), "iscrowd": 0}
            annotations.append({"id": len(annotations) + 1, "image_id": number, "category_id": kind + 1, **box})
    categories = [{"id": number + 1, "name": name} for number, name in enumerate(CLASSES)]
    content = {"images": images, "annotations": annotations, "categories": categories}
    (folder / "annotations.json").write_text(json.dumps(content))


def test_from_a_licence_to_a_model(
    start_server: Callable[..., LiveServer],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    repo = architecture("dfine-n").hub
    assert repo is not None
    draw_dataset(tmp_path / "pictures", 4)
    with hub({repo: tiny_folder(tmp_path / "repo", "dfine-n")}) as served:
        server = start_server(BOXWRIGHT_HUB=served.url)
        monkeypatch.setenv("BOXWRIGHT_SERVER", server.address["url"])
        monkeypatch.setenv("BOXWRIGHT_TOKEN", server.address["token"])

        def boxwright(*arguments: object, code: int = 0) -> Any:
            capsys.readouterr()
            assert run([*map(str, arguments), "--json"]) == code
            printed = capsys.readouterr()
            return json.loads(printed.out) if code == 0 else printed.err

        boxwright("project", "create", "shapes")
        boxwright("import", tmp_path / "pictures", "--project", "shapes", "--split", "train")
        states = {item["name"]: item for item in boxwright("model", "architectures")}
        assert states["dfine-n"]["coco_ap"] == 42.8
        said = boxwright("train", "--project", "shapes", "--architecture", "dfine-n", code=2)
        assert "boxwright model fetch dfine-n" in said
        assert "Apache-2.0" in said
        assert "was not accepted" in boxwright("model", "fetch", "dfine-n", "--project", "shapes", code=2)
        assert not served.asked

        served.cut = 1
        fetched = boxwright("model", "fetch", "dfine-n", "--project", "shapes", "--accept-licence")
        assert fetched["licence"] == "Apache-2.0"
        assert repo in fetched["source"]
        trained = boxwright("train", "--project", "shapes", "--architecture", "dfine-n", *TRAINING)
        model = server.http.get(f"/models/{trained['model']}").raise_for_status().json()
        assert (model["card"]["decoder"], model["card"]["licence"]) == ("detr", "Apache-2.0")
        assert model["card"]["hyper"]["lr"] == architecture("dfine-n").defaults["lr"]
        again = boxwright("train", "--project", "shapes", "--architecture", "dfine-n", "--weights", "latest", *TRAINING)
        assert again["epochs"] == 1

        own = tmp_path / "own.safetensors"
        own.write_bytes(server.http.get(f"/jobs/{again['job']}/files/last.safetensors").raise_for_status().content)
        said = ("--architecture", "dfine-n", "--source", "our first training")
        mine = boxwright("model", "add-weights", own, "--project", "shapes", *said)
        assert (mine["source"], mine["licence"]) == ("our first training", "unknown")
        third = boxwright("train", "--project", "shapes", "--architecture", "dfine-n", *TRAINING)
        begun = server.http.get(f"/jobs/{third['job']}").raise_for_status().json()
        assert begun["params"]["pretrained"]["id"] == mine["weights"]  # the newest

        added = boxwright(
            "model", "add-weights", tiny_folder(tmp_path / "own", "rtdetrv2-s"), "--project", "shapes",
            "--architecture", "rtdetrv2-s", "--licence", "MIT",
        )  # fmt: skip
        assert added["licence"] == "MIT"
        wrong = boxwright("model", "add-weights", tmp_path / "own", "--project", "shapes", code=2)
        assert "rtdetrv2-s, rtdetrv2-m" in wrong
        mixed = ("--architecture", "dfine-n", "--pretrained", added["weights"])
        assert "does not fit dfine-n" in boxwright("train", "--project", "shapes", *mixed, code=1)
