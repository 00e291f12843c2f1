"""YOLOX (Ge et al., 2021; github.com/Megvii-BaseDetection/YOLOX, Apache-2.0).

One output (1, cells, 5 + classes), cells row by row of strides 8, 16, 32: x, y, w, h, objectness, classes. Raw, the
centre is `(x + column) * stride` and the size `exp(w) * stride`; exports with decoding inside answer pixels. Objectness
and classes are probabilities already; a box scores their product. Fed BGR 0 to 255, at the top left of grey 114.
"""

import numpy as np

from boxwright.domain.errors import InvalidModel
from boxwright.ml.adapters.decoders.base import (
    RAW,
    Dense,
    Floats,
    Frame,
    Match,
    Outputs,
    Seen,
    columns,
    corners,
    feeding,
    fits,
    flat,
    grid,
    probable,
    sigmoid,
    strides_of,
)


def match(seen: Seen) -> Match | None:
    """Recognise one output with a row a cell."""
    only = seen.only()
    if only is None or not fits(only[1], 2):
        return None
    rows = flat(only[1], 2)
    strides = strides_of(rows.shape[0], seen.width, seen.height)
    if strides is None or rows.shape[1] < 6:
        return None
    # Raw numbers are offsets in cells and logarithms of sizes: exp(10) cells are wider than any picture.
    decoded = bool(np.abs(rows[:, :4]).max() > 10)
    classes = rows.shape[1] - 5
    chances = probable(rows[:, 4:])
    state = "decoded to pixels" if decoded else "raw"
    return Match(
        outputs={"rows": only[0]},
        classes=classes,
        weight=_weight(decoded, chances, seen.names, classes),
        reasons=(
            f"one row for each of the {rows.shape[0]} cells of strides {', '.join(map(str, strides))}: "
            f"centre, size, objectness and {classes} classes, {state}",
        ),
        input=feeding(channels="bgr", placement="top_left", **RAW),
        options={"grid": "decoded" if decoded else "raw", "scores": "probabilities" if chances else "logits"},
        iou=0.65,
    )


def _weight(decoded: bool, chances: bool, names: int | None, classes: int) -> int:
    if names is not None:
        return 3 if names == classes else 0
    if not chances:
        return 1
    return 2 if decoded else 3


def decode(outputs: Outputs, frame: Frame) -> Dense:
    """Return corners in pixels and objectness times class, of the cells whose objectness reaches the floor."""
    rows = columns(flat(outputs["rows"], 2), 5 + frame.classes, "a box and the classes of its card")
    strides = strides_of(len(rows), frame.width, frame.height)
    if strides is None:
        raise InvalidModel(
            f"an output has {len(rows)} rows; an input of {frame.width} x {frame.height} has other cells"
        )
    logits = frame.options["scores"] == "logits"
    objectness = sigmoid(rows[:, 4]) if logits else rows[:, 4]
    keep = np.flatnonzero(objectness >= frame.floor)
    picked = rows[keep]
    boxes = _placed(picked, keep, frame, strides) if frame.options["grid"] == "raw" else picked[:, :4]
    classes = sigmoid(picked[:, 5:]) if logits else picked[:, 5:]
    return Dense(corners(boxes), objectness[keep][:, None] * classes)


def _placed(
    rows: Floats, keep: "np.ndarray[tuple[int], np.dtype[np.int64]]", frame: Frame, strides: tuple[int, ...]
) -> Floats:
    places, sizes = grid(frame.width, frame.height, strides)
    centre = (rows[:, :2] + places[keep]) * sizes[keep]
    return np.concatenate([centre, np.exp(np.minimum(rows[:, 2:4], 20)) * sizes[keep]], 1)
