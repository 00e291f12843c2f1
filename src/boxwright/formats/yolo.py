"""YOLO: reading label files beside or apart from the pictures.

Three layouts: `data.yaml` (Ultralytics), `classes.txt` or `obj.names` (older tools), and Darknet's `obj.data` with
`train.txt`. A line is `class cx cy w h` (box) or `class x1 y1 ... xn yn` (polygon; the four corners of a rectangle are
a box or rotated box), all in shares of the picture's size; a sixth number after a box is its score.
"""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import yaml

from boxwright.domain.geometry import Point
from boxwright.domain.manifest import ImageRecord
from boxwright.domain.projects import Split
from boxwright.formats.paths import folded, parts_of, stem_of
from boxwright.formats.problems import Where
from boxwright.formats.reading import Picture, Raw, Reading
from boxwright.formats.shapes import RawBox, RawRings, RawRotated, RawShape
from boxwright.formats.source import Source

_YAML_LIMIT = 512 << 10
_SPLIT_KEYS: dict[str, Split] = {"train": "train", "val": "val", "valid": "val", "validation": "val", "test": "test"}
_NAME_FILES = ("classes.txt", "obj.names", "names.txt", "labels.txt", "predefined_classes.txt")
_IMAGE_FOLDERS = ("images", "imgs", "img", "jpegimages")
_LABEL_FOLDERS = ("labels", "annotations", "labelTxt")
_SQUARE = 0.02  # how far, in pixels, four corners may be from a rectangle and still be one
_MAX_CLASS = 1_000_000
_STRAIGHT = 1e-6  # pixels: a rectangle this straight is a plain box


@dataclass(slots=True)
class _Layout:
    """What the dataset's own lists say: class names by id, and the split of pictures."""

    names: dict[int, str] = field(default_factory=dict)
    splits: dict[str, Split] = field(default_factory=dict)
    lists: set[str] = field(default_factory=set)  # text files that are no labels


def detect(source: Source) -> bool:
    """Tell whether there are YOLO names or label files."""
    if any(_yaml_names(source, name) for name in source.files(".yaml", ".yml")):
        return True
    texts = source.files(".txt")
    if any(name.endswith(".data") and stem_of(name) == "obj" for name in source.files(".data")):
        return True
    stems = {folded(stem_of(name)) for name in source.images}
    labels = [name for name in texts if folded(stem_of(name)) in stems]
    return any(_looks_like_label(source, name) for name in labels[:20])


def detect_darknet(source: Source) -> bool:
    """Tell whether a `.data` file names the classes, as Darknet's does."""
    lines = (line for name in source.files(".data") for _, line in source.lines(name))
    return any(line.partition("=")[0].strip() == "names" for line in lines)


def _looks_like_label(source: Source, name: str) -> bool:
    for _, line in source.lines(name):
        words = line.split()
        return (
            len(words) >= 5 and words[0].isdigit() and all(re.fullmatch(r"-?\d*\.?\d+(e-?\d+)?", w) for w in words[1:])
        )
    return False


def _yaml_names(source: Source, name: str) -> dict[int, str]:
    value = _load_yaml(source, name)
    return _names_of(value.get("names")) if value else {}


def _load_yaml(source: Source, name: str) -> dict[str, object]:
    """A small YAML file as a mapping; empty where it is none. Tags that make objects are refused by the loader.

    It is read once: a hostile one takes seconds.
    """
    if name not in source.yaml:
        source.yaml[name] = _read_yaml(source, name)
    return source.yaml[name]


def _read_yaml(source: Source, name: str) -> dict[str, object]:
    if source.path(name).stat().st_size > _YAML_LIMIT:
        return {}
    try:
        value = yaml.safe_load(source.text(name))
    except (yaml.YAMLError, RecursionError, ValueError):
        return {}
    return {str(key): item for key, item in value.items()} if isinstance(value, dict) else {}


def _names_of(names: object) -> dict[int, str]:
    if isinstance(names, list):
        return {number: str(name) for number, name in enumerate(names) if isinstance(name, str | int | float)}
    if isinstance(names, dict):
        pairs = ((str(key), name) for key, name in names.items() if isinstance(name, str | int | float))
        return {int(key): str(name) for key, name in sorted(pairs, key=lambda pair: pair[0].zfill(12)) if key.isdigit()}
    return {}


def read(reading: Reading) -> Iterator[ImageRecord]:
    """Yield every picture with the annotations of its label file."""
    layout = _layout(reading)
    for number, name in sorted(layout.names.items()):
        reading.classes.index(name, str(number))
    labels = _label_index(reading.source, layout.lists)
    used: set[str] = set()
    for name in reading.source.images:
        label = _label_for(name, labels)
        picture = reading.picture(name)
        if label:
            _note_shared(reading, label, used)
        if picture:
            split = layout.splits.get(name) or reading.split_of_folder(name)
            yield _record(reading, picture, label, split, layout.names)
    for label in sorted(name for name in set(labels.values()) - used if _looks_like_label(reading.source, name)):
        reading.problems.add(Where(label), "label_unmatched", "there is no picture for this label file")


