"""The map of images: looked at by a real job, selected on, asked for similar images, by mouse and by keys."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from live import LiveServer
from looking import axe, sideways, small_targets
from showroom import furnish

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LiveServer, str, str]]:
    data = tmp_path_factory.mktemp("map") / "data"
    ids = furnish(data)
    server = LiveServer(data).start()
    yield server, ids["project"], ids["image"]
    server.stop()


def splits(server: LiveServer, project: str) -> dict[str, str]:
    items = server.http.get(f"/projects/{project}/images", params={"limit": 500}).json()["items"]
    return {one["id"]: one["split"] for one in items}


def until(check: Callable[[], bool]) -> None:
    """Wait for what a button has set off: the page does not wait for the server."""
    end = time.monotonic() + 60
    while not check():
        assert time.monotonic() < end, "the server never came to that"
        time.sleep(0.1)


def places(server: LiveServer, project: str, stage: Locator) -> dict[str, tuple[float, float]]:
    """Where each image is on the screen while all of the map is shown."""
    points = server.http.get(f"/projects/{project}/map/points").json()
    box = stage.bounding_box()
    assert box is not None
    scale = (min(box["width"], box["height"]) - 48) / 2
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    return {
        key: (middle[0] + x * scale, middle[1] + y * scale)
        for key, x, y in zip(points["ids"], points["x"], points["y"], strict=True)
    }


def test_images_are_looked_at_selected_and_compared(
    furnished: tuple[LiveServer, str, str],
    open_page: Callable[..., Page],
    shoot: Callable[[Page, str], None],
    tmp_path: Path,
) -> None:
    server, project, image = furnished
    before = splits(server, project)
    page = open_page(server)
    page.goto(f"{server.address['url']}/projects/{project}/dataset")
    page.get_by_role("tab", name="Map").click()
    again = page.get_by_role("button", name="Look again")
    expect(again).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(again).to_be_hidden()
    expect(again).to_be_visible()
    expect(page.get_by_text(f"wren-n with starter weights has looked at {len(before)} images")).to_be_visible()
    stage = page.get_by_role("application", name=re.compile("^Map of"))
    expect(page.get_by_text("Nothing selected")).to_be_visible()
    assert axe(page) == []
    page.reload()  # what is drawn now is what the job has made
    expect(page.get_by_text("Nothing selected")).to_be_visible()
    at = places(server, project, stage)
    assert set(at) == set(before)

    # A click lists what is similar; the address holds it.
    page.mouse.move(*at[image])
    page.mouse.click(*at[image])
    listed = page.get_by_role("region", name="Similar images")
    expect(listed.get_by_role("gridcell").first).to_have_attribute("aria-label", re.compile("Similarity"))
    expect(listed.get_by_role("gridcell")).to_have_count(len(before) - 1)
    assert "similar=" in page.url
    page.reload()
    expect(listed.get_by_role("gridcell")).to_have_count(len(before) - 1)
    wanted = server.http.get(f"/images/{image}/similar-images").json()
    expect(listed.get_by_role("gridcell").first).to_have_attribute(
        "aria-label", re.compile(re.escape(wanted[0]["image"]["name"]))
    )
    shoot(page, "map-similar")

    # Everything is drawn around, and moved to another split; that is one step to take back.
    box = stage.bounding_box()
    assert box is not None
    left, top, right, bottom = box["x"] + 4, box["y"] + 4, box["x"] + box["width"] - 60, box["y"] + box["height"] - 4
    page.mouse.move(left, top)
    page.mouse.down()
    for corner in ((right, top), (right, bottom), (left, bottom)):
        page.mouse.move(*corner, steps=4)
    page.mouse.up()
    expect(page.get_by_role("heading", name=f"{len(before)} images selected on the map")).to_be_visible()
    expect(listed.get_by_role("gridcell")).to_have_count(len(before))
    listed.get_by_role("gridcell").first.focus()
    page.keyboard.press("Control+a")
    shoot(page, "map-selected")
    listed.get_by_role("button", name="Move to", exact=True).click()
    page.get_by_role("menuitem", name="Test").click()
    expect(page.get_by_text(re.compile("moved to Test"))).to_be_visible()
    assert set(splits(server, project).values()) == {"test"}
    page.get_by_role("alert").get_by_role("button", name="Undo").click()
    until(lambda: splits(server, project) == before)

    # By keys alone: a group, the zoom, letting go.
    page.get_by_role("radiogroup", name="Colours").get_by_text("Split").click()
    train = page.get_by_role("button", name=re.compile("^Train"))
    train.focus()
    page.keyboard.press("Enter")
    number = list(before.values()).count("train")
    expect(page.get_by_role("heading", name=f"{number} images selected on the map")).to_be_visible()
    stage.focus()
    for key in ("+", "ArrowLeft", "ArrowDown", "-", "0"):
        page.keyboard.press(key)
    page.keyboard.press("Escape")
    expect(page.get_by_text("Nothing selected")).to_be_visible()

    # A picture from elsewhere; then from the library and from the editor.
    picture = tmp_path / "elsewhere.jpg"
    picture.write_bytes(server.http.get(f"/images/{image}/file").content)
    page.locator("input[type=file]").set_input_files(picture)
    expect(listed.get_by_role("heading", name="elsewhere.jpg")).to_be_visible()
    expect(listed.get_by_role("gridcell").first).to_have_attribute("aria-label", re.compile(r"Similarity 1\.00"))
    page.goto(f"{server.address['url']}/projects/{project}/images")
    page.get_by_role("gridcell").first.focus()
    page.keyboard.press("s")
    expect(listed.get_by_role("gridcell")).to_have_count(len(before) - 1)
    page.goto(f"{server.address['url']}/projects/{project}/annotate/{image}")
    page.get_by_role("button", name="Images that look like this one").wait_for()
    page.keyboard.press("Alt+i")
    expect(listed.get_by_role("gridcell")).to_have_count(len(before) - 1)
    assert image in page.url


def test_the_map_fits_a_phone(
    furnished: tuple[LiveServer, str, str], open_page: Callable[..., Page], shoot: Callable[[Page, str], None]
) -> None:
    server, project, _ = furnished
    page = open_page(server, width=390, height=844, scheme="dark", touch=True)
    page.goto(f"{server.address['url']}/projects/{project}/dataset?view=map")
    stage = page.get_by_role("application", name=re.compile("^Map of"))
    stage.scroll_into_view_if_needed()
    page.touchscreen.tap(*next(iter(places(server, project, stage).values())))
    expect(page.get_by_role("region", name="Similar images").get_by_role("gridcell").first).to_be_visible()
    shoot(page, "map-phone")
    assert sideways(page) == []
    assert small_targets(page) == []
    assert axe(page) == []

    # Sent here from an image of the library: the list is what one sees, though it lies below the map.
    page.goto(page.url + "&colour=split")
    page.reload()
    expect(page.get_by_role("region", name="Similar images").get_by_role("gridcell").first).to_be_in_viewport()
