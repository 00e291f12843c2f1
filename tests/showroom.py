"""A data folder in which every page has something to show: made before a server opens it, without training anything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from fastapi.testclient import TestClient

from apps import ADDRESS, Headers, add_model, bearer, report_blob
from boxwright import bootstrap
from boxwright.api.app import create_app
from boxwright.domain.clock import now
from boxwright.domain.detections import DetectionRow, Detections
from boxwright.domain.ids import new_id
from boxwright.domain.jobs import Job, LogLine, Metric
from boxwright.domain.manifest import ManifestClass
from boxwright.domain.models import ClassMetrics, Evaluation, Metrics
from boxwright.domain.people import ROLES
from boxwright.domain.quality import TwinPair, Twins
from boxwright.domain.tracks import change_to_json
from boxwright.domain.variants import Variant
from boxwright.ml.metrics import Found
from boxwright.settings import Settings
from boxwright.storage.repositories.runs import RunOutcome
from boxwright.storage.repositories.variants import StoredVariant
from filming import add_video, changes, key, track
from learning import sample
from mapping import make_map_up
from scenes import CLASSES, Scene, make_scene
from suspecting import checked_labels

LONG_NAME = "a rather long folder name/2026-11-30 left camera, second shelf from above (corrected).jpg"
PASSWORD = "correct horse battery"
SPLITS = ("train", "train", "train", "train", "val", "test", "none", "none")


class Seeder:
    """Posts what people would post, and writes what only a finished job writes."""

    def __init__(self, application: bootstrap.Application, client: TestClient, headers: Headers) -> None:
        self.application, self.client, self.headers = application, client, headers

    def post(self, path: str, **options: Any) -> Any:
        answer = self.client.post(f"/api/v1{path}", headers=self.headers, **options)
        assert answer.is_success, answer.text
        return answer.json()

    def image(self, project: str, scene: Scene, split: str, classes: list[str] | None) -> str:
        params = {"name": scene.name, "split": split}
        image = str(self.post(f"/projects/{project}/images", params=params, content=scene.data)["image"]["id"])
        if classes is not None:
            changes = [
                {
                    "op": "upsert",
                    "annotation": {
                        "id": new_id(),
                        "class_id": classes[kind],
                        "geometry": {"type": "box", "x0": x0, "y0": y0, "x1": x1, "y1": y1},
                    },
                }
                for kind, x0, y0, x1, y1 in scene.boxes
            ]
            self.post(f"/images/{image}/changes", json={"change_id": new_id(), "base_revision": 0, "changes": changes})
        return image

    def video(self, project: str, classes: list[str]) -> str:
        """A video with a track that leaves and comes back, and one that is covered for a while."""
        video = add_video(self.application, project, frames=40, name="street.mp4")
        there = track(classes[0], key(0), key(14, 38), key(20, 50, outside=True), key(30, 70))
        covered = track(classes[1], key(4, 90), key(10, 96, occluded=True), key(22, 120))
        body = [change_to_json(item) for item in changes(there, covered).changes]
        self.post(f"/videos/{video}/changes", json={"change_id": new_id(), "base_revision": 0, "changes": body})
        return video

    def attributes(self, project: str, label: str) -> None:
        """Define attributes of every kind, and give objects of the first class a word more than that."""
        own = [
            {"name": "colour", "kind": "select", "choices": ["red", "green", "deep blue"], "default": "red"},
            {"name": "age", "kind": "number", "minimum": 0, "maximum": 120, "step": 0.5},
            {"name": "note", "kind": "text"},
        ]
        shared = [{"name": "occluded", "kind": "checkbox", "default": False}]
        for path, attributes in ((f"classes/{label}", own), (f"projects/{project}", shared)):
            answer = self.client.patch(f"/api/v1/{path}", headers=self.headers, json={"attributes": attributes})
            assert answer.is_success, answer.text

    def jobs(self, project: str, model: str) -> tuple[str, str]:
        """Insert a training that ended well and one that failed."""
        good = _job(project, "tiny", state="succeeded", done=8.0, phase="done")
        good = replace(good, result={"model_id": model, "epochs": 8, "metrics": {"test": {"map50_95": 0.61}}})
        bad = _job(project, "tiny at 4096 px", state="failed", done=1.0, phase="train")
        bad = replace(
            bad, error_code="out_of_memory", error="the training needs more memory than there is: lower the image size"
        )
        metrics = [
            Metric(step=step, name=name, value=value)
            for step in range(1, 9)
            for name, value in (
                ("train/loss", 4.0 / step),
                ("val/loss", 4.4 / step),
                ("val/map50", 0.1 * step),
                ("val/map50_95", 0.07 * step),
                ("iter/loss", 4.2 / step),
                ("lr", 0.001 / step),
            )
        ]
        lines = [
            LogLine(
                number=step, level="warning" if step == 3 else "info", message=f"epoch {step} of 8", created_at=now()
            )
            for step in range(1, 9)
        ]
        with self.application.uow.write() as tx:
            for job in (good, bad):
                tx.jobs.add(job)
            tx.jobs.put_metrics(good.id, metrics)
            tx.jobs.add_log(good.id, lines)
        return good.id, bad.id

    def checked(self, project: str, model: str, images: list[str]) -> None:
        """Let a check of labels have found one error of each kind."""
        result = {"images": 6, "failed": 0, "suspicions": 4, "seen": 4, "model_id": model, "model_name": "tiny"}
        job = replace(_job(project, "Check labels with tiny", result=result, params={}), kind="label_check")
        checked_labels(self.application, job, model, images[:4])

    def measured(self, project: str, model: str, classes: list[str], images: list[str]) -> None:
        """Give the model figures on the test split, and a report over the labelled images."""
        kinds = [ManifestClass(id=key, name=name) for key, name in zip(classes, CLASSES, strict=True)]
        pair = TwinPair(image_id=images[5], name="scene 5.jpg", twin_id=images[1], twin_name="scene 1.jpg")
        found = [_guessed(*each) for each in enumerate(images)]
        report = report_blob(self.application, kinds, found, Twins(images=1, pairs=(pair,)))
        rows = tuple(
            ClassMetrics(
                class_id=class_id,
                name=name,
                instances=5,
                ap50_95=0.61,
                ap50=0.9,
                precision=0.88,
                recall=0.8,
                f1=0.84,
                best_threshold=0.4,
            )
            for class_id, name in zip(classes, CLASSES, strict=True)
        )
        figures = dict.fromkeys(("map50_95", "map50", "map75", "map_small", "map_medium", "ar100"), 0.61)
        metrics = Metrics(**figures, map_large=None, images=4, instances=10, per_class=rows)
        with self.application.uow.write() as tx:
            tx.models.update(model, test=metrics, val=metrics)
            tx.models.add_evaluation(
                Evaluation(
                    id=new_id(),
                    model_id=model,
                    version_id=None,
                    job_id=None,
                    split="test",
                    metrics=metrics,
                    created_at=now(),
                    report_sha256=report,
                ),
                project,
            )
            file = tx.models.files(model).onnx_sha256
            made = (("fp32", 7_600_000, 9.4, 0.0), ("fp16", 3_850_000, 9.9, 0.0), ("int8", 2_100_000, 6.1, -0.013))
            variants = [
                Variant(precision=name, bytes=size, milliseconds=time, metrics=replace(metrics, map50_95=0.61 + lost))  # type: ignore[arg-type]
                for name, size, time, lost in made
            ]
            stored = [StoredVariant(variant=item, onnx_sha256=file) for item in variants]
            tx.variants.replace(model, stored, split="test", job_id=new_id(), created_at=now())

    def run(self, project: str, model: str) -> str:
        """Make a run of which three pictures are predicted, one failed and one waits."""
        run = str(self.post(f"/projects/{project}/runs", json={"model_id": model, "name": "Shelf, Monday"})["id"])
        outcomes = []
        for number in range(5):
            scene = make_scene(50 + number, size=(320, 240), name=f"shelf/{number}.jpg")
            picture = self.post(f"/runs/{run}/images", params={"name": scene.name}, content=scene.data)
            found = tuple(
                DetectionRow(class_id=kind, class_name=CLASSES[kind], score=0.9 - 0.2 * place, box=(x0, y0, x1, y1))
                for place, (kind, x0, y0, x1, y1) in enumerate(scene.boxes)
            )
            if number < 3:
                outcomes.append(RunOutcome(id=picture["id"], detections=found))
            elif number == 3:
                outcomes.append(RunOutcome(id=picture["id"], detections=None, error="the picture is cut off"))
        with self.application.uow.write() as tx:
            tx.runs.put_outcomes(outcomes)
            tx.runs.recount(run)
        return run

    def people(self, project: str) -> None:
        """Make an administrator, and one person in each role; `bob` is disabled."""
        self.post("/users", json={"name": "ann", "password": PASSWORD, "admin": True})
        for name in (*ROLES, "bob"):
            user = self.post("/users", json={"name": name, "password": PASSWORD})
            self.post(f"/projects/{project}/members", json={"name": name, "role": name if name in ROLES else "viewer"})
        self.client.patch(f"/api/v1/users/{user['id']}", headers=self.headers, json={"disabled": True})
        self.post("/tokens", json={"name": "nightly export"})


def _guessed(number: int, image: str) -> Found:
    """A labelled image with detections: most right, the rest wrong in every way there is."""
    scene = make_scene(number, size=(320, 240))
    rng = np.random.default_rng(number)
    boxes = np.array([box for _, *box in scene.boxes], np.float32)
    labels = np.array([kind for kind, *_ in scene.boxes])
    truth = sample(boxes, labels, name=image)
    moved = boxes + rng.normal(0, 3, boxes.shape) + (25 if number % 3 == 2 else 0)
    extra = np.array([[5, 5, 45, 60]])
    every = np.clip(np.concatenate([moved, extra, boxes[:1] + 2]), 0, 320).astype(np.float32)
    kinds = np.append(np.where(rng.random(len(labels)) < 0.25, 1 - labels, labels), [number % 2, labels[0]])
    scores = rng.uniform(0.35, 0.98, len(every)).astype(np.float32)
    return Found(replace(truth, name=f"scene {number}.jpg", width=320, height=240), Detections(every, scores, kinds))


def _job(project: str, title: str, **values: Any) -> Job:
    at = now()
    return replace(
        Job(
            id=new_id(),
            kind="train",
            project_id=project,
            state="succeeded",
            stopping="",
            title=title,
            phase="",
            done=0.0,
            total=8.0,
            seconds_left=None,
            attempt=1,
            params={"hyper": {"epochs": 8, "image_size": 320, "batch_size": 4}},
            result=None,
            error_code=None,
            error=None,
            created_by=None,
            created_at=at,
            started_at=at,
            finished_at=at,
            heartbeat_at=at,
        ),
        **values,
    )


def furnish(data: Path, more: Callable[[Seeder], dict[str, str]] = lambda _: {}, **settings: Any) -> dict[str, str]:
    """Fill a data folder, also with `more`; returns the ids of a full and of an empty project and of what is in it."""
    application = bootstrap.build(Settings(data=data, **settings))
    try:
        with TestClient(create_app(application), base_url=ADDRESS) as client:
            seeder = Seeder(application, client, bearer(application.access.server_token()))
            project = str(seeder.post("/projects", json={"name": "Shelves", "description": "Discs and squares."})["id"])
            empty = str(seeder.post("/projects", json={"name": "Nothing yet"})["id"])
            made = seeder.post(f"/projects/{project}/classes", json={"names": list(CLASSES)})
            classes = [str(one["id"]) for one in made]
            seeder.attributes(project, classes[0])
            images = []
            for number, split in enumerate(SPLITS):
                name = LONG_NAME if number == 0 else f"scene {number}.jpg"
                scene = make_scene(number, size=(320, 240), name=name)
                images.append(seeder.image(project, scene, split, None if split == "none" else classes))
            seeder.post(f"/projects/{project}/versions", json={"name": "first"})
            model, _ = add_model(application, project)
            seeder.measured(project, model, classes, images[: SPLITS.index("none")])
            good, bad = seeder.jobs(project, model)
            seeder.checked(project, model, images)
            make_map_up(application, project, images, data)
            video = seeder.video(project, classes)
            run = seeder.run(project, model)
            seeder.people(project)
            others = more(seeder)
    finally:
        application.close()
    return {
        "project": project,
        "empty": empty,
        "image": images[0],
        "model": model,
        "video": video,
        "training": good,
        "failed": bad,
        "run": run,
        **others,
    }
