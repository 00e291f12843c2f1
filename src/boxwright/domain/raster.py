"""Polygons as pixels: a pixel is inside where its centre is, by the even-odd rule."""

import numpy as np
from numpy.typing import NDArray

from boxwright.domain import rle
from boxwright.domain.geometry import Polygon
from boxwright.domain.rle import Counts


def runs(polygon: Polygon, width: int, height: int) -> Counts:
    """Return the pixels of a polygon in a picture of `width` x `height` as COCO runs; parts outside are cut off."""
    starts, ends = _spans(polygon, width, height)
    filled = ends > starts
    starts, ends = starts[filled], ends[filled]
    # Where one span ends at the bottom of its column and the next begins at the top of its own, the two are one run.
    apart = starts[1:] != ends[:-1]
    edges = np.stack([starts[np.append(True, apart)[: len(starts)]], ends[np.append(apart, True)[: len(ends)]]], 1)
    lengths = np.diff(np.concatenate(([0], edges.ravel(), [width * height])))
    return tuple((lengths if lengths[-1] else lengths[:-1]).tolist())


def fill(polygon: Polygon, width: int, height: int) -> NDArray[np.bool_]:
    """Return the pixels of a polygon as a boolean array of shape (height, width)."""
    return rle.decode(runs(polygon, width, height), width, height)


def patch(polygon: Polygon, width: int, height: int) -> tuple[int, int, NDArray[np.bool_]]:
    """Return column and row of the first pixel, and the pixels of a polygon in as small an array as holds them.

    The array is empty where the polygon lies outside the picture of `width` x `height`.
    """
    x0, y0, x1, y1 = polygon.bounds
    left, top = max(0, int(x0)), max(0, int(y0))
    size = max(0, min(width, int(np.ceil(x1))) - left), max(0, min(height, int(np.ceil(y1))) - top)
    if 0 in size:
        return left, top, np.zeros((0, 0), bool)
    moved = Polygon(rings=tuple(tuple((x - left, y - top) for x, y in ring) for ring in polygon.rings))
    return left, top, fill(moved, *size)


def _spans(polygon: Polygon, width: int, height: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return first and last-but-one places, column by column, of what is filled: positions in column-major order."""
    column, y = _crossings(polygon, width)
    order = np.lexsort((y, column))
    # Even-odd: in each column the crossings come in pairs, from entering to leaving.
    rows = np.clip(np.ceil(y[order] - 0.5), 0, height).astype(np.int64) + column[order] * height
    return rows[0::2], rows[1::2]


def _crossings(polygon: Polygon, width: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return where the edges cross the vertical lines through the pixels' centres: column and height of each."""
    ends = [np.asarray(ring, np.float64) for ring in polygon.rings]
    a = np.concatenate(ends)
    b = np.concatenate([np.roll(ring, -1, axis=0) for ring in ends])
    left, right = np.minimum(a[:, 0], b[:, 0]), np.maximum(a[:, 0], b[:, 0])
    # Half-open, so that a line through a corner is crossed once: centres c with left <= c < right.
    first = np.clip(np.ceil(left - 0.5), 0, width).astype(np.int64)
    counts = np.clip(np.ceil(right - 0.5), 0, width).astype(np.int64) - first
    edge = np.repeat(np.arange(len(a)), counts)
    column = np.arange(len(edge)) - np.repeat(np.cumsum(counts) - counts, counts) + first[edge]
    share = (column + 0.5 - a[edge, 0]) / (b[edge, 0] - a[edge, 0])
    return column, a[edge, 1] + share * (b[edge, 1] - a[edge, 1])
