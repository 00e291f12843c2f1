"""Known discs go into ONNX files of every family that gives masks, and come back as outlines on the picture."""

from __future__ import annotations

import time
import tracemalloc
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import foreign_onnx
from boxwright.domain import raster
from boxwright.domain.detections import Detections
from boxwright.domain.geometry import Polygon
from boxwright.ml.adapters.masks import Planes, Prototypes, outlined
from boxwright.ml.adapters.onnx import OnnxDetector
from boxwright.ml.adapters.recognise import recognise
from boxwright.ml.adapters.session import Network
from boxwright.ml.data.letterbox import Fit
from encoders import KINDS, Truth
from mask_encoders import SEGMENTING, field

SIDE, CLASSES = 256, 3
Box = tuple[float, float, float, float]


def ellipse(box: Box, width: int, height: int) -> np.ndarray:
    """The pixels of a picture whose middle lies in the ellipse that fills a box."""
    x0, y0, x1, y1 = box
    x, y = np.meshgrid(np.arange(width) + 0.5, np.arange(height) + 0.5)
    return ((x - (x0 + x1) / 2) / (x1 - x0)) ** 2 + ((y - (y0 + y1) / 2) / (y1 - y0)) ** 2 <= 0.25


def overlap(a: np.ndarray, b: np.ndarray) -> float:
    return float((a & b).sum() / (a | b).sum())


