"""What readers and writers of videos share: a video with its tracks, and the key frames that rows of frames need."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from boxwright.domain.annotations import Attributes
from boxwright.domain.clipping import clip
from boxwright.domain.errors import Invalid
from boxwright.domain.exchange import Loss
from boxwright.domain.geometry import Geometry
from boxwright.domain.interpolation import Seen, between, seen_at
from boxwright.domain.tracks import KeyFrame, Track
from boxwright.domain.videos import Video
from boxwright.media.zipstream import Entry

# Pixels within which a shape in between is the one that was written.
_SAME = 0.006
_RUN = 400


@dataclass(frozen=True, kw_only=True, slots=True)
class Film:
    """A video to be written. `jpeg` gives a frame, None where no pictures are wanted; `classes` are names by id."""

    video: Video
    classes: Mapping[str, str]
    tracks: Sequence[Track]
    jpeg: Callable[[int], bytes] | None = None

    def name_of(self, track: Track) -> str:
        """Return the name of a track's class."""
        return self.classes[track.class_id]

    def numbers(self) -> dict[str, int]:
        """Return the number of each class by its id, from 1."""
        return {class_id: number for number, class_id in enumerate(self.classes, 1)}

    def shown(self, track: Track) -> Iterator[tuple[int, Seen]]:
        """Yield the frames in which a track is seen, and what is seen of it within the picture."""
        for frame in range(track.keyframes[0].frame, self.video.frames):
            seen = seen_at(track, frame)
            geometry = None if seen is None else clip(seen.geometry, self.video.width, self.video.height)
            if seen is not None and geometry is not None:
                yield frame, replace(seen, geometry=geometry)

    def pictures(self, name: Callable[[int], str]) -> Iterator[Entry]:
        """Yield the frames as files of an archive."""
        if self.jpeg is not None:
            for frame in range(self.video.frames):
                yield Entry(name(frame), self.jpeg(frame), stored=True)


def said(track: Track) -> Iterator[Attributes]:
    """Yield the attributes of a track and those of its key frames."""
    yield track.attributes
    yield from (item.attributes for item in track.keyframes)


def loss(code: str, message: str, count: int) -> list[Loss]:
    """Return a loss, or nothing where it concerns nothing."""
    return [Loss(code=code, message=message, count=count)] if count else []


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundTrack:
    """A track as a file has it, by the name of its class."""

    class_name: str
    keyframes: tuple[KeyFrame, ...]
    external_id: str | None = None
    attributes: Mapping[str, str | float | bool | None] | None = None
    z: int = 0


def sparse(rows: Sequence[KeyFrame], last: int) -> tuple[KeyFrame, ...]:
    """Return the fewest key frames that give these rows, one for each frame in which the object is seen.

    Where frames are left out the object is outside; so it is behind the last row, up to the frame `last`.
    """
    kept: list[KeyFrame] = []
    start = 0
    for place, row in enumerate(rows):
        follows = place + 1 < len(rows) and rows[place + 1].frame == row.frame + 1
        if follows:
            continue
        kept += _thinned(rows[start : place + 1])
        start = place + 1
        if row.frame < last:
            kept.append(replace(row, frame=row.frame + 1, outside=True))
    return tuple(kept)


def _thinned(rows: Sequence[KeyFrame]) -> list[KeyFrame]:
    """Leave out what lies on the way between the rows that stay."""
    kept, place = [rows[0]], 0
    while place < len(rows) - 1:
        end = place + 1
        while end + 1 < len(rows) and end - place < _RUN and _on_the_way(rows, place, end + 1):
            end += 1
        kept.append(rows[end])
        place = end
    if len(kept) > 1 and _plain(kept[-1]) == _plain(kept[-2]):  # it stood still to the end
        kept.pop()
    return kept


def _on_the_way(rows: Sequence[KeyFrame], start: int, end: int) -> bool:
    a, b = rows[start], rows[end]
    return all(
        _said(rows[place]) == _said(a)
        and near(rows[place].geometry, between(a.geometry, b.geometry, (place - start) / (end - start)))
        for place in range(start + 1, end)
    )


def _said(row: KeyFrame) -> tuple[bool, bool, dict[str, object]]:
    return row.outside, row.occluded, dict(row.attributes)


def _plain(row: KeyFrame) -> KeyFrame:
    return replace(row, frame=0)


def near(a: Geometry, b: Geometry) -> bool:
    """Tell whether two shapes are the same to the precision of files."""
    if a == b:
        return True
    if type(a) is not type(b):
        return False
    one, other = list(_numbers(a)), list(_numbers(b))
    return len(one) == len(other) and all(abs(x - y) <= _SAME for x, y in zip(one, other, strict=True))


def _numbers(geometry: Geometry) -> Iterator[float]:
    if hasattr(geometry, "rings"):
        yield from (value for ring in geometry.rings for point in ring for value in point)
    elif hasattr(geometry, "points"):
        yield from (value for point in geometry.points for value in point)
    elif not hasattr(geometry, "counts"):
        yield from geometry.bounds
    else:
        yield from map(float, geometry.counts)


def checked_keyframes(keyframes: Sequence[KeyFrame]) -> tuple[KeyFrame, ...]:
    """Return key frames sorted, one a frame (the last one said). Raises Invalid where there is none."""
    by_frame = {item.frame: item for item in keyframes}
    if not by_frame:
        raise Invalid("has no key frame that can be taken", code="keyframes_invalid")
    return tuple(by_frame[frame] for frame in sorted(by_frame))
