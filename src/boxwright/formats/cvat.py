"""CVAT for images 1.1: reading one XML file with all pictures.

Coordinates are pixels from the outer top-left corner; `rotation` is in degrees, clockwise, about the centre. Masks are
runs, row by row, of the rectangle `left top width height`. https://docs.cvat.ai/docs/manual/advanced/xml_format/
"""

import math
from collections.abc import Callable, Iterator

from boxwright.domain.errors import Invalid, InvalidDataset
from boxwright.domain.geometry import Point
from boxwright.domain.manifest import ImageRecord
from boxwright.domain.projects import Split
from boxwright.formats.fields import kept_fields
from boxwright.formats.patches import counts_of, pixels_of
from boxwright.formats.paths import parts_of, split_of_path, split_of_word
from boxwright.formats.problems import Problems, Where
from boxwright.formats.reading import Picture, Raw, Reading, state_said
from boxwright.formats.shapes import (
    RawBox,
    RawEllipse,
    RawLine,
    RawMask,
    RawPoints,
    RawRings,
    RawRotated,
    RawShape,
    radians_of,
)
from boxwright.formats.source import Source
from boxwright.formats.values import Value, by_looks, number_of
from boxwright.formats.xmlfile import Node, stream_xml

METADATA = "metadata"  # the tag whose attributes are the fields of a picture
_LOOK = 20
_Z = 1_000_000
_Kinds = dict[tuple[str, str], str]  # the input type of an attribute, by label and name
_Size = tuple[int, int]


def detect(source: Source) -> bool:
    """Tell whether one of the first XML files is CVAT's."""
    return any(_root_tag(source, name) == "annotations" for name in source.files(".xml")[:_LOOK])


def _root_tag(source: Source, name: str, problems: Problems | None = None) -> str:
    try:
        return next((node.tag for node in stream_xml(source.path(name), name)), "")
    except InvalidDataset as error:
        if problems:
            problems.add(Where(name), error.code, error.message)
        return "?"


def read(reading: Reading) -> Iterator[ImageRecord]:
    """Yield the pictures of all XML files in their order."""
    for name in reading.source.files(".xml"):
        tag = _root_tag(reading.source, name, reading.problems)
        if tag == "annotations":
            yield from _read_file(reading, name)
        elif tag != "?":
            reading.problems.add(Where(name), "xml_foreign", f"root is <{tag[:50]}>, not <annotations>")


def _read_file(reading: Reading, name: str) -> Iterator[ImageRecord]:
    kinds: _Kinds = {}
    for node in stream_xml(reading.source.path(name), name):
        if node.tag == "track":
            message = (
                f"{name}, line {node.line}: has the tracks of a video (CVAT for video 1.1): "
                "add the video to the project and import the tracks there (boxwright video import)"
            )
            raise InvalidDataset(message, code="cvat_video")
        if node.tag == "meta":
            kinds.update(_labels(reading, node))
        elif node.tag == "image" and (record := _record(reading, node, name, kinds)):
            yield record


def _labels(reading: Reading, meta: Node) -> _Kinds:
    """Take the classes in their order; returns the input types of their attributes."""
    kinds: _Kinds = {}
    owners = [child for tag in ("task", "project", "job") for child in meta.all(tag)]
    for owner in owners:
        for label in (label for labels in owner.all("labels") for label in labels.all("label")):
            own = label.text_of("name")
            if label.text_of("type") != "tag" and not label.text_of("parent"):
                reading.classes.index(own)
            for attribute in (item for group in label.all("attributes") for item in group.all("attribute")):
                kinds[own, attribute.text_of("name")] = attribute.text_of("input_type")
    return kinds


def _record(reading: Reading, node: Node, name: str, kinds: _Kinds) -> ImageRecord | None:
    reference = node.attrs.get("name", "")
    where = Where(name, node.line, f"image {reference or node.attrs.get('id', '')}")
    subset = node.attrs.get("subset", "")
    picture = _picture(reading, node, reference, subset, where)
    if picture is None or not reading.first_time(picture, where):
        return None
    size = (picture.width, picture.height) if reading.frame == "raw" else picture.upright
    raws = [raw for item in node.children if item.tag != "tag" and (raw := _raw(reading, item, where, kinds, size))]
    found = [(item.attrs.get("label", ""), item.all("attribute")) for item in node.all("tag")]
    tags = [label for label, about in found if label != METADATA or not about]
    pairs = (
        (name if label == METADATA else f"{label}: {name}", "".join(item.pieces))
        for label, about in found
        for item in about
        if (name := item.attrs.get("name", ""))
    )
    return reading.record(
        picture,
        raws,
        split=_split(reading, subset, name, picture),
        state=state_said(raws, node.attrs.get("state")),
        external_id=node.attrs.get("id"),
        tags=tags,
        metadata=kept_fields(reading.problems, where, pairs),
    )


def _split(reading: Reading, subset: str, name: str, picture: Picture) -> Split | None:
    if reading.own_export:
        return split_of_word(subset)
    folder = reading.split_of_folder(picture.source) if picture.source else None
    return split_of_word(subset) or folder or split_of_path(name)


