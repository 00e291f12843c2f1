"""The quality report of an evaluation, as one file that grows with the pictures and is read page by page.

Line 1 is the report; each further line is a picture: its keys as a JSON list, a tab, and what became of its objects. A
key says what the picture is listed under (`domain.quality.key`). Pictures whose most certain error is the most certain
come first.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from boxwright.domain.manifest import ManifestClass
from boxwright.domain.models import Metrics
from boxwright.domain.quality import (
    KINDS,
    STEPS,
    Calibration,
    ClassCurves,
    Confusion,
    ErrorCount,
    FoundObject,
    ImageOutcome,
    QualityReport,
    ReliabilityBin,
    TrueObject,
    Twins,
    keys_of,
)
from boxwright.ml.files import write_atomic
from boxwright.ml.metrics.coco import MAX_DETECTIONS, Accumulated, accumulate, tide_gains
from boxwright.ml.metrics.matching import Found, Matched, match_boxes
from boxwright.ml.metrics.operating import Pool, pool, score_curves
from boxwright.ml.metrics.outcomes import Outcomes, outcomes

LEAST = 0.05
"""Calibration leaves out detections of a lower score: there are a great many, and nobody sees them."""
BINS = 10
_TIDE = {
    "classification": "Cls",
    "localization": "Loc",
    "both": "Both",
    "duplicate": "Dupe",
    "background": "Bkg",
    "missed": "Miss",
}


def operating_scores(
    classes: Sequence[ManifestClass], known: Mapping[str, float], metrics: Metrics | None, default: float
) -> list[float]:
    """Return the operating score of each class: the known one, else where F1 peaks in `metrics`, else the default.

    Args:
        classes: of the dataset, by training id.
        known: class id to score, as learned on the validation split.
        metrics: of the split at hand, where that is the one to learn on.
        default: of the model.
    """
    best = {row.class_id: row.best_threshold for row in metrics.per_class} if metrics else {}
    scores = (known.get(item.id, best.get(item.id)) for item in classes)
    return [default if score is None else score for score in scores]


def write_report(
    path: Path,
    classes: Sequence[ManifestClass],
    found: Sequence[Found],
    scores: Sequence[float],
    limit: int = MAX_DETECTIONS,
    twins: Twins | None = None,
) -> QualityReport:
    """Judge every detection of a split and write it down.

    Args:
        path: file to write.
        classes: by training id.
        found: every picture of the split.
        scores: the operating score of each class.
        limit: detections of a class that count on a picture.
        twins: near twins in the training split, where somebody looked.
    """
    matched = [match_boxes(item, limit) for item in found]
    thresholds = np.asarray(scores, np.float64)
    judged = [outcomes(item, thresholds) for item in matched]
    pictures = [_picture(classes, item, result) for item, result in zip(matched, judged, strict=True)]
    done, everything = accumulate(classes, found, limit), pool(matched, len(classes))
    report = QualityReport(
        images=len(found),
        true_positives=sum(int((item.taken >= 0).sum()) for item in judged),
        false_positives=sum(len(item.taken) - int((item.taken >= 0).sum()) for item in judged),
        false_negatives=sum(int(item.missed.sum()) for item in judged),
        classes=tuple(_curves(classes, thresholds, done, everything)),
        confusions=tuple(_confusions(classes, matched, judged)),
        errors=tuple(_errors(judged, tide_gains(classes, matched, limit))),
        calibration=calibration(everything),
        twins=twins,
    )
    lines = sorted(pictures, key=_urgency)

    def write(out: Any) -> None:
        out.write(_json(asdict(report)).encode() + b"\n")
        for item in lines:
            out.write(f"{_json(keys_of(item))}\t{_json(_sparse(item))}\n".encode())

    write_atomic(path, write)
    return report


def calibration(everything: Pool) -> Calibration:
    """Compare scores with the share that is right; bins of equal width (Guo et al., 2017)."""
    seen = everything.scores >= np.float32(LEAST)
    scores, hits = everything.scores[seen].astype(np.float64), everything.hits[seen]
    place = np.minimum((scores * BINS).astype(np.int64), BINS - 1)
    count = np.bincount(place, minlength=BINS)
    some = np.maximum(count, 1)
    confidence = np.bincount(place, scores, BINS) / some
    precision = np.bincount(place, hits, BINS) / some
    error = float((count * abs(confidence - precision)).sum() / len(scores)) if len(scores) else None
    bins = [
        ReliabilityBin(
            low=index / BINS,
            high=(index + 1) / BINS,
            count=int(count[index]),
            confidence=round(float(confidence[index]), 6) if count[index] else None,
            precision=round(float(precision[index]), 6) if count[index] else None,
        )
        for index in range(BINS)
    ]
    return Calibration(least=LEAST, error=error, bins=tuple(bins))


def _curves(
    classes: Sequence[ManifestClass], thresholds: NDArray[np.float64], done: Accumulated, everything: Pool
) -> Iterator[ClassCurves]:
    for index, item in enumerate(classes):
        defined = everything.instances[index] > 0
        by_score = score_curves(*everything.of(index), STEPS)
        pr, precision, recall, f1 = (
            tuple(np.round(values, 4).tolist()) if defined else ()
            for values in (done.precision[0, :, index, 0], *by_score)
        )
        yield ClassCurves(
            class_id=item.id,
            name=item.name,
            threshold=float(thresholds[index]),
            pr=pr,
            precision=precision,
            recall=recall,
            f1=f1,
        )


def _confusions(
    classes: Sequence[ManifestClass], matched: Sequence[Matched], judged: Sequence[Outcomes]
) -> Iterator[Confusion]:
    cells: Counter[tuple[int, int]] = Counter()
    for item, result in zip(matched, judged, strict=True):
        truth, found = item.found.sample.labels, item.found.detections.class_ids[result.kept]
        of = np.maximum(result.taken, result.taken_for)
        cells.update((int(truth[t]) if t >= 0 else -1, int(f)) for t, f in zip(of, found, strict=True))
        lost = result.missed.copy()
        lost[result.taken_for[result.taken_for >= 0]] = False
        cells.update((int(t), -1) for t in truth[lost])
    for (t, f), count in sorted(cells.items()):
        yield Confusion(truth=classes[t].id if t >= 0 else None, found=classes[f].id if f >= 0 else None, count=count)


def _errors(judged: Sequence[Outcomes], gains: Mapping[str, float]) -> Iterator[ErrorCount]:
    counts = Counter(kind for item in judged for kind in item.kinds if kind)
    counts["missed"] = sum(int(item.alone.sum()) for item in judged)
    for kind in KINDS:
        gain = gains.get(_TIDE[kind])
        yield ErrorCount(kind=kind, count=counts[kind], delta_ap=None if gain is None else max(0.0, float(gain)))


def _picture(classes: Sequence[ManifestClass], item: Matched, result: Outcomes) -> ImageOutcome:
    sample, got = item.found.sample, item.found.detections.take(result.kept)
    paired = np.maximum(result.taken, result.taken_for).tolist()
    truths = (
        TrueObject(
            class_id=classes[label].id,
            box=_box(box),
            outcome=None if crowd else "fn" if missed else "tp",
            kind="missed" if alone else None,
        )
        for label, box, crowd, missed, alone in zip(
            sample.labels.tolist(), sample.boxes.tolist(), sample.crowd, result.missed, result.alone, strict=True
        )
    )
    detections = (
        FoundObject(
            class_id=classes[label].id,
            score=round(score, 4),
            box=_box(box),
            outcome="tp" if taken >= 0 else "fp",
            kind=kind,
            truth=truth if truth >= 0 else None,
        )
        for label, score, box, taken, kind, truth in zip(
            got.class_ids.tolist(),
            got.scores.tolist(),
            got.boxes.tolist(),
            result.taken,
            result.kinds,
            paired,
            strict=True,
        )
    )
    return ImageOutcome(
        image_id=sample.id,
        name=sample.name,
        width=sample.width,
        height=sample.height,
        truths=tuple(truths),
        detections=tuple(detections),
    )


def _box(box: Sequence[float]) -> tuple[float, float, float, float]:
    x0, y0, x1, y1 = (round(value, 2) for value in box)
    return x0, y0, x1, y1


def _urgency(item: ImageOutcome) -> tuple[float, int, str]:
    wrong = [found.score for found in item.detections if found.outcome == "fp"]
    missed = sum(truth.outcome == "fn" for truth in item.truths)
    return -max(wrong, default=0.0), -missed, item.name


def _sparse(item: ImageOutcome) -> dict[str, Any]:
    """Return a picture as JSON without what is None."""
    value = asdict(item)
    for part in ("truths", "detections"):
        value[part] = [{k: v for k, v in row.items() if v is not None or k == "outcome"} for row in value[part]]
    return value


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
