"""Smart outlines under a real mouse and keyboard, from boxes and from clicks: what was shown is stored exactly."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from desk import HEIGHT, WIDTH, Desk, desk_on, fresh
from live import LiveServer

pytestmark = [pytest.mark.e2e]
SERVER = "of_all"
Shoot = Callable[[Page, str], None]
DISC, LEAF = (60, 60, 160, 160), (220, 90, 350, 170)


def picture() -> bytes:
    """A yellow disc and a red leaf on a grainy green ground."""
    image = Image.new("RGB", (WIDTH, HEIGHT), "#4a6b46")
    draw = ImageDraw.Draw(image)
    draw.ellipse(DISC, fill="#d8b23c")
    draw.ellipse(LEAF, fill="#b3423a")
    return encoded(image)


def encoded(image: Image.Image) -> bytes:
    """The picture with some grain, as PNG."""
    grain = np.random.default_rng(1).normal(0, 8, (HEIGHT, WIDTH, 1))
    pixels = (np.asarray(image) + grain).clip(0, 255).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    return out.getvalue()


CROSSES = [(60, 60), (200, 80), (120, 200), (300, 220)]


def pattern() -> bytes:
    """Four white crosses on a grainy ground."""
    image = Image.new("RGB", (WIDTH, HEIGHT), "#4a6b46")
    draw = ImageDraw.Draw(image)
    for x, y in CROSSES:
        draw.rectangle((x - 20, y - 6, x + 20, y + 6), fill="#ece8e0")
        draw.rectangle((x - 6, y - 20, x + 6, y + 20), fill="#ece8e0")
    return encoded(image)


@pytest.fixture
def table(server: LiveServer, open_page: Callable[..., Page]) -> Callable[..., Desk]:
    """Open the picture with two things on it, with two boxes drawn around them by hand."""
    http = server.http

    def open_(content: bytes | None = None, **options: Any) -> Desk:
        project = http.post("/projects", json={"name": fresh("Smart")}).raise_for_status().json()["id"]
        http.post(f"/projects/{project}/classes", json={"names": ["disc", "leaf"]}).raise_for_status()
        ids = []
        for name in ("a.png", "b.png", "c.png"):
            answer = http.post(f"/projects/{project}/images", params={"name": name}, content=content or picture())
            ids.append(answer.raise_for_status().json()["image"]["id"])
        page = open_page(server, **options)
        return desk_on(page, server, project, ids[0])

    return open_


def shapes(at: Desk) -> list[dict[str, Any]]:
    at.saved()
    return [item["geometry"] for item in at.stored()["annotations"]]


def bounds(shape: dict[str, Any]) -> tuple[float, float, float, float]:
    points = [point for ring in shape["rings"] for point in ring]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def near(found: tuple[float, ...], wanted: tuple[int, ...], slack: float = 4) -> bool:
    return all(abs(a - b) <= slack for a, b in zip(found, wanted, strict=True))


def test_boxes_become_outlines_as_one_step(table: Callable[..., Desk], shoot: Shoot) -> None:
    at = table()
    press = at.page.keyboard.press
    press("b")
    at.drag((56, 55), (166, 165))
    press("2")
    at.drag((215, 86), (355, 175))
    at.count(2)
    boxes = at.boxes()
    press("v")
    press("Control+a")
    shoot(at.page, "smart-boxes")
    press("Shift+S")
    expect(at.page.get_by_text("2 boxes became outlines")).to_be_visible()
    found = shapes(at)
    assert [shape["type"] for shape in found] == ["polygon", "polygon"]
    assert near(bounds(found[0]), DISC)
    assert near(bounds(found[1]), LEAF)
    shoot(at.page, "smart-outlines")
    press("Control+z")
    assert at.boxes() == boxes
    press("Control+Shift+z")
    assert shapes(at) == found
    at.page.reload()
    at.count(2)
    assert shapes(at) == found


def test_clicks_find_an_outline_that_enter_takes(table: Callable[..., Desk], shoot: Shoot) -> None:
    at = table()
    press, bar = at.page.keyboard.press, at.page.get_by_role("toolbar", name="Smart outline")
    accept = bar.get_by_role("button", name="Accept")
    press("s")
    at.click(110, 110)
    expect(accept).to_be_enabled()
    at.page.keyboard.down("Alt")
    at.click(285, 130)
    at.page.keyboard.up("Alt")
    expect(bar.get_by_text("2 steps")).to_be_visible()
    shoot(at.page, "smart-clicks")
    press("Backspace")
    expect(bar.get_by_text("1 step")).to_be_visible()
    press("Enter")
    at.count(1)
    (disc,) = shapes(at)
    assert near(bounds(disc), DISC)

    # A box by dragging, as a mask; Escape gives up, and what comes late for it is not shown.
    bar.get_by_role("button", name="Outline as a polygon").click()
    at.drag((215, 86), (355, 175))
    press("Escape")
    expect(accept).to_have_count(0)
    at.drag((215, 86), (355, 175))
    expect(accept).to_be_enabled()
    shoot(at.page, "smart-box")
    press("Enter")
    at.count(2)
    mask = shapes(at)[1]
    assert (mask["type"], mask["width"], mask["height"]) == ("mask", WIDTH, HEIGHT)
    set_pixels = sum(mask["counts"][1::2])
    assert abs(set_pixels - 3.1416 * 65 * 40) < 500
    press("Control+z")
    at.count(1)
    press("Control+y")
    assert shapes(at) == [disc, mask]
    at.page.reload()
    at.count(2)
    assert shapes(at) == [disc, mask]


def test_a_finger_says_what_is_beside_by_a_switch(table: Callable[..., Desk], shoot: Shoot) -> None:
    at = table(width=390, height=844, touch=True, scheme="dark")
    at.page.get_by_role("button", name="Find outlines by clicks").tap()
    bar = at.page.get_by_role("toolbar", name="Smart outline")
    at.page.touchscreen.tap(*at.screen(110, 110))
    expect(bar.get_by_role("button", name="Accept")).to_be_enabled()
    bar.get_by_role("button", name="Clicks mark the object").tap()
    at.page.touchscreen.tap(*at.screen(285, 130))
    expect(bar.get_by_text("2 steps")).to_be_visible()
    expect(bar.get_by_role("button", name="Accept")).to_be_enabled()
    shoot(at.page, "smart-phone")
    bar.get_by_role("button", name="Accept").tap()
    expect(bar.get_by_role("button", name="Accept")).to_have_count(0)
    assert len(shapes(at)) == 1


def test_more_like_the_selected_box_is_proposed(table: Callable[..., Desk], shoot: Shoot) -> None:
    at = table(content=pattern())
    press = at.page.keyboard.press
    press("b")
    at.drag((38, 38), (82, 82))
    at.count(1)
    press("v")
    at.click(60, 60)
    press("Shift+L")
    expect(at.page.get_by_text("3 proposals to review")).to_be_visible()
    at.saved()
    made = at.stored()["annotations"]
    alike = [item for item in made if item["state"] == "proposal"]
    places = sorted(tuple(round(item["geometry"][key]) for key in ("x0", "y0", "x1", "y1")) for item in alike)
    wanted = sorted((x - 22, y - 22, x + 22, y + 22) for x, y in CROSSES[1:])
    assert all(near(found, place, 6) for found, place in zip(places, wanted, strict=True)), places
    assert {item["class_id"] for item in made} == {made[0]["class_id"]}
    assert all(item["score"] > 0.5 and item["source"] == "model" for item in alike)
    shoot(at.page, "smart-similar")
    press("Enter")
    press("x")
    at.saved()
    assert sorted(item["state"] for item in at.stored()["annotations"]) == ["accepted", "manual", "proposal"]
    for _ in range(3):
        press("Control+z")
    at.saved()
    assert [item["state"] for item in at.stored()["annotations"]] == ["manual"]
