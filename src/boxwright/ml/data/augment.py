"""Augmentation as pure functions on labelled pictures. Random choices are made by the caller.

Pixels are uint8 (h, w, 3) RGB, boxes float32 (g, 4) x0 y0 x1 y1 in pixels, half-open. Outlines, where a task has them,
are carried point by point, and the box of an object with an outline is that of what can be seen of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from boxwright.ml.data.outlines import Outlines, joined

PAD = 114
Rgb = NDArray[np.uint8]
Boxes = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A picture with the boxes on it; `labels` int64 (g,), `outlines` of the same g objects where a task has them."""

    pixels: Rgb
    boxes: Boxes
    labels: NDArray[np.int64]
    outlines: Outlines | None = None


def flip_x(item: Labelled) -> Labelled:
    """Mirror left and right."""
    width = item.pixels.shape[1]
    boxes = item.boxes.copy()
    boxes[:, [0, 2]] = width - item.boxes[:, [2, 0]]
    outlines = item.outlines and item.outlines.moved(np.array([[-1.0, 0, width], [0, 1, 0]]))
    return Labelled(item.pixels[:, ::-1], boxes, item.labels, outlines)


def flip_y(item: Labelled) -> Labelled:
    """Mirror top and bottom."""
    height = item.pixels.shape[0]
    boxes = item.boxes.copy()
    boxes[:, [1, 3]] = height - item.boxes[:, [3, 1]]
    outlines = item.outlines and item.outlines.moved(np.array([[1.0, 0, 0], [0, -1, height]]))
    return Labelled(item.pixels[::-1], boxes, item.labels, outlines)


def quarter_turn(item: Labelled, turns: int) -> Labelled:
    """Turn clockwise by `turns` times 90 degrees (1 to 3); boxes stay exact."""
    height, width = item.pixels.shape[:2]
    x0, y0, x1, y1 = item.boxes.T
    sides, matrix = {
        1: ((height - y1, x0, height - y0, x1), [[0, -1, height], [1, 0, 0]]),
        2: ((width - x1, height - y1, width - x0, height - y0), [[-1, 0, width], [0, -1, height]]),
        3: ((y0, width - x1, y1, width - x0), [[0, 1, 0], [-1, 0, width]]),
    }[turns]
    outlines = item.outlines and item.outlines.moved(np.array(matrix, np.float64))
    return Labelled(np.rot90(item.pixels, -turns), np.stack(sides, 1).astype(np.float32), item.labels, outlines)


def grey(pixels: Rgb) -> Rgb:
    """Take the colour away."""
    return np.asarray(cv2.cvtColor(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB), np.uint8)


def blur(pixels: Rgb, sigma: float) -> Rgb:
    """Blur with a Gaussian of `sigma` pixels."""
    return np.asarray(cv2.GaussianBlur(pixels, (0, 0), sigma), np.uint8)


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
    boxes: Boxes, seen: Boxes, width: int, height: int, min_visible: float, min_side: float = 2.0
) -> tuple[Boxes, NDArray[np.bool_]]:
    """Clip boxes to `width` x `height` and tell of which too little is left.

    Too little: under `min_visible` (0 to 1) of the area, or a side cut to under `min_side` pixels.

    Args:
        boxes: whole objects (g, 4).
        seen: what is left of them, if less than the box is known to be left; else the boxes again.
        width: of the picture; height: of the picture.
        min_visible: see above.
        min_side: see above.

    Returns:
        The clipped boxes (g, 4), and which of them to keep (g,).
    """
    limit = np.array([width, height, width, height], np.float32)
    clipped = np.clip(seen, 0, limit)
    before, after = boxes[:, 2:] - boxes[:, :2], clipped[:, 2:] - clipped[:, :2]
    large_enough = (after >= np.minimum(before * 0.999, min_side)).all(1) & (after > 0).all(1)
    return clipped, large_enough & (after.prod(1) >= min_visible * before.prod(1) * 0.999)


def affine(item: Labelled, matrix: NDArray[np.float64], size: int, min_visible: float) -> Labelled:
    """Warp one picture onto a square canvas; see `compose`."""
    return compose([(item, matrix)], size, min_visible)


