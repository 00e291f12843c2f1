"""Near twins: pictures of two splits that show the same, so that one is no test of what was learned on the other."""

from dataclasses import dataclass, field
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from boxwright.domain.quality import TwinPair, Twins
from boxwright.domain.twins import MOST_GREY, apart, candidates
from boxwright.media.fingerprint import fingerprint_of
from boxwright.ml.data.samples import Sample

_MOST_PAIRS = 500


@dataclass(slots=True)
class Prints:
    """Fingerprints of pictures (media/fingerprint), by the order in which they were added."""

    samples: list[Sample] = field(default_factory=list)
    bits: list[int] = field(default_factory=list)
    grey: list[NDArray[np.uint8]] = field(default_factory=list)

    def add(self, sample: Sample, pixels: NDArray[np.uint8]) -> None:
        """Add a picture, upright RGB (h, w, 3)."""
        import cv2  # loads with the first picture, not with the server

        made = fingerprint_of(np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8))
        self.samples.append(sample)
        self.bits.append(made.bits)
        self.grey.append(made.grey)


def near_twins(some: Prints, others: Prints) -> Twins:
    """Return which of `some` have a near twin among `others`, of several the nearest one.

    A few bytes a picture and a join by bands: 20,000 against 100,000 pictures take about a second.
    """
    if not some.samples or not others.samples:
        return Twins(images=0, pairs=())
    grey, other_grey = np.stack(some.grey), np.stack(others.grey)
    best: dict[int, tuple[float, int]] = {}
    for rows, columns in candidates(np.array(some.bits, np.uint64), np.array(others.bits, np.uint64)):
        found = apart(grey[rows], other_grey[columns])
        for row, column, distance in zip(rows.tolist(), columns.tolist(), found.tolist(), strict=True):
            if distance <= MOST_GREY:
                best[row] = min(best.get(row, (distance, column)), (distance, column))
    pairs = ((some.samples[row], others.samples[column]) for row, (_, column) in sorted(best.items()))
    first = islice(pairs, _MOST_PAIRS)
    return Twins(
        images=len(best),
        pairs=tuple(TwinPair(image_id=a.id, name=a.name, twin_id=b.id, twin_name=b.name) for a, b in first),
    )


def told(twins: Twins, split: str, shown: int = 5) -> str:
    """Return a line for people."""
    names = ", ".join(f"{pair.name} ~ {pair.twin_name}" for pair in twins.pairs[:shown])
    more = f" and {twins.images - shown} more" if twins.images > shown else ""
    return (
        f"{twins.images} of the {split} images have a near twin in train, so the figures on {split} may be too good; "
        f"move or remove them: {names}{more}"
    )
