"""Crops: writing each object as a picture of its own, in a folder a split and a class, for training classifiers.

`crops.csv` says of each crop where it comes from. The pixels are those of the upright picture.
"""

import csv
import io
import math
from collections.abc import Iterator
from pathlib import Path

from boxwright.domain.errors import InvalidImage
from boxwright.domain.exchange import Loss
from boxwright.domain.geometry import clip_box
from boxwright.domain.manifest import ImageRecord
from boxwright.formats import report
from boxwright.formats.csv_boxes import guarded
from boxwright.formats.paths import folded, suffix_of
from boxwright.formats.writing import Dataset, Names, possible
from boxwright.media import decode_rgb, encode_jpeg, encode_png
from boxwright.media.zipstream import Entry

_CONCERNS = {
    "crops": "images",
    "shapes_cropped": "shapes_cropped",
    "lines": "lines",
    "crowd": "crowd",
    "score": "score",
    "tags": "tags",
    "metadata": "metadata",
    "attributes": "attributes",
    "groups": "groups",
    "z_order": "z_order",
    "class_unused": "class_unused",
    "pixels_missing": "pixels_missing",
}
_QUALITY = 95
_TITLES = ("crop", "source", "class", "xmin", "ymin", "xmax", "ymax")
_Window = tuple[int, int, int, int]


def losses(_: Dataset, stats: report.Stats) -> list[Loss]:
    """Return what crops cannot hold of this dataset."""
    stats.things["images"] = stats.images
    stats.things["shapes_cropped"] = stats.annotations - stats.things["box"] - stats.things["lines"]
    return report.losses(stats, _CONCERNS)


def entries(dataset: Dataset) -> Iterator[Entry]:
    """Yield the files of the export; without the pictures only the list."""
    folders = _folders(dataset)
    yield Entry("crops.csv", _table(dataset, folders))
    if not dataset.with_images:
        return
    names = Names(unique_stems=True)
    for record in dataset.records:
        name = names.take(record)
        windows = list(_windows(record, name, folders))
        if record.path is None or not windows:
            continue
        try:
            rgb = decode_rgb(Path(record.path))
        except InvalidImage:
            continue
        for path, _, (x0, y0, x1, y1) in windows:
            crop = rgb[y0:y1, x0:x1]
            yield Entry(path, encode_jpeg(crop, _QUALITY) if path.endswith(".jpg") else encode_png(crop))


def _folders(dataset: Dataset) -> list[str]:
    """A folder a class: possible on every system, different also without case."""
    found: list[str] = []
    taken: set[str] = set()
    for item in dataset.header.classes:
        name = base = possible(" ".join(item.name.replace("/", "_").split())[:100]) or "unnamed"
        number = 2
        while folded(name) in taken:
            name = f"{base}-{number}"
            number += 1
        taken.add(folded(name))
        found.append(name)
    return found


def _windows(record: ImageRecord, name: str, folders: list[str]) -> Iterator[tuple[str, int, _Window]]:
    """Path, number of the annotation, and the whole pixels that its box touches."""
    stem = name.rpartition(".")[0]
    suffix = ".jpg" if suffix_of(name) in (".jpg", ".jpeg", ".jpe", ".jfif") else ".png"
    for number, item in enumerate(record.annotations):
        box = clip_box(item.geometry.bounds, record.width, record.height)
        if box:
            x1, y1 = min(record.width, math.ceil(box.x1)), min(record.height, math.ceil(box.y1))
            window = (math.floor(box.x0), math.floor(box.y0), x1, y1)
            path = f"{record.split}/{folders[item.class_index]}/{stem}_{number + 1:04d}{suffix}"
            yield path, number, window


def _table(dataset: Dataset, folders: list[str]) -> Iterator[bytes]:
    yield _line(_TITLES)
    names = Names(unique_stems=True)
    for record in dataset.records:
        for path, number, window in _windows(record, names.take(record), folders):
            label = dataset.header.classes[record.annotations[number].class_index].name
            yield _line((guarded(path), guarded(record.name), guarded(label), *window))


def _line(cells: tuple[object, ...]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue().encode()
