"""Label Studio: the regions of one annotation, and what is said about each of them."""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from boxwright.domain.errors import Invalid
from boxwright.domain.geometry import Point
from boxwright.formats.brush import alpha_runs
from boxwright.formats.patches import counts_of, pixels_of
from boxwright.formats.problems import Where
from boxwright.formats.reading import Raw, Reading
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
from boxwright.formats.values import Value, finite, number_of

_Size = tuple[int, int]
_Item = Mapping[str, Any]
_ABOUT = ("choices", "textarea", "number", "rating", "taxonomy")


@dataclass(frozen=True, slots=True)
class Regions:
    """Where regions belong: the reading, the task, and the size that percents refer to."""

    reading: Reading
    where: Where
    size: _Size

    def report(self, item: _Item, code: str, message: str, *, kept: bool = False) -> None:
        """Report something about a region."""
        thing = f"{self.where.thing}, region {str(item.get('id', '?'))[:40]}"
        self.reading.problems.add(Where(self.where.file, None, thing), code, message, "kept" if kept else "skipped")


def read_regions(regions: Regions, results: Iterable[Any]) -> tuple[list[Raw], list[str]]:
    """Return the shapes, and the choices about the whole picture as tags."""
    by_id: dict[str, list[_Item]] = {}
    tags: list[str] = []
    for number, item in enumerate(results):
        if not isinstance(item, Mapping) or not isinstance(item.get("value"), Mapping):
            regions.report({"id": number}, "region_invalid", "has no value")
        elif item.get("type") == "relation":
            regions.reading.problems.note(f"{regions.where.file}: relations between regions are not taken")
        else:
            by_id.setdefault(str(item.get("id") or f"#{number}"), []).append(item)
    raws = []
    for group in by_id.values():
        shape_items = [item for item in group if _shape_of(item)]
        if shape_items:
            raw = _raw(regions, shape_items[0], group)
            raws += [raw] if raw else []
        else:
            tags += _tags(regions, group)
    return raws, tags


def _shape_of(item: _Item) -> Callable[[_Item, _Size], RawShape] | None:
    kind = str(item.get("type") or "").removesuffix("labels")
    if kind in _SHAPES:
        return _SHAPES[kind]
    value = item["value"]
    return next((_SHAPES[key.removesuffix("labels")] for key in value if key.removesuffix("labels") in _SHAPES), None)


def _tags(regions: Regions, group: list[_Item]) -> list[str]:
    tags: list[str] = []
    for item in group:
        choices = item["value"].get("choices")
        if isinstance(choices, list):
            tags += [choice for choice in choices if isinstance(choice, str)]
        else:
            regions.report(item, "region_left", f"{str(item.get('type'))[:40]!r} has no shape that can be taken")
    return tags


def _raw(regions: Regions, item: _Item, group: list[_Item]) -> Raw | None:
    labels = [label for one in group for label in _labels(one)]
    read_shape = _shape_of(item)
    try:
        shape = read_shape(item["value"], regions.size) if read_shape else None
    except (Invalid, ValueError, TypeError, KeyError, OverflowError) as error:
        message = error.message if isinstance(error, Invalid) else f"cannot be read: {str(error)[:100]}"
        regions.report(item, "shape_invalid", message)
        return None
    if shape is None:
        return None
    if not labels:
        regions.report(item, "class_missing", "has no label: kept as 'unnamed'", kept=True)
    if len(labels) > 1:
        regions.report(item, "several_labels", f"has {len(labels)} labels: {labels[0][:100]!r} is taken", kept=True)
    if item.get("image_rotation"):
        regions.report(item, "image_rotation", "was drawn on a picture turned in the editor: look at it", kept=True)
    external = item.get("id")
    return Raw(
        class_name=labels[0] if labels else "",
        shape=shape,
        where=Where(regions.where.file, None, f"{regions.where.thing}, region {str(item.get('id', '?'))[:40]}"),
        score=finite(item.get("score")),
        external_id=external[:100] if isinstance(external, str) and "numbered" not in item else None,
        attributes=_attributes(group),
    )


def _labels(item: _Item) -> list[str]:
    value = item["value"]
    found = (value[key] for key in value if key.endswith("labels") and isinstance(value[key], list))
    return [label for labels in found for label in labels if isinstance(label, str)]


def _attributes(group: list[_Item]) -> dict[str, Value]:
    """What is said about a region by choices, texts, numbers and ratings, by the names of these fields."""
    found: dict[str, Value] = {}
    for item in group:
        key = str(item.get("from_name") or "").strip()[:200]
        kind = str(item.get("type") or "")
        value = item["value"].get("text" if kind == "textarea" else kind)
        if not key or kind not in _ABOUT or value is None:
            continue
        if kind == "choices" and value in (["true"], ["false"]):
            found[key] = value == ["true"]
        elif isinstance(value, list):
            flat = (word for part in value for word in (part if isinstance(part, list) else [part]))
            found[key] = ", ".join(str(word) for word in flat)
        elif isinstance(value, str | int | float):
            found[key] = value
    return found


def _points(pairs: Any, size: _Size) -> list[Point]:
    return [(number_of(x) / 100 * size[0], number_of(y) / 100 * size[1]) for x, y in pairs]


def _numbers(value: _Item, size: _Size, *keys: str) -> list[float]:
    sides = {"x": 0, "width": 0, "radiusX": 0, "y": 1, "height": 1, "radiusY": 1}
    return [number_of(value[key]) / 100 * size[sides[key]] for key in keys]


def _rectangle(value: _Item, size: _Size) -> RawShape:
    x, y, w, h = _numbers(value, size, "x", "y", "width", "height")
    angle = radians_of(number_of(value.get("rotation") or 0))
    if angle == 0:
        return RawBox(x, y, x + w, y + h)
    cos, sin = math.cos(angle), math.sin(angle)
    return RawRotated(x + w / 2 * cos - h / 2 * sin, y + w / 2 * sin + h / 2 * cos, w, h, angle)


def _ellipse(value: _Item, size: _Size) -> RawShape:
    x, y, rx, ry = _numbers(value, size, "x", "y", "radiusX", "radiusY")
    return RawEllipse(x, y, rx, ry, radians_of(number_of(value.get("rotation") or 0)))


def _vector(value: _Item, size: _Size) -> RawShape:
    points = _points([(vertex["x"], vertex["y"]) for vertex in value["vertices"]], size)
    return RawRings([points]) if value.get("closed") else RawLine(points)


def _brush(value: _Item, size: _Size) -> RawShape:
    pixels = pixels_of(alpha_runs(value["rle"], *size), *size)
    return RawMask(*size, counts_of(pixels, 0, 0, *size))


_SHAPES: dict[str, Callable[[_Item, _Size], RawShape]] = {
    "rectangle": _rectangle,
    "ellipse": _ellipse,
    "polygon": lambda value, size: RawRings([_points(value["points"], size)]),
    "keypoint": lambda value, size: RawPoints(_points([(value["x"], value["y"])], size)),
    "brush": _brush,
    "vector": _vector,
}
