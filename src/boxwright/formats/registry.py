"""The formats by name, and which of them a dataset is in."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from boxwright.domain.errors import InvalidDataset
from boxwright.domain.exchange import Loss
from boxwright.domain.manifest import ImageRecord
from boxwright.formats import (
    coco,
    coco_write,
    createml,
    createml_write,
    crops_write,
    csv_boxes,
    csv_write,
    cvat,
    cvat_write,
    darknet_write,
    datumaro,
    datumaro_write,
    labelme,
    labelme_write,
    labelstudio,
    labelstudio_write,
    masks_write,
    openimages,
    openimages_write,
    tfrecord,
    tfrecord_write,
    via,
    via_write,
    voc,
    voc_write,
    yolo,
    yolo_write,
)
from boxwright.formats.reading import Reading
from boxwright.formats.report import Stats
from boxwright.formats.source import Source
from boxwright.formats.writing import Dataset
from boxwright.media.zipstream import Entry


@dataclass(frozen=True, slots=True)
class Reader:
    """How a format is recognised and read."""

    detect: Callable[[Source], bool]
    read: Callable[[Reading], Iterator[ImageRecord]]


@dataclass(frozen=True, slots=True)
class Writer:
    """What a format loses, and the files of an export."""

    losses: Callable[[Dataset, Stats], list[Loss]]
    entries: Callable[[Dataset], Iterator[Entry]]
    before: str = "images/"  # pattern of what stands before the names of pictures
    lines: bool = False  # whether it has a place for polylines and points; else they never reach it


SPLIT_FOLDERS = "(train|val|test|none)/"
# In the order in which they are tried: what says most about itself first.
READERS: dict[str, Reader] = {
    "coco": Reader(coco.detect, coco.read),
    "cvat": Reader(cvat.detect, cvat.read),
    "labelstudio": Reader(labelstudio.detect, labelstudio.read),
    "labelme": Reader(labelme.detect, labelme.read),
    "via": Reader(via.detect, via.read),
    "createml": Reader(createml.detect, createml.read),
    "datumaro": Reader(datumaro.detect, datumaro.read),
    "tfrecord": Reader(tfrecord.detect, tfrecord.read),
    "voc": Reader(voc.detect, voc.read),
    "darknet": Reader(yolo.detect_darknet, yolo.read),
    "yolo": Reader(yolo.detect, yolo.read),
    "openimages": Reader(openimages.detect, openimages.read),
    "csv": Reader(csv_boxes.detect, csv_boxes.read),
    "images": Reader(lambda source: bool(source.images), lambda _: iter(())),
}
WRITERS: dict[str, Writer] = {
    "coco": Writer(coco_write.losses, coco_write.entries),
    "yolo": Writer(yolo_write.losses, yolo_write.entries, before=f"images/{SPLIT_FOLDERS}"),
    "voc": Writer(voc_write.losses, voc_write.entries, before="JPEGImages/"),
    "cvat": Writer(cvat_write.losses, cvat_write.entries, lines=True),
    "labelstudio": Writer(labelstudio_write.losses, labelstudio_write.entries, lines=True),
    "labelme": Writer(labelme_write.losses, labelme_write.entries, before=SPLIT_FOLDERS, lines=True),
    "via": Writer(via_write.losses, via_write.entries, lines=True),
    "darknet": Writer(darknet_write.losses, darknet_write.entries, before=darknet_write.FOLDERS),
    "createml": Writer(createml_write.losses, createml_write.entries, before=SPLIT_FOLDERS),
    "openimages": Writer(openimages_write.losses, openimages_write.entries, before=f"images/{SPLIT_FOLDERS}"),
    "datumaro": Writer(
        datumaro_write.losses, datumaro_write.entries, before="images/(train|val|test|default)/", lines=True
    ),
    "tfrecord": Writer(tfrecord_write.losses, tfrecord_write.entries),
    "masks": Writer(masks_write.losses, masks_write.entries, before="JPEGImages/"),
    "crops": Writer(crops_write.losses, crops_write.entries),
    "csv": Writer(csv_write.losses, csv_write.entries),
}
FORMATS = tuple(WRITERS)
READABLE = tuple(name for name in FORMATS if name in READERS)


def detect(source: Source) -> str:
    """Return the name of the format; `images` for pictures without annotations.

    Raises:
        InvalidDataset: with code `format_unknown` when nothing fits.
    """
    for name, reader in READERS.items():
        if reader.detect(source):
            return name
    message = f"no format was recognised: looked for {', '.join(READABLE)}, and for pictures; choose one by name"
    raise InvalidDataset(message, code="format_unknown")


def reader_of(name: str) -> Reader:
    """Return the reader of a format. Raises InvalidDataset for an unknown name."""
    try:
        return READERS[name]
    except KeyError:
        message = f"unknown format {name!r}: use auto, {', '.join(READABLE)}"
        raise InvalidDataset(message, code="format_unknown") from None


def writer_of(name: str) -> Writer:
    """Return the writer of a format. Raises InvalidDataset for an unknown name."""
    try:
        return WRITERS[name]
    except KeyError:
        raise InvalidDataset(f"unknown format {name!r}: use {', '.join(FORMATS)}", code="format_unknown") from None
