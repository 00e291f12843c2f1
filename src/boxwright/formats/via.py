"""VIA 2 (VGG Image Annotator): reading a project, the JSON of its regions, or their CSV.

A picture is known by its name and its size in bytes; its size in pixels is not written. One attribute of the regions
is the class: `label`, `class`, `name` and the like, else the first. Where files repeat each other, the project counts
first, then JSON, then CSV.
"""

import csv
import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from boxwright.domain.errors import Invalid, InvalidDataset
from boxwright.domain.geometry import Point
from boxwright.domain.manifest import ImageRecord
from boxwright.formats import sniff
from boxwright.formats.csv_boxes import unguarded
from boxwright.formats.fields import read_fields
from boxwright.formats.jsonfile import JsonFile
from boxwright.formats.paths import parts_of, split_of_path, split_of_word
from boxwright.formats.problems import Where
from boxwright.formats.reading import Picture, Raw, Reading, state_said
from boxwright.formats.shapes import RawBox, RawEllipse, RawLine, RawPoints, RawRings, RawShape
from boxwright.formats.source import Ambiguous, Source
from boxwright.formats.values import Value, number_of, scalars

_Item = Mapping[str, Any]
CLASS_KEYS = ("label", "class", "class_name", "name", "category", "type", "object", "species")
OWN = "boxwright"  # the part of the settings in which our exports say which attribute is the class, and the classes
_COLUMNS = ("filename", "region_shape_attributes", "region_attributes")
_UNDEFINED = re.compile(r":\s*undefined(?=\s*[,}])")  # VIA writes it into its CSV
_CELL = 8 << 20


@dataclass(slots=True)
class _File:
    """One picture as a file has it."""

    filename: str
    size: float
    regions: list[Any]
    about: _Item
    line: int | None = None


def detect(source: Source) -> bool:
    """Tell whether there is a project, a JSON of regions, or their CSV."""
    return sniff.has(source, "via_project", "via_regions") or bool(_tables(source))


def _tables(source: Source) -> list[str]:
    return [name for name in source.files(".csv") if _is_table(source, name)]


def _is_table(source: Source, name: str) -> bool:
    with source.path(name).open(encoding=source.encoding(name), errors="replace", newline="") as stream:
        first = stream.readline(10_000)
    return all(column in first for column in _COLUMNS)


def read(reading: Reading) -> Iterator[ImageRecord]:
    """Yield the pictures of the project, then those that only other files have."""
    spoken: dict[str, str] = {}
    for name, files in _sources(reading):
        key = _class_key(reading, name)
        repeated = 0
        for one in files:
            where = Where(name, one.line, one.filename[:200])
            picture = _picture(reading, one, where)
            if picture is None:
                continue
            if spoken.setdefault(picture.name, name) != name:
                repeated += 1
                continue
            if not reading.first_time(picture, where):
                continue
            yield _record(reading, one, picture, where, key)
        if repeated:
            text = f"{name}: {repeated} pictures stand in an earlier file too; import this one alone to have its labels"
            reading.problems.note(text)


def _sources(reading: Reading) -> Iterator[tuple[str, Iterator[_File]]]:
    source = reading.source
    for name in sniff.files_of(source, "via_project"):
        yield name, _from_json(JsonFile(source.path(name), name).pairs("_via_img_metadata"))
    for name in sniff.files_of(source, "via_regions"):
        yield name, _from_json(JsonFile(source.path(name), name, list_depth=1).pairs(""))
    for name in _tables(source):
        yield name, _from_csv(reading, name)


def _class_key(reading: Reading, name: str) -> str:
    """The attribute that is the class, where the file says it; classes that our export names are taken in order."""
    if sniff.kind_of(reading.source, name) != "via_project":
        return ""
    file = JsonFile(reading.source.path(name), name)
    own = next(file.items(f"_via_settings.{OWN}"), None)
    if isinstance(own, Mapping):
        for label in own.get("classes") or ():
            reading.classes.index(str(label))
        return str(own.get("class") or "")
    known = dict(file.pairs("_via_attributes.region"))
    return next((key for key in CLASS_KEYS if key in known), next(iter(known), ""))


def _from_json(pairs: Iterator[tuple[str, Any]]) -> Iterator[_File]:
    for _, value in pairs:
        if not isinstance(value, Mapping) or not isinstance(value.get("filename"), str):
            continue
        regions = value.get("regions")
        items = list(regions.values()) if isinstance(regions, Mapping) else regions if isinstance(regions, list) else []
        about = value.get("file_attributes")
        yield _File(value["filename"], number_of(value.get("size")), items, about if isinstance(about, Mapping) else {})


def _from_csv(reading: Reading, name: str) -> Iterator[_File]:
    """Rows of one picture stand together."""
    now: _File | None = None
    csv.field_size_limit(_CELL)
    try:
        with reading.source.path(name).open(encoding=reading.source.encoding(name), newline="") as stream:
            rows = csv.DictReader(stream)
            for row in rows:
                filename, size = unguarded(row.get("filename") or ""), number_of(row.get("file_size"))
                if now is None or filename != now.filename:
                    if now:
                        yield now
                    now = _File(filename, size, [], _object(row.get("file_attributes")), rows.line_num)
                shape, about = _object(row.get("region_shape_attributes")), _object(row.get("region_attributes"))
                if shape:
                    now.regions.append({"shape_attributes": shape, "region_attributes": about, "line": rows.line_num})
    except (csv.Error, UnicodeDecodeError) as error:
        raise InvalidDataset(f"{name}: not a readable CSV file: {error}", code="csv_broken") from error
    if now:
        yield now


