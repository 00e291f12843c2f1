"""How far two shapes cover the same pixels, against arrays of pixels."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from boxwright.domain import raster, rle
from boxwright.domain.covering import covering
from boxwright.domain.geometry import Box, Ellipse, Mask, Polygon, RotatedBox, iou

WIDTH, HEIGHT = 24, 18
coordinates = st.tuples(st.integers(0, WIDTH), st.integers(0, HEIGHT))
arrays = st.integers(1, 2 ** (WIDTH * HEIGHT) - 1).map(
    lambda bits: np.array([bits >> place & 1 for place in range(WIDTH * HEIGHT)], bool).reshape(HEIGHT, WIDTH)
)


def mask(pixels: NDArray[np.bool_]) -> Mask:
    return Mask(width=pixels.shape[1], height=pixels.shape[0], counts=rle.encode(pixels))


def share(a: NDArray[np.bool_], b: NDArray[np.bool_]) -> float:
    return float((a & b).sum() / (a | b).sum())


@given(arrays, arrays)
def test_masks_are_compared_pixel_by_pixel(a: NDArray[np.bool_], b: NDArray[np.bool_]) -> None:
    expected = share(a, b) if iou(mask(a).bounds, mask(b).bounds) else 0.0
    assert covering(mask(a), mask(b)) == pytest.approx(expected)
    assert covering(mask(a), mask(a)) == 1


@given(st.lists(coordinates, min_size=3, max_size=9), arrays)
def test_a_polygon_and_a_mask_too(ring: list[tuple[int, int]], pixels: NDArray[np.bool_]) -> None:
    xs, ys = {x for x, _ in ring}, {y for _, y in ring}
    if len(xs) < 2 or len(ys) < 2:
        return
    polygon = Polygon(rings=(tuple((float(x), float(y)) for x, y in ring),))
    filled = raster.fill(polygon, WIDTH, HEIGHT)
    if filled.any() and iou(polygon.bounds, mask(pixels).bounds):
        assert covering(polygon, mask(pixels)) == pytest.approx(share(filled, pixels))
        assert covering(mask(pixels), polygon) == pytest.approx(share(filled, pixels))


def test_two_triangles_with_the_same_bounds_do_not_agree() -> None:
    upper = Polygon(rings=(((0.0, 0.0), (40.0, 0.0), (0.0, 40.0)),))
    lower = Polygon(rings=(((40.0, 40.0), (40.0, 0.0), (0.0, 40.0)),))
    assert iou(upper.bounds, lower.bounds) == 1
    assert covering(upper, lower) < 0.01
    assert covering(upper, Box(x0=0, y0=0, x1=40, y1=40)) == 1, "a box tells no more than its bounds"


def test_small_and_turned_shapes_are_compared_finely() -> None:
    turned = RotatedBox(cx=1.5, cy=1.5, w=2, h=2, angle=math.pi / 4)
    assert covering(turned, RotatedBox(cx=1.5, cy=1.5, w=2, h=2, angle=-math.pi / 4)) == pytest.approx(1, abs=0.01)
    assert covering(turned, RotatedBox(cx=1.5, cy=1.5, w=2, h=2, angle=0)) == pytest.approx(1 / math.sqrt(2), abs=0.01)
    half = Ellipse(cx=5000, cy=5000, rx=4000, ry=2000)
    assert covering(half, Ellipse(cx=5000, cy=5000, rx=4000, ry=4000)) == pytest.approx(0.5, abs=0.01)


def test_masks_of_two_sizes_are_compared_by_bounds() -> None:
    small, large = np.ones((4, 4), bool), np.ones((8, 8), bool)
    assert covering(mask(small), mask(large)) == 0.25
