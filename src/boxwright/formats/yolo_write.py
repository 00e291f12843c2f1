"""YOLO: writing `data.yaml`, `images/<split>/` and `labels/<split>/` in the layout that Ultralytics reads.

A file of boxes has box lines. In a file with any other shape every line is a polygon, because readers take a file as
one or the other; boxes and rotated boxes are then their four corners, which reading makes boxes again.
"""

import json
import re
from collections.abc import Iterator, Sequence
from itertools import accumulate, chain

import numpy as np
import numpy.typing as npt

from boxwright.domain.exchange import Loss
from boxwright.domain.geometry import Box, Ellipse, Geometry, Mask, Point, Points, Polygon, Polyline, RotatedBox
from boxwright.domain.jsontext import encode
from boxwright.domain.manifest import ImageRecord, Part, parts_of_records
from boxwright.domain.outlines import outline
from boxwright.domain.rings import Floats, Ints, inner_text, read_rings, ring_texts
from boxwright.formats import report
from boxwright.formats.coco_lines import corners
from boxwright.formats.shapes import DIGITS
from boxwright.formats.writing import Dataset, Names, batched, count_renamed, pictures, share, splits_of
from boxwright.media.zipstream import Entry

_DECIMALS, _CLOSE = 12, 4e-10
_YAML_ONLY = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_CONCERNS = {
    "mask_as_polygon": "mask",
    "ellipse_as_polygon": "ellipse",
    "lines": "lines",
    "polygon_parts": "polygon_parts",
    "crowd": "crowd",
    "score": "score",
    "tags": "tags",
    "metadata": "metadata",
    "attributes": "attributes",
    "groups": "groups",
    "z_order": "z_order",
    "pixels_missing": "pixels_missing",
}


def losses(dataset: Dataset, stats: report.Stats) -> list[Loss]:
    """Return what YOLO cannot hold of this dataset."""
    stats.things["renamed"] = count_renamed(dataset, Names(unique_stems=True))
    return report.losses(stats, {**_CONCERNS, "renamed": "renamed"})


def entries(dataset: Dataset) -> Iterator[Entry]:
    """Yield the files of the export. An unlabelled picture has no label file, an empty one has an empty file."""
    yield Entry("data.yaml", _data_yaml(dataset).encode())
    names = Names(unique_stems=True)
    for some in batched(dataset.records):
        for record, text in zip(some, label_files(some), strict=True):
            name = names.take(record)
            if record.state != "unlabeled" or record.annotations:
                yield Entry(_label_path(_image_path(record, name)), text)
    yield from pictures(dataset, Names(unique_stems=True), _image_path)


def _data_yaml(dataset: Dataset) -> str:
    found = splits_of(dataset)
    splits = "".join(f"{split}: images/{split}\n" for split in ("train", "val", "test") if found[split])
    names = "".join(f"  {i}: {_quoted(item.name)}\n" for i, item in enumerate(dataset.header.classes))
    return f"{splits}nc: {len(dataset.header.classes)}\nnames:\n{names}" if names else f"{splits}nc: 0\nnames: []\n"


def _quoted(text: str) -> str:
    """A YAML string: JSON's, with the line breaks and marks escaped that only YAML knows."""
    return _YAML_ONLY.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(text, ensure_ascii=False))


def _image_path(record: ImageRecord, name: str) -> str:
    return f"images/{record.split}/{name}"


def _label_path(image: str) -> str:
    """Where readers look: the last folder `images` on the way is replaced."""
    parts = image.split("/")
    at = max(i for i, part in enumerate(parts[:-1]) if part == "images")
    stem = parts[-1].rpartition(".")[0]
    return "/".join([*parts[:at], "labels", *parts[at + 1 : -1], f"{stem}.txt"])


def label_files(records: Sequence[ImageRecord]) -> list[bytes]:
    """Return the label files of pictures. Those with nothing but plain polygons are made together."""
    parts = parts_of_records(records)
    inner = [_plain_rings(some) for some in parts]
    plain = [
        (record, [part[0] for part in some]) for record, some, texts in zip(records, parts, inner, strict=True) if texts
    ]
    texts = iter(_plain_texts(plain, [*chain.from_iterable(inner)]))
    return [
        found if some and (found := next(texts)) is not None else "".join(lines(record)).encode()
        for record, some in zip(records, inner, strict=True)
    ]


def _plain_rings(parts: Sequence[Part]) -> list[bytes]:
    """The texts of the rings, where each annotation is a polygon of one ring; else none."""
    found = []
    for _, text, _ in parts:
        inner = inner_text(text)
        if inner is None or len(ring_texts(inner)) > 1:
            return []
        found.append(inner)
    return found


