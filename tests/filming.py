"""Videos in an application, as if they had been uploaded and decoded."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import numpy as np

from boxwright.bootstrap import Application
from boxwright.domain.clock import now
from boxwright.domain.geometry import Box, Geometry
from boxwright.domain.ids import new_id
from boxwright.domain.tracks import KeyFrame, Track, TrackChanges, TrackUpsert
from boxwright.domain.videos import Video
from boxwright.media.framepack import PackWriter
from clips import SIZE, picture


def add_video(application: Application, project_id: str, *, frames: int = 20, name: str = "clip.mp4") -> str:
    """Insert a video of `clips.picture` at 25 frames a second; returns its id."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "pack"
        with PackWriter(path) as pack:
            for frame in range(frames):
                pack.add(bytes(cv2.imencode(".jpg", picture(frame))[1]))
            pack.finish(np.arange(frames) / 25)
        packed = application.blobs.put_file(path)
    original = application.blobs.put_bytes(f"the file of {frames} frames".encode())
    video = Video(
        id=new_id(),
        project_id=project_id,
        name=name,
        state="ready",
        problem=None,
        job_id=None,
        format="mp4",
        width=SIZE[0],
        height=SIZE[1],
        frames=frames,
        fps=25.0,
        duration=frames / 25,
        bytes=20,
        sha256=original,
        revision=0,
        tracks=0,
        created_at=now(),
    )
    with application.uow.write() as tx:
        tx.videos.add(video)
        tx.videos.update(video.id, sha256=original, pack_sha256=packed)
    return video.id


def key(frame: int, x: float = 10, geometry: Geometry | None = None, **options: object) -> KeyFrame:
    """A key frame of a box of 20 x 20 pixels."""
    shape = geometry or Box(x0=x, y0=70, x1=x + 20, y1=90)
    return KeyFrame(frame=frame, geometry=shape, **options)  # type: ignore[arg-type]


def track(class_id: str, *keyframes: KeyFrame, **options: object) -> Track:
    return Track(**{"id": new_id(), "class_id": class_id, "keyframes": keyframes or (key(0), key(10, 30)), **options})  # type: ignore[arg-type]


def changes(*tracks: Track, base: int = 0) -> TrackChanges:
    put = tuple(TrackUpsert(track=item) for item in tracks)
    return TrackChanges(change_id=new_id(), base_revision=base, changes=put)
