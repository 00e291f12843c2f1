"""What became of every object, and the report made of it."""

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hotcoco import COCOeval
from hypothesis import given
from hypothesis import strategies as st

from boxwright.domain.detections import Detections
from boxwright.domain.quality import (
    KINDS,
    STEPS,
    ImageOutcome,
    OutcomeQuery,
    QualityReport,
    key,
    outcome_from_json,
    report_from_json,
)
from boxwright.ml.metrics import Found, box_metrics, operating_scores, write_report
from boxwright.ml.metrics.coco import _results, _truth
from boxwright.ml.metrics.report import _TIDE
from learning import sample
from scoring import CLASSES, coco_split, random_split


def written(
    path: Path, found: list[Found], scores: list[float]
) -> tuple[QualityReport, list[ImageOutcome], list[list[str]]]:
    report = write_report(path, CLASSES, found, scores)
    first, *rest = path.read_text().splitlines()
    assert report_from_json(json.loads(first)) == report
    pairs = [line.split("\t") for line in rest]
    return report, [outcome_from_json(json.loads(body)) for _, body in pairs], [json.loads(keys) for keys, _ in pairs]


@pytest.mark.parametrize("seed", range(3))
def test_kinds_are_those_of_tide(tmp_path: Path, seed: int) -> None:
    """hotcoco counts them too, over all detections and for all pictures together; of crowds it knows nothing."""
    found = random_split(seed, 40, crowds=0)
    report, _, _ = written(tmp_path / "r", found, [0.0] * 4)
    truth = _truth(CLASSES, found, "bbox")
    run = COCOeval(truth, _results(truth, found, "bbox"), "bbox")
    run.evaluate()
    want = run.tide_errors()
    assert {item.kind: item.count for item in report.errors} == {kind: want["counts"][_TIDE[kind]] for kind in KINDS}
    gains = {item.kind: item.delta_ap for item in report.errors}
    assert gains == pytest.approx({kind: max(0, want["delta_ap"][_TIDE[kind]]) for kind in KINDS})


@given(st.integers(0, 10_000), st.floats(0, 1))
def test_everything_adds_up(tmp_path_factory: pytest.TempPathFactory, seed: int, score: float) -> None:
    found = random_split(seed, 4)
    report, pictures, keys = written(tmp_path_factory.mktemp("r") / "r", found, [score] * 4)
    objects = Counter(CLASSES[k].id for f in found for k in f.sample.labels[~f.sample.crowd])
    shown = Counter(d.class_id for p in pictures for d in p.detections)
    rows, columns = Counter[str](), Counter[str]()
    for cell in report.confusions:
        rows[cell.truth or ""] += cell.count
        columns[cell.found or ""] += cell.count
        asked = key(OutcomeQuery(truth=cell.truth or "background", found=cell.found or "background"))
        assert 1 <= sum(asked in mine for mine in keys) <= cell.count
    rows.pop("", None), columns.pop("", None)
    assert (rows, columns) == (objects, shown)
    same = sum(cell.count for cell in report.confusions if cell.truth == cell.found)
    assert same == report.true_positives == sum(d.outcome == "tp" for p in pictures for d in p.detections)
    assert report.false_negatives == sum(t.outcome == "fn" for p in pictures for t in p.truths)
    assert report.true_positives + report.false_negatives == sum(objects.values())
    kinds = Counter(d.kind for p in pictures for d in p.detections if d.kind)
    kinds += Counter(t.kind for p in pictures for t in p.truths if t.kind)
    assert kinds == {item.kind: item.count for item in report.errors if item.count}


def test_curves(tmp_path: Path) -> None:
    found = random_split(3)
    metrics = box_metrics(CLASSES, found)
    scores = operating_scores(CLASSES, {"id0": 0.4}, metrics, 0.25)
    report, _, _ = written(tmp_path / "r", found, scores)
    best = [row.best_threshold for row in metrics.per_class]
    assert scores == [0.4, best[1], best[2], 0.25]
    for curves, row in zip(report.classes, metrics.per_class, strict=True):
        assert curves.class_id == row.class_id
        if row.instances == 0:
            assert curves.pr == curves.f1 == ()
            continue
        assert np.mean(curves.pr) == pytest.approx(row.ap50, abs=1e-4)
        assert len(curves.precision) == len(curves.recall) == len(STEPS)
        assert row.f1 is not None
        assert max(curves.f1) <= row.f1 + 1e-4
        assert max(curves.f1) >= row.f1 - 0.1
        assert all(a >= b for a, b in zip(curves.recall, curves.recall[1:], strict=False))


def test_calibration(tmp_path: Path) -> None:
    truth = sample([[10 * i, 0, 10 * i + 8, 8] for i in range(8)], [0] * 8)
    boxes = np.array([[10 * i, 0, 10 * i + 8, 8] for i in range(10)], np.float32)
    got = Detections(boxes, np.full(10, 0.65, np.float32), np.zeros(10, np.int64))
    report, _, _ = written(tmp_path / "r", [Found(truth, got)], [0.5] * 4)
    assert report.calibration.error == pytest.approx(0.15, abs=1e-6)
    (bin_,) = [item for item in report.calibration.bins if item.count]
    assert (bin_.low, bin_.high, bin_.count, bin_.precision) == (0.6, 0.7, 10, 0.8)


def test_kinds_one_by_one(tmp_path: Path) -> None:
    truth = sample([[0, 0, 20, 20], [50, 50, 70, 70], [100, 100, 120, 120], [150, 150, 170, 170]], [0, 1, 0, 2])
    boxes = [
        [0, 0, 20, 20],  # right
        [0, 0, 20, 21],  # a second box
        [50, 50, 70, 70],  # class 0 on an object of class 1
        [100, 100, 110, 120],  # half of it... at IoU 0.5 it is right
        [100, 112, 120, 132],  # beside it
        [0, 150, 20, 170],  # nothing there
    ]
    scores = np.array([0.9, 0.8, 0.7, 0.6, 0.55, 0.5], np.float32)
    got = Detections(np.array(boxes, np.float32), scores, np.zeros(6, np.int64))
    report, (picture,), (keys,) = written(tmp_path / "r", [Found(truth, got)], [0.5] * 4)
    assert [d.kind for d in picture.detections] == [
        None, "duplicate", "classification", None, "localization", "background"
    ]  # fmt: skip
    assert [(t.outcome, t.kind) for t in picture.truths] == [
        ("tp", None), ("fn", None), ("tp", None), ("fn", "missed")
    ]  # fmt: skip
    assert picture.detections[2].truth == 1
    assert {"id1>id0", "id2>background", "background>id0", "missed:id2", "fn:id1", "fp", "any:id0"} <= set(keys)
    assert "id1>background" not in keys
    assert (report.true_positives, report.false_positives, report.false_negatives) == (2, 4, 2)


def test_most_certain_errors_come_first(tmp_path: Path, data_root: Path) -> None:
    found = coco_split(data_root / "coco_permissive", 1, kinds=4)
    _, pictures, _ = written(tmp_path / "r", found, [0.3] * 4)
    worst = [max([d.score for d in p.detections if d.outcome == "fp"], default=0) for p in pictures]
    assert worst == sorted(worst, reverse=True)
    assert len(pictures) == len(found)


def test_an_empty_split(tmp_path: Path) -> None:
    report, pictures, _ = written(tmp_path / "r", [], [0.5] * 4)
    assert (report.images, report.calibration.error, report.confusions, pictures) == (0, None, (), [])
