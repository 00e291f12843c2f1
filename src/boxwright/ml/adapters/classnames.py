"""Names of the classes of a foreign network: from its metadata, or those of COCO where the number fits."""

import ast
import json
from collections.abc import Mapping, Sequence

_LONGEST = 1 << 20
_KEYS = ("names", "class_names", "classes", "labels")
# The 80 classes of COCO 2017 in the order of their ids; the gaps in those ids, up to 90, are below.
COCO = (
    "person", "bicycle", "car", "motorcycle", "airplane", "bus", "train", "truck", "boat", "traffic light",
    "fire hydrant", "stop sign", "parking meter", "bench", "bird", "cat", "dog", "horse", "sheep", "cow", "elephant",
    "bear", "zebra", "giraffe", "backpack", "umbrella", "handbag", "tie", "suitcase", "frisbee", "skis", "snowboard",
    "sports ball", "kite", "baseball bat", "baseball glove", "skateboard", "surfboard", "tennis racket", "bottle",
    "wine glass", "cup", "fork", "knife", "spoon", "bowl", "banana", "apple", "sandwich", "orange", "broccoli",
    "carrot", "hot dog", "pizza", "donut", "cake", "chair", "couch", "potted plant", "bed", "dining table", "toilet",
    "tv", "laptop", "mouse", "remote", "keyboard", "cell phone", "microwave", "oven", "toaster", "sink",
    "refrigerator", "book", "clock", "vase", "scissors", "teddy bear", "hair drier", "toothbrush",
)  # fmt: skip
_GAPS = {0, 12, 26, 29, 30, 45, 66, 68, 69, 71, 83}


def _with_gaps() -> tuple[str, ...]:
    names = iter(COCO)
    return tuple(f"unused {number}" if number in _GAPS else next(names) for number in range(91))


COCO_IDS = _with_gaps()


def from_metadata(metadata: Mapping[str, str]) -> tuple[str, ...] | None:
    """Return the names that a file carries as JSON, as a Python literal or separated by commas; None without any.

    Nothing is evaluated: `ast.literal_eval` reads constants, and only texts of bounded length are read.
    """
    for key in _KEYS:
        text = metadata.get(key, "")
        if text and len(text) <= _LONGEST:
            names = _names(_literal(text) or text.split(","))
            if names:
                return names
    return None


def _literal(text: str) -> object:
    for read in (json.loads, ast.literal_eval):
        try:
            value: object = read(text)
        except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
            continue
        if isinstance(value, Mapping | list | tuple):
            return value
    return None


def _names(value: object) -> tuple[str, ...] | None:
    """Return the names of a list, or of a mapping whose keys are all numbers from 0."""
    if isinstance(value, Mapping):
        try:
            by_number = {int(key): item for key, item in value.items()}
        except (TypeError, ValueError):
            return None
        if sorted(by_number) != list(range(len(by_number))):
            return None
        value = [by_number[number] for number in range(len(by_number))]
    if not isinstance(value, list | tuple) or not value:
        return None
    return tuple(_clean(item, number) for number, item in enumerate(value))


def _clean(name: object, number: int) -> str:
    text = " ".join(str(name).encode("utf-8", "replace").decode().split())
    return "".join(char for char in text if char.isprintable())[:200] or f"class {number}"


def suggested(count: int, first_label: int = 0) -> tuple[Sequence[str], str]:
    """Return names for a number of classes without names, and why these."""
    if count == len(COCO):
        return COCO, "80 classes look like those of COCO; correct the names if they are others"
    if count + first_label == len(COCO_IDS):
        return COCO_IDS[
            first_label:
        ], f"{count} classes look like the ids of COCO; correct the names if they are others"
    return [f"class {number}" for number in range(count)], "the file does not name its classes; give them their names"
