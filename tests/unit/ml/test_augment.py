import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boxwright.ml.data.augment import (
    Labelled,
    affine,
    affine_matrix,
    flip_x,
    flip_y,
    mosaic,
    shift_hsv,
    visible_part,
)
from boxwright.ml.data.recipe import Recipe, epoch_order, generator, training_view

RECIPE = Recipe(
    size=64,
    mosaic=1.0,
    scale=0.3,
    translate=0.1,
    rotate=0.0,
    hsv=(0.0, 0.0, 0.0),
    flip_x=0.5,
    flip_y=0.5,
    min_visible=0.1,
)


def marked(width: int, height: int, box: tuple[int, int, int, int]) -> Labelled:
    """A black picture with one white rectangle, and its box."""
    pixels = np.zeros((height, width, 3), np.uint8)
    x0, y0, x1, y1 = box
    pixels[y0:y1, x0:x1] = 255
    return Labelled(pixels, np.array([box], np.float32), np.array([1], np.int64))


def white(pixels: np.ndarray) -> np.ndarray:
    """The box around everything brighter than half."""
    ys, xs = np.nonzero(pixels[..., 0] > 160)
    return np.array([xs.min(), ys.min(), xs.max() + 1, ys.max() + 1], np.float32)


RECTANGLES = st.tuples(st.integers(0, 40), st.integers(0, 30), st.integers(8, 30), st.integers(8, 20)).map(
    lambda v: (v[0], v[1], v[0] + v[2], v[1] + v[3])
)


@given(RECTANGLES)
def test_flips_carry_boxes_and_undo_themselves(box) -> None:
    item = marked(80, 60, box)
    for flip in (flip_x, flip_y):
        once = flip(item)
        np.testing.assert_array_equal(once.boxes[0], white(once.pixels))
        np.testing.assert_array_equal(flip(once).boxes, item.boxes)
        np.testing.assert_array_equal(flip(once).pixels, item.pixels)


@given(RECTANGLES, st.floats(0.5, 2.0), st.floats(-0.2, 0.2), st.floats(-0.2, 0.2))
@settings(deadline=None)
def test_affine_keeps_boxes_on_the_pixels(box, scale, dx, dy) -> None:
    item = marked(80, 60, box)
    moved = affine(item, affine_matrix((40, 30), 96, scale, 0.0, (dx, dy)), 96, 0.9)
    if len(moved.boxes):
        seen = white(moved.pixels)
        # A bilinear edge lies within a pixel; a box at the rim is clipped as the pixels are.
        np.testing.assert_allclose(moved.boxes[0], seen, atol=1.0 + 0.5 * scale)


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_quarter_turns_are_exact(degrees: int) -> None:
    item = marked(64, 64, (10, 20, 30, 28))
    turned = affine(item, affine_matrix((32, 32), 64, 1.0, degrees, (0, 0)), 64, 0.5)
    np.testing.assert_allclose(turned.boxes[0], white(turned.pixels), atol=1e-3)
    np.testing.assert_array_equal(turned.pixels, np.rot90(item.pixels, -degrees // 90))


def test_identity_leaves_everything() -> None:
    item = marked(64, 64, (10, 20, 30, 28))
    same = affine(item, affine_matrix((32, 32), 64, 1.0, 0.0, (0, 0)), 64, 0.5)
    np.testing.assert_array_equal(same.pixels, item.pixels)
    np.testing.assert_allclose(same.boxes, item.boxes, atol=1e-5)


@given(st.integers(20, 44), st.integers(20, 44))
def test_mosaic_puts_boxes_where_the_pixels_are(x: int, y: int) -> None:
    blank = Labelled(np.zeros((30, 40, 3), np.uint8), np.zeros((0, 4), np.float32), np.zeros(0, np.int64))
    for corner in range(4):
        items = [blank] * 4
        items[corner] = marked(40, 30, (12, 11, 28, 19))
        joined = mosaic(items, (x, y), 32)
        assert joined.pixels.shape == (64, 64, 3)
        # White, not the grey of the empty canvas.
        ys, xs = np.nonzero((joined.pixels == 255).all(2))
        clipped = np.clip(joined.boxes[0], 0, 64)
        if len(xs):
            np.testing.assert_array_equal(clipped, [xs.min(), ys.min(), xs.max() + 1, ys.max() + 1])


def test_little_rests_are_dropped() -> None:
    boxes = np.array([[-90, 0, 10, 10], [0, 0, 10, 10], [-5, 0, 5, 10], [50, 50, 60, 60], [3, 3, 4, 4]], np.float32)
    kept, labels = visible_part(boxes, np.arange(5), 20, 20, 0.25)
    assert labels.tolist() == [1, 2, 4]
    np.testing.assert_array_equal(kept, [[0, 0, 10, 10], [0, 0, 5, 10], [3, 3, 4, 4]])


def test_hsv_of_one_changes_at_most_by_rounding() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (16, 16, 3), dtype=np.uint8)
    assert np.abs(shift_hsv(pixels, (1, 1, 1)).astype(int) - pixels).max() <= 6
    assert shift_hsv(pixels, (1, 1, 0)).max() == 0


@given(st.integers(0, 2**31 - 1), st.integers(0, 100), st.integers(0, 3))
@settings(max_examples=30, deadline=None)
def test_a_view_repeats_itself_and_stays_in_bounds(seed: int, epoch: int, index: int) -> None:
    items = [marked(64, 48, (5 * i, 6, 20 + 5 * i, 30)) for i in range(4)]

    def view() -> Labelled:
        return training_view(items.__getitem__, 4, index, RECIPE, generator(seed, epoch, index), with_mosaic=epoch < 50)

    first, second = view(), view()
    np.testing.assert_array_equal(first.pixels, second.pixels)
    np.testing.assert_array_equal(first.boxes, second.boxes)
    assert first.pixels.shape == (64, 64, 3)
    assert (first.boxes >= 0).all()
    assert (first.boxes <= 64).all()
    assert (first.boxes[:, 2:] > first.boxes[:, :2]).all()


def test_an_epoch_sees_every_sample_before_any_twice() -> None:
    order = epoch_order(3, 1, 10, 25)
    assert sorted(order[:10]) == list(range(10)) == sorted(order[10:20])
    assert len(order) == 25
    assert order == epoch_order(3, 1, 10, 25)
    assert order != epoch_order(3, 2, 10, 25)
