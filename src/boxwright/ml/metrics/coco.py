"""COCO metrics (Lin et al., 2014) through hotcoco, as domain Metrics.

Why hotcoco: docs/adr/0017-quality-reports.md
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

import numpy as np
from hotcoco import COCO, COCOeval
from numpy.typing import NDArray

from boxwright.domain.manifest import ManifestClass
from boxwright.domain.models import ClassMetrics, Metrics
from boxwright.ml.metrics.matching import IGNORED, Found, Matched, match_boxes, rle
from boxwright.ml.metrics.operating import operating_point, pool

MAX_DETECTIONS = 100
_AREAS = {"all": (0.0, 1e10), "small": (0.0, 32.0**2), "medium": (32.0**2, 96.0**2), "large": (96.0**2, 1e10)}
Shapes = Literal["bbox", "segm"]


@dataclass(frozen=True, slots=True)
class Accumulated:
    """What COCO's evaluation comes to; -1 is undefined.

    `precision` float64 (10 IoUs, 101 recalls, classes, 4 areas), `recall` (10, classes, 4).
    """

    precision: NDArray[np.float64]
    recall: NDArray[np.float64]


def box_metrics(
    classes: Sequence[ManifestClass], found: Sequence[Found], max_detections: int = MAX_DETECTIONS
) -> Metrics:
    """Score boxes against the truth.

    Args:
        classes: by training id.
        found: every picture of the split, also those without detections.
        max_detections: how many detections of a picture count, the best first (COCO: 100).
    """
    return _metrics(classes, found, max_detections, "bbox")


def mask_metrics(
    classes: Sequence[ManifestClass], found: Sequence[Found], max_detections: int = MAX_DETECTIONS
) -> Metrics:
    """Score masks against the truth; pictures need `Found.masks`. Precision, recall and F1 by class are the boxes'."""
    return _metrics(classes, found, max_detections, "segm")


def _metrics(classes: Sequence[ManifestClass], found: Sequence[Found], limit: int, shapes: Shapes) -> Metrics:
    done = accumulate(classes, found, limit, shapes)
    precision = done.precision
    everything = pool([match_boxes(item, limit) for item in found], len(classes))
    per_class = []
    for index, item in enumerate(classes):
        point = operating_point(*everything.of(index))
        per_class.append(
            ClassMetrics(
                class_id=item.id,
                name=item.name,
                instances=int(everything.instances[index]),
                ap50_95=_mean(precision[:, :, index, 0]),
                ap50=_mean(precision[0, :, index, 0]),
                precision=getattr(point, "precision", None),
                recall=getattr(point, "recall", None),
                f1=getattr(point, "f1", None),
                best_threshold=getattr(point, "threshold", None),
            )
        )
    return Metrics(
        map50_95=_mean(precision[..., 0]),
        map50=_mean(precision[0, ..., 0]),
        map75=_mean(precision[5, ..., 0]),
        map_small=_mean(precision[..., 1]),
        map_medium=_mean(precision[..., 2]),
        map_large=_mean(precision[..., 3]),
        ar100=_mean(done.recall[..., 0]),
        images=len(found),
        instances=int(everything.instances.sum()),
        per_class=tuple(per_class),
    )


def metrics_to_json(metrics: Metrics) -> dict[str, object]:
    """Return metrics as JSON; the name of a class is under `class`, as in the API."""
    value = asdict(metrics)
    rows = [{"class" if key == "name" else key: item for key, item in row.items()} for row in value["per_class"]]
    return {**value, "per_class": rows}


def _mean(values: NDArray[np.float64]) -> float | None:
    """Return the mean of the defined values (hotcoco marks undefined ones by -1)."""
    defined = values[values > -1]
    return float(defined.mean()) if defined.size else None


def _truth(classes: Sequence[ManifestClass], found: Sequence[Found], shapes: Shapes) -> COCO:
    annotations: list[dict[str, Any]] = []
    for number, item in enumerate(found, 1):
        sample = item.sample
        for box, label, crowd, area in zip(
            sample.boxes.tolist(), sample.labels.tolist(), sample.crowd.tolist(), sample.areas.tolist(), strict=True
        ):
            x0, y0, x1, y1 = box
            annotations.append(
                {
                    "id": len(annotations) + 1,
                    "image_id": number,
                    "category_id": label + 1,
                    "bbox": [x0, y0, x1 - x0, y1 - y0],
                    "area": area,
                    "iscrowd": int(crowd),
                }
            )
    if shapes == "segm":
        masks = [rle(mask) for item in found for mask in item.masks or ()]
        for annotation, mask in zip(annotations, masks, strict=True):
            annotation["segmentation"] = mask
    images = [
        {"id": n, "width": f.sample.width, "height": f.sample.height, "file_name": f.sample.name}
        for n, f in enumerate(found, 1)
    ]
    categories = [{"id": n, "name": item.name} for n, item in enumerate(classes, 1)]
    return COCO({"images": images, "annotations": annotations, "categories": categories})


def _results(truth: COCO, found: Sequence[Found], shapes: Shapes) -> COCO:
    """Return detections as hotcoco takes them: (n, 7) image, x, y, width, height, score, category; and their masks."""
    parts = []
    for number, item in enumerate(found, 1):
        got = item.detections
        boxes = got.boxes.astype(np.float64)
        parts.append(
            np.column_stack(
                [np.full(len(got), number), boxes[:, :2], boxes[:, 2:] - boxes[:, :2], got.scores, got.class_ids + 1]
            )
        )
    rows = np.concatenate(parts) if parts else np.zeros((0, 7))
    if not len(rows):
        return truth.load_res([])
    if shapes == "bbox":
        return truth.load_res(rows)
    return truth.load_res(rows, segmentation=[mask for item in found for mask in item.found_masks()])


def accumulate(
    classes: Sequence[ManifestClass], found: Sequence[Found], limit: int, shapes: Shapes = "bbox"
) -> Accumulated:
    """Run COCO's evaluation; arguments as of `box_metrics`."""
    if not found or not classes:
        none = np.full((10, 101, len(classes), len(_AREAS)), -1.0)
        return Accumulated(none, none[:, 0])
    run = _evaluated(classes, found, limit, shapes)
    run.accumulate()
    result = run.eval
    assert result is not None
    return Accumulated(*(np.asarray(result[name], np.float64)[..., -1] for name in ("precision", "recall")))


def tide_gains(classes: Sequence[ManifestClass], matched: Sequence[Matched], limit: int) -> dict[str, float]:
    """Return how much AP50 would rise without the errors of each of TIDE's kinds (Bolya et al., 2020), by its names.

    Crowds and what lies on them are no part of it, as in TIDE's own program.
    """
    plain = [_without_crowds(item) for item in matched]
    if not any(len(item.sample.labels) for item in plain):
        return {}
    gains: dict[str, float] = _evaluated(classes, plain, limit, "bbox").tide_errors()["delta_ap"]
    return gains


def _without_crowds(matched: Matched) -> Found:
    sample, keep = matched.found.sample, ~matched.found.sample.crowd
    columns = {name: getattr(sample, name)[keep] for name in ("boxes", "labels", "crowd", "areas")}
    return Found(replace(sample, **columns), matched.found.detections.take(matched.taken != IGNORED))


def _evaluated(classes: Sequence[ManifestClass], found: Sequence[Found], limit: int, shapes: Shapes) -> COCOeval:
    truth = _truth(classes, found, shapes)
    run = COCOeval(truth, _results(truth, found, shapes), shapes)
    params = run.params
    params.max_dets = [1, 10, limit]
    run.params = params
    run.evaluate()
    return run
