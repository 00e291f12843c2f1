"""Label Studio: writing `tasks.json`, `label_config.xml` for the project that takes them, and `images/`.

Pictures are named as Label Studio finds them in local storage (`/data/local-files/?d=images/...`). The split and the
metadata of a picture stand in the data of its task.
"""

import json
import math
from collections.abc import Iterator
from urllib.parse import quote

from boxwright.domain import rle
from boxwright.domain.exchange import Loss
from boxwright.domain.geometry import Box, Ellipse, Geometry, Mask, Points, Polygon, Polyline, RotatedBox
from boxwright.domain.manifest import ImageRecord, Labelled
from boxwright.formats import report
from boxwright.formats.brush import brush_of
from boxwright.formats.fields import write_fields
from boxwright.formats.patches import runs_of
from boxwright.formats.shapes import radians_of
from boxwright.formats.values import Value
from boxwright.formats.writing import Dataset, Ids, Names, count_renamed, degrees_text, pictures, whole, xml_quoted
from boxwright.formats.yolo_write import ring_of
from boxwright.media.zipstream import Entry

_CONCERNS = {
    "polygon_parts": "polygon_parts",
    "points_apart": "points_apart",
    "crowd": "crowd",
    "groups": "groups",
    "z_order": "z_order",
    "attribute_values": "attribute_values",
    "pixels_missing": "pixels_missing",
    "renamed": "renamed",
}
_TAGS = "RectangleLabels", "PolygonLabels", "EllipseLabels", "KeyPointLabels", "BrushLabels", "VectorLabels"
_TAKEN = ("image", "split", "subset", "tags")
_Json = dict[str, object]


def losses(dataset: Dataset, stats: report.Stats) -> list[Loss]:
    """Return what Label Studio cannot hold of this dataset."""
    stats.things["renamed"] = count_renamed(dataset, Names())
    for record in dataset.records:
        for item in record.annotations:
            stats.things["points_apart"] += _several(item)
            stats.things["attribute_values"] += None in item.attributes.values()
    return report.losses(stats, _CONCERNS)


def _several(item: Labelled) -> bool:
    return isinstance(item.geometry, Points) and len(item.geometry.points) > 1


def entries(dataset: Dataset) -> Iterator[Entry]:
    """Yield the files of the export."""
    yield Entry("tasks.json", _document(dataset))
    yield Entry("label_config.xml", _config(dataset).encode())
    yield from pictures(dataset, Names(), lambda _, name: f"images/{name}")


