"""Frames of a video as JPEGs in one file, with an index at its end: offsets and times, little-endian.

JPEG ... JPEG | offsets: (frames + 1) x uint64 | times in seconds: frames x float64 | frames: uint64 | mark
"""

import os
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Self

import numpy as np
from numpy.typing import NDArray

from boxwright.domain.errors import NotFound, Unavailable

_MARK = b"BXWPACK1"
_END = struct.Struct("<Q8s")


@dataclass(frozen=True, slots=True)
class FrameIndex:
    """Where the frames of a pack lie (`offsets`, one more than there are frames) and when they are shown (s)."""

    offsets: NDArray[np.uint64]
    times: NDArray[np.float64]

    @property
    def frames(self) -> int:
        """How many frames there are."""
        return len(self.times)


class PackWriter:
    """Writes a pack; it is whole once `finish` has returned."""

    def __init__(self, path: Path) -> None:
        self._out: BinaryIO = path.open("wb")
        self._offsets = [0]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._out.close()

    def add(self, jpeg: bytes) -> None:
        """Append a frame."""
        self._out.write(jpeg)
        self._offsets.append(self._offsets[-1] + len(jpeg))

    def finish(self, times: NDArray[np.float64]) -> None:
        """Write the index and wait until all of it is on disk."""
        assert len(times) == len(self._offsets) - 1
        self._out.write(np.asarray(self._offsets, "<u8").tobytes())
        self._out.write(np.asarray(times, "<f8").tobytes())
        self._out.write(_END.pack(len(times), _MARK))
        self._out.flush()
        os.fsync(self._out.fileno())


def read_index(path: Path) -> FrameIndex:
    """Read the index of a pack. Raises Unavailable where it is none."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        stream.seek(max(0, size - _END.size))
        end = stream.read(_END.size)
        count, mark = _END.unpack(end) if len(end) == _END.size else (0, b"")
        length = 16 * count + 8 + _END.size
        if mark != _MARK or length > size:
            raise _damaged()
        stream.seek(size - length)
        offsets = np.frombuffer(stream.read(8 * count + 8), "<u8")
        times = np.frombuffer(stream.read(8 * count), "<f8")
    if len(times) != count or int(offsets[-1]) != size - length:
        raise _damaged()
    return FrameIndex(offsets, times)


def read_frame(path: Path, index: FrameIndex, frame: int) -> bytes:
    """Return the JPEG of a frame. Raises NotFound where there is no such frame."""
    if not 0 <= frame < index.frames:
        raise NotFound(f"there is no frame {frame}; the video has {index.frames}, counted from 0")
    start, end = int(index.offsets[frame]), int(index.offsets[frame + 1])
    with path.open("rb") as stream:
        stream.seek(start)
        return stream.read(end - start)


def _damaged() -> Unavailable:
    return Unavailable("the frames of this video are damaged; upload it again", code="blob_damaged")
