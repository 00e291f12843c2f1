"""Darknet: writing `obj.data`, `obj.names`, a list a split, and each label file beside its picture."""

from collections.abc import Iterator

from boxwright.domain.exchange import Loss
from boxwright.domain.geometry import clip_box
from boxwright.domain.manifest import ImageRecord
from boxwright.formats import report
from boxwright.formats.writing import Dataset, Names, count_renamed, one_line, pictures
from boxwright.formats.yolo_write import box_values
from boxwright.media.zipstream import Entry

_CONCERNS = {
    "polygon_as_box": "polygon",
    "mask_as_box": "mask",
    "rotated_as_box": "rotated_box",
    "ellipse_as_box": "ellipse",
    "lines": "lines",
    "crowd": "crowd",
    "score": "score",
    "tags": "tags",
    "metadata": "metadata",
    "attributes": "attributes",
    "groups": "groups",
    "z_order": "z_order",
    "pixels_missing": "pixels_missing",
    "renamed": "renamed",
}
_WORDS = {"train": "train", "val": "valid", "test": "test", "none": "none"}
FOLDERS = "obj_(train|valid|test|none)_data/"


def losses(dataset: Dataset, stats: report.Stats) -> list[Loss]:
    """Return what Darknet cannot hold of this dataset."""
    stats.things["renamed"] = count_renamed(dataset, Names(unique_stems=True))
    return report.losses(stats, _CONCERNS)


def entries(dataset: Dataset) -> Iterator[Entry]:
    """Yield the files of the export. An unlabelled picture has no label file, an empty one has an empty file."""
    splits = [split for split in ("train", "val", "test") if any(record.split == split for record in dataset.records)]
    lists = "".join(f"{_WORDS[split]} = {_WORDS[split]}.txt\n" for split in splits)
    head = f"classes = {len(dataset.header.classes)}\n{lists}names = obj.names\nbackup = backup/\n"
    yield Entry("obj.data", head.encode())
    yield Entry("obj.names", "".join(f"{one_line(item.name)}\n" for item in dataset.header.classes).encode())
    for split in splits:
        yield Entry(f"{_WORDS[split]}.txt", _list(dataset, split))
    names = Names(unique_stems=True)
    for record in dataset.records:
        name = names.take(record)
        if record.state != "unlabeled" or record.annotations:
            yield Entry(f"{_place(record, name).rpartition('.')[0]}.txt", "".join(_lines(record)).encode())
    yield from pictures(dataset, Names(unique_stems=True), _place)


def _place(record: ImageRecord, name: str) -> str:
    return f"obj_{_WORDS[record.split]}_data/{name}"


def _list(dataset: Dataset, split: str) -> Iterator[bytes]:
    names = Names(unique_stems=True)
    for record in dataset.records:
        name = names.take(record)
        if record.split == split:
            yield f"{_place(record, name)}\n".encode()


def _lines(record: ImageRecord) -> Iterator[str]:
    for item in record.annotations:
        box = clip_box(item.geometry.bounds, record.width, record.height)
        if box:
            yield f"{item.class_index} {' '.join(box_values(box, record.width, record.height))}\n"