def _document(dataset: Dataset) -> Iterator[bytes]:
    names, ids = Names(), Ids(whole(record.external_id) for record in dataset.heads)
    yield b"["
    for number, (record, task_id) in enumerate(zip(dataset.records, ids.walk(), strict=True)):
        task = _task(dataset, record, names.take(record), task_id)
        text = json.dumps(task, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        yield (b",\n" if number else b"\n") + text.encode()
    yield b"\n]\n"


def _task(dataset: Dataset, record: ImageRecord, name: str, task_id: int) -> _Json:
    data: _Json = {"image": f"/data/local-files/?d=images/{quote(name)}"}
    if record.split != "none":
        data["split"] = record.split
    results: list[_Json] = []
    for item, own in zip(record.annotations, _region_ids(record), strict=True):
        results += _results(record, item, dataset.header.classes[item.class_index].name, own)
    done = record.state != "unlabeled" or bool(results)
    if record.tags and done:
        choices = {"choices": [*record.tags]}
        results.append({"id": "tags", "from_name": "tags", "to_name": "image", "type": "choices", "value": choices})
    elif record.tags:
        data["tags"] = [*record.tags]
    data |= write_fields(record.metadata, _TAKEN)
    return {"id": task_id, "data": data, "annotations": [{"result": results}] if done else []}


def _region_ids(record: ImageRecord) -> Iterator[str]:
    """Ids that are different on one picture: their own where they can be."""
    taken = {"tags"}
    for number, item in enumerate(record.annotations):
        own = item.external_id or f"r{number}"
        while own in taken:
            own += f"-{number}"
        taken.add(own)
        yield own


def _results(record: ImageRecord, item: Labelled, label: str, own: str) -> Iterator[_Json]:
    """A region, and what is said about it; several points are several regions."""
    shape = item.geometry
    parts: list[Geometry] = [Points(points=(at,)) for at in shape.points] if isinstance(shape, Points) else [shape]
    for at, part in enumerate(parts):
        kind, value = _value(part, record.width, record.height)
        head: _Json = {
            "id": own if len(parts) == 1 else f"{own}.{at}",
            "to_name": "image",
            "original_width": record.width,
            "original_height": record.height,
            "image_rotation": 0,
        }
        score: _Json = {} if item.score is None else {"score": item.score}
        yield {
            **head,
            "from_name": kind,
            "type": f"{kind}labels",
            **score,
            "value": {**value, f"{kind}labels": [label]},
        }
        for key, said in item.attributes.items():
            if said is not None:
                about, inner = _about(said)
                yield {**head, "from_name": key, "type": about, "value": {**value, **inner}}


def _about(value: Value) -> tuple[str, _Json]:
    if isinstance(value, bool):
        return "choices", {"choices": ["true" if value else "false"]}
    if isinstance(value, str):
        return "textarea", {"text": [value]}
    return "number", {"number": value}


def _value(geometry: Geometry, width: int, height: int) -> tuple[str, _Json]:
    """The kind of region and its place in percents."""
    match geometry:
        case Box(x0=x0, y0=y0, x1=x1, y1=y1):
            return "rectangle", _rectangle(x0, y0, x1 - x0, y1 - y0, 0, width, height)
        case RotatedBox(cx=cx, cy=cy, w=w, h=h, angle=angle):
            degrees = float(degrees_text(angle))
            cos, sin = math.cos(radians_of(degrees)), math.sin(radians_of(degrees))  # as it will be read
            x, y = cx - w / 2 * cos + h / 2 * sin, cy - w / 2 * sin - h / 2 * cos
            return "rectangle", _rectangle(x, y, w, h, degrees, width, height)
        case Ellipse(cx=cx, cy=cy, rx=rx, ry=ry, angle=angle):
            radii = {"radiusX": rx / width * 100, "radiusY": ry / height * 100}
            place = {"x": cx / width * 100, "y": cy / height * 100, **radii}
            return "ellipse", {**place, "rotation": float(degrees_text(angle))}
        case Points(points=((x, y), *_)):
            return "keypoint", {"x": x / width * 100, "y": y / height * 100, "width": 0.5}
        case Polyline(points=points):
            return "vector", {"vertices": _vertices(points, width, height), "closed": False}
        case Polygon():
            corners = [[x / width * 100, y / height * 100] for x, y in ring_of(geometry)]
            return "polygon", {"points": corners, "closed": True}
        case Mask():
            return "brush", {"format": "rle", "rle": brush_of(runs_of(rle.decode(geometry.counts, width, height)))}
    raise AssertionError(geometry)


def _rectangle(x: float, y: float, w: float, h: float, rotation: float, width: int, height: int) -> _Json:
    return {
        "x": x / width * 100,
        "y": y / height * 100,
        "width": w / width * 100,
        "height": h / height * 100,
        "rotation": rotation,
    }


def _vertices(points: tuple[tuple[float, float], ...], width: int, height: int) -> list[_Json]:
    return [
        {
            "id": f"v{at}",
            "x": x / width * 100,
            "y": y / height * 100,
            "prevPointId": f"v{at - 1}" if at else None,
            "isBezier": False,
        }
        for at, (x, y) in enumerate(points)
    ]


def _config(dataset: Dataset) -> str:
    """The labelling interface that these tasks need."""
    labels = "".join(f"\n    <Label value={xml_quoted(item.name)}/>" for item in dataset.header.classes)
    kinds = "".join(
        f'\n  <{tag} name="{tag.removesuffix("Labels").lower()}" toName="image">{labels}\n  </{tag}>' for tag in _TAGS
    )
    fields: dict[str, set[str]] = {}
    for record in dataset.records:
        for item in record.annotations:
            for key, value in item.attributes.items():
                if value is not None:
                    fields.setdefault(key, set()).add(_about(value)[0])
    about = "".join(
        f"\n  {_FIELDS[kind].format(xml_quoted(key))}" for key in sorted(fields) for kind in sorted(fields[key])
    )
    tags = sorted({tag for record in dataset.heads for tag in record.tags})
    choices = "".join(f"\n    <Choice value={xml_quoted(tag)}/>" for tag in tags)
    about += f'\n  <Choices name="tags" toName="image" choice="multiple">{choices}\n  </Choices>' if tags else ""
    return f'<View>\n  <Image name="image" value="$image"/>{kinds}{about}\n</View>\n'


_CHECK = '<Choices name={} toName="image" perRegion="true"><Choice value="true"/><Choice value="false"/></Choices>'
_FIELDS = {
    "choices": _CHECK,
    "textarea": '<TextArea name={} toName="image" perRegion="true"/>',
    "number": '<Number name={} toName="image" perRegion="true"/>',
}
