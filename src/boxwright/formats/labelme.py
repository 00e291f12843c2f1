"""LabelMe: reading one JSON file a picture; the picture lies beside it, or inside it as `imageData`.

A circle is its centre and a point on its edge; a mask is a PNG over the rectangle of its two points, both inclusive.
"""

import base64
import binascii
import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from boxwright.domain.errors import Invalid, InvalidDataset, InvalidImage
from boxwright.domain.geometry import Point
from boxwright.domain.manifest import ImageRecord
from boxwright.formats import sniff
from boxwright.formats.fields import read_fields
from boxwright.formats.jsonfile import JsonFile
from boxwright.formats.patches import counts_of
from boxwright.formats.paths import parts_of, stem_of
from boxwright.formats.problems import Where
from boxwright.formats.reading import Picture, Raw, Reading, state_said
from boxwright.formats.shapes import RawBox, RawEllipse, RawLine, RawMask, RawPoints, RawRings, RawShape
from boxwright.formats.source import Source
from boxwright.formats.values import Value, finite, number_of, scalars
from boxwright.formats.yolo import rectangle
from boxwright.media import decode_rgb

_Item = Mapping[str, Any]
_Size = tuple[int, int]
# What LabelMe itself writes; all else it passes through. Colours were those of a whole window.
TAKEN = frozenset(
    ("version", "flags", "shapes", "imagePath", "imageData", "imageHeight", "imageWidth", "lineColor", "fillColor")
)


def detect(source: Source) -> bool:
    """Tell whether one of the first JSON files is LabelMe's."""
    return sniff.has(source, "labelme")


def read(reading: Reading) -> Iterator[ImageRecord]:
    """Yield the picture of every file, in the order of their names."""
    for name in reading.source.files(".txt"):
        if name.rpartition("/")[2] == "labels.txt":
            for _, line in reading.source.lines(name):
                if not line.startswith("_"):  # __ignore__ and _background_ are LabelMe's own
                    reading.classes.index(line)
    for name in sniff.files_of(reading.source, "labelme"):
        try:
            value = JsonFile(reading.source.path(name), name).whole()
        except InvalidDataset as error:
            reading.problems.add(Where(name), error.code, error.message)
            continue
        if isinstance(value, Mapping) and (record := _record(reading, value, name)):
            yield record


def _record(reading: Reading, value: _Item, name: str) -> ImageRecord | None:
    picture = _picture(reading, value, name)
    if picture is None or not reading.first_time(picture, Where(name)):
        return None
    size = (picture.width, picture.height) if reading.frame == "raw" else picture.upright
    raws = []
    shapes = value.get("shapes")
    for number, item in enumerate(shapes if isinstance(shapes, list) else (), start=1):
        where = Where(name, None, f"shape {number}")
        if not isinstance(item, Mapping) or not isinstance(item.get("points"), list):
            reading.problems.add(where, "shape_invalid", "has no points")
        elif raw := _raw(reading, item, where, size):
            raws.append(raw)
    flags = value.get("flags")
    tags = [str(key) for key, on in flags.items() if on is True] if isinstance(flags, Mapping) else []
    split = reading.split_of_folder(picture.source or name)
    state = state_said(raws, value.get("state"))
    fields = read_fields(reading.problems, Where(name), value, TAKEN | ({"state"} if state else set()))
    off = {str(key): False for key, on in flags.items() if on is False} if isinstance(flags, Mapping) else {}
    fields |= read_fields(reading.problems, Where(name), off)
    return reading.record(picture, raws, split=split, state=state, tags=tags, metadata=fields)


def _picture(reading: Reading, value: _Item, name: str) -> Picture | None:
    where = Where(name)
    reference = value.get("imagePath")
    reference = reference if isinstance(reference, str) and reference else f"{stem_of(name)}.jpg"
    folder = name.rpartition("/")[0]
    near = "/".join(part for part in (folder, *parts_of(reference)) if part)
    found = near if near in reading.source.short else reading.source.try_find(near, near=name)
    found = found or reading.find(reference, where)
    width, height = number_of(value.get("imageWidth")), number_of(value.get("imageHeight"))
    if found is None and isinstance(value.get("imageData"), str):
        found = _embedded(reading, value["imageData"], reference, where)
    if found is None:
        return reading.absent("/".join(parts_of(reference)), width, height, where)
    picture = reading.picture(found)  # named by where it lies: imagePath is seen from the file's own folder
    if picture and width == width and height == height:
        reading.check_size(picture, width, height, where)
    return picture


