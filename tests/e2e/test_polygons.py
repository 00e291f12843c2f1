"""Polygons under a real mouse, finger and keyboard: what is drawn is stored, comes back and goes out in exports."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from desk import HEIGHT, WIDTH, Desk

SERVER = "of_all"
pytestmark = [pytest.mark.e2e]
Shoot = Callable[[Page, str], None]
Ring = list[list[int]]

KITE: Ring = [[100, 60], [200, 100], [180, 220], [90, 200]]


def export(at: Desk, form: str) -> zipfile.ZipFile:
    """What a person takes away, as an archive."""
    request = {"kind": "export", "project_id": at.project, "format": form}
    job = at.server.http.post("/jobs", json=request).raise_for_status().json()
    done = at.server.wait_for_job(job["id"])
    assert done["state"] == "succeeded", done
    answer = at.server.http.get(f"/jobs/{job['id']}/files/{done['result']['files']['export']}")  # type: ignore[index]
    return zipfile.ZipFile(io.BytesIO(answer.raise_for_status().content))


def coco_ring(at: Desk) -> Ring:
    with export(at, "coco") as archive:
        name = next(name for name in archive.namelist() if "instances" in name)
        (annotation,) = json.loads(archive.read(name))["annotations"]
    (flat,) = annotation["segmentation"]
    return [[round(x), round(y)] for x, y in zip(flat[::2], flat[1::2], strict=True)]


def yolo_ring(at: Desk) -> Ring:
    with export(at, "yolo") as archive:
        text = archive.read(next(name for name in archive.namelist() if name.endswith("a.txt"))).decode()
    shares = [float(word) for word in text.split()[1:]]
    return [[round(x * WIDTH), round(y * HEIGHT)] for x, y in zip(shares[::2], shares[1::2], strict=True)]


def test_a_polygon_is_drawn_reshaped_stored_and_exported(desk: Callable[..., Desk], shoot: Shoot) -> None:
    at = desk()
    press = at.page.keyboard.press
    press("p")
    for x, y in KITE:
        at.click(x, y)
    at.page.mouse.move(*at.screen(150, 60))
    shoot(at.page, "polygon-drawing")
    at.click(*KITE[0])
    at.count(1)
    assert at.rings() == [[KITE]]

    press("v")
    at.click(150, 150)
    at.drag((200, 100), (260, 90))  # a corner
    at.drag((95, 130), (40, 130))  # the middle of the edge from the last corner to the first
    assert at.rings() == [[[[100, 60], [260, 90], [180, 220], [90, 200], [40, 130]]]]
    shoot(at.page, "polygon-selected")
    press("ArrowLeft")  # moves the new corner, which is the chosen one
    at.page.keyboard.down("Alt")
    at.click(90, 200)
    at.page.keyboard.up("Alt")
    assert at.rings() == [[[[100, 60], [260, 90], [180, 220], [39, 130]]]]
    at.drag((150, 130), (160, 140))  # the whole
    moved: Ring = [[110, 70], [270, 100], [190, 230], [49, 140]]
    assert at.rings() == [[moved]]

    for _ in range(6):
        press("Control+z")
    at.count(0)
    for _ in range(6):
        press("Control+y")
    assert at.rings() == [[moved]]
    before = at.stored()
    at.page.reload()
    at.count(1)
    expect(at.objects.get_by_text("Polygon")).to_be_visible()
    assert at.stored() == before
    assert coco_ring(at) == moved
    assert yolo_ring(at) == moved


def test_keys_end_take_back_and_give_up_a_polygon(desk: Callable[..., Desk]) -> None:
    at = desk()
    press = at.page.keyboard.press
    press("p")
    for x, y in KITE:
        at.click(x, y)
    drawing = at.page.get_by_role("group", name="Polygon")
    expect(drawing.get_by_text("4 corners")).to_be_visible()
    press("Backspace")
    press("Control+z")
    press("Control+y")
    expect(drawing.get_by_text("3 corners")).to_be_visible()
    press("Enter")
    at.count(1)
    at.click(300, 50)
    at.click(350, 50)
    press("Escape")
    expect(drawing).to_have_count(0)
    press("Control+z")
    press("Control+y")
    at.click(300, 50)
    at.click(350, 50)
    at.page.mouse.dblclick(*at.screen(350, 120))  # the last corner, and the end
    at.count(2)
    press("v")
    at.click(120, 100)
    for key in ("]", "ArrowRight", "Insert", "Delete", "Delete", "Delete"):
        press(key)
    at.count(2)  # three corners stay; the object is not deleted from under the corner
    assert at.rings()[0] == [[[101, 60], [200, 100], [180, 220]]]
    press("Escape")
    press("Delete")
    at.count(1)
    assert at.rings() == [[[[300, 50], [350, 50], [350, 120]]]]


def test_fingers_draw_and_reshape_a_polygon(desk: Callable[..., Desk], shoot: Shoot) -> None:
    at = desk(width=390, height=844, touch=True)
    tools = at.page.get_by_role("toolbar", name="Tools")
    tools.get_by_role("button", name="Draw polygons").tap()
    for x, y in KITE:
        at.page.touchscreen.tap(*at.screen(x, y))
    shoot(at.page, "polygon-phone-drawing")
    at.page.get_by_role("button", name="Finish", exact=True).tap()
    assert at.rings() == [[KITE]]
    tools.get_by_role("button", name="Select, move, resize").tap()
    at.page.touchscreen.tap(*at.screen(140, 150))
    at.page.touchscreen.tap(*at.screen(180, 220))
    shoot(at.page, "polygon-phone-selected")
    tools.get_by_role("button", name="Delete a corner").tap()
    assert at.rings() == [[[KITE[0], KITE[1], KITE[3]]]]


def test_what_is_half_drawn_waits_for_its_tool(desk: Callable[..., Desk], shoot: Shoot) -> None:
    at = desk()
    page, press = at.page, at.page.keyboard.press
    waits = page.get_by_role("group", name="Half drawn")
    drawing = page.get_by_role("group", name="Polygon")
    press("p")
    for x, y in KITE[:2]:
        at.click(x, y)
    press("b")
    expect(waits.get_by_text("Half drawn: a polygon (2 points)")).to_be_visible()
    expect(page.locator("svg [data-waits]")).to_have_count(1)
    at.drag((300, 200), (360, 260))
    at.count(1)
    press("Shift+b")  # four outermost points: a draft of its own
    for x, y in ((50, 90), (30, 50), (90, 60)):
        at.click(x, y)
    press("v")
    expect(waits.get_by_text("Half drawn: a box (3 points)")).to_be_visible()
    shoot(page, "half-drawn")
    waits.get_by_role("button", name="Go on").click()
    at.click(60, 20)
    at.count(2)
    expect(waits.get_by_text("a polygon (2 points)")).to_be_visible()

    # Another picture, another page: it is told, and there is no more to do than to come back.
    press("PageDown")
    expect(page.get_by_text("Half drawn, and kept until you come back: a polygon.")).to_be_visible()
    expect(waits).to_have_count(0)
    expect(page.get_by_text("2 of 3")).to_be_visible()
    press("PageUp")
    expect(waits).to_be_visible()
    page.get_by_role("button", name="Back to images").click()
    page.get_by_role("gridcell", name="a.png").click()
    expect(waits.get_by_text("a polygon (2 points)")).to_be_visible()
    press("p")
    expect(drawing.get_by_text("2 corners")).to_be_visible()
    press("Shift+R")  # an older state is looked at meanwhile
    page.get_by_role("region", name="History").get_by_role("listitem").nth(1).get_by_role("button").first.click()
    expect(drawing).to_have_count(0)
    press("Escape")
    expect(drawing.get_by_text("2 corners")).to_be_visible()
    press("Shift+R")
    for x, y in KITE[2:]:
        at.click(x, y)
    press("Enter")
    at.count(3)
    assert at.rings() == [[KITE]]
    boxes = [one["geometry"] for one in at.stored()["annotations"] if one["geometry"]["type"] == "box"]
    assert [round(one["x0"]) for one in boxes] == [300, 30]
    press("Control+z")
    at.count(2)
    press("Control+Shift+z")
    at.count(3)

    press("p")
    at.click(300, 50)
    at.click(350, 50)
    press("v")
    waits.get_by_role("button", name="Give up").click()
    press("p")
    expect(drawing).to_have_count(0)
    expect(waits).to_have_count(0)
    before = at.stored()
    page.reload()
    at.count(3)
    assert at.stored() == before
    page.set_viewport_size({"width": 390, "height": 844})
    press("p")
    at.click(300, 50)
    at.click(350, 50)
    press("Alt+w")
    shoot(page, "half-drawn-phone")
    waits.get_by_role("button", name="Give up").click()
