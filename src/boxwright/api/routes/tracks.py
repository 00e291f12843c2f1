"""Tracks of a video; the body of a save is the domain's TrackChanges."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path
from pydantic import BaseModel, Field

from boxwright.api.deps import App, Who, guard
from boxwright.api.routes import PREFIX
from boxwright.api.routes.assist import Corners
from boxwright.api.routes.projects import Cursor, Limit
from boxwright.domain.errors import Forbidden
from boxwright.domain.paging import Page
from boxwright.domain.tracks import TrackChanges, TrackLogEntry, VideoSaved, VideoTracks
from boxwright.domain.videos import Followed
from boxwright.services.following import MAX_FRAMES

router = APIRouter(prefix=PREFIX, tags=["videos"])


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
