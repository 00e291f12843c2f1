"""Annotations of an import on their way into the database: polygons stay the text that they are."""

from collections.abc import Sequence
from itertools import chain

from boxwright.domain.annotations import Annotation, Drawn
from boxwright.domain.clipping import clip
from boxwright.domain.geometry import Bounds
from boxwright.domain.jsontext import encode
from boxwright.domain.manifest import ImageRecord, Labelled, geometry_to_json
from boxwright.domain.rings import inner_text, measured, read_rings, ring_texts

Size = tuple[float, float, float, float, float]
"""Bounds and area."""
Shape = tuple[str, str, Bounds, float]
"""The JSON of a geometry, its type, bounds and area."""


def sizes_of(records: Sequence[ImageRecord]) -> list[list[Size | None]]:
    """Return the sizes of the polygons of each record, reckoned together; None for whatever has to be read."""
    inner = [
        [None if item.text is None else inner_text(item.text) for item in record.annotations] for record in records
    ]
    parts = [ring_texts(text) for texts in inner for text in texts if text is not None]
    if not parts:
        return [[None] * len(texts) for texts in inner]
    rows = iter(measured(read_rings([*chain.from_iterable(parts)]), [*map(len, parts)]).tolist())
    return [[None if text is None else tuple(next(rows)) for text in texts] for texts in inner]


def shape_of(item: Labelled, size: Size | None, width: int, height: int) -> Shape | None:
    """Return what of a geometry lies in a picture; None where nothing does. Raises Invalid."""
    if size is not None and item.text is not None:
        x0, y0, x1, y1, area = size
        if x0 >= 0 and y0 >= 0 and x1 <= width and y1 <= height:
            return item.text.decode(), "polygon", (x0, y0, x1, y1), area
    geometry = clip(item.geometry, width, height)
    if geometry is None:
        return None
    return encode(geometry_to_json(geometry)).decode(), geometry.type, geometry.bounds, geometry.area


def is_proposal(item: Annotation | Drawn) -> bool:
    """Tell whether nobody has reviewed it."""
    return item.state == "proposal"


def reviewed(items: Sequence[Annotation | Drawn]) -> int:
    """Return how many are no proposals."""
    return sum(not is_proposal(item) for item in items)


def signature(item: Annotation | Drawn) -> tuple[object, ...]:
    """Return what makes two annotations the same: class, kind of shape, place to a hundredth of a pixel."""
    shape = item if isinstance(item, Drawn) else item.geometry
    return (item.class_id, shape.type, *(round(value, 2) for value in shape.bounds), round(shape.area, 1))
