"""From dense boxes and scores to detections: class-wise non-maximum suppression in numpy."""

import numpy as np
from numpy.typing import NDArray

from boxwright.domain.detections import Detections

CANDIDATES = 3000


def suppress(boxes: NDArray[np.float64], threshold: float, limit: int) -> NDArray[np.int64]:
    """Return up to `limit` positions to keep of boxes (n, 4), best first; each drops later ones over that IoU."""
    x0, y0, x1, y1 = boxes.T
    areas = (x1 - x0) * (y1 - y0)
    kept: list[int] = []
    left = np.arange(len(boxes))
    while len(left) and len(kept) < limit:
        best, rest = int(left[0]), left[1:]
        kept.append(best)
        width = np.minimum(x1[best], x1[rest]) - np.maximum(x0[best], x0[rest])
        height = np.minimum(y1[best], y1[rest]) - np.maximum(y0[best], y0[rest])
        inter = np.maximum(width, 0) * np.maximum(height, 0)
        left = rest[inter <= threshold * (areas[best] + areas[rest] - inter)]
    return np.asarray(kept, np.int64)


def select(
    boxes: NDArray[np.float32],
    scores: NDArray[np.float32],
    score_threshold: float,
    iou_threshold: float | None,
    limit: int,
) -> Detections:
    """Return the best detections of one picture, by falling score.

    Args:
        boxes: (n, 4) in pixels.
        scores: (n, classes), 0 to 1; a box may win in several classes.
        score_threshold: lower scores are dropped.
        iou_threshold: overlap from which the lower of two boxes of one class is dropped; None keeps both.
        limit: at most so many.
    """
    return pick(boxes, scores, score_threshold, iou_threshold, limit)[0]


def pick(
    boxes: NDArray[np.float32],
    scores: NDArray[np.float32],
    score_threshold: float,
    iou_threshold: float | None,
    limit: int,
) -> tuple[Detections, NDArray[np.int64]]:
    """Return what `select` returns, and for each detection the position of its box."""
    cell, label = np.nonzero(scores >= max(score_threshold, 1e-6))
    value = scores[cell, label]
    # A stable sort: equal scores keep the network's order, on every machine.
    order = np.argsort(-value, kind="stable")[:CANDIDATES]
    cell, label, value = cell[order], label[order], value[order]
    chosen = boxes[cell]
    if iou_threshold is None:
        keep: NDArray[np.int64] = np.arange(min(limit, len(value)))
    else:
        # Classes are moved apart, so that one pass treats them separately.
        span = float(chosen.max() - min(chosen.min(), 0)) + 1 if len(chosen) else 1.0
        keep = suppress(chosen.astype(np.float64) + (label * span)[:, None], iou_threshold, limit)
    found = Detections(chosen[keep].astype(np.float32), value[keep].astype(np.float32), label[keep].astype(np.int64))
    return found, cell[keep]


def best(
    boxes: NDArray[np.float32],
    scores: NDArray[np.float32],
    labels: NDArray[np.int64],
    score_threshold: float,
    limit: int,
) -> Detections:
    """Return finished detections by falling score: those of a class (a negative label is none) over the threshold."""
    order = ranked(scores, labels, score_threshold, limit)
    return Detections(boxes[order].astype(np.float32), scores[order].astype(np.float32), labels[order].astype(np.int64))


def ranked(
    scores: NDArray[np.float32], labels: NDArray[np.int64], score_threshold: float, limit: int
) -> NDArray[np.int64]:
    """Return the positions of what `best` returns."""
    keep = np.flatnonzero((scores >= max(score_threshold, 1e-6)) & (labels >= 0))
    return keep[np.argsort(-scores[keep], kind="stable")[:limit]]
