"""Outlines of masks are exact."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from boxwright.domain import rle
from boxwright.domain.geometry import Mask
from boxwright.domain.outlines import outline


def filled(rings, shape):
    """Even-odd filling at the pixels' centres."""
    out = np.zeros(shape, bool)
    for y in range(shape[0]):
        for x in range(shape[1]):
            crossings = 0
            for ring in rings:
                for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1], strict=True):
                    crossings += ax == bx and min(ay, by) < y + 0.5 < max(ay, by) and ax > x + 0.5
            out[y, x] = crossings % 2
    return out


@settings(max_examples=60)
@given(arrays.arrays(bool, st.tuples(st.integers(1, 9), st.integers(1, 9))))
def test_filling_the_outline_gives_the_mask(pixels):
    pixels[0, 0] = True
    height, width = pixels.shape
    rings = outline(Mask(width=width, height=height, counts=rle.encode(pixels)))
    assert (filled(rings, pixels.shape) == pixels).all()
    for ring in rings:
        assert len(ring) >= 4
        turns = [
            (a[0] == b[0]) != (b[0] == c[0])
            for a, b, c in zip(ring, ring[1:] + ring[:1], ring[2:] + ring[:2], strict=True)
        ]
        assert all(turns)  # no needless point on a straight line


def test_a_square_and_its_hole():
    pixels = np.ones((5, 5), bool)
    pixels[2, 2] = False
    rings = outline(Mask(width=5, height=5, counts=rle.encode(pixels)))
    assert sorted(len(ring) for ring in rings) == [4, 4]
    assert ((0.0, 0.0) in rings[0]) or ((0.0, 0.0) in rings[1])
