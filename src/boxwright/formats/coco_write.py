"""COCO: writing `annotations/instances_<split>.json` and `images/`, streamed.

Ids that the dataset brought are kept where they are whole numbers and unique; everything else is numbered after them.
"""

from collections.abc import Iterable, Iterator, Mapping

from boxwright.domain.exchange import Loss
from boxwright.domain.jsontext import encode
from boxwright.domain.manifest import ImageRecord, parts_of_records
from boxwright.domain.projects import SPLITS
from boxwright.formats import report
from boxwright.formats.coco import TAKEN
from boxwright.formats.coco_lines import Told, annotation_lines
from boxwright.formats.fields import value_of, write_fields
from boxwright.formats.writing import Dataset, Ids, Names, batched, count_renamed, pictures, splits_of, whole
from boxwright.media.zipstream import Entry

_CONCERNS = {
    "rotated_as_polygon": "rotated_box",
    "ellipse_as_polygon": "ellipse",
    "lines": "lines",
    "polygon_holes": "polygon_holes",
    "groups": "groups",
    "z_order": "z_order",
    "pixels_missing": "pixels_missing",
}
_LINES = 2000  # annotations that are written together
_RESERVED = TAKEN | {"state", "tags"}


def losses(dataset: Dataset, stats: report.Stats) -> list[Loss]:
    """Return what COCO cannot hold of this dataset."""
    stats.things["renamed"] = count_renamed(dataset, Names())
    return report.losses(stats, {**_CONCERNS, "renamed": "renamed"})


def entries(dataset: Dataset) -> Iterator[Entry]:
    """Yield the files of the export."""
    splits = splits_of(dataset)
    licenses = _Licenses()
    image_ids = Ids(whole(licenses.seen(record)) for record in dataset.heads)
    item_ids = Ids(_own_ids(dataset) if dataset.area_ids is None else dataset.area_ids)
    for split in SPLITS:
        if splits[split]:
            name = "annotations/instances.json" if split == "none" else f"annotations/instances_{split}.json"
            yield Entry(name, _document(dataset, split, image_ids, item_ids, licenses))
    yield from pictures(dataset, Names(), lambda _, name: f"images/{name}")


class _Licenses:
    """The licences that pictures name; the first picture of each says what it is."""

    def __init__(self) -> None:
        self._known: dict[str, dict[str, str]] = {}

    def seen(self, record: ImageRecord) -> str | None:
        """Take note of a picture's licence; returns the id of the picture."""
        if about := _about_license(record.metadata):
            self._known.setdefault(record.metadata["license"], about)
        return record.external_id

    def list(self) -> list[dict[str, object]]:
        """Return them as COCO lists them."""
        return [
            {"id": value_of(key), **{name.removeprefix("license_"): value_of(text) for name, text in about.items()}}
            for key, about in self._known.items()
        ]

    def fields(self, metadata: Mapping[str, str]) -> dict[str, object]:
        """Return the fields of a picture, without what the list says about its licence."""
        about, listed = _about_license(metadata), self._known.get(metadata.get("license", ""))
        if listed is None:
            return write_fields(metadata, _RESERVED)
        if about != listed:  # it says something else of the same licence
            return write_fields(metadata, _RESERVED | {"license"})
        return write_fields({key: text for key, text in metadata.items() if key not in listed}, _RESERVED)


def _about_license(metadata: Mapping[str, str]) -> dict[str, str] | None:
    about = {key: metadata[key] for key in ("license_name", "license_url") if key in metadata}
    return about if about and "license" in metadata else None


def _own_ids(dataset: Dataset) -> Iterator[int]:
    return (whole(item.external_id) for record in dataset.records for item in record.annotations)


def _document(dataset: Dataset, split: str, image_ids: Ids, item_ids: Ids, licenses: _Licenses) -> Iterator[bytes]:
    info = {"description": dataset.header.name, "frame": "upright"}
    category_ids = _category_ids(dataset)
    categories = [
        {"id": category_ids[index], "name": item.name, "supercategory": ""}
        for index, item in enumerate(dataset.header.classes)
    ]
    head = b'{"info":' + json_bytes(info) + b',"licenses":' + json_bytes(licenses.list())
    yield head + b',"categories":' + json_bytes(categories) + b',\n"images":['
    yield from joined(map(encode, _images(dataset, split, image_ids, licenses)))
    yield b'],\n"annotations":['
    told = _annotations(dataset, split, image_ids, item_ids, category_ids)
    yield from joined(b",\n".join(annotation_lines(some)) for some in batched(told, _LINES))
    yield b"]}\n"


def _category_ids(dataset: Dataset) -> list[int]:
    own = [whole(item.id) for item in dataset.header.classes]
    return own if len(set(own)) == len(own) and -1 not in own else list(range(1, len(own) + 1))


def joined(items: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the elements of an array, a line each."""
    for position, item in enumerate(items):
        yield (b",\n" if position else b"\n") + item


def json_bytes(value: object) -> bytes:
    """Return a value as JSON."""
    return encode(value)


def _images(dataset: Dataset, split: str, ids: Ids, licenses: _Licenses) -> Iterator[dict[str, object]]:
    names = Names()
    for record, image_id in zip(dataset.heads, ids.walk(), strict=True):
        name = names.take(record)
        if record.split == split:
            image: dict[str, object] = {
                "id": image_id,
                "file_name": name,
                "width": record.width,
                "height": record.height,
            }
            if record.state == "unlabeled":  # our own key: without it such a picture would read as empty
                image["state"] = record.state
            if record.tags:
                image["tags"] = list(record.tags)
            if record.metadata:
                image |= licenses.fields(record.metadata)
            yield image


def _annotations(dataset: Dataset, split: str, image_ids: Ids, item_ids: Ids, categories: list[int]) -> Iterator[Told]:
    walk = item_ids.walk()
    for some in batched(zip(dataset.records, image_ids.walk(), strict=True)):
        for (record, image_id), parts in zip(some, parts_of_records([record for record, _ in some]), strict=True):
            for part, item_id in zip(parts, walk, strict=False):
                if record.split == split:
                    yield Told(part, item_id, image_id, categories[part[0]])
