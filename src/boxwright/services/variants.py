"""Models in fewer bits: made and compared in a job, kept with the model, chosen to predict."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from boxwright.domain.cards import metrics_from_json
from boxwright.domain.clock import now
from boxwright.domain.errors import Invalid, NotFound
from boxwright.domain.events import Event
from boxwright.domain.jobs import Job
from boxwright.domain.models import Model, check_finds
from boxwright.domain.people import Caller
from boxwright.domain.ports import BlobStore
from boxwright.domain.projects import Split
from boxwright.domain.requests import VariantsRequest
from boxwright.domain.variants import ModelVariants, Precision, Variant
from boxwright.jobs.kinds import JobKind
from boxwright.services.inputs import Inputs
from boxwright.services.queue import Queue, new_job
from boxwright.services.versions import Versions
from boxwright.storage.files import full_disk_is_an_answer
from boxwright.storage.repositories.variants import StoredVariant
from boxwright.storage.unit_of_work import Transaction, UnitOfWork

_STORED = "stored.json"


class Variants:
    """Rules about variants of models."""

    def __init__(self, uow: UnitOfWork, blobs: BlobStore, versions: Versions, inputs: Inputs, queue: Queue) -> None:
        self._uow, self._blobs, self._versions, self._inputs, self._queue = uow, blobs, versions, inputs, queue
        self.kind: JobKind[Transaction] = JobKind(
            name="variants",
            entry="boxwright.ml.tasks.variants:run",
            prepare=self.prepare,
            stage=self.stage,
            adopt=self.adopt,
        )

    def get(self, model_id: str) -> ModelVariants:
        """Return the variants of a model. Raises NotFound."""
        with self._uow.read() as tx:
            return tx.variants.of(model_id)

    def serve(self, model_id: str, precision: Precision, caller: Caller) -> ModelVariants:
        """Let a variant predict. Raises NotFound for a model, or a variant, that is not there."""
        with self._uow.write() as tx:
            model = tx.models.get(model_id)
            check_finds(model.name, model.task)
            tx.variants.file(model_id, precision)
            tx.variants.serve(model_id, precision)
            detail = {"name": model.name, "precision": precision}
            tx.audit.add(caller, "model.serve", project_id=model.project_id, subject=model_id, detail=detail)
            tx.publish(Event(topic="model", project_id=model.project_id, id=model_id))
            return tx.variants.of(model_id)

    def submit(self, request: VariantsRequest, caller: Caller) -> Job:
        """Queue the work.

        Raises NotFound for a model that is not of this project, Invalid with code `split_empty` where there is nothing
        to measure on.
        """
        with self._uow.read() as tx:
            model = tx.models.get(request.model_id)
            if model.project_id != request.project_id:
                raise NotFound("there is no such model in this project")
            check_finds(model.name, model.task)
            split = _split(tx, model, request.split)
        params = {"model_id": model.id, "version_id": model.version_id, "split": split}
        title = f"Make fp16 and int8 of {model.name}"[:200]
        return self._queue.add(new_job("variants", request.project_id, title, params, caller), caller=caller)

    def prepare(self, job: Job, workdir: Path) -> Mapping[str, object]:
        """Write the manifest of what to calibrate and measure on."""
        assert job.project_id is not None
        manifest, locate = workdir / "manifest.jsonl", self._inputs.locator(job, workdir)
        splits: list[Split] = ["train", cast("Split", job.params["split"])]
        if manifest.exists():
            self._versions.relocate(manifest, locate)
        elif job.params["version_id"] is not None:
            self._versions.write_manifest(str(job.params["version_id"]), manifest, locate, splits=splits)
        else:
            self._versions.write_current(job.project_id, manifest, locate, splits=splits)
        with self._uow.read() as tx:
            model = tx.models.get(str(job.params["model_id"]))
            digest = tx.models.files(model.id).onnx_sha256
        return {"manifest": str(manifest), "split": job.params["split"], **self._inputs.model(workdir, model, digest)}

    def stage(self, _job: Job, result: Mapping[str, Any], workdir: Path) -> None:
        """Store the files."""
        digests = {r["precision"]: self._blobs.put_file(workdir / r["file"]) for r in result["rows"] if r.get("file")}
        with full_disk_is_an_answer():
            (workdir / _STORED).write_text(json.dumps(digests))

    def adopt(self, tx: Transaction, job: Job, result: Mapping[str, Any], workdir: Path) -> Mapping[str, object]:
        """Keep the variants in the place of earlier ones. Raises NotFound where the model has gone."""
        model = tx.models.get(str(job.params["model_id"]))
        digests = json.loads((workdir / _STORED).read_text())
        digests["fp32"] = tx.models.files(model.id).onnx_sha256
        rows = [
            StoredVariant(variant=_variant(row), onnx_sha256=digests.get(row["precision"])) for row in result["rows"]
        ]
        tx.variants.replace(model.id, rows, split=str(result["split"]), job_id=job.id, created_at=now())
        tx.publish(Event(topic="model", project_id=model.project_id, id=model.id))
        return {"model_id": model.id, "split": result["split"]}


def _split(tx: Transaction, model: Model, wanted: str | None) -> str:
    """Return the split to measure on: test, else validation. Raises Invalid."""
    if model.version_id is None:
        found = tx.totals.splits(model.project_id)
        counts: dict[str, int] = {item.split: item.images - item.unlabeled for item in found}
    else:
        version = tx.versions.get(model.version_id)
        counts = {"test": version.test, "val": version.val}
    for split in (wanted,) if wanted else ("test", "val"):
        if counts.get(split):
            return split
    missing = f"the {wanted} split has no" if wanted else "neither test nor validation has"
    message = f"{missing} labelled images to compare the variants on; label some, or move some there"
    raise Invalid(message, code="split_empty")


def _variant(row: Mapping[str, Any]) -> Variant:
    metrics = row.get("metrics")
    return Variant(
        precision=row["precision"],
        bytes=row["bytes"],
        milliseconds=row.get("milliseconds"),
        metrics=None if metrics is None else metrics_from_json(metrics),
        error=row["error"],
    )
