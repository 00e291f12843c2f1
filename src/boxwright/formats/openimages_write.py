"""OpenImages: writing `annotations/*.csv`, `annotations/images.meta` with the sizes, and `images/<split>/`."""

import csv
import io
from collections.abc import Iterator

from boxwright.domain.exchange import Loss
from boxwright.domain.geometry import clip_box
from boxwright.domain.manifest import ImageRecord, Labelled
from boxwright.domain.projects import SPLITS
from boxwright.formats import report
from boxwright.formats.csv_boxes import guarded
from boxwright.formats.openimages import FLAGS
from boxwright.formats.shapes import DIGITS
from boxwright.formats.writing import Dataset, Names, count_renamed, pictures, share
from boxwright.media.zipstream import Entry

_CONCERNS = {
    "polygon_as_box": "polygon",
    "mask_as_box": "mask",
    "rotated_as_box": "rotated_box",
    "ellipse_as_box": "ellipse",
    "lines": "lines",
    "tags": "tags",
    "metadata": "metadata",
    "attributes": "attributes_other",
    "groups": "groups",
    "z_order": "z_order",
    "empty_unlabeled": "empty_unlabeled",
    "pixels_missing": "pixels_missing",
    "renamed": "renamed",
}
_TITLES = (
    *("ImageID", "Source", "LabelName", "Confidence", "XMin", "XMax", "YMin", "YMax"),
    *("IsOccluded", "IsTruncated", "IsGroupOf", "IsDepiction", "IsInside"),
)
_SUBSETS = {"val": "validation", "none": ""}


def losses(dataset: Dataset, stats: report.Stats) -> list[Loss]:
    """Return what OpenImages cannot hold of this dataset."""
    stats.things["renamed"] = count_renamed(dataset, Names(unique_stems=True))
    for record in dataset.records:
        stats.things["empty_unlabeled"] += record.state == "empty"
        for item in record.annotations:
            stats.things["attributes_other"] += any(not _is_flag(item, key) for key in item.attributes)
    return report.losses(stats, _CONCERNS)


def _is_flag(item: Labelled, key: str) -> bool:
    return key in FLAGS.values() and isinstance(item.attributes[key], bool)


def entries(dataset: Dataset) -> Iterator[Entry]:
    """Yield the files of the export."""
    ids = _class_ids(dataset)
    names = (guarded(item.name) for item in dataset.header.classes)
    rows = [("LabelName", "DisplayName"), *zip(ids, names, strict=True)]
    yield Entry("annotations/class-descriptions.csv", b"".join(map(_line, rows)))
    yield Entry("annotations/image_ids_and_rotation.csv", _images(dataset))
    yield Entry("annotations/images.meta", _sizes(dataset))
    for split in SPLITS:
        if any(record.split == split for record in dataset.records):
            prefix = f"{_SUBSETS.get(split, split)}-" if split != "none" else ""
            yield Entry(f"annotations/{prefix}annotations-bbox.csv", _boxes(dataset, split, ids))
    yield from pictures(dataset, Names(unique_stems=True), lambda record, name: f"images/{record.split}/{name}")


def _class_ids(dataset: Dataset) -> list[str]:
    """The official ids where the dataset has brought them."""
    own = [item.id for item in dataset.header.classes]
    official = all(one.startswith("/") and one.isascii() and one.isprintable() for one in own)
    return own if official and len(set(own)) == len(own) else [f"/b/{number}" for number in range(len(own))]


def _images(dataset: Dataset) -> Iterator[bytes]:
    yield _line(("ImageID", "Subset", "Rotation"))
    names = Names(unique_stems=True)
    for record in dataset.records:
        own = names.take(record).rpartition(".")[0]
        yield _line((guarded(own), _SUBSETS.get(record.split, record.split), 0))


def _sizes(dataset: Dataset) -> Iterator[bytes]:
    names = Names(unique_stems=True)
    for record in dataset.records:
        yield f'"{names.take(record).rpartition(".")[0]}" {record.height} {record.width}\n'.encode()


def _boxes(dataset: Dataset, split: str, ids: list[str]) -> Iterator[bytes]:
    yield _line(_TITLES)
    names = Names(unique_stems=True)
    for record in dataset.records:
        own = names.take(record).rpartition(".")[0]
        if record.split == split:
            for item in record.annotations:
                yield _row(record, item, own, ids[item.class_index])


def _row(record: ImageRecord, item: Labelled, own: str, label: str) -> bytes:
    box = clip_box(item.geometry.bounds, record.width, record.height)
    if box is None:
        return b""
    xs = [share(x, record.width, lambda part: round(part * record.width, DIGITS)) for x in (box.x0, box.x1)]
    ys = [share(y, record.height, lambda part: round(part * record.height, DIGITS)) for y in (box.y0, box.y1)]
    flags = {
        key: int(item.attributes[name] is True) if name in item.attributes and _is_flag(item, name) else -1
        for key, name in FLAGS.items()
    }
    marks = (flags["isoccluded"], flags["istruncated"], int(item.crowd), flags["isdepiction"], flags["isinside"])
    score = 1 if item.score is None else repr(item.score)
    return _line((guarded(own), "xclick", label, score, *xs, *ys, *marks))


def _line(cells: tuple[object, ...] | list[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue().encode()
