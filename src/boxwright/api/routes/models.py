"""Models, their quality, their download; prediction on one picture."""

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from boxwright.api.bodies import RAW_BODY, is_small, received, stream_response
from boxwright.api.cards import CardPatch, ModelLook, ModelTrial, ModelUpload
from boxwright.api.deps import App, Doors, Who, guard, in_project
from boxwright.api.routes import PREFIX
from boxwright.api.routes.projects import Cursor, Limit
from boxwright.domain.errors import NotFound
from boxwright.domain.inspection import ModelInspection
from boxwright.domain.looks import MAX_OVERLAP, MAX_TILE, Looks
from boxwright.domain.models import Evaluation, Model, TrainingTask
from boxwright.domain.paging import Page
from boxwright.domain.predictions import Prediction, prediction_to_json
from boxwright.domain.variants import ModelVariants, Precision
from boxwright.settings import MEGABYTE

router = APIRouter(prefix=PREFIX, tags=["models"])
Ratio = Annotated[float | None, Query(ge=0, le=1)]


class Serving(BaseModel):
    """The variant that is to predict."""

    precision: Precision


@router.get(
    "/projects/{project_id}/training/tasks",
    operation_id="getTrainingTasks",
    dependencies=[Depends(in_project("viewer"))],
)
def get_tasks(project_id: str, app: App) -> tuple[TrainingTask, ...]:
    """Return what a training could learn from the project as it is now: boxes, outlines; and why not."""
    return app.training.tasks(project_id)


@router.get("/projects/{project_id}/models", operation_id="listModels", dependencies=[Depends(in_project("viewer"))])
def list_models(
    project_id: str,
    app: App,
    cursor: Cursor = None,
    limit: Limit = 50,
    assist: Annotated[bool, Query(description="Also networks for outlines by clicks.")] = False,
) -> Page[Model]:
    """Return the project's models, newest first."""
    return app.models.page(project_id, cursor=cursor, limit=limit, assist=assist)


@router.post(
    "/projects/{project_id}/models",
    operation_id="importModel",
    status_code=201,
    dependencies=[Depends(in_project("manager"))],
)
def import_model(project_id: str, body: ModelUpload, app: App, caller: Who) -> Model:
    """Add a model from an ONNX file of a known family, a ZIP that Boxwright saved, or the files of Darknet or SAM."""
    model = app.models.imports.add(project_id, body.given(app.uploads, caller), body.changes(), caller)
    body.forget(app.uploads, caller)
    return model


@router.post(
    "/projects/{project_id}/models/inspect",
    operation_id="inspectUpload",
    dependencies=[Depends(in_project("manager"))],
)
def inspect_upload(project_id: str, body: ModelLook, app: App, caller: Who) -> ModelInspection:
    """Say what an uploaded file holds and how it would be run; the upload stays, nothing is added."""
    given = body.given(app.uploads, caller)
    return app.models.imports.inspect(project_id, given, body.changes(), body.image_id)


@router.post(
    "/models/{model_id}/inspect", operation_id="inspectModel", dependencies=[Depends(guard("model", "manager"))]
)
def inspect_model(model_id: str, body: ModelTrial, app: App) -> ModelInspection:
    """Say how a model would be run with these corrections; nothing is changed."""
    return app.models.imports.inspect_model(model_id, body.changes(), body.image_id)


@router.get("/models/{model_id}", operation_id="getModel", dependencies=[Depends(guard("model", "viewer"))])
def get_model(model_id: str, app: App) -> Model:
    """Return one model."""
    return app.models.get(model_id)


@router.patch("/models/{model_id}", operation_id="updateModel", dependencies=[Depends(guard("model", "manager"))])
def update_model(model_id: str, body: CardPatch, app: App, caller: Who) -> Model:
    """Rename a model or correct its card; how it is fed and read is tried first, and earlier figures then go."""
    return app.models.imports.correct(model_id, body.changes(), caller)


@router.delete(
    "/models/{model_id}",
    operation_id="deleteModel",
    status_code=204,
    dependencies=[Depends(guard("model", "manager"))],
)
def delete_model(model_id: str, app: App, caller: Who) -> None:
    """Delete a model; refused (`model_in_use`) while a job that has not ended needs it."""
    app.models.delete(model_id, caller)


@router.get(
    "/models/{model_id}/download",
    operation_id="downloadModel",
    response_class=StreamingResponse,
    dependencies=[Depends(guard("model", "viewer"))],
)
def download_model(model_id: str, app: App, precision: Precision | None = None) -> StreamingResponse:
    """Return one ZIP that predicts alone: ONNX, weights, card, program, model card, licence."""
    return stream_response(app.models.archive(model_id, precision))


@router.get("/models/{model_id}/variants", operation_id="getVariants", dependencies=[Depends(guard("model", "viewer"))])
def get_variants(model_id: str, app: App) -> ModelVariants:
    """Return the files of a model in other precisions, side by side; a job of kind `variants` makes them."""
    return app.variants.get(model_id)


@router.put(
    "/models/{model_id}/serving", operation_id="serveVariant", dependencies=[Depends(guard("model", "manager"))]
)
def serve_variant(model_id: str, body: Serving, app: App, caller: Who) -> ModelVariants:
    """Let another variant predict: over HTTP, in runs and when it annotates."""
    return app.variants.serve(model_id, body.precision, caller)


@router.get(
    "/models/{model_id}/evaluations", operation_id="listEvaluations", dependencies=[Depends(guard("model", "viewer"))]
)
def list_evaluations(model_id: str, app: App) -> tuple[Evaluation, ...]:
    """Return every evaluation of a model, newest first."""
    return app.models.evaluations(model_id)


_MAY_PREDICT = guard("model", "viewer")


@router.post("/models/{model_id}/predict", operation_id="predictOne", response_model=Prediction, openapi_extra=RAW_BODY)
async def predict_one(
    model_id: str,
    request: Request,
    app: App,
    doors: Doors,
    score_threshold: Ratio = None,
    iou_threshold: Ratio = None,
    tile: Annotated[
        int, Query(ge=0, le=MAX_TILE, description="Also look at tiles of so many pixels a side; 0: no.")
    ] = 0,
    overlap: Annotated[
        float, Query(ge=0, le=MAX_OVERLAP, description="Part of a tile that its neighbour shares.")
    ] = 0.2,
    mirror: Annotated[bool, Query(description="Also look at everything mirrored.")] = False,
) -> Response:
    """Detect objects in one picture, sent as the raw body; nothing is stored."""
    looks = Looks(tile=tile, overlap=overlap, mirror=mirror)
    limit = app.settings.max_upload_mb * MEGABYTE
    small = is_small(request, limit)
    if not small:
        await run_in_threadpool(_MAY_PREDICT, request, app, doors)

    def answer(picture: bytes | Path) -> Response:
        # All in one visit to a thread, the writing of the answer too: with many clients these visits add up.
        if small:
            _MAY_PREDICT(request, app, doors)
        found = app.models.predict(model_id, picture, score_threshold, iou_threshold, looks)
        return JSONResponse(prediction_to_json(found))

    async with received(request, app.settings.incoming_folder, limit) as picture:
        return await run_in_threadpool(answer, picture)


@router.get(
    "/evaluations/{evaluation_id}",
    operation_id="getEvaluation",
    dependencies=[Depends(guard("evaluation", "viewer"))],
)
def get_evaluation(evaluation_id: str, app: App) -> Evaluation:
    """Return one evaluation."""
    found = app.models.evaluation(evaluation_id)
    if found is None:
        raise NotFound("there is no such evaluation")
    return found
