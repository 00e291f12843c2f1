"""What the families share: the shapes that go in and come out, grids of cells, and a few kinds of box.

A family is a module with two functions:

- `match(seen) -> Match | None` looks at what a network answered to a probe, and says which output plays which part;
- `decode(outputs, frame) -> Dense | Final` gets those outputs by their part and returns boxes in pixels of the input.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from boxwright.domain.errors import InvalidModel
from boxwright.domain.models import ModelInput
from boxwright.ml.adapters.masks import Masks

Floats = NDArray[np.float32]
Outputs = Mapping[str, NDArray[Any]]
STRIDES = (8, 16, 32)
STRIDE_SETS = (STRIDES, (8, 16, 32, 64), (4, 8, 16, 32), (16, 32))
GREY, BLACK = 114, 0
# Means and deviations of ImageNet's colours, 0 to 255, in the order red, green, blue.
IMAGENET_MEAN, IMAGENET_STD = (123.675, 116.28, 103.53), (58.395, 57.12, 57.375)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What a decoder knows beside the outputs.

    Args:
        width: of the input, in pixels.
        height: of the input, in pixels.
        classes: how many the card names.
        options: of the family, all of them.
        floor: boxes that score less in every class may be left out.
    """

    width: int
    height: int
    classes: int
    options: Mapping[str, str]
    floor: float = 0.0


@dataclass(frozen=True, slots=True)
class Dense:
    """Many overlapping boxes (n, 4), `x0 y0 x1 y1` in pixels of the input, each with scores (n, classes) from 0 to 1.

    `nms` is False where overlap was dealt with inside the network; `masks` are those of the boxes, where there are any.
    """

    boxes: Floats
    scores: Floats
    nms: bool = True
    masks: Masks | None = None


