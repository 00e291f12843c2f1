"""COCO: reading `instances` files, one per split or one for all.

https://cocodataset.org/#format-data. Boxes are `x, y, width, height` from the outer top-left corner, polygons are lists
of coordinates, masks are run lengths as numbers or text; `iscrowd` is independent of all of them.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from itertools import groupby
from typing import Any

from boxwright.domain.jsontext import decode, encode
from boxwright.domain.manifest import ImageRecord
from boxwright.formats.coco_plain import Drawn, category_of, id_of, plain_line, plain_shapes, scalars, within
from boxwright.formats.fields import read_fields, text_of
from boxwright.formats.jsonfile import JsonFile
from boxwright.formats.paths import split_of_path
from boxwright.formats.problems import Where
from boxwright.formats.reading import Picture, Raw, Reading, words_of
from boxwright.formats.shapes import RawBox, RawMask, RawRings, RawShape
from boxwright.formats.source import Source
from boxwright.formats.spool import Place, Spool

# The place of an annotation in its file, and what it says.
_Thing = tuple[int, dict[str, Any]]
_Run = tuple[Any, list[tuple[_Thing, Drawn | None]]]
_NOT_TAKEN = frozenset(("keypoints", "caption", "segments_info"))
_PICTURE = tuple(item.name for item in fields(Picture))
_MARKS = frozenset(("images", "annotations", "categories"))
# Files of the official distribution that repeat the pictures of `instances_*` with other labels.
# What an image says of which we have a place of our own.
TAKEN = frozenset(("id", "file_name", "width", "height"))
_BESIDE = re.compile(r"(^|[_\-.])(captions|person_keypoints|stuff|panoptic|image_info|labels)($|[_\-.])", re.IGNORECASE)


def detect(source: Source) -> bool:
    """Tell whether there is a JSON file with COCO's lists."""
    return bool(_annotation_files(source))


def _annotation_files(source: Source) -> list[str]:
    """The JSON files with COCO's lists, without those that only repeat others."""
    found = []
    for name in source.files(".json"):
        top = JsonFile(source.path(name), name).top()
        marks = [key for key in _MARKS if top.get(key) == "start_array"]
        if len(marks) > 1 or marks == ["images"]:
            found.append(name)
    main = [name for name in found if not _BESIDE.search(name.rpartition("/")[2])]
    return main or found


def read(reading: Reading) -> Iterator[ImageRecord]:
    """Yield the pictures of all COCO files, in the order of the files, each with its annotations."""
    spool = Spool(reading.scratch)
    try:
        names = _annotation_files(reading.source)
        categories = [_File(reading, spool, name, number).read() for number, name in enumerate(names)]
        for body in spool.orphans():
            number, run = decode(body)
            for position, item in run:
                problem = f"image_id {item.get('image_id')!r} is not among the images"
                reading.problems.add(Where(names[number], None, _thing(position, item)), "image_absent", problem)
        yield from _records(reading, spool, names, categories)
    finally:
        spool.close()


