"""What a click means without a box: the area of like colour around it whose border stands out most."""

import cv2
import numpy as np
from numpy.typing import NDArray

from boxwright.domain.geometry import Point
from boxwright.ml.assist.window import Flags, Floats, Rgb

_TOLERANCES = (4, 7, 10, 14, 19, 25, 33, 44)
_LEAST = 12
# A click is on something of the picture, rarely on nearly all of it.
_MOST = 0.7


def region_of(pixels: Rgb, inside: list[Point], outside: list[Point]) -> Flags:
    """Return the region around the clicks `inside`, without those `outside`."""
    smooth = np.asarray(cv2.cvtColor(cv2.bilateralFilter(pixels, 5, 25, 3), cv2.COLOR_RGB2LAB), np.uint8)
    edges = _edges(smooth)
    total = np.zeros(pixels.shape[:2], bool)
    for point in inside:
        total |= _best(smooth, edges, point, outside)
    return total


def _edges(lab: NDArray[np.uint8]) -> Floats:
    values = lab.astype(np.float32)
    steps = [cv2.Scharr(values, cv2.CV_32F, *axis) for axis in ((1, 0), (0, 1))]
    return np.asarray(np.sqrt(sum((step * step).sum(2) for step in steps)) / 32, np.float32)


def _best(lab: NDArray[np.uint8], edges: Floats, point: Point, outside: list[Point]) -> Flags:
    rows, columns = edges.shape
    x, y = min(int(point[0]), columns - 1), min(int(point[1]), rows - 1)
    best, most = _disc(edges.shape, x, y), 0.0
    for tolerance in _TOLERANCES:
        region = _flooded(lab, x, y, tolerance)
        size = int(np.count_nonzero(region))
        if size < _LEAST:
            continue
        if size > _MOST * region.size or any(region[int(b), int(a)] for a, b in _within(outside, edges.shape)):
            break
        score = _standing_out(region, edges)
        if score > most:
            best, most = region, score
    return best


def _flooded(lab: NDArray[np.uint8], x: int, y: int, tolerance: int) -> Flags:
    rows, columns = lab.shape[:2]
    marks = np.zeros((rows + 2, columns + 2), np.uint8)
    flags = 4 | cv2.FLOODFILL_FIXED_RANGE | cv2.FLOODFILL_MASK_ONLY | 255 << 8
    # Light varies over one thing more than its colour does.
    bound = (tolerance * 1.6, tolerance, tolerance)
    cv2.floodFill(lab, marks, (x, y), 0, bound, bound, flags)
    return filled(cv2.morphologyEx(marks[1:-1, 1:-1], cv2.MORPH_OPEN, np.ones((3, 3), np.uint8), iterations=1) > 0)


def filled(region: Flags) -> Flags:
    """Return a region without its holes."""
    rows, columns = region.shape
    around = np.zeros((rows + 2, columns + 2), np.uint8)
    around[1:-1, 1:-1] = region
    marks = np.zeros((rows + 4, columns + 4), np.uint8)
    cv2.floodFill(around, marks, (0, 0), 2)
    return np.asarray(around[1:-1, 1:-1] != 2, bool)


def _standing_out(region: Flags, edges: Floats) -> float:
    """Return the mean edge along the border of a region; the rim of the window counts as no edge."""
    here = region.astype(np.uint8)
    border = (cv2.dilate(here, np.ones((3, 3), np.uint8)) - cv2.erode(here, np.ones((3, 3), np.uint8))) > 0
    rim = int(region[0].sum() + region[-1].sum() + region[:, 0].sum() + region[:, -1].sum())
    return float(edges[border].sum()) / max(int(np.count_nonzero(border)) + 4 * rim, 1)


def _disc(shape: tuple[int, int], x: int, y: int) -> Flags:
    drawn = np.zeros(shape, np.uint8)
    cv2.circle(drawn, (x, y), max(2, min(shape) // 20), 1, -1)
    return drawn.astype(bool)


def _within(points: list[Point], shape: tuple[int, int]) -> list[Point]:
    return [(x, y) for x, y in points if 0 <= x < shape[1] and 0 <= y < shape[0]]
