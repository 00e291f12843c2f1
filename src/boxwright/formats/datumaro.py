"""Datumaro: reading `annotations/<subset>.json`.

Boxes are `x, y, width, height`; polygons, lines and points are lists of coordinates; masks are COCO run lengths.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from boxwright.domain.manifest import ImageRecord
from boxwright.domain.projects import Split
from boxwright.formats import sniff
from boxwright.formats.fields import read_fields
from boxwright.formats.jsonfile import JsonFile
from boxwright.formats.paths import parts_of, split_of_path, stem_of
from boxwright.formats.problems import Where
from boxwright.formats.reading import Picture, Raw, Reading, state_said
from boxwright.formats.shapes import RawBox, RawEllipse, RawLine, RawMask, RawPoints, RawRings, RawShape
from boxwright.formats.source import Source
from boxwright.formats.values import finite, number_of, scalars

_Item = Mapping[str, Any]
_Z = 1_000_000


def detect(source: Source) -> bool:
    """Tell whether there is a JSON file with Datumaro's items."""
    return sniff.has(source, "datumaro")


def read(reading: Reading) -> Iterator[ImageRecord]:
    """Yield the pictures of all subsets in the order of the files."""
    for name in sniff.files_of(reading.source, "datumaro"):
        file = JsonFile(reading.source.path(name), name)
        labels = [
            str(item.get("name") or "") if isinstance(item, Mapping) else ""
            for item in file.items("categories.label.labels.item")
        ]
        for label in labels:
            reading.classes.index(label)
        for number, item in enumerate(file.items("items.item"), start=1):
            own = item.get("id") if isinstance(item, Mapping) else None
            where = Where(name, None, f"item {str(own if own is not None else number)[:200]}")
            if own is None:
                reading.problems.add(where, "image_invalid", "has no id")
            elif record := _record(reading, item, str(own), where, labels):
                yield record


def _record(reading: Reading, item: _Item, own: str, where: Where, labels: list[str]) -> ImageRecord | None:
    picture = _picture(reading, item, own, where)
    if picture is None or not reading.first_time(picture, where):
        return None
    raws, tags = [], []
    given = item.get("annotations")
    for number, one in enumerate(given if isinstance(given, list) else ()):
        place = Where(where.file, None, f"annotation {number} of {where.thing}")
        if not isinstance(one, Mapping):
            reading.problems.add(place, "annotation_invalid", "is no object")
            continue
        at = one.get("label_id")
        label = labels[at] if isinstance(at, int) and 0 <= at < len(labels) else ""
        if one.get("type") == "label":
            tags.append(label)
        elif raw := _raw(reading, one, place, label):
            raws.append(raw)
    about = item.get("attr")
    about = about if isinstance(about, Mapping) else {}
    kept = about.get("tags")
    state = state_said(raws, about.get("state"))
    tags += kept if isinstance(kept, list) else []
    taken = {key for key, mine in (("tags", isinstance(kept, list)), ("state", state)) if mine}
    fields = read_fields(reading.problems, where, about, taken)
    split = _split(reading, where.file, picture)
    return reading.record(picture, raws, split=split, state=state, tags=tags, metadata=fields)


def _split(reading: Reading, name: str, picture: Picture) -> Split | None:
    """Every subset is a file of its own."""
    folder = reading.split_of_folder(picture.source) if picture.source and not reading.own_export else None
    return split_of_path(stem_of(name)) or folder


def _picture(reading: Reading, item: _Item, own: str, where: Where) -> Picture | None:
    media = item.get("image") or item.get("media")
    media = media if isinstance(media, Mapping) else {}
    path = media.get("path")
    reference = path if isinstance(path, str) and parts_of(path) else own
    size = media.get("size")
    height, width = (
        (number_of(side) for side in size) if isinstance(size, list) and len(size) == 2 else (number_of(None),) * 2
    )
    subset = stem_of(where.file)
    found = reading.source.try_find(f"{subset}/{reference}", near=where.file) or reading.source.try_find(
        reference, near=where.file
    )
    found = found or reading.source.try_find(f"{subset}/{own}", near=where.file, by_stem=True)
    if found is None:
        return reading.absent("/".join(parts_of(reference)), width, height, where)
    picture = reading.picture(found, wanted="" if reading.own_export else "/".join(parts_of(reference)))
    if picture and width == width and height == height:
        reading.check_size(picture, width, height, where)
    return picture


def _raw(reading: Reading, item: _Item, where: Where, label: str) -> Raw | None:
    kind = str(item.get("type"))
    read_shape = _SHAPES.get(kind)
    if read_shape is None:
        reading.problems.add(where, "shape_unknown", f"{kind[:40]!r} is no shape that can be taken")
        return None
    try:
        shape = read_shape(item)
    except (ValueError, TypeError, KeyError, IndexError) as error:
        reading.problems.add(where, "shape_invalid", f"cannot be read: {str(error)[:100]}")
        return None
    if not label:
        reading.problems.add(where, "class_missing", "has no label: kept as 'unnamed'", "kept")
    given = item.get("attributes")
    attributes = scalars(given) if isinstance(given, Mapping) else {}
    crowd = attributes.pop("is_crowd", False) is True
    score = finite(attributes.pop("score", None))
    group, z, own = item.get("group"), number_of(item.get("z_order") or 0), item.get("id")
    return Raw(
        class_name=label,
        shape=shape,
        where=where,
        crowd=crowd,
        score=score,
        external_id=str(own) if isinstance(own, int) and own else None,
        attributes=attributes,
        z=int(z) if abs(z) < _Z else 0,
        group_id=str(group)[:100] if isinstance(group, int) and group else None,
    )


def _pairs(item: _Item) -> list[tuple[float, float]]:
    values = [number_of(value) for value in item["points"]]
    return list(zip(values[0::2], values[1::2], strict=True))


def _bbox(item: _Item) -> RawShape:
    x, y, w, h = (number_of(value) for value in item["bbox"])
    return RawBox(x, y, x + w, y + h)


def _mask(item: _Item) -> RawShape:
    rle = item["rle"]
    height, width = rle["size"]
    counts = rle["counts"]
    if type(height) is not int or type(width) is not int:
        raise TypeError("size is not two whole numbers")
    if not isinstance(counts, str) and not all(type(run) is int for run in counts):
        raise TypeError("counts are not whole numbers")
    return RawMask(width, height, counts)


def _ellipse(item: _Item) -> RawShape:
    x0, y0, x1, y1 = (number_of(value) for value in item["points"])
    return RawEllipse((x0 + x1) / 2, (y0 + y1) / 2, (x1 - x0) / 2, (y1 - y0) / 2)


_SHAPES: dict[str, Callable[[_Item], RawShape]] = {
    "bbox": _bbox,
    "polygon": lambda item: RawRings([_pairs(item)]),
    "polyline": lambda item: RawLine(_pairs(item)),
    "points": lambda item: RawPoints(_pairs(item)),
    "mask": _mask,
    "ellipse": _ellipse,
}
