"""Likely label errors: a trained model looks at what is annotated, people decide."""

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, cast

from boxwright.domain.choosing import best
from boxwright.domain.clock import now
from boxwright.domain.errors import Invalid, NotFound
from boxwright.domain.events import Event
from boxwright.domain.jobs import Job
from boxwright.domain.manifest import read_records
from boxwright.domain.models import Model, check_finds
from boxwright.domain.paging import Page
from boxwright.domain.people import Caller
from boxwright.domain.ports import BlobStore
from boxwright.domain.requests import LabelCheckRequest
from boxwright.domain.suspicions import LabelCheck, Suspicion, SuspicionQuery
from boxwright.jobs.kinds import JobKind
from boxwright.services.doubts import Doubter, from_json, to_json
from boxwright.services.image_actions import check_split
from boxwright.services.inputs import Inputs
from boxwright.services.queue import Queue, new_job
from boxwright.storage.files import full_disk_is_an_answer
from boxwright.storage.unit_of_work import Transaction, UnitOfWork

_PICTURES, _FOUND = "pictures.jsonl", "suspicions.json"
_BATCH = 500
# Down to here a detection still says that something is there.
_LEAST = 0.05


class LabelChecks:
    """Checks of labels, and what they found."""

    def __init__(self, uow: UnitOfWork, blobs: BlobStore, inputs: Inputs, queue: Queue) -> None:
        self._uow, self._blobs, self._inputs, self._queue = uow, blobs, inputs, queue
        self.kind: JobKind[Transaction] = JobKind(
            name="label_check",
            entry="boxwright.ml.tasks.predict:run",
            prepare=self.prepare,
            stage=self.stage,
            adopt=self.adopt,
            attempts=3,
        )

    def get(self, project_id: str) -> LabelCheck:
        """Return the last check and what is left of it. Raises NotFound."""
        with self._uow.read() as tx:
            tx.projects.get(project_id)
            last = tx.jobs.page(project_id, kind="label_check", state="succeeded", cursor=None, limit=1).items
            decided = tx.suspicions.decided(project_id)
            done: Mapping[str, Any] = (last[0].result or {}) if last else {}
            choice = best(_candidates(tx, project_id))
            return LabelCheck(
                checked_at=last[0].finished_at if last else None,
                model_id=done.get("model_id"),
                model_name=done.get("model_name"),
                images=int(done.get("images", 0)),
                seen=done.get("seen"),
                counts=tx.suspicions.counts(project_id),
                accepted=decided.get("accepted", 0),
                dismissed=decided.get("dismissed", 0),
                choice=choice,
            )

    def page(
        self, project_id: str, query: SuspicionQuery, *, cursor: str | None = None, limit: int = 100
    ) -> Page[Suspicion]:
        """Return suspicions, the most likely first. Raises NotFound."""
        with self._uow.read() as tx:
            tx.projects.get(project_id)
            return tx.suspicions.page(project_id, query, cursor, limit)

    def submit(self, request: LabelCheckRequest, caller: Caller) -> Job:
        """Queue a check.

        Raises NotFound for a model that is not of this project, Invalid with code `no_model`, `classes_differ` or
        `no_labels`.
        """
        for split in request.splits:
            check_split(split)
        with self._uow.read() as tx:
            model = _model(tx, request)
            here = tx.classes.names(request.project_id)
            if not Doubter.table(model.card, here):
                message = "the model knows none of the project's classes; choose another model"
                raise Invalid(message, code="classes_differ")
            counts = tx.totals.splits(request.project_id)
            if not sum(
                one.images - one.unlabeled for one in counts if not request.splits or one.split in request.splits
            ):
                message = "there are no labelled images to check; label some, or choose other splits"
                raise Invalid(message, code="no_labels")
        params = {"model_id": model.id, "splits": list(request.splits)}
        title = f"Check labels with {model.name}"[:200]
        return self._queue.add(new_job("label_check", request.project_id, title, params, caller), caller=caller)

    def prepare(self, job: Job, workdir: Path) -> Mapping[str, object]:
        """List the pictures to look at; a later start looks at those that the first one has chosen."""
        with self._uow.read() as tx:
            model = tx.models.get(str(job.params["model_id"]))
            digest = tx.variants.served(model.id)
            splits = cast("Sequence[str]", job.params["splits"])
            chosen = list(_waiting(tx, str(job.project_id), splits))
        listed = workdir / _PICTURES
        if listed.exists():
            with listed.open(encoding="utf-8") as lines:
                chosen = [(item["id"], item["sha256"]) for item in map(json.loads, lines)]
        part = listed.with_suffix(".tmp")
        with full_disk_is_an_answer(), part.open("w", encoding="utf-8") as out:
            for (image_id, sha256), path in self._inputs.located(job, workdir, chosen, lambda item: item[1]):
                out.write(json.dumps({"id": image_id, "path": path or "", "sha256": sha256}) + "\n")
        part.replace(listed)
        return {
            **self._inputs.model(workdir, model, digest),
            "list": str(listed),
            "score_threshold": _LEAST,
            "iou_threshold": model.card.iou_threshold,
            "max_detections": 300,
            "outlines": model.task == "segment",
        }

    def stage(self, job: Job, result: Mapping[str, Any], workdir: Path) -> None:
        """Hold what was found against what is annotated now."""
        project_id = str(job.project_id)
        with self._uow.read() as tx:
            model = tx.models.get(str(job.params["model_id"]))
            here = tx.classes.names(project_id)
        doubter = Doubter(model.card, here, self._learned(model))
        at = now()
        with (workdir / result["files"]["detections"]).open(encoding="utf-8") as lines:
            found = (item for item in map(json.loads, lines) if item.get("error") is None)
            while batch := list(islice(found, _BATCH)):
                with self._uow.read() as tx:
                    doubter.look(tx, project_id, batch)
        with self._uow.read() as tx:
            kept = doubter.kept(tx.suspicions.dismissed(project_id, doubter.looked))
        value = {
            "at": at,
            "images": doubter.looked,
            "seen": doubter.seen,
            "model_name": model.name,
            "found": [to_json(item) for item in kept],
        }
        with full_disk_is_an_answer():
            (workdir / _FOUND).write_text(json.dumps(value))

    def _learned(self, model: Model) -> frozenset[str] | None:
        """Return the images that a model learned from; None where that is not known."""
        if model.version_id is None:
            return None
        try:
            with self._uow.read() as tx:
                path = self._blobs.local_path(tx.versions.manifest(model.version_id))
        except NotFound:
            return None
        return frozenset(record.id for record in read_records(path) if record.split == "train")

    @staticmethod
    def adopt(tx: Transaction, job: Job, result: Mapping[str, Any], workdir: Path) -> Mapping[str, object]:
        """Keep what was found in the place of what was open on these images."""
        project_id = str(job.project_id)
        value = json.loads((workdir / _FOUND).read_text())
        found = [from_json(item) for item in value["found"]]
        tx.suspicions.replace(
            project_id, value["images"], found, model_id=str(job.params["model_id"]), at=str(value["at"])
        )
        data = {"action": "labels_checked"}
        tx.publish(Event(topic="images", project_id=project_id, id=project_id, data=data))
        return {
            "images": len(value["images"]),
            "failed": result["failed"],
            "suspicions": len(found),
            "seen": value["seen"],
            "model_id": job.params["model_id"],
            "model_name": value["model_name"],
        }


def _model(tx: Transaction, request: LabelCheckRequest) -> Model:
    """Return the model that is asked for, else the best one, as far as that can be told."""
    if request.model_id is not None:
        model = tx.models.get(request.model_id)
        if model.project_id != request.project_id:
            raise NotFound("there is no such model in this project")
        check_finds(model.name, model.task)
        return model
    tx.projects.get(request.project_id)
    choice = best(_candidates(tx, request.project_id))
    if choice is None:
        raise Invalid("the project has no model yet; train one, or add one, then check the labels", code="no_model")
    return tx.models.get(choice.model_id)


def _candidates(tx: Transaction, project_id: str) -> Sequence[Model]:
    """Return the models that know a class of the project, newest first; all where none does."""
    models, here = tx.models.page(project_id, None, 500).items, tx.classes.names(project_id)
    return [model for model in models if Doubter.table(model.card, here)] or models


def _waiting(tx: Transaction, project_id: str, splits: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield (id, SHA-256) of the images whose labels are to be checked: labelled ones, and those marked as empty."""
    for image, _ in tx.images.all_living(project_id):
        if image.state != "unlabeled" and (not splits or image.split in splits):
            yield image.id, image.sha256
