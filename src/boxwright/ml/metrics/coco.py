"""COCO box metrics (Lin et al., 2014) through hotcoco, as domain Metrics."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
from hotcoco import COCO, COCOeval
from numpy.typing import NDArray

from boxwright.domain.detections import Detections
from boxwright.domain.manifest import ManifestClass
from boxwright.domain.models import ClassMetrics, Metrics
from boxwright.ml.data.samples import Sample
from boxwright.ml.metrics.operating import operating_point

MAX_DETECTIONS = 100
_AREAS = {"all": (0.0, 1e10), "small": (0.0, 32.0**2), "medium": (32.0**2, 96.0**2), "large": (96.0**2, 1e10)}


@dataclass(frozen=True, slots=True)
class Found:
    """A picture of the split and what the model found on it, both in pixels of the upright picture."""

    sample: Sample
    detections: Detections


def box_metrics(
    classes: Sequence[ManifestClass], found: Sequence[Found], max_detections: int = MAX_DETECTIONS
) -> Metrics:
    """Score detections against the truth.

    Args:
        classes: by training id.
        found: every picture of the split, also those without detections.
        max_detections: how many detections of a picture count, the best first (COCO: 100).
    """
    precision, recall = _accumulate(classes, found, max_detections)
    labels = np.concatenate([f.sample.labels[~f.sample.crowd] for f in found] or [np.zeros(0, np.int64)])
    counts = np.bincount(labels, minlength=len(classes))
    per_class = []
    for index, item in enumerate(classes):
        point = operating_point(found, index, max_detections)
        per_class.append(
            ClassMetrics(
                class_id=item.id,
                name=item.name,
                instances=int(counts[index]),
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
        ar100=_mean(recall[..., 0]),
        images=len(found),
        instances=int(counts.sum()),
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


def _truth(classes: Sequence[ManifestClass], found: Sequence[Found]) -> COCO:
    annotations: list[dict[str, object]] = []
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
    images = [
        {"id": n, "width": f.sample.width, "height": f.sample.height, "file_name": f.sample.name}
        for n, f in enumerate(found, 1)
    ]
    categories = [{"id": n, "name": item.name} for n, item in enumerate(classes, 1)]
    return COCO({"images": images, "annotations": annotations, "categories": categories})


def _rows(found: Sequence[Found]) -> NDArray[np.float64]:
    """Return detections as (n, 7): image, x, y, width, height, score, category."""
    parts = []
    for number, item in enumerate(found, 1):
        got = item.detections
        boxes = got.boxes.astype(np.float64)
        parts.append(
            np.column_stack(
                [np.full(len(got), number), boxes[:, :2], boxes[:, 2:] - boxes[:, :2], got.scores, got.class_ids + 1]
            )
        )
    return np.concatenate(parts) if parts else np.zeros((0, 7))


def _accumulate(
    classes: Sequence[ManifestClass], found: Sequence[Found], limit: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return precision (10 IoUs, 101 recalls, classes, 4 areas) and recall (10, classes, 4); -1 is undefined."""
    shape = (10, 101, len(classes), len(_AREAS))
    if not found or not classes:
        return np.full(shape, -1.0), np.full((10, len(classes), len(_AREAS)), -1.0)
    truth = _truth(classes, found)
    rows = _rows(found)
    run = COCOeval(truth, truth.load_res(rows if len(rows) else []), "bbox")
    params = run.params
    params.max_dets = [1, 10, limit]
    run.params = params
    run.evaluate()
    run.accumulate()
    result = run.eval
    assert result is not None
    return np.asarray(result["precision"], np.float64)[..., -1], np.asarray(result["recall"], np.float64)[..., -1]
