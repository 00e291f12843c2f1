"""How far two people who labelled the same picture agree: shapes matched by overlap, and the F1 of that."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from boxwright.domain.annotations import Annotation
from boxwright.domain.covering import covering
from boxwright.domain.geometry import LINES, Bounds, Geometry, iou

AGREE = 0.5


@dataclass(frozen=True, kw_only=True, slots=True)
class Labeler:
    """One of those who label a picture for themselves, in an annotation set of their own."""

    user_id: str
    name: str | None
    set_id: str
    submitted: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class ClassAgreement:
    """Annotations of one class (None: of all): of the first person, of the second, and how many of them match.

    `f1` is 2 * matched / (first + second), None where neither has any; `iou` the mean overlap of what matches.
    """

    class_id: str | None
    first: int
    second: int
    matched: int
    f1: float | None
    iou: float | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ImageAgreement:
    """Two people on one picture; `matches` pairs the ids of annotations that mean the same object."""

    image_id: str
    name: str
    first: Labeler
    second: Labeler
    overall: ClassAgreement
    matches: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class PairAgreement:
    """Two people over all pictures that both have submitted."""

    first_id: str
    first_name: str | None
    second_id: str
    second_name: str | None
    images: int
    overall: ClassAgreement
    classes: tuple[ClassAgreement, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class AgreementReport:
    """All pairs of people, and every picture that was labelled twice, the least agreement first.

    `waiting` pictures are labelled twice but not submitted by both yet.
    """

    pairs: tuple[PairAgreement, ...]
    images: tuple[ImageAgreement, ...]
    waiting: int


_REACH = 5.0  # pixels around what has no area
Match = tuple[Annotation, Annotation, float]


def _bounds(geometry: Geometry) -> Bounds:
    if geometry.type not in LINES:
        return geometry.bounds
    x0, y0, x1, y1 = geometry.bounds
    return (x0 - _REACH, y0 - _REACH, x1 + _REACH, y1 + _REACH)


def _overlap(a: Geometry, b: Geometry) -> float:
    if a.type in LINES or b.type in LINES:
        return iou(_bounds(a), _bounds(b))
    return covering(a, b)


def match(first: Sequence[Annotation], second: Sequence[Annotation], least: float = AGREE) -> list[Match]:
    """Match annotations of the same class one to one, the largest overlap first, from `least` on.

    Masks, polygons, ellipses and rotated boxes overlap by the pixels that they cover, boxes by their bounds. Lines and
    points count with 5 pixels around them: a point about 3 pixels beside another still matches.
    """
    found: list[tuple[float, int, int]] = []
    for i, a in enumerate(first):
        for j, b in enumerate(second):
            if a.class_id == b.class_id:
                overlap = _overlap(a.geometry, b.geometry)
                if overlap >= least:
                    found.append((-overlap, i, j))
    matches: list[Match] = []
    taken: tuple[set[int], set[int]] = set(), set()
    for overlap, i, j in sorted(found):
        if i not in taken[0] and j not in taken[1]:
            taken[0].add(i)
            taken[1].add(j)
            matches.append((first[i], second[j], -overlap))
    return matches


def agreement(pictures: Iterable[tuple[Sequence[Annotation], Sequence[Annotation]]]) -> tuple[ClassAgreement, ...]:
    """Return the agreement over pictures: of all classes together, then of each class by id."""
    counts: dict[str | None, list[float]] = {None: [0, 0, 0, 0.0]}
    for first, second in pictures:
        matches = match(first, second)
        for place, class_id, amount in _tallies(first, second, matches):
            for key in (None, class_id):
                counts.setdefault(key, [0, 0, 0, 0.0])[place] += amount
    order = [None, *sorted(key for key in counts if key is not None)]
    return tuple(_made(key, counts) for key in order)


def _tallies(
    first: Sequence[Annotation], second: Sequence[Annotation], matches: Sequence[Match]
) -> Iterable[tuple[int, str, float]]:
    yield from ((0, item.class_id, 1) for item in first)
    yield from ((1, item.class_id, 1) for item in second)
    for item, _, overlap in matches:
        yield 2, item.class_id, 1
        yield 3, item.class_id, overlap


def _made(class_id: str | None, counts: Mapping[str | None, Sequence[float]]) -> ClassAgreement:
    first, second, matched, overlap = counts[class_id]
    return ClassAgreement(
        class_id=class_id,
        first=int(first),
        second=int(second),
        matched=int(matched),
        f1=2 * matched / (first + second) if first + second else None,
        iou=overlap / matched if matched else None,
    )
