from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boxwright.domain import raster
from boxwright.domain.geometry import Polygon
from boxwright.ml.data.augment import (
    Labelled,
    affine,
    affine_matrix,
    after,
    compose,
    flip_x,
    flip_y,
    mosaic,
    quarter_turn,
    shift_hsv,
    visible_part,
)
from boxwright.ml.data.outlines import InputGrid, joined, none, outlines_of
from boxwright.ml.data.recipe import Recipe, epoch_order, generator, repeat_factors, step_side, training_view

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


FEATURES = st.fixed_dictionaries(
    {
        "quarter_turns": st.sampled_from([0.0, 1.0]),
        "tiles": st.sampled_from([1, 3]),
        "side": st.sampled_from([0, 32, 96]),
        "grey": st.sampled_from([0.0, 1.0]),
        "blur": st.sampled_from([0.0, 1.0]),
        "mosaic": st.sampled_from([0.0, 1.0]),
        "rotate": st.sampled_from([0.0, 20.0]),
    }
)
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


@given(RECTANGLES, st.integers(1, 3))
def test_quarter_turns_of_any_picture_carry_boxes(box, turns: int) -> None:
    turned = quarter_turn(marked(80, 60, box), turns)
    np.testing.assert_array_equal(turned.boxes[0], white(turned.pixels))
    back = quarter_turn(turned, 4 - turns)
    np.testing.assert_array_equal(back.boxes[0], np.array(box, np.float32))


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_quarter_turns_carry_outlines(turns: int) -> None:
    item = coloured(1)
    turned = quarter_turn(item, turns)
    assert turned.outlines is not None
    np.testing.assert_allclose(turned.outlines.bounds(), turned.boxes, atol=1e-4)
    height, width = turned.pixels.shape[:2]
    whole = np.array([[0, 0, width, height]], np.float32)
    drawn = turned.outlines.sampled(whole, height, width)[0].astype(bool)
    inside = (turned.pixels == COLOURS[1]).all(2)
    assert (drawn != inside).mean() < 0.01


@given(RECTANGLES, FEATURES, st.integers(0, 500))
def test_every_view_has_its_boxes_on_the_pixels(box, features, seed: int) -> None:
    item = marked(80, 60, box)
    large = marked(160, 120, tuple(2 * v for v in box))
    black = marked(40, 30, (0, 0, 1, 1))
    dark = Labelled(black.pixels * 0, np.zeros((0, 4), np.float32), np.zeros(0, np.int64))
    recipe = replace(RECIPE, size=64, min_visible=0.95, scale=0.2, **features)
    taken: list[int] = []

    def load(index: int) -> Labelled:
        taken.append(index)
        return dark if index else item

    view = training_view(load, 4, 0, recipe, generator(seed, 0, 0), True, lambda _: large)
    side = features["side"] or 64
    assert view.pixels.shape == (side, side, 3)
    if len(view.boxes) != 1 or taken.count(0) > 1 or features["grey"] + features["blur"] + features["rotate"] > 1:
        return
    # Pads are grey (114), a blur spreads an edge by a pixel; at the rim both are cut alike.
    (x0, y0, x1, y1), seen = view.boxes[0], white(view.pixels)
    assert np.abs(np.array([x0, y0, x1, y1]) - seen).max() <= 3.0 * max(1.0, side / 64)


def test_identity_leaves_everything() -> None:
    item = marked(64, 64, (10, 20, 30, 28))
    same = affine(item, affine_matrix((32, 32), 64, 1.0, 0.0, (0, 0)), 64, 0.5)
    np.testing.assert_array_equal(same.pixels, item.pixels)
    np.testing.assert_allclose(same.boxes, item.boxes, atol=1e-5)


@given(st.integers(20, 44), st.integers(20, 44), st.sampled_from([1, 2]))
def test_mosaic_puts_boxes_where_the_pixels_are(x: int, y: int, scale: int) -> None:
    blank = Labelled(np.zeros((30, 40, 3), np.uint8), np.zeros((0, 4), np.float32), np.zeros(0, np.int64))
    view = affine_matrix((32, 32), 64, scale, 0, (0, 0))
    for corner in range(4):
        items = [blank] * 4
        items[corner] = marked(40, 30, (12, 11, 28, 19))
        maps = mosaic(items, (x, y))
        joined = compose([(item, after(view, at)) for item, at in zip(items, maps, strict=True)], 64, 0)
        assert joined.pixels.shape == (64, 64, 3)
        # White, not the grey of the empty canvas; at twice the size the seams between pixels are grey too.
        seen = (joined.pixels > 180).all(2)
        if seen.any():
            ys, xs = np.nonzero(seen)
            np.testing.assert_array_equal(joined.boxes[0], [xs.min(), ys.min(), xs.max() + 1, ys.max() + 1])


