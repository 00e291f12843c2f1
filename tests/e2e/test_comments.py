"""Comments are pinned by key and by button, arrive at others live, stay on their spot at any zoom, and are resolved."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from desk import Desk, desk_on, new_project
from live import LiveServer
from looking import settle

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
SERVER = "of_all"
Shoot = Callable[[Page, str], None]


def pinned(desk: Desk, number: int, x: float, y: float) -> None:
    """The tip of the pin, its lower left corner, is on this spot of the picture."""
    pin = desk.page.get_by_role("button", name=re.compile(f"^Comment {number} of"))
    expect(pin).to_be_visible()
    area = pin.bounding_box()
    assert area is not None
    left, top = desk.screen(x, y)
    assert abs(area["x"] - left) < 1.5, (area, left)
    assert abs(area["y"] + area["height"] - top) < 1.5, (area, top)


def test_people_talk_on_a_spot(server: LiveServer, open_page: Callable[..., Page], shoot: Shoot) -> None:
    project, images = new_project(server, "cat")
    pages = [open_page(server), open_page(server)]
    ann, ben = (desk_on(page, server, project, images[0]) for page in pages)
    said = ann.page.get_by_role("region", name="Comments")
    expect(said).to_have_count(0)  # nothing was said, and nobody else takes part

    ann.page.mouse.move(*ann.screen(100, 50))
    ann.page.keyboard.press("Shift+C")
    ann.page.get_by_role("dialog", name="Comment on this spot").get_by_label("Comment").fill("one object or two?")
    shoot(ann.page, "comment-write")
    ann.page.keyboard.press("Enter")
    pinned(ann, 1, 100, 50)
    pinned(ben, 1, 100, 50)
    stored = server.http.get(f"/images/{images[0]}/comments").raise_for_status().json()
    assert [(round(one["x"]), round(one["y"]), one["text"]) for one in stored] == [(100, 50, "one object or two?")]

    ben.page.get_by_role("button", name="Comment on the spot under the pointer").click()
    ben.click(300, 200)
    ben.page.get_by_role("dialog", name="Comment on this spot").get_by_label("Comment").fill("a shadow")
    ben.page.get_by_role("dialog").get_by_role("button", name="Comment", exact=True).click()
    pinned(ben, 2, 300, 200)
    pinned(ann, 2, 300, 200)

    # On an object: the pin follows it.
    ann.page.keyboard.press("b")
    ann.drag((20, 120), (80, 180))
    ann.page.keyboard.press("v")
    ann.click(21, 150)
    ann.page.keyboard.press("Shift+C")
    ann.page.get_by_role("dialog", name="Comment on this object").get_by_label("Comment").fill("a cat?")
    ann.page.keyboard.press("Enter")
    pinned(ann, 3, 80, 120)
    for _ in range(3):
        ann.page.keyboard.press("Shift+ArrowRight")
    pinned(ann, 3, 110, 120)
    ann.saved()
    pinned(ben, 3, 110, 120)

    # At another zoom the pin is still on its spot, and comes back with the view.
    ann.page.mouse.move(*ann.screen(100, 50))
    before = ann.page.get_by_role("button", name=re.compile("^Comment 2 of")).bounding_box()
    ann.page.mouse.wheel(0, -300)
    expect(ann.page.get_by_text("a shadow")).to_be_visible()
    settle(ann.page)
    pinned(ann, 1, 100, 50)  # the wheel keeps the point under the pointer
    second = ann.page.get_by_role("button", name=re.compile("^Comment 2 of"))
    assert second.bounding_box() != before, "the wheel works on a pin, too"
    ann.page.keyboard.press("f")
    pinned(ann, 2, 300, 200)

    said.get_by_role("button", name="Resolve comment 1").click()
    expect(ben.page.get_by_role("button", name=re.compile("^Comment 1 of"))).to_have_count(0)
    ben.page.get_by_role("button", name="Show resolved (1)").click()
    shoot(ben.page, "comment-resolved")
    ben.page.get_by_role("button", name="Reopen comment 1").click()
    pinned(ann, 1, 100, 50)
    said.get_by_role("button", name="Delete comment 2").click()
    expect(said.get_by_role("listitem")).to_have_count(2)
    ann.page.get_by_role("button", name="Undo", exact=True).last.click()
    expect(said.get_by_role("listitem")).to_have_count(3)
    ann.page.reload()
    settle(ann.page)
    pinned(ann, 1, 100, 50)
    ann.page.get_by_role("button", name=re.compile("^Comment 1 of")).click()
    expect(said.get_by_role("button", name="Show comment 1 on the picture")).to_have_attribute("aria-pressed", "true")
    shoot(ann.page, "comment-pins")

    ann.page.set_viewport_size({"width": 390, "height": 844})
    settle(ann.page)
    shoot(ann.page, "comment-phone")
