"""Auto-annotation: a model proposes, on one picture or on all; people decide."""

import json
import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any, cast

from boxwright.domain.clock import now
from boxwright.domain.errors import Invalid, NotFound
from boxwright.domain.events import Event
from boxwright.domain.jobs import Job
from boxwright.domain.models import Model, check_finds, own_thresholds
from boxwright.domain.people import Caller
from boxwright.domain.projects import Image, Split
from boxwright.domain.queries import ImageQuery
from boxwright.domain.requests import LabelRequest
from boxwright.jobs.kinds import JobKind
from boxwright.services.image_actions import MAX_BULK, check_split
from boxwright.services.inputs import Inputs
from boxwright.services.proposing import Found, Proposer
from boxwright.services.queue import Queue, new_job
from boxwright.storage.files import full_disk_is_an_answer, sync_file
from boxwright.storage.job_store import announce
from boxwright.storage.repositories.text import nfc
from boxwright.storage.unit_of_work import Transaction, UnitOfWork

_PICTURES, _LANDED = "pictures.jsonl", "landed.json"
_PAGE = 500
# Pictures a transaction: other writers wait for it.
_BATCH = 100


class Labelling:
    """Auto-annotation runs of a project; a run bears the id of its job."""

    def __init__(self, uow: UnitOfWork, inputs: Inputs, queue: Queue) -> None:
        self._uow, self._inputs, self._queue = uow, inputs, queue
        self.kind: JobKind[Transaction] = JobKind(
            name="label",
            entry="boxwright.ml.tasks.predict:run",
            prepare=self.prepare,
            stage=self.stage,
            adopt=self.adopt,
            attempts=3,
        )

    def submit(self, request: LabelRequest, caller: Caller) -> Job:
        """Queue a run.

        Raises NotFound for a model or picture that is not of this project, Invalid with code `threshold_invalid`,
        `no_thresholds`, `class_unknown`, `no_class_matches`, `too_many_images` or `no_images`.
        """
        with self._uow.read() as tx:
            model = tx.models.get(request.model_id)
            if model.project_id != request.project_id:
                raise NotFound("there is no such model in this project")
            check_finds(model.name, model.task)
            _check_thresholds(request, model)
            _check_classes(request, model, tx.classes.names(request.project_id))
            _check_images(tx, request)
        params = {name: value for name, value in asdict(request).items() if name not in ("kind", "project_id")}
        own = _own_thresholds(request, model)
        params |= {"thresholds": {**own, **request.thresholds}, "model_thresholds": bool(own)}
        params["threshold"] = model.card.score_threshold if request.threshold is None else request.threshold
        params["iou"] = model.card.iou_threshold if request.iou is None else request.iou
        title = f"Auto-annotate with {model.name}"[:200]
        return self._queue.add(new_job("label", request.project_id, title, params, caller), caller=caller)

    def prepare(self, job: Job, workdir: Path) -> Mapping[str, object]:
        """List the pictures to look at."""
        with self._uow.read() as tx:
            model = tx.models.get(str(job.params["model_id"]))
            digest = tx.variants.served(model.id)
        pictures, part = workdir / _PICTURES, workdir / f"{_PICTURES}.tmp"
        # An earlier start of this job has chosen; where the files lie may have changed since.
        chosen = list(_listed(pictures) if pictures.exists() else self._chosen(job))
        with full_disk_is_an_answer(), part.open("w", encoding="utf-8") as out:
            for (image_id, sha256), path in self._inputs.located(job, workdir, chosen, lambda item: item[1]):
                out.write(json.dumps({"id": image_id, "path": path or "", "sha256": sha256}) + "\n")
        part.replace(pictures)
        thresholds = cast("Mapping[str, float]", job.params["thresholds"])
        lowest = min([cast("float", job.params["threshold"]), *thresholds.values()])
        return {
            **self._inputs.model(workdir, model, digest),
            "list": str(pictures),
            "score_threshold": lowest,
            "iou_threshold": job.params["iou"],
            "looks": job.params.get("looks", {}),
            "max_detections": 300,
            "outlines": Terms(job.params).outlines,
        }

    def _chosen(self, job: Job) -> Iterator[tuple[str, str]]:
        terms = Terms(job.params)
        for page in self._pages(str(job.project_id), terms):
            yield from ((image.id, image.sha256) for image in page if terms.take(image))

    def _pages(self, project_id: str, terms: "Terms") -> Iterator[Collection[Image]]:
        """Yield the pictures in pages, so that no transaction stays open while files are looked up."""
        if terms.named is not None:
            for start in range(0, len(terms.named), _PAGE):
                with self._uow.read() as tx:
                    named = tx.images.some(project_id, terms.named[start : start + _PAGE])
                yield named
            return
        query, cursor = _query(terms.split, only_unlabeled=terms.only_unlabeled), None
        while True:
            with self._uow.read() as tx:
                page = tx.images.page(project_id, query, cursor, _PAGE)
            yield page.items
            cursor = page.next_cursor
            if cursor is None:
                return

    def stage(self, job: Job, result: Mapping[str, Any], workdir: Path) -> None:
        """Write the proposals, batch by batch; pictures that a former try has done are done."""
        assert job.project_id is not None
        proposer = Proposer(job, Terms(job.params))
        total, told = int(result["images"]), time.monotonic()
        done = 0
        with (workdir / result["files"]["detections"]).open(encoding="utf-8") as lines:
            found = (item for item in map(Found.read, lines) if item is not None)
            while batch := list(islice(found, _BATCH)):
                with self._uow.write() as tx:
                    proposer.land(tx, batch)
                done += len(batch)
                if time.monotonic() - told > 1:
                    self._tell(job, done, total)
                    told = time.monotonic()
        part = workdir / f"{_LANDED}.tmp"
        with full_disk_is_an_answer():
            part.write_text(json.dumps(asdict(proposer.tally)))
            sync_file(part)
            part.replace(workdir / _LANDED)

    def _tell(self, job: Job, done: int, total: int) -> None:
        with self._uow.write() as tx:
            tx.jobs.update(job.id, phase="saving", done=done, total=total, heartbeat_at=now())
            announce(tx, tx.jobs.get(job.id))

    def adopt(self, tx: Transaction, job: Job, result: Mapping[str, Any], workdir: Path) -> Mapping[str, object]:
        """Say what the run made."""
        tx.publish(Event(topic="images", project_id=job.project_id, id=str(job.project_id), data={"action": "labeled"}))
        tally = json.loads((workdir / _LANDED).read_text())
        return {**tally, **{name: result.get(name) for name in ("images", "failed", "seconds")}}


