"""Precision, recall and F1 of a class by score, at IoU 0.5."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from boxwright.ml.metrics.matching import IGNORED, Matched


@dataclass(frozen=True, slots=True)
class Pool:
    """The detections of a split that count, best first.

    `labels` int64 (n,), `scores` float32 (n,), `hits` bool (n,): whether each is right; `instances` (classes,) how many
    objects there are of each class.
    """

    labels: NDArray[np.int64]
    scores: NDArray[np.float32]
    hits: NDArray[np.bool_]
    instances: NDArray[np.int64]

    def of(self, label: int) -> tuple[NDArray[np.float32], NDArray[np.bool_], int]:
        """Return scores, hits and the number of objects of one class."""
        mine = self.labels == label
        return self.scores[mine], self.hits[mine], int(self.instances[label])


def pool(matched: Sequence[Matched], classes: int) -> Pool:
    """Put the detections of all pictures together; those on crowds and beyond the limit stay out."""
    keep = [item.taken != IGNORED for item in matched]
    got = [item.found.detections for item in matched]
    labels = _joined([d.class_ids[k] for d, k in zip(got, keep, strict=True)], np.int64)
    scores = _joined([d.scores[k] for d, k in zip(got, keep, strict=True)], np.float32)
    hits = _joined([item.taken[k] >= 0 for item, k in zip(matched, keep, strict=True)], bool)
    order = np.argsort(-scores, kind="stable")
    truth = _joined([item.found.sample.labels[~item.found.sample.crowd] for item in matched], np.int64)
    return Pool(labels[order], scores[order], hits[order], np.bincount(truth, minlength=classes))


def _joined(parts: "Sequence[NDArray[np.generic]]", kind: type) -> "NDArray":  # type: ignore[type-arg]
    return np.concatenate(parts) if parts else np.zeros(0, kind)


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """Precision, recall and F1, 0 to 1, of detections with at least `threshold` score."""

    precision: float
    recall: float
    f1: float
    threshold: float


def operating_point(scores: NDArray[np.float32], hits: NDArray[np.bool_], instances: int) -> OperatingPoint | None:
    """Return where F1 of a class peaks; None where the split has no instance of it or nothing was found.

    Args:
        scores: (n,) of its detections, best first.
        hits: bool (n,), whether each is right.
        instances: objects of the class.
    """
    if not instances or not len(scores):
        return None
    right = np.cumsum(hits)
    precision, recall = right / np.arange(1, len(right) + 1), right / instances
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-12)
    # Detections of equal score come together or not at all.
    last = np.append(scores[1:] != scores[:-1], True)
    best = int(np.where(last, f1, -1.0).argmax())
    return OperatingPoint(float(precision[best]), float(recall[best]), float(f1[best]), float(scores[best]))


def score_curves(
    scores: NDArray[np.float32], hits: NDArray[np.bool_], instances: int, steps: Sequence[float]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return precision, recall and F1 (steps,) of the detections of at least each score; arguments as above.

    Where a score is above all, precision is that of the best detection.
    """
    if not instances or not len(scores):
        return (np.zeros(len(steps)),) * 3
    right = np.cumsum(hits)
    count = np.searchsorted(-scores, -np.asarray(steps, np.float32), side="right")
    at = np.maximum(count, 1) - 1
    precision = right[at] / (at + 1)
    recall = np.where(count > 0, right[at], 0) / instances
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-12)
    return precision, recall, f1
