"""Files that a person hands to a dialog: some are taken, some have problems, some are refused."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import numpy as np

import foreign_onnx
from encoders import KINDS, Truth
from sam_onnx import decoder, encoder
from scenes import coco_document, make_scene


def broken_dataset() -> Path:
    """A dataset with boxes that stick out and a picture that is not there."""
    path = Path(mkdtemp()) / "shelves with problems.zip"
    scenes = [make_scene(number, name=f"{number}.jpg") for number in range(6)]
    document: Any = coco_document(scenes)
    document["images"].append({"id": 99, "file_name": "missing/IMG_2041.jpg", "width": 64, "height": 48})
    document["annotations"][0]["bbox"] = [-20, -4, 500, 40]
    document["annotations"][1]["bbox"] = [1, 1, 0, 0]
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("annotations/instances_train.json", json.dumps(document))
        for scene in scenes:
            archive.writestr(f"train/{scene.name}", scene.data)
    return path


def foreign_model() -> Path:
    """A detector that is recognised."""
    corners = np.array([[10, 20, 50, 60], [70, 66, 110, 106]], np.float32)
    truth = Truth(128, corners, np.array([0, 2]), np.array([0.9, 0.6], np.float32), classes=3)
    answers = KINDS["yolox"][1](truth)
    return foreign_onnx.write(Path(mkdtemp()) / "street.onnx", answers, picture=(1, 3, 128, 128))


def click_models() -> list[Path]:
    """Encoder and decoder of SAM, with random weights."""
    folder = Path(mkdtemp())
    encoder(folder / "encoder.onnx")
    decoder(folder / "decoder.onnx")
    return [folder / "encoder.onnx", folder / "decoder.onnx"]


def riddle() -> Path:
    """A network whose outputs nothing recognises."""
    table = np.array([[[10, 20, 40, 40, 4, 3, -9, -9], [70, 66, 40, 40, 4, -9, 2, -9]]], np.float32)
    return foreign_onnx.write(Path(mkdtemp()) / "riddle.onnx", {"out": table}, picture=(1, 3, 128, 128))


def pickle_file() -> Path:
    """Something that is refused."""
    path = Path(mkdtemp()) / "best.pt"
    path.write_bytes(b"\x80\x04}\x94.")
    return path


def last_weights() -> Path:
    """A file that may hold weights, as far as its name tells."""
    path = Path(mkdtemp()) / "last.safetensors"
    path.write_bytes(bytes(2_000))
    return path