class _File:
    """One file on its way into the spool."""

    def __init__(self, reading: Reading, spool: Spool, name: str, number: int) -> None:
        self._reading, self._spool, self._name, self._number = reading, spool, name, number
        self._categories: dict[str, str] = {}
        self._left: Counter[str] = Counter()
        self._licenses: dict[str, dict[str, str]] = {}

    def read(self) -> dict[str, str]:
        """Spool the file; returns its category names by id, as text."""
        file = JsonFile(self._reading.source.path(self._name), self._name)
        self._licenses = _licenses(file)
        take = {"categories": self._take_category, "images": self._take_image}
        images = early = False
        position = 0
        for key, items in file.lists(("categories", "images", "annotations")):
            images |= key == "images"
            if key != "annotations":
                for item in items:
                    take[key](item)
            elif images:
                self._take_annotations(position, items)
                position += len(items)
            else:
                early = True
        if early:  # annotations look for their pictures, which this file has behind them
            for _, items in file.lists(("annotations",)):
                self._take_annotations(position, items)
                position += len(items)
        _note_beside(self._reading, self._name)
        for key, count in self._left.items():
            self._reading.problems.note(f"{self._name}: {count} annotations have {key}, which are not taken")
        return self._categories

    def _take_category(self, item: Any) -> None:
        if not isinstance(item, Mapping) or item.get("id") is None:
            message = f"a category has no id: {str(item)[:100]}"
            self._reading.problems.add(Where(self._name), "category_invalid", message)
            return
        key = str(item["id"])
        self._categories[key] = str(item.get("name") or key).strip()
        self._reading.classes.index(self._categories[key], key)

    def _take_image(self, item: Any) -> None:
        _spool_image(self._reading, self._spool, self._name, self._number, item, self._licenses)

    def _take_annotations(self, position: int, items: list[Any]) -> None:
        """Spool annotations, those of one picture that follow each other as one."""
        found = []
        for number, item in enumerate(items, start=position + 1):
            if isinstance(item, dict):
                found.append((number, item))
                for key in _NOT_TAKEN & item.keys():
                    self._left[key] += item.pop(key) is not None
            else:
                self._problem(f"annotation {number}", "is no object")
        pairs = zip(found, plain_shapes([item for _, item in found]), strict=True)
        runs = [(key, list(run)) for key, run in groupby(pairs, lambda pair: pair[0][1].get("image_id"))]
        places = self._spool.places({f"{self._number}:{image}" for image, _ in runs})
        self._spool.put(self._rows(runs, places))

    def _rows(self, runs: list[_Run], places: dict[str, Place]) -> Iterator[tuple[int | None, str | bytes]]:
        """Yield annotations as the spool has them, many of one picture in one: bytes are `plain_line`s."""
        for image, run in runs:
            place = places.get(f"{self._number}:{image}")
            if place is None:
                lines: list[bytes | None] = [None] * len(run)
            else:
                width, height = place.width, place.height
                lines = [
                    plain_line(thing[1], drawn[0]) if drawn and within(drawn[1], width, height) else None
                    for thing, drawn in run
                ]
            for plain, some in groupby(zip(run, lines, strict=True), lambda pair: pair[1] is not None):
                if plain:
                    yield place and place.image, b"\n".join([b"%d" % self._number, *(line for _, line in some if line)])
                elif body := self._body([thing for (thing, _), _ in some]):
                    yield place and place.image, body

    def _body(self, run: list[_Thing]) -> str | None:
        try:
            return encode((self._number, run)).decode()
        except RecursionError:
            if len(run) > 1:
                return self._body([thing for thing in run if self._body([thing])])
            self._problem(_thing(*run[0]), "is nested too deeply")
            return None

    def _problem(self, thing: str, message: str) -> None:
        self._reading.problems.add(Where(self._name, None, thing), "annotation_invalid", message)


def _thing(position: int, item: Mapping[str, Any]) -> str:
    return f"annotation {position if item.get('id') is None else item['id']}"


def _licenses(file: JsonFile) -> dict[str, dict[str, str]]:
    """What the file says about its licences, as fields of a picture, by id; those behind the pictures come too late."""
    if file.top().get("licenses") != "start_array":
        return {}
    found = (item for item in next(file.items("licenses"), None) or () if isinstance(item, Mapping))
    return {
        text_of(item.get("id")): {f"license_{key}": text_of(item[key]) for key in ("name", "url") if item.get(key)}
        for item in found
    }


def _note_beside(reading: Reading, name: str) -> None:
    if kind := _BESIDE.search(name.rpartition("/")[2]):
        reading.problems.note(f"{name}: of a {kind.group(2)} file only the boxes are taken")


