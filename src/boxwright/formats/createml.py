"""CreateML: reading lists of pictures whose objects have a centre, a width and a height in pixels."""

from collections.abc import Iterator, Mapping
from typing import Any

from boxwright.domain.manifest import ImageRecord
from boxwright.formats import sniff
from boxwright.formats.jsonfile import JsonFile
from boxwright.formats.paths import parts_of, split_of_path
from boxwright.formats.problems import Where
from boxwright.formats.reading import Picture, Raw, Reading
from boxwright.formats.shapes import RawBox
from boxwright.formats.source import Source
from boxwright.formats.values import finite, number_of

_Item = Mapping[str, Any]


def detect(source: Source) -> bool:
    """Tell whether there is such a list."""
    return sniff.has(source, "createml")


def read(reading: Reading) -> Iterator[ImageRecord]:
    """Yield the pictures of all files in their order."""
    for name in sniff.files_of(reading.source, "createml"):
        for number, item in enumerate(JsonFile(reading.source.path(name), name, list_depth=1).items("item"), start=1):
            where = Where(name, None, f"image {number}")
            reference = item.get("image", item.get("imagefilename")) if isinstance(item, Mapping) else None
            if not isinstance(reference, str) or not parts_of(reference):
                reading.problems.add(where, "image_invalid", "has no file name")
                continue
            where = Where(name, None, reference[:200])
            picture = _picture(reading, item, reference, where)
            if picture and reading.first_time(picture, where):
                yield _record(reading, item, picture, where)


def _picture(reading: Reading, item: _Item, reference: str, where: Where) -> Picture | None:
    wanted = "/".join(parts_of(reference))
    folder = where.file.rpartition("/")[0]
    beside = f"{folder}/{wanted}" if folder else wanted
    found = beside if reading.source.has(beside) else reading.find(reference, where)
    if found:
        return reading.picture(found, wanted="" if reading.own_export else wanted)
    return reading.absent(wanted, number_of(item.get("width")), number_of(item.get("height")), where)


def _record(reading: Reading, item: _Item, picture: Picture, where: Where) -> ImageRecord:
    given = item.get("annotations", item.get("annotation"))
    raws, tags = [], []
    for number, one in enumerate(given if isinstance(given, list) else (), start=1):
        place = Where(where.file, None, f"annotation {number} of {where.thing}")
        label = str(one.get("label") or "").strip() if isinstance(one, Mapping) else ""
        if not isinstance(one, Mapping) or not label:
            reading.problems.add(place, "annotation_invalid", "has no label")
        elif not isinstance(one.get("coordinates"), Mapping):
            tags.append(label)  # a label of the whole picture
        else:
            x, y, w, h = (number_of(one["coordinates"].get(key)) for key in ("x", "y", "width", "height"))
            box = RawBox(x - w / 2, y - h / 2, x + w / 2, y + h / 2)
            raws.append(Raw(class_name=label, shape=box, where=place, score=finite(one.get("confidence"))))
    split = reading.split_of_folder(picture.source or where.file)
    if split is None and not reading.own_export:
        split = split_of_path(where.file)
    return reading.record(picture, raws, split=split, tags=tags)
