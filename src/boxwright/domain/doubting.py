"""Which labels of a picture a model disagrees with, and how likely that is the fault of the label.

Everything is about boxes: an outline is judged by the box around it.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from boxwright.domain.suspicions import DoubtKind

Floats = NDArray[np.float64]
_MATCH, _NEAR, _LOOSE = 0.5, 0.3, 0.8
# From the first IoU on a detection speaks for an annotation, from the second on fully.
_TOUCH, _COVER = 0.1, 0.5
# Scores of detections are put into so many steps, and so many are pretended to each to begin with.
_STEPS, _PRIOR = 10, 4.0
_MIDDLES = (np.arange(_STEPS) + 0.5) / _STEPS
_FEW, _USUAL = 5, 0.85


@dataclass(frozen=True, slots=True)
class Marked:
    """What is annotated on a picture: boxes (n, 4), classes (n,) of the model (-1: it does not know them), crowds."""

    boxes: Floats
    classes: NDArray[np.int64]
    crowd: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Spotted:
    """What the model found on it, down to low scores: boxes (d, 4), classes (d,), scores (d,)."""

    boxes: Floats
    classes: NDArray[np.int64]
    scores: Floats


@dataclass(frozen=True, slots=True)
class Doubt:
    """A disagreement: `mark` the annotation, `find` the detection, as positions, None where there is none.

    `confidence` is the score of the detection, `support` what speaks for the label as it is, both 0 to 1.
    """

    kind: DoubtKind
    class_id: int
    mark: int | None
    find: int | None
    confidence: float
    support: float
    iou: float


@dataclass(slots=True)
class Standing:
    """How well a class is known to the model, by all pictures looked at.

    Of `objects` labels `found` are seen by it; by steps of the score, how many of `all` detections are `right`; and how
    much the right ones overlap their labels.
    """

    objects: int = 0
    found: float = 0.0
    right: Floats = field(default_factory=lambda: np.zeros(_STEPS))
    all: Floats = field(default_factory=lambda: np.zeros(_STEPS))
    overlaps: list[float] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """The share of the labels that the model finds, mistrusted where there are few."""
        return self.found / (self.objects + _PRIOR)

    def sureness(self, score: float) -> float:
        """Return how often a detection of such a score is right: never less than of a lower score, 0 to 1."""
        rates = (self.right + _PRIOR * _MIDDLES) / (self.all + _PRIOR)
        return float(np.interp(score, _MIDDLES, np.maximum.accumulate(rates)))

    def looseness(self, iou: float) -> float:
        """Return how far an overlap is from what is usual between this model and right labels, 0 to 1."""
        usual = float(np.median(self.overlaps)) if len(self.overlaps) >= _FEW else _USUAL
        return min(1.0, max(0.0, (usual - iou) / max(usual - _NEAR, 1e-9)))


class Judge:
    """Sees all pictures of a check, then says how likely each disagreement is an error of the label."""

    def __init__(self, thresholds: Sequence[float]) -> None:
        self._thresholds = np.asarray(thresholds, np.float64)
        self._classes: dict[int, Standing] = defaultdict(Standing)

    def look(self, marked: Marked, spotted: Spotted) -> list[Doubt]:
        """Return the disagreements on a picture, and remember how well the model does."""
        table = overlaps(spotted.boxes, marked.boxes)
        pairs = _pairs(marked, spotted, table)
        self._learn(marked, spotted, table, pairs)
        return [
            *_loose_or_swapped(marked, spotted, table, pairs),
            *_unsupported(marked, spotted, table, pairs),
            *self._unlabelled(marked, spotted, table, pairs),
        ]

    def score(self, doubt: Doubt) -> float:
        """Return how likely a label is wrong, 0 to 1; ask when all pictures were looked at."""
        standing = self._classes[doubt.class_id]
        if doubt.kind == "spurious":
            return standing.recall * (1 - doubt.support) ** 2
        sure = standing.sureness(doubt.confidence)
        if doubt.kind == "box":
            return sure * standing.looseness(doubt.iou)
        return (sure + doubt.confidence) / 2 * (1 - doubt.support)

    def _learn(self, marked: Marked, spotted: Spotted, table: Floats, pairs: Mapping[int, int]) -> None:
        for find, score in enumerate(spotted.scores.tolist()):
            one = self._classes[int(spotted.classes[find])]
            mark = pairs.get(find)
            right = mark is not None and marked.classes[mark] == spotted.classes[find] and table[find, mark] >= _MATCH
            one.all[_step(score)] += 1
            one.right[_step(score)] += right
            if right and score >= self._thresholds[spotted.classes[find]]:
                one.overlaps.append(float(table[find, mark]))
        support = supports(marked, spotted, table, own=True)
        for mark in np.flatnonzero((marked.classes >= 0) & ~marked.crowd).tolist():
            one = self._classes[int(marked.classes[mark])]
            one.objects += 1
            one.found += support[mark] > self._thresholds[marked.classes[mark]] / 2

    def _unlabelled(self, marked: Marked, spotted: Spotted, table: Floats, pairs: Mapping[int, int]) -> Iterator[Doubt]:
        """Yield detections where nothing is annotated; of several on one object the surest."""
        taken: list[int] = []
        twice = overlaps(spotted.boxes, spotted.boxes)
        inside = _inside(spotted.boxes, marked.boxes[marked.crowd])
        for find in np.argsort(-spotted.scores, kind="stable").tolist():
            label, score = int(spotted.classes[find]), float(spotted.scores[find])
            if find in pairs or score < self._thresholds[label] or inside[find] > _MATCH:
                continue
            near = float(table[find].max(initial=0.0))
            if near >= _NEAR or any(twice[find, other] >= _NEAR for other in taken):
                continue
            taken.append(find)
            yield Doubt("missing", label, None, find, score, 0.0, near)


def overlaps(found: Floats, marked: Floats) -> Floats:
    """Return IoUs (d, n) of boxes `x0 y0 x1 y1`."""
    inner = _inner(found, marked)
    union = _area(found)[:, None] + _area(marked)[None] - inner
    return np.asarray(inner / np.maximum(union, 1e-9), np.float64)


def _inner(a: Floats, b: Floats) -> Floats:
    low, high = np.maximum(a[:, None, :2], b[None, :, :2]), np.minimum(a[:, None, 2:], b[None, :, 2:])
    return np.asarray(np.clip(high - low, 0, None).prod(2), np.float64)


def _area(boxes: Floats) -> Floats:
    return np.asarray((boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1]), np.float64)


def _inside(boxes: Floats, crowds: Floats) -> Floats:
    """Return the greatest share of each box that lies in a crowd."""
    return np.asarray(_inner(boxes, crowds).max(1, initial=0.0) / np.maximum(_area(boxes), 1e-9), np.float64)


def supports(marked: Marked, spotted: Spotted, table: Floats, *, own: bool) -> Floats:
    """Return what speaks for each annotation: the score of a detection there, of its class only with `own`."""
    worth = spotted.scores[:, None] * np.clip((table - _TOUCH) / (_COVER - _TOUCH), 0, 1)
    if own:
        worth = worth * (spotted.classes[:, None] == marked.classes[None])
    return np.asarray(worth.max(0, initial=0.0), np.float64)


def _pairs(marked: Marked, spotted: Spotted, table: Floats) -> dict[int, int]:
    """Return which annotation each detection takes, the surest first: of its class, then what is left of any."""
    pairs: dict[int, int] = {}
    free = ~marked.crowd
    same = spotted.classes[:, None] == marked.classes[None]
    order = np.argsort(-spotted.scores, kind="stable").tolist()
    for allowed, least in ((same, _MATCH), (np.ones_like(same), _NEAR)):
        for find in order:
            if find in pairs or not free.any():
                continue
            row = table[find] * allowed[find] * free
            mark = int(row.argmax())
            if row[mark] >= least:
                pairs[find], free[mark] = mark, False
    return pairs


def _loose_or_swapped(marked: Marked, spotted: Spotted, table: Floats, pairs: Mapping[int, int]) -> Iterator[Doubt]:
    own = supports(marked, spotted, table, own=True)
    for find, mark in pairs.items():
        label, iou, score = int(spotted.classes[find]), float(table[find, mark]), float(spotted.scores[find])
        if marked.classes[mark] < 0:
            continue
        if marked.classes[mark] == label and iou < _LOOSE:
            yield Doubt("box", label, mark, find, score, 0.0, iou)
        elif marked.classes[mark] != label and iou >= _MATCH:
            yield Doubt("class", label, mark, find, score, float(own[mark]), iou)


def _unsupported(marked: Marked, spotted: Spotted, table: Floats, pairs: Mapping[int, int]) -> Iterator[Doubt]:
    """Yield annotations that no detection is near to."""
    support = supports(marked, spotted, table, own=False)
    explained = {mark for find, mark in pairs.items() if table[find, mark] >= _MATCH}
    for mark in np.flatnonzero((marked.classes >= 0) & ~marked.crowd).tolist():
        if mark not in explained or support[mark] < 0.5:
            yield Doubt("spurious", int(marked.classes[mark]), mark, None, 0.0, float(support[mark]), 0.0)


def _step(score: float) -> int:
    return min(_STEPS - 1, max(0, int(score * _STEPS)))