def _plain_texts(records: Sequence[tuple[ImageRecord, list[int]]], inner: Sequence[bytes]) -> Iterator[bytes | None]:
    """Yield label files of pictures, each with its classes, with these rings; None where shares need a closer look."""
    if not records:
        return
    rings = read_rings(inner)
    counts = np.array([len(classes) for _, classes in records])
    first = np.cumsum(counts) - counts
    sizes = np.repeat([(record.width, record.height) for record, _ in records], counts, 0).repeat(rings.lengths, 0)
    shares, close = _shares(rings.points, sizes)
    fine = np.logical_and.reduceat(close, rings.starts[first])
    values, ends = shares.ravel().tolist(), (2 * (rings.starts + rings.lengths)).tolist()
    text = encode([values[begin:end] for begin, end in zip([0, *ends], ends, strict=False)])
    texts = iter(text[2:-2].replace(b"],[", b"\n").replace(b",", b" ").split(b"\n"))
    for (_, classes), good in zip(records, fine.tolist(), strict=True):
        lined = b"".join([b"%d %b\n" % (rank, next(texts)) for rank in classes])
        yield lined if good else None


def lines(record: ImageRecord) -> Iterator[str]:
    """Yield the lines of a picture's label file, each with its line end."""
    shapes = [item.geometry for item in record.annotations]
    if all(isinstance(shape, Box) for shape in shapes):
        texts = [" ".join(box_values(shape, record.width, record.height)) for shape in shapes if isinstance(shape, Box)]
    else:
        texts = _ring_texts([ring_of(shape) for shape in shapes], record.width, record.height)
    for item, text in zip(record.annotations, texts, strict=True):
        yield f"{item.class_index} {text}\n"


def box_values(box: Box, width: int, height: int) -> list[str]:
    """Return centre and size in shares, with so many decimals that reading gives the same edges again."""
    for decimals in (6, 9, 12, 15, 17):
        texts = [
            f"{(box.x0 + box.x1) / 2 / width:.{decimals}f}",
            f"{(box.y0 + box.y1) / 2 / height:.{decimals}f}",
            f"{(box.x1 - box.x0) / width:.{decimals}f}",
            f"{(box.y1 - box.y0) / height:.{decimals}f}",
        ]
        cx, cy, w, h = map(float, texts)
        edges = ((cx - w / 2) * width, (cy - h / 2) * height, (cx + w / 2) * width, (cy + h / 2) * height)
        if all(round(a, DIGITS) == round(b, DIGITS) for a, b in zip(edges, box.bounds, strict=True)):
            break
    return texts


def _ring_texts(rings: list[list[Point]], width: int, height: int) -> list[str]:
    """Return rings in shares, with so many decimals that reading gives the same points again."""
    pixels = np.array([*chain.from_iterable(rings)])
    size = np.array((width, height))
    shares, close = _shares(pixels, size)
    if close.all():
        values = shares.ravel().tolist()
    else:
        values = [_near(value, (width, height)[at & 1]) for at, value in enumerate(pixels.ravel().tolist())]
    ends = accumulate(2 * len(ring) for ring in rings)
    return [
        encode(values[end - 2 * len(ring) : end])[1:-1].replace(b",", b" ").decode()
        for ring, end in zip(rings, ends, strict=True)
    ]


def _shares(pixels: Floats, size: Ints) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Return points in shares, and which of them are found again."""
    shares = np.round(pixels / size, _DECIMALS)
    # Reading rounds to nine decimals: what has no more, and is met as closely as this, is found again.
    close = (np.round(pixels, DIGITS) == pixels) & (np.abs(shares * size - pixels) < _CLOSE)
    return shares, close.all(1)


def _near(value: float, size: int) -> float:
    return float(share(value, size, lambda part: round(part * size, DIGITS)))


def ring_of(geometry: Geometry) -> list[Point]:
    """Return one ring for any geometry; parts and holes are joined by lines without width."""
    match geometry:
        case Box(x0=x0, y0=y0, x1=x1, y1=y1):
            return [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]
        case RotatedBox():
            return list(corners(geometry))
        case Ellipse():
            return list(geometry.ring)
        case Polyline() | Points():
            return list(geometry.points)
        case Polygon():
            return _joined(geometry.rings)
        case Mask():
            return _joined(outline(geometry))


def _joined(rings: tuple[tuple[Point, ...], ...]) -> list[Point]:
    first, *others = rings
    if not others:
        return list(first)
    start = first[0]
    ring = [*first, start]
    for other in others:
        ring += [*other, other[0], start]
    return ring
