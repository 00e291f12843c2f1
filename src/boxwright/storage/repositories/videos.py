"""Videos: rows and lists. Until there are frames, the state of a video is that of the job that decodes it."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row, Select

from boxwright.domain.errors import NotFound
from boxwright.domain.jobs import FINISHED
from boxwright.domain.paging import Page
from boxwright.domain.videos import Video, VideoState
from boxwright.storage.repositories import keyset
from boxwright.storage.tables import jobs, videos

_FIELDS = (
    "id", "project_id", "name", "format", "width", "height", "frames", "fps", "duration", "bytes", "job_id",
    "revision", "tracks", "created_at", "deleted_at",
)  # fmt: skip
_LOCK = sa.select(videos.c.id).where(videos.c.id == sa.bindparam("video")).with_for_update(key_share=True)


def _make(row: Row[Any]) -> Video:
    state, problem = _state(row)
    values = {name: getattr(row, name) for name in _FIELDS}
    return Video(**values, sha256=row.sha256 or "", state=state, problem=problem)


def _state(row: Row[Any]) -> tuple[VideoState, str | None]:
    if row.pack_sha256 is not None:
        return "ready", row.notes or None
    if row.job_state is None or row.job_state in FINISHED or row.job_state == "paused":
        stopped = "decoding was stopped; resume its job" if row.job_state == "paused" else "decoding was stopped"
        return "failed", row.job_error or stopped
    return "decoding", None


def _select() -> Select[Any]:
    joined = videos.outerjoin(jobs, jobs.c.id == videos.c.job_id)
    return sa.select(videos, jobs.c.state.label("job_state"), jobs.c.error.label("job_error")).select_from(joined)


class VideoRepository:
    """Table `videos`."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add(self, video: Video) -> None:
        """Insert a video that is still to be decoded."""
        values = {name: getattr(video, name) for name in _FIELDS}
        self._db.execute(sa.insert(videos).values(**values, notes=""))

    def find(self, video_id: str) -> Video | None:
        """Return a video, also one in the trash."""
        row = self._db.execute(_select().where(videos.c.id == video_id)).one_or_none()
        return _make(row) if row else None

    def get(self, video_id: str) -> Video:
        """Return a video, also one in the trash. Raises NotFound."""
        found = self.find(video_id)
        if found is None:
            raise NotFound("there is no such video")
        return found

    def lock(self, video_id: str) -> Video:
        """Return a video that nobody else changes before the end of this transaction. Raises NotFound."""
        self._db.execute(_LOCK, {"video": video_id})
        return self.get(video_id)

    def pack(self, video_id: str) -> str:
        """Return the blob with the frames of a video. Raises NotFound where it is not decoded."""
        found: str | None = self._db.scalar(sa.select(videos.c.pack_sha256).where(videos.c.id == video_id))
        if found is None:
            raise NotFound("the video has no frames yet; wait until it is decoded")
        return found

    def page(self, project_id: str, *, trash: bool, cursor: str | None, limit: int) -> Page[Video]:
        """Return one page of a project's videos, newest first."""
        alive = videos.c.deleted_at.is_not(None) if trash else videos.c.deleted_at.is_(None)
        query = _select().where(videos.c.project_id == project_id, alive)
        key = (videos.c.deleted_at, videos.c.id) if trash else (videos.c.id,)
        return keyset.page(self._db, query, key, _make, cursor=cursor, limit=limit, descending=True)

    def update(self, video_id: str, **values: object) -> None:
        """Change columns of a video."""
        self._db.execute(sa.update(videos).where(videos.c.id == video_id).values(**values))

    def delete_trashed_before(self, at: str) -> int:
        """Remove videos that went to the trash before the time `at`, with their tracks; return how many."""
        return self._db.execute(sa.delete(videos).where(videos.c.deleted_at < at)).rowcount
