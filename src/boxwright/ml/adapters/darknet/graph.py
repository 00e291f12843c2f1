"""A Darknet network as an ONNX model, its boxes decoded inside."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from boxwright import __version__
from boxwright.domain.cards import card_to_json
from boxwright.domain.clock import now
from boxwright.domain.corrections import named
from boxwright.domain.errors import InvalidModel
from boxwright.domain.models import ModelCard, ModelInput
from boxwright.ml.adapters import classnames
from boxwright.ml.adapters.darknet.cfg import Section, read_cfg
from boxwright.ml.adapters.darknet.layers import Layer, Shape, arrange, kernel_of, pool_of
from boxwright.ml.adapters.darknet.weights import Weights

OPSET, IR_VERSION = 18, 9
_PICTURE, _ROWS = "images", "rows"
_ACTIVATIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "leaky": ("LeakyRelu", {"alpha": 0.1}),
    "mish": ("Mish", {}),
    "logistic": ("Sigmoid", {}),
    "relu": ("Relu", {}),
}


def convert(cfg: str, weights: Path, names: Sequence[str] | None, title: str) -> tuple[Any, ModelCard]:
    """Return an ONNX model of a Darknet detector, and its card.

    Its output `rows` (n, boxes, 5 + classes) has centre and size in pixels of the input, objectness and classes as
    probabilities: what the decoder `yolov5` reads.

    Args:
        cfg: text of the `.cfg`.
        weights: the `.weights`.
        names: of the classes, from the `.names`; None where there is none.
        title: what to call the model.

    Raises:
        InvalidModel: they are not what they should be, do not belong together, or have layers that are not supported.
    """
    sections = read_cfg(cfg)
    start, layers = arrange(sections)
    channels = [start[0] if -1 in layer.inputs else layers[layer.inputs[0]].shape[0] for layer in layers]
    wanted = sum(
        kernel_of(layer.section).weights(before)
        for layer, before in zip(layers, channels, strict=True)
        if layer.kind == "convolutional"
    )
    builder = _Builder(layers, start, Weights(weights, wanted))
    model = builder.build()
    card = _card(sections, layers, start, names, title, wanted)
    return model, card


def embed(model: Any, metadata: Mapping[str, ModelCard | str]) -> bytes:
    """Return the bytes of a model with these metadata. Raises InvalidModel."""
    texts = {
        key: value if isinstance(value, str) else json.dumps(card_to_json(value), ensure_ascii=False)
        for key, value in metadata.items()
    }
    helper.set_model_props(model, texts)
    try:
        onnx.checker.check_model(model)
        data: bytes = model.SerializeToString()
    except (onnx.checker.ValidationError, ValueError) as error:
        raise InvalidModel("the network cannot be written as ONNX; it may be larger than 2 GB") from error
    return data


class _Builder:
    def __init__(self, layers: Sequence[Layer], start: Shape, weights: Weights) -> None:
        self._layers, self._start, self._weights = layers, start, weights
        self._nodes: list[Any] = []
        self._values: dict[str, Any] = {}
        self._names: list[str] = []
        self._tables: list[str] = []

    def build(self) -> Any:
        make: dict[str, Callable[[str, Layer, list[str]], str]] = {
            "convolutional": self._convolutional,
            "maxpool": self._maxpool,
            "upsample": self._upsample,
            "route": self._route,
            "shortcut": self._shortcut,
            "yolo": self._yolo,
            "dropout": lambda _name, _layer, inputs: inputs[0],
        }
        for number, layer in enumerate(self._layers):
            inputs = [_PICTURE if before < 0 else self._names[before] for before in layer.inputs]
            self._names.append(make[layer.kind](f"layer{number}", layer, inputs))
        self._node("Concat", self._tables, _ROWS, axis=1)
        _, rows, columns = self._start
        width = max(layer.section.whole("classes", 20) for layer in self._layers if layer.kind == "yolo") + 5
        graph = helper.make_graph(
            self._nodes,
            "darknet",
            [helper.make_tensor_value_info(_PICTURE, TensorProto.FLOAT, ["batch", 3, rows, columns])],
            [helper.make_tensor_value_info(_ROWS, TensorProto.FLOAT, ["batch", None, width])],
            list(self._values.values()),
        )
        return helper.make_model(
            graph,
            producer_name="boxwright",
            opset_imports=[helper.make_opsetid("", OPSET)],
            ir_version=IR_VERSION,
        )

    def _node(self, kind: str, inputs: Sequence[str], output: str, **attributes: Any) -> str:
        self._nodes.append(helper.make_node(kind, list(inputs), [output], **attributes))
        return output

    def _value(self, name: str, value: NDArray[Any]) -> str:
        self._values[name] = numpy_helper.from_array(value, name)
        return name

    def _convolutional(self, name: str, layer: Layer, inputs: list[str]) -> str:
        kernel = kernel_of(layer.section)
        before = layer.inputs[0]
        channels = self._start[0] if before < 0 else self._layers[before].shape[0]
        values, bias = self._weights.convolution(kernel, channels)
        made = self._node(
            "Conv",
            [inputs[0], self._value(f"{name}.weight", values), self._value(f"{name}.bias", bias)],
            f"{name}.conv",
            kernel_shape=[kernel.size] * 2,
            strides=[kernel.stride] * 2,
            pads=[kernel.padding] * 4,
            group=kernel.groups,
            dilations=[kernel.dilation] * 2,
        )
        return self._activated(name, made, layer.section.texts.get("activation", "logistic"))

    def _activated(self, name: str, made: str, kind: str) -> str:
        if kind == "linear":
            return made
        if kind in ("swish", "silu"):
            return self._node("Mul", [made, self._node("Sigmoid", [made], f"{name}.gate")], f"{name}.out")
        operator, attributes = _ACTIVATIONS[kind]
        return self._node(operator, [made], f"{name}.out", **attributes)

    def _maxpool(self, name: str, layer: Layer, inputs: list[str]) -> str:
        size, stride, padding = pool_of(layer.section)
        before = self._start if layer.inputs[0] < 0 else self._layers[layer.inputs[0]].shape
        low = padding // 2
        high = [(layer.shape[axis] - 1) * stride + size - before[axis] - low for axis in (1, 2)]
        pads = [low, low, *(max(0, side) for side in high)]
        return self._node("MaxPool", inputs, f"{name}.out", kernel_shape=[size] * 2, strides=[stride] * 2, pads=pads)

    def _upsample(self, name: str, layer: Layer, inputs: list[str]) -> str:
        times = float(layer.section.whole("stride", 2, 1))
        scales = self._value(f"{name}.scales", np.array([1, 1, times, times], np.float32))
        how = {"mode": "nearest", "coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"}
        return self._node("Resize", [inputs[0], "", scales], f"{name}.out", **how)

    def _route(self, name: str, layer: Layer, inputs: list[str]) -> str:
        groups, group = layer.section.whole("groups", 1, 1), layer.section.whole("group_id", 0)
        if groups > 1:
            inputs = [self._part(f"{name}.{i}", layer, i, groups, group, item) for i, item in enumerate(inputs)]
        return inputs[0] if len(inputs) == 1 else self._node("Concat", inputs, f"{name}.out", axis=1)

    def _part(self, name: str, layer: Layer, index: int, groups: int, group: int, whole: str) -> str:
        width = self._layers[layer.inputs[index]].shape[0] // groups
        return self._cut(name, whole, group * width, (group + 1) * width, 1)

    def _cut(self, name: str, whole: str, start: int, end: int, axis: int) -> str:
        bounds = {"start": start, "end": end, "axis": axis}
        given = [self._value(f"{name}.{key}", np.array([value], np.int64)) for key, value in bounds.items()]
        return self._node("Slice", [whole, *given], f"{name}.part")

    def _shortcut(self, name: str, layer: Layer, inputs: list[str]) -> str:
        made = inputs[0]
        for number, other in enumerate(inputs[1:]):
            made = self._node("Add", [made, other], f"{name}.sum{number}")
        kind = layer.section.texts.get("activation", "linear")
        return self._activated(name, made, kind if kind in (*_ACTIVATIONS, "swish", "silu") else "linear")

    def _yolo(self, name: str, layer: Layer, inputs: list[str]) -> str:
        section, (_, rows, columns) = layer.section, layer.shape
        anchors = _anchors(section)
        count, width = len(anchors), 5 + section.whole("classes", 20)
        parted = self._reshaped(f"{name}.parted", inputs[0], (0, count, width, rows * columns))
        turned = self._node("Transpose", [parted], f"{name}.turned", perm=[0, 1, 3, 2])
        table = self._reshaped(f"{name}.table", turned, (0, count * rows * columns, width))
        ends = self._start[2], self._start[1]
        cell = np.array([ends[0] / columns, ends[1] / rows], np.float32)
        grid = np.stack(np.meshgrid(np.arange(columns), np.arange(rows)), -1).reshape(-1, 2).astype(np.float32)
        scale, activated = section.number("scale_x_y", 1.0), bool(section.whole("new_coords", 0))
        # Centre: (sigmoid(t) * scale - (scale - 1) / 2 + cell) * pixels of a cell.
        centre = self._cut(f"{name}.centre", table, 0, 2, 2)
        centre = centre if activated else self._node("Sigmoid", [centre], f"{name}.offset")
        shift = (np.tile(grid, (count, 1)) - (scale - 1) / 2) * cell
        centre = self._node("Mul", [centre, self._value(f"{name}.scale", scale * cell)], f"{name}.scaled")
        centre = self._node("Add", [centre, self._value(f"{name}.shift", shift[None].astype(np.float32))], f"{name}.xy")
        sizes = np.repeat(np.array(anchors, np.float32), rows * columns, 0)[None]
        size = self._sizes(name, self._cut(f"{name}.size", table, 2, 4, 2), sizes, activated)
        chances = self._cut(f"{name}.chances", table, 4, width, 2)
        chances = chances if activated else self._node("Sigmoid", [chances], f"{name}.sure")
        self._tables.append(self._node("Concat", [centre, size, chances], f"{name}.rows", axis=2))
        return inputs[0]

    def _sizes(self, name: str, size: str, anchors: NDArray[np.float32], activated: bool) -> str:
        """Sizes: exp(t) * anchor, or (2 t)^2 * anchor in networks with `new_coords`."""
        if activated:
            grown, factor = self._node("Mul", [size, size], f"{name}.square"), 4 * anchors
        else:
            grown, factor = self._node("Exp", [size], f"{name}.exp"), anchors
        return self._node("Mul", [grown, self._value(f"{name}.anchors", factor)], f"{name}.wh")

    def _reshaped(self, name: str, value: str, shape: Sequence[int]) -> str:
        return self._node("Reshape", [value, self._value(f"{name}.shape", np.array(shape, np.int64))], name)


def _anchors(section: Section) -> list[tuple[float, float]]:
    """Return width and height, in pixels of the input, of the anchors that a layer uses."""
    numbers, mask = section.numbers("anchors"), section.wholes("mask")
    pairs = list(zip(numbers[::2], numbers[1::2], strict=False))
    if not mask or not all(0 <= number < len(pairs) for number in mask):
        raise section.wrong("mask names anchors that are not there")
    return [pairs[number] for number in mask]


def _card(
    sections: Sequence[Section],
    layers: Sequence[Layer],
    start: Shape,
    names: Sequence[str] | None,
    title: str,
    parameters: int,
) -> ModelCard:
    counts = {layer.section.whole("classes", 20) for layer in layers if layer.kind == "yolo"}
    if len(counts) != 1:
        raise InvalidModel("the [yolo] layers of the .cfg have different numbers of classes", code="darknet_cfg")
    count = counts.pop()
    if names is not None and len(names) != count:
        message = f"the .names has {len(names)} names and the .cfg {count} classes; they do not belong together"
        raise InvalidModel(message, code="darknet_names")
    boxed = bool(sections[0].whole("letter_box", 0))
    return ModelCard(
        name=title,
        task="detect",
        architecture=_architecture(layers),
        decoder="yolov5",
        # Darknet stretches pictures, unless it is told to keep their ratio.
        input=ModelInput(width=start[2], height=start[1], placement="center" if boxed else "stretch", pad=127),
        classes=named(tuple(names) if names is not None else tuple(classnames.suggested(count)[0])),
        parameters=parameters,
        licence="unknown",
        boxwright_version=__version__,
        created_at=now(),
        iou_threshold=0.45,
        options={"boxes": "pixels"},
        outputs={"rows": _ROWS},
    )


def _architecture(layers: Sequence[Layer]) -> str:
    """Return yolov3 or yolov4, with -tiny where there are few layers."""
    texts = [layer.section.texts for layer in layers]
    fourth = any(
        item.get("activation") == "mish" or "groups" in item or item.get("scale_x_y", "1") not in ("1", "1.0")
        for item in texts
    )
    small = sum(layer.kind == "convolutional" for layer in layers) < 40
    return f"yolov{4 if fourth else 3}{'-tiny' if small else ''}"