@given(st.integers(0, 10_000), st.booleans())
@settings(max_examples=40)
def test_outlines_and_boxes_stay_on_the_pixels_of_their_objects(seed: int, with_mosaic: bool) -> None:
    """Each object has a colour of its own, so that the view itself says where it is."""
    items = [coloured(number) for number in range(4)]
    recipe = replace(RECIPE, rotate=180.0, min_visible=0.0, scale=0.5)
    view = training_view(items.__getitem__, 4, 0, recipe, generator(seed, 0, 0), with_mosaic)
    assert view.outlines is not None
    assert view.outlines.count == len(view.boxes) == len(view.labels)
    frames = InputGrid(64, 64, 1).frames(view.boxes)
    sheets = view.outlines.sampled(frames, 64, 64).astype(bool)
    for label, sheet in zip(view.labels, sheets, strict=True):
        assert not sheet.all()
        other = np.abs(view.pixels.astype(int) - COLOURS[label]).max(2)
        # Bilinear edges mix two colours within a pixel of the line; off it there is no doubt.
        kernel = np.ones((5, 5), np.uint8)
        core = cv2.erode(sheet.astype(np.uint8), kernel, borderType=cv2.BORDER_CONSTANT, borderValue=0).astype(bool)
        far = ~cv2.dilate(sheet.astype(np.uint8), kernel).astype(bool)
        assert (other[core] <= 2).all()
        same = [k for k, one in enumerate(view.labels) if one == label]
        if len(same) == 1:
            # The same picture may be there twice, the second time with a rim too narrow to be an object.
            assert (other[3:-3, 3:-3][far[3:-3, 3:-3]] > 2).all()
    fine = view.outlines.sampled(frames, 64 * 16, 64 * 16)
    for box, sheet in zip(view.boxes, fine, strict=True):
        ys, xs = np.nonzero(sheet)
        tight = np.array([xs.min(), ys.min(), xs.max() + 1, ys.max() + 1]) / 16
        np.testing.assert_allclose(box, tight, atol=0.5)


COLOURS = np.array([[250, 20, 20], [20, 250, 20], [20, 20, 250], [240, 240, 30]])


def coloured(label: int) -> Labelled:
    """A grey picture with one ring of its label's colour, that has a hole."""
    ring = lambda x, y, r: tuple((x + r * dx, y + r * dy) for dx, dy in ((-1, -1), (1, -1), (1.2, 0.8), (-1, 1)))  # noqa: E731
    shape = Polygon(rings=(ring(28.0 + label, 24.0, 16.0), ring(28.0 + label, 24.0, 6.0)))
    pixels = np.full((50, 64, 3), 114, np.uint8)
    pixels[raster.fill(shape, 64, 50)] = COLOURS[label]
    found = outlines_of([shape], 64, 50)
    return Labelled(pixels, found.bounds(), np.array([label]), found)


def test_an_object_without_outline_keeps_its_box_beside_others() -> None:
    item = coloured(0)
    both = Labelled(
        item.pixels,
        np.array([[1, 2, 11, 8], *item.boxes], np.float32),
        np.array([3, 0]),
        joined([none(1), item.outlines]) if item.outlines else None,
    )
    moved = affine(both, affine_matrix((32, 25), 64, 1.0, 0, (0, 0)), 64, 0.25)
    assert moved.outlines is not None
    assert moved.outlines.known.tolist() == [False, True]
    np.testing.assert_allclose(moved.boxes[0], [1, 9, 11, 15])
    gone = affine(both, affine_matrix((-70, 25), 64, 1.0, 0, (0, 0)), 64, 0.25)
    assert len(gone.boxes) == 0 == gone.outlines.count  # type: ignore[union-attr]


def test_little_rests_are_dropped() -> None:
    boxes = np.array([[-90, 0, 10, 10], [0, 0, 10, 10], [-5, 0, 5, 10], [50, 50, 60, 60], [3, 3, 4, 4]], np.float32)
    clipped, keep = visible_part(boxes, boxes, 20, 20, 0.25)
    assert np.flatnonzero(keep).tolist() == [1, 2, 4]
    np.testing.assert_array_equal(clipped[keep], [[0, 0, 10, 10], [0, 0, 5, 10], [3, 3, 4, 4]])


def test_hsv_of_one_changes_at_most_by_rounding() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (16, 16, 3), dtype=np.uint8)
    assert np.abs(shift_hsv(pixels, (1, 1, 1)).astype(int) - pixels).max() <= 6
    assert shift_hsv(pixels, (1, 1, 0)).max() == 0


@given(st.integers(0, 2**31 - 1), st.integers(0, 100), st.integers(0, 3))
@settings(max_examples=30)
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


def test_rare_classes_come_more_often() -> None:
    labels = [np.array([0])] * 90 + [np.array([0, 1])] * 9 + [np.array([2, 2])] + [np.zeros(0, np.int64)]
    repeats = repeat_factors(labels, 0.25)
    assert repeats[0] == repeats[-1] == 1.0
    assert repeats[90] == pytest.approx(np.sqrt(0.25 * 101 / 9))
    assert repeats[99] == pytest.approx(np.sqrt(0.25 * 101))
    order = epoch_order(3, 1, 101, 5000, repeats)
    times = np.bincount(order, minlength=101) / 5000 * repeats.sum()
    assert times[:90].mean() == pytest.approx(1.0, rel=0.1)
    assert times[99] == pytest.approx(repeats[99], rel=0.15)
    assert order == epoch_order(3, 1, 101, 5000, repeats)
    assert repeat_factors([np.zeros(0, np.int64)], 0.5).tolist() == [1.0]


def test_sizes_of_steps_are_multiples_of_32_around_the_size() -> None:
    sides = {step_side(replace(RECIPE, size=320), 0.25, 1, 0, step) for step in range(200)}
    assert sides == {256, 288, 320, 352, 384}
    assert step_side(replace(RECIPE, size=64), 0.75, 1, 0, 3) >= 64
