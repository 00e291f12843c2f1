"""Which detection is which object, by the rule of pycocotools."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from hotcoco import mask as coco
from numpy.typing import NDArray

from boxwright.domain import raster
from boxwright.domain.detections import Detections
from boxwright.domain.geometry import Mask, Polygon
from boxwright.ml.data.samples import Sample

NONE, IGNORED = -1, -2


@dataclass(frozen=True, slots=True)
class Found:
    """A picture of the split and what the model found on it, both in pixels of the upright picture.

    `masks` are the pixels of the sample's objects, in their order, where masks are scored too.
    """

    sample: Sample
    detections: Detections
    masks: Sequence[Mask] | None = None

    def found_masks(self) -> list[dict[str, object]]:
        """Return the pixels of each detection: within its outline, or within its box where it has none."""
        size = self.sample.width, self.sample.height
        outlines = self.detections.masks or (None,) * len(self.detections)
        boxes = self.detections.boxes.tolist()
        return [_pixels(outline or _rectangle(*box), *size) for outline, box in zip(outlines, boxes, strict=True)]


@dataclass(frozen=True, slots=True)
class Matched:
    """A picture whose detections were matched.

    `overlaps` (d, g) as `box_overlaps` gives them; `taken` (d,) as `match` does.
    """

    found: Found
    overlaps: NDArray[np.float64]
    taken: NDArray[np.int64]


def match_boxes(found: Found, limit: int) -> Matched:
    """Match the boxes of a picture at IoU 0.5."""
    sample, got = found.sample, found.detections
    overlaps = box_overlaps(got.boxes, sample.boxes, sample.crowd)
    taken = match(overlaps, got.class_ids, got.scores, sample.labels, sample.crowd, limit=limit)
    return Matched(found, overlaps, taken)


def box_overlaps(
    found: NDArray[np.float32], truth: NDArray[np.float32], crowd: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Return IoUs (d, g) of half-open boxes `x0 y0 x1 y1`; of a crowd, the share of the detection that lies in it."""
    if not len(found) or not len(truth):
        return np.zeros((len(found), len(truth)))
    return np.asarray(coco.iou(_sized(found), _sized(truth), crowd.tolist()), np.float64)


def _rectangle(x0: float, y0: float, x1: float, y1: float) -> Polygon:
    return Polygon(rings=(((x0, y0), (x1, y0), (x1, y1), (x0, y1)),))


def _pixels(outline: Polygon, width: int, height: int) -> dict[str, object]:
    """Return an outline as COCO's object; it may hold no pixel at all."""
    return {"size": [height, width], "counts": list(raster.runs(outline, width, height))}


def rle(mask: Mask) -> dict[str, object]:
    """Return a mask as COCO's object."""
    return {"size": [mask.height, mask.width], "counts": list(mask.counts)}


def _sized(boxes: NDArray[np.float32]) -> NDArray[np.float64]:
    wide = boxes.astype(np.float64)
    return np.concatenate([wide[:, :2], wide[:, 2:] - wide[:, :2]], 1)


def match(
    overlaps: NDArray[np.float64],
    labels: NDArray[np.int64],
    scores: NDArray[np.float32],
    truth_labels: NDArray[np.int64],
    crowd: NDArray[np.bool_],
    *,
    iou: float = 0.5,
    limit: int = 100,
) -> NDArray[np.int64]:
    """Return for each detection of a picture the object it takes, NONE, or IGNORED: on a crowd, or beyond the limit.

    By falling score each takes the free object of its class that it overlaps most, by at least `iou`; of equal ones
    the last. One that gets none may lie on a crowd, which takes any number. The first `limit` of a class count.

    Args:
        overlaps: (d, g), see `box_overlaps`.
        labels: (d,) classes of the detections.
        scores: (d,)
        truth_labels: (g,)
        crowd: bool (g,)
        iou: least overlap.
        limit: detections of a class that count.
    """
    taken = np.full(len(labels), NONE, np.int64)
    order = np.argsort(-scores, kind="stable")
    taken[_beyond(labels, order, limit)] = IGNORED
    if not len(truth_labels):
        return taken
    table = np.where(labels[:, None] == truth_labels[None], overlaps, 0.0)
    enough = min(iou, 1 - 1e-10)
    hopeful = (table.max(1) >= enough) & (taken == NONE)
    free = np.where(crowd, -1.0, 1.0)
    for row in order[hopeful[order]]:
        # Of an object that is taken, and of a crowd, the overlap turns negative.
        column = _last_max(table[row] * free)
        if table[row, column] * free[column] >= enough:
            taken[row] = column
            free[column] = -1.0
        elif (table[row, crowd] >= enough).any():
            taken[row] = IGNORED
    return taken


def _last_max(values: NDArray[np.float64]) -> int:
    return len(values) - 1 - int(values[::-1].argmax())


def _beyond(labels: NDArray[np.int64], order: NDArray[np.int64], limit: int) -> NDArray[np.int64]:
    """Return the detections that are not among the first `limit` of their class."""
    if len(labels) <= limit:
        return np.zeros(0, np.int64)
    return np.concatenate([order[labels[order] == label][limit:] for label in np.unique(labels)])
