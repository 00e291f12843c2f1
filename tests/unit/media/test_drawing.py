"""Drawn boxes."""

import numpy as np
import pytest

from boxwright.domain.detections import DetectionRow
from boxwright.domain.geometry import Polygon
from boxwright.media import draw


def row(
    box: tuple[float, float, float, float], *, class_id: int = 0, name: str = "cell", mask: Polygon | None = None
) -> DetectionRow:
    return DetectionRow(class_id=class_id, class_name=name, score=0.87, box=box, mask=mask)


def square(x0: float, y0: float, x1: float, y1: float) -> tuple[tuple[float, float], ...]:
    return ((x0, y0), (x1, y0), (x1, y1), (x0, y1))


def test_box_is_drawn_in_its_colour_and_the_original_stays():
    picture = np.zeros((200, 300, 3), np.uint8)
    drawn = draw(picture, [row((100, 60, 200, 150))], {0: "#ff0000"})
    assert picture.sum() == 0
    assert tuple(drawn[60, 150]) == (255, 0, 0)
    assert tuple(drawn[149, 150]) == (255, 0, 0)
    assert drawn[105, 150].sum() == 0


@pytest.mark.parametrize("size", [(1, 1), (8, 8), (40, 3000), (2000, 2000)])
def test_any_size_and_boxes_at_the_edges(size):
    height, width = size
    rows = [
        row((0, 0, width, height), name="名字"),
        row((width - 0.5, height - 0.5, width, height)),
        row((-9, -9, 2, 2)),
    ]
    drawn = draw(np.zeros((height, width, 3), np.uint8), rows, {})
    assert drawn.shape == (height, width, 3)
    assert drawn.sum() > 0


def test_label_stays_inside_the_picture():
    drawn = draw(np.zeros((100, 200, 3), np.uint8), [row((190, 0, 200, 10))], {0: "#00ff00"})
    assert (drawn[:, :180, 1] == 255).any()


def test_class_without_colour_takes_one_of_the_cycle():
    assert draw(np.zeros((50, 50, 3), np.uint8), [row((5, 5, 40, 40), class_id=99)], {}).sum() > 0


def test_an_outline_is_drawn_in_place_of_the_box_and_its_inside_is_tinted():
    picture = np.full((200, 300, 3), 100, np.uint8)
    mask = Polygon(rings=(square(110, 70, 190, 140), square(140, 90, 160, 110)))
    drawn = draw(picture, [row((100, 60, 200, 150), mask=mask)], {0: "#ff0000"})
    assert (picture == 100).all()
    assert tuple(drawn[149, 150]) == (100, 100, 100)  # no box
    assert tuple(drawn[139, 150]) == (255, 0, 0)
    assert tuple(drawn[130, 150]) == (146, 70, 70)
    assert tuple(drawn[100, 150]) == (100, 100, 100)  # a hole


@pytest.mark.parametrize("size", [(1, 1), (60, 40)])
def test_outlines_beyond_the_picture(size):
    height, width = size
    masks = [square(-20, -20, 500, 500), square(700, 0, 800, 9), square(-9, -9, -1, -1)]
    rows = [row((0, 0, 1, 1), mask=Polygon(rings=(ring,))) for ring in masks]
    assert draw(np.zeros((height, width, 3), np.uint8), rows, {}).sum() > 0