@dataclass(frozen=True, slots=True)
class Final:
    """Finished detections: boxes (n, 4) in pixels of the input, scores (n,), labels (n,), negative for nothing."""

    boxes: Floats
    scores: Floats
    labels: NDArray[np.int64]
    masks: Masks | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What is known of a network: its inputs, what it answered to a probe, and the size that was fed.

    `told` are options of the family that a person gave.
    """

    width: int
    height: int
    inputs: tuple[str, ...]
    outputs: Outputs
    metadata: Mapping[str, str] = field(default_factory=dict)
    names: int | None = None
    told: Mapping[str, str] = field(default_factory=dict)

    def only(self) -> tuple[str, NDArray[Any]] | None:
        """Return the one output there is."""
        return next(iter(self.outputs.items())) if len(self.outputs) == 1 else None

    def parted(self) -> "tuple[Seen, str] | None":
        """Return this without the one output that holds planes (1, k, rows, columns), and that output's name."""
        planes = [
            name for name, item in self.outputs.items() if item.ndim == 4 and len(item) == 1 < min(item.shape[2:])
        ]
        if len(planes) != 1 or len(self.outputs) < 2:
            return None
        rest = {name: item for name, item in self.outputs.items() if name != planes[0]}
        return replace(self, outputs=rest), planes[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A family that fits.

    Args:
        outputs: part -> name of the output.
        classes: how many classes the outputs show; None where they do not say.
        options: what was seen of the family's options.
        weight: 3 sure, 2 likely, 1 a guess, 0 only when a person asks for it.
        reasons: why, for a person.
        input: how such networks are usually fed; its size is replaced.
        iou: overlap at which boxes are usually suppressed.
        names: of the classes, where the family has but one use.
    """

    outputs: Mapping[str, str]
    classes: int | None
    weight: int
    reasons: tuple[str, ...]
    input: ModelInput
    options: Mapping[str, str] = field(default_factory=dict)
    iou: float = 0.6
    names: tuple[str, ...] | None = None


def feeding(**fields: Any) -> ModelInput:
    """Return how to feed a network whose size is set later: RGB from 0 to 1, in the middle of grey, unless said."""
    return ModelInput(**{"width": 1, "height": 1, "placement": "center", "pad": GREY, **fields})


RAW = {"mean": (0.0, 0.0, 0.0), "std": (1.0, 1.0, 1.0)}
IMAGENET = {"mean": IMAGENET_MEAN, "std": IMAGENET_STD}


def flat(array: NDArray[Any], ndim: int) -> Floats:
    """Return an output of one picture as float32 with `ndim` dimensions, without the leading and inner ones of size 1.

    Raises InvalidModel where that cannot be done.
    """
    shape = list(array.shape)
    while len(shape) > ndim and 1 in shape[:-1]:
        shape.remove(1)
    if len(shape) != ndim:
        raise InvalidModel(f"an output has the shape {list(array.shape)}; its card asks for {ndim} dimensions")
    return np.asarray(array, np.float32).reshape(shape)


def fits(array: NDArray[Any], ndim: int) -> bool:
    """Tell whether `flat` would succeed."""
    shape = list(array.shape)
    while len(shape) > ndim and 1 in shape[:-1]:
        shape.remove(1)
    return len(shape) == ndim


def cells(width: int, height: int, strides: Sequence[int] = STRIDES) -> int:
    """Return the number of cells of all strides; a part of a cell counts."""
    return sum(-(-width // s) * -(-height // s) for s in strides)


def strides_of(count: int, width: int, height: int, anchors: int = 1) -> tuple[int, ...] | None:
    """Return the strides whose cells, `anchors` boxes in each, are `count` boxes; None where none of the usual do."""
    return next((one for one in STRIDE_SETS if cells(width, height, one) * anchors == count), None)


def grid(width: int, height: int, strides: Sequence[int]) -> tuple[Floats, Floats]:
    """Return for each cell, row by row and stride by stride, its column and row (n, 2), and its stride (n, 1)."""
    places, sizes = [], []
    for stride in strides:
        columns, rows = np.meshgrid(np.arange(-(-width // stride)), np.arange(-(-height // stride)))
        places.append(np.stack([columns, rows], -1).reshape(-1, 2))
        sizes.append(np.full((places[-1].shape[0], 1), stride))
    return np.concatenate(places).astype(np.float32), np.concatenate(sizes).astype(np.float32)


def corners(boxes: Floats) -> Floats:
    """Turn centre and size (n, 4) into corners."""
    half = boxes[:, 2:] / 2
    return np.concatenate([boxes[:, :2] - half, boxes[:, :2] + half], 1)


def scaled(boxes: Floats, frame: Frame) -> Floats:
    """Return boxes (n, 4) in pixels: as they are, or from parts of the input where the options say so."""
    if frame.options.get("boxes") != "normalised":
        return boxes
    return boxes * np.array([frame.width, frame.height] * 2, np.float32)


def sigmoid(values: Floats) -> Floats:
    """Return 1 / (1 + exp(-values)) without overflow."""
    return np.asarray(0.5 * (1 + np.tanh(0.5 * values)), np.float32)


def softmax(values: Floats) -> Floats:
    """Return the softmax over the last axis."""
    powers = np.exp(values - values.max(-1, keepdims=True))
    return np.asarray(powers / powers.sum(-1, keepdims=True), np.float32)


def probable(values: NDArray[Any]) -> bool:
    """Tell whether all values lie from 0 to 1, as probabilities do."""
    return bool(values.size == 0 or (values.min() >= 0 and values.max() <= 1))


def unit(boxes: NDArray[Any]) -> str:
    """Return `normalised` for boxes that stay around 0 to 1, else `pixels`."""
    return "normalised" if boxes.size and np.abs(boxes).max() <= 4 else "pixels"


def columns(array: Floats, wanted: int, what: str) -> Floats:
    """Return the array if its last axis has the wanted length. Raises InvalidModel."""
    if array.shape[-1] != wanted:
        raise InvalidModel(f"an output has {array.shape[-1]} columns; {what} are {wanted}")
    return array
