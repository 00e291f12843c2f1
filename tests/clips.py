"""Small videos, made here: of any container, with odd times, turned, cut off."""

from __future__ import annotations

import struct
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

Bgr = NDArray[np.uint8]
SIZE = (160, 120)
# A container and a codec that the wheel's FFmpeg writes.
KINDS = {"mp4": "mp4v", "mov": "mp4v", "mkv": "VP80", "webm": "VP80", "avi": "MJPG"}


def picture(frame: int, size: tuple[int, int] = SIZE) -> Bgr:
    """A frame that says its number: a white square that moves 2 pixels a frame; the upper left quarter is red."""
    width, height = size
    pixels = np.full((height, width, 3), 60, np.uint8)
    pixels[: height // 3, : width // 2] = (0, 0, 220)
    pixels[70:90, 10 + 2 * frame : 30 + 2 * frame] = 250
    return pixels


def square_at(pixels: Bgr) -> float:
    """Where the left edge of the square is."""
    return float(np.flatnonzero(pixels[75:85].mean(axis=(0, 2)) > 180)[0])


def clip(path: Path, frames: int = 20, *, fps: float = 25, size: tuple[int, int] = SIZE, codec: str = "") -> Path:
    """Write a video; its suffix is its container."""
    four = cv2.VideoWriter.fourcc(*(codec or KINDS[path.suffix[1:]]))
    writer = cv2.VideoWriter(str(path), cv2.CAP_FFMPEG, four, fps, size)
    assert writer.isOpened()
    for frame in range(frames):
        writer.write(picture(frame, size))
    writer.release()
    return path


def turned(path: Path, frames: int = 20) -> Path:
    """Write an MP4 that says "turn me a quarter clockwise", as a telephone held upright does."""
    data = bytearray(clip(path, frames).read_bytes())
    place = data.find(b"tkhd") + 4 + 24 + 16
    matrix = (0, 1 << 16, 0, -(1 << 16), 0, 0, SIZE[1] << 16, 0, 1 << 30)
    data[place : place + 36] = struct.pack(">9i", *matrix)
    path.write_bytes(data)
    return path


def uneven(path: Path, gaps: list[int]) -> Path:
    """Write an MP4 whose frames stay for these times in units of 1/12800 s, as a telephone's do."""
    data = clip(path, len(gaps)).read_bytes()
    place = data.find(b"stts") - 4
    length = int.from_bytes(data[place : place + 4], "big")
    entries = b"".join(struct.pack(">II", 1, gap) for gap in gaps)
    box = struct.pack(">I4sII", 16 + len(entries), b"stts", 0, len(gaps)) + entries
    more = len(box) - length
    made = bytearray(data[:place] + box + data[place + length :])
    for name in (b"moov", b"trak", b"mdia", b"minf", b"stbl"):  # the index comes last: no offset moves
        at = made.find(name) - 4
        made[at : at + 4] = struct.pack(">I", int.from_bytes(made[at : at + 4], "big") + more)
    edit = made.find(b"elst") + 12  # how much of it is played, in ms
    made[edit : edit + 4] = struct.pack(">I", sum(gaps) * 1000 // 12800 + 1)
    path.write_bytes(made)
    return path


def lying(path: Path, frames: int = 20, says: int = 30) -> Path:
    """Write an AVI whose header says another number of frames than it has."""
    data = bytearray(clip(path, frames).read_bytes())
    header = data.find(b"avih") + 8
    data[header + 16 : header + 20] = struct.pack("<I", says)
    stream = data.find(b"strh") + 8
    data[stream + 32 : stream + 36] = struct.pack("<I", says)
    path.write_bytes(data)
    return path


def cut(path: Path, share: float) -> Path:
    """Throw the end of a file away."""
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    return path