def _spool_image(
    reading: Reading, spool: Spool, name: str, number: int, item: Any, licenses: Mapping[str, Mapping[str, str]]
) -> None:
    where = Where(name)
    if not isinstance(item, Mapping) or item.get("id") is None or not isinstance(item.get("file_name"), str):
        reading.problems.add(where, "image_invalid", f"an image has no id or file_name: {str(item)[:100]}")
        return
    where = Where(name, None, f"image {item['id']}")
    alias = f"{number}:{item['id']}"
    if spool.knows(alias):
        reading.problems.add(where, "image_twice", "this id is used by an earlier image")
        return
    picture = _picture(reading, item, where)
    if picture is None:
        spool.drop(alias)
        return
    split = split_of_path(name) or (reading.split_of_folder(picture.source) if picture.source else None)
    external = str(item["id"])
    state = "unlabeled" if item.get("state") == "unlabeled" else None  # our own exports say it
    head = {
        "picture": {name: getattr(picture, name) for name in _PICTURE},
        "split": split,
        "id": external,
        "state": state,
        "tags": _tags(item),
    }
    if len(item) > len(TAKEN):
        head["metadata"] = _fields(reading, item, where, licenses)
    body = encode(head).decode()
    if not spool.image(picture.name, body, alias, _quick_size(reading, picture)):
        reading.problems.note(f"{name}: pictures that other files list too are joined with theirs")


def _quick_size(reading: Reading, picture: Picture) -> tuple[int, int]:
    """The size in which annotations lie in the picture and need no turning, whatever the frame is."""
    if reading.frame == "raw" and picture.turned:
        return 0, 0
    width, height = picture.upright
    return min(width, picture.width), min(height, picture.height)


def _fields(
    reading: Reading, item: Mapping[str, Any], where: Where, licenses: Mapping[str, Mapping[str, str]]
) -> dict[str, str]:
    """All else that an image says, and what its licence is."""
    ours = {key for key, mine in (("state", item.get("state") == "unlabeled"), ("tags", _tags(item))) if mine}
    fields = read_fields(reading.problems, where, item, TAKEN | ours)
    return {**fields, **licenses.get(text_of(item.get("license")), {})}


def _tags(item: Mapping[str, Any]) -> list[str]:
    found = item.get("tags")
    return list(words_of(found)) if isinstance(found, list) else []


def _picture(reading: Reading, item: Mapping[str, Any], where: Where) -> Picture | None:
    wanted = "/".join(part for part in item["file_name"].replace("\\", "/").split("/") if part not in ("", ".", ".."))
    found = reading.find(item["file_name"], where)
    width, height = _number(item.get("width")), _number(item.get("height"))
    if found:
        picture = reading.picture(found, wanted=wanted)
        if picture and width is not None and height is not None:
            reading.check_size(picture, width, height, where)
        return picture
    if width is None or height is None or width < 1 or height < 1 or not wanted:
        reading.problems.add(where, "image_missing", f"{item['file_name']!r} is not among the files and has no size")
        return None
    message = f"{item['file_name']!r} is not among the files: used only where the project has a picture of this name"
    reading.problems.add(where, "image_missing", message, "kept")
    return Picture(name=wanted, source=None, width=int(width), height=int(height))


def _records(
    reading: Reading, spool: Spool, names: list[str], categories: list[dict[str, str]]
) -> Iterator[ImageRecord]:
    ranks = [{key.encode(): reading.classes.index(name) for key, name in some.items()} for some in categories]
    for _, body, runs in spool.groups():
        head = decode(body)
        picture = Picture(**head["picture"])
        raws: list[Raw | bytes] = []
        for text in runs:
            if isinstance(text, bytes):
                raws += _plain(reading, text, names, ranks, picture)
                continue
            number, run = decode(text)
            for position, item in run:
                where = Where(names[number], None, f"{_thing(position, item)} of {picture.name}")
                raw = _raw(reading, item, where, categories[number])
                if raw:
                    raws.append(raw)
        state = None if raws else head["state"]
        record = reading.record(picture, raws, split=head["split"], state=state, external_id=head["id"])
        yield replace(record, tags=tuple(head["tags"]), metadata=head.get("metadata", {}))


