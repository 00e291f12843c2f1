"""Following a box: through motion, growth and light, out of the picture, behind things, and with real cars."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from boxwright.domain.geometry import iou
from boxwright.domain.videos import FollowStep
from boxwright.ml.tracking.follow import follow

Gray = NDArray[np.uint8]
RNG = np.random.default_rng(3)
GROUND = cv2.GaussianBlur(RNG.integers(60, 140, (240, 320), dtype=np.uint8), (0, 0), 2)
THING = cv2.resize(RNG.integers(0, 255, (7, 9), dtype=np.uint8), (48, 40), interpolation=cv2.INTER_NEAREST)


def drawn(x: float, y: float, scale: float = 1.0, light: float = 1.0) -> Gray:
    """The thing at (x, y) on the ground, its upper left corner to a fraction of a pixel."""
    matrix = np.array([[scale, 0, x], [0, scale, y]])
    size = (GROUND.shape[1], GROUND.shape[0])
    thing = cv2.warpAffine(THING, matrix, size, flags=cv2.INTER_LINEAR)
    mask = cv2.warpAffine(np.full_like(THING, 255), matrix, size, flags=cv2.INTER_LINEAR).astype(np.float32) / 255
    return np.asarray((GROUND * (1 - mask) + thing * mask) * light, np.uint8)


def box_at(x: float, y: float, scale: float = 1.0) -> tuple[float, float, float, float]:
    return (x, y, x + 48 * scale, y + 40 * scale)


def followed(load: Callable[[int], Gray], box: Any, frames: range) -> tuple[list[FollowStep], bool]:
    found = list(follow(load, box, frames))
    return [step for step in found if step is not None], None in found


def test_a_thing_that_moves_grows_and_darkens_is_kept() -> None:
    def where(frame: int) -> tuple[float, float, float]:
        return 20 + 5.3 * frame, 30 + 2.2 * frame, 1 + 0.02 * frame

    def load(frame: int) -> Gray:
        return drawn(*where(frame), light=1 - 0.015 * frame)

    steps, lost = followed(load, box_at(*where(0)), range(31))
    assert (len(steps), lost) == (30, False)
    for step in steps:
        assert iou(step.box, box_at(*where(step.frame))) > 0.85, step
        assert step.score > 0.7


def test_backwards_is_the_same() -> None:
    steps, lost = followed(lambda frame: drawn(200 - 6 * frame, 60), box_at(200 - 120, 60), range(20, -1, -1))
    assert [step.frame for step in steps] == list(range(19, -1, -1))
    assert not lost
    assert iou(steps[-1].box, box_at(200, 60)) > 0.9


def test_it_stops_when_the_thing_leaves_the_picture() -> None:
    steps, lost = followed(lambda frame: drawn(220 + 8 * frame, 60), box_at(220, 60), range(30))
    assert lost
    assert 7 <= len(steps) <= 12
    assert steps[-1].box[2] <= 320
    assert steps[-1].box[0] == pytest.approx(220 + 8 * steps[-1].frame, abs=4)


def test_it_stops_when_the_thing_is_gone() -> None:
    steps, lost = followed(lambda frame: drawn(60 + 3 * frame, 60) if frame < 8 else GROUND, box_at(60, 60), range(20))
    assert (len(steps), lost) == (7, True)


def test_it_finds_a_thing_again_that_jumped() -> None:
    steps, lost = followed(lambda frame: drawn(60 if frame < 4 else 100, 60), box_at(60, 60), range(8))
    assert not lost
    assert iou(steps[-1].box, box_at(100, 60)) > 0.85


def test_where_nothing_can_be_told_apart_it_stops_at_once() -> None:
    flat = np.full((240, 320), 90, np.uint8)
    assert followed(lambda _: flat, box_at(60, 60), range(5)) == ([], True)
    tiny = (10.0, 10.0, 11.0, 10.5)
    assert len(followed(lambda _: GROUND, tiny, range(3))[0]) <= 2


def test_thin_and_tiny_boxes_break_nothing() -> None:
    for box in ((10.0, 10.0, 12.0, 200.0), (0.0, 0.0, 320.0, 240.0), (318.0, 238.0, 320.0, 240.0)):
        followed(lambda frame: drawn(60 + frame, 60), box, range(4))


@pytest.mark.data
def test_a_real_car_is_followed_until_it_leaves(data_root: Path) -> None:
    capture = cv2.VideoCapture(str(data_root / "video" / "car-detection.mp4"))
    frames: dict[int, Gray] = {}
    for number in range(240):
        _, pixels = capture.read()
        if number >= 185:
            frames[number] = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), np.uint8)
    red, lost = followed(frames.__getitem__, (322, 90, 478, 368), range(210, 240))
    assert lost
    assert 232 <= red[-1].frame <= 236
    # Measured by eye.
    assert iou(next(step.box for step in red if step.frame == 220), (322, 0, 448, 211)) > 0.85
    teal, lost = followed(frames.__getitem__, (80, 120, 252, 432), range(210, 185, -1))
    assert lost
    assert 185 <= teal[-1].frame <= 192
    assert iou(next(step.box for step in teal if step.frame == 204), (98, 36, 257, 325)) > 0.75
