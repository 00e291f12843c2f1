"""Outlines of many objects as flat arrays: carried, cut and sampled exactly, whatever the augmentation.

A mask of pixels becomes rings along the edges of its pixels, so that nothing is lost and nothing is resampled until the
network's own grid is filled. Rings are filled by the even-odd rule, and a place is inside where its point is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from boxwright.domain.errors import Invalid
from boxwright.domain.geometry import Ellipse, Geometry, Mask, Polygon
from boxwright.domain.outlines import outline

Points = NDArray[np.float64]
Index = NDArray[np.int64]
Boxes = NDArray[np.float32]
NEAR = 1e-6  # pixels; what is nearer to an edge than rounding lies on it


@dataclass(frozen=True, slots=True)
class Outlines:
    """The outlines of `count` objects, some of which may have none.

    `points` float64 (p, 2) x, y; `ring` int64 (p,), equal for points that follow each other in one ring; `owner` int64
    (p,) the object of each point.
    """

    points: Points
    ring: Index
    owner: Index
    count: int

    @property
    def known(self) -> NDArray[np.bool_]:
        """Which objects have an outline (count,)."""
        return np.bincount(self.owner, minlength=self.count) > 0

    def polygon(self, index: int) -> Polygon | None:
        """Return one object's outline; None where it has none, or none with area."""
        mine = self.owner == index
        points, ring = self.points[mine], self.ring[mine]
        parts = np.split(points, np.flatnonzero(np.diff(ring)) + 1)
        rings = tuple(tuple((float(x), float(y)) for x, y in part) for part in parts if len(part) >= 3)
        try:
            return Polygon(rings=rings)
        except Invalid:
            return None

    def take(self, index: Index | NDArray[np.bool_]) -> "Outlines":
        """Return the objects at these positions, each at most once, in this order."""
        chosen = np.arange(self.count)[index]
        place = np.full(self.count, -1)
        place[chosen] = np.arange(len(chosen))
        keep = place[self.owner] >= 0
        return Outlines(self.points[keep], self.ring[keep], place[self.owner[keep]], len(chosen))

    def moved(self, matrix: Points) -> "Outlines":
        """Return the outlines under a map (2, 3) of the plane."""
        return replace(self, points=self.points @ matrix[:, :2].T + matrix[:, 2])

    def bounds(self) -> Boxes:
        """Return the enclosing boxes (count, 4); an object without outline has none, but infinities the wrong way."""
        return _boxes(self.points, self.owner, self.count)

    def clipped(self, width: float, height: float) -> tuple["Outlines", Boxes]:
        """Cut at the edges of a picture (Sutherland and Hodgman, 1974).

        Returns:
            the outlines, none for an object of which nothing is inside, and the boxes (count, 4) around what is seen,
            zero for an object without outline.
        """
        cut = self
        for axis, limit in ((0, width), (1, height)):
            cut = cut._cut(axis, 0.0, 1.0)._cut(axis, float(limit), -1.0)
        boxes = cut._seen(width, height)
        seen = (boxes[:, 2] > boxes[:, 0]) & (boxes[:, 3] > boxes[:, 1])
        boxes[~seen] = 0
        return cut._only(seen), boxes

    def _cut(self, axis: int, limit: float, side: float) -> "Outlines":
        """Keep what lies at `limit` or on its positive (`side` 1) or negative (-1) side along an axis."""
        inside = (self.points[:, axis] - limit) * side >= 0
        if inside.all():
            return self
        after = self._after()
        crosses = inside != inside[after]
        a, b = self.points[:, axis], self.points[after, axis]
        share = np.divide(limit - a, b - a, out=np.zeros_like(a), where=crosses)
        crossing = self.points + share[:, None] * (self.points[after] - self.points)
        crossing[:, axis] = limit
        # Each point, then where the line to the next crosses.
        keep = np.stack([inside, crosses], 1).ravel()
        pairs = np.stack([self.points, crossing], 1).reshape(-1, 2)[keep]
        return Outlines(pairs, np.repeat(self.ring, 2)[keep], np.repeat(self.owner, 2)[keep], self.count)

    def _only(self, which: NDArray[np.bool_]) -> "Outlines":
        """Return as many objects, all but these (count,) without their outlines."""
        keep = which[self.owner]
        return self if keep.all() else Outlines(self.points[keep], self.ring[keep], self.owner[keep], self.count)

    def _seen(self, width: float, height: float) -> Boxes:
        """Return the boxes around what has area in a picture at whose edges the outlines were cut.

        Cutting leaves lines along the edges, there and back, where nothing is; by the even-odd rule they cancel.
        """
        a, b = self.points, self.points[self._after()]
        inner = (a != b).any(1)
        ends, owners = [], []
        for axis, limit in ((0, 0.0), (0, width), (1, 0.0), (1, height)):
            along = (np.abs(a[:, axis] - limit) < NEAR) & (np.abs(b[:, axis] - limit) < NEAR)
            inner &= ~along
            pair, owner = np.concatenate([a[along], b[along]]), np.tile(self.owner[along], 2)
            order = np.lexsort((pair[:, 1 - axis], owner))
            runs = pair[order].reshape(-1, 2, 2)
            real = runs[:, 1, 1 - axis] - runs[:, 0, 1 - axis] > NEAR
            ends.append(runs[real].reshape(-1, 2))
            owners.append(np.repeat(owner[order][::2][real], 2))
        points = np.concatenate([*ends, a[inner], b[inner]])
        return _boxes(points, np.concatenate([*owners, self.owner[inner], self.owner[inner]]), self.count)

    def _after(self) -> Index:
        """Return the position of the point that follows each point in its ring."""
        count = len(self.ring)
        after = np.arange(1, count + 1)
        last = np.flatnonzero(np.append(self.ring[1:] != self.ring[:-1], True)[:count])
        after[last] = np.concatenate(([0], last[:-1] + 1))[: len(last)]
        return after

    def sampled(self, frames: NDArray[np.float32], rows: int, columns: int) -> NDArray[np.uint8]:
        """Look at the middles of `rows` x `columns` equal cells of a box of each object.

        Args:
            frames: boxes (count, 4) with area.
            rows: cells from top to bottom.
            columns: cells from left to right.

        Returns:
            uint8 (count, rows, columns), 1 inside.
        """
        corner, size = frames[:, :2].astype(np.float64), (frames[:, 2:] - frames[:, :2]).astype(np.float64)
        scale = np.array([columns, rows]) / size
        points = (self.points - corner[self.owner]) * scale[self.owner]
        column, y, owner = _crossings(points, points[self._after()], self.owner, columns)
        # Every crossing turns over all that is below it; the last row of the sheet takes what is below everything.
        row = np.clip(np.ceil(y - 0.5), 0, rows).astype(np.int64)
        place = (owner * columns + column) * (rows + 1) + row
        turns = np.bincount(place, minlength=self.count * columns * (rows + 1)).astype(np.uint8)
        sheet = np.cumsum(turns.reshape(self.count, columns, rows + 1)[..., :rows], 2, dtype=np.uint8) & 1
        return np.ascontiguousarray(sheet.transpose(0, 2, 1))


