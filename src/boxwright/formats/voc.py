"""Pascal VOC: reading one XML file a picture, and `ImageSets/Main` for the splits.

Corners are pixel numbers from 1, both inclusive: `x0 = xmin - 1`, `x1 = xmax`. A file in which a corner is 0 counts
from 0; its numbers are taken as edges (`x0 = xmin`, `x1 = xmax`).
"""

import math
from collections.abc import Iterator

from boxwright.domain.errors import InvalidDataset
from boxwright.domain.manifest import ImageRecord
from boxwright.domain.projects import Split
from boxwright.formats.paths import folded, parts_of, split_of_word, stem_of
from boxwright.formats.problems import Where
from boxwright.formats.reading import Picture, Raw, Reading
from boxwright.formats.shapes import RawBox
from boxwright.formats.source import Source
from boxwright.formats.values import by_looks
from boxwright.formats.xmlfile import Node, parse_xml

_CORNERS = ("xmin", "ymin", "xmax", "ymax")
_FLAGS = ("difficult", "truncated", "occluded")


def detect(source: Source) -> bool:
    """Tell whether the first readable XML files are VOC annotations."""
    for name in source.files(".xml")[:20]:
        try:
            root = parse_xml(source.path(name), name)
        except InvalidDataset:
            continue
        if _is_voc(root):
            return True
    return False


def _is_voc(root: Node) -> bool:
    """VOC has objects with a box, or at least the picture's name and size; LabelMe's XML has neither."""
    if root.tag != "annotation":
        return False
    objects = root.all("object")
    return any(item.first("bndbox") for item in objects) if objects else bool(root.first("filename"))


def read(reading: Reading) -> Iterator[ImageRecord]:
    """Yield the picture of every XML file, in the order of their names."""
    source = reading.source
    for name in source.files(".txt"):
        if name.rpartition("/")[2] == "labelmap.txt":
            _read_labelmap(reading, name)
    splits = _splits(reading)
    reading.split_hint = lambda image: _split_of(image, splits)
    zero_based = 0
    for name in source.files(".xml"):
        try:
            root = parse_xml(source.path(name), name)
        except InvalidDataset as error:
            reading.problems.add(Where(name), error.code, error.message)
            continue
        if root.tag != "annotation":
            reading.problems.add(Where(name, root.line), "xml_foreign", f"root is <{root.tag}>, not <annotation>")
            continue
        image = _image_of(reading, root, name)
        picture = reading.picture(image) if image else _absent(reading, root, name)
        if picture:
            image = image or picture.name
            zero = _counts_from_zero(root)
            zero_based += zero
            split = _split_of(image, splits) or reading.split_of_folder(image)
            yield _record(reading, root, name, picture, split, zero)
    if zero_based:
        reading.problems.note(f"{zero_based} files have a corner 0: their corners were read as edges that count from 0")


def _read_labelmap(reading: Reading, name: str) -> None:
    """Class order as CVAT and Datumaro write it: `name:r,g,b:parts:actions`."""
    for _, line in reading.source.lines(name):
        own = line.split(":")[0].strip()
        if own and own != "background" and not line.startswith("#"):
            reading.classes.index(own)


def _splits(reading: Reading) -> dict[str, Split]:
    """Split by folded stem (with folders below JPEGImages) from ImageSets/Main; train, val, test win over trainval."""
    splits: dict[str, Split] = {}
    for name in reading.source.files(".txt"):
        folders = [folded(part) for part in name.split("/")[:-1]]
        if folders[-2:] != ["imagesets", "main"]:
            continue
        split = split_of_word(stem_of(name))
        if split is None or stem_of(name)[-1:].isdigit():
            continue
        for line, text in reading.source.lines(name):
            key = folded(text.split("\t")[0].strip())
            if not _has_picture(reading.source, key):
                reading.problems.add(Where(name, line), "image_missing", f"{text[:200]!r} is not among the pictures")
            if splits.setdefault(key, split) != split:
                reading.problems.add(Where(name, line), "split_twice", f"{text[:200]!r} is in two splits", "kept")
    return splits


def _has_picture(source: Source, key: str) -> bool:
    if not source.images:
        return True
    base = key.rpartition("/")[2]
    return bool(source.stems(base) or source.stems(stem_of(base)))


