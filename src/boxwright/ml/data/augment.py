"""Augmentation as pure functions: (pixels, boxes) in, (pixels, boxes) out. Random choices are made by the caller.

Pixels are uint8 (h, w, 3) RGB, boxes float32 (g, 4) x0 y0 x1 y1 in pixels, half-open.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

PAD = 114
Rgb = NDArray[np.uint8]
Boxes = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A picture with the boxes on it; `labels` int64 (g,)."""

    pixels: Rgb
    boxes: Boxes
    labels: NDArray[np.int64]


def flip_x(item: Labelled) -> Labelled:
    """Mirror left and right."""
    width = item.pixels.shape[1]
    boxes = item.boxes.copy()
    boxes[:, [0, 2]] = width - item.boxes[:, [2, 0]]
    return Labelled(item.pixels[:, ::-1], boxes, item.labels)


def flip_y(item: Labelled) -> Labelled:
    """Mirror top and bottom."""
    height = item.pixels.shape[0]
    boxes = item.boxes.copy()
    boxes[:, [1, 3]] = height - item.boxes[:, [3, 1]]
    return Labelled(item.pixels[::-1], boxes, item.labels)


def shift_hsv(pixels: Rgb, gains: tuple[float, float, float]) -> Rgb:
    """Multiply hue (modulo the circle), saturation and value (clipped) by `gains`."""
    steps = np.arange(256, dtype=np.float32)
    tables = (
        ((steps * gains[0]) % 180).astype(np.uint8),
        np.clip(steps * gains[1], 0, 255).astype(np.uint8),
        np.clip(steps * gains[2], 0, 255).astype(np.uint8),
    )
    hue, saturation, value = cv2.split(cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2HSV))
    merged = cv2.merge([cv2.LUT(c, t) for c, t in zip((hue, saturation, value), tables, strict=True)])
    return np.asarray(cv2.cvtColor(merged, cv2.COLOR_HSV2RGB), np.uint8)


def visible_part(
    boxes: Boxes, labels: NDArray[np.int64], width: int, height: int, min_visible: float, min_side: float = 2.0
) -> tuple[Boxes, NDArray[np.int64]]:
    """Clip boxes to `width` x `height` and drop those of which too little is left.

    Too little: under `min_visible` (0 to 1) of the area, or a side cut to under `min_side` pixels.
    """
    limit = np.array([width, height, width, height], np.float32)
    clipped = np.clip(boxes, 0, limit)
    before, after = boxes[:, 2:] - boxes[:, :2], clipped[:, 2:] - clipped[:, :2]
    large_enough = (after >= np.minimum(before * 0.999, min_side)).all(1) & (after > 0).all(1)
    keep = large_enough & (after.prod(1) >= min_visible * before.prod(1) * 0.999)
    return clipped[keep], labels[keep]


def affine(item: Labelled, matrix: NDArray[np.float64], size: int, min_visible: float) -> Labelled:
    """Warp onto a square canvas.

    Args:
        item: picture and boxes.
        matrix: (2, 3), from source to target coordinates, both continuous (pixel i covers i to i + 1).
        size: side of the target in pixels.
        min_visible: see `visible_part`. A turned box becomes the box around its turned corners.
    """
    # OpenCV counts pixel centres as whole numbers; half a pixel is carried through the map.
    centred = matrix.copy()
    centred[:, 2] += matrix[:, :2] @ np.array([0.5, 0.5]) - 0.5
    warped = cv2.warpAffine(item.pixels, centred, (size, size), flags=cv2.INTER_LINEAR, borderValue=(PAD, PAD, PAD))
    x0, y0, x1, y1 = item.boxes.T.astype(np.float64)
    corners = np.stack([np.stack([x0, x1, x1, x0], 1), np.stack([y0, y0, y1, y1], 1)], 2)
    moved = corners @ matrix[:, :2].T + matrix[:, 2]
    boxes = np.concatenate([moved.min(1), moved.max(1)], 1).astype(np.float32)
    boxes, labels = visible_part(boxes, item.labels, size, size, min_visible)
    return Labelled(np.asarray(warped, np.uint8), boxes, labels)


def mosaic(items: Sequence[Labelled], centre: tuple[int, int], size: int) -> Labelled:
    """Put four pictures around `centre` (x, y) on a canvas of twice `size`; pixels over its edge are cut, not boxes."""
    side = 2 * size
    canvas = np.full((side, side, 3), PAD, np.uint8)
    boxes, labels = [], []
    for index, item in enumerate(items):
        height, width = item.pixels.shape[:2]
        left = centre[0] - width if index % 2 == 0 else centre[0]
        top = centre[1] - height if index < 2 else centre[1]
        x0, y0, x1, y1 = max(left, 0), max(top, 0), min(left + width, side), min(top + height, side)
        canvas[y0:y1, x0:x1] = item.pixels[y0 - top : y1 - top, x0 - left : x1 - left]
        boxes.append(item.boxes + np.array([left, top, left, top], np.float32))
        labels.append(item.labels)
    # Not clipped here: `affine` sees the whole box and so can tell how much of it is left.
    return Labelled(canvas, np.concatenate(boxes), np.concatenate(labels))


def affine_matrix(
    source: tuple[float, float], size: int, scale: float, degrees: float, shift: tuple[float, float]
) -> NDArray[np.float64]:
    """Return the (2, 3) map that scales by `scale`, turns by `degrees` clockwise and centres.

    The point `source` comes to the middle of a square of `size` pixels moved by `shift`, in parts of `size`.
    """
    angle = np.deg2rad(degrees)
    turn = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    target = (np.array(shift) + 0.5) * size
    return np.concatenate([turn, (target - turn @ np.array(source))[:, None]], 1)
