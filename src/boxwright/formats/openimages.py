"""OpenImages: reading its CSV files of boxes, masks, labels and images.

Numbers are shares of the picture's size; in the wild also with decimal commas. A class has an id (`/m/0abc`) and a name
in `class-descriptions`. A picture is known by its name without extension.
"""

import csv
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from boxwright.domain.errors import Invalid, InvalidDataset, InvalidImage
from boxwright.domain.manifest import ImageRecord
from boxwright.domain.projects import ImageState
from boxwright.formats.csv_boxes import unguarded
from boxwright.formats.patches import counts_of
from boxwright.formats.paths import split_of_path, split_of_word
from boxwright.formats.problems import Where
from boxwright.formats.reading import Picture, Raw, Reading
from boxwright.formats.shapes import RawBox, RawMask, RawShape
from boxwright.formats.source import Source
from boxwright.formats.spool import Spool
from boxwright.formats.values import Value, number_of
from boxwright.media import decode_rgb

_BOX = ("imageid", "labelname", "xmin", "xmax", "ymin", "ymax")
_KINDS = {  # titles that must be there; the first that fits
    "classes": ("labelname", "displayname"),
    "masks": ("maskpath", "imageid", "labelname"),
    "boxes": _BOX,
    "images": ("imageid", "subset"),
    "labels": ("imageid", "labelname", "confidence", "source"),
}
FLAGS = {"isoccluded": "occluded", "istruncated": "truncated", "isdepiction": "depiction", "isinside": "inside"}
_Row = Mapping[str, str]
_Sizes = Mapping[str, tuple[float, float]]


def detect(source: Source) -> bool:
    """Tell whether there is a table of boxes, of masks, or of images with their subset."""
    return any(_kind(source, name)[0] in ("boxes", "masks", "images") for name in source.files(".csv"))


def _kind(source: Source, name: str) -> tuple[str, str, list[str]]:
    """The kind of a table (empty for a foreign one), its delimiter and its titles; old class files have none."""
    with source.path(name).open(encoding=source.encoding(name), errors="replace", newline="") as stream:
        first = stream.readline(100_000)
    delimiter = max(",;\t", key=first.count)
    titles = [title.strip().lower() for title in next(csv.reader([first], delimiter=delimiter), [])]
    if "class-descriptions" in name.rpartition("/")[2].lower():
        return "classes", delimiter, titles if "labelname" in titles else []
    kind = next((kind for kind, needed in _KINDS.items() if all(title in titles for title in needed)), "")
    return kind, delimiter, titles


def read(reading: Reading) -> Iterator[ImageRecord]:
    """Yield the pictures of all tables in the order of their first rows."""
    source, spool = reading.source, Spool(reading.scratch)
    tables = [(name, *_kind(source, name)) for name in source.files(".csv")]
    try:
        names: dict[str, str] = {}
        for name, kind, delimiter, titles in tables:
            if kind == "classes":
                names.update(_descriptions(reading, name, delimiter, titles))
        used: set[str] = set()
        sizes = _sizes(reading)
        for wanted in ("images", "masks", "boxes", "labels"):
            for name, kind, delimiter, titles in tables:
                if kind == wanted:
                    spool.items(_rows(reading, spool, (name, kind, delimiter, titles), used, sizes))
        for label, shown in names.items():  # in the order of the descriptions; the official ones list hundreds
            if label in used or reading.own_export:
                reading.classes.index(shown, label)
        yield from _records(reading, spool, names)
    finally:
        spool.close()


def _table(reading: Reading, name: str, delimiter: str, titles: list[str]) -> Iterator[tuple[int, _Row]]:
    try:
        with reading.source.path(name).open(encoding=reading.source.encoding(name), newline="") as stream:
            rows = csv.reader(stream, delimiter=delimiter)
            if titles:
                next(rows)
            for row in rows:
                if row:
                    yield (
                        rows.line_num,
                        dict(zip(titles or ("labelname", "displayname"), map(str.strip, row), strict=False)),
                    )
    except (csv.Error, UnicodeDecodeError) as error:
        raise InvalidDataset(f"{name}: not a readable CSV file: {error}", code="csv_broken") from error


def _descriptions(reading: Reading, name: str, delimiter: str, titles: list[str]) -> dict[str, str]:
    rows = (row for _, row in _table(reading, name, delimiter, titles))
    return {
        row["labelname"]: unguarded(row.get("displayname", "")) or row["labelname"]
        for row in rows
        if row.get("labelname")
    }


def _rows(
    reading: Reading, spool: Spool, table: tuple[str, str, str, list[str]], used: set[str], sizes: _Sizes
) -> Iterator[tuple[str, str]]:
    name, kind, delimiter, titles = table
    broken: set[str] = set()
    for line, row in _table(reading, name, delimiter, titles):
        where = Where(name, line)
        own = unguarded(row.get("imageid", ""))
        if not own:
            reading.problems.add(where, "row_invalid", "has no ImageID")
            continue
        if own in broken or (not spool.knows(own) and not _spool_image(reading, spool, own, row, where, sizes)):
            broken.add(own)
            continue
        if kind == "images":
            if row.get("rotation", "") not in ("", "0", "0.0"):
                message = f"is said to be turned by {row['rotation']} degrees: coordinates are read as they stand"
                reading.problems.add(where, "image_rotation", message, "kept")
            continue
        if kind != "labels":
            used.add(row.get("labelname", ""))
        yield own, json.dumps({"kind": kind, "file": name, "line": line, **row})


