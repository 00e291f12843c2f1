from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boxwright.domain.models import ModelInput
from boxwright.ml.data.letterbox import fit_size, letterbox, normalise, resize, trimmed

SIDES = st.integers(1, 300)


@given(
    SIDES, SIDES, st.sampled_from([32, 64, 96]), st.sampled_from([32, 64, 96]), st.sampled_from(["top_left", "center"])
)
@settings(max_examples=60)
def test_boxes_return_to_where_they_were(width, height, into_w, into_h, placement) -> None:
    spec = ModelInput(width=into_w, height=into_h, placement=placement)
    canvas, fit = letterbox(np.zeros((height, width, 3), np.uint8), spec)
    assert canvas.shape == (into_h, into_w, 3)
    boxes = np.array([[0, 0, width, height], [width * 0.25, height * 0.5, width * 0.75, height]], np.float32)
    inside = fit.to_input(boxes)
    assert (inside[:, :2] >= -1e-3).all()
    assert (inside[:, 2:] <= np.array([into_w, into_h]) + 1e-3).all()
    np.testing.assert_allclose(fit.to_picture(inside), boxes, atol=1e-3 * max(width, height))


@given(SIDES, SIDES, st.sampled_from(["top_left", "center"]))
def test_only_padding_is_left_out(width, height, placement) -> None:
    spec = ModelInput(width=128, height=96, placement=placement, trim=True)
    canvas = trimmed(spec, width, height)
    assert canvas.width <= 128 >= canvas.height
    assert canvas.width % 32 == 0 == canvas.height % 32
    pixels, fit = letterbox(np.full((height, width, 3), 9, np.uint8), spec, canvas)
    assert pixels.shape == (canvas.height, canvas.width, 3)
    assert (pixels == 9).sum() == 3 * fit.scaled_width * fit.scaled_height
    assert (fit.scaled_width, fit.scaled_height) == fit_size(width, height, 128, 96)
    assert trimmed(replace(spec, trim=False), width, height) == replace(spec, trim=False)


@given(SIDES, SIDES)
def test_a_picture_fits_and_touches_one_edge(width: int, height: int) -> None:
    w, h = fit_size(width, height, 96, 64)
    assert 1 <= w <= 96
    assert 1 <= h <= 64
    assert w == 96 or h == 64


@pytest.mark.parametrize(("placement", "rows"), [("top_left", slice(0, 32)), ("center", slice(16, 48))])
def test_padding_and_place(placement, rows) -> None:
    spec = ModelInput(width=64, height=64, placement=placement, pad=7)
    canvas, fit = letterbox(np.full((50, 100, 3), 200, np.uint8), spec)
    assert (canvas[rows] == 200).all()
    assert (canvas == 7).sum() == 32 * 64 * 3
    np.testing.assert_allclose(fit.to_input(np.array([[0, 0, 100, 50]], np.float32)), [[0, rows.start, 64, rows.stop]])


def test_boxes_are_clipped_to_the_picture() -> None:
    _, fit = letterbox(np.zeros((50, 100, 3), np.uint8), ModelInput(width=64, height=64))
    np.testing.assert_array_equal(fit.to_picture(np.array([[-5, -5, 64, 64]], np.float32)), [[0, 0, 100, 50]])


def test_normalise_follows_order_mean_and_std() -> None:
    spec = ModelInput(width=2, height=1, channels="bgr", mean=(10, 20, 30), std=(1, 2, 4))
    pixels = np.array([[[[50, 60, 70], [0, 0, 0]]]], np.uint8)
    got = normalise(pixels, spec)
    assert got.shape == (1, 3, 1, 2)
    assert got.dtype == np.float32
    np.testing.assert_allclose(got[0, :, 0, 0], [(70 - 10) / 1, (60 - 20) / 2, (50 - 30) / 4])


@pytest.mark.parametrize("shape", [(2, 2), (3, 3), (9, 4)])
def test_no_pixel_is_missed_however_much_a_picture_shrinks(shape: tuple[int, int]) -> None:
    down, across = shape
    pixels = np.zeros((60 * down, 40 * across, 3), np.uint8)
    pixels[::2, ::2] = 255  # a quarter of all
    small = resize(pixels, 40, 60)
    assert small.shape == (60, 40, 3)
    assert abs(float(small.mean()) - 255 / 4) < 2