def compose(parts: Sequence[tuple[Labelled, NDArray[np.float64]]], size: int, min_visible: float) -> Labelled:
    """Warp pictures onto one square canvas, the later over the earlier.

    Args:
        parts: pictures, each with its map (2, 3) from source to target coordinates, both continuous (pixel i covers i
            to i + 1). All have outlines or none has.
        size: side of the target in pixels.
        min_visible: see `visible_part`. A turned box becomes the box around its turned corners, one with an outline the
            box around what is seen of that.
    """
    canvas = np.full((size, size, 3), PAD, np.uint8)
    moved = []
    for item, matrix in parts:
        _warp(item.pixels, matrix, canvas)
        moved.append(_carried(item, matrix, size, min_visible))
    outlines = [part.outlines for part in moved if part.outlines is not None]
    return Labelled(
        canvas,
        np.concatenate([part.boxes for part in moved]),
        np.concatenate([part.labels for part in moved]),
        joined(outlines) if outlines else None,
    )


def _carried(item: Labelled, matrix: NDArray[np.float64], size: int, min_visible: float) -> Labelled:
    """Return the objects that can be seen on the canvas, on it."""
    x0, y0, x1, y1 = item.boxes.T.astype(np.float64)
    corners = np.stack([np.stack([x0, x1, x1, x0], 1), np.stack([y0, y0, y1, y1], 1)], 2)
    moved = corners @ matrix[:, :2].T + matrix[:, 2]
    boxes = np.concatenate([moved.min(1), moved.max(1)], 1).astype(np.float32)
    outlines = item.outlines
    if outlines is None:
        clipped, keep = visible_part(boxes, boxes, size, size, min_visible)
        return replace(item, boxes=clipped[keep], labels=item.labels[keep])
    outlines = outlines.moved(matrix)
    known = outlines.known[:, None]
    boxes = np.where(known, outlines.bounds(), boxes)
    outlines, inside = outlines.clipped(size, size)
    seen = np.where(known, inside, boxes)
    clipped, keep = visible_part(boxes, seen, size, size, min_visible)
    return Labelled(item.pixels, clipped[keep], item.labels[keep], outlines.take(keep))


def _warp(pixels: Rgb, matrix: NDArray[np.float64], canvas: Rgb) -> None:
    """Draw a picture into the pixels of the canvas whose middles it covers."""
    height, width = pixels.shape[:2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]]) @ matrix[:, :2].T + matrix[:, 2]
    low = np.clip(np.ceil(corners.min(0) - 0.5), 0, len(canvas)).astype(int)
    high = np.clip(np.ceil(corners.max(0) - 0.5), 0, len(canvas)).astype(int)
    if (high <= low).any():
        return
    # OpenCV counts pixel centres as whole numbers; half a pixel is carried through the map.
    centred = matrix.copy()
    centred[:, 2] += matrix[:, :2] @ np.array([0.5, 0.5]) - 0.5 - low
    columns, rows = (high - low).tolist()
    view = canvas[low[1] : high[1], low[0] : high[0]]
    warped = cv2.warpAffine(pixels, centred, (columns, rows), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    if matrix[0, 1] == 0 == matrix[1, 0]:
        view[:] = warped
        return
    frame = np.array([[low[0], low[1], high[0], high[1]]], np.float32)
    ring = np.zeros(4, np.int64)
    inside = Outlines(corners, ring, ring, 1).sampled(frame, rows, columns)[0]
    np.copyto(view, warped, where=inside[..., None].astype(bool))


def mosaic(items: Sequence[Labelled], centre: tuple[int, int]) -> list[NDArray[np.float64]]:
    """Return for four pictures the maps (2, 3) that put them around `centre` (x, y) of one plane."""
    maps = []
    for index, item in enumerate(items):
        height, width = item.pixels.shape[:2]
        left = centre[0] - width if index % 2 == 0 else centre[0]
        top = centre[1] - height if index < 2 else centre[1]
        maps.append(np.array([[1.0, 0, left], [0, 1, top]]))
    return maps


def after(outer: NDArray[np.float64], inner: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the map (2, 3) that is first `inner` and then `outer`."""
    return np.concatenate([outer[:, :2] @ inner[:, :2], (outer[:, :2] @ inner[:, 2] + outer[:, 2])[:, None]], 1)


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