def _sizes(reading: Reading) -> _Sizes:
    """Width and height of pictures that `images.meta` names, as Datumaro and our exports write it."""
    found: dict[str, tuple[float, float]] = {}
    for name in reading.source.files(".meta"):
        for _, line in reading.source.lines(name):
            own, *size = line.rsplit(None, 2)
            if len(size) == 2 and not line.startswith("#"):
                found[own.strip('"')] = (number_of(size[1]), number_of(size[0]))
    return found


def _spool_image(reading: Reading, spool: Spool, own: str, row: _Row, where: Where, sizes: _Sizes) -> bool:
    found = reading.find(own, where, by_stem=True)
    width, height = sizes.get(own, (math.nan, math.nan))
    picture = reading.picture(found) if found else reading.absent(own, width, height, where)
    if picture is None:
        return False
    folder = reading.split_of_folder(picture.source) if picture.source else None
    split = split_of_word(row.get("subset", "")) or split_of_path(where.file) or folder
    spool.image(picture.name, json.dumps({"picture": asdict(picture), "split": split, "id": own}), own)
    return True


def _records(reading: Reading, spool: Spool, names: Mapping[str, str]) -> Iterator[ImageRecord]:
    for _, body, items in spool.groups():
        head = json.loads(body)
        picture = Picture(**head["picture"])
        rows = [json.loads(item) for item in items]
        masked = {_place(row) for row in rows if row["kind"] == "masks"}
        raws, tags = [], []
        for row in rows:
            label = names.get(row.get("labelname", ""), row.get("labelname", ""))
            if row["kind"] == "labels":
                tags += [label] if number_of(row.get("confidence")) > 0 else []
            elif row["kind"] == "masks" or _place(row) not in masked:
                raws.append(_raw(reading, row, picture, label))
        looked_at = bool(raws) or any(row["kind"] == "labels" for row in rows)
        state: ImageState | None = None if looked_at else "unlabeled"
        yield reading.record(picture, raws, split=head["split"], state=state, external_id=head["id"], tags=tags)


def _place(row: _Row) -> tuple[object, ...]:
    """What a mask and its box have in common."""
    edges = (number_of(row.get(f"box{edge}", row.get(edge))) for edge in _BOX[2:])
    return (row.get("labelname"), *(round(edge, 5) for edge in edges))


def _raw(reading: Reading, row: _Row, picture: Picture, label: str) -> Raw:
    where = Where(str(row["file"]), int(row["line"]), picture.name)
    width, height = (picture.width, picture.height) if reading.frame == "raw" else picture.upright
    x0, x1, y0, y1 = (number_of(row.get(f"box{edge}", row.get(edge))) for edge in _BOX[2:])
    box = RawBox(x0 * width, y0 * height, x1 * width, y1 * height)
    shape: RawShape = box
    if row["kind"] == "masks":
        try:
            shape = _mask(reading, row["maskpath"], (width, height), where)
        except (Invalid, InvalidImage, KeyError) as error:
            message = error.message if isinstance(error, Invalid | InvalidImage) else "is not among the files"
            reading.problems.add(
                where, "mask_invalid", f"mask {row['maskpath'][:100]!r}: {message}: its box is used", "kept"
            )
    if not label:
        reading.problems.add(where, "class_missing", "has no LabelName: kept as 'unnamed'", "kept")
    score = number_of(row.get("confidence"))
    flags: dict[str, Value] = {own: row.get(key) == "1" for key, own in FLAGS.items() if row.get(key) in ("0", "1")}
    return Raw(
        class_name=label,
        shape=shape,
        where=where,
        crowd=row.get("isgroupof") == "1",
        score=score if math.isfinite(score) and score != 1 else None,
        attributes=flags,
        fallback=box if shape is not box else None,
    )


def _mask(reading: Reading, name: str, size: tuple[int, int], where: Where) -> RawMask:
    """A mask is a picture of any size over the whole picture; another size is stretched."""
    found = reading.source.find(name, near=where.file)
    if found is None:
        raise KeyError(name)
    reading.used.add(found)
    pixels: np.ndarray[Any, Any] = decode_rgb(reading.source.path(found), upright=False)[:, :, 0] > 0
    if pixels.shape != (size[1], size[0]):
        rows = np.arange(size[1]) * pixels.shape[0] // size[1]
        columns = np.arange(size[0]) * pixels.shape[1] // size[0]
        pixels = pixels[rows][:, columns]
    return RawMask(*size, counts_of(pixels, 0, 0, *size))
