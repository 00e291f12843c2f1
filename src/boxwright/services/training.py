"""From the click on "Train" to a model in the library."""

import importlib.util
import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from boxwright.domain.architectures import architecture as described
from boxwright.domain.cards import card_from_json, metrics_from_json
from boxwright.domain.clock import now
from boxwright.domain.errors import Invalid, NotFound
from boxwright.domain.events import Event
from boxwright.domain.ids import new_id
from boxwright.domain.jobs import Job
from boxwright.domain.models import (
    DatasetVersion,
    Evaluation,
    Metrics,
    Model,
    ModelCard,
    Task,
    TrainingTask,
    check_finds,
    no_masks,
)
from boxwright.domain.people import Caller
from boxwright.domain.ports import BlobStore
from boxwright.domain.projects import Split
from boxwright.domain.requests import EstimateRequest, SweepRequest, TrainRequest
from boxwright.jobs.kinds import JobKind
from boxwright.ml import registry
from boxwright.ml.training.params import TrainingParams, describe
from boxwright.services import checks, reports
from boxwright.services.inputs import Inputs
from boxwright.services.pretrained import Pretrained
from boxwright.services.queue import Queue, new_job
from boxwright.services.versions import Versions
from boxwright.storage.files import full_disk_is_an_answer
from boxwright.storage.repositories.models import ModelFiles
from boxwright.storage.unit_of_work import Transaction, UnitOfWork

_USED: tuple[Split, ...] = ("train", "val", "test")
_STORED = "stored.json"
_KEPT = ("best_epoch", "epochs", "seconds", "stopped_early", "parity", "metrics", "twins", "last")