def _split_of(image: str, splits: dict[str, Split]) -> Split | None:
    """The split of a picture by its longest tail that ImageSets names, without or with extension."""
    parts = folded(image).split("/")
    for i in range(len(parts)):
        tail = "/".join(parts[i:])
        if split := splits.get(tail.rpartition(".")[0]) or splits.get(tail):
            return split
    return None


def _image_of(reading: Reading, root: Node, name: str) -> str | None:
    """The picture of an XML file: the one of its stem, else the one it names."""
    filename = root.text_of("filename")
    where = Where(name, root.line)
    below = name.rpartition("Annotations/")[2] if "Annotations/" in name else name.rpartition("/")[2]
    stem = below[: -len(".xml")]
    named = reading.source.try_find(filename, near=name) if filename else None
    own = reading.source.try_find(stem, near=name, by_stem=True) or reading.source.try_find(stem, near=name)
    if named and own and named != own and stem_of(filename) != stem_of(stem):
        message = f"<filename> says {filename!r}, the picture of the same stem is taken"
        reading.problems.add(where, "filename_mismatch", message, "kept")
        return own
    found = named or own
    if found and filename and not named:
        reading.problems.add(where, "filename_mismatch", f"<filename> says {filename!r}, {found!r} is taken", "kept")
    return found


def _absent(reading: Reading, root: Node, name: str) -> Picture | None:
    """A picture whose file is not here, by what the XML says about it."""
    where = Where(name, root.line)
    own = "/".join(parts_of(root.text_of("filename")))
    size = root.first("size")
    width, height = (_number(size.text_of(side)) if size else 0.0 for side in ("width", "height"))
    if not own or not (width >= 1 and height >= 1):
        reading.problems.add(where, "image_missing", f"its picture {own!r} is not among the files and has no size")
        return None
    message = f"{own!r} is not among the files: used only where the project has a picture of this name"
    reading.problems.add(where, "image_missing", message, "kept")
    return Picture(name=own, source=None, width=int(width), height=int(height))


def _counts_from_zero(root: Node) -> bool:
    boxes = (box for item in root.all("object") if (box := item.first("bndbox")))
    return any(_number(box.text_of(corner)) == 0 for box in boxes for corner in _CORNERS[:2])


def _record(reading: Reading, root: Node, name: str, picture: Picture, split: Split | None, zero: bool) -> ImageRecord:
    if size := root.first("size"):
        width, height = _number(size.text_of("width")), _number(size.text_of("height"))
        if width == width and height == height:
            reading.check_size(picture, width, height, Where(name, size.line))
    raws = []
    for number, item in enumerate(root.all("object"), start=1):
        raw = _object(reading, item, Where(name, item.line, f"object {number}"), 0 if zero else 1)
        if raw:
            raws.append(raw)
    return reading.record(picture, raws, split=split)


def _object(reading: Reading, item: Node, where: Where, first: int) -> Raw | None:
    box = item.first("bndbox")
    class_name = item.text_of("name").strip()
    if box is None or not class_name:
        missing = "bndbox" if box is None else "name"
        reading.problems.add(where, "object_invalid", f"has no <{missing}>")
        return None
    if item.all("part"):
        reading.problems.add(where, "parts_left", "its <part> boxes are not taken", "kept")
    xmin, ymin, xmax, ymax = (_number(box.text_of(corner)) for corner in _CORNERS)
    return Raw(
        class_name=class_name,
        shape=RawBox(xmin - first, ymin - first, xmax, ymax),
        where=where,
        attributes=_attributes(item),
    )


def _attributes(item: Node) -> dict[str, str | float | bool | None]:
    found: dict[str, str | float | bool | None] = {}
    for flag in _FLAGS:
        text = item.text_of(flag).strip().lower()
        if text in ("1", "true") or (text in ("0", "false") and flag == "occluded"):  # the others are 0 as a rule
            found[flag] = text in ("1", "true")
    pose = item.text_of("pose").strip()
    if pose and pose != "Unspecified":
        found["pose"] = pose
    for group in item.all("attributes"):
        for entry in group.all("attribute"):
            if key := entry.text_of("name").strip():
                found[key] = by_looks(entry.raw_text_of("value"))
    return found


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan
