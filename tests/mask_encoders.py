"""Networks that give masks, made by hand: each object is a disc (an ellipse) that fills its box."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from encoders import Floats, Truth, detr, yolov5, yolov8, yolov10

COEFFICIENTS = 6


def field(truth: Truth, cells: int, steep: float = 6.0) -> Floats:
    """Logits (n, cells, cells) over the input: over 0 in each ellipse, with the slope of a trained network."""
    middles = (np.arange(cells) + 0.5) * truth.side / cells
    x, y = np.meshgrid(middles, middles)
    planes = []
    for x0, y0, x1, y1 in truth.boxes.astype(np.float64):
        reach = np.hypot((x - (x0 + x1) / 2) / ((x1 - x0) / 2), (y - (y0 + y1) / 2) / ((y1 - y0) / 2))
        planes.append(np.clip(steep * (1 - reach), -9, 9))
    return np.array(planes, np.float32).reshape(-1, cells, cells)


def mixture(truth: Truth, stride: int = 4) -> tuple[Floats, Floats]:
    """Coefficients (n, k) and prototypes (k, h, w) whose mixture is `field`; the other prototypes are noise."""
    planes = field(truth, truth.side // stride)
    noise = np.random.default_rng(3).normal(0, 4, (COEFFICIENTS - len(planes), *planes.shape[1:]))
    prototypes = np.concatenate([planes / 2, noise]).astype(np.float32)
    return 2 * np.eye(len(planes), COEFFICIENTS, dtype=np.float32), prototypes


def _with(truth: Truth, rows: NDArray, at: NDArray) -> dict[str, NDArray]:
    """Rows (n, columns) with the coefficients behind, and the prototypes."""
    mix, prototypes = mixture(truth)
    columns = np.random.default_rng(4).normal(0, 2, (len(rows), COEFFICIENTS)).astype(np.float32)
    columns[at] = mix
    return {"output0": np.concatenate([rows, columns], 1)[None], "output1": prototypes[None]}


def yolov8_seg(truth: Truth) -> dict[str, NDArray]:
    rows = np.ascontiguousarray(yolov8(truth)["output0"][0].T)
    answers = _with(truth, rows, np.flatnonzero(rows[:, 4:].sum(1)))
    return {**answers, "output0": np.ascontiguousarray(answers["output0"].transpose(0, 2, 1))}


def yolov5_seg(truth: Truth) -> dict[str, NDArray]:
    rows = yolov5(truth)["output0"][0]
    return _with(truth, rows, np.flatnonzero(rows[:, 4]))


def yolo26_seg(truth: Truth) -> dict[str, NDArray]:
    rows = yolov10(truth)["output0"][0]
    return _with(truth, rows, np.arange(len(truth.boxes)))


def rfdetr_seg(truth: Truth) -> dict[str, NDArray]:
    found = detr(truth)
    logits, boxes = found["logits"][0], found["pred_boxes"]
    masks = np.full((len(logits), 27, 27), -5, np.float32)  # a grid that does not divide the input
    masks[np.flatnonzero(logits.max(1) > -5)] = field(truth, 27)
    return {"dets": boxes, "labels": found["logits"], "masks": masks[None]}


# name -> (family that must be recognised, encoder, input is stretched)
SEGMENTING: dict[str, tuple[str, Callable[[Truth], dict[str, NDArray]], bool]] = {
    "yolov8-seg": ("yolov8", yolov8_seg, False),
    "yolov5-seg": ("yolov5", yolov5_seg, False),
    "yolo26-seg": ("yolov10", yolo26_seg, False),
    "rf-detr-seg": ("detr", rfdetr_seg, True),
}
