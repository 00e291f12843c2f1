"""COCO with track ids: every frame in which something is seen is an image, every shape has the number of its track.

As CVAT and others do, `attributes` hold `track_id`, `keyframe` and `occluded`; `track_id` also stands beside them.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from boxwright.domain.exchange import Loss
from boxwright.domain.geometry import Geometry
from boxwright.domain.interpolation import Seen
from boxwright.domain.tracks import KeyFrame
from boxwright.domain.videos import Video
from boxwright.formats.coco import box_shape, mask_shape, ring_shape
from boxwright.formats.coco_lines import segmentation_of
from boxwright.formats.coco_write import joined, json_bytes
from boxwright.formats.film import Film, FoundTrack, loss, sparse
from boxwright.formats.jsonfile import JsonFile
from boxwright.formats.problems import Problems, Where
from boxwright.formats.shapes import RawShape, place
from boxwright.formats.source import Source
from boxwright.formats.values import finite, scalars
from boxwright.formats.writing import Ids, plain, whole
from boxwright.media.zipstream import Entry


def losses(film: Film) -> list[Loss]:
    """Return what COCO cannot hold of these tracks."""

    def count(*kinds: str) -> int:
        return sum(track.type in kinds for track in film.tracks)

    return [
        *loss("rotated_as_polygon", "rotated boxes become polygons of four points", count("rotated_box")),
        *loss("ellipse_as_polygon", "ellipses become polygons of the same area", count("ellipse")),
        *loss("lines", "polylines and points are left out: the format has areas only", count("polyline", "points")),
        *loss(
            "z_order", "the order in which objects lie over each other is left out", sum(t.z != 0 for t in film.tracks)
        ),
        *loss("outside", "that an object is outside is told by its absence alone", sum(_leaves(film))),
    ]


def _leaves(film: Film) -> Iterator[bool]:
    return (any(item.outside for item in track.keyframes) for track in film.tracks)


def entries(film: Film) -> Iterator[Entry]:
    """Yield the files of the export."""
    yield Entry("annotations/instances.json", _document(film))
    yield from film.pictures(_name)


def _name(frame: int) -> str:
    return f"images/frame_{frame:06d}.jpg"


def _document(film: Film) -> Iterator[bytes]:
    video = film.video
    info = {"description": video.name, "frame": "upright"}
    videos = [{"id": 1, "name": video.name, "width": video.width, "height": video.height, "fps": video.fps}]
    categories = [
        {"id": number, "name": name, "supercategory": ""} for number, name in enumerate(film.classes.values(), 1)
    ]
    head = b'{"info":' + json_bytes(info) + b',"licenses":[],"videos":' + json_bytes(videos)
    yield head + b',"categories":' + json_bytes(categories) + b',\n"images":['
    yield from joined(map(json_bytes, _images(film)))
    yield b'],\n"annotations":['
    yield from joined(map(json_bytes, _annotations(film)))
    yield b"]}\n"


def _images(film: Film) -> Iterator[dict[str, object]]:
    for frame in range(film.video.frames):
        yield {
            "id": frame + 1,
            "file_name": _name(frame).partition("/")[2],
            "width": film.video.width,
            "height": film.video.height,
            "video_id": 1,
            "frame_id": frame,
        }


def _annotations(film: Film) -> Iterator[dict[str, object]]:
    numbers, ids = film.numbers(), Ids(whole(track.external_id) for track in film.tracks)
    item = 0
    for track, number in zip(film.tracks, ids.walk(), strict=True):
        if track.type in ("polyline", "points"):
            continue
        for frame, seen in film.shown(track):
            item += 1
            yield _annotation(item, frame, number, numbers[track.class_id], seen)


def _annotation(item: int, frame: int, track: int, category: int, seen: Seen) -> dict[str, object]:
    x0, y0, x1, y1 = seen.geometry.bounds
    told = {"track_id": track, "keyframe": seen.key, "occluded": seen.occluded}
    return {
        "id": item,
        "image_id": frame + 1,
        "category_id": category,
        "bbox": [plain(x0), plain(y0), plain(x1 - x0), plain(y1 - y0)],
        "area": plain(seen.geometry.area),
        "iscrowd": 0,
        "segmentation": segmentation_of(seen.geometry),
        "track_id": track,
        "attributes": {**seen.attributes, **told},
    }


_OWN = ("track_id", "keyframe", "occluded")


def detect(source: Source) -> bool:
    """Tell whether there is a JSON file with COCO's lists."""
    return any(_is_coco(source, name) for name in source.files(".json"))


def _is_coco(source: Source, name: str) -> bool:
    return JsonFile(source.path(name), name).top().get("images") == "start_array" or (
        JsonFile(source.path(name), name).top().get("videos") == "start_array"
    )


