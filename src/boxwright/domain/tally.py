"""Counts objects and images batch by batch, for all classes at once: no class needs another look at the data."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from boxwright.domain.projects import SPLITS
from boxwright.domain.statistics import (
    AREAS,
    CELLS,
    COUNTS,
    PIXELS,
    RATIOS,
    ClassStatistics,
    Histogram,
    PerSplit,
    Statistics,
    per_split,
)

Numbers = NDArray[np.int64]
Row = tuple[str, str, float, float, float, float, float]
"""Picture id, class id, x0, y0, x1, y1, area."""
Picture = tuple[str, str, str, int, int]
"""Id, split, state, width, height."""
_SPLITS = len(SPLITS)


class Tally:
    """What was counted so far. A picture comes together with all of its objects."""

    def __init__(self, class_ids: Sequence[str]) -> None:
        """Count objects of these classes."""
        self._classes = {key: place for place, key in enumerate(class_ids)}
        kinds = len(class_ids)
        self._images = np.zeros(_SPLITS, np.int64)
        self._labeled = np.zeros(_SPLITS, np.int64)
        self._pixels = np.zeros((_SPLITS, len(PIXELS)), np.int64)
        self._all_counts = np.zeros((_SPLITS, len(COUNTS)), np.int64)
        self._areas = np.zeros((kinds, _SPLITS, len(AREAS)), np.int64)
        self._ratios = np.zeros((kinds, _SPLITS, len(RATIOS)), np.int64)
        self._counts = np.zeros((kinds, _SPLITS, len(COUNTS)), np.int64)
        self._cells = np.zeros((kinds, CELLS * CELLS), np.int64)

    def add(self, pictures: Sequence[Picture], rows: Sequence[Row]) -> None:
        """Count some pictures and all of their objects; what lies on other pictures is left out."""
        if not pictures:
            return
        ids, names, states, widths, heights = zip(*pictures, strict=True)
        splits = np.array([SPLITS.index(name) for name in names])
        sizes = np.array([widths, heights], np.float64)
        labeled = np.array([state != "unlabeled" for state in states])
        self._images += np.bincount(splits, minlength=_SPLITS)
        self._labeled += np.bincount(splits[labeled], minlength=_SPLITS)
        _count(self._pixels, splits, _bins(sizes[0] * sizes[1], PIXELS))
        places = {key: place for place, key in enumerate(ids)}
        kept = [row for row in rows if row[0] in places and row[1] in self._classes]
        where = np.array([places[row[0]] for row in kept], np.int64)
        kinds = np.array([self._classes[row[1]] for row in kept], np.int64)
        on_each = np.bincount(where, minlength=len(ids))
        _count(self._all_counts, splits, _bins(on_each, COUNTS))
        if kept:
            self._objects(np.array([row[2:] for row in kept], np.float64).T, where, kinds, splits, sizes)

    def _objects(
        self, frames: NDArray[np.float64], where: Numbers, kinds: Numbers, splits: Numbers, sizes: NDArray[np.float64]
    ) -> None:
        x0, y0, x1, y1, area = frames
        of = splits[where]
        _count(self._areas, kinds, of, _bins(area, AREAS))
        width, height = x1 - x0, y1 - y0
        flat = (width > 0) & (height > 0)
        ratio = width[flat] / height[flat]
        _count(self._ratios, kinds[flat], of[flat], _bins(ratio, RATIOS))
        column, line = _cells(x0 + x1, sizes[0, where]), _cells(y0 + y1, sizes[1, where])
        _count(self._cells, kinds, line * CELLS + column)
        pairs, numbers = np.unique(where * len(self._classes) + kinds, return_counts=True)
        on, kind = np.divmod(pairs, len(self._classes))
        _count(self._counts, kind, splits[on], _bins(numbers, COUNTS))

    def statistics(self, classes: Sequence[tuple[str, str, str]], class_id: str | None = None) -> Statistics:
        """Return what was counted; `classes` are (id, name, colour) of those of the start. Raises KeyError."""
        chosen = slice(None) if class_id is None else slice(self._classes[class_id], self._classes[class_id] + 1)
        counts = self._all_counts
        if class_id is not None:
            counts = self._counts[chosen].sum(axis=0)
            counts[:, 0] = self._images - counts.sum(axis=1)
        areas = self._areas[chosen].sum(axis=0)
        return Statistics(
            class_id=class_id,
            images=_split(self._images),
            labeled=_split(self._labeled),
            objects=_split(areas.sum(axis=1)),
            classes=tuple(self._of_class(*item) for item in classes if item[0] in self._classes),
            areas=_histogram(AREAS, areas),
            ratios=_histogram(RATIOS, self._ratios[chosen].sum(axis=0)),
            counts=_histogram(COUNTS, counts),
            pixels=_histogram(PIXELS, self._pixels),
            cells=CELLS,
            positions=tuple(map(tuple, self._cells[chosen].sum(axis=0).reshape(CELLS, CELLS).tolist())),
        )

    def _of_class(self, class_id: str, name: str, color: str) -> ClassStatistics:
        place = self._classes[class_id]
        return ClassStatistics(
            class_id=class_id,
            name=name,
            color=color,
            objects=_split(self._areas[place].sum(axis=1)),
            images=_split(self._counts[place].sum(axis=1)),
        )


def _bins(values: "NDArray[np.float64] | Numbers", edges: Sequence[float]) -> Numbers:
    return np.clip(np.searchsorted(np.array(edges), values, side="right") - 1, 0, len(edges) - 1)


def _cells(twice: NDArray[np.float64], size: NDArray[np.float64]) -> Numbers:
    """Return in which row or column of the grid a centre lies, given twice its coordinate."""
    return np.clip((twice / 2 / size * CELLS).astype(np.int64), 0, CELLS - 1)


def _count(into: Numbers, *places: Numbers) -> None:
    """Add one at each place."""
    flat = np.ravel_multi_index(places, into.shape)
    into += np.bincount(flat, minlength=into.size).reshape(into.shape)


def _split(values: Numbers) -> PerSplit:
    return per_split(values.tolist())


def _histogram(edges: tuple[float, ...], values: Numbers) -> Histogram:
    rows: Mapping[str, tuple[int, ...]] = {name: tuple(row) for name, row in zip(SPLITS, values.tolist(), strict=True)}
    return Histogram(edges=edges, **rows)
