"""Videos: upload, list, frames and times."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import BaseModel, Field

from boxwright.api.deps import App, Who, guard, in_project
from boxwright.api.routes import PREFIX
from boxwright.api.routes.projects import Cursor, Limit
from boxwright.domain.jobs import Job
from boxwright.domain.paging import Page
from boxwright.domain.projects import Split
from boxwright.domain.videos import Sampled, Video, VideoAdded, VideoTimes
from boxwright.services.sampling import Choice
from boxwright.services.video_frames import MAX_WIDTH, MIN_WIDTH

router = APIRouter(prefix=PREFIX, tags=["videos"])
FrameNumber = Annotated[int, Path(ge=0, lt=1 << 31)]
_JPEG: dict[int | str, dict[str, Any]] = {
    200: {"content": {"image/jpeg": {}}},
    304: {"description": "The frame is the one that the browser has."},
}


class NewVideo(BaseModel):
    """A finished upload, and what to call the video (the file's own name by default)."""

    upload_id: str
    name: str | None = Field(default=None, min_length=1, max_length=200)


class VideoPatch(BaseModel):
    """A new name."""

    name: str = Field(min_length=1, max_length=200)


class Sample(BaseModel):
    """Every so many frames, or those named, and where the pictures go; `annotated_only` leaves out empty frames."""

    every: int | None = Field(default=None, ge=1, le=1_000_000)
    frames: list[Annotated[int, Field(ge=0, lt=1 << 31)]] | None = Field(default=None, max_length=50_000)
    split: Split = "none"
    annotated_only: bool = False


@router.post(
    "/projects/{project_id}/videos",
    operation_id="addVideo",
    status_code=202,
    dependencies=[Depends(in_project("manager"))],
)
def add_video(project_id: str, body: NewVideo, app: App, caller: Who) -> VideoAdded:
    """Take an uploaded video in; a job decodes its frames, once for everybody."""
    return app.videos.add(project_id, body.upload_id, body.name, caller)


@router.get("/projects/{project_id}/videos", operation_id="listVideos", dependencies=[Depends(in_project("viewer"))])
def list_videos(
    project_id: str, app: App, trash: bool = False, cursor: Cursor = None, limit: Limit = 100
) -> Page[Video]:
    """Return a project's videos, newest first."""
    return app.videos.page(project_id, trash=trash, cursor=cursor, limit=limit)


@router.get("/videos/{video_id}", operation_id="getVideo", dependencies=[Depends(guard("video", "viewer"))])
def get_video(video_id: str, app: App) -> Video:
    """Return one video's record."""
    return app.videos.get(video_id)


@router.patch("/videos/{video_id}", operation_id="updateVideo", dependencies=[Depends(guard("video", "manager"))])
def update_video(video_id: str, body: VideoPatch, app: App) -> Video:
    """Rename a video."""
    return app.videos.rename(video_id, body.name)


@router.delete("/videos/{video_id}", operation_id="deleteVideo", dependencies=[Depends(guard("video", "manager"))])
def delete_video(video_id: str, app: App, caller: Who) -> Video:
    """Move a video to the trash, where it stays for 30 days; pictures that were made of it stay."""
    return app.videos.trash(video_id, caller)


@router.post(
    "/videos/{video_id}/restore", operation_id="restoreVideo", dependencies=[Depends(guard("video", "manager"))]
)
def restore_video(video_id: str, app: App, caller: Who) -> Video:
    """Take a video back out of the trash."""
    return app.videos.restore(video_id, caller)


@router.get("/videos/{video_id}/times", operation_id="getVideoTimes", dependencies=[Depends(guard("video", "viewer"))])
def get_times(video_id: str, app: App) -> VideoTimes:
    """Return when each frame is shown, in seconds from the first one."""
    return app.video_frames.times(video_id)


@router.get(
    "/videos/{video_id}/frames/{frame}",
    operation_id="getVideoFrame",
    response_class=Response,
    responses=_JPEG,
    dependencies=[Depends(guard("video", "viewer"))],
)
def get_frame(
    video_id: str,
    frame: FrameNumber,
    app: App,
    request: Request,
    width: Annotated[int | None, Query(ge=MIN_WIDTH, le=MAX_WIDTH)] = None,
) -> Response:
    """Return a frame as JPEG, or a smaller one at most `width` pixels wide; it never changes."""
    name, data = app.video_frames.frame(video_id, frame, width)
    tag = f'"{name}"'
    headers = {"etag": tag, "cache-control": "private, max-age=31536000, immutable", "vary": "Cookie"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(data, media_type="image/jpeg", headers=headers)


@router.post(
    "/videos/{video_id}/sample",
    operation_id="sampleVideo",
    responses={200: {"model": Sampled}, 202: {"model": Job}},
    dependencies=[Depends(guard("video", "manager"))],
)
def sample_video(video_id: str, body: Sample, app: App, caller: Who, response: Response) -> Sampled | Job:
    """Make images of frames, with what the tracks show in them; many become a job (202).

    Frames that are images already stay as they are.
    """
    found = app.sampling.sample(video_id, Choice(**body.model_dump()), caller)
    response.status_code = 202 if isinstance(found, Job) else 200
    return found
