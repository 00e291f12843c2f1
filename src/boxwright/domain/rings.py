"""The rings of many polygons at once: their numbers stand in one array, and what is asked of them is asked of all."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from boxwright.domain.jsontext import decode, encode

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
_BEFORE, _BEHIND, _NEXT = b'{"rings":[[[', b']]],"type":"polygon"}', b"]],[["
_LARGE = 2.0**49  # products below are off by less than a tenth


@dataclass(frozen=True, eq=False)
class Rings:
    """Points of many rings: those of ring `i` are the next `lengths[i]` of `points`. No ring is empty."""

    points: Floats
    lengths: Ints

    @cached_property
    def starts(self) -> Ints:
        """Where each ring begins."""
        return np.cumsum(self.lengths) - self.lengths

    @cached_property
    def bounds(self) -> Floats:
        """A row `x0, y0, x1, y1` for each ring."""
        low, high = (how.reduceat(self.points, self.starts, 0) for how in (np.minimum, np.maximum))
        return np.hstack((low, high))

    @cached_property
    def areas(self) -> Floats:
        """What each ring encloses, to the last bit as `geometry.ring_area` has it."""
        areas = np.empty(len(self.lengths))
        for length in np.unique(self.lengths):
            mine = np.flatnonzero(self.lengths == length)
            xs, ys = self.points[self.starts[mine, None] + np.arange(length)].transpose(2, 0, 1)
            # A cumulated sum adds one after the other; others would add in pairs.
            there = np.cumsum(xs * np.roll(ys, -1, 1), 1)[:, -1]
            back = np.cumsum(np.roll(xs, -1, 1) * ys, 1)[:, -1]
            areas[mine] = np.abs(there - back) / 2
        return areas


def inner_text(text: bytes) -> bytes | None:
    """Return what the JSON of a polygon has within its outer brackets; None where it is not written as we write it."""
    plain = text.startswith(_BEFORE) and text.endswith(_BEHIND)
    return text[len(_BEFORE) : -len(_BEHIND)] if plain else None


def ring_texts(inner: bytes) -> list[bytes]:
    """Return the rings of an inner text, each as `x,y],[x,y`."""
    return inner.split(_NEXT)


def read_rings(texts: Sequence[bytes]) -> Rings:
    """Return the rings of `ring_texts`. Raises ValueError."""
    numbers: list[Any] = decode(b"[%b]" % b",".join(texts).translate(None, b"[]"))
    lengths = np.array([text.count(b",") + 1 for text in texts], np.int64)
    return Rings(np.array(numbers, np.float64).reshape(-1, 2), lengths // 2)


def polygon_texts(rings: Rings, counts: Sequence[int]) -> Iterator[str]:
    """Yield the JSON of polygons as `manifest` has it; the next `counts[i]` rings are those of polygon `i`."""
    points, ends = rings.points.tolist(), (rings.starts + rings.lengths).tolist()
    text = encode([points[begin:end] for begin, end in pairwise([0, *ends])]).decode()
    texts = iter(text[3:-3].split("]],[["))
    for count in counts:
        yield f'{{"rings":[[[{"]],[[".join(islice(texts, count))}]]],"type":"polygon"}}'


def measured(rings: Rings, counts: Sequence[int]) -> Floats:
    """Return a row `x0, y0, x1, y1, area` for each polygon; the next `counts[i]` rings are those of polygon `i`."""
    bounds, areas = rings.bounds, rings.areas
    if len(counts) < len(areas):
        ends = np.cumsum(np.array(counts, np.int64))
        starts = ends - np.array(counts, np.int64)
        low, high = np.minimum.reduceat(bounds[:, :2], starts, 0), np.maximum.reduceat(bounds[:, 2:], starts, 0)
        bounds, each = np.hstack((low, high)), areas.tolist()
        areas = np.array([sum(each[a:b]) for a, b in zip(starts.tolist(), ends.tolist(), strict=True)])
    return np.column_stack((bounds, areas))


def rounded(values: Floats, digits: int) -> Floats:
    """Return what `round` makes of each value: numpy's own way may be off where a value lies between two."""
    scaled = values * 10.0**digits
    found: Floats = np.rint(scaled) / 10.0**digits
    doubt = (np.abs(scaled - np.floor(scaled) - 0.5) < 0.1) | ~(np.abs(scaled) < _LARGE)
    if doubt.any():
        found[doubt] = [round(value, digits) for value in values[doubt].tolist()]
    return found
