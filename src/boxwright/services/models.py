"""The library of models: download, upload, quality, and the answer for one picture."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from boxwright.domain.answers import FileAnswer, StreamAnswer
from boxwright.domain.cards import card_to_json
from boxwright.domain.corrections import CardChanges
from boxwright.domain.errors import Conflict
from boxwright.domain.events import Event
from boxwright.domain.looks import Looks
from boxwright.domain.models import Evaluation, Model, check_finds
from boxwright.domain.paging import Page
from boxwright.domain.people import Caller
from boxwright.domain.ports import BlobStore
from boxwright.domain.predictions import ImageSize, Prediction
from boxwright.domain.variants import Precision
from boxwright.media import decode_within
from boxwright.media.zipstream import Entry, stream_zip
from boxwright.ml.export.standalone import script
from boxwright.services.detectors import Detectors
from boxwright.services.embeddings import FILES
from boxwright.services.model_archive import CARD, LICENCE, ONNX, PROGRAM, README, WEIGHTS
from boxwright.services.model_card import licence, readme
from boxwright.services.model_imports import ModelImports
from boxwright.services.results import file_stem
from boxwright.storage.repositories.models import ModelFiles
from boxwright.storage.unit_of_work import Transaction, UnitOfWork


class Models:
    """Models of a project."""

    def __init__(
        self, uow: UnitOfWork, blobs: BlobStore, detectors: Detectors | None = None, memory: int | None = None
    ) -> None:
        self._uow, self._blobs = uow, blobs
        self._detectors = detectors or Detectors()
        self.imports = ModelImports(uow, blobs, self._detectors, memory)

    def page(self, project_id: str, *, cursor: str | None = None, limit: int = 50, assist: bool = False) -> Page[Model]:
        """Return a project's models, newest first; with `assist` also networks for outlines by clicks."""
        with self._uow.read() as tx:
            return tx.models.page(project_id, cursor, limit, assist=assist)

    def get(self, model_id: str) -> Model:
        """Return a model. Raises NotFound."""
        with self._uow.read() as tx:
            return tx.models.get(model_id)

    def delete(self, model_id: str, caller: Caller | None = None) -> None:
        """Take a model out of the library; runs made with it keep their results.

        Raises NotFound, Conflict (`model_in_use`) while a job that has not ended needs it.
        """
        with self._uow.write() as tx:
            model = tx.models.get(model_id)
            _check_unused(tx, model)
            tx.models.delete(model_id)
            tx.audit.add(
                caller, "model.delete", project_id=model.project_id, subject=model_id, detail={"name": model.name}
            )
            tx.publish(Event(topic="model", project_id=model.project_id, id=model_id, data={"deleted": True}))
        self._detectors.forget(model_id)

    def evaluations(self, model_id: str) -> tuple[Evaluation, ...]:
        """Return a model's evaluations, newest first."""
        with self._uow.read() as tx:
            return tx.models.evaluations(model_id)

    def evaluation(self, evaluation_id: str) -> Evaluation | None:
        """Return one evaluation."""
        with self._uow.read() as tx:
            return tx.models.evaluation(evaluation_id)

    def onnx(self, model_id: str) -> FileAnswer:
        """Return a model's ONNX file."""
        model, files = self._find(model_id)
        path = self._blobs.local_path(files.onnx_sha256)
        return FileAnswer(path=path, mime="application/octet-stream", name=f"{file_stem(model.name)}.onnx")

    def archive(self, model_id: str, precision: Precision | None = None) -> StreamAnswer:
        """Return a ZIP that predicts alone: ONNX file, weights, card, program, model card, licence.

        The file is that of a variant where one is named. Networks for outlines by clicks come with card and licence.
        Raises NotFound.
        """
        with self._uow.read() as tx:
            model, files = tx.models.get(model_id), tx.models.files(model_id)
            onnx_sha256 = tx.variants.file(model_id, precision or "fp32")
        card = json.dumps(card_to_json(replace(model.card, name=model.name)), ensure_ascii=False, indent=1)
        onnx = self._blobs.local_path(onnx_sha256)
        weights = None if files.weights_sha256 is None else self._blobs.local_path(files.weights_sha256)

        assists = model.task == "assist"
        program = None if assists else script(model.card)
        texts = {
            **({} if assists else {README: readme(model, program=program is not None, weights=weights is not None)}),
            LICENCE: licence(model.card),
            CARD: card,
            **({} if program is None else {PROGRAM: program}),
        }
        names = FILES if assists else (ONNX, WEIGHTS)

        def entries() -> Iterator[Entry]:
            yield from (Entry(name, text.encode()) for name, text in texts.items())
            yield Entry(names[0], onnx)
            if weights is not None:
                yield Entry(names[1], weights)

        suffix = "" if precision in (None, "fp32") else f"-{precision}"
        name = f"{file_stem(model.name)}{suffix}.boxwright.zip"
        return StreamAnswer(name=name, mime="application/zip", chunks=stream_zip(entries()))

    def predict(
        self,
        model_id: str,
        picture: Path | bytes,
        score_threshold: float | None = None,
        iou_threshold: float | None = None,
        looks: Looks | None = None,
    ) -> Prediction:
        """Detect objects in one picture. Raises InvalidImage; `None` takes the threshold of the model's card."""
        with self._uow.read() as tx:
            model = tx.models.serving(model_id)
        check_finds(model.card.name, model.card.task)
        size, found = self._detectors.predict(
            model_id,
            self._blobs.local_path(model.onnx_sha256),
            model.card,
            lambda within: decode_within(picture, within),
            foreign=model.foreign,
            looks=looks,
            score_threshold=score_threshold,
            iou_threshold=iou_threshold,
        )
        rows = found.rows(item.name for item in model.card.classes)
        return Prediction(model=model_id, image=ImageSize(width=size[0], height=size[1]), detections=rows)

    def import_archive(self, project_id: str, upload_path: Path, name: str | None, caller: Caller) -> Model:
        """Add a model from a file as it is recognised; see `ModelImports.add`."""
        return self.imports.add(project_id, [("", upload_path)], CardChanges(name=name), caller)

    def _find(self, model_id: str) -> tuple[Model, ModelFiles]:
        with self._uow.read() as tx:
            return tx.models.get(model_id), tx.models.files(model_id)


def _check_unused(tx: Transaction, model: Model) -> None:
    """Raise Conflict where a job that waits, runs or is paused starts from the model, or works with it."""
    for job in tx.jobs.in_state("running", "queued", "paused"):
        if model.id in (job.params.get("model_id"), job.params.get("weights")):
            raise Conflict(
                f"the job {job.title!r} ({job.state}) needs the model {model.name!r}; wait for its end or cancel it, "
                "then delete the model",
                code="model_in_use",
                detail={"job_id": job.id},
            )
