"""Frames out of a video file, one after the other. A video is hostile input: this runs in a child process only.

FFmpeg inside OpenCV decodes. It may use one reader and plain files: no playlists, no addresses, no other files.
"""

import os
import queue
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from boxwright.domain.errors import InvalidVideo
from boxwright.domain.videos import VideoFormat
from boxwright.media.containers import READERS, container_of

Bgr = NDArray[np.uint8]
MAX_PIXELS = 40_000_000
MAX_FRAMES = 400_000
# Seconds that one frame may take: the rest of a broken file may hold none, and is read through to its end.
STALL = 120.0
_OPTIONS = "OPENCV_FFMPEG_CAPTURE_OPTIONS"
_THREADS = 2
_AHEAD = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class VideoInfo:
    """What the header says; `frames` may be wrong, and is 0 where it says nothing."""

    format: VideoFormat
    width: int
    height: int
    frames: int
    fps: float
    square: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """One decoded frame, upright, and when it is shown in seconds (of some beginning)."""

    pixels: Bgr
    time: float


class VideoReader:
    """Reads a video from its beginning; frames are decoded ahead in a thread.

    Raises:
        InvalidVideo: with code `video_empty`, `video_format`, `video_too_large`, `video_stuck` or `video_unreadable`.
    """

    def __init__(self, path: Path, *, stall: float = STALL) -> None:
        self._stall = stall
        self._frames: queue.Queue[Frame | None] = queue.Queue(_AHEAD)
        self._closing = threading.Event()
        self._capture = _open(path, kind := container_of(path))
        self.info = _describe(self._capture, kind)
        self._thread = threading.Thread(target=self._decode, name="frames", daemon=True)

    def frames(self) -> Iterator[Frame]:
        """Yield every frame that decodes; what is broken on the way is passed over, as players do."""
        self._thread.start()
        while True:
            try:
                frame = self._frames.get(timeout=self._stall)
            except queue.Empty:
                message = f"a frame takes longer than {self._stall:g} s; the file is broken or too demanding"
                raise InvalidVideo(message, code="video_stuck") from None
            if frame is None:
                return
            check_size(frame.pixels.shape[1], frame.pixels.shape[0])
            yield frame

    def close(self) -> None:
        """Stop decoding; no more frames come."""
        self._closing.set()
        while self._thread.is_alive():
            try:
                self._frames.get(timeout=0.1)
            except queue.Empty:
                break  # it hangs in FFmpeg, and ends with this process

    def _decode(self) -> None:
        import cv2

        try:
            while not self._closing.is_set() and self._capture.grab():
                time = self._capture.get(cv2.CAP_PROP_POS_MSEC) / 1000
                done, pixels = self._capture.retrieve()
                if done and pixels is not None:
                    self._frames.put(Frame(pixels, time))
        finally:
            self._frames.put(None)


def check_size(width: int, height: int) -> None:
    """Refuse frames that are too large to decode many of. Raises InvalidVideo with code `video_too_large`."""
    if width < 1 or height < 1:
        raise InvalidVideo("the file has no video that can be decoded")
    if width * height > MAX_PIXELS:
        message = f"frames of {width} x {height} pixels are too large: at most {MAX_PIXELS // 1_000_000} megapixels"
        raise InvalidVideo(message, code="video_too_large")


def _open(path: Path, kind: VideoFormat) -> Any:
    import cv2

    # Read by OpenCV at each opening.
    os.environ[_OPTIONS] = f"protocol_whitelist;file|format_whitelist;{READERS[kind]}"
    try:
        capture = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG, [cv2.CAP_PROP_N_THREADS, _THREADS])
    finally:
        del os.environ[_OPTIONS]
    if not capture.isOpened():
        message = (
            f"the {kind.upper()} file holds no video that can be decoded, or its beginning or its index is cut off"
        )
        raise InvalidVideo(message)
    capture.set(cv2.CAP_PROP_ORIENTATION_AUTO, 1)
    return capture


def _describe(capture: Any, kind: VideoFormat) -> VideoInfo:
    import cv2

    def value(name: str) -> float:
        found = float(capture.get(getattr(cv2, f"CAP_PROP_{name}")))
        return found if np.isfinite(found) and found > 0 else 0.0

    width, height = int(value("FRAME_WIDTH")), int(value("FRAME_HEIGHT"))
    check_size(width, height)
    frames = value("FRAME_COUNT")
    return VideoInfo(
        format=kind,
        width=width,
        height=height,
        frames=int(frames) if frames < 1 << 31 else 0,
        fps=value("FPS"),
        square=value("SAR_NUM") == value("SAR_DEN") or not value("SAR_NUM"),
    )
