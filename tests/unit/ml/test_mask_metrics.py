import numpy as np
import pytest

from boxwright.domain.detections import Detections
from boxwright.domain.geometry import Box, Geometry, Polygon
from boxwright.domain.manifest import ImageRecord, Labelled, ManifestClass
from boxwright.ml.data.samples import Sample, sample_of
from boxwright.ml.metrics import Found, all_metrics
from boxwright.ml.metrics.remap import Remapped

CLASSES = (ManifestClass(id="c", name="c"),)
TRIANGLE = Polygon(rings=(((10.0, 10.0), (50.0, 10.0), (10.0, 50.0)),))
SQUARE = Polygon(rings=(((10.0, 10.0), (50.0, 10.0), (50.0, 50.0), (10.0, 50.0)),))
BOX = Box(x0=60, y0=60, x1=90, y1=90)


def truth(*shapes: Geometry) -> Sample:
    labels = tuple(Labelled(class_index=0, geometry=shape) for shape in shapes)
    return sample_of(ImageRecord(name="a", width=100, height=100, annotations=labels), outlines=True)


def found(*shapes: Polygon | None, boxes: object = ((10, 10, 50, 50),)) -> Detections:
    table = np.asarray(boxes, np.float32)
    scores = np.linspace(0.9, 0.5, len(table), dtype=np.float32)
    return Detections(table, scores, np.zeros(len(table), np.int64), shapes)


def test_outlines_are_scored_apart_from_boxes() -> None:
    right = all_metrics(CLASSES, [Found(truth(TRIANGLE), found(TRIANGLE))])
    assert [right.map50_95, right.mask_map50_95, right.headline] == pytest.approx([1.0, 1.0, 1.0])
    # The square's box is the triangle's, yet half of it is too much: an IoU of about a half.
    wrong = all_metrics(CLASSES, [Found(truth(TRIANGLE), found(SQUARE))])
    assert wrong.map50_95 == pytest.approx(1.0)
    assert wrong.mask_map50_95 is not None
    assert wrong.mask_map50_95 <= 0.1
    assert wrong.headline == wrong.mask_map50_95 == wrong.per_class[0].mask_ap50_95


def test_an_object_without_outline_counts_neither_way() -> None:
    both = truth(TRIANGLE, BOX)
    missed = all_metrics(CLASSES, [Found(both, found(TRIANGLE))])
    assert missed.mask_map50_95 == pytest.approx(1.0)
    assert missed.map50_95 is not None
    assert missed.map50_95 < 1
    seen = found(None, TRIANGLE, boxes=((60, 60, 90, 90), (10, 10, 50, 50)))
    assert all_metrics(CLASSES, [Found(both, seen)]).mask_map50_95 == pytest.approx(1.0)


def test_without_outlines_on_either_side_there_is_no_figure() -> None:
    assert all_metrics(CLASSES, [Found(truth(BOX), found(TRIANGLE))]).mask_map50_95 is None
    boxes = Detections(*(getattr(found(None), name) for name in ("boxes", "scores", "class_ids")))
    metrics = all_metrics(CLASSES, [Found(truth(TRIANGLE), boxes)])
    assert metrics.mask_map50_95 is None
    assert metrics.headline == metrics.map50_95
    assert all_metrics(CLASSES, []).mask_map50_95 is None


def test_renamed_classes_keep_their_outlines() -> None:
    class One:
        def predict(self, pictures: object, **options: object) -> list[Detections]:
            return [found(TRIANGLE)]

    (got,) = Remapped(One(), [0]).predict([])
    assert got.masks == (TRIANGLE,)
