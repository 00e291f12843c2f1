"""From the numbers of a file to a geometry inside its picture: what sticks out is clipped."""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TypeVar, assert_never

import numpy as np

from boxwright.domain import rle
from boxwright.domain.clipping import clip
from boxwright.domain.errors import Invalid
from boxwright.domain.geometry import Box, Ellipse, Geometry, Mask, Point, Points, Polygon, Polyline, RotatedBox
from boxwright.domain.jsontext import encode
from boxwright.formats.problems import Report
from boxwright.media.pixels import turn

DIGITS = 9  # decimals of a pixel that are kept: more than any format carries, fewer than float noise
_MORE = re.compile(rb"\.\d{%d}|e" % (DIGITS + 1))
_Turned = TypeVar("_Turned", RotatedBox, Ellipse)
_SLACK = 0.01  # pixels outside that are rounding of the writer, not an error of the annotator


@dataclass(frozen=True, slots=True)
class RawBox:
    """Edges in pixels, unchecked."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class RawRotated:
    """Centre, size and clockwise angle in radians, unchecked."""

    cx: float
    cy: float
    w: float
    h: float
    angle: float


@dataclass(frozen=True, slots=True)
class RawRings:
    """Rings of points in pixels, unchecked."""

    rings: Sequence[Sequence[Point]]


@dataclass(frozen=True, slots=True)
class RawMask:
    """COCO run lengths, as numbers or compressed text, unchecked."""

    width: int
    height: int
    counts: Sequence[int] | str


@dataclass(frozen=True, slots=True)
class RawEllipse:
    """Centre, radii and clockwise angle in radians, unchecked."""

    cx: float
    cy: float
    rx: float
    ry: float
    angle: float = 0.0


@dataclass(frozen=True, slots=True)
class RawLine:
    """An open line in pixels, unchecked."""

    points: Sequence[Point]


@dataclass(frozen=True, slots=True)
class RawPoints:
    """Points that belong together, in pixels, unchecked."""

    points: Sequence[Point]


RawShape = RawBox | RawRotated | RawRings | RawMask | RawEllipse | RawLine | RawPoints


def radians_of(degrees: float) -> float:
    """Return an angle in radians, above -pi up to pi."""
    if not math.isfinite(degrees):
        return degrees
    turned = degrees % 360
    return math.radians(turned if turned <= 180 else turned - 360)


def place(shape: RawShape, width: int, height: int, report: Report) -> Geometry | None:
    """Return the geometry of `shape` on a picture of `width` x `height` pixels, or None where nothing is left.

    Everything that differs from the input is told to `report(code, message, action)`.
    """
    try:
        match shape:
            case RawBox():
                return _box(shape, width, height, report)
            case RawRotated():
                return _rotated(shape, width, height, report)
            case RawRings():
                return _rings(shape, width, height, report)
            case RawMask():
                return _mask(shape, width, height, report)
            case RawEllipse():
                return _ellipse(shape, width, height, report)
            case RawLine() | RawPoints():
                return _line(shape, width, height, report)
            case _:
                assert_never(shape)
    except Invalid as error:
        report("geometry_invalid", error.message, "skipped")
        return None


def _box(raw: RawBox, width: int, height: int, report: Report) -> Box | None:
    edges = (raw.x0, raw.y0, raw.x1, raw.y1)
    text = ", ".join(f"{value:g}" for value in edges)
    if not all(map(math.isfinite, edges)):
        report("not_finite", f"box {text} has a coordinate that is not a number", "skipped")
        return None
    if raw.x1 < raw.x0 or raw.y1 < raw.y0:
        report("negative_size", f"box {text} has a negative size", "skipped")
        return None
    if raw.x1 == raw.x0 or raw.y1 == raw.y0:
        report("no_area", f"box {text} has no area", "skipped")
        return None
    if raw.x0 >= width or raw.y0 >= height or raw.x1 <= 0 or raw.y1 <= 0:
        report("outside", f"box {text} lies outside the picture of {width} x {height}", "skipped")
        return None
    if _sticks_out(edges, width, height):
        report("out_of_bounds", f"box {text} reaches out of the picture of {width} x {height}", "clipped")
    x0, y0, x1, y1 = (round(value, DIGITS) for value in edges)
    return Box(x0=max(x0, 0.0), y0=max(y0, 0.0), x1=min(x1, float(width)), y1=min(y1, float(height)))


def _sticks_out(bounds: tuple[float, float, float, float], width: int, height: int) -> bool:
    x0, y0, x1, y1 = bounds
    return x0 < -_SLACK or y0 < -_SLACK or x1 > width + _SLACK or y1 > height + _SLACK


def _rotated(raw: RawRotated, width: int, height: int, report: Report) -> RotatedBox | None:
    values = (raw.cx, raw.cy, raw.w, raw.h, raw.angle)

    def make(cx: float, cy: float, w: float, h: float, angle: float) -> RotatedBox:
        return RotatedBox(cx=cx, cy=cy, w=w, h=h, angle=angle)

    return _turned(make, values, "rotated box", (width, height), report)


def _ellipse(raw: RawEllipse, width: int, height: int, report: Report) -> Ellipse | None:
    values = (raw.cx, raw.cy, raw.rx, raw.ry, raw.angle)

    def make(cx: float, cy: float, rx: float, ry: float, angle: float) -> Ellipse:
        return Ellipse(cx=cx, cy=cy, rx=rx, ry=ry, angle=angle)

    return _turned(make, values, "ellipse", (width, height), report)


def _turned(
    make: Callable[..., _Turned], values: tuple[float, ...], what: str, size: tuple[int, int], report: Report
) -> _Turned | None:
    """Place a shape that may be turned: it stays whole, because clipping would make another shape of it."""
    width, height = size
    if not all(map(math.isfinite, values)):
        report("not_finite", f"{what} has a coordinate that is not a number", "skipped")
        return None
    shape = make(*(round(value, DIGITS) for value in values))
    x0, y0, x1, y1 = shape.bounds
    if x0 >= width or y0 >= height or x1 <= 0 or y1 <= 0:
        report("outside", f"{what} lies outside the picture of {width} x {height}", "skipped")
        return None
    if _sticks_out(shape.bounds, width, height):
        report("out_of_bounds", f"{what} reaches out of the picture of {width} x {height}", "kept")
    return shape


def _line(raw: RawLine | RawPoints, width: int, height: int, report: Report) -> Polyline | Points | None:
    what = "polyline" if isinstance(raw, RawLine) else "set of points"
    if not all(math.isfinite(value) for point in raw.points for value in point):
        report("not_finite", f"{what} has a coordinate that is not a number", "skipped")
        return None
    points = tuple((round(x, DIGITS), round(y, DIGITS)) for x, y in raw.points)
    line = Polyline(points=points) if isinstance(raw, RawLine) else Points(points=points)
    inside = clip(line, width, height)
    if inside is None:
        report("outside", f"{what} lies outside the picture of {width} x {height}", "skipped")
    elif _sticks_out(line.bounds, width, height):
        report("out_of_bounds", f"{what} reaches out of the picture of {width} x {height}", "clipped")
    return inside if isinstance(inside, Polyline | Points) else None


def _rings(raw: RawRings, width: int, height: int, report: Report) -> Polygon | None:
    rings: list[tuple[Point, ...]] = []
    for ring in raw.rings:
        values = list(chain.from_iterable(ring))
        if not all(map(math.isfinite, values)):
            report("not_finite", "polygon has a coordinate that is not a number", "skipped")
            return None
        if len(ring) < 3:
            report("too_few_points", f"a polygon part has only {len(ring)} points", "skipped")
            continue
        values = rounded(values)
        xs, ys = values[0::2], values[1::2]
        bounds = (min(xs), min(ys), max(xs), max(ys))
        points = tuple(zip(xs, ys, strict=True))
        if _sticks_out(bounds, width, height):
            report("out_of_bounds", f"polygon reaches out of the picture of {width} x {height}", "clipped")
        if bounds[0] < 0 or bounds[1] < 0 or bounds[2] > width or bounds[3] > height:
            points = tuple(_clip_ring(list(points), width, height))
        if len(points) >= 3 and _has_extent(points):
            rings.append(points)
        else:
            report("no_area", "a polygon part has no area inside the picture", "skipped")
    return Polygon(rings=tuple(rings)) if rings else None


def rounded(values: list[float]) -> list[float]:
    """Round to the decimals that are kept. Looking whether any has more is far quicker than rounding all."""
    return [round(value, DIGITS) for value in values] if _MORE.search(encode(values)) else values


def _has_extent(points: Sequence[Point]) -> bool:
    xs, ys = zip(*points, strict=True)
    return bool(min(xs) < max(xs) and min(ys) < max(ys))


def _clip_ring(points: list[Point], width: int, height: int) -> list[Point]:
    """Cut a ring to the picture, edge by edge (Sutherland and Hodgman, 1974)."""
    for axis, limit, sign in ((0, 0.0, 1), (0, float(width), -1), (1, 0.0, 1), (1, float(height), -1)):
        kept: list[Point] = []
        for a, b in zip(points, points[1:] + points[:1], strict=True):
            a_in, b_in = (a[axis] - limit) * sign >= 0, (b[axis] - limit) * sign >= 0
            if a_in:
                kept.append(a)
            if a_in != b_in:
                share = (limit - a[axis]) / (b[axis] - a[axis])
                other = round(a[1 - axis] + share * (b[1 - axis] - a[1 - axis]), DIGITS)
                kept.append((limit, other) if axis == 0 else (other, limit))
        points = kept
    return points


def _mask(raw: RawMask, width: int, height: int, report: Report) -> Mask | None:
    if (raw.width, raw.height) != (width, height):
        report("mask_size", f"mask of {raw.width} x {raw.height} on a picture of {width} x {height}", "skipped")
        return None
    counts = rle.from_text(raw.counts) if isinstance(raw.counts, str) else tuple(raw.counts)
    return Mask(width=width, height=height, counts=counts)


def turn_geometry(geometry: Geometry, orientation: int, width: int, height: int) -> Geometry:
    """Bring a geometry from the stored frame, `width` x `height` pixels, to the upright frame (EXIF 1-8)."""
    if orientation == 1:
        return geometry

    def move(x: float, y: float) -> Point:
        if orientation >= 5:
            x, y = y, x
        right, bottom = (height, width) if orientation >= 5 else (width, height)
        flip_x, flip_y = orientation in (2, 3, 6, 7), orientation in (3, 4, 7, 8)
        return (right - x if flip_x else x, bottom - y if flip_y else y)

    match geometry:
        case Box():
            (ax, ay), (bx, by) = move(geometry.x0, geometry.y0), move(geometry.x1, geometry.y1)
            return Box(x0=min(ax, bx), y0=min(ay, by), x1=max(ax, bx), y1=max(ay, by))
        case RotatedBox():
            cx, cy = move(geometry.cx, geometry.cy)
            tip = move(geometry.cx + math.cos(geometry.angle), geometry.cy + math.sin(geometry.angle))
            angle = math.atan2(tip[1] - cy, tip[0] - cx)
            return RotatedBox(cx=cx, cy=cy, w=geometry.w, h=geometry.h, angle=angle)
        case Ellipse():
            cx, cy = move(geometry.cx, geometry.cy)
            tip = move(geometry.cx + math.cos(geometry.angle), geometry.cy + math.sin(geometry.angle))
            angle = math.atan2(tip[1] - cy, tip[0] - cx)
            return Ellipse(cx=cx, cy=cy, rx=geometry.rx, ry=geometry.ry, angle=angle)
        case Polyline() | Points():
            return type(geometry)(points=tuple(move(x, y) for x, y in geometry.points))
        case Polygon():
            return Polygon(rings=tuple(tuple(move(x, y) for x, y in ring) for ring in geometry.rings))
        case Mask():
            pixels = rle.decode(geometry.counts, geometry.width, geometry.height)
            upright = turn(pixels.astype(np.uint8), orientation).astype(bool)
            return Mask(width=upright.shape[1], height=upright.shape[0], counts=rle.encode(upright))
        case _:
            assert_never(geometry)
