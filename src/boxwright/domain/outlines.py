"""Masks as polygons, exactly: along the edges of their pixels."""

from collections import defaultdict

import numpy as np

from boxwright.domain import rle
from boxwright.domain.geometry import Mask, Point

_Corner = tuple[int, int]


def outline(mask: Mask) -> tuple[tuple[Point, ...], ...]:
    """Return the rings around the pixels of a mask; even-odd filling of them gives the mask again.

    Outer rings run clockwise on the screen, holes the other way round.
    """
    x0, y0, x1, y1 = (int(value) for value in mask.bounds)
    pixels = rle.decode(mask.counts, mask.width, mask.height)[y0:y1, x0:x1]
    padded = np.pad(pixels, 1).astype(np.int8)
    after: defaultdict[_Corner, list[_Corner]] = defaultdict(list)
    across = np.diff(padded, axis=0)[:, 1:-1]  # edges between a pixel and the one above it
    for y, x in np.argwhere(across):
        right = across[y, x] > 0
        after[(x, y) if right else (x + 1, y)].append((x + 1, y) if right else (x, y))
    down = np.diff(padded, axis=1)[1:-1, :]  # edges between a pixel and the one left of it
    for y, x in np.argwhere(down):
        up = down[y, x] > 0
        after[(x, y + 1) if up else (x, y)].append((x, y) if up else (x, y + 1))
    rings = []
    while after:
        rings.append(tuple((float(x + x0), float(y + y0)) for x, y in _walk(after)))
    return tuple(rings)


def _walk(after: defaultdict[_Corner, list[_Corner]]) -> list[_Corner]:
    """Take one closed ring out of the edges; points between two edges of one direction are left out."""
    start = here = next(iter(after))
    ring: list[_Corner] = []
    last = (0, 0)
    while True:
        choices = after[here]
        # Where two pixels touch at a corner only, turn right: each keeps a ring of its own.
        there = choices[0] if len(choices) == 1 else max(choices, key=lambda to: _turn(last, here, to))
        choices.remove(there)
        if not choices:
            del after[here]
        step = (there[0] - here[0], there[1] - here[1])
        if step != last:
            ring.append(here)
        last, here = step, there
        if here == start:
            break
    if len(ring) > 2 and (ring[1][0] - ring[0][0]) * last[1] == (ring[1][1] - ring[0][1]) * last[0]:
        ring.pop(0)
    return ring


def _turn(last: _Corner, here: _Corner, to: _Corner) -> int:
    """Positive for a turn to the right on the screen, negative for one to the left."""
    return last[0] * (to[1] - here[1]) - last[1] * (to[0] - here[0])
