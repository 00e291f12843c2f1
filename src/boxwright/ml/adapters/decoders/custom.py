"""What no other family reads: boxes and scores whose meaning a person says.

One table, a row (or a column) for each box; or boxes (n, 4) and scores (n, classes) apart; or boxes, scores (n,) and
labels (n,). The four numbers of a box, their unit, what stands beside them and in which order are options. It fits
almost anything, so it is never taken without being asked for; what is guessed here is only where a person starts.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from boxwright.domain.errors import InvalidModel
from boxwright.ml.adapters.decoders.base import (
    Dense,
    Final,
    Floats,
    Frame,
    Match,
    Outputs,
    Seen,
    corners,
    feeding,
    fits,
    flat,
    probable,
    scaled,
    sigmoid,
    softmax,
    unit,
)

_MOST_CLASSES, _MOST_FINISHED = 10_000, 3000
# Where box, score and class start in a row of a finished detection.
_STARTS = {
    "box_score_class": (0, 4, 5),
    "box_class_score": (0, 5, 4),
    "class_score_box": (2, 1, 0),
    "score_class_box": (2, 0, 1),
}


def match(seen: Seen) -> Match | None:
    """Accept any table of boxes, and say what its numbers look like."""
    parts = _parts(seen)
    if parts is None:
        return None
    table = _joined({part: seen.outputs[name] for part, name in parts.items()}, ())
    row = seen.told.get("row") or ("box_score_class" if "labels" in parts else _row(table))
    classes = _classes(table.shape[1], row, seen.told)
    if classes is not None and not 1 <= classes <= _MOST_CLASSES:
        return None
    start, score, _ = _STARTS.get(row, (0, 4, 5))
    shift = table.shape[1] == 7 and row in _STARTS
    boxes = table[:, start + shift : start + shift + 4]
    scores = table[:, 4:] if row == "box_scores" else table[:, score + shift]
    ordered = bool(len(boxes) and (boxes[:, 2:] >= boxes[:, :2]).mean() > 0.95)
    return Match(
        outputs=parts,
        classes=classes,
        weight=0,
        reasons=(f"{len(table)} boxes with {table.shape[1]} numbers each; what they mean is yours to say",),
        input=feeding(),
        options={
            "row": row,
            "format": "xyxy" if ordered else "cxcywh",
            "boxes": unit(boxes),
            "scores": "probabilities" if probable(scores) else "logits",
        },
    )


def _parts(seen: Seen) -> dict[str, str] | None:
    """Return which output plays which part."""
    only = seen.only()
    if only is not None:
        deep = only[1].ndim > 2 or only[1].shape[-1] in (5, 6, 7)
        return {"table": only[0]} if deep and fits(only[1], 2) else None
    boxes = [name for name, item in seen.outputs.items() if fits(item, 2) and 4 in flat(item, 2).shape]
    boxes.sort(key=lambda name: "box" not in name.lower())
    for chosen in boxes:
        values = flat(seen.outputs[chosen], 2)
        count = values.shape[0] if values.shape[1] == 4 else values.shape[1]
        rest = [name for name, item in seen.outputs.items() if name != chosen and _lists(item, count)]
        named = _named(rest, seen.outputs)
        if named is not None:
            return {"boxes": chosen, **named}
    return None


def _lists(item: NDArray[Any], count: int) -> bool:
    """Tell whether an output has something for each of `count` boxes."""
    return item.dtype.kind in "fiu" and (item.size == count or (fits(item, 2) and count in flat(item, 2).shape))


def _named(names: Sequence[str], outputs: Outputs) -> dict[str, str] | None:
    if len(names) == 1:
        return {"scores": names[0]}
    labels = [name for name in names if outputs[name].dtype.kind in "iu" or "label" in name.lower()]
    scores = [name for name in names if name not in labels and outputs[name].dtype.kind == "f"]
    if len(labels) == 1 and scores:
        return {"scores": scores[0], "labels": labels[0]}
    return {"scores": scores[0]} if scores else None


def _joined(outputs: Outputs, widths: Sequence[int]) -> Floats:
    """Return one row for each box, the parts side by side. `widths` are those that a table may have; none: unknown."""
    if "table" in outputs:
        return _upright(flat(outputs["table"], 2), widths)
    boxes = _upright(flat(outputs["boxes"], 2), (4,))
    sides = [boxes, *(_beside(outputs[part], len(boxes)) for part in ("scores", "labels") if part in outputs)]
    return np.concatenate(sides, 1)


def _upright(values: Floats, widths: Sequence[int]) -> Floats:
    rows, wide = values.shape
    if wide in widths:
        return values
    lying = rows in widths if widths else 5 <= rows < wide
    if widths and not lying:
        wanted = " or ".join(map(str, widths))
        raise InvalidModel(f"an output has the shape {list(values.shape)}; what it should hold for a box are {wanted}")
    return np.ascontiguousarray(values.T) if lying else values


def _beside(values: NDArray[Any], count: int) -> Floats:
    if values.size == count:
        return values.reshape(count, 1).astype(np.float32)
    table = flat(values, 2)
    table = table if table.shape[0] == count else table.T
    if table.shape[0] != count:
        raise InvalidModel(f"there are {count} boxes, but an output has the shape {list(values.shape)}")
    return np.ascontiguousarray(table)


def _row(table: Floats) -> str:
    """Return the order in a row in which one column looks like class numbers and one like scores."""
    shift = table.shape[1] == 7
    if table.shape[1] - shift != 6 or not 0 < len(table) <= _MOST_FINISHED:
        return "box_scores"
    for name, (_, score, label) in _STARTS.items():
        labels = table[:, label + shift]
        whole = bool((labels == np.round(labels)).all() and labels.max() > 0)
        if whole and probable(table[:, score + shift]):
            return name
    return "box_scores"


def _classes(width: int, row: str, options: Mapping[str, str]) -> int | None:
    """Return how many classes stand in a row; None where it holds but the number of one."""
    return None if row in _STARTS else width - _before(options) - (options.get("background", "none") != "none")


def _before(options: Mapping[str, str]) -> int:
    return 5 if options.get("objectness") == "yes" else 4


def decode(outputs: Outputs, frame: Frame) -> Dense | Final:
    """Return corners in pixels, and scores, as the options say."""
    row = frame.options["row"]
    if row in _STARTS:
        return _finished(_joined(outputs, (6, 7)), frame, _STARTS[row])
    before = _before(frame.options)
    wanted = before + frame.classes + (frame.options["background"] != "none")
    table = _joined(outputs, (wanted,))
    if table.shape[1] != wanted:
        raise InvalidModel(f"there are {table.shape[1]} numbers a box; with the classes of its card they are {wanted}")
    scores = _scores(table[:, before:], frame.options["scores"])
    if before == 5:
        chance = table[:, 4:5]
        scores = scores * (chance if frame.options["scores"] == "probabilities" else sigmoid(chance))
    background = frame.options["background"]
    scores = scores[:, 1:] if background == "first" else scores[:, :-1] if background == "last" else scores
    keep = np.flatnonzero(scores.max(1) >= frame.floor)
    return Dense(_boxes(table[keep, :4], frame), scores[keep])


def _finished(table: Floats, frame: Frame, starts: tuple[int, int, int]) -> Final:
    if table.shape[1] not in (6, 7):
        raise InvalidModel(f"there are {table.shape[1]} numbers a box; box, score and class are 6")
    box, score, label = (start + (table.shape[1] == 7) for start in starts)
    scores = table[:, score]
    scores = scores if frame.options["scores"] == "probabilities" else sigmoid(scores)
    labels = table[:, label].astype(np.int64) - int(frame.options["first_label"])
    return Final(_boxes(table[:, box : box + 4], frame), scores, labels)


def _scores(values: Floats, kind: str) -> Floats:
    return softmax(values) if kind == "softmax" else sigmoid(values) if kind == "logits" else values


def _boxes(values: Floats, frame: Frame) -> Floats:
    kind = frame.options["format"]
    if kind == "cxcywh":
        values = corners(values)
    elif kind == "xywh":
        values = np.concatenate([values[:, :2], values[:, :2] + values[:, 2:]], 1)
    elif kind == "yxyx":
        values = values[:, [1, 0, 3, 2]]
    return scaled(values, frame)
