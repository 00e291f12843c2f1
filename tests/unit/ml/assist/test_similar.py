from __future__ import annotations

import cv2
import numpy as np
import pytest

from boxwright.domain.geometry import iou
from boxwright.ml.assist.similar import find_similar

# An arrow head at four places: as it is, turned twice, larger; and a ball of other colour and shape.
PLACES = [(60, 60, 1.0, 0), (200, 70, 1.0, 90), (80, 190, 1.2, 180), (220, 200, 1.0, 45)]


def scene() -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    rgb = np.random.default_rng(5).normal(110, 6, (280, 320, 3))
    arrow = np.array([(-22, 14), (22, 0), (-22, -14), (-10, 0)], np.float64)
    for x, y, size, angle in PLACES:
        turn = np.deg2rad(angle)
        matrix = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
        cv2.fillPoly(rgb, [np.round(arrow @ matrix.T * size + (x, y)).astype(np.int32)], (210, 60, 50))
    cv2.circle(rgb, (280, 120), 20, (40, 60, 200), -1)
    return rgb.clip(0, 255).astype(np.uint8)


def test_the_same_thing_is_found_larger_and_turned_and_nothing_else() -> None:
    found = find_similar(scene(), (38, 46, 82, 74))
    sure = [item for item in found if item.score > 0.6]
    for x, y, size, angle in PLACES[1:]:
        wide, high = (44 * size, 28 * size) if angle % 180 == 0 else (28 * size, 44 * size) if angle == 90 else (37, 37)
        there = (x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)
        assert any(iou(item.box, there) > 0.5 for item in sure), (x, y)
    assert len(sure) == 3
    assert [item.score for item in found] == sorted((item.score for item in found), reverse=True)
    assert all(0 < item.score <= 1 for item in found)


@pytest.mark.parametrize("box", [(0, 0, 320, 280), (0, 0, 1, 1), (300.5, 10, 300.7, 270), (0, 0, 320, 2)])
def test_odd_boxes_do_no_harm(box: tuple[float, float, float, float]) -> None:
    for item in find_similar(scene(), box):
        assert 0 <= item.box[0] < item.box[2] <= 320


def test_a_flat_picture_has_nothing_similar() -> None:
    assert find_similar(np.full((90, 90, 3), 90, np.uint8), (10, 10, 30, 30)) == []
