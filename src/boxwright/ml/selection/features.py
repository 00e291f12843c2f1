"""What a detector sees in a whole picture, as one vector: its coarsest feature map, averaged."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import numpy_helper

from boxwright.domain.errors import InvalidModel
from boxwright.domain.models import ModelInput
from boxwright.ml.adapters.session import Network
from boxwright.ml.data.letterbox import letterbox, normalise, trimmed
from boxwright.ml.files import write_atomic

Vector = NDArray[np.float32]
# What ends a layer in the networks that detect; the outputs of these are looked at.
_LAYERS = {"Conv", "Relu", "LeakyRelu", "PRelu", "Clip", "HardSwish", "Mish", "Gelu", "Elu", "Mul", "Add", "Concat"}
_MOST = 4096
STARTER = Path(__file__).parent / "wren-n-features.onnx"
"""What is there without a model of one's own: the backbone of wren-n with its starter weights, in half precision."""
STARTER_INPUT = ModelInput(width=320, height=320, trim=True)


class Features:
    """A detector cut off behind its coarsest feature map. May be used from several threads.

    Args:
        model: the ONNX file of the detector; it stays as it is.
        spec: how it is fed.
        cut: where to put the part that is run; made unless it is there and can be read.
        memory: bytes it may use, for a model from elsewhere.
        make: makes the part, where it is not cut off the model.

    Raises:
        InvalidModel: no feature map is found in it.
    """

    def __init__(
        self,
        model: Path,
        spec: ModelInput,
        cut: Path,
        memory: int | None = None,
        make: Callable[[], None] | None = None,
    ) -> None:
        def cut_anew() -> None:
            Network(model, memory=memory)  # what is no such network is refused before it is taken apart
            cut_off(model, spec, cut, memory)

        make = make or cut_anew
        if not cut.exists():
            make()
        try:
            self._network = Network(cut, memory=memory)
        except InvalidModel:  # a file of the cache that was damaged
            make()
            self._network = Network(cut, memory=memory)
        self._spec = spec

    @property
    def within(self) -> tuple[int, int] | None:
        """Width and height that it scales pictures to fit into; None where every pixel counts."""
        return self._spec.within

    def of(self, pixels: NDArray[np.uint8]) -> Vector:
        """Return the vector of an upright RGB picture (height, width, 3)."""
        canvas = trimmed(self._spec, pixels.shape[1], pixels.shape[0])
        batch = normalise(letterbox(pixels, self._spec, canvas)[0][None], self._spec)
        (values,) = self._network.run(self._network.feed(batch, self._spec)).values()
        return np.asarray(values[0].mean((1, 2), dtype=np.float32), np.float32)


def starter(cut: Path) -> Features:
    """Return the network that is there without a model; `cut` is where its full precision is put."""

    def widen() -> None:
        model = onnx.load(STARTER)
        for item in model.graph.initializer:
            values = numpy_helper.to_array(item)
            if values.dtype == np.float16:
                item.CopyFrom(numpy_helper.from_array(values.astype(np.float32), item.name))
        write_atomic(cut, lambda out: out.write(model.SerializeToString()))

    return Features(STARTER, STARTER_INPUT, cut, make=widen)


def cut_off(model: Path, spec: ModelInput, target: Path, memory: int | None = None) -> None:
    """Write the part of a network that ends with its coarsest feature map. Raises InvalidModel."""
    whole = onnx.load(model)
    name = _coarsest(whole, spec, target, memory)
    needed = _needed(whole.graph, name)
    kept = [node for node in whole.graph.node if node.output[0] in needed]
    used = {tensor for node in kept for tensor in _inputs(node)}
    graph = onnx.GraphProto(name="features")
    graph.node.extend(kept)
    graph.initializer.extend(item for item in whole.graph.initializer if item.name in used)
    graph.input.extend(item for item in whole.graph.input if item.name in used)
    graph.output.append(onnx.ValueInfoProto(name=name))
    part = onnx.ModelProto(ir_version=whole.ir_version, graph=graph)
    part.opset_import.extend(whole.opset_import)
    part.functions.extend(whole.functions)
    write_atomic(target, lambda out: out.write(part.SerializeToString()))


def _coarsest(whole: Any, spec: ModelInput, target: Path, memory: int | None) -> str:
    """Return the map with the fewest cells, of those the one with most channels, of those the last.

    The network is run once with every layer as an output: sizes are seldom written in the file.
    """
    names = [node.output[0] for node in whole.graph.node if node.op_type in _LAYERS][:_MOST]
    looked = onnx.ModelProto()
    looked.CopyFrom(whole)
    del looked.graph.output[:]
    looked.graph.output.extend(onnx.ValueInfoProto(name=name) for name in names)
    probe = target.with_name(f"{target.name}.probe")
    write_atomic(probe, lambda out: out.write(looked.SerializeToString()))
    try:
        network = Network(probe, memory=memory)
        grey = np.full((spec.height, spec.width, 3), 127, np.uint8)
        found = network.run(network.feed(normalise(letterbox(grey, spec)[0][None], spec), spec))
    finally:
        probe.unlink(missing_ok=True)
    shapes = [(name, found[name].shape) for name in names if name in found]
    maps = [(place, name, shape) for place, (name, shape) in enumerate(shapes) if _is_map(shape, spec)]
    if not maps:
        raise InvalidModel("the model has no feature maps that pictures could be compared by", code="model_no_features")
    return str(min(maps, key=lambda item: (item[2][2] * item[2][3], -item[2][1], -item[0]))[1])


def _is_map(shape: tuple[int, ...], spec: ModelInput) -> bool:
    """Tell whether these are channels over the cells of a picture, and not one cell, or none of a grid."""
    if len(shape) != 4 or shape[0] != 1 or shape[1] < 16:
        return False
    rows, columns = shape[2:]
    return rows > 1 and columns > 1 and spec.height % rows == 0 and spec.height // rows == spec.width // columns


def _needed(graph: Any, name: str) -> set[str]:
    """Return the nodes, by their first output, that a tensor is computed from."""
    maker = {output: node for node in graph.node for output in node.output}
    needed: set[str] = set()
    waiting = [name]
    while waiting:
        node = maker.get(waiting.pop())
        if node is not None and node.output[0] not in needed:
            needed.add(node.output[0])
            waiting.extend(_inputs(node))
    return needed


def _inputs(node: Any) -> Iterator[str]:
    """Yield what a node reads, also within its branches."""
    yield from node.input
    for attribute in node.attribute:
        for graph in (attribute.g, *attribute.graphs):
            for inner in graph.node:
                yield from _inputs(inner)
