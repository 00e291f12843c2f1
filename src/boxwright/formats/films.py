"""The formats of videos: what reads and what writes each."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from boxwright.domain.errors import InvalidDataset
from boxwright.domain.exchange import Loss
from boxwright.domain.videos import Video
from boxwright.formats import coco_video, cvat_video, mot
from boxwright.formats.film import Film, FoundTrack
from boxwright.formats.problems import Problems
from boxwright.formats.source import Source
from boxwright.media.zipstream import Entry

Reader = Callable[[Source, Video, Problems], Iterator[FoundTrack]]


@dataclass(frozen=True, slots=True)
class FilmFormat:
    """One format: what it cannot hold, how it is written, recognised and read."""

    losses: Callable[[Film], list[Loss]]
    entries: Callable[[Film], Iterator[Entry]]
    detect: Callable[[Source], bool]
    read: Reader


FORMATS: Mapping[str, FilmFormat] = {
    "cvat": FilmFormat(cvat_video.losses, cvat_video.entries, cvat_video.detect, cvat_video.read),
    "mot": FilmFormat(mot.losses, mot.entries, mot.detect, mot.read),
    "coco": FilmFormat(coco_video.losses, coco_video.entries, coco_video.detect, coco_video.read),
}


def detect(source: Source) -> str:
    """Return the name of the format of these files. Raises InvalidDataset for none that is known."""
    found = next((name for name, one in FORMATS.items() if one.detect(source)), None)
    if found is None:
        message = "no tracks were recognised: send CVAT for video 1.1 (XML), MOT (gt.txt) or COCO with track ids (JSON)"
        raise InvalidDataset(message, code="format_unknown")
    return found