def read(source: Source, video: Video, problems: Problems) -> Iterator[FoundTrack]:
    """Yield the tracks of all files: shapes with the same track id and class. Raises InvalidDataset."""
    for name in source.files(".json"):
        if _is_coco(source, name):
            yield from _read_file(JsonFile(source.path(name), name), name, video, problems)


def _read_file(file: JsonFile, name: str, video: Video, problems: Problems) -> Iterator[FoundTrack]:
    classes = {str(item["id"]): str(item.get("name")) for item in file.items("categories.item") if _has_id(item)}
    images = [item for item in file.items("images.item") if _has_id(item)]
    places = _Places(video, {str(item["id"]): _frame(item, place) for place, item in enumerate(images)}, classes)
    rows: defaultdict[tuple[str, str], dict[int, KeyFrame]] = defaultdict(dict)
    for number, item in enumerate(file.items("annotations.item"), 1):
        where = Where(name, None, f"annotation {item.get('id', number) if isinstance(item, Mapping) else number}")
        found = _row(item, places, problems, where)
        if found is None:
            continue
        key, row = found
        if row.frame in rows[key]:
            problems.add(where, "row_twice", f"track {key[0]} has another shape of class {key[1]!r} in this frame")
            continue
        rows[key][row.frame] = row
    for (own, label), by_frame in rows.items():
        for run in _of_one_kind([by_frame[frame] for frame in sorted(by_frame)]):
            keyframes = sparse(run, video.frames - 1)
            external = None if own.startswith("?") else own
            yield FoundTrack(class_name=label, keyframes=keyframes, external_id=external)


@dataclass(frozen=True, slots=True)
class _Places:
    """Where the annotations of a file belong: frames by image id, classes by category id."""

    video: Video
    frames: Mapping[str, int]
    classes: Mapping[str, str]


def _has_id(item: object) -> bool:
    return isinstance(item, Mapping) and item.get("id") is not None


def _frame(item: Mapping[str, Any], number: int) -> int:
    """The frame of an image: what it says, else its place in the list."""
    told = finite(item.get("frame_id", item.get("frame_index")))
    return number if told is None else int(told)


def _of_one_kind(rows: list[KeyFrame]) -> Iterator[list[KeyFrame]]:
    """A track has one kind of shape: one that changes becomes several."""
    for kind in dict.fromkeys(row.geometry.type for row in rows):
        yield [row for row in rows if row.geometry.type == kind]


def _row(item: Any, places: _Places, problems: Problems, where: Where) -> tuple[tuple[str, str], KeyFrame] | None:
    if not isinstance(item, Mapping):
        problems.add(where, "annotation_invalid", "is no object")
        return None
    frame, label = places.frames.get(str(item.get("image_id"))), places.classes.get(str(item.get("category_id")))
    if frame is None or not 0 <= frame < places.video.frames:
        problems.add(where, "frame_unknown", f"image_id {item.get('image_id')!r} is no frame of the video")
        return None
    if label is None:
        problems.add(where, "class_unknown", f"category_id {item.get('category_id')!r} is not among the categories")
        return None
    geometry = _geometry(item, places.video, problems, where)
    if geometry is None:
        return None
    told = item.get("attributes")
    attributes = scalars(told) if isinstance(told, Mapping) else {}
    own = item.get("track_id", attributes.get("track_id"))
    # A shape without the id of a track is a track of its own.
    identity = f"?{where.thing}" if own is None else str(own)[:100]
    rest = {key: value for key, value in attributes.items() if key not in _OWN}
    occluded = attributes.get("occluded") is True
    return (identity, label), KeyFrame(frame=frame, geometry=geometry, occluded=occluded, attributes=rest)


def _geometry(item: Mapping[str, Any], video: Video, problems: Problems, where: Where) -> Geometry | None:
    shape = _shape(item, problems, where)
    return None if shape is None else place(shape, video.width, video.height, problems.at(where))


def _shape(item: Mapping[str, Any], problems: Problems, where: Where) -> RawShape | None:
    segmentation = item.get("segmentation")
    try:
        if isinstance(segmentation, Mapping):
            return mask_shape(segmentation)
        if isinstance(segmentation, list) and segmentation:
            return ring_shape(segmentation)
    except (TypeError, ValueError, KeyError) as error:
        problems.add(where, "segmentation_invalid", f"segmentation cannot be read ({error}); its box is used", "kept")
    box = box_shape(item.get("bbox"))
    if box is None:
        problems.add(where, "no_geometry", "has neither a segmentation nor a bbox of four numbers")
    return box
