"""Tracks of videos that change their class with the objects of images."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from boxwright.domain.clock import now
from boxwright.domain.ids import new_id
from boxwright.domain.tracks import Track, TrackDelete, TrackLogEntry, TrackUpsert
from boxwright.services.ledger import Signature
from boxwright.services.videos import publish
from boxwright.storage.unit_of_work import Transaction

Former = dict[str, dict[str, str]]
"""The class that a track had, by video and by its id."""


def move_tracks(tx: Transaction, class_ids: Sequence[str], into_id: str | None, signature: Signature) -> Former:
    """Give all tracks of classes another class, or delete them; returns what they were."""
    former: Former = {}
    for video_id in tx.tracks.videos_with(class_ids):
        mine = [item for item in tx.tracks.of_video(video_id) if item.class_id in class_ids]
        former[video_id] = {item.id: item.class_id for item in mine}
        put = [] if into_id is None else [replace(item, class_id=into_id) for item in mine]
        _write(tx, video_id, put, [item.id for item in mine] if into_id is None else [], signature)
    return former


def return_tracks(
    tx: Transaction, former: Former, into_id: str | None, living: Callable[[str], bool], signature: Signature
) -> tuple[int, int]:
    """Give tracks the class back that they had; those that are of another one by now stay. Returns (back, kept)."""
    back = kept = 0
    for video_id, classes in former.items():
        put = []
        for item, dead in tx.tracks.some(video_id, sorted(classes)):
            expected = not dead and item.class_id == into_id if into_id is not None else dead
            if expected and living(classes[item.id]):
                put.append(replace(item, class_id=classes[item.id]))
        if put:
            _write(tx, video_id, put, [], signature)
        back += len(put)
        kept += len(classes) - len(put)
    return back, kept


def _write(tx: Transaction, video_id: str, put: Sequence[Track], gone: Iterable[str], signature: Signature) -> None:
    video, time, keys = tx.videos.lock(video_id), now(), list(gone)
    tx.tracks.upsert(video.project_id, video_id, put, at=time)
    tx.tracks.delete(video_id, keys)
    revision = video.revision + 1
    entry = TrackLogEntry(
        id=new_id(),
        video_id=video_id,
        change_id=signature.change_id,
        revision=revision,
        author_id=signature.author_id,
        created_at=time,
        changes=(*(TrackUpsert(track=item) for item in put), *(TrackDelete(id=key) for key in keys)),
    )
    tx.tracks.add_log(video.project_id, entry)
    count = tx.tracks.count(video_id)
    tx.videos.update(video_id, revision=revision, tracks=count)
    told = {"change_id": signature.change_id, "author_id": signature.author_id, "tracks": count}
    publish(tx, replace(video, revision=revision), "changed", **told)
