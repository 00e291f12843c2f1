"""Placing raw numbers inside pictures."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from boxwright.domain import rle
from boxwright.domain.geometry import Box, Ellipse, Mask, Points, Polygon, Polyline, RotatedBox
from boxwright.formats.shapes import RawBox, RawMask, RawRings, RawRotated, place, turn_geometry
from boxwright.media.pixels import turn

W, H = 60, 40
anything = st.floats() | st.integers(-100, 100).map(float)


def silent(*_: object) -> None: ...


@given(anything, anything, anything, anything)
def test_any_four_numbers_give_a_box_inside_or_a_report(x0, y0, x1, y1):
    told = []
    box = place(RawBox(x0, y0, x1, y1), W, H, lambda code, message, action: told.append((code, action)))
    if box is None:
        assert told[-1][1] == "skipped"
    else:
        assert 0 <= box.x0 < box.x1 <= W
        assert 0 <= box.y0 < box.y1 <= H


@given(st.lists(st.lists(st.tuples(anything, anything), max_size=6), max_size=3))
def test_any_rings_give_a_polygon_inside_or_a_report(rings):
    told = []
    polygon = place(RawRings(rings), W, H, lambda code, message, action: told.append(code))
    if polygon is None:
        assert told or not rings
    else:
        x0, y0, x1, y1 = polygon.bounds
        assert 0 <= x0 < x1 <= W
        assert 0 <= y0 < y1 <= H


@given(anything, anything, anything, anything, anything)
def test_any_rotated_box_is_placed_or_reported(cx, cy, w, h, angle):
    told = []
    box = place(RawRotated(cx, cy, w, h, angle), W, H, lambda code, message, action: told.append(code))
    assert box is not None or told


def test_clipped_polygon_keeps_its_area_inside():
    ring = [(-10.0, 10.0), (30.0, 10.0), (30.0, 30.0), (-10.0, 30.0)]
    polygon = place(RawRings([ring]), W, H, silent)
    assert polygon.area == 30 * 20
    assert polygon.bounds == (0, 10, 30, 30)


def test_mask_counts_that_overflow():
    told = []
    for counts in ([2**70, 5], [-1, 2401], [], [2399], "zzzz", "\x00", "é"):
        assert place(RawMask(W, H, counts), W, H, lambda code, *_: told.append(code)) is None
    assert told == ["geometry_invalid"] * 7


@given(st.integers(1, 8), st.integers(0, W - 2), st.integers(0, H - 2), st.integers(1, 30), st.integers(1, 30))
def test_turning_a_geometry_is_turning_its_pixels(orientation, x, y, w, h):
    w, h = min(w, W - x), min(h, H - y)
    pixels = np.zeros((H, W), np.uint8)
    pixels[y : y + h, x : x + w] = 1
    upright = turn(pixels, orientation)
    ys, xs = np.nonzero(upright)
    expected = (xs.min(), ys.min(), xs.max() + 1, ys.max() + 1)
    corners = ((x, y), (x + w, y), (x + w, y + h), (x, y + h))
    shapes = (
        Box(x0=x, y0=y, x1=x + w, y1=y + h),
        Polygon(rings=(corners,)),
        Mask(width=W, height=H, counts=rle.encode(pixels.astype(bool))),
    )
    for shape in shapes:
        assert turn_geometry(shape, orientation, W, H).bounds == expected


@given(st.integers(1, 8), st.floats(-3, 3))
def test_turning_ellipses_and_lines_turns_their_bounds(orientation, angle):
    ellipse = Ellipse(cx=20, cy=15, rx=6, ry=3, angle=angle)
    around = turn_geometry(Box(**dict(zip(("x0", "y0", "x1", "y1"), ellipse.bounds, strict=True))), orientation, W, H)
    assert turn_geometry(ellipse, orientation, W, H).bounds == pytest.approx(around.bounds)
    line = turn_geometry(Polyline(points=((1, 2), (5, 9))), orientation, W, H)
    ends = [turn_geometry(Points(points=(point,)), orientation, W, H).points[0] for point in ((1, 2), (5, 9))]
    assert list(line.points) == ends


@given(st.integers(1, 8), st.floats(-3, 3))
def test_turning_a_rotated_box_turns_its_corners(orientation, angle):
    box = RotatedBox(cx=20, cy=15, w=12, h=5, angle=angle)
    turned = turn_geometry(box, orientation, W, H)
    tip = (box.cx + math.cos(angle) * 6, box.cy + math.sin(angle) * 6)
    moved = turn_geometry(Box(x0=tip[0], y0=tip[1], x1=tip[0] + 1e-6, y1=tip[1] + 1e-6), orientation, W, H)
    mine = (turned.cx + math.cos(turned.angle) * 6, turned.cy + math.sin(turned.angle) * 6)
    assert math.dist(mine, moved.bounds[:2]) < 1e-5
    assert (turned.w, turned.h) == (12, 5)
