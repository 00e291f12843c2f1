"""Prediction runs: a model over many pictures, kept with their results."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import FileResponse, StreamingResponse
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from boxwright.api.bodies import RAW_BODY, file_response, spooled, stream_response
from boxwright.api.deps import App, Who, guard, in_project
from boxwright.api.routes import PREFIX
from boxwright.api.routes.images import Name
from boxwright.api.routes.projects import Cursor, Limit
from boxwright.domain.errors import NotFound
from boxwright.domain.paging import Page
from boxwright.domain.predictions import Run, RunImage
from boxwright.domain.projects import Split
from boxwright.settings import MEGABYTE

router = APIRouter(prefix=PREFIX, tags=["predictions"])
ResultFormat = Literal["csv", "coco", "yolo", "json", "images"]
Score = Annotated[float, Query(ge=0, le=1)]


class NewRun(BaseModel):
    """A run over uploaded pictures, or over the project's own (all, or one split)."""

    model_id: str
    name: str = Field(default="", max_length=200)
    source: Literal["upload", "project"] = "upload"
    split: Split | None = None
    score_threshold: float = Field(default=0.05, ge=0, le=1)
    iou_threshold: float = Field(default=0.6, ge=0, le=1)


@router.get("/projects/{project_id}/runs", operation_id="listRuns", dependencies=[Depends(in_project("viewer"))])
def list_runs(project_id: str, app: App, cursor: Cursor = None, limit: Limit = 50) -> Page[Run]:
    """Return the project's runs, newest first."""
    return app.runs.page(project_id, cursor=cursor, limit=limit)


@router.post(
    "/projects/{project_id}/runs",
    operation_id="createRun",
    status_code=201,
    dependencies=[Depends(in_project("annotator"))],
)
def create_run(project_id: str, body: NewRun, app: App, caller: Who) -> Run:
    """Prepare a run; add pictures where they are uploaded, then start a job of kind `predict`."""
    if app.access.project_of("model", body.model_id) != project_id:
        raise NotFound("the model must be one of this project")
    return app.runs.create(
        project_id,
        body.model_id,
        body.name,
        source=body.source,
        split=body.split,
        score=body.score_threshold,
        iou=body.iou_threshold,
        caller=caller,
    )


@router.get("/runs/{run_id}", operation_id="getRun", dependencies=[Depends(guard("run", "viewer"))])
def get_run(run_id: str, app: App) -> Run:
    """Return one run."""
    return app.runs.get(run_id)


@router.delete(
    "/runs/{run_id}", operation_id="deleteRun", status_code=204, dependencies=[Depends(guard("run", "manager"))]
)
def delete_run(run_id: str, app: App, caller: Who) -> None:
    """Delete a run and its results."""
    app.runs.delete(run_id, caller)


@router.post(
    "/runs/{run_id}/images",
    operation_id="uploadRunImage",
    status_code=201,
    dependencies=[Depends(guard("run", "annotator"))],
    openapi_extra=RAW_BODY,
)
async def upload_run_image(run_id: str, request: Request, app: App, name: Name) -> RunImage:
    """Add one picture, sent as the raw body."""
    limit = app.settings.max_upload_mb * MEGABYTE
    async with spooled(request, app.settings.incoming_folder, limit) as path:
        return await run_in_threadpool(app.runs.add_image, run_id, name, path)


@router.get("/runs/{run_id}/images", operation_id="listRunImages", dependencies=[Depends(guard("run", "viewer"))])
def list_run_images(
    run_id: str,
    app: App,
    cursor: Cursor = None,
    limit: Limit = 100,
    min_score: Score = 0,
    class_id: int | None = None,
    operating: bool = False,
) -> Page[RunImage]:
    """Return pictures with their detections of at least `min_score`; with `operating`, of the score of their class."""
    return app.runs.images(
        run_id, cursor=cursor, limit=limit, min_score=min_score, class_id=class_id, operating=operating
    )


@router.get(
    "/runs/{run_id}/results",
    operation_id="downloadResults",
    response_class=StreamingResponse,
    dependencies=[Depends(guard("run", "viewer"))],
)
def download_results(
    run_id: str,
    app: App,
    kind: Annotated[ResultFormat, Query(alias="format")] = "csv",
    min_score: Score = 0,
    operating: bool = False,
) -> StreamingResponse:
    """Return all results as one file: CSV, JSON, or a ZIP (`yolo`, `images` with the boxes drawn).

    Detections are left out as by the list of images.
    """
    return stream_response(app.runs.results(run_id, kind, min_score=min_score, operating=operating))


@router.get(
    "/run-images/{run_image_id}/view",
    operation_id="getRunImageView",
    response_class=FileResponse,
    dependencies=[Depends(guard("run_image", "viewer"))],
)
def get_view(run_image_id: str, app: App) -> FileResponse:
    """Return the upright picture."""
    return file_response(app.runs.view(run_image_id), immutable=True)


@router.get(
    "/run-images/{run_image_id}/thumbnail",
    operation_id="getRunImageThumbnail",
    response_class=FileResponse,
    dependencies=[Depends(guard("run_image", "viewer"))],
)
def get_thumbnail(run_image_id: str, app: App) -> FileResponse:
    """Return an upright thumbnail."""
    return file_response(app.runs.thumbnail(run_image_id), immutable=True)
