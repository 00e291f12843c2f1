"""Objects of a video: tracks with key frames, and the changes that alter them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from typing import Any, Literal

from boxwright.domain.annotations import Attributes
from boxwright.domain.errors import Invalid
from boxwright.domain.geometry import Geometry
from boxwright.domain.manifest import geometry_from_json, geometry_to_json
from boxwright.domain.projects import Source

MAX_FRAME = (1 << 31) - 1


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyFrame:
    """What holds of an object from `frame` on; `outside` means that it cannot be seen until the next key frame."""

    frame: int
    geometry: Geometry
    outside: bool = False
    occluded: bool = False
    attributes: Attributes = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not 0 <= self.frame <= MAX_FRAME:
            raise Invalid("a key frame counts from 0", code="keyframes_invalid")


@dataclass(frozen=True, kw_only=True, slots=True)
class Track:
    """One object through a video.

    `keyframes` are sorted by frame, one a frame, and all of one kind of shape; between them it is interpolated.
    `attributes` are those of the whole track; a key frame may say otherwise. Raises Invalid.
    """

    id: str
    class_id: str
    keyframes: tuple[KeyFrame, ...]
    z: int = 0
    attributes: Attributes = field(default_factory=dict)
    source: Source = "manual"
    author_id: str | None = None
    external_id: str | None = None

    def __post_init__(self) -> None:
        where = f"track {self.id[:60]}"
        if not self.keyframes:
            raise Invalid(f"{where} has no key frame; it needs at least one", code="keyframes_invalid")
        frames = [item.frame for item in self.keyframes]
        if any(after <= before for before, after in pairwise(frames)):
            raise Invalid(f"{where}: key frames must be sorted, one a frame", code="keyframes_invalid")
        kinds = sorted({item.geometry.type for item in self.keyframes})
        if len(kinds) > 1:
            message = f"{where} has shapes of several kinds ({', '.join(kinds)}); a track has one"
            raise Invalid(message, code="keyframes_invalid")

    @property
    def type(self) -> str:
        """The kind of shape of all its key frames."""
        return self.keyframes[0].geometry.type


@dataclass(frozen=True, kw_only=True, slots=True)
class TrackUpsert:
    """Create the track, or put it in the place of the one with the same id."""

    track: Track
    op: Literal["upsert"] = "upsert"


@dataclass(frozen=True, kw_only=True, slots=True)
class TrackDelete:
    """Remove the track with this id; removing what is gone already is no error."""

    id: str
    op: Literal["delete"] = "delete"


@dataclass(frozen=True, kw_only=True, slots=True)
class TrackChanges:
    """What one save of a video sends.

    `change_id` is made by the client: sending the same one again returns the first answer. `base_revision` is the
    revision the client saw; when the stored one is newer the whole set is refused with a Conflict.
    """

    change_id: str
    base_revision: int
    changes: tuple[TrackUpsert | TrackDelete, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class VideoTracks:
    """All tracks of one video, at one revision."""

    video_id: str
    revision: int
    tracks: tuple[Track, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class VideoSaved:
    """The answer to TrackChanges: the revision it made."""

    video_id: str
    revision: int


@dataclass(frozen=True, kw_only=True, slots=True)
class TrackLogEntry:
    """One saved set of changes of a video, as the append-only log keeps it."""

    id: str
    video_id: str
    change_id: str
    revision: int
    author_id: str | None
    created_at: str
    changes: tuple[TrackUpsert | TrackDelete, ...]
    author_name: str | None = None


def keyframe_to_json(item: KeyFrame) -> dict[str, object]:
    """Return the JSON object of a key frame."""
    return {
        "frame": item.frame,
        "geometry": geometry_to_json(item.geometry),
        "outside": item.outside,
        "occluded": item.occluded,
        "attributes": dict(item.attributes),
    }


def keyframe_from_json(value: Mapping[str, Any]) -> KeyFrame:
    """Read a JSON object."""
    return KeyFrame(**{**value, "geometry": geometry_from_json(value["geometry"])})


def change_to_json(change: TrackUpsert | TrackDelete) -> dict[str, object]:
    """Return the JSON object of a change."""
    return asdict(change)


def change_from_json(value: Mapping[str, Any]) -> TrackUpsert | TrackDelete:
    """Read a JSON object."""
    if value["op"] == "delete":
        return TrackDelete(id=value["id"])
    track = value["track"]
    return TrackUpsert(track=Track(**{**track, "keyframes": tuple(map(keyframe_from_json, track["keyframes"]))}))
