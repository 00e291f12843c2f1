"""VIA 2: writing `via_project.json`, the same regions as `via_region_data.json` and `.csv`, and `images/`.

Split, tags, metadata and size of a picture, and whether it waits to be labelled, stand in its file attributes.
"""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from boxwright.domain.exchange import Loss
from boxwright.domain.geometry import Box, Ellipse, Geometry, Mask, Point, Points, Polygon, Polyline, RotatedBox
from boxwright.domain.manifest import ImageRecord, Labelled
from boxwright.formats import report
from boxwright.formats.csv_boxes import guarded
from boxwright.formats.fields import write_fields
from boxwright.formats.via import CLASS_KEYS, OWN
from boxwright.formats.writing import Dataset, Names, count_renamed, pictures, plain
from boxwright.formats.yolo_write import ring_of
from boxwright.media.zipstream import Entry

_CONCERNS = {
    "rotated_as_polygon": "rotated_box",
    "mask_as_polygon": "mask",
    "polygon_parts": "polygon_parts",
    "points_apart": "points_apart",
    "crowd": "crowd",
    "score": "score",
    "groups": "groups",
    "z_order": "z_order",
    "attribute_values": "attribute_values",
    "pixels_missing": "pixels_missing",
    "renamed": "renamed",
}
COLUMNS = (
    "filename",
    "file_size",
    "file_attributes",
    "region_count",
    "region_id",
    "region_shape_attributes",
    "region_attributes",
)
RESERVED = frozenset(("width", "height", "split", "subset", "tags", "state"))
_Json = dict[str, Any]


def losses(dataset: Dataset, stats: report.Stats) -> list[Loss]:
    """Return what VIA cannot hold of this dataset."""
    stats.things["renamed"] = count_renamed(dataset, Names())
    for record in dataset.records:
        for item in record.annotations:
            shape = item.geometry
            stats.things["points_apart"] += isinstance(shape, Points) and len(shape.points) > 1
            stats.things["attribute_values"] += None in item.attributes.values()
    return report.losses(stats, _CONCERNS)


def entries(dataset: Dataset) -> Iterator[Entry]:
    """Yield the files of the export."""
    key, others = _fields(dataset)
    yield Entry("via_project.json", _project(dataset, key, others))
    yield Entry("via_region_data.json", _regions_file(dataset, key))
    yield Entry("via_region_data.csv", _table(dataset, key))
    yield from pictures(dataset, Names(), lambda _, name: f"images/{name}")


def _fields(dataset: Dataset) -> tuple[str, list[str]]:
    """The attribute that says the class, and the names of the others."""
    used = dict.fromkeys(key for record in dataset.records for item in record.annotations for key in item.attributes)
    free = (key for key in (*CLASS_KEYS, "_class") if key not in used)
    return next(free), list(used)


def _project(dataset: Dataset, key: str, others: list[str]) -> Iterator[bytes]:
    names = [item.name for item in dataset.header.classes]
    field = {"type": "text", "description": "", "default_value": ""}
    settings: _Json = {
        "ui": {"image": {"region_label": key}},
        "core": {"buffer_size": 18, "filepath": {}, "default_filepath": "images/"},
        "project": {"name": dataset.header.name},
        OWN: {"class": key, "classes": names},
    }
    choices = {**field, "type": "dropdown", "options": dict.fromkeys(names, ""), "default_options": {}}
    about = sorted({key for record in dataset.records for key in record.metadata} - RESERVED)
    attributes = {"region": {key: choices, **dict.fromkeys(others, field)}, "file": dict.fromkeys(about, field)}
    yield b'{"_via_settings":' + _json(settings) + b',\n"_via_img_metadata":{'
    yield from _metadata(dataset, key)
    yield b'},\n"_via_attributes":' + _json(attributes) + b',\n"_via_data_format_version":"2.0.10",\n'
    yield b'"_via_image_id_list":['
    yield from (_joined(number) + _json(own) for number, (own, _) in enumerate(_files(dataset, key)))
    yield b"]}\n"


def _regions_file(dataset: Dataset, key: str) -> Iterator[bytes]:
    yield b"{"
    yield from _metadata(dataset, key)
    yield b"}\n"


def _metadata(dataset: Dataset, key: str) -> Iterator[bytes]:
    for number, (own, value) in enumerate(_files(dataset, key)):
        yield _joined(number) + _json(own) + b":" + _json(value)


def _joined(number: int) -> bytes:
    return b",\n" if number else b"\n"


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def _files(dataset: Dataset, key: str) -> Iterator[tuple[str, _Json]]:
    names = Names()
    for record in dataset.records:
        name = names.take(record)
        size = Path(record.path).stat().st_size if record.path and dataset.with_images else -1
        regions = [region for item in record.annotations for region in _regions(dataset, item, key)]
        value: _Json = {"filename": name, "size": size, "regions": regions, "file_attributes": _about(record)}
        yield f"{name}{size}", value


def _about(record: ImageRecord) -> _Json:
    found: _Json = {"width": record.width, "height": record.height}
    if record.split != "none":
        found["split"] = record.split
    if record.tags:
        found["tags"] = list(record.tags)
    if record.state == "unlabeled":
        found["state"] = record.state
    return found | write_fields(record.metadata, RESERVED, words=True)


def _regions(dataset: Dataset, item: Labelled, key: str) -> Iterator[_Json]:
    about: _Json = {key: dataset.header.classes[item.class_index].name}
    about.update({name: value for name, value in item.attributes.items() if value is not None})
    shape = item.geometry
    parts: list[Geometry] = [Points(points=(at,)) for at in shape.points] if isinstance(shape, Points) else [shape]
    for part in parts:
        yield {"shape_attributes": _place(part), "region_attributes": about}


def _place(geometry: Geometry) -> _Json:
    match geometry:
        case Box(x0=x0, y0=y0, x1=x1, y1=y1):
            return {"name": "rect", "x": plain(x0), "y": plain(y0), "width": plain(x1 - x0), "height": plain(y1 - y0)}
        case Ellipse(cx=cx, cy=cy, rx=rx, ry=ry) if rx == ry:
            return {"name": "circle", "cx": plain(cx), "cy": plain(cy), "r": plain(rx)}
        case Ellipse(cx=cx, cy=cy, rx=rx, ry=ry, angle=angle):
            place = {"name": "ellipse", "cx": plain(cx), "cy": plain(cy), "rx": plain(rx), "ry": plain(ry)}
            return {**place, "theta": plain(angle)}
        case Polyline(points=points):
            return {"name": "polyline", **_all(points)}
        case Points(points=((x, y), *_)):
            return {"name": "point", "cx": plain(x), "cy": plain(y)}
        case Polygon() | RotatedBox() | Mask():
            return {"name": "polygon", **_all(ring_of(geometry))}
    raise AssertionError(geometry)


def _all(points: tuple[Point, ...] | list[Point]) -> _Json:
    return {"all_points_x": [plain(x) for x, _ in points], "all_points_y": [plain(y) for _, y in points]}


def _table(dataset: Dataset, key: str) -> Iterator[bytes]:
    yield _row(COLUMNS)
    for _, value in _files(dataset, key):
        regions: list[_Json] = value["regions"]
        head = (guarded(str(value["filename"])), value["size"], _json(value["file_attributes"]).decode(), len(regions))
        for number, region in enumerate(regions):
            shape, about = (_json(region[part]).decode() for part in ("shape_attributes", "region_attributes"))
            yield _row((*head, number, shape, about))
        if not regions:
            yield _row((*head, 0, "{}", "{}"))


def _row(cells: tuple[object, ...]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue().encode()
