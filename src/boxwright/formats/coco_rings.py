"""COCO: the polygons of many annotations looked at together, before anybody looks at them one by one."""

from collections.abc import Iterator, Sequence
from itertools import chain, pairwise
from typing import Any

import numpy as np

from boxwright.domain.geometry import MAX_POINTS
from boxwright.domain.rings import Rings, measured, polygon_texts, rounded
from boxwright.formats.shapes import DIGITS

Bounds = tuple[float, float, float, float]


def plain_polygons(items: Sequence[dict[str, Any]]) -> list[tuple[str, Bounds] | None]:
    """Return text and bounds of the polygon of each annotation; None for whatever is anything else, or odd."""
    parts = [_rings_of(item.get("segmentation")) for item in items]
    chosen = [some for some in parts if some]
    try:
        found = iter(_measured(chosen))
        return [next(found) if some else None for some in parts]
    except (TypeError, ValueError, OverflowError):  # something among the numbers is none: one by one, then
        return [None] * len(items)


def _rings_of(segmentation: Any) -> list[list[float]] | None:
    if not isinstance(segmentation, list):
        return None
    for ring in segmentation:
        if type(ring) is not list or len(ring) < 6 or len(ring) % 2:
            return None
    return segmentation


def _measured(parts: Sequence[Sequence[Sequence[float]]]) -> Iterator[tuple[str, Bounds] | None]:
    if not parts:
        return
    flat = [*chain.from_iterable(parts)]
    lengths = np.array([*map(len, flat)], np.int64)
    values = np.fromiter(chain.from_iterable(flat), np.float64, int(lengths.sum()))
    finite = np.isfinite(values)
    rings = Rings(rounded(np.where(finite, values, 0.0), DIGITS).reshape(-1, 2), lengths // 2)
    counts = [*map(len, parts)]
    low, high = rings.bounds[:, :2], rings.bounds[:, 2:]
    fine = np.logical_and.reduceat(finite, 2 * rings.starts) & (low < high).all(1)
    bounds = measured(rings, counts)[:, :4].tolist()
    texts = polygon_texts(rings, counts)
    good, sizes = fine.tolist(), rings.lengths.tolist()
    ends = np.cumsum(np.array(counts, np.int64)).tolist()
    for (begin, end), text, box in zip(pairwise([0, *ends]), texts, bounds, strict=True):
        one = all(good[begin:end]) and sum(sizes[begin:end]) <= MAX_POINTS
        yield (text, tuple(box)) if one else None
