"""The rendered sample: the same each time, with masks and boxes that say exactly what is seen."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import pytest

from boxwright.media.sample import CLASSES, HEIGHT, WIDTH, Rendered, render
from boxwright.media.sample.camera import look_at_table
from boxwright.media.sample.relief import FACES, face

NUMBERS = range(12)


def digest(picture: Rendered) -> str:
    found = hashlib.sha256(picture.pixels.tobytes())
    for piece in picture.pieces:
        found.update(np.packbits(piece.mask).tobytes() + bytes([piece.label]))
    return found.hexdigest()


@pytest.fixture(scope="module")
def pictures() -> list[Rendered]:
    return [render(3, number) for number in NUMBERS]


def test_a_picture_does_not_depend_on_what_else_is_rendered(pictures: list[Rendered]) -> None:
    with ThreadPoolExecutor(3) as pool:
        again = list(pool.map(lambda number: render(3, number), reversed(NUMBERS)))[::-1]
    assert [digest(one) for one in again] == [digest(one) for one in pictures]


def test_seeds_and_numbers_give_different_pictures(pictures: list[Rendered]) -> None:
    assert len({digest(one) for one in pictures}) == len(pictures)
    assert digest(render(4, 0)) != digest(pictures[0])


def test_boxes_are_the_bounds_of_masks_that_share_no_pixel(pictures: list[Rendered]) -> None:
    for picture in pictures:
        assert picture.pixels.shape == (HEIGHT, WIDTH, 3)
        assert picture.pixels.dtype == np.uint8
        assert 1 <= len(picture.pieces) <= 12
        assert sum(piece.mask.astype(int) for piece in picture.pieces).max() == 1  # type: ignore[union-attr]
        for piece in picture.pieces:
            x0, y0, x1, y1 = piece.box
            assert 0 <= x0 < x1 <= WIDTH
            assert 0 <= y0 < y1 <= HEIGHT
            inside = piece.mask[y0:y1, x0:x1]
            assert inside.sum() == piece.mask.sum()
            assert inside[0].any()
            assert inside[-1].any()
            assert inside[:, 0].any()
            assert inside[:, -1].any()


def test_enough_is_seen_of_everything(pictures: list[Rendered]) -> None:
    pieces = [piece for picture in pictures for piece in picture.pieces]
    assert all(0.4 <= piece.visible <= 1 for piece in pieces)
    assert any(piece.visible < 0.95 for piece in pieces)  # some things lie on others
    assert all(piece.mask.sum() > 100 for piece in pieces)
    assert {CLASSES[piece.label] for piece in pieces} == set(CLASSES)


def test_masks_follow_what_is_seen(pictures: list[Rendered]) -> None:
    """Colours jump at the border of a mask more than a few pixels outside of it."""
    steps, beside = [], []
    for picture in pictures:
        grey = cv2.GaussianBlur(cv2.cvtColor(picture.pixels, cv2.COLOR_RGB2GRAY).astype(np.float32), (0, 0), 1.0)
        slope = np.hypot(cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1))
        everything = np.any([piece.mask for piece in picture.pieces], axis=0)
        for piece in picture.pieces:
            mask = piece.mask.astype(np.uint8)
            border = (cv2.dilate(mask, np.ones((3, 3))) - cv2.erode(mask, np.ones((3, 3)))).astype(bool)
            away = (cv2.dilate(mask, np.ones((25, 25))) - cv2.dilate(mask, np.ones((19, 19)))).astype(bool)
            steps.append(slope[border].mean())
            beside.append(slope[away & ~everything].mean() if (away & ~everything).any() else 0.0)
    assert np.mean(steps) > 2.5 * np.mean(beside)


def test_the_camera_finds_a_place_again() -> None:
    camera = look_at_table(WIDTH, HEIGHT, across=200, tilt=0.5, angle=0.6)
    for u, v in ((320, 240), (10, 20), (630, 470)):
        spot = camera.on_table(u, v)
        assert abs(spot[2]) < 1e-3
        assert camera.project(spot[None])[0] == pytest.approx((u, v), abs=0.05)
        seen = camera.table_to_picture() @ np.array([spot[0], spot[1], 1])
        assert seen[:2] / seen[2] == pytest.approx((u, v), abs=0.05)
    assert camera.scale == pytest.approx(WIDTH / 200 * np.cos(0.5), rel=0.2)


@pytest.mark.parametrize("name", FACES)
def test_every_face_is_struck(name: str) -> None:
    slopes = face(name).slopes
    assert np.abs(slopes[60:-60, 60:-60, :2]).max() > 0.3
    assert 0.2 <= slopes[..., 2].min() < 0.9
