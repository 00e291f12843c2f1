"""What a track must be before it is stored."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from boxwright.domain.annotations import Annotation
from boxwright.domain.attributes import AttributeValue
from boxwright.domain.clipping import clip
from boxwright.domain.errors import Conflict, Invalid
from boxwright.domain.ids import is_id
from boxwright.domain.tracks import KeyFrame, Track, TrackChanges, TrackDelete, TrackUpsert
from boxwright.domain.videos import Video
from boxwright.services import checks
from boxwright.services.attributes import Odd, odd_values, refused, same_value
from boxwright.services.label_schema import check_attributes
from boxwright.storage.unit_of_work import Transaction

MAX_CHANGES = 10_000
MAX_KEYFRAMES = 1_000_000
_BIG = 1 << 31


def check_changes(changes: TrackChanges) -> None:
    """Refuse what cannot be stored on any video. Raises Invalid."""
    checks.name(changes.change_id, "the change id", 100)
    if not 0 <= changes.base_revision < _BIG:
        raise Invalid("base_revision is the revision that was loaded, 0 or more", code="revision_invalid")
    put = [change.track for change in changes.changes if isinstance(change, TrackUpsert)]
    if len(changes.changes) > MAX_CHANGES or sum(len(item.keyframes) for item in put) > MAX_KEYFRAMES:
        message = f"too many changes at once; send at most {MAX_CHANGES} tracks with {MAX_KEYFRAMES} key frames in all"
        raise Invalid(message, code="too_many_changes")
    for identifier in [item.id for item in put] + [c.id for c in changes.changes if isinstance(c, TrackDelete)]:
        if not is_id(identifier):
            raise Invalid(f"track id {identifier[:60]!r} is no lower-case UUID", code="id_invalid")


def final_changes(changes: Sequence[TrackUpsert | TrackDelete]) -> tuple[list[Track], list[str]]:
    """Return what to put and what to delete; of several changes of one track the last one counts."""
    last: dict[str, Track | None] = {}
    for change in changes:
        last[change.id if isinstance(change, TrackDelete) else change.track.id] = (
            None if isinstance(change, TrackDelete) else change.track
        )
    return [item for item in last.values() if item is not None], [key for key, item in last.items() if item is None]


def fit(track: Track, video: Video, author_id: str) -> Track:
    """Return the track as it is stored on this video: clipped to it, signed by its author. Raises Invalid."""
    where = f"track {track.id}"
    if not -_BIG < track.z < _BIG:
        raise Invalid(f"{where}: z is too large", code="z_invalid")
    if track.external_id is not None:
        checks.text(track.external_id, f"{where}: external_id", checks.NAME)
    check_attributes(track.attributes, where)
    last = track.keyframes[-1].frame
    if last >= video.frames:
        message = f"{where} has a key frame at {last}; the video's frames are 0 to {video.frames - 1}"
        raise Invalid(message, code="frame_unknown")
    keyframes = tuple(_fit(item, video, f"{where}, frame {item.frame}") for item in track.keyframes)
    return replace(track, keyframes=keyframes, author_id=author_id)


def _fit(item: KeyFrame, video: Video, where: str) -> KeyFrame:
    check_attributes(item.attributes, where)
    geometry = clip(item.geometry, video.width, video.height)
    if geometry is None and not item.outside:
        message = f"{where}: it lies outside the picture of {video.width} x {video.height} pixels; say `outside` there"
        raise Invalid(message, code="outside_image")
    return item if geometry is None or geometry is item.geometry else replace(item, geometry=geometry)


def check_references(tx: Transaction, video: Video, put: Sequence[Track]) -> list[Track]:
    """Return tracks whose classes are of the project, and ids not of tracks elsewhere. Raises Invalid, Conflict.

    What comes late for a class that was merged is of the one it went to.
    """
    wanted = {item.class_id for item in put}
    unknown = wanted - tx.classes.held(video.project_id, wanted)
    heirs = tx.classes.heirs(video.project_id, unknown) if unknown else {}
    put = [replace(item, class_id=heirs.get(item.class_id, item.class_id)) for item in put]
    unknown -= set(heirs)
    if unknown:
        message = f"class {min(unknown)[:60]!r} is not one of this project"
        raise Invalid(message, code="class_unknown", detail={"class_ids": sorted(unknown)[:20]})
    for identifier, place in tx.tracks.places([item.id for item in put]).items():
        if place != video.id:
            raise Conflict(f"track {identifier} belongs to another video; make a new id", code="track_elsewhere")
    return put


def check_values(tx: Transaction, video: Video, put: Sequence[Track], before: Mapping[str, Track]) -> None:
    """Refuse values that a person sets and that do not fit their definition; what was there before may stay.

    Raises Invalid with code `attribute_invalid`.
    """
    odd = odd_values(tx, video.project_id, [item for track in put for item in _holders(track) if item.attributes])
    odd = [one for one in odd if one.annotation.source == "manual" or one.annotation.id in before]
    if not odd:
        return
    known = [item for track in before.values() for item in _holders(track)]
    for entry in tx.tracks.log_until(video.id, _BIG - 1):
        for change in entry.changes:
            known += _holders(change.track) if isinstance(change, TrackUpsert) else ()
    odd = [one for one in odd if not any(_has(item.attributes, one) for item in known)]
    if odd:
        raise refused(tx, video.project_id, odd[0])


def _has(attributes: Mapping[str, AttributeValue], one: Odd) -> bool:
    return one.name in attributes and same_value(attributes[one.name], one.value)


def _holders(track: Track) -> Iterator[Annotation]:
    """The track and its key frames, each as what has attributes."""
    for attributes in (track.attributes, *(item.attributes for item in track.keyframes)):
        yield Annotation(
            id=track.id,
            class_id=track.class_id,
            geometry=track.keyframes[0].geometry,
            source=track.source,
            attributes=attributes,
        )
