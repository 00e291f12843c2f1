"""The part of a picture that is looked at, made small enough to be quick; and the way back to the picture."""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from boxwright.domain.geometry import Bounds, Point

Floats = NDArray[np.float32]
Flags = NDArray[np.bool_]
Rgb = NDArray[np.uint8]
# An enlarged speck of a few pixels has no more to tell.
_LARGEST = 4.0
_LEAST = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """Pixels (height, width, 3) of a part of the picture; `left, top` is its corner, `scale_x, scale_y` its size.

    A place in the picture is `(place - corner) * scale` here.
    """

    pixels: Rgb
    left: int
    top: int
    scale_x: float
    scale_y: float

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.pixels.shape[0], self.pixels.shape[1]

    def point(self, point: Point) -> Point:
        """Return where a place of the picture is here."""
        return (point[0] - self.left) * self.scale_x, (point[1] - self.top) * self.scale_y

    def bounds(self, bounds: Bounds) -> Bounds:
        """Return where a rectangle of the picture is here."""
        return *self.point((bounds[0], bounds[1])), *self.point((bounds[2], bounds[3]))

    def outward(self, bounds: Bounds) -> Bounds:
        """Return where a rectangle from here is in the picture."""
        x0, y0, x1, y1 = bounds
        return (
            x0 / self.scale_x + self.left,
            y0 / self.scale_y + self.top,
            x1 / self.scale_x + self.left,
            y1 / self.scale_y + self.top,
        )

    def middles(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return where the middles of the columns and of the rows are in the picture."""
        rows, columns = self.shape
        return (
            (np.arange(columns, dtype=np.float64) + 0.5) / self.scale_x + self.left,
            (np.arange(rows, dtype=np.float64) + 0.5) / self.scale_y + self.top,
        )


def open_window(rgb: Rgb, bounds: Bounds, side: int) -> Window:
    """Cut `bounds` out of a picture, as far as they lie inside, with the longer side `side` pixels at most."""
    height, width = rgb.shape[:2]
    left, top = max(0, math.floor(bounds[0])), max(0, math.floor(bounds[1]))
    right, bottom = min(width, math.ceil(bounds[2])), min(height, math.ceil(bounds[3]))
    cut = rgb[top:bottom, left:right]
    scale = min(_LARGEST, side / max(cut.shape[:2]))
    columns, rows = (max(_LEAST, round(length * scale)) for length in (right - left, bottom - top))
    kind = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    pixels = cv2.resize(cut, (columns, rows), interpolation=kind)
    return Window(
        pixels=np.asarray(pixels, np.uint8),
        left=left,
        top=top,
        scale_x=columns / (right - left),
        scale_y=rows / (bottom - top),
    )


def grown(bounds: Bounds, share: float, least: float) -> Bounds:
    """Return a rectangle with room around it: a share of its sides, and some pixels at least."""
    x0, y0, x1, y1 = bounds
    dx, dy = max(least, (x1 - x0) * share), max(least, (y1 - y0) * share)
    return x0 - dx, y0 - dy, x1 + dx, y1 + dy