def placed(boxes: list[Box], width: int, height: int, *, stretch: bool) -> np.ndarray:
    """Boxes of a picture in the input, reckoned apart from the product."""
    scale = min(SIDE / width, SIDE / height)
    sides = (SIDE, SIDE) if stretch else (round(width * scale), round(height * scale))
    shift = [0, 0] if stretch else [(SIDE - sides[0]) // 2, (SIDE - sides[1]) // 2]
    return np.array(boxes) * ([sides[0] / width, sides[1] / height] * 2) + shift * 2


def truth_of(boxes: np.ndarray) -> Truth:
    n = len(boxes)
    scores, labels = np.array([0.95, 0.8, 0.6, 0.5][:n], np.float32), np.arange(n) % CLASSES
    return Truth(side=SIDE, boxes=boxes.astype(np.float32), labels=labels, scores=scores, classes=CLASSES)


def detector_for(kind: str, truth: Truth, folder: Path, **metadata: str) -> OnnxDetector:
    path = foreign_onnx.write(folder / "m.onnx", SEGMENTING[kind][1](truth), metadata, picture=(1, 3, SIDE, SIDE))
    card = recognise(Network(path), "m").card
    assert (card.decoder, card.task, len(card.classes) >= CLASSES) == (SEGMENTING[kind][0], "segment", True)
    return OnnxDetector(path, card)


@st.composite
def scenes(draw: st.DrawFn) -> tuple[int, int, list[Box]]:
    """A picture of any shape with up to four discs, each in a quarter of it and not too small for a grid."""
    width, height = draw(st.integers(60, 900)), draw(st.integers(60, 900))
    longest = max(width, height)
    boxes = []
    for quarter in draw(st.lists(st.integers(0, 3), min_size=1, max_size=4, unique=True)):
        parts = [
            draw(st.floats(0, 0.2)),
            draw(st.floats(0, 0.2)),
            draw(st.floats(0.25, 0.29)),
            draw(st.floats(0.2, 0.29)),
        ]
        x0, y0 = ((quarter % 2) / 2 + parts[0]) * width, ((quarter // 2) / 2 + parts[1]) * height
        boxes.append((x0, y0, min(width, x0 + parts[2] * width), min(height, y0 + parts[3] * height)))
    return width, height, [box for box in boxes if min(box[2] - box[0], box[3] - box[1]) > longest / 16]


@pytest.mark.parametrize("kind", SEGMENTING)
@given(scene=scenes())
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_discs_come_back_on_pictures_of_any_shape(kind: str, scene: tuple[int, int, list[Box]], tmp_path: Path) -> None:
    width, height, boxes = scene
    if not boxes:
        return
    detector = detector_for(kind, truth_of(placed(boxes, width, height, stretch=SEGMENTING[kind][2])), tmp_path)
    found = detector.predict([np.zeros((height, width, 3), np.uint8)])[0]
    assert len(found) == len(boxes)
    for row, box in zip(found.rows("abc"), boxes, strict=True):
        assert row.mask is not None
        x0, y0, x1, y1 = row.mask.bounds
        assert (x0, y0) >= (row.box[0] - 0.01, row.box[1] - 0.01)
        assert x1 <= row.box[2] + 0.01
        assert y1 <= row.box[3] + 0.01
        assert len(row.mask.rings) == 1
        assert overlap(row.pixels(width, height), ellipse(box, width, height)) >= 0.9


@pytest.mark.parametrize("kind", SEGMENTING)
def test_they_are_exact_where_the_picture_is_the_input(kind: str, tmp_path: Path) -> None:
    boxes = [(20.0, 30.0, 110.0, 130.0), (140.0, 60.0, 250.0, 150.0), (30.0, 160.0, 120.0, 250.0)]
    detector = detector_for(kind, truth_of(np.array(boxes)), tmp_path, task="segment", names="{0:'a',1:'b',2:'c'}")
    found = detector.predict([np.zeros((SIDE, SIDE, 3), np.uint8)])[0]
    shapes = [row.pixels(SIDE, SIDE) for row in found.rows("abc")]
    least = 0.97 if kind == "rf-detr-seg" else 0.985  # its cells are more than twice as large
    assert min(overlap(shape, ellipse(box, SIDE, SIDE)) for shape, box in zip(shapes, boxes, strict=True)) >= least


def test_without_outlines_where_nobody_wants_them(tmp_path: Path) -> None:
    detector = detector_for("yolov8-seg", truth_of(np.array([[20, 30, 110, 130.0]])), tmp_path)
    picture = [np.zeros((SIDE, SIDE, 3), np.uint8)]
    plain = OnnxDetector(tmp_path / "m.onnx", detector.card, outlines=False).predict(picture)[0]
    assert plain.masks is None
    np.testing.assert_array_equal(plain.boxes, detector.predict(picture)[0].boxes)


def test_a_card_with_other_classes_than_the_table_is_refused(tmp_path: Path) -> None:
    detector = detector_for("yolov8-seg", truth_of(np.array([[20, 30, 110, 130.0]])), tmp_path)
    fewer = replace(detector.card, classes=detector.card.classes[:2])
    with pytest.raises(Exception, match="classes of its card are 12"):
        OnnxDetector(tmp_path / "m.onnx", fewer).predict([np.zeros((8, 8, 3), np.uint8)])


def test_families_with_boxes_only_have_no_masks(tmp_path: Path) -> None:
    path = foreign_onnx.write(
        tmp_path / "m.onnx", KINDS["yolov8"][1](truth_of(np.array([[9, 9, 50, 50.0]]))), picture=(1, 3, SIDE, SIDE)
    )
    card = recognise(Network(path), "m").card
    assert card.task == "detect"
    assert OnnxDetector(path, card).predict([np.zeros((SIDE, SIDE, 3), np.uint8)])[0].masks is None


def one(mask: np.ndarray, box: Box, fit: Fit | None = None) -> Polygon | None:
    """The outline of one plane of logits over an input of 64 x 64 pixels."""
    got = outlined(
        Detections(np.array([box], np.float32), np.array([1], np.float32), np.array([0])),
        Planes(mask[None].astype(np.float32)),
        fit or Fit(64, 64, 64, 64),
        (64, 64),
    )
    assert got.masks is not None
    return got.masks[0]


def test_an_object_that_fills_its_box_is_the_box() -> None:
    shape = one(np.ones((16, 16)), (3.25, 5.5, 40.75, 64))
    assert shape is not None
    assert shape.bounds == (3.25, 5.5, 40.75, 64)
    assert len(shape.rings[0]) == 4
    assert shape.area == pytest.approx(37.5 * 58.5)


def test_holes_and_parts_stay_and_specks_go() -> None:
    mask = np.full((64, 64), -3.0)
    mask[4:40, 4:40] = 3
    mask[14:30, 14:30] = -3
    mask[44:60, 44:60] = 3
    mask[60, 8] = 3
    shape = one(mask, (0, 0, 64, 64))
    assert shape is not None
    assert len(shape.rings) == 3
    pixels = raster.fill(shape, 64, 64)
    assert overlap(pixels, (mask > 0)) > 0.97
    assert not pixels[20, 20]
    assert not pixels[60, 8]


def test_a_mask_with_nothing_in_its_box_is_none() -> None:
    assert one(np.full((16, 16), -1.0), (4, 4, 40, 40)) is None
    corner = np.full((16, 16), -1.0)
    corner[0, 0] = 5
    assert one(corner, (30, 30, 60, 60)) is None


def test_twenty_megapixels_cost_no_more_than_a_thumbnail() -> None:
    truth = truth_of(np.array([[2, 40, 250, 200], [10, 60, 240, 190], [0, 32, 256, 224.0]]))
    n, fit = 100, Fit(5472, 3648, 256, 171, 0, 42)
    boxes = np.tile(fit.to_picture(truth.boxes), (34, 1))[:n]
    found = Detections(boxes, np.ones(n, np.float32), np.zeros(n, np.int64))
    coefficients = np.tile(np.eye(3, dtype=np.float32), (34, 1))[:n]
    tracemalloc.start()
    started = time.process_time()
    got = outlined(found, Prototypes(coefficients, field(truth, 160)), fit, (256, 256))
    seconds, peak = time.process_time() - started, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert got.masks is not None
    assert all(shape is not None for shape in got.masks)
    assert peak < 64 << 20
    assert seconds < 20  # a hundred large objects, on a machine that is busy with other things


def test_coefficients_and_prototypes_must_agree() -> None:
    with pytest.raises(ValueError, match="prototypes"):
        Prototypes(np.zeros((2, 5), np.float32), np.zeros((4, 8, 8), np.float32))
