"""Models, their quality, and predictions."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from boxwright.client.aio.files import download, open_file
from boxwright.client.aio.http import Http
from boxwright.client.aio.paging import all_items
from boxwright.client.decode import decode, decode_list, decode_page
from boxwright.client.types import AugmentationPreset, TrainingAdvice, TrainingParameter
from boxwright.domain.architectures import Architecture, StartingWeights
from boxwright.domain.corrections import CardChanges, changes_to_json
from boxwright.domain.inspection import ModelInspection
from boxwright.domain.looks import Looks
from boxwright.domain.models import Evaluation, Model, TrainingTask
from boxwright.domain.paging import Page
from boxwright.domain.predictions import Prediction, Run, RunImage
from boxwright.domain.projects import Split
from boxwright.domain.quality import ErrorKind, ImageOutcome, Outcome, QualityReport
from boxwright.domain.variants import ModelVariants, Precision

ResultFormat = Literal["csv", "coco", "yolo", "json", "images"]


class Models:
    """The model library of a project."""

    def __init__(self, http: Http) -> None:
        self._http = http

    async def training_parameters(self) -> tuple[TrainingParameter, ...]:
        """Return every training parameter with default, range and meaning."""
        return decode_list(TrainingParameter, await self._http.get("/training/parameters"))

    async def training_tasks(self, project_id: str) -> tuple[TrainingTask, ...]:
        """Return what a training could learn from a project as it is now, and why not."""
        return decode_list(TrainingTask, await self._http.get(f"/projects/{project_id}/training/tasks"))

    async def architectures(self) -> tuple[Architecture, ...]:
        """Return every network that can be trained."""
        return decode_list(Architecture, await self._http.get("/architectures"))

    async def starting_weights(self) -> tuple[StartingWeights, ...]:
        """Return the pretrained weights that are here, the newest first."""
        return decode_list(StartingWeights, await self._http.get("/starting-weights"))

    async def add_starting_weights(
        self,
        project_id: str,
        upload_id: str,
        *,
        more: Sequence[str] = (),
        architecture: str | None = None,
        licence: str | None = None,
        source: str | None = None,
    ) -> StartingWeights:
        """Add pretrained weights, for all projects.

        Args:
            project_id: a project that the caller manages.
            upload_id: a ZIP or TAR with `config.json` and `model.safetensors`, or the weights alone.
            more: further uploads where the files come one by one.
            architecture: which of the sizes of its family it is.
            licence: of the weights.
            source: where they come from.
        """
        said = {"architecture": architecture, "licence": licence, "source": source}
        body = {"upload_id": upload_id, "more": list(more), **said}
        return decode(StartingWeights, await self._http.create(f"/projects/{project_id}/starting-weights", body))

    async def delete_starting_weights(self, weights_id: str) -> None:
        """Remove pretrained weights; for administrators."""
        await self._http.send("DELETE", f"/starting-weights/{weights_id}")

    async def training_presets(self) -> tuple[AugmentationPreset, ...]:
        """Return the augmentation presets."""
        return decode_list(AugmentationPreset, await self._http.get("/training/presets"))

    async def training_advice(self, project_id: str) -> tuple[TrainingAdvice, ...]:
        """Return what a training would choose for the project's data, and why."""
        return decode_list(TrainingAdvice, await self._http.get(f"/projects/{project_id}/training/advice"))

    async def training_preview(
        self, project_id: str, target: Path, hyper: Mapping[str, object] | None = None, index: int = 0
    ) -> Path:
        """Save a training picture as the network would see it, with its boxes, as `target` (JPEG)."""
        params: dict[str, str | int] = {"hyper": json.dumps(dict(hyper or {})), "index": index}
        return await download(self._http, f"/projects/{project_id}/training/preview", target, params)

    async def page(
        self, project_id: str, *, cursor: str | None = None, limit: int = 50, assist: bool = False
    ) -> Page[Model]:
        """Return one page of models, newest first; with `assist` also networks for outlines by clicks."""
        params = {"cursor": cursor, "limit": limit, "assist": assist or None}
        return decode_page(Model, await self._http.get(f"/projects/{project_id}/models", params))

    def all(self, project_id: str, *, assist: bool = False) -> AsyncIterator[Model]:
        """Yield every model, newest first; with `assist` also networks for outlines by clicks."""
        return all_items(lambda cursor: self.page(project_id, cursor=cursor, assist=assist))

    async def get(self, model_id: str) -> Model:
        """Return one model."""
        return decode(Model, await self._http.get(f"/models/{model_id}"))

    async def rename(self, model_id: str, name: str) -> Model:
        """Give a model another name."""
        return decode(Model, await self._http.send("PATCH", f"/models/{model_id}", json={"name": name}))

    async def delete(self, model_id: str) -> None:
        """Delete a model. Raises Conflict (`model_in_use`) while a job that has not ended needs it."""
        await self._http.send("DELETE", f"/models/{model_id}")

    async def download(self, model_id: str, target: Path, precision: Precision | None = None) -> Path:
        """Save one ZIP that predicts alone (ONNX, weights, card, program, licence) as `target`."""
        return await download(self._http, f"/models/{model_id}/download", target, {"precision": precision})

    async def variants(self, model_id: str) -> ModelVariants:
        """Return the files of a model in other precisions; start a `VariantsRequest` to make them."""
        return decode(ModelVariants, await self._http.get(f"/models/{model_id}/variants"))

    async def serve(self, model_id: str, precision: Precision) -> ModelVariants:
        """Let another variant predict. Raises NotFound for one that was not made."""
        body = {"precision": precision}
        return decode(ModelVariants, await self._http.send("PUT", f"/models/{model_id}/serving", json=body))

    async def import_upload(
        self,
        project_id: str,
        upload_id: str,
        name: str | None = None,
        *,
        changes: CardChanges | None = None,
        more: Sequence[str] = (),
    ) -> Model:
        """Add a model from an uploaded ONNX file, or a ZIP that Boxwright saved; `changes` correct what is recognised.

        `more` names further uploads where a model comes in several files: the `.cfg`, `.weights` and `.names` of
        Darknet, `weights.safetensors` and `card.json`, or encoder and decoder of SAM. Raises InvalidModel for anything
        else.
        """
        changes = changes or CardChanges()
        uploads = {"upload_id": upload_id, "more": list(more)}
        body = {**changes_to_json(changes), "name": name or changes.name, **uploads}
        return decode(Model, await self._http.create(f"/projects/{project_id}/models", body))

    async def inspect_upload(
        self,
        project_id: str,
        upload_id: str,
        changes: CardChanges | None = None,
        image_id: str | None = None,
        *,
        more: Sequence[str] = (),
    ) -> ModelInspection:
        """Say what uploaded files hold and how they would be run, and try them on an image; nothing is added."""
        uploads = {"upload_id": upload_id, "more": list(more)}
        body = {**changes_to_json(changes or CardChanges()), **uploads, "image_id": image_id}
        return decode(
            ModelInspection, await self._http.send("POST", f"/projects/{project_id}/models/inspect", json=body)
        )

    async def inspect(
        self, model_id: str, changes: CardChanges | None = None, image_id: str | None = None
    ) -> ModelInspection:
        """Say how a model would be run with these changes, and try it on an image; nothing is changed."""
        body = {**changes_to_json(changes or CardChanges()), "image_id": image_id}
        return decode(ModelInspection, await self._http.send("POST", f"/models/{model_id}/inspect", json=body))

    async def correct(self, model_id: str, changes: CardChanges) -> Model:
        """Correct a model's card; how it is fed and read is tried first, and earlier figures then go."""
        return decode(Model, await self._http.send("PATCH", f"/models/{model_id}", json=changes_to_json(changes)))

    async def evaluations(self, model_id: str) -> tuple[Evaluation, ...]:
        """Return every evaluation of a model, newest first."""
        return decode_list(Evaluation, await self._http.get(f"/models/{model_id}/evaluations"))

    async def evaluation(self, evaluation_id: str) -> Evaluation:
        """Return one evaluation."""
        return decode(Evaluation, await self._http.get(f"/evaluations/{evaluation_id}"))

    async def report(self, evaluation_id: str) -> QualityReport:
        """Return how the model errs in an evaluation: curves, confusions, kinds of errors, calibration.

        Raises NotFound with code `report_missing` for one that was made by an older version.
        """
        return decode(QualityReport, await self._http.get(f"/evaluations/{evaluation_id}/report"))

    async def outcomes_page(
        self,
        evaluation_id: str,
        *,
        truth: str | None = None,
        found: str | None = None,
        outcome: Outcome | None = None,
        kind: ErrorKind | None = None,
        class_id: str | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[ImageOutcome]:
        """Return one page of the pictures behind a figure of a report, the most certain errors first.

        `truth` and `found` (class ids, or `background`) name a cell of the confusion matrix, `outcome` asks for true
        and false positives and false negatives, `kind` for a kind of error, `class_id` for one class of these or alone.
        """
        asked = {"truth": truth, "found": found, "outcome": outcome, "kind": kind, "class_id": class_id}
        params = {**asked, "cursor": cursor, "limit": limit}
        return decode_page(ImageOutcome, await self._http.get(f"/evaluations/{evaluation_id}/images", params))

    def outcomes(
        self,
        evaluation_id: str,
        *,
        truth: str | None = None,
        found: str | None = None,
        outcome: Outcome | None = None,
        kind: ErrorKind | None = None,
        class_id: str | None = None,
    ) -> AsyncIterator[ImageOutcome]:
        """Yield the pictures that `outcomes_page` lists."""
        return all_items(
            lambda cursor: self.outcomes_page(
                evaluation_id,
                truth=truth,
                found=found,
                outcome=outcome,
                kind=kind,
                class_id=class_id,
                cursor=cursor,
                limit=500,
            )
        )

    async def predict(
        self,
        model_id: str,
        picture: Path | bytes,
        *,
        score_threshold: float | None = None,
        iou_threshold: float | None = None,
        looks: Looks | None = None,
    ) -> Prediction:
        """Detect objects in one picture; nothing is stored. Thresholds (0 to 1) are the model card's by default.

        That is, of each class its operating score.

        `looks` says whether to look at tiles, for small objects in large pictures, and at the mirror image too.
        """
        path = f"/models/{model_id}/predict"
        params: dict[str, Any] = {"score_threshold": score_threshold, "iou_threshold": iou_threshold}
        if looks is not None:
            params |= {"tile": looks.tile, "overlap": looks.overlap, "mirror": looks.mirror}
        if isinstance(picture, bytes):
            return decode(Prediction, await self._http.send("POST", path, params=params, content=picture))
        with open_file(picture) as source:
            return decode(Prediction, await self._http.send("POST", path, params=params, content=source))


class Runs:
    """Prediction runs: one model over many pictures, kept with their results."""

    def __init__(self, http: Http) -> None:
        self._http = http

    async def page(self, project_id: str, *, cursor: str | None = None, limit: int = 50) -> Page[Run]:
        """Return one page of a project's runs, newest first."""
        params = {"cursor": cursor, "limit": limit}
        return decode_page(Run, await self._http.get(f"/projects/{project_id}/runs", params))

    def all(self, project_id: str) -> AsyncIterator[Run]:
        """Yield a project's runs, newest first."""
        return all_items(lambda cursor: self.page(project_id, cursor=cursor))

    async def create(
        self,
        project_id: str,
        model_id: str,
        *,
        name: str = "",
        source: Literal["upload", "project"] = "upload",
        split: Split | None = None,
        score_threshold: float = 0.05,
        iou_threshold: float = 0.6,
    ) -> Run:
        """Prepare a run; add pictures where `source` is `upload`, then start a job of kind `predict`."""
        body = {
            "model_id": model_id,
            "name": name,
            "source": source,
            "split": split,
            "score_threshold": score_threshold,
            "iou_threshold": iou_threshold,
        }
        return decode(Run, await self._http.create(f"/projects/{project_id}/runs", body))

    async def get(self, run_id: str) -> Run:
        """Return one run."""
        return decode(Run, await self._http.get(f"/runs/{run_id}"))

    async def delete(self, run_id: str) -> None:
        """Delete a run and its results."""
        await self._http.send("DELETE", f"/runs/{run_id}")

    async def upload(self, run_id: str, path: Path, *, name: str | None = None) -> RunImage:
        """Add one picture. Raises InvalidImage for a file that is none."""
        with open_file(path) as source:
            answer = await self._http.create(
                f"/runs/{run_id}/images", params={"name": name or path.name}, content=source
            )
        return decode(RunImage, answer)

    async def images_page(
        self,
        run_id: str,
        *,
        min_score: float = 0.0,
        class_id: int | None = None,
        operating: bool = False,
        cursor: str | None = None,
        limit: int = 100,
    ) -> Page[RunImage]:
        """Return one page of pictures with their detections of at least `min_score`.

        With `operating` those below the operating score of their class are left out too.
        """
        asked = {"min_score": min_score, "class_id": class_id, "operating": operating}
        params = {**asked, "cursor": cursor, "limit": limit}
        return decode_page(RunImage, await self._http.get(f"/runs/{run_id}/images", params))

    def images(
        self, run_id: str, *, min_score: float = 0.0, class_id: int | None = None, operating: bool = False
    ) -> AsyncIterator[RunImage]:
        """Yield the pictures that `images_page` lists."""
        return all_items(
            lambda cursor: self.images_page(
                run_id, min_score=min_score, class_id=class_id, operating=operating, cursor=cursor, limit=500
            )
        )

    async def download(
        self,
        run_id: str,
        target: Path,
        format: ResultFormat = "csv",
        *,
        min_score: float = 0.0,
        operating: bool = False,
    ) -> Path:
        """Save all results as one file: CSV, JSON (`json`, `coco`), or a ZIP (`yolo`, `images` with boxes drawn)."""
        params = {"format": format, "min_score": min_score, "operating": operating}
        return await download(self._http, f"/runs/{run_id}/results", target, params)

    async def view(self, run_image_id: str, target: Path) -> Path:
        """Save the upright picture as `target`."""
        return await download(self._http, f"/run-images/{run_image_id}/view", target)

    async def thumbnail(self, run_image_id: str, target: Path) -> Path:
        """Save an upright thumbnail as `target`."""
        return await download(self._http, f"/run-images/{run_image_id}/thumbnail", target)
