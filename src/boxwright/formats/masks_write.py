"""Segmentation masks: writing a PNG a picture with the class, and one with the number of the object, of each pixel.

The layout is that of VOC's segmentation, as CVAT and Datumaro read it: `SegmentationClass`, `SegmentationObject`,
`labelmap.txt` with the colours, `ImageSets/Segmentation`, `JPEGImages`. 0 is background; class n of the list is n + 1.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from boxwright.domain import raster
from boxwright.domain.exchange import Loss
from boxwright.domain.geometry import Box, Geometry, Mask, Points, Polygon, Polyline
from boxwright.domain.manifest import ImageRecord
from boxwright.formats import report
from boxwright.formats.patches import patch_of
from boxwright.formats.writing import Dataset, Names, count_renamed, one_line, pictures
from boxwright.formats.yolo_write import ring_of
from boxwright.media import encode_plane
from boxwright.media.zipstream import Entry

_CONCERNS = {
    "shapes_as_pixels": "shapes_as_pixels",
    "lines": "lines",
    "crowd": "crowd",
    "score": "score",
    "tags": "tags",
    "metadata": "metadata",
    "attributes": "attributes",
    "groups": "groups",
    "pixels_missing": "pixels_missing",
    "renamed": "renamed",
}
_SMALL = 255  # what a byte can tell apart


def losses(dataset: Dataset, stats: report.Stats) -> list[Loss]:
    """Return what masks cannot hold of this dataset."""
    stats.things["renamed"] = count_renamed(dataset, Names(unique_stems=True))
    stats.things["shapes_as_pixels"] = stats.annotations - stats.things["lines"]
    return report.losses(stats, _CONCERNS)


def entries(dataset: Dataset) -> Iterator[Entry]:
    """Yield the files of the export; a picture that is not labelled yet has no masks."""
    colors = palette()
    rows = ["# label:color_rgb:parts:actions", "background:0,0,0::"]
    for number, item in enumerate(dataset.header.classes, start=1):
        red, green, blue = colors[3 * (number % 256) : 3 * (number % 256) + 3]
        rows.append(f"{one_line(item.name)}:{red},{green},{blue}::")
    yield Entry("labelmap.txt", ("\n".join(rows) + "\n").encode())
    for split in ("train", "val", "test"):
        if any(record.split == split for record in dataset.records):
            yield Entry(f"ImageSets/Segmentation/{split}.txt", _list(dataset, split))
    names = Names(unique_stems=True)
    for record in dataset.records:
        stem = names.take(record).rpartition(".")[0]
        if record.state != "unlabeled" or record.annotations:
            classes, objects = planes(record, len(dataset.header.classes))
            yield Entry(f"SegmentationClass/{stem}.png", _png(classes, colors))
            yield Entry(f"SegmentationObject/{stem}.png", _png(objects, colors))
    yield from pictures(dataset, Names(unique_stems=True), lambda _, name: f"JPEGImages/{name}")


def _list(dataset: Dataset, split: str) -> bytes:
    names = Names(unique_stems=True)
    taken = ((names.take(record).rpartition(".")[0], record.split) for record in dataset.records)
    return "".join(f"{stem}\n" for stem, own in taken if own == split).encode()


def planes(record: ImageRecord, classes: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return for each pixel the class (from 1) and the object (from 1) that lies uppermost; 0 where there is none."""
    size = (record.height, record.width)
    kinds = np.zeros(size, np.uint8 if classes <= _SMALL else np.uint16)
    objects = np.zeros(size, np.uint8 if len(record.annotations) <= _SMALL else np.uint16)
    order = sorted(enumerate(record.annotations), key=lambda pair: pair[1].z)
    for number, item in order:
        x, y, inside = pixels(item.geometry, record.width, record.height)
        place = np.s_[y : y + inside.shape[0], x : x + inside.shape[1]]
        kinds[place][inside] = item.class_index + 1
        objects[place][inside] = number + 1
    return kinds, objects


def pixels(geometry: Geometry, width: int, height: int) -> tuple[int, int, NDArray[np.bool_]]:
    """Return left, top and pixels of a shape; a pixel belongs to it where its centre does."""
    if isinstance(geometry, Mask):
        return patch_of(geometry)
    if isinstance(geometry, Polyline | Points):
        return 0, 0, np.zeros((0, 0), bool)
    rings = geometry.rings if isinstance(geometry, Polygon) else (tuple(ring_of(geometry)),)
    x, y, inside = raster.patch(Polygon(rings=rings), width, height)
    if isinstance(geometry, Box) and not inside.any():  # thinner than a pixel: the one it lies on
        x, y = min(int(geometry.x0), width - 1), min(int(geometry.y0), height - 1)
        return x, y, np.ones((1, 1), bool)
    return x, y, inside


def _png(values: NDArray[Any], colors: bytes) -> bytes:
    return encode_plane(values, colors if values.dtype == np.uint8 else None)


def palette() -> bytes:
    """The colours of VOC: the bits of a number, spread over red, green and blue from the highest bit on."""
    colors = bytearray()
    for number in range(256):
        for channel in range(3):
            colors.append(sum((number >> (3 * bit + channel) & 1) << (7 - bit) for bit in range(3)))
    return bytes(colors)
