"""The dataset manifest: JSON lines that services write and that tasks and format writers read.

Line 1 is the header; every further line is one picture with its annotations, in the same order each time it is written,
so that equal content gives an equal content hash.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from boxwright.domain.annotations import Attributes
from boxwright.domain.errors import InvalidDataset
from boxwright.domain.geometry import Box, Ellipse, Geometry, Mask, Point, Points, Polygon, Polyline, RotatedBox
from boxwright.domain.jsontext import decode, encode, quoted
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

    A `proposal`, which only imports bring, is what a model suggests and nobody has looked at. One that was read has the
    `text` of its geometry, which most who copy it need and no more: the geometry is made of it when somebody asks.
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
    text: bytes | None = field(default=None, init=False, compare=False, repr=False)

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> object:
            """Make what is not there yet; asked for nothing else, as all fields are slots."""
            if name != "geometry" or self.text is None:
                raise AttributeError(name)
            object.__setattr__(self, name, geometry_from_json(decode(self.text)))
            return self.geometry

    @property
    def kind(self) -> str:
        """The type of the geometry."""
        return self.geometry.type if self.text is None else kind_of(self.text)


class Written(Sequence[Labelled]):
    """The annotations of a record as its manifest line has them in `text`: read only when somebody looks at one."""

    __slots__ = ("_read", "_text")

    def __init__(self, text: bytes) -> None:
        self._text: bytes | None = text
        self._read: tuple[Labelled, ...] | None = None

    @property
    def text(self) -> bytes:
        """What the line has between the brackets."""
        text = self._text
        return b",".join(map(labelled_line, self.all)) if text is None else text

    @property
    def all(self) -> tuple[Labelled, ...]:
        """All of them. The text goes then: whoever keeps records has one of the two in memory."""
        text = self._text
        if self._read is None and text is not None:
            self._read = _items(text)
        self._text = None
        return self._read or ()

    def __len__(self) -> int:
        text = self._text
        return len(self.all) if text is None else text.count(_EACH)

    @overload
    def __getitem__(self, at: int) -> Labelled: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Labelled, ...]: ...
    def __getitem__(self, at: int | slice) -> Labelled | tuple[Labelled, ...]:
        return self.all[at]

    def __iter__(self) -> Iterator[Labelled]:
        return iter(self.all)

    def __hash__(self) -> int:
        return hash(self.all)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self.all == tuple(other)


@dataclass(frozen=True, kw_only=True, slots=True)
class ImageRecord:
    """One picture. `path` is where its original bytes lie on this machine (None: pixels not at hand)."""

    name: str
    width: int
    height: int
    annotations: Sequence[Labelled] = ()
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
Part = tuple[int, bytes, dict[str, Any]]
"""An annotation: its class, the JSON of its geometry, and its other fields."""
_ITEM, _SHAPE = b'{"class_index":', b',"geometry":'
_EACH = b',"geometry":{'  # no attribute has an object
_TYPE = re.compile(rb'"type":"(\w+)"\}\Z')
_NAMES = {kind: tuple(item.name for item in fields(kind)) for kind in (*_SHAPES.values(), ImageRecord)}
# The fields of an annotation behind its class and its geometry, in their order; the last three only where they say
# something, as before there were these: the hash of what a dataset says stays the same.
_BEHIND = ("id", "crowd", "score", "external_id", "attributes")
_MAYBE = {"z": 0, "group_id": None, "proposal": False}
_OTHERS: dict[str, Any] = {"id": "", "crowd": False, "score": None, "external_id": None, "text": None, **_MAYBE}


def geometry_to_json(geometry: Geometry) -> dict[str, object]:
    """Return the tagged JSON object of a geometry."""
    return _fields(geometry)


def kind_of(text: bytes) -> str:
    """Return the type of a geometry that is JSON."""
    found = _TYPE.search(text)
    return str(decode(text)["type"]) if found is None else found[1].decode()


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


def _head(record: ImageRecord) -> dict[str, object]:
    """A manifest line without annotations as a JSON object."""
    value = _fields(record) | {"annotations": ()}
    if not record.tags:  # as before there were tags: the hash of what a dataset says stays the same
        del value["tags"]
    if not record.metadata:
        del value["metadata"]
    return value


def labelled_line(item: Labelled) -> bytes:
    """Return one annotation as a manifest line has it."""
    text = encode(_fields(item.geometry)) if item.text is None else item.text
    behind = {name: getattr(item, name) for name in _BEHIND}
    for name, nothing in _MAYBE.items():
        if (value := getattr(item, name)) != nothing:
            behind[name] = value
    return b'{"class_index":%d,"geometry":%b,%b' % (item.class_index, text, encode(behind)[1:])


def labelled_text(
    class_index: int,
    geometry: str,
    z: int,
    group_id: str | None,
    key: str,
    crowd: bool,
    score: float | None,
    external_id: str | None,
    attributes: str,
) -> bytes:
    """Return one annotation of a manifest line as `labelled_line` does; geometry and attributes are JSON."""
    if score is None and not z and group_id is None and attributes == "{}":
        told = "null" if external_id is None else quoted(external_id)
        behind = f'"id":"{key}","crowd":{"true" if crowd else "false"},"score":null,"external_id":{told}'
        return f'{{"class_index":{class_index},"geometry":{geometry},{behind},"attributes":{{}}}}'.encode()
    fields = {"id": key, "crowd": crowd, "score": score, "external_id": external_id, "attributes": decode(attributes)}
    fields |= ({"z": z} if z else {}) | ({} if group_id is None else {"group_id": group_id})
    return b'{"class_index":%d,"geometry":%b,%b' % (class_index, geometry.encode(), encode(fields)[1:])


def _fields(value: Geometry | ImageRecord) -> dict[str, object]:
    """The fields of a dataclass, not copied: `asdict` would copy every point of every polygon."""
    return {name: getattr(value, name) for name in _NAMES[type(value)]}


def record_line(record: ImageRecord) -> bytes:
    """Return one manifest line with its end."""
    return line_of(record, annotations_text(record))


def annotations_text(record: ImageRecord) -> bytes:
    """Return what a manifest line has between the brackets of annotations."""
    found = record.annotations
    return found.text if isinstance(found, Written) else b",".join(map(labelled_line, found))


def record_from_line(line: bytes) -> ImageRecord:
    """Read one manifest line."""
    head, annotations = _parted(line)
    return record_from_head(head, annotations)


def record_from_head(head: dict[str, Any], annotations: bytes) -> ImageRecord:
    """Return the record of a head, which is used up, and what its line has between the brackets of annotations."""
    tags = tuple(head.pop("tags", ()))
    return ImageRecord(**head, annotations=Written(annotations) if annotations else (), tags=tags)


def _parted(line: bytes) -> tuple[dict[str, Any], bytes]:
    """A line without annotations, and these as it has them."""
    # Quotes inside texts are escaped, and no text stands between the annotations and the split.
    begin, end = line.find(_BEGIN), line.rfind(_END)
    if begin < 0 or end < 0:
        head = decode(line)
        return head, b",".join(map(labelled_line, map(_read, head.pop("annotations", ()))))
    begin += len(_BEGIN)
    head = decode(line[:begin] + line[end:])
    del head["annotations"]
    return head, line[begin:end]


def _items(annotations: bytes) -> tuple[Labelled, ...]:
    """Read annotations; their geometries stay text."""
    try:
        return tuple(labelled_as(*part) for part in parts_of(annotations))
    except (ValueError, TypeError):  # not as we write it
        return tuple(map(_read, decode(b"[%b]" % annotations)))


def parts_of(annotations: bytes) -> list[Part]:
    """Return the parts of each annotation; also of many records together.

    Raises ValueError or TypeError where they are not as we write them.
    """
    first, *pieces = annotations.split(_ITEM)
    ranks, texts, behind = [], [], []
    for piece in pieces:
        rank, _, rest = piece.partition(_SHAPE)
        text, end, more = rest.partition(b"}")  # no geometry has another object in it
        ranks.append(rank)
        texts.append(text + end)
        behind.append(b"{%b" % more[1:])
    fields = decode(b"[%b%b]" % (first, b"".join(behind)))
    return list(zip(map(int, ranks), texts, fields, strict=True))


def parts_of_records(records: Sequence[ImageRecord]) -> list[list[Part]]:
    """Return the parts of the annotations of each record, all read together: much sooner than as objects."""
    try:
        found = parts_of(b",".join(text for record in records if (text := annotations_text(record))))
    except (ValueError, TypeError):  # not as we write it
        found = []
    if len(found) != sum(len(record.annotations) for record in records):
        found = [parts_of(labelled_line(item))[0] for record in records for item in record.annotations]
    parts = iter(found)
    return [list(islice(parts, len(record.annotations))) for record in records]


def labelled_as(class_index: int, text: bytes, fields: Mapping[str, Any]) -> Labelled:
    """Return an annotation whose geometry is JSON; `fields` are others that say something."""
    item = object.__new__(Labelled)
    for name, value in {**_OTHERS, "attributes": {}, **fields, "text": text, "class_index": class_index}.items():
        object.__setattr__(item, name, value)
    return item


def _read(value: dict[str, Any]) -> Labelled:
    return Labelled(**{**value, "geometry": geometry_from_json(value["geometry"])})


def proposals_of(annotations: Sequence[Labelled]) -> int:
    """Return how many are proposals."""
    none = isinstance(annotations, Written) and b'"proposal":true' not in annotations.text
    return 0 if none else sum(item.proposal for item in annotations)


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
    """Yield the pictures of a manifest without annotations, each with those as its line has them, for `line_of`."""
    with path.open("rb") as lines:
        next(lines, None)
        for line in lines:
            head, annotations = _parted(line)
            yield record_from_head(head, b""), annotations


def line_of(head: ImageRecord, annotations: bytes) -> bytes:
    """Return the manifest line of a picture from `read_heads`."""
    return encode(_head(head)).replace(_BEGIN, _BEGIN + annotations, 1) + b"\n"


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
