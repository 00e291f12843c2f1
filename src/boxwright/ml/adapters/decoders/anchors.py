"""YOLOv3, YOLOv4, YOLOv5 and YOLOv7 before their last layer: maps of logits, boxes relative to anchors.

One output for each stride (8, 16, 32; 16 and 32 in tiny networks) with three boxes a cell: (1, 3 * (5 + classes), rows,
columns), as Darknet and most converters have it; the same with the columns last, as TensorFlow has it; or (1, 3, rows,
columns, 5 + classes), as YOLOv5 and YOLOv7 have it. Centre, size, objectness, classes, all before their sigmoid.

v3, v4: centre `sigmoid(t) + cell`, size `exp(t) * anchor`; v5, v7: centre `2 sigmoid(t) - 0.5 + cell`, size
`(2 sigmoid(t))^2 * anchor`. The anchors stand in no file: those that were learned on COCO are taken. Fed RGB 0 to 1.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from boxwright.domain.errors import InvalidModel
from boxwright.ml.adapters.decoders.base import Dense, Floats, Frame, Match, Outputs, Seen, corners, feeding, sigmoid

_EACH = 3
_V3 = {
    8: ((10, 13), (16, 30), (33, 23)),
    16: ((30, 61), (62, 45), (59, 119)),
    32: ((116, 90), (156, 198), (373, 326)),
}
_V4 = {
    8: ((12, 16), (19, 36), (40, 28)),
    16: ((36, 75), (76, 55), (72, 146)),
    32: ((142, 110), (192, 243), (459, 401)),
}
_TINY = {16: ((10, 14), (23, 27), (37, 58)), 32: ((81, 82), (135, 169), (344, 319))}
_ANCHORS: Mapping[str, Mapping[int, tuple[tuple[int, int], ...]]] = {"yolov3": _V3, "yolov4": _V4, "tiny": _TINY}


def match(seen: Seen) -> Match | None:
    """Recognise maps of two or three strides that all hold three boxes a cell for the same classes."""
    found: dict[int, str] = {}
    widths: set[int] = set()
    for name, item in seen.outputs.items():
        stride = _stride(item, seen.width, seen.height)
        if stride is None or stride in found:
            return None
        found[stride] = name
        widths.add(_rows(item, stride, seen.width, seen.height).shape[-1])
    if sorted(found) not in ([8, 16, 32], [16, 32]) or len(widths) != 1:
        return None
    classes = widths.pop() - 5
    if classes < 1:
        return None
    fifth = all(item.ndim == 5 for item in seen.outputs.values())
    anchors = "tiny" if len(found) == 2 else "yolov3"
    known = seen.names in (None, classes)
    return Match(
        outputs={f"map_{stride}": found[stride] for stride in sorted(found)},
        classes=classes,
        weight=2 if known else 0,
        reasons=(
            f"maps of logits for strides {', '.join(map(str, sorted(found)))}, three boxes a cell: centre, size, "
            f"objectness and {classes} classes",
            "the anchors that belong to it are in no file; those learned on COCO are taken, try it on an image",
        ),
        input=feeding(placement="center" if fifth else "stretch"),
        options={"anchors": anchors, "box": "square" if fifth else "exp"},
        iou=0.45,
    )


def decode(outputs: Outputs, frame: Frame) -> Dense:
    """Return corners in pixels and objectness times class, of the boxes whose objectness reaches the floor."""
    anchors = _ANCHORS[frame.options["anchors"]]
    parts = [
        _placed(item, int(part.rpartition("_")[2]), anchors, frame)
        for part, item in outputs.items()
        if part.startswith("map_")
    ]
    boxes, scores = (np.concatenate(items) for items in zip(*parts, strict=True))
    return Dense(corners(boxes), scores)


def _placed(
    item: NDArray[Any], stride: int, anchors: Mapping[int, tuple[tuple[int, int], ...]], frame: Frame
) -> tuple[Floats, Floats]:
    """Return centre and size in pixels, and scores, of one map."""
    if stride not in anchors:
        raise InvalidModel(f"there are no anchors of stride {stride} in this set; choose another")
    rows = _rows(item, stride, frame.width, frame.height)
    if rows.shape[-1] != 5 + frame.classes:
        raise InvalidModel(f"a map has {rows.shape[-1]} numbers a box; with the classes of its card they are 5 more")
    high, wide = rows.shape[1:3]
    sure = sigmoid(rows[..., 4:])
    box, row, column = np.nonzero(sure[..., 0] >= frame.floor)
    raw, chance = rows[box, row, column], sure[box, row, column]
    cell, sizes = np.stack([column, row], 1).astype(np.float32), np.asarray(anchors[stride], np.float32)[box]
    step = np.array([frame.width / wide, frame.height / high], np.float32)
    if frame.options["box"] == "square":
        place, size = 2 * sigmoid(raw[:, :2]) - 0.5, (2 * sigmoid(raw[:, 2:4])) ** 2
    else:
        place, size = sigmoid(raw[:, :2]), np.exp(np.minimum(raw[:, 2:4], 20))
    return np.concatenate([(place + cell) * step, size * sizes], 1), chance[:, :1] * chance[:, 1:]


def _stride(item: NDArray[Any], width: int, height: int) -> int | None:
    """Return the stride of a map, whichever way it lies."""
    if item.dtype.kind != "f" or item.ndim not in (4, 5) or item.shape[0] != 1:
        return None
    for stride in (8, 16, 32):
        if _layout(item, -(-height // stride), -(-width // stride)) is not None:
            return stride
    return None


def _layout(item: NDArray[Any], high: int, wide: int) -> str | None:
    """Return how a map lies: `first` (boxes and columns, rows, columns), `last`, `five` or `five last`."""
    shape = item.shape
    if item.ndim == 5:
        if shape[1:4] == (_EACH, high, wide):
            return "five"
        return "five last" if shape[1:4] == (high, wide, _EACH) else None
    if shape[2:] == (high, wide) and shape[1] % _EACH == 0:
        return "first"
    return "last" if shape[1:3] == (high, wide) and shape[3] % _EACH == 0 else None


def _rows(item: NDArray[Any], stride: int, width: int, height: int) -> Floats:
    """Return a map as (boxes a cell, rows, columns, 5 + classes). Raises InvalidModel for another size."""
    high, wide = -(-height // stride), -(-width // stride)
    layout = _layout(item, high, wide)
    values: Floats = np.asarray(item, np.float32)
    if layout == "first":
        return values.reshape(_EACH, -1, high, wide).transpose(0, 2, 3, 1)
    if layout == "last":
        return values.reshape(high, wide, _EACH, -1).transpose(2, 0, 1, 3)
    if layout == "five":
        return np.asarray(values[0])
    if layout == "five last":
        return np.asarray(values[0].transpose(2, 0, 1, 3))
    raise InvalidModel(f"an output has the shape {list(item.shape)}; an input of {width} x {height} has other cells")
