"""TFRecord: reading examples as TensorFlow's object detection has them, with their pictures inside.

Boxes are shares of the picture's size as 32-bit floats: the fewest decimals of a pixel that mean the same float are
taken.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from boxwright.domain.errors import Invalid, InvalidImage
from boxwright.domain.manifest import ImageRecord
from boxwright.formats.patches import counts_of
from boxwright.formats.paths import parts_of, split_of_path
from boxwright.formats.problems import Where
from boxwright.formats.reading import Picture, Raw, Reading, state_said
from boxwright.formats.shapes import DIGITS, RawBox, RawMask, RawShape
from boxwright.formats.source import Source
from boxwright.formats.tfexample import Feature, parse_example, records, starts_like_one
from boxwright.media import decode_rgb

_NAME = re.compile(r"\.(tfrecords?|record)(\b|$|-)|tfrecord", re.IGNORECASE)
_ITEM = re.compile(r"item\s*\{(.*?)\}", re.DOTALL)
_ID = re.compile(r"\bid\s*:\s*(\d{1,9})")
_LABEL = re.compile(r"\b(display_name|name)\s*:\s*(?:'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\")")
_EDGES = ("xmin", "ymin", "xmax", "ymax")
_Features = Mapping[str, Feature]


def detect(source: Source) -> bool:
    """Tell whether there is a file of records."""
    return bool(_files(source))


def _files(source: Source) -> list[str]:
    return [
        name for name in source.names() if _NAME.search(name.rpartition("/")[2]) and starts_like_one(source.path(name))
    ]


def read(reading: Reading) -> Iterator[ImageRecord]:
    """Yield the pictures of all files in their order."""
    labels = _label_map(reading)
    for name in _files(reading.source):
        for number, data in enumerate(records(reading.source.path(name), name), start=1):
            where = Where(name, None, f"record {number}")
            try:
                features = parse_example(data)
            except ValueError as error:
                reading.problems.add(where, "record_invalid", f"is no example: {error}")
                continue
            if record := _record(reading, features, where, labels):
                yield record


def _label_map(reading: Reading) -> dict[int, str]:
    """The classes by their numbers; in the order of these."""
    found: dict[int, str] = {}
    for name in reading.source.files(".pbtxt"):
        for item in _ITEM.findall(reading.source.text(name)):
            number = _ID.search(item)
            names = {kind: single or double for kind, single, double in _LABEL.findall(item)}
            if number and names:
                label = names.get("name") or names.get("display_name") or f"class {number[1]}"
                found[int(number[1])] = re.sub(r"\\(.)", r"\1", label)
    for at, label in sorted(found.items()):
        reading.classes.index(label, str(at))
    return found


def _record(reading: Reading, features: _Features, where: Where, labels: Mapping[int, str]) -> ImageRecord | None:
    picture = _picture(reading, features, where)
    if picture is None or not reading.first_time(picture, where):
        return None
    where = Where(where.file, None, f"{where.thing}, {picture.name}")
    raws = list(_raws(reading, features, picture, where, labels))
    state = state_said(raws, _text(features, "image/state"))
    tags = [value.decode("utf-8", "replace") for value in _bytes(features, "image/class/text")]
    split = split_of_path(where.file)
    own = _text(features, "image/source_id") or None
    return reading.record(picture, raws, split=split, state=state, external_id=own, tags=tags)


def _picture(reading: Reading, features: _Features, where: Where) -> Picture | None:
    name = _text(features, "image/filename") or _text(features, "image/source_id") or f"{where.thing}.jpg"
    data = next(iter(_bytes(features, "image/encoded")), b"")
    if data:
        return reading.picture(reading.embedded(name, data))
    found = reading.find(name, where)
    if found:
        return reading.picture(found, wanted="/".join(parts_of(name)))
    width, height = (next(iter(_numbers(features, f"image/{side}")), 0.0) for side in ("width", "height"))
    return reading.absent("/".join(parts_of(name)), width, height, where)


def _raws(
    reading: Reading, features: _Features, picture: Picture, where: Where, labels: Mapping[int, str]
) -> Iterator[Raw]:
    width, height = (picture.width, picture.height) if reading.frame == "raw" else picture.upright
    edges = [_numbers(features, f"image/object/bbox/{edge}") for edge in _EDGES]
    texts, numbers = _bytes(features, "image/object/class/text"), _numbers(features, "image/object/class/label")
    masks = _bytes(features, "image/object/mask")
    count = min(map(len, edges))
    if any(len(values) != count for values in edges) or (masks and len(masks) != count):
        reading.problems.add(where, "record_invalid", "its lists of boxes have different lengths: the rest is left out")
    flags = {
        key: _numbers(features, f"image/object/{key}") for key in ("difficult", "truncated", "is_crowd", "group_of")
    }
    for at in range(count):
        x0, y0, x1, y1 = (values[at] for values in edges)
        box = RawBox(_pixels(x0, width), _pixels(y0, height), _pixels(x1, width), _pixels(y1, height))
        label = texts[at].decode("utf-8", "replace") if at < len(texts) else ""
        label = label or (labels.get(int(numbers[at]), f"class {numbers[at]:g}") if at < len(numbers) else "")
        place = Where(where.file, None, f"object {at + 1} of {where.thing}")
        set_flags = {key for key, values in flags.items() if at < len(values) and values[at] == 1}
        shape = _mask(reading, masks[at], (width, height), place) if at < len(masks) else None
        yield Raw(
            class_name=label,
            shape=shape or box,
            where=place,
            crowd=bool(set_flags & {"is_crowd", "group_of"}),
            attributes={key: True for key in ("difficult", "truncated") if key in set_flags},
            fallback=box if shape else None,
        )


def _mask(reading: Reading, data: bytes, size: tuple[int, int], where: Where) -> RawShape | None:
    try:
        pixels = decode_rgb(data)[:, :, 0] > 0
        if pixels.shape != (size[1], size[0]):
            raise Invalid(f"is of {pixels.shape[1]} x {pixels.shape[0]} pixels")
        return RawMask(*size, counts_of(pixels, 0, 0, *size))
    except (Invalid, InvalidImage) as error:
        reading.problems.add(where, "mask_invalid", f"its mask {error.message}: its box is used", "kept")
        return None


def _pixels(part: float, size: int) -> float:
    """The place in pixels with the fewest decimals whose share is the same 32-bit float."""
    wanted = np.float32(part)
    value = float(part) * size
    if not np.isfinite(value):
        return value
    for decimals in range(DIGITS):
        near = round(value, decimals)
        if np.float32(near / size) == wanted:
            return near
    return value


def _bytes(features: _Features, key: str) -> Sequence[bytes]:
    return [value for value in features.get(key, ()) if isinstance(value, bytes)]


def _numbers(features: _Features, key: str) -> Sequence[float]:
    return [value for value in features.get(key, ()) if isinstance(value, int | float)]


def _text(features: _Features, key: str) -> str:
    return next(iter(_bytes(features, key)), b"").decode("utf-8", "replace")
