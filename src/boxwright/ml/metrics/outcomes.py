"""What became of every object and detection of a picture, at the operating scores."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from boxwright.domain.quality import ErrorKind
from boxwright.ml.metrics.matching import IGNORED, NONE, Matched

NEAR = 0.1
"""From this IoU on a box is a try at the object; TIDE's background threshold."""
RIGHT = 0.5


@dataclass(frozen=True, slots=True)
class Outcomes:
    """One picture.

    `kept` (k,) which of its detections count, best first; `taken` int64 (k,) the object each takes, NONE or IGNORED;
    `taken_for` int64 (k,) the object of another class that a wrong one stands on, else NONE; `kinds` of the wrong ones;
    `missed` bool (g,) objects that none takes; `alone` bool (g,) those of them that no error explains.
    """

    kept: NDArray[np.int64]
    taken: NDArray[np.int64]
    taken_for: NDArray[np.int64]
    kinds: list[ErrorKind | None]
    missed: NDArray[np.bool_]
    alone: NDArray[np.bool_]


def outcomes(matched: Matched, thresholds: NDArray[np.float64]) -> Outcomes:
    """Judge a picture; `thresholds` (classes,) are the operating scores. Kinds as in TIDE (Bolya et al., 2020)."""
    sample, got = matched.found.sample, matched.found.detections
    counted = (got.scores >= thresholds[got.class_ids].astype(np.float32)) & (matched.taken != IGNORED)
    kept = np.flatnonzero(counted)
    kept = kept[np.argsort(-got.scores[kept], kind="stable")]
    taken = matched.taken[kept]
    table = matched.overlaps[kept] * ~sample.crowd
    same = got.class_ids[kept][:, None] == sample.labels[None]
    own, other = table * same, table * ~same
    missed = ~sample.crowd
    missed[taken[taken >= 0]] = False
    kinds: list[ErrorKind | None] = [None] * len(kept)
    explained = np.zeros(len(sample.labels), bool)
    for row in np.flatnonzero(taken == NONE):
        kinds[row], of = _kind(own[row], other[row])
        if of is not None:
            explained[of] = True
    return Outcomes(kept, taken, _taken_for(other, taken, missed), kinds, missed, missed & ~explained)


def _kind(own: NDArray[np.float64], other: NDArray[np.float64]) -> tuple[ErrorKind, int | None]:
    """Return the kind of a false positive by its overlaps with objects of its class and of others, and which it is of.

    The order of the tests is that of TIDE's own program.
    """
    if not len(own):
        return "background", None
    best, best_other = float(own.max()), float(other.max())
    if NEAR <= best < RIGHT:
        return "localization", int(own.argmax())
    if best_other >= RIGHT:
        return "classification", int(other.argmax())
    if best >= RIGHT:
        return "duplicate", None
    return ("both" if best_other >= NEAR else "background"), None


def _taken_for(other: NDArray[np.float64], taken: NDArray[np.int64], missed: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Pair wrong detections, best first, with missed objects of other classes that they cover by IoU 0.5; once each."""
    pairs = np.full(len(taken), NONE, np.int64)
    free = missed.copy()
    for row in np.flatnonzero(taken == NONE):
        left = other[row] * free
        if len(left) and left.max() >= RIGHT:
            pairs[row] = int(left.argmax())
            free[pairs[row]] = False
    return pairs
