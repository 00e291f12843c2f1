from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from boxwright import media
from boxwright.bootstrap import Application
from boxwright.domain.clock import ago
from boxwright.domain.errors import BoxwrightError, Conflict, Invalid, NotFound
from boxwright.domain.geometry import Polygon, Polyline
from boxwright.domain.jobs import FINISHED, Job
from boxwright.domain.people import Caller
from boxwright.domain.requests import EstimateRequest, EvaluateRequest, ExportRequest, SweepRequest, TrainRequest
from boxwright.storage.job_store import DatabaseJobStore
from makers import box, changes, picture_file
from scenes import make_scene
from working import do


class Desk:
    """A project with one labelled training picture."""

    def __init__(self, app: Application, folder: Path) -> None:
        self.app = app
        self.caller: Caller = app.access.ensure_local_user()
        self.project_id = app.projects.create(self.caller, "shapes").id
        source = picture_file(folder, make_scene(1).data)
        self.image_id = app.images.add(self.project_id, "a.jpg", source, "train").image.id

    def label(self) -> None:
        class_id = self.app.classes.add(self.project_id, ["disc"])[0].id
        self.app.annotations.apply_changes(self.image_id, changes(box(class_id, 10.0, 10.0, 30.0, 30.5)), self.caller)

    def export(self, **options: object) -> Job:
        request = ExportRequest(project_id=self.project_id, format="coco", **options)  # type: ignore[arg-type]
        return self.app.exports.submit(request, self.caller)

    def train(self, **options: object) -> Job:
        request = TrainRequest(project_id=self.project_id, **options)  # type: ignore[arg-type]
        return self.app.training.submit(request, self.caller)

    def code(self, **options: object) -> str:
        with pytest.raises(BoxwrightError) as caught:
            self.train(**options)
        assert "\n" not in caught.value.message
        return caught.value.code

    def wait(self, job: Job) -> Job:
        until = time.monotonic() + 60
        while (now := self.app.jobs.get(job.id)).state not in FINISHED:
            assert time.monotonic() < until, now
            time.sleep(0.05)
        return now


@pytest.fixture
def desk(application: Application, tmp_path: Path) -> Desk:
    return Desk(application, tmp_path)


def test_an_export_ends_as_a_file_to_download(desk: Desk) -> None:
    desk.label()
    job = do(desk.app, desk.export())
    assert job.result is not None
    assert (job.result["images"], job.result["annotations"]) == (1, 1)
    answer = desk.app.jobs.file(job.id, "shapes.coco.zip")
    assert answer.path.read_bytes()[:2] == b"PK"
    for name in ("../shapes.coco.zip", "manifest.jsonl", "", "files"):
        with pytest.raises(NotFound):
            desk.app.jobs.file(job.id, name)


def test_exports_of_versions_and_strangers(desk: Desk) -> None:
    desk.label()
    version = desk.app.versions.create(desk.project_id, "first", desk.caller)
    assert desk.app.exports.losses(desk.project_id, "voc", version.id) == ()
    assert do(desk.app, desk.export(version_id=version.id)).state == "succeeded"
    other = desk.app.projects.create(desk.caller, "other").id
    foreign = ExportRequest(project_id=other, format="coco", version_id=version.id)
    with pytest.raises(NotFound):
        desk.app.exports.submit(foreign, desk.caller)
    with pytest.raises(NotFound):
        desk.app.exports.losses(other, "coco", version.id)


def test_the_whole_queue_runs_a_job_in_a_child(desk: Desk) -> None:
    desk.label()
    desk.app.start()
    job = desk.wait(desk.export())
    assert (job.state, job.error) == ("succeeded", None)
    assert desk.app.jobs.file(job.id, "output.log").path.exists()


