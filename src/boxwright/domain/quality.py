"""How a model errs on a split: curves, confusions, kinds of errors, calibration, and what became of every object.

All figures are at IoU 0.5. What is counted (confusions, errors, pictures) are the detections that reach the operating
score of their class, which is `ClassCurves.threshold`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from boxwright.domain.errors import Invalid

Bounds = tuple[float, float, float, float]
Outcome = Literal["tp", "fp", "fn"]
ErrorKind = Literal["classification", "localization", "both", "duplicate", "background", "missed"]
KINDS: tuple[ErrorKind, ...] = ("classification", "localization", "both", "duplicate", "background", "missed")
BACKGROUND = "background"
STEPS = tuple(round(step / 100, 2) for step in range(101))
"""Recalls and scores, 0 to 1, at which curves are given."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ClassCurves:
    """Curves of one class, 0 to 1, at `STEPS`; empty where the split has no instance of it.

    `pr` is COCO's precision at each recall, whose mean is AP50. `precision`, `recall` and `f1` are those of all
    detections of at least each score. `threshold` is the operating score that the counts of the report use.
    """

    class_id: str
    name: str
    threshold: float
    pr: tuple[float, ...]
    precision: tuple[float, ...]
    recall: tuple[float, ...]
    f1: tuple[float, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Confusion:
    """How often objects of class `truth` were taken for `found`; None is the background."""

    truth: str | None
    found: str | None
    count: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ErrorCount:
    """How many errors of a kind there are, and how much AP50 would rise without them at any score (None: undefined).

    Kinds and `delta_ap` are those of TIDE (Bolya et al., 2020): right place and wrong class, right class and wrong
    place, both wrong, a second box on an object, a box on nothing, an object without any box.
    """

    kind: ErrorKind
    count: int
    delta_ap: float | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ReliabilityBin:
    """Detections with a score from `low` to `high`: how many, their mean score, and the share that is right."""

    low: float
    high: float
    count: int
    confidence: float | None
    precision: float | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Calibration:
    """Whether a score of 0.8 means right four times in five (Guo et al., 2017; for boxes Kueppers et al., 2020).

    `error` is the expected calibration error of the detections from score `least` on, 0 to 1; None without any.
    """

    least: float
    error: float | None
    bins: tuple[ReliabilityBin, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class TwinPair:
    """A picture of the split and the picture of the training split that shows the same."""

    image_id: str
    name: str
    twin_id: str
    twin_name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Twins:
    """How many pictures of the split have a near twin in the training split, and the first of them."""

    images: int
    pairs: tuple[TwinPair, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class QualityReport:
    """How a model errs on a split. `twins` is None where it is not known what the model learned from."""

    images: int
    true_positives: int
    false_positives: int
    false_negatives: int
    classes: tuple[ClassCurves, ...]
    confusions: tuple[Confusion, ...]
    errors: tuple[ErrorCount, ...]
    calibration: Calibration
    twins: Twins | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundObject:
    """A detection: a true or a false positive, `kind` of a false one, `truth` the object it was taken for.

    `box` is `x0, y0, x1, y1` in pixels; `truth` a position among the picture's truths. Those on a crowd are left out.
    """

    class_id: str
    score: float
    box: Bounds
    outcome: Outcome
    kind: ErrorKind | None = None
    truth: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class TrueObject:
    """An object of the truth: found or missed; a crowd is neither. `missed` is a kind where nothing came near it."""

    class_id: str
    box: Bounds
    outcome: Outcome | None
    kind: ErrorKind | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ImageOutcome:
    """What became of the objects of one picture."""

    image_id: str
    name: str
    width: int
    height: int
    truths: tuple[TrueObject, ...]
    detections: tuple[FoundObject, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class OutcomeQuery:
    """Which pictures to list: of a confusion (`truth` and `found`), of an outcome, of a kind of error, or all.

    Classes are ids, or `background`. `class_id` narrows an outcome or a kind to one class: that of the detection, for
    missed objects their own.
    """

    truth: str | None = None
    found: str | None = None
    outcome: Outcome | None = None
    kind: ErrorKind | None = None
    class_id: str | None = None


def report_from_json(value: Mapping[str, Any]) -> QualityReport:
    """Read a report as a task writes it."""
    calibration = value["calibration"]
    lists: dict[str, Any] = {
        "classes": tuple(ClassCurves(**_tuples(item)) for item in value["classes"]),
        "confusions": tuple(Confusion(**item) for item in value["confusions"]),
        "errors": tuple(ErrorCount(**item) for item in value["errors"]),
        "calibration": Calibration(
            **{**calibration, "bins": tuple(ReliabilityBin(**item) for item in calibration["bins"])}
        ),
    }
    twins = value.get("twins")
    if twins is not None:
        lists["twins"] = Twins(images=twins["images"], pairs=tuple(TwinPair(**item) for item in twins["pairs"]))
    return QualityReport(**{**value, **lists})


def outcome_from_json(value: Mapping[str, Any]) -> ImageOutcome:
    """Read what became of a picture's objects, as a task writes it."""
    truths = tuple(TrueObject(**_tuples(item)) for item in value["truths"])
    detections = tuple(FoundObject(**_tuples(item)) for item in value["detections"])
    return ImageOutcome(**{**value, "truths": truths, "detections": detections})


def _tuples(value: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(item) if isinstance(item, list) else item for name, item in value.items()}


def key(query: OutcomeQuery) -> str | None:
    """Return the key of the pictures that a query asks for, None for all. Raises Invalid for a mix of questions."""
    asked = [query.truth is not None or query.found is not None, query.outcome is not None, query.kind is not None]
    if sum(asked) > 1 or (asked[0] and None in (query.truth, query.found)):
        raise Invalid("ask for one thing: `truth` with `found`, or `outcome`, or `kind`", code="query_mixed")
    if asked[0]:
        return f"{query.truth}>{query.found}"
    what = query.outcome or query.kind
    if what is None:
        return query.class_id and f"any:{query.class_id}"
    return what if query.class_id is None else f"{what}:{query.class_id}"


def keys_of(image: ImageOutcome) -> list[str]:
    """Return every key that a picture is listed under."""
    found: set[str] = set()
    explained = {item.truth for item in image.detections}
    for detection in image.detections:
        taken_for = BACKGROUND if detection.truth is None else image.truths[detection.truth].class_id
        found.add(f"{taken_for}>{detection.class_id}")
        found.update(_both(detection.outcome, detection.kind, detection.class_id))
    for index, truth in enumerate(image.truths):
        if truth.outcome == "fn":
            found.update(_both(truth.outcome, truth.kind, truth.class_id))
            if index not in explained:
                found.add(f"{truth.class_id}>{BACKGROUND}")
        found.add(f"any:{truth.class_id}")
    return sorted(found)


def _both(outcome: Outcome, kind: ErrorKind | None, class_id: str) -> Iterator[str]:
    for word in (outcome, *([kind] if kind else ())):
        yield word
        yield f"{word}:{class_id}"
    yield f"any:{class_id}"
