"""Shapes other than boxes and polygons under a real mouse and keyboard: what is drawn is stored exactly."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from desk import Desk

SERVER = "of_all"
pytestmark = [pytest.mark.e2e]
Shoot = Callable[[Page, str], None]


def rotated(at: Desk) -> list[float]:
    """The only shape: centre, width and height in whole pixels, angle in whole degrees."""
    at.saved()
    (item,) = at.stored()["annotations"]
    shape: dict[str, Any] = item["geometry"]
    assert shape["type"] == "rotated_box"
    sizes = [round(shape[key]) for key in ("cx", "cy", "w", "h")]
    return [*sizes, round(math.degrees(shape["angle"]))]


def test_a_rotated_box_is_drawn_turned_resized_and_stored(desk: Callable[..., Desk], shoot: Shoot) -> None:
    at = desk()
    press = at.page.keyboard.press
    press("o")
    at.click(100, 100)
    at.click(180, 180)
    at.page.mouse.move(*at.screen(120, 200))
    shoot(at.page, "rotated-drawing")
    at.click(120, 200)
    at.count(1)
    assert rotated(at) == [120, 160, 113, 57, 45]
    press("v")
    at.click(120, 160)
    shoot(at.page, "rotated-selected")
    top = math.hypot(0, 57) / 2  # from the centre to the middle of the upper side
    scale = at.screen(1, 0)[0] - at.screen(0, 0)[0]
    reach = (top + 26 / scale) / math.sqrt(2)
    at.page.keyboard.down("Shift")
    at.drag((120 + reach, 160 - reach), (122, 60))
    at.page.keyboard.up("Shift")
    assert rotated(at) == [120, 160, 113, 57, 0]
    at.drag((120 + 113 / 2, 160), (120 + 113 / 2 + 20, 165))  # the right side
    assert rotated(at)[2:] == [133, 57, 0]
    for key in (".", ".", ">", "ArrowRight", "Control+ArrowDown"):
        press(key)
    assert rotated(at)[2:] == [133, 58, 17]
    at.drag((130, 160), (140, 170))  # the whole
    assert rotated(at)[2:] == [133, 58, 17]
    before = at.stored()
    for _ in range(7):
        press("Control+z")
    at.count(0)
    for _ in range(7):
        press("Control+y")
    at.count(1)
    at.saved()
    assert at.stored()["annotations"][0]["geometry"] == before["annotations"][0]["geometry"]
    at.page.reload()
    at.count(1)
    expect(at.objects.get_by_text("Rotated box")).to_be_visible()
    at.click(145, 172)
    press("ArrowRight")
    press("Control+z")
    at.saved()
    assert at.stored()["annotations"][0]["geometry"] == before["annotations"][0]["geometry"]


def test_ellipses_lines_and_points_are_drawn_changed_and_stored(desk: Callable[..., Desk], shoot: Shoot) -> None:
    at = desk()
    press = at.page.keyboard.press

    def shapes() -> dict[str, Any]:
        at.saved()
        found = {item["geometry"]["type"]: item["geometry"] for item in at.stored()["annotations"]}
        return {
            kind: [[round(value) for value in point] for point in shape["points"]]
            if "points" in shape
            else [round(shape[key]) for key in ("cx", "cy", "rx", "ry")]
            for kind, shape in found.items()
        }

    press("Alt+o")
    at.drag((60, 60), (160, 120))
    press("Alt+l")
    for x, y in ((200, 60), (260, 60), (260, 120)):
        at.click(x, y)
    at.page.mouse.move(*at.screen(230, 140))
    shoot(at.page, "polyline-drawing")
    press("Enter")
    press("Alt+p")
    at.click(110, 180)
    at.count(3)
    drawn = {"ellipse": [110, 90, 50, 30], "polyline": [[200, 60], [260, 60], [260, 120]], "points": [[110, 180]]}
    assert shapes() == drawn
    press("v")
    at.click(110, 90)
    at.drag((160, 90), (180, 90))
    shoot(at.page, "ellipse-selected")
    at.click(230, 60)
    at.drag((260, 120), (280, 140))
    shoot(at.page, "polyline-selected")
    at.click(110, 180)
    press("ArrowRight")
    shoot(at.page, "point-selected")
    changed = {"ellipse": [120, 90, 60, 30], "polyline": [[200, 60], [260, 60], [280, 140]], "points": [[111, 180]]}
    assert shapes() == changed
    for _ in range(3):
        press("Control+z")
    assert shapes() == drawn
    for _ in range(3):
        press("Control+y")
    assert shapes() == changed
    at.page.reload()
    at.count(3)
    for name in ("Ellipse", "Polyline", "Point"):
        expect(at.objects.get_by_text(name, exact=True)).to_be_visible()
    at.click(111, 180)
    press("Delete")
    at.count(2)
    assert set(shapes()) == {"ellipse", "polyline"}
    press("Alt+m")
    at.drag((60, 200), (160, 200))
    shoot(at.page, "measured")
    expect(at.page.locator("svg text").get_by_text(re.compile(r"^(99|100)\.\d px \("))).to_be_visible()
    press("Escape")
    expect(at.page.locator("svg text").get_by_text(re.compile(r" px \("))).to_have_count(0)
    at.count(2)


def test_four_extreme_points_make_a_box_and_the_way_is_remembered(desk: Callable[..., Desk], shoot: Shoot) -> None:
    at = desk()
    press = at.page.keyboard.press
    press("Shift+B")
    for x, y in ((100, 50), (60, 90), (110, 160)):
        at.click(x, y)
    at.page.mouse.move(*at.screen(190, 100))
    shoot(at.page, "extremes-drawing")
    press("Backspace")
    at.click(105, 150)
    at.click(190, 100)
    assert at.boxes() == [[60, 50, 190, 150]]
    at.page.reload()
    at.count(1)
    press("b")
    expect(at.page.get_by_role("button", name="Box by four outermost points")).to_have_attribute("aria-pressed", "true")
    press("Shift+B")
    at.drag((250, 50), (300, 80))
    at.count(2)
    press("Control+z")
    at.count(1)


def test_fingers_draw_and_turn_a_rotated_box(desk: Callable[..., Desk], shoot: Shoot) -> None:
    at = desk(width=390, height=844, touch=True)
    tools = at.page.get_by_role("toolbar", name="Tools")
    tools.get_by_role("button", name="Draw rotated boxes").tap()
    for x, y in ((100, 100), (180, 180), (120, 200)):
        at.page.touchscreen.tap(*at.screen(x, y))
    assert rotated(at) == [120, 160, 113, 57, 45]
    tools.get_by_role("button", name="Select, move, resize").tap()
    at.page.touchscreen.tap(*at.screen(120, 160))
    shoot(at.page, "rotated-phone")
    tools.get_by_role("button", name="Draw polygons").tap()
    for x, y in ((250, 50), (350, 60), (300, 120)):
        at.page.touchscreen.tap(*at.screen(x, y))
    at.page.get_by_role("button", name="Finish", exact=True).tap()
    tools.get_by_role("button", name="Select, move, resize").tap()
    at.page.touchscreen.tap(*at.screen(300, 75))
    bar = at.page.get_by_role("toolbar", name="Options of the tool")
    shoot(at.page, "options-phone")
    bar.get_by_role("button", name="Make masks of the polygons").tap()
    expect(bar.get_by_role("button", name="Make polygons of the masks")).to_be_visible()


def draw(at: Desk, corners: list[tuple[float, float]]) -> None:
    at.page.keyboard.press("p")
    for x, y in corners:
        at.click(x, y)
    at.page.keyboard.press("Enter")


def areas(at: Desk) -> list[int]:
    return sorted(round(sum(map(ring_area, rings))) for rings in at.rings())


def ring_area(ring: list[list[int]]) -> float:
    pairs = zip(ring, ring[1:] + ring[:1], strict=True)
    return abs(sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairs)) / 2


def test_shapes_are_joined_subtracted_cut_simplified_and_snapped(desk: Callable[..., Desk], shoot: Shoot) -> None:
    at = desk()
    press = at.page.keyboard.press
    bar = at.page.get_by_role("toolbar", name="Options of the tool")
    draw(at, [(50, 50), (150, 50), (150, 150), (50, 150)])
    draw(at, [(100, 100), (200, 100), (200, 200), (100, 200)])
    at.count(2)
    press("v")
    at.click(60, 60)
    at.page.keyboard.down("Shift")
    at.click(190, 190)
    at.page.keyboard.up("Shift")
    shoot(at.page, "shapes-selected")
    press("Shift+D")
    assert areas(at) == [7500, 10000]
    press("Control+z")
    press("Control+a")
    bar.get_by_role("button", name="Join the selected shapes").click()
    at.count(1)
    assert areas(at) == [17500]
    press("Shift+J")
    expect(at.page.get_by_text("Select two or more polygons or masks first")).to_be_visible()

    press("Shift+X")
    at.page.mouse.move(*at.screen(75, 20))
    at.page.mouse.down()
    at.page.mouse.move(*at.screen(75, 220), steps=4)
    shoot(at.page, "slice-drawing")
    at.page.mouse.up()
    at.count(2)
    assert areas(at) == [2500, 15000]
    press("Control+z")
    at.count(1)
    press("Control+y")
    assert areas(at) == [2500, 15000]

    press("Shift+N")
    draw(at, [(202, 98), (398, 101), (300, 180)])
    assert at.rings()[-1] == [[[200, 100], [400, 101], [300, 180]]]
    press("v")
    at.click(310, 140)
    at.drag((300, 180), (202, 202))
    assert at.rings()[-1] == [[[200, 100], [400, 101], [200, 200]]]
    at.drag((300, 100.5), (300, 101))  # a corner that is hardly one
    assert len(at.rings()[-1][0]) == 4
    bar.get_by_role("button", name="Simplify the polygons").click()
    assert at.rings()[-1] == [[[200, 100], [400, 101], [200, 200]]]
    shoot(at.page, "shapes-options")
    before = at.stored()
    at.page.reload()
    at.count(3)
    assert at.stored() == before
    press("p")
    expect(bar.get_by_role("button", name="Corners snap")).to_have_attribute("aria-pressed", "true")
