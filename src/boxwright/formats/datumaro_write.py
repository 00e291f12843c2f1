"""Datumaro: writing `annotations/<subset>.json` and `images/<subset>/`, streamed.

Tags and metadata of a picture, and whether it waits to be labelled, stand in the item's attributes.
"""

import json
from collections.abc import Iterator

from boxwright.domain import rle
from boxwright.domain.exchange import Loss
from boxwright.domain.geometry import Box, Ellipse, Geometry, Mask, Point, Points, Polygon, Polyline, RotatedBox
from boxwright.domain.manifest import ImageRecord, Labelled
from boxwright.domain.projects import SPLITS
from boxwright.formats import report
from boxwright.formats.cvat_write import group_numbers
from boxwright.formats.fields import write_fields
from boxwright.formats.writing import Dataset, Names, count_renamed, pictures, plain, whole
from boxwright.formats.yolo_write import ring_of
from boxwright.media.zipstream import Entry

_CONCERNS = {
    "rotated_as_polygon": "rotated_box",
    "ellipse_as_polygon": "ellipse_turned",
    "polygon_parts": "polygon_parts",
    "pixels_missing": "pixels_missing",
    "renamed": "renamed",
}
_Json = dict[str, object]
_SUBSETS = {"none": "default"}


def losses(dataset: Dataset, stats: report.Stats) -> list[Loss]:
    """Return what Datumaro cannot hold of this dataset."""
    stats.things["renamed"] = count_renamed(dataset, Names(unique_stems=True))
    shapes = (item.geometry for record in dataset.records for item in record.annotations)
    stats.things["ellipse_turned"] = sum(isinstance(shape, Ellipse) and shape.angle != 0 for shape in shapes)
    return report.losses(stats, _CONCERNS)


def entries(dataset: Dataset) -> Iterator[Entry]:
    """Yield the files of the export."""
    for split in SPLITS:
        if any(record.split == split for record in dataset.records):
            yield Entry(f"annotations/{_SUBSETS.get(split, split)}.json", _document(dataset, split))
    place = Names(unique_stems=True)
    yield from pictures(
        dataset, place, lambda record, name: f"images/{_SUBSETS.get(record.split, record.split)}/{name}"
    )


def _document(dataset: Dataset, split: str) -> Iterator[bytes]:
    labels = [{"name": item.name, "parent": "", "attributes": []} for item in dataset.header.classes]
    categories = {"label": {"labels": labels, "attributes": ["occluded"]}}
    yield b'{"dm_format_version":"1.0","media_type":2,"infos":{},"categories":' + _json(categories) + b',\n"items":['
    names, first = Names(unique_stems=True), True
    for record in dataset.records:
        name = names.take(record)
        if record.split == split:
            yield (b"\n" if first else b",\n") + _json(_item(record, name))
            first = False
    yield b"\n]}\n"


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def _item(record: ImageRecord, name: str) -> _Json:
    about: _Json = {"state": "unlabeled"} if record.state == "unlabeled" else {}
    if record.tags:
        about["tags"] = list(record.tags)
    about |= write_fields(record.metadata, ("state", "tags"))
    groups = group_numbers(record)
    return {
        "id": name.rpartition(".")[0],
        "annotations": [_annotation(item, groups) for item in record.annotations],
        "attr": about,
        "image": {"path": name, "size": [record.height, record.width]},
    }


def _annotation(item: Labelled, groups: dict[str, int]) -> _Json:
    own = whole(item.external_id)
    attributes: _Json = {key: value for key, value in item.attributes.items() if key not in ("is_crowd", "score")}
    if item.crowd:
        attributes["is_crowd"] = True
    if item.score is not None:
        attributes["score"] = item.score
    kind, place = _place(item.geometry)
    return {
        "id": max(own, 0),
        "type": kind,
        "attributes": attributes,
        "group": groups[item.group_id] if item.group_id is not None else 0,
        "label_id": item.class_index,
        **place,
        "z_order": item.z,
    }


def _place(geometry: Geometry) -> tuple[str, _Json]:
    match geometry:
        case Box(x0=x0, y0=y0, x1=x1, y1=y1):
            return "bbox", {"bbox": [plain(x0), plain(y0), plain(x1 - x0), plain(y1 - y0)]}
        case Ellipse(cx=cx, cy=cy, rx=rx, ry=ry) if geometry.angle == 0:
            return "ellipse", {"points": [cx - rx, cy - ry, cx + rx, cy + ry]}
        case RotatedBox() | Polygon() | Ellipse():
            return "polygon", {"points": _flat(ring_of(geometry))}
        case Polyline(points=points):
            return "polyline", {"points": _flat(points)}
        case Points(points=points):
            return "points", {"points": _flat(points), "visibility": [2] * len(points)}
        case Mask():
            size = [geometry.height, geometry.width]
            return "mask", {"rle": {"counts": rle.to_text(geometry.counts), "size": size}}


def _flat(points: tuple[Point, ...] | list[Point]) -> list[float | int]:
    return [plain(value) for point in points for value in point]
