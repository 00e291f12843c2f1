from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from boxwright.bootstrap import Application
from boxwright.domain.corrections import CardChanges
from boxwright.domain.errors import BoxwrightError, Conflict, InvalidImage, NotFound
from boxwright.domain.people import Caller
from boxwright.domain.predictions import Run
from boxwright.domain.requests import PredictRequest
from makers import picture_file
from scenes import make_scene
from tiny_onnx import tiny_card, write_tiny_onnx
from working import do


class Desk:
    """A project with a model."""

    def __init__(self, app: Application, folder: Path) -> None:
        self.app, self.folder = app, folder
        self.caller: Caller = app.access.ensure_local_user()
        self.project_id = app.projects.create(self.caller, "shapes").id
        path = folder / "model.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.write(write_tiny_onnx(folder / "tiny.onnx"), "model.onnx")
            from boxwright.domain.cards import card_to_json

            archive.writestr("card.json", json.dumps(card_to_json(tiny_card("=disc", "square"))))
        self.model_id = app.models.import_archive(self.project_id, path, "tiny", self.caller).id

    def run(self, source: str = "upload", split: str | None = None, name: str = "") -> Run:
        return self.app.runs.create(
            self.project_id,
            self.model_id,
            name,
            source=source,  # type: ignore[arg-type]
            split=split,  # type: ignore[arg-type]
            score=0.05,
            iou=0.6,
            caller=self.caller,
        )

    def add(self, run: Run, name: str, seed: int = 1) -> str:
        data = make_scene(seed, size=(128, 128)).data
        return self.app.runs.add_image(run.id, name, picture_file(self.folder, data)).id

    def submit(self, run: Run) -> object:
        request = PredictRequest(project_id=self.project_id, run_id=run.id)
        return self.app.runs.submit(request, self.caller)

    def predict(self, run: Run) -> Run:
        do(self.app, self.submit(run))  # type: ignore[arg-type]
        return self.app.runs.get(run.id)

    def result(self, run: Run, kind: str, min_score: float = 0.0) -> bytes:
        return b"".join(self.app.runs.results(run.id, kind, min_score=min_score).chunks)


@pytest.fixture
def desk(application: Application, tmp_path: Path) -> Desk:
    return Desk(application, tmp_path)


@pytest.fixture
def done(desk: Desk) -> Run:
    run = desk.run(name="mine")
    desk.add(run, "a/=one.jpg")
    desk.add(run, "b/two.png", 2)
    return desk.predict(run)


def test_uploads_are_predicted_and_listed(desk: Desk, done: Run) -> None:
    assert (done.images, done.done, done.failed) == (2, 2, 0)
    page = desk.app.runs.images(done.id)
    assert [item.name for item in page.items] == ["a/=one.jpg", "b/two.png"]
    assert page.items[0].detections is not None
    assert [row.class_id for row in page.items[0].detections] == [0, 1]
    few = desk.app.runs.images(done.id, min_score=0.5).items
    assert [len(item.detections or ()) for item in few] == [1, 1]
    squares = desk.app.runs.images(done.id, class_id=1).items
    assert [row.class_name for item in squares for row in item.detections or ()] == ["square", "square"]
    assert desk.app.runs.thumbnail(page.items[0].id).path.stat().st_size > 0
    assert desk.app.runs.view(page.items[0].id).mime == "image/jpeg"


def test_a_run_over_the_project_takes_one_split(desk: Desk) -> None:
    for number, split in enumerate(("train", "test", "test")):
        data = make_scene(number).data
        desk.app.images.add(desk.project_id, f"{number}.jpg", picture_file(desk.folder, data), split)  # type: ignore[arg-type]
    run = desk.predict(desk.run("project", "test"))
    assert (run.images, run.done) == (2, 2)
    assert all(item.image_id for item in desk.app.runs.images(run.id).items)
    assert desk.run("project").images == 3
    with pytest.raises(BoxwrightError) as caught:
        desk.run("project", "val")
    assert caught.value.code == "no_images"
    assert len(desk.app.runs.page(desk.project_id).items) == 2


def test_csv_cannot_be_run_as_a_formula(desk: Desk, done: Run) -> None:
    rows = list(csv.reader(io.StringIO(desk.result(done, "csv").decode())))
    assert rows[0] == ["filename", "class", "score", "x0", "y0", "x1", "y1"]
    assert rows[1] == ["a/=one.jpg", "'=disc", "0.9", "16.0", "16.0", "48.0", "48.0"]
    assert len(rows) == 5
    assert len(desk.result(done, "csv", 0.5).splitlines()) == 3


def test_coco_and_json_hold_every_detection(desk: Desk, done: Run) -> None:
    coco = json.loads(desk.result(done, "coco"))
    assert [item["file_name"] for item in coco["images"]] == ["a/=one.jpg", "b/two.png"]
    assert [item["name"] for item in coco["categories"]] == ["=disc", "square"]
    first = coco["annotations"][0]
    assert (first["bbox"], first["category_id"], first["image_id"], first["area"]) == ([16, 16, 32, 32], 1, 1, 1024)
    assert [item["id"] for item in coco["annotations"]] == [1, 2, 3, 4]
    value = json.loads(desk.result(done, "json", 0.5))
    assert [len(item["detections"]) for item in value["images"]] == [1, 1]
    assert value["images"][0]["detections"][0]["class"] == "=disc"


