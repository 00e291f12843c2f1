"""Prediction runs: pictures in, one job, results to look at and to take away."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, replace
from itertools import islice
from pathlib import Path
from typing import Any, Literal

from boxwright.domain.answers import FileAnswer, StreamAnswer
from boxwright.domain.clock import now
from boxwright.domain.detections import DetectionRow
from boxwright.domain.errors import Conflict, Invalid, NotFound
from boxwright.domain.events import Event
from boxwright.domain.ids import new_id
from boxwright.domain.jobs import FINISHED, Job
from boxwright.domain.models import check_finds, class_scores
from boxwright.domain.paging import Page
from boxwright.domain.people import Caller
from boxwright.domain.ports import BlobStore
from boxwright.domain.predictions import Run, RunImage
from boxwright.domain.projects import CLASS_COLORS, Split
from boxwright.domain.queries import ImageQuery
from boxwright.domain.requests import PredictRequest
from boxwright.jobs.kinds import JobKind
from boxwright.media import probe
from boxwright.services import checks
from boxwright.services.inputs import Inputs
from boxwright.services.previews import Previews
from boxwright.services.queue import Queue, new_job
from boxwright.services.results import Results, stream
from boxwright.services.run_images import class_names, from_project, outcome, waiting
from boxwright.storage.repositories.runs import StoredPicture
from boxwright.storage.unit_of_work import Transaction, UnitOfWork

_BATCH = 500
_TRIES = 50


class Runs:
    """Prediction runs of a project."""

    def __init__(self, uow: UnitOfWork, blobs: BlobStore, previews: Previews, inputs: Inputs, queue: Queue) -> None:
        self._uow, self._blobs, self._previews, self._inputs, self._queue = uow, blobs, previews, inputs, queue
        self.kind: JobKind[Transaction] = JobKind(
            name="predict",
            entry="boxwright.ml.tasks.predict:run",
            prepare=self.prepare,
            adopt=self.adopt,
            attempts=3,
        )

    def page(self, project_id: str, *, cursor: str | None = None, limit: int = 50) -> Page[Run]:
        """Return a project's runs, newest first."""
        with self._uow.read() as tx:
            return tx.runs.page(project_id, cursor, limit)

    def get(self, run_id: str) -> Run:
        """Return a run. Raises NotFound."""
        with self._uow.read() as tx:
            return tx.runs.get(run_id)

    def create(
        self,
        project_id: str,
        model_id: str,
        name: str,
        *,
        source: Literal["upload", "project"],
        split: Split | None,
        score: float,
        iou: float,
        caller: Caller,
    ) -> Run:
        """Prepare a run: empty for uploads, or with the project's pictures (of one split). Raises NotFound, Invalid."""
        with self._uow.write() as tx:
            model = tx.models.get(model_id)
            if model.project_id != project_id:
                raise NotFound("there is no such model in this project")
            check_finds(model.name, model.task)
            run = Run(
                id=new_id(),
                project_id=project_id,
                model_id=model_id,
                model_name=model.name,
                job_id=None,
                name=checks.name(name.strip() or f"{model.name} {now()[:10]}", "the name"),
                score_threshold=score,
                iou_threshold=iou,
                images=0,
                done=0,
                failed=0,
                created_at=now(),
            )
            tx.runs.add(run, caller.id)
            if source == "project":
                run = replace(run, images=self._take_project(tx, run, split))
            tx.publish(Event(topic="run", project_id=project_id, id=run.id))
        return run

    @staticmethod
    def _take_project(tx: Transaction, run: Run, split: Split | None) -> int:
        query, cursor, count = ImageQuery(split=split, order="name"), None, 0
        while True:
            page = tx.images.page(run.project_id, query, cursor, _BATCH)
            count += tx.runs.add_images(from_project(run.id, count, page.items))
            cursor = page.next_cursor
            if cursor is None:
                break
        if not count:
            where = f"the {split} split" if split else "the project"
            raise Invalid(f"there are no images in {where}; choose another split or upload pictures", code="no_images")
        tx.runs.update(run.id, images=count)
        return count

    def add_image(self, run_id: str, name: str, source: Path) -> RunImage:
        """Add an uploaded picture. Raises InvalidImage, NotFound."""
        self.get(run_id)
        info = probe(source)
        name = checks.path(name)
        stored = StoredPicture(
            id=new_id(), name=name, sha256=self._blobs.put_file(source), orientation=info.orientation
        )
        for attempt in range(_TRIES):
            try:
                return self._append(run_id, stored, info.upright_width, info.upright_height)
            except Conflict:  # another upload took the same place at the same moment
                if attempt == _TRIES - 1:
                    raise
        raise AssertionError("unreachable")

    def _append(self, run_id: str, stored: StoredPicture, width: int, height: int) -> RunImage:
        with self._uow.write() as tx:
            run = tx.runs.get(run_id)
            place = tx.runs.next_position(run_id)
            picture = waiting(stored.id, run_id, place, stored.name, width, height, None)
            tx.runs.add_images([(picture, stored)])
            tx.runs.update(run_id, images=place + 1)
            tx.publish(Event(topic="run", project_id=run.project_id, id=run_id))
        return picture

    def images(
        self,
        run_id: str,
        *,
        cursor: str | None = None,
        limit: int = 100,
        min_score: float = 0.0,
        class_id: int | None = None,
        operating: bool = False,
    ) -> Page[RunImage]:
        """Return pictures in order, each with its detections of at least `min_score` (and of one class).

        With `operating` those below the operating score of their class are left out too.
        """
        with self._uow.read() as tx:
            page = tx.runs.images_page(run_id, cursor, limit)
            least = _least(tx, run_id, min_score, operating=operating)

        def wanted(row: DetectionRow) -> bool:
            return row.score >= least(row.class_id) and class_id in (None, row.class_id)

        items = tuple(
            item if item.detections is None else replace(item, detections=tuple(filter(wanted, item.detections)))
            for item in page.items
        )
        return replace(page, items=items)

    def view(self, run_image_id: str) -> FileAnswer:
        """Return the upright picture in a form that browsers show."""
        with self._uow.read() as tx:
            picture = tx.runs.picture(run_image_id)
        return self._previews.view(picture.sha256, picture.name)

    def thumbnail(self, run_image_id: str) -> FileAnswer:
        """Return an upright thumbnail of at most 320 pixels."""
        with self._uow.read() as tx:
            picture = tx.runs.picture(run_image_id)
        return self._previews.thumbnail(picture.sha256, picture.name, 320)

    def _path(self, picture: RunImage) -> Path:
        with self._uow.read() as tx:
            digest = tx.runs.picture(picture.id).sha256
        return self._blobs.local_path(digest)

    def results(self, run_id: str, kind: str, *, min_score: float = 0.0, operating: bool = False) -> StreamAnswer:
        """Return all results as one file: csv, coco, yolo, json, or images (a ZIP of drawn pictures).

        Detections are left out as by `images`.
        """
        with self._uow.read() as tx:
            run = tx.runs.get(run_id)
            least = _least(tx, run_id, min_score, operating=operating)
            try:
                classes = tx.models.get(run.model_id).card.classes
                names, colors = [item.name for item in classes], [item.color for item in classes]
            except NotFound:  # the model was deleted since; its detections still know their names
                names = class_names(self._all(run_id))
                colors = [CLASS_COLORS[index % len(CLASS_COLORS)] for index in range(len(names))]
        results = Results(
            run=run,
            names=names,
            colors=colors,
            pictures=lambda: self._all(run_id),
            path=self._path,
            min_score=min_score,
            least=least,
        )
        return stream(results, kind)

    def _all(self, run_id: str) -> Iterator[RunImage]:
        """Every picture, page by page, so that no transaction stays open while a slow client reads."""
        cursor = None
        while True:
            with self._uow.read() as tx:
                page = tx.runs.images_page(run_id, cursor, _BATCH)
            yield from page.items
            cursor = page.next_cursor
            if cursor is None:
                return

    def delete(self, run_id: str, caller: Caller | None = None) -> None:
        """Remove a run and its results. Raises Conflict with code `run_busy` while its job is at work."""
        with self._uow.write() as tx:
            run = tx.runs.get(run_id)
            _check_idle(tx, run)
            tx.runs.delete(run_id)
            tx.audit.add(caller, "run.delete", project_id=run.project_id, subject=run_id, detail={"name": run.name})
            tx.publish(Event(topic="run", project_id=run.project_id, id=run_id, data={"deleted": True}))

    def submit(self, request: PredictRequest, caller: Caller) -> Job:
        """Queue the prediction of every picture that has no result yet.

        Raises NotFound, Conflict with code `run_busy`, Invalid with code `run_empty`.
        """
        run = self.get(request.run_id)
        if run.project_id != request.project_id:
            raise NotFound("there is no such run in this project")
        params = {"run_id": run.id, "model_id": run.model_id, "looks": asdict(request.looks)}
        job = new_job("predict", run.project_id, f"Predict {run.name}"[:200], params, caller)

        def start(tx: Transaction) -> None:
            fresh = tx.runs.get(run.id)
            tx.models.get(fresh.model_id)
            _check_idle(tx, fresh)
            if fresh.done + fresh.failed >= fresh.images:
                message = (
                    "the run has no pictures to predict" if fresh.images else "the run has no pictures; upload some"
                )
                raise Invalid(message, code="run_empty")
            tx.runs.update(run.id, job_id=job.id)
            tx.publish(Event(topic="run", project_id=run.project_id, id=run.id))

        return self._queue.add(job, start, caller=caller)

    def prepare(self, job: Job, workdir: Path) -> Mapping[str, object]:
        """List the pictures that wait."""
        with self._uow.read() as tx:
            run = tx.runs.get(str(job.params["run_id"]))
            model = tx.models.get(run.model_id)
            digest = tx.variants.served(model.id)
            queue = tx.runs.waiting(run.id)
        pictures = workdir / "pictures.jsonl"
        with pictures.open("w", encoding="utf-8") as out:
            for item, path in self._inputs.located(job, workdir, queue, lambda item: item.sha256):
                out.write(json.dumps({"id": item.id, "path": path or "", "orientation": item.orientation}) + "\n")
        return {
            **self._inputs.model(workdir, model, digest),
            "list": str(pictures),
            "score_threshold": run.score_threshold,
            "iou_threshold": run.iou_threshold,
            "max_detections": 300,
            "looks": job.params.get("looks", {}),
        }

    def adopt(self, tx: Transaction, job: Job, result: Mapping[str, Any], workdir: Path) -> Mapping[str, object]:
        """Write what was found."""
        run = tx.runs.get(str(job.params["run_id"]))
        with (workdir / result["files"]["detections"]).open(encoding="utf-8") as lines:
            outcomes = map(outcome, lines)
            while batch := list(islice(outcomes, _BATCH)):
                tx.runs.put_outcomes(batch)
        tx.runs.recount(run.id)
        tx.publish(Event(topic="run", project_id=run.project_id, id=run.id))
        return {"run_id": run.id, **{name: result.get(name) for name in ("images", "failed", "seconds")}}


def _least(tx: Transaction, run_id: str, min_score: float, *, operating: bool) -> Callable[[int], float]:
    """Return the least score by class id; a model that was deleted has no operating scores any more."""
    scores: tuple[float, ...] = ()
    if operating:
        try:
            scores = class_scores(tx.models.get(tx.runs.get(run_id).model_id).card)
        except NotFound:
            scores = ()
    # Scores of detections are rounded to five digits, those of cards are not.
    rounded = [max(min_score, round(score, 5)) for score in scores]
    return lambda class_id: rounded[class_id] if class_id < len(rounded) else min_score


def _check_idle(tx: Transaction, run: Run) -> None:
    if run.job_id is not None and tx.jobs.get(run.job_id).state not in FINISHED:
        raise Conflict("the run is being predicted; wait for its job or stop it first", code="run_busy")
