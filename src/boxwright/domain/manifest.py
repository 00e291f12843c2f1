"""The dataset manifest: JSON lines that services write and that tasks and format writers read.

Line 1 is the header; every further line is one picture with its annotations, in the same order each time it is written,
so that equal content gives an equal content hash.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from boxwright.domain.annotations import Attributes
from boxwright.domain.errors import InvalidDataset
from boxwright.domain.geometry import Box, Ellipse, Geometry, Mask, Point, Points, Polygon, Polyline, RotatedBox
from boxwright.domain.jsontext import decode, encode
from boxwright.domain.projects import ImageState, Split

SCHEMA = "boxwright.manifest/1"


@dataclass(frozen=True, kw_only=True, slots=True)
class ManifestClass:
    """A class; its index in the header's tuple is its training id."""

    id: str
    name: str
    color: str = "#56B4E9"


@dataclass(frozen=True, kw_only=True, slots=True)
class ManifestHeader:
    """First line of a manifest."""

    name: str
    classes: tuple[ManifestClass, ...]
    content_hash: str | None = None
    schema: str = SCHEMA
    with_metadata: bool = False  # manifests of earlier versions say nothing about metadata


@dataclass(frozen=True, kw_only=True, slots=True)
class Labelled:
    """One annotation of a record; `class_index` points into the header's classes.

    A `proposal`, which only imports bring, is what a model suggests and nobody has looked at.
    """

    class_index: int
    geometry: Geometry
    id: str = ""
    crowd: bool = False
    score: float | None = None
    external_id: str | None = None
    attributes: Attributes = field(default_factory=dict)
    z: int = 0
    group_id: str | None = None
    proposal: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class ImageRecord:
    """One picture. `path` is where its original bytes lie on this machine (None: pixels not at hand)."""

    name: str
    width: int
    height: int
    annotations: tuple[Labelled, ...] = ()
    split: Split = "none"
    state: ImageState = "unlabeled"
    id: str = ""
    orientation: int = 1
    sha256: str = ""
    path: str | None = None
    external_id: str | None = None
    tags: tuple[str, ...] = ()
    metadata: Mapping[str, str] = field(default_factory=dict)


_SHAPES: dict[object, type[Geometry]] = {
    "box": Box,
    "rotated_box": RotatedBox,
    "polygon": Polygon,
    "mask": Mask,
    "ellipse": Ellipse,
    "polyline": Polyline,
    "points": Points,
}
_BEGIN, _END = b'"annotations":[', b'],"split":'
_NAMES = {kind: tuple(item.name for item in fields(kind)) for kind in (*_SHAPES.values(), Labelled, ImageRecord)}


def geometry_to_json(geometry: Geometry) -> dict[str, object]:
    """Return the tagged JSON object of a geometry."""
    return _fields(geometry)


def geometry_from_json(value: dict[str, Any]) -> Geometry:
    """Read a tagged JSON object. Raises Invalid for a shape without area and InvalidDataset for an unknown type."""
    shape = _SHAPES.get(value.get("type"))
    if shape is Polygon:
        return Polygon(rings=tuple(map(_points, value["rings"])))
    if shape is None:
        raise InvalidDataset(f"unknown geometry type {value.get('type')!r}")
    given = {**value}
    if shape in (Polyline, Points):
        given["points"] = _points(given["points"])
    elif shape is Mask:
        given["counts"] = tuple(given["counts"])
    return shape(**given)


def _points(pairs: list[list[float]]) -> tuple[Point, ...]:
    if not pairs:
        return ()
    xs, ys = zip(*pairs, strict=True)
    return tuple(zip(map(float, xs), map(float, ys), strict=True))


def record_to_json(record: ImageRecord) -> dict[str, object]:
    """Return one manifest line as a JSON object."""
    value = _fields(record)
    value["annotations"] = [_labelled(item) for item in record.annotations]
    if not record.tags:  # as before there were tags: the hash of what a dataset says stays the same
        del value["tags"]
    if not record.metadata:
        del value["metadata"]
    return value


def _labelled(item: Labelled) -> dict[str, object]:
    value = _fields(item)
    value["geometry"] = _fields(item.geometry)
    if not item.z:  # as for tags
        del value["z"]
    if item.group_id is None:
        del value["group_id"]
    if not item.proposal:
        del value["proposal"]
    return value


