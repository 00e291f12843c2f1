"""Shapes on a picture: a union tagged by `type`.

Coordinates are float64 pixels of the upright image: origin at the outer top-left corner, y down, half-open
`x0 y0 x1 y1`.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import chain
from operator import add, mul
from typing import Literal

from boxwright.domain.errors import Invalid
from boxwright.domain.rle import Counts, area_of_counts, box_of_counts, check_counts

Point = tuple[float, float]
Bounds = tuple[float, float, float, float]
MAX_POINTS = 100_000


def _finite(values: Iterable[float], what: str) -> None:
    if not all(map(math.isfinite, values)):
        raise Invalid(f"{what} has a coordinate that is not a finite number", code="geometry_invalid")


def _bounds_of(points: Iterable[Point]) -> Bounds:
    xs, ys = zip(*points, strict=True)
    return (min(xs), min(ys), max(xs), max(ys))


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
        if not self.rings or min(map(len, self.rings)) < 3:
            raise Invalid("polygon needs rings of at least three points", code="geometry_invalid")
        if sum(map(len, self.rings)) > MAX_POINTS:
            raise Invalid(f"polygon has more than {MAX_POINTS} points", code="geometry_invalid")
        _finite(chain.from_iterable(chain.from_iterable(self.rings)), "polygon")
        x0, y0, x1, y1 = self.bounds
        if x1 <= x0 or y1 <= y0:
            raise Invalid("polygon has no area", code="geometry_invalid")

    @property
    def bounds(self) -> Bounds:
        """The enclosing rectangle `x0, y0, x1, y1` in pixels."""
        return _bounds_of(chain.from_iterable(self.rings))

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


@dataclass(frozen=True, kw_only=True, slots=True)
class Ellipse:
    """Ellipse turned about its centre; radii `rx, ry > 0` pixels, `angle` in radians, clockwise on the screen."""

    cx: float
    cy: float
    rx: float
    ry: float
    angle: float = 0.0
    type: Literal["ellipse"] = "ellipse"

    def __post_init__(self) -> None:
        _finite((self.cx, self.cy, self.rx, self.ry, self.angle), "ellipse")
        if self.rx <= 0 or self.ry <= 0:
            raise Invalid("ellipse has no area", code="geometry_invalid")

    @property
    def bounds(self) -> Bounds:
        """The enclosing rectangle `x0, y0, x1, y1` in pixels."""
        cos, sin = math.cos(self.angle), math.sin(self.angle)
        dx, dy = math.hypot(self.rx * cos, self.ry * sin), math.hypot(self.rx * sin, self.ry * cos)
        return (self.cx - dx, self.cy - dy, self.cx + dx, self.cy + dy)

    @property
    def area(self) -> float:
        """Area in square pixels."""
        return math.pi * self.rx * self.ry

    @property
    def ring(self) -> tuple[Point, ...]:
        """Corners of a polygon of the same area, none farther than 0.05 pixels from the outline (4 to 720 corners)."""
        count = min(720, max(4, math.ceil(math.pi * math.sqrt(max(self.rx, self.ry) / 0.1))))
        step = 2 * math.pi / count
        # A polygon on the outline is smaller than the ellipse: the radii grow by as much as makes the areas equal.
        grown = math.sqrt(step / math.sin(step))
        cos, sin = math.cos(self.angle), math.sin(self.angle)
        at = [(self.rx * grown * math.cos(i * step), self.ry * grown * math.sin(i * step)) for i in range(count)]
        return tuple((self.cx + x * cos - y * sin, self.cy + x * sin + y * cos) for x, y in at)


def _check_line(points: tuple[Point, ...], least: int, what: str) -> None:
    if len(points) < least:
        raise Invalid(f"{what} needs at least {least} point{'s' if least > 1 else ''}", code="geometry_invalid")
    if len(points) > MAX_POINTS:
        raise Invalid(f"{what} has more than {MAX_POINTS} points", code="geometry_invalid")
    _finite(chain.from_iterable(points), what)


@dataclass(frozen=True, kw_only=True, slots=True)
class Polyline:
    """An open line through at least two points, not all the same; it has no area."""

    points: tuple[Point, ...]
    type: Literal["polyline"] = "polyline"

    def __post_init__(self) -> None:
        _check_line(self.points, 2, "polyline")
        if len(set(self.points)) < 2:
            raise Invalid("polyline has no length", code="geometry_invalid")

    @property
    def bounds(self) -> Bounds:
        """The enclosing rectangle `x0, y0, x1, y1` in pixels; without width or height for a straight line along one."""
        return _bounds_of(self.points)

    @property
    def area(self) -> float:
        """Zero."""
        return 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Points:
    """One point or several that belong together, in an order that means something; they have no area."""

    points: tuple[Point, ...]
    type: Literal["points"] = "points"

    def __post_init__(self) -> None:
        _check_line(self.points, 1, "points")

    @property
    def bounds(self) -> Bounds:
        """The enclosing rectangle `x0, y0, x1, y1` in pixels; of one point without width and height."""
        return _bounds_of(self.points)

    @property
    def area(self) -> float:
        """Zero."""
        return 0.0


Geometry = Box | RotatedBox | Polygon | Mask | Ellipse | Polyline | Points
# What can lie without an area, so that no detector learns it.
LINES = ("polyline", "points")


def ring_area(ring: Sequence[Point]) -> float:
    """Return the absolute area enclosed by a ring of points, in square pixels."""
    xs, ys = zip(*ring, strict=True) if ring else ((), ())
    # One after the other: `sum` does it in another way from Python 3.12 on, and `rings` as here.
    there, back = reduce(add, map(mul, xs, ys[1:] + ys[:1]), 0.0), reduce(add, map(mul, xs[1:] + xs[:1], ys), 0.0)
    return abs(there - back) / 2


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