def _object(text: str | None) -> _Item:
    """A cell that holds an object; `undefined`, which VIA writes there, counts as null."""
    try:
        value = json.loads(_UNDEFINED.sub(":null", text or "{}"))
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, Mapping) else {}


def _picture(reading: Reading, one: _File, where: Where) -> Picture | None:
    reference = one.filename.partition("?")[0] if "://" in one.filename else one.filename
    wanted = "/".join(parts_of(reference))
    found = _by_size(reading.source, reference, one.size, where.file)
    if found is None:
        found = reading.find(reference, where)
    width, height = number_of(one.about.get("width")), number_of(one.about.get("height"))
    if found:
        return reading.picture(found, wanted=wanted)
    return reading.absent(wanted, width, height, where)


def _by_size(source: Source, reference: str, size: float, near: str) -> str | None:
    """The picture of this name; of several, the one of this size in bytes."""
    try:
        return source.find(reference, near=near)
    except Ambiguous:
        same = [name for name in source.ending(parts_of(reference)[-1]) if source.path(name).stat().st_size == size]
        return same[0] if len(same) == 1 else None


def _record(reading: Reading, one: _File, picture: Picture, where: Where, key: str) -> ImageRecord:
    raws = [raw for number, item in enumerate(one.regions) if (raw := _raw(reading, item, where, number, key))]
    about = one.about
    said = about.get("split", about.get("subset", ""))
    split = split_of_word(said) if isinstance(said, str) else None
    if not reading.own_export:
        folder = reading.split_of_folder(picture.source) if picture.source else None
        split = split or folder or split_of_path(where.file)
    tags = about.get("tags")
    state = state_said(raws, about.get("state"))
    kept = (
        [word.strip() for word in tags.split(",")] if isinstance(tags, str) else tags if isinstance(tags, list) else ()
    )
    numbers = {key for key in ("width", "height") if isinstance(about.get(key), int | float)}
    ours = (
        ("tags", kept),
        ("state", state),
        *((key, split_of_word(str(about.get(key)))) for key in ("split", "subset")),
    )
    taken = numbers | {key for key, mine in ours if mine}
    fields = read_fields(reading.problems, where, about, taken, words=True)
    return reading.record(picture, raws, split=split, state=state, tags=kept, metadata=fields)


def _raw(reading: Reading, item: Any, where: Where, number: int, key: str) -> Raw | None:
    line = item.get("line") if isinstance(item, Mapping) else None
    where = Where(where.file, line if isinstance(line, int) else None, f"region {number} of {where.thing}")
    place = item.get("shape_attributes") if isinstance(item, Mapping) else None
    if not isinstance(place, Mapping):
        reading.problems.add(where, "region_invalid", "has no shape_attributes")
        return None
    kind = str(place.get("name"))
    read_shape = _SHAPES.get(kind)
    if read_shape is None:
        reading.problems.add(where, "shape_unknown", f"{kind[:40]!r} is no shape that can be taken")
        return None
    try:
        shape = read_shape(place)
    except (Invalid, ValueError, TypeError, KeyError) as error:
        reading.problems.add(where, "shape_invalid", f"cannot be read: {str(error)[:100]}")
        return None
    about = item.get("region_attributes")
    about = about if isinstance(about, Mapping) else {}
    key = key or next((name for name in CLASS_KEYS if _word(about.get(name))), next(iter(about), ""))
    label = _word(about.get(key))
    if not label:
        reading.problems.add(where, "class_missing", "no attribute says its class: kept as 'unnamed'", "kept")
    rest = {name: _ticked(value) for name, value in about.items() if name != key}
    return Raw(
        class_name=label, shape=shape, where=where, attributes=scalars({k: v for k, v in rest.items() if v is not None})
    )


def _word(value: Any) -> str:
    value = _ticked(value)
    return "" if value is None or isinstance(value, bool) else str(value).strip()


def _ticked(value: Any) -> Value:
    """The value of an attribute; of check boxes, the names of those that are ticked."""
    if isinstance(value, Mapping):
        return ", ".join(str(name) for name, on in value.items() if on)
    return value if isinstance(value, str | int | float) else None


def _numbers(place: _Item, *keys: str) -> list[float]:
    return [number_of(place[key]) for key in keys]


def _rect(place: _Item) -> RawShape:
    x, y, w, h = _numbers(place, "x", "y", "width", "height")
    return RawBox(x, y, x + w, y + h)


def _circle(place: _Item) -> RawShape:
    cx, cy, r = _numbers(place, "cx", "cy", "r")
    return RawEllipse(cx, cy, r, r)


def _ellipse(place: _Item) -> RawShape:
    cx, cy, rx, ry = _numbers(place, "cx", "cy", "rx", "ry")
    angle = number_of(place.get("theta") or 0)
    return RawEllipse(cx, cy, rx, ry, math.remainder(angle, math.tau) if math.isfinite(angle) else angle)


def _points(place: _Item) -> list[Point]:
    pairs = zip(place["all_points_x"], place["all_points_y"], strict=True)
    return [(number_of(x), number_of(y)) for x, y in pairs]


def _polygon(place: _Item) -> RawShape:
    points = _points(place)
    closed = len(points) > 3 and points[0] == points[-1]  # VIA 1 repeats the first point
    return RawRings([points[:-1] if closed else points])


_SHAPES: dict[str, Callable[[_Item], RawShape]] = {
    "rect": _rect,
    "circle": _circle,
    "ellipse": _ellipse,
    "polygon": _polygon,
    "polyline": lambda place: RawLine(_points(place)),
    "point": lambda place: RawPoints([(number_of(place["cx"]), number_of(place["cy"]))]),
}
