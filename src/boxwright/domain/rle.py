"""COCO run-length masks: column-major runs that begin with background, and their compressed text form."""

import itertools

import numpy as np
from numpy.typing import NDArray

from boxwright.domain.errors import Invalid

Counts = tuple[int, ...]
MAX_PIXELS = 1 << 31


def check_counts(counts: Counts, width: int, height: int) -> None:
    """Raise Invalid unless `counts` are non-negative runs that sum to `width * height` and set a pixel."""
    if width < 1 or height < 1 or width * height > MAX_PIXELS:
        raise Invalid(f"mask size {width} x {height} is out of range", code="geometry_invalid")
    if any(run < 0 for run in counts) or sum(counts) != width * height:
        raise Invalid(f"mask runs do not add up to {width} x {height} pixels", code="geometry_invalid")
    if not any(counts[1::2]):
        raise Invalid("mask has no area", code="geometry_invalid")


def area_of_counts(counts: Counts) -> int:
    """Return the number of pixels set."""
    return sum(counts[1::2])


def box_of_counts(counts: Counts, height: int) -> tuple[float, float, float, float]:
    """Return the half-open bounds `x0, y0, x1, y1` of the pixels set in a mask `height` pixels high."""
    ends = list(itertools.accumulate(counts))
    x0, y0, x1, y1 = 1 << 31, height, 0, 0
    for start, end in zip(ends[0::2], ends[1::2], strict=False):
        if end == start:
            continue
        first, last = start // height, (end - 1) // height
        x0, x1 = min(x0, first), max(x1, last + 1)
        whole = last > first
        y0 = 0 if whole else min(y0, start % height)
        y1 = height if whole else max(y1, (end - 1) % height + 1)
    return (float(x0), float(y0), float(x1), float(y1))


def encode(mask: NDArray[np.bool_]) -> Counts:
    """Turn a boolean array of shape (height, width) into runs."""
    flat = np.asarray(mask, dtype=bool).ravel(order="F")
    edges = np.flatnonzero(np.diff(flat)) + 1
    runs = np.diff(np.concatenate(([0], edges, [flat.size]))).tolist()
    return tuple(runs if not flat[0] else [0, *runs])


def decode(counts: Counts, width: int, height: int) -> NDArray[np.bool_]:
    """Turn runs into a boolean array of shape (height, width)."""
    values = np.arange(len(counts)) % 2 == 1
    return np.repeat(values, counts).reshape((height, width), order="F")


def to_text(counts: Counts) -> str:
    """Compress runs to COCO's text: each run minus the one two before, in 5-bit groups with sign, offset by 48."""
    out: list[str] = []
    for i, run in enumerate(counts):
        value = run - counts[i - 2] if i > 2 else run
        more = True
        while more:
            group = value & 0x1F
            value >>= 5
            more = value != (-1 if group & 0x10 else 0)
            out.append(chr(48 + (group | 0x20 if more else group)))
    return "".join(out)


def from_text(text: str) -> Counts:
    """Read COCO's compressed text. Raises Invalid when it is cut short or has foreign characters."""
    counts: list[int] = []
    value = shift = 0
    for char in text:
        group = ord(char) - 48
        if not 0 <= group < 64 or shift > 60:
            raise Invalid("compressed mask has a character that does not belong there", code="geometry_invalid")
        value |= (group & 0x1F) << shift
        shift += 5
        if group & 0x20:
            continue
        if group & 0x10:
            value |= -1 << shift
        counts.append(value + counts[-2] if len(counts) > 2 else value)
        value = shift = 0
    if shift:
        raise Invalid("compressed mask ends in the middle of a number", code="geometry_invalid")
    return tuple(counts)
