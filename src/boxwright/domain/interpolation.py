"""Where an object of a video is between its key frames.

The same rules, step by step, as in `web/src/canvas/video`; `tests/golden/interpolation.json` holds both to them.
Distances are square roots of sums of squares, and sums run in the order of the points, so that both compute the same.
"""

import math
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from boxwright.domain.annotations import Attributes
from boxwright.domain.errors import Invalid
from boxwright.domain.geometry import Box, Ellipse, Geometry, Point, Points, Polygon, Polyline, RotatedBox
from boxwright.domain.tracks import KeyFrame, Track

# How many places of two rings are compared, and from how many corners at most, to match their beginnings.
_PLACES, _CORNERS = 32, 256
Line = Sequence[Point]


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """What is seen of a track in one frame; `key` tells whether the frame is a key frame of it."""

    geometry: Geometry
    occluded: bool
    attributes: Attributes
    key: bool


def is_seen(track: Track, frame: int) -> bool:
    """Tell whether anything is seen of a track in a frame."""
    place = _place(track, frame)
    return place >= 0 and not track.keyframes[place].outside


def _place(track: Track, frame: int) -> int:
    return bisect_right(track.keyframes, frame, key=lambda item: item.frame) - 1


def seen_at(track: Track, frame: int) -> Seen | None:
    """Return what is seen of a track in a frame; None before its first key frame and while it is outside."""
    place = _place(track, frame)
    if place < 0 or track.keyframes[place].outside:
        return None
    before = track.keyframes[place]
    after = track.keyframes[place + 1] if place + 1 < len(track.keyframes) else None
    return Seen(
        geometry=_shape(before, after, frame),
        occluded=before.occluded,
        attributes={**track.attributes, **before.attributes},
        key=before.frame == frame,
    )


def _shape(before: KeyFrame, after: KeyFrame | None, frame: int) -> Geometry:
    if after is None or after.outside or before.frame == frame:
        return before.geometry
    share = (frame - before.frame) / (after.frame - before.frame)
    return between(before.geometry, after.geometry, share)


def between(a: Geometry, b: Geometry, share: float) -> Geometry:
    """Return the shape at `share` (0 to 1) of the way from `a` to `b`; where there is no way, `a` stays."""
    rule = _RULES.get(type(a))
    if rule is None or type(a) is not type(b):
        return a
    try:
        return rule(a, b, share)
    except Invalid:  # halfway it has no area, as of a shape that turns inside out
        return a


def _mix(a: float, b: float, share: float) -> float:
    return a + (b - a) * share


def _turned(a: float, b: float, share: float) -> float:
    """The angle on the shorter way; of two equal ones it is the one that decreases."""
    way = (b - a + math.pi) % (2 * math.pi) - math.pi
    return a + way * share


def _box(a: Box, b: Box, share: float) -> Geometry:
    x0, y0, x1, y1 = (_mix(one, other, share) for one, other in zip(a.bounds, b.bounds, strict=True))
    return Box(x0=x0, y0=y0, x1=x1, y1=y1)


def _rotated(a: RotatedBox, b: RotatedBox, share: float) -> Geometry:
    return RotatedBox(
        cx=_mix(a.cx, b.cx, share),
        cy=_mix(a.cy, b.cy, share),
        w=_mix(a.w, b.w, share),
        h=_mix(a.h, b.h, share),
        angle=_turned(a.angle, b.angle, share),
    )


def _ellipse(a: Ellipse, b: Ellipse, share: float) -> Geometry:
    return Ellipse(
        cx=_mix(a.cx, b.cx, share),
        cy=_mix(a.cy, b.cy, share),
        rx=_mix(a.rx, b.rx, share),
        ry=_mix(a.ry, b.ry, share),
        angle=_turned(a.angle, b.angle, share),
    )


def _polygon(a: Polygon, b: Polygon, share: float) -> Geometry:
    if len(a.rings) != len(b.rings):
        return a
    pairs = (_matched_rings(one, other) for one, other in zip(a.rings, b.rings, strict=True))
    return replace(a, rings=tuple(_mixed(one, other, share) for one, other in pairs))


