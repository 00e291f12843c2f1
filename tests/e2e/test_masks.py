"""Masks under a real mouse and keyboard: painted, wiped, filled, turned into polygons and back, stored to the pixel."""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Page, expect

from boxwright.domain import raster, rle
from boxwright.domain.geometry import Mask, Polygon
from boxwright.domain.outlines import outline
from desk import HEIGHT, WIDTH, Desk

SERVER = "of_all"
pytestmark = [pytest.mark.e2e]
Shoot = Callable[[Page, str], None]
Pixels = NDArray[np.bool_]


def masks(at: Desk) -> list[Pixels]:
    at.saved()
    shapes = [item["geometry"] for item in at.stored()["annotations"]]
    return [rle.decode(tuple(s["counts"]), s["width"], s["height"]) for s in shapes if s["type"] == "mask"]


def line(start: tuple[int, int], end: tuple[int, int], width: float) -> Pixels:
    """The pixels whose centre a round brush covers on its way."""
    x, y = np.meshgrid(np.arange(WIDTH) + 0.5, np.arange(HEIGHT) + 0.5)
    (ax, ay), (bx, by) = start, end
    length = max((bx - ax) ** 2 + (by - ay) ** 2, 1e-9)
    along = np.clip(((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length, 0, 1)
    covered: Pixels = np.hypot(x - ax - along * (bx - ax), y - ay - along * (by - ay)) <= width / 2
    return covered


def alike(found: Pixels, wanted: Pixels) -> None:
    """The mouse stands on whole screen pixels, so a pixel at the rim may differ."""
    assert np.count_nonzero(found != wanted) <= 0.03 * np.count_nonzero(wanted) + 4


def test_a_mask_is_painted_wiped_filled_converted_and_stored(desk: Callable[..., Desk], shoot: Shoot) -> None:
    at = desk()
    press, mouse = at.page.keyboard.press, at.page.mouse
    press("i")
    bar = at.page.get_by_role("toolbar", name="Options of the tool")
    expect(bar.get_by_text("20 px")).to_be_visible()
    square = [(100, 100), (200, 100), (200, 200), (100, 200), (100, 100)]
    mouse.move(*at.screen(*square[0]))
    mouse.down()
    for corner in square[1:]:
        mouse.move(*at.screen(*corner), steps=5)
    shoot(at.page, "mask-painting")
    mouse.up()
    at.count(1)
    frame = np.any([line(a, b, 20) for a, b in itertools.pairwise(square)], axis=0)
    alike(masks(at)[0], frame)
    for _ in range(3):
        press("[")
    expect(bar.get_by_text("12 px")).to_be_visible()
    at.page.keyboard.down("Alt")
    mouse.wheel(0, -100)
    at.page.keyboard.up("Alt")
    expect(bar.get_by_text("14 px")).to_be_visible()
    at.page.keyboard.down("Shift")
    at.drag((150, 80), (150, 120))  # a gap
    at.page.keyboard.up("Shift")
    open_frame = frame & ~line((150, 80), (150, 120), 14)
    alike(masks(at)[0], open_frame)
    press("Shift+F")  # the gap lets the outside in: nothing to fill
    alike(masks(at)[0], open_frame)
    press("Control+z")
    press("Shift+F")
    whole = masks(at)[0]
    assert whole[150, 150]
    press("Shift+I")
    at.click(150, 150)
    holed = masks(at)[0]
    assert not holed[150, 150]
    shoot(at.page, "mask-erased")
    press("Escape")
    shoot(at.page, "mask-selected")
    (x0, y0), (x1, y1) = at.screen(105, 165), at.screen(195, 205)
    shot = at.page.screenshot(clip={"x": x0, "y": y0, "width": x1 - x0, "height": y1 - y0})
    colors = Image.open(io.BytesIO(shot)).convert("RGB").getcolors()
    assert len(colors or []) == 1, "strokes leave seams"
    press("Shift+M")
    at.saved()
    (item,) = at.stored()["annotations"]
    rings = tuple(tuple((x, y) for x, y in ring) for ring in item["geometry"]["rings"])
    counts = rle.encode(holed)
    exact = outline(Mask(width=WIDTH, height=HEIGHT, counts=counts))
    assert {frozenset(ring) for ring in rings} == {frozenset(ring) for ring in exact}
    assert (raster.fill(Polygon(rings=rings), WIDTH, HEIGHT) == holed).all()
    press("Shift+M")
    assert (masks(at)[0] == holed).all()

    before = at.stored()
    for _ in range(5):
        press("Control+z")
    at.count(0)
    for _ in range(5):
        press("Control+y")
    at.count(1)
    assert (masks(at)[0] == holed).all()
    at.page.reload()
    at.count(1)
    expect(at.objects.get_by_text("Mask")).to_be_visible()
    assert at.stored()["annotations"][0]["geometry"] == before["annotations"][0]["geometry"]
    press("i")
    press("Enter")
    at.click(300, 50)
    at.count(2)
    assert len(masks(at)) == 2


def test_a_finger_paints_a_mask(desk: Callable[..., Desk], shoot: Shoot) -> None:
    at = desk(width=390, height=844, touch=True)
    at.page.get_by_role("toolbar", name="Tools").get_by_role("button", name="Paint masks").tap()
    at.page.touchscreen.tap(*at.screen(100, 100))
    at.page.touchscreen.tap(*at.screen(110, 100))
    shoot(at.page, "mask-phone")
    alike(masks(at)[0], line((100, 100), (100, 100), 20) | line((110, 100), (110, 100), 20))