def _picture(reading: Reading, node: Node, reference: str, subset: str, where: Where) -> Picture | None:
    found = reading.source.try_find(f"{subset}/{reference}", near=where.file) if subset else None
    found = found or reading.find(reference, where)
    width, height = number_of(node.attrs.get("width")), number_of(node.attrs.get("height"))
    wanted = "/".join(parts_of(reference))
    if found:
        picture = reading.picture(found, wanted=wanted)
        if picture and math.isfinite(width) and math.isfinite(height):
            reading.check_size(picture, width, height, where)
        return picture
    return reading.absent(wanted, width, height, where)


def _raw(reading: Reading, node: Node, where: Where, kinds: _Kinds, size: _Size) -> Raw | None:
    where = Where(where.file, node.line, f"{node.tag} in {where.thing.removeprefix('image ')}")
    read_shape = SHAPES.get(node.tag)
    if read_shape is None:
        reading.problems.add(where, "shape_unknown", f"<{node.tag}> is no shape that can be taken")
        return None
    try:
        shape = read_shape(node, size)
    except (Invalid, ValueError, KeyError, OverflowError) as error:
        message = error.message if isinstance(error, Invalid) else f"cannot be read: {error}"
        reading.problems.add(where, "shape_invalid", message)
        return None
    if node.tag in ("skeleton", "cuboid"):
        instead = "its points" if node.tag == "skeleton" else "the box around it"
        reading.problems.add(where, "shape_changed", f"of a {node.tag} {instead} are taken", "kept")
    label = node.attrs.get("label", "").strip()
    if not label:
        reading.problems.add(where, "class_missing", "has no label: kept as 'unnamed'", "kept")
    group, z = node.attrs.get("group_id", "").strip(), number_of(node.attrs.get("z_order", "0"))
    return Raw(
        class_name=label,
        shape=shape,
        where=where,
        attributes=_attributes(node, label, kinds),
        z=int(z) if abs(z) < _Z else 0,
        group_id=group[:100] if group not in ("", "0") else None,
    )


def _attributes(node: Node, label: str, kinds: _Kinds) -> dict[str, Value]:
    found: dict[str, Value] = {"occluded": True} if node.attrs.get("occluded") == "1" else {}
    for item in node.all("attribute"):
        key, text = item.attrs.get("name", "").strip(), "".join(item.pieces)
        if key:
            found[key] = typed(text, kinds.get((label, key), ""))
    return found


def typed(text: str, kind: str) -> Value:
    """Return the value of an attribute by the input type that its label gives it, by its looks where it gives none."""
    if kind == "":
        return by_looks(text)
    if kind == "checkbox" and text.strip().lower() in ("true", "false"):
        return text.strip().lower() == "true"
    if kind == "number" and math.isfinite(value := number_of(text)):
        return int(value) if value.is_integer() else value
    return text


def _numbers(node: Node, *keys: str) -> list[float]:
    return [number_of(node.attrs[key]) for key in keys]


def _box(node: Node, _: _Size) -> RawShape:
    x0, y0, x1, y1 = _numbers(node, "xtl", "ytl", "xbr", "ybr")
    angle = radians_of(number_of(node.attrs.get("rotation", "0")))
    if angle == 0:
        return RawBox(x0, y0, x1, y1)
    return RawRotated((x0 + x1) / 2, (y0 + y1) / 2, x1 - x0, y1 - y0, angle)


def _ellipse(node: Node, _: _Size) -> RawShape:
    cx, cy, rx, ry = _numbers(node, "cx", "cy", "rx", "ry")
    return RawEllipse(cx, cy, rx, ry, radians_of(number_of(node.attrs.get("rotation", "0"))))


def _points(node: Node) -> list[Point]:
    pairs = (pair.split(",") for pair in node.attrs["points"].split(";") if pair.strip())
    return [(number_of(x), number_of(y)) for x, y in pairs]


def _mask(node: Node, size: _Size) -> RawShape:
    left, top, width, height = (int(node.attrs[key]) for key in ("left", "top", "width", "height"))
    pixels = pixels_of([int(run) for run in node.attrs["rle"].split(",")], width, height)
    return RawMask(*size, counts_of(pixels, left, top, *size))


def _skeleton(node: Node, _: _Size) -> RawShape:
    return RawPoints([point for item in node.all("points") for point in _points(item)])


def _cuboid(node: Node, _: _Size) -> RawShape:
    xs, ys = (
        [number_of(value) for key, value in node.attrs.items() if key[:2] in (f"{axis}t", f"{axis}b")] for axis in "xy"
    )
    return RawBox(min(xs), min(ys), max(xs), max(ys))


SHAPES: dict[str, Callable[[Node, _Size], RawShape]] = {
    "box": _box,
    "ellipse": _ellipse,
    "polygon": lambda node, _: RawRings([_points(node)]),
    "polyline": lambda node, _: RawLine(_points(node)),
    "points": lambda node, _: RawPoints(_points(node)),
    "mask": _mask,
    "skeleton": _skeleton,
    "cuboid": _cuboid,
}
