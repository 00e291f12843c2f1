"""A real ONNX model without learning: it finds the same two boxes in every picture."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from boxwright.domain.cards import card_to_json
from boxwright.domain.clock import now
from boxwright.domain.models import ClassSamples, ModelCard, ModelInput

SIDE = 64
BOXES = np.array([[[8, 8, 24, 24], [30, 30, 50, 60]]], np.float32)
SCORES = np.array([[[0.9, 0.01], [0.02, 0.4]]], np.float32)


def tiny_card(*names: str, ids: tuple[str, ...] = ("c0", "c1")) -> ModelCard:
    classes = tuple(
        ClassSamples(id=key, name=name, color="#E69F00", train=1, val=1)
        for key, name in zip(ids, names or ("disc", "square"), strict=True)
    )
    return ModelCard(
        name="tiny",
        task="detect",
        architecture="wren-n",
        decoder="wren",
        input=ModelInput(width=SIDE, height=SIDE),
        classes=classes,
        parameters=1,
        licence="Apache-2.0",
        boxwright_version="0.1.0",
        created_at=now(),
    )


def write_tiny_onnx(path: Path) -> Path:
    """Boxes in pixels of a 64 x 64 input: class 0 at 0.9, class 1 at 0.4."""
    constants = {
        "axes": np.array([1, 2, 3], np.int64),
        "shape": np.array([-1, 1, 1], np.int64),
        "zero": np.array(0, np.float32),
        "found": BOXES,
        "sure": SCORES,
    }
    nodes = [
        helper.make_node("ReduceMean", ["images", "axes"], ["mean"], keepdims=0),
        helper.make_node("Reshape", ["mean", "shape"], ["column"]),
        helper.make_node("Mul", ["column", "zero"], ["nothing"]),
        helper.make_node("Add", ["nothing", "found"], ["boxes"]),
        helper.make_node("Add", ["nothing", "sure"], ["scores"]),
    ]
    tensor = TensorProto.FLOAT
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info("images", tensor, ["n", 3, SIDE, SIDE])],
        [
            helper.make_tensor_value_info("boxes", tensor, ["n", 2, 4]),
            helper.make_tensor_value_info("scores", tensor, ["n", 2, 2]),
        ],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    onnx.checker.check_model(model)
    path.write_bytes(model.SerializeToString())
    return path


def write_tiny_archive(path: Path, *names: str) -> Path:
    """The same as a ZIP that `boxwright model import` takes."""
    onnx_file = write_tiny_onnx(path.with_suffix(".onnx"))
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(onnx_file, "model.onnx")
        archive.writestr("card.json", json.dumps(card_to_json(tiny_card(*names))))
    return path
