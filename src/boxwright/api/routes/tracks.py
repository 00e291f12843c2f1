"""Tracks of a video; the body of a save is the domain's TrackChanges."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from boxwright.api.bodies import stream_response
from boxwright.api.deps import App, Who, guard
from boxwright.api.routes import PREFIX
from boxwright.api.routes.assist import Corners
from boxwright.api.routes.projects import Cursor, Limit
from boxwright.domain.errors import Forbidden
from boxwright.domain.exchange import Loss
from boxwright.domain.paging import Page
from boxwright.domain.tracks import TrackChanges, TrackLogEntry, VideoSaved, VideoTracks
from boxwright.domain.videos import Followed, TracksReport
from boxwright.services.following import MAX_FRAMES
from boxwright.services.track_files import FilmFormatName

router = APIRouter(prefix=PREFIX, tags=["videos"])


class TrackImport(BaseModel):
    """A finished upload: CVAT for video 1.1, MOT or COCO with track ids, as a file or an archive."""

    upload_id: str
    format: Literal["auto", "cvat", "mot", "coco"] = "auto"


class Follow(BaseModel):
    """A box `x0, y0, x1, y1` in a frame, in pixels, and through how many frames to follow it."""

    frame: int = Field(ge=0, lt=1 << 31)
    box: Corners
    frames: int = Field(default=30, ge=1, le=MAX_FRAMES)
    backwards: bool = False


@router.get("/videos/{video_id}/tracks", operation_id="getTracks", dependencies=[Depends(guard("video", "viewer"))])
def get_tracks(video_id: str, app: App) -> VideoTracks:
    """Return all tracks of a video with their revision."""
    return app.tracks.get(video_id)


@router.post(
    "/videos/{video_id}/changes", operation_id="applyTrackChanges", dependencies=[Depends(guard("video", "annotator"))]
)
def apply_track_changes(
    video_id: str, body: TrackChanges, app: App, caller: Who, author_id: str | None = None
) -> VideoSaved:
    """Save changes of tracks; 409 `revision_conflict` carries the newer state. `author_id` is as for pictures."""
    if author_id not in (None, caller.id):
        raise Forbidden("somebody else is signed in now; sign in again as the one who made it", code="other_person")
    return app.tracks.apply(video_id, body, caller)


@router.get(
    "/videos/{video_id}/history", operation_id="getTrackHistory", dependencies=[Depends(guard("video", "viewer"))]
)
def get_track_history(video_id: str, app: App, cursor: Cursor = None, limit: Limit = 50) -> Page[TrackLogEntry]:
    """Return who changed what and when, newest first."""
    return app.tracks.history(video_id, cursor, limit)


@router.get(
    "/videos/{video_id}/revisions/{revision}",
    operation_id="getTrackRevision",
    dependencies=[Depends(guard("video", "viewer"))],
)
def get_track_revision(video_id: str, revision: Annotated[int, Path(ge=0, lt=1 << 31)], app: App) -> VideoTracks:
    """Return all tracks of a video as they were at a revision, to look at or to save again."""
    return app.tracks.revision(video_id, revision)


@router.post("/videos/{video_id}/follow", operation_id="followBox", dependencies=[Depends(guard("video", "annotator"))])
def follow_box(video_id: str, body: Follow, app: App) -> Followed:
    """Return where a box goes in the next frames, or in those before, until it is lost; nothing is stored."""
    return app.following.follow(video_id, body.frame, body.box, body.frames, backwards=body.backwards)


@router.get(
    "/videos/{video_id}/export/losses",
    operation_id="getTrackLosses",
    dependencies=[Depends(guard("video", "viewer"))],
)
def get_track_losses(
    video_id: str, name: Annotated[FilmFormatName, Query(alias="format")], app: App
) -> tuple[Loss, ...]:
    """Return what a format cannot hold of a video's tracks, before they are exported."""
    return app.track_files.losses(video_id, name)


@router.get(
    "/videos/{video_id}/export",
    operation_id="exportTracks",
    response_class=StreamingResponse,
    dependencies=[Depends(guard("video", "viewer"))],
)
def export_tracks(
    video_id: str, name: Annotated[FilmFormatName, Query(alias="format")], app: App, pictures: bool = True
) -> StreamingResponse:
    """Download the tracks as a ZIP, with the frames as pictures or without."""
    return stream_response(app.track_files.export(video_id, name, pictures=pictures))


@router.post(
    "/videos/{video_id}/import", operation_id="importTracks", dependencies=[Depends(guard("video", "manager"))]
)
def import_tracks(video_id: str, body: TrackImport, app: App, caller: Who) -> TracksReport:
    """Take the tracks of an uploaded file in, all of them as one change."""
    return app.track_files.load(video_id, body.upload_id, body.format, caller)
