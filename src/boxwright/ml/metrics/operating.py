"""The score from which detections of a class are best believed: where F1 peaks at IoU 0.5."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from boxwright.ml.metrics.coco import Found


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """Precision, recall and F1, 0 to 1, of detections with at least `threshold` score."""

    precision: float
    recall: float
    f1: float
    threshold: float


def iou_table(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return IoUs (len(a), len(b)) of half-open boxes x0 y0 x1 y1."""
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, 2:], b[None, :, 2:])
    inter = np.clip(high - low, 0, None).prod(2)
    areas = (a[:, 2:] - a[:, :2]).prod(1)[:, None] + (b[:, 2:] - b[:, :2]).prod(1)[None]
    return np.asarray(inter / np.maximum(areas - inter, 1e-12))


def match(found: "Found", label: int, limit: int) -> tuple[NDArray[np.float32], NDArray[np.int8]]:
    """Return scores and outcomes of the detections of a class on one picture: 1 true, 0 false, -1 on a crowd.

    COCO's greedy rule at IoU 0.5: by falling score each detection takes the free object it overlaps most.
    """
    got = found.detections
    got = got.take(np.argsort(-got.scores, kind="stable"))
    got = got.take(np.flatnonzero(got.class_ids == label)[:limit])
    of_class = found.sample.labels == label
    crowd = found.sample.crowd[of_class]
    boxes = found.sample.boxes[of_class].astype(np.float64)
    table = iou_table(got.boxes.astype(np.float64), boxes)
    free = ~crowd
    outcome = np.zeros(len(got), np.int8)
    for row in range(len(got)):
        overlap = np.where(free, table[row], 0.0)
        if len(boxes) and overlap.max() >= 0.5:
            free[int(overlap.argmax())] = False
            outcome[row] = 1
        elif crowd.any() and _covered(got.boxes[row], boxes[crowd]) >= 0.5:
            outcome[row] = -1
    return got.scores, outcome


def _covered(box: NDArray[np.float32], crowds: NDArray[np.float64]) -> float:
    """Return how much of a box the best crowd region covers, 0 to 1."""
    size = np.clip(np.minimum(box[2:], crowds[:, 2:]) - np.maximum(box[:2], crowds[:, :2]), 0, None)
    return float(size.prod(1).max() / max(float((box[2:] - box[:2]).prod()), 1e-12))


def operating_point(found: "Sequence[Found]", label: int, limit: int) -> OperatingPoint | None:
    """Return where F1 of a class peaks; None where the split has no instance of it or nothing was found."""
    instances = sum(int(((f.sample.labels == label) & ~f.sample.crowd).sum()) for f in found)
    matched = [match(f, label, limit) for f in found]
    scores = np.concatenate([m[0] for m in matched] or [np.zeros(0, np.float32)])
    outcome = np.concatenate([m[1] for m in matched] or [np.zeros(0, np.int8)])
    scores, outcome = scores[outcome >= 0], outcome[outcome >= 0]
    if not instances or not len(scores):
        return None
    order = np.argsort(-scores, kind="stable")
    scores, hits = scores[order], np.cumsum(outcome[order] == 1)
    precision, recall = hits / np.arange(1, len(hits) + 1), hits / instances
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-12)
    # Detections of equal score come together or not at all.
    last = np.append(scores[1:] != scores[:-1], True)
    best = int(np.where(last, f1, -1.0).argmax())
    return OperatingPoint(float(precision[best]), float(recall[best]), float(f1[best]), float(scores[best]))
