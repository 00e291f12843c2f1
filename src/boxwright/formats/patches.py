"""Masks as other tools keep them: a rectangle of pixels somewhere on the picture, row by row."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from boxwright.domain import rle
from boxwright.domain.errors import Invalid
from boxwright.domain.geometry import Mask
from boxwright.media import MAX_PIXELS

Pixels = NDArray[np.bool_]


def pixels_of(runs: Sequence[int], width: int, height: int) -> Pixels:
    """Return the pixels of runs that go row by row and begin with background. Raises Invalid where they do not fit."""
    _check(width, height)
    if any(run < 0 for run in runs) or sum(runs) != width * height:
        raise Invalid(f"mask runs do not add up to {width} x {height} pixels", code="geometry_invalid")
    return np.repeat(np.arange(len(runs)) % 2 == 1, runs).reshape(height, width)


def runs_of(pixels: Pixels) -> list[int]:
    """Return runs that go row by row and begin with background."""
    return list(rle.encode(pixels.T))


def counts_of(pixels: Pixels, left: int, top: int, width: int, height: int) -> rle.Counts:
    """Return the runs of a picture of `width` x `height` on which these pixels lie; what sticks out is cut off.

    Raises Invalid where no pixel of the picture is set.
    """
    _check(width, height)
    inside = pixels[max(0, -top) : max(0, height - top), max(0, -left) : max(0, width - left)]
    left, top = max(0, left), max(0, top)
    if not inside.any():
        raise Invalid("mask has no pixel inside the picture", code="geometry_invalid")
    strip = np.zeros((height, inside.shape[1]), bool)
    strip[top : top + inside.shape[0]] = inside
    first, *others = rle.encode(strip)
    counts = [first + left * height, *others]
    behind = (width - left - inside.shape[1]) * height
    if len(counts) % 2:  # the last run is background
        counts[-1] += behind
    elif behind:
        counts.append(behind)
    return tuple(counts)


def patch_of(mask: Mask) -> tuple[int, int, Pixels]:
    """Return left, top and pixels of the smallest rectangle that holds a mask."""
    x0, y0, x1, y1 = (int(value) for value in mask.bounds)
    ends = np.cumsum(mask.counts)
    first, last = x0 * mask.height, x1 * mask.height
    starts = np.concatenate(([0], ends[:-1]))
    strip = np.clip(ends, first, last) - np.clip(starts, first, last)
    return x0, y0, rle.decode(tuple(strip.tolist()), x1 - x0, mask.height)[y0:y1]


def _check(width: int, height: int) -> None:
    if width < 1 or height < 1 or width * height > MAX_PIXELS:
        raise Invalid(f"mask size {width} x {height} is out of range", code="geometry_invalid")
