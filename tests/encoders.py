"""The inverse of the decoders, written apart from them: boxes in pixels to what a network of a family would answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
STRIDES = (8, 16, 32)


@dataclass
class Truth:
    """Boxes (n, 4) as corners in pixels of an input of `side`, with one class and score each."""

    side: int
    boxes: Floats
    labels: NDArray[np.int64]
    scores: Floats
    classes: int
    outputs: dict[str, NDArray] = field(default_factory=dict)


TRUTH = Truth(
    side=128,
    boxes=np.array([[10, 20, 50, 60], [70, 66, 110, 106]], np.float32),
    labels=np.array([0, 2]),
    scores=np.array([0.9, 0.6], np.float32),
    classes=3,
)


def grid(side: int, strides=STRIDES) -> list[tuple[int, int, int]]:
    return [(x, y, s) for s in strides for y in range(side // s) for x in range(side // s)]


def centre_size(boxes: Floats) -> Floats:
    return np.stack(
        [
            (boxes[:, 0] + boxes[:, 2]) / 2,
            (boxes[:, 1] + boxes[:, 3]) / 2,
            boxes[:, 2] - boxes[:, 0],
            boxes[:, 3] - boxes[:, 1],
        ],
        1,
    )


def logit(p: NDArray) -> NDArray:
    return np.log(p / (1 - p))


def one_hot(truth: Truth, rows: int, places: NDArray) -> Floats:
    scores = np.zeros((rows, truth.classes), np.float32)
    scores[places, truth.labels] = truth.scores
    return scores


def places(truth: Truth, rows: int) -> NDArray:
    """Each box in a row of its own, spread over all."""
    return np.linspace(0, rows - 1, len(truth.boxes)).astype(int) if len(truth.boxes) else np.zeros(0, int)


def yolox(truth: Truth, decoded: bool = False) -> dict[str, NDArray]:
    cells = grid(truth.side)
    centres = centre_size(truth.boxes)[:, :2]
    at = [next(i for i, (x, y, s) in enumerate(cells) if (x, y) == (cx // s, cy // s)) for cx, cy in centres]
    rows = np.zeros((len(cells), 5 + truth.classes), np.float32)
    for row, box in zip(at, centre_size(truth.boxes), strict=True):
        x, y, s = cells[row]
        raw = [box[0] / s - x, box[1] / s - y, np.log(box[2] / s), np.log(box[3] / s)]
        rows[row, :4] = box if decoded else raw
        rows[row, 4] = 1
    rows[:, 5:] = one_hot(truth, len(cells), np.array(at))
    return {"output": rows[None]}


def yolov5(truth: Truth) -> dict[str, NDArray]:
    count = 3 * len(grid(truth.side))
    at = places(truth, count)
    rows = np.zeros((count, 5 + truth.classes), np.float32)
    rows[at, :4] = centre_size(truth.boxes)
    rows[at, 4] = 1
    rows[:, 5:] = one_hot(truth, count, at)
    return {"output0": rows[None]}


def yolov8(truth: Truth, transposed: bool = False, normalised: bool = False) -> dict[str, NDArray]:
    count = len(grid(truth.side))
    at = places(truth, count)
    table = np.zeros((count, 4 + truth.classes), np.float32)
    table[at, :4] = centre_size(truth.boxes) / (truth.side if normalised else 1)
    table[:, 4:] = one_hot(truth, count, at)
    return {"output0": table[None] if transposed else np.ascontiguousarray(table.T)[None]}


def yolov10(truth: Truth, rows: int = 50) -> dict[str, NDArray]:
    table = np.zeros((rows, 6), np.float32)
    n = len(truth.boxes)
    table[:n] = np.concatenate([truth.boxes, truth.scores[:, None], truth.labels[:, None]], 1)
    return {"output0": table[None]}


def end_to_end(truth: Truth) -> dict[str, NDArray]:
    """YOLOv7: picture, corners, class, score."""
    columns = [np.zeros((len(truth.boxes), 1)), truth.boxes, truth.labels[:, None], truth.scores[:, None]]
    return {"output": np.concatenate(columns, 1).astype(np.float32)}


def nanodet(truth: Truth, joined: bool = False, plus: bool = False, pico: bool = False) -> dict[str, NDArray]:
    """Distances as two neighbouring bins whose mean is exact; boxes must be near their cell: at most 7 strides away."""
    strides = (8, 16, 32, 64) if plus or pico else STRIDES
    cells = grid(truth.side, strides)
    scores = np.full((len(cells), truth.classes), 0.0, np.float32)
    distances = np.zeros((len(cells), 4, 8), np.float32)
    distances[:, :, ::2] = -1
    distances[:, :, 1::2] = 1
    shift = 0.0 if plus else 0.5
    used: set[int] = set()
    for box, label, score in zip(truth.boxes, truth.labels, truth.scores, strict=True):
        row = next(
            i
            for i, (x, y, s) in enumerate(cells)
            if i not in used and all(0 <= d < 7 for d in sides(box, (x + shift) * s, (y + shift) * s, s))
        )
        used.add(row)
        x, y, s = cells[row]
        scores[row, label] = score
        for side, distance in enumerate(sides(box, (x + shift) * s, (y + shift) * s, s)):
            low = int(distance)
            part = min(max(distance - low, 1e-6), 1 - 1e-6)
            distances[row, side] = -60
            distances[row, side, low], distances[row, side, low + 1] = np.log(1 - part), np.log(part)
    flat = distances.reshape(len(cells), 32)
    if joined:
        return {"output": np.concatenate([scores, flat], 1)[None]}
    found: dict[str, NDArray] = {}
    for kind, table in (("cls_pred_stride_", scores), ("dis_pred_stride_", flat)):
        for stride in strides:
            found[f"{kind}{stride}"] = table[[i for i, cell in enumerate(cells) if cell[2] == stride]][None]
    return found


def sides(box: Floats, x: float, y: float, stride: int) -> list[float]:
    return [(x - box[0]) / stride, (y - box[1]) / stride, (box[2] - x) / stride, (box[3] - y) / stride]


def tensorflow(truth: Truth, rows: int = 30) -> dict[str, NDArray]:
    n = len(truth.boxes)
    boxes = np.zeros((1, rows, 4), np.float32)
    boxes[0, :n] = truth.boxes[:, [1, 0, 3, 2]] / truth.side
    labels, scores = np.ones((1, rows), np.float32), np.zeros((1, rows), np.float32)
    labels[0, :n], scores[0, :n] = truth.labels + 1, truth.scores
    count = np.array([n], np.float32)
    return {"detection_boxes": boxes, "detection_classes": labels, "detection_scores": scores, "num_detections": count}


def torchvision(truth: Truth) -> dict[str, NDArray]:
    return {
        "boxes": truth.boxes.astype(np.float32),
        "labels": truth.labels + 1,
        "scores": truth.scores.astype(np.float32),
    }


def mmdetection(truth: Truth) -> dict[str, NDArray]:
    dets = np.concatenate([truth.boxes, truth.scores[:, None]], 1).astype(np.float32)
    return {"dets": dets[None], "labels": truth.labels[None]}


def dfine(truth: Truth) -> dict[str, NDArray]:
    return {
        "labels": truth.labels[None],
        "boxes": truth.boxes[None].astype(np.float32),
        "scores": truth.scores[None].astype(np.float32),
    }


def ultraface(truth: Truth, rows: int = 300) -> dict[str, NDArray]:
    at = places(truth, rows)
    boxes = np.zeros((rows, 4), np.float32)
    boxes[at] = truth.boxes / truth.side
    scores = one_hot(truth, rows, at)
    background = 1 - scores.sum(1, keepdims=True)
    return {"scores": np.concatenate([background, scores], 1)[None], "boxes": boxes[None]}


def detr(truth: Truth, softly: bool = False, queries: int = 100) -> dict[str, NDArray]:
    at = places(truth, queries)
    boxes = np.full((queries, 4), 0.5, np.float32)
    boxes[at] = centre_size(truth.boxes) / truth.side
    scores = one_hot(truth, queries, at).astype(np.float64)
    if softly:
        rest = np.concatenate([scores, 1 - scores.sum(1, keepdims=True)], 1)
        logits = np.log(np.maximum(rest, 1e-9))
    else:
        logits = logit(np.clip(scores, 1e-4, 1 - 1e-4))
    return {"logits": logits[None].astype(np.float32), "pred_boxes": boxes[None]}


def pixels_and_scores(truth: Truth) -> dict[str, NDArray]:
    count = len(grid(truth.side))
    at = places(truth, count)
    boxes = np.zeros((count, 4), np.float32)
    boxes[at] = truth.boxes
    return {"boxes": boxes[None], "scores": one_hot(truth, count, at)[None]}


def maps(truth: Truth, *, square: bool = False, layout: str = "first", tiny: bool = False) -> dict[str, NDArray]:
    """YOLOv3 to v7 before their last layer: logits, boxes relative to the anchors of COCO."""
    anchors = {
        8: [(10, 13), (16, 30), (33, 23)],
        16: [(10, 14), (23, 27), (37, 58)] if tiny else [(30, 61), (62, 45), (59, 119)],
        32: [(81, 82), (135, 169), (344, 319)] if tiny else [(116, 90), (156, 198), (373, 326)],
    }
    strides = (16, 32) if tiny else STRIDES
    found = {s: np.full((3, truth.side // s, truth.side // s, 5 + truth.classes), -9, np.float32) for s in strides}
    for box, label, score in zip(centre_size(truth.boxes), truth.labels, truth.scores, strict=True):
        stride, anchor = 16, 1
        x, y = (int(value // stride) for value in box[:2])
        cell = found[stride][anchor, y, x]
        place = box[:2] / stride - (x, y)
        size = box[2:] / np.array(anchors[stride][anchor])
        cell[:2] = logit((place + 0.5) / 2 if square else np.clip(place, 1e-6, 1 - 1e-6))
        cell[2:4] = logit(np.sqrt(size) / 2) if square else np.log(size)
        cell[4], cell[5 + label] = 9, logit(score / (1 / (1 + np.exp(-9))))
    if layout == "first":
        return {f"map{s}": item.transpose(0, 3, 1, 2).reshape(1, -1, *item.shape[1:3]) for s, item in found.items()}
    if layout == "last":
        return {f"map{s}": item.transpose(1, 2, 0, 3).reshape(1, *item.shape[1:3], -1) for s, item in found.items()}
    return {f"map{s}": item[None] for s, item in found.items()}


# name -> (family that must be recognised, encoder)
KINDS: dict[str, tuple[str, Callable[[Truth], dict[str, NDArray]]]] = {
    "wren": ("wren", pixels_and_scores),
    "yolox": ("yolox", yolox),
    "yolox decoded": ("yolox", lambda truth: yolox(truth, decoded=True)),
    "nanodet": ("nanodet", nanodet),
    "nanodet joined": ("nanodet", lambda truth: nanodet(truth, joined=True)),
    "nanodet plus": ("nanodet", lambda truth: nanodet(truth, joined=True, plus=True)),
    "picodet": ("nanodet", lambda truth: nanodet(truth, pico=True)),
    "yolov5": ("yolov5", yolov5),
    "yolov3 maps": ("anchors", maps),
    "yolov3 maps of TensorFlow": ("anchors", lambda truth: maps(truth, layout="last")),
    "yolov3-tiny maps": ("anchors", lambda truth: maps(truth, tiny=True)),
    "yolov5 maps": ("anchors", lambda truth: maps(truth, square=True, layout="five")),
    "yolov8": ("yolov8", yolov8),
    "yolov8 normalised": ("yolov8", lambda truth: yolov8(truth, normalised=True)),
    "yolov10": ("yolov10", yolov10),
    "yolov7 end to end": ("yolov10", end_to_end),
    "tensorflow": ("ssd", tensorflow),
    "torchvision": ("ssd", torchvision),
    "mmdetection": ("ssd", mmdetection),
    "ultraface": ("ultraface", ultraface),
    "detr": ("detr", lambda truth: detr(truth, softly=True)),
    "rt-detr": ("detr", detr),
    "d-fine": ("dfine", dfine),
}
