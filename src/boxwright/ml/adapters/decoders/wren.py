"""Boxes and scores: what Boxwright's own networks answer, and YOLO-NAS exports (Deci, super-gradients).

boxes (1, n, 4): corners in pixels of the input; scores (1, n, classes): 0 to 1, each class by itself. Our networks that
give masks add coefficients (1, n, k) and prototypes (1, k, rows, columns).
"""

from boxwright.ml.adapters.decoders import tables
from boxwright.ml.adapters.decoders.base import (
    Dense,
    Frame,
    Match,
    Outputs,
    Seen,
    columns,
    feeding,
    fits,
    flat,
    probable,
)


def match(seen: Seen) -> Match | None:
    """Recognise two outputs of equal length, one of them four wide and in pixels."""
    pair = boxes_and_scores(seen)
    if pair is None:
        return None
    boxes, scores = (flat(seen.outputs[name], 2) for name in pair)
    pixels = bool(boxes.size and boxes.max() > 4)
    good = pixels and probable(scores) and bool((boxes[:, 2:] >= boxes[:, :2]).mean() > 0.9)
    return Match(
        outputs={"boxes": pair[0], "scores": pair[1]},
        classes=scores.shape[1],
        weight=2 if good else 0,
        reasons=("there are boxes as corners in pixels and one score a class",),
        input=feeding(),
        iou=0.7,
    )


def boxes_and_scores(seen: Seen) -> tuple[str, str] | None:
    """Return the names of boxes (1, n, 4) and of scores (1, n, classes), where that is all there is."""
    if len(seen.outputs) != 2 or not all(fits(item, 2) for item in seen.outputs.values()):
        return None
    first, second = seen.outputs
    lengths = {flat(item, 2).shape[0] for item in seen.outputs.values()}
    widths = [flat(seen.outputs[name], 2).shape[1] for name in (first, second)]
    if len(lengths) != 1 or 4 not in widths:
        return None
    swapped = widths[0] != 4 or (widths[1] == 4 and "box" not in first.lower())
    return (second, first) if swapped else (first, second)


def decode(outputs: Outputs, frame: Frame) -> Dense:
    """Return boxes and scores as they are, and masks where there are any."""
    scores = columns(flat(outputs["scores"], 2), frame.classes, "the classes of its card")
    boxes, prototypes = columns(flat(outputs["boxes"], 2), 4, "those of a box"), tables.prototypes(outputs)
    if prototypes is None:
        return Dense(boxes, scores)
    return Dense(boxes, scores, masks=tables.mixed(flat(outputs["coefficients"], 2), prototypes))
