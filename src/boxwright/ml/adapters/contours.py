"""The line where a field of values changes its sign: marching squares (Lorensen and Cline, 1987, in the plane)."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ring = NDArray[np.float64]
_OUTSIDE = -1.0
_TOP, _RIGHT, _BOTTOM, _LEFT = range(4)
# Corners inside (1 top left, 2 top right, 4 bottom right, 8 bottom left) -> from which side of the square to which the
# line goes, with the inside at its right hand.
_LINES: dict[int, tuple[tuple[int, int], ...]] = {
    1: ((_TOP, _LEFT),),
    2: ((_RIGHT, _TOP),),
    3: ((_RIGHT, _LEFT),),
    4: ((_BOTTOM, _RIGHT),),
    5: ((_TOP, _LEFT), (_BOTTOM, _RIGHT)),
    6: ((_BOTTOM, _TOP),),
    7: ((_BOTTOM, _LEFT),),
    8: ((_LEFT, _BOTTOM),),
    9: ((_TOP, _BOTTOM),),
    10: ((_RIGHT, _TOP), (_LEFT, _BOTTOM)),
    11: ((_RIGHT, _BOTTOM),),
    12: ((_LEFT, _RIGHT),),
    13: ((_TOP, _RIGHT),),
    14: ((_LEFT, _TOP),),
    # Opposite corners, and the middle is inside too.
    16 + 5: ((_TOP, _RIGHT), (_BOTTOM, _LEFT)),
    16 + 10: ((_LEFT, _TOP), (_RIGHT, _BOTTOM)),
}


def trace(field: Floats, xs: Ring, ys: Ring) -> list[Ring]:
    """Return the closed lines, each of points (n, 2), around what is over 0 in a field sampled at `ys` x `xs`.

    What reaches the rim of the field ends there. Outer rings run clockwise on the screen, holes the other way round.
    """
    padded = np.pad(field, 1, constant_values=_OUTSIDE)
    xs, ys = np.pad(xs, 1, mode="edge"), np.pad(ys, 1, mode="edge")
    start, end = _edges(padded)
    if not len(start):
        return []
    order = np.argsort(start)
    points = _points(padded, xs, ys, start[order])
    # Every crossed edge begins one piece and ends another.
    after: list[int] = np.searchsorted(start, end[order], sorter=order).tolist()
    return [points[ring] for ring in _rings(after)]


def _edges(field: Floats) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return for each piece of line the number of the grid's edge where it begins, and where it ends.

    Edges that run along a row are numbered first, then those along a column.
    """
    inside = field > 0
    rows, columns = field.shape
    code = inside[:-1, :-1] + 2 * inside[:-1, 1:] + 4 * inside[1:, 1:] + 8 * inside[1:, :-1]
    at = np.flatnonzero((code > 0) & (code < 15))
    kinds = code.ravel()[at].astype(np.int64)
    y, x = np.divmod(at, columns - 1)
    forked = (kinds == 5) | (kinds == 10)
    middle = field[y, x] + field[y, x + 1] + field[y + 1, x] + field[y + 1, x + 1]
    kinds += 16 * (forked & (middle > 0))
    along = rows * (columns - 1)
    sides = np.stack(
        [
            y * (columns - 1) + x,
            along + y * columns + x + 1,
            (y + 1) * (columns - 1) + x,
            along + y * columns + x,
        ]
    )
    start, end = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for kind, lines in _LINES.items():
        here = sides[:, kinds == kind]
        for a, b in lines:
            start.append(here[a])
            end.append(here[b])
    return np.concatenate(start), np.concatenate(end)


def _points(field: Floats, xs: Ring, ys: Ring, edges: NDArray[np.int64]) -> Ring:
    """Return where the field is 0 on each of these edges, as (n, 2)."""
    rows, columns = field.shape
    along = edges < rows * (columns - 1)
    y, x = np.divmod(np.where(along, edges, edges - rows * (columns - 1)), np.where(along, columns - 1, columns))
    y2, x2 = y + ~along, x + along
    a, b = field[y, x].astype(np.float64), field[y2, x2].astype(np.float64)
    share = a / (a - b)
    return np.stack([xs[x] + share * (xs[x2] - xs[x]), ys[y] + share * (ys[y2] - ys[y])], 1)


def _rings(after: list[int]) -> Iterator[list[int]]:
    """Yield each closed walk."""
    seen = bytearray(len(after))
    for start in range(len(after)):
        ring: list[int] = []
        here = start
        while not seen[here]:
            seen[here] = 1
            ring.append(here)
            here = after[here]
        if ring:
            yield ring