def _polyline(a: Polyline, b: Polyline, share: float) -> Geometry:
    if len(a.points) == len(b.points):
        return replace(a, points=_mixed(a.points, b.points, share))
    one, other = _Path(a.points), _Path(b.points)
    places = _merged(one.at, other.at)
    return replace(a, points=_mixed(one.points_at(places), other.points_at(places), share))


def _points(a: Points, b: Points, share: float) -> Geometry:
    if len(a.points) != len(b.points):
        return a
    return replace(a, points=_mixed(a.points, b.points, share))


_RULES: Mapping[type, Callable[..., Geometry]] = {
    Box: _box,
    RotatedBox: _rotated,
    Ellipse: _ellipse,
    Polygon: _polygon,
    Polyline: _polyline,
    Points: _points,
}


def _mixed(a: Line, b: Line, share: float) -> tuple[Point, ...]:
    return tuple((_mix(x0, x1, share), _mix(y0, y1, share)) for (x0, y0), (x1, y1) in zip(a, b, strict=True))


@lru_cache(maxsize=64)
def _matched_rings(a: tuple[Point, ...], b: tuple[Point, ...]) -> tuple[Line, Line]:
    """Two rings with a point each for every corner of either; equal numbers of corners belong together as they are.

    Found once for all frames in between.
    """
    if len(a) == len(b):
        return a, b
    if _signed_area(a) * _signed_area(b) < 0:
        b = tuple(reversed(b))
    start = _best_start(_Path(a, closed=True), b)
    one, other = _Path(a, closed=True), _Path((*b[start:], *b[:start]), closed=True)
    places = _merged(one.at[:-1], other.at[:-1])
    return one.points_at(places), other.points_at(places)


def _best_start(path: "_Path", ring: Line) -> int:
    """The corner of a ring from which it runs closest to a path, the first of several."""
    wanted = path.points_at([place / _PLACES for place in range(_PLACES)])
    tried = min(len(ring), _CORNERS)
    best, least = 0, math.inf
    whole = _Path(ring, closed=True)
    for number in range(tried):
        start = number * len(ring) // tried
        shift = whole.at[start]
        found = whole.points_at([(place / _PLACES + shift) % 1.0 for place in range(_PLACES)])
        cost = 0.0
        for (x0, y0), (x1, y1) in zip(wanted, found, strict=True):
            cost += (x1 - x0) * (x1 - x0) + (y1 - y0) * (y1 - y0)
        if cost < least:
            best, least = start, cost
    return best


def _merged(a: Sequence[float], b: Sequence[float]) -> list[float]:
    return sorted({*a, *b})


def _signed_area(ring: Line) -> float:
    total = 0.0
    for (x0, y0), (x1, y1) in zip(ring, (*ring[1:], ring[0]), strict=True):
        total += x0 * y1 - x1 * y0
    return total


class _Path:
    """A line, or a ring (`closed`), by the share of its length: `at` are those of its points, 0 to 1."""

    def __init__(self, points: Line, *, closed: bool = False) -> None:
        self._points = (*points, points[0]) if closed else tuple(points)
        length, far = 0.0, [0.0]
        for (x0, y0), (x1, y1) in zip(self._points, self._points[1:], strict=False):
            length += math.sqrt((x1 - x0) * (x1 - x0) + (y1 - y0) * (y1 - y0))
            far.append(length)
        self.at = [value / length for value in far]

    def points_at(self, places: Sequence[float]) -> tuple[Point, ...]:
        """Return the points at these shares of the length."""
        return tuple(self._point(place) for place in places)

    def _point(self, place: float) -> Point:
        after = min(max(bisect_right(self.at, place), 1), len(self.at) - 1)
        start, end = self.at[after - 1], self.at[after]
        share = 0.0 if end == start else (place - start) / (end - start)
        (x0, y0), (x1, y1) = self._points[after - 1], self._points[after]
        return (_mix(x0, x1, share), _mix(y0, y1, share))
