from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from boxwright.domain import raster
from boxwright.domain.assist import Prompt
from boxwright.domain.geometry import Polygon
from boxwright.ml.assist.segment import segment

SIZE = (160, 240)


def scene() -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """A reddish leaf with a bite out of it on a grainy ground, and where it is."""
    random = np.random.default_rng(3)
    drawn = np.zeros(SIZE, np.uint8)
    cv2.ellipse(drawn, (110, 80), (50, 30), 25, 0, 360, 1, -1)
    cv2.circle(drawn, (140, 70), 16, 0, -1)
    mask = drawn.astype(bool)
    rgb = np.where(mask[..., None], (170, 70, 60), (90, 120, 80)) + random.normal(0, 12, (*SIZE, 3))
    return rgb.clip(0, 255).astype(np.uint8), mask


def bounds_of(mask: NDArray[np.bool_]) -> tuple[float, float, float, float]:
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    return float(columns[0]), float(rows[0]), float(columns[-1] + 1), float(rows[-1] + 1)


def overlap(found: Polygon | None, mask: NDArray[np.bool_]) -> float:
    assert found is not None
    pixels = raster.fill(found, mask.shape[1], mask.shape[0])
    return float((pixels & mask).sum() / (pixels | mask).sum())


def test_a_box_becomes_the_outline_of_what_is_in_it() -> None:
    rgb, mask = scene()
    found = segment(rgb, Prompt(box=bounds_of(mask)))
    assert overlap(found, mask) > 0.9
    assert found == segment(rgb, Prompt(box=bounds_of(mask)))  # the same again


def test_a_click_finds_what_it_is_on() -> None:
    rgb, mask = scene()
    assert overlap(segment(rgb, Prompt(inside=[(95.0, 75.0)])), mask) > 0.88


def test_clicks_stand_whatever_the_colours_say() -> None:
    rgb, mask = scene()
    box = bounds_of(mask)
    there, bite = (95.5, 75.5), (139.5, 69.5)
    found = segment(rgb, Prompt(box=box, inside=[bite], outside=[there]))
    assert found is not None
    pixels = raster.fill(found, SIZE[1], SIZE[0])
    assert pixels[69, 139]
    assert not pixels[75, 95]


@pytest.mark.parametrize("box", [(0, 0, 240, 160), (239, 159, 240, 160), (10.2, 10.3, 10.4, 90), (-0.0, 50, 3, 51)])
def test_odd_boxes_give_an_outline_within_the_picture_or_none(box: tuple[float, float, float, float]) -> None:
    found = segment(scene()[0], Prompt(box=box))
    if found is not None:
        x0, y0, x1, y1 = found.bounds
        assert 0 <= x0 < x1 <= 240
        assert 0 <= y0 < y1 <= 160


@pytest.mark.parametrize("point", [(0.0, 0.0), (239.9, 159.9), (0.0, 80.0)])
def test_clicks_at_the_rim(point: tuple[float, float]) -> None:
    segment(scene()[0], Prompt(inside=[point]))
    segment(scene()[0], Prompt(inside=[point], outside=[(120.0, 80.0)], view=(60, 40, 180, 120)))


def test_a_flat_picture_and_one_of_a_few_pixels_do_no_harm() -> None:
    flat = np.full((60, 60, 3), 128, np.uint8)
    segment(flat, Prompt(box=(10, 10, 50, 50)))
    segment(flat, Prompt(inside=[(30.0, 30.0)]))
    segment(np.zeros((1, 1, 3), np.uint8), Prompt(inside=[(0.5, 0.5)]))
    segment(np.zeros((2, 3, 3), np.uint8), Prompt(box=(0, 0, 3, 2)))
