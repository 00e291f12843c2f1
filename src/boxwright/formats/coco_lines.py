"""COCO: annotations as text, many at a time. Polygons that are text already are not read into objects for it."""

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

from boxwright.domain import rle
from boxwright.domain.geometry import Box, Ellipse, Geometry, Mask, Point, Points, Polygon, Polyline, RotatedBox
from boxwright.domain.jsontext import decode, encode
from boxwright.domain.manifest import Part, geometry_from_json
from boxwright.domain.rings import inner_text, measured, read_rings, ring_texts, rounded
from boxwright.formats.shapes import DIGITS
from boxwright.formats.writing import plain, plain_all

_ZEROS = bytes.maketrans(b"123456789", b"000000000")
_MORE = b".%b" % (b"0" * (DIGITS + 1))
_LARGEST = 1e15  # from here on JSON writes numbers in another way


class Told(NamedTuple):
    """An annotation and the numbers that the file has for it, its picture and its class."""

    item: Part
    id: int
    image_id: int
    category_id: int


def annotation_lines(told: Sequence[Told]) -> list[bytes]:
    """Return annotations as COCO has them."""
    texts = [_ready(one.item[1]) for one in told]
    quick = _quick([text for text in texts if text is not None])
    parts = [_slow(one.item[1]) if text is None else next(quick) for one, text in zip(told, texts, strict=True)]
    return [
        b'{"id":%d,"image_id":%d,"category_id":%d,"bbox":[%b],"area":%b,"iscrowd":%d,"segmentation":%b%b}'
        % (key, image_id, category_id, box, area, item[2]["crowd"], segmentation, _more(item[2]))
        for (item, key, image_id, category_id), (box, area, segmentation) in zip(told, parts, strict=True)
    ]


def _more(fields: Mapping[str, Any]) -> bytes:
    score, attributes = fields["score"], fields["attributes"]
    text = b"" if score is None else b',"score":%b' % encode(score)
    return text + (b',"attributes":%b' % encode(attributes) if attributes else b"")


def _slow(text: bytes) -> tuple[bytes, bytes, bytes]:
    """Box, area and segmentation of any geometry."""
    geometry = geometry_from_json(decode(text))
    x0, y0, x1, y1 = geometry.bounds
    box = encode([plain(x0), plain(y0), plain(x1 - x0), plain(y1 - y0)])
    return box[1:-1], encode(plain(geometry.area)), encode(segmentation_of(geometry))


def _ready(text: bytes) -> bytes | None:
    """The inner text of a polygon whose numbers can be written by the look of it; None for all others."""
    inner = inner_text(text)
    if inner is None or b"-" in inner or b"e" in inner or _MORE in inner.translate(_ZEROS):
        return None
    return inner


def _quick(inner: Sequence[bytes]) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Yield box, area and segmentation of polygons that are text, all made at once."""
    if not inner:
        return
    parts = [ring_texts(text) for text in inner]
    found = measured(read_rings([*chain.from_iterable(parts)]), [*map(len, parts)])
    found[:, 2:4] -= found[:, :2]
    numbers = rounded(found, DIGITS)
    rows = numbers.tolist() if numbers.max() < _LARGEST else [[*map(plain, row)] for row in numbers.tolist()]
    boxes = _whole(encode(rows)[2:-2].replace(b"],[", b"\n"))
    rings = _whole(b"\n".join(inner).replace(b"]],[[", b"|").replace(b"],[", b","))
    for numbers_text, text in zip(boxes, rings, strict=True):
        box, _, area = numbers_text.rpartition(b",")
        yield box, area, b"[[%b]]" % text.replace(b"|", b"],[")


def _whole(lines: bytes) -> list[bytes]:
    """Lines of numbers, where whole ones have no point."""
    text = (lines + b"\n").replace(b".0,", b",").replace(b".0|", b"|").replace(b".0\n", b"\n")
    return text.split(b"\n")[:-1]


def segmentation_of(geometry: Geometry) -> object:
    """Return polygons, or the runs of a mask; an empty list for what is a box or has no area."""
    match geometry:
        case Box():
            return []
        case Polygon():
            return [plain_all(chain.from_iterable(ring)) for ring in geometry.rings]
        case RotatedBox():
            return [plain_all(chain.from_iterable(corners(geometry)))]
        case Ellipse():
            return [plain_all(chain.from_iterable(geometry.ring))]
        case Polyline() | Points():
            return []
        case Mask():
            return {"size": [geometry.height, geometry.width], "counts": rle.to_text(geometry.counts)}


def corners(box: RotatedBox) -> tuple[Point, ...]:
    """Return the four corners in order, in pixels."""
    cos, sin = math.cos(box.angle), math.sin(box.angle)
    offsets = [(sx * box.w / 2, sy * box.h / 2) for sx, sy in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
    return tuple((box.cx + dx * cos - dy * sin, box.cy + dx * sin + dy * cos) for dx, dy in offsets)
