"""More than one look at a picture: in tiles, for objects that are small in it, and at its mirror image.

Tiles overlap, so that an object at the edge of one lies whole in the next (slicing aided inference, Akyon et al.,
2022). The picture as a whole is looked at too, for objects larger than a tile.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from boxwright.domain.detections import Detections, Detector
from boxwright.domain.errors import InvalidImage
from boxwright.domain.geometry import Polygon
from boxwright.domain.looks import Looks

Rgb = NDArray[np.uint8]
# Part of the smaller of two boxes that lies in the other, from which both are the same object seen twice.
SAME = 0.7
_EDGE = 2.0
MOST = 1024


@dataclass(frozen=True, slots=True)
class _View:
    """A rectangle of the picture in pixels, half-open, perhaps mirrored left and right."""

    x0: int
    y0: int
    x1: int
    y1: int
    mirrored: bool = False

    def of(self, picture: Rgb) -> Rgb:
        part = picture[self.y0 : self.y1, self.x0 : self.x1]
        return np.ascontiguousarray(part[:, ::-1] if self.mirrored else part)

    def back(self, found: Detections) -> Detections:
        """Return detections in this view in pixels of the picture."""
        boxes, masks = found.boxes, found.masks
        if self.mirrored:
            width = self.x1 - self.x0
            boxes = np.stack([width - boxes[:, 2], boxes[:, 1], width - boxes[:, 0], boxes[:, 3]], 1)
            masks = masks and tuple(mask and _moved(mask, -1, width, 0) for mask in masks)
        if self.x0 or self.y0:
            boxes = boxes + np.array([self.x0, self.y0, self.x0, self.y0], np.float32)
            masks = masks and tuple(mask and _moved(mask, 1, self.x0, self.y0) for mask in masks)
        return Detections(boxes, found.scores, found.class_ids, masks)

    def cuts(self, boxes: NDArray[np.float32], width: int, height: int) -> NDArray[np.bool_]:
        """Tell which boxes (n, 4) end at an edge of this view that is none of the picture: parts, perhaps."""
        left = (self.x0 > 0) & (boxes[:, 0] < self.x0 + _EDGE)
        top = (self.y0 > 0) & (boxes[:, 1] < self.y0 + _EDGE)
        right = (self.x1 < width) & (boxes[:, 2] > self.x1 - _EDGE)
        bottom = (self.y1 < height) & (boxes[:, 3] > self.y1 - _EDGE)
        return left | top | right | bottom


def _moved(mask: Polygon, way: int, x: float, y: float) -> Polygon:
    return Polygon(rings=tuple(tuple((way * px + x, py + y) for px, py in ring) for ring in mask.rings))


class LookingDetector:
    """A detector that looks at each picture as `looks` says, and joins what it saw.

    Args:
        detector: looks once at a picture.
        looks: tiles, their overlap, mirroring.
        iou: overlap from which the lower of two boxes of one class from different views is dropped.
    """

    def __init__(self, detector: Detector, looks: Looks, iou: float) -> None:
        self.detector, self.looks, self.iou = detector, looks, iou
        # Tiles look closer than the whole picture does.
        self.within = None if looks.tile else detector.within

    def predict(
        self,
        pictures: Sequence[Rgb],
        *,
        score_threshold: float | None = None,
        iou_threshold: float | None = None,
        max_detections: int = 300,
    ) -> list[Detections]:
        """Return the detections of each picture; see `OnnxDetector.predict`."""
        iou = self.iou if iou_threshold is None else iou_threshold
        results = []
        for picture in pictures:
            height, width = picture.shape[:2]
            found, cut = [], []
            for view in views(width, height, self.looks):  # one by one: a view is a copy
                (got,) = self.detector.predict(
                    [view.of(picture)],
                    score_threshold=score_threshold,
                    iou_threshold=iou_threshold,
                    max_detections=max_detections,
                )
                found.append(view.back(got))
                cut.append(view.cuts(found[-1].boxes, width, height))
            results.append(found[0] if len(found) == 1 else joined(found, np.concatenate(cut), iou, max_detections))
        return results


def looking(detector: Detector, looks: Looks, iou: float) -> Detector:
    """Return a detector that looks as `looks` says: the same one where that is once at the whole picture."""
    return detector if looks.once else LookingDetector(detector, looks, iou)


def views(width: int, height: int, looks: Looks) -> Iterator[_View]:
    """Yield the whole picture, then its tiles where it is larger than one, each also mirrored where that is asked.

    Raises:
        InvalidImage: there would be more than MOST tiles: nobody's request keeps a core for hours.
    """
    rectangles = [(0, 0, width, height)]
    if looks.tile and max(width, height) > looks.tile:
        columns, rows = (_starts(side, looks.tile, looks.overlap) for side in (width, height))
        if len(columns) * len(rows) > MOST:
            raise InvalidImage(
                f"the picture of {width} x {height} pixels would be looked at in {len(columns) * len(rows)} tiles of "
                f"{looks.tile} pixels, and {MOST} is the most; choose larger tiles or less overlap",
                code="too_many_tiles",
            )
        rectangles += [(x, y, min(x + looks.tile, width), min(y + looks.tile, height)) for y in rows for x in columns]
    for x0, y0, x1, y1 in rectangles:
        view = _View(x0, y0, x1, y1)
        yield view
        if looks.mirror:
            yield replace(view, mirrored=True)


def _starts(size: int, tile: int, overlap: float) -> list[int]:
    """Return where tiles begin, the first at 0 and the last ending at `size`, evenly spread."""
    if size <= tile:
        return [0]
    count = 1 + int(np.ceil((size - tile) / max(1.0, tile * (1 - overlap))))
    return [round(i * (size - tile) / (count - 1)) for i in range(count)]


def joined(found: Sequence[Detections], cut: NDArray[np.bool_], iou: float, limit: int) -> Detections:
    """Return the detections of several views as one, best first.

    Whole objects go before those cut by the edge of a tile, then higher scores go first. Each drops later ones of its
    class that overlap it by more than `iou`, or of which either lies mostly in the other where one of them is cut.
    """
    boxes = np.concatenate([item.boxes for item in found])
    scores = np.concatenate([item.scores for item in found])
    labels = np.concatenate([item.class_ids for item in found])
    order = np.lexsort((-scores, cut))
    kept: list[int] = []
    while len(order):
        best, rest = order[0], order[1:]
        kept.append(int(best))
        inter = _intersection(boxes[best], boxes[rest])
        areas, own = _areas(boxes[rest]), _areas(boxes[best])
        same = inter > iou * (own + areas - inter)
        same |= (cut[rest] | cut[best]) & (inter > SAME * np.minimum(areas, own))
        order = rest[~(same & (labels[rest] == labels[best]))]
    chosen = np.asarray(kept, np.int64)
    chosen = chosen[np.argsort(-scores[chosen], kind="stable")][:limit]
    masks = None
    if any(item.masks is not None for item in found):
        outlines = [mask for item in found for mask in (item.masks or (None,) * len(item))]
        masks = tuple(outlines[at] for at in chosen)
    return Detections(boxes[chosen], scores[chosen], labels[chosen], masks)


def _areas(boxes: NDArray[np.float32]) -> NDArray[np.float32]:
    return (boxes[..., 2] - boxes[..., 0]) * (boxes[..., 3] - boxes[..., 1])


def _intersection(box: NDArray[np.float32], others: NDArray[np.float32]) -> NDArray[np.float32]:
    size = np.minimum(box[2:], others[:, 2:]) - np.maximum(box[:2], others[:, :2])
    return np.asarray(np.clip(size, 0, None).prod(1))