def _embedded(reading: Reading, text: str, reference: str, where: Where) -> str | None:
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        reading.problems.add(where, "image_data_invalid", "imageData is no base64: not taken")
        return None
    return reading.embedded(reference, data)


def _raw(reading: Reading, item: _Item, where: Where, size: _Size) -> Raw | None:
    kind = str(item.get("shape_type") or "polygon")
    read_shape = _SHAPES.get(kind)
    if read_shape is None:
        reading.problems.add(where, "shape_unknown", f"{kind[:40]!r} is no shape that can be taken")
        return None
    try:
        points = [(number_of(x), number_of(y)) for x, y in item["points"]]
        shape = read_shape(points, item, size)
    except (Invalid, InvalidImage, ValueError, TypeError, IndexError, OverflowError) as error:
        message = error.message if isinstance(error, Invalid | InvalidImage) else f"cannot be read: {str(error)[:100]}"
        reading.problems.add(where, "shape_invalid", message)
        return None
    label = str(item.get("label") or "").strip()
    if not label:
        reading.problems.add(where, "class_missing", "has no label: kept as 'unnamed'", "kept")
    group = item.get("group_id")
    return Raw(
        class_name=label,
        shape=shape,
        where=where,
        score=finite(item.get("score")),
        group_id=str(group)[:100] if isinstance(group, int | str) and group != "" else None,
        attributes=_attributes(item),
    )


def _attributes(item: _Item) -> dict[str, Value]:
    """Flags, the description, and further fields that LabelMe passes through."""
    found: dict[str, Value] = {}
    flags = item.get("flags")
    if isinstance(flags, Mapping):
        found.update(scalars(flags))
    description = item.get("description")
    if isinstance(description, str) and description:
        found["description"] = description
    other = item.get("attributes")
    if isinstance(other, Mapping):
        found.update(scalars(other))
    return found


def _rectangle(points: list[Point], _: _Item, __: _Size) -> RawShape:
    if len(points) == 4:
        return rectangle(points) or RawRings([points])
    (ax, ay), (bx, by) = points
    return RawBox(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))


def _circle(points: list[Point], _: _Item, __: _Size) -> RawShape:
    (cx, cy), (x, y) = points
    radius = math.hypot(x - cx, y - cy)
    return RawEllipse(cx, cy, radius, radius)


def _mask(points: list[Point], item: _Item, size: _Size) -> RawShape:
    (x0, y0), (x1, y1) = points
    try:
        pixels = decode_rgb(base64.b64decode(str(item.get("mask") or ""), validate=True))[:, :, 0] > 0
    except binascii.Error as error:
        raise Invalid("its mask is no base64", code="geometry_invalid") from error
    left, top = round(min(x0, x1)), round(min(y0, y1))
    if pixels.shape != (round(abs(y1 - y0)) + 1, round(abs(x1 - x0)) + 1):
        height, width = pixels.shape
        raise Invalid(f"its mask of {width} x {height} does not fit its two points", code="geometry_invalid")
    return RawMask(*size, counts_of(np.ascontiguousarray(pixels), left, top, *size))


_SHAPES: dict[str, Callable[[list[Point], _Item, _Size], RawShape]] = {
    "rectangle": _rectangle,
    "oriented_rectangle": _rectangle,
    "rotation": _rectangle,
    "polygon": lambda points, _, __: RawRings([points]),
    "circle": _circle,
    "line": lambda points, _, __: RawLine(points),
    "linestrip": lambda points, _, __: RawLine(points),
    "point": lambda points, _, __: RawPoints(points),
    "points": lambda points, _, __: RawPoints(points),
    "mask": _mask,
}
