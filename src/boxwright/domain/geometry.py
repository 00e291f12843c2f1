"""Shapes on a picture: a union tagged by `type`.

Coordinates are float64 pixels of the upright image: origin at the outer top-left corner, y down, half-open
`x0 y0 x1 y1`.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from boxwright.domain.errors import Invalid
from boxwright.domain.rle import Counts, area_of_counts, box_of_counts, check_counts

Point = tuple[float, float]
Bounds = tuple[float, float, float, float]
MAX_POINTS = 100_000


def _finite(values: Iterable[float], what: str) -> None:
    if not all(math.isfinite(value) for value in values):
        raise Invalid(f"{what} has a coordinate that is not a finite number", code="geometry_invalid")


@dataclass(frozen=True, kw_only=True, slots=True)
class Box:
    """Axis-aligned rectangle, half-open; `x1 > x0` and `y1 > y0`. Raises Invalid otherwise."""

    x0: float
    y0: float
    x1: float
    y1: float
    type: Literal["box"] = "box"

    def __post_init__(self) -> None:
        _finite((self.x0, self.y0, self.x1, self.y1), "box")
        if self.x1 <= self.x0 or self.y1 <= self.y0:
            raise Invalid(f"box {self.x0:g},{self.y0:g},{self.x1:g},{self.y1:g} has no area", code="geometry_invalid")

    @property
    def bounds(self) -> Bounds:
        """The enclosing rectangle `x0, y0, x1, y1` in pixels."""
        return (self.x0, self.y0, self.x1, self.y1)

    @property
    def area(self) -> float:
        """Area in square pixels."""
        return (self.x1 - self.x0) * (self.y1 - self.y0)


@dataclass(frozen=True, kw_only=True, slots=True)
class RotatedBox:
    """Rectangle turned about its centre; `angle` in radians, clockwise on the screen; `w, h > 0` pixels."""

    cx: float
    cy: float
    w: float
    h: float
    angle: float
    type: Literal["rotated_box"] = "rotated_box"

    def __post_init__(self) -> None:
        _finite((self.cx, self.cy, self.w, self.h, self.angle), "rotated box")
        if self.w <= 0 or self.h <= 0:
            raise Invalid("rotated box has no area", code="geometry_invalid")

    @property
    def bounds(self) -> Bounds:
        """The enclosing rectangle `x0, y0, x1, y1` in pixels."""
        cos, sin = abs(math.cos(self.angle)), abs(math.sin(self.angle))
        dx, dy = (self.w * cos + self.h * sin) / 2, (self.w * sin + self.h * cos) / 2
        return (self.cx - dx, self.cy - dy, self.cx + dx, self.cy + dy)

    @property
    def area(self) -> float:
        """Area in square pixels."""
        return self.w * self.h


@dataclass(frozen=True, kw_only=True, slots=True)
class Polygon:
    """One or more rings of at least three points; several rings are parts, and even-odd filling makes holes."""

    rings: tuple[tuple[Point, ...], ...]
    type: Literal["polygon"] = "polygon"

    def __post_init__(self) -> None:
        if not self.rings or any(len(ring) < 3 for ring in self.rings):
            raise Invalid("polygon needs rings of at least three points", code="geometry_invalid")
        if sum(len(ring) for ring in self.rings) > MAX_POINTS:
            raise Invalid(f"polygon has more than {MAX_POINTS} points", code="geometry_invalid")
        _finite((value for ring in self.rings for point in ring for value in point), "polygon")
        x0, y0, x1, y1 = self.bounds
        if x1 <= x0 or y1 <= y0:
            raise Invalid("polygon has no area", code="geometry_invalid")

    @property
    def bounds(self) -> Bounds:
        """The enclosing rectangle `x0, y0, x1, y1` in pixels."""
        xs = [x for ring in self.rings for x, _ in ring]
        ys = [y for ring in self.rings for _, y in ring]
        return (min(xs), min(ys), max(xs), max(ys))

    @property
    def area(self) -> float:
        """Sum of the rings' areas (shoelace formula) in square pixels; holes are not subtracted."""
        return sum(ring_area(ring) for ring in self.rings)


@dataclass(frozen=True, kw_only=True, slots=True)
class Mask:
    """Pixels as COCO run lengths: column-major, first run is background, runs sum to `width * height`."""

    width: int
    height: int
    counts: Counts
    type: Literal["mask"] = "mask"

    def __post_init__(self) -> None:
        check_counts(self.counts, self.width, self.height)

    @property
    def bounds(self) -> Bounds:
        """The enclosing rectangle `x0, y0, x1, y1` in pixels."""
        return box_of_counts(self.counts, self.height)

    @property
    def area(self) -> float:
        """Number of pixels set."""
        return float(area_of_counts(self.counts))


Geometry = Box | RotatedBox | Polygon | Mask


def ring_area(ring: Iterable[Point]) -> float:
    """Return the absolute area enclosed by a ring of points, in square pixels."""
    points = list(ring)
    pairs = zip(points, points[1:] + points[:1], strict=True)
    return abs(sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairs)) / 2


def clip_box(bounds: Bounds, width: float, height: float) -> Box | None:
    """Return the part of `bounds` inside a picture of `width` x `height` pixels, or None where nothing is left."""
    x0, y0, x1, y1 = bounds
    x0, y0, x1, y1 = max(x0, 0.0), max(y0, 0.0), min(x1, float(width)), min(y1, float(height))
    return Box(x0=x0, y0=y0, x1=x1, y1=y1) if x1 > x0 and y1 > y0 else None


def iou(a: Bounds, b: Bounds) -> float:
    """Return intersection over union of two half-open rectangles, 0 to 1."""
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    if width <= 0 or height <= 0:
        return 0.0
    inter = width * height
    return inter / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - inter)
