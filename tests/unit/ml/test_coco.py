"""Our figures against the two other implementations of COCO's evaluation."""

import warnings

import numpy as np
import pytest

from boxwright.domain.detections import Detections
from boxwright.domain.models import Metrics
from boxwright.ml.metrics import Found, box_metrics, mask_metrics, metrics_to_json
from boxwright.ml.metrics.coco import accumulate
from learning import sample
from scoring import CLASSES, masked_split, random_split, reference


def check(got: Metrics, stats: np.ndarray) -> None:
    mine = (got.map50_95, got.map50, got.map75, got.map_small, got.map_medium, got.map_large)
    np.testing.assert_allclose([-1 if v is None else v for v in mine], stats[:6], atol=1e-9)
    np.testing.assert_allclose(got.ar100, stats[8], atol=1e-9)


@pytest.mark.parametrize("library", ["pycocotools", "faster-coco-eval"])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_equal_to(library: str, seed: int) -> None:
    found = random_split(seed)
    got = box_metrics(CLASSES, found)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        want = reference(found, library=library)
    check(got, np.asarray(want.stats))
    assert got.images == 25
    assert got.instances == sum(int((~f.sample.crowd).sum()) for f in found)


def test_precision_and_recall_are_those_of_pycocotools() -> None:
    found = random_split(7)
    got, want = accumulate(CLASSES, found, 100), reference(found).eval
    np.testing.assert_allclose(got.precision, want["precision"][..., -1], atol=1e-9)
    np.testing.assert_allclose(got.recall, want["recall"][..., -1], atol=1e-9)


@pytest.mark.parametrize("seed", [0, 1])
def test_masks_too(seed: int) -> None:
    found = masked_split(seed)
    got, want = mask_metrics(CLASSES, found), reference(found, shapes="segm")
    check(got, np.asarray(want.stats))
    np.testing.assert_allclose(
        accumulate(CLASSES, found, 100, "segm").precision, want.eval["precision"][..., -1], atol=1e-9
    )
    assert got.map50_95 != box_metrics(CLASSES, found).map50_95


def test_a_class_without_instances_is_undefined() -> None:
    got = box_metrics(CLASSES, random_split(5)).per_class[3]
    assert (got.instances, got.ap50, got.ap50_95, got.best_threshold) == (0, None, None, None)


def test_no_detections_and_no_pictures() -> None:
    nothing = box_metrics(CLASSES, [Found(sample([[0, 0, 50, 50]], [0]), Detections.empty())])
    assert (nothing.map50_95, nothing.map50, nothing.per_class[0].ap50, nothing.per_class[0].f1) == (0, 0, 0, None)
    assert box_metrics(CLASSES, []).map50 is None
    assert box_metrics(CLASSES, [Found(sample(), Detections.empty())]).map50_95 is None


def test_only_the_best_detections_of_a_picture_count() -> None:
    boxes = np.array([[100, 100, 120, 120]] * 3 + [[0, 0, 50, 50]], np.float32)
    got = Detections(boxes, np.array([0.9, 0.8, 0.7, 0.6], np.float32), np.zeros(4, np.int64))
    found = [Found(sample([[0, 0, 50, 50]], [0]), got)]
    assert box_metrics(CLASSES, found, 3).map50 == 0
    assert box_metrics(CLASSES, found, 4).map50 == pytest.approx(0.25)


def test_threshold_where_f1_peaks() -> None:
    truth = sample([[0, 0, 10, 10], [20, 20, 30, 30], [50, 50, 60, 60]], [0, 0, 0])
    boxes = np.array([[0, 0, 10, 10], [20, 20, 30, 31], [100, 100, 110, 110], [120, 120, 130, 130]], np.float32)
    found = Found(truth, Detections(boxes, np.array([0.9, 0.6, 0.3, 0.2], np.float32), np.zeros(4, np.int64)))
    got = box_metrics(CLASSES, [found]).per_class[0]
    assert (got.precision, got.recall, got.best_threshold) == (1.0, pytest.approx(2 / 3), pytest.approx(0.6))
    assert got.f1 == pytest.approx(0.8)


def test_what_lies_in_a_crowd_is_neither_right_nor_wrong() -> None:
    truth = sample([[0, 0, 10, 10], [50, 50, 150, 150]], [0, 0], [False, True])
    boxes = np.array([[0, 0, 10, 10], [60, 60, 70, 70], [80, 80, 95, 95]], np.float32)
    found = Found(truth, Detections(boxes, np.array([0.5, 0.9, 0.8], np.float32), np.zeros(3, np.int64)))
    got = box_metrics(CLASSES, [found]).per_class[0]
    assert (got.instances, got.precision, got.recall, got.f1) == (1, 1.0, 1.0, 1.0)


def test_json_names_the_class() -> None:
    value = metrics_to_json(box_metrics(CLASSES, random_split(1)))
    assert value["per_class"][0]["class"] == "class0"
    assert value["per_class"][0]["class_id"] == "id0"