def _plain(
    reading: Reading, body: bytes, names: list[str], ranks: list[dict[bytes, int]], picture: Picture
) -> Iterator[bytes]:
    """Give `plain_line`s the ranks of their classes."""
    number, *lines = body.split(b"\n")
    known = ranks[int(number)]
    for line in lines:
        category, rest = category_of(line)
        rank = known.get(category)
        if rank is None:
            where = Where(names[int(number)], None, f"annotation {id_of(rest)} of {picture.name}")
            _unknown_class(reading, where, int(category))
        else:
            yield b'{"class_index":%d%b' % (rank, rest)


def _unknown_class(reading: Reading, where: Where, category: object) -> None:
    reading.problems.add(where, "class_unknown", f"category_id {category!r} is not among the categories")


def _raw(reading: Reading, item: dict[str, Any], where: Where, categories: dict[str, str]) -> Raw | None:
    name = categories.get(str(item.get("category_id")))
    if name is None:
        if "bbox" in item or "segmentation" in item:
            _unknown_class(reading, where, item.get("category_id"))
        return None
    shape = _shape(item, where, reading)
    if shape is None:
        return None
    attributes = item.get("attributes")
    box = None if isinstance(shape, RawBox) else box_shape(item.get("bbox"))
    return Raw(
        class_name=name,
        shape=shape,
        where=where,
        crowd=item.get("iscrowd") in (1, True),
        score=_number(item.get("score")),
        external_id=str(item["id"]) if item.get("id") is not None else None,
        attributes=scalars(attributes) if isinstance(attributes, Mapping) else {},
        fallback=box,
    )


def _shape(item: dict[str, Any], where: Where, reading: Reading) -> RawShape | None:
    """The finest geometry that can be used: mask or polygon, else the box."""
    segmentation = item.get("segmentation")
    try:
        if isinstance(segmentation, Mapping):
            return mask_shape(segmentation)
        if isinstance(segmentation, list) and segmentation:
            return ring_shape(segmentation)
    except (TypeError, ValueError, KeyError) as error:
        reading.problems.add(
            where, "segmentation_invalid", f"segmentation cannot be read ({error}); its box is used", "kept"
        )
    bbox = item.get("bbox")
    if bbox is None and not segmentation:
        reading.problems.add(where, "no_geometry", "has neither bbox nor segmentation")
        return None
    box = box_shape(bbox)
    if box is None:
        reading.problems.add(where, "bbox_invalid", f"bbox {str(bbox)[:100]} is not four numbers")
    return box


def box_shape(bbox: Any) -> RawBox | None:
    """Return a `bbox`; None where it is not four values."""
    if not isinstance(bbox, list) or len(bbox) != 4:
        return None
    x, y, w, h = (math.nan if (value := _number(side)) is None else value for side in bbox)
    return RawBox(x, y, x + w, y + h)


def mask_shape(segmentation: Mapping[str, Any]) -> RawMask:
    """Return run lengths. Raises KeyError, TypeError or ValueError where they are none."""
    height, width = segmentation["size"]
    counts = segmentation["counts"]
    if not isinstance(height, int) or not isinstance(width, int):
        raise TypeError("size is not two whole numbers")
    if isinstance(counts, str):
        return RawMask(width, height, counts)
    if not all(type(run) is int for run in counts):
        raise TypeError("counts are not whole numbers")
    return RawMask(width, height, counts)


def ring_shape(segmentation: list[Any]) -> RawRings:
    """Return polygons. Raises TypeError or ValueError where they are none."""
    flat = [segmentation] if isinstance(segmentation[0], int | float) else segmentation
    rings = []
    for ring in flat:
        if not isinstance(ring, list) or len(ring) % 2:
            raise ValueError("a polygon is not a list of x, y pairs")
        values = [*map(float, (math.nan if value is None else value for value in ring) if None in ring else ring)]
        rings.append(list(zip(values[0::2], values[1::2], strict=True)))
    return RawRings(rings)


def _number(value: Any) -> float | None:
    """A finite number, also one written as text; None for anything else."""
    if value is None:
        return None
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None
