"""A detector that answers in the classes of another list."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from boxwright.domain.detections import Detections
from boxwright.ml.metrics.evaluate import Detector


class Remapped:
    """Renames the class ids of a detector.

    Args:
        detector: the detector.
        table: new id of each of its classes; detections of a class with -1 are dropped.
    """

    def __init__(self, detector: Detector, table: Sequence[int]) -> None:
        self._detector = detector
        self._table = np.asarray(table, np.int64)

    def predict(
        self,
        pictures: Sequence[NDArray[np.uint8]],
        *,
        score_threshold: float | None = None,
        iou_threshold: float | None = None,
        max_detections: int = 300,
    ) -> list[Detections]:
        """Return the detections of upright RGB pictures (h, w, 3)."""
        results = self._detector.predict(
            pictures, score_threshold=score_threshold, iou_threshold=iou_threshold, max_detections=max_detections
        )
        moved = [Detections(got.boxes, got.scores, self._table[got.class_ids], got.masks) for got in results]
        return [got.take(got.class_ids >= 0) for got in moved]
