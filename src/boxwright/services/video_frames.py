"""Frames and times out of the packs that decoding made: our own files, safe to open in the server."""

import threading
from collections import OrderedDict

from boxwright.domain.errors import Invalid
from boxwright.domain.ports import BlobStore
from boxwright.domain.videos import VideoTimes
from boxwright.media.framepack import FrameIndex, read_frame, read_index
from boxwright.media.shrinking import shrink_jpeg
from boxwright.storage.unit_of_work import UnitOfWork

MIN_WIDTH, MAX_WIDTH = 16, 4096
_KEPT = 32


class Pack:
    """The frames of one video."""

    def __init__(self, sha256: str, blobs: BlobStore, index: FrameIndex) -> None:
        self.sha256, self._blobs, self.index = sha256, blobs, index

    def jpeg(self, frame: int) -> bytes:
        """Return a frame. Raises NotFound."""
        # Asked for each time: out of a cache the file may go while a long export is sent.
        return read_frame(self._blobs.local_path(self.sha256), self.index, frame)


class VideoFrames:
    """What the timeline and the canvas show. Thread-safe."""

    def __init__(self, uow: UnitOfWork, blobs: BlobStore) -> None:
        self._uow, self._blobs = uow, blobs
        self._kept: OrderedDict[str, FrameIndex] = OrderedDict()
        self._lock = threading.Lock()

    def pack(self, video_id: str) -> Pack:
        """Return the frames of a video. Raises NotFound where it is not decoded, Unavailable."""
        with self._uow.read() as tx:
            tx.videos.get(video_id)
            return self.open(tx.videos.pack(video_id))

    def open(self, sha256: str) -> Pack:
        """Return the frames in a blob."""
        with self._lock:
            index = self._kept.get(sha256)
            if index is not None:
                self._kept.move_to_end(sha256)
                return Pack(sha256, self._blobs, index)
        index = read_index(self._blobs.local_path(sha256))
        with self._lock:
            self._kept[sha256] = index
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return Pack(sha256, self._blobs, index)

    def times(self, video_id: str) -> VideoTimes:
        """Return when each frame is shown, in seconds from the first one. Raises NotFound."""
        return VideoTimes(video_id=video_id, times=tuple(self.pack(video_id).index.times.tolist()))

    def frame(self, video_id: str, frame: int, width: int | None = None) -> tuple[str, bytes]:
        """Return a name of the bytes that never changes, and a frame as JPEG, at most `width` pixels wide.

        Raises NotFound, Invalid (`size_invalid`).
        """
        if width is not None and not MIN_WIDTH <= width <= MAX_WIDTH:
            raise Invalid(f"width must be {MIN_WIDTH} to {MAX_WIDTH} pixels", code="size_invalid")
        pack = self.pack(video_id)
        data = pack.jpeg(frame)
        name = f"{pack.sha256[:32]}-{frame}"
        return (name, data) if width is None else (f"{name}-{width}", shrink_jpeg(data, width))
