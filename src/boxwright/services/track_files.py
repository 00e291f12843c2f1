"""Tracks of a video as files: out as an archive, in from one that another tool wrote."""

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from boxwright.domain.answers import StreamAnswer
from boxwright.domain.errors import InvalidDataset, Unavailable
from boxwright.domain.exchange import Loss, Problem
from boxwright.domain.ids import new_id
from boxwright.domain.people import Caller
from boxwright.domain.tracks import Track, TrackChanges, TrackUpsert, keyframe_from_json
from boxwright.domain.videos import TracksReport, Video
from boxwright.formats.film import Film
from boxwright.jobs.runners.local import child_environment
from boxwright.media.zipstream import Entry, stream_zip
from boxwright.services.classes import add_classes
from boxwright.services.results import file_stem
from boxwright.services.tracks import check_open, save
from boxwright.services.uploads import Uploads
from boxwright.services.video_frames import VideoFrames
from boxwright.storage.files import full_disk_is_an_answer
from boxwright.storage.repositories.text import nfc
from boxwright.storage.unit_of_work import Transaction, UnitOfWork

if TYPE_CHECKING:
    from boxwright.formats.films import FilmFormat

FilmFormatName = Literal["cvat", "mot", "coco"]
_SECONDS = 120.0
_MEMORY = 2 << 30
_WRITTEN = 8 << 30
# What a child that reads foreign files has no use for.
_SECRETS = ("BOXWRIGHT_", "AWS_", "AZURE_", "GOOGLE_", "PG")
_turn = threading.BoundedSemaphore(2)


class TrackFiles:
    """Export and import of tracks."""

    def __init__(self, uow: UnitOfWork, frames: VideoFrames, uploads: Uploads, scratch: Path) -> None:
        self._uow, self._frames, self._uploads, self._scratch = uow, frames, uploads, scratch

    def losses(self, video_id: str, format: FilmFormatName) -> tuple[Loss, ...]:
        """Return what a format cannot hold of a video's tracks. Raises NotFound, Conflict (`video_not_ready`)."""
        return tuple(_format(format).losses(self._film(video_id, pictures=False)))

    def export(self, video_id: str, format: FilmFormatName, *, pictures: bool = True) -> StreamAnswer:
        """Return a ZIP of the tracks, with the frames or without. Raises NotFound, Conflict (`video_not_ready`)."""
        film = self._film(video_id, pictures=pictures)
        name = f"{file_stem(film.video.name)}.{format}.zip"
        return StreamAnswer(name=name, mime="application/zip", chunks=stream_zip(_entries(film, format)))

    def _film(self, video_id: str, *, pictures: bool) -> Film:
        with self._uow.read() as tx:
            video = tx.videos.get(video_id)
            check_open(video)
            tracks = tx.tracks.of_video(video_id)
            classes = {item.id: item.name for item in tx.classes.list(video.project_id)}
        jpeg = self._frames.pack(video_id).jpeg if pictures else None
        return Film(video=video, classes=classes, tracks=tracks, jpeg=jpeg)

    def load(
        self, video_id: str, upload_id: str, format: FilmFormatName | Literal["auto"], caller: Caller
    ) -> TracksReport:
        """Take the tracks of an uploaded file in, all as one change; the upload goes.

        Raises:
            NotFound: no such video or upload.
            Conflict: with code `video_not_ready` or `upload_incomplete`.
            InvalidDataset: nothing in the file can be read.
            Invalid: more than a video may have.
        """
        with self._uow.read() as tx:
            video = tx.videos.get(video_id)
        check_open(video)
        path, name = self._uploads.take(upload_id, caller), self._uploads.get(upload_id, caller).name
        found = self._read(path, name, format, video)
        with self._uow.write() as tx:
            report = _land(tx, video_id, upload_id, found, caller)
        self._uploads.delete(upload_id, caller)
        return report

    def _read(self, path: Path, name: str, format: str, video: Video) -> Mapping[str, Any]:
        with full_disk_is_an_answer():
            self._scratch.mkdir(parents=True, exist_ok=True)
            folder = tempfile.TemporaryDirectory(prefix="tracks-", dir=self._scratch)
        with folder, _turn:
            order = {"file": str(path.resolve()), "name": name, "format": format, "video": asdict(video)}
            answer = _ask({**order, "scratch": folder.name, "memory": _MEMORY, "written": _WRITTEN})
        if "error" in answer:
            raise InvalidDataset(str(answer["error"]), code=str(answer["code"]))
        found: Mapping[str, Any] = answer["result"]
        return found


def _format(name: str) -> "FilmFormat":
    from boxwright.formats.films import FORMATS  # formats load when they are wanted, not with the server

    return FORMATS[name]


def _entries(film: Film, format: str) -> Iterator[Entry]:
    one = _format(format)
    told = {"format": format, "video": film.video.name, "losses": [asdict(item) for item in one.losses(film)]}
    yield Entry("boxwright-video.json", json.dumps(told, ensure_ascii=False, indent=1).encode())
    yield from one.entries(film)


def _ask(order: Mapping[str, object]) -> dict[str, Any]:
    environment = {key: value for key, value in child_environment().items() if not key.startswith(_SECRETS)}
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "boxwright.services.track_child"],
            check=False,
            input=json.dumps(order),
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            env=environment,
            start_new_session=hasattr(os, "setsid"),
        )
        answer: dict[str, Any] = json.loads(done.stdout)
    except subprocess.TimeoutExpired as error:
        raise Unavailable(
            f"the file was not read within {_SECONDS:.0f} s; send less at once", code="too_slow"
        ) from error
    except ValueError as error:
        message = "the file broke the process that read it, or needs more memory than a file may"
        raise InvalidDataset(message) from error
    return answer


def _land(tx: Transaction, video_id: str, upload_id: str, found: Mapping[str, Any], caller: Caller) -> TracksReport:
    video = tx.videos.lock(video_id)
    check_open(video)
    tx.projects.get(video.project_id)
    names = [" ".join(str(item["class_name"]).split())[:200] or "unnamed" for item in found["tracks"]]
    ids = add_classes(tx, video.project_id, list(dict.fromkeys(names)))
    tracks = [
        Track(
            id=new_id(),
            class_id=ids[nfc(name)],
            keyframes=tuple(map(keyframe_from_json, item["keyframes"])),
            z=item["z"],
            attributes=item["attributes"],
            source="import",
            external_id=item["external_id"],
        )
        for item, name in zip(found["tracks"], names, strict=True)
    ]
    revision = video.revision
    if tracks:
        put = tuple(TrackUpsert(track=item) for item in tracks)
        changes = TrackChanges(change_id=f"import:{upload_id}", base_revision=video.revision, changes=put)
        revision = save(tx, video, changes, caller).revision
        detail = {"name": video.name, "format": found["format"], "tracks": len(tracks)}
        tx.audit.add(caller, "video.import", project_id=video.project_id, subject=video.id, detail=detail)
    return TracksReport(
        format=found["format"],
        tracks=len(tracks),
        keyframes=sum(len(item.keyframes) for item in tracks),
        classes=tuple(dict.fromkeys(names)),
        problems=tuple(Problem(**item) for item in found["problems"]),
        problem_count=found["problem_count"],
        notes=tuple(found["notes"]),
        revision=revision,
    )
