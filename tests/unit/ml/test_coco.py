"""Our figures against the two other implementations of COCO's evaluation."""

import contextlib
import io
import warnings

import numpy as np
import pytest

from boxwright.domain.detections import Detections
from boxwright.domain.manifest import ManifestClass
from boxwright.ml.metrics import Found, box_metrics, metrics_to_json
from learning import sample

CLASSES = tuple(ManifestClass(id=f"id{i}", name=f"class{i}") for i in range(4))  # the last one is never there


def random_split(seed: int, pictures: int = 25, side: int = 200) -> list[Found]:
    rng = np.random.default_rng(seed)
    found = []
    for number in range(pictures):
        n = int(rng.integers(0, 8))
        low = rng.uniform(0, 120, (n, 2))
        boxes = np.concatenate([low, low + rng.uniform(4, 75, (n, 2))], 1)
        labels = rng.integers(0, 3, n)
        truth = sample(boxes, labels, rng.random(n) < 0.1, f"p{number}", side)
        seen = rng.random(n) < 0.8
        moved = boxes[seen] + rng.normal(0, 4, (int(seen.sum()), 4))
        moved[:, 2:] = np.maximum(moved[:, 2:], moved[:, :2] + 1)
        more = rng.uniform(0, 100, (6, 2))
        every = np.concatenate([moved, np.concatenate([more, more + rng.uniform(5, 80, (6, 2))], 1)]).astype(np.float32)
        scores = rng.choice(np.linspace(0.05, 0.95, 40), len(every)).astype(np.float32)
        ids = np.concatenate([labels[seen], rng.integers(0, 3, 6)])
        found.append(Found(truth, Detections(every, scores, ids)))
    return found


def reference(found: list[Found], library: str) -> np.ndarray:
    if library == "pycocotools":
        from pycocotools.coco import COCO
        from pycocotools.cocoeval import COCOeval as Evaluation
    else:
        from faster_coco_eval import COCO
        from faster_coco_eval import COCOeval_faster as Evaluation
    annotations, results = [], []
    for number, item in enumerate(found, 1):
        s = item.sample
        for box, label, crowd, area in zip(s.boxes.tolist(), s.labels, s.crowd, s.areas, strict=True):
            x0, y0, x1, y1 = box
            annotations.append(
                {"id": len(annotations) + 1, "image_id": number, "category_id": int(label) + 1, "iscrowd": int(crowd)}
                | {"bbox": [x0, y0, x1 - x0, y1 - y0], "area": float(area)}
            )
        got = item.detections
        for box, score, label in zip(got.boxes.tolist(), got.scores.tolist(), got.class_ids, strict=True):
            x0, y0, x1, y1 = box
            results.append(
                {"image_id": number, "category_id": int(label) + 1, "bbox": [x0, y0, x1 - x0, y1 - y0], "score": score}
            )
    images = [{"id": n, "width": 200, "height": 200} for n in range(1, len(found) + 1)]
    categories = [{"id": n, "name": c.name} for n, c in enumerate(CLASSES, 1)]
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        truth = COCO()
        truth.dataset = {"info": {}, "images": images, "annotations": annotations, "categories": categories}
        truth.createIndex()
        run = Evaluation(truth, truth.loadRes(results), "bbox")
        run.evaluate()
        run.accumulate()
        run.summarize()
    return np.asarray(run.stats)


@pytest.mark.parametrize("library", ["pycocotools", "faster-coco-eval"])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_equal_to(library: str, seed: int) -> None:
    found = random_split(seed)
    got = box_metrics(CLASSES, found)
    want = reference(found, library)
    mine = (got.map50_95, got.map50, got.map75, got.map_small, got.map_medium, got.map_large)
    np.testing.assert_allclose([-1 if v is None else v for v in mine], want[:6], atol=1e-9)
    np.testing.assert_allclose(got.ar100, want[8], atol=1e-9)
    assert got.images == 25
    assert got.instances == sum(int((~f.sample.crowd).sum()) for f in found)


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
