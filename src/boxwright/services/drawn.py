"""Annotations of an import on their way into the database: shapes stay the text that they are."""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any, NamedTuple

from boxwright.domain.annotations import Annotation, Drawn
from boxwright.domain.clipping import clip
from boxwright.domain.geometry import Bounds
from boxwright.domain.jsontext import decode, encode
from boxwright.domain.manifest import ImageRecord, geometry_from_json, geometry_to_json, parts_of_records
from boxwright.domain.rings import inner_text, measured, read_rings, ring_texts

Size = tuple[float, float, float, float, float]
"""Bounds and area."""
Shape = tuple[str, str, Bounds, float]
"""The JSON of a geometry, its type, bounds and area."""
_BOX = b',"type":"box"}'


class Sized(NamedTuple):
    """An annotation of a record: its class, the JSON of its geometry, what else it says, and its size.

    There is no size where the geometry has to be read for it.
    """

    class_index: int
    text: bytes
    fields: dict[str, Any]
    size: Size | None


def drawn_parts(records: Sequence[ImageRecord]) -> list[list[Sized]]:
    """Return the annotations of each record, all read and measured together."""
    found = parts_of_records(records)
    sizes = iter(_sizes([text for some in found for _, text, _ in some]))
    return [[Sized(*part, next(sizes)) for part in some] for some in found]


def _sizes(texts: Sequence[bytes]) -> list[Size | None]:
    inner = [inner_text(text) for text in texts]
    rings = [ring_texts(text) for text in inner if text is not None]
    counts = [*map(len, rings)]
    polygons = iter(measured(read_rings([*chain.from_iterable(rings)]), counts).tolist() if rings else ())
    boxes = _box_sizes([text for text in texts if text.endswith(_BOX)])
    return [
        tuple(next(polygons)) if rest is not None else (next(boxes) if text.endswith(_BOX) else None)
        for text, rest in zip(texts, inner, strict=True)
    ]


def _box_sizes(texts: Sequence[bytes]) -> Iterator[Size]:
    for box in decode(b"[%b]" % b",".join(texts)):
        x0, y0, x1, y1 = box["x0"], box["y0"], box["x1"], box["y1"]
        yield x0, y0, x1, y1, (x1 - x0) * (y1 - y0)


def shape_of(part: Sized, width: int, height: int) -> Shape | None:
    """Return what of a geometry lies in a picture; None where nothing does. Raises Invalid."""
    if part.size is not None:
        x0, y0, x1, y1, area = part.size
        if 0 <= x0 < x1 <= width and 0 <= y0 < y1 <= height:
            kind = "box" if part.text.endswith(_BOX) else "polygon"
            return part.text.decode(), kind, (x0, y0, x1, y1), area
    geometry = clip(geometry_from_json(decode(part.text)), width, height)
    if geometry is None:
        return None
    return encode(geometry_to_json(geometry)).decode(), geometry.type, geometry.bounds, geometry.area


def is_proposal(item: Annotation | Drawn) -> bool:
    """Tell whether nobody has reviewed it."""
    return item.state == "proposal"


def reviewed(items: Sequence[Annotation | Drawn]) -> int:
    """Return how many are no proposals."""
    return sum([item.state != "proposal" for item in items])


def signature(item: Annotation | Drawn) -> tuple[object, ...]:
    """Return what makes two annotations the same: class, kind of shape, place to a hundredth of a pixel."""
    if isinstance(item, Drawn):
        kind, bounds, area = item.type, (item.x0, item.y0, item.x1, item.y1), item.area
    else:
        kind, bounds, area = item.geometry.type, item.geometry.bounds, item.geometry.area
    return (item.class_id, kind, *(round(value, 2) for value in bounds), round(area, 1))
