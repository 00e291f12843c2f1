"""Score a detector over a split, picture by picture."""

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from boxwright.domain.detections import Detections
from boxwright.domain.errors import InvalidImage
from boxwright.domain.manifest import ManifestClass
from boxwright.domain.models import Metrics
from boxwright.ml.data.samples import Sample, read_pixels
from boxwright.ml.metrics.coco import MAX_DETECTIONS
from boxwright.ml.metrics.masks import all_metrics
from boxwright.ml.metrics.matching import Found

CHUNK = 8
LOWEST_SCORE = 0.001


class Detector(Protocol):
    """What is needed of a detector to score it."""

    def predict(
        self,
        pictures: Sequence[NDArray[np.uint8]],
        *,
        score_threshold: float | None = None,
        iou_threshold: float | None = None,
        max_detections: int = 300,
    ) -> list[Detections]:
        """Return the detections of upright RGB pictures (h, w, 3)."""


def detect(
    detector: Detector,
    samples: Sequence[Sample],
    *,
    max_detections: int = MAX_DETECTIONS,
    warn: Callable[[str], None],
    tick: Callable[[int], None],
) -> list[Found]:
    """Return what a detector finds on a split, at any score.

    Args:
        detector: gives class ids that are positions in the dataset's classes.
        samples: the split; unreadable pictures are left out with a warning.
        max_detections: at most so many a picture.
        warn: told of each unreadable picture.
        tick: told the number of pictures done; may raise Cancelled.
    """
    found: list[Found] = []
    for start in range(0, len(samples), CHUNK):
        part = list(_readable(samples[start : start + CHUNK], warn))
        results = detector.predict(
            [pixels for _, pixels in part], score_threshold=LOWEST_SCORE, max_detections=max_detections
        )
        found.extend(Found(sample, got) for (sample, _), got in zip(part, results, strict=True))
        tick(min(start + CHUNK, len(samples)))
    return found


def evaluate_detector(
    detector: Detector,
    classes: Sequence[ManifestClass],
    samples: Sequence[Sample],
    *,
    max_detections: int = MAX_DETECTIONS,
    warn: Callable[[str], None],
    tick: Callable[[int], None],
) -> Metrics:
    """Return COCO metrics of a detector as `all_metrics` does; `classes` by training id, the rest as of `detect`."""
    found = detect(detector, samples, max_detections=max_detections, warn=warn, tick=tick)
    return all_metrics(classes, found, max_detections)


def _readable(samples: Sequence[Sample], warn: Callable[[str], None]) -> Iterator[tuple[Sample, NDArray[np.uint8]]]:
    for sample in samples:
        try:
            yield sample, read_pixels(sample)
        except InvalidImage as error:
            warn(f"left out: {error.message}")
