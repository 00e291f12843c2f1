"""YOLOv5 and YOLOv7 with their grids decoded inside.

One output (1, n, 5 + classes), three boxes a cell: centre and size in pixels of the input (0 to 1 in some exports),
objectness, classes; all scores are probabilities and a box scores objectness times class. Models that give masks add
their coefficients and a second output (1, k, rows, columns) with the prototypes. Fed RGB 0 to 1.
"""

import numpy as np

from boxwright.ml.adapters.decoders import tables
from boxwright.ml.adapters.decoders.base import (
    Dense,
    Frame,
    Match,
    Outputs,
    Seen,
    columns,
    corners,
    feeding,
    flat,
    probable,
    scaled,
    strides_of,
    unit,
)


def match(seen: Seen) -> Match | None:
    """Recognise one output with three rows a cell (one a cell would be YOLOX)."""
    found = tables.find(seen)
    if found is None:
        return None
    rows = found.values
    classes = rows.shape[1] - 5 - found.coefficients
    if classes < 1 or rows.shape[0] <= rows.shape[1] or not probable(rows[:, 4 : 5 + classes]):
        return None
    strides = strides_of(rows.shape[0], seen.width, seen.height, anchors=3)
    where = (
        f"three for each cell of strides {', '.join(map(str, strides))}" if strides else "more than there are columns"
    )
    weight = 0 if seen.names not in (None, classes) else 3 if strides else 1
    return Match(
        outputs=found.parts("rows"),
        classes=classes,
        weight=weight,
        reasons=(f"{rows.shape[0]} rows, {where}: centre, size, objectness and {classes} classes{found.words}",),
        input=feeding(),
        options={"boxes": unit(rows[:, :4])},
        iou=0.6,
    )


def decode(outputs: Outputs, frame: Frame) -> Dense:
    """Return corners in pixels and objectness times class, of the rows whose objectness reaches the floor."""
    prototypes = tables.prototypes(outputs)
    wanted = 5 + frame.classes
    width = wanted + (0 if prototypes is None else len(prototypes))
    rows = columns(flat(outputs["rows"], 2), width, "a box and the classes of its card")
    rows = rows[np.flatnonzero(rows[:, 4] >= frame.floor)]
    return Dense(
        scaled(corners(rows[:, :4]), frame),
        rows[:, 4:5] * rows[:, 5:wanted],
        masks=tables.mixed(rows[:, wanted:], prototypes),
    )
