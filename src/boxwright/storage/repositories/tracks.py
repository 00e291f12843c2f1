"""Tracks of videos, and the log of changes to them."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from boxwright.domain.clock import now
from boxwright.domain.paging import Page
from boxwright.domain.tracks import (
    Track,
    TrackLogEntry,
    change_from_json,
    change_to_json,
    keyframe_from_json,
    keyframe_to_json,
)
from boxwright.storage.repositories import keyset
from boxwright.storage.repositories.upsert import insert
from boxwright.storage.tables import track_log, tracks, users

_FIELDS = ("id", "class_id", "z", "attributes", "source", "author_id", "external_id")
_LOGGED = ("id", "video_id", "change_id", "revision", "author_id", "created_at")
_KEPT = ("id", "project_id", "video_id", "created_at")
_CHUNK = 500


def _make(row: Row[Any]) -> Track:
    values = {name: getattr(row, name) for name in _FIELDS}
    return Track(**values, keyframes=tuple(map(keyframe_from_json, row.keyframes)))


def _values(track: Track) -> dict[str, object]:
    values: dict[str, object] = {name: getattr(track, name) for name in _FIELDS}
    values |= {"attributes": dict(track.attributes), "type": track.type, "deleted_at": None}
    return values | {"keyframes": [keyframe_to_json(item) for item in track.keyframes]}


def _entry(row: Row[Any]) -> TrackLogEntry:
    values = {name: getattr(row, name) for name in _LOGGED}
    named = row._mapping.get("author_name")
    return TrackLogEntry(**values, changes=tuple(map(change_from_json, row.changes)), author_name=named)


class TrackRepository:
    """Tables `tracks` and `track_log`."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def of_video(self, video_id: str) -> tuple[Track, ...]:
        """Return the tracks of a video, in drawing order (z, then id)."""
        where = tracks.c.video_id == video_id, tracks.c.deleted_at.is_(None)
        return tuple(_make(row) for row in self._db.execute(sa.select(tracks).where(*where).order_by("z", "id")))

    def of_classes(self, class_ids: Sequence[str]) -> dict[str, int]:
        """Return how many tracks there are of classes, by class."""
        where = tracks.c.class_id.in_(class_ids), tracks.c.deleted_at.is_(None)
        query = sa.select(tracks.c.class_id, sa.func.count()).where(*where).group_by(tracks.c.class_id)
        return {row[0]: row[1] for row in self._db.execute(query)}

    def videos_with(self, class_ids: Sequence[str]) -> list[str]:
        """Return the videos that have a track of these classes, by id."""
        where = tracks.c.class_id.in_(class_ids), tracks.c.deleted_at.is_(None)
        return list(self._db.scalars(sa.select(tracks.c.video_id).where(*where).distinct().order_by("video_id")))

    def some(self, video_id: str, ids: Sequence[str]) -> list[tuple[Track, bool]]:
        """Return tracks of a video, each with whether it is deleted."""
        found: list[tuple[Track, bool]] = []
        for start in range(0, len(ids), _CHUNK):
            where = tracks.c.video_id == video_id, tracks.c.id.in_(ids[start : start + _CHUNK])
            rows = self._db.execute(sa.select(tracks).where(*where))
            found += [(_make(row), row.deleted_at is not None) for row in rows]
        return found

    def count(self, video_id: str) -> int:
        """Return how many tracks a video has."""
        where = tracks.c.video_id == video_id, tracks.c.deleted_at.is_(None)
        return self._db.scalar(sa.select(sa.func.count()).where(*where)) or 0

    def places(self, ids: Sequence[str]) -> dict[str, str]:
        """Return the video of those tracks that exist, deleted ones too, by id."""
        found: dict[str, str] = {}
        for start in range(0, len(ids), _CHUNK):
            query = sa.select(tracks.c.id, tracks.c.video_id).where(tracks.c.id.in_(ids[start : start + _CHUNK]))
            found |= {row.id: row.video_id for row in self._db.execute(query)}
        return found

    def upsert(self, project_id: str, video_id: str, items: Sequence[Track], *, at: str) -> None:
        """Insert tracks, or replace those with the same id on the same video."""
        if not items:
            return
        place = {"project_id": project_id, "video_id": video_id, "created_at": at, "updated_at": at}
        rows = [_values(item) | place for item in items]
        statement = insert(self._db.dialect.name, tracks)
        new = {name: statement.excluded[name] for name in rows[0] if name not in _KEPT}
        same = tracks.c.video_id == statement.excluded.video_id
        self._db.execute(statement.on_conflict_do_update(index_elements=["id"], set_=new, where=same), rows)

    def delete(self, video_id: str, ids: Sequence[str]) -> None:
        """Mark tracks of a video as deleted; those that are gone already do not matter."""
        for start in range(0, len(ids), _CHUNK):
            chunk = tracks.c.id.in_(ids[start : start + _CHUNK])
            where = chunk, tracks.c.video_id == video_id, tracks.c.deleted_at.is_(None)
            self._db.execute(sa.update(tracks).where(*where).values(deleted_at=now()))

    def add_log(self, project_id: str, entry: TrackLogEntry) -> None:
        """Append to the log."""
        values = {name: getattr(entry, name) for name in _LOGGED} | {"project_id": project_id}
        self._db.execute(sa.insert(track_log).values(**values, changes=list(map(change_to_json, entry.changes))))

    def logged_revision(self, video_id: str, change_id: str) -> int | None:
        """Return the revision that a set of changes made, where it was saved before."""
        where = track_log.c.video_id == video_id, track_log.c.change_id == change_id
        return self._db.scalar(sa.select(track_log.c.revision).where(*where))

    def log_until(self, video_id: str, revision: int) -> list[TrackLogEntry]:
        """Return the log of a video up to a revision, oldest first."""
        where = track_log.c.video_id == video_id, track_log.c.revision <= revision
        order = track_log.c.revision, track_log.c.id
        return [_entry(row) for row in self._db.execute(sa.select(track_log).where(*where).order_by(*order))]

    def log_page(self, video_id: str, cursor: str | None, limit: int) -> Page[TrackLogEntry]:
        """Return the log of a video, newest first."""
        named = track_log.outerjoin(users, users.c.id == track_log.c.author_id)
        query = sa.select(track_log, users.c.name.label("author_name")).select_from(named)
        key = track_log.c.revision, track_log.c.id
        here = query.where(track_log.c.video_id == video_id)
        return keyset.page(self._db, here, key, _entry, cursor=cursor, limit=limit, descending=True)
