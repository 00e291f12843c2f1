"""The same network in fewer bits: fp16 weights, or int8 by static quantisation (Jacob et al., 2018).

What comes after the last convolutions - sigmoid, boxes in pixels, a choice of the best - stays in float32: sixteen bits
place a box of 640 pixels to half a pixel, eight bits to several.
"""

import contextlib
import io
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnx.version_converter
from numpy.typing import NDArray
from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process
from onnxruntime.transformers.float16 import convert_float_to_float16

from boxwright.domain.errors import InvalidModel
from boxwright.ml.adapters.session import first_line
from boxwright.ml.files import write_atomic

# Layers that are worth eight bits: what lies between them loses more in quality than it saves in time (measured).
_QUANTISED = ["Conv", "ConvTranspose", "MatMul", "Gemm"]
# Pictures whose values are held at the same time.
STRIDE = 4
_OPSET = 13
_HEAVY = {"Conv", "ConvTranspose", "MatMul", "Gemm"}
Feed = dict[str, NDArray[Any]]


class _Feeds(CalibrationDataReader):  # type: ignore[misc]
    """Gives a part of the feeds at a time: what a network computes for all of them would not fit into memory."""

    def __init__(self, feeds: Sequence[Feed]) -> None:
        # As many as full parts hold.
        self._feeds = [*feeds, *feeds[: -len(feeds) % STRIDE]] if len(feeds) >= STRIDE else [feeds[0]] * STRIDE
        self._left: Iterator[Feed] = iter(())

    def __len__(self) -> int:
        return len(self._feeds)

    def set_range(self, start_index: int, end_index: int) -> None:
        self._left = iter(self._feeds[start_index:end_index])

    def get_next(self) -> Feed | None:
        return next(self._left, None)


def to_fp16(source: Path, target: Path) -> None:
    """Write a network with half the bytes; inputs, outputs and the tail stay as they are. Raises InvalidModel."""

    def convert(path: Path) -> Any:
        model = onnx.load(path)
        made = convert_float_to_float16(model, keep_io_types=True, node_block_list=tail(model))
        _tidy(made.graph)
        return made

    _write(source, target, convert)


def _tidy(graph: Any) -> None:
    """Mend what the converter repeats: casts of one value for each of its readers, and names of nodes."""
    made: set[str] = set()
    for number, node in enumerate(list(graph.node)):
        node.name = f"node_{number}"
        if node.op_type == "Cast" and node.output[0] in made:
            graph.node.remove(node)
        made.update(node.output)


def to_int8(source: Path, target: Path, feeds: Sequence[Feed]) -> None:
    """Write a network with weights and activations of eight bits. Raises InvalidModel.

    Args:
        source: the network in float32.
        target: written atomically.
        feeds: inputs made of real pictures, at least one; the range of each value is where 99.999 % of it lie in them.
    """

    def convert(path: Path) -> Any:
        out, rest = path.with_name("int8.onnx"), tail(onnx.load(path))
        try:
            _quantise(path, out, feeds, rest, CalibrationMethod.Percentile)
        except ValueError:  # a histogram of values that hardly differ has no bins
            _quantise(path, out, feeds, rest, CalibrationMethod.MinMax)
        return onnx.load(out)

    _write(source, target, convert)


def _quantise(
    source: Path, target: Path, feeds: Sequence[Feed], rest: Sequence[str], method: CalibrationMethod
) -> None:
    # It tells its progress on the standard output, which belongs to the job.
    with contextlib.redirect_stdout(io.StringIO()):
        quantize_static(
            str(source),
            str(target),
            _Feeds(feeds),
            quant_format=QuantFormat.QDQ,
            op_types_to_quantize=_QUANTISED,
            nodes_to_exclude=list(rest),
            per_channel=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            calibrate_method=method,
            extra_options={"CalibStridedMinMax": STRIDE},
        )


def tail(model: Any) -> list[str]:
    """Return the names of the nodes behind the last heavy layers; every node gets a name."""
    nodes = list(model.graph.node)
    for number, node in enumerate(nodes):
        node.name = node.name or f"node_{number}"
    heavy: set[str] = set()
    # Backwards through the order in which they run: what a heavy node needs leads to one.
    for node in reversed(nodes):
        if node.op_type in _HEAVY or any(name in heavy for name in node.output):
            heavy.update(node.input)
    return [n.name for n in nodes if n.op_type not in _HEAVY and not any(name in heavy for name in n.output)]


def _write(source: Path, target: Path, convert: Callable[[Path], Any]) -> None:
    """Prepare a network (shapes inferred, constants folded), convert it, keep its metadata."""
    with tempfile.TemporaryDirectory(prefix="precision-", dir=target.parent) as folder:
        ready = Path(folder) / "ready.onnx"
        try:
            onnx.save(_modern(onnx.load(source)), ready)
            quant_pre_process(str(ready), str(ready), skip_symbolic_shape=True)
            made = convert(ready)
        except Exception as error:
            raise InvalidModel(f"it cannot be converted: {first_line(error)}", code="precision_failed") from error
        told = {item.key: item.value for item in onnx.load(source, load_external_data=False).metadata_props}
        onnx.helper.set_model_props(made, told)
        write_atomic(target, lambda out: out.write(made.SerializeToString()))


def _modern(model: Any) -> Any:
    """Return a model of an opset in which each channel can have its own scale."""
    opset = next((item.version for item in model.opset_import if item.domain in ("", "ai.onnx")), _OPSET)
    return model if opset >= _OPSET else onnx.version_converter.convert_version(model, _OPSET)


def chosen(items: Sequence[Any], count: int, seed: int = 0) -> list[Any]:
    """Return at most `count` items, always the same ones of the same list."""
    order = np.random.default_rng(seed).permutation(len(items))[:count]
    return [items[index] for index in sorted(order)]
