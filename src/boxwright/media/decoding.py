"""The task that decodes a video: its file in, a pack of frames and what was found out."""

import hashlib
import json
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from boxwright.domain.errors import Cancelled, InvalidVideo, StorageFull
from boxwright.domain.jobs import BREAKS_OFF
from boxwright.domain.ports import TaskContext
from boxwright.media.framepack import PackWriter, read_frame, read_index
from boxwright.media.video import MAX_FRAMES, Bgr, Frame, VideoInfo, VideoReader

PACK = "frames.pack"
QUALITY = 92
MAX_SECONDS = 12 * 3600.0
_ROOM = 512 << 20
_LOOK_EVERY = 64
_COMMON_FPS = 25.0
# Of these the header counts frames; elsewhere the number is guessed from the length.
_COUNTED = ("mp4", "mov", "avi")


@dataclass(slots=True)
class _Found:
    """What came of a file so far."""

    times: list[float] = field(default_factory=list)
    size: tuple[int, int] | None = None
    scaled: int = 0
    kept: bool = False


def run_decode(params: Mapping[str, object], context: TaskContext) -> Mapping[str, object]:
    """Decode the video `file` into `frames.pack` in the work folder.

    Raises InvalidVideo for what is no video, has no frame that decodes, or breaks a limit.
    """
    path = Path(str(params["file"]))
    context.progress(0, 1, phase="reading")
    sha256 = _hash(path)
    reader = VideoReader(path)
    found = _Found()
    try:
        with PackWriter(context.workdir / PACK) as pack:
            _decode(reader, pack, found, context)
            times, in_order = _times(found.times, reader.info)
            pack.finish(times)
    finally:
        reader.close()
    assert found.size is not None
    fps, duration = _pace(times, reader.info)
    return {
        "files": {"pack": PACK},
        "sha256": sha256,
        "pack_sha256": _hash(context.workdir / PACK),
        "bytes": path.stat().st_size,
        "format": reader.info.format,
        "width": found.size[0],
        "height": found.size[1],
        "frames": len(times),
        "fps": fps,
        "duration": duration,
        "notes": _notes(reader.info, found, in_order=in_order),
    }


def _hash(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _decode(reader: VideoReader, pack: PackWriter, found: _Found, context: TaskContext) -> None:
    started = time.monotonic()
    for frame in reader.frames():
        if len(found.times) >= MAX_FRAMES:
            raise InvalidVideo(f"more than {MAX_FRAMES:,} frames; cut the video in pieces", code="video_too_long")
        pack.add(_jpeg(_fitted(frame, found)))
        found.times.append(frame.time)
        seconds = time.monotonic() - started
        _tell(context, len(found.times), reader.info.frames, seconds)
        if len(found.times) % _LOOK_EVERY == 0:
            _check_room(context.workdir)
        if seconds > MAX_SECONDS:
            raise InvalidVideo(f"decoding takes longer than {MAX_SECONDS / 3600:g} hours; cut the video in pieces")
        stopping = context.stopping()
        if stopping in BREAKS_OFF:
            raise Cancelled("stopped")
        if stopping == "keep":
            found.kept = True
            break
    if not found.times:
        raise InvalidVideo("no frame of the file can be decoded; it is broken, or of a kind that is not known here")


def _fitted(frame: Frame, found: _Found) -> Bgr:
    """All frames are of the size of the first one: a few files change it on the way."""
    height, width = frame.pixels.shape[:2]
    if found.size is None:
        found.size = (width, height)
    if found.size == (width, height):
        return frame.pixels
    import cv2

    found.scaled += 1
    return np.asarray(cv2.resize(frame.pixels, found.size, interpolation=cv2.INTER_AREA), np.uint8)


def _jpeg(pixels: Bgr) -> bytes:
    import cv2

    done, data = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    if not done:
        raise InvalidVideo("a frame could not be stored as JPEG: it is more than 65,535 pixels wide or high")
    return bytes(data)


def _tell(context: TaskContext, done: int, said: int, seconds: float) -> None:
    total = max(said, done)
    left = seconds / done * (total - done) if done > 4 else None
    context.progress(done, total, phase="decoding", seconds_left=left)


def _check_room(folder: Path) -> None:
    if shutil.disk_usage(folder).free < _ROOM:
        raise StorageFull(f"the disk is nearly full: less than {_ROOM >> 20} MB are free; make room and resume the job")


def _times(raw: list[float], info: VideoInfo) -> tuple[NDArray[np.float64], bool]:
    """Return times from 0 that grow, and whether the file's own did."""
    times = np.asarray(raw, np.float64) - raw[0]
    if len(times) == 1 or (np.isfinite(times).all() and bool((np.diff(times) > 0).all())):
        return np.round(times, 6), True
    return np.round(np.arange(len(times)) / (info.fps or _COMMON_FPS), 6), False


def _pace(times: NDArray[np.float64], info: VideoInfo) -> tuple[float, float]:
    """Return the mean frames per second, and the seconds from the first frame to the end of the last one."""
    span = float(times[-1])
    fps = (len(times) - 1) / span if span > 0 else info.fps or _COMMON_FPS
    return round(fps, 6), round(span + 1 / fps, 6)


def _notes(info: VideoInfo, found: _Found, *, in_order: bool) -> list[str]:
    notes = []
    count = len(found.times)
    if found.kept:
        notes.append(f"decoding was stopped after {count} frames")
    elif info.frames > count and (info.format in _COUNTED or count < 0.95 * info.frames):
        notes.append(
            f"the header says {info.frames} frames, {count} decode: the file is cut off or its header is wrong"
        )
    elif 0 < info.frames < count and info.format in _COUNTED:
        notes.append(f"the header says {info.frames} frames, {count} decode: its header is wrong")
    if not in_order:
        notes.append("the times of the frames are not in order; they are shown at an even rate")
    if found.scaled:
        notes.append(f"{found.scaled} frames are of another size than the first one; they were scaled to it")
    if not info.square:
        notes.append("its pixels are not square; frames are shown as they are stored")
    return notes


def run_frames(params: Mapping[str, object], context: TaskContext) -> Mapping[str, object]:
    """Take `frames` out of a `pack` into the folder `frames`; `frames.json` lists number, SHA-256 and bytes of each."""
    pack, wanted = Path(str(params["pack"])), list(cast("list[int]", params["frames"]))
    index, folder = read_index(pack), context.workdir / "frames"
    folder.mkdir(exist_ok=True)
    listed = []
    for done, number in enumerate(wanted):
        data = read_frame(pack, index, number)
        (folder / f"{number}.jpg").write_bytes(data)
        listed.append((number, hashlib.sha256(data).hexdigest(), len(data)))
        context.progress(done + 1, len(wanted), phase="copying")
        if done % _LOOK_EVERY == 0:
            _check_room(folder)
        if context.stopping():
            raise Cancelled("stopped")
    (context.workdir / "frames.json").write_text(json.dumps(listed))
    return {"frames": len(listed)}
