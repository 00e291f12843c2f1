"""Pascal VOC: writing `Annotations`, `JPEGImages` and `ImageSets/Main`.

`labelmap.txt` keeps the order of the classes, as CVAT and Datumaro write it. A picture that is not labelled yet has no
XML.
"""

from collections.abc import Iterator
from itertools import chain

from boxwright.domain.exchange import Loss
from boxwright.domain.manifest import ImageRecord, Labelled
from boxwright.formats import report
from boxwright.formats.values import text_of
from boxwright.formats.writing import Dataset, Names, count_renamed, number, one_line, pictures, xml_text
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
    "groups": "groups",
    "z_order": "z_order",
    "pixels_missing": "pixels_missing",
}
_FLAGS = ("truncated", "difficult", "occluded")


def losses(dataset: Dataset, stats: report.Stats) -> list[Loss]:
    """Return what VOC cannot hold of this dataset."""
    stats.things["renamed"] = count_renamed(dataset, Names(unique_stems=True))
    return report.losses(stats, {**_CONCERNS, "renamed": "renamed"})


def entries(dataset: Dataset) -> Iterator[Entry]:
    """Yield the files of the export."""
    stats = report.gather(dataset.header, dataset.records)
    labelmap = ["# label:color_rgb:parts:actions", *(f"{one_line(item.name)}:::" for item in dataset.header.classes)]
    yield Entry("labelmap.txt", ("\n".join(labelmap) + "\n").encode())
    for split in ("train", "val", "test"):
        if stats.splits[split]:
            yield Entry(f"ImageSets/Main/{split}.txt", _set(dataset, split))
    names = Names(unique_stems=True)
    for record in dataset.records:
        name = names.take(record)
        if record.state != "unlabeled" or record.annotations:
            yield Entry(f"Annotations/{_stem(name)}.xml", document(dataset, record, name).encode())
    yield from pictures(dataset, Names(unique_stems=True), lambda _, name: f"JPEGImages/{name}")


def _set(dataset: Dataset, split: str) -> bytes:
    """The names of a split, sorted, so that they do not depend on the order in which the dataset is read."""
    names = Names(unique_stems=True)
    taken = ((names.take(record), record.split) for record in dataset.records)
    return "".join(sorted(f"{_stem(name)}\n" for name, own in taken if own == split)).encode()


def _stem(name: str) -> str:
    return name.rpartition(".")[0]


def document(dataset: Dataset, record: ImageRecord, name: str) -> str:
    """Return the XML of one picture."""
    folder, _, base = name.rpartition("/")
    head = [
        "<annotation>",
        f"  <folder>{xml_text('/'.join(part for part in ('JPEGImages', folder) if part))}</folder>",
        f"  <filename>{xml_text(base)}</filename>",
        f"  <size><width>{record.width}</width><height>{record.height}</height><depth>3</depth></size>",
        "  <segmented>0</segmented>",
    ]
    items = (_object(item, dataset.header.classes[item.class_index].name) for item in record.annotations)
    return "\n".join(chain(head, items, ["</annotation>", ""]))


def _object(item: Labelled, name: str) -> str:
    x0, y0, x1, y1 = item.geometry.bounds
    pose = item.attributes.get("pose")
    known = {"pose": pose if isinstance(pose, str) else "Unspecified", "truncated": "0", "difficult": "0"}
    known.update({flag: str(int(bool(item.attributes[flag]))) for flag in _FLAGS if _is_flag(item, flag)})
    inner = "".join(f"<{tag}>{xml_text(text)}</{tag}>" for tag, text in known.items())
    corners = {"xmin": x0 + 1, "ymin": y0 + 1, "xmax": x1, "ymax": y1}
    box = "".join(f"<{corner}>{number(value)}</{corner}>" for corner, value in corners.items())
    return f"  <object><name>{xml_text(name)}</name>{inner}<bndbox>{box}</bndbox>{_attributes(item)}</object>"


def _is_flag(item: Labelled, flag: str) -> bool:
    return isinstance(item.attributes.get(flag), bool)


def _is_own(item: Labelled, key: str) -> bool:
    """Whether VOC has an element for this attribute and its value."""
    return (key in _FLAGS and _is_flag(item, key)) or (key == "pose" and isinstance(item.attributes[key], str))


def _attributes(item: Labelled) -> str:
    """Other attributes in CVAT's manner; a value is written so that reading gives it the same type again."""
    rest = {key: value for key, value in item.attributes.items() if not _is_own(item, key)}
    inner = "".join(
        f"<attribute><name>{xml_text(key)}</name><value>{xml_text(text_of(value))}</value></attribute>"
        for key, value in rest.items()
    )
    return f"<attributes>{inner}</attributes>" if inner else ""
