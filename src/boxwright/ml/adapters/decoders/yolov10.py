"""YOLOv10, YOLO26 and exports with NMS inside: finished detections in one table.

(1, n, 6): corners, score, class; or (n, 7) with the number of the picture in front and score behind class (YOLOv7's
end-to-end export for ONNX Runtime). Corners are pixels of the input, 0 to 1 in some. Fed RGB 0 to 1. Models that give
masks have (1, n, 6 + k) and a second output (1, k, rows, columns) with the prototypes of their k coefficients.
"""

import numpy as np

from boxwright.domain.errors import InvalidModel
from boxwright.ml.adapters.decoders import tables
from boxwright.ml.adapters.decoders.base import (
    Final,
    Floats,
    Frame,
    Match,
    Outputs,
    Seen,
    feeding,
    flat,
    probable,
    scaled,
    strides_of,
    unit,
)

_MOST = 3000


def match(seen: Seen) -> Match | None:
    """Recognise a short table of six or seven columns whose class column holds whole numbers."""
    found = tables.find(seen)
    if found is None or seen.outputs[found.name].ndim not in (2, 3):
        return None
    width = found.values.shape[1] - found.coefficients
    if width not in ((6, 7) if found.prototypes is None else (6,)) or len(found.values) > _MOST:
        return None
    table = found.values[:, :width]
    boxes, scores, labels = _parts(table)
    good = probable(scores) and bool((labels == np.round(labels)).all())
    per_cell = strides_of(len(table), seen.width, seen.height, 1) or strides_of(len(table), seen.width, seen.height, 3)
    return Match(
        outputs=found.parts("table"),
        classes=None,
        weight=0 if not good or per_cell else 3 if len(table) else 2,
        reasons=(f"a table of {len(table)} finished detections: corners, score, class{found.words}",),
        input=feeding(placement="stretch" if "RTDETR" in seen.metadata.get("head", "") else "center"),
        options={"boxes": unit(boxes)},
    )


def decode(outputs: Outputs, frame: Frame) -> Final:
    """Return the table's rows."""
    prototypes, table = tables.prototypes(outputs), flat(outputs["table"], 2)
    width = table.shape[1] - (0 if prototypes is None else len(prototypes))
    boxes, scores, labels = _parts(table[:, :width])
    masks = tables.mixed(table[:, width:], prototypes)
    return Final(scaled(boxes, frame), scores, labels.astype(np.int64), masks)


def _parts(table: Floats) -> tuple[Floats, Floats, Floats]:
    if table.shape[1] == 6:
        return table[:, :4], table[:, 4], table[:, 5]
    if table.shape[1] == 7:
        return table[:, 1:5], table[:, 6], table[:, 5]
    raise InvalidModel(f"an output has {table.shape[1]} columns; corners, score and class are 6")
