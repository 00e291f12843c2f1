from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from boxwright.domain import raster, rle
from boxwright.domain.errors import Invalid
from boxwright.domain.geometry import Mask, Polygon
from boxwright.domain.outlines import outline

points = st.tuples(st.integers(-30, 130), st.integers(-30, 130))


@given(bits=st.integers(1, 2**30 - 1), width=st.sampled_from([1, 2, 3, 5, 6]))
def test_the_outline_of_pixels_filled_gives_them_again(bits: int, width: int) -> None:
    pixels = np.array([bits >> i & 1 for i in range(30)], bool).reshape(-1, width)
    height = pixels.shape[0]
    exact = Mask(width=width, height=height, counts=rle.encode(pixels))
    polygon = Polygon(rings=outline(exact))
    assert raster.runs(polygon, width, height) == exact.counts
    np.testing.assert_array_equal(raster.fill(polygon, width, height), pixels)


@given(ring=st.lists(points, min_size=3, max_size=12), second=st.lists(points, min_size=3, max_size=5))
def test_even_odd_filling_is_what_a_point_in_polygon_test_says(
    ring: list[tuple[int, int]], second: list[tuple[int, int]]
) -> None:
    try:
        # Corners between the pixels' middles: no line runs through a middle.
        polygon = Polygon(rings=tuple(tuple((x + 0.31, y + 0.17) for x, y in one) for one in (ring, second)))
    except Invalid:
        return
    width, height = 100, 90
    got = raster.fill(polygon, width, height)
    for x, y in np.random.default_rng(1).integers(0, 90, (40, 2)):
        crossings = sum(
            (ay > y + 0.5) != (by > y + 0.5) and x + 0.5 < ax + (y + 0.5 - ay) / (by - ay) * (bx - ax)
            for one in polygon.rings
            for (ax, ay), (bx, by) in zip(one, one[1:] + one[:1], strict=True)
        )
        assert got[y, x] == bool(crossings % 2)


def test_a_square_and_what_lies_outside() -> None:
    square = Polygon(rings=(((-5, -5), (3, -5), (3, 2), (-5, 2)),))
    expected = np.zeros((4, 6), bool)
    expected[:2, :3] = True
    np.testing.assert_array_equal(raster.fill(square, 6, 4), expected)
    away = Polygon(rings=(((10, 10), (13, 10), (13, 12)),))
    assert raster.runs(away, 6, 4) == (24,)
    whole = Polygon(rings=(((0, 0), (6, 0), (6, 4), (0, 4)),))
    assert raster.runs(whole, 6, 4) == (0, 24)


@pytest.mark.parametrize("size", [(300, 200), (50, 400)])
def test_much_like_pillow(size: tuple[int, int]) -> None:
    width, height = size
    ring = tuple((width / 2 + 20 * np.cos(t), height / 2 + 24 * np.sin(3 * t)) for t in np.linspace(0, 6.2, 50))
    canvas = Image.new("1", size)
    ImageDraw.Draw(canvas).polygon(list(ring), fill=1)
    drawn = np.array(canvas)
    got = raster.fill(Polygon(rings=(ring,)), width, height)
    assert (got & drawn).sum() / got.sum() > 0.9
