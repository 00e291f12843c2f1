"""A picture that is too large for a browser as a whole: a small copy at once, then sharp tiles of what is in view."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from desk import Desk, fresh, picture
from live import LiveServer
from looking import settle

pytestmark = [pytest.mark.e2e]
SERVER = "of_all"
SIDE, MIDDLE, SQUARE = 9_000, 4_500, 16


def large(path: Path) -> Path:
    """A grey picture with a chessboard of small squares in its middle."""
    image = Image.new("L", (SIDE, SIDE), 128)
    draw = ImageDraw.Draw(image)
    for x in range(-10, 10):
        for y in range(-10, 10):
            left, top = MIDDLE + x * SQUARE, MIDDLE + y * SQUARE
            draw.rectangle((left, top, left + SQUARE - 1, top + SQUARE - 1), fill=255 * ((x + y) % 2))
    image.save(path, "JPEG", quality=92)
    return path


def middle(page: Page) -> tuple[float, float]:
    area = page.get_by_role("application").bounding_box()
    assert area is not None
    return area["x"] + area["width"] / 2, area["y"] + area["height"] / 2


def seen(page: Page, half: int = 40) -> NDArray[np.int64]:
    """What the page shows around the middle of the canvas, in grey."""
    x, y = middle(page)
    clip = {"x": round(x) - half, "y": round(y) - half, "width": 2 * half, "height": 2 * half}
    shot = page.screenshot(clip=clip)  # type: ignore[arg-type]
    return np.asarray(Image.open(io.BytesIO(shot)).convert("L")).astype(int)


def test_a_picture_of_81_megapixels_is_shown_from_tiles(
    server: LiveServer, open_page: Callable[..., Page], tmp_path: Path, shoot: Callable[[Page, str], None]
) -> None:
    http = server.http
    project = http.post("/projects", json={"name": fresh("Large")}).raise_for_status().json()["id"]
    http.post(f"/projects/{project}/classes", json={"names": ["square"]}).raise_for_status()
    ids = []
    for name, content in (("a.jpg", large(tmp_path / "a.jpg").read_bytes()), ("b.png", picture("#464"))):
        answer = http.post(f"/projects/{project}/images", params={"name": name}, content=content)
        ids.append(answer.raise_for_status().json()["image"]["id"])
    page = open_page(server)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.partition("/images/")[2].partition("/")[2]))
    page.goto(f"{server.address['url']}/projects/{project}/annotate/{ids[0]}")
    expect(page.get_by_text(f"{SIDE} × {SIDE} px")).to_be_visible()
    settle(page)
    shoot(page, "tiles-first")
    expect(page.get_by_text("This picture is very large")).to_have_count(0)
    at = Desk(page, server, ids[0], project)

    page.keyboard.press("0")
    until = time.monotonic() + 60
    while seen(page).std() < 110:
        assert time.monotonic() < until, "the picture never became sharp"
        page.wait_for_timeout(200)
    shoot(page, "tiles-sharp")
    assert not any(url == "view" or url.startswith("file") for url in asked)
    assert 0 < sum(url.startswith("tiles/") for url in asked) < 150

    # Places are those of the picture itself, and colours too.
    x, y = middle(page)
    page.keyboard.press("b")
    page.mouse.move(x - 50, y - 50)
    page.mouse.down()
    page.mouse.move(x + 30, y + 20, steps=4)
    page.mouse.up()
    at.count(1)
    (box,) = at.boxes()
    assert np.abs(np.subtract(box, [MIDDLE - 50, MIDDLE - 50, MIDDLE + 30, MIDDLE + 20])).max() <= 1
    page.keyboard.press("Alt+w")
    page.mouse.click(x + 1.5 * SQUARE, y + 0.5 * SQUARE)
    at.count(2)
    at.saved()
    mask = at.stored()["annotations"][1]["geometry"]
    assert abs(sum(mask["counts"][1::2]) - SQUARE**2) <= 40
    assert (mask["width"], mask["height"]) == (SIDE, SIDE)
    page.reload()
    at.count(2)
    assert at.stored()["annotations"][1]["geometry"] == mask
    page.keyboard.press("d")
    expect(page.get_by_text("400 × 300 px")).to_be_visible()
