"""What an export cannot hold, counted before anything is written."""

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain

from boxwright.domain.exchange import Loss
from boxwright.domain.geometry import LINES, Point, Polygon
from boxwright.domain.jsontext import decode
from boxwright.domain.manifest import (
    ImageRecord,
    ManifestHeader,
    Part,
    geometry_from_json,
    kind_of,
    parts_of_records,
)
from boxwright.formats.writing import batched, whole


@dataclass(slots=True)
class Stats:
    """Counts over a dataset; `things` counts what some format may have to give up, by code."""

    images: int = 0
    annotations: int = 0
    splits: Counter[str] = field(default_factory=Counter)
    things: Counter[str] = field(default_factory=Counter)
    area_ids: "array[int]" = field(default_factory=lambda: array("q"))  # as a `Dataset` has them


# What is lost, in words. Every writer lists the codes that concern it.
MESSAGES = {
    "polygon_as_box": "polygons become their enclosing boxes",
    "mask_as_box": "masks become their enclosing boxes",
    "mask_as_polygon": "masks become polygons along the edges of their pixels",
    "rotated_as_box": "rotated boxes become their enclosing boxes",
    "rotated_as_polygon": "rotated boxes become polygons of four points",
    "ellipse_as_box": "ellipses become their enclosing boxes",
    "ellipse_as_polygon": "ellipses become polygons of the same area",
    "lines": "polylines and points are left out: the format has areas only",
    "polygon_parts": "polygons of several parts become one ring whose parts are joined by lines without width",
    "polygon_holes": "holes of polygons are filled: this format unites the parts",
    "crowd": "the crowd flag is left out",
    "score": "scores are left out",
    "attributes": "attributes are left out",
    "tags": "tags of pictures are left out",
    "metadata": "metadata fields of pictures are left out",
    "groups": "groups of objects are left out",
    "z_order": "the order in which objects lie over each other is left out",
    "lines_left": "polylines are left out",
    "points_apart": "points that belong together become single points",
    "single_precision": "boxes are written as 32-bit floats: to about seven digits",
    "shapes_as_pixels": "shapes become pixels; where objects overlap, the uppermost counts",
    "shapes_cropped": "shapes become crops of their enclosing boxes",
    "crops": "pictures become crops of their objects; what lies around them is left out",
    "empty_unlabeled": "that a picture was looked at and is empty is left out: it reads as not labelled",
    "attribute_values": "attributes without a value are left out; those with values of several kinds become text",
    "unlabeled_split": "the split of pictures that are not labelled yet is left out",
    "class_unused": "classes without a box are left out",
    "pixels_missing": "the file of the picture is not at hand, so it is not in the archive",
    "renamed": "pictures had to be renamed: their name is not possible here, or clashes with another one",
}


def gather(header: ManifestHeader, records: Iterable[ImageRecord]) -> Stats:
    """Count what `records` hold, in one pass."""
    stats = Stats()
    used: set[int] = set()
    for some in batched(records):
        for record in some:
            stats.images += 1
            stats.annotations += len(record.annotations)
            stats.splits[record.split] += 1
            stats.things["tags"] += bool(record.tags)
            stats.things["metadata"] += bool(record.metadata)
            stats.things["unlabeled_split"] += record.state == "unlabeled" and record.split != "none"
            stats.things["pixels_missing"] += record.path is None
        _count([*chain.from_iterable(parts_of_records(some))], stats, used)
    stats.things["class_unused"] = len(header.classes) - len(used)
    return stats


def _count(parts: Sequence[Part], stats: Stats, used: set[int]) -> None:
    kinds, fields = [kind_of(text) for _, text, _ in parts], [about for *_, about in parts]
    things = Counter(kinds)
    things["lines"] = sum(things[kind] for kind in LINES)
    things["crowd"] = sum([about["crowd"] for about in fields])
    things["score"] = sum([about["score"] is not None for about in fields])
    things["attributes"] = sum([bool(about["attributes"]) for about in fields])
    things["groups"] = sum([about.get("group_id") is not None for about in fields])
    things["z_order"] = sum([about.get("z", 0) != 0 for about in fields])
    stats.things.update(things)
    used.update([rank for rank, *_ in parts])
    ids = (about["external_id"] for kind, about in zip(kinds, fields, strict=True) if kind not in LINES)
    stats.area_ids.extend(map(whole, ids))
    for _, text, _ in parts:
        if b"]],[[" in text:  # only polygons of several rings have that
            polygon = geometry_from_json(decode(text))
            stats.things["polygon_parts"] += 1
            stats.things["polygon_holes"] += isinstance(polygon, Polygon) and has_hole(polygon)


def has_hole(polygon: Polygon) -> bool:
    """Tell whether all points of a ring lie within another one."""
    return any(
        all(_within(point, outer) for point in inner)
        for inner in polygon.rings
        for outer in polygon.rings
        if inner is not outer
    )


def _within(point: Point, ring: tuple[Point, ...]) -> bool:
    """Even-odd rule: how often a ray to the right crosses the ring."""
    x, y = point
    inside = False
    for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1], strict=True):
        if (ay > y) != (by > y) and x < ax + (y - ay) * (bx - ax) / (by - ay):
            inside = not inside
    return inside


def losses(stats: Stats, concerns: dict[str, str]) -> list[Loss]:
    """Return the losses that really occur; `concerns` maps a code of MESSAGES to the thing that `Stats` counts."""
    return [
        Loss(code=code, message=MESSAGES[code], count=stats.things[thing])
        for code, thing in concerns.items()
        if stats.things[thing]
    ]
