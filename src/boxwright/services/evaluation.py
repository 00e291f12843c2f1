"""How good a model is on a split, measured again at any time."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, cast

from boxwright.domain.cards import card_to_json, metrics_from_json
from boxwright.domain.clock import now
from boxwright.domain.errors import Invalid, NotFound
from boxwright.domain.events import Event
from boxwright.domain.ids import new_id
from boxwright.domain.jobs import Job
from boxwright.domain.models import Evaluation as EvaluationRecord
from boxwright.domain.models import check_finds, learned
from boxwright.domain.people import Caller
from boxwright.domain.ports import BlobStore
from boxwright.domain.projects import Split
from boxwright.domain.requests import EvaluateRequest
from boxwright.jobs.kinds import JobKind
from boxwright.services import reports
from boxwright.services.inputs import Inputs
from boxwright.services.queue import Queue, new_job
from boxwright.services.versions import Versions
from boxwright.storage.unit_of_work import Transaction, UnitOfWork


class Evaluation:
    """Evaluations of models on a version, or on the project as it stands."""

    def __init__(self, uow: UnitOfWork, blobs: BlobStore, versions: Versions, inputs: Inputs, queue: Queue) -> None:
        self._uow, self._blobs, self._versions, self._inputs, self._queue = uow, blobs, versions, inputs, queue
        self.kind: JobKind[Transaction] = JobKind(
            name="evaluate",
            entry="boxwright.ml.tasks.evaluate:run",
            prepare=self.prepare,
            stage=self.stage,
            adopt=self.adopt,
        )

    def submit(self, request: EvaluateRequest, caller: Caller) -> Job:
        """Queue an evaluation.

        Raises NotFound for a model or version that is not of this project, Invalid with code `split_empty`.
        """
        with self._uow.read() as tx:
            model = tx.models.get(request.model_id)
            if model.project_id != request.project_id:
                raise NotFound("there is no such model in this project")
            check_finds(model.name, model.task)
            if request.version_id is None:
                splits = {item.split: item for item in tx.totals.splits(request.project_id)}
                labelled = splits[request.split].images - splits[request.split].unlabeled
            else:
                version = tx.versions.get(request.version_id)
                if version.project_id != request.project_id:
                    raise NotFound("there is no such version in this project")
                labelled = {"train": version.train, "val": version.val, "test": version.test}[request.split]
        if not labelled:
            message = f"the {request.split} split has no labelled images; label some, or choose another split"
            raise Invalid(message, code="split_empty")
        params = {name: value for name, value in asdict(request).items() if name not in ("kind", "project_id")}
        title = f"Evaluate {model.name} on {request.split}"[:200]
        return self._queue.add(new_job("evaluate", request.project_id, title, params, caller), caller=caller)

    def prepare(self, job: Job, workdir: Path) -> Mapping[str, object]:
        """Write the manifests of what to measure on, and of what the model learned from where that is known."""
        with self._uow.read() as tx:
            model = tx.models.get(str(job.params["model_id"]))
            digest = tx.models.files(model.id).onnx_sha256
        split, version_id = cast("Split", job.params["split"]), job.params["version_id"]
        manifest = self._manifest(job, workdir / "manifest.jsonl", version_id, split)
        learned = None
        if model.version_id is not None and split != "train":
            learned = self._manifest(job, workdir / "learned.jsonl", model.version_id, "train")
        return {
            "manifest": manifest,
            "learned": learned,
            **self._inputs.model(workdir, model, digest),
            "split": split,
            "max_detections": 100,
        }

    def _manifest(self, job: Job, path: Path, version_id: object, split: Split) -> str:
        """Write the manifest of a split of a version, of the project as it is without one, unless it is there."""
        assert job.project_id is not None
        locate = self._inputs.locator(job, path.parent)
        if path.exists():
            self._versions.relocate(path, locate)
        elif version_id is not None:
            self._versions.write_manifest(str(version_id), path, locate, splits=[split])
        else:
            self._versions.write_current(job.project_id, path, locate, splits=[split])
        return str(path)

    def stage(self, _job: Job, result: Mapping[str, Any], workdir: Path) -> None:
        """Store the report."""
        reports.store(self._blobs, result["files"], workdir)

    def adopt(self, tx: Transaction, job: Job, result: Mapping[str, Any], workdir: Path) -> Mapping[str, object]:
        """Keep the evaluation; it becomes the model's headline figure where it has none for this split yet."""
        assert job.project_id is not None
        model = tx.models.get(str(job.params["model_id"]))
        split, version_id = str(job.params["split"]), job.params["version_id"]
        metrics = metrics_from_json(result["metrics"], model.card.classes)
        record = EvaluationRecord(
            id=new_id(),
            model_id=model.id,
            version_id=None if version_id is None else str(version_id),
            job_id=job.id,
            split=split,
            metrics=metrics,
            created_at=now(),
            report_sha256=reports.stored(workdir).get("report"),
        )
        tx.models.add_evaluation(record, job.project_id)
        if (split == "val" and model.val is None) or (split == "test" and model.test is None):
            tx.models.update(model.id, **{split: metrics})
        if split == "val" and not any(item.threshold is not None for item in model.card.classes):
            tx.models.update(model.id, card=card_to_json(learned(model.card, metrics)))
        tx.publish(Event(topic="model", project_id=job.project_id, id=model.id))
        kept = {name: result.get(name) for name in ("images", "seconds", "metrics", "twins")}
        return {"evaluation_id": record.id, "model_id": model.id, "split": split, **kept}