class Training:
    """Trainings: what they need, what they take, and how their models reach the library."""

    def __init__(
        self,
        uow: UnitOfWork,
        blobs: BlobStore,
        versions: Versions,
        inputs: Inputs,
        queue: Queue,
        pretrained: Pretrained,
    ) -> None:
        self._uow, self._blobs, self._versions, self._inputs, self._queue = uow, blobs, versions, inputs, queue
        self._pretrained = pretrained
        self.kind: JobKind[Transaction] = JobKind(
            name="train",
            entry="boxwright.ml.tasks.train:run",
            prepare=self.prepare,
            stage=self.stage,
            adopt=self.adopt,
            group="train",
            attempts=3,
        )

    @staticmethod
    def available() -> bool:
        """Tell whether the packages that training needs are installed."""
        return importlib.util.find_spec("torch") is not None

    @staticmethod
    def parameters() -> list[dict[str, Any]]:
        """List every training parameter: name, kind, default, minimum, maximum, choices, help."""
        return [
            {
                "name": item.name,
                "kind": item.type,
                "default": item.default,
                "minimum": item.min,
                "maximum": item.max,
                "choices": list(item.options) or None,
                "help": item.help,
                "group": item.group,
            }
            for item in describe()
        ]

    def submit(self, request: TrainRequest, caller: Caller) -> Job:
        """Check everything that can be checked now, freeze the dataset, and queue the training.

        Raises Invalid with code hyper_invalid, architecture_unknown, no_classes, no_training_images or no_masks;
        NotFound for a version or model that is not of this project; Unavailable where training packages are missing.
        """
        params = self.plan(request, caller)
        title = f"Train {params['name']}"[:200]
        return self._queue.add(new_job("train", request.project_id, title, params, caller), caller=caller)

    def plan(self, request: TrainRequest | SweepRequest, caller: Caller) -> dict[str, object]:
        """Check a request and freeze its dataset; return the parameters of its job. Raises what `submit` does."""
        chosen = self.chosen(request)
        wish = (request.name or "").strip()
        name = checks.name(wish, "the model's name") if wish else ""
        architecture = str(chosen["architecture"])
        version = self._version(request, registry.task_of(architecture), caller)
        return {
            **chosen,
            "name": name or f"{architecture} on {version.name}"[: checks.NAME],
            "version_id": version.id,
        }

    def chosen(self, request: TrainRequest | SweepRequest | EstimateRequest) -> dict[str, object]:
        """Check network, hyper-parameters and start of a request; return them as parameters of its job."""
        architecture = registry.for_task(request.architecture, request.task)
        about = described(architecture)
        registry.require_torch()
        hyper = TrainingParams.from_json(request.hyper, about.defaults)
        start = None
        if request.weights is not None:
            self._check_parent(request.project_id, request.weights)
        else:
            start = self._pretrained.choose(about, request.pretrained)
        return {
            "architecture": architecture,
            "hyper": asdict(hyper),
            "weights": request.weights,
            "pretrained": start and {"id": start.id, "name": start.name, "sha256": start.sha256},
        }

    def _check_parent(self, project_id: str, model_id: str) -> None:
        with self._uow.read() as tx:
            model = tx.models.get(model_id)
            if model.project_id != project_id:
                raise NotFound("the model to start from must be one of this project")
            check_finds(model.name, model.task)
            if tx.models.files(model_id).weights_sha256 is None:
                raise Invalid("the model to start from has no weights to continue from", code="weights_missing")

    def tasks(self, project_id: str) -> tuple[TrainingTask, ...]:
        """Return what can be learned from the project as it is now, and why not. Raises NotFound."""
        with self._uow.read() as tx:
            tx.projects.get(project_id)
            total, outlined = tx.statistics.trainable(project_id, tx.annotations.default_set(project_id))
        problem = no_masks(total).message if total and not outlined else None
        return (
            TrainingTask(task="detect", annotations=total),
            TrainingTask(task="segment", annotations=outlined, problem=problem),
        )

    def _version(self, request: TrainRequest | SweepRequest, task: Task, caller: Caller) -> DatasetVersion:
        if request.version_id is None:
            self.check_state(request.project_id, task)
            return self._versions.create(request.project_id, None, caller)
        version = self._versions.get(request.version_id)
        if version.project_id != request.project_id:
            raise NotFound("there is no such version in this project")
        if not version.train or not version.annotations:
            message = (
                f"version {version.name!r} has {version.train} training images and {version.annotations} annotations"
            )
            raise Invalid(f"{message}; choose one with labelled training images", code="no_training_images")
        return version

    def check_state(self, project_id: str, task: Task) -> None:
        """Raise Invalid where a project has nothing to learn from."""
        self._check_labels(project_id)
        with self._uow.read() as tx:
            total, outlined = tx.statistics.trainable(project_id, tx.annotations.default_set(project_id))
        if not total:
            message = "the training split has only polylines and points; draw boxes or outlines of what is to be found"
            raise Invalid(message, code="no_areas")
        if task == "segment" and not outlined:
            raise no_masks(total)

    def _check_labels(self, project_id: str) -> None:
        with self._uow.read() as tx:
            if not tx.classes.names(project_id):
                raise Invalid("the project has no classes; add one and label some images with it", code="no_classes")
            splits = {item.split: item for item in tx.totals.splits(project_id)}
        train = splits["train"]
        labelled = train.images - train.unlabeled
        if labelled and train.annotations:
            return
        others = sum(item.images - item.unlabeled for item in splits.values()) - labelled
        message = f"the training split has {labelled} labelled images with {train.annotations} annotations"
        todo = "label some images of it" if train.images else "put images into it and label them"
        hint = f" ({others} labelled images are in other splits; move some)" if others else ""
        detail = {"train_images": train.images, "labelled": labelled, "annotations": train.annotations}
        raise Invalid(f"{message}; {todo}{hint}", code="no_training_images", detail=detail)

    def prepare(self, job: Job, workdir: Path) -> Mapping[str, object]:
        """Write the manifest and find the weights to start from."""
        manifest, locate = workdir / "manifest.jsonl", self._inputs.locator(job, workdir)
        if manifest.exists():
            self._versions.relocate(manifest, locate)
        else:
            self._versions.write_manifest(str(job.params["version_id"]), manifest, locate, splits=_USED)
        return {**self.start(job, workdir), "manifest": str(manifest)}

    def start(self, job: Job, workdir: Path) -> dict[str, object]:
        """Return what a task in `workdir` needs of `chosen`: network, hyper-parameters, and where the weights lie."""
        weights = None
        if job.params["weights"] is not None:
            with self._uow.read() as tx:
                digest = tx.models.files(str(job.params["weights"])).weights_sha256
            weights = self._weights(workdir, digest) if digest else None
        elif start := job.params.get("pretrained"):
            weights = self._weights(workdir, start["sha256"])  # type: ignore[index]
        return {**{name: job.params[name] for name in ("architecture", "hyper")}, "weights": weights}

    def _weights(self, workdir: Path, sha256: str) -> str:
        try:
            return self._inputs.fetch(workdir, sha256)
        except NotFound as error:
            message = "the weights to start from are no longer in the store; start the training anew from others"
            raise Invalid(message, code="weights_missing") from error

    def stage(self, _job: Job, result: Mapping[str, Any], workdir: Path) -> None:
        """Store the model's files: that may take long where the store is far away."""
        files, size = store_model(self._blobs, result["files"], workdir)
        reports.store(self._blobs, result.get("reports", {}), workdir)
        with full_disk_is_an_answer():
            self._keep_last(result, workdir)
            (workdir / _STORED).write_text(json.dumps({"files": asdict(files), "bytes": size}))

    @staticmethod
    def _keep_last(result: Mapping[str, Any], workdir: Path) -> None:
        """Keep the weights of the last epoch beside the work: the model has those of the best."""
        last = workdir / str(result.get("last", ""))
        if last.is_file():
            folder = workdir.parent / "files"
            folder.mkdir(exist_ok=True)
            shutil.copyfile(last, folder / last.name)

    def adopt(self, tx: Transaction, job: Job, result: Mapping[str, Any], workdir: Path) -> Mapping[str, object]:
        """Put the model and its evaluations into the library."""
        assert job.project_id is not None
        version = tx.versions.get(str(job.params["version_id"]))
        stored = json.loads((workdir / _STORED).read_text())
        card = self._card(card_from_json(result["card"]), job, version)
        metrics = {split: metrics_from_json(value, card.classes) for split, value in result["metrics"].items() if value}
        parent = job.params["weights"]
        model = Model(
            id=new_id(),
            project_id=job.project_id,
            name=str(job.params["name"]),
            architecture=card.architecture,
            task=card.task,
            card=card,
            version_id=version.id,
            job_id=job.id,
            parent_id=None if parent is None else str(parent),
            onnx_bytes=stored["bytes"],
            created_at=now(),
            val=metrics.get("val"),
            test=metrics.get("test"),
        )
        tx.models.add(model, ModelFiles(**stored["files"]))
        written = reports.stored(workdir)
        for split, value in metrics.items():
            tx.models.add_evaluation(_evaluation(model, split, value, written.get(split)), model.project_id)
        tx.publish(Event(topic="model", project_id=model.project_id, id=model.id))
        return {"model_id": model.id, **{name: result.get(name) for name in _KEPT}}

    @staticmethod
    def _card(card: ModelCard, job: Job, version: DatasetVersion) -> ModelCard:
        parent, hyper = job.params["weights"], job.params["hyper"]
        return replace(
            card,
            name=str(job.params["name"]),
            dataset_hash=version.content_hash,
            dataset_version=version.name,
            parent_model=None if parent is None else str(parent),
            hyper=card.hyper or (dict(hyper) if isinstance(hyper, Mapping) else None),
        )


def store_model(blobs: BlobStore, files: Mapping[str, str], workdir: Path) -> tuple[ModelFiles, int]:
    """Put a model's files of `workdir` into the blob store; return their hashes and the bytes of the ONNX file."""
    onnx, weights = workdir / files["onnx"], files.get("weights")
    size = onnx.stat().st_size
    digests = [blobs.put_file(path) for path in (onnx, *([workdir / weights] if weights else []))]
    return ModelFiles(onnx_sha256=digests[0], weights_sha256=digests[1] if weights else None), size


def _evaluation(model: Model, split: str, metrics: Metrics, report: str | None) -> Evaluation:
    return Evaluation(
        id=new_id(),
        model_id=model.id,
        version_id=model.version_id,
        job_id=model.job_id,
        split=split,
        metrics=metrics,
        created_at=now(),
        report_sha256=report,
    )
