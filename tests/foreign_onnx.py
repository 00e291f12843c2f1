"""Tiny ONNX files that look like foreign detectors: each answers the same arrays for every picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

SIDE = 64
Shape = Sequence[int | str]
_TYPES = {"f4": TensorProto.FLOAT, "f2": TensorProto.FLOAT16, "u1": TensorProto.UINT8, "i8": TensorProto.INT64}


def constant_graph(
    answers: Mapping[str, NDArray[Any]],
    *,
    picture: Shape = (1, 3, SIDE, SIDE),
    kind: str = "f4",
    others: Mapping[str, tuple[str, Shape]] | None = None,
) -> onnx.GraphProto:
    """A graph whose outputs are `answers`, whatever is fed."""
    inputs = [helper.make_tensor_value_info("images", _TYPES[kind], picture)]
    inputs += [
        helper.make_tensor_value_info(name, _TYPES[sort], shape) for name, (sort, shape) in (others or {}).items()
    ]
    nodes, outputs = [], []
    for name, value in answers.items():
        nodes.append(helper.make_node("Identity", [f"{name}_value"], [name]))
        outputs.append(helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(value.dtype), value.shape))
    values = [numpy_helper.from_array(value, f"{name}_value") for name, value in answers.items()]
    return helper.make_graph(nodes, "foreign", inputs, outputs, values)


def save(graph: onnx.GraphProto, path: Path, metadata: Mapping[str, str] | None = None, opset: int = 18) -> Path:
    """Write a model."""
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=9)
    helper.set_model_props(model, dict(metadata or {}))
    path.write_bytes(model.SerializeToString())
    return path


def write(
    path: Path, answers: Mapping[str, NDArray[Any]], metadata: Mapping[str, str] | None = None, **how: Any
) -> Path:
    """Write a network with these answers."""
    return save(constant_graph(answers, **how), path, metadata)


def growing(path: Path) -> Path:
    """A detector of two classes for pictures of any size: a box in the middle of each cell, the brighter the surer."""
    graph = helper.make_graph([], "growing", [], [])
    graph.input.append(helper.make_tensor_value_info("images", TensorProto.FLOAT, [1, 3, "height", "width"]))
    graph.output.append(helper.make_tensor_value_info("out", TensorProto.FLOAT, [1, 6, "cells"]))
    weight = np.zeros((6, 3, 1, 1), np.float32)
    weight[4], weight[5] = 0.3, np.array([0.3, 0, 0], np.float32).reshape(3, 1, 1)
    graph.initializer.append(numpy_helper.from_array(weight, "weight"))
    graph.initializer.append(numpy_helper.from_array(np.array([30, 20, 25, 15, 0, 0], np.float32), "bias"))
    graph.initializer.append(numpy_helper.from_array(np.array([1, 6, -1], np.int64), "flat"))
    for stride in (8, 16, 32):
        sides = [stride, stride]
        graph.node.append(
            helper.make_node("AveragePool", ["images"], [f"p{stride}"], kernel_shape=sides, strides=sides)
        )
        graph.node.append(helper.make_node("Conv", [f"p{stride}", "weight", "bias"], [f"c{stride}"]))
        graph.node.append(helper.make_node("Reshape", [f"c{stride}", "flat"], [f"f{stride}"]))
    graph.node.append(helper.make_node("Concat", ["f8", "f16", "f32"], ["out"], axis=2))
    return save(graph, path, {"names": "['disc', 'square']", "imgsz": "[128, 128]"})


def endless(path: Path) -> Path:
    """A detector's shapes, and a loop that never ends."""
    scalar = lambda name, kind: helper.make_tensor_value_info(name, kind, [])  # noqa: E731
    body = helper.make_graph(
        [helper.make_node("Identity", ["go"], ["go_on"]), helper.make_node("Identity", ["x"], ["x_out"])],
        "body",
        [scalar("i", TensorProto.INT64), scalar("go", TensorProto.BOOL), scalar("x", TensorProto.FLOAT)],
        [scalar("go_on", TensorProto.BOOL), scalar("x_out", TensorProto.FLOAT)],
    )
    nodes = [
        helper.make_node("Constant", [], ["yes"], value=helper.make_tensor("v", TensorProto.BOOL, [], [True])),
        helper.make_node("ReduceMean", ["images"], ["mean"], keepdims=0),
        helper.make_node("Loop", ["", "yes", "mean"], ["out"], body=body),
    ]
    graph = helper.make_graph(
        nodes,
        "endless",
        [helper.make_tensor_value_info("images", TensorProto.FLOAT, [1, 3, SIDE, SIDE])],
        [scalar("out", TensorProto.FLOAT)],
    )
    return save(graph, path)


def memory_bomb(path: Path) -> Path:
    """A few bytes that ask for a terabyte."""
    shape = numpy_helper.from_array(np.array([1 << 20, 1 << 18], np.int64), "shape")
    graph = helper.make_graph(
        [
            helper.make_node("ConstantOfShape", ["shape"], ["huge"]),
            helper.make_node("ReduceMean", ["images"], ["mean"], keepdims=0),
            helper.make_node("Add", ["huge", "mean"], ["out"]),
        ],
        "bomb",
        [helper.make_tensor_value_info("images", TensorProto.FLOAT, [1, 3, SIDE, SIDE])],
        [helper.make_tensor_value_info("out", TensorProto.FLOAT, ["a", "b"])],
        [shape],
    )
    return save(graph, path)


def glutton(
    path: Path, answers: Mapping[str, NDArray[Any]], side: int, gigabytes: float = 4, above: float = 200
) -> Path:
    """A detector that takes so much memory for a white picture, less for one less bright, none from `above` down."""
    graph = constant_graph(answers, picture=(1, 3, side, side))
    numbers = {"floor": np.float32(-above), "slope": np.float32(gigabytes * 1024 / 55), "nothing": np.float32(0)}
    graph.initializer.extend(numpy_helper.from_array(np.array(value), name) for name, value in numbers.items())
    graph.initializer.append(numpy_helper.from_array(np.array([1], np.int64), "one"))
    graph.initializer.append(numpy_helper.from_array(np.array([1 << 18], np.int64), "megabyte"))
    name = graph.output[0].name
    last = next(node for node in graph.node if node.output[0] == name)
    last.output[0] = "calm"
    make = helper.make_node
    graph.node.extend(
        [
            make("ReduceMean", ["images"], ["mean"], keepdims=0),
            make("Add", ["mean", "floor"], ["over"]),
            make("Relu", ["over"], ["bright"]),
            make("Mul", ["bright", "slope"], ["rows"]),
            make("Cast", ["rows"], ["whole"], to=TensorProto.INT64),
            make("Reshape", ["whole", "one"], ["count"]),
            make("Concat", ["count", "megabyte"], ["shape"], axis=0),
            make("ConstantOfShape", ["shape"], ["huge"]),
            make("ReduceSum", ["huge"], ["zero"], keepdims=0),
            make("Add", ["calm", "zero"], [name]),
        ]
    )
    return save(graph, path)


def custom_operator(path: Path) -> Path:
    """A network with an operator of somebody's own."""
    graph = constant_graph({"output": np.zeros((1, 84, 6), np.float32)})
    graph.node.append(helper.make_node("Magic", ["images"], ["unused"], domain="evil.ops"))
    return save(graph, path)