def _note_shared(reading: Reading, label: str, used: set[str]) -> None:
    if label in used:
        message = "two pictures have this stem: both take these labels"
        reading.problems.add(Where(label), "label_shared", message, "kept")
    used.add(label)


def _record(
    reading: Reading, picture: Picture, label: str | None, split: Split | None, names: dict[int, str]
) -> ImageRecord:
    if label is None:
        return reading.record(picture, (), split=split, state="unlabeled")
    width, height = (picture.width, picture.height) if reading.frame == "raw" else picture.upright
    raws = []
    for line, text in reading.source.lines(label):
        raw = _line(reading, Where(label, line), text, (width, height), names)
        if raw:
            raws.append(raw)
    return reading.record(picture, raws, split=split)


def _line(reading: Reading, where: Where, text: str, size: tuple[int, int], names: dict[int, str]) -> Raw | None:
    words = text.split()
    if dota := _dota(words):
        reading.classes.index(dota[0])
        return Raw(class_name=dota[0], shape=dota[1], where=where)
    try:
        number = int(float(words[0])) if re.fullmatch(r"\d+(\.0*)?", words[0]) else int(words[0])
        values = [float(word) for word in words[1:]]
    except (ValueError, OverflowError):
        reading.problems.add(where, "line_invalid", f"not numbers: {text[:80]!r}")
        return None
    if not 0 <= number <= _MAX_CLASS or not (len(values) in (4, 5) or (len(values) >= 6 and len(values) % 2 == 0)):
        reading.problems.add(where, "line_invalid", f"a line of {len(words)} values is neither box nor polygon")
        return None
    if number not in names:
        names[number] = f"class {number}"
        message = f"class {number} is not among the names: kept as {names[number]!r}"
        reading.problems.add(where, "class_beyond_names", message, "kept")
        reading.classes.index(names[number], str(number))
    score = values[4] if len(values) == 5 and math.isfinite(values[4]) else None
    return Raw(class_name=names[number], shape=shape_of(values, *size), where=where, score=score)


def _dota(words: list[str]) -> tuple[str, RawShape] | None:
    """Name and shape of a line of four corners in pixels, class and difficulty, as DOTA has it (`labelTxt`)."""
    if len(words) != 10 or not words[9].isdigit() or re.fullmatch(r"-?[\d.]+", words[8]):
        return None
    try:
        values = [float(word) for word in words[:8]]
    except ValueError:
        return None
    points = list(zip(values[0::2], values[1::2], strict=True))
    return words[8], rectangle(points) or RawRings([points])


def shape_of(values: Sequence[float], width: int, height: int) -> RawShape:
    """Return the shape of a line's numbers behind the class, on a picture of `width` x `height` pixels."""
    if len(values) <= 5:
        cx, cy, w, h = values[:4]
        return RawBox((cx - w / 2) * width, (cy - h / 2) * height, (cx + w / 2) * width, (cy + h / 2) * height)
    points = [(x * width, y * height) for x, y in zip(values[0::2], values[1::2], strict=True)]
    if len(points) == 4 and (rotated := rectangle(points)):
        return rotated
    return RawRings([points])


def rectangle(points: Sequence[Point]) -> RawBox | RawRotated | None:
    """Return the box or rotated box with these corners, in order, when they are a rectangle."""
    xs, ys = sorted(x for x, _ in points), sorted(y for _, y in points)
    if max(xs[1] - xs[0], xs[3] - xs[2], ys[1] - ys[0], ys[3] - ys[2]) < _STRAIGHT and xs[0] < xs[3] and ys[0] < ys[3]:
        return RawBox(xs[0], ys[0], xs[3], ys[3])
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = points
    w, h = math.hypot(bx - ax, by - ay), math.hypot(cx - bx, cy - by)
    skew = abs((ax + cx) - (bx + dx)) + abs((ay + cy) - (by + dy))
    if not (w > 0 and h > 0) or skew > _SQUARE:
        return None
    if abs((bx - ax) * (cx - bx) + (by - ay) * (cy - by)) > _SQUARE * max(w, h):
        return None
    return RawRotated((ax + cx) / 2, (ay + cy) / 2, w, h, math.atan2(by - ay, bx - ax))


def _label_index(source: Source, lists: set[str]) -> dict[str, str]:
    """Label files by their folded path without extension."""
    texts = (name for name in source.files(".txt") if name not in lists)
    return {folded(name[:-4]): name for name in texts}


