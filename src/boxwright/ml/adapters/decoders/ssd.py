"""Finished detections in outputs of their own: SSD and Faster R-CNN of TensorFlow, torchvision, mmdetection, ONNX zoo.

boxes (n, 4), labels (n,), scores (n,), with or without a dimension for the batch, and in some the number that counts.
TensorFlow: `y0 x0 y1 x1` from 0 to 1, labels from 1. torchvision: `x0 y0 x1 y1` in pixels, labels from 1.
mmdetection: boxes and scores in one output `dets` (n, 5), labels from 0. All are stretched; RGB, bytes or 0 to 1.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from boxwright.domain.errors import InvalidModel
from boxwright.ml.adapters.decoders.base import (
    Final,
    Floats,
    Frame,
    Match,
    Outputs,
    Seen,
    feeding,
    flat,
    scaled,
    unit,
)


def match(seen: Seen) -> Match | None:
    """Recognise boxes, labels and scores."""
    parts = find(seen)
    if parts is None:
        return None
    tensorflow = any(name.startswith(("detection_", "num_detections")) for name in seen.outputs)
    boxes, scores, labels = _columns({part: seen.outputs[name] for part, name in parts.items()})
    normalised = tensorflow or (len(boxes) > 0 and unit(boxes) == "normalised")
    joined = "dets" in parts
    first = "0" if joined or bool((labels[scores > 0] == 0).any()) else "1"
    return Match(
        outputs=parts,
        classes=None,
        weight=3 if tensorflow or joined else 2,
        reasons=(
            f"finished detections: {'boxes with scores' if joined else 'boxes, scores'} and labels, "
            f"corners {'from 0 to 1' if normalised else 'in pixels'}"
            + (", in TensorFlow's order y0 x0 y1 x1, classes from 1" if tensorflow else ""),
        ),
        input=feeding(placement="stretch"),
        options={
            "boxes": "normalised" if normalised else "pixels",
            "order": "yxyx" if tensorflow else "xyxy",
            "first_label": "1" if tensorflow else first,
        },
    )


def find(seen: Seen) -> dict[str, str] | None:
    """Return which output plays which part, by shape and, where several fit, by name."""
    boxes = _named(seen, _has_columns(seen, 4), "box")
    dets = _has_columns(seen, 5)
    lists = [name for name, item in seen.outputs.items() if name != boxes and _is_list(item) and not _counts(name)]
    whole = [name for name in lists if seen.outputs[name].dtype.kind in "iu"]
    labels = _named(seen, whole or lists, "label", "class")
    if labels is None:
        return None
    if boxes is None:
        return {"dets": dets[0], "labels": labels} if len(dets) == 1 else None
    rest = [name for name in lists if name != labels and seen.outputs[name].dtype.kind == "f"]
    scores = _named(seen, rest, "score", "conf")
    if scores is None:
        return None
    parts = {"boxes": boxes, "labels": labels, "scores": scores}
    count = [name for name, item in seen.outputs.items() if item.size == 1 and "num" in name.lower()]
    return {**parts, "count": count[0]} if count else parts


def _counts(name: str) -> bool:
    return any(word in name.lower() for word in ("num", "anchor"))


def _is_list(item: NDArray[Any]) -> bool:
    return item.ndim <= 2 and (item.ndim == 1 or item.shape[0] == 1)


def _has_columns(seen: Seen, count: int) -> list[str]:
    """Return tables of numbers so wide; those with a dimension for the batch first, as a list of four is no box."""
    tables = {
        name: item for name, item in seen.outputs.items() if item.dtype.kind == "f" and item.shape[-1:] == (count,)
    }
    batched = [name for name, item in tables.items() if item.ndim == 3 and item.shape[0] == 1]
    return batched or [name for name, item in tables.items() if item.ndim == 2]


def _named(seen: Seen, names: list[str], *words: str) -> str | None:
    """Return the only one, else the one whose name holds a word: the shortest, as `raw_...` are not finished."""
    if len(names) == 1:
        return names[0]
    told = sorted((name for name in names if any(word in name.lower() for word in words)), key=len)
    told = [name for name in told if _is_list(seen.outputs[name]) or "box" in words]
    return told[0] if told else None


def decode(outputs: Outputs, frame: Frame) -> Final:
    """Return the detections, as many as the network says count."""
    boxes, scores, labels = _columns(outputs)
    if frame.options.get("order") == "yxyx":
        boxes = boxes[:, [1, 0, 3, 2]]
    return Final(scaled(boxes, frame), scores, labels - int(frame.options["first_label"]))


def _columns(outputs: Outputs) -> tuple[Floats, Floats, NDArray[np.int64]]:
    if "dets" in outputs:
        dets = flat(outputs["dets"], 2)
        boxes, scores = dets[:, :4], dets[:, 4]
    else:
        boxes, scores = flat(outputs["boxes"], 2), _line(outputs["scores"]).astype(np.float32)
    labels = _line(outputs["labels"]).astype(np.int64)
    if not len(boxes) == len(scores) == len(labels):
        raise InvalidModel(f"there are {len(boxes)} boxes, {len(scores)} scores and {len(labels)} labels")
    count = len(boxes)
    if "count" in outputs:
        count = min(count, max(0, int(outputs["count"].reshape(-1)[0])))
    return boxes[:count], scores[:count], labels[:count]


def _line(values: NDArray[Any]) -> NDArray[Any]:
    return values.reshape(-1)