def _boxes(points: Points, owner: Index, count: int) -> Boxes:
    low, high = np.full((count, 2), np.inf), np.full((count, 2), -np.inf)
    np.minimum.at(low, owner, points)
    np.maximum.at(high, owner, points)
    return np.concatenate([low, high], 1).astype(np.float32)


def _crossings(a: Points, b: Points, owner: Index, columns: int) -> tuple[Index, Points, Index]:
    """Return where edges from a to b cross the vertical lines through the cells' middles: column, height and owner."""
    left, right = np.minimum(a[:, 0], b[:, 0]), np.maximum(a[:, 0], b[:, 0])
    # Half-open, so that a line through a corner is crossed once: middles c with left <= c < right.
    first = np.clip(np.ceil(left - 0.5), 0, columns).astype(np.int64)
    counts = np.clip(np.ceil(right - 0.5), 0, columns).astype(np.int64) - first
    edge = np.repeat(np.arange(len(a)), counts)
    column = np.arange(len(edge)) - np.repeat(np.cumsum(counts) - counts, counts) + first[edge]
    share = (column + 0.5 - a[edge, 0]) / (b[edge, 0] - a[edge, 0])
    return column, a[edge, 1] + share * (b[edge, 1] - a[edge, 1]), owner[edge]


def none(count: int) -> Outlines:
    """Return `count` objects without outlines."""
    return Outlines(np.zeros((0, 2)), np.zeros(0, np.int64), np.zeros(0, np.int64), count)


