"""The dataset manifest: JSON lines that services write and that tasks and format writers read.

Line 1 is the header; every further line is one picture with its annotations, in the same order each time it is written,
so that equal content gives an equal content hash.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

from boxwright.domain.annotations import Attributes
from boxwright.domain.errors import InvalidDataset
from boxwright.domain.geometry import Box, Ellipse, Geometry, Mask, Points, Polygon, Polyline, RotatedBox
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


_SHAPES: dict[str, type[Geometry]] = {
    "box": Box,
    "rotated_box": RotatedBox,
    "polygon": Polygon,
    "mask": Mask,
    "ellipse": Ellipse,
    "polyline": Polyline,
    "points": Points,
}


def geometry_to_json(geometry: Geometry) -> dict[str, object]:
    """Return the tagged JSON object of a geometry."""
    return _fields(geometry)


def geometry_from_json(value: dict[str, object]) -> Geometry:
    """Read a tagged JSON object. Raises Invalid for a shape without area and InvalidDataset for an unknown type."""
    fields = {key: item for key, item in value.items() if key != "type"}
    shape = _SHAPES.get(str(value.get("type")))
    if shape is None:
        raise InvalidDataset(f"unknown geometry type {value.get('type')!r}")
    if shape is Polygon:
        fields["rings"] = tuple(tuple((float(x), float(y)) for x, y in ring) for ring in fields["rings"])  # type: ignore[attr-defined]
    elif shape in (Polyline, Points):
        fields["points"] = tuple((float(x), float(y)) for x, y in fields["points"])  # type: ignore[attr-defined]
    elif shape is Mask:
        fields["counts"] = tuple(fields["counts"])  # type: ignore[arg-type]
    return shape(**fields)  # type: ignore[arg-type]


def record_to_json(record: ImageRecord) -> dict[str, object]:
    """Return one manifest line as a JSON object."""
    value = {**_fields(record), "annotations": tuple(_labelled(item) for item in record.annotations)}
    if not record.tags:  # as before there were tags: the hash of what a dataset says stays the same
        value.pop("tags")
    if not record.metadata:
        value.pop("metadata")
    return value


def _labelled(item: Labelled) -> dict[str, object]:
    value = {**_fields(item), "geometry": geometry_to_json(item.geometry)}
    if not item.z:  # as for tags
        value.pop("z")
    if item.group_id is None:
        value.pop("group_id")
    if not item.proposal:
        value.pop("proposal")
    return value


def _fields(value: Geometry | Labelled | ImageRecord) -> dict[str, object]:
    """The fields of a dataclass, not copied: `asdict` would copy every point of every polygon."""
    return {item.name: getattr(value, item.name) for item in fields(value)}


def record_from_json(value: dict[str, object]) -> ImageRecord:
    """Read one manifest line."""
    items: list[dict[str, object]] = value.pop("annotations", [])  # type: ignore[assignment]
    labelled = tuple(Labelled(**{**item, "geometry": geometry_from_json(item["geometry"])}) for item in items)  # type: ignore[arg-type]
    tags: list[str] = value.pop("tags", [])  # type: ignore[assignment]
    return ImageRecord(**value, annotations=labelled, tags=tuple(tags))  # type: ignore[arg-type]


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def write_manifest(path: Path, header: ManifestHeader, records: Iterable[ImageRecord]) -> int:
    """Write a manifest to `path` and return the number of pictures."""
    count = 0
    with path.open("w", encoding="utf-8") as out:
        out.write(_line(asdict(header)) + "\n")
        for record in records:
            out.write(_line(record_to_json(record)) + "\n")
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
    with path.open(encoding="utf-8") as lines:
        next(lines, None)
        for line in lines:
            yield record_from_json(json.loads(line))


def content_hash(header: ManifestHeader, records: Iterable[ImageRecord]) -> str:
    """Return the SHA-256 (hex) of what a dataset says.

    Classes, pictures by their bytes, splits and annotations count; where files lie does not.
    """
    digest = hashlib.sha256(_line([(item.id, item.name) for item in header.classes]).encode())
    for record in records:
        value = record_to_json(record)
        value.pop("path")
        digest.update(_line(value).encode())
    return digest.hexdigest()
