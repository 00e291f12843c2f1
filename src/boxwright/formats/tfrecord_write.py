"""TFRecord: writing `<split>.tfrecord` with the pictures inside, and `label_map.pbtxt`.

A picture that is not labelled yet has a feature of our own, `image/state`.
"""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from boxwright.domain.exchange import Loss
from boxwright.domain.geometry import clip_box
from boxwright.domain.manifest import ImageRecord, Labelled
from boxwright.domain.projects import SPLITS
from boxwright.formats import report
from boxwright.formats.paths import suffix_of
from boxwright.formats.tfexample import Feature, example, framed
from boxwright.formats.writing import Dataset, Names, count_renamed, one_line
from boxwright.media.zipstream import Entry

_CONCERNS = {
    "polygon_as_box": "polygon",
    "mask_as_box": "mask",
    "rotated_as_box": "rotated_box",
    "ellipse_as_box": "ellipse",
    "lines": "lines",
    "score": "score",
    "attributes": "attributes_other",
    "metadata": "metadata",
    "groups": "groups",
    "z_order": "z_order",
    "single_precision": "boxes",
    "pixels_missing": "pixels_missing",
    "renamed": "renamed",
}
_FLAGS = ("difficult", "truncated")


def losses(dataset: Dataset, stats: report.Stats) -> list[Loss]:
    """Return what TFRecord cannot hold of this dataset."""
    stats.things["renamed"] = count_renamed(dataset, Names())
    for record in dataset.records:
        for item in record.annotations:
            other = (key for key, value in item.attributes.items() if not (key in _FLAGS and value is True))
            stats.things["attributes_other"] += any(True for _ in other)
    return report.losses(stats, _CONCERNS)


def entries(dataset: Dataset) -> Iterator[Entry]:
    """Yield the files of the export."""
    items = (
        f"item {{\n  id: {number}\n  name: {json.dumps(one_line(item.name), ensure_ascii=False)}\n}}\n"
        for number, item in enumerate(dataset.header.classes, start=1)
    )
    yield Entry("label_map.pbtxt", "".join(items).encode())
    for split in SPLITS:
        if any(record.split == split for record in dataset.records):
            yield Entry(f"{split}.tfrecord" if split != "none" else "data.tfrecord", _records(dataset, split))


def _records(dataset: Dataset, split: str) -> Iterator[bytes]:
    names = Names()
    for record in dataset.records:
        name = names.take(record)
        if record.split == split:
            yield framed(example(_features(dataset, record, name)))


def _features(dataset: Dataset, record: ImageRecord, name: str) -> dict[str, Feature]:
    kind = suffix_of(name).removeprefix(".").encode()
    found: dict[str, Feature] = {
        "image/height": [record.height],
        "image/width": [record.width],
        "image/filename": [name.encode()],
        "image/source_id": [(record.external_id or name).encode()],
        "image/format": [b"jpeg" if kind in (b"jpg", b"jpe", b"jfif") else kind],
    }
    if record.path is not None and dataset.with_images:
        data = Path(record.path).read_bytes()
        found["image/encoded"] = [data]
        found["image/key/sha256"] = [hashlib.sha256(data).hexdigest().encode()]
    if record.state == "unlabeled":
        found["image/state"] = [b"unlabeled"]
    if record.tags:
        found["image/class/text"] = [tag.encode() for tag in record.tags]
    return {**found, **_objects(dataset, record)}


def _objects(dataset: Dataset, record: ImageRecord) -> dict[str, Feature]:
    pairs = ((item, clip_box(item.geometry.bounds, record.width, record.height)) for item in record.annotations)
    kept = [(item, box) for item, box in pairs if box]
    return {
        "image/object/bbox/xmin": [box.x0 / record.width for _, box in kept],
        "image/object/bbox/ymin": [box.y0 / record.height for _, box in kept],
        "image/object/bbox/xmax": [box.x1 / record.width for _, box in kept],
        "image/object/bbox/ymax": [box.y1 / record.height for _, box in kept],
        "image/object/class/text": [
            one_line(dataset.header.classes[item.class_index].name).encode() for item, _ in kept
        ],
        "image/object/class/label": [item.class_index + 1 for item, _ in kept],
        "image/object/difficult": [_flag(item, "difficult") for item, _ in kept],
        "image/object/truncated": [_flag(item, "truncated") for item, _ in kept],
        "image/object/is_crowd": [int(item.crowd) for item, _ in kept],
    }


def _flag(item: Labelled, key: str) -> int:
    return int(item.attributes.get(key) is True)
