"""Near twins: pictures of two splits that show the same, so that one is no test of what was learned on the other."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from boxwright.domain.quality import TwinPair, Twins
from boxwright.ml.data.samples import Sample

# Of 64 bits so many may differ; those of one band of 16 must then be equal (pigeonhole), which makes the search a join.
MOST_BITS = 3
_BANDS = 4
# What the bits call alike is looked at once more: mean difference of the grey values of two small pictures, each less
# its mean, so that a darker copy stays one.
_SIDE, _MOST_GREY = 16, 6.0
# Pictures without any contrast all look alike to the bits; a bucket of too many is cut short.
_MOST_IN_BUCKET = 200
_MOST_PAIRS = 500


@dataclass(slots=True)
class Prints:
    """Fingerprints of pictures, by the order in which they were added.

    `bits` uint64, a difference hash (Krawetz, 2013) of the upright picture; `grey` uint8 (16, 16).
    """

    samples: list[Sample] = field(default_factory=list)
    bits: list[int] = field(default_factory=list)
    grey: list[NDArray[np.uint8]] = field(default_factory=list)

    def add(self, sample: Sample, pixels: NDArray[np.uint8]) -> None:
        """Add a picture, upright RGB (h, w, 3)."""
        import cv2  # loads with the first picture, not with the server

        grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
        small = cv2.resize(grey, (9, 8), interpolation=cv2.INTER_AREA).astype(np.int16)
        packed = np.packbits(small[:, 1:] > small[:, :-1])
        self.samples.append(sample)
        self.bits.append(int.from_bytes(packed.tobytes(), "big"))
        self.grey.append(np.asarray(cv2.resize(grey, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA), np.uint8))


def near_twins(some: Prints, others: Prints) -> Twins:
    """Return which of `some` have a near twin among `others`, of several the nearest one.

    A few bytes a picture and a join by bands: 20,000 against 100,000 pictures take about a second.
    """
    if not some.samples or not others.samples:
        return Twins(images=0, pairs=())
    grey, other_grey = _levelled(some.grey), _levelled(others.grey)
    best: dict[int, tuple[float, int]] = {}
    for rows, columns in _candidates(np.array(some.bits, np.uint64), np.array(others.bits, np.uint64)):
        apart = np.abs(grey[rows] - other_grey[columns]).mean((1, 2))
        for row, column, distance in zip(rows.tolist(), columns.tolist(), apart.tolist(), strict=True):
            if distance <= _MOST_GREY:
                best[row] = min(best.get(row, (distance, column)), (distance, column))
    pairs = ((some.samples[row], others.samples[column]) for row, (_, column) in sorted(best.items()))
    first = islice(pairs, _MOST_PAIRS)
    return Twins(
        images=len(best),
        pairs=tuple(TwinPair(image_id=a.id, name=a.name, twin_id=b.id, twin_name=b.name) for a, b in first),
    )


def _levelled(grey: Sequence[NDArray[np.uint8]]) -> NDArray[np.float32]:
    small = np.stack(grey).astype(np.float32)
    return np.asarray(small - small.mean((1, 2), keepdims=True), np.float32)


def _candidates(a: NDArray[np.uint64], b: NDArray[np.uint64]) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
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


def told(twins: Twins, split: str, shown: int = 5) -> str:
    """Return a line for people."""
    names = ", ".join(f"{pair.name} ~ {pair.twin_name}" for pair in twins.pairs[:shown])
    more = f" and {twins.images - shown} more" if twins.images > shown else ""
    return (
        f"{twins.images} of the {split} images have a near twin in train, so the figures on {split} may be too good; "
        f"move or remove them: {names}{more}"
    )
