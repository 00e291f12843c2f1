"""From what a network says about each cell of a grid to the outlines of its objects.

Nothing here grows with the picture: the line where an object ends is found between the cells and carried into the
picture as it is, so no mask in the size of the picture is ever made.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from boxwright.domain.detections import Detections
from boxwright.domain.errors import Invalid
from boxwright.domain.geometry import Polygon
from boxwright.ml.adapters.contours import Ring, trace
from boxwright.ml.data.letterbox import Fit

Floats = NDArray[np.float32]
DIGITS = 2
# Parts that are smaller than this share of the largest are specks.
_SPECK = 0.01
# How far a simplified outline may lie beside the exact one, in pixels of the picture, and as a share of the box.
_TOLERANCE, _SHARE = 0.5, 0.005


class Masks(Protocol):
    """For each of n boxes a grid over the whole input, with values over 0 where the object is."""

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns of the grid."""

    def window(self, index: int, rows: slice, columns: slice) -> Floats:
        """Return a part of the grid of one box."""

    def take(self, index: NDArray[np.int64]) -> "Masks":
        """Return the masks of some boxes."""


@dataclass(frozen=True, slots=True)
class Prototypes:
    """Masks as mixtures (YOLACT, Bolya et al., 2019): coefficients (n, k) of prototypes (k, rows, columns)."""

    coefficients: Floats
    prototypes: Floats

    def __post_init__(self) -> None:
        if self.prototypes.ndim != 3 or self.coefficients.shape[1:] != self.prototypes.shape[:1]:
            raise ValueError(
                f"coefficients of the shape {self.coefficients.shape} for prototypes {self.prototypes.shape}"
            )

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns of the grid."""
        return self.prototypes.shape[1], self.prototypes.shape[2]

    def window(self, index: int, rows: slice, columns: slice) -> Floats:
        """Return a part of the grid of one box."""
        part = self.prototypes[:, rows, columns]
        return np.asarray(np.tensordot(self.coefficients[index], part, 1), np.float32)

    def take(self, index: NDArray[np.int64]) -> "Prototypes":
        """Return the masks of some boxes."""
        return Prototypes(self.coefficients[index], self.prototypes)


@dataclass(frozen=True, slots=True)
class Planes:
    """Masks as they are: logits (n, rows, columns)."""

    logits: Floats

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns of the grid."""
        return self.logits.shape[1], self.logits.shape[2]

    def window(self, index: int, rows: slice, columns: slice) -> Floats:
        """Return a part of the grid of one box."""
        return np.asarray(self.logits[index, rows, columns], np.float32)

    def take(self, index: NDArray[np.int64]) -> "Planes":
        """Return the masks of some boxes."""
        return Planes(self.logits[index])


def outlined(found: Detections, masks: Masks, fit: Fit, size: tuple[int, int]) -> Detections:
    """Return detections with their outlines, None where a mask has nothing inside its box.

    Args:
        found: boxes in pixels of the picture, inside it.
        masks: of these boxes, in their order.
        fit: where the picture lies in the input.
        size: width and height of the input.
    """
    inside = fit.to_input(found.boxes)
    shapes = (
        _outline(_rings(masks, index, box, fit, size), picture_box)
        for index, (box, picture_box) in enumerate(zip(inside, found.boxes, strict=True))
    )
    return Detections(found.boxes, found.scores, found.class_ids, tuple(shapes))


def _rings(masks: Masks, index: int, box: Floats, fit: Fit, size: tuple[int, int]) -> list[Ring]:
    """Return the exact lines around one object, cut off at its box, in pixels of the picture."""
    rows, columns = masks.size
    # Samples along each axis, in cells: the box's edges, and between them the middles and borders of cells.
    scale = columns / size[0], rows / size[1]
    xs, ys = (_samples(float(box[axis]) * scale[axis], float(box[axis + 2]) * scale[axis]) for axis in (0, 1))
    (left, right, across), (top, bottom, down) = _weights(xs, columns), _weights(ys, rows)
    x0, x1, y0, y1 = left[0], right[-1] + 1, top[0], bottom[-1] + 1
    window = masks.window(index, slice(y0, y1), slice(x0, x1))
    wide = window[:, left - x0] * (1 - across) + window[:, right - x0] * across
    field = wide[top - y0] * (1 - down[:, None]) + wide[bottom - y0] * down[:, None]
    there = (fit.scaled_width / fit.width, fit.scaled_height / fit.height)
    return trace(field, (xs / scale[0] - fit.left) / there[0], (ys / scale[1] - fit.top) / there[1])


def _samples(low: float, high: float) -> Ring:
    """Return places from `low` to `high`: both, and every half cell between them."""
    between = np.arange(np.floor(low * 2) + 1, np.ceil(high * 2)) / 2
    return np.concatenate(([low], between, [high]))


def _weights(places: Ring, cells: int) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
    """Return for each place the cells whose middles lie before and behind it, and how near it is to the second."""
    middle = np.clip(places - 0.5, 0, cells - 1)
    before = np.floor(middle).astype(np.int64)
    return before, np.minimum(before + 1, cells - 1), (middle - before).astype(np.float32)


def _outline(rings: list[Ring], box: Floats) -> Polygon | None:
    """Return a simplified polygon without specks, or None where nothing is left."""
    tolerance = min(_TOLERANCE, _SHARE * float((box[2:] - box[:2]).max()))
    sizes = [_area(ring) for ring in rings]
    least = _SPECK * max(sizes, default=0.0)
    simple = [_simplified(ring, tolerance, box) for ring, size in zip(rings, sizes, strict=True) if size > least]
    kept = tuple(ring for ring in simple if len(ring) >= 3)
    try:
        return Polygon(rings=kept)
    except Invalid:
        return None


def _area(ring: Ring) -> float:
    x, y = ring.T
    return abs(float(x @ np.roll(y, -1) - y @ np.roll(x, -1))) / 2


def _simplified(ring: Ring, tolerance: float, box: Floats) -> tuple[tuple[float, float], ...]:
    """Return the points that matter (Douglas and Peucker, 1973), to a hundredth of a pixel and within the box."""
    corner = ring.min(0)  # the numbers stay small, so that 32 bits hold them exactly enough
    points = cv2.approxPolyDP((ring - corner).astype(np.float32)[:, None], tolerance, closed=True)[:, 0]
    places = np.round(np.clip(points + corner, box[:2], box[2:]), DIGITS)
    return tuple(_distinct(places.tolist()))


def _distinct(points: list[list[float]]) -> Iterator[tuple[float, float]]:
    """Yield points that are not where the one before was."""
    for before, (x, y) in zip(points[-1:] + points[:-1], points, strict=True):
        if before != [x, y]:
            yield x, y
