"""Tools that look at the picture's colours, under a real mouse and keyboard: what was shown is stored to the pixel."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from boxwright.domain import raster, rle
from boxwright.domain.geometry import Polygon
from desk import HEIGHT, WIDTH, Desk, desk_on, fresh
from live import LiveServer
from looking import settle

pytestmark = [pytest.mark.e2e]
SERVER = "of_all"
Shoot = Callable[[Page, str], None]
PLATE, STRIPE = (60, 60, 180, 160), (220, 60, 340, 120)


def picture() -> bytes:
    """A red plate with a lighter window, and a stripe of nearly the same red, on green."""
    image = Image.new("RGB", (WIDTH, HEIGHT), "#4a6b46")
    draw = ImageDraw.Draw(image)
    draw.rectangle((PLATE[0], PLATE[1], PLATE[2] - 1, PLATE[3] - 1), fill="#b3423a")
    draw.rectangle((100, 90, 139, 119), fill="#c8c8c8")
    draw.rectangle((STRIPE[0], STRIPE[1], STRIPE[2] - 1, STRIPE[3] - 1), fill="#b34a42")
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def table(server: LiveServer, open_page: Callable[..., Page]) -> Callable[..., Desk]:
    """Open the picture of plate and stripe in the editor."""
    http = server.http

    def open_(**options: Any) -> Desk:
        project = http.post("/projects", json={"name": fresh("Edges")}).raise_for_status().json()["id"]
        http.post(f"/projects/{project}/classes", json={"names": ["plate"]}).raise_for_status()
        ids = []
        for name in ("a.png", "b.png", "c.png"):
            answer = http.post(f"/projects/{project}/images", params={"name": name}, content=picture())
            ids.append(answer.raise_for_status().json()["image"]["id"])
        page = open_page(server, **options)
        return desk_on(page, server, project, ids[0])

    return open_


def stored(at: Desk) -> list[NDArray[np.bool_]]:
    """The pixels of every shape that the server has."""
    at.saved()
    shapes = [item["geometry"] for item in at.stored()["annotations"]]
    return [
        rle.decode(tuple(shape["counts"]), shape["width"], shape["height"])
        if shape["type"] == "mask"
        else raster.fill(Polygon(rings=tuple(tuple(map(tuple, ring)) for ring in shape["rings"])), WIDTH, HEIGHT)
        for shape in shapes
    ]


def area(*boxes: tuple[int, int, int, int], hole: bool = False) -> NDArray[np.bool_]:
    pixels = np.zeros((HEIGHT, WIDTH), bool)
    for x0, y0, x1, y1 in boxes:
        pixels[y0:y1, x0:x1] = True
    if hole:
        pixels[90:120, 100:140] = False
    return pixels


def same(at: Desk, *wanted: NDArray[np.bool_]) -> None:
    """Compare with what is stored, once the answer of the worker is there and saved."""
    until = time.monotonic() + 10
    found = stored(at)
    while time.monotonic() < until and not equal(found, wanted):
        at.page.wait_for_timeout(50)
        found = stored(at)
    assert equal(found, wanted)


def equal(found: Sequence[NDArray[np.bool_]], wanted: Sequence[NDArray[np.bool_]]) -> bool:
    return len(found) == len(wanted) and all(map(np.array_equal, found, wanted))


def test_the_wand_takes_areas_of_one_colour(table: Callable[..., Desk], shoot: Shoot) -> None:
    at = table()
    press, keyboard = at.page.keyboard.press, at.page.keyboard
    press("Alt+w")
    expect(at.page.get_by_role("button", name="More tools: Magic wand")).to_be_visible()
    at.click(70, 70)
    at.count(1)
    plate = area(PLATE, hole=True)
    same(at, plate)
    keyboard.down("Shift")
    at.click(230, 70)
    keyboard.up("Shift")
    shoot(at.page, "wand-added")
    same(at, area(PLATE, STRIPE, hole=True))
    keyboard.down("Alt")
    at.click(70, 70)
    keyboard.up("Alt")
    same(at, area(STRIPE))
    for _ in range(2):
        press("Control+z")
    same(at, plate)
    press("Control+y")
    same(at, area(PLATE, STRIPE, hole=True))
    press("Enter")

    # More colours by dragging, as a polygon: the ground, then all of it.
    bar = at.page.get_by_role("toolbar", name="Options of the tool")
    bar.get_by_role("button", name="Areas become masks").click()
    at.page.mouse.move(*at.screen(20, 20))
    at.page.mouse.down()
    x, y = at.screen(20, 20)
    at.page.mouse.move(x + 450, y, steps=3)
    shoot(at.page, "wand-dragging")
    at.page.mouse.up()
    at.count(2)
    same(at, area(PLATE, STRIPE, hole=True), np.ones((HEIGHT, WIDTH), bool))
    kinds = [item["geometry"]["type"] for item in at.stored()["annotations"]]
    assert kinds == ["mask", "polygon"]
    for _ in range(20):
        press("[")
    same(at, area(PLATE, STRIPE, hole=True), ~area(PLATE, STRIPE))
    at.reload(2)
    same(at, area(PLATE, STRIPE, hole=True), ~area(PLATE, STRIPE))


def test_a_finger_chooses_what_the_wand_does_by_buttons(table: Callable[..., Desk], shoot: Shoot) -> None:
    at = table(width=390, height=844, touch=True, scheme="dark")
    at.page.get_by_role("button", name="More tools").tap()
    at.page.get_by_role("menuitem", name="magic wand").tap()
    at.page.touchscreen.tap(*at.screen(70, 70))
    bar = at.page.get_by_role("toolbar", name="Options of the tool")
    bar.get_by_role("button", name="Clicks add to the selected shape").tap()
    at.page.touchscreen.tap(*at.screen(230, 70))
    shoot(at.page, "wand-phone")
    same(at, area(PLATE, STRIPE, hole=True))


def test_scissors_follow_edges_from_click_to_click(table: Callable[..., Desk], shoot: Shoot) -> None:
    at = table()
    press = at.page.keyboard.press
    press("Alt+s")
    at.click(60, 60)
    at.click(180, 62)  # a little off the corner
    at.page.mouse.move(*at.screen(60, 159))
    shoot(at.page, "scissors")
    at.click(300, 250)
    expect(at.page.get_by_text("3 clicks")).to_be_visible()
    press("Backspace")
    at.click(120, 160)
    press("Enter")
    at.count(1)
    plate = area(PLATE)
    (found,) = stored(at)
    assert np.count_nonzero(found != plate) < 30, "corners are cut by a pixel, edges are exact"
    ring = at.stored()["annotations"][0]["geometry"]["rings"]
    assert [len(points) < 20 for points in ring] == [True]
    press("Control+z")
    at.count(0)
    press("Control+y")
    at.reload(1)
    same(at, found)
    press("Alt+s")
    at.click(220, 60)
    at.page.keyboard.press("Escape")
    expect(at.page.get_by_text("1 click")).to_have_count(0)
    assert at.stored()["annotations"][0]["geometry"]["rings"] == ring


GAPS = """() => {
  window.gaps = [];
  let last = performance.now();
  const beat = new MessageChannel();
  beat.port1.onmessage = () => {
    const now = performance.now();
    window.gaps.push(now - last);
    last = now;
    beat.port2.postMessage(null);
  };
  beat.port2.postMessage(null);
}"""


def test_the_page_goes_on_while_a_large_picture_is_looked_at(
    server: LiveServer, open_page: Callable[..., Page], shoot: Shoot
) -> None:
    """What is clicked while the worker looks is done in turn; Escape gives it all up."""
    out = io.BytesIO()
    image = Image.new("RGB", (5616, 3744), "#4a6b46")
    ImageDraw.Draw(image).rectangle((2000, 1000, 3999, 1999), fill="#b3423a")
    image.save(out, "PNG", compress_level=1)
    http = server.http
    project = http.post("/projects", json={"name": fresh("Large")}).raise_for_status().json()["id"]
    http.post(f"/projects/{project}/classes", json={"names": ["plate"]}).raise_for_status()
    answer = http.post(f"/projects/{project}/images", params={"name": "a.png"}, content=out.getvalue())
    page = open_page(server)
    image_id = answer.raise_for_status().json()["image"]["id"]
    page.goto(f"{server.address['url']}/projects/{project}/annotate/{image_id}")
    expect(page.get_by_text("5616 × 3744 px")).to_be_visible()
    settle(page)
    canvas = page.get_by_role("application").bounding_box()
    assert canvas is not None
    x, y = canvas["x"] + canvas["width"] / 2, canvas["y"] + canvas["height"] / 2
    top = y - 2200 * (canvas["width"] - 32) / 5616 / 2
    heading = page.get_by_role("region", name="Objects").get_by_role("heading")
    looking = page.get_by_text("Looking at the colours")
    page.keyboard.press("Alt+w")
    page.evaluate(GAPS)
    page.mouse.click(x, top)
    page.keyboard.press("Enter")
    page.mouse.click(x, y)
    expect(looking).to_be_visible()
    shoot(page, "wand-large")
    expect(heading).to_have_text(re.compile(r"Objects\s*2$"))
    expect(looking).to_have_count(0)
    # On two busy cores; it was the whole search before, 1,500 ms.
    assert max(page.evaluate("window.gaps")) < 700
    page.mouse.click(x, top)
    expect(looking).to_be_visible()
    page.keyboard.press("Escape")
    expect(looking).to_have_count(0)
    page.wait_for_timeout(300)
    expect(page.locator("[data-save-state=saved]")).to_be_visible()
    shapes = [item["geometry"] for item in http.get(f"/images/{image_id}/annotations").json()["annotations"]]
    assert sorted(sum(shape["counts"][1::2]) for shape in shapes) == [2_000_000, 5616 * 3744 - 2_000_000]
    # What was clicked is done also with another tool in the hand; another tool for colours says that it is not.
    page.mouse.click(x, top)
    page.keyboard.press("b")
    expect(heading).to_have_text(re.compile(r"Objects\s*3$"))
    page.keyboard.press("Alt+w")
    page.mouse.click(x, top)
    page.keyboard.press("Alt+s")
    expect(page.get_by_text("had no answer yet and is given up")).to_be_visible()
    expect(heading).to_have_text(re.compile(r"Objects\s*3$"))
