"""How far two shapes cover the same pixels: intersection over union, without unpacking a picture."""

import math

import numpy as np
from numpy.typing import NDArray

from boxwright.domain import raster
from boxwright.domain.geometry import Bounds, Box, Ellipse, Geometry, Mask, Point, Polygon, RotatedBox, iou

Size = tuple[int, int]
# Outlines are compared on a grid of their own, which is at least so fine and at most so large.
_FINE, _LARGE = 512, 4096


def covering(a: Geometry, b: Geometry) -> float:
    """Return intersection over union of two shapes with an area, 0 to 1.

    A box tells no more than its bounds, so where one of them is a box the bounds of both are compared; also where a
    shape covers the middle of no pixel, and where the masks are of two sizes.
    """
    bounds = iou(a.bounds, b.bounds)
    if bounds == 0 or isinstance(a, Box) or isinstance(b, Box):
        return bounds
    by_pixels = _by_pixels(a, b)
    return bounds if by_pixels is None else by_pixels


def _by_pixels(a: Geometry, b: Geometry) -> float | None:
    sizes = {(one.width, one.height) for one in (a, b) if isinstance(one, Mask)}
    if len(sizes) > 1:
        return None
    if sizes:
        size = sizes.pop()
        first, second = (_edges(one, size, (0.0, 0.0), 1.0) for one in (a, b))
    else:
        corner, scale, size = _grid(a.bounds, b.bounds)
        first, second = (_edges(one, size, corner, scale) for one in (a, b))
    own, other = (int((edges[1::2] - edges[0::2]).sum()) for edges in (first, second))
    if own == 0 or other == 0:
        return None
    shared = _shared(first, second)
    return shared / (own + other - shared)


def _grid(a: Bounds, b: Bounds) -> tuple[Point, float, Size]:
    """Return corner, cells a pixel, and columns and rows of the grid on which two outlines are compared."""
    x0, y0, x1, y1 = min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3])
    longest = max(x1 - x0, y1 - y0)
    scale = min(max(longest, _FINE), _LARGE) / longest
    return (x0, y0), scale, (math.ceil((x1 - x0) * scale), math.ceil((y1 - y0) * scale))


def _edges(geometry: Geometry, size: Size, corner: Point, scale: float) -> NDArray[np.int64]:
    """Return where each run of covered cells begins and ends, column by column."""
    counts = geometry.counts if isinstance(geometry, Mask) else None
    if counts is None:
        rings = tuple(
            tuple(((x - corner[0]) * scale, (y - corner[1]) * scale) for x, y in ring) for ring in _rings(geometry)
        )
        counts = raster.runs(Polygon(rings=rings), *size)
    ends = np.cumsum(np.asarray(counts, np.int64))
    return ends[: len(ends) // 2 * 2]


def _rings(geometry: Geometry) -> tuple[tuple[Point, ...], ...]:
    if isinstance(geometry, Polygon):
        return geometry.rings
    if isinstance(geometry, Ellipse):
        return (geometry.ring,)
    if isinstance(geometry, RotatedBox):
        cos, sin = math.cos(geometry.angle), math.sin(geometry.angle)
        halves = [(geometry.w / 2 * i, geometry.h / 2 * j) for i, j in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
        return (tuple((geometry.cx + x * cos - y * sin, geometry.cy + x * sin + y * cos) for x, y in halves),)
    raise TypeError(f"a {geometry.type} has no area")


def _shared(a: NDArray[np.int64], b: NDArray[np.int64]) -> int:
    """Return how many cells lie in both: what `a` covers up to each edge of `b`, summed up run by run."""
    lengths = np.zeros(len(a), np.int64)
    lengths[1::2] = a[1::2] - a[0::2]
    before = np.interp(b.astype(np.float64), a.astype(np.float64), np.cumsum(lengths).astype(np.float64))
    return round(float((before[1::2] - before[0::2]).sum()))
