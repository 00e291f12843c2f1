"""CreateML: writing a folder a split, with its pictures and `annotations.json`, as Create ML opens them.

A picture that is not labelled yet is not in the list. Without the files of pictures their sizes are written too.
"""

import json
from collections.abc import Iterator

from boxwright.domain.exchange import Loss
from boxwright.domain.manifest import ImageRecord, Labelled
from boxwright.domain.projects import SPLITS
from boxwright.formats import report
from boxwright.formats.writing import Dataset, Names, count_renamed, pictures
from boxwright.media.zipstream import Entry

_CONCERNS = {
    "polygon_as_box": "polygon",
    "mask_as_box": "mask",
    "rotated_as_box": "rotated_box",
    "ellipse_as_box": "ellipse",
    "lines": "lines",
    "crowd": "crowd",
    "tags": "tags",
    "metadata": "metadata",
    "attributes": "attributes",
    "groups": "groups",
    "z_order": "z_order",
    "class_unused": "class_unused",
    "pixels_missing": "pixels_missing",
    "renamed": "renamed",
}


def losses(dataset: Dataset, stats: report.Stats) -> list[Loss]:
    """Return what CreateML cannot hold of this dataset."""
    stats.things["renamed"] = count_renamed(dataset, Names())
    return report.losses(stats, _CONCERNS)


def entries(dataset: Dataset) -> Iterator[Entry]:
    """Yield the files of the export."""
    for split in SPLITS:
        if any(record.split == split for record in dataset.records):
            yield Entry(f"{split}/annotations.json", _document(dataset, split))
    yield from pictures(dataset, Names(), lambda record, name: f"{record.split}/{name}")


def _document(dataset: Dataset, split: str) -> Iterator[bytes]:
    names, first = Names(), True
    yield b"["
    for record in dataset.records:
        name = names.take(record)
        if record.split == split and (record.state != "unlabeled" or record.annotations):
            text = json.dumps(_picture(dataset, record, name), ensure_ascii=False, separators=(",", ":"))
            yield (b"\n" if first else b",\n") + text.encode()
            first = False
    yield b"\n]\n"


def _picture(dataset: Dataset, record: ImageRecord, name: str) -> dict[str, object]:
    marks = [_mark(item, dataset.header.classes[item.class_index].name) for item in record.annotations]
    value: dict[str, object] = {"image": name, "annotations": marks}
    if record.path is None or not dataset.with_images:
        value.update(width=record.width, height=record.height)
    return value


def _mark(item: Labelled, label: str) -> dict[str, object]:
    x0, y0, x1, y1 = item.geometry.bounds
    # All digits: the edges are reckoned from them again.
    place = {"x": (x0 + x1) / 2, "y": (y0 + y1) / 2, "width": x1 - x0, "height": y1 - y0}
    value: dict[str, object] = {"label": label, "coordinates": place}
    if item.score is not None:
        value["confidence"] = item.score
    return value
