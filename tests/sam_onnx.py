"""Networks with the inputs and outputs of SAM 2.1 exports and random weights; masks are discs around the clicks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

FLOAT = TensorProto.FLOAT
RADIUS = 200.0  # in pixels of the square of 1024


def weights(name: str, *shape: int) -> onnx.TensorProto:
    return constant(name, np.random.default_rng(len(name)).normal(0, 0.01, shape).astype(np.float32))


def constant(name: str, values: NDArray[np.generic]) -> onnx.TensorProto:
    return numpy_helper.from_array(np.asarray(values), name)


def info(name: str, *shape: int | str) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, FLOAT, shape)


FEATURES = [
    info("high_res_feats_0", 1, 32, 256, 256),
    info("high_res_feats_1", 1, 64, 128, 128),
    info("image_embed", 1, 256, 64, 64),
]


def save(
    path: Path,
    nodes: list[onnx.NodeProto],
    given: list[onnx.ValueInfoProto],
    taken: list[onnx.ValueInfoProto],
    values: list[onnx.TensorProto],
) -> None:
    graph = helper.make_graph(nodes, "g", taken, given, values)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    path.write_bytes(model.SerializeToString())


def encoder(path: Path) -> None:
    """Three convolutions instead of a backbone."""
    kinds = [("high_res_feats_0", 32, 4), ("high_res_feats_1", 64, 8), ("image_embed", 256, 16)]
    nodes = [
        helper.make_node("Conv", ["image", f"w{step}"], [name], strides=[step, step], kernel_shape=[step, step])
        for name, _, step in kinds
    ]
    values = [weights(f"w{step}", depth, 3, step, step) for _, depth, step in kinds]
    save(path, nodes, FEATURES, [info("image", 1, 3, 1024, 1024)], values)


def gelu(given: str, name: str) -> list[onnx.NodeProto]:
    """As exports of PyTorch write it."""
    return [
        helper.make_node("Div", [given, "root"], [f"{name}d"]),
        helper.make_node("Erf", [f"{name}d"], [f"{name}e"]),
        helper.make_node("Add", [f"{name}e", "unit"], [f"{name}a"]),
        helper.make_node("Mul", [given, f"{name}a"], [f"{name}m"]),
        helper.make_node("Mul", [f"{name}m", "half"], [name]),
    ]


def decoder(path: Path) -> None:
    """What costs in the real one, and discs that can be tested.

    Ten products of 4,096 tokens by 256 x 128 (two layers of two-way attention have four each, the last attention two),
    places added and layers normed as often, two enlargements with a GELU each.
    """
    make = helper.make_node
    nodes = [make("Reshape", ["image_embed", "flat"], ["t"]), make("Transpose", ["t"], ["t0"], perm=[0, 2, 1])]
    values = [constant("flat", np.array([1, 256, 4096])), constant("square", np.array([1, 256, 64, 64]))]
    for i in range(5):
        nodes += [
            make("Add", [f"t{i}", "places"], [f"k{i}"]),
            make("MatMul", [f"k{i}", f"a{i}"], [f"h{i}"]),
            make("MatMul", [f"h{i}", f"b{i}"], [f"o{i}"]),
            make("LayerNormalization", [f"o{i}", "scale"], [f"t{i + 1}"]),
        ]
        values += [weights(f"a{i}", 256, 128), weights(f"b{i}", 128, 256)]
    values += [weights("places", 1, 4096, 256), constant("scale", np.ones(256, np.float32))]
    nodes += [
        make("Transpose", ["t5"], ["back"], perm=[0, 2, 1]),
        make("Reshape", ["back", "square"], ["e"]),
        make("ConvTranspose", ["e", "u1"], ["e1"], strides=[2, 2], kernel_shape=[2, 2]),
        make("Add", ["e1", "high_res_feats_1"], ["e2"]),
        *gelu("e2", "g2"),
        make("ConvTranspose", ["g2", "u2"], ["e3"], strides=[2, 2], kernel_shape=[2, 2]),
        make("Add", ["e3", "high_res_feats_0"], ["e4"]),
        *gelu("e4", "g4"),
        make("Conv", ["g4", "last"], ["logits"], kernel_shape=[1, 1]),
        make("Mul", ["logits", "zero"], ["nothing"]),
        # The middle of the places with a positive label, and how far each cell is from it.
        make("Greater", ["point_labels", "zero"], ["positive"]),
        make("Cast", ["positive"], ["share"], to=FLOAT),
        make("Unsqueeze", ["share", "two"], ["share2"]),
        make("Mul", ["point_coords", "share2"], ["chosen"]),
        make("ReduceSum", ["chosen", "one"], ["sum"], keepdims=0),
        make("ReduceSum", ["share", "one"], ["many"], keepdims=1),
        make("Div", ["sum", "many"], ["middle"]),
        make("Reshape", ["middle", "place"], ["centre"]),
        make("Sub", ["grid", "centre"], ["off"]),
        make("ReduceL2", ["off"], ["far"], axes=[1], keepdims=1),
        make("Sub", ["radii", "far"], ["disc"]),
        make("Add", ["disc", "nothing"], ["low_res_masks"]),
        make("Identity", ["quality"], ["iou_predictions"]),
    ]
    cells = (np.arange(256, dtype=np.float32) + 0.5) * 4
    grid = np.stack(np.broadcast_arrays(cells[None, :], cells[:, None]))[None].astype(np.float32)
    values += [
        weights("u1", 256, 64, 2, 2), weights("u2", 64, 32, 2, 2), weights("last", 3, 32, 1, 1),
        constant("root", np.float32(2**0.5)), constant("unit", np.float32(1)), constant("half", np.float32(0.5)),
        constant("zero", np.float32(0)), constant("one", np.array([1])), constant("two", np.array([2])),
        constant("place", np.array([1, 2, 1, 1])), constant("grid", grid),
        constant("radii", np.array([RADIUS / 2, RADIUS, 2 * RADIUS], np.float32).reshape(1, 3, 1, 1)),
        constant("quality", np.array([[0.2, 0.9, 0.5]], np.float32)),
    ]  # fmt: skip
    taken = [
        *FEATURES, info("point_coords", 1, "n", 2), info("point_labels", 1, "n"), info("mask_input", 1, 1, 256, 256),
        info("has_mask_input", 1),
    ]  # fmt: skip
    save(path, nodes, [info("low_res_masks", 1, 3, 256, 256), info("iou_predictions", 1, 3)], taken, values)