def test_yolo_and_drawn_pictures(desk: Desk, done: Run) -> None:
    with zipfile.ZipFile(io.BytesIO(desk.result(done, "yolo"))) as archive:
        assert set(archive.namelist()) == {"classes.txt", "labels/a/=one.txt", "labels/b/two.txt"}
        line = archive.read("labels/b/two.txt").decode().splitlines()[0]
        assert line == "0 0.250000 0.250000 0.250000 0.250000 0.900000"
    with zipfile.ZipFile(io.BytesIO(desk.result(done, "images", 0.5))) as archive:
        assert set(archive.namelist()) == {"images/a/=one.jpg", "images/b/two.jpg"}
        assert Image.open(archive.open("images/b/two.jpg")).size == (128, 128)
    with pytest.raises(BoxwrightError):
        desk.result(done, "exe")


def test_classes_are_held_to_their_operating_scores_unless_told_otherwise(desk: Desk) -> None:
    changes = CardChanges(thresholds={"square": 0.4000000059604645})
    card = desk.app.models.imports.correct(desk.model_id, changes, desk.caller).card
    assert [item.threshold for item in card.classes] == [None, 0.4000000059604645]
    picture = make_scene(1, size=(128, 128)).data
    predict = desk.app.models.predict
    assert len(predict(desk.model_id, picture).detections) == 2  # as float32 the same
    desk.app.models.imports.correct(desk.model_id, CardChanges(thresholds={"square": 0.7}), desk.caller)
    assert [row.class_name for row in predict(desk.model_id, picture).detections] == ["=disc"]
    assert len(predict(desk.model_id, picture, score_threshold=0.1).detections) == 2
    run = desk.run()
    desk.add(run, "a.jpg")
    desk.predict(run)
    shown = [desk.app.runs.images(run.id, operating=flag).items[0].detections or () for flag in (True, False)]
    assert [len(rows) for rows in shown] == [1, 2]
    held = b"".join(desk.app.runs.results(run.id, "csv", operating=True).chunks)
    assert held.count(b"\n") == 2 < desk.result(run, "csv").count(b"\n")
    desk.app.models.imports.correct(desk.model_id, CardChanges(thresholds={}), desk.caller)
    assert len(desk.app.runs.images(run.id, operating=True).items[0].detections or ()) == 2
    with pytest.raises(BoxwrightError, match="no class 'fox'"):
        desk.app.models.imports.correct(desk.model_id, CardChanges(thresholds={"fox": 0.7}), desk.caller)


def test_a_model_that_a_job_needs_is_not_deleted(desk: Desk) -> None:
    run = desk.run()
    desk.add(run, "a.jpg")
    job = desk.app.runs.submit(PredictRequest(project_id=desk.project_id, run_id=run.id), desk.caller)
    for state in ("queued", "paused"):
        if state == "paused":
            desk.app.jobs.pause(job.id)
        with pytest.raises(Conflict, match=rf"^the job 'Predict .*' \({state}\) needs the model .*cancel it") as caught:
            desk.app.models.delete(desk.model_id, desk.caller)
        assert (caught.value.code, caught.value.detail) == ("model_in_use", {"job_id": job.id})
    desk.app.jobs.cancel(job.id)
    desk.app.models.delete(desk.model_id, desk.caller)


def test_results_outlive_their_model(desk: Desk, done: Run) -> None:
    desk.app.models.delete(desk.model_id)
    assert b"square" in desk.result(done, "yolo") or b"square" in desk.result(done, "csv")
    assert len(desk.result(done, "coco")) > 100


def test_equal_names_do_not_clash_in_an_archive(desk: Desk) -> None:
    run = desk.run()
    for name in ("a.jpg", "a.png", "A.jpg"):
        desk.add(run, name)
    with zipfile.ZipFile(io.BytesIO(desk.result(desk.predict(run), "images"))) as archive:
        assert len({name.casefold() for name in archive.namelist()}) == 3


def test_pictures_that_cannot_be_read_are_refused_or_reported(desk: Desk) -> None:
    run = desk.run()
    with pytest.raises(InvalidImage):
        desk.app.runs.add_image(run.id, "x.jpg", picture_file(desk.folder, b"no picture"))
    with pytest.raises(BoxwrightError):
        desk.app.runs.add_image(run.id, "../x.jpg", picture_file(desk.folder, make_scene(1).data))
    run_image = desk.add(run, "gone.jpg")
    with desk.app.uow.read() as tx:
        digest = tx.runs.picture(run_image).sha256
    desk.app.blobs.delete(digest)
    done = desk.predict(run)
    assert (done.done, done.failed) == (0, 1)
    assert desk.app.runs.images(run.id).items[0].error
    with zipfile.ZipFile(io.BytesIO(desk.result(done, "images"))) as archive:
        assert archive.namelist() == ["NOT-DRAWN.txt"]


def test_a_run_is_predicted_once_at_a_time(desk: Desk) -> None:
    run = desk.run()
    with pytest.raises(BoxwrightError) as caught:
        desk.submit(run)
    assert caught.value.code == "run_empty"
    desk.add(run, "a.jpg")
    job = desk.submit(run)
    with pytest.raises(Conflict):
        desk.submit(run)
    with pytest.raises(Conflict):
        desk.app.runs.delete(run.id)
    do(desk.app, job)  # type: ignore[arg-type]
    with pytest.raises(BoxwrightError):
        desk.submit(run)
    desk.add(run, "later.jpg")
    assert desk.predict(desk.app.runs.get(run.id)).done == 2
    desk.app.runs.delete(run.id)
    with pytest.raises(NotFound):
        desk.app.runs.get(run.id)
