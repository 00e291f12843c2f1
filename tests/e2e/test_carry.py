"""Objects that go from one image to others: copied, taken over, put into the next, kept; each undone and stored."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from desk import Desk

pytestmark = [pytest.mark.e2e]
SERVER = "of_all"
Shoot = Callable[[Page, str], None]


def boxes_of(at: Desk, image: str) -> list[list[float]]:
    """What the server has of an image, in whole pixels; waits until nothing is under way."""
    at.saved()
    items = at.server.http.get(f"/images/{image}/annotations").raise_for_status().json()["annotations"]
    return sorted([round(item["geometry"][key]) for key in ("x0", "y0", "x1", "y1")] for item in items)


def test_objects_go_to_other_images(desk: Callable[..., Desk], shoot: Shoot) -> None:
    at = desk()
    page, press = at.page, at.page.keyboard.press
    images = [item["id"] for item in at.server.http.get(f"/projects/{at.project}/images?order=name").json()["items"]]
    two = [[50, 50, 150, 120], [200, 60, 300, 160]]

    def go(key: str, place: str) -> None:
        press(key)
        expect(page.get_by_text(place)).to_be_visible()

    press("b")
    at.drag((50, 50), (150, 120))
    at.drag((200, 60), (300, 160))
    press("v")
    press("Control+a")
    press("Control+c")
    expect(page.get_by_text("2 objects copied")).to_be_visible()

    # Pasted at the same place of another image as one step; beside it in the same image.
    go("d", "2 of 3")
    press("Control+v")
    at.count(2)
    assert boxes_of(at, images[1]) == two
    press("Control+z")
    at.count(0)
    press("Control+y")
    at.count(2)
    press("Control+v")
    at.count(4)
    assert boxes_of(at, images[1])[1] == [60, 60, 160, 130]
    press("Control+x")
    at.count(2)
    press("Control+a")
    press("Delete")
    at.count(0)

    # Taken over from the image before; a second time adds nothing.
    press("Shift+v")
    at.count(2)
    assert boxes_of(at, images[1]) == two
    press("Shift+v")
    expect(page.get_by_text("no objects that are not here already")).to_be_visible()
    press("Control+z")
    at.count(0)
    at.saved()

    # Put into the next images, saved there without a visit, undone there or by the offer.
    go("a", "1 of 3")
    press("v")
    at.click(100, 100)
    press("Control+b")
    dialog = page.get_by_role("dialog", name="Put objects into the next images")
    dialog.get_by_label("Images").fill("7")
    shoot(page, "editor-propagate")
    press("Enter")
    expect(page.get_by_text("1 object put into the next 2 images")).to_be_visible()
    go("d", "2 of 3")
    at.count(1)
    press("Control+z")
    at.count(0)
    go("d", "3 of 3")
    at.count(1)
    assert boxes_of(at, images[2]) == [[50, 50, 150, 120]]
    page.get_by_role("button", name="Undo", exact=True).last.click()
    at.count(0)
    assert boxes_of(at, images[1]) == boxes_of(at, images[2]) == []

    # Kept: an image without objects begins with those of the one before. The menu names all of it.
    go("a", "2 of 3")
    go("a", "1 of 3")
    page.get_by_role("button", name="More for objects").click()
    shoot(page, "editor-object-menu")
    page.get_by_role("menuitem", name="Begin images with").click()
    expect(page.get_by_text("now begins with those of the image before")).to_be_visible()
    go("d", "2 of 3")
    at.count(2)
    assert boxes_of(at, images[1]) == two
    press("Control+z")
    at.count(0)
    page.reload()
    at.count(0)
