"""Metrics of outlines beside those of boxes."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from boxwright.domain import raster
from boxwright.domain.errors import Invalid
from boxwright.domain.geometry import Mask, Polygon
from boxwright.domain.manifest import ManifestClass
from boxwright.domain.models import Metrics
from boxwright.ml.data.outlines import none
from boxwright.ml.data.samples import Sample
from boxwright.ml.metrics.coco import MAX_DETECTIONS, box_metrics, mask_metrics
from boxwright.ml.metrics.matching import Found


def all_metrics(
    classes: Sequence[ManifestClass], found: Sequence[Found], max_detections: int = MAX_DETECTIONS
) -> Metrics:
    """Score boxes and, where both the truth and the model have outlines, those too; arguments as of `box_metrics`."""
    metrics = box_metrics(classes, found, max_detections)
    if all(item.detections.masks is None for item in found) or not any(_outlined(item.sample) for item in found):
        return metrics
    masks = mask_metrics(classes, [_with_masks(item) for item in found], max_detections)
    rows = zip(metrics.per_class, masks.per_class, strict=True)
    return replace(
        metrics,
        mask_map50_95=masks.map50_95,
        mask_map50=masks.map50,
        mask_map75=masks.map75,
        per_class=tuple(replace(box, mask_ap50_95=mask.ap50_95) for box, mask in rows),
    )


def _outlined(sample: Sample) -> bool:
    return sample.outlines is not None and bool(sample.outlines.known.any())


def _with_masks(found: Found) -> Found:
    """Return a picture with the pixels of its objects; one whose outline is not known counts neither way: a crowd."""
    sample = found.sample
    outlines = sample.outlines or none(len(sample.labels))
    masks = [_pixels(outlines.polygon(index), sample) for index in range(outlines.count)]
    unknown = np.array([mask is None for mask in masks], bool)
    filled = [mask or _box(index, sample) for index, mask in enumerate(masks)]
    return replace(found, sample=replace(sample, crowd=sample.crowd | unknown), masks=filled)


def _pixels(shape: Polygon | None, sample: Sample) -> Mask | None:
    """Return the pixels of an outline, None where it holds no pixel's middle."""
    if shape is None:
        return None
    size = sample.width, sample.height
    try:
        return Mask(width=size[0], height=size[1], counts=raster.runs(shape, *size))
    except Invalid:
        return None


def _box(index: int, sample: Sample) -> Mask:
    """Return the pixels that an object's box touches."""
    x0, y0 = np.floor(sample.boxes[index, :2]).tolist()
    x1, y1 = np.ceil(sample.boxes[index, 2:]).tolist()
    ring = ((x0, y0), (x1, y0), (x1, y1), (x0, y1))
    size = sample.width, sample.height
    return Mask(width=size[0], height=size[1], counts=raster.runs(Polygon(rings=(ring,)), *size))
