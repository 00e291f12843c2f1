"""CSV: writing `<split>_labels.csv`, `metadata.csv` and `images/`; `csv_boxes` has the columns and the guard."""

import csv
import io
from collections.abc import Iterator

from boxwright.domain.exchange import Loss
from boxwright.domain.manifest import ImageRecord
from boxwright.domain.projects import SPLITS
from boxwright.formats import beside, report
from boxwright.formats.csv_boxes import COLUMNS, guarded
from boxwright.formats.writing import Dataset, Names, count_renamed, number, pictures
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
    "attributes": "attributes",
    "unlabeled_split": "unlabeled_split",
    "class_unused": "class_unused",
    "groups": "groups",
    "z_order": "z_order",
    "pixels_missing": "pixels_missing",
}


def losses(dataset: Dataset, stats: report.Stats) -> list[Loss]:
    """Return what CSV cannot hold of this dataset."""
    stats.things["renamed"] = count_renamed(dataset, Names())
    return report.losses(stats, {**_CONCERNS, "renamed": "renamed"})


def entries(dataset: Dataset) -> Iterator[Entry]:
    """Yield the files of the export."""
    stats = report.gather(dataset.header, dataset.records)
    for split in SPLITS:
        if stats.splits[split]:
            yield Entry("labels.csv" if split == "none" else f"{split}_labels.csv", _table(dataset, split))
    yield from beside.entries(dataset)
    yield from pictures(dataset, Names(), lambda _, name: f"images/{name}")


def _table(dataset: Dataset, split: str) -> Iterator[bytes]:
    yield _line(COLUMNS)
    names = Names()
    for record in dataset.records:
        name = names.take(record)
        if record.split == split:
            yield b"".join(rows(dataset, record, name))


def rows(dataset: Dataset, record: ImageRecord, name: str) -> Iterator[bytes]:
    """Yield the rows of one picture; an empty one has a row without a box, an unlabelled one has none."""
    head = (guarded(name), record.width, record.height)
    if record.state == "empty":
        yield _line((*head, "", "", "", "", ""))
    for item in record.annotations:
        edges = (number(value) for value in item.geometry.bounds)
        yield _line((*head, guarded(dataset.header.classes[item.class_index].name), *edges))


def _line(cells: tuple[object, ...]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue().encode()
