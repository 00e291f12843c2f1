"""COCO: many annotations looked at together, before anybody looks at them one by one.

What is plainly right becomes text of the manifest at once and stays that, up to the database.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, pairwise
from typing import Any

import numpy as np

from boxwright.domain.geometry import MAX_POINTS
from boxwright.domain.jsontext import decode, encode
from boxwright.domain.rings import Rings, measured, polygon_texts, rounded
from boxwright.formats.shapes import DIGITS

Bounds = tuple[float, float, float, float]
Drawn = tuple[str, Bounds]
_LARGE = 1 << 63
_SMALL = 1  # pixels: a box so narrow is suspicious


def plain_shapes(items: Sequence[dict[str, Any]]) -> list[Drawn | None]:
    """Return text and bounds of the polygon of each annotation, or of the box of one that has no other shape.

    None for whatever is anything else, or odd.
    """
    found = plain_polygons(items)
    at = [number for number, item in enumerate(items) if found[number] is None and not item.get("segmentation")]
    for number, box in zip(at, plain_boxes([items[number].get("bbox") for number in at]), strict=True):
        found[number] = box
    return found


def plain_line(item: Mapping[str, Any], text: str) -> bytes | None:
    """Return an annotation as a manifest line has it, from its category in the place of its class on.

    None where ids are no plain numbers, or the score is odd.
    """
    key, category, score = item.get("id"), item.get("category_id"), item.get("score")
    if not (type(key) is type(category) is int and -_LARGE < key < _LARGE and -_LARGE < category < _LARGE):
        return None
    if score is not None and (type(score) is not float or not math.isfinite(score)):
        return None
    crowd = "true" if item.get("iscrowd") in (1, True) else "false"
    told = "null" if score is None else encode(score).decode()
    attributes = item.get("attributes")
    more = encode(scalars(attributes)).decode() if isinstance(attributes, Mapping) else "{}"
    behind = f'"id":"","crowd":{crowd},"score":{told},"external_id":"{key}","attributes":{more}}}'
    return f'{category},"geometry":{text},{behind}'.encode()


def within(bounds: Bounds, width: int, height: int) -> bool:
    """Tell whether a picture holds all of it."""
    x0, y0, x1, y1 = bounds
    return x0 >= 0 and y0 >= 0 and x1 <= width and y1 <= height


def scalars(attributes: Mapping[Any, Any]) -> dict[str, str | float | bool | None]:
    """Return those attributes that can be some here."""
    return {
        str(key): value for key, value in attributes.items() if value is None or isinstance(value, str | int | float)
    }


def category_of(line: bytes) -> tuple[bytes, bytes]:
    """Return category and the rest of a `plain_line`."""
    category, comma, rest = line.partition(b",")
    return category, comma + rest


def id_of(rest: bytes) -> str:
    """Return the id of an annotation from the rest of its `plain_line`."""
    return str(decode(b"{%b" % rest[1:])["external_id"])


def plain_boxes(boxes: Sequence[Any]) -> list[Drawn | None]:
    """Return text and bounds of each `bbox`; None for what is none, or odd."""
    chosen = [type(box) is list and len(box) == 4 for box in boxes]
    try:
        values = np.array([box for box, good in zip(boxes, chosen, strict=True) if good], np.float64).reshape(-1, 4)
    except (TypeError, ValueError, OverflowError):
        return [None] * len(boxes)
    values[:, 2:] += values[:, :2]
    finite = np.isfinite(values)
    edges = rounded(np.where(finite, values, 0.0).ravel(), DIGITS).reshape(-1, 4)
    fine = np.logical_and(finite.all(1), (edges[:, 2:] - edges[:, :2] > _SMALL).all(1)).tolist()
    rows = iter(zip(fine, edges.tolist(), strict=True))
    return [_box(*next(rows)) if good else None for good in chosen]


def _box(fine: bool, edges: list[float]) -> Drawn | None:
    if not fine:
        return None
    x0, y0, x1, y1 = edges
    return encode({"x0": x0, "y0": y0, "x1": x1, "y1": y1, "type": "box"}).decode(), (x0, y0, x1, y1)


def plain_polygons(items: Sequence[dict[str, Any]]) -> list[Drawn | None]:
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


def _measured(parts: Sequence[Sequence[Sequence[float]]]) -> Iterator[Drawn | None]:
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
