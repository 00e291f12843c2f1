"""Jobs: one route starts any of them."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Body, Depends, Query
from fastapi.responses import FileResponse
from pydantic import BaseModel

from boxwright.api.bodies import file_response
from boxwright.api.deps import App, Who, check_role, guard, in_project
from boxwright.api.routes import PREFIX
from boxwright.api.routes.projects import Cursor, Limit
from boxwright.bootstrap import Application
from boxwright.domain.exchange import Loss
from boxwright.domain.jobs import Job, JobState, LogLine, Metric
from boxwright.domain.paging import Page
from boxwright.domain.people import Caller, Role
from boxwright.domain.projects import ImageState, Source, Split
from boxwright.domain.requests import FormatName, JobRequest, Selection

router = APIRouter(prefix=PREFIX, tags=["jobs"])
Start = Annotated[JobRequest, Body(discriminator="kind")]
_NEEDS: dict[str, Role] = {
    "train": "manager",
    "fetch": "manager",
    "evaluate": "manager",
    "predict": "annotator",
    "label": "manager",
    "import": "manager",
    "export": "viewer",
    "sample": "manager",
    "variants": "manager",
    "estimate": "manager",
    "sweep": "manager",
    "checkup": "manager",
    "label_check": "manager",
    "copy_in": "manager",
    "embed": "manager",
    "video": "manager",
    "sample_video": "manager",
}


class Cancel(BaseModel):
    """With `keep`, the job finishes early with what it has; otherwise it is broken off."""

    keep: bool = False


@router.post("/jobs", operation_id="startJob", status_code=202)
def start_job(body: Start, app: App, caller: Who) -> Job:
    """Queue a job of any kind: training, estimate, sweep, evaluation, prediction, import, export, ..."""
    check_role(app, caller, body.project_id, _needed(body.kind, asdict(body)))
    return app.submit(body, caller)


@router.get("/projects/{project_id}/jobs", operation_id="listJobs", dependencies=[Depends(in_project("viewer"))])
def list_jobs(
    project_id: str,
    app: App,
    kind: str | None = None,
    state: JobState | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[Job]:
    """Return a project's jobs, newest first."""
    return app.jobs.page(project_id, kind=kind, state=state, cursor=cursor, limit=limit)


@router.get("/jobs/{job_id}", operation_id="getJob", dependencies=[Depends(guard("job", "viewer"))])
def get_job(job_id: str, app: App) -> Job:
    """Return one job."""
    return app.jobs.get(job_id)


@router.get("/jobs/{job_id}/metrics", operation_id="getJobMetrics", dependencies=[Depends(guard("job", "viewer"))])
def get_metrics(job_id: str, app: App, after: Annotated[int, Query(ge=-1)] = -1) -> tuple[Metric, ...]:
    """Return the values of all curves at steps beyond `after`."""
    return app.jobs.metrics(job_id, after)


@router.get("/jobs/{job_id}/log", operation_id="getJobLog", dependencies=[Depends(guard("job", "viewer"))])
def get_log(job_id: str, app: App, after: Annotated[int, Query(ge=-1)] = -1) -> tuple[LogLine, ...]:
    """Return the log lines numbered beyond `after`."""
    return app.jobs.log(job_id, after)


@router.post("/jobs/{job_id}/cancel", operation_id="cancelJob", dependencies=[Depends(guard("job", "viewer"))])
def cancel_job(job_id: str, body: Cancel, app: App, caller: Who) -> Job:
    """Stop one's own job, or as a manager any, keeping what it has or not."""
    _check_owner(app, caller, job_id)
    return app.jobs.cancel(job_id, keep=body.keep)


@router.post("/jobs/{job_id}/pause", operation_id="pauseJob", dependencies=[Depends(guard("job", "viewer"))])
def pause_job(job_id: str, app: App, caller: Who) -> Job:
    """Lay one's own job aside, or as a manager any; it goes on from there when it is resumed."""
    _check_owner(app, caller, job_id)
    return app.jobs.pause(job_id)


@router.post("/jobs/{job_id}/resume", operation_id="resumeJob", dependencies=[Depends(guard("job", "viewer"))])
def resume_job(job_id: str, app: App, caller: Who) -> Job:
    """Queue one's own paused, failed or cancelled job again, or as a manager any; it goes on from its checkpoint."""
    _check_owner(app, caller, job_id)
    return app.jobs.resume(job_id)


@router.get(
    "/jobs/{job_id}/files/{name}",
    operation_id="getJobFile",
    response_class=FileResponse,
    dependencies=[Depends(guard("job", "viewer"))],
)
def get_file(job_id: str, name: str, app: App) -> FileResponse:
    """Download a file that a job made, such as an export."""
    return file_response(app.jobs.file(job_id, name))


@router.get(
    "/projects/{project_id}/export-losses", operation_id="getExportLosses", dependencies=[Depends(in_project("viewer"))]
)
def get_losses(
    project_id: str,
    name: Annotated[FormatName, Query(alias="format")],
    app: App,
    version_id: str | None = None,
    splits: Annotated[tuple[Split, ...], Query()] = (),
    states: Annotated[tuple[ImageState, ...], Query()] = (),
    class_ids: Annotated[tuple[str, ...], Query()] = (),
    sources: Annotated[tuple[Source, ...], Query()] = (),
) -> tuple[Loss, ...]:
    """Return what a format cannot hold of a project, or a part of it, before the export starts."""
    part = Selection(splits=splits, states=states, class_ids=class_ids, sources=sources)
    return app.exports.losses(project_id, name, version_id, part)


def _needed(kind: str, params: Mapping[str, object]) -> Role:
    """Return the role that starts a job; who annotates image by image may also let a model help with one image."""
    named = params.get("image_ids")
    one = isinstance(named, list | tuple) and len(named) == 1 and not params.get("create_classes")
    return "annotator" if kind == "label" and one else _NEEDS.get(kind, "manager")


def _check_owner(app: Application, caller: Caller, job_id: str) -> None:
    """Raise Forbidden unless the caller manages the project, or started the job and may still start such a one."""
    job = app.jobs.get(job_id)
    mine = job.created_by == caller.id
    check_role(app, caller, job.project_id, _needed(job.kind, job.params) if mine else "manager")
