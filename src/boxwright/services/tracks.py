"""Tracks of a video: read, change under a revision check, look back."""

from collections.abc import Sequence
from dataclasses import asdict, replace

from boxwright.domain.clock import now
from boxwright.domain.errors import Conflict, NotFound
from boxwright.domain.ids import new_id
from boxwright.domain.paging import Page
from boxwright.domain.people import Caller
from boxwright.domain.tracks import (
    Track,
    TrackChanges,
    TrackDelete,
    TrackLogEntry,
    TrackUpsert,
    VideoSaved,
    VideoTracks,
)
from boxwright.domain.videos import Video
from boxwright.services.track_schema import check_changes, check_references, check_values, final_changes, fit
from boxwright.services.videos import publish
from boxwright.storage.unit_of_work import Transaction, UnitOfWork


class Tracks:
    """Rules about tracks."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def get(self, video_id: str) -> VideoTracks:
        """Return all tracks of a video with their revision. Raises NotFound."""
        with self._uow.read() as tx:
            return _current(tx, tx.videos.get(video_id))

    def history(self, video_id: str, cursor: str | None = None, limit: int = 50) -> Page[TrackLogEntry]:
        """Return the saved changes of a video, newest first. Raises NotFound."""
        with self._uow.read() as tx:
            tx.videos.get(video_id)
            return tx.tracks.log_page(video_id, cursor, limit)

    def revision(self, video_id: str, revision: int) -> VideoTracks:
        """Return the tracks of a video as they were at a revision. Raises NotFound where there is none yet."""
        with self._uow.read() as tx:
            if not 0 <= revision <= tx.videos.get(video_id).revision:
                raise NotFound(f"the video has no revision {revision}")
            log = tx.tracks.log_until(video_id, revision)
        return VideoTracks(video_id=video_id, revision=revision, tracks=_replayed(log))

    def apply(self, video_id: str, changes: TrackChanges, caller: Caller) -> VideoSaved:
        """Save changes, all of them or nothing; those that were saved before return the first answer.

        Raises:
            NotFound: no such video, or it lies in the trash.
            Invalid: with code `class_unknown`, `outside_image`, `frame_unknown`, `keyframes_invalid`,
                `attribute_invalid`, `too_many_changes` and the like.
            Conflict: with code `video_not_ready` before it is decoded, `revision_conflict` where somebody saved in
                between (`detail` holds the newer state as `current`), `track_elsewhere`.
        """
        check_changes(changes)
        with self._uow.write() as tx:
            video = tx.videos.lock(video_id)
            if not tx.projects.known(video.project_id, alive=True):
                raise NotFound("the video's project is in the trash; restore it first")
            saved = tx.tracks.logged_revision(video_id, changes.change_id)
            if saved is not None:
                return VideoSaved(video_id=video_id, revision=saved)
            check_open(video)
            if video.revision != changes.base_revision:
                raise _conflict(_current(tx, video))
            return save(tx, video, changes, caller)


def check_open(video: Video) -> None:
    """Refuse what cannot be worked on. Raises NotFound, Conflict (`video_not_ready`)."""
    if video.deleted_at is not None:
        raise NotFound("the video is in the trash; restore it first")
    if video.state != "ready":
        raise Conflict("the video has no frames yet; wait until it is decoded", code="video_not_ready")


def save(tx: Transaction, video: Video, changes: TrackChanges, caller: Caller) -> VideoSaved:
    """Write changes to a video that the transaction holds, and whose revision is their base."""
    put, gone = final_changes(changes.changes)
    put = check_references(tx, video, [fit(item, video, caller.id) for item in put])
    changed = {item.id for item in put}
    check_values(tx, video, put, {item.id: item for item in tx.tracks.of_video(video.id) if item.id in changed})
    time, revision = now(), changes.base_revision + 1
    tx.tracks.upsert(video.project_id, video.id, put, at=time)
    tx.tracks.delete(video.id, gone)
    tx.tracks.add_log(
        video.project_id,
        TrackLogEntry(
            id=new_id(),
            video_id=video.id,
            change_id=changes.change_id,
            revision=revision,
            author_id=caller.id,
            created_at=time,
            changes=(*(TrackUpsert(track=item) for item in put), *(TrackDelete(id=key) for key in gone)),
        ),
    )
    count = tx.tracks.count(video.id)
    tx.videos.update(video.id, revision=revision, tracks=count)
    told = {"change_id": changes.change_id, "author_id": caller.id, "tracks": count}
    publish(tx, replace(video, revision=revision), "changed", **told)
    return VideoSaved(video_id=video.id, revision=revision)


def _replayed(log: Sequence[TrackLogEntry]) -> tuple[Track, ...]:
    """Return what a video has after these changes, in drawing order."""
    found: dict[str, Track] = {}
    for entry in log:
        for change in entry.changes:
            if isinstance(change, TrackDelete):
                found.pop(change.id, None)
            else:
                found[change.track.id] = change.track
    return tuple(sorted(found.values(), key=lambda item: (item.z, item.id)))


def _current(tx: Transaction, video: Video) -> VideoTracks:
    return VideoTracks(video_id=video.id, revision=video.revision, tracks=tx.tracks.of_video(video.id))


def _conflict(current: VideoTracks) -> Conflict:
    message = f"the video was changed meanwhile and is now at revision {current.revision}"
    return Conflict(message, code="revision_conflict", detail={"current": asdict(current)})