def test_a_waiting_job_is_cancelled_at_once_and_can_be_resumed(desk: Desk) -> None:
    desk.label()
    job = desk.export()
    assert desk.app.jobs.cancel(job.id).state == "cancelled"
    assert desk.app.jobs.cancel(job.id).state == "cancelled"
    again = desk.app.jobs.resume(job.id)
    assert (again.state, again.attempt, again.finished_at) == ("queued", 0, None)
    assert desk.app.jobs.resume(job.id).state == "queued"
    do(desk.app, again)
    with pytest.raises(Conflict):
        desk.app.jobs.resume(job.id)
    page = desk.app.jobs.page(desk.project_id, kind="export", state="succeeded")
    assert [item.id for item in page.items] == [job.id]
    assert desk.app.jobs.page(desk.project_id, kind="train").items == ()


def test_a_paused_job_waits_for_whoever_resumes_it(desk: Desk) -> None:
    desk.label()
    job = desk.export()
    assert desk.app.jobs.pause(job.id).state == "paused"
    assert desk.app.jobs.pause(job.id).state == "paused"
    with desk.app.uow.write() as tx:
        assert tx.jobs.oldest_queued(()) is None
    assert desk.app.jobs.resume(job.id).state == "queued"
    with desk.app.uow.write() as tx:
        tx.jobs.update(job.id, state="running", stopping="pause", attempt=1)
    # The server dies before the task has ended: the job stays paused, and does not start by itself.
    assert DatabaseJobStore(desk.app.uow, lambda _: None).requeue_abandoned() == []  # type: ignore[arg-type,return-value]
    found = desk.app.jobs.get(job.id)
    assert (found.state, found.stopping, found.finished_at) == ("paused", "", None)
    assert desk.app.jobs.cancel(job.id).state == "cancelled"


def test_what_helps_to_choose_parameters(desk: Desk) -> None:
    help_ = desk.app.training_help
    assert {item.name for item in help_.presets()} >= {"default", "aerial", "none"}
    assert help_.advice(desk.project_id) == ()
    with pytest.raises(Invalid, match="label some images"):
        help_.preview(desk.project_id, {}, 0)
    desk.label()
    advice = {item.name: item for item in help_.advice(desk.project_id)}
    assert advice["image_size"].value >= 320
    assert "the longer side" in advice["image_size"].why
    picture = help_.preview(desk.project_id, {"augment": "none", "image_size": 96}, 0)
    assert media.decode_rgb(picture).shape == (96, 96, 3)
    assert picture != help_.preview(desk.project_id, {"augment": "strong", "image_size": 96}, 0)
    with pytest.raises(Invalid):
        help_.preview(desk.project_id, {"augment": "wild"}, 0)


def test_a_sweep_and_an_estimate_are_checked_before_they_wait(desk: Desk) -> None:
    def sweep(**options: object) -> SweepRequest:
        return SweepRequest(project_id=desk.project_id, **options)  # type: ignore[arg-type]

    desk.label()
    for wrong in ({"minutes": 0.0}, {"trials": 1}, {"space": {"lr": [7.0]}}, {"space": {"colour": [1.0]}}):
        with pytest.raises(Invalid):
            desk.app.sweeps.submit(sweep(**wrong), desk.caller)
    job = desk.app.sweeps.submit(sweep(space={"lr": [0.01]}, hyper={"augment": "none"}), desk.caller)
    assert (job.kind, job.state, job.params["space"]) == ("sweep", "queued", {"lr": [0.01]})
    told = desk.app.estimates.submit(EstimateRequest(project_id=desk.project_id, hyper={"epochs": 3}), desk.caller)
    folder = desk.app.scheduler.job_folder(told.id) / "work"
    folder.mkdir(parents=True)
    task = desk.app.estimates.prepare(told, folder)
    assert Path(str(task["manifest"])).is_file()


def test_old_work_is_removed_and_what_belongs_to_no_job(desk: Desk) -> None:
    desk.label()
    job = do(desk.app, desk.export())
    folder = desk.app.scheduler.job_folder(job.id)
    (folder / "work").mkdir()
    stray = desk.app.scheduler.job_folder("nothing") / "work"
    stray.mkdir(parents=True)
    desk.app.jobs.tidy()
    assert not stray.parent.exists()
    assert (folder / "work").exists()
    with desk.app.uow.write() as tx:
        tx.jobs.update(job.id, finished_at=ago(timedelta(days=8)))
    desk.app.jobs.tidy()
    assert sorted(item.name for item in folder.iterdir()) == ["files"]
    with desk.app.uow.write() as tx:
        tx.jobs.update(job.id, finished_at=ago(timedelta(days=31)))
    desk.app.jobs.tidy()
    with pytest.raises(NotFound):
        desk.app.jobs.file(job.id, "shapes.coco.zip")


