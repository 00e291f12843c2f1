from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boxwright.domain.clipping import clip, clip_ring
from boxwright.domain.errors import Invalid
from boxwright.domain.geometry import Box, Ellipse, Mask, Points, Polygon, Polyline, RotatedBox, ring_area

W, H = 100, 80
_number = st.floats(-200, 300, allow_nan=False, width=32)
_point = st.tuples(_number, _number)


def _polygon(*rings: tuple[tuple[float, float], ...]) -> Polygon:
    return Polygon(rings=rings)


def test_a_box_is_cut_at_the_edges() -> None:
    assert clip(Box(x0=-5, y0=70, x1=20, y1=90), W, H) == Box(x0=0, y0=70, x1=20, y1=80)
    assert clip(Box(x0=1, y0=2, x1=3, y1=4), W, H) == Box(x0=1, y0=2, x1=3, y1=4)
    assert clip(Box(x0=100, y0=0, x1=120, y1=10), W, H) is None


def test_a_rotated_box_stays_whole_or_goes() -> None:
    out = RotatedBox(cx=0, cy=0, w=10, h=4, angle=1)
    assert clip(out, W, H) is out
    assert clip(RotatedBox(cx=-50, cy=0, w=10, h=4, angle=1), W, H) is None


def test_an_ellipse_stays_whole_or_goes() -> None:
    out = Ellipse(cx=0, cy=0, rx=10, ry=4)
    assert clip(out, W, H) is out
    assert clip(Ellipse(cx=-50, cy=0, rx=10, ry=4, angle=1), W, H) is None


def test_points_outside_move_to_the_border() -> None:
    inside = Polyline(points=((0.0, 0.0), (100.0, 80.0)))
    assert clip(inside, W, H) is inside
    assert clip(Polyline(points=((-5.0, 4.0), (20.0, 90.0), (30.0, 30.0))), W, H) == Polyline(
        points=((0.0, 4.0), (20.0, 80.0), (30.0, 30.0))
    )
    assert clip(Points(points=((101.0, 4.0),)), W, H) is None
    assert clip(Polyline(points=((-5.0, 4.0), (-9.0, 4.0))), W, H) is None


def test_a_mask_must_fit() -> None:
    mask = Mask(width=W, height=H, counts=(0, W * H))
    assert clip(mask, W, H) is mask
    with pytest.raises(Invalid):
        clip(mask, W, H + 1)


def test_a_polygon_is_cut_ring_by_ring() -> None:
    square = ((-10.0, -10.0), (10.0, -10.0), (10.0, 10.0), (-10.0, 10.0))
    outside = tuple((x + 500, y) for x, y in square)
    found = clip(_polygon(square, outside), W, H)
    assert isinstance(found, Polygon)
    assert len(found.rings) == 1
    assert found.bounds == (0, 0, 10, 10)
    assert found.area == 100


def test_a_polygon_whose_bounds_touch_but_whose_shape_does_not_is_gone() -> None:
    corner = ((-30.0, 20.0), (20.0, -30.0), (-30.0, -30.0))
    assert clip(_polygon(corner), W, H) is None


def test_a_polygon_inside_is_untouched() -> None:
    inside = _polygon(((1.0, 1.0), (9.0, 1.0), (5.0, 7.0)))
    assert clip(inside, W, H) is inside


@given(st.lists(_point, min_size=3, max_size=12))
def test_what_is_left_lies_inside_and_is_no_larger(points: list[tuple[float, float]]) -> None:
    ring = tuple(points)
    kept = clip_ring(ring, W, H)
    assert all(-1e-9 <= x <= W + 1e-9 and -1e-9 <= y <= H + 1e-9 for x, y in kept)
    again = clip_ring(kept, W, H)
    assert math.isclose(ring_area(again), ring_area(kept), abs_tol=1e-6)


@given(st.integers(3, 12), st.floats(-50, 150), st.floats(-50, 130), st.floats(1, 120))
def test_a_convex_shape_keeps_its_area_and_what_is_cut_off_was_outside(
    corners: int, cx: float, cy: float, radius: float
) -> None:
    angles = [2 * math.pi * number / corners for number in range(corners)]
    ring = tuple((cx + radius * math.cos(a), cy + radius * math.sin(a)) for a in angles)
    inside = ring_area(clip_ring(ring, W, H))
    assert inside <= ring_area(ring) + 1e-6
    # Cut along the middle, both halves together are as large as the whole.
    left = ring_area(clip_ring(ring, W / 2, H))
    right = ring_area(clip_ring(tuple((x - W / 2, y) for x, y in ring), W / 2, H))
    assert math.isclose(left + right, inside, abs_tol=1e-6)
