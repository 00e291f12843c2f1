"""From an ONNX file that gives masks to results, drawn pictures and proposals."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from pycocotools import mask as coco_mask

import foreign_onnx
from boxwright.bootstrap import Application
from boxwright.cli.metrics import metric_lines, metric_values
from boxwright.domain import rle
from boxwright.domain.annotations import Annotation
from boxwright.domain.corrections import CardChanges
from boxwright.domain.detections import DetectionRow
from boxwright.domain.geometry import Box, Polygon
from boxwright.domain.people import Caller
from boxwright.domain.predictions import Run
from boxwright.domain.queries import ProposalQuery
from boxwright.domain.requests import EvaluateRequest, LabelRequest, PredictRequest, ProposalShape
from boxwright.services.model_card import readme
from boxwright.services.result_shapes import coco_shape, yolo_lines
from encoders import Truth
from makers import picture_file
from mask_encoders import SEGMENTING
from scenes import make_scene
from working import do

SIDE, SCALE = 128, 3
TRUTH = Truth(
    side=SIDE,
    boxes=np.array([[10, 20, 60, 60], [70, 66, 110, 116]], np.float32),
    labels=np.array([0, 2]),
    scores=np.array([0.9, 0.6], np.float32),
    classes=3,
)
AREAS = [np.pi / 4 * 50 * 40 * SCALE**2, np.pi / 4 * 40 * 50 * SCALE**2]


class Desk:
    """A project with a model that finds two discs on every picture."""

    def __init__(self, app: Application, folder: Path) -> None:
        self.app, self.folder = app, folder
        self.caller: Caller = app.access.ensure_local_user()
        self.project_id = app.projects.create(self.caller, "discs").id
        names = {"names": "{0: 'coin', 1: 'die', 2: 'button'}", "task": "segment"}
        answers = SEGMENTING["yolov8-seg"][1](TRUTH)
        path = foreign_onnx.write(folder / "seg.onnx", answers, names, picture=(1, 3, SIDE, SIDE))
        self.model = app.models.import_archive(self.project_id, path, "seg", self.caller)
        self.picture = make_scene(1, size=(SIDE * SCALE, SIDE * SCALE)).data

    def run(self) -> Run:
        run = self.app.runs.create(
            self.project_id, self.model.id, "r", source="upload", split=None, score=0.05, iou=0.6, caller=self.caller
        )
        self.app.runs.add_image(run.id, "a.jpg", picture_file(self.folder, self.picture))
        job = self.app.runs.submit(PredictRequest(project_id=self.project_id, run_id=run.id), self.caller)
        do(self.app, job)
        return self.app.runs.get(run.id)

    def result(self, run: Run, kind: str) -> bytes:
        return b"".join(self.app.runs.results(run.id, kind).chunks)

    def add(self, name: str) -> str:
        return self.app.images.add(self.project_id, name, picture_file(self.folder, self.picture), "train").image.id

    def label(self, shape: ProposalShape) -> list[Annotation]:
        image = self.add(f"{shape}.jpg")
        request = LabelRequest(
            project_id=self.project_id, model_id=self.model.id, create_classes=True, image_ids=(image,), shape=shape
        )
        do(self.app, self.app.labelling.submit(request, self.caller))
        return list(self.app.annotations.get(image).annotations)


@pytest.fixture
def desk(application: Application, tmp_path: Path) -> Desk:
    return Desk(application, tmp_path)


def test_one_picture_is_answered_with_outlines(desk: Desk) -> None:
    assert (desk.model.task, desk.model.card.task) == ("segment", "segment")
    answer = desk.app.models.predict(desk.model.id, picture_file(desk.folder, desk.picture))
    assert [row.class_name for row in answer.detections] == ["coin", "button"]
    areas = [row.mask.area for row in answer.detections if row.mask]
    assert areas == pytest.approx(AREAS, rel=0.03)
    pixels = answer.detections[0].pixels(answer.image.width, answer.image.height)
    assert pixels.shape == (SIDE * SCALE, SIDE * SCALE)
    assert pixels.sum() == pytest.approx(AREAS[0], rel=0.03)


def test_an_inspection_shows_outlines_on_an_image(desk: Desk) -> None:
    found = desk.app.models.imports.inspect_model(desk.model.id, CardChanges(), desk.add("t.jpg"))
    assert found.card.task == "segment"
    assert found.trial is not None
    assert [row.mask is not None for row in found.trial.detections] == [True, True]


def test_a_run_keeps_outlines_and_writes_them(desk: Desk) -> None:
    run = desk.run()
    (item,) = desk.app.runs.images(run.id).items
    assert item.detections is not None
    assert [row.mask.area for row in item.detections if row.mask] == pytest.approx(AREAS, rel=0.03)
    first, second = json.loads(desk.result(run, "coco"))["annotations"]
    assert [first["area"], second["area"]] == pytest.approx(AREAS, rel=0.03)
    runs = coco_mask.merge(coco_mask.frPyObjects(first["segmentation"], item.height, item.width))
    assert coco_mask.area(runs) == pytest.approx(AREAS[0], rel=0.03)
    written = json.loads(desk.result(run, "json"))["images"][0]["detections"]
    assert written[0]["mask"]["type"] == "polygon"
    assert len(desk.result(run, "csv").splitlines()) == 3
    with zipfile.ZipFile(io.BytesIO(desk.result(run, "yolo"))) as archive:
        words = archive.read("labels/a.txt").decode().splitlines()[0].split()
        assert words[0] == "0"
        assert len(words) > 12
        assert len(words) % 2 == 1
        assert all(0 <= float(word) <= 1 for word in words[1:])
    with zipfile.ZipFile(io.BytesIO(desk.result(run, "images"))) as archive:
        drawn = np.array(Image.open(archive.open("images/a.jpg"))).astype(int)
    plain = np.array(Image.open(io.BytesIO(desk.picture)).convert("RGB")).astype(int)
    changed = np.abs(drawn - plain).sum(2) > 40
    middle = (slice(100, 140), slice(80, 130))  # inside the first disc
    assert changed[middle].mean() > 0.8
    assert changed[330:380, 10:150].mean() < 0.05


def test_proposals_are_outlines_or_boxes_as_asked(desk: Desk) -> None:
    outlines = desk.label("outline")
    assert [type(item.geometry) for item in outlines] == [Polygon, Polygon]
    assert [item.geometry.area for item in outlines] == pytest.approx(AREAS, rel=0.03)
    assert {(item.state, item.source) for item in outlines} == {("proposal", "model")}
    boxes = desk.label("box")
    assert [type(item.geometry) for item in boxes] == [Box, Box]
    for box, outline in zip(boxes, outlines, strict=True):
        np.testing.assert_allclose(box.geometry.bounds, outline.geometry.bounds, atol=4)


def test_an_evaluation_measures_outlines_too(desk: Desk) -> None:
    desk.label("outline")
    desk.app.proposals.review(desk.project_id, "accept", ProposalQuery(), desk.caller)
    request = EvaluateRequest(project_id=desk.project_id, model_id=desk.model.id, split="train")
    do(desk.app, desk.app.evaluation.submit(request, desk.caller))
    (evaluation,) = desk.app.models.evaluations(desk.model.id)
    metrics = evaluation.metrics
    assert (metrics.mask_map50_95, metrics.mask_map50, metrics.mask_map75) == pytest.approx((1, 1, 1))
    of_class = {row.name: row.mask_ap50_95 for row in metrics.per_class}
    assert of_class == {"coin": pytest.approx(1), "button": pytest.approx(1)}
    assert any("outlines AP50-95" in line for line in metric_lines("train", metrics, None))
    assert metric_values(metrics)["mask_map75"] == metrics.mask_map75
    card = readme(replace(desk.model, test=metrics), program=True, weights=False)
    assert "; of outlines mAP50-95 1.000, mAP50 1.000." in card
    assert "`mask` are the object's pixels as COCO's run lengths" in card
    assert "| button | 1 | 1.000 | 1.000 | 1.000 | 0.600 | 1.000 |" in card


RING = Polygon(
    rings=(((2.0, 2.0), (12.0, 2.0), (12.0, 12.0), (2.0, 12.0)), ((5.0, 5.0), (5.0, 9.0), (9.0, 9.0), (9.0, 5.0)))
)
ROW = DetectionRow(class_id=1, class_name="ring", score=0.5, box=(2.0, 2.0, 12.0, 12.0), mask=RING)


def test_holes_survive_as_run_lengths() -> None:
    shape = coco_shape(ROW, 20, 16)
    segmentation: Any = shape["segmentation"]
    assert segmentation["size"] == [16, 20]
    pixels = rle.decode(rle.from_text(segmentation["counts"]), 20, 16)
    assert (shape["area"], int(pixels.sum()), pixels[7, 7], pixels[3, 3]) == (84, 84, 0, 1)
    assert "segmentation" not in coco_shape(replace(ROW, mask=None), 20, 16)


def test_a_yolo_file_has_one_kind_of_line() -> None:
    plain = replace(ROW, mask=None)
    assert yolo_lines([plain], 20, 20) == "1 0.350000 0.350000 0.500000 0.500000 0.500000\n"
    first, second = yolo_lines([ROW, plain], 20, 20).splitlines()
    assert second.split()[1:3] == ["0.100000", "0.100000"]
    assert (len(second.split()), len(first.split()) % 2) == (9, 1)
    assert yolo_lines([], 20, 20) == ""
