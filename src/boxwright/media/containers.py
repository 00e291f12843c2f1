"""What a video file is, by its first bytes: only these containers are opened at all."""

from pathlib import Path

from boxwright.domain.errors import InvalidVideo
from boxwright.domain.videos import VideoFormat

# FFmpeg's name for what reads each; it is told to use no other one, whatever the bytes further on look like.
READERS: dict[VideoFormat, str] = {"mp4": "mov", "mov": "mov", "mkv": "matroska", "webm": "matroska", "avi": "avi"}
_MATROSKA = b"\x1a\x45\xdf\xa3"
_QUICKTIME = (b"moov", b"mdat", b"wide", b"free", b"skip")
_HEAD = 4096


def container_of(path: Path) -> VideoFormat:
    """Return the container of a file. Raises InvalidVideo with code `video_empty` or `video_format`."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    if not head:
        raise InvalidVideo("the file is empty (0 bytes)", code="video_empty")
    if head[4:8] == b"ftyp":
        return "mov" if head[8:12] == b"qt  " else "mp4"
    if head[4:8] in _QUICKTIME:
        return "mov"
    if head[:4] == b"RIFF" and head[8:12] == b"AVI ":
        return "avi"
    if head[:4] == _MATROSKA:
        return "webm" if b"webm" in head[:64] else "mkv"
    raise InvalidVideo("not a video that can be opened: use MP4, MOV, MKV, WebM or AVI", code="video_format")
