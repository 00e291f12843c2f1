"""Pictures that show the same, by their fingerprints: 64 bits of a difference hash, and a small grey picture."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

# Of 64 bits so many may differ; those of one band of 16 must then be equal (pigeonhole), which makes the search a join.
MOST_BITS = 3
_BANDS = 4
# What the bits call alike is looked at once more: mean difference of the grey values of two small pictures, each less
# its mean, so that a darker copy stays one.
MOST_GREY = 6.0
# Pictures without any contrast all look alike to the bits; a bucket of too many is cut short.
_MOST_IN_BUCKET = 200
_AT_ONCE = 50_000
Pairs = tuple[NDArray[np.int64], NDArray[np.int64]]


def candidates(a: NDArray[np.uint64], b: NDArray[np.uint64]) -> Iterator[Pairs]:
    """Yield pairs of positions whose bits differ in at most MOST_BITS places."""
    for band in range(_BANDS):
        shift = np.uint64(16 * band)
        mine, theirs = ((bits >> shift) & np.uint64(0xFFFF) for bits in (a, b))
        order = np.argsort(theirs, kind="stable")
        start = np.searchsorted(theirs[order], mine, side="left")
        count = np.minimum(np.searchsorted(theirs[order], mine, side="right") - start, _MOST_IN_BUCKET)
        for part in _parts(count):
            rows = np.repeat(part, count[part])
            within = np.arange(len(rows)) - np.repeat(np.cumsum(count[part]) - count[part], count[part])
            columns = order[start[rows] + within]
            near = np.bitwise_count(a[rows] ^ b[columns]) <= MOST_BITS
            yield rows[near], columns[near]


def _parts(count: NDArray[np.int64], most: int = 2_000_000) -> Iterator[NDArray[np.int64]]:
    """Split positions so that no part has many more than `most` candidates."""
    group = np.cumsum(count) // most
    for number in np.unique(group):
        yield np.flatnonzero(group == number)


def apart(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return the mean difference of grey pictures (n, 16, 16) of equal number, each less its own mean."""
    levelled = (x.astype(np.float32) - x.mean((1, 2), keepdims=True, dtype=np.float32) for x in (a, b))
    one, other = levelled
    return np.asarray(np.abs(one - other).mean((1, 2)), np.float32)


def alike(bits: NDArray[np.uint64], grey: NDArray[np.uint8]) -> Iterator[tuple[int, int]]:
    """Yield pairs of positions of pictures that show the same, the first before the second, some more than once."""
    for rows, columns in candidates(bits, bits):
        below = rows < columns
        first, second = rows[below], columns[below]
        for start in range(0, len(first), _AT_ONCE):
            one, other = first[start : start + _AT_ONCE], second[start : start + _AT_ONCE]
            near = apart(grey[one], grey[other]) <= MOST_GREY
            yield from zip(one[near].tolist(), other[near].tolist(), strict=True)
