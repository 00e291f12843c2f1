"""YOLOv8, YOLO11 and other heads without objectness.

One output (1, 4 + classes, n), in some exports (1, n, 4 + classes): centre and size in pixels of the input (or 0 to 1),
then a probability for each class by itself. Models that give masks add their coefficients, and a second output (1, k,
rows, columns) with the prototypes. Fed RGB 0 to 1, in the middle of grey 114.
"""

import numpy as np

from boxwright.domain.errors import InvalidModel
from boxwright.ml.adapters.decoders import tables
from boxwright.ml.adapters.decoders.base import (
    Dense,
    Floats,
    Frame,
    Match,
    Outputs,
    Seen,
    corners,
    feeding,
    flat,
    probable,
    scaled,
    sigmoid,
    strides_of,
    unit,
)


def match(seen: Seen) -> Match | None:
    """Recognise one output with a column a cell, or a row a cell."""
    found = tables.find(seen)
    if found is None:
        return None
    values = found.values
    upright = values.shape[0] < values.shape[1]
    table = values if upright else values.T
    classes = table.shape[0] - 4 - found.coefficients
    if classes < 1 or table.shape[1] < table.shape[0]:
        return None
    strides = strides_of(table.shape[1], seen.width, seen.height)
    chances = probable(table[4 : 4 + classes])
    size, way = table.shape[1], "columns" if upright else "rows"
    where = f"one for each cell of strides {', '.join(map(str, strides))}" if strides else "more than there are classes"
    return Match(
        outputs=found.parts("table"),
        classes=classes,
        weight=_weight(seen.names, classes, upright, strides is not None, chances),
        reasons=(f"{size} {way}, {where}: centre, size and {classes} classes, no objectness{found.words}",),
        input=feeding(),
        options={"boxes": unit(table[:4]), "scores": "probabilities" if chances else "logits"},
        iou=0.7,
    )


def _weight(names: int | None, classes: int, upright: bool, whole: bool, chances: bool) -> int:
    if names is not None:
        return 3 if names == classes and whole else 2 if names == classes else 0
    if not chances:
        return 0
    return (3 if whole else 2) if upright else 1


def decode(outputs: Outputs, frame: Frame) -> Dense:
    """Return corners in pixels and probabilities, of the cells where one of them reaches the floor."""
    prototypes = tables.prototypes(outputs)
    wanted = 4 + frame.classes
    table = _table(flat(outputs["table"], 2), wanted + (0 if prototypes is None else len(prototypes)))
    scores = table[4:wanted]
    if frame.options["scores"] == "logits":
        scores = sigmoid(scores)
    keep = np.flatnonzero(scores.max(0) >= frame.floor)
    return Dense(
        scaled(corners(np.ascontiguousarray(table[:4, keep].T)), frame),
        np.ascontiguousarray(scores[:, keep].T),
        masks=tables.mixed(np.ascontiguousarray(table[wanted:, keep].T), prototypes),
    )


def _table(values: Floats, wanted: int) -> Floats:
    """Return (columns of a box, n), whichever way the output lies."""
    if values.shape[0] == wanted:
        return values
    if values.shape[1] == wanted:
        return np.ascontiguousarray(values.T)
    raise InvalidModel(f"an output has the shape {list(values.shape)}; a box and the classes of its card are {wanted}")