def test_outlines_need_polygons_or_masks(desk: Desk) -> None:
    tasks = desk.app.training.tasks
    assert [(one.task, one.annotations, one.problem) for one in tasks(desk.project_id)] == [
        ("detect", 0, None), ("segment", 0, None)
    ]  # fmt: skip
    desk.label()
    boxes, outlines = tasks(desk.project_id)
    assert (boxes.annotations, boxes.problem, outlines.annotations) == (1, None, 0)
    assert outlines.problem == (
        "all annotations of the training images are boxes (1): outlines are learned from polygons and masks; draw "
        "some, or train a detector of boxes"
    )
    assert desk.code(task="segment") == desk.code(architecture="wren-s-seg") == "no_masks"
    class_id = desk.app.classes.list(desk.project_id)[0].id
    shape = replace(box(class_id), geometry=Polygon(rings=(((5.0, 5.0), (40.0, 5.0), (5.0, 40.0)),)))
    desk.app.annotations.apply_changes(desk.image_id, changes(shape, base=1), desk.caller)
    boxes, outlines = tasks(desk.project_id)
    assert (boxes.annotations, outlines.annotations, outlines.problem) == (2, 1, None)
    pytest.importorskip("torch", reason="training needs boxwright[train]")
    assert desk.train(task="segment").params["architecture"] == "wren-n-seg"


def test_lines_and_points_are_nothing_to_train_on(desk: Desk) -> None:
    desk.label()
    class_id = desk.app.classes.list(desk.project_id)[0].id
    drawn = desk.app.annotations.get(desk.image_id).annotations
    line = replace(box(class_id), geometry=Polyline(points=((5.0, 5.0), (40.0, 5.0))))
    change = changes(line, *(item.id for item in drawn), base=1)
    desk.app.annotations.apply_changes(desk.image_id, change, desk.caller)
    assert [one.annotations for one in desk.app.training.tasks(desk.project_id)] == [0, 0]
    assert desk.code() == desk.code(task="segment") == "no_areas"


def test_what_cannot_be_trained_says_so_at_once(desk: Desk) -> None:
    assert desk.code() == "no_classes"
    desk.app.classes.add(desk.project_id, ["disc"])
    assert desk.code() == "no_training_images"
    desk.label()
    assert desk.code(architecture="wren-x") == "architecture_unknown"
    assert desk.code(weights="nothing") == "not_found"
    assert desk.code(version_id="nothing") == "not_found"
    with pytest.raises(Invalid) as caught:
        desk.train(hyper={"epochs": -1, "colour": 1})
    assert caught.value.code == "hyper_invalid"
    desk.app.images.bulk(desk.project_id, [desk.image_id], "move", "val")
    with pytest.raises(Invalid, match="1 labelled images are in other splits"):
        desk.train()
    assert desk.app.jobs.page(desk.project_id).items == ()


def test_a_training_freezes_what_it_learns_from(desk: Desk, tmp_path: Path) -> None:
    desk.label()
    job = desk.train(hyper={"epochs": 2}, name="first")
    (version,) = desk.app.versions.page(desk.project_id).items
    assert job.params["version_id"] == version.id
    assert dict(job.params["hyper"])["epochs"] == 2  # type: ignore[call-overload]
    desk.app.images.bulk(desk.project_id, [desk.image_id], "trash")
    params = desk.app.training.prepare(job, tmp_path)
    assert Path(str(params["manifest"])).read_text().count("\n") == 2
    assert params["weights"] is None


def test_an_evaluation_needs_labelled_pictures_and_a_model_of_the_project(desk: Desk) -> None:
    request = EvaluateRequest(project_id=desk.project_id, model_id="nothing")
    with pytest.raises(NotFound):
        desk.app.evaluation.submit(request, desk.caller)
