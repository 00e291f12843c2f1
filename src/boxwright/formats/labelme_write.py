"""LabelMe: writing a JSON file beside each picture, in a folder a split, and `labels.txt` with the classes in order.

Tags of a picture are flags that are on, fields that say `false` are flags that are off; other fields stand beside them.
A picture that is not labelled yet has a field of our own, `state`, and attributes that are no flags stand in a field
`attributes` of their shape. LabelMe passes over what it does not know.
"""

import base64
import json
from collections.abc import Iterator

import numpy as np

from boxwright.domain.exchange import Loss
from boxwright.domain.geometry import Box, Ellipse, Geometry, Mask, Points, Polygon, Polyline, RotatedBox
from boxwright.domain.manifest import ImageRecord, Labelled
from boxwright.formats import report
from boxwright.formats.cvat_write import group_numbers
from boxwright.formats.fields import write_fields
from boxwright.formats.labelme import TAKEN
from boxwright.formats.patches import patch_of
from boxwright.formats.writing import Dataset, Names, count_renamed, one_line, pictures, plain
from boxwright.formats.yolo_write import ring_of
from boxwright.media import encode_plane
from boxwright.media.zipstream import Entry

_CONCERNS = {
    "rotated_as_polygon": "rotated_box",
    "ellipse_as_polygon": "ellipse_turned",
    "polygon_parts": "polygon_parts",
    "crowd": "crowd",
    "z_order": "z_order",
    "pixels_missing": "pixels_missing",
    "renamed": "renamed",
}
VERSION = "5.5.0"


def losses(dataset: Dataset, stats: report.Stats) -> list[Loss]:
    """Return what LabelMe cannot hold of this dataset."""
    stats.things["renamed"] = count_renamed(dataset, Names(unique_stems=True))
    shapes = (item.geometry for record in dataset.records for item in record.annotations)
    stats.things["ellipse_turned"] = sum(isinstance(shape, Ellipse) and shape.rx != shape.ry for shape in shapes)
    return report.losses(stats, _CONCERNS)


def entries(dataset: Dataset) -> Iterator[Entry]:
    """Yield the files of the export."""
    yield Entry("labels.txt", "".join(f"{one_line(item.name)}\n" for item in dataset.header.classes).encode())
    names = Names(unique_stems=True)
    for record in dataset.records:
        name = names.take(record)
        path = f"{record.split}/{name}"
        yield Entry(f"{path.rpartition('.')[0]}.json", _document(dataset, record, name))
    yield from pictures(dataset, Names(unique_stems=True), lambda record, name: f"{record.split}/{name}")


def _document(dataset: Dataset, record: ImageRecord, name: str) -> bytes:
    groups = group_numbers(record)
    off = sorted(key for key, text in record.metadata.items() if text == "false" and key not in record.tags)
    rest = {key: text for key, text in record.metadata.items() if key not in off}
    value: dict[str, object] = {
        "version": VERSION,
        "flags": {**dict.fromkeys(off, False), **dict.fromkeys(record.tags, True)},
        "shapes": [_shape(item, dataset.header.classes[item.class_index].name, groups) for item in record.annotations],
        "imagePath": name.rpartition("/")[2],
        "imageData": None,
        "imageHeight": record.height,
        "imageWidth": record.width,
    }
    if record.state == "unlabeled":
        value["state"] = record.state
    value |= write_fields(rest, TAKEN | {"state"})
    return json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False).encode()


def _shape(item: Labelled, label: str, groups: dict[str, int]) -> dict[str, object]:
    kind, points, mask = _place(item.geometry)
    description = item.attributes.get("description")
    flags = {key: value for key, value in item.attributes.items() if isinstance(value, bool)}
    rest = {
        key: value
        for key, value in item.attributes.items()
        if key not in flags and not (key == "description" and isinstance(value, str) and value)
    }
    value: dict[str, object] = {
        "label": label,
        "points": [[plain(x), plain(y)] for x, y in points],
        "group_id": groups[item.group_id] if item.group_id is not None else None,
        "description": description if isinstance(description, str) else "",
        "shape_type": kind,
        "flags": flags,
        "mask": mask,
    }
    if rest:
        value["attributes"] = rest
    if item.score is not None:
        value["score"] = item.score
    return value


def _place(geometry: Geometry) -> tuple[str, list[tuple[float, float]], str | None]:
    match geometry:
        case Box(x0=x0, y0=y0, x1=x1, y1=y1):
            return "rectangle", [(x0, y0), (x1, y1)], None
        case Ellipse(cx=cx, cy=cy, rx=rx, ry=ry) if rx == ry:
            return "circle", [(cx, cy), (cx + rx, cy)], None
        case RotatedBox() | Ellipse() | Polygon():
            return "polygon", ring_of(geometry), None
        case Polyline(points=points):
            return ("line" if len(points) == 2 else "linestrip"), list(points), None
        case Points(points=points):
            return ("point" if len(points) == 1 else "points"), list(points), None
        case Mask():
            left, top, pixels = patch_of(geometry)
            height, width = pixels.shape
            text = base64.b64encode(encode_plane(pixels.astype(np.uint8) * 255)).decode()
            return "mask", [(left, top), (left + width - 1, top + height - 1)], text