def labelled_text(
    class_index: int, geometry: str, fields: dict[str, object], z: int = 0, group_id: str | None = None
) -> bytes:
    """Return one annotation of a manifest line: `geometry` is JSON, `fields` are the others in their order."""
    more = fields | ({"z": z} if z else {}) | ({} if group_id is None else {"group_id": group_id})
    return b'{"class_index":%d,"geometry":%b,%b' % (class_index, geometry.encode(), encode(more)[1:])


def _fields(value: Geometry | Labelled | ImageRecord) -> dict[str, object]:
    """The fields of a dataclass, not copied: `asdict` would copy every point of every polygon."""
    return {name: getattr(value, name) for name in _NAMES[type(value)]}


def record_line(record: ImageRecord) -> bytes:
    """Return one manifest line with its end."""
    return encode(record_to_json(record)) + b"\n"


def record_from_line(line: bytes) -> ImageRecord:
    """Read one manifest line."""
    return record_from_json(decode(line))


def record_from_json(value: dict[str, Any]) -> ImageRecord:
    """Read one manifest line that is JSON already; `value` is used up."""
    items = value.pop("annotations", ())
    for item in items:
        item["geometry"] = geometry_from_json(item["geometry"])
    tags = tuple(value.pop("tags", ()))
    return ImageRecord(**value, annotations=tuple(Labelled(**item) for item in items), tags=tags)


def write_manifest(path: Path, header: ManifestHeader, records: Iterable[ImageRecord]) -> int:
    """Write a manifest to `path` and return the number of pictures."""
    count = 0
    with path.open("wb") as out:
        out.write(encode(asdict(header)) + b"\n")
        for record in records:
            out.write(record_line(record))
            count += 1
    return count


def read_header(path: Path) -> ManifestHeader:
    """Read the first line. Raises InvalidDataset when the file is no manifest of a known schema."""
    with path.open(encoding="utf-8") as lines:
        first = lines.readline()
    try:
        value = json.loads(first)
        classes = tuple(ManifestClass(**item) for item in value.pop("classes"))
        header = ManifestHeader(**value, classes=classes)
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        raise InvalidDataset(f"{path.name} is not a dataset manifest: {error}") from error
    if header.schema != SCHEMA:
        raise InvalidDataset(f"{path.name} has manifest schema {header.schema!r}; this version reads {SCHEMA!r}")
    return header


def read_records(path: Path) -> Iterator[ImageRecord]:
    """Yield the pictures of a manifest one by one."""
    with path.open("rb") as lines:
        next(lines, None)
        yield from map(record_from_line, lines)


def read_heads(path: Path) -> Iterator[tuple[ImageRecord, bytes]]:
    """Yield the pictures of a manifest without annotations, each with those as its line has them, for `line_of`.

    Much faster than `read_records`, as nearly all of a line are annotations.
    """
    with path.open("rb") as lines:
        next(lines, None)
        for line in lines:
            # Quotes inside texts are escaped, and no text stands between the annotations and the split.
            begin, end = line.find(_BEGIN), line.rfind(_END)
            if begin < 0 or end < 0:
                record = record_from_line(line)
                yield replace(record, annotations=()), encode([_labelled(item) for item in record.annotations])[1:-1]
            else:
                begin += len(_BEGIN)
                yield record_from_line(line[:begin] + line[end:]), line[begin:end]


def line_of(head: ImageRecord, annotations: bytes) -> bytes:
    """Return the manifest line of a picture from `read_heads`."""
    return record_line(head).replace(_BEGIN, _BEGIN + annotations, 1)


def content_hash(header: ManifestHeader, records: Iterable[ImageRecord]) -> str:
    """Return the SHA-256 (hex) of what a dataset says.

    Classes, pictures by their bytes, splits and annotations count; where files lie does not.
    """
    return hash_of_lines(header, (record_line(replace(record, path=None)) for record in records))


def hash_of_lines(header: ManifestHeader, lines: Iterable[bytes]) -> str:
    """Return the content hash of lines whose pictures have no path."""
    digest = hashlib.sha256(encode([(item.id, item.name) for item in header.classes]))
    for line in lines:
        # The last such words are the picture's own: quotes in the texts behind them are escaped.
        before, _, behind = line.rstrip().rpartition(b',"path":null')
        digest.update(before + behind)
    return digest.hexdigest()
