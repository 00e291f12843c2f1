"""Keeping shapes inside their picture."""

from boxwright.domain.errors import Invalid
from boxwright.domain.geometry import (
    Box,
    Ellipse,
    Geometry,
    Mask,
    Point,
    Points,
    Polygon,
    Polyline,
    RotatedBox,
    clip_box,
)

Ring = tuple[Point, ...]


def clip(geometry: Geometry, width: int, height: int) -> Geometry | None:
    """Return what of a shape lies in a picture of `width` x `height` pixels, or None where nothing does.

    A rotated box or an ellipse that sticks out stays whole, as a clipped one would be another shape; one wholly outside
    is None. Points of a line or a set that lie outside move to the border.
    Raises Invalid for a mask that was made for a picture of another size.
    """
    if isinstance(geometry, Mask):
        if (geometry.width, geometry.height) != (width, height):
            message = f"mask of {geometry.width} x {geometry.height} on a picture of {width} x {height} pixels"
            raise Invalid(message, code="geometry_invalid")
        return geometry
    bounds = x0, y0, x1, y1 = geometry.bounds
    if x0 >= 0 and y0 >= 0 and x1 <= width and y1 <= height:
        return geometry
    if isinstance(geometry, Polyline | Points):
        return _clip_line(geometry, width, height)
    inside = clip_box(bounds, width, height)
    if inside is None:
        return None
    if isinstance(geometry, Box):
        return inside
    if isinstance(geometry, RotatedBox | Ellipse):
        return geometry
    return _clip_polygon(geometry, width, height)


def _clip_line(line: Polyline | Points, width: int, height: int) -> Polyline | Points | None:
    x0, y0, x1, y1 = line.bounds
    if x0 > width or y0 > height or x1 < 0 or y1 < 0:
        return None
    moved = tuple((min(max(x, 0.0), float(width)), min(max(y, 0.0), float(height))) for x, y in line.points)
    if moved == line.points:
        return line
    try:
        return type(line)(points=moved)
    except Invalid:
        return None


def _clip_polygon(polygon: Polygon, width: int, height: int) -> Polygon | None:
    rings = tuple(ring for ring in (clip_ring(ring, width, height) for ring in polygon.rings) if len(ring) >= 3)
    try:
        return Polygon(rings=rings)
    except Invalid:
        return None


def clip_ring(ring: Ring, width: float, height: float) -> Ring:
    """Clip a ring to a picture edge by edge (Sutherland and Hodgman, 1974); may return fewer than three points."""
    for axis, low, high in ((0, 0.0, float(width)), (1, 0.0, float(height))):
        ring = _clip_edge(ring, axis, low, 1.0)
        ring = _clip_edge(ring, axis, high, -1.0)
    return ring


def _clip_edge(ring: Ring, axis: int, limit: float, side: float) -> Ring:
    """Keep what lies at `limit` or on its positive (`side` 1) or negative (-1) side along an axis (0 x, 1 y)."""

    def inside(point: Point) -> bool:
        return (point[axis] - limit) * side >= 0

    kept: list[Point] = []
    for before, point in zip(ring[-1:] + ring[:-1], ring, strict=True):
        if inside(before) != inside(point):
            kept.append(_crossing(before, point, axis, limit))
        if inside(point):
            kept.append(point)
    return tuple(kept)


def _crossing(a: Point, b: Point, axis: int, limit: float) -> Point:
    share = (limit - a[axis]) / (b[axis] - a[axis])
    other = a[1 - axis] + share * (b[1 - axis] - a[1 - axis])
    return (limit, other) if axis == 0 else (other, limit)