def _label_for(image: str, labels: dict[str, str]) -> str | None:
    """The label file of a picture: `images` becomes `labels` on the way, or it lies beside."""
    *folders, base = image.rpartition(".")[0].split("/")
    candidates = []
    for i in reversed(range(len(folders))):
        if folders[i].casefold() in _IMAGE_FOLDERS:
            candidates += ["/".join([*folders[:i], swap, *folders[i + 1 :], base]) for swap in _LABEL_FOLDERS]
    beside = ([*folders, base], [*folders, "labels", base], ["labels", *folders, base])
    candidates += ["/".join(parts) for parts in beside]
    return next((labels[key] for candidate in candidates if (key := folded(candidate)) in labels), None)


def _layout(reading: Reading) -> _Layout:
    layout = _Layout()
    source = reading.source
    for name in source.files(".yaml", ".yml"):
        value = _load_yaml(source, name)
        if names := _names_of(value.get("names")):
            layout.names.update(names)
            for key, split in _SPLIT_KEYS.items():
                _assign(reading, layout, name, value.get(key), split, str(value.get("path") or ""))
    for name in source.files(".data"):
        _darknet(reading, layout, name)
    for name in source.files(".txt", ".names"):
        if name.rpartition("/")[2].casefold() in _NAME_FILES or name.endswith(".names"):
            layout.lists.add(name)
            if not layout.names:
                layout.names = {i: text for i, (_, text) in enumerate(source.lines(name))}
    for name in source.files(".txt"):
        base = stem_of(name).casefold()
        if base in _SPLIT_KEYS and name not in layout.lists and _is_list(source, name):
            _assign_list(reading, layout, name, _SPLIT_KEYS[base])
    layout.lists.update(name for name in source.files(".txt") if stem_of(name).casefold().startswith("readme"))
    return layout


def _darknet(reading: Reading, layout: _Layout, name: str) -> None:
    fields = (line.partition("=") for _, line in reading.source.lines(name))
    pairs = {key.strip(): value.strip() for key, _, value in fields}
    if "names" in pairs and (found := _text_file(reading.source, pairs["names"], name)):
        layout.lists.add(found)
        layout.names = {i: text for i, (_, text) in enumerate(reading.source.lines(found))}
    taken: set[str] = set()
    for key, split in _SPLIT_KEYS.items():
        found = _text_file(reading.source, pairs[key], name) if pairs.get(key) else None
        if found and found not in taken:  # some datasets name one list as train and as valid
            taken.add(found)
            _assign_list(reading, layout, found, split)


def _text_file(source: Source, reference: str, near: str) -> str | None:
    """The list or names file that a path of another machine means."""
    base = folded((parts_of(reference) or [""])[-1])
    folder = near.rpartition("/")[0]
    found = [name for name in source.files(".txt", ".names") if folded(name.rpartition("/")[2]) == base]
    found.sort(key=lambda name: (name.rpartition("/")[0] != folder, name))
    return found[0] if found else None


def _is_list(source: Source, name: str) -> bool:
    first = next((line for _, line in source.lines(name)), "")
    return not re.fullmatch(r"\d+(\s+-?[\d.eE+-]+){4,}", first)


def _assign(reading: Reading, layout: _Layout, near: str, value: object, split: Split, root: str) -> None:
    """Give a split to what data.yaml names: a folder, a list file, or several of them."""
    for item in value if isinstance(value, list) else [value]:
        if not isinstance(item, str) or not item.strip():
            continue
        if item.strip().endswith(".txt"):
            found = _text_file(reading.source, item, near)
            if found:
                _assign_list(reading, layout, found, split)
            else:
                reading.problems.add(Where(near), "list_missing", f"{item!r} ({split}) is not among the files")
            continue
        if not _assign_folder(reading.source, layout, near, item, split, root):
            message = f"there are no pictures in {item!r} ({split})"
            reading.problems.add(Where(near), "folder_missing", message)


def _assign_folder(source: Source, layout: _Layout, near: str, item: str, split: Split, root: str) -> bool:
    base = near.rpartition("/")[0]
    tails = [parts_of(f"{root}/{item}"), parts_of(item)]
    folders = [
        "/".join([*([base] if base else []), *parts]) for parts in tails for parts in (parts, parts[-2:], parts[-1:])
    ]
    for folder in folders:
        inside = [name for name in source.images if not folder or folded(name).startswith(folded(folder) + "/")]
        for name in inside:
            layout.splits.setdefault(name, split)
        if inside:
            return True
    return False


def _assign_list(reading: Reading, layout: _Layout, name: str, split: Split) -> None:
    layout.lists.add(name)
    for line, text in reading.source.lines(name):
        where = Where(name, line)
        found = reading.find(text, where)
        if found is None:
            reading.problems.add(where, "image_missing", f"{text[:200]!r} is not among the files")
        else:
            layout.splits.setdefault(found, split)