class Terms:
    """What a person chose, out of a job's params."""

    def __init__(self, params: Mapping[str, Any]) -> None:
        self.model_id = str(params["model_id"])
        self.threshold = float(params["threshold"])
        self.thresholds: Mapping[str, float] = params["thresholds"]
        self.class_map: Mapping[str, str] = params["class_map"]
        self.create_classes = bool(params["create_classes"])
        self.named: list[str] | None = None if params["image_ids"] is None else list(params["image_ids"])
        self.split = cast("Split | None", params["split"])
        self.only_unlabeled = bool(params["only_unlabeled"])
        # Jobs of earlier versions do not say.
        self.outlines = params.get("shape", "outline") == "outline"

    def take(self, image: Image) -> bool:
        """Tell whether the run is for this picture, as it is now."""
        if image.deleted_at is not None or (self.split is not None and image.split != self.split):
            return False
        if self.only_unlabeled and image.state != "unlabeled":
            return False
        return image.state != "empty" or self.named is not None

    def target(self, name: str) -> str:
        """Return the name that a class of the model has here; empty for one that is dropped."""
        return self.class_map.get(name, name).strip()


def _listed(path: Path) -> Iterator[tuple[str, str]]:
    with path.open(encoding="utf-8") as lines:
        for item in map(json.loads, lines):
            yield str(item["id"]), str(item["sha256"])


def _query(split: Split | None, *, only_unlabeled: bool) -> ImageQuery:
    return ImageQuery(split=split, state="unlabeled" if only_unlabeled else None, order="name")


def _own_thresholds(request: LabelRequest, model: Model) -> dict[str, float]:
    """Return the model's own thresholds where the run starts with them."""
    if request.model_thresholds is False or (request.model_thresholds is None and request.threshold is not None):
        return {}
    own = own_thresholds(model)
    if request.model_thresholds and not own:
        message = "the model has no thresholds of its own; evaluate it on labelled images first, or give one for all"
        raise Invalid(message, code="no_thresholds")
    return own


def _check_thresholds(request: LabelRequest, model: Model) -> None:
    names = {item.name for item in model.card.classes}
    unknown = sorted((set(request.thresholds) | set(request.class_map)) - names)
    if unknown:
        raise Invalid(
            f"the model has no class {unknown[0][:60]!r}", code="class_unknown", detail={"names": unknown[:20]}
        )
    given = {"threshold": request.threshold, "iou": request.iou, **request.thresholds}
    for what, value in given.items():
        if value is not None and not 0 <= value <= 1:
            raise Invalid(f"{what}: {value:g} is not from 0 to 1", code="threshold_invalid")


def _check_classes(request: LabelRequest, model: Model, here: Mapping[str, str]) -> None:
    wanted = [request.class_map.get(item.name, item.name).strip() for item in model.card.classes]
    if any(name and (request.create_classes or nfc(name) in here) for name in wanted):
        return
    message = (
        "the project has none of the model's classes; map them to classes of the project, or let the run create them"
    )
    raise Invalid(message, code="no_class_matches")


def _check_images(tx: Transaction, request: LabelRequest) -> None:
    tx.projects.get(request.project_id)
    if request.split is not None:
        check_split(request.split)
    if request.image_ids is not None:
        unique = set(request.image_ids)
        if len(unique) > MAX_BULK:
            raise Invalid(f"name at most {MAX_BULK} pictures; choose a split or all instead", code="too_many_images")
        if len(tx.images.some(request.project_id, list(unique))) != len(unique):
            raise NotFound("some of these pictures are not in this project")
        found = bool(unique)
    else:
        query = _query(request.split, only_unlabeled=request.only_unlabeled)
        found = bool(tx.images.page(request.project_id, query, None, 1).items)
    if not found:
        raise Invalid("there are no such images to annotate; choose others or upload some", code="no_images")