def joined(parts: Sequence[Outlines]) -> Outlines:
    """Return the objects of all parts, in order."""
    counts = np.cumsum([0, *(part.count for part in parts)])
    rings = np.cumsum([0, *(int(part.ring.max(initial=-1)) + 1 for part in parts)])
    return Outlines(
        np.concatenate([part.points for part in parts]),
        np.concatenate([part.ring + start for part, start in zip(parts, rings, strict=False)]),
        np.concatenate([part.owner + start for part, start in zip(parts, counts, strict=False)]),
        int(counts[-1]),
    )


def _rings(shape: Geometry) -> Sequence[Sequence[tuple[float, float]]]:
    match shape:
        case Mask():
            return outline(shape)
        case Polygon():
            return shape.rings
        case Ellipse():
            return (shape.ring,)
        case _:
            return ()


def outlines_of(geometries: Sequence[Geometry], width: int, height: int) -> Outlines:
    """Return the outlines of shapes on a picture, cut at its edges; boxes, turned or not, have none."""
    points: list[Sequence[tuple[float, float]]] = []
    owners: list[int] = []
    for number, shape in enumerate(geometries):
        rings = _rings(shape)
        points.extend(rings)
        owners.extend([number] * len(rings))
    if not points:
        return none(len(geometries))
    lengths = [len(ring) for ring in points]
    flat = np.concatenate([np.asarray(ring, np.float64) for ring in points])
    whole = Outlines(flat, np.repeat(np.arange(len(points)), lengths), np.repeat(owners, lengths), len(geometries))
    return whole.clipped(width, height)[0]


class MaskGrid(Protocol):
    """Where a network wants to be told whether it is inside an object."""

    @property
    def rows(self) -> int:
        """Places from top to bottom."""

    @property
    def columns(self) -> int:
        """Places from left to right."""

    def frames(self, boxes: Boxes) -> Boxes:
        """Return for objects in boxes (g, 4) the boxes (g, 4) that the grid spans."""


@dataclass(frozen=True, slots=True)
class BoxGrid:
    """A grid over each object's box, grown by `margin` of its size on every side: small however large the input is."""

    rows: int = 28
    columns: int = 28
    margin: float = 0.1

    def frames(self, boxes: Boxes) -> Boxes:
        """Return the grown boxes."""
        grow = (boxes[:, 2:] - boxes[:, :2]) * np.float32(self.margin)
        return np.concatenate([boxes[:, :2] - grow, boxes[:, 2:] + grow], 1)


@dataclass(frozen=True, slots=True)
class InputGrid:
    """A grid over the whole input of `columns * stride` x `rows * stride` pixels."""

    rows: int
    columns: int
    stride: int = 4

    def frames(self, boxes: Boxes) -> Boxes:
        """Return the input's box for every object."""
        whole = np.array([0, 0, self.columns * self.stride, self.rows * self.stride], np.float32)
        return np.tile(whole, (len(boxes), 1))
