"""Boxes and scores as parts of the input, before NMS: UltraFace (github.com/Linzaer), SSD heads, YOLOv4 in PyTorch.

boxes (1, n, 4): corners from 0 to 1; scores (1, n, classes), a softmax whose first (or last) column is background, or
one probability a class without background. UltraFace is fed RGB, (value - 127) / 128, stretched.
"""

import numpy as np

from boxwright.ml.adapters.decoders.base import (
    Dense,
    Frame,
    Match,
    Outputs,
    Seen,
    cells,
    columns,
    feeding,
    flat,
    probable,
    scaled,
    unit,
)
from boxwright.ml.adapters.decoders.wren import boxes_and_scores


def match(seen: Seen) -> Match | None:
    """Recognise boxes from 0 to 1 with probabilities, and a background by the rows' sums."""
    pair = boxes_and_scores(seen)
    if pair is None:
        return None
    boxes, scores = (flat(seen.outputs[name], 2) for name in pair)
    if not probable(scores) or scores.shape[1] < 1:
        return None
    background = _background(scores)
    classes = scores.shape[1] - (background != "none")
    normalised = unit(boxes) == "normalised"
    ordered = bool((boxes[:, 2:] >= boxes[:, :2]).mean() > 0.9)
    what = "no background" if background == "none" else f"the {background} column is background"
    face = classes == 1 and background == "first" and len(boxes) == _priors(seen.width, seen.height)
    feed = {"mean": (127.0,) * 3, "std": (128.0,) * 3} if face else {}
    return Match(
        outputs={"boxes": pair[0], "scores": pair[1]},
        classes=classes,
        weight=0
        if not ordered
        else 3
        if normalised and background != "none"
        else 2
        if background != "none"
        else normalised,
        reasons=(f"there are corners {'from 0 to 1' if normalised else 'in pixels'} and scores; {what}",),
        input=feeding(placement="stretch", **feed),
        options={"boxes": unit(boxes), "background": background},
        iou=0.5,
        names=("face",) if face else None,
    )


def _priors(width: int, height: int) -> int:
    """Return how many boxes UltraFace has: 3, 2, 2 and 3 a cell of strides 8, 16, 32 and 64."""
    return sum(cells(width, height, (stride,)) * boxes for stride, boxes in ((8, 3), (16, 2), (32, 2), (64, 3)))


def _background(scores: "np.ndarray[tuple[int, ...], np.dtype[np.float32]]") -> str:
    """Rows that sum to 1 are a softmax; the column that most rows prefer is background."""
    if scores.shape[1] < 2 or not np.allclose(scores.sum(1), 1, atol=1e-3):
        return "none"
    best = np.bincount(scores.argmax(1), minlength=scores.shape[1])
    return "last" if best[-1] > best[0] else "first"


def decode(outputs: Outputs, frame: Frame) -> Dense:
    """Return corners in pixels and the scores without background."""
    background = frame.options["background"]
    scores = flat(outputs["scores"], 2)
    scores = scores[:, 1:] if background == "first" else scores[:, :-1] if background == "last" else scores
    columns(scores, frame.classes, "the classes of its card")
    keep = np.flatnonzero(scores.max(1) >= frame.floor)
    return Dense(scaled(flat(outputs["boxes"], 2)[keep], frame), scores[keep])
